"""The journal: who did what and when, filtered, checked, and written to a file."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mips_desk.domain import phrases
from mips_desk.errors import MipsDeskError
from mips_desk.services import journaling
from mips_desk.services.changes import Changes
from mips_desk.services.journaling import ChainVerdict, Event, JournalFilter, JournalPage, JournalRow
from mips_desk.ui.jobs import Job, JobContext
from mips_desk.ui.messages import Question
from mips_desk.ui.save_file import ask_where_to_save
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, px
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.choice_box import ChoiceBox, refill
from mips_desk.ui.widgets.date_field import DateField
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.progress import ProgressStrip
from mips_desk.ui.widgets.search_field import SearchField
from mips_desk.ui.widgets.text import label, mono, secondary
from mips_desk.ui.widgets.two_line_list import Line, TwoLineList

from .desk import Desk

#: Entries fetched at once.
AT_ONCE = 100

#: Kinds of entries as one asks for them. Every event is in one of them.
GROUPS: dict[str, frozenset[Event]] = {
    "Who opened it and looked": frozenset({Event.LOGIN, Event.LOGIN_FAILED, Event.ORIGINAL_VIEWED}),
    "Evidence and marks": frozenset(
        {
            Event.EVIDENCE_ADDED,
            Event.EVIDENCE_CHANGED,
            Event.EVIDENCE_REMOVED,
            Event.EVIDENCE_RESTORED,
            Event.MARKS_CHANGED,
            Event.LOOKED_AT,
            Event.ORIGINALS_DESTROYED,
        }
    ),
    "Activities and dates of use": frozenset(
        {
            Event.ACTIVITY_ADDED,
            Event.ACTIVITY_REMOVED,
            Event.ACTIVITY_RESTORED,
            Event.SELECTION_CHANGED,
            Event.USES_ADDED,
            Event.USES_REMOVED,
            Event.USES_RESTORED,
        }
    ),
    "Attested, audits and drills": frozenset(
        {
            Event.ATTESTATION_RECORDED,
            Event.AUDIT_STARTED,
            Event.AUDIT_CHANGED,
            Event.AUDIT_CLOSED,
            Event.AUDIT_REOPENED,
            Event.REQUEST_ADDED,
            Event.REQUEST_CHANGED,
            Event.ANSWER_SENT,
            Event.DRILL_STARTED,
            Event.DRILL_ANSWERED,
        }
    ),
    "Practice, years and settings": frozenset(
        {
            Event.VAULT_CREATED,
            Event.PRACTICE_CHANGED,
            Event.CLINICIANS_CHANGED,
            Event.PROFILE_CHANGED,
            Event.OFFICIAL_LOADED,
            Event.SETTINGS_CHANGED,
            Event.YEAR_CLOSED,
            Event.YEAR_REOPENED,
        }
    ),
    "Exports and hand-overs": frozenset(
        {
            Event.BINDER_EXPORTED,
            Event.PACKAGE_WRITTEN,
            Event.SUBMISSION_WRITTEN,
            Event.JOURNAL_EXPORTED,
            Event.HANDOVER_WRITTEN,
            Event.HANDOVER_READ,
            Event.CONFLICT_SETTLED,
        }
    ),
    "People and keys": frozenset(
        {
            Event.PERSON_ADDED,
            Event.PERSON_CHANGED,
            Event.PERSON_REMOVED,
            Event.PASSPHRASE_CHANGED,
            Event.RECOVERY_SHEET_MADE,
            Event.RECOVERY_SHEET_TRIED,
            Event.RECOVERY_SHEET_USED,
            Event.COMPUTER_TRUSTED,
            Event.COMPUTER_FORGOTTEN,
            Event.KEYS_STRENGTHENED,
            Event.KEYS_CHANGED_OUTSIDE,
            Event.VAULT_REKEYED,
            Event.CERTIFICATE_MADE,
        }
    ),
    "Backups, checks and updates": frozenset(
        {
            Event.BACKUP_MADE,
            Event.VAULT_CHECKED,
            Event.VAULT_RESTORED,
            Event.VAULT_MOVED,
            Event.VAULT_UPDATED,
            Event.NOTES_UNREADABLE,
            Event.UNKNOWN,
        }
    ),
}

_HASH = re.compile(r"([0-9a-f]{32})([0-9a-f]{32})")

#: Asked before a table is written: it holds more than the words on the screen.
_TABLE = Question(
    "A table holds more than the PDF",
    "It has all that the entries recorded, also private notes and tax numbers. The PDF leaves these out. Neither is"
    " encrypted.",
    "Save as a table",
)

PickTarget = Callable[[QWidget, str], Path | None]


def pick_target(parent: QWidget, kind: str) -> Path | None:
    """Ask where to write; None when the person cancelled.

    Args:
        parent: over this window.
        kind: "pdf" or "csv".
    """
    shown = "PDF" if kind == "pdf" else "Table"
    return ask_where_to_save(parent, "Save the journal", f"Journal.{kind}", shown, f".{kind}")


class JournalWindow(QDialog):
    """The journal of the open practice.

    Args:
        desk: the open practice.
        pick: asks where to write; tests hand in their own.
    """

    def __init__(self, desk: Desk, pick: PickTarget = pick_target, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("journal_window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Journal")
        self._desk, self._pick = desk, pick
        self._wanted = JournalFilter()
        self._rows: dict[str, JournalRow] = {}
        self._reading: Job | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addLayout(self._filters())
        self._told = secondary("")
        self._told.setObjectName("journal_told")
        column.addWidget(self._told)
        row = QHBoxLayout()
        row.setSpacing(SPACE_L)
        self._list = TwoLineList("Journal entries, newest first", "journal_rows")
        self._list.lines.more_requested.connect(self._fetch)
        self._list.selectionModel().currentChanged.connect(lambda _new, _old: self._show_details())
        row.addWidget(self._list, 3)
        row.addWidget(self._detail_pane(), 2)
        column.addLayout(row, 1)
        self._verdict = Note("")
        self._verdict.setObjectName("journal_verdict")
        column.addWidget(self._verdict)
        column.addLayout(self._buttons())
        self.resize(px(980), px(640))
        session = desk.session
        desk.jobs.work(lambda _: journaling.people_named(session), initiator=self, on_success=self._name_people)
        self._read()

    # ------------------------------------------------------------------ building

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        self._text = SearchField("Words in an entry")
        self._text.setObjectName("journal_text")
        self._text.search_requested.connect(lambda text: self._narrow(text=text))
        row.addWidget(field("Search", self._text), 3)
        self._kind = self._box("journal_kind", "Everything", [(name, name) for name in GROUPS])
        self._kind.activated.connect(lambda _p: self._narrow(events=GROUPS.get(self._kind.currentData(), frozenset())))
        row.addWidget(field("Kind", self._kind), 2)
        self._person = self._box("journal_person", "Everybody", [])
        self._person.activated.connect(lambda _p: self._narrow(person=str(self._person.currentData())))
        row.addWidget(field("Person", self._person), 2)
        year = self._desk.view.year
        self._from, self._to = DateField(year), DateField(year)
        self._from.setObjectName("journal_from")
        self._to.setObjectName("journal_to")
        self._from.date_changed.connect(lambda day: self._narrow(from_day=day))
        self._to.date_changed.connect(lambda day: self._narrow(to_day=day))
        row.addWidget(field("From", self._from), 2)
        row.addWidget(field("To", self._to), 2)
        return row

    @staticmethod
    def _box(key: str, everything: str, entries: list[tuple[str, object]]) -> ChoiceBox:
        made = ChoiceBox()
        made.setObjectName(key)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(12)
        refill(made, [(everything, ""), *entries], "")
        return made

    def _detail_pane(self) -> QScrollArea:
        inside = QWidget()
        inside.setObjectName("scroll_body")
        self._details = QVBoxLayout(inside)
        self._details.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        self._details.setSpacing(SPACE_S)
        area = QScrollArea()
        area.setObjectName("journal_details")
        area.setAccessibleName("Details of the entry")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_S + 2)
        verify = secondary_button("Verify the chain", "shield-check", self._verify)
        verify.setObjectName("journal_verify")
        row.addWidget(verify)
        for kind, text in (("pdf", "Save as PDF…"), ("csv", "Save as a table…")):
            save = secondary_button(text, "download", partial(self._save, kind))
            save.setObjectName(f"journal_{kind}")
            row.addWidget(save)
        row.addWidget(ProgressStrip(self._desk.jobs), 1)
        row.addStretch(1)
        row.addWidget(secondary_button("Close", on_click=self.accept))
        return row

    # ------------------------------------------------------------------ reading

    def _name_people(self, names: tuple[str, ...]) -> None:
        with QSignalBlocker(self._person):
            refill(self._person, [("Everybody", ""), *((name, name) for name in names)], self._wanted.person)

    def _narrow(self, **change: object) -> None:
        wanted = replace(self._wanted, **change)  # type: ignore[arg-type]  # the callers give fields of the filter
        if wanted != self._wanted:
            self._wanted = wanted
            self._verdict.set("")
            self._read()

    def _read(self) -> None:
        self._rows = {}
        self._ask(0)

    def _fetch(self) -> None:
        if self._rows:
            self._ask(next(reversed(self._rows.values())).number)

    def _ask(self, after: int) -> None:
        if self._reading is not None:
            self._reading.cancel()
        session, wanted = self._desk.session, self._wanted

        def read(context: JobContext) -> JournalPage:
            return journaling.entries(session, wanted, after, AT_ONCE, context.check)

        def show(page: JournalPage) -> None:
            if wanted == self._wanted:
                self._show(page, first=not after)

        job = self._desk.jobs.work(read, initiator=self, on_success=show, on_failure=self._failed)
        self._reading = job if job.running else None

    def _show(self, page: JournalPage, *, first: bool) -> None:
        self._reading = None
        self._rows |= {str(row.number): row for row in page.rows}
        lines = [_line(row) for row in page.rows]
        if first:
            self._list.lines.set_lines(lines, more=page.more)
            if lines:
                self._list.setCurrentIndex(self._list.lines.index(0))
            else:
                self._show_details()
        else:
            self._list.lines.add_lines(lines, more=page.more)
        count = phrases.count(page.total, "entry", "entries") if page.total is not None else ""
        found = count or (f"{len(self._rows)} found{' so far' if page.more else ''}")
        self._told.setText(f"{self._wanted.in_words}: {found}. Nothing is ever taken out of the journal.")

    def _show_details(self) -> None:
        while (item := self._details.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        row = self._rows.get(self._list.current_key)
        if row is not None:
            for widget in _detail_widgets(row):
                self._details.addWidget(widget)
        self._details.addStretch(1)

    # ------------------------------------------------------------------ checking and saving

    def _verify(self) -> None:
        session = self._desk.session

        def verify(context: JobContext) -> ChainVerdict:
            return journaling.verify_chain(session, context.progress, context.check)

        def tell(verdict: ChainVerdict) -> None:
            self._verdict.set(verdict.sentence, Tone.OK if verdict.sound else Tone.BAD)

        self._desk.jobs.work(
            verify, title="Following the chain", initiator=self, on_success=tell, on_failure=self._failed
        )

    def _save(self, kind: str) -> None:
        if kind == "csv" and not self._desk.ask(_TABLE):
            return
        if (out := self._pick(self, kind)) is None:
            return
        session, wanted = self._desk.session, self._wanted

        def save(context: JobContext) -> Changes:
            if kind == "pdf":
                return journaling.write_pdf(session, wanted, out, progress=context.progress, check=context.check)
            return journaling.write_csv(session, wanted, out, context.progress, context.check)

        def saved(_: Changes) -> None:
            self._verdict.set(f"“{out.name}” is saved. It is an ordinary file now, not encrypted.", Tone.WARN)
            self._read()

        self._desk.jobs.write(
            save, title="Saving the journal", initiator=self, on_success=saved, on_failure=self._failed
        )

    def _failed(self, error: Exception) -> None:
        if isinstance(error, MipsDeskError):
            self._verdict.set(str(error), Tone.BAD)
        else:
            self._desk.messages.failure(error)


def _line(row: JournalRow) -> Line:
    at = f"{phrases.short_day(row.at.date())}, {row.at:%H:%M}"
    return Line(str(row.number), row.what, f"{row.person} · {row.event.in_words}", at)


def _detail_widgets(row: JournalRow) -> list[QLabel]:
    offset = f"{row.at:%z}"
    moment = f"{phrases.long_day(row.at.date())}, {row.at:%H:%M:%S} (UTC{offset[:3]}:{offset[3:5]})"
    made = [label(row.what, wrap=True), secondary(f"{row.event.in_words}, by {row.person}"), secondary(moment)]
    # A hash has no place to break at.
    made += [label(_HASH.sub(r"\1\n\2", text), wrap=True) for text in row.details]
    made.append(secondary(f"Entry {row.number:,}, sealed with"))
    made.append(mono(f"{row.sha256[:32]}\n{row.sha256[32:]}"))
    for each in made:
        each.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
