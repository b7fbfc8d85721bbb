"""How days, numbers and lists are said, on the screen and on paper: American English, whatever the system speaks."""

from collections.abc import Iterable
from datetime import date
from typing import Final

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


def month_day(day: date) -> str:
    """Return a day without its year: "Mar 1"."""
    return f"{MONTHS[day.month - 1][:3]} {day.day}"


def short_day(day: date) -> str:
    """Return a day with its year: "Mar 1, 2024"."""
    return f"{month_day(day)}, {day.year}"


def long_month_day(day: date) -> str:
    """Return a day in words without its year: "October 3"."""
    return f"{MONTHS[day.month - 1]} {day.day}"


def long_day(day: date) -> str:
    """Return a day in words: "October 3, 2024"."""
    return f"{long_month_day(day)}, {day.year}"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 exhibit", "1,200 exhibits", "2 activities"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def sentence(text: str) -> str:
    """Return a text with a capital at its start."""
    return text[:1].upper() + text[1:]


def listed(words: Iterable[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    parts = list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def shortened(text: str, most: int) -> str:
    """Return a text on one line, cut between words and ended with "…" when it is longer than a number of characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[:most]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,.;:") + "…"
