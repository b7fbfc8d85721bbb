"""What is said before an activity is chosen."""

from dataclasses import replace
from datetime import date

import pytest

from mips_desk.catalog.load import load_catalog
from mips_desk.catalog.rules import load_rules
from mips_desk.domain.practice import Level, SpecialStatus, Track
from mips_desk.domain.score import ActivityFacts, ScoreFacts
from mips_desk.domain.warnings import ActivityWarning, WarningKind, warnings_before_adding

CATALOG = load_catalog()


def _warn(
    activity_id: str,
    facts: ScoreFacts,
    *,
    last: int | None = None,
    today: date | None = None,
) -> dict[WarningKind, ActivityWarning]:
    rules = load_rules(facts.year)
    found = warnings_before_adding(
        activity_id,
        facts,
        rules,
        CATALOG.inventory(facts.year),
        last_reported=last,
        offered=CATALOG.years_of(activity_id),
        today=today or date(facts.year, 3, 1),
    )
    kinds = [warning.kind for warning in found]
    assert kinds == sorted(set(kinds), key=list(WarningKind).index)
    for warning in found:
        assert warning.text.endswith(".")
        assert warning.source, warning
    return {warning.kind: warning for warning in found}


def _chosen(year: int, *ids: str) -> ScoreFacts:
    return ScoreFacts(year, activities=tuple(ActivityFacts(each) for each in ids))


def test_nothing_to_say() -> None:
    assert _warn("IA_BE_4", ScoreFacts(2026)) == {}


def test_once_every_four_years() -> None:
    warning = _warn("IA_PSPA_23", ScoreFacts(2026), last=2024)[WarningKind.FREQUENCY]
    assert warning.blocks
    assert "2024" in warning.text
    assert "2028" in warning.text
    assert warning.rule == "R4.1"
    assert warning.uncertain
    assert _warn("IA_PSPA_23", ScoreFacts(2026), last=2022) == {}
    assert _warn("IA_BE_4", ScoreFacts(2026), last=2025) == {}


def test_suspended_within_the_year() -> None:
    warning = _warn("IA_PM_6", ScoreFacts(2025))[WarningKind.SUSPENDED]
    assert not warning.blocks
    assert "May 6, 2025" in warning.text
    assert "under way" in warning.text
    assert _warn("IA_PM_6", ScoreFacts(2024)) == {}


@pytest.mark.parametrize(
    ("activity_id", "year", "said"),
    [
        ("IA_AHE_6", 2026, "goes on as IA_EPA_8"),
        ("IA_CC_1", 2026, "offered until 2025"),
        ("IA_CC_14", 2026, "from 2023 on as IA_AHE_12"),
        ("IA_PM_28", 2024, "first offered in 2026"),
        ("IA_BMH_13", 2023, "suspended"),
        ("IA_XX_1", 2026, "any other year"),
    ],
)
def test_not_in_the_list_of_the_year(activity_id: str, year: int, said: str) -> None:
    warnings = _warn(activity_id, ScoreFacts(year))
    assert list(warnings) == [WarningKind.NOT_OFFERED]
    assert warnings[WarningKind.NOT_OFFERED].blocks
    assert said in warnings[WarningKind.NOT_OFFERED].text


def test_only_in_an_mvp() -> None:
    assert _warn("IA_MVP", ScoreFacts(2026))[WarningKind.WRONG_TRACK].blocks
    assert _warn("IA_MVP", ScoreFacts(2026, track=Track.MVP)) == {}


def test_not_on_the_list_of_the_mvp() -> None:
    mvp = CATALOG.mvps(2026)[0]
    facts = ScoreFacts(2026, track=Track.MVP, mvp_id=mvp.id)
    outside = next(each.id for each in CATALOG.activities(2026) if mvp.id not in each.mvp_ids and each.subcategory)
    assert mvp.id in _warn(outside, facts)[WarningKind.WRONG_TRACK].text
    assert _warn(mvp.activity_ids[0], facts) == {}


def test_a_track_whose_score_is_assigned() -> None:
    warnings = _warn("IA_BE_4", ScoreFacts(2026, track=Track.APP, level=Level.GROUP))
    assert list(warnings) == [WarningKind.WRONG_TRACK]


def test_chosen_already() -> None:
    warnings = _warn("IA_BE_4", _chosen(2026, "IA_BE_4"))
    assert list(warnings) == [WarningKind.CHOSEN]
    assert warnings[WarningKind.CHOSEN].blocks


def test_covered_by_the_medical_home() -> None:
    warning = _warn("IA_BE_4", _chosen(2024, "IA_PCMH"))[WarningKind.COVERED]
    assert not warning.blocks
    assert "IA_PCMH" in warning.text


def test_full_credit_is_planned_already() -> None:
    assert list(_warn("IA_BE_4", _chosen(2024, "IA_EPA_1", "IA_BMH_7"))) == [WarningKind.FULL]
    assert _warn("IA_BE_4", _chosen(2024, "IA_EPA_1")) == {}
    small = replace(_chosen(2026, "IA_BE_1"), special_statuses=frozenset({SpecialStatus.SMALL_PRACTICE}))
    assert list(_warn("IA_BE_4", small)) == [WarningKind.FULL]


def test_too_late_to_start() -> None:
    assert _warn("IA_BE_4", ScoreFacts(2026), today=date(2026, 10, 3)) == {}
    late = _warn("IA_BE_4", ScoreFacts(2026), today=date(2026, 10, 4))[WarningKind.TOO_LATE]
    assert "October 3, 2026" in late.text
    assert not late.blocks
    assert _warn("IA_ERP_2", ScoreFacts(2026), today=date(2026, 11, 2)) == {}
    assert WarningKind.TOO_LATE in _warn("IA_ERP_2", ScoreFacts(2026), today=date(2026, 11, 3))
    assert _warn("IA_PSPA_23", ScoreFacts(2026), today=date(2026, 12, 31)) == {}
    assert WarningKind.TOO_LATE in _warn("IA_PSPA_23", ScoreFacts(2026), today=date(2027, 1, 1))


def test_the_submission_window_is_closed() -> None:
    closed = _warn("IA_BE_4", ScoreFacts(2023), today=date(2024, 4, 16))[WarningKind.TOO_LATE]
    assert "April 15, 2024" in closed.text
    open_ = _warn("IA_BE_4", ScoreFacts(2023), today=date(2024, 4, 15))[WarningKind.TOO_LATE]
    assert "October 3, 2023" in open_.text


@pytest.mark.parametrize(("npis", "needed"), [(9, "5 of the 9"), (4, "2 of the 4"), (None, "50 percent")])
def test_half_of_a_group(npis: int | None, needed: str) -> None:
    warning = _warn("IA_BE_4", ScoreFacts(2024, level=Level.GROUP, npis_total=npis))[WarningKind.GROUP]
    assert needed in warning.text
    assert not warning.blocks


def test_groups_without_that_rule() -> None:
    assert _warn("IA_BE_4", ScoreFacts(2019, level=Level.GROUP, npis_total=9)) == {}
    assert _warn("IA_BE_4", ScoreFacts(2024, level=Level.GROUP, npis_total=1)) == {}
    assert _warn("IA_PCMH", ScoreFacts(2017, level=Level.GROUP)) == {}
    assert "sites" in _warn("IA_PCMH", ScoreFacts(2024, level=Level.GROUP))[WarningKind.GROUP].text
    virtual = _warn("IA_BE_4", ScoreFacts(2024, level=Level.VIRTUAL_GROUP, npis_total=9))[WarningKind.GROUP]
    assert virtual.rule == "R3.12"
