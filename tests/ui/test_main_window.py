"""The shell: rooms, menus, undo, messages, place and size, and a start that loads little."""

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from mips_desk.errors import BadInputError
from mips_desk.services.changes import Changed, Changes
from mips_desk.ui.actions import COMMANDS, Menu, build_menus, make_action
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.main_window import MainWindow
from mips_desk.ui.pages.page import Page
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import Theme, tokens
from mips_desk.ui.tokens import DARK
from mips_desk.ui.widgets.buttons import primary_button
from mips_desk.ui.widgets.empty_state import EmptyState

from .conftest import accessible_name, nameless, show_active

LEFT = Qt.MouseButton.LeftButton


class DemoPage(Page):
    """A room that counts what happens to it."""

    made: ClassVar[Counter[Room]] = Counter()

    def __init__(self, desk: Desk, room: Room) -> None:
        super().__init__(desk, room.label)
        DemoPage.made[room] += 1
        self.refreshed = 0
        self.target: object = None
        self.stays = False
        self.editor = QLineEdit()
        self.editor.setAccessibleName("Caption")
        self.body.addWidget(self.editor)
        self.body.addWidget(EmptyState("image", "No proof yet", "Add the first screenshot.", primary_button("Capture")))
        self.command = make_action(self, "&Use today", lambda: None, keys="Ctrl+Shift+U")

    def commands(self) -> Sequence[QAction]:
        return (self.command,)

    def refresh(self) -> None:
        self.refreshed += 1

    def open_target(self, target: object) -> None:
        self.target = target

    def can_leave(self) -> bool:
        return not self.stays


@pytest.fixture
def window(desk: Desk, theme: Theme, settings: QSettings, qtbot: QtBot) -> MainWindow:
    DemoPage.made.clear()
    pages = {room: lambda room=room: DemoPage(desk, room) for room in Room}
    handlers = {command.key: lambda: None for command in COMMANDS if command.menu in (Menu.FILE, Menu.HELP)}
    del handlers["lock"], handlers["quit"]
    made = MainWindow(pages, desk, theme, settings, handlers)
    qtbot.addWidget(made)
    made.resize(1280, 720)
    show_active(qtbot, made)
    return made


def page(window: MainWindow) -> DemoPage:
    assert isinstance(window.page, DemoPage)
    return window.page


def test_rooms_are_made_on_the_first_visit(window: MainWindow) -> None:
    assert not DemoPage.made
    assert (window.room, window.page) == (None, None)
    window.go(Room.HOME)
    window.go(Room.BINDER)
    window.go(Room.HOME)
    assert DemoPage.made == {Room.HOME: 1, Room.BINDER: 1}
    assert page(window).refreshed == 1


@pytest.mark.parametrize("room", list(Room))
def test_every_room_has_its_keys(window: MainWindow, qtbot: QtBot, room: Room) -> None:
    window.go(Room.HOME)
    number = Qt.Key(Qt.Key.Key_1 + list(Room).index(room))
    qtbot.keyClick(window, number, Qt.KeyboardModifier.ControlModifier)
    assert window.room is room
    assert window.rail.room is room
    assert page(window).isVisible()


def test_every_room_is_a_click_away(window: MainWindow, qtbot: QtBot) -> None:
    for button in window.rail.findChildren(QPushButton):
        qtbot.mouseClick(button, LEFT)
        assert accessible_name(button).startswith(window.room.label if window.room else "?")


def test_links_open_a_room_with_the_right_thing(window: MainWindow, desk: Desk) -> None:
    desk.open_room("evidence", "sel1", "ev1")
    assert window.room is Room.EVIDENCE
    assert page(window).target == Target("sel1", "ev1")


def test_a_page_can_stay(window: MainWindow, qtbot: QtBot) -> None:
    window.go(Room.EVIDENCE)
    page(window).stays = True
    qtbot.mouseClick(window.rail.findChildren(QPushButton)[0], LEFT)
    assert (window.room, window.rail.room) == (Room.EVIDENCE, Room.EVIDENCE)
    assert not window.close()
    page(window).stays = False
    assert window.close()


def test_hidden_pages_wait_until_they_are_shown(window: MainWindow) -> None:
    window.go(Room.HOME)
    home = page(window)
    window.go(Room.CHOOSE)
    home.mark_stale()
    home.mark_stale()
    assert home.refreshed == 1
    window.go(Room.HOME)
    assert home.refreshed == 2
    home.mark_stale()
    assert home.refreshed == 3


def test_each_room_brings_its_menu(window: MainWindow, qtbot: QtBot) -> None:
    def titles() -> list[str]:
        return [action.text() for action in window.menuBar().actions() if action.isVisible()]

    window.go(Room.DATES)
    assert titles() == ["&File", "&Edit", "&View", "Dates of use", "&Help"]
    dates = page(window)
    with qtbot.waitSignal(dates.command.triggered):
        qtbot.keyClick(window, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    window.go(Room.BINDER)
    with qtbot.assertNotEmitted(dates.command.triggered), qtbot.waitSignal(page(window).command.triggered):
        qtbot.keyClick(window, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def test_no_two_commands_share_keys() -> None:
    keys = Counter(QKeySequence(command.keys).toString() for command in COMMANDS if command.keys)
    assert [sequence for sequence, count in keys.items() if count > 1] == []
    assert len({command.key for command in COMMANDS}) == len(COMMANDS)


def test_every_command_stands_in_a_menu(window: MainWindow) -> None:
    shown = {
        action.text().replace("&", "")
        for menu in window.menuBar().findChildren(QMenu)
        for action in menu.actions()
        if not action.isSeparator()
    }
    assert {command.text.replace("&", "") for command in COMMANDS} <= shown


def test_an_unknown_handler_is_found_at_once(window: MainWindow) -> None:
    with pytest.raises(KeyError):
        build_menus(window.menuBar(), window, {"fly": lambda: None})


def test_undo_and_redo_by_keys_and_menu(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    lines: list[str] = []

    def add() -> Changes:
        lines.append("use")
        return Changes(Changed.EXPORTS, "Log Mar 4", undo=remove)

    def remove() -> Changes:
        lines.pop()
        return Changes(Changed.EXPORTS, "Remove Mar 4", undo=add)

    window.go(Room.DATES)
    undo, redo = window.actions_by_key["undo"], window.actions_by_key["redo"]
    assert (undo.text(), undo.isEnabled(), redo.isEnabled()) == ("&Undo", False, False)
    desk.jobs.write(lambda _: add())
    assert (undo.text(), undo.isEnabled()) == ("&Undo Log Mar 4", True)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert lines == []
    assert redo.text() == "&Redo Log Mar 4"
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert lines == ["use"]
    undo.trigger()
    assert lines == []


def test_typing_is_undone_in_the_field_first(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.jobs.write(lambda _: Changes(Changed.EXPORTS, "Log", undo=lambda: pytest.fail("the vault was changed")))
    window.go(Room.EVIDENCE)
    editor = page(window).editor
    editor.setFocus()
    qtbot.keyClicks(editor, "June")
    qtbot.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.text() == ""


def test_errors_stand_above_the_page_and_stay(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    window.go(Room.HOME)
    desk.jobs.work(lambda _: (_ for _ in ()).throw(BadInputError("The file could not be read.")))
    assert window.message_bar.isVisible()
    assert window.message_bar.words.text() == "The file could not be read."
    top = page(window).mapTo(window, page(window).rect().topLeft()).y()
    qtbot.mouseClick(window.message_bar.findChild(QToolButton), LEFT)
    assert not window.message_bar.isVisible()
    qtbot.waitUntil(lambda: page(window).mapTo(window, page(window).rect().topLeft()).y() < top)


def test_notices_move_nothing(window: MainWindow, desk: Desk) -> None:
    window.go(Room.HOME)
    before = page(window).geometry()
    desk.messages.info("Added IA_BE_4.", "Undo", lambda: None)
    assert window.notice.isVisible()
    assert page(window).geometry() == before
    inside = window.notice.geometry()
    assert window.notice.parentWidget().rect().contains(inside)
    desk.messages.clear()
    assert not window.notice.isVisible()


def test_the_view_fills_the_shell(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    assert accessible_name(window.rail.findChildren(QPushButton)[2]) == "Evidence, 2 waiting"
    assert window.status_line.state.startswith("All changes saved 10:32")
    with qtbot.waitSignal(desk.lock_requested):
        qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def test_a_closed_year_is_said_at_the_bottom_until_another_is_shown(window: MainWindow, desk: Desk) -> None:
    desk.view.closed = object()
    desk.view_changed.emit(desk.view)
    desk.jobs.succeeded.emit(Changes(Changed.NOTHING, ""), None)
    assert window.status_line.state == "2024 is closed: nothing in it can be changed"
    desk.view.closed = None
    desk.view_changed.emit(desk.view)
    assert window.status_line.state.startswith("All changes saved")


def test_every_control_has_a_name(window: MainWindow, desk: Desk) -> None:
    for room in Room:
        window.go(room)
        assert nameless(window) == []
    desk.messages.error("It failed.", details="here")
    assert nameless(window) == []


def test_tab_reaches_every_control(window: MainWindow, qtbot: QtBot) -> None:
    window.go(Room.HOME)
    wanted = {
        widget
        for widget in window.findChildren(QPushButton)
        + window.findChildren(QLineEdit)
        + window.findChildren(QToolButton)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    }
    reached = set()
    for _ in range(4 * len(wanted)):
        qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        reached.add(window.focusWidget())
    # The rail is one stop of the Tab key; arrows go on from there.
    missed = {widget for widget in wanted - reached if not window.rail.isAncestorOf(widget)}
    assert {accessible_name(widget) for widget in missed} == set()
    assert any(window.rail.isAncestorOf(widget) for widget in reached)


def test_appearance_and_text_size_from_the_menu(window: MainWindow, settings: QSettings, qtbot: QtBot) -> None:
    window.go(Room.HOME)
    dark = next(action for action in window.findChildren(QAction) if action.text() == "Dark")
    dark.trigger()
    assert tokens() is DARK
    qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert (settings.value("appearance"), int(str(settings.value("text_scale")))) == ("dark", 115)
    wide = window.rail.width()
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert window.rail.width() != wide
    light = next(action for action in window.findChildren(QAction) if action.text() == "Light")
    light.trigger()


def test_place_and_size_are_remembered(
    window: MainWindow, desk: Desk, theme: Theme, settings: QSettings, qtbot: QtBot
) -> None:
    window.resize(700, 500)
    window.close()
    again = MainWindow({}, desk, theme, settings)
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (700, 500)


def test_damaged_settings_do_no_harm(desk: Desk, theme: Theme, settings: QSettings, qtbot: QtBot) -> None:
    settings.setValue("window/geometry", "nonsense")
    made = MainWindow({}, desk, theme, settings)
    qtbot.addWidget(made)
    assert made.width() >= 600
    made.go(Room.HOME)  # a room without a page is passed over
    assert made.page is None


@pytest.mark.parametrize(
    ("size", "scale"), [((640, 360), 100), ((1280, 720), 100), ((1280, 720), 200), ((2560, 1440), 200)]
)
def test_the_shell_fits_every_size(window: MainWindow, theme: Theme, size: tuple[int, int], scale: int) -> None:
    theme.set_text_scale(scale)
    window.resize(*size)
    window.go(Room.HOME)
    for widget in (window.rail, window.top_bar, window.status_line):
        assert widget.isVisible()
        corner = widget.mapTo(window, widget.rect().bottomRight())
        assert window.rect().contains(corner), type(widget).__name__
    buttons = window.rail.findChildren(QPushButton)
    assert all(above.geometry().bottom() < below.geometry().top() for above, below in pairwise(buttons))


def test_start_loads_no_library_of_the_vault() -> None:
    """Pictures, PDF and keys are loaded after the window is on the screen."""
    heavy = ("PIL", "reportlab", "cryptography", "pikepdf", "pypdfium2", "sqlcipher3", "argon2")
    code = f"import sys, mips_desk.ui.main_window; print([name for name in {heavy!r} if name in sys.modules])"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
