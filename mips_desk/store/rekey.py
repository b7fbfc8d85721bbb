"""A new vault key, so that whoever had the old one reads nothing from now on.

The whole data file is copied page by page into a new one under the new key, with the journal entry in it, and checked
against the old one. Then the key file gets both keys, the new data file takes the place of the old one in one step, and
the key file gets the new key alone. At any moment one of the keys in the key file fits the data file.
"""

import contextlib
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
from sqlcipher3 import dbapi2 as dbapi
from sqlite_utils import Database

from mips_desk.domain.practice import Role
from mips_desk.errors import MipsDeskError

from . import desktops, journal, keys
from .connection import connect, row, rows, value
from .disk import sync_file, sync_folder
from .errors import (
    NotAllowedError,
    VaultDamagedError,
    VaultFullError,
    VaultInUseError,
    translated,
    translated_files,
)
from .journal import Event
from .key_record import recorded
from .layout import transaction
from .opening import DATABASE_NAME, REKEY_NAME, remove_leftovers, remove_old_copies
from .vault import Vault

_PAGES_AT_ONCE = 1000


def rekey(
    vault: Vault, *, progress: Callable[[int, int], None] | None = None, check: Callable[[], None] | None = None
) -> None:
    """Encrypt the vault with a new key; everybody who may open it still can, with what they know.

    Args:
        vault: opened by a manager.
        progress: told how much is done and how much there is: copying counts for two thirds, the proof for the rest.
        check: raises to cancel; nothing was changed then.

    Raises:
        NotAllowedError: a manager does this.
        VaultInUseError: another program or window has the vault open.
        VaultFullError: there is no room for a second copy.
        VaultDamagedError: the copy is not what was copied; the vault is as it was.
    """
    if not vault.read_only and vault.person.role is not Role.MANAGER:
        raise NotAllowedError
    folder, new_path = vault.folder, vault.folder / REKEY_NAME
    key, check = keys.new_vault_key(), check or (lambda: None)
    progress = progress or (lambda _done, _total: None)
    with vault.alone() as line, translated_files(), translated():
        before = keys.read_bytes(folder)
        try:
            remove_leftovers(folder)
            if shutil.disk_usage(folder).free < (folder / DATABASE_NAME).stat().st_size * 1.05:
                raise VaultFullError
            _shut_others_out(line.db)
            both, only_new = _key_files(vault, line.db, key)
            pages = _copy(line.db, new_path, key, progress, check)
            _finish(vault, line.db, new_path, key, only_new)
            progress(3 * pages, 3 * pages)
            check()
            keys.write_bytes(folder, both)
            line.db.close()
            new_path.replace(folder / DATABASE_NAME)
        except BaseException:
            line.reconnect()
            with contextlib.suppress(MipsDeskError, OSError):
                remove_leftovers(folder)
                if keys.read_bytes(folder) != before:
                    keys.write_bytes(folder, before)
            raise
        line.reconnect(key)
        # From here on the vault has its new key; what fails now is finished by the next opening for writing.
        with contextlib.suppress(MipsDeskError, OSError):
            sync_folder(folder)
            keys.write_bytes(folder, only_new)
            remove_old_copies(folder)


def _shut_others_out(db: Database) -> None:
    """Leave write-ahead logging, which only the last connection can, and keep everybody else out from now on.

    A log or index that belongs to the old file would ruin the new one.
    """
    try:
        left = value(db, "PRAGMA journal_mode = DELETE")
        db.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        db.execute("BEGIN EXCLUSIVE")
        db.execute("COMMIT")
    except dbapi.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (dbapi.SQLITE_BUSY, dbapi.SQLITE_LOCKED):
            raise VaultInUseError from error
        raise
    if left != "delete":
        raise VaultInUseError


def _key_files(vault: Vault, db: Database, key: bytes) -> tuple[bytes, bytes]:
    """Return the key file with both keys, made under the old one, and that with the new one alone.

    Only slots that the vault knows are given the new key: one that was smuggled into the key file gets nothing. Of
    several passphrases of somebody else the newest alone does: an older one came back with an old key file.
    """
    record = recorded(db)
    if record is None:
        raise VaultDamagedError("The record of the keys", "is missing from this vault")
    known = {found["id"] for found in rows(db, "SELECT id FROM person WHERE removed_at IS NULL")} | {""}
    newest = {slot.person_id: slot.id for slot in sorted(record.slots, key=_set_at) if slot.kind in keys.TYPED}
    now = {
        slot: keys.seal_key(record.vault, slot, key)
        for slot in record.slots
        if slot.person_id in known
        and (slot.kind not in keys.TYPED or slot.person_id == vault.person.id or newest[slot.person_id] == slot.id)
    }
    both = [msgspec.structs.replace(slot, next_key=sealed) for slot, sealed in now.items()]
    new = [msgspec.structs.replace(slot, vault_key=sealed) for slot, sealed in now.items()]
    at, by, serial = vault.now(), vault.person.id, record.serial
    return (
        keys.make_file(vault.key, record.vault, serial + 1, Event.VAULT_REKEYED, by, at, both),
        keys.make_file(key, record.vault, serial + 2, Event.VAULT_REKEYED, by, at, new),
    )


def _set_at(slot: keys.Slot) -> datetime:
    return datetime.fromisoformat(slot.made_at)


def _copy(
    db: Database, new_path: Path, key: bytes, progress: Callable[[int, int], None], check: Callable[[], None]
) -> int:
    """Copy all pages and return how many they are."""

    def step(_status: int, left: int, total: int) -> None:
        check()
        progress(2 * (total - left), 3 * total)

    new = connect(new_path, key, "create")
    try:
        new.execute("PRAGMA journal_mode = DELETE").fetchall()
        db.conn.backup(new.conn, pages=_PAGES_AT_ONCE, progress=step)
        return int(value(new, "PRAGMA page_count"))
    finally:
        new.close()


def _finish(vault: Vault, old: Database, new_path: Path, key: bytes, key_file: bytes) -> None:
    """Write into the copy what happened, and prove it against the old file."""
    new = connect(new_path, key, "write")
    try:
        new.execute("PRAGMA journal_mode = DELETE").fetchall()
        with transaction(new):
            new.execute("UPDATE key_file SET data = ?, rekey_due = 0", (dbapi.Binary(key_file),))
            # Whoever was shut out must not read the hand-over files of tomorrow.
            desktops.change_handover_key(new, os.urandom(keys.KEY_BYTES))
            journal.append(new, vault.now(), vault.person, Event.VAULT_REKEYED, {})
        if value(new, "PRAGMA quick_check") != "ok" or not _same(old, new):
            raise VaultDamagedError("The copy of the data file", "is not what was copied")
    finally:
        new.close()
    sync_file(new_path)


def _same(old: Database, new: Database) -> bool:
    """Tell whether a copy holds as many of everything as the old file, and one more journal entry that follows.

    There is also one more key of hand-over files.
    """
    for pragma in ("application_id", "user_version"):
        if value(old, f"PRAGMA {pragma}") != value(new, f"PRAGMA {pragma}"):
            return False
    schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
    if rows(old, schema) != rows(new, schema):
        return False
    tables = [found["name"] for found in rows(old, "SELECT name FROM sqlite_schema WHERE type = 'table'")]
    counts = {name: [db.table(name).count for db in (old, new)] for name in tables}
    counts["journal"][0] += 1
    counts["handover_key"][0] += 1
    head, newest = row(old, "SELECT * FROM journal_head"), row(new, "SELECT * FROM journal ORDER BY seq DESC LIMIT 1")
    follows = (
        head is not None and newest is not None and (head["seq"] + 1, head["hash"]) == (newest["seq"], newest["prev"])
    )
    return follows and all(one == other for one, other in counts.values())
