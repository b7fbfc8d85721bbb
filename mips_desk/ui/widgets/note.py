"""A quiet line with an icon: advice, a warning inside a card, why something cannot be done."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mips_desk.ui.icons import paint_icon
from mips_desk.ui.theme import ICON, SPACE_S, TextRole, px
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.text import label, set_tone

_ICONS = {
    Tone.NEUTRAL: "info",
    Tone.ACCENT: "info",
    Tone.OK: "circle-check",
    Tone.WARN: "triangle-alert",
    Tone.BAD: "circle-alert",
}


class Note(QWidget):
    """One sentence with the icon of its tone; empty text hides it.

    Args:
        text: plain text.
        tone: what it means; the icon says it too.
    """

    def __init__(self, text: str = "", tone: Tone = Tone.NEUTRAL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        row = QHBoxLayout(self)
        row.setContentsMargins(px(ICON) + SPACE_S, 0, 0, 0)
        row.setSpacing(0)
        self._label = label(text, TextRole.SECONDARY, wrap=True)
        row.addWidget(self._label)
        self.set(text, tone)

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def set(self, text: str, tone: Tone | None = None) -> None:
        """Say something else; nothing hides the note."""
        if tone is not None:
            self._tone = tone
        self._label.setText(text)
        set_tone(self._label, "" if self._tone in (Tone.NEUTRAL, Tone.ACCENT) else self._tone.ink)
        # Without a parent there is nothing to be seen in, and showing would open a window.
        if self.parentWidget() is not None or not text:
            self.setVisible(bool(text))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon beside the first line."""
        side = px(16)
        top = (self._label.fontMetrics().height() - side) / 2 + self._label.y()
        paint_icon(QPainter(self), _ICONS[self._tone], self._tone.ink, QRectF(0, max(0, top), side, side))
