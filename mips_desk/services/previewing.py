"""The binder as it would be written now, in memory: for the preview, which never touches a disk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from mips_desk.binder.content import Paper
from mips_desk.binder.outline import Outline
from mips_desk.binder.pages import lay_out
from mips_desk.binder.preview import page_png
from mips_desk.binder.write import stream_binder
from mips_desk.domain.evidence import Export

from . import binding
from .session import Session


@dataclass(frozen=True, slots=True)
class BinderPreview:
    """A binder that was not written to a file.

    Attributes:
        pdf: the file's bytes.
        tree: its outline, with what an auditor would ask back.
        numbers: page number (from 1) of every key of the outline.
        pages: number of pages.
        exhibits: number of exhibits.
    """

    pdf: bytes
    tree: Outline
    numbers: dict[str, int]
    pages: int
    exhibits: int

    def page(self, number: int, width: int) -> bytes:
        """Return a page as a PNG file.

        Args:
            number: from 1.
            width: in pixels.

        Raises:
            IndexError: there is no such page.
        """
        return page_png(self.pdf, number - 1, width)


def preview(
    session: Session,
    year: int,
    *,
    activities: Sequence[str] = (),
    paper: Paper = Paper.LETTER,
    sign_off: bool = True,
    journal_extract: bool = True,
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
) -> BinderPreview:
    """Make the binder of a year in memory, as the window exports it: without pictures that nobody looked at.

    Args:
        session: the open practice.
        year: performance year.
        activities: identifiers of the activities to print; empty: all chosen ones.
        paper: paper size.
        sign_off: print signature blocks.
        journal_extract: print the newest journal entries.
        progress: called with steps done and in all.
        check: called often; raises CancelledError to stop.

    Raises:
        BadInputError: an activity is not chosen in that year.
        VaultError: an original is damaged.
    """
    content = binding.content(
        session,
        year,
        activities=activities,
        paper=paper,
        sign_off=sign_off,
        journal_extract=journal_extract,
        only_looked_at=True,
    )
    stop = check or (lambda: None)
    stop()
    stream = BytesIO()
    made = stream_binder(content, stream, progress, check)
    # The layout is made a second time for its page numbers: it is a tenth of the work, and the writer keeps its own.
    book = lay_out(content, stop)
    return BinderPreview(stream.getvalue(), book.tree, book.numbers, made.pages, made.exhibits)


def exports(session: Session, year: int) -> tuple[Export, ...]:
    """Return the record of the binders of a year that were written, oldest first."""
    return tuple(export for export in session.vault.exports() if export.year == year)
