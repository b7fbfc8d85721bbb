"""Originals that are plain already leave the vault with their pixels packed as they came, and nothing else."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from mips_desk.annotate.flatten import RedactionError, assert_redacted, rendition_png, upright
from mips_desk.annotate.marks import Box
from mips_desk.binder.png import PngError, take_apart
from mips_desk.pictures import plain_png


def picture(mode: str = "RGB", **save: object) -> bytes:
    image = Image.effect_noise((90, 60), 70).convert(mode)
    stream = io.BytesIO()
    image.save(stream, "PNG", **save)
    return stream.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def packed(rows: bytes, width: int = 4, height: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


ROWS = (b"\0" + bytes(range(12))) * 2


def test_the_packed_pixels_stay_and_everything_else_goes() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Canary Testperson")
    info.add_itxt("XML:com.adobe.xmp", "Canary Testperson", zip=True)
    original = picture(pnginfo=info, dpi=(96, 96)) + b"Canary Testperson behind the end"
    made = rendition_png(original, [])
    assert b"Canary" not in made
    assert made == plain_png(original)
    start = original.index(b"IDAT") - 4
    assert made[33:] == original[start : original.index(b"IEND") + 8]
    assert upright(made).tobytes() == upright(original).tobytes()
    assert_redacted(made, [], (90, 60))
    assert rendition_png(original, [], hashlib.sha256(made).hexdigest()) == made
    assert rendition_png(original, [], "00" * 32) == made


@pytest.mark.parametrize(
    "original",
    [
        picture("RGBA"),
        picture("L"),
        picture("P"),
        picture(transparency=(1, 2, 3)),
        picture(exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"),
        packed(zlib.compress(ROWS + b"hidden rows of another picture")),
        packed(zlib.compress(ROWS) + b"hidden"),
        packed(zlib.compress(ROWS)[:-4]),
    ],
    ids=["alpha", "gray", "palette", "transparent", "turned", "more rows", "more bytes", "cut"],
)
def test_what_is_not_plain_is_packed_anew(original: bytes) -> None:
    assert plain_png(original) == b""


def test_a_plain_one_is_plain() -> None:
    original = packed(zlib.compress(ROWS))
    assert plain_png(original) == original
    split = original.index(b"IDAT")
    body = zlib.compress(ROWS)
    two = original[: split - 4] + chunk(b"IDAT", body[:7]) + chunk(b"IDAT", body[7:]) + chunk(b"IEND", b"")
    assert plain_png(two) == two


def test_marks_are_burnt_into_a_new_file() -> None:
    original = picture()
    made = rendition_png(original, [Box(x=10, y=10, width=40, height=20)], hashlib.sha256(original).hexdigest())
    assert upright(made).tobytes() != upright(original).tobytes()


def test_nothing_hides_in_the_last_chunk_a_second_header_or_the_first_byte_of_a_row() -> None:
    sound = packed(zlib.compress(ROWS))
    hidden = b"Canary Testperson"
    ended = sound[:-12] + chunk(b"IEND", hidden)
    header = sound[8:33]
    for original in (ended, sound[:33] + header + sound[33:], sound[:-12] + header + sound[-12:]):
        made = rendition_png(original, [])
        assert plain_png(original) == b""
        assert hidden not in made
        assert take_apart(made).width == 4
        with pytest.raises(RedactionError):
            assert_redacted(original, [], (4, 2))
        with pytest.raises(PngError):
            take_apart(original)
    filtered = packed(zlib.compress((b"\0" + bytes(range(12))) + (b"C" + bytes(range(12)))))
    assert plain_png(filtered) == b""
