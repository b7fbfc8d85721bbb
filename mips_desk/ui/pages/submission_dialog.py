"""Writes the submission file of a year: shows what will be in it, what is left out and why, and then where it is."""

from functools import partial

from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from mips_desk.domain.practice import Level
from mips_desk.services import submitting
from mips_desk.services.changes import Changes
from mips_desk.services.overview import YearView
from mips_desk.services.submitting import Prepared
from mips_desk.ui.desk import Desk
from mips_desk.ui.people.dialog import PeopleDialog
from mips_desk.ui.theme import SPACE_XS, TextRole, px
from mips_desk.ui.widgets.buttons import primary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.choice_box import ChoiceBox, refill
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import label
from mips_desk.ui.words import count, shortened, span

from .binder_part import Outside


class SubmissionDialog(PeopleDialog):
    """The choice, what follows from it, and the button that writes.

    Args:
        desk: the open practice.
        view: the year.
        outside: the system's dialogs.
        parent: the page.
    """

    def __init__(self, desk: Desk, view: YearView, outside: Outside, parent: QWidget) -> None:
        super().__init__(
            desk,
            "submission",
            f"Submission file {view.year}",
            "A file in the form that CMS’s systems read, for your registry or for an upload by your vendor. MIPS Desk"
            " sends nothing. It holds the whole TIN of the practice.",
            parent,
        )
        self._view, self._outside = view, outside
        self._prepared: Prepared | None = None
        self._boxes: dict[str, QCheckBox] = {}
        column = QVBoxLayout()
        column.setSpacing(SPACE_XS)
        column.addWidget(label("What is submitted", TextRole.SECONDARY))
        for part in view.selections:
            state = "proven" if part.readiness.complete else "proof not complete"
            words = f"{part.activity.id}  ·  {shortened(part.activity.title, 46)}  ({state})"
            box = self._boxes[part.activity.id] = QCheckBox(words.replace("&", "&&"))
            box.setObjectName(f"submit_{part.activity.id}")
            box.setChecked(part.readiness.complete)
            box.toggled.connect(lambda _on: self._prepare())
            column.addWidget(box)
        self.body.addLayout(column)
        self._npi: ChoiceBox | None = None
        self._entity: QLineEdit | None = None
        self._ask_whose()
        self._what = label("", TextRole.STRONG, wrap=True)
        self._what.setObjectName("submission_what")
        self._left = label("", TextRole.SECONDARY, wrap=True)
        self._left.setObjectName("submission_left_out")
        self.body.addWidget(self._what)
        self.body.addWidget(self._left)
        self._notes = Note("", Tone.WARN)
        self._notes.setObjectName("submission_notes")
        self.body.addWidget(self._notes)
        self.body.addStretch(1)
        self._write = primary_button("Write the file…", on_click=self._write_file)
        self._write.setObjectName("submission_write")
        self._write.setDefault(True)
        self.put_buttons(self._write)
        self.setMinimumWidth(px(560))
        self._prepare()

    def _ask_whose(self) -> None:
        """Ask whose submission it is, where the practice does not say it."""
        level = self._view.profile.level
        if level is Level.INDIVIDUAL:
            self._npi = ChoiceBox()
            self._npi.setObjectName("submission_npi")
            clinicians = [each for each in self._view.clinicians if each.npi]
            refill(self._npi, [(f"{each.shown_name} · NPI {each.npi}", each.npi) for each in clinicians], None)
            self._npi.activated.connect(lambda _place: self._prepare())
            self.body.addWidget(field("Whose submission", self._npi, "Individuals have a file each."))
        elif level is not Level.GROUP:
            self._entity = QLineEdit()
            self._entity.setObjectName("submission_entity")
            self._entity.setMaxLength(50)
            self._entity.editingFinished.connect(self._prepare)
            self.body.addWidget(field(f"CMS’s identifier of the {level.label}", self._entity))

    def _prepare(self) -> None:
        """Find out what the file would say."""
        chosen = tuple(key for key, box in self._boxes.items() if box.isChecked())
        npi = str(self._npi.currentData() or "") if self._npi is not None else ""
        self._show(None)
        if not chosen:
            self._what.setText("Tick what is to be submitted.")
            return
        act = partial(
            submitting.prepare,
            self.desk.session,
            self._view.year,
            activities=chosen,
            npi=npi,
            entity_id=self._entity.text().strip() if self._entity is not None else "",
        )
        self._say("")
        self.desk.jobs.work(lambda _: act(), initiator=self, on_success=self._show, on_failure=self._fail)

    def _show(self, prepared: Prepared | None) -> None:
        self._prepared = prepared
        self._write.setEnabled(prepared is not None)
        if prepared is None:
            self._what.setText("")
            self._left.setText("")
            self._notes.set("")
            return
        made = prepared.submission
        ids = ", ".join(made.activity_ids)
        self._what.setText(f"In the file: {ids}, {span(made.start, made.end, with_year=True)}.")
        left = [f"{name}: {why}" for name, why in prepared.left_out]
        self._left.setText(f"Left out: {' '.join(left)}" if left else "Nothing is left out.")
        self._notes.set(" ".join(prepared.notes), Tone.WARN)
        if self.isVisible():
            self._fit()

    def _write_file(self) -> None:
        prepared, session = self._prepared, self.desk.session
        if prepared is None:
            return
        name = f"MIPS submission {prepared.submission.year}.json"
        out = self._outside.save(self, "Write submission file", name, "JSON", ".json")
        if out is None:
            return

        def write(_: object) -> Changes:
            return submitting.write(session, prepared, out)

        def told() -> None:
            what = count(len(prepared.submission.activity_ids), "activity", "activities")
            self.desk.messages.info(
                f"“{out.name}” is written, with {what}.", "Show in folder", lambda: self._outside.reveal(out)
            )

        self.run(write, told)
