"""Burn marks into a picture: the rendition, which alone may leave the vault.

What a redaction covers is not in the result: it is filled with solid black before anything else is painted and once
more at the end, nothing is smoothed across its edges, thumbnails are made from the filled picture, and the result is a
new file built from pixels alone, without any metadata of the original. What a crop cuts away is not in it either.
"""

import hashlib
import io
import math
import struct
from collections.abc import Sequence

from PIL import Image

from mips_desk.annotate.marks import WORDS, Crop, Mark, Redaction, crop_of
from mips_desk.annotate.raster import paint
from mips_desk.annotate.shapes import crop_box, default_style, pieces, redaction_boxes, rendition_boxes
from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.pictures import decode, plain_png, structure

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
    """Return the picture with its marks burnt in, RGB, upright, cut to its crop, and at full resolution.

    Args:
        original: a PNG or JPEG file that intake accepted.
        marks: in image pixels of the upright picture.

    Raises:
        BadInputError: the original cannot be decoded.
    """
    return burn(upright(original), marks)


def burn(image: Image.Image, marks: Sequence[Mark]) -> Image.Image:
    """Paint marks onto an RGB picture in place, and return it or, when there is a crop, a copy of what is left of it.

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
    left = crop_box(marks, image.size)
    return image if left == (0, 0, *image.size) else image.crop(left)


def rendition_png(original: bytes, marks: Sequence[Mark], known: str = "") -> bytes:
    """Return the rendition as a PNG file of the chunks IHDR, IDAT and IEND only.

    The same original and marks give the same bytes with the same version of Pillow, and the same pixels with any. An
    original without marks that is such a PNG already keeps its pixels as they are packed.

    Args:
        original: a PNG or JPEG file that intake accepted.
        marks: in image pixels of the upright picture.
        known: SHA-256 (hex) of the rendition when it was made before; then such a PNG is not unpacked again.

    Raises:
        BadInputError: the original cannot be decoded.
    """
    if known and not marks:
        essential = structure(original).essential
        if hashlib.sha256(essential).hexdigest() == known:
            return essential
    plain = plain_png(original) if not marks else b""
    return plain or _png(flatten(original, marks))


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


def assert_redacted(picture: bytes | Image.Image, marks: Sequence[Mark], size: tuple[int, int] | None = None) -> None:
    """Hold a rendition against its marks before it leaves the vault.

    Args:
        picture: a rendition at full resolution, as a PNG file or decoded.
        marks: the marks that it was made with.
        size: width and height of the upright original. None: of a cut picture only the edges at the top and left are
            known then, and that it is not larger than its crop.

    Raises:
        RedactionError: a covered pixel is not solid black, the picture is not cut as its crop says, or the file carries
            anything besides pixels.
    """
    if isinstance(picture, bytes):
        if not _only_pixels(picture):
            raise RedactionError("The picture carries more than its pixels, so it was not exported.")
        with Image.open(io.BytesIO(picture), formats=("PNG",)) as opened:
            if any(isinstance(mark, Redaction) for mark in marks):
                opened.load()
            image: Image.Image = opened
    else:
        image = picture
    whole = size or _least_size(marks, image.size)
    left, top, right, bottom = crop_box(marks, whole)
    if image.size != (right - left, bottom - top):
        raise RedactionError("The picture is not cut as its crop says, so it was not exported.")
    solid = tuple((channel, channel) for channel in FILL)
    if image.mode != "RGB" or any(image.crop(box).getextrema() != solid for box in rendition_boxes(marks, whole)):
        raise RedactionError("A redaction does not cover its whole area, so the picture was not exported.")


def _least_size(marks: Sequence[Mark], size: tuple[int, int]) -> tuple[int, int]:
    """Return the smallest size that the original of a rendition of a size can have had."""
    crop = crop_of(marks)
    if crop is None:
        return size
    return max(math.ceil(crop.x), 0) + size[0], max(math.ceil(crop.y), 0) + size[1]


def check_inside(marks: Sequence[Mark], size: tuple[int, int]) -> None:
    """Refuse redactions and crops that lie outside the picture, as from a script with a wrong scale.

    A redaction inside the picture but outside its crop is simply outside: what it covers is cut away.

    Args:
        marks: any marks.
        size: width and height of the upright picture.

    Raises:
        BadInputError: names the first such mark, counted from 1.
    """
    for place, mark in enumerate(marks, start=1):
        outside = isinstance(mark, Crop) and (
            mark.x >= size[0] or mark.y >= size[1] or mark.x + mark.width <= 0 or mark.y + mark.height <= 0
        )
        if outside or (isinstance(mark, Redaction) and not redaction_boxes([mark], size)):
            raise BadInputError(
                f"Mark {place} ({WORDS[type(mark)]}) lies outside the picture, which is {size[0]:,} x {size[1]:,}"
                " pixels; nothing was changed."
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
        if kind not in _RENDITION_CHUNKS or (kind == b"IHDR") != (at == len(_PNG_SIGNATURE)):
            return False
        at += 12 + length
    return kind == b"IEND" and length == 0 and at == len(png)
