"""Proposed redactions in the annotator: nothing is covered before a person accepts it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from mips_desk.annotate.marks import Crop, Reason, Redaction
from mips_desk.annotate.shapes import Rect
from mips_desk.ui.editor.annotator import Annotator
from mips_desk.ui.editor.proposals import Proposal
from mips_desk.ui.jobs import JobRunner
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import ElidedLabel

from .annotating import CONTROL, LEFT, NO_KEYS, SHIFT, click, point, qimage

NAMES = [
    Proposal(Rect(100, 100 + 50 * at, 120, 24), Reason.NAME, "Names", "below “Patient”", "c1", "Patient")
    for at in range(3)
]
DATES = [Proposal(Rect(400, 100 + 50 * at, 80, 24), Reason.DATE, "Dates, ages over 89", "a date") for at in range(2)]


@pytest.fixture
def editor(qtbot):
    made = Annotator(qimage(), (), caption="June")
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    made.canvas.zoom_whole_pixels()
    made.canvas.setFocus()
    return made


@pytest.fixture
def found(editor):
    editor.set_proposals([*NAMES, *DATES])
    return editor.canvas.proposals


def _boxes(editor: Annotator) -> list[tuple[float, float, Reason]]:
    return [(mark.x, mark.y, mark.reason) for mark in editor.board.marks if isinstance(mark, Redaction)]


def test_what_is_found_is_shown_and_no_mark(editor, found):
    assert editor.board.marks == ()
    assert not editor.unsaved
    assert len(found.open) == 5
    assert "Nothing is covered until you accept it." in editor.findChild(Note, "found").text
    shown = editor.canvas.grab().toImage()
    inside = point(editor.canvas, 160, 162)
    assert shown.pixelColor(inside).name() != "#000000"
    assert shown.pixelColor(point(editor.canvas, 130, 150)) != shown.pixelColor(point(editor.canvas, 300, 150))


def test_the_first_one_is_in_hand_and_enter_covers_it(qtbot, editor, found):
    assert found.current == NAMES[0]
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Return)
    assert _boxes(editor) == [(100, 100, Reason.NAME)]
    assert found.current == NAMES[1]
    assert len(found.open) == 4


def test_delete_dismisses_and_it_can_be_brought_back(qtbot, editor, found):
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Delete)
    assert editor.board.marks == ()
    assert NAMES[0] not in found.open
    assert found.current == NAMES[1]
    again = next(b for b in editor.findChildren(QAbstractButton) if "dismissed again" in b.text())
    qtbot.mouseClick(again, LEFT)
    assert NAMES[0] in found.open


def test_keys_go_forth_and_back(qtbot, editor, found):
    qtbot.keyClick(editor.canvas, ".")
    assert found.current == NAMES[1]
    qtbot.keyClick(editor.canvas, ",")
    qtbot.keyClick(editor.canvas, ",")
    assert found.current == DATES[-1], "around the end"


def test_a_kind_and_a_column_are_covered_in_one_step(qtbot, editor, found):
    found.go(DATES[0])
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Return, SHIFT)
    assert [box[2] for box in _boxes(editor)] == [Reason.DATE] * 2
    found.go(NAMES[1])
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Return, CONTROL)
    assert len(_boxes(editor)) == 5
    assert found.open == ()
    editor.board.undo()
    assert len(found.open) == 3, "undo proposes them again"
    editor.board.undo()
    assert len(found.open) == 5


def test_the_panel_lists_kinds_with_their_number(qtbot, editor, found):
    buttons = {button.accessibleName(): button for button in editor.panel.findChildren(QAbstractButton)}
    qtbot.mouseClick(buttons["Cover all 3: Names"], LEFT)
    assert len(_boxes(editor)) == 3
    assert editor.canvas.hasFocus()
    name = "Dismiss all 2: Dates, ages over 89"
    rows = editor.panel.findChildren(QAbstractButton)
    # The new row is there as soon as the layout was done again.
    dismiss = next(row for row in rows[::-1] if row.accessibleName() == name)
    qtbot.waitUntil(dismiss.isVisible)
    qtbot.mouseClick(dismiss, LEFT)
    assert found.open == ()
    assert "Look at the whole picture yourself." in editor.findChild(Note, "found").text


def test_a_click_takes_one_in_hand_and_a_double_click_covers_it(qtbot, editor, found):
    click(qtbot, editor.canvas, 440, 112)
    assert found.current == DATES[0]
    qtbot.mouseDClick(editor.canvas, LEFT, NO_KEYS, point(editor.canvas, 440, 112))
    assert _boxes(editor) == [(400, 100, Reason.DATE)]
    # It is selected, so that its edges can be moved at once; the search goes on after it.
    assert isinstance(editor.board.only_selected, Redaction)
    assert found.current is None
    qtbot.keyClick(editor.canvas, ".")
    assert found.current == DATES[1]
    assert editor.board.selected == ()


def test_rows_keep_their_order_and_the_one_in_hand_says_why(qtbot, editor, found):
    before = list(found.kinds)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Return)
    assert list(found.kinds) == before == ["Names", "Dates, ages over 89"]
    why = editor.findChild(ElidedLabel, "why_proposed")
    assert why.isVisible()
    assert why.text() == "Below “Patient”"
    notes = [note.text for note in editor.panel.findChildren(Note)]
    assert "1 covered, 4 to decide." in notes, "no green tick while something waits"
    found.go(None)
    assert why.text() == "None is in hand."


def test_a_redaction_that_is_deleted_is_proposed_again(qtbot, editor, found):
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Return)
    editor.board.select_all()
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Delete)
    assert NAMES[0] in found.open


def test_what_is_covered_already_is_not_proposed(editor):
    editor.board.add(Redaction(x=90, y=90, width=200, height=60))
    editor.set_proposals(NAMES)
    assert editor.canvas.proposals.open == tuple(NAMES[1:])


def test_the_margin_of_a_proposal_may_stay_bare_but_no_letter(editor):
    editor.board.add(Redaction(x=103, y=103, width=114, height=18))
    editor.set_proposals(NAMES)
    assert NAMES[0] not in editor.canvas.proposals.open
    editor.board.select_all()
    editor.board.nudge(10, 0)
    assert NAMES[0] in editor.canvas.proposals.open


def test_what_is_cut_away_is_not_proposed(editor, found):
    editor.board.add(Crop(x=0, y=0, width=300, height=140))
    assert found.open == (NAMES[0],)
    editor.board.undo()
    assert len(found.open) == 5


def test_nothing_found_is_no_promise(editor):
    editor.set_proposals([])
    words = editor.findChild(Note, "found").text
    assert "Nothing was proposed, which says little." in words
    assert "clean" not in words
    assert editor.strip.chip.text() == "Not redacted"


def test_nothing_is_covered_in_a_picture_that_is_read_only(qtbot):
    made = Annotator(qimage(), (), caption="June", read_only=True)
    qtbot.addWidget(made)
    made.show()
    made.set_proposals(NAMES)
    for key, modifier in ((Qt.Key.Key_Return, NO_KEYS), (Qt.Key.Key_Return, SHIFT), (Qt.Key.Key_Return, CONTROL)):
        made.canvas.proposals.go(NAMES[0])
        qtbot.keyClick(made.canvas, key, modifier)
    made.canvas.proposals.accept()
    made.canvas.proposals.accept_kind("Names")
    assert made.board.marks == ()
    assert not made.findChild(QWidget, "find_identifiers").isEnabled()


def test_looking_for_identifiers_is_asked_for_shown_and_can_fail(qtbot, editor):
    button = editor.findChild(QWidget, "find_identifiers")
    with qtbot.waitSignal(editor.find_requested):
        qtbot.mouseClick(button, LEFT)
    with qtbot.waitSignal(editor.find_requested):
        qtbot.keyClick(editor.canvas, "f", SHIFT)
    jobs = JobRunner()
    job = jobs.work(lambda ctx: ctx.check(), title="Looking for patient identifiers", initiator=editor)
    editor.set_finding(job)
    assert not button.isEnabled()
    qtbot.waitUntil(lambda: not job.running)
    editor.set_finding(None, "Reading pictures is not installed on this computer.")
    assert button.isEnabled()
    assert editor.findChild(Note, "found").text == "Reading pictures is not installed on this computer."
    jobs.shutdown()
