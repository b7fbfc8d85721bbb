"""What does not change from paint to paint: the picture with the marks at the bottom, as pixels of the screen.

A mark that is drawn or dragged is painted on top of this layer; a pan moves it and paints only what comes into view;
while the view is zoomed it is stretched, and made anew when the view rests. Redactions are no part of it: they are
filled at every paint, on top of everything, so that none is ever late.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from mips_desk.annotate.marks import Mark
from mips_desk.annotate.shapes import Rect, Style

from .painting import paint_bars, paint_others
from .picture import Picture
from .view import View

#: Marks painted on top of the layer at most, once they rest.
_MOST_ON_TOP = 12


class Layer:
    """Paints a picture with its marks.

    Args:
        picture: the picture.
        style: sizes for marks that leave theirs open.
    """

    def __init__(self, picture: Picture, style: Style) -> None:
        self._picture = picture
        self._style = style
        self._image = QImage()
        self._marks: tuple[Mark, ...] = ()
        self._last: tuple[Mark, ...] = ()
        self._scale: tuple[float, ...] = ()
        self._left = self._top = 0

    def paint(self, painter: QPainter, view: View, marks: Sequence[Mark], *, resting: bool) -> None:
        """Paint what a view shows.

        Args:
            painter: its coordinates are logical pixels of the widget; restored afterwards.
            view: where the picture lies.
            marks: in the order of painting.
            resting: the view does not move at the moment.
        """
        marks = tuple(marks)
        scale = (view.zoom, view.ratio, *view.room)
        left, top = round(view.left * view.ratio), round(view.top * view.ratio)
        shown = QRectF(*view.to_widget(0, 0), view.picture[0] * view.scale, view.picture[1] * view.scale)
        painter.save()
        painter.setClipRect(shown.intersected(QRectF(0, 0, *view.room)))
        if self._scale and scale != self._scale and not resting:
            self._stretch(painter, view)
            marks_on_top: Sequence[Mark] = ()
        else:
            if scale != self._scale:
                self._make(view, marks)
            elif (same := _same(self._marks, marks)) < len(self._marks):
                # One of them is dragged: from there on they are painted on top, until they rest.
                self._make(view, marks[:same])
            elif len(marks) - len(self._marks) > _MOST_ON_TOP and len(marks) == _same(self._last, marks):
                self._make(view, marks)
            elif (left, top) != (self._left, self._top):
                self._move(view, left - self._left, top - self._top)
            self._last = marks
            self._scale, self._left, self._top = scale, left, top
            painter.drawImage(0, 0, self._image)
            marks_on_top = marks[len(self._marks) :]
        painter.translate(view.left, view.top)
        painter.scale(view.scale, view.scale)
        paint_others(painter, marks_on_top, self._style, view.visible())
        paint_bars(painter, marks, view.picture)
        painter.restore()

    def _make(self, view: View, marks: tuple[Mark, ...]) -> None:
        self._marks = marks
        self._image = self._blank(view)
        painter = QPainter(self._image)
        self._paint_part(painter, view, view.visible())
        painter.end()

    def _move(self, view: View, dx: int, dy: int) -> None:
        """Move the layer by pixels of the screen, and paint what came into view."""
        moved = self._blank(view)
        painter = QPainter(moved)
        painter.drawImage(QPointF(dx / view.ratio, dy / view.ratio), self._image)
        for strip in _strips(moved.width(), moved.height(), dx, dy):
            ratio = view.ratio
            area = QRectF(strip.x() / ratio, strip.y() / ratio, strip.width() / ratio, strip.height() / ratio)
            first = view.to_image(area.left(), area.top())
            last = view.to_image(area.right(), area.bottom())
            # A pixel more on each side, for what the scaling mixes in; the clip keeps it to the strip.
            part = _cut(Rect(first[0] - 1, first[1] - 1, last[0] - first[0] + 2, last[1] - first[1] + 2), view)
            if part is not None:
                painter.save()
                painter.setClipRect(area)
                self._paint_part(painter, view, part)
                painter.restore()
        painter.end()
        self._image = moved

    def _paint_part(self, painter: QPainter, view: View, part: Rect) -> None:
        self._picture.paint(painter, view, part, smooth=True)
        painter.save()
        painter.translate(view.left, view.top)
        painter.scale(view.scale, view.scale)
        paint_others(painter, self._marks, self._style, part)
        painter.restore()

    def _stretch(self, painter: QPainter, view: View) -> None:
        """Show the layer of another zoom, over the picture where that does not reach."""
        self._picture.paint(painter, view, view.visible(), smooth=False)
        zoom, ratio, width, height = self._scale
        grown = view.scale / (zoom / ratio)
        left = view.left - self._left / ratio * grown
        top = view.top - self._top / ratio * grown
        painter.drawImage(QRectF(left, top, width * grown, height * grown), self._image)

    def _blank(self, view: View) -> QImage:
        width, height = (max(1, round(length * view.ratio)) for length in view.room)
        # What lies beside the picture is never shown, so it needs no color.
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(view.ratio)
        return image


def _same(before: Sequence[Mark], now: Sequence[Mark]) -> int:
    """Return how many marks at the bottom are the same; those that an edit left alone are the same objects."""
    same = 0
    for one, other in zip(before, now, strict=False):
        if one is not other:
            break
        same += 1
    return same


def _strips(width: int, height: int, dx: int, dy: int) -> list[QRect]:
    """Return what comes into view when something of a size is moved by a distance."""
    if abs(dx) >= width or abs(dy) >= height:
        return [QRect(0, 0, width, height)]
    strips = []
    if dy:
        strips.append(QRect(0, 0, width, dy) if dy > 0 else QRect(0, height + dy, width, -dy))
    if dx:
        top, high = max(dy, 0), height - abs(dy)
        strips.append(QRect(0, top, dx, high) if dx > 0 else QRect(width + dx, top, -dx, high))
    return strips


def _cut(rect: Rect, view: View) -> Rect | None:
    left, top = max(rect.x, 0.0), max(rect.y, 0.0)
    right, bottom = min(rect.right, float(view.picture[0])), min(rect.bottom, float(view.picture[1]))
    return Rect(left, top, right - left, bottom - top) if left < right and top < bottom else None
