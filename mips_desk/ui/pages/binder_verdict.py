"""Is this the file we sent? The answer in one sentence, then where it was changed, then who signed it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.services.verifying import Verdict
from mips_desk.ui.binder_drop import answer
from mips_desk.ui.jobs import Job
from mips_desk.ui.theme import SPACE_M, SPACE_S, TextRole
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.job_progress import JobProgress
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import ElidedLabel, label, set_tone
from mips_desk.ui.words import count

#: Places shown one by one.
_MOST_PLACES = 6


class VerdictCard(Card):
    """Asks for a file and shows what is known about it.

    Args:
        ask: lets the person choose a file.

    Signals:
        asked(): a file shall be chosen.
    """

    asked = Signal()

    def __init__(self, ask: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__("Is this the file that we sent?", parent=parent)
        self.setObjectName("verdict_card")
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        words = QVBoxLayout()
        words.setSpacing(SPACE_S)
        self._told = label(
            "Drop a binder or an audit package on the window, or choose it. You learn whether it is one of yours, and"
            " whether it was changed since.",
            TextRole.SECONDARY,
            wrap=True,
        )
        self._file = ElidedLabel("", TextRole.STRONG, Qt.TextElideMode.ElideMiddle)
        self._file.setObjectName("verdict_file")
        self._answer = Note("")
        self._answer.setObjectName("verdict_answer")
        self._places = label("", TextRole.SECONDARY, wrap=True)
        self._places.setObjectName("verdict_places")
        self._signature = label("", TextRole.SECONDARY, wrap=True)
        self._signature.setObjectName("verdict_signature")
        self.progress = JobProgress()
        for widget in (self._told, self._file, self._answer, self._places, self._signature, self.progress):
            words.addWidget(widget)
        row.addLayout(words, 1)
        self._ask = secondary_button("Check a file…", "shield-check", ask)
        self._ask.setObjectName("check_binder")
        row.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.show_verdict(None, None)

    def watch(self, path: Path, job: Job) -> None:
        """Show that a file is being checked."""
        if job.running:
            self._set(path.name, "", Tone.NEUTRAL, "", "")
            self.progress.watch(job)

    def show_verdict(self, path: Path | None, verdict: Verdict | None) -> None:
        """Show what was found about a file; None: nothing was asked."""
        if path is None or verdict is None:
            self._set("", "", Tone.NEUTRAL, "", "")
            return
        said = answer(verdict)
        text = f"{said.text} Its contents are encrypted and were not looked at." if verdict.locked else said.text
        places = [f"•  {finding.where}: {finding.what}" for finding in said.changed[:_MOST_PLACES]]
        more = len(said.changed) - len(places)
        if more > 0:
            places.append(f"•  and {count(more, 'more place')}")
        self._set(path.name, text, said.tone, "\n".join(places), said.signature)

    def show_failure(self, path: Path, sentence: str) -> None:
        """Say that a file could not be checked."""
        self._set(path.name, sentence, Tone.BAD, "", "")

    def _set(self, name: str, text: str, tone: Tone, places: str, signature: str) -> None:
        self._told.setVisible(not name)
        self._file.setText(name)
        self._file.setVisible(bool(name))
        self._answer.set(text, tone)
        set_tone(self._places, "bad" if places else "")
        for line, words in ((self._places, places), (self._signature, signature)):
            line.setText(words)
            line.setVisible(bool(words))
