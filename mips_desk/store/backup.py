"""Making backups and restoring them. Nothing counts before it was read back, opened and checked.

All work happens in a folder of its own beside the result, named `<result>.<random>.part`, which holds a lock while its
program lives. The result leaves it by one rename; what a killed program left is cleared by the next work in that place.
"""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as dbapi
from sqlite_utils import Database

from mips_desk import __version__
from mips_desk.errors import BadInputError

from . import backup_file, checks, key_record, keys, restored
from .backup_file import Contents, Manifest
from .connection import PAGE_SIZE, Line, row, value
from .disk import sync_file, sync_folder
from .errors import (
    NoBackupError,
    VaultDamagedError,
    VaultDiskError,
    VaultFullError,
    VaultReadOnlyError,
    translated,
    translated_files,
)
from .layout import check_layout
from .lock import try_lock
from .meter import Meter
from .migrations import MIGRATIONS
from .opening import DATABASE_NAME, unlock_vault
from .place import refuse_bad_place
from .vault import Vault, inside_vault

VAULT_SUFFIX = ".mipsvault"
_PART = re.compile(r"\.[0-9a-f]{8}\.part$")
_LOCK = "lock"
_PAGES_AT_ONCE = 1024
_COUNTED = ("clinician", "selection", "evidence", "original", "marks", "use_entry", "export", "journal")
#: Beside the copies there must be room for the two small contents and the file system's own needs.
_MARGIN = 8 << 20

Progress = Callable[[int, int], None] | None
Check = Callable[[], None] | None


def refuse_destination(folder: Path) -> None:
    """Refuse a folder that can hold no backup or restored vault.

    Args:
        folder: where something is to be written.

    Raises:
        BadInputError: it is no folder, lies inside a vault, or cannot be written.
    """
    if not folder.is_dir():
        raise BadInputError(f"There is no folder “{folder}”. Nothing was written; choose a folder that exists.")
    if inside_vault(folder / "any"):
        raise BadInputError(
            "This folder is a vault itself, and what is written into it would be lost with it. Nothing was written;"
            " choose another folder."
        )
    # Named like work in progress, so that a kill between the two leaves what the next one clears.
    probe = folder / f"probe.{os.urandom(4).hex()}.part"
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        raise BadInputError(
            "This folder cannot be written to. Nothing was written; choose another one, or change its permissions."
        ) from error


def same_drive(one: Path, other: Path) -> bool:
    """Tell whether two folders lie on the same drive, so that both would be lost with it."""
    with translated_files():
        return one.stat().st_dev == other.stat().st_dev


def make_backup(vault: Vault, target: Path, at: datetime, progress: Progress = None, check: Check = None) -> Contents:
    """Make a backup file of an open vault; others may read and write it meanwhile.

    The backup holds the state at the moment of the call. It is copied by SQLite's own backup, packed, read back from
    the packed file, opened with the vault's key, checked to the last original, and compared with the state at the
    start; then it gets its name.

    Args:
        vault: open for writing, as the backup is to be recorded.
        target: the file to be; nothing may exist there.
        at: now.
        progress: called with bytes done and in all.
        check: called often; raises CancelledError to stop, which leaves no file.

    Raises:
        BadInputError: the place is refused, something exists there, or there is too little room.
        VaultReadOnlyError: the vault is open for reading only.
        NoBackupError: the vault is not sound.
        VaultDamagedError: what was read back is not what was written.
        VaultFullError: the disk became full.
        VaultDiskError: the place cannot be read or written.
    """
    if vault.read_only:
        raise VaultReadOnlyError(
            "A backup is recorded in the vault, and this one is open for reading only. Nothing was made; open it for"
            " writing."
        )
    refuse_destination(target.parent)
    refuse_existing(target)
    with contextlib.ExitStack() as stack:
        source = vault.own_line()
        stack.callback(source.close)
        with _of_the_vault(), translated():
            source.db.execute("BEGIN")
            known_keys = key_record.recorded(source.db)
            if known_keys is None:
                raise VaultDamagedError("The record of the keys", "is missing from this vault")
            facts = state_of(source.db)
            size = value(source.db, "PRAGMA page_count") * PAGE_SIZE
            manifest = _manifest(source.db, vault.folder, at, facts)
        refuse_little_room(target.parent, 2 * size)
        # Copied, measured, packed, read, unpacked; then pages, structure and originals are checked.
        meter = Meter(8 * size, progress, check)
        part = stack.enter_context(workplace(target.parent, target.name))
        # Not from the folder, where it may be an older one by now, or gone.
        key_file = keys.encode_keys(known_keys)
        snapshot = part / "snapshot"
        with _of_the_vault():
            copy_database(source, snapshot, meter)
        packed = part / "packed"
        written = backup_file.pack(packed, snapshot, key_file, manifest, meter)
        snapshot.unlink()
        contents = backup_file.look_into(packed, meter)
        if contents.sha256 != written:
            raise VaultDamagedError("The backup", "is not what was written when it is read back")
        unpacked = part / "unpacked"
        unpacked.mkdir()
        backup_file.unpack(contents, unpacked, meter)
        if not keys.is_genuine(keys.read_keys(unpacked), source.key):
            raise VaultDamagedError("The key file keys.json", "does not fit the data file")
        copy = source.sibling(unpacked / DATABASE_NAME, "read")
        stack.callback(copy.close)
        with _of_the_vault():
            prove(copy, facts, meter)
        copy.close()
        refuse_existing(target)
        packed.rename(target)
        sync_folder(target.parent)
        meter.finish()
    return Contents(target, contents.size, contents.sha256, contents.manifest, contents.starts)


@contextlib.contextmanager
def _of_the_vault() -> Iterator[None]:
    """Say of damage that it is the vault's own, and what to do, now that no backup of it can be made."""
    try:
        yield
    except VaultDamagedError as error:
        raise NoBackupError(error.subject, error.state) from error


def restore(
    file: Path,
    folder: Path,
    passphrase: str = "",
    *,
    now: Callable[[], datetime],
    key_file: Path | None = None,
    progress: Progress = None,
    check: Check = None,
) -> Path:
    """Make a vault from a backup file; nothing that exists is touched.

    Args:
        file: the backup.
        folder: where the vault is to lie; its name is the one it had.
        passphrase: of any of its people; then it is also opened and checked before it counts. Empty: it is not.
        now: the clock.
        key_file: the person's key file, when the passphrase goes with one.
        progress: called with bytes done and in all.
        check: called often; raises CancelledError to stop, which leaves nothing.

    Returns:
        The vault's folder.

    Raises:
        BadInputError: no backup, a refused place, a vault of this name is there already, or too little room.
        VaultPlaceError: the folder is synchronised or on a network share.
        WrongPassphraseError: nobody's passphrase.
        BackupDamagedError: it is not byte for byte what was written.
        VaultDamagedError: what it holds is not sound.
    """
    refuse_destination(folder)
    refuse_bad_place(folder)
    size = file.stat().st_size if file.is_file() else 0
    meter = Meter(size * (5 if passphrase else 2), progress, check)
    contents = backup_file.look_into(file, meter)
    target = folder / (contents.manifest.name + VAULT_SUFFIX)
    refuse_existing(target)
    refuse_little_room(folder, size)
    with workplace(folder, target.name) as part:
        made = part / "vault"
        made.mkdir(mode=0o700)
        _unpack_and_prove(contents, made, passphrase, key_file, meter)
        restored.leave_marker(made, contents, now())
        sync_folder(made)
        refuse_existing(target)
        made.rename(target)
        sync_folder(folder)
    meter.finish()
    return target


def verify_backup(
    file: Path,
    passphrase: str = "",
    *,
    key_file: Path | None = None,
    progress: Progress = None,
    check: Check = None,
) -> list[checks.Problem]:
    """Check every byte of a backup file; with a passphrase also open what it holds and check that.

    Args:
        file: the backup.
        passphrase: of any of its people; empty: only the bytes are checked.
        key_file: the person's key file, when the passphrase goes with one.
        progress: called with bytes done and in all.
        check: called often; raises CancelledError to stop.

    Returns:
        What is not sound; empty when all is.

    Raises:
        BadInputError: no backup, or there is no room to unpack it.
        WrongPassphraseError: nobody's passphrase.
        VaultTooNewError: made by a newer version.
    """
    meter = Meter(file.stat().st_size * (5 if passphrase else 1) if file.is_file() else 0, progress, check)
    try:
        contents = backup_file.look_into(file, meter)
        if not passphrase:
            return []
        # Beside the file, where there was room for it once; a place that takes no files has none.
        with contextlib.ExitStack() as stack:
            try:
                part = stack.enter_context(workplace(file.parent, file.name))
            except VaultDiskError:
                part = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            refuse_little_room(part, contents.size)
            made = part / "vault"
            made.mkdir(mode=0o700)
            _unpack_and_prove(contents, made, passphrase, key_file, meter)
    except VaultDamagedError as error:
        return [checks.Problem(error.subject, error.state)]
    return []


@contextlib.contextmanager
def workplace(folder: Path, name: str) -> Iterator[Path]:
    """Give a new folder for work in progress, and remove it with all that is left in it.

    Args:
        folder: where the result is to lie; what killed programs left there is cleared first.
        name: of the result.

    Raises:
        VaultFullError: no room.
        VaultDiskError: anything else that the operating system refused, also in the `with` block.
    """
    with translated_files():
        clear_leftovers(folder)
        part = folder / f"{name}.{os.urandom(4).hex()}.part"
        part.mkdir(mode=0o700)
        descriptor = -1
        try:
            descriptor = os.open(part / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            with contextlib.suppress(OSError):  # a share without locks: then nobody can tell that it was left behind
                try_lock(descriptor)
            yield part
        finally:
            if descriptor >= 0:
                os.close(descriptor)
            _remove(part)


def copy_database(source: Line, target: Path, meter: Meter) -> None:
    """Copy a database as it was when the transaction of its connection began, under the same key.

    Args:
        source: a connection inside a reading transaction, which keeps later writes out of the copy.
        target: the file to be; without a log beside it, and durable.
        meter: told of its size.

    Raises:
        VaultDamagedError: a page is not what was written.
        VaultFullError: no room.
        VaultDiskError: anything else that the operating system refused.
    """
    copy = source.sibling(target, "create")
    try:
        # A copy that is cut off is thrown away, so it needs no log; it is made durable as a whole.
        with translated():
            copy.db.execute("PRAGMA journal_mode = OFF").fetchall()
            copy.db.execute("PRAGMA synchronous = OFF")
            left = value(source.db, "PRAGMA page_count")

        def report(_status: int, remaining: int, _total: int) -> None:
            nonlocal left
            meter.add((left - remaining) * PAGE_SIZE)
            left = remaining

        try:
            source.db.conn.backup(copy.db.conn, pages=_PAGES_AT_ONCE, progress=report)
            copy.db.execute("PRAGMA journal_mode = DELETE").fetchall()
        except dbapi.Error as error:
            # The backup tells no result code, only its sentence.
            if "full" in str(error):
                raise VaultFullError from error
            damaged = "malformed" in str(error) or "not a database" in str(error)
            raise (VaultDamagedError if damaged else VaultDiskError)() from error
    finally:
        copy.close()
    sync_file(target)


def prove(line: Line, facts: dict[str, Any], meter: Meter) -> None:
    """Check a copy to the last original and compare it with the state that it is to hold.

    Args:
        line: a reading connection to it that nobody else uses.
        facts: as `state_of` or a manifest gave them.
        meter: told of three times its size.

    Raises:
        VaultDamagedError: it is not sound, or not that state.
    """
    refuse_unsound(line, meter)
    with translated():
        if state_of(line.db) != facts:
            raise VaultDamagedError("The copy", "does not hold what the vault held")


def refuse_unsound(line: Line, meter: Meter) -> None:
    """Check a database to the last original.

    Args:
        line: a reading connection to it that nobody else uses.
        meter: told of three times its size.

    Raises:
        VaultDamagedError: it is not sound; names the first place.
    """
    if found := checks.check(line, checks.ALL, meter):
        raise VaultDamagedError(found[0].where, found[0].what)


def _unpack_and_prove(contents: Contents, folder: Path, passphrase: str, key_file: Path | None, meter: Meter) -> None:
    manifest = contents.manifest
    backup_file.unpack(contents, folder, meter)
    if keys.read_keys(folder).vault != manifest.vault:
        raise VaultDamagedError("The key file keys.json", "belongs to another vault")
    if not passphrase:
        return
    key, _slot = unlock_vault(folder, passphrase, key_file=key_file)
    with contextlib.ExitStack() as stack:
        line = Line(folder / DATABASE_NAME, key, "read")
        stack.callback(line.close)
        with translated():
            check_layout(line.db)
            facts = state_of(line.db)
            same = value(line.db, "SELECT id FROM vault") == manifest.vault
        if not same or facts != _said(manifest):
            raise VaultDamagedError("The backup", "does not hold what it says")
        with newest(line, folder.parent, meter) as copy:
            prove(copy, facts, meter)


@contextlib.contextmanager
def newest(line: Line, folder: Path, meter: Meter) -> Iterator[Line]:
    """Give a database in the newest layout, as a copy where it is in an older one, so that all of it can be checked.

    Args:
        line: a reading connection to it.
        folder: where a copy may lie for a while.
        meter: told of its size when it is copied.
    """
    if not MIGRATIONS.pending(line.db):
        yield line
        return
    scratch = folder / "newest"
    with translated():
        line.db.execute("BEGIN")
        try:
            copy_database(line, scratch, meter)
        finally:
            line.db.execute("ROLLBACK")
    copy = line.sibling(scratch, "write")
    try:
        with translated():
            MIGRATIONS.apply(copy.db)
        yield copy
    finally:
        copy.close()


def _manifest(db: Database, folder: Path, at: datetime, facts: dict[str, Any]) -> Manifest:
    kept = "".join(" " if c in '/\\:*?"<>|' or c < " " else c for c in folder.name.removesuffix(VAULT_SUFFIX))
    return Manifest(
        name=kept.strip(" .")[:200].strip(" .") or "Practice",
        vault=value(db, "SELECT id FROM vault"),
        made_at=at.isoformat(),
        app_version=__version__,
        layout=value(db, "PRAGMA user_version"),
        **facts,
    )


def state_of(db: Database) -> dict[str, Any]:
    """Return what tells the state of a vault from every other one: as a manifest says it."""
    head = row(db, "SELECT seq, hash FROM journal_head")
    assert head is not None, "the first migration makes the head"
    counts = {table: db.table(table).count for table in _COUNTED}
    return {"journal_seq": head["seq"], "journal_head": head["hash"], "counts": counts}


def _said(manifest: Manifest) -> dict[str, Any]:
    return {name: getattr(manifest, name) for name in ("journal_seq", "journal_head", "counts")}


def clear_leftovers(folder: Path) -> None:
    """Remove what killed programs left of work in progress; what a living one works on stays.

    Args:
        folder: where they worked.
    """
    for part in folder.iterdir():
        if not _PART.search(part.name) or part.is_symlink() or not part.is_dir():
            continue
        with contextlib.suppress(OSError):
            if not (part / _LOCK).exists():
                part.rmdir()
                continue
            descriptor = os.open(part / _LOCK, os.O_RDWR)
            try:
                dead = try_lock(descriptor)
            finally:
                os.close(descriptor)
            if dead:
                _remove(part)


def _remove(part: Path) -> None:
    """Remove a folder with all that is in it; the lock last, so that without one it is empty, whenever this is cut."""
    for each in sorted(part.iterdir(), key=lambda each: each.name == _LOCK):
        if each.is_dir():
            shutil.rmtree(each, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                each.unlink()
    with contextlib.suppress(OSError):
        part.rmdir()


def refuse_existing(target: Path) -> None:
    """Refuse to write over anything.

    Raises:
        BadInputError: there is something.
    """
    with translated_files():
        exists = target.exists() or target.is_symlink()
    if exists:
        raise BadInputError(
            f"There is something named {target.name} already, and nothing is ever overwritten. Choose another folder,"
            " or rename what is there."
        )


def refuse_little_room(folder: Path, needed: int) -> None:
    """Refuse to begin what the drive has no room for.

    Args:
        folder: where it is to be written.
        needed: bytes.

    Raises:
        BadInputError: there is less.
    """
    with translated_files():
        free = shutil.disk_usage(folder).free
    if free < needed + _MARGIN:
        raise BadInputError(
            f"This needs about {_megabytes(needed + _MARGIN)} on the drive, and {_megabytes(free)} are free. Nothing"
            " was written; free some space or choose another drive."
        )


def _megabytes(size: int) -> str:
    return f"{-(-size // 1_000_000):,} MB" if size < 10_000_000_000 else f"{-(-size // 1_000_000_000):,} GB"
