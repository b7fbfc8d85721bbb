"""From marks to geometry: the numbers that both painters share, Pillow for the rendition and Qt for the canvas.

A mark becomes *pieces* (strokes, polygons, discs, panels, lines of text, washes) in image pixels. A painter knows only
the pieces, paints them in order, opaque and anti-aliased, and then fills `redaction_boxes` with solid black.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from PIL import ImageFont

from mips_desk.annotate.freehand import Point, smoothed
from mips_desk.annotate.marks import (
    Area,
    Arrow,
    Box,
    Crop,
    Ellipse,
    Freehand,
    Highlight,
    Line,
    Mark,
    Outline,
    Redaction,
    Segment,
    Step,
    Text,
    color_hex,
    crop_of,
    redactions,
)
from mips_desk.paths import resources

#: The font of labels and steps, in resources/fonts. A painter must switch kerning off: `text_width` adds up advances.
FONT_FILE = "Inter-SemiBold.ttf"
#: Height of a capital letter in the font, as a part of its size.
CAP_HEIGHT = 0.728
#: What looks like the height of a line of mixed letters when it is centered on a label, as a part of its size.
OPTICAL_HEIGHT = 0.66
#: Distance of base lines as a part of the font's size.
LINE_HEIGHT = 1.25
LABEL_PADDING_X = 0.55
LABEL_PADDING_Y = 0.2
LABEL_RADIUS = 0.28
#: Size of the arrow's head in widths of its line.
HEAD_LENGTH = 5.6
HEAD_HALF_WIDTH = 2.6
#: Height of a step's digits as a part of its radius.
STEP_TEXT = 1.15

#: How far beside a corner of a freehand line its rounding begins at most, in widths of the line.
FREEHAND_ROUNDING = 2.5
#: left, top, right, bottom in whole pixels; right and bottom are not part of the box.
PixelBox = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Rect:
    """An upright rectangle in image pixels; width and height are 0 or more."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Bottom edge."""
        return self.y + self.height

    @property
    def center(self) -> Point:
        """The middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """The corners, clockwise from the top left."""
        return (self.x, self.y), (self.right, self.y), (self.right, self.bottom), (self.x, self.bottom)

    @classmethod
    def around(cls, points: Iterable[Point]) -> "Rect":
        """Return the smallest rectangle that holds some points, at least one."""
        xs, ys = zip(*points, strict=True)
        left, top = min(xs), min(ys)
        return cls(left, top, max(xs) - left, max(ys) - top)

    def grown(self, by: float) -> "Rect":
        """Return the rectangle with all edges moved outwards."""
        return Rect(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point is inside or on an edge."""
        return self.x <= x <= self.right and self.y <= y <= self.bottom

    def meets(self, other: "Rect") -> bool:
        """Tell whether another rectangle shares a point with it."""
        return self.x <= other.right and other.x <= self.right and self.y <= other.bottom and other.y <= self.bottom


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes in pixels for marks that leave theirs open.

    Attributes:
        stroke: width of lines.
        text_size: of labels.
        step_radius: of numbered steps.
    """

    stroke: float
    text_size: float
    step_radius: float


@dataclass(frozen=True, slots=True)
class Path:
    """A line of a width with round joins and ends."""

    points: tuple[Point, ...]
    width: float
    closed: bool
    color: str


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled polygon."""

    points: tuple[Point, ...]
    color: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A filled rectangle with round corners."""

    rect: Rect
    radius: float
    color: str


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    x: float
    y: float
    radius: float
    color: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text whose left end stands on (x, baseline); the font's pen moves by `advance` from there.

    Attributes:
        angle: degrees by which the line is turned clockwise around the pivot.
        pivot: see angle.
    """

    text: str
    x: float
    baseline: float
    size: float
    color: str
    angle: float = 0.0
    pivot: Point = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Wash:
    """A box of whole pixels whose color is multiplied with what is below."""

    box: PixelBox
    color: str


Piece = Path | Polygon | Panel | Disc | TextLine | Wash


def default_style(width: int, height: int = 0) -> Style:
    """Return the sizes that stay legible when the picture fills a page of the binder.

    A picture 7 inches wide on the page shows labels at about 9 points.

    Args:
        width: of the picture in pixels.
        height: of the picture in pixels; a tall picture is limited by the height of the page.
    """
    reach = max(width, height * 7 / 9)
    return Style(
        stroke=float(max(2, round(reach * 0.0030))),
        text_size=float(max(12, round(reach * 0.0175))),
        step_radius=float(max(10, round(reach * 0.0155))),
    )


def crop_box(marks: Iterable[Mark], size: tuple[int, int]) -> PixelBox:
    """Return the whole pixels of the upright picture that are left of it; all of them without a crop.

    Edges are rounded inwards, so that a pixel is gone as soon as a part of it is cut away. At least one pixel is left,
    and of a crop outside the picture never more than one.

    Args:
        marks: any marks; only a crop counts.
        size: width and height of the upright picture.
    """
    crop = crop_of(marks)
    if crop is None:
        return 0, 0, *size
    left, right = _inwards(crop.x, crop.x + crop.width, size[0])
    top, bottom = _inwards(crop.y, crop.y + crop.height, size[1])
    return left, top, right, bottom


def rendition_boxes(marks: Sequence[Mark], size: tuple[int, int]) -> list[PixelBox]:
    """Return the whole pixels of the rendition, which may be cut, that redactions cover.

    Args:
        marks: any marks; only redactions and a crop count.
        size: width and height of the upright picture before it is cut.
    """
    crop = crop_box(marks, size)
    boxes: list[PixelBox] = []
    for box in redaction_boxes(marks, size):
        left, top, right, bottom = (
            max(box[0], crop[0]),
            max(box[1], crop[1]),
            min(box[2], crop[2]),
            min(box[3], crop[3]),
        )
        if left < right and top < bottom:
            boxes.append((left - crop[0], top - crop[1], right - crop[0], bottom - crop[1]))
    return boxes


def redaction_boxes(marks: Iterable[Mark], size: tuple[int, int]) -> list[PixelBox]:
    """Return the whole pixels that redactions cover.

    Edges are rounded outwards, so that a pixel is covered as soon as a part of it is; every redaction that touches the
    picture covers at least one pixel.

    Args:
        marks: any marks; only redactions count.
        size: width and height of the upright picture; boxes are cut at its edges, those outside are left out.
    """
    boxes: list[PixelBox] = []
    for mark in redactions(marks):
        left, top = math.floor(mark.x), math.floor(mark.y)
        right = max(math.ceil(mark.x + mark.width), left + 1)
        bottom = max(math.ceil(mark.y + mark.height), top + 1)
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, size[0]), min(bottom, size[1])
        if left < right and top < bottom:
            boxes.append((left, top, right, bottom))
    return boxes


def pieces(mark: Mark, style: Style) -> tuple[Piece, ...]:
    """Return what to paint for a mark, in order.

    Nothing for a redaction (see `redaction_boxes`) and for a crop (see `crop_box`).
    """
    match mark:
        case Redaction() | Crop():
            return ()
        case Box():
            return (_box_path(mark, stroke_of(mark, style)),)
        case Ellipse():
            ring = tuple(turned(point, center_of(mark), mark.angle) for point in _ellipse_points(mark))
            return (Path(ring, stroke_of(mark, style), True, color_hex(mark.color)),)
        case Highlight():
            box = (round(mark.x), round(mark.y), round(mark.x + mark.width), round(mark.y + mark.height))
            return (Wash(box, _tint(color_hex(mark.color))),)
        case Line():
            points = ((mark.x1, mark.y1), (mark.x2, mark.y2))
            return (Path(points, stroke_of(mark, style), False, color_hex(mark.color)),)
        case Arrow():
            return _arrow(mark, stroke_of(mark, style))
        case Freehand():
            stroke = stroke_of(mark, style)
            return (Path(smoothed(mark.points, FREEHAND_ROUNDING * stroke), stroke, False, color_hex(mark.color)),)
        case Text():
            return _label(mark, style)
        case Step():
            return _step(mark, style)
        case _:
            assert_never(mark)


def bounds(mark: Mark, style: Style) -> Rect:
    """Return the smallest upright rectangle around everything that is painted for a mark."""
    if isinstance(mark, Redaction | Crop):
        return Rect(mark.x, mark.y, mark.width, mark.height)
    return Rect.around(corner for piece in pieces(mark, style) for corner in _piece_bounds(piece).corners)


def label_rect(mark: Text, style: Style) -> Rect:
    """Return the rectangle of a label before it is turned."""
    return _lines_of(mark, style)[1]


def center_of(mark: Area) -> Point:
    """Return the middle of an area, around which it is turned."""
    return mark.x + mark.width / 2, mark.y + mark.height / 2


def turned(point: Point, center: Point, angle: float) -> Point:
    """Return a point turned around another one.

    Args:
        point: the point.
        center: what stays where it is.
        angle: degrees, clockwise on the screen.
    """
    if not angle:
        return point
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    dx, dy = point[0] - center[0], point[1] - center[1]
    return center[0] + dx * cos - dy * sin, center[1] + dx * sin + dy * cos


def stroke_of(mark: Outline | Segment | Freehand, style: Style) -> float:
    """Return the width of a mark's line."""
    return style.stroke if mark.stroke is None else mark.stroke


def text_size_of(mark: Text, style: Style) -> float:
    """Return the size of a label's font."""
    return style.text_size if mark.size is None else mark.size


def radius_of(mark: Step, style: Style) -> float:
    """Return the radius of a step."""
    return style.step_radius if mark.radius is None else mark.radius


def ink_on(color: str) -> str:
    """Return white, or the dark ink where white would have less contrast on a color.

    Args:
        color: "#RRGGBB".
    """
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    # WCAG 2 contrast of white is 1.05 / (L + 0.05); below 3 to 1 it cannot be read.
    return "#FFFFFF" if 1.05 / (luminance + 0.05) >= 3 else "#17202B"


@lru_cache(maxsize=32)
def font(pixels: int) -> ImageFont.FreeTypeFont:
    """Return the font of marks at a size in whole pixels.

    The basic layout is used because the other one depends on a library that is not on every computer, and the same
    marks must give the same picture everywhere.
    """
    path = str(resources() / "fonts" / FONT_FILE)
    return ImageFont.truetype(path, pixels, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def advance(character: str) -> float:
    """Return how far a character moves the pen, as a part of the font's size."""
    return font(1000).getlength(character) / 1000


def text_width(text: str, size: float) -> float:
    """Return the width of one line of text in pixels."""
    return sum(advance(character) for character in text) * size


def wrap(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines that fit a width, at spaces where there are any.

    Args:
        text: line feeds always break.
        size: of the font in pixels.
        width: in pixels; a single character may be wider.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if text_width(longer, size) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _chopped(word, size, width)
            lines.extend(full)
        lines.append(line)
    return lines


def _chopped(word: str, size: float, width: float) -> list[str]:
    parts, part = [], ""
    for character in word:
        if part and text_width(part + character, size) > width:
            parts.append(part)
            part = ""
        part += character
    return [*parts, part]


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _tint(color: str) -> str:
    """Return a color half way to white, as a marker pen leaves it."""
    return "#" + "".join(f"{(int(color[at : at + 2], 16) + 255) // 2:02X}" for at in (1, 3, 5))


def _box_path(mark: Box, stroke: float) -> Path:
    """The outline of a box; unless it is turned, its edges are on whole pixels, so that they are crisp."""
    if mark.angle:
        corners = Rect(mark.x, mark.y, mark.width, mark.height).corners
        around = tuple(turned(corner, center_of(mark), mark.angle) for corner in corners)
        return Path(around, stroke, True, color_hex(mark.color))
    width = max(1.0, float(round(stroke)))
    shift = width % 2 / 2
    left, top, right, bottom = (
        math.floor(edge) + shift if shift else float(round(edge))
        for edge in (mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)
    )
    return Path(Rect(left, top, right - left, bottom - top).corners, width, True, color_hex(mark.color))


def _ellipse_points(mark: Area) -> tuple[Point, ...]:
    radius_x, radius_y = mark.width / 2, mark.height / 2
    center_x, center_y = mark.x + radius_x, mark.y + radius_y
    # As many corners as it takes to stay within a twentieth of a pixel of the curve.
    count = min(max(24, math.ceil(math.pi / math.sqrt(0.1 / max(radius_x, radius_y, 0.1)))), 720)
    angles = (2 * math.pi * at / count for at in range(count))
    return tuple((center_x + radius_x * math.cos(a), center_y + radius_y * math.sin(a)) for a in angles)


def _arrow(mark: Arrow, stroke: float) -> tuple[Piece, ...]:
    color = color_hex(mark.color)
    length = math.hypot(mark.x2 - mark.x1, mark.y2 - mark.y1)
    if length == 0:
        return (Path(((mark.x1, mark.y1),), stroke, False, color),)
    along_x, along_y = (mark.x2 - mark.x1) / length, (mark.y2 - mark.y1) / length
    # A short arrow keeps some shaft, or it would be a triangle that points nowhere.
    scale = min(1.0, length * 0.6 / (HEAD_LENGTH * stroke))
    head, half = HEAD_LENGTH * stroke * scale, HEAD_HALF_WIDTH * stroke * scale
    base_x, base_y = mark.x2 - along_x * head, mark.y2 - along_y * head
    corners = (
        (mark.x2, mark.y2),
        (base_x - along_y * half, base_y + along_x * half),
        (base_x + along_y * half, base_y - along_x * half),
    )
    # The shaft's round end must stay inside the head.
    inside = min(stroke / 2, head / 3)
    end = (base_x + along_x * inside, base_y + along_y * inside)
    return (
        Path(((mark.x1, mark.y1), end), min(stroke, half * 1.2), False, color),
        Polygon(corners, color),
    )


def _lines_of(mark: Text, style: Style) -> tuple[list[str], Rect]:
    """Return the lines of a label and its rectangle before it is turned."""
    size = text_size_of(mark, style)
    pad_x, pad_y = LABEL_PADDING_X * size, LABEL_PADDING_Y * size
    if mark.width is None:
        lines = mark.text.split("\n")
        width = max(text_width(line, size) for line in lines) + 2 * pad_x
    else:
        width = max(mark.width, 2 * pad_x + size)
        lines = wrap(mark.text, size, width - 2 * pad_x)
    return lines, Rect(mark.x, mark.y, width, len(lines) * LINE_HEIGHT * size + 2 * pad_y)


def _label(mark: Text, style: Style) -> tuple[Piece, ...]:
    size = text_size_of(mark, style)
    lines, rect = _lines_of(mark, style)
    color, ink = color_hex(mark.color), ink_on(color_hex(mark.color))
    step, x = LINE_HEIGHT * size, mark.x + LABEL_PADDING_X * size
    first = mark.y + LABEL_PADDING_Y * size + (step + OPTICAL_HEIGHT * size) / 2
    panel: Piece = Panel(rect, LABEL_RADIUS * size, color)
    if mark.angle:
        panel = Polygon(_panel_points(rect, LABEL_RADIUS * size, mark.angle), color)
    return panel, *(
        TextLine(line, x, first + at * step, size, ink, mark.angle, rect.center if mark.angle else (0.0, 0.0))
        for at, line in enumerate(lines)
        if line
    )


def _panel_points(rect: Rect, radius: float, angle: float) -> tuple[Point, ...]:
    """Return the outline of a turned panel; each round corner has as many points as a small disc needs."""
    points: list[Point] = []
    corners = (
        (rect.right - radius, rect.bottom - radius),
        (rect.x + radius, rect.bottom - radius),
        (rect.x + radius, rect.y + radius),
        (rect.right - radius, rect.y + radius),
    )
    for quarter, (x, y) in enumerate(corners):
        for at in range(9):
            way = math.pi / 2 * (quarter + at / 8)
            points.append(turned((x + radius * math.cos(way), y + radius * math.sin(way)), rect.center, angle))
    return tuple(points)


def _step(mark: Step, style: Style) -> tuple[Piece, ...]:
    radius = radius_of(mark, style)
    color = color_hex(mark.color)
    digits = str(mark.number)
    # Three digits and more get smaller, so that they stay inside the disc.
    size = STEP_TEXT * radius * min(1.0, 1.5 * radius / text_width(digits, STEP_TEXT * radius))
    line = TextLine(digits, mark.x - text_width(digits, size) / 2, mark.y + CAP_HEIGHT * size / 2, size, ink_on(color))
    return Disc(mark.x, mark.y, radius, color), line


def _piece_bounds(piece: Piece) -> Rect:
    match piece:
        case Path() | Polygon():
            rect = Rect.around(piece.points)
            return rect.grown(piece.width / 2) if isinstance(piece, Path) else rect
        case Panel():
            return piece.rect
        case Disc():
            return Rect(piece.x, piece.y, 0, 0).grown(piece.radius)
        case TextLine():
            height = CAP_HEIGHT * piece.size
            rect = Rect(piece.x, piece.baseline - height, text_width(piece.text, piece.size), height)
            return Rect.around(turned(corner, piece.pivot, piece.angle) for corner in rect.corners)
        case Wash():
            left, top, right, bottom = piece.box
            return Rect(left, top, right - left, bottom - top)
        case _:
            assert_never(piece)


def _inwards(low: float, high: float, length: int) -> tuple[int, int]:
    """Return the whole pixels between two edges, at least one that is inside the picture."""
    first = min(max(math.ceil(low), 0), length - 1)
    return first, max(min(math.floor(high), length), first + 1)
