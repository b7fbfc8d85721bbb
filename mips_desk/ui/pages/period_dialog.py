"""Claim a performance period: first day, last day, and at once what they mean."""

from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QDateEdit, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.domain.period import Period
from mips_desk.ui import words
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, px
from mips_desk.ui.widgets.buttons import danger_button, link_button, primary_button, secondary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.choice_box import day_box, day_of
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import page_title, secondary


class PeriodDialog(QDialog):
    """Asks for a period.

    Args:
        year: performance year.
        needed: days in a row that are needed; None when no number is asked for.
        before: what is claimed now, or None.
    """

    def __init__(self, year: int, needed: int | None, before: Period | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("period_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Performance period")
        self._year, self._needed = year, needed
        self._cleared = False
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L + 4, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(page_title("Performance period"))
        asked = f"{needed} days in a row inside {year} are needed." if needed else f"When it was done in {year}."
        column.addWidget(secondary(f"{asked} First and last day both count."))
        start = before.start if before else date(year, 1, 1)
        end = before.end if before else start + timedelta(days=(needed or 90) - 1)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        self._first = self._edit("First day", "first_day", start)
        self._last = self._edit("Last day", "last_day", end)
        row.addWidget(field("First day", self._first))
        row.addWidget(field("Last day", self._last))
        column.addLayout(row)
        if needed:
            self._fit = link_button(f"Make it {needed} days from the first day", self._fit_last)
            self._fit.setObjectName("fit_period")
            line = QHBoxLayout()
            line.addWidget(self._fit)
            line.addStretch(1)
            column.addLayout(line)
        self._told = Note("", Tone.NEUTRAL)
        self._told.setObjectName("period_told")
        column.addWidget(self._told)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S + 2)
        if before is not None:
            clear = danger_button("Take the claim back", on_click=self._clear)
            clear.setObjectName("clear_period")
            buttons.addWidget(clear)
        buttons.addStretch(1)
        buttons.addWidget(secondary_button("Cancel", on_click=self.reject))
        self._claim = primary_button("Claim this period", on_click=self.accept)
        self._claim.setObjectName("claim_period")
        self._claim.setDefault(True)
        buttons.addWidget(self._claim)
        column.addLayout(buttons)
        self._judge()
        self.setMinimumWidth(px(460))

    @property
    def fields(self) -> Mapping[str, QDateEdit]:
        """What is entered."""
        return {"first": self._first, "last": self._last}

    @property
    def period(self) -> Period | None:
        """What was chosen; None: the claim is taken back."""
        if self._cleared:
            return None
        first, last = day_of(self._first), day_of(self._last)
        return Period(first, last) if first <= last else None

    def _edit(self, name: str, key: str, day: date) -> QDateEdit:
        made = day_box(name, key, day)
        made.setDateRange(QDate(self._year, 1, 1), QDate(self._year, 12, 31))
        made.dateChanged.connect(lambda _day: self._judge())
        return made

    def _fit_last(self) -> None:
        last = min(day_of(self._first) + timedelta(days=(self._needed or 1) - 1), date(self._year, 12, 31))
        self._last.setDate(QDate(last.year, last.month, last.day))

    def _clear(self) -> None:
        self._cleared = True
        self.accept()

    def _judge(self) -> None:
        if not hasattr(self, "_claim"):
            return
        first, last = day_of(self._first), day_of(self._last)
        self._claim.setEnabled(first <= last)
        if first > last:
            self._told.set("The last day is before the first one.", Tone.BAD)
            return
        days = Period(first, last).days
        if self._needed and days < self._needed:
            self._told.set(f"{words.count(days, 'day')} in a row; {self._needed} are needed.", Tone.WARN)
        else:
            self._told.set(f"{words.count(days, 'day')} in a row, all inside {self._year}.", Tone.OK)
