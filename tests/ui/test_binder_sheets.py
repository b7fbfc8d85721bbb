"""The preview: real pages, turned, enlarged, as sharp as the screen, and with a bounded number of pixels."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from mips_desk.services import collect, previewing
from mips_desk.ui.pages.binder_places import LEVELS, MARGIN, Fit, lay_out
from mips_desk.ui.pages.binder_preview import PageStage
from mips_desk.ui.pages.binder_sheets import _KEPT, STRIP, SheetView, Wanted

from .binder_room import click, make_page, one, words
from .conftest import show_active
from .rooms import Practiced, small_practice

LETTER = (612.0, 792.0)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        yield made


@pytest.fixture
def stage(qtbot):
    """Twenty pages; what is asked for is kept in `asked` and drawn when the test says so."""
    made = PageStage()
    qtbot.addWidget(made)
    made.resize(500, 640)
    made.asked = []
    made.sheets.strip_wanted.connect(made.asked.append)
    show_active(qtbot, made)
    made.set_pages([LETTER] * 20)
    return made


def _answer(sheets: SheetView, wanted: Wanted, ink: Qt.GlobalColor = Qt.GlobalColor.white) -> None:
    picture = QImage(round(612 * wanted.scale), wanted.height, QImage.Format.Format_RGB32)
    picture.fill(ink)
    sheets.set_strip(wanted, picture)


def _answer_all(qtbot, stage, ink: Qt.GlobalColor = Qt.GlobalColor.white) -> None:
    def done() -> bool:
        while stage.asked:
            _answer(stage.sheets, stage.asked.pop(0), ink)
        return stage.sheets.settled

    qtbot.waitUntil(done)


def _ink(stage) -> str:
    """Return the color in the middle of the pages as they are seen."""
    view = stage.sheets.viewport()
    return view.grab().toImage().pixelColor(view.width() // 2, view.height() // 2).name()


# Turning


def test_pages_turn_by_keys_and_buttons(qtbot, stage):
    sheets = stage.sheets
    qtbot.keyClick(sheets, Qt.Key.Key_PageDown)
    assert (stage.number, sheets.accessibleName()) == (2, "Page 2 of 20")
    click(qtbot, stage, "page_next")
    assert stage.number == 3
    qtbot.keyClick(sheets, Qt.Key.Key_PageUp)
    qtbot.keyClick(sheets, Qt.Key.Key_Left)
    assert stage.number == 1
    assert not one(stage, "page_before").isEnabled()
    qtbot.keyClick(sheets, Qt.Key.Key_End)
    assert stage.number == 20
    assert not one(stage, "page_next").isEnabled()
    qtbot.keyClick(sheets, Qt.Key.Key_Home)
    assert stage.number == 1


def test_a_page_number_is_typed(qtbot, stage):
    field = one(stage, "page_number")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "17")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert stage.number == 17
    assert words(stage, "page_words") == "of 20"
    field.selectAll()
    qtbot.keyClicks(field, "99")
    stage.sheets.setFocus()
    assert (stage.number, field.text()) == (17, "17"), "what was typed and left is forgotten"


def test_the_wheel_scrolls_and_says_which_page_it_came_to(stage):
    turned = []
    stage.turned.connect(turned.append)
    stage.sheets.set_zoom(100)
    for _ in range(20):
        _wheel(stage.sheets, -120)
    assert turned == list(range(2, stage.number + 1))
    assert stage.number > 1


def _wheel(sheets: SheetView, delta: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    at = QPointF(100, 100)
    turn = QWheelEvent(
        at, sheets.mapToGlobal(at), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(sheets.viewport(), turn)
    assert turn.isAccepted()


# Zoom


def test_zoom_by_keys_buttons_and_wheel(qtbot, stage):
    sheets = stage.sheets
    assert sheets.zoom is Fit.PAGE
    qtbot.keyClick(sheets, Qt.Key.Key_Z)
    assert sheets.zoom is Fit.WIDTH
    qtbot.keyClick(sheets, Qt.Key.Key_1)
    assert (sheets.zoom, sheets.percent) == (100, 100)
    qtbot.keyClick(sheets, Qt.Key.Key_Plus)
    assert sheets.zoom == 125
    click(qtbot, stage, "zoom_in")
    assert sheets.zoom == 150
    _wheel(sheets, 120, Qt.KeyboardModifier.ControlModifier)
    assert sheets.zoom == 200
    click(qtbot, stage, "zoom_out")
    qtbot.keyClick(sheets, Qt.Key.Key_Minus)
    assert sheets.zoom == 125
    assert one(stage, "zoom").accessibleName() == "Zoom: 125 %"
    sheets.set_zoom(LEVELS[-1])
    assert not one(stage, "zoom_in").isEnabled()
    qtbot.keyClick(sheets, Qt.Key.Key_0)
    assert sheets.zoom is Fit.PAGE


def test_a_page_is_drawn_in_exactly_the_dots_of_the_screen(qtbot, stage):
    for zoom in (Fit.WIDTH, 100, 200, Fit.PAGE):
        _answer_all(qtbot, stage)
        stage.sheets.set_zoom(zoom)
        qtbot.waitUntil(lambda: bool(stage.asked))
        ratio = stage.sheets.devicePixelRatioF()
        assert stage.asked[0].scale == pytest.approx(stage.sheets.percent / 75 * ratio, rel=0.01)


def test_whole_pages_show_one_page_and_nothing_beside_it(stage):
    for size in ((400, 700), (900, 500)):
        stage.resize(*size)
        for number in (1, 7, 20):
            stage.show_page(number)
            assert list(stage.sheets._numbers()) == [number]


def test_landscape_pages_fit_too():
    places, bottom, widest = lay_out([LETTER, (792.0, 612.0)], Fit.PAGE, 500, 700, 1100)
    assert all(place.width <= 500 - 2 * MARGIN for place in places)
    assert widest == max(place.width for place in places)
    assert bottom > places[1].top + places[1].height
    ((first, second), _, _) = lay_out([LETTER, (792.0, 612.0)], 100, 500, 700, 1100)
    assert (first.width, second.width) == (816, 1056)


# Changes


def test_the_old_page_stays_until_the_new_one_is_drawn(qtbot, stage):
    _answer_all(qtbot, stage, Qt.GlobalColor.red)
    assert _ink(stage) == "#ff0000"
    stage.set_pages([LETTER] * 21, 1)
    assert _ink(stage) == "#ff0000", "no flicker"
    qtbot.waitUntil(lambda: bool(stage.asked))
    _answer_all(qtbot, stage, Qt.GlobalColor.blue)
    assert _ink(stage) == "#0000ff"


def test_a_late_picture_of_an_old_state_is_ignored(qtbot, stage):
    qtbot.waitUntil(lambda: bool(stage.asked))
    late = stage.asked.pop()
    stage.asked.clear()
    stage.set_pages([LETTER] * 20)
    _answer(stage.sheets, late, Qt.GlobalColor.red)
    assert _ink(stage) == "#ffffff"


def test_what_is_shown_stays_where_it_is_when_pages_come_before_it(stage):
    stage.sheets.set_zoom(100)
    stage.show_page(5)
    stage.sheets.verticalScrollBar().setValue(stage.sheets.verticalScrollBar().value() + 100)
    before = stage.sheets._rect(5).top()
    stage.set_pages([LETTER] * 22, 7)
    assert stage.number == 7
    assert stage.sheets._rect(7).top() == pytest.approx(before, abs=1)


def test_pixels_in_memory_are_bounded(qtbot, stage):
    stage.resize(900, 800)
    stage.sheets.set_zoom(300)
    for number in range(1, 21):
        stage.show_page(number)
        _answer_all(qtbot, stage)
        assert stage.sheets.pixels <= _KEPT + 3 * STRIP * 4 * 2448
    assert stage.sheets.pixels > 0
    stage.set_pages(())
    assert stage.sheets.pixels == 0


def test_only_what_can_be_seen_is_asked_for(qtbot, stage):
    qtbot.waitUntil(lambda: bool(stage.asked))
    assert {wanted.number for wanted in stage.asked} == {1}
    stage.show_page(9)
    assert len(stage.asked) <= 3, "a fast scroll asks for no page that is gone by"
    _answer_all(qtbot, stage)
    qtbot.waitUntil(lambda: any(wanted.number == 10 for wanted in stage.asked))  # the next one, ahead of time


def test_a_page_that_cannot_be_drawn_is_said_once(qtbot, desk, monkeypatch):
    def broken(*_args, **_more):
        raise OSError("damaged")

    page = make_page(qtbot, desk)
    sheets = one(page, "sheets")
    qtbot.waitUntil(lambda: sheets.settled)
    monkeypatch.setattr(previewing.BinderPreview, "strip", broken)
    sheets.show_page(5)
    qtbot.waitUntil(lambda: sheets.settled)
    assert len(desk.said) == 1


def test_the_preview_follows_a_change(qtbot, desk):
    page = make_page(qtbot, desk)
    sheets = one(page, "sheets")
    item = desk.session.vault.evidence(2024)[0]
    qtbot.waitUntil(lambda: sheets.settled)
    sheets.show_page(page.part.preview.numbers[f"exhibit:{item.id}"])
    qtbot.waitUntil(lambda: sheets.settled)
    before = sheets.viewport().grab().toImage()
    collect.describe(desk.session, item.id, no_identifiers=True)
    desk.change(lambda: collect.look_at(desk.session, item.id))
    qtbot.waitUntil(lambda: sheets.settled and sheets.viewport().grab().toImage() != before)
    assert sheets.number == page.part.preview.numbers[f"exhibit:{item.id}"], "still at that exhibit"
