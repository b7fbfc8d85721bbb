"""How the tests read a PDF."""

import re
from pathlib import Path

import pikepdf
import pypdfium2


def page_texts(pdf: Path | bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def squeezed(text: str) -> str:
    """The text without white space and without the mark that PDFium puts for a hyphen at a line's end."""
    return re.sub(r"[\s\ufffe\x02]", "", text)


def bookmarks(pdf: pikepdf.Pdf) -> list[tuple[int, str, int]]:
    """Level, title and page (from 1) of every bookmark, in order."""
    numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages, 1)}
    found: list[tuple[int, str, int]] = []

    def walk(item: pikepdf.OutlineItem, level: int) -> None:
        found.append((level, item.title, numbers[item.destination[0].objgen]))
        for child in item.children:
            walk(child, level + 1)

    with pdf.open_outline() as outline:
        for item in outline.root:
            walk(item, 0)
    return found


def fonts(pdf: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    return {
        str(font.BaseFont): font
        for page in pdf.pages
        for font in page.resources.get("/Font", pikepdf.Dictionary()).values()
    }
