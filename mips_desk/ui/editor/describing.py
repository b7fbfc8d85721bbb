"""Marks in words, for screen readers and messages."""

from collections.abc import Sequence

from mips_desk.annotate.hit import angle_of, extent
from mips_desk.annotate.marks import WORDS, Mark, Redaction, Step, Text
from mips_desk.annotate.shapes import Style

from .looks import color_of
from .tools import REASONS

#: What a screen reader tells of the canvas.
KEYS_IN_WORDS = (
    "Tab goes from mark to mark. Press a tool's letter, then Enter to add its mark in the middle. Arrow keys move it,"
    " plus and minus resize it, F2 types its words, Delete removes it."
)


def summary(marks: Sequence[Mark], chosen: Sequence[Mark], style: Style) -> str:
    """Return what is on the canvas and what of it is selected, in words."""
    words = f"Picture with {len(marks)} mark{'' if len(marks) == 1 else 's'}" if marks else "Picture without marks"
    if len(chosen) == 1:
        return f"{words}, selected: {described(chosen[0], style)}"
    return f"{words}, {len(chosen)} selected" if chosen else words


def described(mark: Mark, style: Style) -> str:
    """Return a mark in words: "Redaction, name, 120 by 24 pixels".

    Args:
        mark: the mark.
        style: sizes of marks that leave theirs open.
    """
    rect = extent(mark, style)
    words = [WORDS[type(mark)].capitalize()]
    if isinstance(mark, Redaction):
        words.append(REASONS[mark.reason].lower())
    elif isinstance(mark, Step):
        words = [f"Step {mark.number}", *([mark.text] if mark.text else [])]
    elif isinstance(mark, Text):
        words.append(mark.text)
    if (color := color_of(mark)) is not None:
        words.append(color)
    words.append(f"{round(rect.width)} by {round(rect.height)} pixels")
    if angle := round(angle_of(mark)):
        words.append(f"turned by {angle} degrees")
    return ", ".join(words)
