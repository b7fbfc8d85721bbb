"""The command line's part for signatures."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mips_desk.errors import BadInputError

from .cli_input import Json, PassphraseFd, PassphraseFile, open_vault, passphrase_from, print_json

if TYPE_CHECKING:
    from mips_desk.binder.field import Signing
    from mips_desk.services.session import Session

app = typer.Typer(rich_markup_mode=None)

SignFile = Annotated[
    Path | None, typer.Option("--sign", metavar="P12", help="Sign with the certificate in this PKCS#12 file.")
]
SignPassphraseFile = Annotated[
    Path | None, typer.Option(help="Read the passphrase of the PKCS#12 file from the first line of this file.")
]
SignPractice = Annotated[bool, typer.Option("--sign-practice", help="Sign with the practice's own certificate.")]
TimeStamp = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Ask this time-stamping service (RFC 3161) for a time stamp; sends a hash over the network.",
    ),
]


def wanted(
    file: Path | None, passphrase_file: Path | None, practice: bool, time_stamp: str
) -> "Callable[[Session], Signing | None]":
    """Return what gives the signing that the options ask for; a passphrase is asked for at once.

    Raises:
        BadInputError: the options do not go together, or the PKCS#12 file does not open.
    """
    from mips_desk.binder.field import Signing
    from mips_desk.services import signing

    if file is not None and practice:
        raise BadInputError("Give --sign or --sign-practice, not both.")
    if file is None and not practice:
        if time_stamp or passphrase_file is not None:
            raise BadInputError("Time stamps and passphrases of certificates go with --sign or --sign-practice.")
        return lambda session: None
    stamper = signing.stamper(time_stamp) if time_stamp else None
    if file is not None:
        passphrase = passphrase_from(passphrase_file, None, "Passphrase of the certificate: ")
        own = Signing(signing.identity_from_file(file, passphrase), stamper)
        return lambda session: own
    return lambda session: Signing(signing.practice_identity(session), stamper)


def tell(signed_by: str, stamped: bool, time_stamp: str) -> None:
    """Print who signed a file.

    Args:
        signed_by: fingerprint of the certificate (hex); empty: nobody.
        stamped: there is a time stamp.
        time_stamp: the service that was to give one; empty: none.
    """
    if signed_by:
        print(f"signed with certificate {signed_by}{', time-stamped' if stamped else ''}")
    tell_unstamped(stamped, time_stamp)


def tell_unstamped(stamped: bool, time_stamp: str) -> None:
    """Say that a time stamp that was wanted could not be had, when that is so; see `tell`."""
    if time_stamp and not stamped:
        print("No time stamp could be had; the signature is without one.", file=sys.stderr)


@app.command()
def certificate(
    vault: Path,
    make: Annotated[bool, typer.Option("--make", help="Make a new one; it signs from now on.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write it, without its key, to this file.")] = None,
    as_json: Json = False,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Show the practice's own certificate: exit 0, or 1 when there is none."""
    from mips_desk.services import signing

    session = open_vault(vault, passphrase_file, passphrase_fd, read_only=not make)
    try:
        if make:
            signing.make_practice_certificate(session)
        found = signing.practice_certificate(session)
        if found is not None and out is not None:
            signing.export_certificate(session, out)
    finally:
        session.close()
    if found is None:
        print("The practice has no certificate of its own yet.", file=sys.stderr)
        return 1
    if as_json:
        print_json(
            {
                "name": found.name,
                "sha256": found.fingerprint,
                "made_at": found.made_at.isoformat(),
                "made_by": found.made_by,
                "until": found.until.isoformat(),
            }
        )
    else:
        print(f"{found.name}, made by {found.made_by} on {found.made_at.date()}, valid until {found.until.date()}")
        print(f"sha256 {found.fingerprint}")
    return 0
