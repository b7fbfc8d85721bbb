"""Where the keyboard is."""

from PySide6.QtWidgets import QWidget


def has_keyboard(widget: QWidget) -> bool:
    """Tell whether the keyboard is in a widget, or goes there as soon as its window is active."""
    return widget.hasFocus() or widget.window().focusWidget() is widget
