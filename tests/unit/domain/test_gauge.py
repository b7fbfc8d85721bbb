"""The gauge: three numbers in the unit of the year, segments, and sentences that say what to do."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.catalog.load import load_catalog
from mips_desk.catalog.rules import load_rules
from mips_desk.domain.gauge import gauge
from mips_desk.domain.practice import Category, SpecialStatus, Track, YearProfile
from mips_desk.domain.score import ActivityFacts, Gauge, Score, ScoreFacts
from mips_desk.domain.scoring import score

CATALOG = load_catalog()
SMALL = frozenset({SpecialStatus.SMALL_PRACTICE})


def shown(year: int, planned: str, proven: str = "", attested: str = "", **profile: Any) -> Gauge:
    """Return the gauge for activities written as "BE_4 PM_2"."""
    practice = YearProfile(year, **profile)
    rules = load_rules(year)

    def scored(ids: str) -> Score:
        facts = ScoreFacts(
            year,
            track=practice.track,
            special_statuses=practice.special_statuses,
            activities=tuple(ActivityFacts(f"IA_{name}") for name in ids.split()),
            eligible_clinicians_in_tin=practice.eligible_clinicians,
            apm_participant=practice.apm_participant,
            missing_categories=practice.missing_categories,
        )
        return score(facts, rules, CATALOG.inventory(year))

    return gauge(practice, rules, scored(planned), scored(proven), scored(attested))


# In 2024: BE_4, PM_11, CC_13, CC_8 are medium (10); BE_14, PM_2, EPA_1 are high (20).
@pytest.mark.parametrize(
    ("planned", "proven", "attested", "sentence"),
    [
        ("", "", "", "Nothing is planned yet. Choose two high activities or four medium ones."),
        (
            "BE_14 BE_4",
            "",
            "",
            "30 of 40 points planned, none proven. "
            "Add one medium activity, or finish the proof for IA_BE_14 and IA_BE_4.",
        ),
        (
            "PM_2 BE_4",
            "PM_2",
            "",
            "30 of 40 points planned, 20 proven. Add one medium activity, or finish the proof for IA_BE_4.",
        ),
        ("PM_2", "PM_2", "", "20 of 40 points planned, 20 proven. Add one high activity or two medium ones."),
        (
            "BE_4",
            "BE_4",
            "",
            "10 of 40 points planned, 10 proven. Add one high and one medium activity or three medium ones.",
        ),
        ("PM_2 BE_14", "PM_2", "", "40 of 40 points planned, 20 proven. Finish the proof for IA_BE_14."),
        (
            "PM_2 BE_14 EPA_1",
            "PM_2",
            "",
            "40 of 40 points planned, 20 proven. Finish the proof for IA_BE_14 or IA_EPA_1.",
        ),
        ("PM_2 BE_14", "PM_2 BE_14", "PM_2", "40 of 40 points planned and proven. What is left is to attest."),
        ("PM_2 BE_14", "PM_2 BE_14", "PM_2 BE_14", "40 of 40 points planned, proven and attested."),
    ],
)
def test_sentences_in_points(planned: str, proven: str, attested: str, sentence: str) -> None:
    assert shown(2024, planned, proven, attested).sentence == sentence


@pytest.mark.parametrize(
    ("planned", "proven", "profile", "target", "sentence"),
    [
        ("", "", {}, 2, "Nothing is planned yet. Choose two activities."),
        ("", "", {"special_statuses": SMALL}, 1, "Nothing is planned yet. Choose one activity."),
        (
            "BE_4",
            "",
            {},
            2,
            "1 of 2 activities planned, none proven. Add one activity, or finish the proof for IA_BE_4.",
        ),
        ("BE_4 PM_2", "PM_2", {}, 2, "2 of 2 activities planned, 1 proven. Finish the proof for IA_BE_4."),
        ("BE_4", "", {"track": Track.MVP}, 1, "1 of 1 activity planned, none proven. Finish the proof for IA_BE_4."),
        (
            "BE_4",
            "BE_4",
            {"special_statuses": SMALL},
            1,
            "1 of 1 activity planned and proven. What is left is to attest.",
        ),
        (
            "BE_4",
            "BE_4",
            {"special_statuses": SMALL, "eligible_clinicians": 16},
            2,
            "1 of 2 activities planned, 1 proven. Add one activity.",
        ),
        ("PCMH", "", {}, 2, "2 of 2 activities planned, none proven. Finish the proof for IA_PCMH."),
        (
            "BE_4",
            "BE_4",
            {"apm_participant": True},
            2,
            "2 of 2 activities planned and proven. What is left is to attest.",
        ),
    ],
)
def test_sentences_in_activities(
    planned: str, proven: str, profile: dict[str, Any], target: int, sentence: str
) -> None:
    found = shown(2025, planned, proven, **profile)
    assert found.counts_activities
    assert found.target == target
    assert found.sentence == sentence


def test_tracks_and_years_without_anything_to_do() -> None:
    assert "nothing has to be attested" in shown(2025, "", track=Track.APP).sentence
    off = frozenset({Category.IMPROVEMENT_ACTIVITIES})
    assert shown(2024, "BE_4", missing_categories=off).sentence == (
        "Improvement activities do not count in the final score of 2024."
    )
    assert shown(2023, "", apm_participant=True).sentence == (
        "The APM gives half credit. Choose one high activity or two medium ones."
    )


def test_segments_are_one_for_each_selection_and_proven_ones_first() -> None:
    found = shown(2024, "BE_4 PM_2 CC_13", "CC_13")
    assert [(s.activity_id, s.amount, s.proven) for s in found.segments] == [
        ("IA_CC_13", 10, True),
        ("IA_BE_4", 10, False),
        ("IA_PM_2", 20, False),
    ]
    assert (found.target, found.planned, found.proven, found.attested, found.unit) == (40, 40, 10, 0, "points")


def test_the_credit_of_an_apm_is_a_segment_of_its_own() -> None:
    found = shown(2023, "BE_4", apm_participant=True)
    assert [(s.activity_id, s.amount, s.proven) for s in found.segments] == [("", 20, True), ("IA_BE_4", 10, False)]
    half = shown(2025, "", apm_participant=True, special_statuses=SMALL)
    assert (half.segments, half.planned, half.target) == ((), 0, 1), "half of one activity is not rounded up"


@pytest.mark.parametrize(
    ("year", "planned", "proven", "attested", "advice"),
    [
        (
            2025,
            "BE_4 PM_2 CC_13",
            "BE_4 PM_2",
            "",
            "You need 2 and proved 2; attesting IA_CC_13 as well adds no points and one more thing to prove.",
        ),
        (2025, "BE_4 PM_2 CC_13", "BE_4", "", "The plan holds more than full credit needs; IA_CC_13 can be left out."),
        (2025, "BE_4 PM_2", "BE_4 PM_2", "", ""),
        (2025, "BE_4 PM_2 CC_13", "BE_4 PM_2 CC_13", "BE_4 PM_2 CC_13", ""),
        (
            2025,
            "BE_4 PM_2 CC_13",
            "BE_4 PM_2",
            "CC_13",
            "You need 2 and proved 2; attesting IA_PM_2 as well adds no points and one more thing to prove.",
        ),
        (
            2024,
            "PM_2 BE_14 BE_4",
            "PM_2 BE_14",
            "",
            "40 points are proven; attesting IA_BE_4 as well adds no points and one more thing to prove.",
        ),
        (2024, "PM_2 BE_4 CC_13", "PM_2", "", ""),
    ],
)
def test_advice_against_attesting_too_much(year: int, planned: str, proven: str, attested: str, advice: str) -> None:
    assert shown(year, planned, proven, attested).advice == advice


IDS = ["BE_4", "BE_14", "PM_2", "PM_11", "CC_13", "EPA_1", "PCMH", "PSPA_23"]


@given(
    st.integers(2018, 2026),
    st.lists(st.sampled_from(IDS), unique=True),
    st.sets(st.sampled_from(IDS)),
    st.sets(st.sampled_from(IDS)),
    st.frozensets(st.sampled_from(SpecialStatus)),
    st.booleans(),
)
def test_what_holds_for_every_gauge(
    year: int,
    planned: list[str],
    proven: set[str],
    attested: set[str],
    statuses: frozenset[SpecialStatus],
    apm: bool,
) -> None:
    found = shown(
        year,
        " ".join(planned),
        " ".join(name for name in planned if name in proven),
        " ".join(name for name in planned if name in attested),
        special_statuses=statuses,
        apm_participant=apm,
    )
    assert 0 <= found.proven <= found.planned <= found.target
    assert found.attested <= found.planned
    assert found.target == (40 if year < 2025 else 1 if statuses else 2)
    assert min(found.target, sum(segment.amount for segment in found.segments)) == found.planned
    assert [s.proven for s in found.segments] == sorted((s.proven for s in found.segments), reverse=True)
    assert found.sentence.endswith(".")
    if found.proven < found.planned:
        assert "inish the proof for IA_" in found.sentence
    if found.planned < found.target:
        assert "dd " in found.sentence or "Choose " in found.sentence
