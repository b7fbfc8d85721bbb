"""Pictures are read beside the work: one after the other, and what cannot be read is left alone."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from mips_desk.annotate.marks import Redaction
from mips_desk.domain.evidence import EvidenceItem
from mips_desk.errors import BadInputError
from mips_desk.identify.kinds import FoundDate, Word
from mips_desk.services import collect, evidence_text, finding, identifying
from mips_desk.services.session import Session
from mips_desk.ui.desk import Target
from mips_desk.ui.pages.evidence import EvidencePage
from mips_desk.ui.picture_reader import PictureReader

from .rooms import HeldJobs, Practiced, small_practice


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An engine that reads the caption; returns what it was asked to read."""
    asked: list[str] = []

    def text_of(_session: Session, item: EvidenceItem, *_: object) -> tuple[Word, ...]:
        asked.append(item.caption)
        if item.caption == "Picture 2":
            raise BadInputError("This picture cannot be decoded.")
        return (Word(f"read{item.number}", 1, 1, 5, 5, 1.0, 0, 0),)

    monkeypatch.setattr(identifying, "text_of", text_of)
    monkeypatch.setattr(identifying, "available", lambda: "")
    return asked


@pytest.fixture
def desk(qapp, tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path, pictures=3) as made:
        yield made


def test_every_picture_is_read_once_and_can_be_found(qtbot, desk, reader):
    told = []
    pictures = PictureReader(desk)
    pictures.was_read.connect(told.append)
    for _ in range(5):
        pictures.read_next()
    # The last one first; the one that cannot be read is not tried again, and nothing is said.
    assert reader == ["Picture 3", "Picture 2", "Picture 1"]
    items = {item.caption: item.id for item in desk.session.vault.evidence(2024)}
    assert told == [items["Picture 3"], items["Picture 1"]]
    assert desk.said == []
    assert [found.name for found in finding.find(desk.session, "read3")] == ["2024-IA_BE_4-03"]


def test_without_an_engine_nothing_happens(qtbot, desk, reader, monkeypatch):
    monkeypatch.setattr(identifying, "available", lambda: "Install the reader.")
    PictureReader(desk).read_next()
    assert reader == []
    assert desk.said == []


def test_it_starts_after_a_pause_and_goes_on_with_what_comes_in(qtbot, desk, reader, monkeypatch):
    monkeypatch.setattr("mips_desk.ui.picture_reader.PAUSE_MS", 1)
    pictures = PictureReader(desk)
    pictures.start()
    qtbot.waitUntil(lambda: len(reader) == 3)
    pictures.stop()


def test_a_practice_that_is_only_read_stays_as_it_is(qtbot, tmp_path, reader, monkeypatch):
    monkeypatch.setattr("mips_desk.ui.picture_reader.PAUSE_MS", 1)
    with small_practice(tmp_path, read_only=True) as desk:
        pictures = PictureReader(desk)
        pictures.start()
        assert not pictures._timer.isActive()
        assert reader == []


def test_leaving_gives_up_what_is_under_way(qtbot, tmp_path, reader):
    jobs = HeldJobs()
    with small_practice(tmp_path, jobs=jobs) as desk:
        pictures = PictureReader(desk)
        pictures.read_next()
        pictures.read_next()
        pictures.stop()
        jobs.release()
        assert reader == []
        assert len(evidence_text.unread(desk.session, 2024)) == 2
        assert not pictures._timer.isActive()


@pytest.fixture
def undated(desk, monkeypatch):
    """The room with a picture without a date, in which one was read."""
    item = desk.session.vault.evidence(2024)[0]
    collect.describe(desk.session, item.id, no_date=True)
    monkeypatch.setattr(identifying, "dates_in", lambda words: (FoundDate(date(2024, 5, 17), 0, ""),) if words else ())
    desk.reload()
    return item.id


@pytest.fixture
def room(qtbot, desk):
    """Opens the room on an item; hidden at the end, so that it asks for no picture after the desk is gone."""
    pages = []

    def opened(evidence_id: str) -> EvidencePage:
        pages.append(_room(qtbot, desk, evidence_id))
        return pages[-1]

    yield opened
    for page in pages:
        page.hide()


def _room(qtbot, desk, evidence_id):
    page = EvidencePage(desk)
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.ensure_fresh()
    item = desk.session.vault.evidence_item(evidence_id)
    page.open_target(Target(item.selection_id, evidence_id))
    page.show()
    return page


def test_a_date_is_offered_as_soon_as_it_is_read_and_taken_by_a_person(qtbot, desk, undated, room):
    page = room(undated)
    offer = page.findChild(QPushButton, "offered_date")
    assert not offer.isVisible()
    for _ in range(3):
        desk.pictures.read_next()
    assert offer.isVisible()
    assert offer.text() == "Use May 17, 2024, read in the picture"
    assert desk.session.vault.evidence_item(undated).shows_date is None
    qtbot.mouseClick(offer, Qt.MouseButton.LeftButton)
    assert desk.session.vault.evidence_item(undated).shows_date == date(2024, 5, 17)
    assert not offer.isVisible()


def test_nothing_is_offered_where_a_date_is_entered(desk, undated, room):
    other = desk.session.vault.evidence(2024)[2].id
    for _ in range(3):
        desk.pictures.read_next()
    page = room(other)
    assert not page.findChild(QPushButton, "offered_date").isVisible()


def test_a_covered_date_is_not_offered_any_more(desk, undated, room):
    for _ in range(3):
        desk.pictures.read_next()
    page = room(undated)
    assert page.findChild(QPushButton, "offered_date").isVisible()
    desk.change(lambda: collect.set_marks(desk.session, undated, [Redaction(x=0, y=0, width=9, height=9)]))
    assert not page.findChild(QPushButton, "offered_date").isVisible()
