"""PNG files taken apart without decoding: their compressed rows go into the PDF as they are."""

import struct
import zlib
from dataclasses import dataclass

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class PngError(ValueError):
    """The bytes are not a plain RGB picture."""


@dataclass(frozen=True, slots=True)
class PlainPng:
    """A PNG of 8-bit RGB.

    Attributes:
        width: pixels.
        height: pixels.
        chunks: the IDAT data, a zlib stream of filtered rows in pieces; views into the file.
    """

    width: int
    height: int
    chunks: tuple[memoryview, ...]

    @property
    def length(self) -> int:
        """Bytes of the zlib stream."""
        return sum(map(len, self.chunks))


def take_apart(data: bytes) -> PlainPng:
    """Return the parts of a PNG file.

    PDF reads the very same stream with /FlateDecode and /Predictor 15 (PDF Reference 1.4, 3.3.3), so nothing is
    decoded here.

    Args:
        data: the file.

    Raises:
        PngError: it is not 8-bit RGB without interlacing, a chunk is damaged or not needed, or bytes follow its end.
    """
    if not data.startswith(_SIGNATURE):
        raise PngError("not a PNG file")
    view = memoryview(data)
    at = len(_SIGNATURE)
    header: tuple[int, ...] | None = None
    chunks: list[memoryview] = []
    while True:
        if at + 12 > len(data):
            raise PngError("the file is cut off")
        (length,) = struct.unpack_from(">I", data, at)
        kind = data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            raise PngError("the file is cut off")
        (checksum,) = struct.unpack_from(">I", data, end - 4)
        if zlib.crc32(view[at + 4 : end - 4]) != checksum:
            raise PngError("a chunk is damaged")
        body = view[at + 8 : end - 4]
        if kind == b"IHDR" and length == 13 and header is None:
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT" and header is not None:
            chunks.append(body)
        elif kind == b"IEND" and length == 0:
            break
        else:
            raise PngError("it holds more than a picture")
        at = end
    if end != len(data):
        raise PngError("bytes follow its end")
    if header is None or not chunks or header[2:] != (8, 2, 0, 0, 0):
        raise PngError("not 8-bit RGB")
    return PlainPng(header[0], header[1], tuple(chunks))
