"""A file layer between SQLite and the operating system that can fail on order and writes down what passes.

SQLite reaches files through a table of functions (sqlite.org/vfs.html). `shimmed` registers a copy of the real table
as the new default, in which opening, writing, cutting, syncing and deleting pass through Python first; everything else
goes straight to the real functions. The app's own code runs unchanged on top of it.

Linux and macOS only: there the wheel of sqlcipher3 shows SQLite's functions to others.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3 import _sqlite3

#: Result codes (sqlite.org/rescode.html).
OK = 0
FULL = 13
IOERR_WRITE = 10 | 3 << 8
IOERR_FSYNC = 10 | 4 << 8
IOERR_TRUNCATE = 10 | 6 << 8
IOERR_DELETE = 10 | 10 << 8
CANTOPEN = 14

_I64 = ctypes.c_longlong
_P = ctypes.c_void_p
_Open = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, _P, ctypes.c_int, _P)
_Delete = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_char_p, ctypes.c_int)
_Close = ctypes.CFUNCTYPE(ctypes.c_int, _P)
_Write = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, ctypes.c_int, _I64)
_Truncate = ctypes.CFUNCTYPE(ctypes.c_int, _P, _I64)
_Sync = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_int)


class _Vfs(ctypes.Structure):
    """`sqlite3_vfs`, version 3."""

    _fields_ = [
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", _P),
        ("name", ctypes.c_char_p),
        ("app_data", _P),
        ("open", _P),
        ("delete", _P),
        ("others", _P * 16),
    ]


class _Methods(ctypes.Structure):
    """`sqlite3_io_methods`, version 3."""

    _fields_ = [
        ("version", ctypes.c_int),
        ("close", _P),
        ("read", _P),
        ("write", _P),
        ("truncate", _P),
        ("sync", _P),
        ("others", _P * 13),
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that SQLite asked of the operating system.

    Attributes:
        kind: "open", "write", "truncate", "sync", "delete".
        path: of the file.
        at: offset of a write, length after a cut.
        data: bytes of a write.
    """

    kind: str
    path: Path
    at: int = 0
    data: bytes = b""


#: Looks at a step before it is done and returns `OK` to let it happen, or the result code with which it shall fail.
Judge = Callable[[Step], int]


class _Layer:
    """The registered table, and everything that C code points to while it is."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self._library = ctypes.CDLL(_sqlite3.__file__)
        self._library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        self._library.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
        for name in ("sqlite3_vfs_register", "sqlite3_vfs_unregister"):
            getattr(self._library, name).argtypes = [_P] if name.endswith("unregister") else [_P, ctypes.c_int]
        self._real = self._library.sqlite3_vfs_find(None)
        self._real_address = ctypes.addressof(self._real.contents)
        self._table = _Vfs.from_buffer_copy(self._real.contents)
        self._keep: list[object] = [_Open(self._open), _Delete(self._delete)]
        self._table.name = b"faults"
        self._table.next = None
        self._table.open = ctypes.cast(self._keep[0], _P)  # type: ignore[arg-type]  # a function pointer
        self._table.delete = ctypes.cast(self._keep[1], _P)  # type: ignore[arg-type]  # a function pointer
        self._real_open = _Open(self._real.contents.open)
        self._real_delete = _Delete(self._real.contents.delete)
        #: The methods of open files by the address of the file, and our tables by the address of the real ones.
        self._files: dict[int, tuple[Path, _Methods]] = {}
        self._tables: dict[int, _Methods] = {}

    def register(self) -> None:
        self._library.sqlite3_vfs_register(ctypes.addressof(self._table), 1)

    def unregister(self) -> None:
        self._library.sqlite3_vfs_unregister(ctypes.addressof(self._table))

    def _open(self, _table: int, name: int, file: int, flags: int, out: int) -> int:
        path = Path(ctypes.string_at(name).decode()) if name else Path("temporary")
        code = self.judge(Step("open", path))
        if code == OK:
            code = self._real_open(self._real_address, name, file, flags, out)
        methods = ctypes.cast(file, ctypes.POINTER(_P))
        if code != OK:
            methods[0] = None
            return code
        real = methods[0]
        self._files[file] = (path, _Methods.from_address(real))
        methods[0] = ctypes.addressof(self._methods(real))
        return OK

    def _methods(self, real: int) -> _Methods:
        """Return our table over a real one."""
        if real not in self._tables:
            ours = _Methods.from_buffer_copy(_Methods.from_address(real))
            for name, kind, function in (
                ("close", _Close, self._close),
                ("write", _Write, self._write),
                ("truncate", _Truncate, self._truncate),
                ("sync", _Sync, self._sync),
            ):
                pointer = kind(function)
                self._keep.append(pointer)
                setattr(ours, name, ctypes.cast(pointer, _P))
            self._tables[real] = ours
        return self._tables[real]

    def _delete(self, _table: int, name: bytes, sync: int) -> int:
        return self.judge(Step("delete", Path(name.decode()), sync)) or self._real_delete(
            self._real_address, name, sync
        )

    def _close(self, file: int) -> int:
        _, real = self._files.pop(file)
        return _Close(real.close)(file)

    def _write(self, file: int, data: int, size: int, at: int) -> int:
        path, real = self._files[file]
        return self.judge(Step("write", path, at, ctypes.string_at(data, size))) or _Write(real.write)(
            file, data, size, at
        )

    def _truncate(self, file: int, size: int) -> int:
        path, real = self._files[file]
        return self.judge(Step("truncate", path, size)) or _Truncate(real.truncate)(file, size)

    def _sync(self, file: int, flags: int) -> int:
        path, real = self._files[file]
        return self.judge(Step("sync", path)) or _Sync(real.sync)(file, flags)


@contextmanager
def shimmed(judge: Judge) -> Iterator[None]:
    """Lead all files that SQLite opens inside the `with` statement past a judge; close them before it ends.

    Args:
        judge: asked before each step.
    """
    layer = _Layer(judge)
    layer.register()
    try:
        yield
    finally:
        layer.unregister()
        assert not layer._files, f"still open: {[path for path, _ in layer._files.values()]}"
