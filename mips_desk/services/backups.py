"""Backups: made on a schedule and after a session to a second place, each read back before it counts; and restored."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mips_desk.domain import phrases
from mips_desk.errors import BadInputError
from mips_desk.store import Event, backup, backup_file, backup_records
from mips_desk.store.backup_records import BackupRecord
from mips_desk.store.meter import Meter

from .changes import Changed, Changes
from .session import VAULT_SUFFIX, Session, now

Progress = Callable[[int, int], None]
Check = Callable[[], None]

#: Ending of backup files.
SUFFIX = backup_file.SUFFIX
#: Older than this, and something was changed since: Home warns.
MOST_DAYS = 7
#: Of the old backups are kept: this many newest, then the newest of each month for a year, then of each year for ever.
NEWEST_KEPT = 7
_MONTHS_KEPT = timedelta(days=366)
_LONGEST_HOURS = 24 * 7
#: Days ago; where another time zone counts already, it may be tomorrow.
_TOMORROW = -1


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
    found = backup_records.plan(session.vault)
    if found is None:
        return BackupPlan()
    folder, hours, after_session = found
    return BackupPlan(Path(folder) if folder else None, hours, after_session)


def set_backup_plan(session: Session, plan: BackupPlan) -> Changes:
    """Change when and where backups are made by themselves; a manager's act.

    Raises:
        BadInputError: the folder is missing, cannot be written, or lies inside a vault; or the hours are no number from
            0 to 168.
        NotAllowedError: the person is no manager.
    """
    if not 0 <= plan.hours <= _LONGEST_HOURS:
        raise BadInputError(f"Choose from 0 to {_LONGEST_HOURS} hours between backups. Nothing was changed.")
    before = backup_plan(session)
    if plan.folder is not None and plan.folder != before.folder:
        backup.refuse_destination(plan.folder)
    with session.vault.write(Event.SETTINGS_CHANGED) as tx:
        backup_records.put_plan(tx, str(plan.folder.absolute()) if plan.folder else "", plan.hours, plan.after_session)
    return Changes(Changed.NOTHING, "Change backups", undo=lambda: set_backup_plan(session, before))


def place_warning(session: Session, folder: Path) -> str:
    """Return one sentence when a folder is no second place (same drive as the vault), else "".

    Raises:
        BadInputError: no backup can be written there at all.
    """
    backup.refuse_destination(folder)
    vault = session.vault.folder
    if folder.resolve() == vault.resolve().parent:
        return (
            "This folder is where the practice itself lies: whoever loses the one loses the other. Choose a folder on"
            " another drive."
        )
    if backup.same_drive(folder, vault):
        return (
            "This folder is on the same drive as the practice: a broken drive takes both. Choose a folder on another"
            " drive, for example a USB drive kept in the safe."
        )
    return ""


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
    at = session.now()
    chosen = folder or backup_plan(session).folder
    if chosen is None:
        raise BadInputError("No place for backups was chosen yet. Choose a folder on another drive in Settings.")
    target = chosen if chosen.suffix == SUFFIX else chosen / _file_name(session, at)
    warning = place_warning(session, target.parent)
    made = backup.make_backup(session.vault, target.absolute(), at, progress, check)
    dropped = _too_many(session, made.path.parent, at)
    with session.vault.write(Event.BACKUP_MADE) as tx:
        backup_records.add_backup(tx, made)
        backup_records.drop_backups(tx, dropped)
    for each in dropped:
        with contextlib.suppress(OSError):
            each.path.unlink()
    return BackupMade(target, made.size, made.sha256, at, warning, tuple(each.file_name for each in dropped))


def backup_state(session: Session) -> BackupState:
    """Return what Home says about backups."""
    plan, at = backup_plan(session), session.now()
    reachable = plan.folder is not None and plan.folder.is_dir()
    # A file on a drive that is put away counts; one that is gone from a place that can be looked at does not.
    known = (each for each in backup_records.backups(session.vault) if not each.folder.is_dir() or _is_there(each))
    newest = next(known, None)
    if newest is None:
        ask = "make one now" if plan.folder else "choose a place for them in Settings"
        return BackupState(None, None, False, plan.folder is not None, True, reachable, f"No backup yet: {ask}.")
    days = (at.date() - newest.made_at.astimezone(at.tzinfo).date()).days
    unchanged = not backup_records.changed_since(session.vault, newest.journal_seq)
    # A clock that was ahead when it was made must not make it look new for years.
    old = not _TOMORROW <= days <= MOST_DAYS and not unchanged
    due = plan.folder is not None and not unchanged and _hours_over(plan, newest.made_at, at)
    sentence = f"The newest backup was made and read back {_ago(days)}"
    if unchanged:
        sentence += "; nothing was changed since."
    elif old:
        sentence += ", and things were changed since: make one now."
    else:
        sentence += "."
    away = plan.folder is not None and not reachable
    if away:
        sentence += " The folder for backups cannot be reached: connect its drive."
    elif plan.folder is None:
        sentence += " No place was chosen where backups are made by themselves."
    return BackupState(
        newest.made_at, max(0, days), unchanged, due, old or (away and not unchanged), reachable, sentence
    )


def backup_due(session: Session, *, closing: bool = False) -> bool:
    """Tell whether the plan wants a backup now.

    Args:
        session: the open practice.
        closing: the practice is about to be closed.
    """
    plan = backup_plan(session)
    if session.vault.read_only or plan.folder is None or not plan.folder.is_dir():
        return False
    known = (each for each in backup_records.backups(session.vault) if _is_there(each) or not each.folder.is_dir())
    newest = next(known, None)
    if newest is None:
        return plan.after_session if closing else plan.hours > 0
    if not backup_records.changed_since(session.vault, newest.journal_seq):
        return False
    return plan.after_session if closing else _hours_over(plan, newest.made_at, session.now())


def list_backups(session: Session) -> tuple[BackupListed, ...]:
    """Return the backups that this vault made and did not remove itself, newest first."""
    return tuple(
        BackupListed(each.path, each.made_at, each.person, each.size, _is_there(each))
        for each in backup_records.backups(session.vault)
    )


def look_into(file: Path, progress: Progress | None = None, check: Check | None = None) -> BackupInfo:
    """Check every byte of a backup file against its seal, without a passphrase, and say what it is.

    Raises:
        BadInputError: it is no backup of MIPS Desk.
        VaultDamagedError: it is not byte for byte what was written.
        VaultTooNewError: made by a newer version.
    """
    found = backup_file.look_into(file, Meter(file.stat().st_size if file.is_file() else 0, progress, check))
    manifest = found.manifest
    made_at, exhibits = datetime.fromisoformat(manifest.made_at), manifest.counts.get("evidence", 0)
    return BackupInfo(
        name=manifest.name,
        made_at=made_at,
        size=found.size,
        journal_seq=manifest.journal_seq,
        exhibits=exhibits,
        app_version=manifest.app_version,
        sentence=f"“{manifest.name}” as it was on {phrases.long_day(made_at)} at {made_at:%H:%M}, with"
        f" {phrases.count(exhibits, 'evidence item')}; every byte of the file is what was written.",
    )


def restore(
    file: Path,
    folder: Path,
    passphrase: str = "",
    progress: Progress | None = None,
    check: Check | None = None,
    *,
    key_file: Path | None = None,
) -> Path:
    """Make a vault from a backup in a folder; nothing that exists is ever overwritten.

    Args:
        file: the backup.
        folder: where the vault is to lie.
        passphrase: of any of its people; then the vault is also opened and fully checked before it counts.
        progress: called with bytes done and in all.
        check: called often; raises CancelledError to stop, which leaves nothing.
        key_file: the person's key file, when the passphrase goes with one.

    Returns:
        The vault's folder.

    Raises:
        BadInputError: no backup, or there is a vault of this name already.
        VaultPlaceError: the folder is synced or on a network.
        WrongPassphraseError: nobody's passphrase.
        VaultDamagedError: the backup is not byte for byte what was written.
    """
    return backup.restore(file, folder, passphrase, now=now, key_file=key_file, progress=progress, check=check)


def surplus(made: Sequence[tuple[str, datetime]], at: datetime) -> set[str]:
    """Return which backups make room: all but the 7 newest, the newest of each month of a year, and of each year.

    Args:
        made: identifier and moment of each backup in one folder.
        at: now.
    """
    months: set[tuple[int, int]] = set()
    years: set[int] = set()
    dropped = set()
    for number, (name, moment) in enumerate(sorted(made, key=lambda each: each[1], reverse=True)):
        here = moment.astimezone(at.tzinfo)
        of_month = (here.year, here.month) not in months and at - moment <= _MONTHS_KEPT
        if number >= NEWEST_KEPT and not of_month and here.year in years:
            dropped.add(name)
        months.add((here.year, here.month))
        years.add(here.year)
    return dropped


def _too_many(session: Session, folder: Path, at: datetime) -> list[BackupRecord]:
    """Return what is too much beside a new backup, as long as it is what was written: a changed file stays."""
    here = [each for each in backup_records.backups(session.vault) if each.folder == folder and _is_there(each)]
    dropped = surplus([("", at), *((each.id, each.made_at) for each in here)], at)
    return [each for each in here if each.id in dropped and _is_unchanged(each)]


def _is_there(each: BackupRecord) -> bool:
    try:
        return each.path.is_file() and each.path.stat().st_size == each.size
    except OSError:
        return False


def _is_unchanged(each: BackupRecord) -> bool:
    try:
        return backup_file.hash_file(each.path, Meter(each.size)) == each.sha256
    except OSError:
        return False


def _file_name(session: Session, at: datetime) -> str:
    name = session.vault.folder.name.removesuffix(VAULT_SUFFIX)
    return f"{name} {at:%Y-%m-%d %H-%M-%S}{SUFFIX}"


def _hours_over(plan: BackupPlan, made_at: datetime, at: datetime) -> bool:
    # A clock that was set back must not put off the next backup.
    return plan.hours > 0 and not timedelta(0) <= at - made_at < timedelta(hours=plan.hours)


def _ago(days: int) -> str:
    if days < _TOMORROW:
        return f"with the clock {-days} days ahead"
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
