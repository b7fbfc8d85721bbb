"""Asks what was attested to CMS: which activities, on which day, by whom, through what, with which receipt."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from mips_desk.domain.attested import AttestationRecord
from mips_desk.errors import BadInputError
from mips_desk.services import attesting
from mips_desk.services.changes import Changes
from mips_desk.services.overview import YearView
from mips_desk.services.papers import papers
from mips_desk.ui.desk import Desk
from mips_desk.ui.people.dialog import PeopleDialog
from mips_desk.ui.theme import SPACE_M, SPACE_S, SPACE_XS, TextRole, px
from mips_desk.ui.widgets.buttons import primary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.choice_box import ChoiceBox, refill
from mips_desk.ui.widgets.date_field import DateField
from mips_desk.ui.widgets.text import label
from mips_desk.ui.words import full_day, shortened


class RecordDialog(PeopleDialog):
    """Records an attestation, or corrects a record by a new one in its place.

    Args:
        desk: the open practice.
        view: the year.
        before: the record to correct; None: a new one.
        ticked: identifiers of activities to tick at first in a new one.
        parent: the page.
    """

    def __init__(
        self,
        desk: Desk,
        view: YearView,
        parent: QWidget,
        *,
        before: AttestationRecord | None = None,
        ticked: Sequence[str] = (),
    ) -> None:
        title = "Correct the record" if before else f"Record what was attested for {view.year}"
        told = (
            "The record stays as it is; a new one takes its place, and both can be seen."
            if before
            else "As it was reported to CMS, also where it differs from what is planned or proven. A record is never"
            " changed, only corrected."
        )
        super().__init__(desk, "attested_dialog", title, told, parent)
        self._view, self._before = view, before
        self._boxes: dict[str, QCheckBox] = {}
        self._add_activities(before.activities if before else tuple(ticked))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        self._on = DateField(view.year + 1)
        self._on.setObjectName("attested_day")
        self._on.set_date(before.on if before else None, view.year + 1)
        self._by = self._line("attested_by", before.by if before else desk.session.person)
        self._through = self._line("attested_through", before.through if before else "")
        self._through.setPlaceholderText("QPP portal, or the registry’s name")
        self._reference = self._line("attested_reference", before.reference if before else "")
        self._reference.setPlaceholderText("None")
        for place, (name, editor) in enumerate(
            (
                ("Day", self._on),
                ("By", self._by),
                ("Through", self._through),
                ("Number of the confirmation", self._reference),
            )
        ):
            grid.addWidget(field(name, editor), place // 2, place % 2)
        self.body.addLayout(grid)
        self._receipt = ChoiceBox()
        self._receipt.setObjectName("attested_receipt")
        kept = papers(view).papers
        entries: list[tuple[str, object]] = [("No receipt", "")]
        entries += [(f"{each.number}  ·  {each.item.caption or 'no caption'}", each.item.id) for each in kept]
        refill(self._receipt, entries, before.receipt_id if before else "")
        told = "" if kept else f"Keep it among the practice papers of {view.year} first, then it can be chosen here."
        self.body.addWidget(field("Receipt", self._receipt, told))
        self._note = QPlainTextEdit()
        self._note.setObjectName("attested_note")
        self._note.setTabChangesFocus(True)
        self._note.setFixedHeight(px(58))
        self.body.addWidget(field("Why it is corrected" if before else "Note", self._note))
        self.body.addStretch(1)
        save = primary_button("Correct the record" if before else "Record it", on_click=self._save)
        save.setObjectName("attested_done")
        save.setDefault(True)
        self.put_buttons(save)
        self.setMinimumWidth(px(560))

    def _line(self, name: str, text: str) -> QLineEdit:
        made = QLineEdit(text)
        made.setObjectName(name)
        made.setMaxLength(200)
        made.setCursorPosition(0)
        return made

    def _add_activities(self, ticked: Sequence[str]) -> None:
        parts = {part.activity.id: part for part in self._view.selections}
        column = QVBoxLayout()
        column.setSpacing(SPACE_XS)
        column.addWidget(label("What was attested", TextRole.SECONDARY))
        for activity_id in dict.fromkeys((*parts, *ticked)):
            part = parts.get(activity_id)
            state = "not chosen" if part is None else "proven" if part.readiness.complete else "proof not complete"
            title = f"  ·  {shortened(part.activity.title, 46)}" if part else ""
            box = QCheckBox(f"{activity_id}{title}  ({state})".replace("&", "&&"))
            box.setObjectName(f"attested_{activity_id}")
            box.setChecked(activity_id in ticked)
            box.toggled.connect(lambda _on: self._say(""))
            self._boxes[activity_id] = box
            column.addWidget(box)
        self.body.addLayout(column)
        self._others = self._line("attested_others", "")
        self._others.setPlaceholderText("None, or for example IA_PM_16, IA_EPA_2")
        self.body.addWidget(field("Other activities that were attested", self._others))

    def _save(self) -> None:
        self._on.editingFinished.emit()
        others = [each for each in self._others.text().upper().replace(",", " ").replace(";", " ").split() if each]
        chosen = [key for key, box in self._boxes.items() if box.isChecked()]
        day, before = self._on.day, self._before
        if not self.check(self._refuse_day):
            return
        assert day is not None
        session, year = self.desk.session, self._view.year
        act = partial(
            attesting.record,
            session,
            year,
            (*chosen, *others),
            day,
            by=self._by.text(),
            through=self._through.text(),
            reference=self._reference.text(),
            receipt_id=str(self._receipt.currentData() or ""),
            note=self._note.toPlainText(),
            replaces=(before.id,) if before else (),
        )

        def record(_: object) -> Changes:
            return act()

        self.run(record)

    def _refuse_day(self) -> None:
        if self._on.wrong or self._on.day is None:
            raise BadInputError(f"Enter the day, for example {full_day(self._view.today)}. Nothing was recorded.")
