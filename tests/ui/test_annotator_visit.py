"""The annotator on pictures of a real vault: crop, earlier versions, the search for identifiers, copies, the look."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from mips_desk.annotate.marks import Box, Crop, Reason, Redaction
from mips_desk.errors import MipsDeskError
from mips_desk.services import collect, identifying, marks_look
from mips_desk.services.earlier_marks import earlier_marks
from mips_desk.services.marks_look import MarksLook
from mips_desk.ui.editor.annotator import Annotator
from mips_desk.ui.editor.tools import Tool
from mips_desk.ui.pages.evidence import EvidencePage
from mips_desk.ui.pages.evidence_annotating import Bench
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.two_line_list import TwoLineList

from .annotating import CONTROL, LEFT
from .conftest import show_active
from .rooms import Practiced, small_practice


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        yield made


@pytest.fixture
def page(qtbot, desk):
    made = EvidencePage(desk)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.ensure_fresh()
    show_active(qtbot, made)
    return made


def _open(page: EvidencePage, place: int = 0) -> Annotator:
    page.annotate(page.desk.session.vault.evidence(2024)[place].id)
    annotator = page.annotator
    assert annotator is not None
    return annotator


def test_a_crop_ends_in_the_rendition(page, desk):
    annotator = _open(page)
    annotator.board.add(Crop(x=10, y=5, width=30, height=20))
    annotator.leave()
    item = desk.session.vault.evidence(2024)[0]
    shown = Image.open(BytesIO(collect.rendition(desk.session, item)))
    assert shown.size == (30, 20)
    assert (item.width, item.height) != (30, 20), "the original is what it was"


def test_versions_are_listed_over_visits_and_brought_back(qtbot, page, desk):
    annotator = _open(page)
    annotator.board.add(Redaction(x=1, y=1, width=5, height=5))
    annotator.save()
    first = annotator.board.marks
    annotator.board.add(Box(x=10, y=10, width=5, height=5))
    annotator.leave()
    item = desk.session.vault.evidence(2024)[0]
    found = earlier_marks(desk.session, item)
    assert [len(each.marks) for each in found[:2]] == [2, 1]
    assert {each.person for each in found} == {"Dana Whitfield"}

    annotator = _open(page)
    qtbot.mouseClick(annotator.findChild(QWidget, "earlier_versions"), LEFT)
    assert annotator.canvas.looking
    rows = annotator.findChild(TwoLineList, "versions").lines.lines
    assert rows[0].text == "Dana Whitfield · 1 covered, 0 others"
    qtbot.mouseClick(annotator.findChild(QWidget, "bring_back_version"), LEFT)
    annotator.leave()
    item = desk.session.vault.evidence(2024)[0]
    assert collect.marks_of(desk.session, item) == first
    assert len(earlier_marks(desk.session, item)) == len(found) + 1, "nothing is lost by it"


def test_the_same_marks_in_a_row_are_one_version(desk):
    item = desk.session.vault.evidence(2024)[0]
    marks = (Redaction(id="a", x=1, y=1, width=5, height=5),)
    before = len(earlier_marks(desk.session, item))
    for _ in range(3):
        collect.set_marks(desk.session, item.id, marks)
    assert len(earlier_marks(desk.session, item)) == before + 1


def test_what_is_found_is_proposed_and_nothing_stored(qtbot, page, desk, monkeypatch):
    found = identifying.Proposal(identifying.Kind.MRN, 4, 4, 12, 6, 0.9, "a number", "123456", "c1", "MRN")
    monkeypatch.setattr(identifying, "find", lambda *_args: (found,))
    annotator = _open(page)
    before = collect.marks_of(desk.session, desk.session.vault.evidence(2024)[0])
    qtbot.mouseClick(annotator.findChild(QWidget, "find_identifiers"), LEFT)
    (proposal,) = annotator.canvas.proposals.open
    assert (proposal.rect.x, proposal.reason, proposal.kind) == (4, Reason.MRN, "Medical record numbers")
    assert "123456" not in repr(proposal)
    annotator.leave()
    assert collect.marks_of(desk.session, desk.session.vault.evidence(2024)[0]) == before
    annotator = _open(page)
    qtbot.mouseClick(annotator.findChild(QWidget, "find_identifiers"), LEFT)
    qtbot.keyClick(annotator.canvas, Qt.Key.Key_Return)
    annotator.leave()
    mark = collect.marks_of(desk.session, desk.session.vault.evidence(2024)[0])[-1]
    assert isinstance(mark, Redaction)
    assert (mark.x, mark.width, mark.reason) == (4, 12, Reason.MRN)


def test_when_pictures_cannot_be_read_the_sentence_says_so(qtbot, page, monkeypatch):
    def find(*_args: object) -> tuple[identifying.Proposal, ...]:
        raise MipsDeskError("Reading pictures is not installed on this computer.")

    monkeypatch.setattr(identifying, "find", find)
    annotator = _open(page)
    button = annotator.findChild(QWidget, "find_identifiers")
    qtbot.mouseClick(button, LEFT)
    assert annotator.findChild(Note, "found").text == "Reading pictures is not installed on this computer."
    assert button.isEnabled()
    assert annotator.canvas.hasFocus(), "the keyboard is not on the confirmation below"


def test_marks_are_copied_to_the_next_picture_and_looks_are_kept(qtbot, page, desk, settings):
    page.bench = Bench(desk, settings)
    first = _open(page)
    first.board.set_color("blue")
    first.board.add(Redaction(x=3, y=3, width=8, height=4))
    qtbot.keyClick(first.canvas, Qt.Key.Key_C, CONTROL)
    first.leave()
    second = _open(page, 1)
    marks = len(second.board.marks)
    qtbot.keyClick(second.canvas, Qt.Key.Key_V, CONTROL)
    assert len(second.board.marks) == marks + 1
    assert second.board.look.color == "blue"
    second.leave()
    assert Bench(desk, settings).habits.look.color == "blue"


def test_a_manager_gives_the_practice_a_look_and_the_next_visit_begins_with_it(qtbot, page, desk):
    annotator = _open(page)
    entries = len(desk.session.vault.journal())
    annotator.board.set_tool(Tool.BOX)
    for color in ("green", "amber", "blue"):
        annotator.board.set_color(color)
    assert len(desk.session.vault.journal()) == entries, "trying colors is no act"
    qtbot.mouseClick(annotator.findChild(QWidget, "share_look"), LEFT)
    qtbot.waitUntil(lambda: marks_look.marks_look(desk.session) == MarksLook("blue", "yellow", "medium"))
    assert len(desk.session.vault.journal()) == entries + 1
    annotator.leave()
    page.bench = Bench(desk)
    assert _open(page, 1).board.look.color == "blue"
