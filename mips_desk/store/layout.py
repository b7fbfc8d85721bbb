"""The database file as a whole: made new, recognised, and brought up to date."""

import contextlib
import os
import platform
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlcipher3 import dbapi2 as dbapi
from sqlite_utils import Database

from mips_desk.domain.practice import Person, Practice

from . import journal
from .connection import APPLICATION_ID, connect, value
from .disk import sync_file, sync_folder
from .errors import VaultDamagedError, VaultTooNewError
from .ids import IdMaker
from .journal import Event
from .migrations import MAJOR, MIGRATIONS
from .transaction import Tx


@contextlib.contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """Make everything in the `with` block one transaction that takes the right to write at its start."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        # A full disk may have ended the transaction already, and the first error is the one to report.
        with contextlib.suppress(dbapi.Error):
            db.conn.rollback()
        raise


def fill_new(
    path: Path, key: bytes, vault_id: str, practice: Practice, person: Person, at: datetime, key_file: bytes
) -> None:
    """Make the database of a new vault with its first journal entry.

    Args:
        path: the file to be.
        key: the vault key.
        vault_id: identifier of the vault.
        practice: whose vault it is.
        person: its first person.
        at: now.
        key_file: the bytes of its keys.json.
    """
    db = connect(path, key, "create")
    try:
        MIGRATIONS.apply(db)
        with transaction(db):
            db.table("vault").insert({"one": 1, "id": vault_id, "created_at": at.isoformat()})
            db.table("person").insert({"id": person.id, "name": person.name, "role": str(person.role)})
            db.execute("INSERT INTO key_file (one, data) VALUES (1, ?)", (dbapi.Binary(key_file),))
            tx = Tx(db, at, person, IdMaker(lambda: at))
            tx.put_practice(practice)
            tx.note(vault=vault_id, host=platform.node())
            journal.append(db, at, person, Event.VAULT_CREATED, tx.change)
    finally:
        db.close()


def check_layout(db: Database) -> None:
    """Refuse what this version must not touch.

    Raises:
        VaultDamagedError: the database is not one of ours.
        VaultTooNewError: its layout is newer than this version knows.
    """
    if value(db, "PRAGMA application_id") != APPLICATION_ID:
        raise VaultDamagedError
    if value(db, "PRAGMA user_version") // 1000 > MAJOR:
        raise VaultTooNewError


def bring_up_to_date(folder: Path, key: bytes, db: Database, person: Person, at: datetime) -> None:
    """Copy the database, prove the copy, then take it to the newest layout.

    Raises:
        VaultDamagedError: the copy or the result does not pass SQLite's check.
    """
    before = value(db, "PRAGMA user_version")
    copy = folder / f"before-update-{before}-{at:%Y%m%dT%H%M%S}.db"
    making = copy.with_suffix(".part")
    for left in (copy, *folder.glob("before-update-*.part")):
        left.unlink(missing_ok=True)
    os.close(os.open(making, os.O_RDWR | os.O_CREAT, 0o600))
    db.execute("VACUUM INTO ?", (str(making),))
    sync_file(making)
    copied = connect(making, key, "read")
    try:
        _quick_check(copied)
    finally:
        copied.close()
    making.rename(copy)
    sync_folder(folder)
    MIGRATIONS.apply(db)
    _quick_check(db)
    with transaction(db):
        after = value(db, "PRAGMA user_version")
        journal.append(db, at, person, Event.VAULT_UPDATED, {"from": before, "to": after, "backup": copy.name})


def _quick_check(db: Database) -> None:
    if value(db, "PRAGMA quick_check") != "ok":
        raise VaultDamagedError
