"""How the lists of the room Choose are painted: activities and subcategories."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

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
            if self._view.hasFocus():
                painter.setPen(QPen(color("focus"), 2))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        elif QStyle.StateFlag.State_MouseOver in state:
            painter.setBrush(color("hover"))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        return rect


class ActivityDelegate(_RowDelegate):
    """Identifier, weight, whether it is chosen, where a search found it, and the title on up to two lines."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        row = index.data(Role.ROW)
        assert isinstance(row, ActivityRow)
        painter.save()
        rect = self._paint_ground(painter, option)
        inner = rect.adjusted(px(SPACE_M), px(9), -px(SPACE_M), -px(9))
        self._paint_head(painter, inner, row)
        title_font = font(TextRole.STRONG)
        line_height = QFontMetricsF(title_font).height()
        painter.setFont(title_font)
        painter.setPen(color("ink"))
        top = inner.top() + px(24)
        for line in wrapped(row.activity.title, title_font, inner.width(), TITLE_LINES):
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
        lines = wrapped(row.activity.title, font(TextRole.STRONG), width - 2 * px(SPACE_M) - 2, TITLE_LINES)
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
        paint_icon(painter, row.icon, "accent" if selected else "ink2", QRectF(left, rect.top() + px(9), side, side))
        left += side + px(10)
        name_font = font(TextRole.TEXT, weight=QFont.Weight.DemiBold if selected else QFont.Weight.Medium)
        small = font(TextRole.HINT)
        height = QFontMetricsF(name_font).height()
        top = rect.top() + px(8)
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
        return QSize(px(160), px(50))


def _elided(painter: QPainter, room: QRectF, text: str) -> None:
    """Paint one line with the painter's font, ending in "…" where there is no room."""
    shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)
