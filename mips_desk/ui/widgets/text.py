"""Labels in the type scale. Text from people is always shown as plain text."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from mips_desk.ui.theme import TextRole, px


class _WrappedLabel(QLabel):
    """Text that breaks into lines.

    Qt derives the least height of such a label from its least width, which makes pages many times too tall; here the
    height only follows the width that the label really gets.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """One line where the text is short, else a readable measure."""
        width = min(self.fontMetrics().horizontalAdvance(self.text()) + 4, px(420))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One line of a few words."""
        metrics = self.fontMetrics()
        return QSize(min(self.sizeHint().width(), metrics.averageCharWidth() * 14), metrics.height())


def label(text: str, role: TextRole = TextRole.TEXT, *, wrap: bool = False, tone: str = "") -> QLabel:
    """Return a label of a role.

    Args:
        text: plain text; markup in it is shown as typed.
        role: place in the type scale.
        wrap: break lines where there is no room.
        tone: "ok", "warn", "bad", "accent", "ink2" or "ink3" instead of the role's color.
    """
    made = _WrappedLabel(text) if wrap else QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("textRole", role.value)
    if tone:
        made.setProperty("tone", tone)
    return made


def page_title(text: str) -> QLabel:
    """Return the title of a page; one per page."""
    return label(text, TextRole.PAGE_TITLE, wrap=True)


def card_title(text: str) -> QLabel:
    """Return the title of a card or section."""
    return label(text, TextRole.CARD_TITLE, wrap=True)


def strong(text: str) -> QLabel:
    """Return emphasized text."""
    return label(text, TextRole.STRONG, wrap=True)


def secondary(text: str) -> QLabel:
    """Return secondary text."""
    return label(text, TextRole.SECONDARY, wrap=True)


def hint(text: str) -> QLabel:
    """Return a hint."""
    return label(text, TextRole.HINT, wrap=True)


def mono(text: str) -> QLabel:
    """Return an identifier or hash; it can be selected and copied."""
    made = label(text, TextRole.MONO)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Change the tone of a label after it was made; an empty tone is the role's own color."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def rule() -> QFrame:
    """Return a faint horizontal separator."""
    made = QFrame()
    made.setProperty("rule", "true")
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made


class ElidedLabel(QLabel):
    """One line that ends in "…" when there is no room; the whole text is its tool tip and its accessible name.

    Args:
        text: plain text.
        role: place in the type scale.
        mode: where the text is cut; in the middle for file names.
    """

    def __init__(
        self,
        text: str = "",
        role: TextRole = TextRole.TEXT,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("textRole", role.value)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """A few characters are enough."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.fontMetrics().horizontalAdvance("Abc…")), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much of the line as fits."""
        shown = self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.setFont(self.font())
        painter.drawText(self.contentsRect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
