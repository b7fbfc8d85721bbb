"""What `shim` does for SQLite's files, for all the others: keys, notes, backups, hand-over files, exports.

Python reaches the operating system through the functions of `os` and through file objects; inside `watched` the ones
that change something pass a judge first, as long as they concern one folder. Libraries in C that open files themselves
are not seen.
"""

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .shim import FULL, OK, Judge, Step


class _Watched:
    """A file object whose writes pass the judge."""

    def __init__(self, file: Any, path: Path, judge: Judge) -> None:
        self._file = file
        self._path = path
        self._judge = judge

    def write(self, data: Any) -> int:
        code = self._judge(
            Step("write", self._path, self._at(), bytes(data) if not isinstance(data, str) else data.encode())
        )
        _refuse(code)
        return self._file.write(data)  # type: ignore[no-any-return]

    def truncate(self, size: int | None = None) -> int:
        _refuse(self._judge(Step("truncate", self._path, self._at() if size is None else size)))
        return self._file.truncate(size)  # type: ignore[no-any-return]

    def _at(self) -> int:
        return self._file.tell() if self._file.seekable() else 0

    def __enter__(self) -> "_Watched":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> Any:
        return iter(self._file)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _refuse(code: int) -> None:
    if code != OK:
        number = errno.ENOSPC if code == FULL else errno.EIO
        raise OSError(number, os.strerror(number))


@contextmanager
def watched(judge: Judge, folder: Path) -> Iterator[None]:
    """Lead what Python writes inside a folder past a judge; its result code becomes "no space" or "I/O error".

    Steps are those of `shim` and "mkdir", "rename" (with the new path in `data`), "rmdir", "sync" of a folder too.

    Args:
        judge: asked before each step.
        folder: what happens elsewhere is not looked at.
    """
    inside = os.path.realpath(folder)
    paths: dict[int, Path] = {}
    real = {
        name: getattr(os, name)
        for name in (
            "open",
            "fdopen",
            "fsync",
            "write",
            "replace",
            "rename",
            "unlink",
            "remove",
            "mkdir",
            "rmdir",
            "ftruncate",
        )
    }
    real_open = io.open

    def place(path: Any) -> Path | None:
        if isinstance(path, int):
            return paths.get(path)
        full = os.path.realpath(os.fspath(path))
        full = full.decode() if isinstance(full, bytes) else full
        return Path(full) if full.startswith(inside) else None

    def ask(kind: str, path: Any, at: int = 0, data: bytes = b"") -> None:
        where = place(path)
        if where is not None:
            _refuse(judge(Step(kind, where, at, data)))

    def os_open(path: Any, flags: int, mode: int = 0o777, **more: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            ask("open", path)
        descriptor: int = real["open"](path, flags, mode, **more)
        where = place(path)
        paths.pop(descriptor, None)
        if where is not None:
            paths[descriptor] = where
        return descriptor

    def os_fdopen(descriptor: int, *words: Any, **more: Any) -> Any:
        file = real["fdopen"](descriptor, *words, **more)
        where = paths.get(descriptor)
        return file if where is None else _Watched(file, where, judge)

    def opened(path: Any, mode: str = "r", *words: Any, **more: Any) -> Any:
        where = place(path)
        if where is None or isinstance(path, int) or not set(mode) & set("wax+"):
            return real_open(path, mode, *words, **more)
        _refuse(judge(Step("open", where, 1 if "w" in mode else 0)))
        file = real_open(path, mode, *words, **more)
        paths[file.fileno()] = where
        return _Watched(file, where, judge)

    def os_write(descriptor: int, data: bytes) -> int:
        ask("write", descriptor, os.lseek(descriptor, 0, os.SEEK_CUR) if descriptor in paths else 0, bytes(data))
        return real["write"](descriptor, data)  # type: ignore[no-any-return]

    def fsync(descriptor: Any) -> None:
        ask("sync", descriptor if isinstance(descriptor, int) else descriptor.fileno())
        real["fsync"](descriptor)

    def moved(name: str) -> Callable[..., None]:
        def move(source: Any, target: Any, **more: Any) -> None:
            ask("rename", source, 0, os.fsencode(os.path.realpath(target)))
            real[name](source, target, **more)

        return move

    def one(name: str, kind: str) -> Callable[..., Any]:
        def act(path: Any, *words: Any, **more: Any) -> Any:
            if "dir_fd" not in more or more["dir_fd"] is None:
                ask(kind, path, words[0] if name == "ftruncate" else 0)
            return real[name](path, *words, **more)

        return act

    replaced = {
        "open": os_open,
        "fdopen": os_fdopen,
        "fsync": fsync,
        "write": os_write,
        "replace": moved("replace"),
        "rename": moved("rename"),
        "unlink": one("unlink", "delete"),
        "remove": one("remove", "delete"),
        "mkdir": one("mkdir", "mkdir"),
        "rmdir": one("rmdir", "rmdir"),
        "ftruncate": one("ftruncate", "truncate"),
    }
    for name, function in replaced.items():
        setattr(os, name, function)
    io.open = builtins.open = opened  # type: ignore[assignment]
    try:
        yield
    finally:
        for name, function in real.items():
            setattr(os, name, function)
        io.open = builtins.open = real_open
