"""Settings, People: people and their roles, passphrases, key files, trusted computers, and the sheets for the safe."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoStore
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QPlainTextEdit, QPushButton, QRadioButton, QWidget

from mips_desk.domain.practice import Role
from mips_desk.errors import MipsDeskError
from mips_desk.services import people
from mips_desk.services.people import PersonView
from mips_desk.services.session import Session, open_practice
from mips_desk.ui.jobs import SynchronousRunner
from mips_desk.ui.pages.settings_people import PeopleSection
from mips_desk.ui.pages.settings_practice import PracticeSection
from mips_desk.ui.paper import Facts, Key, Sheet, Words, picture, save_sheet
from mips_desk.ui.people import own_dialogs, successor
from mips_desk.ui.people.key_field import in_groups
from mips_desk.ui.recovery_sheet import sheet_of
from mips_desk.ui.tokens import Appearance
from mips_desk.ui.widgets.row_list import RowList

from .conftest import nameless
from .doors import NEW, PASSPHRASE, MemoryStore, cheapen, click, enabled, one, pdf_text, said
from .rooms import Practiced, small_practice


@pytest.fixture
def desk(qapp, tmp_path: Path, monkeypatch) -> Iterator[Practiced]:
    cheapen(monkeypatch)
    with small_practice(tmp_path) as made:
        yield made


@pytest.fixture
def section(qtbot, desk) -> PeopleSection:
    return shown(qtbot, desk)


def shown(qtbot, desk: Practiced) -> PeopleSection:
    section = PeopleSection(desk)
    qtbot.addWidget(section)
    section.resize(1000, 700)
    desk.view_changed.connect(lambda _view: section.refresh())
    section.refresh()
    section.show()
    return section


def dialog(section: QWidget) -> QDialog:
    found = [each for each in section.findChildren(QDialog) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def rows(section: QWidget) -> dict[str, str]:
    return {row.title: row.text for row in one(section, RowList, "people_rows").rows}


def change(qtbot, section: QWidget, name: str) -> QDialog:
    QCoreApplication.processEvents()  # Rows that were just made are shown with it.
    (button,) = [
        each
        for each in section.findChildren(QPushButton)
        if each.accessibleName() == f"Change…: {name}" and each.isVisible()
    ]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    return dialog(section)


def fill(qtbot, root: QWidget, **texts: str) -> None:
    for name, text in texts.items():
        line = one(root, QLineEdit, name)
        line.clear()
        qtbot.keyClicks(line, text)


def opens(desk: Practiced, passphrase: str, **how: object) -> PersonView | None:
    """Return who opens the practice with a passphrase, or None."""
    try:
        found: Session = open_practice(desk.session.vault.folder, passphrase, read_only=True, **how)  # type: ignore[arg-type]  # as given
    except MipsDeskError:
        return None
    with closing(found):
        return next(each for each in people.people(found) if each.you)


def picks(monkeypatch: pytest.MonkeyPatch, how: str, *paths: Path | None) -> None:
    left = list(paths)
    monkeypatch.setattr(QFileDialog, how, lambda *_args: (str(left.pop(0) or ""), ""))


def add(qtbot, section: QWidget, name: str, role: Role, passphrase: str = NEW) -> None:
    click(qtbot, section, "add_person")
    asked = dialog(section)
    fill(qtbot, asked, person_name=name, new_passphrase=passphrase, repeat_passphrase=passphrase)
    button = one(asked, QRadioButton, f"role_{role}")
    button.setFocus()
    button.click()
    click(qtbot, asked, "add_person_done")


# ---------------------------------------------------------------------- people and roles


def test_a_person_is_added_and_opens_the_practice(qtbot, desk, section):
    add(qtbot, section, "Sam Ortiz", Role.HELPER)
    assert list(rows(section)) == ["Dana Whitfield", "Sam Ortiz"]
    assert rows(section)["Sam Ortiz"].startswith("Helper · passphrase since Sep 19, 2024")
    found = opens(desk, NEW)
    assert found is not None
    assert (found.name, found.role) == ("Sam Ortiz", Role.HELPER)
    assert desk.said[-1].text == "Sam Ortiz can open this practice now."


def test_the_dialog_says_in_place_what_to_correct(qtbot, desk, section):
    click(qtbot, section, "add_person")
    asked = dialog(section)
    assert nameless(asked) == []
    assert asked.focusWidget().objectName() == "person_name"
    click(qtbot, asked, "add_person_done")
    assert said(asked, "add_person_dialog_error") == "Enter the name."
    fill(qtbot, asked, person_name="Dana Whitfield", new_passphrase="short")
    click(qtbot, asked, "add_person_done")
    assert said(asked, "add_person_dialog_error").startswith("The passphrase is too short.")
    fill(qtbot, asked, new_passphrase=NEW)
    click(qtbot, asked, "add_person_done")
    assert said(asked, "add_person_dialog_error").startswith("The two passphrases differ.")
    fill(qtbot, asked, repeat_passphrase=NEW)
    click(qtbot, asked, "add_person_done")
    assert "Dana Whitfield" in said(asked, "add_person_dialog_error"), "a name is taken only once"
    assert asked.isVisible()
    assert len(people.people(desk.session)) == 1


def test_a_name_and_a_role_are_changed_but_not_ones_own_role(qtbot, desk, section):
    add(qtbot, section, "Sam Ortiz", Role.HELPER)
    asked = change(qtbot, section, "Sam Ortiz")
    assert nameless(asked) == []
    fill(qtbot, asked, person_name="Samuel Ortiz")
    one(asked, QRadioButton, "role_reader").click()
    click(qtbot, asked, "change_person_done")
    assert rows(section)["Samuel Ortiz"].startswith("Reader")
    own = change(qtbot, section, "Dana Whitfield")
    assert not one(own, QRadioButton, "role_helper").isEnabled()
    assert own.findChild(QWidget, "remove_person") is None
    qtbot.keyClick(own, Qt.Key.Key_Escape)
    assert not own.isVisible()


def test_who_forgot_gets_a_new_passphrase_from_a_manager(qtbot, desk, section):
    add(qtbot, section, "Sam Ortiz", Role.HELPER)
    click(qtbot, change(qtbot, section, "Sam Ortiz"), "set_passphrase")
    asked = dialog(section)
    fill(qtbot, asked, new_passphrase="another river bends", repeat_passphrase="another river bends")
    click(qtbot, asked, "set_passphrase_done")
    assert opens(desk, NEW) is None
    assert opens(desk, "another river bends") is not None


def test_a_removed_person_is_told_about_first_and_opens_nothing(qtbot, desk, section):
    add(qtbot, section, "Sam Ortiz", Role.HELPER)
    click(qtbot, change(qtbot, section, "Sam Ortiz"), "remove_person")
    asked = dialog(section)
    assert asked.focusWidget().objectName() == "dialog_cancel", "nothing is removed by a stray key"
    click(qtbot, asked, "remove_person_done")
    assert list(rows(section)) == ["Dana Whitfield"]
    assert opens(desk, NEW) is None
    assert opens(desk, PASSPHRASE) is not None
    assert not people.rekey_due(desk.session)
    assert not one(section, QWidget, "rekey_due").isVisible()


def test_a_removal_that_could_not_be_finished_is_offered_again(qtbot, desk, section):
    add(qtbot, section, "Sam Ortiz", Role.HELPER)
    with closing(open_practice(desk.session.vault.folder, PASSPHRASE, read_only=True)):
        click(qtbot, change(qtbot, section, "Sam Ortiz"), "remove_person")
        click(qtbot, dialog(section), "remove_person_done")
    for each in section.findChildren(QDialog):
        each.reject()
    section.refresh()
    assert list(rows(section)) == ["Dana Whitfield"], "removed all the same"
    assert said(section, "rekey_due").startswith("Somebody was removed.")
    click(qtbot, section, "finish_removal")
    click(qtbot, dialog(section), "finish_removal_done")
    assert not one(section, QWidget, "rekey_due").isVisible()
    assert opens(desk, PASSPHRASE) is not None


def test_a_helper_sees_the_others_and_changes_only_what_is_their_own(qtbot, desk, section, tmp_path, theme):
    add(qtbot, section, "Sam Ortiz", Role.HELPER)
    folder = desk.session.vault.folder
    desk.session.close()
    with closing(open_practice(folder, NEW)) as session:
        desk.session = session
        own = shown(qtbot, desk)
        assert list(rows(own)) == ["Dana Whitfield", "Sam Ortiz"]
        assert not one(own, QWidget, "add_person").isVisible()
        assert not one(own, QWidget, "make_sheet").isVisible()
        assert not [
            each
            for each in one(own, RowList, "people_rows").findChildren(QPushButton)
            if each.accessibleName().startswith("Change…:")
        ]
        assert enabled(own, "change_own_passphrase")
        practice = PracticeSection(desk)
        qtbot.addWidget(practice)
        practice.refresh()
        practice.show()
        assert one(practice, QLineEdit, "practice_name").isReadOnly()
        assert said(practice, "practice_managers") == "Only a manager can change the practice itself."


def test_read_only_nothing_can_be_changed(qtbot, tmp_path):
    with small_practice(tmp_path, read_only=True) as desk:
        section = shown(qtbot, desk)
        assert not one(section, QWidget, "add_person").isVisible()
        for name in ("change_own_passphrase", "own_key_file", "trust_computer", "make_sheet"):
            assert not enabled(section, name)


# ---------------------------------------------------------------------- one's own ways in


def test_ones_own_passphrase_is_changed_and_the_old_one_asked_for(qtbot, desk, section):
    click(qtbot, section, "change_own_passphrase")
    asked = dialog(section)
    assert nameless(asked) == []
    fill(qtbot, asked, old_passphrase="wrong words", new_passphrase=NEW, repeat_passphrase=NEW)
    click(qtbot, asked, "own_passphrase_done")
    assert said(asked, "own_passphrase_dialog_error")
    assert opens(desk, PASSPHRASE) is not None
    fill(qtbot, asked, old_passphrase=PASSPHRASE)
    click(qtbot, asked, "own_passphrase_done")
    assert opens(desk, PASSPHRASE) is None
    assert opens(desk, NEW) is not None
    assert desk.said[-1].text == "Your passphrase is changed."


def test_a_key_file_is_made_used_and_given_up(qtbot, desk, section, monkeypatch, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    picks(monkeypatch, "getSaveFileName", None, stick / "key.txt")
    click(qtbot, section, "own_key_file")
    asked = dialog(section)
    assert nameless(asked) == []
    fill(qtbot, asked, key_file_passphrase=PASSPHRASE)
    click(qtbot, asked, "key_file_done")
    assert said(asked, "key_file_dialog_error") == "Choose the key file."
    click(qtbot, asked, "make_key_file")
    click(qtbot, asked, "make_key_file")
    assert (stick / "key.txt").is_file()
    click(qtbot, asked, "key_file_done")
    assert opens(desk, PASSPHRASE) is None
    assert opens(desk, PASSPHRASE, key_file=stick / "key.txt") is not None
    assert "passphrase and key file" in rows(section)["Dana Whitfield"]
    picks(monkeypatch, "getOpenFileName", stick / "key.txt")
    click(qtbot, section, "own_key_file")
    asked = dialog(section)
    fill(qtbot, asked, key_file_passphrase=PASSPHRASE)
    click(qtbot, asked, "choose_key_file")
    click(qtbot, asked, "key_file_done")
    assert opens(desk, PASSPHRASE) is not None


def test_this_computer_is_trusted_and_forgotten(qtbot, desk, section, monkeypatch):
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryStore())
    try:
        button = one(section, QPushButton, "trust_computer")
        assert button.text() == "Trust it"
        click(qtbot, section, "trust_computer")
        assert button.text() == "Stop trusting it"
        assert "this computer is trusted" in rows(section)["Dana Whitfield"]
        (dana,) = people.people_at_door(desk.session.vault.folder)
        assert dana.this_computer
        click(qtbot, section, "trust_computer")
        (dana,) = people.people_at_door(desk.session.vault.folder)
        assert not dana.this_computer
        assert button.text() == "Trust it"
    finally:
        keyring.set_keyring(before)


def test_a_computer_without_a_key_store_says_so(qtbot, desk, section):
    before = keyring.get_keyring()
    keyring.set_keyring(NoStore())
    try:
        click(qtbot, section, "trust_computer")
    finally:
        keyring.set_keyring(before)
    assert "key store" in desk.said[-1].text
    assert one(section, QPushButton, "trust_computer").text() == "Trust it"


# ---------------------------------------------------------------------- the recovery sheet


def make_sheet(qtbot, section: QWidget, monkeypatch, path: Path) -> str:
    """Save a new sheet as a PDF and return its key."""
    picks(monkeypatch, "getSaveFileName", path)
    click(qtbot, section, "make_sheet")
    asked = dialog(section)
    assert nameless(asked) == []
    assert not enabled(asked, "sheet_safe")
    click(qtbot, asked, "sheet_save")
    key: str = asked.maker.made.key  # type: ignore[attr-defined]  # the dialog's own
    assert all(group in pdf_text(path) for group in key.split("-"))
    shown = asked.maker.preview.sheet  # type: ignore[attr-defined]  # the dialog's own
    assert not any(group in str(shown) for group in key.split("-")), "the screen never shows the key"
    click(qtbot, asked, "sheet_safe")
    return key


def test_a_sheet_is_made_tried_and_replaced(qtbot, desk, section, monkeypatch, tmp_path):
    assert "There is none yet." in said(section, "recovery_advice")
    assert not one(section, QWidget, "try_sheet").isVisible()
    first = make_sheet(qtbot, section, monkeypatch, tmp_path / "one.pdf")
    assert one(section, QWidget, "recovery_told").text().startswith("Number 1, made on Sep 19, 2024")
    assert "Type it once" in said(section, "recovery_advice")
    click(qtbot, section, "try_sheet")
    asked = dialog(section)
    assert nameless(asked) == []
    assert not enabled(asked, "try_sheet_done")
    qtbot.keyClicks(one(asked, QPlainTextEdit, "recovery_key"), first)
    assert enabled(asked, "try_sheet_done")
    click(qtbot, asked, "try_sheet_done")
    assert said(asked, "try_result").startswith("It works.")
    assert one(asked, QPlainTextEdit, "recovery_key").toPlainText() == ""
    asked.reject()
    assert "tried on Sep 19, 2024" in one(section, QWidget, "recovery_told").text()
    assert said(section, "recovery_advice") == ""
    second = make_sheet(qtbot, section, monkeypatch, tmp_path / "two.pdf")
    assert "Replaces" in pdf_text(tmp_path / "two.pdf")
    click(qtbot, section, "try_sheet")
    asked = dialog(section)
    one(asked, QPlainTextEdit, "recovery_key").setPlainText(first)
    click(qtbot, asked, "try_sheet_done")
    assert "does not open this practice" in said(asked, "try_result")
    one(asked, QPlainTextEdit, "recovery_key").setPlainText(second)
    click(qtbot, asked, "try_sheet_done")
    assert said(asked, "try_result").startswith("It works.")


def test_a_sheet_that_nobody_took_is_not_made(qtbot, desk, section, monkeypatch):
    picks(monkeypatch, "getSaveFileName", None)
    click(qtbot, section, "make_sheet")
    asked = dialog(section)
    click(qtbot, asked, "sheet_save")
    assert people.recovery_state(desk.session) is None
    click(qtbot, asked, "dialog_cancel")
    assert people.recovery_state(desk.session) is None


def test_the_sheet_is_printed_on_one_page(qtbot, desk, section, tmp_path):
    def to_file(_parent: QWidget, title: str) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(title)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "printed.pdf"))
        return printer

    asked = own_dialogs.MakeSheetDialog(desk, None, section, pick_printer=to_file)
    asked.open()
    click(qtbot, asked, "sheet_print")
    assert said(asked, "sheet_told").startswith("Printed.")
    made = asked.maker.made
    assert made is not None
    text = pdf_text(tmp_path / "printed.pdf")
    assert all(group in text for group in made.key.split("-"))
    asked.reject()


def test_the_preview_shows_no_key_before_there_is_one():
    blank = sheet_of(None, "Riverside Family Practice")
    (key,) = [block for block in blank.blocks if isinstance(block, Key)]
    assert set("".join(key.groups)) == {"•"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("abcde12345", "ABCDE-12345"), ("ab cd-e1", "ABCDE-1"), (" -–", ""), ("ab\ncde\tf", "ABCDE-F")],
)
def test_a_key_is_put_in_groups_however_it_is_typed(typed, shown):
    assert in_groups(typed) == shown


# ---------------------------------------------------------------------- the sheet for the successor


def test_the_successor_finds_people_places_and_no_secret(qtbot, desk, section, monkeypatch, tmp_path):
    add(qtbot, section, "Sam Ortiz", Role.HELPER)
    key = make_sheet(qtbot, section, monkeypatch, tmp_path / "sheet.pdf")
    picks(monkeypatch, "getSaveFileName", tmp_path / "leave.pdf")
    click(qtbot, section, "successor_sheet")
    asked = dialog(section)
    assert nameless(asked) == []
    fill(qtbot, asked, sheet_kept_at="the safe in the back office")
    click(qtbot, asked, "successor_save")
    assert said(asked, "successor_told") == "leave.pdf is saved."
    text = pdf_text(tmp_path / "leave.pdf")
    for expected in ("Dana Whitfield", "Manager", "Sam Ortiz", "Helper", "the safe in the back office", "number 1"):
        assert expected in text
    assert "Riverside.mipsvault" in text
    assert not any(group in text for group in key.split("-"))


def test_many_people_go_on_a_second_page(qapp, tmp_path):
    who = [
        PersonView(
            str(n), f"Person {n}", Role.HELPER, you=False, uses_key_file=False, passphrase_since=None, computers=()
        )
        for n in range(24)
    ]
    sheet = successor.successor_sheet("Riverside", tmp_path / "V.mipsvault", who, None, None, "", date(2026, 1, 2))
    save_sheet(sheet, tmp_path / "many.pdf")
    text = pdf_text(tmp_path / "many.pdf")
    assert "Person 23" in text
    assert "If the computer is gone" in text


def test_a_sheet_is_black_on_white_in_a_dark_theme_too(qapp, theme):
    theme.set_appearance(Appearance.DARK)
    sheet = Sheet("Title", "Practice", "Lead.", (Words("Heading", "Text."), Facts("Facts", (("a", "b"),))), "Foot")
    image = picture(sheet, 300)
    assert image.format() is QImage.Format.Format_RGB32
    assert image.pixelColor(2, 2).lightness() == 255


def test_work_that_fails_unexpectedly_is_said_in_the_dialog(qtbot, desk, section, monkeypatch):
    def broken(*_args: object) -> None:
        raise ValueError("a secret")

    monkeypatch.setattr(people, "add_person", broken)
    add(qtbot, section, "Sam Ortiz", Role.HELPER)
    asked = dialog(section)
    assert "a secret" not in said(asked, "add_person_dialog_error")
    assert said(asked, "add_person_dialog_error")
    assert isinstance(desk.jobs, SynchronousRunner)
