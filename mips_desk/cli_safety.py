"""Commands that keep a vault safe: backup, restore, verify. `cli` includes them."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mips_desk.errors import BadInputError, MipsDeskError

from .cli_input import Json, PassphraseFd, PassphraseFile, Progress, key_file, open_vault, passphrase_from, print_json

if TYPE_CHECKING:
    from mips_desk.services.checking import Scope
    from mips_desk.services.session import Session
    from mips_desk.services.verifying import Verdict

app = typer.Typer()


@app.command("backup")
def backup_(
    vault: Path,
    out: Annotated[Path, typer.Option(help="A folder, or the file to write, which ends in .mipsbackup.")],
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    as_json: Json = False,
) -> None:
    """Back up a vault into one file, which is read back, opened and checked before it counts."""
    from mips_desk.services import backups

    if not out.is_dir() and out.suffix != backups.SUFFIX:
        raise BadInputError(f"“{out}” is no folder, and no file that ends in .mipsbackup. Nothing was written.")
    session = open_vault(vault, passphrase_file, passphrase_fd)
    try:
        made = backups.make_backup(session, out, progress=Progress("Backup: byte"))
    finally:
        session.close()
    if as_json:
        print_json({"file": str(made.path), "size": made.size, "sha256": made.sha256, "removed": list(made.removed)})
    else:
        print(f"{made.path}: {made.size} bytes, read back and checked")
        print(f"sha256 {made.sha256}")
    if made.warning:
        print(made.warning, file=sys.stderr)


@app.command()
def restore(
    file: Path,
    to: Annotated[Path, typer.Option(help="The folder that the vault is made in; nothing in it is overwritten.")],
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    as_json: Json = False,
) -> None:
    """Make a vault from a backup; with a passphrase it is also opened and checked before it counts."""
    from mips_desk.services import backups

    asked = passphrase_file is not None or passphrase_fd is not None
    passphrase = passphrase_from(passphrase_file, passphrase_fd) if asked else ""
    made = backups.restore(file, to, passphrase, Progress("Restore: byte"), key_file=key_file())
    if as_json:
        print_json({"vault": str(made), "opened": bool(passphrase)})
    else:
        print(f"Vault: {made}")


@app.command()
def verify(
    path: Path,
    vault: Annotated[
        Path | None, typer.Option(help="Look the binder or package up in this vault's record of exports.")
    ] = None,
    structure: Annotated[bool, typer.Option("--structure", help="Of a vault: all but the originals.")] = False,
    part: Annotated[str | None, typer.Option(help="Of a vault: one part of the originals, as 2/4.")] = None,
    package_passphrase_file: Annotated[
        Path | None, typer.Option(help="Open an encrypted package with the first line of this file.")
    ] = None,
    package_passphrase_fd: Annotated[
        int | None, typer.Option(help="Open an encrypted package with what this file descriptor holds.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    as_json: Json = False,
) -> int:
    """Check a vault, a backup, a binder or an audit package: exit 0 sound, 1 not sound, 2 cannot check."""
    from mips_desk.services import checking, verifying

    scope = _scope(structure, part)
    checked = scope.label
    try:
        kind = verifying.kind_of(path)
        if kind != "vault" and scope is not checking.ALL:
            raise BadInputError("--structure and --part are for vaults. Leave them out for other files.")
        if kind == "vault":
            passphrase = passphrase_from(passphrase_file, passphrase_fd)
            verdict = verifying.check_vault(path, passphrase, scope, Progress("Check: byte"), key_file=key_file())
        elif kind == "backup":
            asked = passphrase_file is not None or passphrase_fd is not None
            passphrase = passphrase_from(passphrase_file, passphrase_fd) if asked else ""
            checked = "all" if passphrase else "file"
            verdict = verifying.check_backup(path, passphrase, Progress("Check: byte"), key_file=key_file())
        else:
            checked = "file"
            with _looking_up(vault, passphrase_file, passphrase_fd) as session:
                if kind == "binder":
                    verdict = verifying.check_binder(path, session)
                else:
                    asked = package_passphrase_file is not None or package_passphrase_fd is not None
                    secret = passphrase_from(package_passphrase_file, package_passphrase_fd) if asked else ""
                    verdict = verifying.check_package(path, session, secret, Progress("Check: byte"))
    except MipsDeskError as error:
        if as_json:
            reason = verifying.reason_of(error)
            print_json({"sound": False, "problems": [], "reason": reason, "checked": {"scope": checked}})
        raise
    _print_verdict(verdict, checked, as_json)
    return 0 if verdict.sound else 1


def _scope(structure: bool, part: str | None) -> "Scope":
    from mips_desk.services import checking

    if structure and part is not None:
        raise BadInputError("Give one of --structure and --part.")
    if part is None:
        return checking.STRUCTURE if structure else checking.ALL
    number, slash, of = part.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and len(part) < 12):
        raise BadInputError(f"“{part}” is no part. Write it as 2/4: the second of four parts.")
    return checking.part(int(number), int(of))


@contextlib.contextmanager
def _looking_up(vault: Path | None, file: Path | None, descriptor: int | None) -> "Iterator[Session | None]":
    """Give the vault to look a file up in, or None when none was named."""
    if vault is None:
        yield None
        return
    session = open_vault(vault, file, descriptor, read_only=True)
    try:
        yield session
    finally:
        session.close()


def _print_verdict(verdict: "Verdict", checked: str, as_json: bool) -> None:
    if as_json:
        answer: dict[str, Any] = {
            "sound": verdict.sound,
            "problems": [{"where": finding.where, "what": finding.what} for finding in verdict.findings],
            "kind": verdict.kind,
            "record": verdict.record,
            "signature": verdict.signature,
            "reason": "",
            "checked": {"scope": checked},
        }
        print_json(answer)
        return
    for finding in verdict.findings:
        print(f"{finding.where}: {finding.what}")
    if verdict.sound:
        print(verdict.record or f"The {verdict.kind} is sound: {_sound(checked)}.")
    if verdict.signature:
        print(verdict.signature)


def _sound(checked: str) -> str:
    if checked == "structure":
        return "its structure and journal are whole; no original was read"
    if checked.startswith("part "):
        number, _, of = checked.removeprefix("part ").partition("/")
        return f"its structure and journal are whole, and part {number} of {of} of the originals was not changed"
    return "nothing was changed"
