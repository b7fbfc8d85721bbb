"""Pictures are read beside the work: one after the other, and what cannot be read is left alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mips_desk.domain.evidence import EvidenceItem
from mips_desk.errors import BadInputError
from mips_desk.identify.kinds import Word
from mips_desk.services import evidence_text, finding, identifying
from mips_desk.services.session import Session
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
