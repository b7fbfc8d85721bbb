"""Choices of an earlier year come over under today's identifiers; evidence and dates do not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mips_desk.domain.evidence import UseEntry
from mips_desk.domain.practice import Practice, Track, YearProfile
from mips_desk.errors import BadInputError
from mips_desk.services import choose, setup, uses
from mips_desk.services.carry_over import Carried, carry_over, proposal
from mips_desk.services.session import Session, create_practice

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    practice = Practice("Test Practice")
    opened = create_practice(tmp_path / "t.mipsvault", "a long passphrase", practice, "Tess", clock=lambda: NOON)
    yield opened
    opened.close()


def _one(session: Session, activity_id: str, from_year: int, to_year: int) -> Carried:
    if activity_id not in {selection.activity_id for selection in session.vault.selections(from_year)}:
        choose.add(session, from_year, activity_id)
    return next(each for each in proposal(session, from_year, to_year) if each.activity_id_from == activity_id)


def _ids(session: Session, year: int) -> list[str]:
    return [selection.activity_id for selection in session.vault.selections(year)]


def test_offered_again(session: Session) -> None:
    found = _one(session, "IA_BMH_4", 2025, 2026)
    assert (found.activity_id_to, found.selectable) == ("IA_BMH_4", True)
    assert found.sentence == "Offered again in 2026."
    assert "new title" in _one(session, "IA_BE_4", 2025, 2026).sentence


def test_another_identifier(session: Session) -> None:
    found = _one(session, "IA_AHE_6", 2025, 2026)
    assert (found.activity_id_to, found.selectable) == ("IA_EPA_8", True)
    assert found.sentence == "It goes on as IA_EPA_8 in 2026; the activity is the same."
    assert found.title == "Provide Education Opportunities for New Clinicians"
    assert "revised text" in _one(session, "IA_CC_14", 2022, 2023).sentence


def test_not_offered_any_more(session: Session) -> None:
    found = _one(session, "IA_CC_1", 2025, 2026)
    assert (found.activity_id_to, found.selectable) == (None, False)
    assert "offered until 2025" in found.sentence
    assert found.title


def test_a_frequency_limit(session: Session) -> None:
    planned = _one(session, "IA_PSPA_23", 2025, 2026)
    assert planned.selectable
    choose.set_attested(session, session.vault.selections(2025)[0].id, date(2026, 2, 1))
    attested = _one(session, "IA_PSPA_23", 2025, 2026)
    assert not attested.selectable
    assert "next in 2029" in attested.sentence
    assert _one(session, "IA_PSPA_23", 2025, 2029 - 2).selectable is False


def test_another_weight(session: Session) -> None:
    assert "It was medium in 2017 and is high now." in _one(session, "IA_BE_14", 2017, 2018).sentence
    assert "no weight in 2025" in _one(session, "IA_BE_14", 2024, 2025).sentence


def test_suspended_in_the_new_year(session: Session) -> None:
    found = _one(session, "IA_PM_6", 2024, 2025)
    assert "suspended" in found.sentence
    assert found.selectable


def test_the_track_of_the_new_year(session: Session) -> None:
    assert not _one(session, "IA_MVP", 2025, 2026).selectable
    setup.set_profile(session, YearProfile(2026, track=Track.MVP))
    assert _one(session, "IA_MVP", 2025, 2026).selectable
    setup.set_profile(session, YearProfile(2020, track=Track.APM_SCORING_STANDARD))
    assert _one(session, "IA_BE_4", 2020, 2021).selectable


def test_chosen_already(session: Session) -> None:
    choose.add(session, 2026, "IA_EPA_8")
    found = _one(session, "IA_AHE_6", 2025, 2026)
    assert not found.selectable
    assert found.sentence.endswith("It is chosen for 2026 already.")


def test_only_forward(session: Session) -> None:
    with pytest.raises(BadInputError):
        proposal(session, 2026, 2026)
    assert proposal(session, 2025, 2026) == ()


def test_carried_over_in_one_step_without_evidence_or_dates(session: Session) -> None:
    old = choose.add(session, 2025, "IA_BE_4").id
    choose.add(session, 2025, "IA_AHE_6")
    uses.log_entries(session, old, [UseEntry("", "", date(2025, 5, 4), 1, "")])
    choose.add(session, 2026, "IA_BMH_4")
    wanted = [each.activity_id_to or "" for each in proposal(session, 2025, 2026)]
    before = len(session.vault.journal())
    changes = carry_over(session, 2026, [*wanted, "IA_BMH_4", "IA_BE_4"])
    assert len(session.vault.journal()) == before + 1
    assert changes.label == "Carry over 2 activities"
    assert len(changes.ids) == 2
    assert _ids(session, 2026) == ["IA_BMH_4", "IA_BE_4", "IA_EPA_8"]
    assert session.vault.uses(2026) == ()
    assert all(selection.period is None for selection in session.vault.selections(2026))

    assert changes.undo is not None
    undone = changes.undo()
    assert _ids(session, 2026) == ["IA_BMH_4"]
    assert undone.undo is not None
    redone = undone.undo()
    assert _ids(session, 2026) == ["IA_BMH_4", "IA_BE_4", "IA_EPA_8"]
    assert redone.undo is not None
    redone.undo()
    assert _ids(session, 2026) == ["IA_BMH_4"]
    assert _ids(session, 2025) == ["IA_BE_4", "IA_AHE_6"]


def test_nothing_is_changed_when_one_cannot_be(session: Session) -> None:
    choose.add(session, 2026, "IA_BE_4")
    with pytest.raises(BadInputError):
        carry_over(session, 2026, ["IA_BMH_4", "IA_CC_1"])
    with pytest.raises(BadInputError):
        carry_over(session, 2026, ["IA_BE_4"])
    with pytest.raises(BadInputError):
        carry_over(session, 2026, [])
    assert _ids(session, 2026) == ["IA_BE_4"]
