"""Where each day of a year lies on the calendar: months in lines, weeks from Sunday to Saturday."""

import calendar
from datetime import date
from functools import cache

from PySide6.QtCore import QPointF, QRectF

from mips_desk.ui.theme import px

#: Gaps between months side by side and between lines of months, in logical pixels at 100 %.
COLUMN_GAP, LINE_GAP = 18, 14
#: Height of a month's name and the initials of the weekdays, in logical pixels at 100 %.
HEAD = 37
#: Least and largest height of a day, and the largest width, in logical pixels at 100 %.
DAY_MIN, DAY_MAX, DAY_WIDEST = 15, 44, 58
#: Height of a day up to which the figures keep their size, and by how much they may grow.
DAY_USUAL, GROW_MAX = 26, 1.45


def column(day: date) -> int:
    """Return the column of a day in a week that starts on Sunday, 0 to 6."""
    return (day.weekday() + 1) % 7


@cache
def month_days(year: int, month: int) -> tuple[date, ...]:
    """Return the days of a month."""
    return tuple(date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1))


class YearGrid:
    """The places of the days of a year in an area, in the text size at the time it was made.

    Args:
        year: performance year.
        width: logical pixels.
        height: logical pixels; less than `least_height` is used as that.
    """

    def __init__(self, year: int, width: int, height: int) -> None:
        self.year = year
        #: Months side by side, as the width allows.
        self.across = 4 if width >= px(640) else 3 if width >= px(480) else 2
        lines = 12 // self.across
        head = px(HEAD)
        column_gap, line_gap = float(px(COLUMN_GAP)), float(px(LINE_GAP))
        #: Height below which the figures of this width would not be readable.
        self.least_height = lines * (head + 6 * px(DAY_MIN)) + (lines - 1) * px(LINE_GAP)
        #: Width and height of one day.
        self.day_width = min((width - column_gap * (self.across - 1)) / self.across / 7, px(DAY_WIDEST))
        usual = ((height - line_gap * (lines - 1)) / lines - head) / 6
        #: How much larger than usual the figures are, where there is plenty of room.
        self.grow = min(max(min(usual, self.day_width) / px(DAY_USUAL), 1.0), GROW_MAX)
        #: Height of a month's name and the initials of the weekdays.
        self.head = round(head * self.grow)
        self.day_height = ((height - line_gap * (lines - 1)) / lines - self.head) / 6
        self.day_height = min(max(self.day_height, px(DAY_MIN)), px(DAY_MAX))
        month_width, month_height = 7 * self.day_width, self.head + 6 * self.day_height
        # What is left over becomes larger gaps, up to a month's half, and the rest a margin around the year.
        spare = max(0.0, width - self.across * month_width - column_gap * (self.across - 1))
        column_gap += min(spare / self.across, month_width / 4)
        spare = max(0.0, height - lines * month_height - line_gap * (lines - 1))
        line_gap += min(spare / lines, month_height / 6)
        across, down = month_width + column_gap, month_height + line_gap
        left = max(0.0, width - self.across * across + column_gap) / 2
        top = max(0.0, height - lines * down + line_gap) / 2
        #: Top left corners of the months, January first.
        self.origins = [
            QPointF(left + month % self.across * across, top + month // self.across * down) for month in range(12)
        ]

    def day_rect(self, day: date) -> QRectF:
        """Return where a day lies."""
        origin = self.origins[day.month - 1]
        offset = column(month_days(day.year, day.month)[0])
        week, place = divmod(day.day - 1 + offset, 7)
        top = origin.y() + self.head + week * self.day_height
        return QRectF(origin.x() + place * self.day_width, top, self.day_width, self.day_height)

    def day_at(self, point: QPointF) -> date | None:
        """Return the day under a point, or None."""
        for month, origin in enumerate(self.origins, 1):
            x, y = point.x() - origin.x(), point.y() - origin.y() - self.head
            if 0 <= x < 7 * self.day_width and 0 <= y < 6 * self.day_height:
                days = month_days(self.year, month)
                number = int(y // self.day_height) * 7 + int(x // self.day_width) - column(days[0]) + 1
                return days[number - 1] if 1 <= number <= len(days) else None
        return None
