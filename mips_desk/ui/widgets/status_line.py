"""The line at the bottom: that everything is saved, what was checked when, and who is working."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QLocale, QRectF, QTime
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mips_desk.ui.icons import paint_icon
from mips_desk.ui.jobs import Jobs
from mips_desk.ui.theme import SPACE_L, TextRole, color, px
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.progress import ProgressStrip
from mips_desk.ui.widgets.text import ElidedLabel, label

_ICONS = {Tone.OK: "check", Tone.WARN: "triangle-alert", Tone.BAD: "circle-alert"}


class _StateIcon(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.tone = Tone.OK

    def paintEvent(self, event: QPaintEvent) -> None:
        if name := _ICONS.get(self.tone):
            side = px(14)
            paint_icon(QPainter(self), name, self.tone.ink, QRectF(0, (self.height() - side) / 2, side, side))


class StatusLine(QWidget):
    """All changes saved, notes, long work, and the person."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_line")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L + 2, 1, SPACE_L + 2, 0)
        row.setSpacing(px(5))
        self._icon = _StateIcon()
        self._state = label("", TextRole.SECONDARY)
        self._notes = ElidedLabel(role=TextRole.SECONDARY)
        self._person = ElidedLabel(role=TextRole.SECONDARY)
        self.strip = ProgressStrip(jobs)
        row.addWidget(self._icon)
        row.addWidget(self._state)
        row.addSpacing(px(14))
        row.addWidget(self._notes, 1)
        row.addWidget(self.strip, 2)
        row.addSpacing(px(14))
        row.addWidget(self._person)
        self.set_state("")
        self.refresh()

    @property
    def state(self) -> str:
        """What the line says about saving."""
        return self._state.text()

    def set_saved(self, at: datetime) -> None:
        """Say that everything is on disk since a moment in local time."""
        moment = QLocale().toString(QTime(at.hour, at.minute), QLocale.FormatType.ShortFormat)
        self.set_state(f"All changes saved {moment}", Tone.OK)

    def set_state(self, text: str, tone: Tone = Tone.NEUTRAL) -> None:
        """Say another state, for example "Read only: opened by Dana on FRONTDESK-2"."""
        self._state.setText(text)
        self._icon.tone = tone
        self._icon.setVisible(tone in _ICONS)
        self._icon.update()

    def set_notes(self, notes: Sequence[str]) -> None:
        """Show short facts, for example "Backup verified yesterday 18:04"."""
        self._notes.setText("     ".join(notes))

    def set_person(self, name: str, role: str) -> None:
        """Show who is working and in which role."""
        self._person.setText(" · ".join(part for part in (name, role) if part))

    def refresh(self) -> None:
        """Follow a new text size."""
        self.setFixedHeight(px(26))
        self._icon.setFixedSize(px(16), px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("panel"))
        painter.fillRect(0, 0, self.width(), 1, color("line"))
