"""Continuous periods of days. All days are inclusive: Oct 3 to Dec 31 is 90 days (42 CFR 414.1320, 414.1360(a)(1))."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
#: More days in a row than this without a logged date are asked about. Our choice, no rule names a number: between two
#: dates of something that is done once a month lie up to 30 days, and that is a regular pattern.
LONG_GAP = 30


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A run of days, first and last both included.

    Raises:
        ValueError: the last day is before the first.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("A period cannot end before it starts.")

    @property
    def days(self) -> int:
        """Number of days, both ends included."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end

    def overlap(self, other: "Period") -> "Period | None":
        """Return the days that both periods share, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start <= end else None

    def inside(self, year: int) -> "Period | None":
        """Return the part that lies in a calendar year, or None; days outside never count."""
        return self.overlap(year_period(year))


def year_period(year: int) -> Period:
    """Return January 1 to December 31 of a year."""
    return Period(date(year, 1, 1), date(year, 12, 31))


def last_start(year: int, days: int) -> date:
    """Return the last day on which a continuous period can start and still end inside the year.

    For 90 days this is October 3 in every year, leap years included.

    Args:
        year: performance year.
        days: length of the period, counted inclusively; 1 to the length of the year.

    Raises:
        ValueError: the period is empty or longer than the year.
    """
    if not 1 <= days <= year_period(year).days:
        raise ValueError(f"A period inside {year} has 1 to {year_period(year).days} days.")
    return date(year, 12, 31) - timedelta(days=days - 1)


def period_from(start: date, days: int) -> Period:
    """Return the period of a number of days that starts on a day."""
    return Period(start, start + timedelta(days=days - 1))


def gaps(days_of_use: Iterable[date], period: Period) -> list[Period]:
    """Return the runs of days inside a period on which nothing was logged, in order."""
    found: list[Period] = []
    expected = period.start
    for day in sorted({day for day in days_of_use if day in period}):
        if day > expected:
            found.append(Period(expected, day - ONE_DAY))
        expected = day + ONE_DAY
    if expected <= period.end:
        found.append(Period(expected, period.end))
    return found


def longest_gap(days_of_use: Iterable[date], period: Period) -> int:
    """Return the number of days in the longest run of a period without a logged date."""
    return max((gap.days for gap in gaps(days_of_use, period)), default=0)


def best_window(days_of_use: Iterable[date], days: int, year: int) -> Period | None:
    """Return the window of a given length inside the year that holds the most distinct dates of use.

    Among equally full windows the earliest one that starts on a date of use wins (or, near the end of the year, the
    one that starts on the last possible day), so that the claim starts with proof.

    Args:
        days_of_use: logged dates, in any order, repeats allowed; dates outside the year are ignored.
        days: length of the window, counted inclusively.
        year: performance year.

    Returns:
        None when no date lies inside the year.
    """
    logged = sorted({day for day in days_of_use if day.year == year})
    if not logged:
        return None
    final = last_start(year, days)
    best: tuple[int, Period] | None = None
    for day in logged:
        window = period_from(min(day, final), days)
        count = sum(1 for other in logged if other in window)
        if best is None or count > best[0]:
            best = (count, window)
    assert best is not None
    return best[1]
