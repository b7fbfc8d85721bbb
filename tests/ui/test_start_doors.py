"""The ways into a practice beside its passphrase: a backup, a move out of a synced folder, who stands at the door."""

import re
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QPlainTextEdit, QWidget

from mips_desk.services import backups, people
from mips_desk.services.people import PersonAtDoor, RecoverySheet
from mips_desk.services.session import open_practice
from mips_desk.ui import capture_guard
from mips_desk.ui.application import Application
from mips_desk.ui.recent import forget, last_person, recent, remember_person
from mips_desk.ui.start.opening import Opening
from mips_desk.ui.start.restore import RestorePage

from .conftest import nameless
from .doors import NEW, PASSPHRASE, at_the_door, cheapen, click, enabled, one, pdf_text, said
from .rooms import HeldJobs, small_practice

DANA = PersonAtDoor("dana", "Dana Whitfield", needs_key_file=False, this_computer=False)
SAM = PersonAtDoor("sam", "Sam Ortiz", needs_key_file=True, this_computer=False)
LENA = PersonAtDoor("lena", "Lena Brandt", needs_key_file=False, this_computer=True)


@pytest.fixture
def application(qtbot, theme, settings, tmp_path: Path, monkeypatch) -> Iterator[Application]:
    cheapen(monkeypatch)
    with at_the_door(qtbot, theme, settings, tmp_path / "data") as made:
        yield made


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A closed practice."""
    (tmp_path / "made").mkdir()
    with small_practice(tmp_path / "made") as desk:
        return desk.session.vault.folder


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    (tmp_path / "made").mkdir()
    (tmp_path / "usb").mkdir()
    with small_practice(tmp_path / "made") as desk:
        return backups.make_backup(desk.session, tmp_path / "usb").path


def picks(monkeypatch: pytest.MonkeyPatch, how: str, *paths: Path | None) -> None:
    """Answer the system's file dialogs, one path after the other."""
    left = list(paths)

    def answer(*_args: object) -> object:
        path = left.pop(0)
        text = str(path) if path is not None else ""
        return text if how == "getExistingDirectory" else (text, "")

    monkeypatch.setattr(QFileDialog, how, answer)


# ---------------------------------------------------------------------- who it is


def wishes(application: Application) -> list[Opening]:
    """Collect what is asked of the application instead of opening it."""
    asked: list[Opening] = []
    application.start_window.open_requested.disconnect()
    application.start_window.open_requested.connect(asked.append)
    return asked


def test_one_person_is_not_asked_who_it_is(application, vault):
    start = application.start_window
    start.show_unlock(vault)
    assert not one(start, QWidget, "unlock_person").isVisible()
    assert not one(start, QWidget, "unlock_key_file").isVisible()
    assert not one(start, QWidget, "open_here").isVisible()


def test_several_people_choose_and_the_last_one_of_this_computer_is_chosen_already(qtbot, application, vault):
    start = application.start_window
    start.show_unlock(vault)
    asked = wishes(application)
    start.set_people(vault, (DANA, SAM, LENA), "lena")
    who = one(start, QComboBox, "unlock_person")
    assert who.isVisible()
    assert who.currentText() == "Lena Brandt"
    assert nameless(start) == []
    who.setCurrentIndex(0)
    qtbot.keyClicks(one(start, QLineEdit, "passphrase"), "some words")
    qtbot.keyClick(one(start, QLineEdit, "passphrase"), Qt.Key.Key_Return)
    assert asked == [Opening(vault, "some words", "dana")]


def test_people_of_another_practice_are_passed_over(application, vault, tmp_path):
    start = application.start_window
    start.show_unlock(vault)
    start.set_people(tmp_path / "Other.mipsvault", (DANA, SAM), "")
    assert not one(start, QWidget, "unlock_person").isVisible()


def test_who_has_a_key_file_is_asked_for_it(qtbot, application, vault, monkeypatch, tmp_path):
    start = application.start_window
    start.show_unlock(vault)
    asked = wishes(application)
    start.set_people(vault, (DANA, SAM), "sam")
    assert one(start, QWidget, "unlock_key_file").isVisible()
    qtbot.keyClicks(one(start, QLineEdit, "passphrase"), "some words")
    click(qtbot, start, "unlock")
    assert said(start, "unlock_error").startswith("Choose your key file too.")
    picks(monkeypatch, "getOpenFileName", None, tmp_path / "stick.txt")
    click(qtbot, start, "choose_key_file")
    click(qtbot, start, "choose_key_file")
    assert start.focusWidget().objectName() == "passphrase"
    click(qtbot, start, "unlock")
    assert asked == [Opening(vault, "some words", "sam", tmp_path / "stick.txt")]


def test_a_trusted_computer_opens_with_one_key(qtbot, application, vault):
    start = application.start_window
    start.show_unlock(vault)
    asked = wishes(application)
    start.set_people(vault, (DANA, LENA), "lena")
    assert start.focusWidget().objectName() == "open_here"
    qtbot.keyClick(start.focusWidget(), Qt.Key.Key_Return)
    assert asked == [Opening(vault, person_id="lena", this_computer=True)]
    start.unlock.failed("Somebody has it open.", in_use=True)
    qtbot.keyClick(start.focusWidget(), Qt.Key.Key_Space)
    assert asked[1] == Opening(vault, person_id="lena", read_only=True, this_computer=True)


def test_only_the_identifier_of_the_last_person_is_remembered(settings, tmp_path):
    folder = tmp_path / "Riverside.mipsvault"
    assert last_person(settings, folder) == ""
    remember_person(settings, folder, "dana-id")
    assert last_person(settings, folder) == "dana-id"
    assert last_person(settings, tmp_path / "Other.mipsvault") == ""
    settings.sync()
    assert "Riverside" not in Path(settings.fileName()).read_text()
    forget(settings, folder)
    assert last_person(settings, folder) == ""


def test_a_secret_never_stands_in_the_text_of_a_wish():
    assert "horse" not in repr(Opening(Path("x"), "correct horse", recovery_key="horse"))


# ---------------------------------------------------------------------- a backup


def test_a_backup_is_looked_at_restored_and_opened(qtbot, application, backup, monkeypatch, settings, tmp_path):
    start = application.start_window
    click(qtbot, start, "restore_backup")
    assert not enabled(start, "restore_now")
    assert nameless(start) == []
    picks(monkeypatch, "getOpenFileName", None, backup)
    click(qtbot, start, "choose_backup")
    assert not enabled(start, "restore_now")
    click(qtbot, start, "choose_backup")
    told = said(start, "backup_told")
    assert told.startswith("Riverside, as it was on Sep 19, 2024")
    assert "2 exhibits" in told
    assert told.endswith("Every byte of the file was checked.")
    assert start.focusWidget().objectName() == "restore_passphrase"
    assert nameless(start) == []
    click(qtbot, start, "restore_now")
    assert said(start, "restore_error").startswith("Enter a passphrase of this practice")
    qtbot.keyClicks(one(start, QLineEdit, "restore_passphrase"), "wrong words")
    qtbot.keyClick(one(start, QLineEdit, "restore_passphrase"), Qt.Key.Key_Return)
    assert "does not open" in said(start, "restore_error")
    assert application.desk is None
    one(start, QLineEdit, "restore_passphrase").clear()
    qtbot.keyClicks(one(start, QLineEdit, "restore_passphrase"), PASSPHRASE)
    click(qtbot, start, "restore_now")
    assert application.desk is not None
    vault = application.desk.session.vault
    assert vault.folder == tmp_path / "data" / "Practices" / "Riverside.mipsvault"
    assert recent(settings) == (vault.folder,)
    assert [item.caption for item in vault.evidence(2024)] == ["Picture 1", "Picture 2"]


def test_a_damaged_backup_is_named_and_nothing_can_be_restored(qtbot, application, backup, monkeypatch):
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 1
    backup.write_bytes(bytes(data))
    start = application.start_window
    click(qtbot, start, "restore_backup")
    picks(monkeypatch, "getOpenFileName", backup)
    click(qtbot, start, "choose_backup")
    assert said(start, "restore_error")
    assert not enabled(start, "restore_now")


def test_a_file_that_is_no_backup_is_named(qtbot, application, monkeypatch, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear auditor")
    start = application.start_window
    click(qtbot, start, "restore_backup")
    picks(monkeypatch, "getOpenFileName", tmp_path / "letter.txt")
    click(qtbot, start, "choose_backup")
    assert "backup" in said(start, "restore_error")
    qtbot.keyClick(start.guest, Qt.Key.Key_Escape)
    assert start.welcome.isVisible()


def test_restoring_never_overwrites(qtbot, application, backup, monkeypatch, tmp_path):
    start = application.start_window
    picks(monkeypatch, "getExistingDirectory", tmp_path / "made")
    picks(monkeypatch, "getOpenFileName", backup)
    click(qtbot, start, "restore_backup")
    click(qtbot, start, "choose_backup")
    click(qtbot, start, "change_folder")
    qtbot.keyClicks(one(start, QLineEdit, "restore_passphrase"), PASSPHRASE)
    click(qtbot, start, "restore_now")
    assert application.desk is None
    assert said(start, "restore_error")
    assert [each.name for each in (tmp_path / "made").iterdir()] == ["Riverside.mipsvault"]


def test_who_has_only_the_recovery_sheet_restores_first(qtbot, application, backup, monkeypatch):
    start = application.start_window
    picks(monkeypatch, "getOpenFileName", backup)
    click(qtbot, start, "restore_backup")
    click(qtbot, start, "choose_backup")
    click(qtbot, start, "restore_without")
    assert start.unlock.isVisible()
    click(qtbot, start, "forgot")
    assert one(start, QWidget, "recovery").isVisible()


def test_a_backup_is_restored_from_the_menu_of_an_open_practice(qtbot, application, backup, monkeypatch):
    start = application.start_window
    picks(monkeypatch, "getOpenFileName", backup)
    click(qtbot, start, "restore_backup")
    click(qtbot, start, "choose_backup")
    qtbot.keyClicks(one(start, QLineEdit, "restore_passphrase"), PASSPHRASE)
    click(qtbot, start, "restore_now")
    assert application.main_window is not None
    application.main_window.actions_by_key["restore_backup"].trigger()
    assert application.main_window is None
    assert start.guest is not None
    assert start.guest.objectName() == "restore"
    assert start.guest.isVisible()


def test_long_work_shows_how_far_it_is_and_can_be_cancelled(qtbot, backup, tmp_path, theme):
    jobs = HeldJobs()
    page = RestorePage(jobs, tmp_path / "new")
    qtbot.addWidget(page)
    page.show()
    page.look_at(backup)
    (job,) = jobs.live
    job.context.progress(30, 120, "Reading")
    assert one(page, QWidget, "cancel_job").isVisible()
    assert not enabled(page, "choose_backup")
    qtbot.waitUntil(lambda: any(label.text().startswith("25 percent") for label in page.findChildren(QLabel)))
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.busy, "Escape does not leave work under way behind"
    click(qtbot, page, "cancel_job")
    assert job.context.cancelled
    jobs.release()
    assert not page.busy
    assert enabled(page, "choose_backup")
    assert not enabled(page, "restore_now")
    qtbot.waitUntil(lambda: not one(page, QWidget, "cancel_job").isVisible())
    page.look_at(backup)
    jobs.release()
    qtbot.keyClicks(one(page, QLineEdit, "restore_passphrase"), PASSPHRASE)
    click(qtbot, page, "restore_now")
    click(qtbot, page, "cancel_job")
    jobs.release()
    assert said(page, "restore_error").startswith("Stopped. Nothing was restored")
    assert not list(tmp_path.glob("new/*"))


# ---------------------------------------------------------------------- a synced folder


@pytest.fixture
def synced(vault: Path, tmp_path: Path) -> Path:
    """The same practice in a folder that OneDrive keeps in step."""
    (tmp_path / "OneDrive").mkdir()
    return vault.rename(tmp_path / "OneDrive" / vault.name)


def unlock(qtbot, application: Application, folder: Path, passphrase: str = PASSPHRASE) -> QWidget:
    start = application.start_window
    start.show_unlock(folder)
    qtbot.keyClicks(one(start, QLineEdit, "passphrase"), passphrase)
    click(qtbot, start, "unlock")
    return start


def test_a_practice_in_a_synced_folder_is_moved_and_opened(qtbot, application, synced, settings, tmp_path):
    start = unlock(qtbot, application, synced)
    page = start.guest
    assert page is not None
    assert page.objectName() == "move_place"
    assert any("OneDrive copies files while they change" in label.text() for label in page.findChildren(QLabel))
    assert nameless(start) == []
    assert start.focusWidget().objectName() == "move_now"
    qtbot.keyClick(start.focusWidget(), Qt.Key.Key_Space)
    assert application.desk is not None
    folder = application.desk.session.vault.folder
    assert folder == tmp_path / "data" / "Practices" / "Riverside.mipsvault"
    assert not application.desk.read_only
    assert recent(settings) == (folder,)
    assert not synced.exists()
    assert application.main_window is not None
    told = application.main_window.message_bar.findChildren(QLabel)
    assert any("read back" in label.text() for label in told)


def test_a_practice_in_a_synced_folder_can_be_read(qtbot, application, synced):
    start = unlock(qtbot, application, synced)
    click(qtbot, start, "move_read_only")
    assert application.desk is not None
    assert application.desk.read_only
    assert synced.exists()


def test_moving_to_another_synced_folder_is_refused_in_place(qtbot, application, synced, monkeypatch, tmp_path):
    start = unlock(qtbot, application, synced)
    picks(monkeypatch, "getExistingDirectory", None, tmp_path / "Dropbox")
    click(qtbot, start, "change_folder")
    click(qtbot, start, "change_folder")
    click(qtbot, start, "move_now")
    assert "Dropbox" in said(start, "move_place_error")
    assert application.desk is None
    assert synced.exists()


def test_a_wrong_passphrase_on_the_page_of_the_move_is_said_there(qtbot, application, synced):
    start = unlock(qtbot, application, synced)
    line = one(start, QLineEdit, "move_passphrase")
    line.clear()
    click(qtbot, start, "move_now")
    assert said(start, "move_place_error").startswith("Enter the passphrase of a manager")
    qtbot.keyClicks(line, "wrong words")
    click(qtbot, start, "move_now")
    assert "does not open" in said(start, "move_place_error")
    click(qtbot, start, "move_back")
    assert start.unlock.isVisible()


# ---------------------------------------------------------------------- the recovery sheet


@pytest.fixture
def sheet(vault: Path) -> RecoverySheet:
    """The sheet of the practice."""
    with closing(open_practice(vault, PASSPHRASE)) as session:
        return people.make_recovery(session)


def test_who_forgot_opens_with_the_sheet_and_has_a_new_passphrase(qtbot, application, vault, sheet):
    start = application.start_window
    start.show_unlock(vault)
    click(qtbot, start, "forgot")
    assert start.focusWidget().objectName() == "recovery_key"
    assert nameless(start) == []
    # As one types it: small letters, no hyphens, a look-alike.
    typed = sheet.key.replace("-", "").lower().replace("0", "o").replace("1", "l")
    qtbot.keyClicks(start.focusWidget(), typed[:10])
    assert said(start, "recovery_key_told") == "2 of 7 groups, all right so far."
    click(qtbot, start, "recovery_open")
    assert said(start, "recovery_error").startswith("The recovery key is not complete.")
    qtbot.keyClicks(one(start, QPlainTextEdit, "recovery_key"), typed[10:])
    assert said(start, "recovery_key_told") == "Every group is right."
    assert one(start, QComboBox, "recovery_person").currentText() == "Dana Whitfield"
    qtbot.keyClicks(one(start.guest, QLineEdit, "new_passphrase"), NEW)
    click(qtbot, start, "recovery_open")
    assert said(start, "recovery_error").startswith("The two passphrases differ.")
    qtbot.keyClicks(one(start.guest, QLineEdit, "repeat_passphrase"), NEW)
    qtbot.keyClick(one(start.guest, QLineEdit, "repeat_passphrase"), Qt.Key.Key_Return)
    assert application.desk is not None
    application.lock()
    unlock(qtbot, application, vault)
    assert "does not open" in said(start, "unlock_error")
    unlock(qtbot, application, vault, NEW)
    assert application.desk is not None


def test_a_mistyped_group_is_pointed_out_while_typing(qtbot, application, vault, sheet):
    start = application.start_window
    start.show_unlock(vault)
    click(qtbot, start, "forgot")
    wrong = sheet.key[:8] + ("A" if sheet.key[8] != "A" else "B") + sheet.key[9:]
    qtbot.keyClicks(start.focusWidget(), wrong[:14])
    assert said(start, "recovery_key_told") == "Group 2 does not look right. Compare with the sheet."
    field = one(start, QPlainTextEdit, "recovery_key")
    assert field.toPlainText() == wrong[:14]
    for _ in range(5):
        qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert field.toPlainText() == sheet.key[:8]
    qtbot.keyClicks(field, sheet.key[8:])
    assert said(start, "recovery_key_told") == "Every group is right."
    qtbot.keyClicks(field, "7")
    assert said(start, "recovery_key_told").startswith("That is too long.")


def test_a_sheet_that_was_replaced_opens_nothing(qtbot, application, vault, sheet):
    with closing(open_practice(vault, PASSPHRASE)) as session:
        people.make_recovery(session)
    start = application.start_window
    start.show_unlock(vault)
    click(qtbot, start, "forgot")
    one(start, QPlainTextEdit, "recovery_key").setPlainText(sheet.key)
    for name in ("new_passphrase", "repeat_passphrase"):
        qtbot.keyClicks(one(start.guest, QLineEdit, name), NEW)
    click(qtbot, start, "recovery_open")
    assert said(start, "recovery_error")
    assert application.desk is None
    qtbot.keyClick(start.guest, Qt.Key.Key_Escape)
    assert start.unlock.isVisible()


def first_run(qtbot, start: QWidget) -> None:
    """Answer the five pages as fast as one can."""
    click(qtbot, start, "start_practice")
    qtbot.keyClicks(one(start, QLineEdit, "practice_name"), "Elm Street")
    qtbot.keyClicks(one(start, QLineEdit, "person"), "Dana Whitfield")
    for _ in range(4):
        click(qtbot, start, "wizard_next")
    for name in ("new_passphrase", "repeat_passphrase"):
        qtbot.keyClicks(one(start, QLineEdit, name), NEW)
    click(qtbot, start, "wizard_next")


def test_the_first_run_ends_with_a_sheet_for_the_safe(qtbot, application, monkeypatch, tmp_path):
    start = application.start_window
    first_run(qtbot, start)
    assert application.main_window is None
    assert nameless(start) == []
    assert not enabled(start, "sheet_safe")
    session = application._session
    assert session is not None
    picks(monkeypatch, "getSaveFileName", None, tmp_path / "missing" / "sheet.pdf", tmp_path / "sheet.pdf")
    click(qtbot, start, "sheet_save")
    assert people.recovery_state(session) is None, "there is no sheet that nobody has"
    click(qtbot, start, "sheet_save")
    assert said(start, "sheet_told").startswith("sheet.pdf could not be written.")
    assert not enabled(start, "sheet_safe")
    click(qtbot, start, "sheet_save")
    state = people.recovery_state(session)
    assert state is not None
    assert state.number == 1
    text = pdf_text(tmp_path / "sheet.pdf")
    groups = re.findall(r"\b[0-9A-HJKMNP-TV-Z]{5}\b", text)
    assert people.try_recovery(session, "-".join(groups[:7]))
    assert "Elm Street" in text
    assert "There is no back" in text
    if sys.platform != "win32":
        assert (tmp_path / "sheet.pdf").stat().st_mode & 0o077 == 0
    click(qtbot, start, "sheet_safe")
    assert application.main_window is not None


def test_a_practice_is_not_started_in_a_synced_folder(qtbot, theme, settings, monkeypatch, tmp_path):
    cheapen(monkeypatch)
    with at_the_door(qtbot, theme, settings, tmp_path / "Dropbox" / "data") as application:
        start = application.start_window
        first_run(qtbot, start)
        assert "Dropbox" in said(start, "wizard_error")
        assert application._session is None
        assert nameless(start) == []
        (tmp_path / "local").mkdir()
        picks(monkeypatch, "getExistingDirectory", tmp_path / "local")
        click(qtbot, start, "change_folder")
        click(qtbot, start, "wizard_next")
        click(qtbot, start, "sheet_later")
        assert application.desk is not None
        assert application.desk.session.vault.folder.parent == tmp_path / "local"


def test_the_sheet_can_wait(qtbot, application):
    start = application.start_window
    first_run(qtbot, start)
    click(qtbot, start, "sheet_later")
    assert application.desk is not None
    assert people.recovery_state(application.desk.session) is None


def test_who_leaves_the_sheet_for_another_practice_leaves_the_new_one_closed(qtbot, application):
    start = application.start_window
    first_run(qtbot, start)
    session = application._session
    assert session is not None
    (action,) = [each for each in start.findChildren(QAction) if each.text() == "&Start a practice…"]
    action.trigger()
    assert start.wizard is not None
    with closing(open_practice(session.vault.folder, NEW)) as again:
        assert not again.vault.read_only


# ---------------------------------------------------------------------- small things


def test_the_window_is_only_kept_out_of_pictures_where_the_system_can(application, settings):
    assert capture_guard.wanted(settings)
    capture_guard.set_wanted(settings, False)
    assert not capture_guard.wanted(settings)
    assert not capture_guard.possible()
    capture_guard.guard(application.start_window, on=True)
    assert application.start_window.isVisible()
