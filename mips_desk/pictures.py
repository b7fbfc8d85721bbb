"""Reading PNG and JPEG files that came from outside.

The structure of a file is walked here, in Python, and its limits are checked before anything is decoded. Pillow is then
given the *essential* bytes only, the parts that make pixels: comments, profiles, previews, animations and EXIF data are
never parsed, so they can neither attack, nor reach a log, nor slip into another file.
"""

import io
import re
import struct
import zlib
from dataclasses import dataclass

from PIL import Image

from mips_desk.errors import BadInputError

#: Most pixels, width x height: Pillow's own limit against decompression bombs.
MAX_PIXELS = 89_478_485
#: Longest side in pixels.
MAX_SIDE = 100_000

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_ESSENTIAL = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
#: 8 bits, RGB, and the only ways of packing and filtering there are, not interlaced.
_PNG_PLAIN = bytes((8, 2, 0, 0, 0))
#: The highest number of a filter that a row may have (PNG, third edition, section 9.2).
_LAST_FILTER = 4
#: Length, type and check sum of a chunk that holds nothing.
_EMPTY_CHUNK = 12
#: Channels by color type (PNG, third edition, section 11.2.1).
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
#: First column and row, and steps, of the passes of an interlaced picture (PNG, third edition, section 8.1).
_PNG_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_JPEG_SIGNATURE = b"\xff\xd8\xff"
#: Start of frame: every 0xC0 to 0xCF except the tables DHT, JPG and DAC (ITU-T T.81, table B.1).
_JPEG_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Application data and comments. APP0 (JFIF) and APP14 (Adobe) stay: they say how colors are coded.
_JPEG_DROPPED = (set(range(0xE0, 0xF0)) | {0xFE}) - {0xE0, 0xEE}
#: The next marker in coded data: not a stuffed zero, a restart marker or a fill byte.
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_EXIF_HEADER = b"Exif\x00\x00"
_ORIENTATION_TAG = 0x0112
#: What turns a stored picture upright, by its EXIF orientation (Exif 2.32, section 4.6.4, tag 274).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

ONLY = "MIPS Desk takes PNG and JPEG pictures."
_CUT_OFF = "The picture is cut off: its end is missing."
_DAMAGED = "The picture is damaged and cannot be read."


@dataclass(frozen=True, slots=True)
class Structure:
    """What a file says of itself.

    Attributes:
        media_type: "image/png" or "image/jpeg".
        width: pixels, upright.
        height: pixels, upright.
        orientation: EXIF orientation, 1 to 8; 1 when none is given or it is damaged.
        animated: a PNG with more than one picture; only the first is ever used.
        end: number of bytes up to the end of the picture; what follows is not part of it.
        essential: the parts of the file that make the pixels, a sound file of the same type.
    """

    media_type: str
    width: int
    height: int
    orientation: int
    animated: bool
    end: int
    essential: bytes


def structure(data: bytes) -> Structure:
    """Walk the structure of a file, without decoding it.

    Args:
        data: the whole file.

    Raises:
        BadInputError: it is no PNG or JPEG, is too large, cut off, or damaged.
    """
    if data.startswith(_PNG_SIGNATURE):
        return _png_structure(data)
    if data.startswith(_JPEG_SIGNATURE):
        return _jpeg_structure(data)
    raise BadInputError(ONLY)


def decode(data: bytes) -> Image.Image:
    """Decode a file in full, upright, without metadata, in the mode in which it is stored.

    Args:
        data: the whole file.

    Returns:
        A picture whose `info` holds nothing, or the transparent color of a PNG.

    Raises:
        BadInputError: as for `structure`, or its pixels cannot be read.
    """
    found = structure(data)
    try:
        image: Image.Image = Image.open(io.BytesIO(found.essential), formats=("PNG", "JPEG"))
        image.load()
    except (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, MemoryError, struct.error) as error:
        raise BadInputError(_CUT_OFF if "truncated" in str(error) else _DAMAGED) from error
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
    if found.orientation in _TURNS:
        image = image.transpose(_TURNS[found.orientation])
    if image.size != (found.width, found.height):
        raise BadInputError(_DAMAGED)
    return image


def check_complete(found: Structure) -> None:
    """Refuse a PNG whose data holds fewer pixels than its header says; a decoder would leave them black.

    Raises:
        BadInputError: pixels are missing.
    """
    if found.media_type != "image/png":
        return
    stream = zlib.decompressobj()
    missing = _png_data_length(found.essential)
    try:
        for start, end, kind in _png_chunks(found.essential):
            if kind != b"IDAT":
                continue
            rest = found.essential[start + 8 : end - 4]
            while rest and missing > 0:
                missing -= len(stream.decompress(rest, 1 << 20))
                rest = stream.unconsumed_tail
        missing -= len(stream.flush()) if missing > 0 else 0
    except zlib.error as error:
        raise BadInputError(_DAMAGED) from error
    if missing > 0:
        raise BadInputError(_CUT_OFF)


def plain_png(data: bytes) -> bytes:
    """Return the essential part of a file when that is a PNG of upright RGB pixels of 8 bits and nothing else, or b"".

    The data are unpacked once: they are exactly the rows of the picture, so nothing can hide behind them or in the
    first byte of a row.

    Args:
        data: the whole file.

    Raises:
        BadInputError: as for `structure`.
    """
    found = structure(data)
    png = found.essential
    if found.media_type != "image/png" or found.orientation != 1 or found.animated or png[24:29] != _PNG_PLAIN:
        return b""
    chunks = _png_chunks(png)
    kinds = [kind for _, _, kind in chunks]
    if kinds != [b"IHDR", *[b"IDAT"] * (len(chunks) - 2), b"IEND"] or chunks[-1][1] - chunks[-1][0] != _EMPTY_CHUNK:
        return b""  # a header of its own behind the first one, or something in the last chunk
    stream = zlib.decompressobj()
    row, unpacked = 1 + 3 * found.width, 0
    missing = _png_data_length(png)
    try:
        for start, end, kind in chunks:
            rest = png[start + 8 : end - 4] if kind == b"IDAT" else b""
            while rest and missing >= 0:
                piece = stream.decompress(rest, 1 << 20)
                if max(piece[-unpacked % row :: row], default=0) > _LAST_FILTER:
                    return b""
                unpacked += len(piece)
                missing -= len(piece)
                rest = stream.unconsumed_tail
    except zlib.error:
        return b""  # let the decoder judge it
    return png if missing == 0 and stream.eof and not stream.unused_data else b""


def _limit(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise BadInputError(_DAMAGED)
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise BadInputError(
            f"The picture is too large: {width:,} x {height:,} pixels; {MAX_PIXELS:,} in all are the limit."
        )


def _upright(width: int, height: int, orientation: int) -> tuple[int, int]:
    return (height, width) if orientation >= 5 else (width, height)


def _png_chunks(data: bytes) -> list[tuple[int, int, bytes]]:
    """Return start, end and type of every chunk up to IEND (PNG, third edition, section 5), checksums verified."""
    at = len(_PNG_SIGNATURE)
    view = memoryview(data)
    chunks: list[tuple[int, int, bytes]] = []
    while not chunks or chunks[-1][2] != b"IEND":
        if at + 12 > len(data):
            raise BadInputError(_CUT_OFF)
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise BadInputError(_CUT_OFF)
        if zlib.crc32(view[at + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            raise BadInputError(_DAMAGED)
        chunks.append((at, end, kind))
        at = end
    return chunks


def _png_structure(data: bytes) -> Structure:
    # The size is looked at first, so that nothing else is done for a bomb.
    if len(data) >= 24:
        if data[8:16] != b"\x00\x00\x00\rIHDR":
            raise BadInputError(_DAMAGED)
        _limit(*struct.unpack_from(">II", data, 16))
    chunks = _png_chunks(data)
    exif = next((data[start + 8 : end - 4] for start, end, kind in chunks if kind == b"eXIf"), b"")
    orientation = _orientation(exif)
    width, height = struct.unpack_from(">II", data, 16)
    width, height = _upright(width, height, orientation)
    return Structure(
        media_type="image/png",
        width=width,
        height=height,
        orientation=orientation,
        animated=any(kind == b"acTL" for _, _, kind in chunks),
        end=chunks[-1][1],
        essential=_PNG_SIGNATURE + b"".join(data[start:end] for start, end, kind in chunks if kind in _PNG_ESSENTIAL),
    )


def _png_data_length(data: bytes) -> int:
    """Return how many bytes the uncompressed data has: the rows of each pass, each with its filter byte."""
    width, height, depth, color, _, _, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    bits = depth * _PNG_CHANNELS.get(color, 0)
    total = 0
    for left, top, step_x, step_y in _PNG_PASSES if interlaced else ((0, 0, 1, 1),):
        columns, rows = -((left - width) // step_x), -((top - height) // step_y)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


def _jpeg_structure(data: bytes) -> Structure:
    """Walk the marker segments (ITU-T T.81, annex B) to the end of the image."""
    at = kept = 2
    parts = [data[:2]]
    width = height = 0
    orientation = 1
    while True:
        found = _JPEG_MARKER.search(data, at)
        if found is None:
            raise BadInputError(_CUT_OFF)
        marker = data[found.start() + 1]
        at = found.end()
        if marker == 0xD9:
            break
        if marker in {0x01, 0xD8}:
            continue
        if at + 2 > len(data):
            raise BadInputError(_CUT_OFF)
        (length,) = struct.unpack_from(">H", data, at)
        if at + length > len(data):
            raise BadInputError(_CUT_OFF)
        if marker in _JPEG_FRAMES:
            if length < 8:
                raise BadInputError(_DAMAGED)
            height, width = struct.unpack_from(">HH", data, at + 3)
            _limit(width, height)
        if marker == 0xE1 and orientation == 1 and data.startswith(_EXIF_HEADER, at + 2):
            orientation = _orientation(data[at + 2 + len(_EXIF_HEADER) : at + length])
        at += max(length, 2)
        if marker in _JPEG_DROPPED:
            parts.append(data[kept : found.start()])
            kept = at
    if not width:
        raise BadInputError(_DAMAGED)
    parts.append(data[kept:at])
    width, height = _upright(width, height, orientation)
    return Structure("image/jpeg", width, height, orientation, animated=False, end=at, essential=b"".join(parts))


def _orientation(tiff: bytes) -> int:
    """Read the orientation from the first directory of EXIF data (TIFF 6.0, section 2); 1 when it is not there."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        (at,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, at)
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind, values, value = struct.unpack_from(order + "HHIH", tiff, entry)
            if tag == _ORIENTATION_TAG:
                return value if (kind, values) == (3, 1) and 1 <= value <= 8 else 1
    except struct.error:
        pass  # damaged metadata says nothing about the picture
    return 1
