"""Where the pages of the preview lie: one below the other, each as large as the zoom says."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

#: Free room around pages and between them, in logical pixels.
MARGIN: Final = 16
#: Zoom levels in percent of the paper's size.
LEVELS: Final = (50, 75, 100, 125, 150, 200, 300)


class Fit(Enum):
    """Zoom that follows the window."""

    PAGE = "Whole page"
    WIDTH = "Page width"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page lies.

    Attributes:
        top: upper edge in logical pixels, from the top of the first page's margin.
        width: logical pixels.
        height: logical pixels.
        zoom: logical pixels to a point; 100 percent is 96 pixels to an inch.
    """

    top: float
    width: float
    height: float
    zoom: float


def lay_out(
    sizes: Sequence[tuple[float, float]], zoom: Fit | int, width: float, height: float, widest: float
) -> tuple[list[Place], float, float]:
    """Find the place of every page.

    Args:
        sizes: width and height of every page in points.
        zoom: how large they are; an `int` is percent of the paper's size.
        width: of the window onto them, in logical pixels.
        height: of the window onto them, in logical pixels.
        widest: largest width of a page that follows the window's width, in logical pixels.

    Returns:
        The places, where the last page ends with its margin, and the width of the widest page.
    """
    room_x, room_y = max(60.0, width - 2.0 * MARGIN), max(60.0, height - 2.0 * MARGIN)
    places: list[Place] = []
    top, most = float(MARGIN), 0.0
    # In whole pages a page has the window for itself.
    alone = zoom is Fit.PAGE
    for across, down in sizes:
        if isinstance(zoom, Fit):
            scale = min(room_x / across, room_y / down) if alone else min(room_x, widest) / across
        else:
            scale = zoom / 75
        high = max(down * scale, room_y) if alone else down * scale
        places.append(Place(top + (high - down * scale) / 2, across * scale, down * scale, scale))
        most = max(most, across * scale)
        top += high + (2 * MARGIN if alone else MARGIN)
    return places, top, most
