"""A date that can be empty: typed in the usual ways, or picked from a calendar."""

import re
from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget, QWidgetAction

from mips_desk.ui.icons import icon
from mips_desk.ui.widgets.keyboard import has_keyboard
from mips_desk.ui.widgets.month_calendar import month_calendar

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
_AMERICAN = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?$")
_WORDS = re.compile(r"([A-Za-z]{3,9})\.? +(\d{1,2})(?:,? +(\d{4}))?$")


def read_date(text: str, year: int) -> date | None:
    """Return the date that a text says, or None when it says none.

    Args:
        text: "6/11/2024", "6/11/24", "6/11", "2024-06-11", "Jun 11, 2024", "June 11".
        year: assumed when the text has no year.
    """
    text = text.strip()
    try:
        if found := _ISO.match(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _AMERICAN.match(text):
            given = int(found[3] or year)
            return date(given + 2000 if given < 100 else given, int(found[1]), int(found[2]))
        if (found := _WORDS.match(text)) and found[1][:3].lower() in _MONTHS:
            return date(int(found[3] or year), _MONTHS.index(found[1][:3].lower()) + 1, int(found[2]))
    except ValueError:  # a day or month that does not exist
        return None
    return None


class DateField(QLineEdit):
    """A line for a date.

    Signals:
        date_changed(object): another date (or None) was entered by the person.
    """

    date_changed = Signal(object)

    def __init__(self, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._year = year
        self._day: date | None = None
        self.setPlaceholderText("MM/DD/YYYY")
        pick = self.addAction(icon("calendar", "ink3"), QLineEdit.ActionPosition.TrailingPosition)
        pick.setText("Pick a date")
        pick.setToolTip("Pick a date (Alt+Down)")
        pick.triggered.connect(self._pick)
        self._pick_action = pick
        self.editingFinished.connect(self._take)
        self.textEdited.connect(lambda _text: self._mark(wrong=False))

    @property
    def day(self) -> date | None:
        """The date, or None when the field is empty or says none."""
        return self._day

    @property
    def wrong(self) -> bool:
        """What is typed is no date."""
        return bool(self.text().strip()) and read_date(self.text(), self._year) is None

    def set_date(self, day: date | None, year: int) -> None:
        """Show a date; what the person is typing is not disturbed.

        Args:
            day: the date, or None.
            year: assumed for dates typed without a year.
        """
        self._year = year
        if has_keyboard(self) and self.isModified():
            return
        self._day = day
        self.setText(f"{day:%m/%d/%Y}" if day else "")
        self._mark(wrong=False)

    def setReadOnly(self, read_only: bool) -> None:  # noqa: N802 - Qt's name
        """Take the calendar away too."""
        super().setReadOnly(read_only)
        self._pick_action.setVisible(not read_only)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Down opens the calendar."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._pick()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say what is wrong only when the person goes on."""
        super().focusOutEvent(event)
        self._mark(wrong=self.wrong)

    def _take(self) -> None:
        if self.isReadOnly() or not self.isModified():
            return
        self._mark(wrong=self.wrong)
        if self.wrong:
            return
        day = read_date(self.text(), self._year)
        self.setModified(False)
        self.setText(f"{day:%m/%d/%Y}" if day else "")
        if day != self._day:
            self._day = day
            self.date_changed.emit(day)

    def _mark(self, *, wrong: bool) -> None:
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setToolTip("Write the date as 06/11/2024." if wrong else "")

    def _pick(self) -> None:
        if self.isReadOnly():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = month_calendar(menu)
        shown = self._day or date(self._year, 1, 1)
        calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)

        def chosen(day: QDate) -> None:
            menu.close()
            self.setText(f"{date(day.year(), day.month(), day.day()):%m/%d/%Y}")
            self.setModified(True)
            self._take()

        calendar.activated.connect(chosen)
        calendar.clicked.connect(chosen)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        calendar.setFocus()
