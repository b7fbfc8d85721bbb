"""What is asked in audit mode: the notice, a request, that an answer was sent, and how the audit ended."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from mips_desk.domain.audit import DAYS_TO_ANSWER, MOST_DAYS, Audit
from mips_desk.domain.evidence import Export
from mips_desk.errors import BadInputError
from mips_desk.services import auditing
from mips_desk.services.auditing import AuditView, RequestView
from mips_desk.services.changes import Changes
from mips_desk.ui.desk import Desk
from mips_desk.ui.people.dialog import PeopleDialog
from mips_desk.ui.theme import SPACE_M, SPACE_S, SPACE_XS, TextRole, px
from mips_desk.ui.widgets.buttons import danger_button, primary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.choice_box import ChoiceBox, number_box, refill
from mips_desk.ui.widgets.date_field import DateField
from mips_desk.ui.widgets.text import label
from mips_desk.ui.words import full_day, shortened


class _AuditDialog(PeopleDialog):
    """Fields of the kinds that these dialogs have, and the button that does it."""

    def _line(self, key: str, text: str = "", hint: str = "") -> QLineEdit:
        made = QLineEdit(text)
        made.setObjectName(key)
        made.setMaxLength(300)
        made.setCursorPosition(0)
        made.setPlaceholderText(hint)
        return made

    def _words(self, key: str, text: str = "", height: int = 76) -> QPlainTextEdit:
        made = QPlainTextEdit(text)
        made.setObjectName(key)
        made.setTabChangesFocus(True)
        made.setFixedHeight(px(height))
        return made

    def _end(self, words: str, act: Callable[[], Callable[[], Changes] | None], *, grave: bool = False) -> None:
        """Put the button; `act` returns what to do, or None when something is missing and was said."""
        self.body.addStretch(1)

        def go() -> None:
            wanted = act()
            if wanted is not None:
                self.run(lambda _: wanted())

        done = (danger_button if grave else primary_button)(words, on_click=go)
        done.setObjectName(f"{self.objectName()}_done")
        done.setDefault(not grave)
        self.put_buttons(done)
        self.setMinimumWidth(px(560))

    def _day(self, box: DateField, what: str) -> bool:
        """Tell whether a day is entered; say it when not."""
        box.editingFinished.emit()

        def look() -> None:
            if box.wrong or box.day is None:
                raise BadInputError(f"Enter {what}, for example {full_day(self.desk.today())}. Nothing was changed.")

        return self.check(look)


class NoticeDialog(_AuditDialog):
    """The notice of an audit.

    Args:
        desk: the open practice.
        parent: the page.
        before: the audit to change; None: a new one.
    """

    def __init__(self, desk: Desk, parent: QWidget, before: Audit | None = None) -> None:
        super().__init__(
            desk,
            "notice",
            "Change the notice" if before else "Enter the notice of an audit",
            "The days to answer count from the date on the letter, not from the day on which it was opened.",
            parent,
        )
        self._before = before
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        self._letter = DateField(desk.today().year)
        self._letter.setObjectName("notice_day")
        self._letter.set_date(before.letter_on if before else None, desk.today().year)
        self._days = number_box("Days to answer", "notice_days", 1, MOST_DAYS)
        self._days.setValue(before.days if before else DAYS_TO_ANSWER)
        self._sender = self._line("notice_sender", before.sender if before else "", "CMS, or its contractor")
        self._reference = self._line("notice_reference", before.reference if before else "", "None")
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(field("Date on the letter", self._letter), 0, 0, top)
        grid.addWidget(field("Days to answer", self._days, "45 where nothing else was agreed."), 0, 1, top)
        grid.addWidget(field("Who wrote", self._sender), 1, 0)
        grid.addWidget(field("Case or letter number", self._reference), 1, 1)
        self.body.addLayout(grid)
        self._years: dict[int, QCheckBox] = {}
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        asked = before.years if before else (desk.view.year,)
        for year in sorted({*desk.view.years, *asked}, reverse=True):
            box = self._years[year] = QCheckBox(str(year))
            box.setObjectName(f"notice_year_{year}")
            box.setAccessibleName(f"Asks about {year}")
            box.setChecked(year in asked)
            row.addWidget(box)
        row.addStretch(1)
        self.body.addWidget(label("Performance years that the letter asks about", TextRole.SECONDARY))
        self.body.addLayout(row)
        self._note = self._words("notice_note", before.note if before else "", 58)
        self.body.addWidget(field("Note", self._note))
        self._end("Change the notice" if before else "Start the clock", self._wanted)

    def _wanted(self) -> Callable[[], Changes] | None:
        if not self._day(self._letter, "the date on the letter"):
            return None
        day = self._letter.day
        assert day is not None
        facts = {
            "letter_on": day,
            "sender": self._sender.text(),
            "years": [year for year, box in self._years.items() if box.isChecked()],
            "reference": self._reference.text(),
            "days": self._days.value(),
            "note": self._note.toPlainText(),
        }
        session = self.desk.session
        if self._before is None:
            return partial(auditing.start, session, **facts)  # type: ignore[arg-type]  # names of its own
        return partial(auditing.change, session, self._before.id, **facts)  # type: ignore[arg-type]  # names of its own


class RequestDialog(_AuditDialog):
    """A request of an audit.

    Args:
        desk: the open practice.
        parent: the page.
        audit: the audit.
        before: the request to change; None: a new one.
        chosen: identifiers and titles of the activities chosen in each year that the audit asks about.
    """

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        audit: AuditView,
        chosen: dict[int, Sequence[tuple[str, str]]],
        before: RequestView | None = None,
    ) -> None:
        super().__init__(
            desk,
            "request",
            f"Change request {before.request.number}" if before else "Add a request",
            "Write it as it stands in the letter. It is printed on the cover letter of the answer.",
            parent,
        )
        self._audit, self._before, self._chosen = audit, before, chosen
        old = before.request if before else None
        self._text = self._words("request_text", old.text if old else "")
        self.body.addWidget(field("What is asked for", self._text))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        self._year = ChoiceBox()
        self._year.setObjectName("request_year")
        years = sorted({*audit.audit.years, *((old.year,) if old else ())}, reverse=True)
        refill(self._year, [(str(year), year) for year in years], old.year if old else years[0])
        self._year.activated.connect(lambda _place: self._show_activities(()))
        self._due = DateField(audit.audit.due.year)
        self._due.setObjectName("request_due")
        self._due.set_date(old.due if old else None, audit.audit.due.year)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(field("Performance year", self._year), 0, 0, top)
        grid.addWidget(field("Last day, if another one", self._due, f"Else {full_day(audit.audit.due)}."), 0, 1, top)
        self.body.addLayout(grid)
        self._boxes: dict[str, QCheckBox] = {}
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE_XS)
        self.body.addWidget(label("Activities that it asks for; none means all of the year", TextRole.SECONDARY))
        self.body.addLayout(self._column)
        self._others = self._line("request_others", "", "None, or for example IA_PM_16, IA_EPA_2")
        self.body.addWidget(field("Other activities, not chosen by you", self._others))
        self._show_activities(old.activities if old else ())
        self._note = self._words("request_note", old.note if old else "", 50)
        self.body.addWidget(field("Note", self._note))
        self._end("Change it" if before else "Add it", self._wanted)

    def _show_activities(self, ticked: Sequence[str]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        known = dict(self._chosen.get(int(self._year.currentData()), ()))
        self._boxes = {}
        for activity_id, title in known.items():
            box = self._boxes[activity_id] = QCheckBox(f"{activity_id}  ·  {shortened(title, 54)}".replace("&", "&&"))
            box.setObjectName(f"request_{activity_id}")
            box.setChecked(activity_id in ticked)
            self._column.addWidget(box)
        self._others.setText(", ".join(each for each in ticked if each not in known))
        if self.isVisible():
            self._fit()

    def _wanted(self) -> Callable[[], Changes] | None:
        self._due.editingFinished.emit()
        if self._due.text().strip() and not self._day(self._due, "the last day"):
            return None
        others = self._others.text().upper().replace(",", " ").replace(";", " ").split()
        activities = [*(key for key, box in self._boxes.items() if box.isChecked()), *others]
        session, year, due = self.desk.session, int(self._year.currentData()), self._due.day
        text, note = self._text.toPlainText(), self._note.toPlainText()
        if self._before is None:
            return partial(
                auditing.add_request,
                session,
                self._audit.id,
                text=text,
                year=year,
                activities=activities,
                due=due,
                note=note,
            )
        return partial(
            auditing.change_request,
            session,
            self._before.id,
            text=text,
            year=year,
            activities=activities,
            due=due,
            no_due=due is None,
            note=note,
        )


class SentDialog(_AuditDialog):
    """That an answer was sent.

    Args:
        desk: the open practice.
        parent: the page.
        request: the request that it answers.
        exports: what can have been sent, the likeliest first.
    """

    def __init__(self, desk: Desk, parent: QWidget, request: RequestView, exports: Sequence[Export]) -> None:
        super().__init__(
            desk,
            "sent",
            f"Record what was sent for request {request.request.number}",
            "Send the file yourself, through the auditor’s portal or as the letter says. Then write down here what was"
            " sent and how. Such a record stays for ever.",
            parent,
        )
        self._request = request
        self._file = ChoiceBox()
        self._file.setObjectName("sent_file")
        entries: list[tuple[str, object]] = [(_export_words(each), each.id) for each in exports]
        entries.append(("Another file", ""))
        refill(self._file, entries, entries[0][1])
        self._file.activated.connect(lambda _place: self._judge())
        self.body.addWidget(field("What was sent", self._file))
        self._name = self._line("sent_name", "", "answer.pdf")
        self._name_field = field("Name of the file", self._name)
        self.body.addWidget(self._name_field)
        self._how = self._line("sent_how", "", "Upload to the auditor’s portal")
        self.body.addWidget(field("How it was sent", self._how))
        self._on = DateField(desk.today().year)
        self._on.setObjectName("sent_day")
        self._on.set_date(desk.today(), desk.today().year)
        self.body.addWidget(field("On", self._on))
        self._note = self._line("sent_note", "", "None")
        self.body.addWidget(field("Note", self._note))
        self._end("Record as sent", self._wanted)
        self._judge()

    def _judge(self) -> None:
        self._name_field.setVisible(not self._file.currentData())
        if self.isVisible():
            self._fit()

    def _wanted(self) -> Callable[[], Changes] | None:
        if not self._day(self._on, "the day"):
            return None
        day = self._on.day
        assert day is not None
        return partial(
            auditing.sent,
            self.desk.session,
            self._request.id,
            str(self._file.currentData() or ""),
            how=self._how.text(),
            on=day,
            file_name="" if self._file.currentData() else self._name.text(),
            note=self._note.text(),
        )


class CloseAuditDialog(_AuditDialog):
    """How an audit ended.

    Args:
        desk: the open practice.
        parent: the page.
        audit: the audit.
    """

    def __init__(self, desk: Desk, parent: QWidget, audit: AuditView) -> None:
        super().__init__(
            desk,
            "close_audit",
            "Close the audit",
            "The clock stops, and the proof of its years can be destroyed once it need not be kept any more. A manager"
            " can reopen it.",
            parent,
        )
        self._audit = audit
        self._outcome = self._words("close_audit_outcome")
        self.body.addWidget(field("What came of it", self._outcome, "As CMS wrote, for example: no findings."))
        self._end("Close the audit", self._wanted)

    def _wanted(self) -> Callable[[], Changes] | None:
        return partial(auditing.close, self.desk.session, self._audit.id, self._outcome.toPlainText())


def _export_words(export: Export) -> str:
    when = f"{full_day(export.at.date())} {export.at:%H:%M}"
    return f"{export.file_name}  ·  {when}"
