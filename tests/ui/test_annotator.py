"""The annotator: every mark by mouse and by keys, undo, saving, and the preview held against the export."""

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLineEdit, QPlainTextEdit, QWidget

from mips_desk.annotate.marks import (
    Arrow,
    Box,
    Ellipse,
    Highlight,
    Line,
    Mark,
    Reason,
    Redaction,
    Step,
    Text,
)
from mips_desk.ui.editor.annotator import Annotator
from mips_desk.ui.editor.canvas import Canvas
from mips_desk.ui.editor.tools import Tool

SIZE = (800, 600)
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


def _picture(size: tuple[int, int] = SIZE) -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert("RGB")


def _qimage(image: Image.Image) -> QImage:
    data = image.tobytes("raw", "BGRX")
    return QImage(data, image.width, image.height, image.width * 4, QImage.Format.Format_RGB32).copy()


@pytest.fixture
def editor(qtbot):
    made = Annotator(_qimage(_picture()), (), caption="Messages, June")
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    made.canvas.zoom_whole_pixels()
    made.canvas.setFocus()
    return made


def test_the_whole_of_a_very_large_picture_can_be_seen(qtbot):
    made = Annotator(_qimage(_picture((8000, 6000))), (), caption="Messages, June")
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    view = made.canvas.view
    left, top = view.to_widget(0, 0)
    right, bottom = view.to_widget(8000, 6000)
    assert left >= 0
    assert top >= 0
    assert right <= made.canvas.width()
    assert bottom <= made.canvas.height()
    zoom = view.zoom
    made.canvas.zoom_out()
    assert view.zoom == zoom, "it gets no larger by going out"


@pytest.mark.parametrize(("width", "height", "percent"), [(1300, 800, 100), (1150, 620, 175), (1100, 520, 200)])
def test_tools_and_buttons_are_whole_at_every_text_size(qtbot, theme, width, height, percent):
    theme.set_text_scale(percent)
    made = Annotator(_qimage(_picture()), (), caption="Messages of June " * 10)
    qtbot.addWidget(made)
    made.resize(width, height)
    made.show()
    tools = [made.findChild(QAbstractButton, f"tool_{tool}") for tool in Tool]
    qtbot.waitUntil(lambda: all(tool.height() >= tool.sizeHint().height() for tool in tools))
    for button in (*tools, made.strip.back, made.strip.looked_at):
        assert button.isVisible()
        assert button.width() >= button.sizeHint().width()
        assert button.height() >= button.sizeHint().height()
        assert made.rect().contains(QRect(button.mapTo(made, QPoint(0, 0)), button.size()))
    corners = [tool.mapTo(made, QPoint(0, 0)).toTuple() for tool in tools]
    assert len(set(corners)) == len(tools)


def _point(canvas: Canvas, x: float, y: float) -> QPoint:
    left, top = canvas.view.to_widget(x, y)
    return QPoint(round(left), round(top))


def _drag(qtbot, canvas: Canvas, start: tuple[float, float], end: tuple[float, float], modifier=NO_KEYS) -> None:
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    qtbot.mousePress(canvas, LEFT, modifier, _point(canvas, *start))
    qtbot.mouseMove(canvas, _point(canvas, *middle))
    qtbot.mouseMove(canvas, _point(canvas, *end))
    qtbot.mouseRelease(canvas, LEFT, modifier, _point(canvas, *end))


def _only(editor: Annotator) -> Mark:
    (mark,) = editor.board.marks
    return mark


@pytest.mark.parametrize(
    ("key", "kind"),
    [("X", Redaction), ("R", Box), ("E", Ellipse), ("H", Highlight)],
)
def test_an_area_is_drawn_with_the_mouse(qtbot, editor, key, kind):
    qtbot.keyClick(editor.canvas, key.lower())
    _drag(qtbot, editor.canvas, (300, 250), (100, 200))
    mark = _only(editor)
    assert isinstance(mark, kind)
    assert (mark.x, mark.y, mark.width, mark.height) == pytest.approx((100, 200, 200, 50), abs=1)


@pytest.mark.parametrize(("key", "kind"), [("A", Arrow), ("L", Line)])
def test_a_segment_is_drawn_with_the_mouse(qtbot, editor, key, kind):
    qtbot.keyClick(editor.canvas, key.lower())
    _drag(qtbot, editor.canvas, (100, 100), (300, 250))
    mark = _only(editor)
    assert isinstance(mark, kind)
    assert (mark.x1, mark.y1, mark.x2, mark.y2) == pytest.approx((100, 100, 300, 250), abs=1)


def test_a_step_is_placed_with_a_click_and_its_legend_typed(qtbot, editor):
    qtbot.mouseClick(editor.findChild(QWidget, "tool_step"), LEFT)
    qtbot.mouseClick(editor.canvas, LEFT, NO_KEYS, _point(editor.canvas, 200, 150))
    legend = editor.findChild(QLineEdit, "legend_1")
    qtbot.keyClicks(legend, "Every message was answered")
    mark = _only(editor)
    assert isinstance(mark, Step)
    assert (mark.x, mark.y) == pytest.approx((200, 150), abs=1)
    assert (mark.number, mark.text) == (1, "Every message was answered")
    editor.board.undo()
    assert _only(editor).text == "", "typing is one step of the history"


def test_a_label_is_typed_where_it_was_placed(qtbot, editor):
    qtbot.keyClick(editor.canvas, Qt.Key.Key_T)
    qtbot.mouseClick(editor.canvas, LEFT, NO_KEYS, _point(editor.canvas, 50, 60))
    words = editor.findChild(QPlainTextEdit, "mark_text")
    assert words.placeholderText() == "Type here"
    qtbot.keyClicks(words, "answered")
    assert _only(editor).text == "answered"
    qtbot.keyClick(words, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is editor.canvas


def test_a_label_left_empty_is_gone(qtbot, editor):
    qtbot.keyClick(editor.canvas, Qt.Key.Key_T)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Return)
    qtbot.keyClick(editor.findChild(QPlainTextEdit, "mark_text"), Qt.Key.Key_Delete)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert editor.board.marks == ()


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("A", Arrow),
        ("R", Box),
        ("E", Ellipse),
        ("L", Line),
        ("H", Highlight),
        ("T", Text),
        ("N", Step),
        ("X", Redaction),
    ],
)
def test_every_mark_is_added_moved_resized_and_deleted_with_keys_only(qtbot, editor, key, kind):
    canvas = editor.canvas
    qtbot.keyClick(canvas, key.lower())
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    added = _only(editor)
    assert isinstance(added, kind)
    assert editor.board.selected_ids == (added.id,)

    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    x, y = ("x1", "y1") if kind in (Arrow, Line) else ("x", "y")
    moved = _only(editor)
    assert (getattr(moved, x) - getattr(added, x), getattr(moved, y) - getattr(added, y)) == (1, 10)

    far = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(canvas, Qt.Key.Key_Right, far)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, far)
    resized = _only(editor)
    assert resized != moved
    assert (getattr(resized, x), getattr(resized, y)) == (getattr(moved, x), getattr(moved, y))

    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert editor.board.marks == ()
    for expected in (resized, moved, added):
        qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert _only(editor) == expected
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.board.marks == ()
    for _ in range(4):
        qtbot.keyClick(canvas, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert editor.board.marks == ()
    assert editor.board.redo_text == ""


def test_a_mark_is_moved_and_resized_with_the_mouse(qtbot, editor):
    qtbot.keyClick(editor.canvas, "x")
    _drag(qtbot, editor.canvas, (100, 100), (200, 140))
    qtbot.keyClick(editor.canvas, "v")
    _drag(qtbot, editor.canvas, (150, 120), (250, 170))
    mark = _only(editor)
    assert (mark.x, mark.y, mark.width, mark.height) == pytest.approx((200, 150, 100, 40), abs=2)
    _drag(qtbot, editor.canvas, (mark.x + mark.width, mark.y + mark.height), (400, 300))
    mark = _only(editor)
    assert (mark.x, mark.y, mark.width, mark.height) == pytest.approx((200, 150, 200, 150), abs=2)
    assert editor.board.undo_text == "Resize redaction"
    editor.board.undo()
    editor.board.undo()
    assert _only(editor).x == pytest.approx(100, abs=1), "a drag is one step"


def test_a_click_that_trembles_moves_nothing(qtbot, editor):
    editor.board.add(Redaction(x=100, y=100, width=100, height=40))
    before = editor.board.marks
    qtbot.keyClick(editor.canvas, "v")
    _drag(qtbot, editor.canvas, (150, 120), (152, 121))
    assert editor.board.marks == before


def test_escape_gives_a_drag_up(qtbot, editor):
    editor.board.add(Box(x=100, y=100, width=100, height=40))
    before = editor.board.marks
    canvas = editor.canvas
    qtbot.mousePress(canvas, LEFT, NO_KEYS, _point(canvas, 100, 120))
    qtbot.mouseMove(canvas, _point(canvas, 300, 300))
    assert editor.board.marks != before
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(canvas, LEFT, NO_KEYS, _point(canvas, 300, 300))
    assert editor.board.marks == before
    assert editor.board.undo_text == "Add box"


def test_a_rubber_band_selects_and_duplicate_copies(qtbot, editor):
    editor.board.add(Box(x=100, y=100, width=50, height=40))
    editor.board.add(Step(x=300, y=130))
    editor.board.add(Redaction(x=600, y=500, width=50, height=40))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    _drag(qtbot, editor.canvas, (60, 60), (400, 200))
    assert [type(mark) for mark in editor.board.selected] == [Box, Step]
    qtbot.keyClick(editor.canvas, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert len(editor.board.marks) == 5
    assert [step.number for step in editor.board.steps] == [1, 2]


def test_page_keys_go_from_mark_to_mark(qtbot, editor):
    editor.board.add(Box(x=100, y=100, width=50, height=40))
    editor.board.add(Redaction(x=600, y=500, width=50, height=40))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_PageDown)
    assert isinstance(editor.board.only_selected, Box)
    assert editor.canvas.accessibleName().endswith("selected: Box, red, 50 by 40 pixels")
    qtbot.keyClick(editor.canvas, Qt.Key.Key_PageUp)
    assert isinstance(editor.board.only_selected, Redaction)


def test_the_reason_of_a_redaction_is_chosen(qtbot, editor):
    editor.board.add(Redaction(x=100, y=100, width=50, height=40))
    qtbot.mouseClick(editor.findChild(QWidget, "reason_mrn"), LEFT)
    assert _only(editor).reason is Reason.MRN
    qtbot.keyClick(editor.canvas, "x")
    _drag(qtbot, editor.canvas, (300, 300), (400, 330))
    assert editor.board.marks[1].reason is Reason.MRN, "the next one has the same reason"


def test_a_color_restyles_and_is_kept_for_the_next_mark(qtbot, editor):
    editor.board.add(Box(x=100, y=100, width=50, height=40))
    qtbot.mouseClick(editor.findChild(QWidget, "color_green"), LEFT)
    assert _only(editor).color == "green"
    qtbot.keyClick(editor.canvas, "a")
    _drag(qtbot, editor.canvas, (300, 300), (400, 330))
    assert editor.board.marks[1].color == "green"


def test_pasted_control_characters_do_not_reach_a_mark(editor):
    mark_id = editor.board.add(Text(x=10, y=10, text="a"))
    editor.board.set_text(mark_id, "one\x00\ttwo\nthree" + "x" * 1000)
    text = editor.board.marks[0].text
    assert text.startswith("onetwo\nthree")
    assert len(text) == 500


def test_marks_are_saved_after_a_pause(qtbot, editor):
    with qtbot.waitSignal(editor.save_requested, timeout=5000) as saved:
        editor.board.add(Redaction(x=100, y=100, width=50, height=40))
    assert saved.args == [editor.board.marks]
    assert not editor.unsaved


def test_leaving_saves_what_was_being_typed(qtbot, editor):
    mark_id = editor.board.add(Step(x=100, y=100))
    editor.canvas.words_requested.emit(mark_id)
    qtbot.keyClicks(editor.findChild(QLineEdit, "legend_1"), "look here")
    said = []
    editor.save_requested.connect(lambda marks: said.append(("save", marks[0].text)))
    editor.left.connect(lambda: said.append("left"))
    qtbot.mouseClick(editor.findChild(QWidget, "annotator_back"), LEFT)
    assert said == [("save", "look here"), "left"]


def test_an_unchanged_picture_is_not_saved(qtbot, editor):
    with qtbot.assertNotEmitted(editor.save_requested):
        editor.board.add(Box(x=100, y=100, width=50, height=40))
        editor.board.undo()
        editor.leave()


def test_looked_at_needs_a_redaction_or_the_confirmation(qtbot, editor):
    button = editor.findChild(QWidget, "mark_as_looked_at")
    with qtbot.assertNotEmitted(editor.looked_at_requested):
        qtbot.mouseClick(button, LEFT)
    confirm = editor.findChild(QCheckBox, "no_identifiers")
    assert QApplication.focusWidget() is confirm
    with qtbot.waitSignal(editor.no_identifiers_changed) as confirmed:
        qtbot.keyClick(confirm, Qt.Key.Key_Space)
    assert confirmed.args == [True]
    with qtbot.waitSignal(editor.looked_at_requested):
        qtbot.mouseClick(button, LEFT)


def test_looked_at_saves_first(qtbot, editor):
    said = []
    editor.save_requested.connect(lambda _marks: said.append("save"))
    editor.looked_at_requested.connect(lambda: said.append("looked at"))
    editor.board.add(Redaction(x=100, y=100, width=50, height=40))
    qtbot.mouseClick(editor.findChild(QWidget, "mark_as_looked_at"), LEFT)
    assert said == ["save", "looked at"]


def test_zoom_keeps_the_pixel_under_the_pointer(qtbot, editor):
    canvas = editor.canvas
    canvas._zoom_to(3.0, QPointF(300, 200))
    at = QPointF(320, 240)
    before = canvas.view.to_image(at.x(), at.y())
    wheel = QWheelEvent(
        at,
        QPointF(canvas.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, wheel)
    assert canvas.view.zoom > 3.0
    assert canvas.view.to_image(at.x(), at.y()) == pytest.approx(before, abs=1)


def test_space_and_a_drag_pan(qtbot, editor):
    canvas = editor.canvas
    canvas._zoom_to(4.0, None)
    before = canvas.view.left
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    qtbot.mousePress(canvas, LEFT, NO_KEYS, QPoint(200, 200))
    qtbot.mouseMove(canvas, QPoint(240, 200))
    qtbot.mouseRelease(canvas, LEFT, NO_KEYS, QPoint(240, 200))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.view.left == pytest.approx(before + 40, abs=2)
    assert editor.board.marks == ()


def test_fit_and_whole_pixels(qtbot, editor):
    qtbot.keyClick(editor.canvas, "f")
    visible = editor.canvas.view.visible()
    assert (visible.width, visible.height) == SIZE
    qtbot.keyClick(editor.canvas, "1")
    assert editor.canvas.view.zoom == 1.0


def test_read_only_changes_nothing(qtbot):
    marks = (Redaction(id="a", x=100, y=100, width=50, height=40),)
    made = Annotator(_qimage(_picture()), marks, caption="x", read_only=True)
    qtbot.addWidget(made)
    made.show()
    canvas = made.canvas
    for key in (Qt.Key.Key_X, Qt.Key.Key_Return, Qt.Key.Key_PageDown, Qt.Key.Key_Right, Qt.Key.Key_Delete):
        qtbot.keyClick(canvas, key)
    qtbot.keyClick(canvas, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert made.board.marks == marks
    assert not made.findChild(QWidget, "mark_as_looked_at").isEnabled()


def test_every_control_has_a_name(editor):
    editor.board.add(Step(x=10, y=10))
    nameless = [
        widget
        for widget in editor.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisibleTo(editor)
        and not widget.accessibleName()
        and not getattr(widget, "text", str)()
    ]
    assert nameless == []


def test_the_canvas_shows_a_redaction_black_at_whole_pixels(qtbot, editor):
    editor.board.add(Redaction(x=100, y=100, width=80, height=30))
    editor.board.select(())
    grabbed = editor.canvas.grab().toImage()
    ratio = grabbed.devicePixelRatio()
    point = _point(editor.canvas, 110, 110)
    assert grabbed.pixelColor(round(point.x() * ratio), round(point.y() * ratio)).name() == "#000000"
