"""The application in front of a practice that was made cheaply, for tests of the ways in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import pytest
from keyring.backend import KeyringBackend
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mips_desk.services import people, session
from mips_desk.store.keys import KeyCost
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


def cheapen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let new passphrases cost next to nothing to check, as that of `small_practice` does."""
    for module in (people, session):
        monkeypatch.setattr(module, "KEY_COST", KeyCost(8, 1, 1))


def pdf_text(path: Path) -> str:
    """Return the words of a PDF."""
    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


class MemoryStore(KeyringBackend):
    """A key store of an operating system, as far as the app is concerned."""

    priority = 5  # type: ignore[assignment]  # keyring computes it for a class, here it is fixed

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]
