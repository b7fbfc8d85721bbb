"""One call tells the Choose room what an activity means for this practice."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mips_desk.domain.practice import Level, Practice, SpecialStatus, Track, YearProfile
from mips_desk.domain.warnings import WarningKind
from mips_desk.errors import BadInputError
from mips_desk.services import choose, choosing, setup
from mips_desk.services.overview import YearView, load_year
from mips_desk.services.session import Session, create_practice

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    practice = Practice("Test Practice")
    opened = create_practice(tmp_path / "t.mipsvault", "a long passphrase", practice, "Tess", clock=lambda: NOON)
    yield opened
    opened.close()


def _view(session: Session, year: int = 2026, today: date | None = None) -> YearView:
    return load_year(session, year, today or date(year, 3, 1))


def _profile(session: Session, year: int, **facts: object) -> None:
    setup.set_profile(session, YearProfile(year, **({"level": Level.INDIVIDUAL} | facts)))  # type: ignore[arg-type]  # fields of the record


def _attest(session: Session, year: int, activity_id: str) -> str:
    selection_id = choose.add(session, year, activity_id).id
    choose.set_attested(session, selection_id, date(year + 1, 2, 1))
    return selection_id


def test_an_activity_that_nothing_stands_against(session: Session) -> None:
    _profile(session, 2026)
    found = choosing.details(session, _view(session), "IA_BE_4")
    assert found.activity.id == "IA_BE_4"
    assert found.warnings == ()
    assert found.can_add
    assert found.effect == "It would bring the plan to 50 percent of the category."
    assert found.points_for_you == 20
    assert "IA_CC_13" in [other.id for other in found.related]
    assert found.years_offered[0] == 2017
    assert (found.last_attested, found.frequency) == (None, "")
    assert found.last_start == date(2026, 10, 3)


def test_points_follow_the_practice(session: Session) -> None:
    _profile(session, 2024, special_statuses=frozenset({SpecialStatus.RURAL}))
    assert choosing.details(session, _view(session, 2024), "IA_BE_4").points_for_you == 20
    assert choosing.details(session, _view(session, 2024), "IA_EPA_1").points_for_you == 40
    assert choosing.details(session, _view(session, 2024), "IA_MVP").points_for_you == 0


def test_a_frequency_limit_is_said_before(session: Session) -> None:
    _profile(session, 2026)
    _attest(session, 2024, "IA_PSPA_23")
    found = choosing.details(session, _view(session), "IA_PSPA_23")
    assert [warning.kind for warning in found.warnings] == [WarningKind.FREQUENCY]
    assert "next in 2028" in found.warnings[0].text
    assert found.last_attested == 2024
    assert found.frequency == "Once every 4 years."
    assert found.points_for_you == 0
    assert found.last_start is None


def test_history_follows_a_changed_identifier(session: Session) -> None:
    _profile(session, 2026)
    _attest(session, 2025, "IA_AHE_6")
    found = choosing.details(session, _view(session), "IA_EPA_8")
    assert found.last_attested == 2025
    assert found.years_offered[:2] == (2018, 2019)
    assert {2025, 2026} <= set(found.years_offered)


def test_a_chosen_activity(session: Session) -> None:
    _profile(session, 2026)
    choose.add(session, 2026, "IA_BE_4")
    late = _view(session, today=date(2026, 12, 1))
    found = choosing.details(session, late, "IA_BE_4")
    assert not found.can_add
    assert (found.effect, found.points_for_you, found.warnings) == ("", 20, ())
    assert [warning.kind for warning in choosing.warnings_before(session, late, "IA_BE_4")] == [WarningKind.CHOSEN]


def test_an_activity_of_another_year(session: Session) -> None:
    view = _view(session)
    with pytest.raises(BadInputError):
        choosing.details(session, view, "IA_CC_1")
    (warning,) = choosing.warnings_before(session, view, "IA_CC_1")
    assert warning.kind is WarningKind.NOT_OFFERED


def test_details_of_every_activity_of_every_year(session: Session) -> None:
    for year in session.catalog.years:
        _profile(session, year, level=Level.GROUP)
        view = _view(session, year)
        for activity in session.catalog.activities(year)[::9]:
            found = choosing.details(session, view, activity.id)
            assert year in found.years_offered
            assert found.effect


def test_suggestions_from_ticked_statements(session: Session) -> None:
    _profile(session, 2026)
    view = _view(session)
    keys = {habit.key for habit in choosing.statements(session, view)}
    assert {"portal", "depression"} <= keys
    first = choosing.suggestions(session, view, ["portal", "depression"])[0]
    assert set(first.activity_ids) == {"IA_BE_4", "IA_BMH_4"}
    choose.add(session, 2026, "IA_BE_4")
    assert choosing.suggestions(session, _view(session), ["IA_BMH_4"])[0].activity_ids == ("IA_BMH_4",)


def test_suggestions_know_the_history(session: Session) -> None:
    _profile(session, 2026, track=Track.TRADITIONAL)
    _attest(session, 2024, "IA_PSPA_23")
    found = choosing.suggestions(session, _view(session), ["IA_PSPA_23"], limit=50)
    assert found
    assert not any("IA_PSPA_23" in each.activity_ids for each in found)


def test_all_activities_at_a_glance(session: Session) -> None:
    _profile(session, 2025)
    _profile(session, 2026)
    assert choosing.glance(session, _view(session)).earlier_year is None
    choose.add(session, 2025, "IA_AHE_6")
    choose.add(session, 2025, "IA_CC_1")
    _attest(session, 2025, "IA_PSPA_23")
    found = choosing.glance(session, _view(session))
    assert found.earlier_year == 2025
    # Renamed since, not offered any more, and limited: only what the year has counts.
    assert found.earlier == {"IA_EPA_8", "IA_PSPA_23"}
    assert found.points["IA_BE_4"] == 20
    assert found.points["IA_PSPA_23"] == 0
    assert found.points["IA_PCMH"] == 40
    assert set(found.points) == set(session.catalog.inventory(2026))


def test_years_to_carry_over_from(session: Session) -> None:
    for year in (2023, 2024, 2025):
        _profile(session, year)
    choose.add(session, 2023, "IA_BE_4")
    choose.add(session, 2024, "IA_BE_4")
    assert choosing.earlier_years(session, 2026) == (2024, 2023)
    assert choosing.earlier_year(session, 2024) == 2023
    assert choosing.earlier_year(session, 2023) is None


def test_a_search_in_one_year() -> None:
    assert choosing.find(2024, "portal mesages")[0].activity.id == "IA_BE_4"
    assert choosing.find(2024, "") == ()


def test_a_set_is_one_step(session: Session) -> None:
    _profile(session, 2026)
    choose.add(session, 2026, "IA_BE_4")
    added = choose.add_all(session, 2026, ("IA_BE_4", "IA_CC_13", "IA_EPA_2"))
    assert (added.label, len(added.ids)) == ("Add 2 activities", 2)
    assert len(session.vault.selections(2026)) == 3
    assert added.undo is not None
    undone = added.undo()
    assert [selection.activity_id for selection in session.vault.selections(2026)] == ["IA_BE_4"]
    assert undone.undo is not None
    undone.undo()
    assert len(session.vault.selections(2026)) == 3
    with pytest.raises(BadInputError, match="chosen for 2026 already"):
        choose.add_all(session, 2026, ("IA_BE_4",))
    with pytest.raises(BadInputError, match="IA_XX_1"):
        choose.add_all(session, 2026, ("IA_PM_16", "IA_XX_1"))
    assert len(session.vault.selections(2026)) == 3
