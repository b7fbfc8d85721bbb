"""Practice papers on the screen: what is missing, how they come in, and that they are redacted like every proof."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from mips_desk.domain.evidence import Source
from mips_desk.domain.papers import PaperKind
from mips_desk.services import papers
from mips_desk.services.collect import Incoming
from mips_desk.services.paper_shelf import PAPERS_ID
from mips_desk.ui.desk import Target
from mips_desk.ui.pages.evidence import EvidencePage
from mips_desk.ui.rooms import Room
from mips_desk.ui.widgets.line_button import LineButton

from .binder_room import click_soon, make_page, one
from .conftest import nameless, show_active
from .rooms import Practiced, picture, small_practice


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        made.rooms = []
        made.room_requested.connect(lambda room, target: made.rooms.append((room, target)))
        yield made


def _evidence(qtbot, desk: Practiced, target: Target, files=()) -> EvidencePage:
    page = EvidencePage(desk, choose_files=lambda: list(files))
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.ensure_fresh()
    page.open_target(target)
    show_active(qtbot, page)
    return page


def _file(folder: Path, seed: int = 7) -> Path:
    path = folder / "status.png"
    path.write_bytes(picture(seed))
    return path


def _lines(page) -> list[LineButton]:
    return [line for line in page.findChildren(LineButton) if line.objectName().startswith("paper_missing_")]


def test_without_papers_the_tab_explains_and_leads_to_the_evidence_room(qtbot, desk):
    page = make_page(qtbot, desk)
    page.show_part("papers")
    assert any("Abena Osei" in line.text() for line in _lines(page))
    assert any("special status" in line.text() for line in _lines(page))
    click_soon(qtbot, page, "add_first_paper")
    room, target = desk.rooms[-1]
    assert (room, target.selection_id) == (Room.EVIDENCE, PAPERS_ID)


def test_a_missing_status_leads_to_its_line_of_the_checklist(qtbot, desk, tmp_path):
    page = make_page(qtbot, desk)
    page.show_part("papers")
    line = next(line for line in _lines(page) if "Abena Osei" in line.text())
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    room, target = desk.rooms[-1]
    assert (room, target.part) == (Room.EVIDENCE, PaperKind.PARTICIPATION)
    evidence = _evidence(qtbot, desk, target, [_file(tmp_path)])
    click_soon(qtbot, evidence, "import")
    (item,) = desk.view.papers
    assert item.option_key == PaperKind.PARTICIPATION
    assert one(evidence, "details").item.id == item.id, "the new paper is selected"


def test_a_paper_is_described_redacted_and_looked_at_like_other_proof(qtbot, desk):
    added = papers.add(
        desk.session, 2024, [Incoming(picture(7), Source.IMPORT)], kind=PaperKind.SPECIAL_STATUS, caption="Small"
    ).changes.id
    desk.reload()
    evidence = _evidence(qtbot, desk, Target(PAPERS_ID, added))
    caption = one(evidence, "caption")
    caption.setFocus()
    caption.selectAll()
    qtbot.keyClicks(caption, "Small practice status")
    qtbot.keyClick(caption, Qt.Key.Key_Return)
    assert desk.view.papers[0].caption == "Small practice status"
    click_soon(qtbot, evidence, "redact_and_annotate")
    assert evidence.annotator is not None
    evidence.can_leave()


def test_the_tab_shows_papers_by_kind_and_opens_one(qtbot, desk):
    added = papers.add(
        desk.session, 2024, [Incoming(picture(7), Source.IMPORT)], kind=PaperKind.RECEIPT, caption="Receipt"
    ).changes.id
    desk.reload()
    page = make_page(qtbot, desk)
    page.show_part("papers", Target(evidence_id=added))
    view = one(page, f"thumbnails_{PaperKind.RECEIPT}")
    qtbot.keyClick(view, Qt.Key.Key_Return)
    room, target = desk.rooms[-1]
    assert (room, target.evidence_id) == (Room.EVIDENCE, added)
    assert one(page, "add_papers").isVisible()


def test_papers_are_chosen_in_the_evidence_room_like_an_activity(qtbot, desk):
    evidence = _evidence(qtbot, desk, Target())
    menu = one(evidence, "activity_picker").menu()
    entry = next(action for action in menu.actions() if action.text() == "Practice papers")
    entry.trigger()
    assert evidence.part is not None
    assert evidence.part.id == PAPERS_ID
    qtbot.waitUntil(lambda: one(evidence, f"option_{PaperKind.OTHER}").isVisible())


def test_a_link_that_names_only_a_paper_finds_it(qtbot, desk):
    added = papers.add(desk.session, 2024, [Incoming(picture(7), Source.IMPORT)], caption="Status").changes.id
    desk.reload()
    inner = desk.view.papers[0].selection_id
    evidence = _evidence(qtbot, desk, Target(inner, added))
    assert evidence.place() == Target(PAPERS_ID, added)
    assert one(evidence, "details").item.id == added


def test_everything_on_the_tab_has_a_name(qtbot, desk):
    page = make_page(qtbot, desk)
    page.show_part("papers")
    assert nameless(page) == []
