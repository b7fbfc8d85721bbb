"""Check a vault or a binder: sound, changed since, or not ours."""

from dataclasses import dataclass
from pathlib import Path

from mips_desk.binder.verify import verify_binder
from mips_desk.domain import phrases
from mips_desk.domain.evidence import Export
from mips_desk.errors import BadInputError
from mips_desk.store import verify_vault

from .session import Session, now


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
        kind: "vault" or "binder".
        findings: what is wrong; empty when sound.
        export: the vault's own record of the binder's export, or None.
        record: one sentence about that record; empty when no vault was asked.
    """

    kind: str
    findings: tuple[Finding, ...]
    export: Export | None = None
    record: str = ""

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.findings


def check_vault(folder: Path, passphrase: str) -> Verdict:
    """Check everything in a vault: keys, database, journal chain, hashes of all originals.

    Raises:
        VaultError: it is no vault or the passphrase is wrong, so that nothing can be said.
    """
    problems = verify_vault(folder, passphrase, now=now)
    return Verdict("vault", tuple(Finding(problem.where, problem.what) for problem in problems))


def check_binder(path: Path, session: Session | None = None) -> Verdict:
    """Check a binder by its own seal, and look it up among the exports of a vault when one is given.

    Args:
        path: the PDF file.
        session: an open practice, or None.

    Raises:
        BadInputError: the file is not a binder of MIPS Desk.
    """
    check = verify_binder(path)
    findings = tuple(Finding(where, what) for where, what in check.problems)
    if session is None:
        return Verdict("binder", findings)
    export = session.vault.find_export(check.sha256)
    if export is not None:
        record = (
            f"This is the binder for {export.year} that {export.person} exported on"
            f" {phrases.long_day(export.at)}; it is unchanged."
        )
        return Verdict("binder", findings, export, record)
    same_id = next((known for known in session.vault.exports() if known.id == check.binder_id), None)
    if same_id is not None:
        record = (
            f"A binder with this identifier was exported on {phrases.long_day(same_id.at)},"
            " but this file is not the same."
        )
        return Verdict("binder", (*findings, Finding("record of exports", record)), None, record)
    record = "This vault has no record of having exported this file."
    return Verdict("binder", (*findings, Finding("record of exports", record)), None, record)


def kind_of(path: Path) -> str:
    """Return "vault" for a folder, "binder" for a file.

    Raises:
        BadInputError: there is nothing at that place.
    """
    if path.is_dir():
        return "vault"
    if path.is_file():
        return "binder"
    raise BadInputError(f"There is nothing at “{path}”.")
