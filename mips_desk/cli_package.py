"""The command that writes an audit package. `cli` includes it."""

import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from mips_desk.errors import BadInputError

from .cli_input import Json, PassphraseFd, PassphraseFile, Progress, Year, open_vault, passphrase_from, print_json

app = typer.Typer()


@app.command()
def package(
    vault: Path,
    year: Year,
    out: Annotated[Path, typer.Option(help="The ZIP file to write; an incomplete one gets -PARTIAL in its name.")],
    activity: Annotated[list[str] | None, typer.Option(help="Only this activity; may be given several times.")] = None,
    paper: Annotated[str, typer.Option(help="letter or a4.")] = "letter",
    full: Annotated[bool, typer.Option("--full", help="The full edition: pictures without redactions.")] = False,
    reason: Annotated[str, typer.Option(help="Why the full edition is made; it is printed and journaled.")] = "",
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
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    as_json: Json = False,
) -> None:
    """Write the audit package of a year: binder, exhibits, and what a receiver needs to check them."""
    from mips_desk.binder.content import Edition, Paper
    from mips_desk.services import binding, packaging

    if paper not in list(Paper):
        raise BadInputError("The paper is letter or a4.")
    edition = Edition.FULL if full else Edition.REDACTED
    secret = ""
    if encrypt or encrypt_passphrase_file is not None or encrypt_passphrase_fd is not None:
        secret = _passphrase(encrypt_passphrase_file, encrypt_passphrase_fd)
        packaging.refuse_weak(secret)
    session = open_vault(vault, passphrase_file, passphrase_fd)
    try:
        binder = binding.content(
            session, year, activities=activity or (), paper=Paper(paper), edition=edition, full_reason=reason
        )
        plan = packaging.plan(binder, split=split * 1_000_000)
        made, _ = packaging.write(session, plan, out, passphrase=secret, progress=Progress("Package: step"))
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
        return
    for path, sha256 in zip(made.files, made.sha256, strict=True):
        print(f"{path}: {made.exhibits} exhibits, binder of {made.pages} pages" if len(made.files) == 1 else path)
        print(f"sha256 {sha256}")
    for entry in missing:
        print(f"Missing: {entry['what']}: {entry['reason']}", file=sys.stderr)


def _passphrase(file: Path | None, descriptor: int | None) -> str:
    """Return the passphrase of the package; typed twice where a person types it."""
    typed = file is None and descriptor is None
    secret = passphrase_from(file, descriptor, "Passphrase of the package: ")
    if typed and getpass("The same once more: ") != secret:
        raise BadInputError("The two passphrases differ. Nothing was written.")
    return secret
