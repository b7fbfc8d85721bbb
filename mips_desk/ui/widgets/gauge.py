"""The gauge: solid is proven, hatched is planned, a tick marks the target. The same drawing as half ring and as bar.

Both derive from QProgressBar, so that a screen reader announces a progress bar with its value. Solid and hatched
differ in grey too, and the number always stands beside or inside.
"""

import math
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from mips_desk.domain.score import Gauge as GaugeData
from mips_desk.domain.score import GaugeSegment
from mips_desk.ui.theme import TextRole, color, font, px


def scale_end(data: GaugeData) -> int:
    """Return the amount at the right end: the target, or more when more than the target is planned."""
    return max(data.target, sum(segment.amount for segment in data.segments), 1)


def in_words(data: GaugeData) -> str:
    """Return the figures in a few words: "20 proven · 30 planned of 40"."""
    return f"{data.proven} proven · {data.planned} planned of {data.target}"


def _spans(data: GaugeData) -> list[tuple[float, float, GaugeSegment]]:
    """Return where each segment lies, as fractions of the scale."""
    ends = [0]
    for segment in data.segments:
        ends.append(ends[-1] + segment.amount)
    whole = scale_end(data)
    return [(a / whole, b / whole, segment) for (a, b), segment in zip(pairwise(ends), data.segments, strict=True)]


def _hatch(painter: QPainter, path: QPainterPath, step: float, width: float) -> None:
    """Fill a path with diagonal lines of the accent on its wash, sharp at every scale factor."""
    painter.save()
    painter.fillPath(path, color("panel"))
    painter.setClipPath(path)
    painter.setPen(QPen(color("accent"), width))
    area = path.boundingRect()
    x = area.left() - area.height()
    while x < area.right() + step:
        painter.drawLine(QPointF(x, area.bottom() + 1), QPointF(x + area.height() + 2, area.top() - 1))
        x += step
    painter.restore()


class _GaugeBase(QProgressBar):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: GaugeData | None = None
        self.setTextVisible(False)
        self.setAccessibleName("Progress toward the target")

    @property
    def data(self) -> GaugeData | None:
        """What is shown."""
        return self._data

    def set_gauge(self, data: GaugeData) -> None:
        """Show the figures of a year."""
        self._data = data
        self.setRange(0, max(1, data.target))
        self.setValue(min(data.planned, data.target))
        self.setAccessibleName(f"{in_words(data)} {data.unit}")
        self.setAccessibleDescription(data.sentence)
        self.setToolTip(data.sentence)
        self.update()


class Gauge(_GaugeBase):
    """The large half ring with the number inside."""

    #: Outer radius, width of the ring and gap between segments, in logical pixels at 100 %.
    RADIUS, WIDTH, GAP = 100, 18, 2

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Half ring and the line of figures below it."""
        return QSize(px(2 * self.RADIUS + 60), px(self.RADIUS + 34))

    def minimumSizeHint(self) -> QSize:
        """The ring itself."""
        return QSize(px(2 * self.RADIUS + 20), px(self.RADIUS + 34))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the half ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        center = QPointF(self.width() / 2, px(self.RADIUS + 8))
        painter.fillPath(self._segment(center, 0, 1), color("track"))
        if self._data is None:
            return
        # The scale is one ring; each segment loses half a gap at both ends that meet another one.
        gap = px(self.GAP) / (math.pi * px(self.RADIUS))
        for start, end, segment in _spans(self._data):
            path = self._segment(center, start + (gap / 2 if start > 0 else 0), end - (gap / 2 if end < 1 else 0))
            if segment.proven:
                painter.fillPath(path, color("accent"))
            else:
                _hatch(painter, path, px(6), px(2) * 1.1)
                painter.setPen(QPen(color("accent"), 1))
                painter.drawPath(path)
        target = self._data.target / scale_end(self._data)
        self._paint_tick(painter, center, target)
        self._paint_text(painter, center, self._data)

    def _segment(self, center: QPointF, start: float, end: float) -> QPainterPath:
        outer, inner = px(self.RADIUS), px(self.RADIUS - self.WIDTH)
        outside = QRectF(center.x() - outer, center.y() - outer, 2 * outer, 2 * outer)
        inside = QRectF(center.x() - inner, center.y() - inner, 2 * inner, 2 * inner)
        path = QPainterPath()
        path.arcMoveTo(outside, 180 - 180 * start)
        path.arcTo(outside, 180 - 180 * start, -180 * (end - start))
        path.arcTo(inside, 180 - 180 * end, 180 * (end - start))
        path.closeSubpath()
        return path

    def _point(self, center: QPointF, fraction: float, radius: float) -> QPointF:
        angle = math.pi * (1 - fraction)
        return QPointF(center.x() + radius * math.cos(angle), center.y() - radius * math.sin(angle))

    def _paint_tick(self, painter: QPainter, center: QPointF, target: float) -> None:
        pen = QPen(color("ink"), max(2, px(2)))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        inner, outer = px(self.RADIUS - self.WIDTH - 3), px(self.RADIUS + 3)
        painter.drawLine(self._point(center, target, inner), self._point(center, target, outer))

    def _paint_text(self, painter: QPainter, center: QPointF, data: GaugeData) -> None:
        number = font(TextRole.FIGURE, size=36)
        painter.setFont(number)
        painter.setPen(color("ink"))
        box = QRectF(center.x() - px(70), center.y() - px(54), px(140), px(42))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(data.planned))
        painter.setFont(font(TextRole.SECONDARY))
        painter.setPen(color("ink2"))
        box = QRectF(center.x() - px(78), center.y() - px(13), px(156), px(17))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), f"of {data.target} {data.unit} planned")
        painter.setFont(font(TextRole.SECONDARY, size=11))
        painter.setPen(color("ink3"))
        whole = scale_end(data)
        for amount, fraction in ((0, 0.0), (whole, 1.0)):
            x = self._point(center, fraction, px(self.RADIUS - self.WIDTH / 2)).x()
            area = QRectF(x - px(30), center.y() + px(6), px(60), px(16))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), str(amount))
        if whole > data.target:
            self._paint_target_number(painter, center, data.target, data.target / whole)

    def _paint_target_number(self, painter: QPainter, center: QPointF, target: int, fraction: float) -> None:
        """Write the target beside its tick when the tick is not at the end of the scale."""
        small = font(TextRole.SECONDARY, size=11, weight=QFont.Weight.DemiBold)
        painter.setFont(small)
        painter.setPen(color("ink"))
        text = str(target)
        size = QFontMetricsF(small).size(0, text)
        spot = self._point(center, fraction, px(self.RADIUS + 11))
        painter.drawText(QRectF(spot.x() - size.width() / 2, spot.y() - size.height() / 2, 60, 30), text)


class GaugeBar(_GaugeBase):
    """The small form: a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A bar with room for the tick."""
        return QSize(px(120), px(14))

    def minimumSizeHint(self) -> QSize:
        """As the size hint."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = px(8)
        bar = QRectF(0, (self.height() - height) / 2, self.width(), height)
        outline = QPainterPath()
        outline.addRoundedRect(bar, height / 2, height / 2)
        painter.fillPath(outline, color("track"))
        if self._data is None:
            return
        for start, end, segment in _spans(self._data):
            piece = QPainterPath()
            piece.addRect(
                QRectF(bar.left() + bar.width() * start, bar.top(), bar.width() * (end - start), bar.height())
            )
            piece = piece.intersected(outline)
            if segment.proven:
                painter.fillPath(piece, QColor(color("accent")))
            else:
                _hatch(painter, piece, px(5), px(2))
        target = self._data.target / scale_end(self._data)
        if target < 1:
            x = bar.left() + bar.width() * target
            painter.setPen(QPen(color("ink"), px(2)))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
