"""SQLite's write-ahead log seen from outside: which pages it holds (sqlite.org/fileformat2.html, section 4)."""

import struct
from pathlib import Path

from .connection import PAGE_SIZE

_HEADER = 32
_FRAME_HEADER = 24
_BIG_ENDIAN_SUMS = b"\x37\x7f\x06\x83"
_WORD = 0xFFFFFFFF


def pages_in_log(log: Path) -> set[int]:
    """Return the numbers of the pages that every reader takes from the log and not from the data file.

    Args:
        log: the log of a database with pages of `PAGE_SIZE`; need not exist.
    """
    committed: set[int] = set()
    pending: set[int] = set()
    if not log.is_file():
        return committed
    with log.open("rb") as file:
        header = file.read(_HEADER)
        order = ">" if header[:4] == _BIG_ENDIAN_SUMS else "<"
        sums = _sums(header[:24], (0, 0), order)
        if len(header) < _HEADER or sums != struct.unpack(">II", header[24:]):
            return committed
        while len(frame := file.read(_FRAME_HEADER + PAGE_SIZE)) == _FRAME_HEADER + PAGE_SIZE:
            sums = _sums(frame[:8] + frame[_FRAME_HEADER:], sums, order)
            if frame[8:16] != header[16:24] or sums != struct.unpack(">II", frame[16:24]):
                break
            page, is_last = struct.unpack(">II", frame[:8])
            pending.add(page)
            if is_last:  # of a transaction
                committed |= pending
                pending.clear()
    return committed


def _sums(data: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    """Carry the two running sums of the log over some more bytes."""
    first, second = sums
    words = struct.iter_unpack(f"{order}II", data[: len(data) // 8 * 8])
    for one, other in words:
        first = (first + one + second) & _WORD
        second = (second + other + first) & _WORD
    return first, second
