"""The annotator: freehand lines, crop, turning, snapping, words on the picture, copies, order, keys."""

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QPlainTextEdit, QWidget

from mips_desk.annotate.hit import Handle, extent, handles
from mips_desk.annotate.marks import Arrow, Box, Crop, Ellipse, Freehand, Highlight, Mark, Reason, Redaction, Step, Text
from mips_desk.ui.editor.annotator import Annotator
from mips_desk.ui.editor.clippings import MIME, Clippings
from mips_desk.ui.editor.looks import Habits, Look, MarkSize
from mips_desk.ui.editor.menu import marks_menu
from mips_desk.ui.editor.overlay import LIFT
from mips_desk.ui.editor.tools import Tool
from mips_desk.ui.editor.versions import Version

from .annotating import ALT, CONTROL, LEFT, NO_KEYS, SHIFT, SIZE, click, drag, point, qimage


@pytest.fixture
def clippings():
    return Clippings()


@pytest.fixture
def make(qtbot, clippings):
    def made(marks: tuple[Mark, ...] = (), **options: object) -> Annotator:
        editor = Annotator(qimage(options.pop("size", SIZE)), marks, caption="June", clippings=clippings, **options)
        qtbot.addWidget(editor)
        editor.resize(1300, 800)
        editor.show()
        editor.canvas.zoom_whole_pixels()
        editor.canvas.setFocus()
        return editor

    return made


@pytest.fixture
def editor(make):
    return make()


def _only(editor: Annotator) -> Mark:
    (mark,) = editor.board.marks
    return mark


def _words(editor: Annotator) -> QPlainTextEdit:
    return editor.findChild(QPlainTextEdit, "mark_text")


# Freehand and crop


def test_a_freehand_line_follows_the_mouse_with_few_points(qtbot, editor):
    qtbot.keyClick(editor.canvas, "p")
    drag(qtbot, editor.canvas, (100, 100), (140, 100), (180, 100), (180, 200))
    mark = _only(editor)
    assert isinstance(mark, Freehand)
    assert mark.points[0] == pytest.approx((100, 100), abs=1)
    assert mark.points[-1] == pytest.approx((180, 200), abs=1)
    assert len(mark.points) == 3
    assert editor.board.undo_text == "Add freehand line"


def test_a_click_draws_no_freehand_line(qtbot, editor):
    qtbot.keyClick(editor.canvas, "p")
    click(qtbot, editor.canvas, 100, 100)
    assert editor.board.marks == ()


def test_a_picture_has_one_crop_and_the_tool_is_put_away(qtbot, editor):
    qtbot.keyClick(editor.canvas, "c")
    drag(qtbot, editor.canvas, (100, 100), (500, 400))
    assert editor.board.tool is Tool.SELECT
    assert editor.board.only_selected == _only(editor)
    qtbot.keyClick(editor.canvas, "c")
    drag(qtbot, editor.canvas, (150, 150), (450, 350))
    crop = _only(editor)
    assert isinstance(crop, Crop)
    assert crop.x == pytest.approx(150, abs=1)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Delete)
    assert editor.board.marks == ()
    editor.board.undo()
    editor.board.undo()
    assert _only(editor).x == pytest.approx(100, abs=1)


def test_select_all_and_duplicate_leave_the_crop_alone(qtbot, editor):
    editor.board.add(Crop(x=10, y=10, width=500, height=400))
    editor.board.add(Box(x=100, y=100, width=50, height=40))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_A, CONTROL)
    assert [type(mark) for mark in editor.board.selected] == [Box]
    editor.board.select([mark.id for mark in editor.board.marks])
    qtbot.keyClick(editor.canvas, Qt.Key.Key_D, CONTROL)
    assert sum(isinstance(mark, Crop) for mark in editor.board.marks) == 1


def test_the_middle_of_a_crop_is_free_for_other_things(qtbot, editor):
    editor.board.add(Crop(x=100, y=100, width=500, height=400))
    editor.board.select(())
    click(qtbot, editor.canvas, 300, 300)
    assert editor.board.selected_ids == ()
    click(qtbot, editor.canvas, 300, 100)
    assert isinstance(editor.board.only_selected, Crop)


# Turning and resizing


@pytest.mark.parametrize("kind", [Box, Ellipse])
def test_a_mark_is_turned_with_the_mouse_and_resized_after_that(qtbot, editor, kind):
    editor.board.add(kind(x=300, y=200, width=200, height=100))
    grip = handles(_only(editor), editor.board.style, LIFT)[Handle.TURN]
    drag(qtbot, editor.canvas, grip, (600, 245), keys=SHIFT)
    mark = _only(editor)
    assert mark.angle == pytest.approx(90)
    assert (mark.x, mark.y, mark.width, mark.height) == (300, 200, 200, 100)
    assert editor.board.undo_text.startswith("Turn")
    corner = handles(mark, editor.board.style)[Handle.BOTTOM_RIGHT]
    drag(qtbot, editor.canvas, corner, (corner[0] - 30, corner[1] + 40))
    there = handles(_only(editor), editor.board.style)
    assert there[Handle.BOTTOM_RIGHT] == pytest.approx((corner[0] - 30, corner[1] + 40), abs=2)
    assert there[Handle.TOP_LEFT] == pytest.approx(handles(mark, editor.board.style)[Handle.TOP_LEFT], abs=0.01)


def test_keys_turn_marks_but_no_redaction(qtbot, editor):
    editor.board.add(Text(x=100, y=100, text="answered"))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Right, ALT)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Left, ALT | SHIFT)
    assert _only(editor).angle == pytest.approx(-14)
    editor.board.remove_selected()
    editor.board.add(Redaction(x=100, y=100, width=90, height=20))
    before = _only(editor)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Right, ALT)
    assert _only(editor) == before
    assert Handle.TURN not in handles(before, editor.board.style, LIFT)


def test_plus_and_minus_resize_what_is_selected_and_zoom_otherwise(qtbot, editor):
    for mark in (
        Redaction(x=300, y=200, width=100, height=40),
        Arrow(x1=100, y1=100, x2=300, y2=200),
        Text(x=300, y=200, text="answered"),
        Step(x=300, y=300),
        Freehand(points=((300, 200), (350, 260), (400, 210))),
    ):
        editor.board.add(mark)
        before = extent(_only(editor), editor.board.style)
        qtbot.keyClick(editor.canvas, Qt.Key.Key_Plus)
        after = extent(_only(editor), editor.board.style)
        assert after.width > before.width, mark
        assert after.center == pytest.approx(before.center, abs=1), mark
        qtbot.keyClick(editor.canvas, Qt.Key.Key_Minus)
        qtbot.keyClick(editor.canvas, Qt.Key.Key_Minus)
        assert extent(_only(editor), editor.board.style).width < before.width, mark
        editor.board.remove_selected()
    zoom = editor.canvas.view.zoom
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Plus)
    assert editor.canvas.view.zoom > zoom


def test_a_label_wraps_in_the_width_it_is_drawn_with(qtbot, editor):
    qtbot.keyClick(editor.canvas, "t")
    drag(qtbot, editor.canvas, (100, 100), (260, 140))
    assert _only(editor).width == pytest.approx(160, abs=1)
    _words(editor).setPlainText("answered by the care team within two days")
    high = extent(_only(editor), editor.board.style).height
    qtbot.keyClick(_words(editor), Qt.Key.Key_Escape)
    right = handles(_only(editor), editor.board.style)[Handle.RIGHT]
    drag(qtbot, editor.canvas, right, (500, right[1]))
    assert _only(editor).width == pytest.approx(400, abs=2)
    assert extent(_only(editor), editor.board.style).height < high


# Words on the picture


def test_words_are_typed_where_they_stand(qtbot, editor):
    qtbot.keyClick(editor.canvas, "t")
    click(qtbot, editor.canvas, 300, 200)
    words = _words(editor)
    assert words.isVisible()
    assert words.hasFocus()
    corner = words.geometry().topLeft()
    assert (corner - point(editor.canvas, 300, 200)).manhattanLength() <= 4
    qtbot.keyClicks(words, "xylophone")
    assert _only(editor).text == "xylophone", "letters of tools are typed, not taken as tools"
    assert editor.board.tool is Tool.TEXT
    editor.canvas.zoom_in()
    assert (words.geometry().topLeft() - point(editor.canvas, 300, 200)).manhattanLength() <= 4
    click(qtbot, editor.canvas, 600, 500)
    assert not words.isVisible()
    assert len(editor.board.marks) == 1, "the first click beside a label only ends the typing"
    click(qtbot, editor.canvas, 600, 500)
    assert len(editor.board.marks) == 2


def test_a_double_click_edits_a_label_and_undo_takes_the_typing_back(qtbot, editor):
    editor.board.add(Text(x=300, y=200, text="answered"))
    editor.board.select(())
    at = point(editor.canvas, 315, 212)
    qtbot.mouseClick(editor.canvas, LEFT, NO_KEYS, at)
    qtbot.mouseDClick(editor.canvas, LEFT, NO_KEYS, at)
    qtbot.keyClicks(_words(editor), " twice")
    assert _only(editor).text == "answered twice"
    qtbot.keyClick(_words(editor), Qt.Key.Key_Return, CONTROL)
    assert QApplication.focusWidget() is editor.canvas
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Z, CONTROL)
    assert _only(editor).text == "answered"


def test_words_are_not_typed_where_nothing_can_be_changed(qtbot, make):
    editor = make((Text(id="a", x=300, y=200, text="answered"),), read_only=True)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Tab)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_F2)
    assert not _words(editor).isVisible()


# Snapping


def test_a_moved_mark_lines_up_with_another_and_control_lets_go(qtbot, editor):
    editor.board.add(Redaction(x=100, y=100, width=120, height=30))
    editor.board.add(Highlight(x=300, y=300, width=80, height=30))
    moved = editor.board.marks[1].id
    drag(qtbot, editor.canvas, (340, 315), (144, 315))
    assert editor.board.mark(moved).x == pytest.approx(100, abs=0.01)
    assert editor.canvas.pointer.guides == ()
    editor.board.undo()
    drag(qtbot, editor.canvas, (340, 315), (144, 315), keys=CONTROL)
    assert editor.board.mark(moved).x == pytest.approx(104, abs=0.6)


def test_snapping_can_be_switched_off_for_good(qtbot, make, settings):
    editor = make(habits=Habits(settings, "here"))
    editor.board.add(Redaction(x=100, y=100, width=120, height=30))
    qtbot.mouseClick(editor.findChild(QCheckBox, "snaps"), LEFT)
    assert not editor.board.snaps
    qtbot.keyClick(editor.canvas, "x")
    drag(qtbot, editor.canvas, (104, 300), (224, 330))
    assert editor.board.marks[1].x == pytest.approx(104, abs=0.6)
    assert not Habits(settings, "here").snaps
    assert Habits(settings, "elsewhere").snaps


def test_a_drawn_bar_is_as_wide_as_the_one_above(qtbot, editor):
    editor.board.add(Redaction(x=100, y=100, width=120, height=30))
    qtbot.keyClick(editor.canvas, "x")
    drag(qtbot, editor.canvas, (103, 300), (217, 331))
    mark = editor.board.marks[1]
    assert (mark.x, mark.width) == pytest.approx((100, 120), abs=0.01)


@pytest.mark.parametrize(("left", "right"), [(97, 224), (103, 217), (97, 217), (103, 224)])
def test_snapping_never_uncovers_what_a_bar_was_drawn_over(qtbot, editor, left, right):
    editor.board.add(Redaction(x=100, y=100, width=120, height=30))
    qtbot.keyClick(editor.canvas, "x")
    drag(qtbot, editor.canvas, (left, 300), (right, 331))
    bar = editor.board.marks[1]
    assert bar.x <= min(left, 100) + 0.6
    assert bar.x + bar.width >= max(right, 220) - 0.6


def test_a_moved_bar_stays_exactly_where_it_is_put(qtbot, editor):
    editor.board.add(Redaction(x=100, y=100, width=120, height=30))
    editor.board.add(Redaction(x=300, y=300, width=80, height=30))
    moved = editor.board.marks[1].id
    drag(qtbot, editor.canvas, (340, 315), (144, 315))
    assert editor.board.mark(moved).x == pytest.approx(104, abs=0.6)


def test_guides_show_while_a_drag_snaps(qtbot, editor):
    editor.board.add(Redaction(x=100, y=100, width=120, height=30))
    editor.board.add(Highlight(x=300, y=300, width=80, height=30))
    canvas = editor.canvas
    qtbot.mousePress(canvas, LEFT, NO_KEYS, point(canvas, 340, 315))
    qtbot.mouseMove(canvas, point(canvas, 200, 315))
    qtbot.mouseMove(canvas, point(canvas, 142, 315))
    assert any(guide.vertical and guide.at == 100 for guide in canvas.pointer.guides)
    qtbot.mouseRelease(canvas, LEFT, NO_KEYS, point(canvas, 142, 315))


# Copies


def test_marks_are_pasted_into_another_picture_in_their_places(qtbot, make):
    first = make()
    first.board.add(Redaction(x=100, y=100, width=120, height=30, reason=Reason.MRN))
    first.board.add(Step(x=700, y=500, text="look"))
    first.board.select_all()
    qtbot.keyClick(first.canvas, Qt.Key.Key_C, CONTROL)
    second = make((Step(id="one", x=10, y=10),))
    qtbot.keyClick(second.canvas, Qt.Key.Key_V, CONTROL)
    _, bar, step = second.board.marks
    assert (bar.x, bar.y, bar.reason) == (100, 100, Reason.MRN)
    assert (step.number, step.text) == (2, "look")
    assert second.board.undo_text == "Paste"
    small = make(size=(200, 110))
    qtbot.keyClick(small.canvas, Qt.Key.Key_V, CONTROL)
    bar = small.board.marks[0]
    assert (bar.x, bar.y, bar.width, bar.height) == (100, 100, 100, 10), "cut at the edges of the picture"


def test_pasting_twice_does_not_hide_the_copy(qtbot, editor):
    editor.board.add(Box(x=100, y=100, width=120, height=30))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_C, CONTROL)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_V, CONTROL)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_V, CONTROL)
    assert len({(mark.x, mark.y) for mark in editor.board.marks}) == 3


def test_the_clipboard_of_the_computer_learns_nothing(qtbot, editor):
    editor.board.add(Text(x=100, y=100, text="Canary Testperson"))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_C, CONTROL)
    data = QGuiApplication.clipboard().mimeData()
    assert data.formats() == [MIME]
    assert b"Canary" not in bytes(data.data(MIME).data())


def test_what_was_copied_elsewhere_later_comes_first(qtbot, editor):
    editor.board.add(Box(x=100, y=100, width=120, height=30))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_C, CONTROL)
    QGuiApplication.clipboard().setText("from another program")
    qtbot.keyClick(editor.canvas, Qt.Key.Key_V, CONTROL)
    assert len(editor.board.marks) == 1
    foreign = QMimeData()
    foreign.setData(MIME, b"another practice")
    QGuiApplication.clipboard().setMimeData(foreign)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_V, CONTROL)
    assert len(editor.board.marks) == 1


def test_cut_removes(qtbot, editor):
    editor.board.add(Box(x=100, y=100, width=120, height=30))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_X, CONTROL)
    assert editor.board.marks == ()
    qtbot.keyClick(editor.canvas, Qt.Key.Key_V, CONTROL)
    assert _only(editor).x == 100


# Order, looks, keys


def test_keys_change_the_order(qtbot, editor):
    for name in "abc":
        editor.board.add(Box(id=name, x=100, y=100, width=120, height=30))
    editor.board.select(["a"])
    qtbot.keyClick(editor.canvas, Qt.Key.Key_BracketRight, CONTROL)
    assert [mark.id for mark in editor.board.marks] == ["b", "a", "c"]
    qtbot.keyClick(editor.canvas, Qt.Key.Key_BraceRight, CONTROL | SHIFT)
    assert [mark.id for mark in editor.board.marks] == ["b", "c", "a"]
    qtbot.keyClick(editor.canvas, Qt.Key.Key_BracketLeft, CONTROL)
    assert [mark.id for mark in editor.board.marks] == ["b", "a", "c"]


def test_several_marks_are_restyled_together(qtbot, editor):
    editor.board.add(Box(x=100, y=100, width=120, height=30))
    editor.board.add(Text(x=100, y=200, text="answered"))
    editor.board.add(Redaction(x=300, y=300, width=80, height=30))
    editor.board.select_all()
    editor.board.set_color("green")
    editor.board.set_size(MarkSize.LARGE)
    box, text, bar = editor.board.marks
    assert (box.color, text.color) == ("green", "green")
    assert box.stroke > editor.board.style.stroke
    assert text.size > editor.board.style.text_size
    assert isinstance(bar, Redaction)


def test_digits_choose_the_reason_while_a_redaction_is_selected(qtbot, editor):
    editor.board.add(Redaction(x=300, y=300, width=80, height=30))
    for digit, reason in zip("12345", Reason, strict=True):
        qtbot.keyClick(editor.canvas, digit)
        assert _only(editor).reason is reason
    editor.board.select(())
    editor.canvas.fit()
    qtbot.keyClick(editor.canvas, "1")
    assert editor.canvas.view.zoom == 1.0, "without a redaction it shows every pixel"


def test_tab_goes_from_mark_to_mark_and_then_on(qtbot, editor):
    editor.board.add(Box(x=100, y=100, width=50, height=40))
    editor.board.add(Redaction(x=600, y=500, width=120, height=24, reason=Reason.NAME))
    editor.board.select(())
    canvas = editor.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    assert isinstance(editor.board.only_selected, Box)
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    assert canvas.accessibleName().endswith("selected: Redaction, name, 120 by 24 pixels")
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    assert not canvas.hasFocus()
    assert editor.board.selected_ids == ()
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Backtab)
    assert isinstance(editor.board.only_selected, Redaction)


def test_the_look_is_kept_for_the_next_picture_and_the_next_day(qtbot, make, settings):
    first = make(habits=Habits(settings, "here"))
    first.board.set_color("blue")
    first.board.set_size(MarkSize.SMALL)
    first.board.set_reason(Reason.MRN)
    later = make(habits=Habits(settings, "here"))
    assert (later.board.look.color, later.board.look.size) == ("blue", "small")
    assert later.board.look.reason is Reason.NAME, "the reason begins anew"
    assert make(habits=Habits(settings, "elsewhere")).board.look.color == "red"


def test_the_look_of_the_practice_comes_before_what_was_used_last(qtbot, make, settings):
    Habits(settings, "here").keep(Look("blue"), snaps=True)
    habits = Habits(settings, "here", may_share=True)
    habits.follow(Look("green", size=MarkSize.LARGE))
    editor = make(habits=habits)
    share = editor.findChild(QWidget, "share_look")
    qtbot.keyClick(editor.canvas, "r")
    assert editor.board.look.color == "green"
    assert not share.isVisible(), "it is that of the practice already"
    editor.board.set_color("violet")
    assert share.isVisible()
    with qtbot.waitSignal(editor.share_look_requested) as asked:
        qtbot.mouseClick(share, LEFT)
    assert (asked.args[0].color, asked.args[0].size) == ("violet", "large")
    editor.follow_look(asked.args[0])
    assert not share.isVisible()
    habits.follow(asked.args[0])
    assert habits.look.color == "violet", "the same look again changes nothing"


def test_only_those_who_may_are_offered_to_share_a_look(qtbot, make):
    editor = make(habits=Habits())
    qtbot.keyClick(editor.canvas, "r")
    editor.board.set_color("violet")
    assert not editor.findChild(QWidget, "share_look").isVisible()


@pytest.mark.parametrize("stored", ["color=pink size=9", "color", "=", "size=small=large"])
def test_settings_that_make_no_sense_are_left_out(settings, stored):
    Habits(settings, "here").keep(Habits().look, snaps=False)
    (key,) = settings.allKeys()
    settings.setValue(key, stored)
    assert Habits(settings, "here").look == Habits().look


def test_the_menu_offers_what_can_be_done(qtbot, editor):
    editor.board.add(Text(x=300, y=200, text="answered"))
    menu = marks_menu(editor.board, editor.canvas.clippings, editor.canvas)
    words = {action.text().split("\t")[0]: action for action in menu.actions()}
    assert words["Edit text"].isEnabled()
    assert not words["Paste marks"].isEnabled()
    words["Duplicate"].trigger()
    assert len(editor.board.marks) == 2
    menu.deleteLater()


# Earlier versions


def test_an_earlier_version_is_looked_at_and_brought_back(qtbot, make):
    now = (Box(id="a", x=100, y=100, width=50, height=40),)
    earlier = (Redaction(id="b", x=10, y=10, width=50, height=40),)
    editor = make(now)
    with qtbot.waitSignal(editor.versions_requested):
        qtbot.mouseClick(editor.findChild(QWidget, "earlier_versions"), LEFT)
    editor.set_versions([Version("now", "Maria Ruiz", now), Version("Jun 11", "Maria Ruiz", earlier)])
    canvas = editor.canvas
    assert canvas.looking
    assert canvas.grab().toImage().pixelColor(point(canvas, 20, 20)).name() == "#000000"
    drag(qtbot, canvas, (105, 100), (300, 300))
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert editor.board.marks == now, "what is looked at cannot be changed"
    qtbot.mouseClick(editor.findChild(QWidget, "bring_back_version"), LEFT)
    assert not canvas.looking
    assert editor.board.marks == earlier
    editor.board.undo()
    assert editor.board.marks == now


def test_looking_at_versions_can_be_left(qtbot, make):
    editor = make((Box(id="a", x=100, y=100, width=50, height=40),))
    editor.set_versions([Version("Jun 11", "", ())])
    assert editor.canvas.looking
    qtbot.mouseClick(editor.findChild(QWidget, "leave_versions"), LEFT)
    assert not editor.canvas.looking
    assert editor.panel.isVisible()
    editor.set_versions([])
    assert not editor.canvas.looking
    qtbot.keyClick(editor.versions, Qt.Key.Key_Escape)
    assert editor.panel.isVisible()
