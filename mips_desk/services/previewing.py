"""The binder as it would be written now, page by page and in memory: the preview never touches a disk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mips_desk.binder.content import Edition, Paper
from mips_desk.binder.outline import Outline
from mips_desk.binder.preview import Sheets, Strip, page_png
from mips_desk.domain.evidence import Export

from . import binding
from .session import Session


@dataclass(frozen=True, slots=True)
class BinderPreview:
    """A binder that was not written to a file.

    Attributes:
        sheets: its pages.
        tree: its outline, with what an auditor would ask back.
        numbers: page number (from 1) of every key of the outline.
        sizes: width and height of every page in points.
        exhibits: number of exhibits.
        missing: number of things that are missing or withheld; 0: the binder is complete.
        withheld: number of exhibits whose picture is left out.
        edition: what is shown of the pictures.
    """

    sheets: Sheets
    tree: Outline
    numbers: dict[str, int]
    sizes: tuple[tuple[float, float], ...]
    exhibits: int
    missing: int
    withheld: int
    edition: Edition

    @property
    def pages(self) -> int:
        """Number of pages."""
        return len(self.sizes)

    def page(self, number: int, width: int) -> bytes:
        """Return a page as a PNG file.

        Args:
            number: from 1.
            width: in pixels.

        Raises:
            IndexError: there is no such page.
            VaultError: an original is damaged.
        """
        return page_png(self.sheets.page_file(number), 0, width)

    def strip(self, number: int, scale: float, top: int, height: int) -> Strip:
        """Return a part of a page as pixels; see `Sheets.strip`."""
        return self.sheets.strip(number, scale, top, height)


def preview(
    session: Session,
    year: int,
    *,
    activities: Sequence[str] = (),
    paper: Paper = Paper.LETTER,
    sign_off: bool = True,
    journal_extract: bool = True,
    edition: Edition = Edition.REDACTED,
    full_reason: str = "",
    check: Callable[[], None] | None = None,
) -> BinderPreview:
    """Lay out the binder of a year as the window exports it: without pictures that nobody looked at.

    Args:
        session: the open practice.
        year: performance year.
        activities: identifiers of the activities to print; empty: all chosen ones.
        paper: paper size.
        sign_off: print signature blocks.
        journal_extract: print the newest journal entries.
        edition: whether pictures are covered.
        full_reason: why the full edition is made; only for that one.
        check: called often; raises CancelledError to stop.

    Raises:
        BadInputError: an activity is not chosen in that year, or the full edition has no reason.
        VaultError: an original is damaged.
    """
    content = binding.content(
        session,
        year,
        activities=activities,
        paper=paper,
        sign_off=sign_off,
        journal_extract=journal_extract,
        only_looked_at=edition is Edition.REDACTED,
        edition=edition,
        full_reason=full_reason,
    )
    stop = check or (lambda: None)
    stop()
    sheets = Sheets(content, stop)
    book = sheets.book
    return BinderPreview(
        sheets,
        book.tree,
        book.numbers,
        tuple((page.width, page.height) for page in book.pages),
        len(content.exhibits),
        content.missing,
        sum(bool(sheet.withheld) for sheet in content.exhibits),
        edition,
    )


def exports(session: Session, year: int | None = None) -> tuple[Export, ...]:
    """Return the record of the files that were written, oldest first.

    Args:
        session: the open practice.
        year: only those of this performance year; None: all.
    """
    return tuple(export for export in session.vault.exports() if year in (None, export.year))
