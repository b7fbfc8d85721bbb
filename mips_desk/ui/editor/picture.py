"""The picture below the marks, kept in several sizes so that no paint has to read all of a large one."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from .view import View

#: Smaller than this on its longer side, a picture needs no smaller size.
_LEAST = 512
#: Pixels of the screen that can be scaled smoothly in the time of one frame; while the view moves, more are scaled
#: quickly and smoothed when it rests.
_SMOOTH_PIXELS = 800_000


class Picture:
    """An upright original at full resolution and at halves of it.

    Making it takes some hundredths of a second for a large picture, so make it on a work thread.

    Args:
        image: the upright original at full resolution, 32 bits a pixel, opaque.
    """

    def __init__(self, image: QImage) -> None:
        self._levels = [image]
        while max(self._levels[-1].width(), self._levels[-1].height()) >= 2 * _LEAST:
            last = self._levels[-1]
            self._levels.append(
                last.scaled(
                    max(1, (last.width() + 1) // 2),
                    max(1, (last.height() + 1) // 2),
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )
        self._still = QImage()
        self._still_of: tuple[float, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._levels[0].width(), self._levels[0].height()

    def paint(self, painter: QPainter, view: View, *, resting: bool) -> None:
        """Paint what a view shows of it.

        Args:
            painter: its coordinates are logical pixels of the widget.
            view: where the picture lies.
            resting: the view does not move at the moment.
        """
        seen = (view.zoom, view.left, view.top, *view.room, view.ratio)
        if seen != self._still_of and resting:
            self._still = QImage(
                round(view.room[0] * view.ratio), round(view.room[1] * view.ratio), QImage.Format.Format_RGB32
            )
            self._still.setDevicePixelRatio(view.ratio)
            inside = QPainter(self._still)
            self._scale(inside, view, smooth=True)
            inside.end()
            self._still_of = seen
        shown = _area(view).intersected(QRectF(0, 0, *view.room))
        if seen == self._still_of:
            ratio = view.ratio
            source = QRectF(shown.x() * ratio, shown.y() * ratio, shown.width() * ratio, shown.height() * ratio)
            painter.drawImage(shown, self._still, source)
            return
        pixels = shown.width() * shown.height() * view.ratio**2
        self._scale(painter, view, smooth=pixels <= _SMOOTH_PIXELS)

    def _scale(self, painter: QPainter, view: View, *, smooth: bool) -> None:
        level = self._level(view.zoom)
        part = view.visible()
        # Beyond 1:1 the pixels themselves are wanted, not a guess between them.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth and view.zoom < 2)
        across = level.width() / self._levels[0].width()
        down = level.height() / self._levels[0].height()
        left, top = view.to_widget(part.x, part.y)
        painter.drawImage(
            QRectF(left, top, part.width * view.scale, part.height * view.scale),
            level,
            QRectF(part.x * across, part.y * down, part.width * across, part.height * down),
        )

    def _level(self, zoom: float) -> QImage:
        """Return the smallest size that has at least as many pixels as the screen shows of it."""
        at = 0
        while at + 1 < len(self._levels) and zoom <= 0.5 ** (at + 1):
            at += 1
        return self._levels[at]


def _area(view: View) -> QRectF:
    return QRectF(view.left, view.top, view.picture[0] * view.scale, view.picture[1] * view.scale)
