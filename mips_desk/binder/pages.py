"""The whole binder as pages: layout first, so that every page number is known, then drawing."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from mips_desk.domain.practice import mask_tin

from . import activity_pages, back, exhibit_pages, fonts, front, letter, message_pages, practice_pages, summary
from .blocks import Block
from .content import BinderContent
from .embedding import pack_last_page
from .figures import SIGNATURE_KEY, SIGNATURE_SIZE
from .flow import BOTTOM, SIDE, Page, Shown, flow, flow_sections, lightened
from .outline import Outline, Part, outline
from .pen import FAINT, MONO_RUNNING, RUNNING, RUNNING_STRONG, Pen, Run


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """Where the visible field of a digital signature belongs.

    Attributes:
        page: page number, from 1.
        box: left, lower, right and upper edge in points from the lower left corner of the page.
    """

    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Book:
    """A binder that is laid out.

    Attributes:
        tree: its outline; contents and bookmarks come from it.
        pages: in order.
        numbers: page number (from 1) of every key.
        signature: the place kept free on the certification page.
    """

    content: BinderContent
    tree: Outline
    pages: tuple[Page, ...]
    numbers: dict[str, int]
    signature: SignaturePlace


def lay_out(content: BinderContent, check_cancel: Callable[[], None]) -> Book:
    """Set the binder on pages.

    Args:
        content: the binder.
        check_cancel: called now and then; raises to stop.
    """
    fonts.register()
    tree = outline(content)

    def part(running: str, blocks: list[Block]) -> list[Page]:
        check_cancel()
        return flow(blocks, content.paper, running)

    def parts(*sections: tuple[str, list[Block]]) -> list[Page]:
        check_cancel()
        return flow_sections(sections, content.paper, check=check_cancel)

    before = page_id(content, 0)
    body = part("Summary", summary.summary(content, tree))
    status = ("Eligibility and status", practice_pages.status(content))
    if content.papers:
        body += parts(status)
    for sheet in content.papers:
        check_cancel()
        body += lightened(partial(exhibit_pages.exhibit, sheet, None, content))
    body += parts(
        *(() if content.papers else (status,)),
        ("Practice and clinicians", practice_pages.people(content)),
        ("Attestation record", practice_pages.attested(content)),
        ("How this evidence was made", practice_pages.method(content)),
    )
    for entry in content.parts:
        body += part(entry.activity.id, activity_pages.activity(entry, content))
        for sheet in entry.exhibits:
            check_cancel()
            body += lightened(partial(exhibit_pages.exhibit, sheet, entry, content))
    if content.messages:
        body += part("Portal message report", message_pages.messages(content.messages))
    body += parts(
        ("Appendix A", back.exhibit_list(content, before)),
        ("Appendix B", back.redactions(content)),
        ("Appendix C", back.custody(content)),
        ("Appendix D", back.verify(content)),
        ("Appendix E", back.missing(content, tree)),
        ("Appendix F", back.sources(content)),
        ("Appendix G", back.glossary()),
        ("Appendix H", back.journal(content) if content.journal_entries else []),
    )
    body += part("Certification", back.certification(content))

    # Page numbers have a fixed width in the contents, so the number of pages does not depend on them.
    listed = flow(front.contents(tree), content.paper, "Contents")

    def opening(total: int) -> list[Page]:
        first, last = page_id(content, 1), page_id(content, total)
        told = letter.letter(content, content.request, (first, last)) if content.request else []
        cover = flow(front.cover(content, total), content.paper, "", BOTTOM + front.cover_foot_height(content))
        return [*(part("Cover letter", told) if told else []), *cover]

    total = len(opening(0)) + len(listed) + len(body)
    pages = (*opening(total), *listed, *body)
    numbers = {key: index for index, page in enumerate(pages, 1) for key, _top in page.anchors}
    return Book(content, tree, pages, numbers, _signature_place(pages))


def _signature_place(pages: Sequence[Page]) -> SignaturePlace:
    width, height = SIGNATURE_SIZE
    return next(
        SignaturePlace(number, (x, top - height, x + width, top))
        for number, page in reversed(list(enumerate(pages, 1)))
        for laid, x, top in page.items
        if laid.anchor == SIGNATURE_KEY
    )


def draw(book: Book, check_cancel: Callable[[], None]) -> bytes:
    """Draw the pages without their pictures and return them as a PDF.

    Args:
        book: the binder, laid out.
        check_cancel: called for every page; raises to stop.
    """
    stream = BytesIO()
    canvas = Canvas(stream, pageCompression=0, invariant=1, initialFontName=fonts.REGULAR, pdfVersion=(1, 4))
    pen = Pen(canvas, book.numbers)
    shown = Shown()
    for index, page in enumerate(book.pages, 1):
        check_cancel()
        canvas.setPageSize((page.width, page.height))
        _running(book, page, index, pen)
        for laid, x, top in shown.items(page):
            laid.draw(pen, x, top)
        for key, top in page.anchors:
            canvas.bookmarkHorizontalAbsolute(key, top)
        if index == book.numbers["cover"]:
            front.cover_foot(book.content, pen, SIDE, page.inner_width, BOTTOM)
        canvas.showPage()
        pack_last_page(canvas)
    for part in book.tree.parts:
        _bookmark(canvas, part, 0)
    canvas.save()
    return stream.getvalue()


def page_prefix(practice: str) -> str:
    """Return the fixed start of the page identifiers of a practice: its first five letters, or "PRACT"."""
    plain = unicodedata.normalize("NFKD", practice).encode("ascii", "ignore").decode().upper()
    return (re.sub("[^A-Z]", "", plain) + "PRACT")[:5] if re.search("[A-Z]{2}", plain) else "PRACT"


def page_id(content: BinderContent, number: int) -> str:
    """Return the identifier that is printed on a page, for example "RIVER-2026-000012".

    Args:
        content: the binder.
        number: of the page, from 1; 0 for the identifier before the first one.
    """
    return f"{page_prefix(content.practice.name)}-{content.year}-{content.first_page - 1 + number:06d}"


def _bookmark(canvas: Canvas, part: Part, level: int) -> None:
    canvas.addOutlineEntry(fonts.clean(part.title).replace("\n", " "), part.key, level, closed=level > 0)
    for child in part.children:
        _bookmark(canvas, child, level + 1)


def _running(book: Book, page: Page, number: int, pen: Pen) -> None:
    """Draw header and footer."""
    content = book.content
    width = page.width - 2 * SIDE
    right = page.width - SIDE
    tin = mask_tin(content.practice.tin)
    y = page.height - 50
    section = Run(page.running, RUNNING)
    tail = "".join(f" · {word}" for word in (f"TIN {tin}" if tin else "", str(content.year)) if word)
    edition = Run(f" · {content.edition.shown}", RUNNING_STRONG)
    room = width - pen.width(section) - pen.width(edition) - pen.width(Run(tail, RUNNING)) - 20
    named = Run(one_line_within(content.practice.name, room, pen) + tail, RUNNING)
    pen.text(SIDE, y, named)
    pen.text(SIDE + pen.width(named), y, edition)
    pen.text_right(right, y, section)
    pen.rule(SIDE, y - 8, width, FAINT, 0.7)
    y = 40
    pen.rule(SIDE, y + 13, width, FAINT, 0.7)
    pen.text(SIDE, y, Run(content.binder_id, MONO_RUNNING))
    pen.text_center(page.width / 2, y, Run(f"Page {number} of {len(book.pages)}", RUNNING))
    pen.text_right(right, y, Run(page_id(content, number), MONO_RUNNING))


def one_line_within(text: str, room: float, pen: Pen) -> str:
    """Return a text cut so that it fits on its line, with an ellipsis when it was cut."""
    text = fonts.clean(text[:200]).replace("\n", " ")
    if pen.width(Run(text, RUNNING)) <= room:
        return text
    while text and pen.width(Run(text + "…", RUNNING)) > room:
        text = text[:-1]
    return text.rstrip() + "…"
