"""Burn marks into a picture: the rendition, which alone may leave the vault.

What a redaction covers is not in the result: it is filled with solid black before anything else is painted and once
more at the end, nothing is smoothed across its edges, thumbnails are made from the filled picture, and the result is a
new file built from pixels alone, without any metadata of the original.
"""

import io
import struct
from collections.abc import Sequence

from PIL import Image

from mips_desk.annotate.marks import Mark, Redaction
from mips_desk.annotate.raster import paint
from mips_desk.annotate.shapes import default_style, pieces, redaction_boxes
from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.pictures import decode

#: The only color of a redaction.
FILL = (0, 0, 0)
#: zlib level of renditions: on a screenshot of 3840 x 2160 level 6 took twice as long for a file 14 % smaller.
COMPRESS_LEVEL = 2
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RENDITION_CHUNKS = {b"IHDR", b"IDAT", b"IEND"}


class RedactionError(MipsDeskError):
    """A picture that should leave the vault shows something under a redaction, or carries more than pixels."""


def upright(original: bytes) -> Image.Image:
    """Decode an original as it is shown: turned by its EXIF orientation, on white, 8-bit RGB, without metadata.

    Args:
        original: a PNG or JPEG file that intake accepted; of an animation the first picture is taken.

    Raises:
        BadInputError: it cannot be decoded.
    """
    image = decode(original)
    if image.mode == "I;16":
        # Pillow would clip 16-bit grey instead of scaling it.
        image = image.convert("I").point([value >> 8 for value in range(65_536)], "L")
    if "A" in image.getbands() or "transparency" in image.info:
        layer = image.convert("RGBA")
        result = Image.new("RGB", image.size, "white")
        result.paste(layer, mask=layer.getchannel("A"))
        return result
    # What is left of metadata (the transparent color) would be written into the next file.
    image.info.clear()
    return image if image.mode == "RGB" else image.convert("RGB")


def flatten(original: bytes, marks: Sequence[Mark]) -> Image.Image:
    """Return the picture with its marks burnt in, RGB, upright and at full resolution.

    Args:
        original: a PNG or JPEG file that intake accepted.
        marks: in image pixels of the upright picture.

    Raises:
        BadInputError: the original cannot be decoded.
    """
    return burn(upright(original), marks)


def burn(image: Image.Image, marks: Sequence[Mark]) -> Image.Image:
    """Paint marks onto an RGB picture in place, and return it.

    Args:
        image: a result of `upright` that nobody else needs.
        marks: in pixels of that picture.
    """
    boxes = redaction_boxes(marks, image.size)
    for box in boxes:
        image.paste(FILL, box)
    style = default_style(*image.size)
    for mark in marks:
        for piece in pieces(mark, style):
            paint(image, piece)
    # Redactions are on top of everything, so that no other mark can make a covered pixel differ.
    for box in boxes:
        image.paste(FILL, box)
    return image


def rendition_png(original: bytes, marks: Sequence[Mark]) -> bytes:
    """Return the rendition as a PNG file of the chunks IHDR, IDAT and IEND only.

    The same original and marks give the same bytes with the same version of Pillow, and the same pixels with any.

    Raises:
        BadInputError: the original cannot be decoded.
    """
    return _png(flatten(original, marks))


def thumbnail(original: bytes, marks: Sequence[Mark], box: tuple[int, int]) -> bytes:
    """Return a small PNG of the rendition; redactions are filled at full resolution before it is made smaller.

    Args:
        original: a PNG or JPEG file that intake accepted.
        marks: in image pixels of the upright picture.
        box: largest width and height in pixels; a smaller picture is not enlarged.

    Raises:
        BadInputError: the original cannot be decoded.
    """
    image = flatten(original, marks)
    image.thumbnail(box, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _png(image)


def blank(size: tuple[int, int], box: tuple[int, int]) -> bytes:
    """Return a small gray PNG in place of a picture that is no more.

    Args:
        size: width and height of the picture in pixels.
        box: largest width and height in pixels; a smaller picture is not enlarged.
    """
    share = min(1.0, box[0] / size[0], box[1] / size[1])
    return _png(Image.new("RGB", (max(1, round(size[0] * share)), max(1, round(size[1] * share))), (208, 208, 208)))


def assert_redacted(picture: bytes | Image.Image, marks: Sequence[Mark]) -> None:
    """Hold a rendition against its marks before it leaves the vault.

    Args:
        picture: a rendition at full resolution, as a PNG file or decoded.
        marks: the marks that it was made with.

    Raises:
        RedactionError: a covered pixel is not solid black, or the file carries anything besides pixels.
    """
    if isinstance(picture, bytes):
        if not _only_pixels(picture):
            raise RedactionError("The picture carries more than its pixels, so it was not exported.")
        with Image.open(io.BytesIO(picture), formats=("PNG",)) as opened:
            opened.load()
            image: Image.Image = opened
    else:
        image = picture
    solid = tuple((channel, channel) for channel in FILL)
    if image.mode != "RGB" or any(image.crop(box).getextrema() != solid for box in redaction_boxes(marks, image.size)):
        raise RedactionError("A redaction does not cover its whole area, so the picture was not exported.")


def check_inside(marks: Sequence[Mark], size: tuple[int, int]) -> None:
    """Refuse redactions that cover nothing because they lie outside the picture, as from a script with a wrong scale.

    Args:
        marks: any marks.
        size: width and height of the upright picture.

    Raises:
        BadInputError: names the first such redaction, counted from 1.
    """
    for place, mark in enumerate(marks, start=1):
        if isinstance(mark, Redaction) and not redaction_boxes([mark], size):
            raise BadInputError(
                f"Mark {place} (redaction) lies outside the picture, which is {size[0]:,} x {size[1]:,} pixels;"
                " nothing was changed."
            )


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=COMPRESS_LEVEL)
    return file.getvalue()


def _only_pixels(png: bytes) -> bool:
    if not png.startswith(_PNG_SIGNATURE):
        return False
    at = len(_PNG_SIGNATURE)
    kind = b""
    while at + 12 <= len(png) and kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", png, at)
        if kind not in _RENDITION_CHUNKS:
            return False
        at += 12 + length
    return kind == b"IEND" and at == len(png)
