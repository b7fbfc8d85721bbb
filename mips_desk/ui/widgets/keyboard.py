"""Where the keyboard is, and what its keys do."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget


def has_keyboard(widget: QWidget) -> bool:
    """Tell whether the keyboard is in a widget, or goes there as soon as its window is active."""
    return widget.hasFocus() or widget.window().focusWidget() is widget


def press_by_return(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Let Return press the button that has the keyboard, also in a dialog, where Qt gives it to the default button.

    Args:
        button: the button that got the key.
        event: the key.

    Returns:
        True when the key was Return.
    """
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return False
    if not event.isAutoRepeat():
        button.click()
    return True
