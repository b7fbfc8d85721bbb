"""A line of a list that leads somewhere: an icon, a few words that wrap, and a quiet line below."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mips_desk.ui.icons import paint_icon
from mips_desk.ui.theme import RADIUS, TextRole, color, font, px
from mips_desk.ui.widgets.keyboard import press_by_return

_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


class LineButton(QAbstractButton):
    """Announced as a button with its words; its height follows its width.

    Args:
        icon: see `icons.icon`.
        tone: token of the icon's color.
        title: what it says.
        text: a quiet line below; empty for none.
        strong: the title is emphasized.
        framed: a border around it, as for a choice among several.
    """

    def __init__(
        self,
        icon: str,
        tone: str,
        title: str,
        text: str = "",
        *,
        strong: bool = False,
        framed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._tone, self._below = icon, tone, text
        self._strong, self._framed = strong, framed
        self._measured: dict[tuple[int, str], tuple[QRect, QRect]] = {}
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Narrower is taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height that the words need."""
        title, below = self._places(width)
        return (below.bottom() if self._below else title.bottom()) + 1 + self._pad()

    def sizeHint(self) -> QSize:
        """A width that most cards have."""
        return QSize(px(200), self.heightForWidth(px(200)))

    def minimumSizeHint(self) -> QSize:
        """A few words."""
        return QSize(px(90), px(24))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measured.clear()
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it, as the space bar does."""
        if not press_by_return(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, icon and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(color("line"), 1) if self._framed and not self.isChecked() else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.isChecked():
            painter.setBrush(color("accent_wash"))
        elif self.underMouse() and self.isEnabled():
            painter.setBrush(color("hover"))
        painter.drawRoundedRect(ground, RADIUS + 1, RADIUS + 1)
        if self.hasFocus():
            painter.setPen(QPen(color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        title, below = self._places(self.width())
        side = px(16)
        first = QFontMetrics(self._title_font()).height()
        paint_icon(painter, self._icon, self._tone, QRectF(self._left(), title.top() + (first - side) / 2, side, side))
        painter.setFont(self._title_font())
        painter.setPen(color("ink"))
        painter.drawText(title, _WRAP, self.text())
        if self._below:
            painter.setFont(font(TextRole.SECONDARY))
            painter.setPen(color("ink2"))
            painter.drawText(below, _WRAP, self._below)

    def _pad(self) -> int:
        return px(9) if self._framed else px(6)

    def _left(self) -> int:
        return px(11) if self._framed else px(4)

    def _title_font(self) -> QFont:
        return font(TextRole.STRONG if self._strong else TextRole.TEXT)

    def _places(self, width: int) -> tuple[QRect, QRect]:
        """Return where title and quiet line stand; layouts ask many times for the same few widths."""
        key = (width, self.text())
        if key not in self._measured:
            self._measured[key] = self._measure(width)
        return self._measured[key]

    def _measure(self, width: int) -> tuple[QRect, QRect]:
        left = self._left() + px(24)
        room = max(px(40), width - left - px(8))
        title = QFontMetrics(self._title_font()).boundingRect(QRect(0, 0, room, 10_000), _WRAP, self.text())
        title.moveTo(left, self._pad())
        below = QFontMetrics(font(TextRole.SECONDARY)).boundingRect(QRect(0, 0, room, 10_000), _WRAP, self._below)
        below.moveTo(left, title.bottom() + px(3))
        # What is measured is as wide as its longest line; painting may use the whole width.
        title.setWidth(room)
        below.setWidth(room)
        return title, below
