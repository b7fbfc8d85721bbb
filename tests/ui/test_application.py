"""From nothing to a running practice and back to the lock, through the real windows."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QWidget,
)

from mips_desk.domain.practice import Level, SpecialStatus
from mips_desk.errors import BadInputError
from mips_desk.services import choose, setup
from mips_desk.services.session import open_practice
from mips_desk.ui.application import Application
from mips_desk.ui.jobs import SynchronousRunner
from mips_desk.ui.pages.page import Page
from mips_desk.ui.recent import recent
from mips_desk.ui.rooms import Room
from mips_desk.ui.tokens import Appearance

from .conftest import nameless, show_active

PASSPHRASE = "maple tricycle sunday harbor"


@pytest.fixture
def application(qtbot, theme, settings, tmp_path: Path) -> Iterator[Application]:
    made = Application(settings, theme, SynchronousRunner(), ask=lambda _question: True, folder=tmp_path / "data")
    made.start()
    show_active(qtbot, made.start_window)
    yield made
    made.stop()
    for window in (made.main_window, made.start_window):
        if window is not None:
            window.hide()
            window.deleteLater()


def one(root: QWidget, kind: type, name: str):
    found = root.findChild(kind, name)
    assert found is not None, name
    return found


def click(qtbot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def error(root: QWidget, name: str) -> str:
    note = one(root, QWidget, name)
    return note.findChild(QLabel).text() if note.isVisible() else ""


def fill(qtbot, window: QWidget, name: str, text: str) -> None:
    qtbot.keyClicks(one(window, QLineEdit, name), text)


def run_wizard(qtbot, window: QWidget) -> None:
    """Answer the five pages by mouse and keyboard."""
    click(qtbot, one(window, QWidget, "start_practice"))
    onward = one(window, QPushButton, "wizard_next")
    fill(qtbot, window, "practice_name", "Elm Street Family Practice")
    fill(qtbot, window, "tin", "12-3456789")
    fill(qtbot, window, "person", "Dana Whitfield")
    click(qtbot, onward)
    one(window, QSpinBox, "clinician_count").setValue(18)
    click(qtbot, onward)
    one(window, QPlainTextEdit, "clinicians").setPlainText("Abena Osei\t1234567893\tMD\nLena Brandt\t\tNP")
    click(qtbot, onward)
    year = one(window, QComboBox, "year")
    year.setCurrentIndex(year.findText("2024"))
    click(qtbot, onward)
    fill(qtbot, window, "new_passphrase", PASSPHRASE)
    fill(qtbot, window, "repeat_passphrase", PASSPHRASE)
    click(qtbot, onward)


def leave_sheet(qtbot, window: QWidget) -> None:
    """Pass over the recovery sheet."""
    click(qtbot, one(window, QPushButton, "sheet_later"))


@pytest.fixture
def opened(qtbot, application: Application) -> Application:
    """A practice that the wizard made, on Home."""
    run_wizard(qtbot, application.start_window)
    leave_sheet(qtbot, application.start_window)
    assert application.main_window is not None
    with qtbot.waitActive(application.main_window):
        application.main_window.activateWindow()
    return application


def test_first_start_shows_the_ways_in_with_the_keyboard_on_the_first(application):
    focused = application.start_window.focusWidget()
    assert focused is not None
    assert focused.objectName() == "start_practice"
    assert nameless(application.start_window) == []


def test_the_wizard_makes_a_practice_and_shows_its_home(opened, settings: QSettings):
    assert opened.desk is not None
    view = opened.desk.view
    assert opened.main_window.room is Room.HOME
    assert not opened.start_window.isVisible()
    assert view.practice.name == "Elm Street Family Practice"
    assert [c.shown_name for c in view.clinicians] == ["Abena Osei, MD", "Lena Brandt, NP"]
    assert (view.year, view.profile.level, view.profile.special_statuses) == (2024, Level.GROUP, frozenset())
    assert [folder.name for folder in recent(settings)] == ["Elm Street Family Practice.mipsvault"]


def test_the_wizard_works_by_keyboard_alone(qtbot, application):
    window = application.start_window
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    qtbot.keyClicks(window.focusWidget(), "Oak Avenue Pediatrics")
    for _ in range(3):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClicks(window.focusWidget(), "Sam Ortiz")
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Up)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    while window.focusWidget().objectName() != "wizard_next":
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    qtbot.keyClicks(window.focusWidget(), PASSPHRASE)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClicks(window.focusWidget(), PASSPHRASE)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    while window.focusWidget().objectName() != "sheet_later":
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert application.desk is not None
    profile = application.desk.view.profile
    assert application.desk.view.practice.name == "Oak Avenue Pediatrics"
    assert (profile.npis_total, profile.special_statuses) == (2, frozenset({SpecialStatus.SMALL_PRACTICE}))


def test_each_page_of_the_wizard_says_what_to_correct(qtbot, application):
    window = application.start_window
    click(qtbot, one(window, QWidget, "start_practice"))
    onward = one(window, QPushButton, "wizard_next")
    click(qtbot, onward)
    assert error(window, "wizard_error") == "Enter the name of the practice."
    fill(qtbot, window, "practice_name", "Elm")
    fill(qtbot, window, "tin", "123")
    click(qtbot, onward)
    assert error(window, "wizard_error").startswith("A TIN has nine digits")
    one(window, QLineEdit, "tin").clear()
    click(qtbot, onward)
    assert error(window, "wizard_error") == "Enter your own name."
    fill(qtbot, window, "person", "Dana")
    click(qtbot, onward)
    click(qtbot, onward)
    one(window, QPlainTextEdit, "clinicians").setPlainText("Abena Osei, 1234567894")
    click(qtbot, onward)
    assert "check digit" in error(window, "wizard_error")
    one(window, QPlainTextEdit, "clinicians").setPlainText("")
    click(qtbot, onward)
    click(qtbot, onward)
    fill(qtbot, window, "new_passphrase", "short")
    click(qtbot, onward)
    assert error(window, "wizard_error").startswith("The passphrase is too short.")
    fill(qtbot, window, "new_passphrase", " but longer now")
    fill(qtbot, window, "repeat_passphrase", "another")
    click(qtbot, onward)
    assert error(window, "wizard_error") == "The two passphrases differ. Type the second one again."
    assert application.desk is None


def test_the_number_of_clinicians_sets_small_practice_by_itself(qtbot, application):
    window = application.start_window
    click(qtbot, one(window, QWidget, "start_practice"))
    count, small = one(window, QSpinBox, "clinician_count"), one(window, QWidget, "status_small_practice")
    count.setValue(15)
    assert small.isChecked()
    count.setValue(16)
    assert not small.isChecked()


def test_escape_leads_back_out_of_the_wizard(qtbot, application):
    window = application.start_window
    click(qtbot, one(window, QWidget, "start_practice"))
    qtbot.keyClick(window.wizard, Qt.Key.Key_Escape)
    assert window.welcome.isVisible()


def test_locking_takes_everything_off_the_screen_and_forgets_it(qtbot, opened):
    window = opened.main_window
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert opened.main_window is None
    assert opened.desk is None
    assert not window.isVisible()
    start = opened.start_window
    assert start.isVisible()
    assert one(start, QLineEdit, "passphrase").text() == ""
    assert start.focusWidget().objectName() == "passphrase"


def test_a_wrong_passphrase_is_one_sentence_and_the_field_keeps_the_keyboard(qtbot, opened):
    opened.lock()
    window = opened.start_window
    fill(qtbot, window, "passphrase", "wrong")
    qtbot.keyClick(one(window, QLineEdit, "passphrase"), Qt.Key.Key_Return)
    assert error(window, "unlock_error").startswith("That passphrase does not open this vault.")
    assert window.focusWidget().objectName() == "passphrase"
    assert opened.desk is None
    # What was typed is selected, so the next try replaces it.
    fill(qtbot, window, "passphrase", PASSPHRASE)
    assert error(window, "unlock_error") == ""
    click(qtbot, one(window, QPushButton, "unlock"))
    assert opened.desk is not None
    assert opened.main_window.isVisible()


def test_an_empty_passphrase_is_not_tried(qtbot, opened):
    opened.lock()
    window = opened.start_window
    click(qtbot, one(window, QPushButton, "unlock"))
    assert error(window, "unlock_error") == "Enter your passphrase."


def test_a_practice_opened_to_read_only_says_so_and_disables_its_commands(qtbot, opened):
    folder = opened.desk.session.vault.folder
    opened.lock()
    window = opened.start_window
    assert not one(window, QWidget, "read_only").isVisible(), "nobody else is known to work in it"
    fill(qtbot, window, "passphrase", PASSPHRASE)
    with closing(open_practice(folder, PASSPHRASE)):
        click(qtbot, one(window, QPushButton, "unlock"))
        assert "Dana Whitfield has this vault open" in error(window, "unlock_error")
        assert opened.main_window is None
        assert window.focusWidget() is one(window, QPushButton, "read_only")
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    main = opened.main_window
    assert main.status_line.state == "Read only: nothing can be changed"
    main.go(Room.CHOOSE)
    assert not one(main.page, QPushButton, "choose_primary").isEnabled()
    main.go(Room.SETTINGS)
    assert not one(main.page, QPushButton, "add_clinician").isEnabled()


def test_read_only_is_not_offered_for_a_wrong_passphrase(qtbot, opened):
    folder = opened.desk.session.vault.folder
    opened.lock()
    window = opened.start_window
    with closing(open_practice(folder, PASSPHRASE)):
        fill(qtbot, window, "passphrase", PASSPHRASE)
        click(qtbot, one(window, QPushButton, "unlock"))
        assert one(window, QWidget, "read_only").isVisible()
        opened.start_window.show_unlock(folder)
        assert not one(window, QWidget, "read_only").isVisible()
        fill(qtbot, window, "passphrase", "some other words")
        click(qtbot, one(window, QPushButton, "unlock"))
    assert not one(window, QWidget, "read_only").isVisible()


def test_a_practice_that_cannot_be_made_says_why_and_keeps_the_answers(qtbot, application, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "Practices").write_text("a file in the place of the folder")
    window = application.start_window
    run_wizard(qtbot, window)
    assert application.main_window is None
    assert error(window, "wizard_error").startswith("The folder for practices could not be made.")
    assert one(window, QLineEdit, "new_passphrase").text() == PASSPHRASE
    assert one(window, QPushButton, "wizard_next").text() == "Start the practice"


def test_half_a_practice_does_not_stand_in_the_way_of_the_next_try(qtbot, application, tmp_path, monkeypatch):
    def full(*_args):
        raise BadInputError("The disk is full.")

    window = application.start_window
    with monkeypatch.context() as patched:
        patched.setattr(setup, "put_clinicians", full)
        run_wizard(qtbot, window)
    assert error(window, "wizard_error") == "The disk is full."
    assert list((tmp_path / "data" / "Practices").iterdir()) == []
    click(qtbot, one(window, QPushButton, "wizard_next"))
    leave_sheet(qtbot, window)
    assert application.main_window is not None


def test_the_rooms_are_read_while_the_first_window_is_looked_at(application, monkeypatch):
    wanted = [f"mips_desk.ui.pages.{room.value}" for room in Room]
    read = []
    monkeypatch.setattr("mips_desk.ui.application.import_module", read.append)
    application.warm_up()
    assert read == wanted
    assert all(find_spec(name) for name in wanted)


def test_the_rooms_are_made_ahead_without_a_change_of_what_is_shown(qtbot, opened):
    main = opened.main_window
    focused = main.focusWidget()
    main.make_ahead()
    qtbot.waitUntil(lambda: len(main.findChildren(Page)) == len(Room), timeout=20_000)
    cheap = [page for page in main.findChildren(Page) if page.fill_ahead]
    assert len(cheap) == len(Room) - 1
    qtbot.waitUntil(lambda: not any(page.stale for page in cheap), timeout=20_000)
    # The pages of a binder are laid out, and their pictures read, only for who looks at them.
    (binder,) = set(main.findChildren(Page)) - set(cheap)
    assert (binder.objectName(), binder.stale) == ("binder_page", True)
    assert main.room is Room.HOME
    assert main.focusWidget() is focused
    assert [page for page in main.findChildren(Page) if page.isVisible()] == [main.page]
    made = set(main.findChildren(Page))
    for room in Room:
        main.go(room)
        assert main.page.isVisible()
        assert main.page in made


def test_who_opens_another_practice_and_cancels_goes_on_working(qtbot, opened, tmp_path):
    main = opened.main_window
    chosen: list[Path | None] = [None, tmp_path / "Other.mipsvault"]
    opened._ask_folder = lambda _parent: chosen.pop(0)
    main.actions_by_key["open_practice"].trigger()
    assert opened.main_window is main
    assert main.isVisible()
    main.actions_by_key["open_practice"].trigger()
    assert opened.main_window is None
    assert opened.start_window.unlock.isVisible()


def test_a_stray_escape_keeps_what_was_typed_in_the_wizard(qtbot, application):
    window = application.start_window
    click(qtbot, one(window, QWidget, "start_practice"))
    name = one(window, QLineEdit, "practice_name")
    qtbot.keyClicks(name, "Elm Street")
    qtbot.keyClick(name, Qt.Key.Key_Escape)
    assert name.isVisible()
    assert name.text() == "Elm Street"
    name.clear()
    qtbot.keyClick(name, Qt.Key.Key_Escape)
    assert window.welcome.isVisible()


def test_a_wrong_tin_takes_the_keyboard_back_to_it(qtbot, application):
    window = application.start_window
    click(qtbot, one(window, QWidget, "start_practice"))
    fill(qtbot, window, "practice_name", "Elm Street")
    fill(qtbot, window, "tin", "123")
    fill(qtbot, window, "person", "Dana")
    click(qtbot, one(window, QPushButton, "wizard_next"))
    assert "nine digits" in error(window, "wizard_error")
    assert window.focusWidget() is one(window, QLineEdit, "tin")


def test_a_known_practice_is_offered_at_the_next_start(qtbot, theme, settings, tmp_path, opened):
    opened.lock()
    again = Application(settings, theme, SynchronousRunner(), folder=tmp_path / "data")
    again.start()
    assert again.start_window.unlock.isVisible()
    again.start_window.hide()
    again.start_window.deleteLater()


def test_from_the_wizard_to_an_activity_and_its_dates(qtbot, opened):
    main = opened.main_window
    click(qtbot, one(main.page, QPushButton, "choose_activity"))
    assert main.room is Room.CHOOSE
    fill(qtbot, main.page, "search", "IA_BE_4")
    qtbot.keyClick(one(main.page, QLineEdit, "search"), Qt.Key.Key_Return)
    click(qtbot, one(main.page, QPushButton, "choose_primary"))
    part = opened.desk.view.chosen("IA_BE_4")
    assert part is not None
    qtbot.keyClick(main, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert main.room is Room.DATES
    calendar = one(main.page, QWidget, "calendar")
    spot = calendar.grid.day_rect(date(2024, 3, 4)).center().toPoint()
    qtbot.mouseClick(calendar, Qt.MouseButton.LeftButton, pos=spot)
    assert [use.day for use in opened.desk.view.chosen("IA_BE_4").uses] == [date(2024, 3, 4)]


def test_every_room_has_names_for_what_takes_the_keyboard(opened):
    main = opened.main_window
    for room in (Room.HOME, Room.CHOOSE, Room.DATES, Room.PORTAL, Room.SETTINGS):
        main.go(room)
        assert nameless(main) == [], room


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_the_theme_switches_live_from_settings(qtbot, opened, theme, appearance):
    main = opened.main_window
    main.go(Room.SETTINGS)
    click(qtbot, one(main.page, QWidget, "section_appearance"))
    choice = one(main.page, QWidget, f"appearance_{appearance}")
    choice.click()
    assert theme.appearance is appearance
    window_color = main.palette().window().color().lightness()
    assert (window_color < 128) is (appearance is Appearance.DARK)


@pytest.mark.parametrize("room", [Room.HOME, Room.CHOOSE, Room.DATES, Room.PORTAL, Room.SETTINGS])
def test_nothing_is_cut_off_sideways_in_a_small_window(qtbot, opened, room):
    main = opened.main_window
    main.resize(1280, 720)
    main.go(room)
    qtbot.waitUntil(lambda: main.page.width() > 800)
    area = main.page.width()
    for widget in main.page.findChildren(QWidget):
        if widget.isVisible() and isinstance(widget, (QPushButton, QLabel, QLineEdit, QComboBox)):
            left = widget.mapTo(main.page, QPoint(0, 0)).x()
            assert left >= 0
            assert left + widget.width() <= area, widget.objectName()


@pytest.mark.parametrize("room", [Room.HOME, Room.DATES, Room.PORTAL, Room.SETTINGS])
@pytest.mark.parametrize("percent", [150, 200])
def test_large_text_in_a_small_window_scrolls_down_and_never_sideways(qtbot, theme, opened, room, percent):
    desk, main = opened.desk, opened.main_window
    desk.change(lambda: choose.add(desk.session, 2024, "IA_BE_4"))
    main.resize(1280, 720)
    theme.set_text_scale(percent)
    main.go(room)
    qtbot.waitUntil(lambda: main.page.width() > 800)
    area = main.page.findChild(QScrollArea)
    qtbot.waitUntil(lambda: area.widget().width() <= area.viewport().width())


def test_the_sample_is_made_once_and_its_lock_names_its_passphrase(qtbot, application):
    window = application.start_window
    click(qtbot, one(window, QWidget, "open_sample"))
    assert application.desk is not None
    assert application.desk.view.selections
    vault = application.desk.session.vault.folder
    made = vault.stat().st_mtime_ns
    application.lock()
    told = one(window, QWidget, "unlock_told").text
    fill(qtbot, window, "passphrase", told.split("“")[1].split("”")[0])
    qtbot.keyClick(one(window, QLineEdit, "passphrase"), Qt.Key.Key_Return)
    assert application.desk is not None
    application.lock()
    application.open_sample()
    assert application.desk is not None
    assert application.desk.session.vault.folder == vault
    assert vault.is_dir()
    assert made
