"""Something that takes a moment: what it is, how far it is, and a way out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mips_desk.ui.theme import SPACE_M, SPACE_S, TextRole
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.progress import StepProgress
from mips_desk.ui.widgets.text import label, page_title


class WorkingPage(QWidget):
    """Progress.

    Signals:
        cancel_requested(): stop it.
    """

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        self._title = page_title("")
        self._text = label("", wrap=True, tone="ink2")
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(SPACE_S)
        card = Card()
        card.body.setSpacing(SPACE_M)
        self._step = label("Getting ready", TextRole.STRONG, wrap=True)
        self._bar = StepProgress("Progress", 0, 0)
        self._count = label(" ", TextRole.SECONDARY)
        for widget in (self._step, self._bar, self._count):
            card.body.addWidget(widget)
        column.addWidget(card)
        cancel = secondary_button("Cancel", on_click=self.cancel_requested.emit)
        cancel.setObjectName("cancel_working")
        column.addWidget(cancel, 0, Qt.AlignmentFlag.AlignLeft)

    def begin(self, title: str, text: str) -> None:
        """Show new work at its start."""
        self._title.setText(title)
        self._text.setText(text)
        self.set_progress(0, 0, "Getting ready")

    def set_progress(self, done: int, total: int, text: str) -> None:
        """Show how far it is; a total of 0 means that it is not known."""
        self._step.setText(text or "Making pictures, dates and proof")
        self._bar.set_steps(done, total)
        self._count.setText(f"{done} of {total}" if total else " ")
