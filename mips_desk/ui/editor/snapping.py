"""Snapping: edges and middles of a moved mark come to rest at those of other marks and of the picture.

Pure functions in image pixels; horizontal and vertical are settled one apart from the other.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from mips_desk.annotate.hit import extent
from mips_desk.annotate.marks import Crop, Mark
from mips_desk.annotate.shapes import Rect, Style

Point = tuple[float, float]
#: Marks that a drag is held against at most, the newest first; more would only get in the way.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Guide:
    """A line that shows at what something snapped.

    Attributes:
        vertical: it runs from top to bottom, else from left to right.
        at: its x when it is vertical, else its y.
        low: where it begins.
        high: where it ends.
    """

    vertical: bool
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Lines:
    """What can be snapped to: positions, each with the length of what has it.

    Attributes:
        xs: (x, top, bottom).
        ys: (y, left, right).
    """

    xs: tuple[tuple[float, float, float], ...] = ()
    ys: tuple[tuple[float, float, float], ...] = ()


def lines_of(marks: Sequence[Mark], style: Style, size: tuple[int, int], moving: Collection[str]) -> Lines:
    """Return what can be snapped to: edges and middles of the picture, its crop, and the other marks.

    Args:
        marks: all marks.
        style: sizes of marks that leave theirs open.
        size: width and height of the picture.
        moving: ids of the marks that are moved; they are no target.
    """
    rests = [mark for mark in marks if mark.id not in moving]
    rects = [Rect(0, 0, *size), *(extent(mark, style) for mark in rests[::-1][:_MOST])]
    rects += [extent(mark, style) for mark in rests if isinstance(mark, Crop)]
    return Lines(
        tuple((x, rect.y, rect.bottom) for rect in rects for x in (rect.x, rect.center[0], rect.right)),
        tuple((y, rect.x, rect.right) for rect in rects for y in (rect.y, rect.center[1], rect.bottom)),
    )


def snapped_move(rect: Rect, lines: Lines, reach: float) -> tuple[float, float, tuple[Guide, ...]]:
    """Return how far to move a rectangle so that it snaps, and the guides to show.

    Args:
        rect: where it would be.
        lines: what it can snap to.
        reach: the farthest that it may jump.
    """
    dx, vertical = _nearest((rect.x, rect.center[0], rect.right), lines.xs, reach)
    dy, horizontal = _nearest((rect.y, rect.center[1], rect.bottom), lines.ys, reach)
    there = Rect(rect.x + dx, rect.y + dy, rect.width, rect.height)
    guides = [_guide(True, line, there.y, there.bottom) for line in vertical]
    guides += [_guide(False, line, there.x, there.right) for line in horizontal]
    return dx, dy, tuple(guides)


def snapped_point(
    point: Point, lines: Lines, reach: float, *, across: bool = True, down: bool = True
) -> tuple[Point, tuple[Guide, ...]]:
    """Return where a dragged point comes to rest, and the guides to show.

    Args:
        point: where it would be.
        lines: what it can snap to.
        reach: the farthest that it may jump.
        across: it may move from left to right.
        down: it may move from top to bottom.
    """
    x, y = point
    dx, vertical = _nearest((x,), lines.xs, reach) if across else (0.0, ())
    dy, horizontal = _nearest((y,), lines.ys, reach) if down else (0.0, ())
    there = (x + dx, y + dy)
    guides = [_guide(True, line, there[1], there[1]) for line in vertical]
    guides += [_guide(False, line, there[0], there[0]) for line in horizontal]
    return there, tuple(guides)


def around(marks: Iterable[Mark], style: Style) -> Rect | None:
    """Return the rectangle around some marks, or None when there are none."""
    corners = [corner for mark in marks for corner in extent(mark, style).corners]
    return Rect.around(corners) if corners else None


def _nearest(
    edges: Iterable[float], lines: Sequence[tuple[float, float, float]], reach: float
) -> tuple[float, tuple[tuple[float, float, float], ...]]:
    """Return the shortest jump that brings an edge onto a line, and the lines that have an edge on them then."""
    jumps = [(line[0] - edge, line) for edge in edges for line in lines if abs(line[0] - edge) <= reach]
    if not jumps:
        return 0.0, ()
    jump = min((jump for jump, _ in jumps), key=abs)
    met = {line[0]: line for each, line in jumps if abs(each - jump) < 0.01}
    return jump, tuple(met.values())


def _guide(vertical: bool, line: tuple[float, float, float], low: float, high: float) -> Guide:
    return Guide(vertical, line[0], min(low, line[1]), max(high, line[2]))
