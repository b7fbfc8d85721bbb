"""Numbers, dates and labels as the binder writes them; month names are ours, whatever the system's language."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from mips_desk.domain.activity import Activity, PeriodKind, PeriodRule
from mips_desk.domain.period import Period
from mips_desk.domain.practice import Clinician, Level, SpecialStatus, Track

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
LEVELS: Final = {
    Level.INDIVIDUAL: "Individual",
    Level.GROUP: "Group",
    Level.VIRTUAL_GROUP: "Virtual group",
    Level.SUBGROUP: "Subgroup",
    Level.APM_ENTITY: "APM entity",
}
TRACKS: Final = {
    Track.TRADITIONAL: "Traditional MIPS",
    Track.MVP: "MVP",
    Track.APP: "APP",
    Track.APM_SCORING_STANDARD: "APM scoring standard",
}
STATUSES: Final = {
    SpecialStatus.SMALL_PRACTICE: "Small practice",
    SpecialStatus.RURAL: "Rural",
    SpecialStatus.HPSA: "HPSA",
    SpecialStatus.NON_PATIENT_FACING: "Non-patient-facing",
}


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 exhibit", "1,200 exhibits"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def shortened(text: str, length: int) -> str:
    """Return a text on one line, cut between words with an ellipsis when it is longer than a number of characters."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[:length]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,.;:") + "…"


def number(value: float) -> str:
    """Return a number without needless decimals, never rounded up: 15.0 as "15", 7.5 as "7.5"."""
    hundredths = int(value * 100 + 1e-6)
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


def long_day(day: date) -> str:
    """Return "June 11, 2026"."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def short_day(day: date) -> str:
    """Return "Jun 11, 2026"."""
    return f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year}"


def span(period: Period) -> str:
    """Return "Jan 8 to Apr 6, 2026", with both years where they differ."""
    start = f"{MONTHS[period.start.month - 1][:3]} {period.start.day}"
    if period.start.year != period.end.year:
        start += f", {period.start.year}"
    return f"{start} to {short_day(period.end)}"


def moment(at: datetime) -> str:
    """Return local time with offset and UTC: "Jun 11, 2026, 09:14:22 −05:00 (14:14:22 UTC)".

    Args:
        at: an aware moment.
    """
    utc = at.astimezone(UTC)
    offset = at.strftime("%z") or "+0000"
    shown = f"{short_day(at.date())}, {at:%H:%M:%S} {offset[:3].replace('-', '−')}:{offset[3:5]}"
    other = "" if utc.date() == at.date() else f"{short_day(utc.date())}, "
    return f"{shown} ({other}{utc:%H:%M:%S} UTC)"


def listed(words: Iterable[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    parts = list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def statuses(found: frozenset[SpecialStatus]) -> str:
    """Return the special statuses in a fixed order, or "None"."""
    return ", ".join(label for status, label in STATUSES.items() if status in found) or "None"


def activity_line(activity: Activity) -> str:
    """Return subcategory and weight, as far as the year has them: "Beneficiary Engagement · medium weight"."""
    words = [activity.subcategory.label] if activity.subcategory else []
    if activity.weight:
        words.append(f"{activity.weight.value} weight")
    return " · ".join(words)


def period_rule(rule: PeriodRule) -> str:
    """Return how long an activity must be performed, in a sentence."""
    if rule.kind is PeriodKind.CONTINUOUS_DAYS and rule.days:
        text = f"At least {rule.days} continuous days, first and last day included."
    elif rule.kind is PeriodKind.PERFORMANCE_YEAR:
        text = "The whole performance year."
    elif rule.kind is PeriodKind.ONE_TIME:
        text = "Once in the performance year."
    else:
        text = ""
    return " ".join(part for part in (text, rule.note) if part)


def participants(clinicians: Iterable[Clinician], ids: Iterable[str]) -> list[str]:
    """Return the names, with credential, of the clinicians with the given identifiers, in the order of the roster."""
    wanted = set(ids)
    return [clinician.shown_name for clinician in clinicians if clinician.id in wanted]
