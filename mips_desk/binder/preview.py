"""Pages of a binder as pictures, for the preview. Knows no Qt."""

import threading
from io import BytesIO
from pathlib import Path

import pypdfium2

#: PDFium must not be called from two threads at once.
_LOCK = threading.Lock()


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
