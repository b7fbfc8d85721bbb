"""Every step that a command takes on the files of a vault, as Python's own audit events tell them.

`states` gives the folder as a kill at each step would leave it; `failing_at` makes one step fail.
"""

import contextlib
import errno
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

_STEPS = {"open", "os.rename", "os.remove"}
_at_step: list[Callable[[], None]] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _at_step and event in _STEPS and ".mipsvault" in str(arguments[0]):
        watch = _at_step.pop()  # what the watch does itself is no step
        try:
            watch()
        finally:
            _at_step.append(watch)


sys.addaudithook(_hook)


@contextlib.contextmanager
def _watched(watch: Callable[[], None]) -> Iterator[None]:
    _at_step.append(watch)
    try:
        yield
    finally:
        _at_step.clear()


def states(folder: Path, into: Path, act: Callable[[], object]) -> list[Path]:
    """Return copies of a vault before each step of an act, and after the last one.

    Args:
        folder: the vault.
        into: an empty folder for the copies.
        act: the command.
    """
    made: list[Path] = []

    def copy() -> None:
        state = into / f"{len(made)}.mipsvault"
        # The index of the write-ahead log is made anew, and the lock goes with its process.
        shutil.copytree(folder, state, ignore=shutil.ignore_patterns("*-shm", "vault.lock"))
        made.append(state)

    with _watched(copy):
        act()
    copy()
    return made


@contextlib.contextmanager
def failing_at(number: int) -> Iterator[list[int]]:
    """Make step number 1, 2, 3 ... of what happens in the `with` block fail as on a full disk.

    Yields:
        The steps that were taken, the last of them failed if there are as many as `number`.
    """
    taken: list[int] = []

    def fail() -> None:
        taken.append(len(taken) + 1)
        if len(taken) == number:
            raise OSError(errno.ENOSPC, "No space left on device")

    with _watched(fail):
        yield taken
