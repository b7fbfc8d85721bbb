"""What becomes of an export: how far it is, and then the file that was written, with what is left out of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from mips_desk.ui.jobs import Job
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_S, TextRole, px
from mips_desk.ui.widgets.buttons import icon_button, link_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.flow_layout import FlowLayout
from mips_desk.ui.widgets.job_progress import JobProgress
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import ElidedLabel, card_title, label, mono


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was written.

    Attributes:
        title: what it is, in a few words.
        files: the files, one or more.
        facts: pages, size and so on, a short line.
        sha256: hash of the first file (hex).
        left_out: what is missing, one sentence; empty: nothing.
        notes: more sentences, such as who signed.
    """

    title: str
    files: tuple[Path, ...]
    facts: str
    sha256: str
    left_out: str = ""
    notes: tuple[str, ...] = ()


def size_in_words(size: int) -> str:
    """Return a size of a file as people say it: "2.1 MB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB" if size < 1_000_000_000 else f"{size / 1_000_000_000:.2f} GB"


class OutcomeCard(Card):
    """Stands in the place of the options while a file is being written and until the person has read what it became.

    Signals:
        left(): the person is done here.
    """

    left = Signal()

    def __init__(
        self, reveal: Callable[[Path], object], show: Callable[[Path], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(margin=2, parent=parent)
        self.setObjectName("outcome_card")
        self._reveal, self._open = reveal, show
        self._outcome: Outcome | None = None
        self._stack = QStackedWidget()
        running = QWidget()
        column = QVBoxLayout(running)
        column.setContentsMargins(px(14), px(12), px(14), px(12))
        self.progress = JobProgress()
        column.addWidget(self.progress)
        column.addStretch(1)
        self._stack.addWidget(running)
        self._stack.addWidget(self._result())
        self.body.addWidget(self._stack)

    @property
    def outcome(self) -> Outcome | None:
        """What is shown, or None while it is not known."""
        return self._outcome

    def watch(self, job: Job) -> None:
        """Show how far a job is."""
        self._outcome = None
        self._stack.setCurrentIndex(0)
        self.progress.watch(job)

    def show_outcome(self, outcome: Outcome) -> None:
        """Show what was written."""
        self._outcome = outcome
        first, more = outcome.files[0], len(outcome.files) - 1
        self._title.setText(outcome.title)
        self._file.setText(first.name)
        self._facts.setText(
            " · ".join(part for part in (outcome.facts, f"and {more} more files" if more else "") if part)
        )
        self._hash.setText(f"sha256 {outcome.sha256[:12]}…")
        self._hash.setToolTip(outcome.sha256)
        self._note.set(outcome.left_out or "Nothing is left out.", Tone.WARN if outcome.left_out else Tone.OK)
        self._more.setText(" ".join(outcome.notes))
        self._more.setVisible(bool(outcome.notes))
        self._stack.setCurrentIndex(1)
        self._show_folder.setFocus(Qt.FocusReason.OtherFocusReason)

    def _result(self) -> QWidget:
        column = QVBoxLayout()
        column.setContentsMargins(px(14), px(12), px(14), px(10))
        column.setSpacing(SPACE_S)
        self._title = card_title("")
        self._title.setObjectName("outcome_title")
        self._file = ElidedLabel("", TextRole.STRONG, Qt.TextElideMode.ElideMiddle)
        self._file.setObjectName("outcome_file")
        self._facts = label("", TextRole.SECONDARY, wrap=True)
        self._hash = mono("")
        self._hash.setObjectName("outcome_hash")
        self._note = Note("")
        self._note.setObjectName("outcome_left_out")
        self._more = label("", TextRole.SECONDARY, wrap=True)
        self._more.setObjectName("outcome_notes")
        for widget in (self._title, self._file, self._facts):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self._hash)
        copy = icon_button("Copy the whole hash", "copy", self._copy)
        copy.setObjectName("outcome_copy")
        row.addWidget(copy)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._note)
        column.addWidget(self._more)
        self._show_folder = secondary_button("Show in folder", "folder-open", self._in_folder)
        self._show_folder.setObjectName("outcome_folder")
        show = secondary_button("Open", "external-link", self._show)
        show.setObjectName("outcome_open")
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=SPACE_S)
        flow.addWidget(self._show_folder)
        flow.addWidget(show)
        column.addWidget(buttons)
        back = link_button("Back to the options", self.left.emit)
        back.setObjectName("outcome_back")
        column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return scroll_area(column)

    def _in_folder(self) -> None:
        if self._outcome is not None:
            self._reveal(self._outcome.files[0])

    def _show(self) -> None:
        if self._outcome is not None:
            self._open(self._outcome.files[0])

    def _copy(self) -> None:
        if self._outcome is not None:
            QGuiApplication.clipboard().setText(self._outcome.sha256)
