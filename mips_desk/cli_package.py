"""The command that writes an audit package. `cli` includes it."""

import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from mips_desk.errors import BadInputError

from . import cli_answer, cli_signing
from .cli_answer import RequestNumber
from .cli_input import Json, PassphraseFd, PassphraseFile, Progress, Year, open_vault, passphrase_from, print_json
from .cli_signing import SignFile, SignPassphraseFile, SignPractice, TimeStamp

app = typer.Typer()


@app.command()
def package(
    vault: Path,
    year: Year,
    out: Annotated[Path, typer.Option(help="The ZIP file to write; an incomplete one gets -PARTIAL in its name.")],
    activity: Annotated[list[str] | None, typer.Option(help="Only this activity; may be given several times.")] = None,
    request: RequestNumber = None,
    paper: Annotated[str, typer.Option(help="letter or a4.")] = "letter",
    edition: Annotated[str, typer.Option(help="redacted, or full: shows what is redacted.")] = "redacted",
    full: Annotated[bool, typer.Option("--full", help="The same as --edition full.")] = False,
    reason: Annotated[str, typer.Option(help="Why the full edition is made; printed in it and kept.")] = "",
    no_sign_off: Annotated[bool, typer.Option("--no-sign-off", help="No lines to sign for each activity.")] = False,
    split: Annotated[int, typer.Option(help="Largest size of one file in MB; 0: one file.", min=0)] = 0,
    encrypt: Annotated[
        bool, typer.Option("--encrypt", help="Encrypt the contents (AES-256); asks for a passphrase of its own.")
    ] = False,
    encrypt_passphrase_file: Annotated[
        Path | None, typer.Option(help="Encrypt with the passphrase in the first line of this file.")
    ] = None,
    encrypt_passphrase_fd: Annotated[
        int | None, typer.Option(help="Encrypt with the passphrase from this file descriptor.")
    ] = None,
    sign: SignFile = None,
    sign_passphrase_file: SignPassphraseFile = None,
    sign_practice: SignPractice = False,
    time_stamp: TimeStamp = "",
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    as_json: Json = False,
) -> None:
    """Write the audit package of a year: binder, exhibits, and what a receiver needs to check them.

    Its list of files is always signed with the practice's certificate; the options for signing are about the binder.
    """
    from mips_desk.binder.content import Edition
    from mips_desk.services import packaging

    asked = cli_answer.Asked(year, activity or (), request, paper, "full" if full else edition, reason, not no_sign_off)
    wanted = cli_signing.wanted(sign, sign_passphrase_file, sign_practice, time_stamp)
    secret = ""
    if encrypt or encrypt_passphrase_file is not None or encrypt_passphrase_fd is not None:
        secret = _passphrase(encrypt_passphrase_file, encrypt_passphrase_fd)
        packaging.refuse_weak(secret)
    session = open_vault(vault, passphrase_file, passphrase_fd)
    try:
        binder = asked.content(session)
        plan = packaging.plan(binder, split=split * 1_000_000)
        made, _ = packaging.write(
            session, plan, out, passphrase=secret, sign_binder=wanted(session), progress=Progress("Package: step")
        )
    finally:
        session.close()
    missing = [{"what": entry.title, "reason": entry.missing} for entry in plan.missing]
    if as_json:
        print_json(
            {
                "package": made.package_id,
                "files": [
                    {"file": str(path), "size": path.stat().st_size, "sha256": sha256}
                    for path, sha256 in zip(made.files, made.sha256, strict=True)
                ],
                "complete": not missing,
                "missing": missing,
                "exhibits": made.exhibits,
                "pages": made.pages,
                "encrypted": bool(secret),
            }
        )
        cli_signing.tell_unstamped(made.stamped, time_stamp)
        return
    for path, sha256 in zip(made.files, made.sha256, strict=True):
        print(f"{path}: {made.exhibits} exhibits, binder of {made.pages} pages" if len(made.files) == 1 else path)
        print(f"sha256 {sha256}")
    cli_signing.tell_unstamped(made.stamped, time_stamp)
    if binder.edition is Edition.FULL:
        print("This package shows patient identifiers. Keep it as you keep patient records.", file=sys.stderr)
    for entry in missing:
        print(f"Missing: {entry['what']}: {entry['reason']}", file=sys.stderr)


def _passphrase(file: Path | None, descriptor: int | None) -> str:
    """Return the passphrase of the package; typed twice where a person types it."""
    typed = file is None and descriptor is None
    secret = passphrase_from(file, descriptor, "Passphrase of the package: ")
    if typed and getpass("The same once more: ") != secret:
        raise BadInputError("The two passphrases differ. Nothing was written.")
    return secret
