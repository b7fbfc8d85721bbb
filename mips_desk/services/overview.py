"""Everything the screens show of a performance year, read at once into one immutable picture of it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from mips_desk.domain import phrases
from mips_desk.domain.activity import Activity, PeriodKind
from mips_desk.domain.attested import AttestationRecord, attested_days
from mips_desk.domain.evidence import EvidenceItem, Selection, UseEntry
from mips_desk.domain.gauge import gauge
from mips_desk.domain.period import last_start, year_period
from mips_desk.domain.practice import Clinician, Level, Practice, YearProfile
from mips_desk.domain.readiness import (
    ITEM_LACKS,
    Lack,
    Missing,
    Readiness,
    UseSummary,
    item_missing,
    readiness,
    use_summary,
)
from mips_desk.domain.retention import REGULATION_YEARS, RetentionClock, retention_clock
from mips_desk.domain.rules import YearRules
from mips_desk.domain.score import ActivityFacts, Gauge, Score, ScoreFacts
from mips_desk.domain.scoring import score
from mips_desk.domain.warnings import with_activity
from mips_desk.store import attested as stored
from mips_desk.store import closing

from .session import Session

#: Name of the setting that says how many years the proof is kept.
RETENTION_SETTING = "retention_years"


@dataclass(frozen=True, slots=True)
class SelectionView:
    """One selection with everything that belongs to it.

    Attributes:
        activity: the activity in its year.
        evidence: its items in the order of their exhibit numbers.
        uses: its use entries by day.
        readiness: what is left.
        use_summary: what the dates say.
        points: what it would earn (points, before the cap), 0 when it earns nothing.
        not_credited: why it earns nothing; empty when it earns.
    """

    selection: Selection
    activity: Activity
    evidence: tuple[EvidenceItem, ...]
    uses: tuple[UseEntry, ...]
    readiness: Readiness
    use_summary: UseSummary
    points: int = 0
    not_credited: str = ""

    @property
    def id(self) -> str:
        """Identifier of the selection."""
        return self.selection.id

    def lacks(self, item: EvidenceItem) -> tuple[Missing, ...]:
        """Return what one of its items still lacks."""
        return item_missing(item, self.selection, self.activity.guidance)


@dataclass(frozen=True, slots=True)
class Task:
    """One line of "What is left".

    Attributes:
        text: what to do, in the imperative.
        detail: where and why, a few words.
        room: which room it opens: "choose", "evidence", "annotator", "dates", "binder" or "settings".
        due: the last day on which it makes sense, or None.
        chip: the deadline or state in words ("14 days left", "before export").
        urgent: it blocks an export or its day is near.
        selection_id: what to select in the room; empty when nothing.
        evidence_id: what to select in the room; empty when nothing.
    """

    text: str
    detail: str
    room: str
    due: date | None
    chip: str
    urgent: bool
    selection_id: str = ""
    evidence_id: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """That a year is closed, so that nothing in it can be changed.

    Attributes:
        at: when.
        by: by whom.
        fingerprint: of everything that a binder of the year is made from (hex).
    """

    at: datetime
    by: str
    fingerprint: str

    @property
    def sentence(self) -> str:
        """When and by whom, for a person."""
        return f"Closed on {phrases.long_day(self.at)} by {self.by}"


@dataclass(frozen=True, slots=True)
class YearView:
    """A performance year of the practice.

    Attributes:
        practice: the practice; of a closed year as it was when the year was closed.
        clinicians: those of the year; of a closed year as they were when it was closed.
        years: all years of the practice, newest first.
        planned: score of all selections.
        proven: score of the selections whose proof is complete.
        attested: score of the attested selections.
        tasks: what is left to do; nothing in a closed year.
        today: the day for which deadlines were reckoned.
        retention: how long the proof must be kept.
        closed: when and by whom the year was closed, or None while it can be changed.
        papers: the practice papers of the year, in the order of their numbers; see `services.papers`.
        attestations: all records of what was attested, also replaced ones; see `services.attesting`.
    """

    practice: Practice
    clinicians: tuple[Clinician, ...]
    profile: YearProfile
    years: tuple[int, ...]
    rules: YearRules
    selections: tuple[SelectionView, ...]
    planned: Score
    proven: Score
    attested: Score
    gauge: Gauge
    tasks: tuple[Task, ...]
    today: date
    retention: RetentionClock
    closed: Closed | None
    papers: tuple[EvidenceItem, ...] = ()
    attestations: tuple[AttestationRecord, ...] = ()

    @property
    def year(self) -> int:
        """The performance year."""
        return self.profile.year

    def selection(self, selection_id: str) -> SelectionView | None:
        """Return a selection of the year, or None."""
        return next((view for view in self.selections if view.id == selection_id), None)

    def chosen(self, activity_id: str) -> SelectionView | None:
        """Return the selection of an activity, or None when it is not chosen."""
        return next((view for view in self.selections if view.activity.id == activity_id), None)


def load_year(session: Session, year: int, today: date) -> YearView:
    """Read a performance year.

    Args:
        session: the open practice.
        year: performance year; without a profile in the vault, defaults are assumed.
        today: the day for which to reckon deadlines.
    """
    vault = session.vault
    rules = session.rules(year)
    profile = vault.profile(year) or YearProfile(year)
    closed = closing.closing_of(vault, year)
    practice = closed.practice if closed else vault.practice()
    clinicians = closed.clinicians if closed else tuple(c for c in vault.clinicians() if c.belongs_to(year))
    evidence: defaultdict[str, list[EvidenceItem]] = defaultdict(list)
    for item in vault.evidence(year):
        evidence[item.selection_id].append(item)
    uses: defaultdict[str, list[UseEntry]] = defaultdict(list)
    for use in vault.uses(year):
        uses[use.selection_id].append(use)

    papers = vault.papers(year)
    needed = clinicians_needed(profile, clinicians, rules)
    bare: list[SelectionView] = []
    for selection in vault.selections(year):
        activity = session.catalog.activity(year, selection.activity_id)
        if activity is None:  # a vault can be newer than the catalog of this installation
            continue
        own, dates = tuple(evidence[selection.id]), tuple(uses[selection.id])
        one_site = activity.id == rules.medical_home.activity_id
        need = rules.period_for(activity.id)
        ready = readiness(selection, activity.guidance, own, dates, 0 if one_site else needed, need)
        summary = use_summary(selection, activity.guidance, dates, today, need)
        bare.append(SelectionView(selection, activity, own, dates, ready, summary))

    def scored(views: list[SelectionView]) -> Score:
        facts = score_facts(profile, clinicians, views, session)
        return score(facts, rules, session.catalog.inventory(year))

    planned = scored(bare)
    proven = scored([view for view in bare if view.readiness.complete])
    attestations = stored.attestations(vault, year)
    attested = score(
        _attested_facts(session, profile, clinicians, bare, attestations), rules, session.catalog.inventory(year)
    )
    reasons = {entry.activity: entry.reason for entry in planned.not_credited}
    views = tuple(
        SelectionView(
            view.selection,
            view.activity,
            view.evidence,
            view.uses,
            view.readiness,
            view.use_summary,
            planned.earned.get(view.activity.id, 0),
            reasons.get(view.activity.id, ""),
        )
        for view in bare
    )
    lacks = {view.activity.id: len(view.readiness.missing) for view in views}
    shown = gauge(profile, rules, planned, proven, attested, lacks)
    return YearView(
        practice=practice,
        clinicians=clinicians,
        profile=profile,
        years=vault.years() or (year,),
        rules=rules,
        selections=views,
        planned=planned,
        proven=proven,
        attested=attested,
        gauge=shown,
        tasks=() if closed else tasks(views, shown, rules, today),
        today=today,
        retention=retention_clock(rules, retention_years(session), today),
        closed=Closed(closed.at, closed.by, closed.fingerprint) if closed else None,
        papers=papers,
        attestations=attestations,
    )


def _attested_facts(
    session: Session,
    profile: YearProfile,
    clinicians: tuple[Clinician, ...],
    views: list[SelectionView],
    attestations: tuple[AttestationRecord, ...],
) -> ScoreFacts:
    """Return the facts of what was attested: also of activities that are not chosen here, as if they were right."""
    days = attested_days(attestations)
    facts = score_facts(profile, clinicians, [view for view in views if view.activity.id in days], session)
    chosen = {view.activity.id for view in views}
    for activity_id in days:
        if activity_id not in chosen and session.catalog.activity(profile.year, activity_id) is not None:
            facts = with_activity(facts, activity_id, last_reported(session, activity_id, profile.year))
    return facts


def retention_years(session: Session) -> int:
    """Return how many years the practice keeps its proof: 6, or 10 when a manager chose so."""
    return int(session.vault.setting(RETENTION_SETTING) or REGULATION_YEARS)


def clinicians_needed(profile: YearProfile, clinicians: tuple[Clinician, ...], rules: YearRules) -> int:
    """Return how many clinicians must have done an activity for it to count; 0 when the practice does not report as
    a group of several.
    """
    total = profile.npis_total if profile.npis_total is not None else len(clinicians)
    return rules.group.needed(total) if profile.level is not Level.INDIVIDUAL and total > 1 else 0


def score_facts(
    profile: YearProfile, clinicians: tuple[Clinician, ...], views: list[SelectionView], session: Session
) -> ScoreFacts:
    """Return the facts of a year for the scoring engine.

    A period is handed over only when one is claimed: a plan without dates is scored as if they will be right, and
    readiness keeps it from counting as proven.
    """
    year = profile.year
    return ScoreFacts(
        year=year,
        track=profile.track,
        level=profile.level,
        special_statuses=profile.special_statuses,
        activities=tuple(
            ActivityFacts(
                id=view.activity.id,
                start=view.selection.period.start if view.selection.period else None,
                end=view.selection.period.end if view.selection.period else None,
                last_reported_year=last_reported(session, view.activity.id, year),
            )
            for view in views
        ),
        npis_total=profile.npis_total if profile.npis_total is not None else len(clinicians) or None,
        eligible_clinicians_in_tin=profile.eligible_clinicians,
        apm_participant=profile.apm_participant,
        submitted_quality=profile.submitted_quality,
        submitted_pi=profile.submitted_pi,
        euc_exception=profile.euc_exception,
        missing_categories=profile.missing_categories,
        pcmh_sites_total=profile.pcmh_sites_total,
        pcmh_sites_recognised=profile.pcmh_sites_recognised,
        web_interface_apm=profile.web_interface_apm,
        mvp_id=profile.mvp_id,
    )


def last_reported(session: Session, activity_id: str, year: int) -> int | None:
    """Return the last year before a year in which an activity was attested, also under a former identifier.

    For a closed year this is what was so when it was closed.
    """
    closed = closing.closing_of(session.vault, year)
    if closed is not None:
        return closed.reported.get(activity_id)
    names = (activity_id, *session.rules(year).former_ids(activity_id))
    years = (reported for name in names for reported in session.vault.reported_years(name))
    return max((reported for reported in years if reported < year), default=None)


def effect_of_adding(session: Session, view: YearView, activity_id: str) -> str:
    """Say what adding an activity would do to the score, in one sentence.

    Args:
        session: the open practice.
        view: the year as it is.
        activity_id: an activity of that year that is not chosen.
    """
    plain = score_facts(view.profile, view.clinicians, list(view.selections), session)
    facts = with_activity(plain, activity_id, last_reported(session, activity_id, view.year))
    after = score(facts, view.rules, session.catalog.inventory(view.year))
    refused = next((entry for entry in after.not_credited if entry.activity == activity_id), None)
    if refused is not None:
        return f"It would not count: {refused.reason}"
    gain = after.ia_points - view.planned.ia_points
    if gain == 0:
        return "It would add nothing: full credit is planned already, and every activity attested must be proven."
    if view.gauge.counts_activities:
        return f"It would bring the plan to {after.percent:g} percent of the category."
    return f"It would add {gain} points: {after.ia_points} of {view.gauge.target} planned."


def tasks(views: tuple[SelectionView, ...], shown: Gauge, rules: YearRules, today: date) -> tuple[Task, ...]:
    """Return what is left to do, what is due first on top.

    Args:
        views: the selections of the year.
        shown: the gauge.
        rules: the rules of the year.
        today: the day for which to reckon deadlines.
    """
    found: list[Task] = []
    if shown.planned < shown.target:
        due = last_start(rules.year, rules.min_days)
        found.append(
            Task(
                "Choose one more activity" if views else "Choose an activity",
                f"Last day to start a {rules.min_days}-day period is {phrases.long_month_day(due)}",
                "choose",
                due,
                *_days_left(due, today, rules.year),
            )
        )
    closes = rules.submission.closes
    if year_period(rules.year).end < today <= closes and shown.attested < min(shown.proven, shown.target):
        detail = f"The window for {rules.year} closes on {phrases.long_day(closes)}; record the day here afterwards"
        found.append(
            Task("Report to CMS what is proven", detail, "binder", closes, *_days_left(closes, today, rules.year))
        )
    for view in views:
        found.extend(_task(view, missing, today) for missing in view.readiness.missing)
    order = {id(task): place for place, task in enumerate(found)}
    return tuple(sorted(found, key=lambda t: (not t.urgent, t.due or date.max, order[id(t)])))


def _task(view: SelectionView, missing: Missing, today: date) -> Task:
    period = view.selection.period
    due: date | None = None
    chip, urgent = "open", False
    if missing.lack in ITEM_LACKS:
        room = "annotator" if missing.lack in (Lack.REDACTION, Lack.LOOK) else "evidence"
        chip, urgent = "before export", missing.lack is Lack.REDACTION
    elif missing.lack is Lack.OPTION:
        room = "evidence"
        due = period.end if period else None
    else:
        room = "dates"
        if missing.lack is Lack.PERIOD and view.activity.guidance.period.kind is PeriodKind.CONTINUOUS_DAYS:
            due = view.use_summary.last_start
        elif period:
            due = period.end
    if due is not None:
        chip, urgent = _days_left(due, today, view.selection.year)
    return Task(
        missing.text,
        f"{view.activity.id} · {view.activity.title}",
        room,
        due,
        chip,
        urgent,
        view.id,
        missing.evidence_id,
    )


def _days_left(due: date, today: date, year: int) -> tuple[str, bool]:
    left = (due - today).days
    if left < 0:
        return ("late" if today.year == year else "year over"), True
    if left == 0:
        return "today", True
    return ("1 day left" if left == 1 else f"{left} days left"), left <= 30
