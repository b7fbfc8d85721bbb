"""Pictures from outside: recognise, limit, prove sound, describe.

A file is judged by its content and never by its name. Its structure is walked and its size is read from the header
before anything is decoded; then it is decoded once in full, so that what enters the vault can be shown years later.
The bytes themselves are never changed.
"""

import hashlib
import io
import re
import struct
import zlib
from dataclasses import dataclass

from PIL import ExifTags, Image

from mips_desk.errors import BadInputError

#: Largest file in bytes.
MAX_BYTES = 100 * 1024 * 1024
#: Most pixels, width x height: Pillow's own limit against decompression bombs.
MAX_PIXELS = 89_478_485
#: Longest side in pixels.
MAX_SIDE = 100_000

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG_SIGNATURE = b"\xff\xd8\xff"
#: Start of frame: every 0xC0 to 0xCF except the tables DHT, JPG and DAC (ITU-T T.81, table B.1).
_JPEG_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: The next marker in coded data: not a stuffed zero, a restart marker or a fill byte.
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

_ONLY = "MIPS Desk takes PNG and JPEG pictures."
_CUT_OFF = "The picture is cut off: its end is missing. Nothing was stored; get the file again."
_DAMAGED = "The picture is damaged and cannot be read. Nothing was stored; get the file again."


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of an accepted picture.

    Attributes:
        media_type: "image/png" or "image/jpeg".
        width: pixels, upright (after the EXIF orientation).
        height: pixels, upright.
        sha256: of the bytes as they came in (hex).
        warnings: sentences that the person should see before the picture is stored.
    """

    media_type: str
    width: int
    height: int
    sha256: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Structure:
    media_type: str
    width: int
    height: int
    end: int
    animated: bool = False


def read_picture(data: bytes) -> Picture:
    """Check a picture and describe it.

    Args:
        data: the whole file.

    Raises:
        BadInputError: it is empty, too large, no PNG or JPEG, cut off or damaged.
    """
    if not data:
        raise BadInputError("The file is empty. Nothing was stored.")
    if len(data) > MAX_BYTES:
        raise BadInputError(f"The file is larger than {MAX_BYTES // 2**20} MB. Nothing was stored.")
    if data.startswith(_PNG_SIGNATURE):
        structure = _png_structure(data)
    elif data.startswith(_JPEG_SIGNATURE):
        structure = _jpeg_structure(data)
    else:
        raise BadInputError(_ONLY)
    with _decoded(data) as image:
        if image.size != (structure.width, structure.height):
            raise BadInputError(_DAMAGED)
        width, height = image.size
        if _lies_on_its_side(image):
            width, height = height, width
    warnings: list[str] = []
    if structure.animated:
        warnings.append("The picture is animated; only its first picture is shown and exported.")
    if structure.end < len(data):
        warnings.append(
            f"The file holds {_bytes(len(data) - structure.end)} after the end of the picture, perhaps an older version"
            " of it; they are kept with the original and are in no export."
        )
    return Picture(structure.media_type, width, height, hashlib.sha256(data).hexdigest(), tuple(warnings))


def uniform(data: bytes) -> bool:
    """Tell whether every pixel of a picture has the same color, as a capture without permission or of a protected
    window has.

    Args:
        data: a PNG or JPEG file that `read_picture` accepts.

    Raises:
        BadInputError: it cannot be decoded.
    """
    with _decoded(data) as image:
        picture = image.convert("RGBA") if image.mode == "P" or "transparency" in image.info else image
        return all(len(set(channel.getextrema())) == 1 for channel in picture.split())


def _decoded(data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
        image.load()
    except (
        OSError,
        SyntaxError,
        ValueError,
        ArithmeticError,
        LookupError,
        TypeError,
        MemoryError,
        struct.error,
        zlib.error,
        Image.DecompressionBombError,
    ) as error:
        raise BadInputError(_CUT_OFF if "truncated" in str(error) else _DAMAGED) from error
    return image


def _lies_on_its_side(image: Image.Image) -> bool:
    """Tell whether the EXIF orientation turns the picture by a quarter; damaged metadata turns nothing."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation) in {5, 6, 7, 8}
    except (OSError, SyntaxError, ValueError, LookupError, TypeError, struct.error):
        return False


def _limit(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise BadInputError(_DAMAGED)
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise BadInputError(
            f"The picture is too large: {width:,} x {height:,} pixels; {MAX_PIXELS:,} in all are the limit."
            " Nothing was stored."
        )


def _png_structure(data: bytes) -> _Structure:
    """Walk the chunks (PNG, third edition, section 5), checksums included."""
    at = len(_PNG_SIGNATURE)
    width = height = 0
    animated = False
    while True:
        if at + 12 > len(data):
            raise BadInputError(_CUT_OFF)
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if not width and (kind, length) != (b"IHDR", 13):
            raise BadInputError(_DAMAGED)
        if end > len(data):
            raise BadInputError(_CUT_OFF)
        if zlib.crc32(memoryview(data)[at + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            raise BadInputError(_DAMAGED)
        if kind == b"IHDR":
            width, height = struct.unpack_from(">II", data, at + 8)
            _limit(width, height)
        animated = animated or kind == b"acTL"
        at = end
        if kind == b"IEND":
            return _Structure("image/png", width, height, at, animated)


def _jpeg_structure(data: bytes) -> _Structure:
    """Walk the marker segments (ITU-T T.81, annex B) to the end of the image."""
    at = 2
    width = height = 0
    while True:
        found = _JPEG_MARKER.search(data, at)
        if found is None:
            raise BadInputError(_CUT_OFF)
        marker = data[found.start() + 1]
        at = found.end()
        if marker == 0xD9:
            if not width:
                raise BadInputError(_DAMAGED)
            return _Structure("image/jpeg", width, height, at)
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
        at += max(length, 2)


def _bytes(count: int) -> str:
    return "1 byte" if count == 1 else f"{count:,} bytes"
