"""Marks in words, for screen readers and messages."""

from collections import Counter
from collections.abc import Sequence

from mips_desk.annotate.hit import angle_of, extent
from mips_desk.annotate.marks import WORDS, Crop, Mark, Redaction, Step, Text
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


def listed(marks: Sequence[Mark], style: Style, size: tuple[int, int]) -> list[tuple[str, str, str]]:
    """Return id, name and more words of each mark: ("a1", "Redaction 2 of 5", "reason: name, at the top left").

    Args:
        marks: all marks in the order of painting.
        style: sizes of marks that leave theirs open.
        size: width and height of the picture in pixels.
    """
    counts = Counter(map(type, marks))
    met: Counter[type[Mark]] = Counter()
    found = []
    for mark in marks:
        kind = type(mark)
        met[kind] += 1
        name = WORDS[kind].capitalize()
        if isinstance(mark, Step):
            name = f"Step {mark.number}"
        elif counts[kind] > 1:
            name = f"{name} {met[kind]} of {counts[kind]}"
        words = [color_of(mark) or "", _place(mark, style, size)]
        if isinstance(mark, Redaction):
            words[0] = f"reason: {REASONS[mark.reason].lower()}"
        elif isinstance(mark, Text | Step):
            words.insert(0, " ".join(mark.text.split()))
        found.append((mark.id, name, ", ".join(filter(None, words))))
    return found


def _place(mark: Mark, style: Style, size: tuple[int, int]) -> str:
    """Return in which ninth of the picture the middle of a mark is."""
    if isinstance(mark, Crop):
        return f"{round(mark.width)} by {round(mark.height)} pixels are left"
    x, y = extent(mark, style).center
    across = ("left", "", "right")[min(max(int(3 * x / size[0]), 0), 2)]
    down = ("top", "", "bottom")[min(max(int(3 * y / size[1]), 0), 2)]
    return f"at the {down} {across}".replace("  ", " ").strip() if across or down else "in the middle"


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
