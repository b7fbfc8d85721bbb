"""One writer at a time: a lock of the operating system, and beside it a note that says who holds it.

The lock goes when its process goes, so a killed program never leaves a stale one. The note may outlive the process;
it is only ever read while somebody holds the lock.
"""

import contextlib
import errno
import os
import platform
import sys
from datetime import datetime
from pathlib import Path

import msgspec

from .disk import clear_leftovers, write_safely
from .errors import VaultBusyError, translated_files

LOCK_NAME = "vault.lock"
HOLDER_NAME = "opened-by.json"
_LARGEST_NOTE = 4096

_HELD = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}


class Holder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who has the vault open for writing.

    Attributes:
        person: name.
        host: name of the computer.
        since: moment of opening, with offset.
    """

    person: str
    host: str
    since: datetime


class WriterLock:
    """The right to write to a vault, held from construction to `release`.

    Raises:
        VaultBusyError: another program or window holds it; names who, where and since when, as far as known.
        VaultDiskError: the folder cannot be written or knows no locks.
    """

    def __init__(self, folder: Path, person: str, at: datetime):
        self._note = folder / HOLDER_NAME
        with translated_files():
            self._descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                if not try_lock(self._descriptor):
                    raise _busy(self._note)
                clear_leftovers(folder)
                write_safely(self._note, msgspec.json.encode(Holder(person, platform.node(), at)))
            except BaseException:
                os.close(self._descriptor)
                raise

    def release(self) -> None:
        """Let others write. The lock file itself stays: removing it could let two writers in."""
        with contextlib.suppress(OSError):
            self._note.unlink(missing_ok=True)
        _unlock(self._descriptor)
        os.close(self._descriptor)


def _busy(note: Path) -> VaultBusyError:
    try:
        with note.open("rb") as file:
            holder = msgspec.json.decode(file.read(_LARGEST_NOTE), type=Holder)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return VaultBusyError()
    person, host = (" ".join(text.split()) for text in (holder.person, holder.host))
    return VaultBusyError(person, host, f"{holder.since:%Y-%m-%d %H:%M}")


if sys.platform == "win32":
    import msvcrt

    def try_lock(descriptor: int) -> bool:
        """Lock an open file until it is closed; False: somebody else holds it."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in _HELD:
                return False
            raise
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    # flock and not lockf: it also keeps two windows of one process apart, and closing some other descriptor of the
    # file does not drop it.
    def try_lock(descriptor: int) -> bool:
        """Lock an open file until it is closed; False: somebody else holds it."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _HELD:
                return False
            raise
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
