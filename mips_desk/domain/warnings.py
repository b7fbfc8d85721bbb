"""What to know about an activity before it is chosen: limits, suspensions, the wrong track, too late, not needed."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from . import phrases
from .activity import Activity
from .deadlines import last_start_of
from .practice import Level
from .rules import YearRules
from .score import ActivityFacts, NotCredited, ScoreFacts
from .scoring import score


class WarningKind(StrEnum):
    """What a warning is about, the gravest first."""

    CHOSEN = "chosen"
    NOT_OFFERED = "not_offered"
    WRONG_TRACK = "wrong_track"
    FREQUENCY = "frequency"
    SUSPENDED = "suspended"
    NOT_CREDITED = "not_credited"
    TOO_LATE = "too_late"
    COVERED = "covered"
    FULL = "full"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class ActivityWarning:
    """One thing to know before an activity is chosen.

    Attributes:
        text: one or two sentences for the person.
        blocks: the activity cannot be chosen, or would earn nothing as things stand.
        rule: number in the rule book.
        source: citation, or empty.
        uncertain: why this is our reading and not settled text; empty when it is settled.
    """

    kind: WarningKind
    text: str
    blocks: bool
    rule: str
    source: str
    uncertain: str = ""


def warnings_before_adding(
    activity_id: str,
    facts: ScoreFacts,
    rules: YearRules,
    inventory: Mapping[str, Activity],
    *,
    last_reported: int | None,
    offered: tuple[int, ...],
    today: date,
) -> tuple[ActivityWarning, ...]:
    """Return what to know before an activity is chosen, the gravest first.

    Args:
        activity_id: the activity.
        facts: the year as it is, with the activities chosen so far.
        rules: the rules of the same year.
        inventory: the activities of the year by identifier.
        last_reported: the last year before this one in which it was reported, also under a former identifier.
        offered: the years whose list holds it, in order.
        today: the day on which it would be chosen.

    Raises:
        BadInputError: the track does not exist in the year.
    """
    if any(item.id == activity_id for item in facts.activities):
        text = f"{activity_id} is chosen for {rules.year} already; it counts once."
        return (_warning(WarningKind.CHOSEN, text, "R7.5", rules, blocks=True),)
    if activity_id not in inventory:
        return (_not_offered(activity_id, rules, inventory, offered),)
    refusal = _refusal(activity_id, facts, rules, inventory, last_reported)
    found = [
        _refused(refusal, rules) if refusal else None,
        _suspended(activity_id, rules),
        _too_late(activity_id, rules, today),
        None if refusal else _not_needed(activity_id, facts, rules, inventory),
        None if refusal else _group(activity_id, facts, rules),
    ]
    order = list(WarningKind)
    return tuple(sorted(filter(None, found), key=lambda warning: order.index(warning.kind)))


def with_activity(facts: ScoreFacts, activity_id: str, last_reported: int | None) -> ScoreFacts:
    """Return the facts of a year with one more activity, as if its period will be right."""
    return dataclasses.replace(
        facts, activities=(*facts.activities, ActivityFacts(activity_id, last_reported_year=last_reported))
    )


def in_words(day: date) -> str:
    """Return a day as in "October 3, 2026"."""
    return phrases.long_day(day)


def _warning(
    kind: WarningKind, text: str, rule: str, rules: YearRules, *, blocks: bool = False, uncertain: str = ""
) -> ActivityWarning:
    return ActivityWarning(kind, text, blocks, rule, rules.source(rule), uncertain)


def _not_offered(
    activity_id: str, rules: YearRules, inventory: Mapping[str, Activity], offered: tuple[int, ...]
) -> ActivityWarning:
    suspended = rules.suspension(activity_id)
    new = rules.renamed(activity_id)
    text = f"{activity_id} is not in the {rules.year} list of activities"
    if new in inventory:
        return _warning(WarningKind.NOT_OFFERED, f"{text}; it goes on as {new}.", "R9.2", rules, blocks=True)
    if suspended:
        text = f"{text}: {suspended.text}."
    elif not offered:
        text = f"{text}, nor in that of any other year."
    elif offered[0] > rules.year:
        text = f"{text}; it was first offered in {offered[0]}."
    elif offered[-1] < rules.year:
        name = "" if new == activity_id else f", from {rules.year_of_change(activity_id)} on as {new}"
        text = f"{text}; it was offered until {offered[-1]}{name}."
    else:
        text = f"{text}."
    return _warning(WarningKind.NOT_OFFERED, text, "R9.4" if suspended else "R9.2", rules, blocks=True)


def _refusal(
    activity_id: str,
    facts: ScoreFacts,
    rules: YearRules,
    inventory: Mapping[str, Activity],
    last_reported: int | None,
) -> NotCredited | None:
    after = score(with_activity(facts, activity_id, last_reported), rules, inventory)
    return next((entry for entry in after.not_credited if entry.activity == activity_id), None)


_REFUSALS = {"R2.30": WarningKind.WRONG_TRACK, "R1.8": WarningKind.WRONG_TRACK, "R4.1": WarningKind.FREQUENCY}


def _refused(refusal: NotCredited, rules: YearRules) -> ActivityWarning:
    kind = _REFUSALS.get(refusal.rule, WarningKind.NOT_CREDITED)
    if refusal.rule == rules.assigned.rule:
        kind = WarningKind.WRONG_TRACK
    uncertain = rules.reading("four_years") if kind is WarningKind.FREQUENCY else ""
    return _warning(kind, refusal.reason, refusal.rule, rules, blocks=True, uncertain=uncertain)


def _suspended(activity_id: str, rules: YearRules) -> ActivityWarning | None:
    suspended = rules.suspension(activity_id)
    if suspended is None:
        return None
    text = f"CMS suspended {activity_id}: {suspended.text}."
    uncertain = ""
    if suspended.effective:
        text = (
            f"CMS suspended {activity_id} on {in_words(suspended.effective)}. It is still credited if it was finished "
            f"or under way before that day, so claim a period that started earlier and keep proof of the start."
        )
        uncertain = rules.reading("suspension_day")
    return _warning(WarningKind.SUSPENDED, text, "R9.4", rules, uncertain=uncertain)


def _too_late(activity_id: str, rules: YearRules, today: date) -> ActivityWarning | None:
    closes = rules.submission.closes
    if today > closes:
        text = (
            f"Data of {rules.year} could be sent until {in_words(closes)}; choosing it now changes your records only."
        )
        return _warning(WarningKind.TOO_LATE, text, "R7.2", rules)
    last = last_start_of(activity_id, rules)
    end = date(rules.year, 12, 31)
    rule = "R3.1" if rules.period_for(activity_id).days == rules.min_days else "R3.3"
    if last is None and today > end:
        text = f"{activity_id} had to be completed by {in_words(end)}. Choose it only if it was."
        return _warning(WarningKind.TOO_LATE, text, rule, rules)
    if last is not None and today > last:
        text = f"The last day to start {activity_id} was {in_words(last)}. Choose it only if it was under way by then."
        return _warning(WarningKind.TOO_LATE, text, rule, rules)
    return None


def _not_needed(
    activity_id: str, facts: ScoreFacts, rules: YearRules, inventory: Mapping[str, Activity]
) -> ActivityWarning | None:
    before = score(facts, rules, inventory)
    if before.ia_points < rules.target_points:
        return None
    home = rules.medical_home
    if home.activity_id in before.earned:
        text = f"{home.activity_id} is chosen and gives full credit on its own; {activity_id} would add nothing."
        return _warning(WarningKind.COVERED, text, "R2.10", rules)
    text = f"Full credit is planned already. {activity_id} would add no points and one more thing to prove."
    return _warning(WarningKind.FULL, text, "R1.4", rules)


def _group(activity_id: str, facts: ScoreFacts, rules: YearRules) -> ActivityWarning | None:
    """Say how many must take part; where one clinician is enough there is nothing to warn of."""
    if facts.level is Level.INDIVIDUAL or facts.track is rules.assigned.track:
        return None
    if activity_id == rules.medical_home.activity_id:
        sites = rules.medical_home.sites
        if not sites.share:
            return None
        text = f"At least {sites.share:.0%} of the sites need the recognition."
        return _warning(WarningKind.GROUP, text.replace("%", " percent"), sites.rule, rules)
    if not rules.group.share:
        return None
    each = f"in {rules.year}; their periods may differ"
    if facts.npis_total:
        needed = rules.group.needed(facts.npis_total)
        if facts.npis_total == 1:
            return None
        text = f"At least {needed} of the {facts.npis_total} clinicians must do the same activity {each}."
    else:
        share = f"{rules.group.share:.0%}".replace("%", " percent")
        text = f"At least {share} of the clinicians must do the same activity {each}."
    own_group = facts.level in (Level.VIRTUAL_GROUP, Level.SUBGROUP, Level.APM_ENTITY)
    return _warning(WarningKind.GROUP, text, "R3.12" if own_group else rules.group.rule, rules)
