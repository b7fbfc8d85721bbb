"""The date that a picture is of, among the words that were read in it."""

import re
from collections.abc import Sequence

from .kinds import FoundDate, Word
from .layout import Segment, Sheet, arrange
from .patterns import dates

_BIRTH = re.compile(r"\b(?:d\.?o\.?b|born|birth ?da(?:te|y)|date of birth|birth)\b", re.IGNORECASE)
#: What stands before the date on which a page was made or is about, the surest first.
_OWN = (
    "printed", "generated", "run on", "report date", "created", "as of", "today", "statement date", "effective",
    "period", "date", "sent", "received", "signed", "completed", "posted", "updated", "issued", "on",
)  # fmt: skip


def dates_in(words: Sequence[Word]) -> tuple[FoundDate, ...]:
    """Find dates among words: likeliest to be the picture's own first, dates of birth last.

    Args:
        words: of one picture, in reading order; some may be left out.
    """
    sheet = arrange(words)
    found: list[tuple[tuple[int, int], FoundDate]] = []
    for segment in sheet.segments:
        for start, end, day in dates(segment.text):
            if day is None:
                continue
            index = segment.words_at(start, end)[0]
            before = _before(sheet, segment, start)
            if _BIRTH.search(before):
                found.append(
                    ((len(_OWN) + 1, index), FoundDate(day, index, "beside a label for the date of birth", birth=True))
                )
                continue
            rank, why = len(_OWN), "in the picture"
            for number, word in enumerate(_OWN):
                if re.search(rf"\b{word}\b[\s:#*]*$", before, re.IGNORECASE):
                    rank, why = number, f"after “{word}”"
                    break
            found.append(((rank, index), FoundDate(day, index, why)))
    return tuple(each for _, each in sorted(found, key=lambda each: each[0]))


def _before(sheet: Sheet, segment: Segment, start: int) -> str:
    """Return what stands before a place: in its segment, else at its left, above, and at the head of its column."""
    text = segment.text[:start].strip()
    if text:
        return text
    left = [each for each in sheet.rows[segment.row] if each.right <= segment.left]
    above = [
        each
        for each in sheet.segments
        if each.bottom <= segment.middle
        and abs(each.left - segment.left) < segment.height
        and not any(dates(each.text))
    ]
    near = [left[-1].text] if left and segment.left - left[-1].right < 14 * segment.height else []
    return " ".join([*(each.text for each in sorted(above, key=lambda each: each.top)[-1:]), *near])
