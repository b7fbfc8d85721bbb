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

from mips_desk.annotate.freehand import Point
from mips_desk.annotate.marks import (
    MAX_COORDINATE,
    MAX_SIZE,
    MIN_SIZE,
    AnyMark,
    Area,
    Box,
    Crop,
    Ellipse,
    Freehand,
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
    Polygon,
    Rect,
    Style,
    TextLine,
    Wash,
    bounds,
    label_rect,
    pieces,
    text_size_of,
    turned,
)

#: Smallest width and height that a drag can give to an area, in pixels.
MIN_EXTENT = 1.0
#: Step of a turn that is held straight, in degrees.
STRAIGHT_TURN = 15.0

_AnyArea = TypeVar("_AnyArea", bound=Area)


class Handle(StrEnum):
    """A grip of a selected mark: corners and edges of an area, ends of a segment, and one that turns it."""

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
    TURN = "turn"


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
    """Return the rectangle that a selection frame shows, before it is turned by `angle_of` around its middle."""
    match mark:
        case Area():
            return Rect(mark.x, mark.y, mark.width, mark.height)
        case Text():
            return label_rect(mark, style)
        case Freehand():
            return Rect.around(mark.points)
        case _:
            return bounds(mark, style)


def angle_of(mark: Mark) -> float:
    """Return the degrees by which a mark is turned."""
    return mark.angle if isinstance(mark, Box | Ellipse | Text) else 0.0


def can_turn(mark: Mark) -> bool:
    """Tell whether a mark can be turned. Lines turn by their ends; redactions never do, for they cover whole pixels."""
    return isinstance(mark, Box | Ellipse | Text | Freehand)


def corners(mark: Mark, style: Style) -> tuple[Point, Point, Point, Point]:
    """Return the corners of the turned frame of a mark, clockwise from its top left."""
    rect, angle = frame(mark, style), angle_of(mark)
    one, two, three, four = (turned(corner, rect.center, angle) for corner in rect.corners)
    return one, two, three, four


def extent(mark: Mark, style: Style) -> Rect:
    """Return the smallest upright rectangle around the turned frame of a mark."""
    return Rect.around(corners(mark, style)) if angle_of(mark) else frame(mark, style)


def handles(mark: Mark, style: Style, lift: float = 0.0) -> dict[Handle, Point]:
    """Return the grips of a mark and where they are.

    An area and a freehand line have eight. A segment has its two ends. A text has the right edge (width at which it
    wraps) and the bottom right corner (size of its letters). A step has the bottom right of its disc (radius).

    Args:
        mark: the mark.
        style: sizes of marks that leave theirs open.
        lift: how far above the frame the grip is that turns the mark, in pixels; shorter sides have no grip in their
            middle. 0: there is none, and all sides have one.
    """
    if isinstance(mark, Segment):
        return {Handle.START: (mark.x1, mark.y1), Handle.END: (mark.x2, mark.y2)}
    rect = frame(mark, style)
    middle_x, middle_y = rect.center
    grips = {Handle.BOTTOM_RIGHT: (rect.right, rect.bottom)}
    if not isinstance(mark, Step):
        grips[Handle.RIGHT] = (rect.right, middle_y)
    if isinstance(mark, Area | Freehand):
        grips |= {
            Handle.TOP_LEFT: (rect.x, rect.y),
            Handle.TOP: (middle_x, rect.y),
            Handle.TOP_RIGHT: (rect.right, rect.y),
            Handle.BOTTOM: (middle_x, rect.bottom),
            Handle.BOTTOM_LEFT: (rect.x, rect.bottom),
            Handle.LEFT: (rect.x, middle_y),
        }
        # Where a side is too short for three grips, those in its middle would be in the way of moving the mark.
        for grip in (Handle.LEFT, Handle.RIGHT) if rect.height < lift else ():
            del grips[grip]
        for grip in (Handle.TOP, Handle.BOTTOM) if rect.width < lift else ():
            del grips[grip]
    if lift and can_turn(mark):
        grips[Handle.TURN] = (middle_x, rect.y - lift)
    return {grip: turned(point, rect.center, angle_of(mark)) for grip, point in grips.items()}


def hit(
    marks: Sequence[Mark],
    x: float,
    y: float,
    tolerance: float,
    style: Style,
    selected: Collection[str] = (),
    lift: float = 0.0,
    *,
    around: bool = True,
) -> Hit | None:
    """Return what is at a point, or None.

    The handles of a mark that is selected alone come first, then the topmost ink (redactions are above all), then the
    smallest empty box or ellipse around the point. Of a crop only the edge can be hit.

    Args:
        marks: in the order of painting.
        x: of the point.
        y: of the point.
        tolerance: how far beside a mark or handle the point may be, in image pixels.
        style: sizes of marks that leave theirs open.
        selected: ids of the selected marks; of several no handles are shown.
        lift: see `handles`.
        around: an empty box or ellipse is hit by a point inside it too.
    """
    above = sorted(marks, key=lambda mark: isinstance(mark, Redaction))[::-1]
    for mark in above:
        if len(selected) == 1 and mark.id in selected:
            grips = {grip: math.dist(point, (x, y)) for grip, point in handles(mark, style, lift).items()}
            nearest = min(grips, key=lambda grip: grips[grip])
            if grips[nearest] <= tolerance:
                return Hit(mark.id, nearest)
    for mark in above:
        if _on_ink(mark, x, y, tolerance, style):
            return Hit(mark.id)
    rings = [mark for mark in above if isinstance(mark, Box | Ellipse) and _in_polygon(corners(mark, style), x, y)]
    if not around or not rings:
        return None
    return Hit(min(rings, key=lambda mark: mark.width * mark.height).id)


def inside(marks: Sequence[Mark], area: Rect, style: Style) -> tuple[str, ...]:
    """Return the ids of the marks that lie wholly in a rectangle, as for a rubber band; a crop is left out."""
    found = ((mark, extent(mark, style)) for mark in marks if not isinstance(mark, Crop))
    return tuple(mark.id for mark, rect in found if area.holds(rect.x, rect.y) and area.holds(rect.right, rect.bottom))


def moved(mark: AnyMark, dx: float, dy: float) -> AnyMark:
    """Return a mark moved by a distance in image pixels; it stays within the limits of coordinates."""
    if isinstance(mark, Freehand):
        points = tuple((_limited(x + dx), _limited(y + dy)) for x, y in mark.points)
        return msgspec.structs.replace(mark, points=points)
    values = msgspec.structs.asdict(mark)
    by = {"x": dx, "x1": dx, "x2": dx, "y": dy, "y1": dy, "y2": dy}
    return msgspec.structs.replace(
        mark, **{name: _limited(values[name] + distance) for name, distance in by.items() if name in values}
    )


def resized(mark: Mark, handle: Handle, x: float, y: float, style: Style, *, straight: bool = False) -> Mark:
    """Return a mark with one of its handles dragged to a point.

    A side that is dragged across the other one turns the area over; width and height stay at least `MIN_EXTENT`. What
    is opposite to the handle of a turned mark stays where it is. While a drag goes on, call this with the mark as it
    was when the drag began.

    Args:
        mark: the mark when the drag began.
        handle: one of `handles`; another one changes nothing.
        x: of the pointer.
        y: of the pointer.
        style: sizes of marks that leave theirs open.
        straight: turn by multiples of `STRAIGHT_TURN`, keep lines at multiples of 45 degrees, and keep the shape of
            what is dragged by a corner.
    """
    x, y = _limited(x), _limited(y)
    if handle is Handle.TURN:
        return _turned_to(mark, x, y, style, straight=straight)
    match mark:
        case Segment():
            if handle is Handle.START:
                x, y = straightened((mark.x2, mark.y2), (x, y)) if straight else (x, y)
                return msgspec.structs.replace(mark, x1=x, y1=y)
            if handle is not Handle.END:
                return mark
            x, y = straightened((mark.x1, mark.y1), (x, y)) if straight else (x, y)
            return msgspec.structs.replace(mark, x2=x, y2=y)
        case Text() | Box() | Ellipse():
            rect = frame(mark, style)
            x, y = turned((x, y), rect.center, -mark.angle)
            if isinstance(mark, Text):
                return _held(_resized_text(mark, handle, x, y, style), rect.center, style)
            x, y = _in_shape(rect, handle, x, y) if straight else (x, y)
            return _held(_resized_area(mark, handle, x, y), rect.center, style)
        case Step():
            if handle is not Handle.BOTTOM_RIGHT:
                return mark
            radius = max(x - mark.x, y - mark.y)
            return msgspec.structs.replace(mark, radius=min(max(radius, MIN_SIZE), MAX_SIZE))
        case Freehand() | Area():
            x, y = _in_shape(frame(mark, style), handle, x, y) if straight else (x, y)
            return (
                _resized_line(mark, handle, x, y) if isinstance(mark, Freehand) else _resized_area(mark, handle, x, y)
            )
        case _:
            assert_never(mark)


def turned_by(mark: Mark, degrees: float, style: Style) -> Mark:
    """Return a mark turned around its middle; one that cannot turn as it is."""
    if isinstance(mark, Box | Ellipse | Text):
        return msgspec.structs.replace(mark, angle=_half_turns(mark.angle + degrees))
    if isinstance(mark, Freehand):
        center = frame(mark, style).center
        points = (turned(point, center, degrees) for point in mark.points)
        return msgspec.structs.replace(mark, points=tuple((_limited(x), _limited(y)) for x, y in points))
    return mark


def area_between(x1: float, y1: float, x2: float, y2: float) -> Rect:
    """Return the area that a drag from one point to another spans, at least `MIN_EXTENT` wide and high."""
    left, top = min(x1, x2), min(y1, y2)
    return Rect(left, top, max(abs(x2 - x1), MIN_EXTENT), max(abs(y2 - y1), MIN_EXTENT))


def straightened(start: Point, end: Point) -> Point:
    """Return the end of a line, turned around its start to the nearest multiple of 45 degrees."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    angle = round(math.atan2(dy, dx) / (math.pi / 4)) * math.pi / 4
    length = math.hypot(dx, dy)
    return _limited(start[0] + length * math.cos(angle)), _limited(start[1] + length * math.sin(angle))


def _in_shape(rect: Rect, handle: Handle, x: float, y: float) -> Point:
    """Return where a corner of a rectangle comes to rest when the rectangle keeps its shape; edges are free."""
    across, down = handle in _LEFT | _RIGHT, handle in _TOP | _BOTTOM
    if not across or not down or not rect.width or not rect.height:
        return x, y
    left = rect.right if handle in _LEFT else rect.x
    top = rect.bottom if handle in _TOP else rect.y
    scale = max(abs(x - left) / rect.width, abs(y - top) / rect.height)
    width, height = math.copysign(scale * rect.width, x - left), math.copysign(scale * rect.height, y - top)
    return _limited(left + width), _limited(top + height)


def _turned_to(mark: Mark, x: float, y: float, style: Style, *, straight: bool) -> Mark:
    """Turn a mark so that its top points to a point."""
    center = frame(mark, style).center
    angle = math.degrees(math.atan2(y - center[1], x - center[0])) + 90
    angle = round(angle / STRAIGHT_TURN) * STRAIGHT_TURN if straight else float(round(angle))
    return turned_by(mark, angle - angle_of(mark), style)


def _half_turns(angle: float) -> float:
    """Return an angle as more than -180 and at most 180 degrees."""
    angle %= 360
    return angle - 360 if angle > 180 else angle


def _held(mark: Text | Box | Ellipse, center: Point, style: Style) -> Mark:
    """Move a turned mark that was resized as if it were upright, so that what was not dragged stays where it is.

    Args:
        mark: after it was resized.
        center: its middle before, around which it was turned.
        style: sizes of marks that leave theirs open.
    """
    now = frame(mark, style).center
    shown = turned(now, center, mark.angle)
    return moved(mark, shown[0] - now[0], shown[1] - now[1]) if mark.angle else mark


def _dragged(rect: Rect, handle: Handle, x: float, y: float) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a rectangle with a handle at a point; sides may have changed places."""
    left, top, right, bottom = rect.x, rect.y, rect.right, rect.bottom
    return (
        x if handle in _LEFT else left,
        y if handle in _TOP else top,
        x if handle in _RIGHT else right,
        y if handle in _BOTTOM else bottom,
    )


def _resized_area(mark: _AnyArea, handle: Handle, x: float, y: float) -> _AnyArea:
    rect = area_between(*_dragged(Rect(mark.x, mark.y, mark.width, mark.height), handle, x, y))
    return msgspec.structs.replace(mark, x=rect.x, y=rect.y, width=rect.width, height=rect.height)


def _resized_line(mark: Freehand, handle: Handle, x: float, y: float) -> Freehand:
    old = Rect.around(mark.points)
    left, top, right, bottom = _dragged(old, handle, x, y)
    # A line that is straight in one direction has nothing there to scale.
    wide = (right - left) / old.width if old.width else 1.0
    high = (bottom - top) / old.height if old.height else 1.0
    points = ((left + (px - old.x) * wide, top + (py - old.y) * high) for px, py in mark.points)
    return msgspec.structs.replace(mark, points=tuple((_limited(px), _limited(py)) for px, py in points))


def _resized_text(mark: Text, handle: Handle, x: float, y: float, style: Style) -> Text:
    size = text_size_of(mark, style)
    if handle is Handle.RIGHT:
        return msgspec.structs.replace(mark, width=max(x - mark.x, 2 * size))
    if handle is not Handle.BOTTOM_RIGHT:
        return mark
    scale = max(y - mark.y, 1.0) / label_rect(mark, style).height
    new_size = min(max(size * scale, MIN_SIZE), MAX_SIZE)
    # The label keeps its line breaks when it grows.
    width = None if mark.width is None else mark.width * new_size / size
    return msgspec.structs.replace(mark, size=new_size, width=width)


def _on_ink(mark: Mark, x: float, y: float, tolerance: float, style: Style) -> bool:
    if isinstance(mark, Redaction):
        return frame(mark, style).grown(tolerance).holds(x, y)
    if isinstance(mark, Crop):
        return _distance(corners(mark, style), True, x, y) <= tolerance
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
