"""What the redactions of a picture cover, and who covered it: for the log and the proof in a binder.

The arithmetic from marks to pixels is done here once more and on purpose without `annotate.shapes`: the proof of a
binder must not repeat a mistake of what painted it.
"""

import math
from collections.abc import Sequence

from mips_desk.annotate.codec import decode
from mips_desk.annotate.marks import Crop, Mark, Redaction, Step
from mips_desk.binder.content import RedactedArea
from mips_desk.store.marks_history import MarksRevision

_Place = tuple[float, float, float, float]
_Box = tuple[int, int, int, int]


def areas(marks: Sequence[Mark], history: Sequence[MarksRevision], size: tuple[int, int]) -> tuple[RedactedArea, ...]:
    """Return the areas of a rendition that redactions cover, from its top to its bottom, then from left to right.

    Who covered an area is who drew the oldest revision from which on it was always covered by exactly this box.

    Args:
        marks: the newest marks.
        history: revisions, newest first.
        size: width and height in pixels of the upright picture before it is cut.
    """
    covering = (mark for mark in marks if isinstance(mark, Redaction))
    wanted = {_place(mark): (mark, box) for mark in covering if (box := _box(mark, marks, size))}
    since: dict[_Place, MarksRevision] = {}
    waiting = set(wanted)
    for revision in history:
        waiting &= {_place(mark) for mark in decode(revision.data) if isinstance(mark, Redaction)}
        if not waiting:
            break
        since |= dict.fromkeys(waiting, revision)
    found = []
    for place, (mark, box) in wanted.items():
        drawn = since.get(place)
        found.append(RedactedArea(box, mark.reason, drawn.person if drawn else "", drawn.at if drawn else None))
    return tuple(sorted(found, key=lambda area: (area.box[1], area.box[0])))


def legend(marks: Sequence[Mark], size: tuple[int, int]) -> tuple[tuple[int, str], ...]:
    """Return number and text of the numbered steps with a text whose numbers can be seen: what was typed to a step that
    is covered or cut away must not be printed beside the picture.

    Args:
        marks: the newest marks.
        size: width and height in pixels of the upright picture before it is cut.
    """
    return tuple((step.number, step.text) for step in _told(marks, size))


def legend_places(marks: Sequence[Mark], size: tuple[int, int]) -> tuple[float, ...]:
    """Return how far below the top of the rendition the steps of the legend are, in pixels and in its order.

    Args:
        marks: the newest marks.
        size: width and height in pixels of the upright picture before it is cut.
    """
    _across, down = _left(marks, size)
    return tuple(step.y - down[0] for step in _told(marks, size))


def _told(marks: Sequence[Mark], size: tuple[int, int]) -> list[Step]:
    across, down = _left(marks, size)
    covering = [mark for mark in marks if isinstance(mark, Redaction)]
    shown = (
        step
        for step in marks
        if isinstance(step, Step)
        and step.text
        and across[0] <= step.x < across[1]
        and down[0] <= step.y < down[1]
        and not any(_holds(mark, step.x, step.y) for mark in covering)
    )
    return sorted(shown, key=lambda step: (step.number, step.text))


def _holds(mark: Redaction, x: float, y: float) -> bool:
    return mark.x <= x <= mark.x + mark.width and mark.y <= y <= mark.y + mark.height


def _place(mark: Redaction) -> _Place:
    return mark.x, mark.y, mark.width, mark.height


def _box(mark: Redaction, marks: Sequence[Mark], size: tuple[int, int]) -> _Box | None:
    """Return the pixels of the rendition that a redaction covers, or None when none of them is left in it."""
    across, down = _left(marks, size)
    columns, rows = _covered(mark.x, mark.width, *across), _covered(mark.y, mark.height, *down)
    return (columns[0], rows[0], columns[1], rows[1]) if columns and rows else None


def _left(marks: Sequence[Mark], size: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the columns and rows of the upright picture that are left by a crop."""
    for crop in marks:
        if isinstance(crop, Crop):
            return _cut(crop.x, crop.width, size[0]), _cut(crop.y, crop.height, size[1])
    return (0, size[0]), (0, size[1])


def _cut(start: float, length: float, whole: int) -> tuple[int, int]:
    """Return the pixels that a crop leaves of a row or column; one at least."""
    first = min(max(math.ceil(start), 0), whole - 1)
    return first, max(min(math.floor(start + length), whole), first + 1)


def _covered(start: float, length: float, first: int, last: int) -> tuple[int, int] | None:
    """Return the pixels that a redaction covers of a row or column, counted from the first one that is left."""
    begin = math.floor(start)
    end = max(math.ceil(start + length), begin + 1)
    begin, end = max(begin, first), min(end, last)
    return (begin - first, end - first) if begin < end else None
