"""How new marks look: color, size and reason, and how they are remembered from picture to picture."""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec
from PySide6.QtCore import QSettings

from mips_desk.annotate.marks import (
    MAX_SIZE,
    MAX_STROKE,
    MIN_SIZE,
    PALETTE,
    Freehand,
    Highlight,
    Mark,
    Outline,
    Reason,
    Segment,
    Step,
    Text,
)
from mips_desk.annotate.shapes import Style


class MarkSize(StrEnum):
    """Width of lines, size of letters and of numbered steps, beside what suits the size of the picture."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    def of(self, usual: float) -> float | None:
        """Return the value that a mark gets for it; None for medium, which goes with the picture.

        Args:
            usual: the value that goes with the picture.
        """
        return None if self is MarkSize.MEDIUM else max(round(usual * _FACTORS[self], 1), 1.0)


_FACTORS = {MarkSize.SMALL: 0.65, MarkSize.MEDIUM: 1.0, MarkSize.LARGE: 1.6}


@dataclass(frozen=True, slots=True)
class Look:
    """How new marks look.

    Attributes:
        color: a name of `marks.PALETTE`.
        highlight: the color of highlights.
        reason: why new redactions are made.
        size: how thick and large they are.
    """

    color: str = "red"
    highlight: str = "yellow"
    reason: Reason = Reason.NAME
    size: MarkSize = MarkSize.MEDIUM


class Habits:
    """The look and the snapping that were used last with a practice, kept in the settings of this computer.

    A look of the practice comes before them: whoever opens it begins with that one.

    Args:
        settings: where to keep them; None keeps them only as long as this object.
        practice: tells one practice from another; only its hash is kept.
        may_share: the person may make a look that of the practice.

    Attributes:
        of_practice: the look of the practice, or None.
    """

    def __init__(self, settings: QSettings | None = None, practice: str = "", *, may_share: bool = False) -> None:
        self.may_share = may_share
        self.of_practice: Look | None = None
        self._settings = settings
        self._key = f"annotator/{hashlib.sha256(practice.encode()).hexdigest()[:16]}"
        words = str(settings.value(self._key, "")) if settings is not None else ""
        stored = dict(part.split("=", 1) for part in words.split(" ") if "=" in part)
        usual = Look()
        self.look = Look(
            stored["color"] if stored.get("color") in PALETTE else usual.color,
            stored["highlight"] if stored.get("highlight") in PALETTE else usual.highlight,
            usual.reason,
            MarkSize(stored["size"]) if stored.get("size") in set(MarkSize) else usual.size,
        )
        self.snaps = stored.get("snaps") != "no"

    def follow(self, of_practice: Look | None) -> None:
        """Take in the look of the practice; one that is new comes before what was used last."""
        if of_practice is not None and of_practice != self.of_practice:
            self.look = of_practice
        self.of_practice = of_practice

    def keep(self, look: Look, *, snaps: bool) -> None:
        """Remember a look and whether marks snap; the reason begins anew with each picture."""
        look = replace(look, reason=Look().reason)
        if (look, snaps) == (self.look, self.snaps):
            return
        self.look, self.snaps = look, snaps
        if self._settings is not None:
            words = {"color": look.color, "highlight": look.highlight, "size": look.size.value}
            words["snaps"] = "yes" if snaps else "no"
            self._settings.setValue(self._key, " ".join(f"{name}={value}" for name, value in words.items()))


def size_of(mark: Mark, style: Style) -> MarkSize | None:
    """Return the size that a mark is nearest to, or None when it has none."""
    found = _sized(mark, style)
    if found is None:
        return None
    value, usual = found
    return min(MarkSize, key=lambda size: abs((size.of(usual) or usual) - (value or usual)))


def with_size(mark: Mark, size: MarkSize, style: Style) -> Mark:
    """Return a mark in a size; one that has none as it is. A label keeps its line breaks."""
    found = _sized(mark, style)
    if found is None:
        return mark
    value, usual = found
    new = size.of(usual)
    if isinstance(mark, Text):
        new = None if new is None else min(max(new, MIN_SIZE), MAX_SIZE)
        grown = (new or usual) / (value or usual)
        width = None if mark.width is None else mark.width * grown
        return msgspec.structs.replace(mark, size=new, width=width)
    if isinstance(mark, Step):
        return msgspec.structs.replace(mark, radius=None if new is None else min(max(new, MIN_SIZE), MAX_SIZE))
    return msgspec.structs.replace(mark, stroke=None if new is None else min(new, MAX_STROKE))


def with_color(mark: Mark, color: str) -> Mark:
    """Return a mark in a color; one that has none as it is."""
    if isinstance(mark, Outline | Segment | Freehand | Highlight | Text | Step):
        return msgspec.structs.replace(mark, color=color)
    return mark


def color_of(mark: Mark) -> str | None:
    """Return the color of a mark, or None when it has none."""
    return mark.color if isinstance(mark, Outline | Segment | Freehand | Highlight | Text | Step) else None


def _sized(mark: Mark, style: Style) -> tuple[float | None, float] | None:
    """Return the value that makes the size of a mark, and the one that goes with the picture."""
    if isinstance(mark, Outline | Segment | Freehand):
        return mark.stroke, style.stroke
    if isinstance(mark, Text):
        return mark.size, style.text_size
    if isinstance(mark, Step):
        return mark.radius, style.step_radius
    return None
