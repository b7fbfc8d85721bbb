"""Panels: white, rounded, one faint shadow line. And the rows of a form inside them."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mips_desk.ui.theme import CARD_RADIUS, SPACE_L, SPACE_S, SPACE_XS, TextRole, color, px

from .text import card_title, label


class Card(QFrame):
    """A panel with an optional title line.

    Put content into `body` (a QVBoxLayout), and small things that belong to the title into `header`.

    Args:
        title: words of the title; empty for none.
        dashed: an outline only, for something that is not there yet.
        margin: logical pixels around the content.
    """

    def __init__(
        self, title: str = "", *, dashed: bool = False, margin: int = SPACE_L + 2, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._dashed = dashed
        outer = QVBoxLayout(self)
        outer.setContentsMargins(margin, margin, margin, margin + 1)
        outer.setSpacing(SPACE_S + 2)
        self.header = QHBoxLayout()
        self.header.setSpacing(SPACE_S)
        self.title: QLabel | None = None
        if title:
            self.title = card_title(title)
            self.header.addWidget(self.title, 1)
            outer.addLayout(self.header)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_S)
        outer.addLayout(self.body, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint panel, border and shadow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -1.5)
        if self._dashed:
            pen = QPen(color("line"), 1, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([3, 3])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            shadow = QColor(color("ink") if color("panel").lightness() > 128 else QColor("#000000"))
            shadow.setAlpha(14)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shadow)
            painter.drawRoundedRect(rect.adjusted(-0.5, 0.5, 0.5, 1.5), CARD_RADIUS, CARD_RADIUS)
            painter.setPen(QPen(self._border(), 1))
            painter.setBrush(color("panel"))
        painter.drawRoundedRect(rect, CARD_RADIUS, CARD_RADIUS)

    def _border(self) -> QColor:
        return color("line")


class CardButton(Card):
    """A card that is one large button, by mouse and keyboard.

    Signals:
        clicked(): chosen.
    """

    clicked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _border(self) -> QColor:
        return color("accent") if self.hasFocus() else color("ink3") if self.underMouse() else color("line")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card and, with the keyboard on it, the focus ring."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -2), CARD_RADIUS, CARD_RADIUS)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on the card."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return or space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


class SectionHeader(QWidget):
    """A title inside a page or card with a quiet remark behind it ("Portal screenshots 3")."""

    def __init__(self, title: str, remark: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_XS + 2)
        self._title = label(title, TextRole.CARD_TITLE)
        self._remark = label(remark, TextRole.TEXT, tone="ink3")
        row.addWidget(self._title)
        row.addWidget(self._remark)
        row.addStretch(1)
        self.buttons = QHBoxLayout()
        row.addLayout(self.buttons)

    def set(self, title: str, remark: str = "") -> None:
        """Change the words."""
        self._title.setText(title)
        self._remark.setText(remark)


def field(name: str, editor: QWidget, hint: str = "") -> QWidget:
    """Return an editor with its name above it; the name is also its accessible name.

    Args:
        name: what to enter.
        editor: the widget to enter it in.
        hint: a line below the editor; empty for none.
    """
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, px(2))
    column.setSpacing(SPACE_XS)
    caption = label(name, TextRole.SECONDARY)
    caption.setBuddy(editor)
    editor.setAccessibleName(name)
    column.addWidget(caption)
    column.addWidget(editor)
    if hint:
        column.addWidget(label(hint, TextRole.HINT, wrap=True))
        editor.setAccessibleDescription(hint)
    return made
