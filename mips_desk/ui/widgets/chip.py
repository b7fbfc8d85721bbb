"""Chips: a state in one or two words on a wash of color, with an icon where the words alone are not enough."""

import math
from enum import StrEnum

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from mips_desk.ui.icons import paint_icon
from mips_desk.ui.theme import TextRole, color, font, px


class Tone(StrEnum):
    """What a color means. A chip always says it in words too."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"

    @property
    def ink(self) -> str:
        """The token of its text."""
        return "ink2" if self is Tone.NEUTRAL else self.value

    @property
    def wash(self) -> str:
        """The token of its ground."""
        return f"{self.value}_wash"


def chip_font() -> QFont:
    """Return the font of chips."""
    return font(TextRole.SECONDARY, size=11.5, weight=QFont.Weight.DemiBold)


def chip_size(text: str, icon: str = "") -> QSize:
    """Return the size of a chip in logical pixels."""
    # Rounded as `paint_chip` does, or half a pixel would cost the last letters.
    words = math.ceil(QFontMetricsF(chip_font()).horizontalAdvance(text))
    return QSize(words + 2 * px(9) + (px(17) if icon else 0), px(20))


def paint_chip(painter: QPainter, rect: QRectF, text: str, tone: Tone, icon: str = "") -> None:
    """Paint a chip, for delegates.

    Args:
        painter: any state; restored afterwards.
        rect: the chip in logical pixels; text that does not fit is elided.
        text: its words.
        tone: its meaning.
        icon: see `icons.icon`; empty for none.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(tone.wash))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    inner = rect.adjusted(px(9), 0, -px(9), 0)
    if icon:
        side = px(13)
        paint_icon(painter, icon, tone.ink, QRectF(inner.left() - px(1), inner.center().y() - side / 2, side, side))
        inner.setLeft(inner.left() + px(17))
    painter.setFont(chip_font())
    painter.setPen(QColor(color(tone.ink)))
    shown = QFontMetricsF(chip_font()).elidedText(text, Qt.TextElideMode.ElideRight, inner.width() + 1)
    painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
    painter.restore()


class Chip(QLabel):
    """A state in words. A QLabel, so that screen readers read it."""

    def __init__(self, text: str, tone: Tone = Tone.NEUTRAL, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._tone = tone
        self._icon = icon

    @property
    def tone(self) -> Tone:
        """What its color means."""
        return self._tone

    def set(self, text: str, tone: Tone, icon: str = "") -> None:
        """Show another state."""
        self._tone, self._icon = tone, icon
        self.setText(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As large as its words."""
        return chip_size(self.text(), self._icon)

    def minimumSizeHint(self) -> QSize:
        """All of its words: half a state says nothing."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip."""
        height = chip_size("").height()
        rect = QRectF(0, (self.height() - height) / 2, self.width(), height)
        paint_chip(QPainter(self), rect, self.text(), self._tone, self._icon)
