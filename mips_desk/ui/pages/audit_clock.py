"""The clock of an audit: days left in large figures, and how much of the time is gone."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mips_desk.domain.audit import AuditClock
from mips_desk.ui.theme import TextRole, color, font, px

#: Days below which the clock warns.
WARN_BELOW = 15


class DaysLeft(QWidget):
    """The figure, what it counts, and a bar of the time that is gone. Announced in one sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("audit_clock")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._figure, self._words, self._tone, self._gone = "", "", "ink", 0.0

    @property
    def words(self) -> str:
        """What it says."""
        return f"{self._figure} {self._words}".strip()

    def set_clock(self, clock: AuditClock | None, days: int) -> None:
        """Show another clock.

        Args:
            clock: None when the audit is closed.
            days: all the days to answer.
        """
        if clock is None:
            self._figure, self._words, self._tone, self._gone = "—", "closed", "ink3", 1.0
        elif clock.days_left < 0:
            over = -clock.days_left
            self._figure, self._words, self._tone, self._gone = str(over), "days late", "bad", 1.0
        else:
            left = clock.days_left
            self._figure, self._words = str(left), "day left" if left == 1 else "days left"
            self._tone = "warn" if left < WARN_BELOW else "accent"
            self._gone = min(1.0, max(0.0, 1 - left / max(1, days)))
        self.setAccessibleName("Closed" if clock is None else clock.sentence)
        self.update()

    def sizeHint(self) -> QSize:
        """Room for three figures."""
        return QSize(px(132), px(92))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint figure, words and bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        large = font(TextRole.FIGURE, size=46, weight=QFont.Weight.Bold)
        painter.setFont(large)
        painter.setPen(color(self._tone if self._tone != "accent" else "ink"))
        width, high = float(self.width()), float(px(54))
        painter.drawText(QRectF(0, 0, width, high), int(Qt.AlignmentFlag.AlignLeft), self._figure)
        small = font(TextRole.SECONDARY, weight=QFont.Weight.DemiBold)
        painter.setFont(small)
        painter.setPen(color("ink2" if self._tone == "accent" else self._tone))
        below = QRectF(0, high, width, QFontMetricsF(small).height())
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft), self._words)
        bar = QRectF(0, self.height() - px(8), width, px(6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("neutral_wash"))
        painter.drawRoundedRect(bar, px(3), px(3))
        if self._gone:
            painter.setBrush(color(self._tone))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(px(6), bar.width() * self._gone), px(6)), 3, 3)
