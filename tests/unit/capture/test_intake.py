"""Pictures from outside: what is accepted, what is refused, what is said about it."""

import contextlib
import hashlib
import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageOps, PngImagePlugin

from mips_desk.capture.intake import BYTE_LIMIT, Picture, read_picture, uniform
from mips_desk.errors import BadInputError
from mips_desk.pictures import MAX_PIXELS


def noise(mode: str = "RGB", size: tuple[int, int] = (30, 20)) -> Image.Image:
    return Image.merge("RGB", [Image.effect_noise(size, 60 + at) for at in range(3)]).convert(mode)


def file_of(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(BadInputError) as caught:
        read_picture(data)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    return sentence


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


PNG = file_of(noise(), "PNG")
JPEG = file_of(noise(), "JPEG")
PROGRESSIVE = file_of(noise(), "JPEG", progressive=True)


@pytest.mark.parametrize(("data", "kind"), [(PNG, "png"), (JPEG, "jpeg"), (PROGRESSIVE, "jpeg")])
def test_accepted(data: bytes, kind: str) -> None:
    assert read_picture(data) == Picture(f"image/{kind}", 30, 20, hashlib.sha256(data).hexdigest(), ())


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_size_is_upright(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    data = file_of(noise(), kind, exif=exif)
    picture = read_picture(data)
    shown = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert (picture.width, picture.height) == shown.size == ((20, 30) if orientation >= 5 else (30, 20))


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\x00\x00",
        b"Exif\x00\x00II*\x00\xff\xff\xff\xff",
        b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff\x12\x01",
        b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x63\x00\x00\x00",
        b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x02\x00\x01\x00\x00\x00\x06\x00\x00\x00",
    ],
)
def test_damaged_exif_does_not_matter(exif: bytes) -> None:
    data = file_of(noise(), "JPEG", exif=exif)
    assert (read_picture(data).width, read_picture(data).height) == (30, 20)


@pytest.mark.parametrize(
    "data",
    [
        file_of(noise("L"), "PNG"),
        file_of(noise("1"), "PNG"),
        file_of(noise("P"), "PNG"),
        file_of(noise("P"), "PNG", transparency=3),
        file_of(noise("RGBA"), "PNG"),
        file_of(noise("LA"), "PNG"),
        file_of(Image.new("I;16", (30, 20), 40_000), "PNG"),
        file_of(noise("L"), "JPEG"),
        file_of(noise("CMYK"), "JPEG"),
        file_of(noise(), "JPEG", restart_marker_blocks=1),
        file_of(noise(), "JPEG", comment=b"\xff\xd9 not the end"),
    ],
    ids=["L", "1", "P", "P+tRNS", "RGBA", "LA", "16 bit", "JPEG L", "JPEG CMYK", "restart", "comment"],
)
def test_every_sound_kind_is_accepted(data: bytes) -> None:
    picture = read_picture(data)
    assert (picture.width, picture.height, picture.warnings) == (30, 20, ())


@pytest.mark.parametrize(
    "data",
    [
        b"Just a note that is called picture.png",
        b"GIF89a" + bytes(50),
        file_of(noise(), "GIF"),
        file_of(noise(), "BMP"),
        file_of(noise(), "TIFF"),
        file_of(noise(), "WEBP"),
        b"%PDF-1.7\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"\x89PNG",
        b"\xff\xd8",
    ],
)
def test_other_content_is_refused(data: bytes) -> None:
    assert refusal(data) == "MIPS Desk takes PNG and JPEG pictures."


def test_empty_and_too_large_files() -> None:
    assert "empty" in refusal(b"")
    assert "100 MB" in refusal(PNG + bytes(BYTE_LIMIT))


@pytest.mark.parametrize("size", [(50_000, 50_000), (MAX_PIXELS + 1, 1), (200_000, 3), (2**31 - 1, 2**31 - 1)])
def test_pixel_bombs_are_refused_by_their_header(size: tuple[int, int]) -> None:
    bomb = png_header(*size) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    assert "too large" in refusal(bomb)


def test_jpeg_bomb_is_refused_by_its_header() -> None:
    at = JPEG.index(b"\xff\xc0") + 5
    assert "65,535 x 65,535" in refusal(JPEG[:at] + b"\xff\xff\xff\xff" + JPEG[at + 4 :])


@pytest.mark.parametrize("data", [PNG, JPEG, PROGRESSIVE], ids=["png", "jpeg", "progressive"])
def test_any_cut_picture_is_refused(data: bytes) -> None:
    for length in range(1, len(data), 7):
        refusal(data[:length])
    assert "cut off" in refusal(data[:-1])
    assert "cut off" in refusal(data[: len(data) // 2])


def test_pixels_missing_inside_a_sound_structure() -> None:
    for size in (0, 91 * 10, 91 * 20 - 1):
        assert "cut off" in refusal(
            png_header(30, 20) + chunk(b"IDAT", zlib.compress(bytes(size))) + chunk(b"IEND", b"")
        )
    refusal(png_header(30, 20) + chunk(b"IEND", b""))
    refusal(png_header(30, 20) + chunk(b"IDAT", b"no deflate stream") + chunk(b"IEND", b""))
    refusal(png_header(0, 20) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""))


def test_any_changed_byte_of_a_png_is_found() -> None:
    # Every byte is under the signature or a checksum, so none can change unseen.
    for at in range(0, len(PNG), 3):
        bad = bytearray(PNG)
        bad[at] ^= 0x20
        refusal(bytes(bad))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_changed_bytes_of_a_jpeg_are_shown_or_refused(data: st.DataObject) -> None:
    bad = bytearray(data.draw(st.sampled_from([JPEG, PROGRESSIVE])))
    for _ in range(data.draw(st.integers(1, 3))):
        bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BadInputError):
        read_picture(bytes(bad))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b""]), st.binary(max_size=200))
def test_any_bytes_are_refused_in_a_sentence(start: bytes, rest: bytes) -> None:
    refusal(start + rest)


@pytest.mark.parametrize("data", [PNG, JPEG, PROGRESSIVE], ids=["png", "jpeg", "progressive"])
def test_bytes_after_the_end_are_reported(data: bytes) -> None:
    tail = data[-40:]
    picture = read_picture(data + tail)
    assert len(picture.warnings) == 1
    assert "40 bytes after the end" in picture.warnings[0]
    assert picture.sha256 == hashlib.sha256(data + tail).hexdigest()
    assert "1 byte after" in read_picture(data + b"\x00").warnings[0]


def test_end_marker_in_a_preview_is_not_the_end() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "\u00ff"
    preview = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00" + JPEG
    with_preview = JPEG[:2] + b"\xff\xe5" + struct.pack(">H", len(preview) + 2) + preview + JPEG[2:]
    assert read_picture(with_preview).warnings == ()


def test_animation_is_reported() -> None:
    frames = [noise(), noise()]
    data = file_of(frames[0], "PNG", save_all=True, append_images=frames[1:])
    (warning,) = read_picture(data).warnings
    assert "animated" in warning


def test_text_bomb_is_not_even_looked_at() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 5_000_000, zip=True)
    assert read_picture(file_of(noise(), "PNG", pnginfo=info)).warnings == ()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_interlaced_pictures(mode: str) -> None:
    # Pillow cannot write them, so the passes are made here from a picture of one color.
    for width, height in ((1, 1), (3, 5), (8, 8), (13, 7)):
        plain = file_of(Image.new(mode, (width, height)), "PNG")
        passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
        bits = plain[24] * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[plain[25]]
        size = 0
        for x, y, dx, dy in passes:
            columns, rows = len(range(x, width, dx)), len(range(y, height, dy))
            size += rows * (1 + (columns * bits + 7) // 8) if columns else 0
        header = chunk(b"IHDR", plain[16:28] + b"\x01")
        palette = chunk(b"PLTE", bytes(3)) if mode == "P" else b""
        start, end = b"\x89PNG\r\n\x1a\n" + header + palette, chunk(b"IEND", b"")
        full = start + chunk(b"IDAT", zlib.compress(bytes(size))) + end
        assert (read_picture(full).width, read_picture(full).height) == (width, height)
        assert "cut off" in refusal(start + chunk(b"IDAT", zlib.compress(bytes(size - 1))) + end)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_uniform_pictures_are_recognised(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new(mode, (30, 20))
    if mode == "P":
        image.putpalette([value for value in range(256) for _ in "RGB"])
    assert uniform(file_of(image, kind))
    image.paste({"P": 200, "I;16": 65_535}.get(mode, "white"), (3, 3, 12, 12))
    assert not uniform(file_of(image, kind))


def test_one_different_pixel_is_not_uniform() -> None:
    image = Image.new("RGB", (300, 200), "black")
    image.putpixel((299, 199), (0, 0, 1))
    assert not uniform(file_of(image, "PNG"))
    with pytest.raises(BadInputError):
        uniform(b"nothing")
