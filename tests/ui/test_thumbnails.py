"""Thumbnails: the model keeps Qt's rules, asks for each picture once, and the view works by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mips_desk.ui.theme import Theme
from mips_desk.ui.tokens import LIGHT
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.thumbnails import Role, Thumbnail, ThumbnailModel, ThumbnailView, tile_size

from .conftest import accessible_name, show_active

ROWS = tuple(
    Thumbnail(f"item{number}", f"Messages {number}", "Mar 4, 2024", "reviewed", Tone.OK) for number in range(7)
)


def picture(color: str = "#C81E1E") -> QImage:
    made = QImage(320, 200, QImage.Format.Format_RGB32)
    made.fill(QColor(color))
    return made


@pytest.fixture
def model(qtbot: QtBot, theme: Theme) -> ThumbnailModel:
    made = ThumbnailModel()
    made.set_rows(ROWS)
    return made


@pytest.fixture
def view(model: ThumbnailModel, qtbot: QtBot) -> ThumbnailView:
    made = ThumbnailView("Evidence of the patient portal")
    qtbot.addWidget(made)
    made.setModel(model)
    made.resize(tile_size().width() * 3 + 60, 500)
    show_active(qtbot, made)
    made.setFocus()
    return made


def test_the_model_keeps_the_rules(model: ThumbnailModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows(ROWS[2:])
    model.set_rows(())
    model.set_rows(ROWS)
    model.set_picture("item3", 0, picture())
    assert tester.model() is model


def test_each_picture_is_asked_for_once(model: ThumbnailModel, qtbot: QtBot) -> None:
    asked: list[tuple[str, int]] = []
    model.picture_requested.connect(lambda key, version: asked.append((key, version)))
    index = model.index(0)
    for _ in range(3):
        assert index.data(Qt.ItemDataRole.DecorationRole) is None
    assert asked == [("item0", 0)]
    with qtbot.waitSignal(model.dataChanged):
        model.set_picture("item0", 0, picture())
    assert index.data(Qt.ItemDataRole.DecorationRole) == picture()
    assert asked == [("item0", 0)]


def test_a_changed_picture_is_asked_for_again_and_the_old_one_shown_meanwhile(model: ThumbnailModel) -> None:
    asked: list[tuple[str, int]] = []
    model.picture_requested.connect(lambda key, version: asked.append((key, version)))
    model.set_picture("item0", 0, picture("#111111"))
    newer = Thumbnail("item0", "Messages 0", version=1)
    model.set_rows((newer, *ROWS[1:]))
    assert model.index(0).data(Qt.ItemDataRole.DecorationRole) == picture("#111111")
    assert asked == [("item0", 1)]
    model.set_picture("item0", 0, picture("#222222"))  # comes late
    assert model.index(0).data(Qt.ItemDataRole.DecorationRole) == picture("#111111")
    model.set_picture("item0", 1, picture("#333333"))
    assert model.index(0).data(Qt.ItemDataRole.DecorationRole) == picture("#333333")


def test_a_picture_for_a_row_that_is_gone_is_ignored(model: ThumbnailModel) -> None:
    model.set_rows(ROWS[1:])
    model.set_picture("item0", 0, picture())
    assert model.place("item0") is None


def test_it_says_everything_to_a_screen_reader(model: ThumbnailModel, view: ThumbnailView) -> None:
    assert accessible_name(view) == "Evidence of the patient portal"
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Messages 0, Mar 4, 2024, reviewed"
    assert model.index(0).data(Role.ROW) is ROWS[0]


def test_by_mouse(view: ThumbnailView, model: ThumbnailModel, qtbot: QtBot) -> None:
    center = view.visualRect(model.index(2)).center()
    with qtbot.waitSignal(view.picked) as told:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=center)
    assert told.args == ["item2"]
    with qtbot.waitSignal(view.opened) as told:
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=center)
    assert told.args == ["item2"]


def test_by_keyboard(view: ThumbnailView, qtbot: QtBot) -> None:
    heard: list[str] = []
    view.picked.connect(heard.append)
    view.pick("item0")
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert heard == ["item0", "item1", "item4"]
    with qtbot.waitSignal(view.opened) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == ["item4"]
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.keys == ("item4", "item5")


def test_picking_what_is_not_there_changes_nothing(view: ThumbnailView) -> None:
    view.pick("item1")
    view.pick("nothing")
    assert view.keys == ("item1",)


def test_placeholder_then_picture(view: ThumbnailView, model: ThumbnailModel) -> None:
    def middle() -> str:
        spot = view.visualRect(model.index(0))
        image = view.viewport().grab().toImage()
        return image.pixelColor(spot.left() + 30, spot.top() + 30).name().upper()

    assert middle() == LIGHT.neutral_wash
    model.set_picture("item0", 0, picture("#C81E1E"))
    assert middle() == "#C81E1E"


def test_a_fitting_view_grows_with_its_rows(model: ThumbnailModel, qtbot: QtBot) -> None:
    view = ThumbnailView("Evidence", fit=True)
    qtbot.addWidget(view)
    view.setModel(model)
    view.resize(tile_size().width() * 3 + 60, 100)
    view.show()
    qtbot.waitUntil(lambda: view.height() > 3 * tile_size().height())
    model.set_rows(ROWS[:2])
    qtbot.waitUntil(lambda: view.height() < 1.3 * tile_size().height())
    last = view.visualRect(model.index(1))
    assert last.bottom() <= view.viewport().height()
