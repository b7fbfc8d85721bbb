"""From what a person marks on the screen to pixels of that screen's own picture.

Systems place screens in one plane of *logical* coordinates (which can be negative) and give each screen its own scale.
There is no single scale for the whole desktop, so a region always belongs to one screen, and that screen is captured
alone in its own *physical* pixels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Differences below this part of a pixel are rounding errors of the scale factor and not a touched pixel.
_EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class LogicalRect:
    """A rectangle in logical coordinates of the desktop; width and height are 0 or more."""

    x: float
    y: float
    width: float
    height: float

    def overlap(self, other: "LogicalRect") -> "LogicalRect":
        """Return the part that both share; its width or height is 0 when there is none."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right = min(self.x + self.width, other.x + other.width)
        bottom = min(self.y + self.height, other.y + other.height)
        return LogicalRect(left, top, max(right - left, 0.0), max(bottom - top, 0.0))


@dataclass(frozen=True, slots=True)
class PixelRect:
    """Whole physical pixels in the picture of one screen, from its top left."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of the desktop.

    Attributes:
        name: as the system calls it.
        area: where it is in the logical plane.
        ratio: physical pixels per logical unit (its device pixel ratio), for example 1.5.
    """

    name: str
    area: LogicalRect
    ratio: float

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of its picture in physical pixels."""
        return round(self.area.width * self.ratio), round(self.area.height * self.ratio)

    @property
    def percent(self) -> int:
        """Its scale in percent, as the record of a capture keeps it."""
        return round(self.ratio * 100)


def screen_at(screens: Sequence[Screen], x: float, y: float) -> Screen | None:
    """Return the screen that a logical point is on, or None. Right and bottom edges belong to the next screen."""
    for screen in screens:
        area = screen.area
        if area.x <= x < area.x + area.width and area.y <= y < area.y + area.height:
            return screen
    return None


def screen_of(screens: Sequence[Screen], region: LogicalRect) -> Screen | None:
    """Return the screen that shows most of a region (the first of equals), or None when none shows any of it."""
    best, most = None, 0.0
    for screen in screens:
        shared = screen.area.overlap(region)
        if shared.width * shared.height > most:
            best, most = screen, shared.width * shared.height
    return best


def to_pixels(screen: Screen, region: LogicalRect) -> PixelRect | None:
    """Return the physical pixels of a screen that a region touches, rounded outwards and cut at the screen's edges.

    Args:
        screen: the screen that is captured.
        region: in logical coordinates of the desktop.

    Returns:
        None when the region is empty or beside the screen.
    """
    shared = screen.area.overlap(region)
    if not shared.width or not shared.height:
        return None
    left, right = _span(shared.x - screen.area.x, shared.width, screen.ratio, screen.pixels[0])
    top, bottom = _span(shared.y - screen.area.y, shared.height, screen.ratio, screen.pixels[1])
    return PixelRect(left, top, right - left, bottom - top) if left < right and top < bottom else None


def to_logical(screen: Screen, rect: PixelRect) -> LogicalRect:
    """Return where pixels of a screen's picture are in the logical plane."""
    return LogicalRect(
        screen.area.x + rect.x / screen.ratio,
        screen.area.y + rect.y / screen.ratio,
        rect.width / screen.ratio,
        rect.height / screen.ratio,
    )


def _span(start: float, length: float, ratio: float, limit: int) -> tuple[int, int]:
    first = math.floor(start * ratio + _EPSILON)
    last = math.ceil((start + length) * ratio - _EPSILON)
    return max(first, 0), min(last, limit)
