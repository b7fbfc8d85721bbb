"""Days that matter: the last start of an activity, how long proof is kept, when an auditor is answered."""

from calendar import monthrange
from datetime import date, timedelta

from .activity import PeriodKind
from .period import ONE_DAY, Period, last_start, year_period
from .rules import SpecialPeriod, YearRules


def months_end(start: date, months: int) -> date:
    """Return the last day of a number of full calendar months that start on a day: Jan 1 and 6 months give Jun 30."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    length = monthrange(year, month)[1]
    # From the 31st a shorter month is full with its last day.
    return date(year, month, length) if start.day > length else date(year, month, start.day) - ONE_DAY


def window_days(need: SpecialPeriod, year: int) -> int | None:
    """Return how many days in a row are enough wherever in the year they start.

    Six months have 181 to 184 days; a window that the app proposes must hold in every case.

    Args:
        need: how long an activity must be performed.
        year: performance year.

    Returns:
        None for an activity that only has to be completed in the year.
    """
    if need.kind is not PeriodKind.CONTINUOUS_DAYS:
        return None
    if need.months:
        return Period(date(year, 12 - need.months + 1, 1), year_period(year).end).days
    return need.days


def last_start_of(activity_id: str, rules: YearRules) -> date | None:
    """Return the last day on which an activity can start and still count in the year.

    Args:
        activity_id: an activity of the year.
        rules: the rules of the year.

    Returns:
        None for an activity that only has to be completed in the year, such as a course.
    """
    days = window_days(rules.period_for(activity_id), rules.year)
    return last_start(rules.year, days) if days else None


def audit_due(notice: date, rules: YearRules) -> date:
    """Return the last day to answer an auditor: 45 calendar days from the date of the notice (42 CFR 414.1390(a)(1)).

    Args:
        notice: the date on the notice, not the day on which it was read.
        rules: the rules of the audited year.
    """
    return notice + timedelta(days=rules.audit.response_days)
