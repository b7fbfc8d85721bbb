"""Find: over all years, by keyboard, and to the right place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from mips_desk.domain.practice import YearProfile
from mips_desk.services import choose, setup
from mips_desk.ui.desk import Target
from mips_desk.ui.find import FindDialog, go_to
from mips_desk.ui.rooms import Room

from .rooms import YEAR, Practiced, small_practice


@pytest.fixture
def desk(theme, tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        yield made


@pytest.fixture
def dialog(desk) -> Iterator[FindDialog]:
    # Goes by itself when it is closed, as in the app, so nobody else may hold it.
    made = FindDialog(desk)
    made.show()
    made.chosen.connect(lambda found: go_to(desk, found))
    yield made
    if shiboken6.isValid(made):
        made.close()


def search(qtbot, dialog: FindDialog, text: str) -> list[str]:
    dialog.field.clear()
    qtbot.keyClicks(dialog.field, text)
    dialog.field.search_requested.emit(dialog.field.text())
    return [line.title for line in dialog._list.lines.lines]


def said(dialog: FindDialog) -> str:
    return dialog.findChild(QLabel, "find_told").text()


def test_a_caption_is_found_as_it_is_typed_and_return_goes_there(qtbot, desk, dialog):
    went: list[tuple[Room, Target]] = []
    desk.room_requested.connect(lambda room, target: went.append((room, target)))
    assert search(qtbot, dialog, "pictu be_4-02") == [f"{YEAR}-IA_BE_4-02"]
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    item = desk.session.vault.evidence(YEAR)[1]
    assert [(room, target.evidence_id) for room, target in went] == [(Room.EVIDENCE, item.id)]


def test_what_lies_in_another_year_is_shown_in_its_year(qtbot, desk, dialog):
    setup.set_profile(desk.session, YearProfile(2023))
    selection = choose.add(desk.session, 2023, "IA_EPA_1").id
    choose.set_story(desk.session, selection, "The nurse line rings day and night")
    went: list[str] = []
    desk.room_requested.connect(lambda _room, target: went.append(target.selection_id))
    assert search(qtbot, dialog, "nurse line") == ["IA_EPA_1"]
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert (desk.view.year, went) == (2023, [selection])


def test_nothing_found_says_what_to_do(qtbot, dialog):
    assert search(qtbot, dialog, "zebra") == []
    assert "shorter words" in said(dialog)
