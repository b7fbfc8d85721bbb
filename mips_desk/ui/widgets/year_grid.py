"""Where each day of a year lies on the calendar: months in lines, weeks from Sunday to Saturday."""

import calendar
from dataclasses import dataclass
from datetime import date
from functools import cache

from PySide6.QtCore import QPointF, QRectF

from mips_desk.ui.theme import px

#: Gaps between months side by side and between lines of months, in logical pixels at 100 %.
COLUMN_GAP, LINE_GAP = 18, 14
#: Least and largest height of a day, in logical pixels at 100 %.
DAY_MIN, DAY_MAX = 15, 26


def column(day: date) -> int:
    """Return the column of a day in a week that starts on Sunday, 0 to 6."""
    return (day.weekday() + 1) % 7


@cache
def month_days(year: int, month: int) -> tuple[date, ...]:
    """Return the days of a month."""
    return tuple(date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1))


@dataclass(frozen=True, slots=True)
class YearGrid:
    """The places of the days of a year in an area of logical pixels."""

    year: int
    width: int
    height: int

    @property
    def across(self) -> int:
        """Months side by side, as the width allows."""
        if self.width >= px(640):
            return 4
        return 3 if self.width >= px(480) else 2

    @property
    def head(self) -> int:
        """Height of a month's name and the initials of the weekdays."""
        return px(37)

    @property
    def least_height(self) -> int:
        """Height below which the figures of this width would not be readable."""
        lines = 12 // self.across
        return lines * (self.head + 6 * px(DAY_MIN)) + (lines - 1) * px(LINE_GAP)

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of one day."""
        lines = 12 // self.across
        width = (self.width - px(COLUMN_GAP) * (self.across - 1)) / self.across / 7
        height = ((self.height - px(LINE_GAP) * (lines - 1)) / lines - self.head) / 6
        return width, min(max(height, px(DAY_MIN)), px(DAY_MAX))

    def month_origin(self, month: int) -> QPointF:
        """Return the top left corner of a month, 1 to 12."""
        width, height = self.cell
        x = ((month - 1) % self.across) * (7 * width + px(COLUMN_GAP))
        y = ((month - 1) // self.across) * (self.head + 6 * height + px(LINE_GAP))
        return QPointF(x, y)

    def day_rect(self, day: date) -> QRectF:
        """Return where a day lies."""
        origin = self.month_origin(day.month)
        width, height = self.cell
        week = (day.day - 1 + column(day.replace(day=1))) // 7
        return QRectF(origin.x() + column(day) * width, origin.y() + self.head + week * height, width, height)

    def day_at(self, point: QPointF) -> date | None:
        """Return the day under a point, or None."""
        width, height = self.cell
        for month in range(1, 13):
            origin = self.month_origin(month)
            x, y = point.x() - origin.x(), point.y() - origin.y() - self.head
            if 0 <= x < 7 * width and 0 <= y < 6 * height:
                days = month_days(self.year, month)
                number = int(y // height) * 7 + int(x // width) - column(days[0]) + 1
                return days[number - 1] if 1 <= number <= len(days) else None
        return None
