"""Small buttons of the annotator: tools, chips to choose from, and colors. Painted here, announced by Qt."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mips_desk.annotate.marks import PALETTE
from mips_desk.ui.icons import paint_icon
from mips_desk.ui.theme import ICON, RADIUS, color, px
from mips_desk.ui.widgets.chip import Tone, chip_size, paint_chip

from .tools import Tool


class _Choice(QAbstractButton):
    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        # An area that does not repaint under the pointer would not show that it can be pressed.
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _ring(self, painter: QPainter, radius: float) -> None:
        if self.hasFocus():
            painter.setPen(QPen(color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)


class ToolChoice(_Choice):
    """A tool on the rail: an icon; the tool in hand stands on the accent."""

    def __init__(self, tool: Tool, parent: QWidget | None = None) -> None:
        super().__init__(f"{tool.label} ({tool.key})", parent)
        self.tool = tool
        self.setObjectName(f"tool_{tool}")
        self.setToolTip(f"{tool.label}  ·  {tool.key}")
        self.setAutoExclusive(True)

    def sizeHint(self) -> QSize:
        """A square to aim at."""
        return QSize(px(42), px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, icon and the ring of the keyboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(color("accent" if self.isChecked() else "neutral_wash"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS + 1, RADIUS + 1)
        side = px(ICON)
        ink = "on_accent" if self.isChecked() else "ink2" if self.isEnabled() else "ink3"
        place = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        paint_icon(painter, self.tool.icon, ink, place)
        if self.hasFocus() and self.isChecked():
            painter.setPen(QPen(color("ink"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS + 1, RADIUS + 1)
        else:
            self._ring(painter, RADIUS + 1)


class ChipChoice(_Choice):
    """A chip that can be chosen."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setText(text)
        # The tick needs room.
        self.toggled.connect(lambda _checked: self.updateGeometry())

    def sizeHint(self) -> QSize:
        """The chip with room for the ring."""
        icon = "check" if self.isChecked() else ""
        return chip_size(self.text(), icon) + QSize(6, px(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip; chosen, it has a tick besides its color."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chip = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        tone = Tone.ACCENT if self.isChecked() else Tone.NEUTRAL
        paint_chip(painter, chip, self.text(), tone, "check" if self.isChecked() else "")
        self._ring(painter, self.height() / 2)


class ColorChoice(_Choice):
    """A color of marks."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name.capitalize(), parent)
        self.color = name
        self.setObjectName(f"color_{name}")
        self.setToolTip(name.capitalize())

    def sizeHint(self) -> QSize:
        """A disc with room for its ring."""
        return QSize(px(30), px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the disc; the chosen one has a ring around it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, radius = QRectF(self.rect()).center(), px(9)
        painter.setPen(QPen(color("line"), 1))
        painter.setBrush(QColor(PALETTE[self.color]))
        painter.drawEllipse(middle, radius, radius)
        if self.isChecked():
            painter.setPen(QPen(color("ink"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, radius + 3, radius + 3)
        self._ring(painter, RADIUS)
