"""Backups: made on a schedule and after a session to a second place, each read back before it counts; and restored."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .changes import Changes
from .session import Session

Progress = Callable[[int, int], None]
Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """When and where backups are made by themselves; kept for this computer, not handed over to others.

    Attributes:
        folder: where; None: nobody chose a place yet, and none is made by itself.
        hours: while the practice is open, this many hours after the last one; 0: not while it is open.
        after_session: when the practice is closed and something changed.
    """

    folder: Path | None = None
    hours: int = 4
    after_session: bool = True


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was made and read back.

    Attributes:
        path: the file.
        size: bytes.
        sha256: of the whole file (hex).
        at: when.
        warning: one sentence about its place, for example that it lies on the same drive; empty when all is well.
        removed: names of old backups that were removed to make room.
    """

    path: Path
    size: int
    sha256: str
    at: datetime
    warning: str = ""
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackupState:
    """What Home and Settings say about backups.

    Attributes:
        verified_at: when the newest backup was made and read back; None: never.
        age_days: whole days since then; None: never.
        unchanged: nothing worth a backup was changed since.
        due: a backup should be made now.
        warn: the state needs attention: never, or older than 7 days although something changed, or the folder is away.
        reachable: the folder of the plan is there; False also when none was chosen.
        sentence: the state in words, for Home.
    """

    verified_at: datetime | None
    age_days: int | None
    unchanged: bool
    due: bool
    warn: bool
    reachable: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class BackupListed:
    """One backup that this vault made.

    Attributes:
        path: where it was written.
        at: when.
        person: who.
        size: bytes.
        present: there is a file of this size at that place now.
    """

    path: Path
    at: datetime
    person: str
    size: int
    present: bool


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """What a backup file says of itself; every byte of it was checked.

    Attributes:
        name: of the vault, without its ending.
        made_at: when.
        size: bytes of the file.
        journal_seq: number of journal entries.
        exhibits: evidence items.
        app_version: which version made it.
        sentence: the same in words.
    """

    name: str
    made_at: datetime
    size: int
    journal_seq: int
    exhibits: int
    app_version: str
    sentence: str


def backup_plan(session: Session) -> BackupPlan:
    """Return when and where backups are made by themselves."""
    raise NotImplementedError


def set_backup_plan(session: Session, plan: BackupPlan) -> Changes:
    """Change when and where backups are made by themselves; a manager's act.

    Raises:
        BadInputError: the folder is missing, cannot be written, or lies inside a vault.
        NotAllowedError: the person is no manager.
    """
    raise NotImplementedError


def place_warning(session: Session, folder: Path) -> str:
    """Return one sentence when a folder is no second place (same drive as the vault), else "".

    Raises:
        BadInputError: no backup can be written there at all.
    """
    raise NotImplementedError


def make_backup(
    session: Session, folder: Path | None = None, progress: Progress | None = None, check: Check | None = None
) -> BackupMade:
    """Make a backup, read it back, compare it, and record it; work goes on meanwhile.

    Args:
        session: the open practice; not read only.
        folder: where; None: the folder of the plan. A path that ends in .mipsbackup is the file itself.
        progress: called with bytes done and in all.
        check: called often; raises CancelledError to stop, which leaves no file.

    Raises:
        BadInputError: no folder is known, the place is refused, the file exists, or there is too little room.
        VaultError: the vault cannot be read, or what was read back is not what was written.
    """
    raise NotImplementedError


def backup_state(session: Session) -> BackupState:
    """Return what Home says about backups."""
    raise NotImplementedError


def backup_due(session: Session, *, closing: bool = False) -> bool:
    """Tell whether the plan wants a backup now.

    Args:
        session: the open practice.
        closing: the practice is about to be closed.
    """
    raise NotImplementedError


def list_backups(session: Session) -> tuple[BackupListed, ...]:
    """Return the backups that this vault made and did not remove itself, newest first."""
    raise NotImplementedError


def look_into(file: Path, progress: Progress | None = None, check: Check | None = None) -> BackupInfo:
    """Check every byte of a backup file against its seal, without a passphrase, and say what it is.

    Raises:
        BadInputError: it is no backup of MIPS Desk.
        VaultDamagedError: it is not byte for byte what was written.
        VaultTooNewError: made by a newer version.
    """
    raise NotImplementedError


def restore(
    file: Path,
    folder: Path,
    passphrase: str = "",
    progress: Progress | None = None,
    check: Check | None = None,
) -> Path:
    """Make a vault from a backup in a folder; nothing that exists is ever overwritten.

    Args:
        file: the backup.
        folder: where the vault is to lie.
        passphrase: of any of its people; then the vault is also opened and fully checked before it counts.
        progress: called with bytes done and in all.
        check: called often; raises CancelledError to stop, which leaves nothing.

    Returns:
        The vault's folder.

    Raises:
        BadInputError: no backup, or there is a vault of this name already.
        VaultPlaceError: the folder is synced or on a network.
        WrongPassphraseError: nobody's passphrase.
        VaultDamagedError: the backup is not byte for byte what was written.
    """
    raise NotImplementedError
