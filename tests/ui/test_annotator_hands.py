"""The annotator in the hands of somebody new to it: what 30 minutes of use found, so that it stays away."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from mips_desk.annotate.hit import Handle, extent, handles
from mips_desk.annotate.marks import Arrow, Box, Mark, Reason, Redaction, Step, Text
from mips_desk.ui.editor.annotator import Annotator
from mips_desk.ui.editor.menu import marks_menu
from mips_desk.ui.editor.overlay import LIFT
from mips_desk.ui.editor.tools import Tool

from .annotating import CONTROL, LEFT, NO_KEYS, SHIFT, drag, move, point, qimage


@pytest.fixture
def editor(qtbot):
    made = Annotator(qimage(), (), caption="June")
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    made.canvas.zoom_whole_pixels()
    made.canvas.setFocus()
    return made


def _only(editor: Annotator) -> Mark:
    (mark,) = editor.board.marks
    return mark


def test_enter_in_the_legend_adds_no_step(qtbot, editor):
    qtbot.keyClick(editor.canvas, "n")
    qtbot.mouseClick(editor.canvas, LEFT, NO_KEYS, point(editor.canvas, 200, 150))
    legend = editor.findChild(QLineEdit, "legend_1")
    assert QApplication.focusWidget() is legend
    qtbot.keyClicks(legend, "Answered")
    qtbot.keyClick(legend, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is editor.canvas
    assert [mark.text for mark in editor.board.marks] == ["Answered"]


def test_one_escape_too_many_does_not_leave(qtbot, editor):
    left = []
    editor.left.connect(lambda: left.append(True))
    editor.board.add(Box(x=100, y=100, width=50, height=40))
    qtbot.keyClick(editor.canvas, "r")
    for _ in range(3):
        qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert editor.board.selected_ids == ()
    assert editor.board.tool is Tool.SELECT
    assert not left, "selection, tool, and the one that says what the next will do"
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert left


def test_after_a_while_escape_asks_again(qtbot, editor):
    left = []
    editor.left.connect(lambda: left.append(True))
    editor._leaving.setInterval(0)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not editor._leaving.isActive())
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert not left


@pytest.mark.parametrize(("tool", "start"), [(Tool.ARROW, (250, 250)), (Tool.BOX, (200, 200)), (Tool.STEP, (260, 240))])
def test_a_new_mark_can_begin_inside_the_box_just_drawn(qtbot, editor, tool, start):
    editor.board.set_tool(Tool.BOX)
    drag(qtbot, editor.canvas, (100, 100), (400, 400))
    box = _only(editor)
    editor.board.set_tool(tool)
    drag(qtbot, editor.canvas, start, (330, 350))
    assert editor.board.marks[0] == box
    assert len(editor.board.marks) == 2


def test_of_several_selected_marks_all_are_moved_by_any_place(qtbot, editor):
    editor.board.add(Redaction(x=100, y=100, width=60, height=60))
    editor.board.add(Redaction(x=300, y=100, width=60, height=60))
    editor.board.set_tool(Tool.SELECT)
    editor.board.select_all()
    # Right on the lower right corner of the first, where one mark alone would have a handle.
    drag(qtbot, editor.canvas, (159, 159), (159, 259), keys=CONTROL)
    assert [(mark.y, mark.height) for mark in editor.board.marks] == [(200, 60), (200, 60)]


def test_the_color_of_a_selected_box_can_be_seen(editor):
    editor.board.add(Box(x=100, y=100, width=300, height=200, color="green", stroke=4))
    shown = editor.canvas.grab().toImage()
    at = point(editor.canvas, 170, 100)
    assert shown.pixelColor(at) == QColor("#217A3C")


def test_the_size_is_told_while_an_area_is_drawn_and_resized(qtbot, editor):
    canvas, pointer = editor.canvas, editor.canvas.pointer
    qtbot.keyClick(canvas, "x")
    qtbot.mousePress(canvas, LEFT, NO_KEYS, point(canvas, 100, 100))
    move(canvas, point(canvas, 220, 124), CONTROL)
    assert pointer.reading == "120 × 24"
    qtbot.mouseRelease(canvas, LEFT, NO_KEYS, point(canvas, 220, 124))
    assert pointer.reading == ""
    qtbot.mousePress(canvas, LEFT, NO_KEYS, point(canvas, 220, 124))
    move(canvas, point(canvas, 300, 150), CONTROL)
    assert pointer.reading == "200 × 50"
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert pointer.reading == ""


def test_the_angle_is_told_while_a_mark_is_turned(qtbot, editor):
    editor.board.add(Box(x=300, y=250, width=200, height=100))
    canvas = editor.canvas
    grip = handles(_only(editor), editor.board.style, LIFT / canvas.view.scale)[Handle.TURN]
    qtbot.mousePress(canvas, LEFT, NO_KEYS, point(canvas, *grip))
    move(canvas, point(canvas, 600, 300), SHIFT)
    assert canvas.pointer.reading == "90°"
    qtbot.mouseRelease(canvas, LEFT, SHIFT, point(canvas, 600, 300))


def test_shift_keeps_the_shape_of_an_area_and_the_way_of_an_arrow(qtbot, editor):
    editor.board.add(Box(x=100, y=100, width=200, height=100))
    drag(qtbot, editor.canvas, (300, 200), (500, 220), keys=SHIFT)
    box = _only(editor)
    assert isinstance(box, Box)
    assert (box.width, box.height) == pytest.approx((400, 200), abs=3)
    editor.board.remove_selected()
    editor.board.add(Arrow(x1=100, y1=100, x2=200, y2=150))
    drag(qtbot, editor.canvas, (200, 150), (400, 110), keys=SHIFT)
    arrow = _only(editor)
    assert isinstance(arrow, Arrow)
    assert (arrow.y2, arrow.x1) == (pytest.approx(100), 100)


def test_marks_added_by_keys_lie_beside_each_other(qtbot, editor):
    for letter in "xrtnxa":
        qtbot.keyClick(editor.canvas, letter)
        qtbot.keyClick(editor.canvas, Qt.Key.Key_Return)
        if letter == "t":
            qtbot.keyClicks(QApplication.focusWidget(), "answered")
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    rects = [extent(mark, editor.board.style) for mark in editor.board.marks]
    assert len(rects) == 6
    for at, rect in enumerate(rects):
        assert not any(rect.meets(other) for other in rects[at + 1 :])
        assert rect.y >= 0
        assert rect.bottom <= 600


def test_where_there_is_no_free_place_a_mark_is_added_all_the_same(qtbot, editor):
    editor.board.add(Redaction(x=0, y=0, width=800, height=600))
    qtbot.keyClick(editor.canvas, "n")
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Return)
    assert [type(mark) for mark in editor.board.marks] == [Redaction, Step]


def test_an_arrow_key_moves_by_what_can_be_seen(qtbot):
    made = Annotator(qimage((3840, 2160)), (), caption="June")
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    made.canvas.fit()
    made.board.add(Redaction(x=1000, y=1000, width=100, height=100))
    qtbot.keyClick(made.canvas, Qt.Key.Key_Right)
    moved_by = _only(made).x - 1000
    assert moved_by == round(1 / made.canvas.view.scale)
    assert moved_by > 1
    made.canvas.zoom_whole_pixels()
    qtbot.keyClick(made.canvas, Qt.Key.Key_Left)
    assert _only(made).x == 1000 + moved_by - 1, "at 1:1 it is a pixel of the picture"


def test_the_wheel_goes_on_with_a_drag(qtbot, editor):
    canvas = editor.canvas
    canvas.zoom_by(3)
    qtbot.keyClick(canvas, "x")
    start, held = QPoint(300, 200), QPoint(400, 300)
    qtbot.mousePress(canvas, LEFT, NO_KEYS, start)
    move(canvas, held, CONTROL)
    before = canvas.pointer.draft
    wheel = QWheelEvent(
        QPointF(held), QPointF(canvas.mapToGlobal(held)), QPoint(), QPoint(0, -240), LEFT, NO_KEYS,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, wheel)
    after = canvas.pointer.draft
    assert isinstance(before, Redaction)
    assert isinstance(after, Redaction)
    assert after.height > before.height + 30, "what came into view is in the bar"
    qtbot.mouseRelease(canvas, LEFT, NO_KEYS, held)


def test_a_drag_beyond_the_edge_brings_the_rest_into_view(qtbot, editor):
    canvas = editor.canvas
    canvas.zoom_by(4)
    qtbot.keyClick(canvas, "x")
    qtbot.mousePress(canvas, LEFT, NO_KEYS, QPoint(300, 300))
    below = QPoint(400, canvas.height() + 90)
    move(canvas, below, CONTROL)
    qtbot.waitUntil(lambda: canvas.pointer.draft.y + canvas.pointer.draft.height >= 600)
    qtbot.mouseRelease(canvas, LEFT, NO_KEYS, below)
    qtbot.waitUntil(lambda: not canvas._edge.isActive())
    assert isinstance(_only(editor), Redaction)


def test_cut_is_in_the_menu(editor):
    editor.board.add(Text(x=10, y=10, text="words"))
    menu = marks_menu(editor.board, editor.canvas.clippings, editor.canvas)
    cut = next(action for action in menu.actions() if action.text().startswith("Cut"))
    cut.trigger()
    menu.close()
    assert editor.board.marks == ()
    assert [mark.text for mark in editor.canvas.clippings.marks] == ["words"]


def test_of_bars_and_others_together_the_others_are_colored_and_the_bars_get_a_reason(qtbot, editor):
    editor.board.add(Redaction(x=100, y=100, width=60, height=60))
    editor.board.add(Arrow(x1=300, y1=300, x2=400, y2=400))
    editor.board.select_all()
    green = editor.findChild(QWidget, "color_green")
    assert green.isVisible()
    qtbot.mouseClick(green, LEFT)
    qtbot.keyClick(editor.canvas, "3")
    bar, arrow = editor.board.marks
    assert (bar.reason, arrow.color) == (Reason.MRN, "green")


def test_the_ends_of_a_selected_arrow_show_among_several(editor):
    editor.board.add(Arrow(x1=100, y1=300, x2=400, y2=300))
    editor.board.add(Box(x=500, y=300, width=60, height=60))
    editor.board.select(())
    before = editor.canvas.grab().toImage().pixelColor(point(editor.canvas, 100, 300))
    editor.board.select_all()
    after = editor.canvas.grab().toImage()
    assert after.pixelColor(point(editor.canvas, 100, 300)) != before
    assert after.pixelColor(point(editor.canvas, 200, 300)) == QColor("#D92D20"), "its color still shows"
