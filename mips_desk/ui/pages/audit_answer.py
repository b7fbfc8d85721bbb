"""Makes the package that answers an audit request, or one activity of a practice drill."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QRadioButton, QWidget

from mips_desk.binder.content import Edition
from mips_desk.binder.package import PackagePlan
from mips_desk.domain.audit import RequestState
from mips_desk.services import auditing, binding, packaging
from mips_desk.services.auditing import RequestView
from mips_desk.services.changes import Changed, Changes
from mips_desk.services.session import Session, vault_folder
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.messages import Question
from mips_desk.ui.people.dialog import PeopleDialog
from mips_desk.ui.theme import SPACE_M, TextRole, px
from mips_desk.ui.widgets.buttons import primary_button
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import label
from mips_desk.ui.words import count

from .binder_dialogs import FullEditionDialog, PackagePassphraseDialog
from .binder_part import Outside

#: Missing things that are named one by one.
_MOST = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered.

    Attributes:
        year: performance year.
        activities: identifiers; empty: all of the year.
        title: of the dialog.
        name: of the file, without the practice and the ending.
        request: the audit request; None in a drill.
        after: what to record once it is written: gets the session and the id of the export.
    """

    year: int
    activities: Sequence[str]
    title: str
    name: str
    request: RequestView | None = None
    after: Callable[[Session, str], object] | None = None


def answer_to(view: RequestView) -> Answer:
    """Return the answer to an audit request.

    Args:
        view: the request.
    """

    def prepared(session: Session, _export_id: str) -> object:
        if view.request.state is RequestState.OPEN and not session.vault.read_only:
            return auditing.set_state(session, view.id, RequestState.PREPARING)
        return None

    number = view.request.number
    return Answer(
        view.request.year,
        view.request.activities,
        f"Make the package for request {number}",
        f"MIPS answer {number} {view.request.year}",
        view,
        prepared,
    )


class AnswerDialog(PeopleDialog):
    """Shows what will be in the package, asks for its form, and writes it.

    Args:
        desk: the open practice.
        answer: what is answered.
        outside: the system's dialogs and programs.
        parent: the page.
    """

    def __init__(self, desk: Desk, answer: Answer, outside: Outside, parent: QWidget) -> None:
        super().__init__(
            desk,
            "answer",
            answer.title,
            "One ZIP file with the binder of what is asked for, every exhibit as a file, and what the receiver needs to"
            " check them.",
            parent,
        )
        self._answer, self._outside = answer, outside
        self._plan: PackagePlan | None = None
        self._reason = ""
        self._what = label("", TextRole.STRONG, wrap=True)
        self._what.setObjectName("answer_what")
        self._gaps = Note("", Tone.WARN)
        self._gaps.setObjectName("answer_gaps")
        self.body.addWidget(self._what)
        self.body.addWidget(self._gaps)
        self.body.addWidget(label("Edition", TextRole.SECONDARY))
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        group = QButtonGroup(self)
        self._redacted, self._full = QRadioButton("Redacted"), QRadioButton("Full…")
        self._full.setToolTip("Shows patient identifiers; you will be asked for the reason")
        for key, button in (("redacted", self._redacted), ("full", self._full)):
            button.setObjectName(f"answer_{key}")
            button.clicked.connect(self._edition_chosen)
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self._redacted.setChecked(True)
        self.body.addLayout(row)
        self._encrypt = QCheckBox("Encrypt it with a passphrase that you choose")
        self._encrypt.setObjectName("answer_encrypt")
        self.body.addWidget(self._encrypt)
        self.body.addStretch(1)
        self._write = primary_button("Write the package…", "package", self._ask)
        self._write.setObjectName("answer_write")
        self._write.setDefault(True)
        self.put_buttons(self._write)
        self.setMinimumWidth(px(560))
        self._make_plan()

    # ------------------------------------------------------------------ what is in it

    def _make_plan(self) -> None:
        session, answer, reason = self.desk.session, self._answer, self._reason
        self._show(None)

        def make(_: JobContext) -> PackagePlan:
            edition = Edition.FULL if reason else Edition.REDACTED
            return packaging.plan(
                binding.content(
                    session,
                    answer.year,
                    activities=answer.activities,
                    only_looked_at=edition is Edition.REDACTED,
                    edition=edition,
                    full_reason=reason,
                    request=binding.request_note(answer.request) if answer.request is not None else None,
                )
            )

        self._say("")
        self.desk.jobs.work(make, initiator=self, on_success=self._show, on_failure=self._fail)

    def _show(self, plan: PackagePlan | None) -> None:
        self._plan = plan
        self._write.setEnabled(plan is not None)
        if plan is None:
            self._what.setText("Looking at what is asked for")
            self._gaps.set("")
            return
        parts = [part.activity.id for part in plan.content.parts]
        self._what.setText(f"{', '.join(parts) or 'No activity'}: {count(len(plan.shown), 'exhibit')}")
        missing = plan.missing
        if missing:
            first = " ".join(_sentence(entry.missing) for entry in missing[:_MOST])
            more = f" And {len(missing) - _MOST} more." if len(missing) > _MOST else ""
            self._gaps.set(
                f"{count(len(missing), 'thing is', 'things are')} missing; the package will say PARTIAL. {first}{more}",
                Tone.WARN,
            )
        else:
            self._gaps.set("Nothing is missing.", Tone.OK)
        if self.isVisible():
            self._fit()

    def _edition_chosen(self) -> None:
        if self._full.isChecked() and not self._reason:
            dialog = FullEditionDialog(self.desk, self)
            dialog.accepted.connect(lambda: self._take_reason(dialog.reason))
            dialog.rejected.connect(lambda: self._redacted.setChecked(True))
            dialog.open()
        elif self._redacted.isChecked() and self._reason:
            self._take_reason("")

    def _take_reason(self, reason: str) -> None:
        self._reason = reason
        self._make_plan()

    # ------------------------------------------------------------------ writing

    def _ask(self) -> None:
        if self._plan is None:
            return
        if self._reason and not self.desk.ask(
            Question(
                "Write the full edition of this package?",
                "It shows everything that is redacted in the other edition: names and other identifiers of patients."
                f" The journal keeps that you wrote it, and why: “{self._reason}”",
                "Write the full edition",
                grave=True,
            )
        ):
            return
        if self._encrypt.isChecked():
            dialog = PackagePassphraseDialog(self.desk, self)
            dialog.accepted.connect(lambda: self._write_to(dialog.passphrase))
            dialog.open()
        else:
            self._write_to("")

    def _write_to(self, passphrase: str) -> None:
        plan, session, answer = self._plan, self.desk.session, self._answer
        assert plan is not None
        full = " FULL" if self._reason else ""
        practice = vault_folder(Path(), self.desk.view.practice.name).stem
        name = plan.file_name(f"{answer.name} {practice}{full}.zip")
        out = self._outside.save(self, answer.title, name, "ZIP file", ".zip")
        if out is None:
            return
        written: list[Path] = []

        def write(context: JobContext) -> Changes:
            file, changes = packaging.write(
                session,
                plan,
                out,
                passphrase=passphrase,
                progress=lambda done, total: context.progress(done, total, f"Writing the package: {done} of {total}"),
                check=context.check,
            )
            written.extend(file.files)
            if answer.after is not None:
                answer.after(session, changes.ids[0])
            return Changes(Changed.EXPORTS | Changed.AUDITS, changes.label, changes.ids)

        def told() -> None:
            path = written[0]
            self.desk.messages.info(f"“{path.name}” is written.", "Show in folder", lambda: self._outside.reveal(path))

        self.run(write, told, title="Writing the package", cancelled="Stopped. No file was written.")


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
