"""The marks as a list: what the tree for screen readers holds, and that it goes hand in hand with the canvas."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton

from mips_desk.annotate.marks import Arrow, Crop, Mark, Reason, Redaction, Step, Text
from mips_desk.ui.editor.annotator import Annotator

from .annotating import CONTROL, LEFT, SHIFT, drag, qimage

MARKS: tuple[Mark, ...] = (
    Redaction(id="one", x=10, y=10, width=120, height=20, reason=Reason.NAME),
    Arrow(id="arrow", x1=400, y1=500, x2=420, y2=590),
    Redaction(id="two", x=700, y=300, width=60, height=20, reason=Reason.MRN),
    Step(id="step", x=400, y=300, number=1, text="Answered by\nthe nurse"),
    Text(id="label", x=20, y=560, text="here"),
    Crop(id="crop", x=0, y=0, width=800, height=590),
)


@pytest.fixture
def editor(qtbot):
    made = Annotator(qimage(), MARKS, caption="June")
    qtbot.addWidget(made)
    made.resize(1300, 900)
    made.show()
    made.canvas.zoom_whole_pixels()
    made.findChild(QPushButton, "fold_marks").setChecked(True)
    made.canvas.setFocus()
    return made


def rows(editor: Annotator) -> list[str]:
    """Return the names of the rows as a screen reader meets them, with a star before those it calls selected."""
    tree = QAccessible.queryAccessibleInterface(editor.panel.marks_list.list)
    assert tree.role() == QAccessible.Role.List
    found = []
    for at in range(tree.childCount()):
        child = tree.child(at)
        star = "*" if child.state().selected else ""  # type: ignore[attr-defined] # a bit field without stubs
        found.append(star + child.text(QAccessible.Text.Name))
    return found


def test_a_screen_reader_meets_every_mark_by_name(editor):
    assert rows(editor) == [
        "Redaction 1 of 2, reason: name, at the top left",
        "Arrow, red, at the bottom",
        "Redaction 2 of 2, reason: record number, at the right",
        "Step 1, Answered by the nurse, red, in the middle",
        "Text, here, red, at the bottom left",
        "Crop, 800 by 590 pixels are left",
    ]
    assert editor.panel.marks_list.list.accessibleName() == "Marks on the picture"


def test_what_is_selected_on_the_canvas_is_selected_in_the_list(editor):
    editor.board.select(("two", "label"))
    assert [row[0] for row in rows(editor)] == ["R", "A", "*", "S", "*", "C"]
    editor.board.select(())
    assert not any(row.startswith("*") for row in rows(editor))


def test_arrow_keys_in_the_list_select_on_the_canvas(qtbot, editor):
    listed = editor.panel.marks_list.list
    editor.board.select(("one",))
    listed.setFocus()
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    assert editor.board.selected_ids == ("arrow",)
    qtbot.keyClick(listed, Qt.Key.Key_Down, SHIFT)
    assert editor.board.selected_ids == ("arrow", "two")
    assert editor.board.marks == MARKS, "they moved nothing"
    assert QApplication.focusWidget() is listed


def test_what_is_picked_comes_into_view(qtbot, editor):
    editor.canvas.zoom_by(8)
    listed = editor.panel.marks_list.list
    for row, middle in ((0, (70, 20)), (2, (730, 310))):
        rect = listed.visualRect(listed.lines.index(row))
        qtbot.mouseClick(listed.viewport(), LEFT, pos=rect.center())
        assert editor.canvas.view.visible().holds(*middle)


def test_delete_in_the_list_deletes_and_the_keyboard_stays_where_it_was(qtbot, editor):
    listed = editor.panel.marks_list.list
    editor.board.select(("arrow",))
    listed.setFocus()
    qtbot.keyClick(listed, Qt.Key.Key_Delete)
    assert [mark.id for mark in editor.board.marks] == ["one", "two", "step", "label", "crop"]
    assert editor.board.selected_ids == ()
    assert QApplication.focusWidget() is listed
    assert listed.currentIndex().row() == 1
    qtbot.keyClick(listed, Qt.Key.Key_Z, CONTROL)
    assert len(rows(editor)) == 6
    assert editor.board.marks == MARKS


def test_enter_goes_to_the_mark_on_the_picture_and_f2_types_its_words(qtbot, editor):
    listed = editor.panel.marks_list.list
    editor.board.select(("label",))
    listed.setFocus()
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is editor.canvas
    assert editor.board.selected_ids == ("label",)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_F2)
    assert QApplication.focusWidget() is editor.findChild(QPlainTextEdit, "mark_text")


def test_letters_take_tools_in_hand_also_from_the_list(qtbot, editor):
    listed = editor.panel.marks_list.list
    listed.setFocus()
    qtbot.keyClick(listed, Qt.Key.Key_X)
    assert editor.board.tool.label == "Redaction"


def test_a_drag_on_the_canvas_renames_the_row(qtbot, editor):
    drag(qtbot, editor.canvas, (60, 20), (60, 560))
    assert rows(editor)[0] == "*Redaction 1 of 2, reason: name, at the bottom left"


def test_a_label_left_empty_leaves_the_list(editor):
    empty = editor.board.add(Text(x=300, y=100, text=""))
    assert len(rows(editor)) == 7
    listed = editor.panel.marks_list.list
    listed.setCurrentIndex(listed.lines.index(0))
    assert editor.board.selected_ids == ("one",)
    assert editor.board.mark(empty) is None
    assert len(rows(editor)) == 6


def test_the_list_is_folded_away_until_it_is_wanted_or_heard(qtbot, editor):
    made = Annotator(qimage(), MARKS, caption="June")
    qtbot.addWidget(made)
    made.show()
    fold = made.findChild(QPushButton, "fold_marks")
    assert fold.text() == "Show the list of marks (6)"
    assert fold.isChecked() is QAccessible.isActive()
    fold.setChecked(False)
    assert not made.panel.marks_list.list.isVisible()
    made.board.select(("one",))
    made.board.remove_selected()
    assert fold.text() == "Show the list of marks (5)"
    fold.click()
    assert made.panel.marks_list.list.isVisible()
    assert len(rows(made)) == 5


def test_the_tree_outlives_a_thousand_changes(editor):
    """What a screen reader holds of rows that are gone must not take the app along."""
    held = []
    for number in range(1000):
        mark = editor.board.add(Redaction(x=float(number % 700), y=50, width=20, height=20))
        tree = QAccessible.queryAccessibleInterface(editor.panel.marks_list.list)
        held = [*held[-20:], tree.child(tree.childCount() - 1)]
        if number % 50:
            editor.board.select((mark,))
            editor.board.remove_selected()
    assert len(rows(editor)) == len(editor.board.marks)
