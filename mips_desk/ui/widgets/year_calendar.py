"""Twelve months at one glance: the performance period as a band, dates of use as dots sized by count, today as a ring.

Mouse: click a day, drag over days. Keyboard: arrows go by day and week, Page Up and Page Down by month, Home and End to
the ends of the month, Shift extends, Return or Space takes the day or the range.
"""

import calendar
import math
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mips_desk.domain.period import ONE_DAY, Period, year_period
from mips_desk.ui.theme import TextRole, color, font, px
from mips_desk.ui.words import full_day

_WEEKDAYS = "SMTWTFS"
_CENTER = int(Qt.AlignmentFlag.AlignCenter)


def _column(day: date) -> int:
    """Column of a day in a week that starts on Sunday, 0 to 6."""
    return (day.weekday() + 1) % 7


def _week(day: date) -> int:
    """Line of a day in its month, 0 to 5."""
    return (day.day - 1 + _column(day.replace(day=1))) // 7


@cache
def _month_days(year: int, month: int) -> tuple[date, ...]:
    return tuple(date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1))


class YearCalendar(QWidget):
    """The calendar of one performance year.

    Signals:
        day_clicked(date): one day was taken.
        range_selected(Period): several days were taken, both ends included.
    """

    day_clicked = Signal(object)
    range_selected = Signal(object)

    def __init__(self, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._year = year
        self._period: Period | None = None
        self._uses: dict[date, int] = {}
        self._today: date | None = None
        self._cursor = date(year, 1, 1)
        self._anchor: date | None = None
        self._hover: date | None = None
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._describe()

    @property
    def cursor_day(self) -> date:
        """The day that the keyboard is on."""
        return self._cursor

    @property
    def selection(self) -> Period | None:
        """The days that are marked at present, or None."""
        if self._anchor is None:
            return None
        return Period(min(self._anchor, self._cursor), max(self._anchor, self._cursor))

    def set_year(self, year: int) -> None:
        """Show another performance year; marks and dates of the one before are forgotten."""
        if year != self._year:
            self._year = year
            self._uses, self._period, self._anchor, self._hover = {}, None, None, None
            self._cursor = date(year, 1, 1)
        self._describe()
        self.update()

    def set_period(self, period: Period | None) -> None:
        """Show the claimed performance period as a band."""
        self._period = period
        self._describe()
        self.update()

    def set_uses(self, uses: Mapping[date, int]) -> None:
        """Show dates of use with how often on each; dates outside the year are not shown."""
        self._uses = {day: count for day, count in uses.items() if count > 0}
        self._describe()
        self.update()

    def set_today(self, today: date | None) -> None:
        """Ring today; the keyboard starts there when it lies in the year."""
        self._today = today
        if today is not None and today.year == self._year:
            self._cursor = today
        self._describe()
        self.update()

    def clear_selection(self) -> None:
        """Unmark everything."""
        self._anchor = None
        self.update()

    def sizeHint(self) -> QSize:
        """Comfortable for four months side by side."""
        return QSize(px(720), px(480))

    def minimumSizeHint(self) -> QSize:
        """As small as the figures stay readable."""
        return QSize(px(360), px(400))

    # ------------------------------------------------------------------ geometry

    def _across(self) -> int:
        """Months side by side: as the shape of the widget asks for."""
        if self.width() >= px(640):
            return 4
        return 3 if self.width() >= px(480) else 2

    def _cell(self) -> tuple[float, float]:
        """Width and height of one day in logical pixels."""
        across = self._across()
        gap = px(18)
        width = (self.width() - gap * (across - 1)) / across / 7
        lines = 12 // across
        height = (self.height() - px(14) * (lines - 1)) / lines - self._head()
        return width, min(max(height / 6, px(15)), px(26))

    def _head(self) -> float:
        """Height of a month's name and the initials of the weekdays."""
        return px(20) + px(17)

    def _month_origin(self, month: int) -> QPointF:
        across = self._across()
        width, height = self._cell()
        x = ((month - 1) % across) * (7 * width + px(18))
        y = ((month - 1) // across) * (self._head() + 6 * height + px(14))
        return QPointF(x, y)

    def day_rect(self, day: date) -> QRectF:
        """Return where a day lies, in logical pixels of the widget."""
        origin = self._month_origin(day.month)
        width, height = self._cell()
        top = origin.y() + self._head() + _week(day) * height
        return QRectF(origin.x() + _column(day) * width, top, width, height)

    def day_at(self, point: QPointF) -> date | None:
        """Return the day under a point, or None."""
        width, height = self._cell()
        for month in range(1, 13):
            origin = self._month_origin(month)
            x, y = point.x() - origin.x(), point.y() - origin.y() - self._head()
            if 0 <= x < 7 * width and 0 <= y < 6 * height:
                first = date(self._year, month, 1)
                number = int(y // height) * 7 + int(x // width) - _column(first) + 1
                days = _month_days(self._year, month)
                return days[number - 1] if 1 <= number <= len(days) else None
        return None

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the year."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = self._cell()
        self._paint_heads(painter, width)
        self._paint_band(painter, self._period, "accent_wash", width, height)
        self._paint_marks(painter, width, height)
        self._paint_days(painter, width, height)

    def _paint_heads(self, painter: QPainter, width: float) -> None:
        title = font(TextRole.STRONG)
        small = font(TextRole.HINT, size=10, weight=QFont.Weight.Medium)
        for month in range(1, 13):
            origin = self._month_origin(month)
            painter.setFont(title)
            painter.setPen(color("ink"))
            box = QRectF(origin.x() + width * 0.14, origin.y(), 7 * width, px(18))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), calendar.month_name[month])
            painter.setFont(small)
            painter.setPen(color("ink3"))
            for place, initial in enumerate(_WEEKDAYS):
                cell = QRectF(origin.x() + place * width, origin.y() + px(20), width, px(15))
                painter.drawText(cell, _CENTER, initial)

    def _paint_band(self, painter: QPainter, period: Period | None, token: str, width: float, height: float) -> None:
        """Paint a period as one bar per week, its two ends rounded."""
        shown = period.overlap(year_period(self._year)) if period else None
        if shown is None:
            return
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        day = shown.start
        while day <= shown.end:
            last_of_month = _month_days(day.year, day.month)[-1]
            end = min(day + timedelta(days=6 - _column(day)), last_of_month, shown.end)
            first, last = self.day_rect(day), self.day_rect(end)
            bar = QRectF(first.left(), first.top() + 0.5, last.right() - first.left(), height - 1)
            path.addRoundedRect(bar, 4, 4)
            day = end + ONE_DAY
        painter.fillPath(path, color(token))

    def _paint_marks(self, painter: QPainter, width: float, height: float) -> None:
        side = min(width, height)
        if self._hover is not None and not self._dragging:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("neutral_wash"))
            painter.drawRoundedRect(self._square(self._hover, side), 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("accent"))
        for day, count in self._uses.items():
            if day.year == self._year:
                painter.drawEllipse(self.day_rect(day).center(), *(self._dot(count, side),) * 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._today is not None and self._today.year == self._year:
            painter.setPen(QPen(color("ink"), 1.4))
            painter.drawRoundedRect(self._square(self._today, side + 3), 5, 5)
        selected = self.selection
        if selected is not None and selected.days > 1:
            painter.setPen(QPen(color("accent"), 1.4))
            day = selected.start
            while day <= selected.end:
                painter.drawRoundedRect(self._square(day, side + 1), 5, 5)
                day += ONE_DAY
        if self.hasFocus():
            painter.setPen(QPen(color("focus"), 2))
            painter.drawRoundedRect(self._square(self._cursor, side + 3), 5, 5)

    def _paint_days(self, painter: QPainter, width: float, height: float) -> None:
        plain = font(TextRole.SECONDARY, size=11)
        bold = font(TextRole.SECONDARY, size=10.5, weight=QFont.Weight.DemiBold)
        ink, on_dot = color("ink"), color("on_accent")
        on_dots: list[tuple[QRectF, str]] = []
        painter.setFont(plain)
        painter.setPen(ink)
        for month in range(1, 13):
            origin = self._month_origin(month)
            top = origin.y() + self._head()
            offset = _column(date(self._year, month, 1))
            for place, day in enumerate(_month_days(self._year, month), offset):
                cell = QRectF(origin.x() + (place % 7) * width, top + (place // 7) * height, width, height)
                if day in self._uses:
                    on_dots.append((cell, str(day.day)))
                else:
                    painter.drawText(cell, _CENTER, str(day.day))
        painter.setFont(bold)
        painter.setPen(on_dot)
        for cell, words in on_dots:
            painter.drawText(cell, _CENTER, words)

    def _dot(self, count: int, side: float) -> float:
        """Radius of a dot: grows with the logarithm of the count, always around its number."""
        largest = side * 0.54
        smallest = min(largest, px(8))
        return smallest + (largest - smallest) * min(1.0, math.log2(count) / 4)

    def _square(self, day: date, side: float) -> QRectF:
        center = self.day_rect(day).center()
        width = max(side, px(18))
        return QRectF(center.x() - width / 2, center.y() - side / 2, width, side)

    # ------------------------------------------------------------------ mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a click or a drag."""
        day = self.day_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and day is not None:
            extend = Qt.KeyboardModifier.ShiftModifier in event.modifiers()
            self._anchor = (self._anchor or self._cursor) if extend else day
            self._dragging = True
            self._move_to(day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        day = self.day_at(event.position())
        if self._dragging:
            if day is not None:
                self._move_to(day)
        elif day != self._hover:
            self._hover = day
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the day or the range."""
        if event.button() is Qt.MouseButton.LeftButton and self._dragging:
            self._dragging = False
            self._take()

    def leaveEvent(self, event: QEvent) -> None:
        """No day is under the pointer."""
        self._hover = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the module."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._take()
            return
        if key == Qt.Key.Key_Escape and self._anchor is not None:
            self.clear_selection()
            return
        target = self._key_target(key)
        if target is None:
            super().keyPressEvent(event)
            return
        if Qt.KeyboardModifier.ShiftModifier in event.modifiers():
            self._anchor = self._anchor or self._cursor
        else:
            self._anchor = None
        whole = year_period(self._year)
        self._move_to(max(whole.start, min(whole.end, target)))

    def _key_target(self, key: Qt.Key) -> date | None:
        here = self._cursor
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        if key in steps:
            return here + timedelta(days=steps[key])
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            month = max(1, min(12, here.month + (1 if key == Qt.Key.Key_PageDown else -1)))
            days = _month_days(self._year, month)
            return days[min(here.day, len(days)) - 1]
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return _month_days(self._year, here.month)[0 if key == Qt.Key.Key_Home else -1]
        return None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the cursor."""
        self._describe()
        super().focusInEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say a day in words under a resting pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            day = self.day_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._day_words(day) if day else "", self)
            return True
        return super().event(event)

    def _move_to(self, day: date) -> None:
        self._cursor = day
        self._describe()
        self.update()

    def _take(self) -> None:
        chosen = self.selection
        if chosen is not None and chosen.days > 1:
            self.range_selected.emit(chosen)
        else:
            self._anchor = None
            self.day_clicked.emit(self._cursor)
        self.update()

    def _day_words(self, day: date) -> str:
        parts = [full_day(day)]
        if count := self._uses.get(day):
            parts.append("1 use" if count == 1 else f"{count} uses")
        if self._period is not None and day in self._period:
            parts.append("in the performance period")
        if day == self._today:
            parts.append("today")
        return ", ".join(parts)

    def _describe(self) -> None:
        """Keep the words for screen readers up to date; a change of name is announced."""
        self.setAccessibleName(f"Calendar: {self._day_words(self._cursor)}")
        logged = sum(1 for day in self._uses if day.year == self._year)
        claimed = f" Period {full_day(self._period.start)} to {full_day(self._period.end)}." if self._period else ""
        self.setAccessibleDescription(f"{logged} dates of use in {self._year}.{claimed}")
