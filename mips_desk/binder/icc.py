"""An sRGB profile of ICC version 2, made from the numbers of IEC 61966-2-1. PDF/A-1 does not take version 4."""

import struct
from functools import lru_cache

#: Red, green and blue primaries of sRGB adapted to D50 (Bradford), as XYZ.
_PRIMARIES = (
    (b"rXYZ", (0.43607, 0.22249, 0.01392)),
    (b"gXYZ", (0.38515, 0.71687, 0.09708)),
    (b"bXYZ", (0.14307, 0.06061, 0.71410)),
)
#: D50, the white of the profile connection space (ICC.1:2001-04).
_WHITE = (0.9642, 1.0, 0.8249)
_STEPS = 1024


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(map(_fixed, values))


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _description(text: bytes) -> bytes:
    ascii_part = struct.pack(">I", len(text) + 1) + text + b"\0"
    return b"desc\0\0\0\0" + ascii_part + bytes(4 + 4) + bytes(2 + 1 + 67)


@lru_cache(maxsize=1)
def srgb() -> bytes:
    """Return the profile; always the same bytes."""
    curve = struct.pack(">I", _STEPS) + b"".join(
        struct.pack(">H", round(_linear(step / (_STEPS - 1)) * 65535)) for step in range(_STEPS)
    )
    trc = b"curv\0\0\0\0" + curve
    tags = [
        (b"desc", _description(b"sRGB IEC61966-2.1")),
        (b"cprt", b"text\0\0\0\0No copyright, use freely\0"),
        (b"wtpt", _xyz(_WHITE)),
        *((name, _xyz(values)) for name, values in _PRIMARIES),
        (b"rTRC", trc),
        (b"gTRC", trc),
        (b"bTRC", trc),
    ]
    table = b""
    body = b""
    start = 128 + 4 + 12 * len(tags)
    placed: dict[bytes, int] = {}
    for name, data in tags:
        if data not in placed:
            placed[data] = start + len(body)
            body += data + bytes(-len(data) % 4)
        table += struct.pack(">4sII", name, placed[data], len(data))
    size = start + len(body)
    header = struct.pack(
        ">I4sI4s4s4s6H4s4sIIIQI12s4s44s",
        size,
        b"\0\0\0\0",
        0x02100000,
        b"mntr",
        b"RGB ",
        b"XYZ ",
        *(2020, 1, 1, 0, 0, 0),
        b"acsp",
        b"\0\0\0\0",
        0,
        0,
        0,
        0,
        0,
        b"".join(map(_fixed, _WHITE)),
        b"\0\0\0\0",
        bytes(44),
    )
    return header + struct.pack(">I", len(tags)) + table + body
