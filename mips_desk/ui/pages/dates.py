"""Dates of use: when the activity was done, and the period that is claimed for it."""

from collections import Counter
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mips_desk.domain.deadlines import window_days
from mips_desk.domain.period import Period
from mips_desk.services import choose, uses
from mips_desk.services.changes import Changes
from mips_desk.services.drafts import Draft, DraftKind
from mips_desk.services.overview import SelectionView
from mips_desk.ui import words
from mips_desk.ui.actions import make_action
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.drafts import keep_dialog
from mips_desk.ui.pages.dates_cards import CliniciansCard, EntriesCard, PeriodCard
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.pages.period_dialog import PeriodDialog
from mips_desk.ui.pages.room_page import RoomPage
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import SPACE_L, SPACE_M, TextRole, px
from mips_desk.ui.widgets.buttons import action_button, primary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.choice_box import ChoiceBox, number_box
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.text import label
from mips_desk.ui.widgets.year_calendar import YearCalendar

#: Width of the cards at the right, and below which width of the page they go under the calendar (at 100 %).
SIDE, NARROW_BELOW = 304, 860


class DatesPage(RoomPage):
    """The fourth room."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Dates of use")
        self.setObjectName("dates_page")
        self._current = ""
        self._picker = ChoiceBox()
        self._picker.setObjectName("selection_picker")
        self._picker.setAccessibleName("Activity")
        self._picker.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._picker.setMinimumContentsLength(34)
        # It gives way where there is no room for so many letters.
        self._picker.setMinimumWidth(px(120))
        self._picker.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._picker.activated.connect(self._picked)
        self._used = make_action(
            self, "Used &today", self._log_today, keys="Ctrl+T", icon_name="plus", tip="Log today as a date of use"
        )
        self._today_button = action_button(self._used, "primary")
        self._today_button.setObjectName("used_today")
        self.header.add_buttons(self._picker, self._today_button)
        self._empty = EmptyState(
            "calendar-days",
            "No activity is chosen yet",
            "Here you log on which days an activity was done. Choose an activity first.",
            self._choose_button(),
        )
        self.body.addWidget(self._empty, 1)
        self._work = QWidget()
        self._panes = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._work)
        self._panes.setContentsMargins(0, 0, 0, 0)
        self._panes.setSpacing(SPACE_L)
        self._panes.addWidget(self._build_calendar(), 1)
        self._panes.addWidget(self._build_side())
        self.body.addWidget(self._work, 1)

    # ------------------------------------------------------------------ building

    def _choose_button(self) -> QPushButton:
        made = primary_button("Choose an activity", "plus", lambda: self.desk.open_room(Room.CHOOSE))
        made.setObjectName("choose_first")
        return made

    def _build_calendar(self) -> Card:
        card = Card(margin=SPACE_M)
        card.body.setSpacing(SPACE_M)
        self.calendar = YearCalendar(self.view.year)
        self.calendar.setObjectName("calendar")
        # It takes the height that is there, not the one it would like, so that the page does not scroll for it.
        self.calendar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.calendar.day_clicked.connect(self._day_clicked)
        self.calendar.range_selected.connect(self._range_selected)
        card.body.addWidget(self.calendar, 1)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(label("Log for", TextRole.SECONDARY))
        self._who = ChoiceBox()
        self._who.setObjectName("log_clinician")
        self._who.setAccessibleName("Clinician of the next dates")
        self._who.setMinimumWidth(px(150))
        row.addWidget(self._who, 1)
        row.addWidget(label("Times a day", TextRole.SECONDARY))
        self._count = number_box("Times a day of the next dates", "log_count", 1, 9999)
        self._count.setFixedWidth(px(86))
        row.addWidget(self._count)
        self._note = QLineEdit()
        self._note.setObjectName("log_note")
        self._note.setAccessibleName("Note of the next dates")
        self._note.setPlaceholderText("Note, without patient names")
        self._note.setMaxLength(200)
        row.addWidget(self._note, 2)
        self._typing = self.desk.drafts.watch(DraftKind.USES, lambda: "", {"note": self._note}, self)
        card.body.addLayout(row)
        return card

    def _build_side(self) -> QScrollArea:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_L)
        self._period = PeriodCard()
        self._period.change_requested.connect(self._ask_period)
        self._period.best_requested.connect(self._claim_best)
        self._clinicians = CliniciansCard()
        self._entries = EntriesCard()
        self._entries.delete_requested.connect(self._delete)
        column.addWidget(self._period)
        column.addWidget(self._clinicians)
        column.addWidget(self._entries, 1)
        # Scrolls by itself, so that the twelve months stay in sight.
        self._side = scroll_area(column)
        self._side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return self._side

    def commands(self) -> list[QAction]:
        """Used today."""
        return [self._used]

    # ------------------------------------------------------------------ showing

    def refresh(self) -> None:
        """Show the selection."""
        view = self.view
        part = self.selection(self._current)
        self._empty.setVisible(part is None)
        self._work.setVisible(part is not None)
        self._picker.setVisible(part is not None)
        self._today_button.setVisible(part is not None)
        self._used.setEnabled(self._can_log_today(part))
        if part is None:
            self.header.set("Dates of use", f"Performance year {view.year}")
            return
        self._current = part.id
        self._fill_picker()
        self.header.set("Dates of use", part.activity.title)
        counts: Counter[date] = Counter()
        for use in part.uses:
            counts[use.day] += use.count
        self.calendar.set_year(view.year)
        self.calendar.set_period(part.selection.period)
        self.calendar.set_uses(counts)
        self.calendar.set_today(view.today if view.today.year == view.year else None)
        self.calendar.clear_selection()
        self._fill_who()
        read_only = self.desk.fixed
        for widget in (self._who, self._count, self._note):
            widget.setEnabled(not read_only)
        self._period.show_part(part, view, read_only=read_only)
        self._clinicians.show_part(part, view)
        self._entries.show_part(part, view, read_only=read_only)
        self._typing.bring_back()

    def place(self) -> Target:
        """The activity."""
        return Target(self._current)

    def resume(self, draft: Draft) -> None:
        """Ask for the period again."""
        if draft.kind is DraftKind.PERIOD and draft.record == self._current:
            self._ask_period()

    def open_link(self, target: Target) -> None:
        """Show the selection that a link points at."""
        if self.view.selection(target.selection_id) is not None:
            self._current = target.selection_id
            self.refresh()

    def arrange(self, width: int) -> None:
        """Put the cards under the calendar where there is no room beside it."""
        narrow = width < px(NARROW_BELOW)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._panes.setDirection(direction)
        if narrow:
            content = self._side.widget()
            self._side.setMinimumSize(0, content.sizeHint().height() if content is not None else 0)
            self._side.setMaximumWidth(16_777_215)
        else:
            # With room for the scroll bar, which would lie over the cards' edges otherwise.
            self._side.setMinimumHeight(0)
            self._side.setFixedWidth(px(SIDE) + 14)

    def _can_log_today(self, part: SelectionView | None) -> bool:
        return part is not None and self.desk.today().year == self.view.year and not self.desk.fixed

    def _fill_picker(self) -> None:
        self._picker.blockSignals(True)
        self._picker.clear()
        for part in self.view.selections:
            self._picker.addItem(words.shortened(f"{part.activity.id}   {part.activity.title}", 40), part.id)
        self._picker.setCurrentIndex(self._picker.findData(self._current))
        self._picker.blockSignals(False)

    def _fill_who(self) -> None:
        before = self._who.currentData()
        self._who.clear()
        self._who.addItem("Whole practice", "")
        for clinician in self.view.clinicians:
            self._who.addItem(clinician.shown_name, clinician.id)
        self._who.setCurrentIndex(max(0, self._who.findData(before)))

    def _picked(self, place: int) -> None:
        self._current = str(self._picker.itemData(place))
        self.refresh()

    # ------------------------------------------------------------------ commands

    def _log_today(self) -> None:
        self._log([self.desk.today()])

    def _day_clicked(self, day: date) -> None:
        part = self.view.selection(self._current)
        if part is not None and any(use.day == day for use in part.uses):
            self._entries.select_day(day)
        else:
            self._log([day])

    def _range_selected(self, period: Period) -> None:
        part = self.view.selection(self._current)
        logged = {use.day for use in part.uses} if part else set()
        days = [period.start + timedelta(days=step) for step in range(period.days)]
        self._log([day for day in days if day not in logged])

    def _log(self, days: list[date]) -> None:
        if self.desk.fixed or not self._current or not days:
            self.calendar.clear_selection()
            return
        session, selection = self.desk.session, self._current
        who, count, note = str(self._who.currentData() or ""), self._count.value(), self._note.text()

        def tell(changes: Changes) -> None:
            # The note stays for the next dates, but now it stands in these.
            self._note.setModified(False)
            self.desk.drafts.discard(DraftKind.USES)
            if len(changes.ids) > 1:
                self.desk.messages.info(f"{len(changes.ids)} dates logged.", "Undo", self.desk.undo.undo)

        self.change(partial(uses.log, session, selection, days, count=count, note=note, clinician_id=who), tell)

    def _delete(self, ids: tuple[str, ...]) -> None:
        def tell(_changes: Changes) -> None:
            text = f"{words.count(len(ids), 'date')} of use deleted."
            self.desk.messages.info(text, "Undo", self.desk.undo.undo)

        self.change(partial(uses.remove, self.desk.session, ids), tell)

    def _claim_best(self) -> None:
        self.change(partial(uses.claim_best_window, self.desk.session, self._current))

    def _ask_period(self) -> None:
        part = self.view.selection(self._current)
        if part is None:
            return
        needed = window_days(self.view.rules.period_for(part.activity.id), self.view.year)
        dialog = PeriodDialog(self.view.year, needed, part.selection.period, self)
        dialog.finished.connect(lambda result: self._set_period(part, dialog.period) if result else None)
        keep_dialog(self.desk.drafts, DraftKind.PERIOD, part.id, dialog.fields, dialog)
        dialog.open()

    def _set_period(self, part: SelectionView, period: Period | None) -> None:
        if period != part.selection.period:
            self.change(partial(choose.set_period, self.desk.session, part.id, period))
