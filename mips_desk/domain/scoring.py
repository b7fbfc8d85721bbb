"""The improvement activities score of a year: facts in; points, reasons and the rules applied out.

Pure: the same facts and rules give the same score on any day. What is not credited is said with its reason, and what
is our reading of an unsettled rule is marked as such. Rule numbers ("R1.2") are those of the rule book in
`resources/rules`.
"""

from collections.abc import Mapping

from mips_desk.errors import BadInputError

from . import phrases
from .activity import Activity, PeriodKind
from .deadlines import months_end
from .period import Period
from .practice import Category, Level, SpecialStatus, Track
from .rules import CategoryWeights, PointScale, YearRules
from .score import ActivityFacts, NotCredited, Score, ScoreFacts, TraceLine

_STATUS_WORDS = {
    SpecialStatus.SMALL_PRACTICE: "small practice",
    SpecialStatus.RURAL: "rural",
    SpecialStatus.HPSA: "HPSA",
    SpecialStatus.NON_PATIENT_FACING: "non-patient facing",
}
_CATEGORY_WORDS = {
    Category.QUALITY: "quality",
    Category.COST: "cost",
    Category.IMPROVEMENT_ACTIVITIES: "improvement activities",
    Category.PROMOTING_INTEROPERABILITY: "Promoting Interoperability",
}


class _Trace:
    """Collects the lines of one score."""

    def __init__(self, rules: YearRules) -> None:
        self._rules = rules
        self.lines: list[TraceLine] = []

    def add(self, rule: str, text: str, *, activity: str = "", points: int | None = None, uncertain: str = "") -> None:
        source = self._rules.source(rule)
        self.lines.append(TraceLine(rule, text, source, activity, points, uncertain))


def score(facts: ScoreFacts, rules: YearRules, inventory: Mapping[str, Activity]) -> Score:
    """Return the score of a year.

    Facts that contradict each other never raise the score: a small practice with too many clinicians is scored as a
    large one, and the trace says so.

    Args:
        facts: what was done, and what the practice is.
        rules: the rules of the same year.
        inventory: the activities of the year (of `rules.inventory_year`) by identifier.

    Returns:
        The score; the points of its trace lines sum up to `ia_points`.

    Raises:
        BadInputError: the track does not exist in the year.
        ValueError: facts and rules are of different years, or a period has one end only or ends before it starts.
    """
    if facts.year != rules.year:
        raise ValueError(f"Rules of {rules.year} cannot score facts of {facts.year}.")
    if facts.track not in rules.tracks:
        raise BadInputError(f"The reporting track '{facts.track}' does not exist in {facts.year}.")
    trace = _Trace(rules)
    if rules.provisional:
        trace.add(
            "R9.2",
            f"The rules of {rules.year} are not final; this score uses those of the year before.",
            uncertain=rules.status_note,
        )
    if facts.track is rules.assigned.track:
        return _assigned_score(facts, rules, trace)
    _check_level(facts, trace)
    statuses = effective_statuses(facts.special_statuses, facts.eligible_clinicians_in_tin, rules)
    _explain_statuses(facts, rules, statuses, trace)

    scale = rules.scale(facts.track, statuses)
    earned: dict[str, int] = {}
    refused: list[NotCredited] = []
    repeated: list[str] = []
    for item in facts.activities:
        refusal = _refusal(item, facts, rules, inventory)
        if refusal:
            refused.append(refusal)
            _explain_refusal(refusal, item, inventory.get(item.id), rules, trace)
        elif item.id in earned:
            repeated.append(item.id)
        else:
            earned[item.id] = _credit(inventory[item.id], facts, rules, scale, statuses, trace)
            _explain_credit(item, facts, rules, trace)
    refused += [NotCredited(item, "R7.5", f"{item} is listed twice; it counts once.") for item in repeated]

    credit = _apm_credit(facts, rules, bool(earned), trace)
    raw = sum(earned.values()) + credit
    points = min(raw, rules.target_points)
    if raw > points:
        text = f"The category never earns more than {rules.target_points} points; {raw - points} add nothing."
        trace.add("R1.4", text, points=points - raw)
    if not raw:
        _explain_nothing(facts, rules, trace)
    weight = _weight(facts, rules, statuses, trace)
    return _result(points, weight, rules, trace, earned, refused)


def effective_statuses(
    statuses: frozenset[SpecialStatus], eligible_clinicians: int | None, rules: YearRules
) -> frozenset[SpecialStatus]:
    """Return the special statuses that apply: those given, but no small practice with too many clinicians.

    Args:
        statuses: the statuses as entered.
        eligible_clinicians: eligible clinicians in the TIN, or None when not known.
        rules: the rules of the year.
    """
    if eligible_clinicians is not None and eligible_clinicians > rules.small_practice_max:
        return statuses - {SpecialStatus.SMALL_PRACTICE}
    return statuses


def _result(
    points: int,
    weight: int,
    rules: YearRules,
    trace: _Trace,
    earned: dict[str, int],
    refused: list[NotCredited],
) -> Score:
    return Score(
        credited=tuple(earned),
        ia_points=points,
        percent=100 * points / rules.target_points,
        category_weight=weight,
        contribution=points * weight / rules.target_points,
        trace=tuple(trace.lines),
        not_credited=tuple(refused),
        earned=earned,
    )


def _assigned_score(facts: ScoreFacts, rules: YearRules, trace: _Trace) -> Score:
    found = rules.assigned
    track = "APM Performance Pathway" if found.track is Track.APP else "APM scoring standard"
    points = rules.target_points * found.percent // 100
    trace.add(found.rule, f"Under the {track} CMS assigns {points} points; nothing has to be attested.", points=points)
    missing = facts.missing_categories
    left = {Category.QUALITY, Category.IMPROVEMENT_ACTIVITIES, Category.PROMOTING_INTEROPERABILITY} - missing
    weight = found.web_interface_weight if facts.web_interface_apm else found.ia_weight
    if Category.IMPROVEMENT_ACTIVITIES in missing:
        weight = 0
        trace.add("R1.12", "Improvement activities are not scored: they count nothing in the final score.")
    elif len(left) < 2:
        weight = _threshold_line(trace)
    elif Category.QUALITY in missing:
        weight = found.if_no_quality
        trace.add(found.rule, f"Without a quality score improvement activities count {weight} percent.")
    elif Category.PROMOTING_INTEROPERABILITY in missing:
        weight = found.if_no_pi
        trace.add(
            found.rule, f"Without a Promoting Interoperability score improvement activities count {weight} percent."
        )
    else:
        trace.add(found.rule, f"Improvement activities count {weight} percent of the final score.")
    reason = f"Under the {track} the score is assigned; an attested activity adds nothing."
    refused = [NotCredited(item.id, found.rule, reason) for item in facts.activities]
    return _result(points, weight, rules, trace, {}, refused)


def _threshold_line(trace: _Trace) -> int:
    trace.add(
        "R1.9",
        "Fewer than two categories have a score, so the final score is the performance threshold, "
        "whatever the activities earn.",
    )
    return 0


def _check_level(facts: ScoreFacts, trace: _Trace) -> None:
    if facts.level is Level.SUBGROUP and facts.track is not Track.MVP:
        trace.add("R3.13", "A subgroup reports in an MVP only; check the reporting level.")
    if facts.level is Level.VIRTUAL_GROUP and facts.year < 2018:
        trace.add("R3.13", "Virtual groups exist from 2018; check the reporting level.")


def _explain_statuses(facts: ScoreFacts, rules: YearRules, statuses: frozenset[SpecialStatus], trace: _Trace) -> None:
    small = SpecialStatus.SMALL_PRACTICE
    clinicians, most = facts.eligible_clinicians_in_tin, rules.small_practice_max
    if statuses != facts.special_statuses:
        text = (
            f"{clinicians} eligible clinicians are too many for a small practice ({most} or fewer); it is not applied."
        )
        trace.add("R2.1", text)
    elif clinicians is not None and clinicians <= most and small not in statuses:
        text = (
            f"With {clinicians} eligible clinicians CMS usually assigns the status small practice; "
            "it is applied once you enter it."
        )
        trace.add("R2.1", text)
    if small in statuses and facts.level is Level.VIRTUAL_GROUP:
        trace.add(
            "R2.1", "In a virtual group each practice has its own size.", uncertain=rules.reading("virtual_group_small")
        )
    grouped = facts.level is not Level.INDIVIDUAL and facts.year >= 2018
    if grouped and statuses & {SpecialStatus.RURAL, SpecialStatus.HPSA}:
        trace.add(
            "R2.6",
            "A group is rural or HPSA when more than 75 percent of its clinicians are.",
            uncertain=rules.reading("rural_hpsa_group_2018"),
        )


def _refusal(
    item: ActivityFacts, facts: ScoreFacts, rules: YearRules, inventory: Mapping[str, Activity]
) -> NotCredited | None:
    """Return why an activity earns nothing, or None when it is credited."""
    activity = inventory.get(item.id)
    if activity is None:
        return _not_in_inventory(item.id, rules)
    if rules.is_mvp_only(item.id) and facts.track is not Track.MVP:
        return NotCredited(item.id, "R2.30", f"{item.id} is only for clinicians who report an MVP.")
    home = item.id == rules.medical_home.activity_id
    if facts.track is Track.MVP and facts.mvp_id and facts.mvp_id not in activity.mvp_ids and not home:
        return NotCredited(item.id, "R1.8", f"{item.id} is not on the list of the MVP {facts.mvp_id}.")
    return (
        _frequency_refusal(item, rules)
        or _suspension_refusal(item, rules)
        or _period_refusal(item, rules)
        or (_sites_refusal(facts, rules) if home else _clinicians_refusal(item, facts, rules))
    )


def _not_in_inventory(activity_id: str, rules: YearRules) -> NotCredited:
    if suspended := rules.suspension(activity_id):
        return NotCredited(activity_id, "R9.4", f"{activity_id} is not in the {rules.year} list: {suspended.text}.")
    text = f"{activity_id} is not in the {rules.year} list of activities."
    if (new := rules.renamed(activity_id)) != activity_id:
        text = f"{activity_id} is not in the {rules.year} list; it goes on as {new}."
    return NotCredited(activity_id, "R9.2", text)


def _frequency_refusal(item: ActivityFacts, rules: YearRules) -> NotCredited | None:
    limit = rules.frequency_limit(item.id)
    if limit is None or item.last_reported_year is None:
        return None
    following = item.last_reported_year + limit.every_years
    if rules.year >= following:
        return None
    text = (
        f"{item.id} may be reported once every {limit.every_years} years; "
        f"it was reported in {item.last_reported_year}, so next in {following}."
    )
    return NotCredited(item.id, "R4.1", text)


def _suspension_refusal(item: ActivityFacts, rules: YearRules) -> NotCredited | None:
    suspended = rules.suspension(item.id)
    if suspended is None or suspended.effective is None or item.start is None or item.start < suspended.effective:
        return None
    day = phrases.long_day(suspended.effective)
    return NotCredited(item.id, "R9.4", f"CMS suspended {item.id} on {day}; it had to be under way before that day.")


def _period_refusal(item: ActivityFacts, rules: YearRules) -> NotCredited | None:
    need = rules.period_for(item.id)
    once = need.kind is PeriodKind.ONE_TIME
    rule = "R3.1" if need.days == rules.min_days else "R3.3"
    length = f"{need.months} months" if need.months else f"{need.days} days"
    if item.gap and not once:
        return NotCredited(item.id, rule, f"The period of {item.id} was interrupted; {length} in a row are needed.")
    if item.start is None and item.end is None:
        return None
    if item.start is None or item.end is None:
        raise ValueError("A period has a first and a last day, or neither.")
    inside = Period(item.start, item.end).inside(rules.year)
    if inside is None or (once and inside.end != item.end):
        what = "was not completed" if once else "has no day of its period"
        return NotCredited(item.id, rule, f"{item.id} {what} in {rules.year}.")
    if need.months and months_end(inside.start, need.months) > inside.end:
        text = f"The period of {item.id} inside {rules.year} is shorter than {length} in a row."
        return NotCredited(item.id, rule, text)
    if need.days and inside.days < need.days:
        text = f"The period of {item.id} has {inside.days} days in a row inside {rules.year}; {need.days} are needed."
        return NotCredited(item.id, rule, text)
    return None


def _clinicians_refusal(item: ActivityFacts, facts: ScoreFacts, rules: YearRules) -> NotCredited | None:
    performing = item.npis_performing
    if performing is None:
        return None
    if performing == 0:
        return NotCredited(item.id, "R7.1", f"No clinician performed {item.id}.")
    if facts.level is Level.INDIVIDUAL or facts.npis_total is None:
        return None
    needed = rules.group.needed(facts.npis_total)
    if performing >= needed:
        return None
    own_group = facts.level in (Level.VIRTUAL_GROUP, Level.SUBGROUP, Level.APM_ENTITY)
    text = f"{performing} of {facts.npis_total} clinicians performed {item.id}; at least {needed} are needed."
    return NotCredited(item.id, "R3.12" if own_group and rules.group.share else rules.group.rule, text)


def _sites_refusal(facts: ScoreFacts, rules: YearRules) -> NotCredited | None:
    total, recognised = facts.pcmh_sites_total, facts.pcmh_sites_recognised
    if facts.level is Level.INDIVIDUAL or total is None or recognised is None:
        return None
    home = rules.medical_home
    needed = home.sites.needed(total)
    if recognised >= needed:
        return None
    text = f"{recognised} of {total} sites have recognition; at least {needed} are needed."
    return NotCredited(home.activity_id, home.sites.rule, text)


def _credit(
    activity: Activity,
    facts: ScoreFacts,
    rules: YearRules,
    scale: PointScale,
    statuses: frozenset[SpecialStatus],
    trace: _Trace,
) -> int:
    """Add the line of a credited activity and return its points."""
    home = rules.medical_home
    if activity.id == home.activity_id:
        text = f"Recognition as a medical home gives full credit: {home.points} points."
        trace.add("R2.10", text, activity=activity.id, points=home.points)
        return home.points
    points = scale.of(activity.weight)
    kind = f"a {activity.weight} activity" if activity.weight else "an activity"
    doubling = [_STATUS_WORDS[status] for status in SpecialStatus if status in statuses & rules.doubling_statuses]
    uncertain = ""
    if facts.track is Track.MVP:
        rule, text = "R1.8", f"{activity.id} is {kind} in an MVP: {points} points."
    elif not rules.weighted:
        why = f"with the special status {doubling[0]} one is enough" if doubling else "two are needed for full credit"
        rule, text = "R1.5", f"{activity.id} is worth {points} points; {why}."
        uncertain = rules.reading("ia_points_2025")
    elif doubling:
        rule, text = "R1.3", f"{activity.id} is {kind}, doubled for the special status {doubling[0]}: {points} points."
    else:
        rule, text = "R1.2", f"{activity.id} is {kind}: {points} points."
    trace.add(rule, text, activity=activity.id, points=points, uncertain=uncertain)
    return points


def _explain_credit(item: ActivityFacts, facts: ScoreFacts, rules: YearRules, trace: _Trace) -> None:
    """Say on which readings the credit of an activity rests."""
    need = rules.period_for(item.id)
    if item.start and need.months:
        text = f"{item.id} asks for {need.months} months."
        trace.add("R3.3", text, activity=item.id, uncertain=rules.reading("six_months"))
    elif item.start and need.kind is PeriodKind.ONE_TIME:
        trace.add("R3.3", f"{item.id} was completed in {rules.year}.", activity=item.id)
    if rules.suspension(item.id):
        text = f"{item.id} was suspended during {rules.year}; it counts because it was under way or finished before."
        if item.start is None:
            text = f"{item.id} was suspended during {rules.year}; it counts only if it was under way before that."
        trace.add("R9.4", text, activity=item.id)
    if rules.frequency_limit(item.id) and item.last_reported_year is not None:
        text = f"{item.id} was reported in {item.last_reported_year}; it may be reported again."
        trace.add("R4.1", text, activity=item.id, uncertain=rules.reading("four_years"))
    grouped = facts.level is not Level.INDIVIDUAL and item.id != rules.medical_home.activity_id
    if grouped and item.npis_performing and facts.npis_total is None:
        text = f"How many clinicians there are was not given, so it was not checked whether enough performed {item.id}."
        trace.add(rules.group.rule, text, activity=item.id)
    elif grouped and item.npis_performing and facts.npis_total:
        needed = rules.group.needed(facts.npis_total)
        text = f"{item.npis_performing} of {facts.npis_total} clinicians performed {item.id}; {needed} are needed."
        trace.add(rules.group.rule, text, activity=item.id)


def _explain_refusal(
    refusal: NotCredited, item: ActivityFacts, activity: Activity | None, rules: YearRules, trace: _Trace
) -> None:
    """Say on which readings a refusal rests."""
    suspended = rules.suspension(item.id)
    if refusal.rule == "R4.1":
        text = f"{item.id} is counted as too early in {rules.year}."
        trace.add("R4.1", text, activity=item.id, uncertain=rules.reading("four_years"))
    elif refusal.rule == "R9.4" and suspended and item.start and item.start == suspended.effective:
        text = f"{item.id} started on the day of its suspension."
        trace.add("R9.4", text, activity=item.id, uncertain=rules.reading("suspension_day"))
    elif refusal.rule == "R3.1" and activity and activity.guidance.period.kind is not PeriodKind.CONTINUOUS_DAYS:
        text = f"{item.id} is a dated event; claim a period of {rules.min_days} days that holds its day."
        trace.add("R3.1", text, activity=item.id, uncertain=rules.reading("dated_event"))


def _apm_credit(facts: ScoreFacts, rules: YearRules, any_activity: bool, trace: _Trace) -> int:
    """Add the line on the credit of an APM participant and return its points."""
    if not facts.apm_participant:
        return 0
    credit = rules.apm_credit
    if credit.withheld_by_exception and facts.euc_exception:
        trace.add("R2.21", "An exception for extreme circumstances applies, so there is no half credit for the APM.")
        return 0
    own_data = any_activity or bool(facts.submitted_quality and facts.submitted_pi)
    if credit.needs_own_data and not own_data:
        text = "The half credit for the APM needs one attested activity, or both quality and PI data."
        trace.add("R2.21", text)
        return 0
    rule = "R2.20" if rules.weighted else "R2.22"
    uncertain = rules.reading("apm_half_credit") if any_activity else ""
    text = f"An APM participant has half credit before any activity: {credit.points} points."
    trace.add(rule, text, points=credit.points, uncertain=uncertain)
    return credit.points


def _explain_nothing(facts: ScoreFacts, rules: YearRules, trace: _Trace) -> None:
    if rules.year >= 2024:
        uncertain = rules.reading("empty_ia_submission") if rules.year == 2024 else ""
        trace.add("R1.14", "A submission without a single yes is not a submission.", uncertain=uncertain)
    elif Category.IMPROVEMENT_ACTIVITIES not in facts.missing_categories:
        trace.add("R1.1", "No activity is credited: 0 points.")


def _weight(facts: ScoreFacts, rules: YearRules, statuses: frozenset[SpecialStatus], trace: _Trace) -> int:
    """Add the line on the category weight and return it in percent of the final score."""
    missing = facts.missing_categories
    interoperability = Category.PROMOTING_INTEROPERABILITY
    if interoperability in missing and facts.submitted_pi:
        missing -= {interoperability}
        trace.add("R1.10", "Promoting Interoperability data was sent, so its weight is not moved.")
    if Category.IMPROVEMENT_ACTIVITIES in missing:
        trace.add(
            "R1.12",
            "Improvement activities are not scored and count nothing in the final score, unless data is sent for them.",
        )
        return 0
    weights = rules.category_weights(missing, SpecialStatus.SMALL_PRACTICE in statuses)
    if weights is None:
        return _threshold_line(trace)
    if not missing:
        trace.add("R1.6", f"Improvement activities count {weights.ia} percent of the final score.")
        return weights.ia
    names = " and ".join(_CATEGORY_WORDS[category] for category in Category if category in missing)
    trace.add("R1.7", f"Without a score in {names} the weights are {_weights_in_words(weights)}.")
    return weights.ia


def _weights_in_words(weights: CategoryWeights) -> str:
    return (
        f"quality {weights.quality}, cost {weights.cost}, improvement activities {weights.ia} and "
        f"Promoting Interoperability {weights.pi} percent"
    )
