"""What opens choices: words that do not fit end in "…", and the wheel changes nothing."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QSpinBox, QWidget

from mips_desk.ui.pages.evidence_picker import ActivityPicker
from mips_desk.ui.theme import Theme
from mips_desk.ui.widgets.buttons import ChooserButton
from mips_desk.ui.widgets.choice_box import ChoiceBox, day_box, day_of, number_box

from .conftest import accessible_name, show_active

LONG = "Two-way clinical use of the portal by several clinicians of the practice"


def _grab(widget: QWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def _ink_beside_the_edge(widget: QWidget, left: bool, paper: str) -> bool:
    """Something is painted in the eight pixels inside the border, halfway up, where there should be a margin."""
    image = _grab(widget)
    columns = range(3, 9) if left else range(image.width() - 7, image.width() - 3)
    rows = range(8, image.height() - 8)
    return any(image.pixelColor(x, y).name().upper() != paper for x in columns for y in rows)


@pytest.mark.parametrize("kind", ["combo", "button"])
def test_words_that_do_not_fit_are_cut_at_the_end_and_told(qtbot, theme: Theme, kind: str) -> None:
    box: ChoiceBox | ChooserButton
    if kind == "combo":
        box = ChoiceBox()
        box.addItem(LONG)
    else:
        menu = QMenu()
        menu.setObjectName("kept")
        box = ChooserButton(menu)
        menu.setParent(box)
        box.setMenu(menu)
        box.set_choice("Clinicians", LONG)
        assert accessible_name(box) == f"Clinicians: {LONG}"
    qtbot.addWidget(box)
    box.setFixedWidth(200)
    box.show()
    paper = _grab(box).pixelColor(4, 6).name().upper()
    assert not _ink_beside_the_edge(box, True, paper)
    assert not _ink_beside_the_edge(box, False, paper)
    assert box.toolTip() == LONG


def test_all_that_is_chosen_is_in_the_tool_tip(qtbot, theme: Theme) -> None:
    box = ChooserButton(QMenu())
    qtbot.addWidget(box)
    box.set_choice("Clinicians", "2: A, B", "A\nB")
    assert box.toolTip() == "A\nB"


def test_a_box_whose_words_fit_has_no_tool_tip(qtbot, theme: Theme) -> None:
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.addItem("Group")
    box.setFixedWidth(300)
    box.show()
    _grab(box)
    assert box.toolTip() == ""


def _wheel(widget: QWidget) -> bool:
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place, place, QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_the_wheel_scrolls_the_page_and_changes_no_answer(qtbot, theme: Theme) -> None:
    combo = ChoiceBox()
    combo.addItems(["One", "Two", "Three"])
    number: QSpinBox = number_box("Clinicians", "count", 1, 99)
    number.setValue(7)
    day = day_box("First day", "first", date(2026, 3, 1))
    for box in (combo, number, day):
        qtbot.addWidget(box)
        show_active(qtbot, box)
        box.setFocus()
        assert not _wheel(box)
    assert combo.currentIndex() == 0
    assert number.value() == 7
    assert day_of(day) == date(2026, 3, 1)


def test_the_switch_over_the_title_begins_where_the_title_does(qtbot, theme: Theme) -> None:
    picker = ActivityPicker()
    qtbot.addWidget(picker)
    picker.setText("IA_BE_4")
    picker.resize(picker.sizeHint())
    show_active(qtbot, picker)
    image = _grab(picker)
    paper = image.pixelColor(image.width() - 1, 0)
    inked = [x for x in range(image.width()) for y in range(2, image.height() - 4) if image.pixelColor(x, y) != paper]
    assert min(inked) <= 2
    picker.clearFocus()
    before = _grab(picker)
    picker.setFocus()
    assert _grab(picker) != before, "the keyboard can be seen on it"
