"""Settings, Records and Safety: closing a year, what that means in the rooms, keeping and destroying proof."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from mips_desk.services import choose, collect, retention
from mips_desk.ui.pages.binder import BinderPage
from mips_desk.ui.pages.dates import DatesPage
from mips_desk.ui.pages.evidence import EvidencePage
from mips_desk.ui.pages.home import HomePage
from mips_desk.ui.pages.records_dialogs import CloseYearDialog
from mips_desk.ui.pages.settings import SettingsPage
from mips_desk.ui.pages.settings_section import Part
from mips_desk.ui.widgets.row_list import RowList

from .rooms import YEAR, Practiced, small_practice


@pytest.fixture
def desk(theme, tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        yield made


@pytest.fixture
def page(qtbot, desk, theme, settings) -> SettingsPage:
    made = SettingsPage(desk, theme, settings)
    qtbot.addWidget(made)
    made.resize(1100, 900)
    made.refresh()
    made.open_part(Part.RECORDS)
    made.show()
    return made


def one(root: QWidget, kind: type, name: str):
    found = root.findChildren(kind, name)
    assert len(found) == 1, name
    return found[0]


def rows(root: QWidget, name: str) -> RowList:
    return one(root, RowList, name)


def press(qtbot, root: QWidget, accessible: str) -> None:
    QApplication.processEvents()  # rows that are new are shown by the event loop
    (button,) = [b for b in root.findChildren(QPushButton) if b.accessibleName() == accessible and b.isVisible()]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def dialog(name: str) -> QDialog:
    (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.objectName() == name]
    return found


def close_2024(qtbot, page: SettingsPage) -> None:
    press(qtbot, page, f"Close…: {YEAR}")
    qtbot.mouseClick(one(dialog("close_year"), QPushButton, "close_year_done"), Qt.MouseButton.LeftButton)


def test_closing_says_first_what_is_open_and_can_be_thought_better_of(qtbot, desk, page):
    press(qtbot, page, f"Close…: {YEAR}")
    asked = dialog("close_year")
    said = " ".join(label.text() for label in asked.findChildren(QWidget) if isinstance(label, QLabel))
    assert "still open" in said
    assert "No day of attestation is recorded" in said
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert desk.view.closed is None
    assert [row.chip for row in rows(page, "year_rows").rows] == ["open"]


def test_a_closed_year_can_be_read_in_every_room_and_changed_in_none(qtbot, desk, page, theme, settings):
    close_2024(qtbot, page)
    assert desk.view.closed is not None
    assert desk.fixed
    (row,) = rows(page, "year_rows").rows
    assert (row.chip, row.button) == ("closed", "Reopen…")
    home = HomePage(desk)
    qtbot.addWidget(home)
    home.refresh()
    assert "was closed on" in one(home, QWidget, "year_closed").text
    said = [label.text() for label in home.findChildren(QLabel) if label.isVisibleTo(home)]
    assert f"{YEAR} is closed" in said
    assert "Every activity you chose has its proof." not in said
    assert not one(home, QPushButton, "choose_activity").isVisibleTo(home)
    evidence = EvidencePage(desk)
    qtbot.addWidget(evidence)
    evidence.refresh()
    assert one(evidence, QLineEdit, "caption").isReadOnly()
    assert not one(evidence, QPushButton, "delete_picture").isEnabled()
    dates = DatesPage(desk)
    qtbot.addWidget(dates)
    dates.refresh()
    assert not one(dates, QPushButton, "set_period").isEnabled()
    assert not one(dates, QLineEdit, "log_note").isEnabled()
    binder = BinderPage(desk)
    qtbot.addWidget(binder)
    binder.refresh()
    # The room is furnished some turns after the visit.
    qtbot.waitUntil(lambda: bool(binder.findChildren(QPlainTextEdit, "story")))
    qtbot.waitUntil(one(binder, QPlainTextEdit, "story").isReadOnly)
    page.open_part(Part.PRACTICE)
    assert not one(page, QWidget, "profile_level").isEnabled()


def test_reopening_needs_a_reason(qtbot, desk, page):
    close_2024(qtbot, page)
    press(qtbot, page, f"Reopen…: {YEAR}")
    asked = dialog("reopen_year")
    done = one(asked, QPushButton, "reopen_year_done")
    assert not done.isEnabled()
    qtbot.keyClicks(one(asked, QPlainTextEdit, "reopen_year_reason"), "A page was missing")
    assert done.isEnabled()
    qtbot.mouseClick(done, Qt.MouseButton.LeftButton)
    assert desk.view.closed is None
    assert "A page was missing" in rows(page, "year_rows").rows[0].text


def test_a_deleted_picture_is_brought_back(qtbot, desk, page):
    items = desk.session.vault.evidence(YEAR)
    desk.change(lambda: collect.remove(desk.session, (items[0].id,), "Wrong page"))
    page.refresh()
    (row,) = rows(page, "deleted_rows").rows
    assert "Wrong page" in row.text
    press(qtbot, page, f"Bring back: {row.title}")
    assert {item.id for item in desk.session.vault.evidence(YEAR)} == {item.id for item in items}
    assert rows(page, "deleted_rows").rows == ()


def test_a_picture_of_a_removed_activity_says_how_it_comes_back(qtbot, desk, page):
    (part,) = desk.view.selections
    desk.change(lambda: choose.remove(desk.session, part.id))
    page.refresh()
    found = rows(page, "deleted_rows").rows
    assert {row.button for row in found} == {""}
    assert all("IA_BE_4 was removed; add it again" in row.text for row in found)
    desk.change(lambda: choose.add(desk.session, YEAR, "IA_BE_4"))
    page.refresh()
    assert rows(page, "deleted_rows").rows == ()


def test_a_deleted_original_is_destroyed_only_with_reason_and_both_confirmations(qtbot, desk, page):
    item = desk.session.vault.evidence(YEAR)[0]
    desk.change(lambda: collect.remove(desk.session, (item.id,), "Wrong patient"))
    page.refresh()
    qtbot.mouseClick(one(page, QPushButton, "destroy_originals"), Qt.MouseButton.LeftButton)
    asked = dialog("destroy")
    done = one(asked, QPushButton, "destroy_done")
    assert not done.isEnabled()
    qtbot.keyClicks(one(asked, QPlainTextEdit, "destroy_reason"), "Another patient's page")
    qtbot.keyClicks(one(asked, QLineEdit, "destroy_typed"), "2024-IA_BE_4-01")
    assert not done.isEnabled()
    one(asked, QCheckBox, "destroy_early").click()
    assert done.isEnabled()
    qtbot.mouseClick(done, Qt.MouseButton.LeftButton)
    (stone,) = retention.destroyed(desk.session, YEAR)
    assert (stone.evidence_id, stone.early, stone.reason) == (item.id, True, "Another patient's page")
    assert rows(page, "deleted_rows").rows == ()
    assert "Another patient's page" in rows(page, "destroyed_rows").rows[0].text


def test_escape_destroys_nothing(qtbot, desk, page):
    qtbot.mouseClick(one(page, QPushButton, "destroy_originals"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(dialog("destroy"), Qt.Key.Key_Escape)
    assert retention.destroyed(desk.session, YEAR) == ()


def test_the_years_of_keeping_are_chosen(qtbot, desk, page):
    box = one(page, QWidget, "retention_years")
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert retention.retention_years(desk.session) == 10


def test_a_long_dialog_stays_on_the_screen_with_its_buttons(qtbot, theme):
    theme.set_text_scale(200)
    points = [f"IA_BE_{number}: a sentence on what is still open in it." for number in range(12)]
    asked = CloseYearDialog(YEAR, points)
    qtbot.addWidget(asked)
    asked.show()
    area = asked.findChild(QScrollArea)
    assert area.verticalScrollBar().maximum() == 0
    asked.resize(asked.width(), 340)
    assert area.verticalScrollBar().maximum() > 0
    assert asked.rect().contains(one(asked, QPushButton, "close_year_done").geometry())
    assert area.widget().width() == area.viewport().width(), "nothing is cut off at the side"
