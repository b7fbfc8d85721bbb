"""The scoring engine beyond the worked examples: its edges, and what must hold for all facts."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mips_desk.domain.scoring
from mips_desk.catalog.load import load_catalog
from mips_desk.catalog.rules import load_rules
from mips_desk.domain.practice import Category, Level, SpecialStatus, Track
from mips_desk.domain.score import ActivityFacts, Score, ScoreFacts
from mips_desk.domain.scoring import score
from mips_desk.errors import BadInputError

CATALOG = load_catalog()
YEARS = st.integers(2017, 2026)


def score_of(year: int, *activities: str | ActivityFacts, **facts: Any) -> Score:
    items = tuple(ActivityFacts(item) if isinstance(item, str) else item for item in activities)
    return score(ScoreFacts(year, activities=items, **facts), load_rules(year), CATALOG.inventory(year))


def done(activity_id: str, start: str, end: str, **more: Any) -> ActivityFacts:
    return ActivityFacts(activity_id, start=date.fromisoformat(start), end=date.fromisoformat(end), **more)


def reason(result: Score) -> str:
    (refused,) = result.not_credited
    return refused.rule


@st.composite
def activities_of(draw: st.DrawFn, year: int) -> ActivityFacts:
    elsewhere = ["IA_AHE_5", "IA_PSPA_30", "IA_CC_2", "IA_PM_27", "IA_BMH_13", "IA_XX_9"]
    special = ["IA_PCMH", "IA_MVP", "IA_ERP_1", "IA_ERP_2", "IA_PSPA_4", "IA_PSPA_23", "IA_BE_4", *elsewhere]
    activity_id = draw(st.sampled_from([a.id for a in CATALOG.activities(year)]) | st.sampled_from(special))
    start = draw(st.none() | st.integers(-60, 370).map(lambda days: date(year, 1, 1) + timedelta(days)))
    end = start + timedelta(draw(st.integers(0, 200))) if start else None
    return ActivityFacts(
        activity_id,
        start=start,
        end=end,
        gap=draw(st.sampled_from([False, False, False, True])),
        npis_performing=draw(st.none() | st.integers(0, 12)),
        last_reported_year=draw(st.none() | st.integers(2017, year - 1)) if year > 2017 else None,
    )


@st.composite
def facts_of(draw: st.DrawFn) -> ScoreFacts:
    year = draw(YEARS)
    rules = load_rules(year)
    return ScoreFacts(
        year=year,
        track=draw(st.sampled_from(rules.tracks)),
        level=draw(st.sampled_from(Level)),
        special_statuses=draw(st.frozensets(st.sampled_from(SpecialStatus))),
        activities=tuple(draw(st.lists(activities_of(year), max_size=6))),
        npis_total=draw(st.none() | st.integers(1, 12)),
        eligible_clinicians_in_tin=draw(st.none() | st.integers(1, 30)),
        apm_participant=draw(st.booleans()),
        submitted_quality=draw(st.none() | st.booleans()),
        submitted_pi=draw(st.none() | st.booleans()),
        euc_exception=draw(st.booleans()),
        missing_categories=draw(st.frozensets(st.sampled_from(Category))),
        pcmh_sites_total=draw(st.none() | st.integers(1, 5)),
        pcmh_sites_recognised=draw(st.none() | st.integers(0, 5)),
        web_interface_apm=draw(st.booleans()),
        mvp_id=draw(st.sampled_from(["", *(mvp.id for mvp in CATALOG.mvps(year))])),
    )


def engine(facts: ScoreFacts) -> Score:
    return score(facts, load_rules(facts.year), CATALOG.inventory(facts.year))


@given(facts_of())
def test_the_trace_sums_up_to_the_score_and_the_cap_holds(facts: ScoreFacts) -> None:
    result = engine(facts)
    assert sum(line.points or 0 for line in result.trace) == result.ia_points
    assert 0 <= result.ia_points <= 40
    assert result.percent == result.ia_points * 2.5
    assert result.contribution == result.ia_points * result.category_weight / 40
    assert 0 <= result.category_weight <= 100
    assert all(line.text.endswith(".") and "  " not in line.text and line.source for line in result.trace)
    assert all(entry.reason.endswith(".") for entry in result.not_credited)


@given(facts_of())
def test_each_activity_is_credited_once_or_refused_with_a_reason(facts: ScoreFacts) -> None:
    result = engine(facts)
    assert len(set(result.credited)) == len(result.credited)
    assert tuple(result.earned) == result.credited
    assert len(result.credited) + len(result.not_credited) == len(facts.activities)
    assert {a.id for a in facts.activities} == set(result.credited) | {e.activity for e in result.not_credited}


@given(facts_of(), st.randoms(use_true_random=False))
def test_the_order_of_activities_never_matters(facts: ScoreFacts, random: Any) -> None:
    shuffled = list(facts.activities)
    random.shuffle(shuffled)
    one, other = engine(facts), engine(replace(facts, activities=tuple(shuffled)))
    assert (one.ia_points, one.percent, one.category_weight, one.contribution) == (
        other.ia_points,
        other.percent,
        other.category_weight,
        other.contribution,
    )
    assert one.earned == other.earned
    assert sorted(e.activity for e in one.not_credited) == sorted(e.activity for e in other.not_credited)


@given(facts_of(), st.data())
def test_adding_an_activity_never_lowers_a_score(facts: ScoreFacts, data: st.DataObject) -> None:
    more = replace(facts, activities=(*facts.activities, data.draw(activities_of(facts.year))))
    before, after = engine(facts), engine(more)
    assert after.ia_points >= before.ia_points
    assert after.contribution >= before.contribution
    assert set(before.credited) <= set(after.credited)


def test_no_rule_of_the_field_looks_at_the_clock() -> None:
    for path in Path(mips_desk.domain.scoring.__file__).parent.glob("*.py"):
        assert not re.search(r"\b(today|now|time)\(", path.read_text(encoding="utf-8")), path.name


def test_the_same_activity_counts_once() -> None:
    result = score_of(2024, "IA_BE_4", "IA_BE_4")
    assert (result.ia_points, reason(result)) == (10, "R7.5")
    short = done("IA_BE_4", "2024-05-01", "2024-05-02")
    for order in ((short, ActivityFacts("IA_BE_4")), (ActivityFacts("IA_BE_4"), short)):
        result = score_of(2024, *order)
        assert (result.ia_points, reason(result)) == (10, "R3.1")


@pytest.mark.parametrize(
    ("activity", "rule"),
    [
        (done("IA_BE_4", "2025-10-03", "2025-12-31"), None),
        (done("IA_BE_4", "2025-10-04", "2025-12-31"), "R3.1"),
        (done("IA_BE_4", "2025-10-04", "2026-06-30"), "R3.1"),
        (done("IA_BE_4", "2024-01-01", "2025-03-31"), None),
        (done("IA_BE_4", "2024-01-01", "2024-12-31"), "R3.1"),
        (done("IA_BE_4", "2025-01-01", "2025-12-31", gap=True), "R3.1"),
        (ActivityFacts("IA_BE_4", gap=True), "R3.1"),
        (done("IA_ERP_2", "2025-11-02", "2025-12-31"), None),
        (done("IA_ERP_2", "2025-11-03", "2025-12-31"), "R3.3"),
        (done("IA_ERP_1", "2025-07-01", "2025-12-31"), None),
        (done("IA_ERP_1", "2025-07-02", "2025-12-31"), "R3.3"),
        (done("IA_PSPA_23", "2025-06-01", "2025-06-01"), None),
        (done("IA_PSPA_23", "2024-12-01", "2025-01-01"), None),
        (done("IA_PSPA_23", "2025-12-01", "2026-01-01"), "R3.3"),
        (done("IA_PSPA_28", "2025-06-01", "2025-06-01"), "R3.1"),
        (done("IA_PSPA_28", "2025-05-01", "2025-08-01"), None),
    ],
)
def test_periods(activity: ActivityFacts, rule: str | None) -> None:
    result = score_of(2025, activity)
    assert [entry.rule for entry in result.not_credited] == ([rule] if rule else [])


def test_a_period_with_one_end_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="or neither"):
        score_of(2025, ActivityFacts("IA_BE_4", start=date(2025, 1, 1)))
    with pytest.raises(ValueError, match="before it starts"):
        score_of(2025, done("IA_BE_4", "2025-02-01", "2025-01-01"))


@pytest.mark.parametrize(
    ("start", "end", "credited"),
    [
        ("2025-02-05", "2025-05-05", True),
        ("2025-05-05", "2025-12-31", True),
        ("2025-05-06", "2025-12-31", False),
        ("2025-06-01", "2025-12-31", False),
    ],
)
def test_suspension_of_may_6_2025(start: str, end: str, credited: bool) -> None:
    result = score_of(2025, done("IA_PM_26", start, end))
    assert bool(result.credited) is credited
    assert credited or reason(result) == "R9.4"
    assert score_of(2025, "IA_PM_26").credited == ("IA_PM_26",)
    assert score_of(2024, done("IA_PM_6", "2024-06-01", "2024-12-31")).credited == ("IA_PM_6",)


@pytest.mark.parametrize(
    ("year", "activity_id", "last", "credited"),
    [
        (2021, "IA_PSPA_4", 2017, True),
        (2021, "IA_PSPA_4", 2018, False),
        (2022, "IA_PSPA_4", 2018, True),
        (2019, "IA_PSPA_24", 2018, False),
        (2021, "IA_PSPA_22", 2020, False),
        (2021, "IA_BE_4", 2020, True),
    ],
)
def test_once_every_four_years(year: int, activity_id: str, last: int, credited: bool) -> None:
    result = score_of(year, ActivityFacts(activity_id, last_reported_year=last))
    assert bool(result.credited) is credited
    uncertain = [line.uncertain for line in result.trace if line.rule == "R4.1"]
    assert all(uncertain)
    assert bool(uncertain) == (activity_id != "IA_BE_4")


@pytest.mark.parametrize(
    ("year", "total", "performing", "credited"),
    [
        (2019, 20, 1, True),
        (2019, 20, 0, False),
        (2020, 9, 4, False),
        (2020, 9, 5, True),
        (2025, 2, 1, True),
        (2025, 3, 1, False),
        (2025, 1, 1, True),
    ],
)
def test_how_many_of_a_group(year: int, total: int, performing: int, credited: bool) -> None:
    activity = ActivityFacts("IA_BE_4", npis_performing=performing)
    for level in (Level.GROUP, Level.VIRTUAL_GROUP, Level.SUBGROUP, Level.APM_ENTITY):
        assert bool(score_of(year, activity, level=level, npis_total=total).credited) is credited
    alone = score_of(year, activity, level=Level.INDIVIDUAL, npis_total=total)
    assert bool(alone.credited) is (performing > 0)


def test_an_unchecked_group_says_so() -> None:
    result = score_of(2025, ActivityFacts("IA_BE_4", npis_performing=1), level=Level.GROUP)
    assert result.credited
    assert any("not checked" in line.text for line in result.trace)


def test_too_many_clinicians_are_no_small_practice() -> None:
    small = frozenset({SpecialStatus.SMALL_PRACTICE})
    missing = frozenset({Category.PROMOTING_INTEROPERABILITY})
    for clinicians, points, weight in ((15, 40, 30), (16, 20, 15), (None, 40, 30)):
        result = score_of(
            2025,
            "IA_BE_4",
            special_statuses=small,
            eligible_clinicians_in_tin=clinicians,
            missing_categories=missing,
        )
        assert (result.ia_points, result.category_weight) == (points, weight)
    rural = small | {SpecialStatus.RURAL}
    assert score_of(2025, "IA_BE_4", special_statuses=rural, eligible_clinicians_in_tin=16).ia_points == 40
    not_entered = score_of(2025, "IA_BE_4", eligible_clinicians_in_tin=3)
    assert not_entered.ia_points == 20
    assert any(line.rule == "R2.1" for line in not_entered.trace)


def test_ia_mvp_outside_an_mvp() -> None:
    assert reason(score_of(2025, "IA_MVP")) == "R2.30"
    assert score_of(2025, "IA_MVP", track=Track.MVP).ia_points == 40


def test_the_list_of_an_mvp() -> None:
    listed = CATALOG.mvps(2025)[0]
    outside = next(a.id for a in CATALOG.activities(2025) if a.id not in listed.activity_ids)
    assert score_of(2025, listed.activity_ids[0], track=Track.MVP, mvp_id=listed.id).ia_points == 40
    assert reason(score_of(2025, outside, track=Track.MVP, mvp_id=listed.id)) == "R1.8"
    assert score_of(2025, outside, mvp_id=listed.id).ia_points == 20, "the list binds only those who report the MVP"


@pytest.mark.parametrize(
    ("year", "sites", "recognised", "level", "points"),
    [
        (2017, 4, 1, Level.GROUP, 40),
        (2017, 4, 0, Level.GROUP, 0),
        (2018, 4, 1, Level.GROUP, 0),
        (2018, 3, 2, Level.GROUP, 40),
        (2026, 5, 2, Level.VIRTUAL_GROUP, 0),
        (2026, None, None, Level.GROUP, 40),
        (2026, 4, 1, Level.INDIVIDUAL, 40),
    ],
)
def test_medical_home(year: int, sites: int | None, recognised: int | None, level: Level, points: int) -> None:
    result = score_of(year, "IA_PCMH", level=level, pcmh_sites_total=sites, pcmh_sites_recognised=recognised)
    assert result.ia_points == points


@pytest.mark.parametrize(
    ("year", "activities", "facts", "points"),
    [
        (2023, 0, {}, 20),
        (2023, 0, {"euc_exception": True}, 20),
        (2024, 0, {}, 0),
        (2024, 0, {"submitted_quality": True, "submitted_pi": True}, 20),
        (2024, 0, {"submitted_quality": True}, 0),
        (2024, 1, {}, 30),
        (2024, 1, {"euc_exception": True}, 10),
        (2025, 1, {}, 40),
        (2025, 1, {"track": Track.MVP}, 40),
        (2026, 0, {"submitted_quality": True, "submitted_pi": True, "track": Track.MVP}, 20),
    ],
)
def test_half_credit_of_an_apm_participant(year: int, activities: int, facts: dict[str, Any], points: int) -> None:
    result = score_of(year, *["IA_BE_4"][:activities], apm_participant=True, **facts)
    assert result.ia_points == points
    added = [line for line in result.trace if line.rule in ("R2.20", "R2.22") and line.points]
    assert all(bool(line.uncertain) is bool(activities) for line in added)


def test_a_failed_activity_does_not_bring_the_half_credit() -> None:
    failed = done("IA_BE_4", "2024-05-01", "2024-05-02")
    assert score_of(2024, failed, apm_participant=True).ia_points == 0


@pytest.mark.parametrize(
    ("year", "track", "missing", "web", "weight"),
    [
        (2017, Track.APM_SCORING_STANDARD, set(), False, 25),
        (2017, Track.APM_SCORING_STANDARD, set(), True, 20),
        (2017, Track.APM_SCORING_STANDARD, {Category.PROMOTING_INTEROPERABILITY}, True, 25),
        (2018, Track.APM_SCORING_STANDARD, set(), False, 20),
        (2020, Track.APM_SCORING_STANDARD, {Category.PROMOTING_INTEROPERABILITY}, False, 20),
        (2020, Track.APM_SCORING_STANDARD, {Category.QUALITY}, False, 25),
        (2021, Track.APP, set(), False, 20),
        (2024, Track.APP, {Category.COST}, False, 20),
        (2025, Track.APP, {Category.QUALITY}, False, 25),
        (2026, Track.APP, {Category.PROMOTING_INTEROPERABILITY}, False, 25),
        (2026, Track.APP, {Category.QUALITY, Category.PROMOTING_INTEROPERABILITY}, False, 0),
        (2026, Track.APP, {Category.IMPROVEMENT_ACTIVITIES}, False, 0),
    ],
)
def test_assigned_scores(year: int, track: Track, missing: set[Category], web: bool, weight: int) -> None:
    result = score_of(year, "IA_BE_4", track=track, missing_categories=frozenset(missing), web_interface_apm=web)
    assert (result.ia_points, result.category_weight, result.credited) == (40, weight, ())


def test_pi_data_that_was_sent_keeps_its_weight() -> None:
    missing = frozenset({Category.PROMOTING_INTEROPERABILITY})
    small = frozenset({SpecialStatus.SMALL_PRACTICE})
    facts = {"special_statuses": small, "missing_categories": missing}
    assert score_of(2025, "IA_BE_4", **facts).category_weight == 30
    assert score_of(2025, "IA_BE_4", **facts, submitted_pi=True).category_weight == 15


def test_one_category_left_gives_the_threshold() -> None:
    missing = frozenset({Category.QUALITY, Category.PROMOTING_INTEROPERABILITY, Category.COST})
    result = score_of(2025, "IA_BE_4", missing_categories=missing)
    assert (result.ia_points, result.category_weight) == (20, 0)
    assert result.trace[-1].rule == "R1.9"
    without = frozenset({Category.QUALITY, Category.PROMOTING_INTEROPERABILITY})
    assert score_of(2017, "IA_BE_4", missing_categories=without).trace[-1].rule == "R1.9"
    assert score_of(2017, "IA_BE_4", missing_categories=frozenset({Category.COST})).category_weight == 15


def test_the_old_name_of_an_activity_leads_to_the_new_one() -> None:
    result = score_of(2026, "IA_AHE_1")
    assert "IA_EPA_7" in result.not_credited[0].reason


def test_our_readings_are_marked() -> None:
    assert all(line.uncertain for line in score_of(2025, "IA_BE_4").trace if line.rule == "R1.5")
    assert not any(line.uncertain for line in score_of(2024, "IA_BE_4").trace)
    group = score_of(2024, "IA_BE_4", level=Level.GROUP, special_statuses=frozenset({SpecialStatus.RURAL}))
    assert [line.rule for line in group.trace if line.uncertain] == ["R2.6"]


def test_a_track_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInputError, match=r"mvp.*2022"):
        score_of(2022, "IA_BE_4", track=Track.MVP)


def test_rules_of_another_year_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="2024"):
        score(ScoreFacts(2025), load_rules(2024), {})
