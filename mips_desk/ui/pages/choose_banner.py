"""A calm line above the panes: what to know of the whole year before choosing."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from mips_desk.ui.theme import RADIUS, SPACE_M, SPACE_S, color
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note


class Banner(QFrame):
    """One sentence on the wash of its tone; empty text hides it.

    Args:
        key: object name.
        tone: what it means.
    """

    def __init__(self, key: str, tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(key)
        self._tone = tone
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        self._note = Note("", tone)
        row.addWidget(self._note)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._note.text

    def set(self, text: str) -> None:
        """Say something else; nothing hides the banner."""
        self._note.set(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the wash."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._tone.wash))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
