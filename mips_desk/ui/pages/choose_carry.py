"""Carry over: what becomes of the choices of an earlier year, and which of them to choose again."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.services import carry_over, choosing
from mips_desk.services.carry_over import Carried
from mips_desk.services.overview import YearView
from mips_desk.ui import words
from mips_desk.ui.desk import Desk
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, px
from mips_desk.ui.widgets.buttons import primary_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.choice_box import refill
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.text import hint, label, page_title, rule, secondary, strong


class CarryDialog(QDialog):
    """One line for each choice of the earlier year.

    Args:
        desk: the open practice.
        view: the year to choose for.

    Signals:
        carry_requested(tuple): identifiers of the activities to choose, as they are in the year of the view.
    """

    carry_requested = Signal(tuple)

    def __init__(self, desk: Desk, view: YearView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("carry_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Carry over")
        self._desk, self._view = desk, view
        self._boxes: list[tuple[QCheckBox, str]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L + 4, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        head = QHBoxLayout()
        head.setSpacing(SPACE_M)
        head.addWidget(page_title(f"Carry over to {view.year}"), 1)
        self._from = QComboBox()
        self._from.setObjectName("carry_from")
        self._from.setAccessibleName("Year to carry over from")
        self._from.activated.connect(lambda _place: self._ask())
        head.addWidget(self._from)
        column.addLayout(head)
        told = "Only the choices are carried over. Evidence and dates of use stay in their year."
        column.addWidget(label(told, wrap=True, tone="ink2"))
        card = Card(margin=SPACE_M)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, SPACE_S, 0)
        self._rows.setSpacing(SPACE_M)
        card.body.addWidget(scroll_area(self._rows))
        column.addWidget(card, 1)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_S + 2)
        foot.addStretch(1)
        foot.addWidget(secondary_button("Cancel", on_click=self.reject))
        self._carry = primary_button("Carry over", "check", self._carry_over)
        self._carry.setObjectName("carry_over_now")
        self._carry.setDefault(True)
        foot.addWidget(self._carry)
        column.addLayout(foot)
        self.resize(QSize(px(640), px(520)).boundedTo(parent.window().size() if parent else self.screen().size()))
        self._count()
        desk.jobs.work(
            lambda _: choosing.earlier_years(desk.session, view.year), initiator=self, on_success=self._show_years
        )

    def _show_years(self, years: tuple[int, ...]) -> None:
        refill(self._from, [(f"from {year}", year) for year in years], years[0] if years else None)
        self._from.setVisible(len(years) > 1)
        if years:
            self._ask()

    def _ask(self) -> None:
        session, from_year, to_year = self._desk.session, int(self._from.currentData()), self._view.year
        self._desk.jobs.work(
            lambda _: carry_over.proposal(session, from_year, to_year),
            initiator=self,
            on_success=partial(self._show, from_year),
        )

    def _show(self, from_year: int, found: tuple[Carried, ...]) -> None:
        if from_year != self._from.currentData():
            return
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._boxes = []
        for number, carried in enumerate(found):
            if number:
                self._rows.addWidget(rule())
            self._rows.addWidget(self._row(carried))
        if not found:
            self._rows.addWidget(EmptyState("list-checks", "Nothing to carry over", f"{from_year} holds no choice."))
        self._rows.addStretch(1)
        self._count()
        self._carry.setFocus()

    def _row(self, carried: Carried) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        new_id, old_id = carried.activity_id_to, carried.activity_id_from
        name = old_id if new_id in (None, old_id) else f"{old_id} → {new_id}"
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        box = QCheckBox(name)
        box.setObjectName(f"carry_{new_id or old_id}")
        box.setAccessibleName(f"{name}, {carried.title}")
        box.setAccessibleDescription(carried.sentence)
        box.setChecked(carried.selectable)
        box.setEnabled(carried.selectable)
        box.toggled.connect(lambda _on: self._count())
        if carried.selectable and new_id is not None:
            self._boxes.append((box, new_id))
        row.addWidget(box)
        row.addWidget(_chip(carried, self._view))
        row.addStretch(1)
        column.addLayout(row)
        below = QVBoxLayout()
        below.setContentsMargins(px(30), 0, 0, 0)
        below.setSpacing(2)
        below.addWidget(strong(carried.title) if carried.selectable else label(carried.title, wrap=True, tone="ink2"))
        below.addWidget(secondary(carried.sentence) if carried.selectable else hint(carried.sentence))
        column.addLayout(below)
        return made

    def _count(self) -> None:
        number = len(self._wanted())
        text = f"Carry over {words.count(number, 'activity', 'activities')}" if number else "Carry over"
        self._carry.setText(f" {text}")
        self._carry.setAccessibleName(text)
        self._carry.setEnabled(number > 0 and not self._desk.fixed)

    def _wanted(self) -> tuple[str, ...]:
        return tuple(activity_id for box, activity_id in self._boxes if box.isChecked())

    def _carry_over(self) -> None:
        wanted = self._wanted()
        self.accept()
        self.carry_requested.emit(wanted)


def _chip(carried: Carried, view: YearView) -> Chip:
    """Return what becomes of a choice, in a word."""
    new_id = carried.activity_id_to
    if new_id is None:
        return Chip("ended")
    if view.chosen(new_id) is not None:
        return Chip("chosen", Tone.OK, "check")
    if not carried.selectable:
        return Chip("limited", Tone.WARN, "triangle-alert")
    return Chip("renamed", Tone.ACCENT) if new_id != carried.activity_id_from else Chip("kept", Tone.OK)
