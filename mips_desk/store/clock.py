"""What the computer's clock did: jumps that the journal notes beside the entry they were found at.

The order of the journal is its numbers, never its times; a clock can be set, and this only says that it was.
"""

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

#: Smaller differences are the clock being put right over the network, or two reads that are not quite at once.
_JUMP_SECONDS = 120
_BACK_SECONDS = 1


if sys.platform == "linux":
    _CLOCK = time.CLOCK_BOOTTIME
elif sys.platform == "darwin":
    _CLOCK = time.CLOCK_MONOTONIC
else:
    _CLOCK = None


def elapsed() -> float:
    """Return seconds since an arbitrary moment on a clock that nobody can set and that runs on while the computer
    sleeps, so that opening the lid is no jump.

    `time.monotonic` stops during sleep on Linux and macOS (clock_gettime(3) of both) and runs on with Windows
    (GetTickCount64). A virtual machine that was paused stops them all.
    """
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


class ClockWatch:
    """Compares the clock on the wall with one that cannot be set, from one entry to the next."""

    def __init__(self, at: datetime, elapsed: Callable[[], float]):
        """Begin.

        Args:
            at: now, by the clock on the wall.
            elapsed: seconds on the clock that cannot be set.
        """
        self._elapsed = elapsed
        self._seen = (at, elapsed())

    def jump(self, at: datetime) -> int:
        """Return by how many seconds the clock on the wall moved too far (below 0: back), or 0 for 2 minutes and less.

        Args:
            at: now, by the clock on the wall.
        """
        before, then = self._seen
        moved = (at - before).total_seconds() - (self._elapsed() - then)
        return round(moved) if abs(moved) > _JUMP_SECONDS else 0

    def seen(self, at: datetime) -> None:
        """Go on from here, once what was found is written.

        Args:
            at: as given to `jump`.
        """
        self._seen = (at, self._elapsed())


def clock_note(before: str, at: datetime, jumped: int = 0) -> dict[str, object]:
    """Return what a journal entry says of the clock; empty when there is nothing to say.

    Args:
        before: time of the entry before, as it stands in the journal; empty when there is none.
        at: time of this entry.
        jumped: as `ClockWatch.jump` gave it.

    Returns:
        "back_seconds": this entry is earlier than the one before by so many; "offset": offset from UTC before and now;
        "jumped_seconds": within one session the clock moved so many too far.
    """
    found: dict[str, object] = {}
    try:
        last = datetime.fromisoformat(before) if before else None
    except ValueError:  # damaged; the check of the vault says so
        last = None
    if last is not None and last.tzinfo is not None:
        back = last - at
        if back > timedelta(seconds=_BACK_SECONDS):
            found["back_seconds"] = round(back.total_seconds())
        if last.utcoffset() != at.utcoffset():
            found["offset"] = [_offset(last), _offset(at)]
    if jumped:
        found["jumped_seconds"] = jumped
    return found


def _offset(at: datetime) -> str:
    return at.isoformat()[-6:]
