"""How long the proof of a year is kept: six years from the end of the performance period, or ten where one wishes."""

from dataclasses import dataclass
from datetime import date

from . import phrases
from .rules import YearRules

#: What the regulation asks for, and what CMS advised in 2017 with a view to the False Claims Act.
REGULATION_YEARS = 6
ADVISED_YEARS = 10
RETENTION_YEARS = (REGULATION_YEARS, ADVISED_YEARS)


@dataclass(frozen=True, slots=True)
class RetentionClock:
    """How long the proof of a year must be kept.

    Attributes:
        year: performance year.
        kept_until: the last day on which it must be kept.
        years: 6 or 10, as the practice chose.
        running: True: that day is not over yet.
        source: where this is from, in words.
    """

    year: int
    kept_until: date
    years: int
    running: bool
    source: str

    @property
    def sentence(self) -> str:
        """Until when, as a person reads it."""
        day = phrases.long_day(self.kept_until)
        if self.running:
            return f"Keep the proof of {self.year} until {day}: {self.source}."
        return f"The proof of {self.year} had to be kept until {day}: {self.source}."


def retention_clock(rules: YearRules, years: int, today: date) -> RetentionClock:
    """Return how long the proof of a year must be kept (42 CFR 414.1390(d)).

    Args:
        rules: the rules of the year.
        years: 6 or 10.
        today: the day for which it is asked.

    Raises:
        ValueError: another number of years.
    """
    if years not in RETENTION_YEARS:
        raise ValueError("The proof is kept for 6 or for 10 years.")
    advised = years == ADVISED_YEARS
    until = rules.retention.recommended_until if advised else rules.retention.until
    source = "6 years from the end of the performance period (42 CFR 414.1390(d))"
    if advised:
        source = (
            "10 years from the end of the performance period, as CMS advised in 2017 (42 CFR 414.1390(d) asks for 6)"
        )
    return RetentionClock(rules.year, until, years, today <= until, source)
