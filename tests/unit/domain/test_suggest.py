"""Every suggested set reaches full credit, holds nothing too much and nothing that would be refused."""

from dataclasses import replace
from datetime import date
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mips_desk.catalog.load import load_catalog
from mips_desk.catalog.rules import load_rules
from mips_desk.domain.deadlines import last_start_of
from mips_desk.domain.practice import Category, Level, SpecialStatus, Track
from mips_desk.domain.score import ActivityFacts, ScoreFacts
from mips_desk.domain.scoring import score
from mips_desk.domain.suggest import Suggestion, provable_with_screenshots, suggest

CATALOG = load_catalog()


def _suggest(facts: ScoreFacts, *done: str, today: date | None = None, **options: object) -> tuple[Suggestion, ...]:
    day = today or date(facts.year, 3, 1)
    rules, inventory = load_rules(facts.year), CATALOG.inventory(facts.year)
    return suggest(facts, rules, inventory, today=day, already_done=done, **options)  # type: ignore[arg-type]  # options of the function


@st.composite
def _situations(draw: st.DrawFn) -> tuple[ScoreFacts, frozenset[str], date, dict[str, int]]:
    year = draw(st.sampled_from(CATALOG.years))
    ids = st.sampled_from(list(CATALOG.inventory(year)))
    track = draw(st.sampled_from(list(load_rules(year).tracks)))
    mvps = CATALOG.mvps(year) if track is Track.MVP else ()
    facts = ScoreFacts(
        year,
        track=track,
        level=draw(st.sampled_from([Level.INDIVIDUAL, Level.GROUP])),
        special_statuses=draw(st.frozensets(st.sampled_from(SpecialStatus), max_size=2)),
        activities=tuple(ActivityFacts(each) for each in draw(st.lists(ids, max_size=3, unique=True))),
        apm_participant=draw(st.booleans()),
        euc_exception=draw(st.booleans()),
        missing_categories=draw(st.frozensets(st.sampled_from(Category), max_size=2)),
        mvp_id=draw(st.sampled_from(["", *(mvp.id for mvp in mvps)])),
    )
    today = draw(st.dates(date(year, 1, 1), date(year + 1, 2, 1)))
    history = draw(st.dictionaries(ids, st.integers(2017, year - 1), max_size=8)) if year > 2017 else {}
    return facts, draw(st.frozensets(ids, max_size=4)), today, history


@settings(max_examples=60, deadline=None)
@given(_situations())
def test_what_holds_for_every_suggestion(
    situation: tuple[ScoreFacts, frozenset[str], date, dict[str, int]],
) -> None:
    facts, done, today, history = situation
    rules, inventory = load_rules(facts.year), CATALOG.inventory(facts.year)

    def points(ids: tuple[str, ...]) -> int:
        more = tuple(ActivityFacts(each, last_reported_year=history.get(each)) for each in ids)
        after = score(replace(facts, activities=(*facts.activities, *more)), rules, inventory)
        assert not {entry.activity for entry in after.not_credited} & set(ids)
        return after.ia_points

    found = _suggest(facts, *done, today=today, history=history)
    before = score(facts, rules, inventory).ia_points
    if before == rules.target_points:
        assert found == ()
    for each in found:
        assert points(each.activity_ids) == rules.target_points
        assert each.points == rules.target_points - before
        for left_out in each.activity_ids:
            part = tuple(other for other in each.activity_ids if other != left_out)
            assert points(part) < rules.target_points
        for activity_id in each.activity_ids:
            assert rules.suspension(activity_id) is None
            assert activity_id not in {item.id for item in facts.activities}
            last = last_start_of(activity_id, rules) or date(facts.year, 12, 31)
            assert activity_id in done or today <= last
            assert activity_id in done or activity_id != rules.medical_home.activity_id
        assert each.why.endswith(".")
    assert len(found) <= 5
    assert len({frozenset(each.activity_ids) for each in found}) == len(found)
    assert found == _suggest(facts, *sorted(done, reverse=True), today=today, history=history)


def test_what_the_practice_does_comes_first() -> None:
    first = _suggest(ScoreFacts(2026), "IA_BE_4", "IA_BMH_4")[0]
    assert set(first.activity_ids) == {"IA_BE_4", "IA_BMH_4"}
    assert first.points == 40
    assert first.why.startswith("You do both already.")


def test_the_fewest_activities() -> None:
    assert {len(each.activity_ids) for each in _suggest(ScoreFacts(2024))} == {2}
    rural = ScoreFacts(2026, special_statuses=frozenset({SpecialStatus.RURAL}))
    assert {len(each.activity_ids) for each in _suggest(rural)} == {1}
    assert {len(each.activity_ids) for each in _suggest(ScoreFacts(2025, apm_participant=True))} == {1}


def test_medium_activities_that_are_done_beat_high_ones_that_are_not() -> None:
    mediums = [each.id for each in CATALOG.activities(2024) if each.weight == "medium"][:4]
    assert set(_suggest(ScoreFacts(2024), *mediums)[0].activity_ids) == set(mediums)


def test_what_is_chosen_counts() -> None:
    half = ScoreFacts(2024, activities=(ActivityFacts("IA_EPA_1"),))
    assert all(each.points == 20 for each in _suggest(half))
    full = ScoreFacts(2024, activities=(ActivityFacts("IA_EPA_1"), ActivityFacts("IA_BMH_7")))
    assert _suggest(full, "IA_BE_4") == ()


def test_screenshots_are_preferred_unless_one_does_not_care() -> None:
    inventory = CATALOG.inventory(2026)
    ids = set(chain.from_iterable(each.activity_ids for each in _suggest(ScoreFacts(2026))))
    assert all(provable_with_screenshots(inventory[each]) for each in ids)
    assert not provable_with_screenshots(inventory["IA_ERP_1"])


def test_the_medical_home_only_when_the_practice_is_one() -> None:
    assert _suggest(ScoreFacts(2024), "IA_PCMH")[0].activity_ids == ("IA_PCMH",)
    assert not any("IA_PCMH" in each.activity_ids for each in _suggest(ScoreFacts(2024), limit=50))


def test_late_in_the_year_only_what_is_under_way() -> None:
    december = date(2026, 12, 1)
    found = _suggest(ScoreFacts(2026), "IA_BE_4", today=december)
    assert all("IA_BE_4" in each.activity_ids or "IA_PSPA_2" in each.activity_ids[0] for each in found)
    assert _suggest(ScoreFacts(2026), "IA_BE_4", "IA_BMH_4", today=date(2027, 1, 2))[0].points == 40
    assert _suggest(ScoreFacts(2026), today=date(2027, 1, 2)) == ()


def test_a_frequency_limit() -> None:
    done = ("IA_PSPA_23", "IA_BE_4")
    assert set(_suggest(ScoreFacts(2026), *done)[0].activity_ids) == set(done)
    limited = _suggest(ScoreFacts(2026), *done, history={"IA_PSPA_23": 2024}, limit=50)
    assert not any("IA_PSPA_23" in each.activity_ids for each in limited)


@pytest.mark.parametrize("track", [Track.APP])
def test_nothing_where_the_score_is_assigned(track: Track) -> None:
    assert _suggest(ScoreFacts(2026, track=track), "IA_BE_4") == ()
