"""The picture below the marks, kept in several sizes so that no paint has to read all of a large one."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from mips_desk.annotate.shapes import Rect

from .view import View

#: Smaller than this on its longer side, a picture needs no smaller size.
_LEAST = 512


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

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._levels[0].width(), self._levels[0].height()

    def paint(self, painter: QPainter, view: View, part: Rect, *, smooth: bool) -> None:
        """Paint a part of it where it lies in a view.

        Args:
            painter: its coordinates are logical pixels of the widget.
            view: where the picture lies.
            part: in image pixels.
            smooth: with care; without, several times as fast.
        """
        level = self._level(view.zoom)
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
