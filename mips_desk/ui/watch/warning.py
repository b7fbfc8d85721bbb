"""The bar that says that MIPS Desk is about to lock."""

from PySide6.QtWidgets import QWidget

from mips_desk.ui.messages import Level, Message
from mips_desk.ui.theme import SPACE_XL, px
from mips_desk.ui.widgets.message_bar import MessageBar


class LockWarning(MessageBar):
    """Lies over the upper edge of a window, so that nothing moves, and counts down.

    Args:
        window: over what.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("lock_warning")

    def say(self, seconds: int) -> None:
        """Say in how many seconds it locks; screen readers say it once."""
        words = f"Locks in {seconds} {'second' if seconds == 1 else 'seconds'}. Press a key or move the mouse to stay."
        if self.isHidden():
            self.show_message(Message(Level.WARNING, words))
        else:
            self.words.setText(words)
        window = self.parentWidget()
        assert window is not None
        width = min(window.width() - 2 * SPACE_XL, px(520))
        height = self.heightForWidth(width)
        self.setGeometry(
            (window.width() - width) // 2, px(64), width, height if height > 0 else self.sizeHint().height()
        )
