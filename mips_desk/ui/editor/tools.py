"""The tools of the annotator: their names, icons and keys, and the marks they make. No widget, no painting."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from mips_desk.annotate.hit import area_between
from mips_desk.annotate.marks import Arrow, Box, Ellipse, Highlight, Line, Mark, Reason, Redaction, Step, Text
from mips_desk.annotate.shapes import Rect, Style

#: What a new label says until something is typed.
NEW_TEXT = "Text"


class Tool(StrEnum):
    """A tool of the rail, in its order."""

    SELECT = "select"
    ARROW = "arrow"
    BOX = "box"
    ELLIPSE = "ellipse"
    LINE = "line"
    HIGHLIGHT = "highlight"
    TEXT = "text"
    STEP = "step"
    REDACTION = "redaction"

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
        """A click places its mark; the others are dragged out."""
        return self in (Tool.TEXT, Tool.STEP)


_TOOLS = {
    Tool.SELECT: ("Select and move", "mouse-pointer-2", "V"),
    Tool.ARROW: ("Arrow", "move-up-right", "A"),
    Tool.BOX: ("Box", "square", "R"),
    Tool.ELLIPSE: ("Ellipse", "circle", "E"),
    Tool.LINE: ("Line", "slash", "L"),
    Tool.HIGHLIGHT: ("Highlight", "highlighter", "H"),
    Tool.TEXT: ("Text", "type", "T"),
    Tool.STEP: ("Numbered step", "step", "N"),
    Tool.REDACTION: ("Redaction", "redact", "X"),
}

#: Words for the reasons of a redaction.
REASONS = {
    Reason.NAME: "Name",
    Reason.DATE: "Date",
    Reason.MRN: "Record number",
    Reason.CONTACT: "Contact",
    Reason.OTHER: "Other",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How new marks look.

    Attributes:
        color: a name of `marks.PALETTE`.
        highlight: the color of highlights.
        reason: why new redactions are made.
    """

    color: str = "red"
    highlight: str = "yellow"
    reason: Reason = Reason.NAME


def made(tool: Tool, start: tuple[float, float], end: tuple[float, float], look: Look) -> Mark | None:
    """Return the mark that a drag from one point to another makes, in image pixels; None for the select tool.

    Args:
        tool: the tool.
        start: where the drag began; where a step or text is placed.
        end: where the pointer is.
        look: how it shall look.
    """
    rect = area_between(*start, *end)
    match tool:
        case Tool.SELECT:
            return None
        case Tool.ARROW:
            return Arrow(x1=start[0], y1=start[1], x2=end[0], y2=end[1], color=look.color)
        case Tool.LINE:
            return Line(x1=start[0], y1=start[1], x2=end[0], y2=end[1], color=look.color)
        case Tool.BOX:
            return Box(x=rect.x, y=rect.y, width=rect.width, height=rect.height, color=look.color)
        case Tool.ELLIPSE:
            return Ellipse(x=rect.x, y=rect.y, width=rect.width, height=rect.height, color=look.color)
        case Tool.HIGHLIGHT:
            return Highlight(x=rect.x, y=rect.y, width=rect.width, height=rect.height, color=look.highlight)
        case Tool.REDACTION:
            return Redaction(x=rect.x, y=rect.y, width=rect.width, height=rect.height, reason=look.reason)
        case Tool.TEXT:
            return Text(x=start[0], y=start[1], text=NEW_TEXT, color=look.color)
        case Tool.STEP:
            return Step(x=start[0], y=start[1], color=look.color)
        case _:
            assert_never(tool)


def made_in(tool: Tool, visible: Rect, style: Style, look: Look) -> Mark | None:
    """Return the mark that the keyboard adds: in the middle of what is visible, of a handy size.

    Args:
        tool: the tool.
        visible: the part of the picture that is on the screen, in image pixels.
        style: sizes of marks in this picture.
        look: how it shall look.
    """
    x, y = visible.center
    if tool.places:
        return made(tool, (round(x), round(y)), (x, y), look)
    width = round(min(visible.width / 4, style.text_size * 12))
    height = round(min(visible.height / 4, style.text_size * (1.6 if tool in _FLAT else 6)))
    left, top = round(x - width / 2), round(y - height / 2)
    return made(tool, (left, top), (left + width, top + height), look)


_FLAT = (Tool.REDACTION, Tool.HIGHLIGHT)
