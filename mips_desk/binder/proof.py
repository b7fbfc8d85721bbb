"""Proof of the redactions: the written file is read back and every covered pixel is looked at before the file is put
in its place.

Nothing here is shared with what made the pictures: qpdf decodes the streams of the finished file, and the boxes are
those that the services worked out from the marks by themselves. One picture at a time is in memory.
"""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

import pikepdf
from pikepdf import Name
from PIL import Image

from mips_desk.errors import MipsDeskError

from .content import BinderContent, ExhibitSheet

#: The only color of a redaction (docs/marks.md).
_BLACK: Final = ((0, 0), (0, 0), (0, 0))
#: Would hide or replace a part of a picture when it is shown, or lead to another one.
_BESIDES: Final = (Name.SMask, Name.Mask, Name.Alternates, Name.OPI, Name.Decode, Name.Metadata, Name.SMaskInData)


class RedactionProofError(MipsDeskError):
    """The pictures of a written binder are not covered as they should be, so the binder was not put in place."""


def prove(path: Path | BinaryIO, content: BinderContent, check_cancel: Callable[[], None] | None = None) -> None:
    """Decode every picture of a written binder and compare every pixel that a redaction covers with the fill.

    Args:
        path: the file, or what reads it.
        content: what it was written from.
        check_cancel: called before each picture; raises CancelledError to stop.

    Raises:
        RedactionProofError: a covered pixel is not black, a picture is missing, or there is one that belongs to no
            exhibit or to a withheld one; names the exhibit.
        CancelledError: from check_cancel.
    """
    check = check_cancel or (lambda: None)
    left = {sheet.number: sheet for sheet in content.exhibits if not sheet.withheld}
    with pikepdf.open(path) as pdf:
        used: dict[tuple[int, int], str] = {}
        for page in pdf.pages:
            for name, picture in page.get_images().items():
                used.setdefault(picture.objgen, name.removeprefix("/"))
        for number in range(1, len(pdf.objects)):
            found = pdf.get_object(number, 0)
            # Every picture of the file, not only what the pages show.
            if isinstance(found, pikepdf.Stream) and found.get(Name.Subtype) == Name.Image:
                check()
                exhibit = used.get(found.objgen, "")
                sheet = left.pop(exhibit, None)
                if sheet is None:
                    raise _failure(exhibit, "holds a picture that should not be in the binder")
                _prove_picture(found, sheet)
    for exhibit in left:
        raise _failure(exhibit, "has lost its picture")


def _prove_picture(stream: pikepdf.Stream, sheet: ExhibitSheet) -> None:
    """Look at every covered pixel of one picture."""
    size = (int(stream.Width), int(stream.Height))
    plain = stream.ColorSpace == Name.DeviceRGB and int(stream.BitsPerComponent) == 8
    if size != (sheet.width, sheet.height) or not plain or any(name in stream for name in _BESIDES):
        raise _failure(sheet.number, "has another picture than the one that was reviewed")
    if not sheet.areas:
        return
    pixels = stream.read_bytes()
    if len(pixels) != 3 * size[0] * size[1]:
        raise _failure(sheet.number, "has a picture that cannot be read")
    prove_pixels(Image.frombuffer("RGB", size, pixels, "raw", "RGB", 0, 1), sheet)


def prove_pixels(picture: Image.Image, sheet: ExhibitSheet) -> None:
    """Look at every covered pixel of a picture that was read back.

    Args:
        picture: RGB.
        sheet: the exhibit that it is.

    Raises:
        RedactionProofError: it has another size, or a covered pixel is not black; names the exhibit.
    """
    size = picture.size
    if picture.mode != "RGB" or size != (sheet.width, sheet.height):
        raise _failure(sheet.number, "has another picture than the one that was reviewed")
    for left, top, right, bottom in (area.box for area in sheet.areas):
        inside = 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]
        if not inside or picture.crop((left, top, right, bottom)).getextrema() != _BLACK:
            raise _failure(sheet.number, "is not covered everywhere it should be")


def _failure(exhibit: str, what: str) -> RedactionProofError:
    which = f"Exhibit {exhibit}" if exhibit else "One of the exhibits"
    return RedactionProofError(f"{which} {what}, so no binder was written; nothing else was changed.")
