"""The vault: the encrypted store of one practice, all years."""

import contextlib
import os
import platform
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlite_utils import Database

from mips_desk.domain.practice import Person, Practice, Role
from mips_desk.errors import BadInputError, MipsDeskError

from . import desktops, journal, key_record, keys, records
from .checks import ALL, Problem, Scope, check, work
from .clock import ClockWatch
from .connection import Line, row
from .disk import sync_file, sync_folder
from .errors import (
    NotAllowedError,
    VaultDamagedError,
    VaultGoneError,
    VaultReadOnlyError,
    WrongPassphraseError,
    translated,
    translated_files,
)
from .ids import IdMaker
from .journal import Event
from .layout import bring_up_to_date, check_layout, fill_new, transaction
from .lock import WriterLock
from .meter import Meter
from .migrations import MIGRATIONS
from .opening import DATABASE_NAME as DATABASE_NAME
from .opening import typed_secrets, unlock_with
from .opening import unlock_vault as unlock_vault
from .place import refuse_bad_place
from .reads import Reads
from .transaction import Tx


def inside_vault(path: Path) -> bool:
    """Tell whether a place lies inside the folder of a vault, where nothing but the vault's own files belongs.

    Args:
        path: a file or folder that need not exist; links are followed.
    """
    folders = Path(os.path.realpath(path)).parents
    return any((each / keys.KEYS_NAME).is_file() and (each / DATABASE_NAME).is_file() for each in folders)


class Vault(Reads):
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
        if self._lock is not None:
            with contextlib.suppress(MipsDeskError, OSError):
                key_record.put_back_lost(self)
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
            return check(line, scope, Meter(work(line, scope), progress, check_cancel))
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
            if self.person.role is not Role.MANAGER and journal.takes_manager(tx.change):
                raise NotAllowedError
            journal.append(db, at, self.person, event, tx.change, jumped=jumped)
            desktops.close_conflicts(db, at, tx.change)

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
