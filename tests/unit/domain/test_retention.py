"""How long the proof of a year is kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.catalog.rules import FIRST_YEAR, LAST_YEAR, load_rules
from mips_desk.domain.retention import RETENTION_YEARS, retention_clock

years = st.integers(FIRST_YEAR, LAST_YEAR)
choices = st.sampled_from(RETENTION_YEARS)


@given(years, choices, st.dates(date(2017, 1, 1), date(2045, 12, 31)))
def test_it_runs_to_the_last_day_of_the_sixth_or_tenth_year_after(year: int, kept: int, today: date) -> None:
    """Leap years move nothing: the end of a performance period is always a December 31."""
    clock = retention_clock(load_rules(year), kept, today)
    assert clock.kept_until == date(year + kept, 12, 31)
    assert (clock.year, clock.years) == (year, kept)
    assert clock.running is (today < date(year + kept + 1, 1, 1))
    assert "42 CFR 414.1390(d)" in clock.source
    assert str(kept) in clock.sentence


@given(years, choices)
def test_the_last_day_still_counts(year: int, kept: int) -> None:
    rules = load_rules(year)
    last = retention_clock(rules, kept, date(year, 1, 1)).kept_until
    assert retention_clock(rules, kept, last).running
    assert not retention_clock(rules, kept, last + timedelta(days=1)).running


@pytest.mark.parametrize("years", [0, 5, 7, 11, -6])
def test_other_numbers_of_years_are_refused(years: int) -> None:
    with pytest.raises(ValueError, match="6 or for 10"):
        retention_clock(load_rules(2025), years, date(2026, 1, 1))
