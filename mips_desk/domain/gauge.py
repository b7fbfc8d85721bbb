"""The gauge: planned, proven and attested, never mixed, with the sentence that says what to do next."""

from collections.abc import Mapping, Sequence

from .activity import number_in_words
from .practice import YearProfile
from .rules import PointScale, YearRules
from .score import Gauge, GaugeSegment, Score
from .scoring import effective_statuses

#: Most activities that a sentence names one by one.
NAMED = 3


def gauge(
    profile: YearProfile,
    rules: YearRules,
    planned: Score,
    proven: Score,
    attested: Score,
    lacks: Mapping[str, int] | None = None,
) -> Gauge:
    """Return the gauge of a year.

    The unit is points up to 2024 and activities from 2025 on, where the target is 2, or 1 with a special status or in
    an MVP. Part of an activity (half credit for an APM where one activity is full credit) is never rounded up.

    Args:
        profile: what the practice is in that year.
        rules: the rules of the year.
        planned: score of all selections.
        proven: score of the selections whose proof is complete.
        attested: score of the selections that were reported to CMS.
        lacks: how many things the proof of each activity still lacks, so that advice keeps what is nearest to done.
    """
    open_things = lacks or {}
    statuses = effective_statuses(profile.special_statuses, profile.eligible_clinicians, rules)
    scale = rules.scale(profile.track, statuses)
    unit = scale.each or 1
    target = rules.target_points // unit
    free = free_points(planned)
    segments = [
        GaugeSegment(activity_id, points // unit, activity_id in proven.earned)
        for activity_id, points in planned.earned.items()
    ]
    if free >= unit:
        segments.append(GaugeSegment("", free // unit, free_points(proven) >= free))
    return Gauge(
        year=profile.year,
        counts_activities=not rules.weighted,
        target=target,
        planned=planned.ia_points // unit,
        proven=proven.ia_points // unit,
        attested=attested.ia_points // unit,
        segments=tuple(sorted(segments, key=lambda segment: not segment.proven)),
        sentence=_sentence(profile, rules, scale, planned, proven, attested),
        advice=_advice(rules, target, planned, proven, attested, open_things),
    )


def free_points(score: Score) -> int:
    """Return the points that come without an activity: from an APM."""
    return sum(line.points for line in score.trace if line.points and line.points > 0 and not line.activity)


def _sentence(
    profile: YearProfile, rules: YearRules, scale: PointScale, planned: Score, proven: Score, attested: Score
) -> str:
    full = rules.target_points
    if profile.track is rules.assigned.track:
        return "CMS assigns full credit in this track; nothing has to be attested."
    if not planned.category_weight:
        return f"Improvement activities do not count in the final score of {rules.year}."
    missing = full - planned.ia_points
    if not planned.earned and missing:
        start = "The APM gives half credit. " if planned.ia_points else "Nothing is planned yet. "
        return f"{start}Choose {_to_add(missing, scale)}."
    head = _figures(scale, full, planned, proven, attested)
    steps = []
    if missing:
        steps.append(f"add {_to_add(missing, scale)}")
    if proven.ia_points < planned.ia_points and (names := _to_prove(full, planned, proven)):
        steps.append(f"finish the proof for {names}")
    if not steps:
        return head
    text = ", or ".join(steps)
    return f"{head} {text[0].upper()}{text[1:]}."


def _figures(scale: PointScale, full: int, planned: Score, proven: Score, attested: Score) -> str:
    unit = scale.each or 1
    noun = "points" if unit == 1 else "activity" if full == unit else "activities"
    start = f"{planned.ia_points // unit} of {full // unit} {noun} planned"
    if planned.ia_points < full or proven.ia_points < full:
        return f"{start}, {proven.ia_points // unit or 'none'} proven."
    if attested.ia_points < full:
        return f"{start} and proven. What is left is to attest."
    return f"{start}, proven and attested."


def _to_add(points: int, scale: PointScale) -> str:
    """Return what would earn the missing points: "one high activity or two medium ones"."""
    if scale.each:
        return _counted(-(-points // scale.each))
    highs, rest = divmod(points, scale.high)
    mediums = 0
    if rest > scale.medium:
        highs += 1
    elif rest:
        mediums = 1
    parts = [f"{number_in_words(highs)} high"] if highs else []
    parts += [f"{number_in_words(mediums)} medium"] if mediums else []
    last = mediums or highs
    text = " and ".join(parts) + (" activity" if last == 1 else " activities")
    return f"{text} or {number_in_words(-(-points // scale.medium))} medium ones" if highs else text


def _counted(count: int) -> str:
    return f"{number_in_words(count)} {'activity' if count == 1 else 'activities'}"


def _to_prove(full: int, planned: Score, proven: Score) -> str:
    """Return which activities to prove next, no more than full credit needs: "IA_BE_4 and IA_PM_2"."""
    open_points = {item: points for item, points in planned.earned.items() if item not in proven.earned}
    need = full - proven.ia_points
    ranked = sorted(open_points, key=lambda item: -open_points[item])
    if planned.ia_points == full and ranked and open_points[ranked[-1]] >= need:
        return _names(ranked, "or")
    chosen: list[str] = []
    for item in ranked:
        if need <= 0:
            break
        chosen.append(item)
        need -= open_points[item]
    return _names(chosen, "and")


def _names(items: Sequence[str], word: str) -> str:
    if len(items) > NAMED:
        return f"{', '.join(items[:NAMED])} {word} {len(items) - NAMED} more"
    return f" {word} ".join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else ""


def _advice(
    rules: YearRules, target: int, planned: Score, proven: Score, attested: Score, lacks: Mapping[str, int]
) -> str:
    """Return advice against attesting more than full credit needs, or an empty text."""
    left_out = _surplus(rules, planned, proven, attested, lacks)
    if not left_out:
        return ""
    names = _names(left_out, "and")
    if proven.ia_points < rules.target_points:
        return f"The plan holds more than full credit needs; {names} can be left out."
    need = f"You need {target} and proved {len(proven.earned)}" if not rules.weighted else f"{target} points are proven"
    return f"{need}; attesting {names} as well adds no points and {_counted_things(len(left_out))} to prove."


def _counted_things(count: int) -> str:
    return "one more thing" if count == 1 else f"{number_in_words(count)} more things"


def _surplus(rules: YearRules, planned: Score, proven: Score, attested: Score, lacks: Mapping[str, int]) -> list[str]:
    """Return what credit can do without among the unattested: unproven, small and far from done first."""
    left = sum(planned.earned.values()) + free_points(planned)
    candidates = sorted(
        (item for item in reversed(planned.earned) if item not in attested.earned),
        key=lambda item: (item in proven.earned, planned.earned[item], -lacks.get(item, 0)),
    )
    found: list[str] = []
    for item in candidates:
        if left - planned.earned[item] >= rules.target_points:
            found.append(item)
            left -= planned.earned[item]
    return found
