"""How the lists of the room Choose are painted: activities and subcategories."""

from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QKeyEvent, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mips_desk.ui.icons import paint_icon
from mips_desk.ui.models.activities import ActivityRow, Role, SubcategoryRow
from mips_desk.ui.theme import ICON, RADIUS, SPACE_M, SPACE_S, TextRole, color, font, px
from mips_desk.ui.widgets.chip import Tone, chip_size, paint_chip

Index = QModelIndex | QPersistentModelIndex

#: Most lines of a title.
TITLE_LINES = 2


def wrapped(text: str, text_font: QFont, width: float, most: int) -> list[str]:
    """Break a text into lines, the last one ending in "…" when there is more.

    Args:
        text: one paragraph.
        text_font: its font.
        width: logical pixels.
        most: most lines.
    """
    layout = QTextLayout(text, text_font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while len(lines) < most and (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 20))
        start = line.textStart()
        if len(lines) == most - 1:
            rest = QFontMetricsF(text_font).elidedText(text[start:], Qt.TextElideMode.ElideRight, width)
            lines.append(rest)
        else:
            lines.append(text[start : start + line.textLength()].rstrip())
    layout.endLayout()
    return lines


@lru_cache(maxsize=1024)
def _title_lines(title: str, width: int, pixel_size: int) -> tuple[str, ...]:
    """Return the lines of a title; all rows are measured at each keystroke of a search, so they are kept."""
    made = font(TextRole.STRONG)
    made.setPixelSize(pixel_size)
    return tuple(wrapped(title, made, width, TITLE_LINES))


def _lines_of(row: ActivityRow, width: float) -> tuple[str, ...]:
    return _title_lines(row.activity.title, int(width), font(TextRole.STRONG).pixelSize())


class RowView(QListView):
    """A list whose rows paint themselves.

    Args:
        name: what is listed; its accessible name.
        key: object name.

    Signals:
        entered(): Return on a row.
    """

    entered = Signal()

    def __init__(self, name: str, key: str) -> None:
        super().__init__()
        self.setObjectName(key)
        self.setAccessibleName(name)
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return is told; all else is Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class _RowDelegate(QStyledItemDelegate):
    """Ground, focus and separator that both kinds of rows share."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def _width(self) -> int:
        return max(px(160), self._view.viewport().width())

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> QRectF:
        rect = QRectF(option.rect).adjusted(1, 1, -1, -1)
        state = option.state
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if QStyle.StateFlag.State_Selected in state:
            painter.setBrush(color("accent_wash"))
            painter.setPen(self._edge())
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        elif QStyle.StateFlag.State_MouseOver in state:
            painter.setBrush(color("hover"))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        return rect

    def _edge(self) -> QPen:
        """Return the border of the selected row."""
        return QPen(color("focus"), 2) if self._view.hasFocus() else QPen(Qt.PenStyle.NoPen)


class ActivityDelegate(_RowDelegate):
    """Identifier, weight, whether it is chosen, where a search found it, and the title on up to two lines."""

    def _edge(self) -> QPen:
        return QPen(color("accent"), 2 if self._view.hasFocus() else 1)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        row = index.data(Role.ROW)
        assert isinstance(row, ActivityRow)
        painter.save()
        edge = QRectF(option.rect)
        painter.setPen(QPen(color("faint"), 1))
        painter.drawLine(edge.bottomLeft() + QPointF(px(SPACE_M), -0.5), edge.bottomRight() - QPointF(px(SPACE_M), 0.5))
        rect = self._paint_ground(painter, option)
        inner = rect.adjusted(px(SPACE_M), px(9), -px(SPACE_M), -px(9))
        self._paint_head(painter, inner, row)
        title_font = font(TextRole.STRONG)
        line_height = QFontMetricsF(title_font).height()
        painter.setFont(title_font)
        painter.setPen(color("ink"))
        top = inner.top() + px(24)
        for line in _lines_of(row, inner.width()):
            painter.drawText(QRectF(inner.left(), top, inner.width(), line_height), 0, line)
            top += line_height
        painter.restore()

    def _paint_head(self, painter: QPainter, inner: QRectF, row: ActivityRow) -> None:
        mono = font(TextRole.MONO)
        painter.setFont(mono)
        painter.setPen(color("ink2"))
        box = QRectF(inner.left(), inner.top(), inner.width(), px(20))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), row.activity.id)
        x = inner.left() + QFontMetricsF(mono).horizontalAdvance(row.activity.id) + px(SPACE_S)
        if row.activity.weight:
            tone = Tone.ACCENT if row.activity.weight == "high" else Tone.NEUTRAL
            x = self._chip(painter, x, inner.top(), row.activity.weight.capitalize(), tone)
        if row.chosen:
            x = self._chip(painter, x, inner.top(), "chosen", Tone.OK, "check")
        if row.found_in:
            small = font(TextRole.SECONDARY)
            painter.setFont(small)
            painter.setPen(color("ink3"))
            room = QRectF(x, inner.top(), inner.right() - x, px(20))
            shown = QFontMetricsF(small).elidedText(row.found_in, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), shown)

    def _chip(self, painter: QPainter, x: float, top: float, text: str, tone: Tone, icon: str = "") -> float:
        size = chip_size(text, icon)
        paint_chip(painter, QRectF(x, top, size.width(), size.height()), text, tone, icon)
        return x + size.width() + px(6)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As tall as its title needs."""
        row = index.data(Role.ROW)
        assert isinstance(row, ActivityRow)
        width = self._width()
        lines = _lines_of(row, width - 2 * px(SPACE_M) - 2)
        return QSize(width, px(44) + QFontMetrics(font(TextRole.STRONG)).height() * len(lines))


class SubcategoryDelegate(_RowDelegate):
    """Icon, name, a few words, the number of activities and how many are chosen."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        row = index.data(Role.ROW)
        assert isinstance(row, SubcategoryRow)
        painter.save()
        rect = self._paint_ground(painter, option)
        state = option.state
        selected = QStyle.StateFlag.State_Selected in state
        side = px(ICON)
        left = rect.left() + px(10)
        paint_icon(painter, row.icon, "accent" if selected else "ink2", QRectF(left, rect.top() + px(7), side, side))
        left += side + px(10)
        name_font = font(TextRole.TEXT, weight=QFont.Weight.DemiBold if selected else QFont.Weight.Medium)
        small = font(TextRole.HINT)
        height = QFontMetricsF(name_font).height()
        top = rect.top() + px(5)
        count = str(row.count)
        count_width = QFontMetricsF(small).horizontalAdvance(count)
        right = rect.right() - px(10)
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(small)
        painter.setPen(color("ink3"))
        painter.drawText(QRectF(right - count_width, top, count_width + 1, height), flags, count)
        painter.setFont(name_font)
        painter.setPen(color("ink"))
        _elided(painter, QRectF(left, top, right - count_width - px(6) - left, height), row.short_name)
        top += height + 1
        if row.chosen:
            chip = chip_size(str(row.chosen), "check")
            right -= chip.width()
            paint_chip(painter, QRectF(right, top - 1, chip.width(), chip.height()), str(row.chosen), Tone.OK, "check")
            right -= px(6)
        painter.setFont(small)
        painter.setPen(color("ink3"))
        _elided(painter, QRectF(left, top, right - left, px(16)), row.about)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines."""
        return QSize(px(160), px(45))


def _elided(painter: QPainter, room: QRectF, text: str) -> None:
    """Paint one line with the painter's font, ending in "…" where there is no room."""
    shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)
