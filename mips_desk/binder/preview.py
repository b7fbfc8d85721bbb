"""Pages of a binder as pictures, for the preview. Knows no Qt, touches no disk."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf
import pypdfium2
from pikepdf import Array, Name
from PIL import Image

from .content import BinderContent, ExhibitSheet
from .pages import draw, lay_out
from .write import place_picture

#: PDFium must not be called from two threads at once.
_LOCK = threading.Lock()
#: Pages with their pictures that are kept ready to be drawn again in another size.
_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of a page as pixels.

    Attributes:
        width: pixels.
        height: pixels.
        stride: bytes of a row.
        data: rows of four bytes a pixel: blue, green, red, unused.
    """

    width: int
    height: int
    stride: int
    data: bytes


class Sheets:
    """The pages of a binder, drawn when they are asked for.

    The text of all pages is in memory; of the pictures only those of the few pages that were drawn last, whatever the
    number of exhibits. May be used from several threads.

    Args:
        content: the binder.
        check_cancel: called now and then; raises to stop.

    Attributes:
        book: the binder, laid out.
    """

    def __init__(self, content: BinderContent, check_cancel: Callable[[], None]) -> None:
        self.book = lay_out(content, check_cancel)
        self._drawn = pikepdf.open(BytesIO(draw(self.book, check_cancel)))
        self._ready: OrderedDict[int, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def page_file(self, number: int) -> bytes:
        """Return a PDF of one page, with its pictures.

        Args:
            number: from 1.

        Raises:
            IndexError: there is no such page.
            VaultError: an original is damaged.
        """
        if not 1 <= number <= len(self.book.pages):
            raise IndexError(number)
        with self._lock:
            if number in self._ready:
                self._ready.move_to_end(number)
                return self._ready[number]
            made = self._make(number)
            self._ready[number] = made
            while len(self._ready) > _KEPT:
                self._ready.popitem(last=False)
            return made

    def strip(self, number: int, scale: float, top: int, height: int) -> Strip:
        """Return a part of a page, as wide as the page.

        Args:
            number: page, from 1.
            scale: pixels to a point.
            top: first row of pixels, from 0.
            height: number of rows; less where the page ends.

        Raises:
            IndexError: there is no such page.
            VaultError: an original is damaged.
        """
        file = self.page_file(number)
        with _LOCK, pypdfium2.PdfDocument(file) as document:
            page = document[0]
            below = page.get_height() * scale - top - height
            crop = (0, max(0.0, below) / scale, 0, top / scale)
            picture = page.render(scale=scale, crop=crop, prefer_bgrx=True)
            return Strip(picture.width, picture.height, picture.stride, bytes(picture.buffer))

    def _make(self, number: int) -> bytes:
        stream = BytesIO()
        with pikepdf.new() as pdf:
            source = self._drawn.pages[number - 1]
            pdf.pages.append(source)
            page = pdf.pages[0]
            if Name.Annots in page:  # links to other pages, which are not in this file
                page.Annots = Array()
            pictures: dict[str, pikepdf.Object] = {}
            for placement in self.book.pages[number - 1].pictures:
                sheet = placement.sheet
                if sheet.number not in pictures:
                    pictures[sheet.number] = pdf.make_indirect(_picture(pdf, sheet))
                place_picture(pdf, page, placement, pictures)
            pdf.save(stream, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return stream.getvalue()


def _picture(pdf: pikepdf.Pdf, sheet: ExhibitSheet) -> pikepdf.Object:
    """Return the picture of an exhibit as plain pixels: it is drawn at once, so packing it would only take time."""
    with Image.open(BytesIO(sheet.load())) as opened:
        picture = opened.convert("RGB")
    return pdf.make_stream(
        picture.tobytes(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
    )


def page_count(pdf: bytes | Path) -> int:
    """Return the number of pages.

    Args:
        pdf: a file or its bytes.
    """
    with _LOCK, pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def page_png(pdf: bytes | Path, page_index: int, width_px: int) -> bytes:
    """Return one page as a PNG file.

    Args:
        pdf: a file or its bytes.
        page_index: from 0.
        width_px: width of the picture in pixels; the height follows from the page.

    Raises:
        IndexError: there is no such page.
    """
    with _LOCK, pypdfium2.PdfDocument(pdf) as document:
        if not 0 <= page_index < len(document):
            raise IndexError(page_index)
        page = document[page_index]
        picture = page.render(scale=width_px / page.get_width()).to_pil()
    stream = BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
