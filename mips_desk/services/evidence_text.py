"""The words in pictures: kept in the vault to be searched, and to offer the date that a picture shows.

Words that a redaction touches are never kept. Marks that are stored take the words they cover out of the vault's index
in the same transaction; when they uncover something, all words go and the picture has to be read again.
"""

from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from mips_desk.annotate.marks import Area, Mark, crop_of, redactions
from mips_desk.domain.evidence import EvidenceItem
from mips_desk.identify.kinds import Word
from mips_desk.store import Tx
from mips_desk.store import evidence_text as stored
from mips_desk.store.evidence_text import EvidenceText

from . import identifying
from .session import Session

_Words = tuple[Word, ...]


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
    return stored.put_text(session.vault, item, _text(_uncovered(words, marks)))


def words_of(session: Session, evidence_id: str) -> tuple[Word, ...]:
    """Return the words kept of a picture, in reading order; none when it was not read."""
    return _words(stored.text_of(session.vault, evidence_id))


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


def left_by(tx: Tx, evidence_id: str, before: Sequence[Mark], after: Sequence[Mark]) -> EvidenceText | None:
    """Return what stays of a picture's text under new marks, to be kept after they are stored in the transaction.

    Args:
        tx: the transaction, in which the new marks are not stored yet.
        evidence_id: the item.
        before: its marks so far.
        after: its new marks.

    Returns:
        None when nothing was kept, or when something is uncovered that was never read.
    """
    text = stored.text_in(tx, evidence_id)
    if text is None or not _still_covered(before, after):
        return None
    return _text(_uncovered(_words(text), after))


def _still_covered(before: Sequence[Mark], after: Sequence[Mark]) -> bool:
    """Tell whether new marks leave nothing to be seen that the old ones covered or cut away."""
    crop, cut = crop_of(before), crop_of(after)
    smaller = crop is None or (cut is not None and _inside(cut, crop))
    new = redactions(after)
    return smaller and all(any(_inside(old, mark) for mark in new) for old in redactions(before))


def _inside(inner: Area, outer: Area) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def _uncovered(words: Sequence[Word], marks: Sequence[Mark]) -> tuple[Word, ...]:
    """Return the words that no redaction touches and no crop cuts: half of a name is often enough."""
    covering, crop = redactions(marks), crop_of(marks)
    return tuple(
        word
        for word in words
        if not any(_touches(word, area) for area in covering) and (crop is None or _whole(word, crop))
    )


def _touches(word: Word, area: Area) -> bool:
    across = word.x <= area.x + area.width and area.x <= word.x + word.width
    return across and word.y <= area.y + area.height and area.y <= word.y + word.height


def _whole(word: Word, crop: Area) -> bool:
    across = crop.x <= word.x and word.x + word.width <= crop.x + crop.width
    return across and crop.y <= word.y and word.y + word.height <= crop.y + crop.height


def _text(words: Sequence[Word]) -> EvidenceText:
    return EvidenceText(" ".join(word.text for word in words), msgspec.json.encode(words))


def _words(text: EvidenceText | None) -> tuple[Word, ...]:
    return msgspec.json.decode(text.words, type=_Words) if text is not None else ()
