"""Backups and checks while a practice is open and when it is closed; what Home and Settings say about them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from mips_desk.domain.practice import Role
from mips_desk.services import backups, people, setup
from mips_desk.services.backups import BackupPlan
from mips_desk.services.session import open_practice
from mips_desk.ui import care as care_module
from mips_desk.ui.application import Application
from mips_desk.ui.care import Care
from mips_desk.ui.jobs import JobRunner
from mips_desk.ui.pages.home import HomePage
from mips_desk.ui.pages.safety_cards import BackupCard, CheckCard
from mips_desk.ui.rooms import Room
from mips_desk.ui.start.opening import Opening
from mips_desk.ui.widgets.row_list import RowList

from .doors import cheapen
from .rooms import Practiced, small_practice

PASSPHRASE = "correct horse"


@pytest.fixture
def desk(theme, tmp_path: Path) -> Iterator[Practiced]:
    (tmp_path / "second place").mkdir()
    with small_practice(tmp_path) as made:
        yield made


def plan_for(desk: Practiced, folder: Path) -> None:
    backups.set_backup_plan(desk.session, BackupPlan(folder))


def made_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.mipsbackup"))


def rows(root: QWidget, name: str) -> dict[str, tuple[str, str]]:
    (found,) = root.findChildren(RowList, name)
    return {row.title: (row.chip, row.button) for row in found.rows}


def test_home_says_what_is_to_do_for_safe_keeping_and_leads_there(qtbot, desk, tmp_path):
    page = HomePage(desk)
    qtbot.addWidget(page)
    page.refresh()
    assert page.findChild(QWidget, "safe_keeping").isHidden()
    desk.care.look()
    page.show()
    assert rows(page, "care_rows") == {
        "Backup": ("to do", "Open"),
        "Check of the vault": ("all right", ""),
        "Recovery sheet": ("to do", "Open"),
    }
    went: list[tuple[Room, str]] = []
    desk.room_requested.connect(lambda room, target: went.append((room, target.part)))
    for button in page.findChild(RowList, "care_rows").findChildren(QPushButton):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert went == [(Room.SETTINGS, "safety"), (Room.SETTINGS, "people")]


def test_all_is_right_after_a_backup_a_check_and_a_sheet_that_was_tried(qtbot, desk, tmp_path):
    page = HomePage(desk)
    qtbot.addWidget(page)
    page.refresh()
    plan_for(desk, tmp_path / "second place")
    sheet = people.make_recovery(desk.session)
    assert people.try_recovery(desk.session, sheet.key)
    desk.care.check_now()
    desk.care.back_up()
    assert len(made_in(tmp_path / "second place")) == 1
    assert {chip for chip, _button in rows(page, "care_rows").values()} == {"all right"}


def test_what_is_due_runs_by_itself_and_only_once(qtbot, desk, tmp_path, monkeypatch):
    plan_for(desk, tmp_path / "second place")
    monkeypatch.setattr(care_module, "FIRST_MS", 0)
    care = Care(desk)
    care.start()
    qtbot.waitUntil(lambda: len(made_in(tmp_path / "second place")) == 1)
    care.look()
    assert care.backup is not None
    assert not care.backup.due
    care.stop()


def test_a_missing_drive_is_said_once_and_not_each_minute(qtbot, desk, tmp_path):
    plan_for(desk, tmp_path / "second place")
    (tmp_path / "second place").rmdir()
    desk.care.back_up()
    assert len(desk.said) == 1
    desk.care._tick()
    desk.care._tick()
    assert len(desk.said) == 1


def test_settings_choose_the_folder_and_make_a_backup_by_mouse(qtbot, desk, tmp_path):
    card = BackupCard(desk, lambda _parent: tmp_path / "second place")
    qtbot.addWidget(card)
    card.show()
    card.refresh()
    qtbot.mouseClick(card.findChild(QPushButton, "choose_backup_folder"), Qt.MouseButton.LeftButton)
    assert backups.backup_plan(desk.session).folder == tmp_path / "second place"
    assert "same drive" in card.findChild(QWidget, "backup_result").text
    qtbot.mouseClick(card.findChild(QPushButton, "back_up_now"), Qt.MouseButton.LeftButton)
    (file,) = made_in(tmp_path / "second place")
    assert file.name in card.findChild(QWidget, "backup_result").text
    assert [chip for chip, _ in rows(card, "backup_rows").values()] == ["read back"]
    file.unlink()
    card.refresh()
    assert [chip for chip, _ in rows(card, "backup_rows").values()] == ["not there now"]


def test_back_up_now_remembers_the_folder_that_it_asks_for(qtbot, desk, tmp_path):
    card = BackupCard(desk, lambda _parent: tmp_path / "second place")
    qtbot.addWidget(card)
    card.show()
    card.refresh()
    qtbot.mouseClick(card.findChild(QPushButton, "back_up_now"), Qt.MouseButton.LeftButton)
    assert len(made_in(tmp_path / "second place")) == 1
    assert backups.backup_plan(desk.session).folder == tmp_path / "second place"


def test_only_a_manager_can_say_where_backups_go_and_others_can_make_one(qtbot, desk, tmp_path):
    plan_for(desk, tmp_path / "second place")
    people.add_person(desk.session, "Lena Brandt", Role.HELPER, "maple tricycle")
    folder = desk.session.vault.folder
    desk.session.close()
    desk.session = open_practice(folder, "maple tricycle")
    card = BackupCard(desk)
    qtbot.addWidget(card)
    card.show()
    card.refresh()
    for name in ("choose_backup_folder", "backup_pause", "backup_after_session"):
        assert not card.findChild(QWidget, name).isEnabled(), name
    qtbot.mouseClick(card.findChild(QPushButton, "back_up_now"), Qt.MouseButton.LeftButton)
    assert len(made_in(tmp_path / "second place")) == 1
    card.hide()
    desk.session.close()


def test_a_folder_that_takes_no_backup_is_refused_where_it_was_chosen(qtbot, desk, tmp_path):
    card = BackupCard(desk, lambda _parent: desk.session.vault.folder)
    qtbot.addWidget(card)
    card.show()
    card.refresh()
    qtbot.mouseClick(card.findChild(QPushButton, "choose_backup_folder"), Qt.MouseButton.LeftButton)
    assert backups.backup_plan(desk.session).folder is None
    assert card.findChild(QWidget, "backup_result").text


def test_a_damaged_vault_is_named_by_the_check(qtbot, desk):
    card = CheckCard(desk)
    qtbot.addWidget(card)
    card.show()
    data = desk.session.vault.folder / "vault.db"
    log = data.with_name("vault.db-wal")
    for path in (data, log):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    qtbot.mouseClick(card.findChild(QPushButton, "check_now"), Qt.MouseButton.LeftButton)
    assert card.findChild(RowList, "check_problems").rows
    assert any("found damage" in message.text for message in desk.said)


@pytest.fixture
def ended() -> list[bool]:
    """Filled when the application ends the event loop."""
    return []


@pytest.fixture
def application(qtbot, theme, settings, tmp_path: Path, ended: list[bool], monkeypatch) -> Iterator[Application]:
    cheapen(monkeypatch)
    (tmp_path / "second place").mkdir()
    with small_practice(tmp_path) as desk:
        folder = desk.session.vault.folder
        plan_for(desk, tmp_path / "second place")
    made = Application(settings, theme, JobRunner(), folder=tmp_path / "data", quit_app=lambda: ended.append(True))
    made.start()
    made.open_practice(Opening(folder, PASSPHRASE))
    qtbot.waitUntil(lambda: made.main_window is not None, timeout=20_000)
    yield made
    made.put_away()
    made.stop()
    for window in (made.main_window, made.start_window):
        if window is not None:
            window.hide()
            window.deleteLater()


def test_closing_the_window_makes_the_backup_and_then_ends_the_app(qtbot, application, tmp_path, ended):
    window = application.main_window
    assert window is not None
    folder = window._desk.session.vault.folder
    window.close()
    qtbot.waitUntil(lambda: bool(ended), timeout=20_000)
    assert len(made_in(tmp_path / "second place")) == 1
    session = open_practice(folder, PASSPHRASE)
    assert backups.list_backups(session)[0].present
    session.close()


def test_unlocking_gives_the_backup_behind_the_lock_up(qtbot, application, tmp_path, monkeypatch):
    begun: list[bool] = []

    def endless(_session, _folder, _progress, check):
        begun.append(True)
        while True:
            check()

    monkeypatch.setattr(backups, "make_backup", endless)
    assert application.desk is not None
    setup.set_practice(application.desk.session, application.desk.view.practice.__class__("Another name"))
    folder = application.desk.session.vault.folder
    application.lock()
    qtbot.waitUntil(lambda: bool(begun), timeout=20_000)
    application.open_practice(Opening(folder, PASSPHRASE))
    qtbot.waitUntil(lambda: application.main_window is not None, timeout=20_000)
    assert made_in(tmp_path / "second place") == []
