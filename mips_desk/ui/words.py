"""Days, periods and small phrases as the interface says them: plain American English, exact."""

from datetime import date

from mips_desk.domain.phrases import count, sentence, shortened
from mips_desk.domain.phrases import long_month_day as long_day
from mips_desk.domain.phrases import month_day as short_day
from mips_desk.domain.phrases import short_day as full_day
from mips_desk.domain.practice import Level, Track, YearProfile
from mips_desk.domain.score import Gauge

__all__ = [
    "amount",
    "count",
    "days_left",
    "full_day",
    "long_day",
    "reporting",
    "sentence",
    "short_day",
    "shortened",
    "span",
]


def span(start: date, end: date, *, with_year: bool = False) -> str:
    """Return a period: "Mar 1 – Jun 14", or with the year of its end behind it."""
    text = short_day(start) if start == end else f"{short_day(start)} – {short_day(end)}"
    return f"{text}, {end.year}" if with_year else text


def days_left(day: date, today: date) -> str:
    """Return how far a last day is away: "14 days left", "today", "over since Oct 3, 2024"."""
    left = (day - today).days
    if left < 0:
        return f"over since {full_day(day)}"
    return "today" if left == 0 else f"{count(left, 'day')} left"


def amount(gauge: Gauge, number: int) -> str:
    """Return an amount in the gauge's unit: "20 points", "1 activity"."""
    return count(number, "activity", "activities") if gauge.counts_activities else count(number, "point")


def reporting(profile: YearProfile, clinicians: int) -> str:
    """Return how a practice reports: "Group of 18 · traditional MIPS"."""
    size = profile.npis_total if profile.npis_total is not None else clinicians
    level = profile.level.label
    if profile.level is not Level.INDIVIDUAL and size:
        level = f"{level} of {size}"
    track = profile.track.label
    return f"{level} · {track} {profile.mvp_id}".strip() if profile.track is Track.MVP else f"{level} · {track}"
