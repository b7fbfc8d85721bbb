"""The vault: the encrypted store of one practice, all years."""

import contextlib
import hashlib
import json
import os
import platform
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlite_utils import Database

from mips_desk.domain.evidence import EvidenceItem, Export, Selection, UseEntry
from mips_desk.domain.official import OfficialList
from mips_desk.domain.practice import Clinician, Person, Practice, Role, YearProfile
from mips_desk.errors import BadInputError

from . import journal, key_record, keys, records, retention
from .checks import ALL, Problem, Scope, check, name_original, work
from .clock import ClockWatch
from .connection import Line, row, rows, value
from .disk import sync_file, sync_folder
from .errors import (
    NotAllowedError,
    NotInVaultError,
    VaultDamagedError,
    VaultError,
    VaultGoneError,
    VaultReadOnlyError,
    WrongPassphraseError,
    translated,
    translated_files,
)
from .ids import IdMaker
from .journal import Event, JournalEntry
from .layout import bring_up_to_date, check_layout, fill_new, transaction
from .lock import WriterLock
from .meter import Meter
from .migrations import MIGRATIONS
from .opening import DATABASE_NAME as DATABASE_NAME
from .opening import typed_secrets, unlock_with
from .opening import unlock_vault as unlock_vault
from .place import refuse_bad_place
from .transaction import Tx

_LIVE_EVIDENCE = (
    "SELECT evidence.*, EXISTS (SELECT 1 FROM tombstone WHERE tombstone.evidence_id = evidence.id) AS destroyed,"
    " (SELECT letter FROM desktop WHERE desktop.id = evidence.origin) AS letter"
    " FROM evidence JOIN selection ON selection.id = evidence.selection_id"
    " WHERE evidence.removed_at IS NULL AND selection.removed_at IS NULL"
)


def inside_vault(path: Path) -> bool:
    """Tell whether a place lies inside the folder of a vault, where nothing but the vault's own files belongs.

    Args:
        path: a file or folder that need not exist; links are followed.
    """
    folders = Path(os.path.realpath(path)).parents
    return any((each / keys.KEYS_NAME).is_file() and (each / DATABASE_NAME).is_file() for each in folders)


class Vault:
    """An open vault. Made by `create` or `open`; close it, or use it in a `with` statement.

    Reads may be called from any thread. They see what was committed when they began, never half a write, and raise
    `VaultDamagedError` when bytes on the disk are not what was written.

    Attributes:
        folder: the vault.
        person: who opened it.
        read_only: True: `write` is refused.
        new_id: makes identifiers that sort by time, for records whose id the caller needs beforehand.
        now: the clock.
    """

    def __init__(
        self,
        folder: Path,
        person: Person,
        now: Callable[[], datetime],
        reader: Line,
        writer: Line | None,
        lock: WriterLock | None,
    ):
        """Take over open connections; see `create` and `open`."""
        self.folder = folder
        self.person = person
        self.read_only = writer is None
        self.new_id = IdMaker(now)
        self.now = now
        self._reader = reader
        self._writer = writer
        self._writer_thread: int | None = None
        self._lock = lock
        self._place = _identity(folder / DATABASE_NAME)
        self._watch: ClockWatch | None = None

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase: str,
        *,
        practice: Practice,
        person_name: str,
        now: Callable[[], datetime],
        key_cost: keys.KeyCost | None = None,
    ) -> "Vault":
        """Make a new vault, all of it or nothing, and open it for writing.

        Args:
            folder: the vault to be; must not exist, its parent must.
            passphrase: of the first person; not empty.
            practice: whose vault it is.
            person_name: name of the first person, who becomes its manager.
            now: the clock; must give aware datetimes.
            key_cost: what a guess at the passphrase costs; None outside of tests.

        Raises:
            BadInputError: something is there already, the passphrase is empty, or the parent folder is missing.
            VaultPlaceError: the folder is synchronised or on a network share.
            VaultFullError: no room on the disk.
            VaultDiskError: the place cannot be written.
        """
        if folder.exists():
            raise BadInputError(f"There is something named {folder.name} already. Nothing was made; choose a new name.")
        if not folder.parent.is_dir():
            raise BadInputError("The folder for the new vault does not exist. Nothing was made; choose another place.")
        refuse_bad_place(folder)
        new_id = IdMaker(now)
        vault_id, at, key = new_id(), now(), keys.new_vault_key()
        person = Person(new_id(), person_name, Role.MANAGER)
        with translated():
            secret, cost = keys.new_secret(passphrase), key_cost or keys.KeyCost()
            slot = keys.make_slot(vault_id, new_id(), person, key, "passphrase", secret, at, cost)
        building = folder.with_name(f"{folder.name}.{os.urandom(4).hex()}.new")
        try:
            with translated_files(), translated():
                building.mkdir(mode=0o700)
                key_file = keys.make_file(key, vault_id, 1, Event.VAULT_CREATED, person.id, at, (slot,))
                fill_new(building / DATABASE_NAME, key, vault_id, practice, person, at, key_file)
                keys.write_bytes(building, key_file)
                sync_file(building / DATABASE_NAME)
                sync_folder(building)
                building.rename(folder)
                sync_folder(folder.parent)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        return cls.open_with_key(folder, key, person.id, now, read_only=False)

    @classmethod
    def open(
        cls,
        folder: Path,
        passphrase: str,
        *,
        now: Callable[[], datetime],
        person_id: str = "",
        key_file: Path | None = None,
        read_only: bool = False,
        raise_to: keys.KeyCost | None = None,
    ) -> "Vault":
        """Open a vault; for writing this is logged in its journal, and older vaults are brought up to date.

        Args:
            folder: the vault.
            passphrase: of any of its people. Somebody with the role reader always reads only.
            now: the clock; must give aware datetimes.
            person_id: try only this person's passphrase; empty: everybody's, one after the other.
            key_file: the person's key file, if there is one.
            read_only: True: leave the vault as it is and let others write.
            raise_to: what a guess at the passphrase shall cost at least from now on; None: what it costs already.

        Raises:
            NotAVaultError: the folder holds no vault.
            WrongPassphraseError: nobody's passphrase.
            VaultBusyError: somebody else writes; names who.
            VaultTooNewError: made by a newer version.
            VaultDamagedError: bytes are not what was written.
            VaultReadOnlyError: opened to read only, but made by an older version and not brought up to date yet.
            VaultPlaceError: opened for writing in a folder that is synchronised or on a network share.
            BadInputError: the key file cannot be read.
        """
        secrets = typed_secrets(passphrase, key_file)
        return cls.open_with(folder, secrets, now=now, person_id=person_id, read_only=read_only, raise_to=raise_to)

    @classmethod
    def open_with(
        cls,
        folder: Path,
        secrets: Mapping[keys.Kind, bytes],
        *,
        now: Callable[[], datetime],
        person_id: str = "",
        read_only: bool = False,
        raise_to: keys.KeyCost | None = None,
    ) -> "Vault":
        """Open a vault with any kind of secret; `open` explains the rest.

        Args:
            folder: the vault.
            secrets: the secret for each kind of slot to try.
            now: the clock.
            person_id: whose; with the recovery sheet, who acts.
            read_only: see `open`.
            raise_to: see `open`.
        """
        key, unlocked = unlock_with(folder, secrets, person_id)
        vault = cls.open_with_key(folder, key, unlocked.slot.person_id or person_id, now, read_only)
        if not vault.read_only:
            try:
                with vault.write(Event.LOGIN) as tx:
                    tx.note(host=platform.node())
                    if unlocked.slot.kind not in keys.TYPED:
                        tx.note(opened_with=unlocked.slot.kind)
                key_record.settle(vault, unlocked, raise_to)
            except BaseException:
                vault.close()
                raise
        return vault

    @classmethod
    def open_with_key(
        cls, folder: Path, key: bytes, person_id: str, now: Callable[[], datetime], read_only: bool
    ) -> "Vault":
        """Open a vault whose key is known already; `open` says what may go wrong. Logs nothing.

        Args:
            folder: the vault.
            key: the vault key.
            person_id: whose slot gave it.
            now: the clock; must give aware datetimes.
            read_only: True: leave the vault as it is and let others write.
        """
        path = folder / DATABASE_NAME
        with contextlib.ExitStack() as undo:
            reader = Line(path, key, "read")
            undo.callback(reader.close)
            with translated():
                check_layout(reader.db)
                person = _person(reader.db, person_id)
                older = bool(MIGRATIONS.pending(reader.db))
            if read_only or person.role is Role.READER:
                if older:
                    raise VaultReadOnlyError(
                        "This vault was made by an older version of MIPS Desk. Open it once for writing to bring it up"
                        " to date."
                    )
                undo.pop_all()
                return cls(folder, person, now, reader, None, None)
            refuse_bad_place(folder)
            lock = WriterLock(folder, person.name, now())
            undo.callback(lock.release)
            writer = Line(path, key, "write")
            undo.callback(writer.close)
            with translated(), translated_files():
                # Asked again: whoever held the lock before may have done it.
                if MIGRATIONS.pending(writer.db):
                    bring_up_to_date(folder, key, writer.db, person, now())
            undo.pop_all()
        return cls(folder, person, now, reader, writer, lock)

    def close(self) -> None:
        """Close the vault and let others write; closing twice does no harm.

        A write that is under way in another thread is waited for.
        """
        self._reader.close()
        if self._writer is not None:
            self._writer.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> "Vault":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def practice(self) -> Practice:
        """Return the practice."""
        with self.reading() as db:
            return records.practice_of(_one(db, "SELECT * FROM practice"))

    def clinicians(self) -> tuple[Clinician, ...]:
        """Return the clinicians in order of entry, without removed ones."""
        with self.reading() as db:
            found = rows(db, "SELECT * FROM clinician WHERE removed_at IS NULL ORDER BY entered, seq")
            return tuple(map(records.clinician_of, found))

    def years(self) -> tuple[int, ...]:
        """Return the years with a profile, newest first."""
        with self.reading() as db:
            return tuple(found["year"] for found in rows(db, "SELECT year FROM profile ORDER BY year DESC"))

    def profile(self, year: int) -> YearProfile | None:
        """Return what the practice is in a year, or None when that was not entered."""
        with self.reading() as db:
            found = row(db, "SELECT * FROM profile WHERE year = ?", year)
            return records.profile_of(found) if found else None

    def selections(self, year: int) -> tuple[Selection, ...]:
        """Return the activities chosen for a year, in order of choosing, without removed ones."""
        with self.reading() as db:
            found = rows(
                db, "SELECT * FROM selection WHERE year = ? AND removed_at IS NULL ORDER BY entered, seq", year
            )
            return tuple(map(records.selection_of, found))

    def selection(self, selection_id: str) -> Selection:
        """Return a selection.

        Raises:
            NotInVaultError: it is unknown or removed.
        """
        with self.reading() as db:
            found = row(db, "SELECT * FROM selection WHERE id = ? AND removed_at IS NULL", selection_id)
            if found is None:
                raise NotInVaultError("This activity")
            return records.selection_of(found)

    def evidence(self, year: int) -> tuple[EvidenceItem, ...]:
        """Return all evidence of a year, by selection in order of choosing, then by number, without removed items."""
        with self.reading() as db:
            found = rows(
                db,
                f"{_LIVE_EVIDENCE} AND selection.year = ?"
                " ORDER BY selection.entered, selection.seq, evidence.number, evidence.origin",
                year,
            )
            return tuple(map(records.evidence_of, found))

    def evidence_item(self, evidence_id: str) -> EvidenceItem:
        """Return an evidence item.

        Raises:
            NotInVaultError: it is unknown, or removed, or its activity is.
        """
        with self.reading() as db:
            found = row(db, f"{_LIVE_EVIDENCE} AND evidence.id = ?", evidence_id)
            if found is None:
                raise NotInVaultError("This evidence item")
            return records.evidence_of(found)

    def uses(self, year: int) -> tuple[UseEntry, ...]:
        """Return the dates of use of a year's selections by day, without removed ones."""
        with self.reading() as db:
            found = rows(
                db,
                "SELECT use_entry.* FROM use_entry JOIN selection ON selection.id = use_entry.selection_id"
                " WHERE selection.year = ? AND use_entry.removed_at IS NULL AND selection.removed_at IS NULL"
                " ORDER BY use_entry.day, use_entry.id",
                year,
            )
            return tuple(map(records.use_of, found))

    def marks(self, evidence_id: str) -> bytes:
        """Return the newest revision of the marks of an item as JSON, or b"" when it has none.

        Raises:
            OriginalDestroyedError: the item was destroyed; without its marks the picture must not be shown, also where
                another item keeps the original.
        """
        with self.reading() as db:
            retention.refuse_destroyed(db, evidence_id)
            data = value(
                db,
                "SELECT data FROM marks JOIN evidence ON evidence.id = evidence_id"
                " AND revision = marks_revision AND marks.origin = marks_origin WHERE evidence_id = ?",
                evidence_id,
            )
            return bytes(data) if data is not None else b""

    def original(self, sha256: str) -> bytes:
        """Return the bytes of an original after checking their hash.

        Args:
            sha256: hash of the bytes (hex).

        Raises:
            NotInVaultError: no original has this hash.
            OriginalDestroyedError: it was destroyed; says when, by whom and why.
            VaultDamagedError: the bytes are not what was stored; names the exhibit.
        """
        try:
            with self.reading() as db:
                data = value(db, "SELECT data FROM original WHERE sha256 = ?", sha256)
        except VaultDamagedError as error:
            raise self._damaged_original(sha256) from error
        if data is None:
            raise NotInVaultError("This original")
        if hashlib.sha256(data).hexdigest() != sha256:
            raise self._missing_original(sha256, data)
        return bytes(data)

    def exports(self) -> tuple[Export, ...]:
        """Return the records of all binders written, oldest first."""
        with self.reading() as db:
            return tuple(map(records.export_of, rows(db, "SELECT * FROM export ORDER BY julianday(at), seq")))

    def find_export(self, sha256: str) -> Export | None:
        """Return the record of the binder whose file has this hash (hex), or None."""
        with self.reading() as db:
            found = row(db, "SELECT * FROM export WHERE sha256 = ? ORDER BY seq DESC LIMIT 1", sha256)
            return records.export_of(found) if found else None

    def official(self, year: int) -> OfficialList | None:
        """Return CMS's texts of a year as loaded last, or None when none was loaded."""
        with self.reading() as db:
            found = row(db, "SELECT * FROM official WHERE year = ? ORDER BY id DESC LIMIT 1", year)
            return records.official_of(found) if found else None

    def officials(self) -> tuple[OfficialList, ...]:
        """Return every list of CMS's texts that was loaded, oldest first; the last of a year is the one in use."""
        with self.reading() as db:
            return tuple(map(records.official_of, rows(db, "SELECT * FROM official ORDER BY id")))

    def reported_years(self, activity_id: str) -> tuple[int, ...]:
        """Return the years in which an activity was attested, oldest first."""
        with self.reading() as db:
            found = rows(
                db,
                "SELECT DISTINCT year FROM selection"
                " WHERE activity_id = ? AND attested_on IS NOT NULL AND removed_at IS NULL ORDER BY year",
                activity_id,
            )
            return tuple(each["year"] for each in found)

    def setting(self, name: str) -> Any:
        """Return a setting of the practice as JSON values, or None when it was never set.

        Args:
            name: as given to `Tx.put_setting`.
        """
        with self.reading() as db:
            found = value(db, "SELECT value FROM setting WHERE name = ?", name)
            return json.loads(found) if found is not None else None

    def journal(self, *, after: int = 0, limit: int = 1000) -> tuple[JournalEntry, ...]:
        """Return journal entries, oldest first.

        Args:
            after: return entries with a higher number than this.
            limit: at most this many.
        """
        with self.reading() as db:
            found = rows(db, "SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
            return tuple(map(journal.entry_of, found))

    def journal_head(self) -> str:
        """Return the hash of the newest journal entry (hex)."""
        with self.reading() as db:
            return str(_one(db, "SELECT hash FROM journal_head")["hash"])

    def journal_tail(self, count: int, *, content_only: bool = False) -> tuple[JournalEntry, ...]:
        """Return the newest journal entries, oldest of them first.

        Args:
            count: at most this many.
            content_only: True: leave out logins, exports and updates. What is left ends in the same entry as long as
                nothing changes that a binder shows, however often it is opened and exported.
        """
        with self.reading() as db:
            found = rows(
                db,
                "SELECT * FROM journal WHERE event NOT IN (SELECT value FROM json_each(?)) ORDER BY seq DESC LIMIT ?",
                json.dumps(journal.NOT_CONTENT if content_only else ()),
                count,
            )
            return tuple(map(journal.entry_of, reversed(found)))

    def watch_clock(self, elapsed: Callable[[], float]) -> None:
        """Note from now on in the journal when the clock is set while the vault is open.

        Args:
            elapsed: seconds on a clock that cannot be set, see `clock.elapsed`.
        """
        self._watch = ClockWatch(self.now(), elapsed)

    def seal(self, purpose: str, data: bytes) -> bytes:
        """Encrypt data that lies outside the vault, so that only who has the vault's key can read or forge it.

        Args:
            purpose: what it is for; `unseal` must name the same.
            data: any bytes.
        """
        nonce = os.urandom(12)
        return nonce + AESGCM(self._reader.derived_key(purpose)).encrypt(nonce, data, None)

    def unseal(self, purpose: str, sealed: bytes) -> bytes:
        """Return what was given to `seal`.

        Raises:
            ValueError: it was sealed for another vault, key or purpose, or is damaged.
        """
        try:
            return AESGCM(self._reader.derived_key(purpose)).decrypt(sealed[:12], sealed[12:], None)
        except InvalidTag as error:
            raise ValueError("not sealed with this key") from error

    def check(
        self,
        scope: Scope = ALL,
        progress: Callable[[int, int], None] | None = None,
        check_cancel: Callable[[], None] | None = None,
    ) -> list[Problem]:
        """Check the vault as `verify_vault` does, on a connection of its own; reads and writes go on meanwhile."""
        line = self.own_line()
        try:
            return check(line, scope, Meter(work(line.db, scope), progress, check_cancel))
        finally:
            line.close()

    def own_line(self) -> Line:
        """Return a reading connection of its own for another module of the store, which closes it."""
        return self._reader.twin()

    @contextlib.contextmanager
    def write(self, event: Event) -> Iterator[Tx]:
        """Change the vault: everything in the `with` block and exactly one journal entry, or nothing.

        When the block ends without an exception, all of it is on the disk. When it ends with one, nothing was changed.

        Args:
            event: what is being done.

        Raises:
            VaultReadOnlyError: the vault is open for reading only.
            NotAllowedError: the person's role does not include this.
            VaultGoneError: its folder was moved, replaced or deleted meanwhile.
            VaultFullError: no room on the disk.
            VaultError: see `errors.from_sqlite`.
        """
        if self._writer is not None and event in journal.MANAGER_ONLY and self.person.role is not Role.MANAGER:
            raise NotAllowedError
        with self.writing() as (db, at, jumped):
            tx = Tx(db, at, self.person, self.new_id)
            try:
                yield tx
            finally:
                tx.end()
            journal.append(db, at, self.person, event, tx.change, jumped=jumped)

    @contextlib.contextmanager
    def writing(self) -> Iterator[tuple[Database, datetime, int]]:
        """Give a transaction to another module of the store, which appends the journal entries itself.

        Yields:
            The writing database, the moment, and `jumped` for `journal.append`.

        Raises:
            VaultError: see `write`.
        """
        if self._writer is None:
            raise VaultReadOnlyError
        if self._writer_thread == threading.get_ident():
            raise RuntimeError("write() inside write()")
        # A deleted file takes writes as before until the last program closes it; they would be lost without a word.
        if _identity(self.folder / DATABASE_NAME) != self._place:
            raise VaultGoneError
        with self._writer.lock:
            self._writer_thread = threading.get_ident()
            try:
                with translated(), transaction(self._writer.db) as db:
                    at = self.now()
                    assert at.tzinfo is not None, "the clock must give aware datetimes"
                    yield db, at, self._watch.jump(at) if self._watch else 0
                if self._watch:
                    self._watch.seen(at)
            except VaultDamagedError:
                self._writer.reconnect()
                raise
            finally:
                self._writer_thread = None

    @contextlib.contextmanager
    def alone(self) -> Iterator[Line]:
        """Give the writing connection to another module of the store while nothing of this vault reads or writes.

        The module may exchange the data file and the key of the connection. Reads of other threads wait.

        Raises:
            VaultReadOnlyError: the vault is open for reading only.
            VaultGoneError: see `write`.
        """
        if self._writer is None:
            raise VaultReadOnlyError
        if _identity(self.folder / DATABASE_NAME) != self._place:
            raise VaultGoneError
        with self._writer.lock, self._reader.lock:
            self._reader.db.close()
            try:
                yield self._writer
            finally:
                self._place = _identity(self.folder / DATABASE_NAME)
                self._reader.reconnect(self._writer.key)

    @property
    def key(self) -> bytes:
        """The vault key, for other modules of the store."""
        return self._reader.key

    @contextlib.contextmanager
    def aside(self) -> Iterator[Database]:
        """Give a reading database of its own, that sees one state throughout, for a module that reads for long."""
        line = self._reader.twin()
        try:
            with translated():
                line.db.execute("BEGIN")
                yield line.db
        finally:
            line.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Database]:
        """Give the reading database to another module of the store, with errors translated for a person."""
        with self._reader.lock:
            try:
                with translated():
                    yield self._reader.db
            except VaultDamagedError:
                self._reader.reconnect()
                raise
            except ValueError as error:
                raise VaultDamagedError("A record in this vault", "cannot be read") from error

    def _missing_original(self, sha256: str, data: bytes) -> VaultError:
        if not data:
            with self.reading() as db:
                if destroyed := retention.destroyed_error(db, sha256):
                    return destroyed
        return self._damaged_original(sha256)

    def _damaged_original(self, sha256: str) -> VaultDamagedError:
        with self.reading() as db:
            return VaultDamagedError(f"The original of {name_original(db, sha256)}")


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from every other one, also from one of its name; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _person(db: Database, person_id: str) -> Person:
    """Return a person of the vault; the passphrase of a removed one counts for nothing, also with an old key file."""
    found = row(db, "SELECT * FROM person WHERE id = ? AND removed_at IS NULL", person_id)
    if found is None:
        raise WrongPassphraseError
    return records.person_of(found)


def _one(db: Database, sql: str) -> dict[str, Any]:
    found = row(db, sql)
    if found is None:
        raise VaultDamagedError("A record that every vault has", "is missing from this one")
    return found
