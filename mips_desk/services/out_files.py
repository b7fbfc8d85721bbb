"""Files that leave the vault: written beside their place and moved there when they are complete."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.store import inside_vault


def refuse_place(out: Path) -> None:
    """Refuse a place where no file may be written.

    Raises:
        BadInputError: it is a folder, or lies inside a vault.
    """
    if out.is_dir():
        raise BadInputError(f"“{out}” is a folder. Nothing was written; give the name of the file to be.")
    if inside_vault(out):
        raise BadInputError(f"“{out.name}” would lie inside a vault. Nothing was written; choose another place.")


@contextlib.contextmanager
def written_beside(out: Path) -> Iterator[BinaryIO]:
    """Give a file to write to; it takes its place when the `with` block ends, and goes when it ends with an exception.

    Args:
        out: the file to be; one that is there already is replaced.

    Raises:
        BadInputError: see `refuse_place`.
        MipsDeskError: it could not be written.
    """
    refuse_place(out)
    # One name for each target, so that what a killed export left is overwritten and cleared by the next one.
    part = out.with_name(f".{out.name}.part")
    try:
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise MipsDeskError(
            f"“{out.name}” could not be written ({reason}). Nothing was changed; choose another place."
        ) from error
