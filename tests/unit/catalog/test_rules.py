"""The rules of each year: whole, cited, and the tables as the regulation prints them."""

import re
from datetime import date
from pathlib import Path

import pytest

import mips_desk.domain.scoring
from mips_desk.catalog.rules import FIRST_YEAR, LAST_YEAR, load_rules
from mips_desk.domain.practice import Category, SpecialStatus, Track
from mips_desk.domain.rules import missing_key
from mips_desk.errors import BadInputError

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
Q, C, IA, PI = Category

#: IA weight by categories without a score, for 2017, 2018, 2019, 2020-2021, 2022 and later, and there small practices.
IA_WEIGHTS = {
    frozenset[Category](): (15, 15, 15, 15, 15, 15),
    frozenset({C}): (15, 15, 15, 15, 15, 15),
    frozenset({PI}): (15, 15, 15, 15, 15, 30),
    frozenset({Q}): (50, 45, 40, 15, 15, 15),
    frozenset({IA}): (0, 0, 0, 0, 0, 0),
    frozenset({C, PI}): (15, 15, 15, 15, 15, 50),
    frozenset({C, Q}): (50, 50, 50, 15, 15, 15),
    frozenset({C, IA}): (0, 0, 0, 0, 0, 0),
    frozenset({PI, Q}): (None, 90, 85, 50, 50, 50),
    frozenset({PI, IA}): (None, 0, 0, 0, 0, 0),
    frozenset({Q, IA}): (None, 0, 0, 0, 0, 0),
    frozenset({Q, C, PI}): (None, None, None, None, None, None),
}


@pytest.mark.parametrize("year", YEARS)
def test_category_weights(year: int) -> None:
    rules = load_rules(year)
    column = 4 if year >= 2022 else 3 if year >= 2020 else year - 2017
    for missing, expected in IA_WEIGHTS.items():
        usual = rules.category_weights(missing, small_practice=False)
        small = rules.category_weights(missing, small_practice=True)
        assert (usual.ia if usual else None) == expected[column], missing_key(missing)
        assert (small.ia if small else None) == expected[5 if year >= 2022 else column], missing_key(missing)


@pytest.mark.parametrize("year", YEARS)
def test_every_row_of_weights_sums_to_a_hundred(year: int) -> None:
    rules = load_rules(year)
    for tables in (rules.weights, rules.small_practice_weights or {}):
        for key, row in tables.items():
            assert row.quality + row.cost + row.ia + row.pi == 100
            assert all(getattr(row, name) == 0 for name in key.split("+") if name != "none")


@pytest.mark.parametrize("year", YEARS)
def test_points_of_the_year(year: int) -> None:
    points = load_rules(year).points
    if year <= 2024:
        assert (points.standard.medium, points.standard.high) == (10, 20)
        assert (points.special_status.medium, points.special_status.high) == (20, 40)
    else:
        assert (points.standard.each, points.special_status.each) == (20, 40)
    assert (points.mvp is not None) == (year >= 2023)
    assert load_rules(year).target_points == 40


@pytest.mark.parametrize("year", YEARS)
def test_tracks_of_the_year(year: int) -> None:
    apm = Track.APM_SCORING_STANDARD if year <= 2020 else Track.APP
    assert set(load_rules(year).tracks) == {Track.TRADITIONAL, apm} | ({Track.MVP} if year >= 2023 else set())


@pytest.mark.parametrize("year", YEARS)
def test_dates_of_the_year(year: int) -> None:
    rules = load_rules(year)
    assert rules.retention.until == date(year + 6, 12, 31)
    assert rules.retention.recommended_until == date(year + 10, 12, 31)
    assert rules.submission.default_close == date(year + 1, 3, 31)
    assert rules.submission.closes >= rules.submission.default_close
    assert rules.payment_year == year + 2
    assert rules.audit.response_days == 45


def test_the_closing_days_that_cms_moved() -> None:
    moved = {year: load_rules(year).submission.closes for year in YEARS if load_rules(year).submission.closes.day != 31}
    assert moved == {
        2017: date(2018, 4, 3),
        2018: date(2019, 4, 2),
        2019: date(2020, 4, 30),
        2023: date(2024, 4, 15),
        2024: date(2025, 4, 14),
    }


@pytest.mark.parametrize(
    ("year", "total", "needed"), [(2019, 9, 1), (2020, 9, 5), (2025, 5, 3), (2025, 4, 2), (2026, 1, 1), (2024, 2, 1)]
)
def test_group_threshold(year: int, total: int, needed: int) -> None:
    assert load_rules(year).group.needed(total) == needed


def test_renamed_activities() -> None:
    assert load_rules(2026).renamed("IA_AHE_1") == "IA_EPA_7"
    assert load_rules(2025).renamed("IA_AHE_1") == "IA_AHE_1"
    assert load_rules(2026).renamed("IA_PM_13") == "IA_AHW_1"
    assert load_rules(2025).renamed("IA_ERP_6") == "IA_PM_26"
    assert load_rules(2026).renamed("IA_BE_4") == "IA_BE_4"


def test_only_2027_is_provisional() -> None:
    assert [year for year in YEARS if load_rules(year).provisional] == [2027]
    assert load_rules(2027).inventory_year == 2026
    assert load_rules(2027).status_note


@pytest.mark.parametrize("year", YEARS)
def test_rules_that_the_engine_names_are_cited(year: int) -> None:
    source = Path(mips_desk.domain.scoring.__file__).read_text(encoding="utf-8")
    named = set(re.findall(r'"(R\d\.\d+)"', source))
    cited = {rule for any_year in YEARS for rule in load_rules(any_year).citations}
    assert named <= cited
    for citation in load_rules(year).citations.values():
        assert citation.says.endswith(".")
        assert citation.source


def test_statuses_and_readings() -> None:
    common = load_rules(2025).common
    assert set(common.statuses) == set(SpecialStatus)
    assert all(reading.text.startswith("This is our reading: ") for reading in common.readings)
    assert len({reading.id for reading in common.readings}) == len(common.readings)


@pytest.mark.parametrize("year", [2016, 2028, 0, -1])
def test_other_years_are_refused(year: int) -> None:
    with pytest.raises(BadInputError, match=str(year)):
        load_rules(year)
