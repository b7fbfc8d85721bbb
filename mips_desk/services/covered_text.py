"""What redactions and crops leave of the words of a picture.

Marks that are stored take the words they cover out of the vault's index in the same transaction. When they uncover
something, all words go, and the picture has to be read again.
"""

from collections.abc import Sequence

import msgspec

from mips_desk.annotate.marks import Area, Mark, crop_of, redactions
from mips_desk.identify.kinds import Word
from mips_desk.store import Tx
from mips_desk.store import evidence_text as stored
from mips_desk.store.evidence_text import EvidenceText

_Words = tuple[Word, ...]


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
    return packed(uncovered(unpacked(text), after))


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


def uncovered(words: Sequence[Word], marks: Sequence[Mark]) -> tuple[Word, ...]:
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


def packed(words: Sequence[Word]) -> EvidenceText:
    """Return words as the vault keeps them."""
    return EvidenceText(" ".join(word.text for word in words), msgspec.json.encode(words))


def unpacked(text: EvidenceText | None) -> tuple[Word, ...]:
    """Return the words that the vault keeps; none when there is no text."""
    return msgspec.json.decode(text.words, type=_Words) if text is not None else ()
