"""The rules of a performance year as data: points, weights, thresholds, deadlines, with the source of each.

The values come from `resources/rules`; nothing here knows a number of its own. A closed year keeps its file for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from .activity import PeriodKind, Weight
from .practice import Category, Level, SpecialStatus, Track


class Certainty(StrEnum):
    """How sure a rule is, by where its text was read."""

    REGULATION = "regulation"
    CMS_DATA = "cms_data"
    CMS_PAGE = "cms_page"
    SECOND_HAND = "second_hand"
    DERIVED = "derived"
    GENERAL_KNOWLEDGE = "general_knowledge"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands.

    Attributes:
        says: the rule in one sentence.
        source: the regulation, data file or page.
        certainty: how sure it is.
    """

    says: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class PointScale:
    """What one activity earns.

    Attributes:
        medium: points of a medium activity, in the years with weights (2017-2024).
        high: points of a high activity, in the years with weights.
        each: points of any activity, in the years without weights (2025 and later); else 0.
    """

    medium: int = 0
    high: int = 0
    each: int = 0

    def of(self, weight: Weight | None) -> int:
        """Return the points of an activity of a weight."""
        return self.each or (self.high if weight is Weight.HIGH else self.medium)


@dataclass(frozen=True, slots=True)
class PointScales:
    """The scales of a year: standard, with a special status, and in an MVP (None before 2023)."""

    standard: PointScale
    special_status: PointScale
    mvp: PointScale | None = None


@dataclass(frozen=True, slots=True)
class CategoryWeights:
    """Weights of the four categories in percent of the final score; they sum to 100."""

    quality: int
    cost: int
    ia: int
    pi: int


@dataclass(frozen=True, slots=True)
class AssignedScore:
    """A track whose improvement activities score CMS assigns: the APM scoring standard (2017-2020) or the APP (2021+).

    Attributes:
        track: which of the two.
        percent: the assigned score.
        ia_weight: weight in percent of the final score.
        web_interface_weight: the weight for APMs that report through the CMS Web Interface.
        if_no_quality: weight when quality has no score.
        if_no_pi: weight when Promoting Interoperability has no score.
        rule: number in the rule book.
        note: what the assignment rests on.
    """

    track: Track
    percent: int
    ia_weight: int
    web_interface_weight: int
    if_no_quality: int
    if_no_pi: int
    rule: str
    note: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """How many of a whole are needed: a number, or a share (then `least` is 0).

    Attributes:
        least: least number, 0 when a share counts.
        share: least share, 0 to 1.
        rule: number in the rule book.
        whole: what the whole is, in words.
    """

    rule: str
    least: int = 0
    share: float = 0.0
    whole: str = ""

    def needed(self, total: int) -> int:
        """Return the least whole number that meets the threshold."""
        exact = self.share * total
        return max(self.least, int(exact) + (exact > int(exact)))


@dataclass(frozen=True, slots=True)
class MedicalHome:
    """Full credit for recognition as a patient-centered medical home.

    Attributes:
        activity_id: what is attested.
        points: credit.
        sites: how many sites of a group must be recognized.
    """

    activity_id: str
    points: int
    sites: Threshold


@dataclass(frozen=True, slots=True)
class ApmCredit:
    """Credit of an APM participant who is scored in traditional MIPS or an MVP.

    Attributes:
        points: credit before any activity.
        needs_own_data: from 2024: only with an attested activity, or with quality and PI data.
        withheld_by_exception: from 2024: not where an extreme-and-uncontrollable-circumstances exception applies.
    """

    points: int
    needs_own_data: bool
    withheld_by_exception: bool


@dataclass(frozen=True, slots=True)
class CehrtBonus:
    """Bonus in ACI/PI for an activity done with certified EHR technology (2017 and 2018).

    Attributes:
        category: ACI or PI.
        points: percentage points, given once.
        measure_id: what is attested.
    """

    category: str
    points: int
    measure_id: str


@dataclass(frozen=True, slots=True)
class Submission:
    """When data for the year could be sent.

    Attributes:
        opens: first day, or None when not known.
        default_close: last day by the regulation.
        actual_close: last day as CMS set it, or None when not known yet.
        closes_at: time of day and zone.
        certainty: how sure the dates are, in one word of the rule book.
        note: what they rest on.
        ways: how data could be sent.
    """

    opens: date | None
    default_close: date
    actual_close: date | None
    closes_at: str
    certainty: str
    note: str
    ways: tuple[str, ...]

    @property
    def closes(self) -> date:
        """The last day as CMS set it, else by the regulation."""
        return self.actual_close or self.default_close


@dataclass(frozen=True, slots=True)
class Audit:
    """Answering an auditor: calendar days from the date of the notice."""

    response_days: int
    note: str


@dataclass(frozen=True, slots=True)
class Retention:
    """How long to keep the proof.

    Attributes:
        until: last day by the regulation.
        recommended_until: last day by CMS's own advice of 2017.
    """

    until: date
    recommended_until: date


@dataclass(frozen=True, slots=True)
class StatusDefinition:
    """What a special status is.

    Attributes:
        definition: for a clinician or a practice, in plain words.
        group: when a group has it, or empty when the same.
        rule: number in the rule book.
    """

    definition: str
    group: str
    rule: str


@dataclass(frozen=True, slots=True)
class FrequencyLimit:
    """An activity that may be reported once in a number of years; years are an inclusive range."""

    activity_id: str
    every_years: int
    years: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Suspension:
    """Activities that CMS suspended or ended.

    Attributes:
        year: performance year concerned.
        effective: the day, or None when only the month is known.
        activity_ids: which ones.
        text: what happened.
    """

    year: int
    effective: date | None
    activity_ids: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Renaming:
    """An activity that goes on under another identifier; `revised` when its text changed too."""

    old: str
    new: str
    from_year: int
    revised: bool = False


@dataclass(frozen=True, slots=True)
class SpecialPeriod:
    """A period other than the usual one; years are an inclusive range.

    Attributes:
        kind: continuous days (or months), or one time (completion in the year).
        days: continuous days, inclusive, or None.
        months: full calendar months, or None.
        note: the requirement in words.
    """

    activity_id: str
    years: tuple[int, int]
    kind: PeriodKind
    days: int | None = None
    months: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MvpOnly:
    """An activity that only clinicians in an MVP may attest; years are an inclusive range."""

    activity_id: str
    years: tuple[int, int]


@dataclass(frozen=True, slots=True)
class SecureMessaging:
    """The Secure Messaging measure of ACI/PI.

    Attributes:
        measures: identifiers by performance year (standard, transition); report one of them.
        max_points: percentage points at a rate above nine tenths; the rate is cut into as many steps.
        base_points: what the base score of the category must reach before anything counts.
        certified_technology: certification criteria.
        group: how a group counts.
    """

    measures: dict[int, tuple[str, ...]]
    max_points: int
    base_points: int
    certified_technology: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class NotScored:
    """A case in which improvement activities drop out of the score; years are an inclusive range."""

    case: str
    years: tuple[int, int]
    source: str
    effect: str = ""
    undone_by: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A place where the rule is not settled and the app applies a reading.

    Attributes:
        rule: number in the rule book.
        applied: what the app does.
        alternative: what else the text could mean, or empty.
    """

    id: str
    rule: str
    applied: str
    alternative: str = ""

    @property
    def text(self) -> str:
        """The reading as a note for the person."""
        text = f"This is our reading: {self.applied}."
        return f"{text} Another reading: {self.alternative}." if self.alternative else text


@dataclass(frozen=True, slots=True)
class CommonRules:
    """Rules that span years."""

    statuses: dict[SpecialStatus, StatusDefinition] = field(default_factory=dict)
    frequency_limits: tuple[FrequencyLimit, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    renamings: tuple[Renaming, ...] = ()
    special_periods: tuple[SpecialPeriod, ...] = ()
    mvp_only: tuple[MvpOnly, ...] = ()
    secure_messaging: SecureMessaging | None = None
    not_scored: tuple[NotScored, ...] = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class YearRules:
    """The rules of one performance year.

    Attributes:
        year: performance year.
        payment_year: the year whose payments it changes.
        provisional: no final rule was seen; never show it as final.
        status_note: what a provisional year rests on.
        inventory_year: the year whose list of activities applies (another one only in a provisional year).
        weighted: activities are medium or high; False from 2025 on.
        target_points: full credit and cap.
        points: what an activity earns.
        doubling_statuses: the special statuses that double points (2025 and later: that halve the number).
        small_practice_max: most eligible clinicians of a small practice.
        weights: category weights by the categories without a score ("none", "pi", "cost+pi"; names in alphabetical
            order).
        small_practice_weights: the same for small practices, or None where they have no table of their own.
        assigned: the APM track of the year.
        min_days: continuous days of an activity, inclusive.
        group: how many clinicians of a group must perform an activity.
        medical_home: full credit for recognition.
        apm_credit: credit of APM participants outside the APM track.
        cehrt_bonus: bonus in another category, or None.
        submission: when data could be sent.
        audit: answering an auditor.
        retention: keeping the proof.
        levels: reporting levels.
        citations: by rule number.
        common: rules that span years.
    """

    year: int
    payment_year: int
    provisional: bool
    status_note: str
    inventory_year: int
    weighted: bool
    target_points: int
    points: PointScales
    doubling_statuses: frozenset[SpecialStatus]
    small_practice_max: int
    weights: dict[str, CategoryWeights]
    small_practice_weights: dict[str, CategoryWeights] | None
    assigned: AssignedScore
    min_days: int
    group: Threshold
    medical_home: MedicalHome
    apm_credit: ApmCredit
    cehrt_bonus: CehrtBonus | None
    submission: Submission
    audit: Audit
    retention: Retention
    levels: tuple[Level, ...]
    citations: dict[str, Citation]
    common: CommonRules = CommonRules()

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks that exist in the year."""
        mvp = (Track.MVP,) if self.points.mvp else ()
        return (Track.TRADITIONAL, *mvp, self.assigned.track)

    @property
    def messaging(self) -> SecureMessaging | None:
        """The Secure Messaging measure, or None in the years without it."""
        found = self.common.secure_messaging
        return found if found and self.year in found.measures else None

    def source(self, rule: str) -> str:
        """Return the citation of a rule, or an empty text."""
        found = self.citations.get(rule)
        return found.source if found else ""

    def reading(self, reading_id: str) -> str:
        """Return the note on an unsettled rule."""
        return next(reading.text for reading in self.common.readings if reading.id == reading_id)

    def scale(self, track: Track, statuses: frozenset[SpecialStatus]) -> PointScale:
        """Return what an activity earns.

        In an MVP the scale is the same for everybody; several special statuses together still double only once.

        Args:
            track: a track that scores activities.
            statuses: the special statuses that apply.
        """
        if track is Track.MVP and self.points.mvp:
            return self.points.mvp
        return self.points.special_status if statuses & self.doubling_statuses else self.points.standard

    def category_weights(self, missing: frozenset[Category], small_practice: bool) -> CategoryWeights | None:
        """Return the weights when some categories have no score (42 CFR 414.1380(c)(2)(ii)).

        Returns:
            None when fewer than two categories are left: the final score is then the performance threshold.
        """
        tables = (small_practice and self.small_practice_weights) or self.weights
        usual = tables["none"]
        # A category that weighs nothing anyway (cost in 2017) does not matter when it is missing.
        counted = {category for category in missing if getattr(usual, category.value)}
        return tables.get(missing_key(counted))

    def period_for(self, activity_id: str) -> SpecialPeriod:
        """Return how long an activity must be performed to count: its own period, else the usual continuous days."""
        for special in self.common.special_periods:
            if special.activity_id == activity_id and within(special.years, self.year):
                return special
        return SpecialPeriod(activity_id, (self.year, self.year), PeriodKind.CONTINUOUS_DAYS, days=self.min_days)

    def frequency_limit(self, activity_id: str) -> FrequencyLimit | None:
        """Return how often an activity may be reported, or None when there is no limit in this year."""
        return next(
            (
                limit
                for limit in self.common.frequency_limits
                if limit.activity_id == activity_id and within(limit.years, self.year)
            ),
            None,
        )

    def suspension(self, activity_id: str) -> Suspension | None:
        """Return the suspension of an activity in this year, or None."""
        return next(
            (item for item in self.common.suspensions if item.year == self.year and activity_id in item.activity_ids),
            None,
        )

    def renamed(self, activity_id: str) -> str:
        """Return the identifier under which an activity goes on in this year; its own when it never changed."""
        for change in self.common.renamings:
            if change.old == activity_id and change.from_year <= self.year:
                return self.renamed(change.new)
        return activity_id

    def year_of_change(self, activity_id: str) -> int | None:
        """Return the year from which an activity has another identifier, or None when it never changed."""
        return next((change.from_year for change in self.common.renamings if change.old == activity_id), None)

    def revised_since(self, activity_id: str, year: int) -> bool:
        """Tell whether the text of an activity changed together with its identifier between a year and this one."""
        for change in self.common.renamings:
            if change.old == activity_id and year < change.from_year <= self.year:
                return change.revised or self.revised_since(change.new, change.from_year)
        return False

    def former_ids(self, activity_id: str) -> tuple[str, ...]:
        """Return the identifiers that an activity of this year had before, in order; its history counts on under it."""
        olds = sorted({change.old for change in self.common.renamings} - {activity_id})
        return tuple(old for old in olds if self.renamed(old) == activity_id)

    def is_mvp_only(self, activity_id: str) -> bool:
        """Tell whether only clinicians in an MVP may attest an activity."""
        return any(item.activity_id == activity_id and within(item.years, self.year) for item in self.common.mvp_only)


def missing_key(missing: Iterable[Category]) -> str:
    """Return the key of a set of categories in the weight tables, for example "cost+pi"."""
    return "+".join(sorted(category.value for category in missing)) or "none"


def within(years: tuple[int, int], year: int) -> bool:
    """Tell whether a year lies in an inclusive range."""
    return years[0] <= year <= years[1]
