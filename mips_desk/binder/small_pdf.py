"""Laid pages as a small PDF/A-1b of its own, with a line at the head and at the foot of each page; not the binder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import pikepdf
from pikepdf import Name
from reportlab.pdfgen.canvas import Canvas

from . import fonts, xmp
from .archival import SAVING, make_archival
from .flow import SIDE, Page
from .pages import one_line_within
from .pen import FAINT, MONO_RUNNING, RUNNING, Pen, Run


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the file says of itself, in its metadata and around every page.

    Attributes:
        title: of the document; typed text in it is cleaned.
        made_at: time stamp, with its UTC offset; nothing else in the file depends on the clock.
        app_version: version of this app.
        head: at the left of the head of each page; cut to one line.
        foot: at the left of the foot.
        code: at the right of the foot, as an identifier.
    """

    title: str
    made_at: datetime
    app_version: str
    head: str
    foot: str
    code: str


def small_pdf(
    pages: Sequence[Page],
    imprint: Imprint,
    progress: Callable[[int, int], None] | None = None,
    check_cancel: Callable[[], None] | None = None,
) -> bytes:
    """Return the file's bytes; the same pages give the same bytes.

    Args:
        pages: laid; their fonts are registered.
        imprint: what stands around them.
        progress: called with pages drawn and in all.
        check_cancel: called for every page; raises CancelledError to stop.
    """
    report, check = progress or (lambda done, total: None), check_cancel or (lambda: None)
    stream = BytesIO()
    canvas = Canvas(stream, pageCompression=0, invariant=1, initialFontName=fonts.REGULAR, pdfVersion=(1, 4))
    pen = Pen(canvas, {})
    for number, page in enumerate(pages, 1):
        check()
        canvas.setPageSize((page.width, page.height))
        _running(imprint, page, number, len(pages), pen)
        for laid, x, top in page.items:
            laid.draw(pen, x, top)
        canvas.showPage()
        report(number, len(pages))
    canvas.save()
    check()
    return _finished(imprint, stream.getvalue())


def _running(imprint: Imprint, page: Page, number: int, total: int, pen: Pen) -> None:
    """Draw header and footer."""
    width, right = page.width - 2 * SIDE, page.width - SIDE
    y = page.height - 50
    section = Run(page.running, RUNNING)
    room = width - pen.width(section) - 20
    pen.text(SIDE, y, Run(one_line_within(imprint.head, room, pen), RUNNING))
    pen.text_right(right, y, section)
    pen.rule(SIDE, y - 8, width, FAINT, 0.7)
    y = 40
    pen.rule(SIDE, y + 13, width, FAINT, 0.7)
    pen.text(SIDE, y, Run(imprint.foot, RUNNING))
    pen.text_center(page.width / 2, y, Run(f"Page {number} of {total}", RUNNING))
    pen.text_right(right, y, Run(imprint.code, MONO_RUNNING))


def _finished(imprint: Imprint, drawn: bytes) -> bytes:
    title = " ".join(fonts.clean(imprint.title).split())
    producer = f"{xmp.PRODUCER} {imprint.app_version}"
    stream = BytesIO()
    with pikepdf.open(BytesIO(drawn)) as pdf:
        make_archival(pdf, title, producer, imprint.made_at)
        pdf.Root.Metadata = pdf.make_stream(
            xmp.plain_packet(title, producer, imprint.made_at), Type=Name.Metadata, Subtype=Name.XML
        )
        pdf.save(stream, **SAVING, deterministic_id=True)
    return stream.getvalue()
