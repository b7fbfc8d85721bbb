"""PNG files are taken apart without decoding."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from mips_desk.binder import icc
from mips_desk.binder.png import PngError, take_apart

from . import binder_sample as sample


def saved(mode: str, **options: object) -> bytes:
    stream = BytesIO()
    Image.new(mode, (7, 5)).save(stream, "PNG", **options)
    return stream.getvalue()


def test_the_parts_are_those_of_the_file() -> None:
    picture = take_apart(sample.portal_png(640, 360))
    assert (picture.width, picture.height) == (640, 360)
    rows = zlib.decompress(b"".join(picture.chunks))
    assert len(rows) == 360 * (640 * 3 + 1)
    assert picture.length == sum(len(chunk) for chunk in picture.chunks)


@pytest.mark.parametrize("mode", ["RGBA", "L", "P", "1", "LA", "I;16"])
def test_other_kinds_of_picture_are_refused(mode: str) -> None:
    with pytest.raises(PngError):
        take_apart(saved(mode))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-5],
        lambda data: data[: len(data) // 2],
        lambda data: data + b"secret",
        lambda data: data[1:],
        lambda data: data.replace(b"IEND", b"IENX"),
        lambda data: data[:60] + bytes([data[60] ^ 1]) + data[61:],
        lambda data: data[:33] + data[8:33] + data[33:],
        lambda data: b"",
    ],
)
def test_damaged_files_are_refused(spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(PngError):
        take_apart(spoil(sample.portal_png(64, 120)))


def test_text_beside_the_picture_is_refused() -> None:
    data = sample.portal_png(64, 120)
    body = b"tEXtComment\0Jane Doe"
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    with pytest.raises(PngError):
        take_apart(data[:33] + chunk + data[33:])


def test_the_color_profile_is_srgb_of_version_2() -> None:
    data = icc.srgb()
    assert data[8:12] == b"\x02\x10\0\0"
    assert struct.unpack(">I", data[:4]) == (len(data),)
    profile = ImageCms.ImageCmsProfile(BytesIO(data))
    assert ImageCms.getProfileDescription(profile).strip() == "sRGB IEC61966-2.1"
    own = ImageCms.createProfile("sRGB")
    ramp = Image.linear_gradient("L").convert("RGB")
    there = ImageCms.profileToProfile(ramp, profile, own)
    assert there is not None
    assert max(abs(a - b) for a, b in zip(there.tobytes(), ramp.tobytes(), strict=True)) <= 1
