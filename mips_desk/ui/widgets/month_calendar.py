"""A month to pick a day from, for the pop-up of date fields, in the house's colors."""

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QToolButton, QWidget

from mips_desk.ui.icons import icon
from mips_desk.ui.theme import TextRole, color, font


def month_calendar(parent: QWidget | None = None) -> QCalendarWidget:
    """Return a calendar of one month: weeks from Sunday, weekends in quiet ink, no week numbers."""
    made = QCalendarWidget(parent)
    made.setAccessibleName("Calendar")
    made.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    made.setFirstDayOfWeek(Qt.DayOfWeek.Sunday)
    made.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    made.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
    weekend = QTextCharFormat()
    weekend.setForeground(color("ink"))
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        made.setWeekdayTextFormat(day, weekend)
    header = QTextCharFormat()
    header.setForeground(color("ink3"))
    header.setFont(font(TextRole.HINT, size=11))
    made.setHeaderTextFormat(header)
    for name, drawing, words in (
        ("qt_calendar_prevmonth", "chevron-left", "Month before"),
        ("qt_calendar_nextmonth", "chevron-right", "Month after"),
    ):
        button = made.findChild(QToolButton, name)
        if button is not None:
            button.setIcon(icon(drawing))
            button.setAccessibleName(words)
    return made
