"""Files that are either wholly there or not at all, also after a power cut."""

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; Windows does this by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make the bytes of a closed file durable."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clear_leftovers(folder: Path) -> None:
    """Delete what a `write_safely` that was killed left beside its place; for who alone writes to the folder.

    Args:
        folder: the folder of the files that were being written.
    """
    for left in folder.iterdir():
        if _BESIDE.search(left.name):
            with contextlib.suppress(OSError):
                left.unlink()


_BESIDE = re.compile(r"\.[0-9a-f]{8}\.new$")


@contextlib.contextmanager
def second_name(path: Path) -> Iterator[Path | None]:
    """Give a file a second name for the time of the `with` statement, by which it can be put back once replaced.

    Putting it back under its own name is a renaming, which works on a full disk too.

    Args:
        path: the file.

    Yields:
        The second name, or None on a file system that knows no such thing.
    """
    second: Path | None = path.with_name(f"{path.name}.{os.urandom(4).hex()}.new")
    assert second is not None
    try:
        os.link(path, second)
    except OSError:
        second = None
    try:
        yield second
    finally:
        if second is not None:
            with contextlib.suppress(OSError):
                second.unlink(missing_ok=True)


def write_safely(path: Path, data: bytes) -> None:
    """Write a file beside its place, make it durable, and move it there in one step.

    Args:
        path: where it belongs; an existing file is replaced.
        data: its whole content.

    Raises:
        OSError: it could not be written; what was there before still is.
    """
    beside = path.with_name(f"{path.name}.{os.urandom(4).hex()}.new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
