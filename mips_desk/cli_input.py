"""What commands are given and how they answer: the passphrase, dates, JSON, progress."""

import json
import os
import sys
from datetime import date
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from mips_desk.errors import BadInputError
from mips_desk.services.session import Session, open_practice

PassphraseFile = Annotated[Path | None, typer.Option(help="Read the passphrase from the first line of this file.")]
PassphraseFd = Annotated[int | None, typer.Option(help="Read the passphrase from this file descriptor.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Year = Annotated[int, typer.Option(help="Performance year.")]

#: The key file given before the command, for people whose passphrase opens only together with one.
_key_file: list[Path] = []

#: Longest passphrase in characters.
PASSPHRASE_LIMIT = 10_000


def passphrase_from(file: Path | None, descriptor: int | None, prompt: str = "Passphrase: ") -> str:
    """Return the passphrase from a file, a descriptor, or the person at the terminal; never from an argument.

    Raises:
        BadInputError: the file or descriptor cannot be read, or there is nobody to ask.
    """
    try:
        if file is not None:
            with file.open(encoding="utf-8-sig") as stream:  # Windows puts a mark in front of UTF-8
                return stream.readline(PASSPHRASE_LIMIT).rstrip("\r\n")
        if descriptor is not None:
            with os.fdopen(descriptor, encoding="utf-8-sig") as stream:
                return stream.readline(PASSPHRASE_LIMIT).rstrip("\r\n")
    except (OSError, ValueError, OverflowError, TypeError) as error:  # the last two: no descriptor is that large
        raise BadInputError("The passphrase cannot be read from there.") from error
    if not sys.stdin.isatty():
        raise BadInputError("Give the passphrase with --passphrase-file FILE or --passphrase-fd N.")
    return getpass(prompt)


def use_key_file(path: Path | None) -> None:
    """Take in the key file that every opening of this run goes with; None for none."""
    _key_file[:] = [path] if path is not None else []


def key_file() -> Path | None:
    """Return the key file of this run, or None."""
    return _key_file[0] if _key_file else None


def open_vault(vault: Path, file: Path | None, descriptor: int | None, *, read_only: bool = False) -> Session:
    """Open a vault for a command; close the session afterwards."""
    return open_practice(vault, passphrase_from(file, descriptor), key_file=key_file(), read_only=read_only)


def day_from(text: str | None) -> date | None:
    """Return a date that was typed, or None when none was.

    Raises:
        BadInputError: it is no date.
    """
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # week dates and dates without hyphens are likelier to be mistakes
        raise BadInputError(f"“{text}” is not a date; write it as 2026-03-31.")
    return day


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


class Progress:
    """A line of progress on a terminal, nothing in a pipe."""

    def __init__(self, what: str) -> None:
        """Make it.

        Args:
            what: stands before the numbers.
        """
        self._what = what
        self._shown = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        """Show how far it is."""
        if self._shown:
            end = "\n" if done >= total else ""
            print(f"\r{self._what} {done} of {total}", end=end, file=sys.stderr, flush=True)
