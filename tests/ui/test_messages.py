"""Messages: one sentence, at most one action, and nothing that a person typed in the log."""

import logging

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from mips_desk.errors import BadInputError
from mips_desk.ui.messages import UNEXPECTED, Level, Message, Messages
from mips_desk.ui.widgets import message_bar
from mips_desk.ui.widgets.message_bar import MessageBar

from .conftest import accessible_name


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    made = MessageBar()
    qtbot.addWidget(made)
    made.setGeometry(300, 300, 600, 60)  # away from the pointer, which keeps a notice on the screen
    return made


def button(bar: MessageBar, text: str) -> QPushButton:
    return next(found for found in bar.findChildren(QPushButton) if found.text() == text)


def test_an_error_made_for_people_is_said_as_it_is(qtbot: QtBot) -> None:
    messages = Messages()
    with qtbot.waitSignal(messages.posted) as told:
        messages.failure(BadInputError("The file could not be read. Nothing was added."))
    assert told.args == [Message(Level.ERROR, "The file could not be read. Nothing was added.")]


def test_a_bug_is_said_in_general_and_logged_without_values(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    messages = Messages()
    with caplog.at_level(logging.ERROR), qtbot.waitSignal(messages.posted) as told:
        try:
            raise ValueError("Whitaker, Joan")
        except ValueError as error:
            messages.failure(error)
    assert told.args[0].text == UNEXPECTED
    assert "Whitaker" not in caplog.text + told.args[0].details
    assert "ValueError" in caplog.text


def test_the_bar_shows_and_closes(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_message(Message(Level.ERROR, "The folder is full."))
    assert bar.isVisible()
    assert bar.words.text() == "The folder is full."
    assert accessible_name(bar) == "The folder is full."
    with qtbot.waitSignal(bar.closed):
        qtbot.mouseClick(bar.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_escape_closes(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_message(Message(Level.WARNING, "Two desks are open."))
    qtbot.keyClick(bar.findChild(QToolButton), Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_the_action_runs_once_and_closes(bar: MessageBar, qtbot: QtBot) -> None:
    done: list[int] = []
    bar.show_message(Message(Level.INFO, "Added IA_BE_4.", "Undo", lambda: done.append(1)))
    qtbot.mouseClick(button(bar, "Undo"), Qt.MouseButton.LeftButton)
    assert done == [1]
    assert not bar.isVisible()


def test_details_are_hidden_until_asked_for(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_message(Message(Level.ERROR, "It failed.", details="BadInputError at mips_desk.store:12"))
    low = bar.sizeHint().height()
    qtbot.mouseClick(button(bar, "Details"), Qt.MouseButton.LeftButton)
    assert bar.sizeHint().height() > low
    bar.show_message(Message(Level.ERROR, "Another."))
    assert not button(bar, "Details").isVisible()


def test_only_notices_go_away_by_themselves(bar: MessageBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_bar, "NOTICE_MS", 20)
    bar.show_message(Message(Level.INFO, "Saved."))
    with qtbot.waitSignal(bar.closed):
        pass
    bar.show_message(Message(Level.WARNING, "Old backup."))
    with qtbot.assertNotEmitted(bar.closed, wait=80):
        pass
    assert bar.isVisible()


def test_a_notice_under_the_pointer_stays(bar: MessageBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_bar, "NOTICE_MS", 40)
    bar.show_message(Message(Level.INFO, "Saved."))
    spot = QPointF(5, 5)
    QApplication.sendEvent(bar, QEnterEvent(spot, spot, spot))
    with qtbot.assertNotEmitted(bar.closed, wait=120):
        pass
    with qtbot.waitSignal(bar.closed):
        QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))


def test_a_warning_after_a_notice_stays(bar: MessageBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_bar, "NOTICE_MS", 30)
    bar.show_message(Message(Level.INFO, "Saved."))
    bar.show_message(Message(Level.ERROR, "It failed."))
    with qtbot.assertNotEmitted(bar.closed, wait=100):
        pass


def test_markup_in_a_message_is_shown_as_typed(bar: MessageBar) -> None:
    bar.show_message(Message(Level.ERROR, "The file “<b>x</b>.png” could not be read."))
    assert bar.words.textFormat() is Qt.TextFormat.PlainText
