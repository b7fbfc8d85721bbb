"""Identifiers that sort by time and never collide, so that the records of two desktops can be merged."""

import os
import threading
from collections.abc import Callable
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_RANDOM_BITS = 80


class IdMaker:
    """Makes ULIDs: 48 bits of milliseconds and 80 random bits, as 26 letters and digits.

    Within one maker every identifier sorts after the one before, also when the clock stands still or is set back.
    Safe to use from several threads.
    """

    def __init__(self, now: Callable[[], datetime]):
        self._now = now
        self._last = 0
        self._lock = threading.Lock()

    def __call__(self) -> str:
        """Return a new identifier."""
        milliseconds = max(0, int(self._now().timestamp() * 1000))
        fresh = milliseconds << _RANDOM_BITS | int.from_bytes(os.urandom(_RANDOM_BITS // 8))
        with self._lock:
            if fresh >> _RANDOM_BITS <= self._last >> _RANDOM_BITS:
                fresh = self._last + 1
            self._last = fresh
        return "".join(_ALPHABET[fresh >> shift & 31] for shift in range(125, -1, -5))
