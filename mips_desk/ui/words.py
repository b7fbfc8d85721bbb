"""Days, periods and small phrases as the interface says them: plain American English, exact."""

from datetime import date

from mips_desk.domain.practice import Level, SpecialStatus, Track, YearProfile
from mips_desk.domain.score import Gauge

LEVELS = {
    Level.INDIVIDUAL: "Individual",
    Level.GROUP: "Group",
    Level.VIRTUAL_GROUP: "Virtual group",
    Level.SUBGROUP: "Subgroup",
    Level.APM_ENTITY: "APM Entity",
}
TRACKS = {
    Track.TRADITIONAL: "traditional MIPS",
    Track.MVP: "MVP",
    Track.APP: "APM Performance Pathway",
    Track.APM_SCORING_STANDARD: "APM scoring standard",
}
STATUSES = {
    SpecialStatus.SMALL_PRACTICE: "Small practice",
    SpecialStatus.RURAL: "Rural",
    SpecialStatus.HPSA: "Health professional shortage area",
    SpecialStatus.NON_PATIENT_FACING: "Non-patient-facing",
}


def short_day(day: date) -> str:
    """Return a day without its year: "Mar 1"."""
    return f"{day:%b} {day.day}"


def full_day(day: date) -> str:
    """Return a day with its year: "Mar 1, 2024"."""
    return f"{day:%b} {day.day}, {day.year}"


def long_day(day: date) -> str:
    """Return a day in words: "October 3"."""
    return f"{day:%B} {day.day}"


def span(start: date, end: date, *, with_year: bool = False) -> str:
    """Return a period: "Mar 1 – Jun 14", or with the year of its end behind it."""
    text = short_day(start) if start == end else f"{short_day(start)} – {short_day(end)}"
    return f"{text}, {end.year}" if with_year else text


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 day", "3 days", "2 activities"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def days_left(day: date, today: date) -> str:
    """Return how far a last day is away: "14 days left", "today", "over since Oct 3, 2024"."""
    left = (day - today).days
    if left < 0:
        return f"over since {full_day(day)}"
    return "today" if left == 0 else f"{count(left, 'day')} left"


def sentence(text: str) -> str:
    """Return a text with a capital at its start."""
    return text[:1].upper() + text[1:]


def shortened(text: str, most: int) -> str:
    """Return a text cut at a word, with "…" behind it, when it has more than a number of characters."""
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def amount(gauge: Gauge, number: int) -> str:
    """Return an amount in the gauge's unit: "20 points", "1 activity"."""
    return count(number, "activity", "activities") if gauge.counts_activities else count(number, "point")


def reporting(profile: YearProfile, clinicians: int) -> str:
    """Return how a practice reports: "Group of 18 · traditional MIPS"."""
    size = profile.npis_total if profile.npis_total is not None else clinicians
    level = LEVELS[profile.level]
    if profile.level is not Level.INDIVIDUAL and size:
        level = f"{level} of {size}"
    track = TRACKS[profile.track]
    return f"{level} · {track} {profile.mvp_id}".strip() if profile.track is Track.MVP else f"{level} · {track}"
