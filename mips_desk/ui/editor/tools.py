"""The tools of the annotator: their names, icons and keys, and the marks they make. No widget, no painting."""

from enum import StrEnum
from typing import assert_never

from mips_desk.annotate.hit import area_between
from mips_desk.annotate.marks import (
    Arrow,
    Box,
    Crop,
    Ellipse,
    Freehand,
    Highlight,
    Line,
    Mark,
    Reason,
    Redaction,
    Step,
    Text,
)
from mips_desk.annotate.shapes import Rect, Style

from .looks import Look


class Tool(StrEnum):
    """A tool of the rail, in its order."""

    SELECT = "select"
    ARROW = "arrow"
    BOX = "box"
    ELLIPSE = "ellipse"
    LINE = "line"
    FREEHAND = "freehand"
    HIGHLIGHT = "highlight"
    TEXT = "text"
    STEP = "step"
    REDACTION = "redaction"
    CROP = "crop"

    @property
    def label(self) -> str:
        """What it does."""
        return _TOOLS[self][0]

    @property
    def icon(self) -> str:
        """See `icons.icon`."""
        return _TOOLS[self][1]

    @property
    def key(self) -> str:
        """The letter that chooses it."""
        return _TOOLS[self][2]

    @property
    def places(self) -> bool:
        """A click places its mark; most others are dragged out."""
        return self in (Tool.TEXT, Tool.STEP)

    @property
    def straightens(self) -> bool:
        """Shift holds what it draws at multiples of 45 degrees; areas become squares."""
        return self in (Tool.ARROW, Tool.LINE)


_TOOLS = {
    Tool.SELECT: ("Select and move", "mouse-pointer-2", "V"),
    Tool.ARROW: ("Arrow", "move-up-right", "A"),
    Tool.BOX: ("Box", "square", "R"),
    Tool.ELLIPSE: ("Ellipse", "circle", "E"),
    Tool.LINE: ("Line", "slash", "L"),
    Tool.FREEHAND: ("Freehand line", "pencil", "P"),
    Tool.HIGHLIGHT: ("Highlight", "highlighter", "H"),
    Tool.TEXT: ("Text", "type", "T"),
    Tool.STEP: ("Numbered step", "step", "N"),
    Tool.REDACTION: ("Redaction", "redact", "X"),
    Tool.CROP: ("Crop", "crop", "C"),
}

#: Words for the reasons of a redaction.
REASONS = {
    Reason.NAME: "Name",
    Reason.DATE: "Date",
    Reason.MRN: "Record number",
    Reason.CONTACT: "Contact",
    Reason.OTHER: "Other",
}


#: Keys that choose them while a redaction is selected or the tool is in hand.
REASON_KEYS = {reason: str(place) for place, reason in enumerate(REASONS, start=1)}


def made(tool: Tool, start: tuple[float, float], end: tuple[float, float], look: Look, style: Style) -> Mark | None:
    """Return the mark that a drag from one point to another makes, in image pixels.

    None for the select tool, and for freehand lines, which have a way of their own.

    Args:
        tool: the tool.
        start: where the drag began; where a step or text is placed.
        end: where the pointer is.
        look: how it shall look.
        style: sizes of marks in this picture.
    """
    rect = area_between(*start, *end)
    stroke = look.size.of(style.stroke)
    match tool:
        case Tool.SELECT | Tool.FREEHAND:
            return None
        case Tool.ARROW:
            return Arrow(x1=start[0], y1=start[1], x2=end[0], y2=end[1], color=look.color, stroke=stroke)
        case Tool.LINE:
            return Line(x1=start[0], y1=start[1], x2=end[0], y2=end[1], color=look.color, stroke=stroke)
        case Tool.BOX:
            return Box(x=rect.x, y=rect.y, width=rect.width, height=rect.height, color=look.color, stroke=stroke)
        case Tool.ELLIPSE:
            return Ellipse(x=rect.x, y=rect.y, width=rect.width, height=rect.height, color=look.color, stroke=stroke)
        case Tool.HIGHLIGHT:
            return Highlight(x=rect.x, y=rect.y, width=rect.width, height=rect.height, color=look.highlight)
        case Tool.REDACTION:
            return Redaction(x=rect.x, y=rect.y, width=rect.width, height=rect.height, reason=look.reason)
        case Tool.CROP:
            return Crop(x=rect.x, y=rect.y, width=rect.width, height=rect.height)
        case Tool.TEXT:
            size = look.size.of(style.text_size)
            width = end[0] - start[0]
            # Dragged out, a label wraps at that width; a click makes one as wide as its words.
            wide = width if width > 2 * (size or style.text_size) else None
            return Text(x=start[0], y=start[1], text="", color=look.color, size=size, width=wide)
        case Tool.STEP:
            return Step(x=start[0], y=start[1], color=look.color, radius=look.size.of(style.step_radius))
        case _:
            assert_never(tool)


def drawn(points: tuple[tuple[float, float], ...], look: Look, style: Style) -> Freehand:
    """Return the freehand line through some points in image pixels."""
    return Freehand(points=points, color=look.color, stroke=look.size.of(style.stroke))


def made_in(tool: Tool, visible: Rect, style: Style, look: Look) -> Mark | None:
    """Return the mark that the keyboard adds: in the middle of what is visible, of a handy size.

    Args:
        tool: the tool; a freehand line becomes a gentle wave, a crop leaves what is visible.
        visible: the part of the picture that is on the screen, in image pixels.
        style: sizes of marks in this picture.
        look: how it shall look.
    """
    x, y = visible.center
    if tool.places:
        return made(tool, (round(x), round(y)), (x, y), look, style)
    if tool is Tool.CROP:
        return made(tool, (visible.x, visible.y), (visible.right, visible.bottom), look, style)
    width = round(min(visible.width / 4, style.text_size * 12))
    height = round(min(visible.height / 4, style.text_size * (1.6 if tool in _FLAT else 6)))
    left, top = round(x - width / 2), round(y - height / 2)
    if tool is Tool.FREEHAND:
        wave = tuple((left + width * at / 4, top + height * (0.6 if at % 2 else 0.4)) for at in range(5))
        return drawn(wave, look, style)
    return made(tool, (left, top), (left + width, top + height), look, style)


_FLAT = (Tool.REDACTION, Tool.HIGHLIGHT)
