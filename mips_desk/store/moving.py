"""Moving a vault out of a place where it comes to harm: a checked copy, then the old one gets another name."""

import contextlib
import json
import platform
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from mips_desk.domain.practice import Role
from mips_desk.errors import BadInputError

from . import backup, keys, place
from .connection import PAGE_SIZE, Line, row, value
from .disk import sync_folder, write_safely
from .errors import NotAllowedError, VaultDamagedError, VaultError, WrongPassphraseError, translated
from .journal import Event
from .layout import check_layout
from .lock import WriterLock
from .meter import Meter
from .opening import DATABASE_NAME, unlock_vault
from .restored import MARKER_NAME
from .vault import Vault

#: Stands behind the name of a vault that was moved, so that nobody takes it for the one in use.
MOVED = " (moved)"


def move(
    folder: Path,
    to_folder: Path,
    passphrase: str,
    *,
    now: Callable[[], datetime],
    key_file: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
) -> tuple[Path, Path]:
    """Move a vault to another folder; the old one is kept under another name.

    Killed at any moment, the old vault or the new one is whole. Doing it again finishes the work: where the new one was
    complete, only the old one is renamed.

    Args:
        folder: the vault.
        to_folder: where it is to lie.
        passphrase: of a manager.
        now: the clock.
        key_file: the person's key file, when the passphrase goes with one.
        progress: called with bytes done and in all.
        check: called often; raises CancelledError to stop, which leaves all as it was.

    Returns:
        The vault at its new place, and the old one under its new name, which is its old name where that could not be
        changed.

    Raises:
        VaultPlaceError: the new place is synchronised or on a network share.
        BadInputError: the place is refused, a vault of this name is there already, or too little room.
        NotAllowedError: the person is no manager.
        VaultBusyError: somebody has it open for writing.
        VaultDamagedError: it is not sound.
    """
    folder = folder.absolute()
    backup.refuse_destination(to_folder)
    place.refuse_bad_place(to_folder)
    target = to_folder.absolute() / folder.name
    if target == folder:
        raise BadInputError("The practice lies in this folder already. Nothing was moved; choose another one.")
    key, unlocked = unlock_vault(folder, passphrase, key_file=key_file)
    with contextlib.ExitStack() as stack:
        source = Line(folder / DATABASE_NAME, key, "read")
        stack.callback(source.close)
        with translated():
            check_layout(source.db)
            person = row(source.db, "SELECT * FROM person WHERE id = ? AND removed_at IS NULL", unlocked.slot.person_id)
        if person is None:
            raise WrongPassphraseError
        if person["role"] != Role.MANAGER:
            raise NotAllowedError
        lock = WriterLock(folder, person["name"], now())
        stack.callback(lock.release)
        with translated():
            source.db.execute("BEGIN")
            head = str(value(source.db, "SELECT hash FROM journal_head"))
        backup.clear_leftovers(target.parent)
        if not _is_copy(target, key, head):
            backup.refuse_existing(target)
            _copy(source, folder, target, person["id"], head, now, progress, check)
    return target, _put_aside(folder)


def _copy(
    source: Line,
    folder: Path,
    target: Path,
    person_id: str,
    head: str,
    now: Callable[[], datetime],
    progress: Callable[[int, int], None] | None,
    check: Callable[[], None] | None,
) -> None:
    with translated():
        size = value(source.db, "PRAGMA page_count") * PAGE_SIZE
        facts = backup.state_of(source.db)
    backup.refuse_little_room(target.parent, 2 * size)
    meter = Meter(4 * size, progress, check)
    with backup.workplace(target.parent, target.name) as part:
        made = part / "vault"
        made.mkdir(mode=0o700)
        backup.copy_database(source, made / DATABASE_NAME, meter)
        write_safely(made / keys.KEYS_NAME, keys.read_bytes(folder))
        if (folder / MARKER_NAME).is_file():
            write_safely(made / MARKER_NAME, (folder / MARKER_NAME).read_bytes())
        copied = source.sibling(made / DATABASE_NAME, "read")
        try:
            with translated():
                if backup.state_of(copied.db) != facts:
                    raise VaultDamagedError("The copy", "does not hold what the vault held")
        finally:
            copied.close()
        # Opened for writing: a vault of an older version is brought up to date here, where it may be written.
        with Vault.open_with_key(made, source.key, person_id, now, read_only=False) as vault:
            line = vault.own_line()
            try:
                backup.refuse_unsound(line, meter)
            finally:
                line.close()
            with vault.write(Event.VAULT_MOVED) as tx:
                tx.note(head=head, host=platform.node(), was=place.place_of(folder).provider)
        sync_folder(made)
        backup.refuse_existing(target)
        made.rename(target)
        sync_folder(target.parent)
    meter.finish()


def _is_copy(target: Path, key: bytes, head: str) -> bool:
    """Tell whether a move of this very state was killed after the copy was complete."""
    try:
        line = Line(target / DATABASE_NAME, key, "read")
    except VaultError:
        return False
    try:
        change = value(
            line.db, "SELECT change FROM journal WHERE event = ? ORDER BY seq DESC LIMIT 1", str(Event.VAULT_MOVED)
        )
        return change is not None and json.loads(change).get("head") == head
    finally:
        line.close()


def _put_aside(folder: Path) -> Path:
    """Give the old vault its other name; where the system refuses, it keeps the old one."""
    for number in range(1, 100):
        aside = folder.with_name(folder.name + (MOVED if number == 1 else f"{MOVED[:-1]} {number})"))
        if aside.exists():
            continue
        try:
            folder.rename(aside)
        except OSError:
            return folder
        with contextlib.suppress(VaultError, OSError):
            sync_folder(aside.parent)
        return aside
    return folder
