"""Periods, moments and labels as the binder writes them."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from mips_desk.domain.activity import Activity, PeriodKind, PeriodRule
from mips_desk.domain.period import Period
from mips_desk.domain.phrases import count, month_day, short_day
from mips_desk.domain.practice import Clinician, SpecialStatus


def number(value: float) -> str:
    """Return a number without needless decimals, never rounded up: 15.0 as "15", 7.5 as "7.5"."""
    hundredths = int(value * 100 + 1e-6)
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


def span(period: Period) -> str:
    """Return "Jan 8 to Apr 6, 2026", with both years where they differ."""
    start = month_day(period.start)
    if period.start.year != period.end.year:
        start += f", {period.start.year}"
    return f"{start} to {short_day(period.end)}"


def moment(at: datetime) -> str:
    """Return local time with offset and UTC: "Jun 11, 2026, 09:14:22 −05:00 (14:14:22 UTC)".

    Args:
        at: an aware moment.
    """
    utc = at.astimezone(UTC)
    shown = f"{short_day(at.date())}, {at:%H:%M:%S} {offset(at)}"
    other = "" if utc.date() == at.date() else f"{short_day(utc.date())}, "
    return f"{shown} ({other}{utc:%H:%M:%S} UTC)"


def offset(at: datetime) -> str:
    """Return how far a moment's clock is from UTC: "−05:00"."""
    text = at.strftime("%z") or "+0000"
    return f"{text[:3].replace('-', '−')}:{text[3:5]}"


def statuses(found: frozenset[SpecialStatus]) -> str:
    """Return the special statuses in a fixed order, or "None"."""
    return ", ".join(status.label for status in SpecialStatus if status in found) or "None"


def activity_line(activity: Activity) -> str:
    """Return subcategory and weight, as far as the year has them: "Beneficiary Engagement · medium weight"."""
    words = [activity.subcategory.label] if activity.subcategory else []
    if activity.weight:
        words.append(f"{activity.weight.value} weight")
    return " · ".join(words)


def period_rule(rule: PeriodRule) -> str:
    """Return how long an activity must be performed, in a sentence.

    The note speaks to the practice, so it is printed only where it is the rule itself.
    """
    if rule.kind is PeriodKind.CONTINUOUS_DAYS and rule.days:
        text = f"At least {rule.days} continuous days, first and last day included."
    elif rule.kind is PeriodKind.PERFORMANCE_YEAR:
        text = "The whole performance year."
    elif rule.kind is PeriodKind.ONE_TIME:
        text = "Once in the performance year."
    else:
        text = rule.note
    return text


def participants(clinicians: Iterable[Clinician], ids: Iterable[str]) -> list[str]:
    """Return the names, with credential, of the clinicians with the given identifiers, in the order of the roster."""
    wanted = set(ids)
    return [clinician.shown_name for clinician in clinicians if clinician.id in wanted]


def numbers(found: Iterable[int]) -> str:
    """Return rising numbers with runs drawn together: "1 to 3, 5, 6"."""
    runs: list[list[int]] = []
    for each in found:
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


#: Reason of a redaction in the log, and its plural in a sum.
REASONS = {
    "name": ("name", "names"),
    "date": ("date", "dates"),
    "mrn": ("record number", "record numbers"),
    "contact": ("contact detail", "contact details"),
    "other": ("other", "other"),
    "": ("no reason given", "without a reason"),
}


def reason(code: str) -> str:
    """Return the reason of a redaction as the log prints it."""
    return REASONS[code][0]


def redacted(codes: Iterable[str]) -> str:
    """Return what is redacted in a line: "3 areas redacted: 2 names, 1 date"; nothing when nothing is.

    Args:
        codes: the reason of each area.
    """
    found = Counter(codes)
    if not found:
        return ""
    total = count(found.total(), "area")
    if set(found) == {""}:
        return f"{total} redacted"
    parts = [f"{found[code]} {words[found[code] > 1 or not code]}" for code, words in REASONS.items() if found[code]]
    return f"{total} redacted: {', '.join(parts)}"
