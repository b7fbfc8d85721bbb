"""What the pages of the start window have in common: a title, a few words, one card, an error, buttons."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.ui.jobs import Job
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.job_progress import JobProgress
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import label, page_title


class StartPage(QWidget):
    """A page that the start window shows for a while. Escape leads back.

    Args:
        name: object name; its error is named "{name}_error".
        title: what it is about.
        intro: a sentence or two.

    Attributes:
        card: for the fields.
        buttons: for the buttons below the card, from the left.
        progress: of long work.

    Signals:
        back_requested(): leave it.
    """

    back_requested = Signal()

    def __init__(self, name: str, title: str, intro: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.busy = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        self._title = page_title(title)
        self._intro = label(intro, wrap=True, tone="ink2")
        column.addWidget(self._title)
        column.addWidget(self._intro)
        column.addSpacing(SPACE_S)
        self.card = Card()
        self.card.body.setSpacing(SPACE_M)
        column.addWidget(self.card)
        self.error = Note("", Tone.BAD)
        self.error.setObjectName(f"{name}_error")
        column.addWidget(self.error)
        self.progress = JobProgress()
        column.addWidget(self.progress)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(SPACE_L)
        column.addLayout(self.buttons)
        self.first: QWidget = self

    def set_busy(self, busy: bool) -> None:
        """Let nothing be entered while work is under way."""
        self.busy = busy
        self.card.setEnabled(not busy)
        for place in range(self.buttons.count()):
            item = self.buttons.itemAt(place)
            if item is not None and (button := item.widget()) is not None:
                button.setEnabled(not busy)

    def failed(self, sentence: str) -> None:
        """Say why it could not be done."""
        self.error.set(sentence, Tone.BAD)

    def watch(self, job: Job) -> None:
        """Show how far a job is."""
        self.progress.watch(job)

    def take_focus(self) -> None:
        """Put the keyboard into the first field."""
        self.first.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back."""
        if event.key() == Qt.Key.Key_Escape and not self.busy:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)
