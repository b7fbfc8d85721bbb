"""The desk on real threads: views come in the right order, bursts become one reading, failures keep the last view."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mips_desk.errors import BadInputError
from mips_desk.services import choose, uses
from mips_desk.ui.desk import Target
from mips_desk.ui.jobs import JobRunner, SynchronousRunner
from mips_desk.ui.rooms import Room

from .rooms import Practiced, small_practice


@pytest.fixture
def desk(qapp, tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path, pictures=0, jobs=JobRunner()) as made:
        yield made


def test_the_last_year_asked_for_is_the_one_shown(qtbot, desk):
    shown: list[int] = []
    desk.view_changed.connect(lambda view: shown.append(view.year))
    for year in (2023, 2026, 2025):
        desk.set_year(year)
    qtbot.waitUntil(lambda: bool(shown) and desk.view.year == 2025)
    assert shown == [2025]
    assert desk.year == 2025


def test_a_burst_of_commands_ends_in_a_view_with_all_of_them(qtbot, desk):
    selection = desk.view.selections[0].id
    views: list[object] = []
    desk.view_changed.connect(views.append)
    for day in range(1, 21):
        desk.change(lambda day=day: uses.log(desk.session, selection, [date(2024, 5, day)]))
    qtbot.waitUntil(lambda: len(desk.view.selections[0].uses) == 22)
    assert 1 <= len(views) <= 20


def test_a_refused_command_is_one_sentence_and_changes_nothing(qtbot, desk):
    before = desk.view
    desk.change(lambda: choose.add(desk.session, 2024, "IA_XX_99"))
    qtbot.waitUntil(lambda: bool(desk.said))
    assert desk.said[0].text.startswith("There is no activity IA_XX_99.")
    assert desk.view is before


def test_a_year_that_cannot_be_read_keeps_the_last_view(qapp, tmp_path):
    with small_practice(tmp_path, pictures=0, jobs=SynchronousRunner()) as desk:
        failed: list[Exception] = []
        desk.view_failed.connect(failed.append)
        desk.set_year(1999)
        assert isinstance(failed[0], BadInputError)
        assert (desk.year, desk.view.year) == (2024, 2024)
        assert len(desk.said) == 1


def test_links_name_what_to_select(qapp, tmp_path):
    with small_practice(tmp_path, pictures=0) as desk:
        asked: list[tuple[Room, Target]] = []
        desk.room_requested.connect(lambda room, target: asked.append((room, target)))
        desk.open_room("dates", "s1")
        desk.open_room("annotator", "s1", "e1")
        desk.open_room(Room.BINDER)
    assert asked == [
        (Room.DATES, Target("s1")),
        (Room.EVIDENCE, Target("s1", "e1", annotate=True)),
        (Room.BINDER, Target()),
    ]
