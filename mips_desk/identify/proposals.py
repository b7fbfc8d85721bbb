"""From the words that may identify somebody to boxes: neighbors of one kind become one, photos and badges are added."""

import math
from collections.abc import Sequence

from .find import Finder, Mark, by_left
from .kinds import Kind, Proposal, Word
from .layout import Segment

Box = tuple[int, int, int, int]

#: Boxes grow by this share of a line's height, and at least by these pixels: what a reader saw is less than was drawn.
PAD_SHARE, PAD_LEAST = 0.15, 2


def propose(words: Sequence[Word], photos: Sequence[Box], width: int, height: int) -> tuple[Proposal, ...]:
    """Propose places that may hold identifiers.

    Args:
        words: of the picture, in reading order.
        photos: boxes that look like photos.
        width: of the picture, pixels.
        height: of the picture.

    Returns:
        Proposals from the top to the bottom.
    """
    finder = Finder(words)
    finder.run()
    found = []
    for segment in finder.sheet.segments:
        group: list[int] = []
        for index in [*segment.indexes, -1]:
            mark = finder.marks.get(index)
            if group and (mark is None or not _same(mark, finder.marks[group[-1]])):
                found.append(_proposal(words, group, finder.marks, width, height))
                group = []
            if mark is not None:
                group.append(index)
    found += [_around(box, 4, Kind.PHOTO, 0.7, "looks like a photo", width, height) for box in photos]
    why = "beside a name, where others have a badge or photo"
    found += [_around(box, 2, Kind.NAME, 0.5, why, width, height) for box in _badges(finder, photos)]
    return tuple(sorted(found, key=lambda each: (each.y + each.height // 2, each.x)))


def _around(box: Box, pad: int, kind: Kind, score: float, why: str, width: int, height: int) -> Proposal:
    left, top = max(0, box[0] - pad), max(0, box[1] - pad)
    right, bottom = min(width, box[0] + box[2] + pad), min(height, box[1] + box[3] + pad)
    return Proposal(kind, left, top, right - left, bottom - top, score, why)


def _same(mark: Mark, other: Mark) -> bool:
    return (mark.kind, mark.column) == (other.kind, other.column)


def _proposal(words: Sequence[Word], group: list[int], marks: dict[int, Mark], width: int, height: int) -> Proposal:
    of = [words[index] for index in group]
    best = max((marks[index] for index in group), key=lambda each: each.score)
    pad = max(PAD_LEAST, math.ceil(PAD_SHARE * max(each.height for each in of)))
    left = max(0, min(each.x for each in of) - pad)
    top = max(0, min(each.y for each in of) - pad)
    right = min(width, max(each.x + each.width for each in of) + pad)
    bottom = min(height, max(each.y + each.height for each in of) + pad)
    return Proposal(
        kind=best.kind,
        x=left,
        y=top,
        width=right - left,
        height=bottom - top,
        score=round(best.score, 2),
        why=best.why,
        text=" ".join(each.text for each in of),
        column=best.column,
        column_title=best.title,
    )


def _badges(finder: Finder, photos: Sequence[Box]) -> list[Box]:
    """Guess where badges and photos stand that nobody saw: where others of a list of names have one."""
    # Initials fill about half of their badge.
    found = [
        ((each.left + each.right) // 2 - each.height, int(each.middle) - each.height, 2 * each.height, 2 * each.height)
        for each in finder.sheet.segments
        if any(finder.marks[i].why == "initials beside a name" for i in each.indexes if i in finder.marks)
    ]
    guessed = []
    for group in by_left(finder.sheet.segments):
        listed = [each for each in group if finder.is_name(each) and len(each.indexes) > 1]
        beside = [(each, box) for each in listed for box in (*photos, *found) if _beside(box, each)]
        if len(listed) < 3 or len({id(each) for each, _ in beside}) < 2:
            continue
        size = max(max(box[2], box[3]) for _, box in beside)
        away = sorted(each.left - (box[0] + box[2] / 2) for each, box in beside)[len(beside) // 2]
        seen = {id(each) for each, _ in beside}
        guessed += [
            (int(each.left - away - size / 2), int(each.middle - size / 2), size, size)
            for each in listed
            if id(each) not in seen
        ]
    return guessed


def _beside(box: Box, segment: Segment) -> bool:
    """Tell whether a box is a badge at the left of a segment."""
    gap = segment.left - (box[0] + box[2])
    return -2 <= gap < 2 * segment.height and abs(box[1] + box[3] / 2 - segment.middle) < 0.6 * max(
        segment.height, box[3]
    )
