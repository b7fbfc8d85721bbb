"""Continuous periods: inclusive days, the last start, gaps and the best window."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.domain.period import (
    Period,
    best_window,
    gaps,
    last_start,
    longest_gap,
    period_from,
    year_period,
)

years = st.integers(2017, 2040)
days_of = st.builds(lambda year, day: date(year, 1, 1) + timedelta(day), st.just(2024), st.integers(-20, 380))


def test_days_are_counted_inclusively() -> None:
    assert Period(date(2025, 10, 3), date(2025, 12, 31)).days == 90
    assert Period(date(2024, 1, 1), date(2024, 3, 30)).days == 90
    assert Period(date(2025, 1, 1), date(2025, 3, 31)).days == 90
    assert Period(date(2025, 5, 5), date(2025, 5, 5)).days == 1


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="end before it starts"):
        Period(date(2025, 2, 2), date(2025, 2, 1))


@given(years)
def test_last_start_of_ninety_days_is_october_3_in_every_year(year: int) -> None:
    assert last_start(year, 90) == date(year, 10, 3)
    assert last_start(year, 60) == date(year, 11, 2)


@given(years, st.integers(1, 366))
def test_a_period_from_the_last_start_ends_with_the_year(year: int, days: int) -> None:
    if days > year_period(year).days:
        with pytest.raises(ValueError, match="1 to 365 days"):
            last_start(year, days)
    else:
        assert period_from(last_start(year, days), days) == Period(last_start(year, days), date(year, 12, 31))


def test_leap_years_have_one_day_more() -> None:
    assert [year_period(year).days for year in (2023, 2024, 2025)] == [365, 366, 365]
    assert last_start(2024, 366) == date(2024, 1, 1)


@given(days_of, st.integers(1, 500))
def test_only_the_part_inside_the_year_counts(start: date, days: int) -> None:
    period = period_from(start, days)
    inside = period.inside(2024)
    expected = sum(1 for offset in range(days) if (start + timedelta(offset)).year == 2024)
    assert (inside.days if inside else 0) == expected


@given(st.lists(days_of, max_size=40), days_of, st.integers(1, 120))
def test_gaps_are_exactly_the_days_without_a_date(logged: list[date], start: date, days: int) -> None:
    period = period_from(start, days)
    found = gaps(logged, period)
    missing = {start + timedelta(offset) for offset in range(days)} - set(logged)
    assert {gap.start + timedelta(offset) for gap in found for offset in range(gap.days)} == missing
    apart = [later.start - earlier.end for earlier, later in pairwise(found)]
    assert all(distance > timedelta(1) for distance in apart), "gaps that touch are one gap"
    assert longest_gap(logged, period) == max((gap.days for gap in found), default=0)


@given(st.lists(days_of, max_size=30), st.integers(1, 366))
def test_best_window_is_as_full_as_any_window(logged: list[date], days: int) -> None:
    found = best_window(logged, days, 2024)
    inside = {day for day in logged if day.year == 2024}
    if not inside:
        assert found is None
        return
    assert found is not None
    assert found.days == days
    assert found.inside(2024) == found
    starts = (last_start(2024, days).toordinal() - date(2024, 1, 1).toordinal()) + 1
    fullest = max(
        len(inside & {date(2024, 1, 1) + timedelta(start + offset) for offset in range(days)})
        for start in range(starts)
    )
    assert sum(1 for day in inside if day in found) == fullest
    assert found.start in inside or found.start == last_start(2024, days)


def test_best_window_starts_with_proof() -> None:
    logged = [date(2025, 3, 10), date(2025, 4, 1), date(2025, 12, 20)]
    assert best_window(logged, 90, 2025) == Period(date(2025, 3, 10), date(2025, 6, 7))
    assert best_window([date(2025, 12, 20)], 90, 2025) == Period(date(2025, 10, 3), date(2025, 12, 31))
