"""The bar that shows messages: warnings and errors above the page, notices over its lower edge."""

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QEnterEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mips_desk.ui.icons import paint_icon
from mips_desk.ui.messages import Level, Message
from mips_desk.ui.theme import CARD_RADIUS, ICON, SPACE_M, SPACE_S, TextRole, color, px
from mips_desk.ui.widgets.buttons import icon_button, link_button
from mips_desk.ui.widgets.text import label

_LOOKS = {
    Level.INFO: ("circle-check", "ok", "panel"),
    Level.WARNING: ("triangle-alert", "warn", "warn_wash"),
    Level.ERROR: ("circle-alert", "bad", "bad_wash"),
}
#: How long a notice stays, in milliseconds, without and with an action.
NOTICE_MS, NOTICE_WITH_ACTION_MS = 6000, 10000


class MessageBar(QFrame):
    """Shows one message at a time; Escape closes it while the keyboard is in it.

    Signals:
        closed(): nothing is shown any more.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = Message(Level.INFO, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M + px(ICON) + SPACE_S, SPACE_S, SPACE_S, SPACE_S + 1)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._words = label("", TextRole.TEXT, wrap=True)
        self._action = link_button("", self._act)
        self._more = link_button("Details", self._toggle_details)
        self._close = icon_button("Close this message", "x", self.close_message)
        row.addWidget(self._words, 1)
        row.addWidget(self._action)
        row.addWidget(self._more)
        row.addWidget(self._close)
        column.addLayout(row)
        self._details = label("", TextRole.MONO, wrap=True)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self._details)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.close_message)
        self.hide()

    @property
    def message(self) -> Message:
        """What is shown, or was shown last."""
        return self._message

    @property
    def words(self) -> QLabel:
        """The label with the sentence."""
        return self._words

    def show_message(self, message: Message) -> None:
        """Show a message in the place of the one before, and have screen readers read it."""
        self._timer.stop()
        self._message = message
        self._words.setText(message.text)
        self._action.setText(message.action)
        self._action.setAccessibleName(message.action)
        self._action.setVisible(bool(message.action))
        self._more.setVisible(bool(message.details))
        self._details.setText(message.details)
        self._details.hide()
        self.setAccessibleName(message.text)
        self.show()
        self.raise_()
        self._start_timer()
        self.update()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, message.text))

    def close_message(self) -> None:
        """Take the message away."""
        self._timer.stop()
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """A notice under the pointer stays."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The time runs again."""
        self._start_timer()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_message()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel and the icon of the level."""
        icon, tone, ground = _LOOKS[self._message.level]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("line" if self._message.level is Level.INFO else tone), 1))
        painter.setBrush(color(ground))
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, CARD_RADIUS, CARD_RADIUS)
        side = px(ICON)
        middle = self._words.geometry().center().y()
        paint_icon(painter, icon, tone, QRectF(SPACE_M, middle - side / 2 + 1, side, side))

    def _start_timer(self) -> None:
        if self._message.level is Level.INFO and not self.isHidden():
            self._timer.start(NOTICE_WITH_ACTION_MS if self._message.action else NOTICE_MS)

    def _act(self) -> None:
        run = self._message.run
        self.close_message()
        if run is not None:
            run()

    def _toggle_details(self) -> None:
        self._details.setVisible(self._details.isHidden())
