"""The words in pictures: kept in the vault to be searched, and to offer the date that a picture shows.

Words that a redaction touches are never kept; `covered_text` says what becomes of them when marks are stored.
"""

from collections.abc import Callable, Sequence
from datetime import date

from mips_desk.annotate.marks import Mark
from mips_desk.domain.evidence import EvidenceItem
from mips_desk.identify.kinds import Word
from mips_desk.store import evidence_text as stored

from . import covered_text, identifying
from .session import Session


def unread(session: Session, year: int) -> tuple[str, ...]:
    """Return the identifiers of the evidence items whose pictures were not read since their marks changed."""
    return stored.unread(session.vault, year)


def read(
    session: Session,
    item: EvidenceItem,
    marks: Sequence[Mark],
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
) -> bool:
    """Read the words of a picture and keep those that nothing covers. Takes seconds: run it as a job.

    It shows nobody anything and changes no record, so the journal gets no entry.

    Args:
        session: the open practice, for writing.
        item: the item.
        marks: its newest marks, as read after the item.
        progress: told how far it is.
        check: called several times a second; raises CancelledError to stop.

    Returns:
        False when the item was changed meanwhile; then nothing is kept.

    Raises:
        IdentifyError: pictures cannot be read on this computer, see `identifying.available`.
        VaultError: the original is damaged or destroyed, or the vault is open to read only.
    """
    return keep(session, item, marks, identifying.text_of(session, item, progress, check))


def keep(session: Session, item: EvidenceItem, marks: Sequence[Mark], words: Sequence[Word]) -> bool:
    """Keep words that were read in an original already; arguments and answer as for `read`."""
    return stored.put_text(session.vault, item, covered_text.packed(covered_text.uncovered(words, marks)))


def words_of(session: Session, evidence_id: str) -> tuple[Word, ...]:
    """Return the words kept of a picture, in reading order; none when it was not read."""
    return covered_text.unpacked(stored.text_of(session.vault, evidence_id))


def suggested_dates(session: Session, item: EvidenceItem) -> tuple[date, ...]:
    """Return the dates in a picture's text that lie in its performance year, likeliest first, dates of birth left out.

    They are offered to a person and never set by themselves.
    """
    year = session.vault.selection(item.selection_id).year
    found = identifying.dates_in(words_of(session, item.id))
    return tuple(dict.fromkeys(each.day for each in found if each.day.year == year and not each.birth))


def suggested_date(session: Session, item: EvidenceItem) -> date | None:
    """Return the likeliest of `suggested_dates`, or None."""
    return next(iter(suggested_dates(session, item)), None)
