"""Undo and redo of commands."""

import pytest
from pytestqt.qtbot import QtBot

from mips_desk.errors import BadInputError
from mips_desk.services.changes import Changed, Changes
from mips_desk.ui.events import Events
from mips_desk.ui.jobs import SynchronousRunner
from mips_desk.ui.undo import LIMIT, UndoStack


class Notebook:
    """A thing with commands, as services have them: each returns `Changes` whose undo is a command too."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, line: str) -> Changes:
        self.lines.append(line)
        return Changes(Changed.USES, f"Add {line}", undo=lambda: self.remove(line))

    def remove(self, line: str) -> Changes:
        self.lines.remove(line)
        return Changes(Changed.USES, f"Remove {line}", undo=lambda: self.add(line))


class Desk:
    def __init__(self) -> None:
        self.jobs = SynchronousRunner()
        self.events = Events()
        self.jobs.succeeded.connect(self.events.publish)
        self.stack = UndoStack(self.jobs, self.events)
        self.book = Notebook()

    def add(self, line: str) -> None:
        self.jobs.write(lambda _: self.book.add(line))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk()


def test_back_and_forth(desk: Desk) -> None:
    for line in ("one", "two", "three"):
        desk.add(line)
    assert (desk.stack.undo_text, desk.stack.redo_text) == ("Add three", "")
    desk.stack.undo()
    desk.stack.undo()
    assert desk.book.lines == ["one"]
    assert (desk.stack.undo_text, desk.stack.redo_text) == ("Add one", "Add two")
    desk.stack.redo()
    assert desk.book.lines == ["one", "two"]
    desk.stack.undo()
    desk.stack.undo()
    desk.stack.undo()
    assert desk.book.lines == []
    assert desk.stack.undo_text == ""


def test_a_new_command_forgets_what_was_taken_back(desk: Desk) -> None:
    desk.add("one")
    desk.stack.undo()
    desk.add("two")
    assert desk.stack.redo_text == ""
    desk.stack.redo()
    assert desk.book.lines == ["two"]


def test_what_cannot_be_taken_back_is_not_offered(desk: Desk) -> None:
    desk.jobs.write(lambda _: Changes(Changed.EXPORTS, "Write the binder"))
    assert desk.stack.undo_text == ""


def test_every_change_is_told_once(desk: Desk) -> None:
    heard: list[str] = []
    desk.events.changed.connect(lambda changes, _: heard.append(changes.label))
    desk.add("one")
    desk.stack.undo()
    desk.stack.redo()
    assert heard == ["Add one", "Remove one", "Add one"]


def test_a_step_that_fails_is_told_and_gone(desk: Desk, qtbot: QtBot) -> None:
    def broken() -> Changes:
        raise BadInputError("It is read only.")

    desk.jobs.write(lambda _: Changes(Changed.USES, "Add", undo=broken))
    with qtbot.waitSignal(desk.jobs.failed):
        desk.stack.undo()
    assert (desk.stack.undo_text, desk.stack.redo_text) == ("", "")


def test_the_history_is_bounded(desk: Desk) -> None:
    for number in range(LIMIT + 5):
        desk.add(str(number))
    for _ in range(LIMIT + 5):
        desk.stack.undo()
    assert desk.book.lines == ["0", "1", "2", "3", "4"]


def test_clear(desk: Desk, qtbot: QtBot) -> None:
    desk.add("one")
    with qtbot.waitSignal(desk.stack.changed):
        desk.stack.clear()
    assert desk.stack.undo_text == ""
