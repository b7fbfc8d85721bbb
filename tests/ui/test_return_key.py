"""Return presses the button that has the keyboard, in a window and in a dialog."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mips_desk.ui.theme import Theme
from mips_desk.ui.widgets.buttons import icon_button, primary_button, secondary_button
from mips_desk.ui.widgets.line_button import LineButton

from .conftest import show_active


@pytest.mark.parametrize("kind", [QMainWindow, QDialog])
def test_return_presses_the_button_with_the_keyboard_and_no_other(qtbot: QtBot, theme: Theme, kind: type) -> None:
    window, pressed = kind(), []
    inside = QWidget(window)
    column = QVBoxLayout(inside)
    line = LineButton("lock", "ink", "line")
    line.clicked.connect(lambda: pressed.append("line"))
    default = primary_button("Do it", on_click=lambda: pressed.append("default"))
    buttons = {
        "cancel": secondary_button("Cancel", on_click=lambda: pressed.append("cancel")),
        "icon": icon_button("Delete", "trash-2", lambda: pressed.append("icon")),
        "line": line,
    }
    for button in (default, *buttons.values()):
        column.addWidget(button)
    default.setDefault(True)
    show_active(qtbot, window)
    for name, button in buttons.items():
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Return)
        assert pressed.pop() == name
        assert not pressed
    window.deleteLater()
