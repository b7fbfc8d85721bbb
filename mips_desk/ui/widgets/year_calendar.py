"""Twelve months at one glance: the performance period as a band, dates of use as dots sized by count, today as a ring.

Mouse: click a day, drag over days. Keyboard: arrows go by day and week, Page Up and Page Down by month, Home and End to
the ends of the month, Shift extends, Return or Space takes the day or the range.
"""

import calendar
import math
from collections.abc import Mapping
from datetime import date, timedelta

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
    QPixmap,
    QResizeEvent,
    QStaticText,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mips_desk.domain.period import ONE_DAY, Period, year_period
from mips_desk.ui.theme import TextRole, color, font, px, tokens
from mips_desk.ui.widgets.year_grid import YearGrid, column, month_days
from mips_desk.ui.words import full_day

_WEEKDAYS = "SMTWTFS"
_CENTER = int(Qt.AlignmentFlag.AlignCenter)


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
        self._revision = 0
        self._picture = QPixmap()
        self._picture_key: object = None
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
        self._changed()

    def set_period(self, period: Period | None) -> None:
        """Show the claimed performance period as a band."""
        self._period = period
        self._changed()

    def set_uses(self, uses: Mapping[date, int]) -> None:
        """Show dates of use with how often on each; dates outside the year are not shown."""
        self._uses = {day: count for day, count in uses.items() if count > 0}
        self._changed()

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
        """As small as the figures stay readable; fewer months side by side need more lines."""
        return QSize(px(320), self.grid.least_height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The least height depends on how many months stand side by side; no week may be cut off."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.grid.least_height)

    @property
    def grid(self) -> YearGrid:
        """Where each day lies in this widget."""
        return YearGrid(self._year, self.width(), self.height())

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the year: the days from a picture of them, and over it what moves with pointer and keyboard."""
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        key = (self._revision, self.size(), ratio, tokens().name, px(100))
        if key != self._picture_key:
            self._picture, self._picture_key = self._paint_picture(ratio), key
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_marks(painter)

    def _paint_picture(self, ratio: float) -> QPixmap:
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        grid = self.grid
        self._paint_heads(painter, grid)
        self._paint_band(painter, grid)
        self._paint_dots(painter, grid)
        self._paint_days(painter, grid)
        painter.end()
        return picture

    def _paint_heads(self, painter: QPainter, grid: YearGrid) -> None:
        width = grid.day_width
        title = font(TextRole.STRONG, size=13 * grid.grow)
        small = font(TextRole.HINT, size=10 * grid.grow, weight=QFont.Weight.Medium)
        for month in range(1, 13):
            origin = grid.origins[month - 1]
            painter.setFont(title)
            painter.setPen(color("ink"))
            box = QRectF(origin.x() + width * 0.14, origin.y(), 7 * width, px(18) * grid.grow)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), calendar.month_name[month])
            painter.setFont(small)
            painter.setPen(color("ink3"))
            for place, initial in enumerate(_WEEKDAYS):
                top = origin.y() + px(20) * grid.grow
                cell = QRectF(origin.x() + place * width, top, width, px(15) * grid.grow)
                painter.drawText(cell, _CENTER, initial)

    def _paint_band(self, painter: QPainter, grid: YearGrid) -> None:
        """Paint the period as one bar per week."""
        shown = self._period.overlap(year_period(self._year)) if self._period else None
        if shown is None:
            return
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        day = shown.start
        while day <= shown.end:
            last_of_month = month_days(day.year, day.month)[-1]
            end = min(day + timedelta(days=6 - column(day)), last_of_month, shown.end)
            first, last = grid.day_rect(day), grid.day_rect(end)
            bar = QRectF(first.left(), first.top() + 0.5, last.right() - first.left(), first.height() - 1)
            path.addRoundedRect(bar, 4, 4)
            day = end + ONE_DAY
        painter.fillPath(path, color("accent_wash"))

    def _paint_dots(self, painter: QPainter, grid: YearGrid) -> None:
        side = min(grid.day_width, grid.day_height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("accent"))
        for day, count in self._uses.items():
            if day.year == self._year:
                radius = self._dot(count, side)
                painter.drawEllipse(grid.day_rect(day).center(), radius, radius)

    def _paint_marks(self, painter: QPainter) -> None:
        """Paint the rings: under the pointer, today, selected days, and the keyboard."""
        side = min(self.grid.day_width, self.grid.day_height)
        painter.setBrush(Qt.BrushStyle.NoBrush)

        def ring(day: date, token: str, width: float, grow: float) -> None:
            painter.setPen(QPen(color(token), width))
            painter.drawRoundedRect(self._square(day, side + grow), 5, 5)

        if self._hover is not None and not self._dragging:
            ring(self._hover, "ink3", 1, 2)
        if self._today is not None and self._today.year == self._year:
            ring(self._today, "ink", 1.4, 3)
        selected = self.selection
        if selected is not None and selected.days > 1:
            for offset in range(selected.days):
                ring(selected.start + timedelta(days=offset), "accent", 1.4, 1)
        if self.hasFocus():
            ring(self._cursor, "focus", 2, 3)

    def _paint_days(self, painter: QPainter, grid: YearGrid) -> None:
        plain = font(TextRole.SECONDARY, size=11 * grid.grow)
        bold = font(TextRole.SECONDARY, size=10.5 * grid.grow, weight=QFont.Weight.DemiBold)
        days = [day for month in range(1, 13) for day in month_days(self._year, month)]
        for used, day_font, ink in ((False, plain, "ink"), (True, bold, "on_accent")):
            # Each number is laid out once and painted up to twelve times.
            numbers = [QStaticText(str(number)) for number in range(1, 32)]
            for number in numbers:
                number.prepare(font=day_font)
            half = [QPointF(number.size().width() / 2, number.size().height() / 2) for number in numbers]
            painter.setFont(day_font)
            painter.setPen(color(ink))
            for day in days:
                if (day in self._uses) is used:
                    place = day.day - 1
                    painter.drawStaticText(grid.day_rect(day).center() - half[place], numbers[place])

    def _dot(self, count: int, side: float) -> float:
        """Radius of a dot: grows with the logarithm of the count, always around its number."""
        largest = side * 0.54
        smallest = min(largest, px(8) * self.grid.grow)
        return smallest + (largest - smallest) * min(1.0, math.log2(count) / 4)

    def _square(self, day: date, side: float) -> QRectF:
        center = self.grid.day_rect(day).center()
        width = max(side, px(18))
        return QRectF(center.x() - width / 2, center.y() - side / 2, width, side)

    # ------------------------------------------------------------------ mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a click or a drag."""
        day = self.grid.day_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and day is not None:
            extend = Qt.KeyboardModifier.ShiftModifier in event.modifiers()
            self._anchor = (self._anchor or self._cursor) if extend else day
            self._dragging = True
            self._move_to(day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        day = self.grid.day_at(event.position())
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
            days = month_days(self._year, month)
            return days[min(here.day, len(days)) - 1]
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return month_days(self._year, here.month)[0 if key == Qt.Key.Key_Home else -1]
        return None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the cursor."""
        self._describe()
        super().focusInEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say a day in words under a resting pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            day = self.grid.day_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._day_words(day) if day else "", self)
            return True
        return super().event(event)

    def _changed(self) -> None:
        """What the picture shows is different now."""
        self._revision += 1
        self._describe()
        self.update()

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
