"""The part of the Binder room with what was attested to CMS, and how that differs from what is planned and proven."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from mips_desk.domain.attested import AttestationRecord, Difference, DifferenceKind
from mips_desk.domain.evidence import exhibit_number
from mips_desk.domain.papers import PAPERS
from mips_desk.services import attesting
from mips_desk.services.attesting import AttestedYear
from mips_desk.ui.actions import make_action
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, TextRole, px
from mips_desk.ui.widgets.buttons import action_button, link_button, primary_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.line_button import LineButton
from mips_desk.ui.widgets.text import card_title, label, rule
from mips_desk.ui.words import count, full_day

from .attested_dialog import RecordDialog
from .binder_part import BinderPart, Outside
from .submission_dialog import SubmissionDialog

#: Width of the differences in logical pixels at 100 %, and of the part below which they stand below the records.
_SIDE, _SPREAD_FROM = 400, 860


class AttestedPart(BinderPart):
    """The records and the differences.

    Args:
        desk: the open practice.
        outside: the system's dialogs and programs.
        parent: where it will stand.
    """

    def __init__(self, desk: Desk, outside: Outside, parent: QWidget | None = None) -> None:
        super().__init__(desk, outside, parent)
        self.setObjectName("binder_attested")
        self._told: AttestedYear | None = None
        self._record = make_action(self, "&Record attestation…", self.record, icon_name="badge-check")
        self._submit = make_action(self, "&Write submission file…", self._write_submission, icon_name="file-text")
        self._submit.setToolTip("Write what can be attested as a file for CMS; nothing is sent")
        submit, record = action_button(self._submit), action_button(self._record, "primary")
        submit.setObjectName("write_submission")
        record.setObjectName("record_attested")
        self.buttons = (submit, record)
        self._records, self._lines = _column(), _column()
        records, side = Card(margin=2), Card(margin=2)
        for card, column in ((records, self._records), (side, self._lines)):
            area = scroll_area(column)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            card.body.addWidget(area)
        self._side, self._list = side, records
        self._panes = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._panes)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE_L)
        self._row.addWidget(records, 1)
        self._row.addWidget(side)
        self._first = primary_button("Record what was attested…", "badge-check", self.record)
        self._first.setObjectName("record_first")
        empty = EmptyState(
            "badge-check",
            "Nothing is recorded yet",
            "Years later nobody knows what was claimed. When the practice has reported to CMS, write down what, when,"
            " by whom and through which portal, and keep the receipt.",
            self._first,
        )
        self._room = QStackedWidget()
        self._room.addWidget(empty)
        self._room.addWidget(self._panes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._room)

    def commands(self) -> Sequence[QAction]:
        """Record and write."""
        return (self._submit, self._record)

    def refresh(self) -> None:
        """Show the records of the year."""
        view = self.view
        self._told = told = attesting.attested(view)
        any_record = bool(told.in_force or told.replaced)
        self._record.setEnabled(not self.desk.fixed)
        self._record.setVisible(any_record)
        self._first.setEnabled(not self.desk.fixed)
        self._submit.setEnabled(bool(view.selections))
        self._room.setCurrentIndex(1 if any_record else 0)
        if not any_record:
            self.told.emit(f"Attested {view.year}", "What was reported to CMS, and how it differs from the proof.")
            return
        differ = count(len(told.differences), "difference") if told.differences else "no difference"
        self.told.emit(
            f"Attested {view.year}",
            f"{count(len(told.days), 'activity', 'activities')} attested, {differ} to what is planned and proven.",
        )
        self._show_records(told)
        self._show_lines(told)

    def open_link(self, target: Target) -> None:
        """Put the keyboard on the line of an activity."""
        part = self.view.selection(target.selection_id)
        line = self.findChild(LineButton, f"attested_line_{part.activity.id}") if part is not None else None
        if line is not None and self._room.currentIndex() == 1:
            line.setFocus(Qt.FocusReason.OtherFocusReason)

    def arrange(self, width: int) -> None:
        """Put the differences beside the records, or below them where there is no room."""
        narrow = width < px(_SPREAD_FROM)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._side.setMinimumWidth(0 if narrow else px(_SIDE))
        self._side.setMaximumWidth(16_777_215 if narrow else px(_SIDE))
        for card in (self._side, self._list):
            card.setMinimumHeight(px(260) if narrow else 0)

    def record(self, activity_id: str = "") -> None:
        """Ask what was attested.

        Args:
            activity_id: the activity that is ticked at first; empty: all whose proof is complete.
        """
        proven = [part.activity.id for part in self.view.selections if part.readiness.complete]
        ticked = [activity_id] if activity_id else [] if self.view.attestations else proven
        RecordDialog(self.desk, self.view, self, ticked=ticked).open()

    def _correct(self, record: AttestationRecord) -> None:
        RecordDialog(self.desk, self.view, self, before=record).open()

    def _write_submission(self) -> None:
        SubmissionDialog(self.desk, self.view, self.outside, self).open()

    # ------------------------------------------------------------------ records

    def _show_records(self, told: AttestedYear) -> None:
        _clear(self._records)
        self._records.addWidget(card_title("What was attested"))
        for place, record in enumerate(told.in_force):
            if place:
                self._records.addWidget(rule())
            self._records.addWidget(self._record_widget(record, None))
        if not told.in_force:
            self._records.addWidget(label("Nothing is in force.", TextRole.SECONDARY))
        if told.replaced:
            self._records.addSpacing(SPACE_M)
            self._records.addWidget(card_title("Replaced by a correction"))
        by_replaced = {old: each for each in self.view.attestations for old in each.replaces}
        for place, record in enumerate(told.replaced):
            if place:
                self._records.addWidget(rule())
            self._records.addWidget(self._record_widget(record, by_replaced.get(record.id)))
        self._records.addStretch(1)

    def _record_widget(self, record: AttestationRecord, successor: AttestationRecord | None) -> QWidget:
        made = QWidget()
        made.setObjectName(f"record_{record.id}")
        column = QVBoxLayout(made)
        column.setContentsMargins(0, px(6), 0, px(6))
        column.setSpacing(px(3))
        head = QHBoxLayout()
        head.setSpacing(SPACE_M)
        what = ", ".join(record.activities) or "Nothing was attested"
        head.addWidget(label(what, TextRole.STRONG, wrap=True), 1)
        replaced = record not in (self._told.in_force if self._told else ())
        if replaced:
            head.addWidget(Chip("replaced", Tone.NEUTRAL), 0, Qt.AlignmentFlag.AlignTop)
        elif not self.desk.fixed:
            correct = secondary_button("Correct…", on_click=partial(self._correct, record))
            correct.setObjectName("correct_record")
            correct.setAccessibleName(f"Correct the record of {full_day(record.on)}")
            head.addWidget(correct, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        for words in _facts(record):
            column.addWidget(label(words, TextRole.SECONDARY, wrap=True))
        if successor is not None:
            words = f"Corrected on {full_day(successor.recorded_at.date())}" if successor.recorded_at else "Corrected"
            column.addWidget(label(f"{words}: {successor.note}".rstrip(": "), TextRole.SECONDARY, wrap=True))
        receipt = next((item for item in self.view.papers if item.id == record.receipt_id), None)
        if receipt is not None:
            number = exhibit_number(self.view.year, PAPERS, receipt.number, receipt.letter)
            link = link_button(f"Receipt {number}", partial(self._open_receipt, receipt.id))
            link.setObjectName("open_receipt")
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        elif not replaced and record.activities:
            column.addWidget(label("No receipt is kept.", TextRole.SECONDARY, tone="warn"))
        return made

    def _open_receipt(self, evidence_id: str) -> None:
        if "papers" in self.others:
            self.part_wanted.emit("papers", Target(evidence_id=evidence_id))

    # ------------------------------------------------------------------ differences

    def _show_lines(self, told: AttestedYear) -> None:
        _clear(self._lines)
        self._lines.addWidget(card_title("Planned, proven, attested"))
        gauge = self.view.gauge
        numbers = f"Planned {gauge.planned}, proven {gauge.proven}, attested {gauge.attested} of {gauge.target}"
        self._lines.addWidget(label(numbers, TextRole.SECONDARY, wrap=True))
        by_activity: dict[str, list[Difference]] = {}
        for each in told.differences:
            by_activity.setdefault(each.activity_id, []).append(each)
        parts = {part.activity.id: part for part in self.view.selections}
        # What differs comes first, in the order of its gravity.
        for activity_id in dict.fromkeys((*by_activity, *told.days, *parts)):
            found = by_activity.get(activity_id, [])
            if found:
                line = LineButton(
                    "triangle-alert", "warn", activity_id, " ".join(each.sentence for each in found), strong=True
                )
                line.clicked.connect(partial(self._go_to, found[0]))
            else:
                day = full_day(told.days[activity_id])
                line = LineButton(
                    "circle-check", "ok", activity_id, f"Planned, proven, and attested on {day}.", strong=True
                )
                part = parts[activity_id]
                line.clicked.connect(lambda _on=False, key=part.id: self.desk.open_room(Room.EVIDENCE, key))
            line.setObjectName(f"attested_line_{activity_id}")
            self._lines.addWidget(line)
        self._lines.addStretch(1)

    def _go_to(self, difference: Difference, _checked: bool = False) -> None:
        """Go to where a difference can be settled."""
        part = self.view.chosen(difference.activity_id)
        match difference.kind:
            case DifferenceKind.NOT_CHOSEN:
                self.desk.room_requested.emit(Room.CHOOSE, Target(activity_id=difference.activity_id))
            case DifferenceKind.NOT_PROVEN if part is not None:
                self.desk.open_room(Room.EVIDENCE, part.id)
            case DifferenceKind.NOT_ATTESTED if not self.desk.fixed:
                self.record(difference.activity_id)
            case DifferenceKind.TWICE if not self.desk.fixed and self._told is not None:
                records = [each for each in self._told.in_force if difference.activity_id in each.activities]
                self._correct(records[-1])
            case _:
                self.desk.open_room(Room.HOME)


def _facts(record: AttestationRecord) -> list[str]:
    first = f"{full_day(record.on)}"
    if record.by:
        first += f" by {record.by}"
    if record.through:
        first += f" through {record.through}"
    found = [first]
    if record.reference:
        found.append(f"Confirmation {record.reference}")
    if record.note:
        found.append(record.note)
    if record.recorded_at is not None:
        found.append(f"Written down {full_day(record.recorded_at.date())} by {record.recorded_by}")
    return found


def _column() -> QVBoxLayout:
    made = QVBoxLayout()
    made.setContentsMargins(px(16), px(14), px(14), px(14))
    made.setSpacing(SPACE_S)
    return made


def _clear(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.setObjectName("")
            old.deleteLater()
