"""Suggest a set: the activities that reach full credit with the least to prove.

The scoring engine is the judge: a set is suggested only when it scores full credit together with what is chosen, and
no smaller part of it does. What remains is taste, as plain costs: what the practice says it does comes first, then what
screenshots can prove, published guidance before inferred, few proofs before many.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from .activity import Activity, EvidenceKind, PeriodKind, number_in_words
from .deadlines import last_start_of
from .practice import Track
from .rules import YearRules
from .score import ActivityFacts, ScoreFacts
from .scoring import score

# What proving an activity costs, in steps that were weighed against each other, not measured.
_ONE_MORE_ACTIVITY = 30
_NOT_DONE_YET = 90
_NO_SCREENSHOTS = 12
_INFERRED = 8
_EACH_PROOF = 4
_UNUSUAL_PERIOD = 10
_LIMITED = 6
#: A repeated activity makes the next suggestion dearer, so that the suggestions differ.
_SEEN_BEFORE = 20

#: How many activities of each number of points take part; bounds the work.
_OF_EACH_KIND = 9


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A set of activities that completes the year.

    Attributes:
        activity_ids: what to add, what the practice does already first.
        points: what the set adds to the score (points, 1 to 40).
        why: one or two sentences for the person.
    """

    activity_ids: tuple[str, ...]
    points: int
    why: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    activity: Activity
    facts: ActivityFacts
    points: int
    cost: int
    done: bool
    screenshots: bool
    proofs: int


def suggest(
    facts: ScoreFacts,
    rules: YearRules,
    inventory: Mapping[str, Activity],
    *,
    today: date,
    already_done: Collection[str] = (),
    history: Mapping[str, int] | None = None,
    prefer_screenshots: bool = True,
    limit: int = 5,
) -> tuple[Suggestion, ...]:
    """Return sets of activities that reach full credit, the easiest to prove first.

    Args:
        facts: the year as it is, with the activities chosen so far.
        rules: the rules of the same year.
        inventory: the activities of the year by identifier.
        today: what cannot start any more is left out, unless the practice says that it does it already.
        already_done: identifiers of activities that the practice says it does. Recognition as a medical home is
            suggested only when it is among them.
        history: the last year before this one in which an activity was reported, by its identifier of this year.
        prefer_screenshots: put what screenshots can prove first.
        limit: at most this many sets.

    Returns:
        Nothing when full credit is planned already, cannot be reached, or is assigned by CMS.
    """
    planned = score(facts, rules, inventory)
    assigned = facts.track is rules.assigned.track
    if assigned or planned.ia_points >= rules.target_points or not planned.category_weight:
        return ()
    done = frozenset(already_done)
    candidates = _candidates(facts, rules, inventory, today, done, history or {}, prefer_screenshots)
    sets = _complete_sets(facts, rules, inventory, candidates)
    found: list[Suggestion] = []
    dearer: dict[str, int] = {}
    while sets and len(found) < limit:
        best = min(sets, key=lambda each: sum(item.cost + dearer.get(item.activity.id, 0) for item in each))
        sets.remove(best)
        points = _points_with(best, facts, rules, inventory)
        parts = [_points_with(part, facts, rules, inventory) for part in combinations(best, len(best) - 1)]
        if points < rules.target_points or max(parts) >= rules.target_points:
            continue
        for item in best:
            dearer[item.activity.id] = dearer.get(item.activity.id, 0) + _SEEN_BEFORE
        ids = tuple(item.activity.id for item in best)
        found.append(Suggestion(ids, points - planned.ia_points, _why(best)))
    return tuple(found)


def provable_with_screenshots(activity: Activity) -> bool:
    """Tell whether screenshots alone can meet the checklist of an activity."""
    options = activity.guidance.options
    shown = [option for option in options if EvidenceKind.SCREENSHOT in option.kinds]
    needed = all(option in shown for option in options if option.required)
    return needed and len(shown) >= activity.guidance.need


def _candidates(
    facts: ScoreFacts,
    rules: YearRules,
    inventory: Mapping[str, Activity],
    today: date,
    done: frozenset[str],
    history: Mapping[str, int],
    prefer_screenshots: bool,
) -> list[_Candidate]:
    """Return the cheapest activities of each number of points that would be credited."""
    chosen = {item.id for item in facts.activities}
    ranked: list[tuple[int, int, Activity]] = []
    for place, activity in enumerate(inventory.values()):
        says_so = activity.id in done
        if activity.id in chosen or rules.suspension(activity.id):
            continue
        # What is done already has started, and nobody becomes a medical home in order to attest it.
        home = activity.id == rules.medical_home.activity_id
        if not says_so and (home or _too_late(activity.id, rules, today)):
            continue
        ranked.append((_cost(activity, rules, says_so, prefer_screenshots), place, activity))
    found: list[_Candidate] = []
    counts: dict[int, int] = {}
    for cost, _, activity in sorted(ranked, key=lambda entry: entry[:2]):
        usual = _points(activity, facts, rules)
        if counts.get(usual, 0) >= _OF_EACH_KIND:
            continue
        own = ActivityFacts(activity.id, last_reported_year=history.get(activity.id))
        points = score(dataclasses.replace(facts, activities=(own,)), rules, inventory).earned.get(activity.id, 0)
        if not points:
            continue
        counts[usual] = counts.get(usual, 0) + 1
        shots, proofs = provable_with_screenshots(activity), activity.guidance.need
        found.append(_Candidate(activity, own, points, cost, activity.id in done, shots, proofs))
    return found


def _points(activity: Activity, facts: ScoreFacts, rules: YearRules) -> int:
    """Return what tells apart the kinds of activities: their points before any status."""
    if activity.id == rules.medical_home.activity_id:
        return rules.medical_home.points
    standard = rules.scale(Track.TRADITIONAL, frozenset())
    return standard.of(activity.weight)


def _too_late(activity_id: str, rules: YearRules, today: date) -> bool:
    return today > (last_start_of(activity_id, rules) or date(rules.year, 12, 31))


def _cost(activity: Activity, rules: YearRules, done: bool, prefer_screenshots: bool) -> int:
    guidance = activity.guidance
    need = rules.period_for(activity.id)
    unusual = need.days != rules.min_days or guidance.period.kind is not PeriodKind.CONTINUOUS_DAYS
    return (
        _ONE_MORE_ACTIVITY
        + _NOT_DONE_YET * (not done)
        + _NO_SCREENSHOTS * (prefer_screenshots and not provable_with_screenshots(activity))
        + _INFERRED * (not guidance.stated)
        + _EACH_PROOF * guidance.need
        + _UNUSUAL_PERIOD * unusual
        + _LIMITED * (rules.frequency_limit(activity.id) is not None)
    )


def _complete_sets(
    facts: ScoreFacts, rules: YearRules, inventory: Mapping[str, Activity], candidates: Sequence[_Candidate]
) -> list[tuple[_Candidate, ...]]:
    """Return the sets whose points add up to full credit while those of no part do."""
    if not candidates:
        return []
    # The credit of an APM may begin with the first activity, so it is read off a score that has one.
    start = score(_with(facts, candidates[:1]), rules, inventory)
    free = sum(line.points for line in start.trace if line.points and line.points > 0 and not line.activity)
    missing = rules.target_points - free - sum(start.earned.values()) + candidates[0].points
    points = sorted(item.points for item in candidates)
    most = next((count for count in range(1, len(points) + 1) if sum(points[:count]) >= missing), 0)
    ordered = sorted(candidates, key=lambda item: (not item.done, item.cost))
    found: list[tuple[_Candidate, ...]] = []
    for size in range(1, most + 1):
        for some in combinations(ordered, size):
            total = sum([item.points for item in some])
            if total >= missing > total - min([item.points for item in some]):
                found.append(some)
    return found


def _with(facts: ScoreFacts, some: Sequence[_Candidate]) -> ScoreFacts:
    return dataclasses.replace(facts, activities=(*facts.activities, *(item.facts for item in some)))


def _points_with(
    some: Sequence[_Candidate], facts: ScoreFacts, rules: YearRules, inventory: Mapping[str, Activity]
) -> int:
    return score(_with(facts, some), rules, inventory).ia_points


def _why(some: Sequence[_Candidate]) -> str:
    done = [item.activity.id for item in some if item.done]
    new = [item.activity.id for item in some if not item.done]
    said = ""
    if not new:
        said = f"You do {'this' if len(done) == 1 else 'both' if len(done) == 2 else 'all of these'} already. "
    elif done:
        said = f"You do {' and '.join(done)} already; {' and '.join(new)} would be new. "
    proofs = sum(item.proofs for item in some)
    needed = f"{number_in_words(proofs).capitalize()} {'proof is' if proofs == 1 else 'proofs are'} needed"
    shown = [item.activity.id for item in some if item.screenshots]
    if len(shown) == len(some):
        return f"{said}{needed}, and screenshots are enough."
    return f"{said}{needed}; screenshots are enough for {' and '.join(shown)}." if shown else f"{said}{needed}."
