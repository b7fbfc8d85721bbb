"""Check a vault, a backup, a binder or an audit package: sound, changed since, or not ours."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mips_desk.binder import fonts
from mips_desk.binder.content import Edition
from mips_desk.binder.package_verify import PackageCheck, is_zip, verify_package
from mips_desk.binder.verify import BinderCheck, verify_binder
from mips_desk.domain import phrases
from mips_desk.domain.evidence import Export
from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.store import (
    NotAVaultError,
    VaultBusyError,
    VaultTooNewError,
    WrongPassphraseError,
    backup,
    backup_file,
    verify_vault,
)
from mips_desk.store.checks import ALL, Scope
from mips_desk.store.signing import fingerprints
from mips_desk.store.verify import looks_like_vault

from . import pending
from .session import Session, now

#: What is known of a binder whose seal fits, without the vault that wrote it.
_SEALED = "Its seal fits: nothing was changed since it was sealed. A seal does not show who wrote it."
#: Characters of a name out of a file that are shown, at most.
_LONGEST = 120

_REASONS: tuple[tuple[type[MipsDeskError], str], ...] = (
    (WrongPassphraseError, "wrong_passphrase"),
    (VaultBusyError, "in_use"),
    (VaultTooNewError, "too_new"),
    (NotAVaultError, "not_a_vault"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem.

    Attributes:
        where: the place, in words that help to find it.
        what: what is wrong there.
    """

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to "is this sound?".

    Attributes:
        kind: "vault", "backup", "binder" or "package".
        findings: what is wrong; empty when sound.
        export: the vault's own record of the binder's or package's export, or None.
        record: a sentence or two about that record or, without a vault, about what can be known of a binder or package;
            empty when there is nothing to say.
        signature: one or two sentences about the digital signature of a binder; empty when it has none.
        locked: its contents are encrypted, and were not looked at without their passphrase.
    """

    kind: str
    findings: tuple[Finding, ...]
    export: Export | None = None
    record: str = ""
    signature: str = ""
    locked: bool = False

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.findings


def check_vault(
    folder: Path,
    passphrase: str,
    scope: Scope = ALL,
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
    *,
    key_file: Path | None = None,
) -> Verdict:
    """Check a vault that is not open here: keys, database, journal chain, hashes of originals.

    Args:
        folder: the vault; it may be open elsewhere meanwhile.
        passphrase: of any of its people.
        scope: how much of it.
        progress: called with bytes read and in all.
        check: called often; raises CancelledError to stop.
        key_file: the person's key file, when the passphrase goes with one.

    Raises:
        VaultError: it is no vault or the passphrase is wrong, so that nothing can be said.
    """
    with pending.noting_failures(folder, now):
        problems = verify_vault(
            folder, passphrase, now=now, scope=scope, progress=progress, check=check, key_file=key_file
        )
    return Verdict("vault", tuple(Finding(problem.where, problem.what) for problem in problems))


def check_backup(
    file: Path,
    passphrase: str = "",
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
    *,
    key_file: Path | None = None,
) -> Verdict:
    """Check every byte of a backup file against its seal; with a passphrase also open what it holds and check that.

    Args:
        file: the backup.
        passphrase: of any of its people; empty: only the bytes are checked.
        progress: called with bytes read and in all.
        check: called often; raises CancelledError to stop.
        key_file: the person's key file, when the passphrase goes with one.

    Raises:
        MipsDeskError: nothing can be said.
    """
    problems = backup.verify_backup(file, passphrase, progress=progress, check=check, key_file=key_file)
    return Verdict("backup", tuple(Finding(problem.where, problem.what) for problem in problems))


def reason_of(error: MipsDeskError) -> str:
    """Return why something could not be checked, as one word for scripts."""
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), "unreadable")


def check_binder(path: Path, session: Session | None = None) -> Verdict:
    """Check a binder by its own seal, and look it up among the exports of a vault when one is given.

    Args:
        path: the PDF file.
        session: an open practice, or None.

    Raises:
        BadInputError: the file is not a binder of MIPS Desk.
    """
    check = verify_binder(path)
    findings = tuple(Finding(_shown(where), what) for where, what in check.problems)
    signature = _signature(check, session)
    if session is None:
        return Verdict("binder", findings, None, "" if findings else _SEALED, signature)
    export = session.vault.find_export(check.sha256)
    if export is not None:
        kind = "answer to an audit request" if export.kind == "answer" else "binder"
        edition = "full edition of the " if export.edition == Edition.FULL else ""
        record = (
            f"This is the {edition}{kind} for {export.year} that {export.person} exported on"
            f" {phrases.long_day(export.at)}; it is unchanged."
        )
        return Verdict("binder", findings, export, record, signature)
    same_id = next((known for known in session.vault.exports() if known.id == check.binder_id), None)
    record = "This vault has no record of having exported this file."
    if same_id is not None:
        record = (
            f"A binder with this identifier was exported on {phrases.long_day(same_id.at)},"
            " but this file is not the same."
        )
    return Verdict("binder", (*findings, Finding("record of exports", record)), None, record, signature)


def _signature(check: BinderCheck, session: Session | None) -> str:
    """Return whose signature a binder has and what it shows."""
    found = check.signature
    if found is None or found.problem or any(where == "Signature" for where, _what in check.problems):
        return ""
    known = session is not None and found.fingerprint in fingerprints(session.vault)
    since = f"unchanged since {phrases.long_day(check.made_at)}" if check.made_at else "unchanged since it was signed"
    stamp = f" A time stamp in it says {phrases.long_day(found.stamped_at)}." if found.stamped_at else ""
    name, number = _shown(found.name), found.fingerprint[:16]
    if known:
        return f"Signed with the certificate of {name}, this practice’s own: {since}. Certificate {number}.{stamp}"
    # Anybody can make a certificate with any name in it, and give it any date.
    vouched = "nobody else vouches for it" if found.own else "who issued it was not checked"
    return f"Signed with a certificate in the name of {name}; {vouched}. It says: {since}. Certificate {number}.{stamp}"


def check_package(
    path: Path,
    session: Session | None = None,
    passphrase: str = "",
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
) -> Verdict:
    """Check an audit package by its seal, its list of files and the signature of that list, and look it up among the
    exports of a vault when one is given.

    Args:
        path: the ZIP file, or one part of a package.
        session: an open practice, or None.
        passphrase: of a package that is encrypted; empty: its contents are not looked at.
        progress: called with bytes read and in all.
        check: called often; raises CancelledError to stop.

    Raises:
        BadInputError: it cannot be read, it is not an audit package of MIPS Desk, or the passphrase does not open it.
    """
    found = verify_package(path, passphrase, progress, check)
    findings = tuple(Finding(_shown(where), what) for where, what in found.problems)
    locked = found.encrypted and not found.opened
    if session is None:
        return Verdict("package", findings, None, "" if findings else _unchanged(found), locked=locked)
    part = f"part {found.part} of {found.parts} of " if found.parts > 1 else ""
    export = session.vault.find_export(found.sha256)
    if export is not None:
        record = (
            f"This is {part}the audit package for {export.year} that {export.person} exported on"
            f" {phrases.long_day(export.at)}; it is unchanged."
        )
        return Verdict("package", findings, export, record, locked=locked)
    ids = {known.id.partition("/")[0]: known for known in session.vault.exports() if known.kind == "package"}
    same_id = ids.get(found.package_id)
    record = "This vault has no record of having exported this file."
    if same_id is not None:
        record = (
            f"An audit package with this identifier was exported on {phrases.long_day(same_id.at)}, but this file is"
            " not the same."
        )
    findings = (*findings, Finding("record of exports", record))
    return Verdict("package", findings, None, record, locked=locked)


def _unchanged(found: PackageCheck) -> str:
    """Return what can be known of a sound package without the vault that wrote it: anybody could sign another one."""
    part = f" Part {found.part} of {found.parts}." if found.parts > 1 else ""
    if not found.opened or found.made_at is None or found.signature is None:
        return (
            f"Its seal fits; it does not show who wrote it. Its contents are encrypted; a passphrase opens them.{part}"
        )
    return (
        f"Unchanged since it was signed with certificate {found.signature.fingerprint[:16]}. It says that vault"
        f" {_shown(found.vault)} wrote it on {phrases.long_day(found.made_at)}; the practice can tell whether the"
        f" certificate is its own.{part}"
    )


def _shown(text: str) -> str:
    """Return words out of a file that anybody can have made: one line, without control characters, not very long."""
    text = " ".join(fonts.clean(text).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def kind_of(path: Path) -> str:
    """Return what a path is to be checked as: "vault", "backup", "binder" or "package".

    Raises:
        BadInputError: there is nothing at that place.
        NotAVaultError: it is a folder that holds no vault.
    """
    if path.is_dir():
        if not looks_like_vault(path):
            raise NotAVaultError
        return "vault"
    if path.is_file():
        if path.suffix == backup_file.SUFFIX or backup_file.is_backup(path):
            return "backup"
        return "package" if is_zip(path) else "binder"
    raise BadInputError(f"There is nothing at “{path}”.")
