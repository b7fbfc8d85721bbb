"""Carry over from an earlier year: its choices under today's identifiers, never its evidence or dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mips_desk.domain.activity import Activity
from mips_desk.domain.practice import Track, YearProfile
from mips_desk.domain.rules import YearRules
from mips_desk.domain.score import ScoreFacts
from mips_desk.domain.warnings import ActivityWarning, WarningKind, warnings_before_adding
from mips_desk.errors import BadInputError

from .changes import Changes
from .choose import add_all
from .overview import last_reported
from .session import Session

#: What a proposal says about an activity, besides what became of it; the rest is shown when it is looked at.
_SAID = (WarningKind.WRONG_TRACK, WarningKind.FREQUENCY, WarningKind.SUSPENDED, WarningKind.NOT_CREDITED)


@dataclass(frozen=True, slots=True)
class Carried:
    """What becomes of one choice of an earlier year.

    Attributes:
        activity_id_from: as it was chosen.
        activity_id_to: its identifier in the new year, or None when it is not offered any more.
        title: in the new year; of the earlier year when it is not offered any more.
        sentence: what is the same and what is not, for the person.
        selectable: it can be chosen for the new year and would count as things stand.
    """

    activity_id_from: str
    activity_id_to: str | None
    title: str
    sentence: str
    selectable: bool


def proposal(session: Session, from_year: int, to_year: int) -> tuple[Carried, ...]:
    """Say what becomes of each choice of an earlier year, in the order of that year.

    Args:
        session: the open practice.
        from_year: a year before.
        to_year: the year to choose for; without a profile in the vault, the earlier year's is assumed.

    Raises:
        BadInputError: `from_year` is not before `to_year`, or there are no rules for a year.
    """
    if from_year >= to_year:
        raise BadInputError(f"Choices of {from_year} cannot be carried over to {to_year}; pick an earlier year.")
    rules = session.rules(to_year)
    facts = _facts(session, from_year, rules)
    chosen = {selection.activity_id for selection in session.vault.selections(to_year)}
    found: list[Carried] = []
    for selection in session.vault.selections(from_year):
        old = session.catalog.activity(from_year, selection.activity_id)
        if old is not None:  # a vault can be newer than the catalog of this installation
            found.append(_carried(session, old, rules, facts, chosen))
    return tuple(found)


def carry_over(session: Session, to_year: int, activity_ids: Iterable[str]) -> Changes:
    """Choose activities for a year, all in one step; what is chosen already is left as it is.

    Args:
        session: the open practice.
        to_year: the year.
        activity_ids: identifiers of that year (`Carried.activity_id_to`).

    Raises:
        BadInputError: one does not exist in that year, or nothing is left to choose; nothing was changed.
    """
    return add_all(session, to_year, activity_ids, "Carry over")


def _facts(session: Session, from_year: int, rules: YearRules) -> ScoreFacts:
    """Return what is known about the new year, without activities: each is looked at on its own."""
    own = session.vault.profile(rules.year)
    profile = own or session.vault.profile(from_year) or YearProfile(from_year)
    track = profile.track if profile.track in rules.tracks else Track.TRADITIONAL
    mvps = {mvp.id for mvp in session.catalog.mvps(rules.inventory_year)}
    return ScoreFacts(
        year=rules.year,
        track=track,
        level=profile.level,
        special_statuses=profile.special_statuses,
        mvp_id=profile.mvp_id if profile.mvp_id in mvps else "",
    )


def _carried(session: Session, old: Activity, rules: YearRules, facts: ScoreFacts, chosen: set[str]) -> Carried:
    new_id = rules.renamed(old.id)
    new = session.catalog.activity(rules.inventory_year, new_id)
    warnings = warnings_before_adding(
        new_id if new else old.id,
        facts,
        rules,
        session.catalog.inventory(rules.inventory_year),
        last_reported=last_reported(session, new_id, rules.year),
        offered=session.catalog.years_of(old.id),
        today=date(rules.year, 1, 1),  # whether it is too late is said when the activity is looked at
    )
    if new is None:
        return Carried(old.id, None, old.title, _sentences(warnings), selectable=False)
    parts = [_what_changed(old, new, rules), _sentences(warning for warning in warnings if warning.kind in _SAID)]
    if new_id in chosen:
        parts.append(f"It is chosen for {rules.year} already.")
    selectable = new_id not in chosen and not any(warning.blocks for warning in warnings)
    return Carried(old.id, new_id, new.title, " ".join(filter(None, parts)), selectable)


def _sentences(warnings: Iterable[ActivityWarning]) -> str:
    return " ".join(warning.text for warning in warnings)


def _what_changed(old: Activity, new: Activity, rules: YearRules) -> str:
    parts = [f"Offered again in {new.year}."]
    if new.id != old.id:
        revised = rules.revised_since(old.id, old.year)
        text = "with a revised text, so read it again" if revised else "the activity is the same"
        parts = [f"It goes on as {new.id} in {new.year}; {text}."]
    elif _letters(new.title) != _letters(old.title):
        parts = [f"Offered again in {new.year}, with a new title, so read it again."]
    if old.weight and new.weight and old.weight is not new.weight:
        parts.append(f"It was {old.weight} in {old.year} and is {new.weight} now.")
    elif old.weight and not rules.weighted:
        parts.append(f"It was {old.weight} in {old.year}; activities have no weight in {new.year}.")
    return " ".join(parts)


def _letters(title: str) -> str:
    """Return a title without what a new printing changes: capitals, spaces, punctuation."""
    return "".join(filter(str.isalnum, title)).lower()
