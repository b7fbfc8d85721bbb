"""What was attested, in the Binder room: recorded, corrected, compared; the submission file."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from mips_desk.domain.evidence import Source
from mips_desk.domain.papers import PaperKind
from mips_desk.services import attesting, papers
from mips_desk.services.collect import Incoming
from mips_desk.ui.pages.binder import BinderPage
from mips_desk.ui.rooms import Room

from .binder_room import click, click_soon, finish, make_page, one, saving
from .conftest import nameless
from .rooms import Practiced, picture, small_practice


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        made.rooms = []
        made.room_requested.connect(lambda room, target: made.rooms.append((room, target)))
        yield made


def _page(qtbot, desk: Practiced, **doors) -> BinderPage:
    page = make_page(qtbot, desk, **doors)
    page.show_part("attested")
    return page


def _dialog(page: BinderPage, name: str) -> QDialog:
    return one(page, name)


def _type(qtbot, dialog: QDialog, name: str, text: str) -> None:
    field = one(dialog, name)
    field.setFocus()
    qtbot.keyClicks(field, text)


def _receipt(desk: Practiced) -> str:
    return papers.add(
        desk.session, 2024, [Incoming(picture(9), Source.IMPORT)], kind=PaperKind.RECEIPT, caption="Receipt"
    ).changes.id


def test_a_record_is_made_with_the_keyboard_alone(qtbot, desk):
    finish(desk)
    receipt = _receipt(desk)
    desk.reload()
    page = _page(qtbot, desk)
    button = one(page, "record_first")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    dialog = _dialog(page, "attested_dialog")
    assert one(dialog, "attested_IA_BE_4").isChecked(), "what is proven is ticked at first"
    _type(qtbot, dialog, "attested_day", "09/10/2024")
    _type(qtbot, dialog, "attested_through", "QPP portal")
    _type(qtbot, dialog, "attested_reference", "A-17")
    box = one(dialog, "attested_receipt")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(one(dialog, "attested_reference"), Qt.Key.Key_Return)
    (record,) = desk.view.attestations
    assert record.activities == ("IA_BE_4",)
    assert (record.on, record.by, record.through) == (date(2024, 9, 10), "Dana Whitfield", "QPP portal")
    assert (record.reference, record.receipt_id) == ("A-17", receipt)
    click_soon(qtbot, page, "open_receipt")
    assert page.part.objectName() == "binder_papers"


def test_what_is_missing_is_said_in_the_dialog_and_nothing_is_lost(qtbot, desk):
    page = _page(qtbot, desk)
    click_soon(qtbot, page, "record_first")
    dialog = _dialog(page, "attested_dialog")
    click_soon(qtbot, dialog, "attested_IA_BE_4")
    _type(qtbot, dialog, "attested_through", "QPP portal")
    click_soon(qtbot, dialog, "attested_done")
    assert "Enter the day" in one(dialog, "attested_dialog_error").text
    _type(qtbot, dialog, "attested_day", "09/31/2024")
    click_soon(qtbot, dialog, "attested_done")
    assert "Enter the day" in one(dialog, "attested_dialog_error").text
    one(dialog, "attested_day").clear()
    _type(qtbot, dialog, "attested_day", "12/24/2024")
    click_soon(qtbot, dialog, "attested_done")
    assert "not in the future" in one(dialog, "attested_dialog_error").text
    assert one(dialog, "attested_through").text() == "QPP portal"
    assert desk.view.attestations == ()
    click_soon(qtbot, dialog, "dialog_cancel")


def test_differences_lead_to_where_they_are_settled(qtbot, desk):
    attesting.record(desk.session, 2024, ["IA_BE_4", "IA_PM_16"], date(2024, 9, 1), by="Dana", through="Portal")
    desk.reload()
    page = _page(qtbot, desk)
    line = one(page, "attested_line_IA_PM_16")
    assert "not among the activities chosen" in line.accessibleDescription()
    line.click()
    room, target = desk.rooms[-1]
    assert (room, target.activity_id) == (Room.CHOOSE, "IA_PM_16")
    one(page, "attested_line_IA_BE_4").click()
    room, target = desk.rooms[-1]
    assert (room, target.selection_id) == (Room.EVIDENCE, desk.view.selections[0].id)


def test_a_correction_takes_the_place_of_a_record_and_both_are_shown(qtbot, desk):
    attesting.record(desk.session, 2024, ["IA_BE_4"], date(2024, 9, 1), by="Dana", through="Portal")
    desk.reload()
    page = _page(qtbot, desk)
    click_soon(qtbot, page, "correct_record")
    dialog = _dialog(page, "attested_dialog")
    assert one(dialog, "attested_IA_BE_4").isChecked()
    _type(qtbot, dialog, "attested_others", "ia_pm_16")
    click_soon(qtbot, dialog, "attested_done")
    assert "Say why" in one(dialog, "attested_dialog_error").text
    _type(qtbot, dialog, "attested_note", "One was forgotten")
    click_soon(qtbot, dialog, "attested_done")
    told = attesting.attested(desk.view)
    assert [record.activities for record in told.in_force] == [("IA_BE_4", "IA_PM_16")]
    assert [record.activities for record in told.replaced] == [("IA_BE_4",)]
    qtbot.waitUntil(lambda: one(page, f"record_{told.replaced[0].id}").isVisible())


def test_in_a_read_only_practice_nothing_can_be_recorded(qtbot, tmp_path):
    with small_practice(tmp_path, read_only=True) as desk:
        page = _page(qtbot, desk)
        assert not one(page, "record_first").isEnabled()


def test_the_submission_file_says_what_is_in_it_and_what_is_not(qtbot, desk, tmp_path):
    out = tmp_path / "made.json"
    page = _page(qtbot, desk, save=saving(out))
    click_soon(qtbot, page, "write_submission")
    dialog = _dialog(page, "submission")
    assert not one(dialog, "submission_write").isEnabled(), "nothing is proven yet"
    click_soon(qtbot, dialog, "submit_IA_BE_4")
    assert "IA_BE_4" in one(dialog, "submission_what").text()
    assert "without complete proof" in one(dialog, "submission_notes").text
    click_soon(qtbot, dialog, "submission_write")
    assert json.loads(out.read_text())["performanceYear"] == 2024
    (export,) = desk.session.vault.exports()
    assert (export.kind, export.file_name) == ("submission", "made.json")
    assert "made.json" in desk.said[-1].text


def test_everything_on_the_tab_and_in_its_dialogs_has_a_name(qtbot, desk):
    attesting.record(desk.session, 2024, ["IA_BE_4"], date(2024, 9, 1), by="Dana", through="Portal")
    desk.reload()
    page = _page(qtbot, desk)
    assert nameless(page) == []
    for button, name in (("record_attested", "attested_dialog"), ("write_submission", "submission")):
        click_soon(qtbot, page, button)
        dialog = _dialog(page, name)
        assert nameless(dialog) == []
        click(qtbot, dialog, "dialog_cancel")
