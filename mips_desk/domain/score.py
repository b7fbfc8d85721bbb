"""What a score is made from and what it says: facts in; points, trace and reasons out."""

from dataclasses import dataclass, field
from datetime import date

from .activity import Weight
from .practice import Category, Level, SpecialStatus, Track


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """One activity as it was performed.

    Attributes:
        id: CMS's identifier.
        weight: as the giver of the facts believes it to be; None: take the catalog's.
        start: first day; None (with end None): a valid period is assumed.
        end: last day, inclusive.
        gap: the period was interrupted.
        npis_performing: clinicians who did it; None: enough are assumed.
        last_reported_year: the year before this one in which it was reported, for frequency limits; None: never.
    """

    id: str
    weight: Weight | None = None
    start: date | None = None
    end: date | None = None
    gap: bool = False
    npis_performing: int | None = None
    last_reported_year: int | None = None


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """Everything a score depends on (the facts format of the command line, and the vault's year)."""

    year: int
    track: Track = Track.TRADITIONAL
    level: Level = Level.INDIVIDUAL
    special_statuses: frozenset[SpecialStatus] = frozenset()
    activities: tuple[ActivityFacts, ...] = ()
    npis_total: int | None = None
    eligible_clinicians_in_tin: int | None = None
    apm_participant: bool = False
    submitted_quality: bool | None = None
    submitted_pi: bool | None = None
    euc_exception: bool = False
    missing_categories: frozenset[Category] = field(default_factory=frozenset)
    pcmh_sites_total: int | None = None
    pcmh_sites_recognised: int | None = None
    web_interface_apm: bool = False
    mvp_id: str = ""


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One rule that was applied.

    Attributes:
        rule: number in the rule book, for example "R1.2".
        text: one sentence for the person.
        source: citation, for example "42 CFR 414.1380(b)(3)".
        activity: the activity concerned, or empty.
        points: what the line adds to the score (0 to 40, negative for what the cap takes away), or None when the line
            explains something that is not points. The points of all lines sum up to the score.
        uncertain: why this is our reading and not settled text; empty when it is settled.
    """

    rule: str
    text: str
    source: str = ""
    activity: str = ""
    points: int | None = None
    uncertain: str = ""


@dataclass(frozen=True, slots=True)
class NotCredited:
    """An activity that earned nothing, and why."""

    activity: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Score:
    """The improvement activities score of one year.

    Attributes:
        credited: identifiers of the activities that counted, in the order given (also those above the cap).
        ia_points: 0 to 40.
        percent: 0 to 100.
        category_weight: percent of the final score.
        contribution: percent x weight, in points of the final score.
        earned: points of each credited activity before the cap, by identifier.
    """

    credited: tuple[str, ...]
    ia_points: int
    percent: float
    category_weight: int
    contribution: float
    trace: tuple[TraceLine, ...]
    not_credited: tuple[NotCredited, ...]
    earned: dict[str, int]


@dataclass(frozen=True, slots=True)
class GaugeSegment:
    """One selection on the gauge.

    Attributes:
        activity_id: whose segment it is; empty for credit that comes without an activity (APM).
        amount: points, or 1 activity in the years that count activities.
        proven: its proof is complete.
    """

    activity_id: str
    amount: int
    proven: bool


@dataclass(frozen=True, slots=True)
class Gauge:
    """The three numbers that are never mixed, and the sentence that says them.

    Attributes:
        counts_activities: True from 2025 on: the unit is activities, not points.
        target: what full credit needs, in the unit.
        planned: what all selections would earn, capped at the target.
        proven: what the selections with complete proof earn, capped.
        attested: what the attested selections earn, capped.
        segments: one per credited selection, proven ones first.
        sentence: where the practice stands and what to do next.
        advice: advice against attesting more than needed, or empty.
    """

    year: int
    counts_activities: bool
    target: int
    planned: int
    proven: int
    attested: int
    segments: tuple[GaugeSegment, ...]
    sentence: str
    advice: str = ""

    @property
    def unit(self) -> str:
        """The unit for the target in words: "points", "activities" or "activity"."""
        if not self.counts_activities:
            return "points"
        return "activity" if self.target == 1 else "activities"
