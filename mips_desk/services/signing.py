"""Sign binders and packages: with the practice's own certificate, or with one that a person brings.

A signature shows that a file is unchanged since it was signed with that certificate; it is not called a legal one.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mips_desk.binder import signature
from mips_desk.binder.signature import Identity, Stamper
from mips_desk.domain.practice import Role
from mips_desk.errors import BadInputError
from mips_desk.store import Event, NotAllowedError
from mips_desk.store import signing as kept

from .changes import Changed, Changes
from .out_files import written_beside
from .session import Session

#: Largest PKCS#12 file in bytes.
_LARGEST_FILE = 1 << 20


@dataclass(frozen=True, slots=True)
class Certificate:
    """The practice's own certificate as it is shown; without its key.

    Attributes:
        name: whose it is.
        fingerprint: SHA-256 (hex).
        made_at: when.
        made_by: by whom.
        until: last moment at which it is valid.
    """

    name: str
    fingerprint: str
    made_at: datetime
    made_by: str
    until: datetime


def practice_certificate(session: Session) -> Certificate | None:
    """Return the practice's own certificate, or None when none was made."""
    found = kept.newest(session.vault)
    if found is None:
        return None
    identity = Identity(found.key, found.certificate)
    return Certificate(identity.name, identity.fingerprint, found.made_at, found.made_by, identity.until)


def make_practice_certificate(session: Session) -> Changes:
    """Make the practice's own certificate; its key never leaves the vault. One that is there stays known, and the new
    one signs from now on.

    Raises:
        NotAllowedError: the person is not a manager.
        VaultError: it could not be written.
    """
    identity = signature.new_identity(session.vault.practice().name, session.now())
    with session.vault.write(Event.CERTIFICATE_MADE) as tx:
        kept.add(tx, identity.fingerprint, identity.certificate, identity.key)
    return Changes(Changed.PRACTICE, "Make certificate", (identity.fingerprint,))


def practice_identity(session: Session) -> Identity:
    """Return the practice's own key and certificate, to sign with.

    Raises:
        BadInputError: none was made.
        NotAllowedError: the person may only read.
    """
    if session.vault.person.role is Role.READER:
        raise NotAllowedError
    found = kept.newest(session.vault)
    if found is None:
        raise BadInputError("The practice has no certificate of its own yet. Nothing was signed; make one first.")
    return Identity(found.key, found.certificate)


def identity_from_file(path: Path, passphrase: str) -> Identity:
    """Return the key and certificate in a person's PKCS#12 file; neither they nor the passphrase are kept.

    Args:
        path: the file, mostly named .p12 or .pfx.
        passphrase: of that file.

    Raises:
        BadInputError: it cannot be read or opened, or its key cannot sign a PDF.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise BadInputError(f"“{path.name}” cannot be read: {error.strerror or 'unknown reason'}.") from error
    if len(data) > _LARGEST_FILE:
        raise BadInputError(f"“{path.name}” is too large for a certificate file. Nothing was signed or written.")
    return signature.read_pkcs12(data, passphrase)


def export_certificate(session: Session, out: Path) -> None:
    """Write the practice's own certificate, without its key, so that somebody can compare or trust it.

    Args:
        session: the open practice.
        out: the file, PEM.

    Raises:
        BadInputError: there is none, or no file may be written there.
        MipsDeskError: the file could not be written.
    """
    found = kept.newest(session.vault)
    if found is None:
        raise BadInputError("The practice has no certificate of its own yet. Nothing was written; make one first.")
    with written_beside(out) as file:
        file.write(signature.pem(found.certificate))


def stamper(address: str) -> Stamper:
    """Return what asks a time-stamping service (RFC 3161). This is the only thing in MIPS Desk that uses a network; it
    does so in a process of its own, sends a hash and nothing else, and is used only when a person turned it on.

    Args:
        address: of the service, beginning with http:// or https://.

    Raises:
        BadInputError: it is no such address.
    """
    from mips_desk.binder.stamping import ask, refuse_bad_address

    refuse_bad_address(address)
    return lambda request: ask(address, request)
