"""The record of exports, and the question whether a file is the one that was sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from mips_desk.services import binding, packaging
from mips_desk.ui.binder_drop import BinderDrop
from mips_desk.ui.desk import Target
from mips_desk.ui.messages import Level
from mips_desk.ui.rooms import Room

from .binder_room import LEFT, click, finish, make_page, one, words
from .conftest import nameless, show_active
from .rooms import YEAR, Practiced, small_practice


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        finish(made)
        yield made


def _export(desk: Practiced, out: Path) -> Path:
    desk.change(lambda: binding.write(desk.session, binding.content(desk.session, YEAR), out)[1])
    return out


def _package(desk: Practiced, out: Path, passphrase: str = "") -> Path:
    plan = packaging.plan(binding.content(desk.session, YEAR))
    made: list[Path] = []

    def write():
        file, changes = packaging.write(desk.session, plan, out, passphrase=passphrase)
        made.extend(file.files)
        return changes

    desk.change(write)
    return made[0]


def _room(qtbot, desk, **doors):
    page = make_page(qtbot, desk, **doors)
    page.open_target(Target(part="exports"))
    return page


def _drop(window: QWidget, *files: Path) -> bool:
    """Drop files on a window as the system does; return whether it takes them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    place, copy, keys = QPoint(50, 50), Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, copy, data, LEFT, keys)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(place), copy, data, LEFT, keys))
    return enter.isAccepted()


def _answer(page) -> str:
    return one(page, "verdict_answer").text


# The record


def test_every_export_is_listed_with_day_person_and_hash(qtbot, desk, tmp_path):
    _export(desk, tmp_path / "first.pdf")
    _package(desk, tmp_path / "second.zip")
    page = _room(qtbot, desk)
    lines = one(page, "export_list").lines.lines
    assert {line.title for line in lines} >= {"first.pdf"}
    export = next(each for each in desk.session.vault.exports() if each.file_name == "first.pdf")
    line = next(line for line in lines if line.title == "first.pdf")
    assert line.remark == "Sep 19, 2024, 15:32"
    assert line.text.startswith("Binder 2024 · redacted edition · ")
    assert "by Dana Whitfield" in line.text
    assert export.sha256[:8] in line.text
    assert any("Audit package 2024" in line.text and "signed" in line.text for line in lines)
    assert nameless(page) == []


def test_the_details_follow_the_list_by_keyboard(qtbot, desk, tmp_path):
    _export(desk, tmp_path / "first.pdf")
    _export(desk, tmp_path / "second.pdf")
    page = _room(qtbot, desk)
    listed = one(page, "export_list")
    listed.setFocus()
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    export = next(each for each in desk.session.vault.exports() if each.id == listed.current_key)
    qtbot.waitUntil(lambda: one(page, "copy_hash").isVisible())
    assert export.id in [label.text() for label in page.part.findChildren(QLabel) if label.isVisible()]
    click(qtbot, page, "copy_hash")
    assert QApplication.clipboard().text() == export.sha256


def test_an_export_elsewhere_appears_in_the_list(qtbot, desk, tmp_path):
    page = _room(qtbot, desk)
    assert not one(page, "export_list").isVisible(), "nothing was exported yet, and the room says what comes here"
    _export(desk, tmp_path / "first.pdf")
    qtbot.waitUntil(lambda: one(page, "export_list").isVisible())


# The check


@pytest.mark.parametrize("kind", ["binder", "package"])
def test_a_file_that_was_sent_is_known_and_a_changed_one_is_not(qtbot, desk, tmp_path, kind):
    file = _export(desk, tmp_path / "out.pdf") if kind == "binder" else _package(desk, tmp_path / "out.zip")
    page = _room(qtbot, desk, choose=lambda *_args: file)
    click(qtbot, page, "check_binder")
    assert words(page, "verdict_file") == file.name
    assert _answer(page).startswith("Yes.")
    assert "that Dana Whitfield exported on" in _answer(page)
    chosen = one(page, "export_list").current_key
    assert file.name == next(each.file_name for each in desk.session.vault.exports() if each.id == chosen)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    click(qtbot, page, "check_binder")
    assert _answer(page).startswith("No: it was changed after it was written")
    assert words(page, "verdict_places").startswith("•  ")


def test_a_binder_of_another_practice_is_unchanged_but_not_known(qtbot, desk, tmp_path):
    (tmp_path / "other").mkdir()
    with small_practice(tmp_path / "other") as other:
        file = _export(other, tmp_path / "other.pdf")
    page = _room(qtbot, desk, choose=lambda *_args: file)
    click(qtbot, page, "check_binder")
    assert _answer(page).startswith("Its seal fits, but it is not known here;")


def test_a_file_that_is_no_binder_is_said_in_one_sentence(qtbot, desk, tmp_path):
    wrong = tmp_path / "letter.pdf"
    wrong.write_bytes(b"%PDF-1.4 not ours")
    page = _room(qtbot, desk, choose=lambda *_args: wrong)
    click(qtbot, page, "check_binder")
    assert "is not a binder made by MIPS Desk" in _answer(page)
    assert not desk.said


def test_a_drop_on_the_exports_answers_there(qtbot, desk, tmp_path):
    file = _export(desk, tmp_path / "out.pdf")
    page = _room(qtbot, desk)
    assert not _drop(page.part, tmp_path / "picture.png")
    assert _drop(page.part, file)
    assert _answer(page).startswith("Yes.")


def test_a_drop_on_the_window_answers_in_the_bar_and_leads_to_the_exports(qtbot, desk, tmp_path):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    show_active(qtbot, window)
    BinderDrop(window, desk)
    file = _export(desk, tmp_path / "out.pdf")
    assert not _drop(window, file, file), "one file at a time"
    assert not _drop(window, tmp_path / "picture.png")
    assert _drop(window, file)
    assert desk.said[-1].level is Level.INFO
    assert "it is unchanged" in desk.said[-1].text
    went = []
    desk.room_requested.connect(lambda room, target: went.append((room, target)))
    desk.said[-1].run()
    assert went == [(Room.BINDER, Target(part="exports", file=file))]
    page = make_page(qtbot, desk)
    page.open_target(went[0][1])
    assert _answer(page).startswith("Yes.")
    data = bytearray(file.read_bytes())
    data[-200] ^= 1
    file.write_bytes(data)
    assert _drop(window, file)
    assert desk.said[-1].level is Level.WARNING
    assert desk.said[-1].details


# An encrypted package

SECRET = "four plain words here"


def test_an_encrypted_package_asks_for_its_passphrase(qtbot, desk, tmp_path):
    file = _package(desk, tmp_path / "out.zip", SECRET)
    page = _room(qtbot, desk, choose=lambda *_args: file)
    click(qtbot, page, "check_binder")
    dialog = one(page, "open_package")
    click(qtbot, dialog, "open_package_done")
    assert one(dialog, "open_package_error").text == "Type the passphrase of the package first."
    field = one(dialog, "package_opening_passphrase")
    qtbot.keyClicks(field, "some other words")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wrong = one(dialog, "open_package_error").text
    assert (wrong.count("."), "does not open" in wrong) == (1, True)
    assert dialog.isVisible()
    field.clear()
    qtbot.keyClicks(field, SECRET)
    click(qtbot, dialog, "open_package_done")
    assert not dialog.isVisible()
    assert _answer(page).startswith("Yes.")
    assert "encrypted" not in _answer(page)


def test_without_its_passphrase_an_encrypted_package_is_checked_as_far_as_it_goes(qtbot, desk, tmp_path):
    file = _package(desk, tmp_path / "out.zip", SECRET)
    page = _room(qtbot, desk)
    assert _drop(page.part, file)
    click(qtbot, one(page, "open_package"), "dialog_cancel")
    assert _answer(page).startswith("Yes.")
    assert _answer(page).endswith("Its contents are encrypted and were not looked at.")


def test_a_change_inside_an_encrypted_package_is_found_with_its_passphrase(qtbot, desk, tmp_path):
    file = _package(desk, tmp_path / "out.zip", SECRET)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    page = _room(qtbot, desk)
    assert _drop(page.part, file)
    dialog = one(page, "open_package")
    qtbot.keyClicks(one(dialog, "package_opening_passphrase"), SECRET)
    click(qtbot, dialog, "open_package_done")
    assert _answer(page).startswith("No: it was changed after it was written")
    assert words(page, "verdict_places")


def test_an_encrypted_package_dropped_on_the_window_leads_to_where_it_is_asked_for(qtbot, desk, tmp_path):
    window = QWidget()
    qtbot.addWidget(window)
    show_active(qtbot, window)
    BinderDrop(window, desk)
    file = _package(desk, tmp_path / "out.zip", SECRET)
    went = []
    desk.room_requested.connect(lambda room, target: went.append((room, target)))
    assert _drop(window, file)
    assert went == [(Room.BINDER, Target(part="exports", file=file))]
    assert desk.said == []
