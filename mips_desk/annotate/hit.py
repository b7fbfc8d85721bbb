"""What is under the pointer, and what a drag does to a mark. Pure functions in image pixels.

The canvas passes the tolerance (a few screen pixels divided by the zoom), so that a thin line stays easy to hit at any
scale.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar, assert_never

import msgspec

from mips_desk.annotate.marks import (
    MAX_COORDINATE,
    MAX_SIZE,
    MIN_SIZE,
    AnyMark,
    Area,
    Box,
    Ellipse,
    Mark,
    Redaction,
    Segment,
    Step,
    Text,
)
from mips_desk.annotate.shapes import (
    Disc,
    Panel,
    Path,
    Piece,
    Point,
    Polygon,
    Rect,
    Style,
    TextLine,
    Wash,
    bounds,
    pieces,
    text_size_of,
)

#: Smallest width and height that a drag can give to an area, in pixels.
MIN_EXTENT = 1.0

_AnyArea = TypeVar("_AnyArea", bound=Area)


class Handle(StrEnum):
    """A grip of a selected mark: corners and edges of an area, ends of a segment."""

    TOP_LEFT = "top_left"
    TOP = "top"
    TOP_RIGHT = "top_right"
    RIGHT = "right"
    BOTTOM_RIGHT = "bottom_right"
    BOTTOM = "bottom"
    BOTTOM_LEFT = "bottom_left"
    LEFT = "left"
    START = "start"
    END = "end"


_LEFT = {Handle.TOP_LEFT, Handle.LEFT, Handle.BOTTOM_LEFT}
_RIGHT = {Handle.TOP_RIGHT, Handle.RIGHT, Handle.BOTTOM_RIGHT}
_TOP = {Handle.TOP_LEFT, Handle.TOP, Handle.TOP_RIGHT}
_BOTTOM = {Handle.BOTTOM_LEFT, Handle.BOTTOM, Handle.BOTTOM_RIGHT}


@dataclass(frozen=True, slots=True)
class Hit:
    """What a point hits: a handle of a mark, or its body when handle is None."""

    mark_id: str
    handle: Handle | None = None


def frame(mark: Mark, style: Style) -> Rect:
    """Return the rectangle that a selection frame shows: the area itself, or the bounds of other marks."""
    return Rect(mark.x, mark.y, mark.width, mark.height) if isinstance(mark, Area) else bounds(mark, style)


def handles(mark: Mark, style: Style) -> dict[Handle, Point]:
    """Return the grips of a mark and where they are.

    An area has eight. A segment has its two ends. A text has the right edge (width at which it wraps) and the bottom
    right corner (size of its letters). A step has the bottom right of its disc (radius).
    """
    if isinstance(mark, Segment):
        return {Handle.START: (mark.x1, mark.y1), Handle.END: (mark.x2, mark.y2)}
    rect = frame(mark, style)
    middle_x, middle_y = rect.center
    if isinstance(mark, Step):
        return {Handle.BOTTOM_RIGHT: (rect.right, rect.bottom)}
    right = {Handle.RIGHT: (rect.right, middle_y), Handle.BOTTOM_RIGHT: (rect.right, rect.bottom)}
    if isinstance(mark, Text):
        return right
    return right | {
        Handle.TOP_LEFT: (rect.x, rect.y),
        Handle.TOP: (middle_x, rect.y),
        Handle.TOP_RIGHT: (rect.right, rect.y),
        Handle.BOTTOM: (middle_x, rect.bottom),
        Handle.BOTTOM_LEFT: (rect.x, rect.bottom),
        Handle.LEFT: (rect.x, middle_y),
    }


def hit(
    marks: Sequence[Mark], x: float, y: float, tolerance: float, style: Style, selected: Collection[str] = ()
) -> Hit | None:
    """Return what is at a point, or None.

    Handles of selected marks come first, then the topmost ink (redactions are above all), then the smallest empty box
    or ellipse around the point.

    Args:
        marks: in the order of painting.
        x: of the point.
        y: of the point.
        tolerance: how far beside a mark or handle the point may be, in image pixels.
        style: sizes of marks that leave theirs open.
        selected: ids of the marks whose handles are shown.
    """
    above = sorted(marks, key=lambda mark: isinstance(mark, Redaction))[::-1]
    for mark in above:
        if mark.id in selected:
            grips = {grip: math.dist(point, (x, y)) for grip, point in handles(mark, style).items()}
            nearest = min(grips, key=lambda grip: grips[grip])
            if grips[nearest] <= tolerance:
                return Hit(mark.id, nearest)
    for mark in above:
        if _on_ink(mark, x, y, tolerance, style):
            return Hit(mark.id)
    around = [mark for mark in above if isinstance(mark, Box | Ellipse) and frame(mark, style).holds(x, y)]
    if not around:
        return None
    return Hit(min(around, key=lambda mark: mark.width * mark.height).id)


def inside(marks: Sequence[Mark], area: Rect, style: Style) -> tuple[str, ...]:
    """Return the ids of the marks that lie wholly in a rectangle, as for a rubber band."""
    found = ((mark, frame(mark, style)) for mark in marks)
    return tuple(mark.id for mark, rect in found if area.holds(rect.x, rect.y) and area.holds(rect.right, rect.bottom))


def moved(mark: AnyMark, dx: float, dy: float) -> AnyMark:
    """Return a mark moved by a distance in image pixels; it stays within the limits of coordinates."""
    values = msgspec.structs.asdict(mark)
    by = {"x": dx, "x1": dx, "x2": dx, "y": dy, "y1": dy, "y2": dy}
    return msgspec.structs.replace(
        mark, **{name: _limited(values[name] + distance) for name, distance in by.items() if name in values}
    )


def resized(mark: Mark, handle: Handle, x: float, y: float, style: Style) -> Mark:
    """Return a mark with one of its handles dragged to a point.

    A side that is dragged across the other one turns the area over; width and height stay at least `MIN_EXTENT`.
    While a drag goes on, call this with the mark as it was when the drag began.

    Args:
        mark: the mark when the drag began.
        handle: one of `handles`; another one changes nothing.
        x: of the pointer.
        y: of the pointer.
        style: sizes of marks that leave theirs open.
    """
    x, y = _limited(x), _limited(y)
    match mark:
        case Segment():
            if handle is Handle.START:
                return msgspec.structs.replace(mark, x1=x, y1=y)
            return msgspec.structs.replace(mark, x2=x, y2=y) if handle is Handle.END else mark
        case Text():
            return _resized_text(mark, handle, x, y, style)
        case Step():
            if handle is not Handle.BOTTOM_RIGHT:
                return mark
            radius = max(x - mark.x, y - mark.y)
            return msgspec.structs.replace(mark, radius=min(max(radius, MIN_SIZE), MAX_SIZE))
        case Area():
            return _resized_area(mark, handle, x, y)
        case _:
            assert_never(mark)


def area_between(x1: float, y1: float, x2: float, y2: float) -> Rect:
    """Return the area that a drag from one point to another spans, at least `MIN_EXTENT` wide and high."""
    left, top = min(x1, x2), min(y1, y2)
    return Rect(left, top, max(abs(x2 - x1), MIN_EXTENT), max(abs(y2 - y1), MIN_EXTENT))


def _resized_area(mark: _AnyArea, handle: Handle, x: float, y: float) -> _AnyArea:
    left, top, right, bottom = mark.x, mark.y, mark.x + mark.width, mark.y + mark.height
    left = x if handle in _LEFT else left
    right = x if handle in _RIGHT else right
    top = y if handle in _TOP else top
    bottom = y if handle in _BOTTOM else bottom
    rect = area_between(left, top, right, bottom)
    return msgspec.structs.replace(mark, x=rect.x, y=rect.y, width=rect.width, height=rect.height)


def _resized_text(mark: Text, handle: Handle, x: float, y: float, style: Style) -> Text:
    size = text_size_of(mark, style)
    if handle is Handle.RIGHT:
        return msgspec.structs.replace(mark, width=max(x - mark.x, 2 * size))
    if handle is not Handle.BOTTOM_RIGHT:
        return mark
    scale = max(y - mark.y, 1.0) / bounds(mark, style).height
    new_size = min(max(size * scale, MIN_SIZE), MAX_SIZE)
    # The label keeps its line breaks when it grows.
    width = None if mark.width is None else mark.width * new_size / size
    return msgspec.structs.replace(mark, size=new_size, width=width)


def _on_ink(mark: Mark, x: float, y: float, tolerance: float, style: Style) -> bool:
    if isinstance(mark, Redaction):
        return frame(mark, style).grown(tolerance).holds(x, y)
    return any(_on_piece(piece, x, y, tolerance) for piece in pieces(mark, style))


def _on_piece(piece: Piece, x: float, y: float, tolerance: float) -> bool:
    match piece:
        case Path():
            return _distance(piece.points, piece.closed, x, y) <= piece.width / 2 + tolerance
        case Polygon():
            return _distance(piece.points, True, x, y) <= tolerance or _in_polygon(piece.points, x, y)
        case Panel():
            return piece.rect.grown(tolerance).holds(x, y)
        case Disc():
            return math.dist((x, y), (piece.x, piece.y)) <= piece.radius + tolerance
        case Wash():
            left, top, right, bottom = piece.box
            return Rect(left, top, right - left, bottom - top).grown(tolerance).holds(x, y)
        case TextLine():
            return False  # every text stands on a panel or a disc
        case _:
            assert_never(piece)


def _distance(points: Sequence[Point], closed: bool, x: float, y: float) -> float:
    """Return how far a point is from a line through some points."""
    ends = [*points[1:], points[0]] if closed or len(points) == 1 else points[1:]
    return min(_segment_distance(start, end, x, y) for start, end in zip(points, ends, strict=False))


def _segment_distance(start: Point, end: Point, x: float, y: float) -> float:
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    square = along_x * along_x + along_y * along_y
    part = ((x - start[0]) * along_x + (y - start[1]) * along_y) / square if square else 0.0
    part = min(max(part, 0.0), 1.0)
    return math.dist((x, y), (start[0] + part * along_x, start[1] + part * along_y))


def _in_polygon(points: Sequence[Point], x: float, y: float) -> bool:
    odd = False
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            odd = not odd
    return odd


def _limited(value: float) -> float:
    return min(max(value, -MAX_COORDINATE), MAX_COORDINATE)
