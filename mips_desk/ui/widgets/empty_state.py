"""What a room shows when there is nothing yet, and while it is still loading."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mips_desk.ui.icons import paint_icon
from mips_desk.ui.theme import SPACE_M, SPACE_S, TextRole, color, px
from mips_desk.ui.widgets.text import label


class _Emblem(QWidget):
    """The icon in a circle of the accent's wash."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(px(60), px(60))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("accent_wash"))
        painter.drawEllipse(self.rect())
        side = px(26)
        paint_icon(
            painter, self._icon, "accent", QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        )


class EmptyState(QWidget):
    """Says what a place is for and holds the one button that starts it.

    Args:
        icon: see `icons.icon`.
        title: what is missing, a few words.
        text: what the place is for and what to do, one or two sentences.
        button: the one that starts it, or None.
    """

    def __init__(
        self, icon: str, title: str, text: str, button: QPushButton | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(SPACE_S)
        column.addStretch(2)
        column.addWidget(_Emblem(icon), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(SPACE_S)
        self._heading = heading = label(title, TextRole.CARD_TITLE, wrap=True)
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(heading)
        self._words = words = label(text, TextRole.TEXT, wrap=True, tone="ink2")
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words.setMaximumWidth(px(420))
        # Stretches center it; an alignment would give it the height of its size hint, too low for a long text.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(words, 100)
        row.addStretch(1)
        column.addLayout(row)
        if button is not None:
            column.addSpacing(SPACE_M)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def set_words(self, title: str, text: str) -> None:
        """Say something else; see the arguments of the class."""
        self._heading.setText(title)
        self._words.setText(text)


class Skeleton(QWidget):
    """Quiet bars in the place of content that is still being read; nothing moves when it arrives.

    Args:
        lines: number of rows.
    """

    _WIDTHS = (0.62, 0.44, 0.78, 0.52, 0.68)

    def __init__(self, lines: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setAccessibleName("Loading")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One list row a line."""
        return QSize(px(200), px(44) * self._lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("faint"))
        for row in range(self._lines):
            width = self.width() * self._WIDTHS[row % len(self._WIDTHS)]
            top = row * px(44)
            painter.drawRoundedRect(QRectF(0, top + px(6), width, px(11)), 5, 5)
            painter.drawRoundedRect(QRectF(0, top + px(23), width * 0.6, px(9)), 4, 4)
