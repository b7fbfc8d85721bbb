"""Connections to the encrypted database, with everything set that SQLCipher and SQLite must be told on every open."""

import os
import threading
from pathlib import Path
from typing import Any, Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlcipher3 import dbapi2 as dbapi
from sqlite_utils import Database

from .errors import translated, translated_files

#: "MIPS" in ASCII; tells a vault from any other database.
APPLICATION_ID = 0x4D495053
PAGE_SIZE = 4096

_BUSY_SECONDS = 5.0

Mode = Literal["create", "write", "read"]
_URI_MODES = {"create": "mode=rwc", "write": "mode=rw", "read": "mode=ro"}

_ALWAYS = (
    f"PRAGMA cipher_page_size = {PAGE_SIZE}",
    # Locking and wiping the memory of SQLCipher is left off: it guards page buffers only, while the same pictures and
    # texts live in Python objects that cannot be wiped, and it made writes up to 1.7 times slower.
    "PRAGMA cipher_memory_security = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)
_WRITING = (
    "PRAGMA journal_mode = WAL",
    # NORMAL may lose the last commit in a power cut.
    "PRAGMA synchronous = FULL",
    # On macOS a plain fsync leaves the bytes in the drive's own memory.
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
    "PRAGMA journal_size_limit = 67108864",
)


def connect(path: Path, key: bytes, mode: Mode) -> Database:
    """Open the database and prove that the key fits.

    Args:
        path: the database file.
        key: the vault key, 32 bytes.
        mode: create a new file, write, or read.

    Returns:
        A database in autocommit mode; transactions are begun by hand. May be used from any thread, by one at a time.

    Raises:
        VaultDamagedError: the key does not fit or the first page is damaged.
        VaultError: see `errors.from_sqlite`.
    """
    with translated():
        if mode == "create":
            # SQLite would let everybody read it who may enter the folder; its log gets the same rights.
            with translated_files():
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if mode != "read":
            return _connect(path, key, mode, _URI_MODES[mode])
        try:
            return _connect(path, key, mode, _URI_MODES[mode])
        except dbapi.OperationalError as error:
            # A folder that cannot be written (a CD, a read-only share) has no place for the index of the write-ahead
            # log. Without a log there is nothing to index, and the file may be read as it is.
            log = path.with_name(path.name + "-wal")
            no_place = error.sqlite_errorcode & 0xFF in (dbapi.SQLITE_CANTOPEN, dbapi.SQLITE_READONLY)
            if not no_place or (log.exists() and log.stat().st_size):
                raise
        return _connect(path, key, mode, "mode=ro&immutable=1")


def _connect(path: Path, key: bytes, mode: Mode, parameters: str) -> Database:
    connection = dbapi.connect(
        f"{path.absolute().as_uri()}?{parameters}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_SECONDS,
    )
    try:
        # SQLCipher would write its log to stderr.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.set_key(b"x'" + key.hex().encode() + b"'")
        for statement in _ALWAYS if mode == "read" else _ALWAYS + _WRITING:
            connection.execute(statement).fetchall()
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return Database(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def rows(db: Database, sql: str, *parameters: object) -> list[dict[str, Any]]:
    """Return all rows of a query as dictionaries; leaves no transaction open."""
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def row(db: Database, sql: str, *parameters: object) -> dict[str, Any] | None:
    """Return the first row of a query as a dictionary, or None."""
    found = rows(db, sql, *parameters)
    return found[0] if found else None


def value(db: Database, sql: str, *parameters: object) -> Any:
    """Return the first column of the first row of a query, or None when there is no row."""
    found = db.execute(sql, parameters).fetchall()
    return found[0][0] if found else None


class Line:
    """One connection, the lock that guards it, and the means to make it anew.

    SQLCipher refuses everything on a connection that has met a damaged page, so that one bad exhibit would make all
    others unreadable until the vault is reopened; `reconnect` is the way out.
    """

    def __init__(self, path: Path, key: bytes, mode: Mode):
        self.lock = threading.RLock()
        self.db = connect(path, key, mode)
        self._again = (path, key, mode)

    @property
    def key(self) -> bytes:
        """The vault key."""
        return self._again[1]

    def reconnect(self, key: bytes | None = None) -> None:
        """Close the connection, dropping what was not committed, and open it again.

        Args:
            key: the new vault key, when it was changed.
        """
        self.db.close()
        if key is not None:
            path, _old, mode = self._again
            self._again = (path, key, mode)
        self.db = connect(*self._again)

    def derived_key(self, purpose: str) -> bytes:
        """Return a key of 32 bytes that follows from the vault key and tells nothing about it (HKDF, RFC 5869).

        Args:
            purpose: what it is for; each purpose has a key of its own.
        """
        return HKDF(SHA256(), 32, salt=None, info=f"MIPS Desk {purpose}".encode()).derive(self._again[1])

    def twin(self) -> "Line":
        """Return another connection to the same file in the same mode."""
        return Line(*self._again)

    def sibling(self, path: Path, mode: Mode) -> "Line":
        """Return a connection to another file under the same key."""
        return Line(path, self._again[1], mode)

    def close(self) -> None:
        """Close the connection."""
        with self.lock, translated():
            self.db.close()
