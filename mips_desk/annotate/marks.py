"""The marks a person draws on a picture, as frozen records.

All coordinates are image pixels as floats, origin at the top left of the *upright* picture (after its EXIF orientation
was applied), x to the right, y down. The scale of the screen is never stored. A mark may reach outside the picture;
what is outside is not painted. The order of a tuple of marks is the order of painting, except that redactions are
always on top.

A new kind of mark is one record here, its pieces in `shapes`, and its handles in `hit`.
"""

import uuid
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

#: Limits of one set of marks; far above what a person draws, low enough that no file can exhaust the computer.
MAX_MARKS = 5_000
MAX_TEXT = 500
MAX_COORDINATE = 1_000_000.0
MAX_EXTENT = 2 * MAX_COORDINATE
MAX_STROKE = 200.0
MAX_SIZE = 400.0
MIN_SIZE = 4.0
#: Points of one freehand line after it was simplified; a long scribble has some hundred.
MAX_POINTS = 2_000
MAX_ANGLE = 360.0

#: Colors for marks by name. White text on each of them (dark text on yellow) has a contrast of at least 4.5:1.
PALETTE = {
    "red": "#D92D20",
    "amber": "#B54708",
    "yellow": "#FFD60A",
    "green": "#217A3C",
    "blue": "#175CD3",
    "violet": "#6941C6",
    "black": "#17202B",
}

Coordinate = Annotated[float, Meta(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
Extent = Annotated[float, Meta(gt=0, le=MAX_EXTENT)]
Stroke = Annotated[float, Meta(gt=0, le=MAX_STROKE)]
Size = Annotated[float, Meta(ge=MIN_SIZE, le=MAX_SIZE)]
Angle = Annotated[float, Meta(ge=-MAX_ANGLE, le=MAX_ANGLE)]
Points = Annotated[tuple[tuple[Coordinate, Coordinate], ...], Meta(min_length=1, max_length=MAX_POINTS)]
Identifier = Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_.-]*$")]
ColorName = Annotated[str, Meta(pattern=rf"^({'|'.join(PALETTE)}|#[0-9A-Fa-f]{{6}})$")]
#: Text without control characters other than the line feed.
Words = Annotated[str, Meta(max_length=MAX_TEXT, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$")]


class Reason(StrEnum):
    """Why an area is redacted; goes into the redaction log."""

    NAME = "name"
    DATE = "date"
    MRN = "mrn"
    CONTACT = "contact"
    OTHER = "other"


class BaseMark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """What every mark has.

    Attributes:
        id: identifier within its set of marks; empty until it is given one.
    """

    id: Identifier = ""


class Area(BaseMark, frozen=True, kw_only=True):
    """A mark that is an upright rectangle.

    Attributes:
        x: left edge.
        y: top edge.
        width: above 0.
        height: above 0.
    """

    x: Coordinate
    y: Coordinate
    width: Extent
    height: Extent


class Outline(Area, frozen=True, kw_only=True):
    """An area of which only the outline is drawn.

    Attributes:
        color: a name of `PALETTE` or "#RRGGBB".
        stroke: width of the line in pixels; None: by the size of the picture (see `shapes.Style`).
    """

    color: ColorName = "red"
    stroke: Stroke | None = None


class Segment(BaseMark, frozen=True, kw_only=True):
    """A mark that runs from a start to an end; color and stroke as in `Outline`."""

    x1: Coordinate
    y1: Coordinate
    x2: Coordinate
    y2: Coordinate
    color: ColorName = "red"
    stroke: Stroke | None = None


class Redaction(Area, frozen=True, kw_only=True, tag="redaction"):
    """A solid black bar over what must not be seen. It has no color and no style: anything softer can be reversed."""

    reason: Reason = Reason.OTHER


class Box(Outline, frozen=True, kw_only=True, tag="box"):
    """An empty rectangle around something; the rectangle is the middle of its line.

    Attributes:
        angle: degrees by which it is turned clockwise around its middle.
    """

    angle: Angle = 0.0


class Ellipse(Outline, frozen=True, kw_only=True, tag="ellipse"):
    """An empty ellipse, given by the rectangle around it before it is turned.

    Attributes:
        angle: degrees by which it is turned clockwise around its middle.
    """

    angle: Angle = 0.0


class Highlight(Area, frozen=True, kw_only=True, tag="highlight"):
    """A transparent wash as from a marker pen: dark text under it stays readable."""

    color: ColorName = "yellow"


class Line(Segment, frozen=True, kw_only=True, tag="line"):
    """A straight line."""


class Arrow(Segment, frozen=True, kw_only=True, tag="arrow"):
    """A straight line with a head; its tip is exactly at (x2, y2)."""


class Text(BaseMark, frozen=True, kw_only=True, tag="text"):
    """Words on a filled label.

    Attributes:
        x: left edge of the label.
        y: top edge of the label.
        text: what it says; line feeds start a new line.
        size: height of the letters' em square in pixels; None: by the size of the picture.
        width: width of the whole label in pixels, at which lines wrap; None: as wide as its longest line.
        color: color of the label; the words are white, or dark on a light color.
        angle: degrees by which the label is turned clockwise around its middle.
    """

    x: Coordinate
    y: Coordinate
    text: Words
    size: Size | None = None
    width: Extent | None = None
    color: ColorName = "red"
    angle: Angle = 0.0


class Step(BaseMark, frozen=True, kw_only=True, tag="step"):
    """A numbered disc. The numbers of a set of marks are always 1 to n.

    Attributes:
        x: center.
        y: center.
        number: from 1; 0 means "the next one" until `renumbered` has run.
        text: the line of the legend, or empty.
        radius: of the disc in pixels; None: by the size of the picture.
    """

    x: Coordinate
    y: Coordinate
    number: Annotated[int, Meta(ge=0, le=MAX_MARKS)] = 0
    text: Words = ""
    radius: Size | None = None
    color: ColorName = "red"


class Freehand(BaseMark, frozen=True, kw_only=True, tag="freehand"):
    """A line drawn by hand; its corners are rounded a little when it is painted.

    Attributes:
        points: the way of the pen, simplified (see `freehand.simplified`); a single point is a dot.
        color: a name of `PALETTE` or "#RRGGBB".
        stroke: width of the line in pixels; None: by the size of the picture.
    """

    points: Points
    color: ColorName = "red"
    stroke: Stroke | None = None


class Crop(Area, frozen=True, kw_only=True, tag="crop"):
    """What is left of the picture; a set of marks has one at most.

    The rendition is cut to it. All marks, those inside included, keep the coordinates of the whole upright picture.
    """


Mark = Redaction | Box | Ellipse | Highlight | Line | Arrow | Text | Step | Freehand | Crop
AnyMark = TypeVar("AnyMark", bound=BaseMark)

#: Words for each kind, as menus and the names of undo steps say them.
WORDS: dict[type[BaseMark], str] = {
    Redaction: "redaction",
    Box: "box",
    Ellipse: "ellipse",
    Highlight: "highlight",
    Line: "line",
    Arrow: "arrow",
    Text: "text",
    Step: "numbered step",
    Freehand: "freehand line",
    Crop: "crop",
}


def new_id() -> str:
    """Return a fresh identifier for a mark drawn by hand."""
    return uuid.uuid4().hex


def color_hex(color: str) -> str:
    """Return "#RRGGBB" for a color of a mark.

    Args:
        color: a name of `PALETTE` or "#RRGGBB".
    """
    return PALETTE.get(color, color)


def redactions(marks: Iterable[Mark]) -> tuple[Redaction, ...]:
    """Return the redactions among some marks, in order."""
    return tuple(mark for mark in marks if isinstance(mark, Redaction))


def crop_of(marks: Iterable[Mark]) -> Crop | None:
    """Return the crop among some marks, or None: the whole picture is exported."""
    return next((mark for mark in marks if isinstance(mark, Crop)), None)


def legend(marks: Iterable[Mark]) -> tuple[tuple[int, str], ...]:
    """Return number and text of every numbered step, by number."""
    return tuple(sorted((mark.number, mark.text) for mark in marks if isinstance(mark, Step)))


def renumbered(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return the marks with their steps numbered 1 to n.

    Steps keep their order by number; equal numbers and steps without a number (0) follow the order of the marks, those
    without a number last.
    """
    steps = [(mark.number or MAX_MARKS + 1, place) for place, mark in enumerate(marks) if isinstance(mark, Step)]
    numbers = {place: number for number, (_, place) in enumerate(sorted(steps), start=1)}
    return tuple(
        msgspec.structs.replace(mark, number=numbers[place])
        if isinstance(mark, Step) and mark.number != numbers[place]
        else mark
        for place, mark in enumerate(marks)
    )
