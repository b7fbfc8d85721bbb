"""Where the picture lies on the canvas: zoom and pan as plain numbers."""

from dataclasses import dataclass

from mips_desk.annotate.shapes import Rect

#: Zoom factors, in screen pixels per image pixel.
MIN_ZOOM, MAX_ZOOM, LEAST_FIT = 0.05, 16.0, 0.005
#: Factor of one step of the zoom keys and buttons.
ZOOM_STEP = 1.25
#: Free room around a picture that is fitted, in logical pixels.
MARGIN = 28.0


@dataclass(slots=True)
class View:
    """Zoom and position of a picture in a widget.

    Attributes:
        picture: width and height in image pixels.
        room: width and height of the widget in logical pixels.
        ratio: screen pixels per logical pixel.
        zoom: screen pixels per image pixel; 1 shows every pixel of the picture as one of the screen.
        left: where the picture's left edge lies, in logical pixels.
        top: where its top edge lies.
        fitted: the whole picture is kept in view when the room changes.
    """

    picture: tuple[int, int] = (1, 1)
    room: tuple[float, float] = (1.0, 1.0)
    ratio: float = 1.0
    zoom: float = 1.0
    left: float = 0.0
    top: float = 0.0
    fitted: bool = True

    @property
    def scale(self) -> float:
        """Logical pixels per image pixel."""
        return self.zoom / self.ratio

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """Return the image pixel under a point of the widget."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def to_widget(self, x: float, y: float) -> tuple[float, float]:
        """Return where an image pixel lies in the widget."""
        return self.left + x * self.scale, self.top + y * self.scale

    def set_room(self, width: float, height: float, ratio: float) -> None:
        """Take in a new size of the widget or a new screen."""
        self.room, self.ratio = (max(width, 1.0), max(height, 1.0)), ratio
        if self.fitted:
            self.fit()
        else:
            self._keep_in_reach()

    def fit(self) -> None:
        """Show the whole picture, never larger than twice its pixels."""
        width, height = self.picture
        scale = min((self.room[0] - 2 * MARGIN) / width, (self.room[1] - 2 * MARGIN) / height)
        # Of a very large picture the whole can be smaller than what the keys and the wheel go down to.
        self.zoom = min(max(scale * self.ratio, LEAST_FIT), 2.0)
        self.fitted = True
        self._keep_in_reach()

    def zoom_to(self, zoom: float, x: float | None = None, y: float | None = None) -> None:
        """Zoom so that the image pixel under a point of the widget (its middle by default) stays there."""
        at_x = self.room[0] / 2 if x is None else x
        at_y = self.room[1] / 2 if y is None else y
        image_x, image_y = self.to_image(at_x, at_y)
        self.zoom = min(max(zoom, min(MIN_ZOOM, self.zoom)), MAX_ZOOM)
        self.fitted = False
        self.left = at_x - image_x * self.scale
        self.top = at_y - image_y * self.scale
        self._keep_in_reach()

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by logical pixels."""
        self.left += dx
        self.top += dy
        self._keep_in_reach()

    def visible(self) -> Rect:
        """Return the part of the picture that is in the widget, in image pixels."""
        left, top = self.to_image(0, 0)
        right, bottom = self.to_image(*self.room)
        left, top = max(left, 0.0), max(top, 0.0)
        right, bottom = min(right, float(self.picture[0])), min(bottom, float(self.picture[1]))
        return Rect(left, top, max(right - left, 1.0), max(bottom - top, 1.0))

    def show(self, rect: Rect) -> None:
        """Pan as little as it takes to bring a rectangle of the picture into view."""
        left, top = self.to_widget(rect.x, rect.y)
        right, bottom = self.to_widget(rect.right, rect.bottom)
        self.pan(_shift(left, right, self.room[0]), _shift(top, bottom, self.room[1]))

    def _keep_in_reach(self) -> None:
        """A picture that is smaller than the room is centered; a larger one always covers it."""
        self.left = _kept(self.left, self.picture[0] * self.scale, self.room[0])
        self.top = _kept(self.top, self.picture[1] * self.scale, self.room[1])
        # Whole screen pixels keep the picture sharp at 1:1.
        self.left = round(self.left * self.ratio) / self.ratio
        self.top = round(self.top * self.ratio) / self.ratio


def _kept(at: float, length: float, room: float) -> float:
    if length + 2 * MARGIN <= room:
        return (room - length) / 2
    return min(max(at, room - length - MARGIN), MARGIN)


def _shift(low: float, high: float, room: float) -> float:
    if low < 0:
        return -low + MARGIN
    return min(room - high - MARGIN, 0.0) if high > room else 0.0
