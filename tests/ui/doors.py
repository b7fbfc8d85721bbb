"""The application in front of a practice that was made cheaply, for tests of the ways in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mips_desk.ui.application import Application
from mips_desk.ui.jobs import SynchronousRunner
from mips_desk.ui.theme import Theme

from .conftest import show_active

#: Of the manager whom `small_practice` makes.
PASSPHRASE = "correct horse"
NEW = "maple tricycle sunday harbor"


@contextmanager
def at_the_door(qtbot: QtBot, theme: Theme, settings: QSettings, folder: Path) -> Iterator[Application]:
    """Show the start window of an application that keeps everything in a folder."""
    made = Application(settings, theme, SynchronousRunner(), ask=lambda _question: True, folder=folder)
    made.start()
    show_active(qtbot, made.start_window)
    try:
        yield made
    finally:
        made.stop()
        for window in (made.main_window, made.start_window):
            if window is not None:
                window.hide()
                window.deleteLater()


def one(root: QWidget | None, kind: type, name: str):
    assert root is not None
    found = root.findChild(kind, name)
    assert found is not None, name
    return found


def click(qtbot: QtBot, root: QWidget | None, name: str) -> None:
    """Press a button that a person can see."""
    button = one(root, QWidget, name)
    assert button.isVisible(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def said(root: QWidget | None, name: str) -> str:
    """Return what a note says; empty when it is not shown."""
    note = one(root, QWidget, name)
    return note.findChild(QLabel).text() if note.isVisible() else ""


def enabled(root: QWidget | None, name: str) -> bool:
    return bool(one(root, QPushButton, name).isEnabled())
