"""What the Choose room shows of an activity before it is chosen, and the sets it suggests."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from mips_desk.catalog.habits import Habit, habits, related
from mips_desk.catalog.search import Hit, load_search
from mips_desk.domain.activity import Activity
from mips_desk.domain.deadlines import last_start_of
from mips_desk.domain.scoring import score
from mips_desk.domain.suggest import Suggestion, suggest
from mips_desk.domain.warnings import ActivityWarning, WarningKind, warnings_before_adding, with_activity

from .choose import activity_in
from .overview import SelectionView, YearView, effect_of_adding, last_reported, score_facts
from .session import Session


@dataclass(frozen=True, slots=True)
class ActivityDetails:
    """An activity of the year, with what it means for this practice.

    Attributes:
        warnings: what to know before it is chosen, the gravest first; empty when there is nothing. Of a chosen
            activity: the same as if it were not, but for the day on which it had to start.
        can_add: it can be chosen. One that would earn nothing can be, after the person was asked once more.
        effect: what adding it would do to the score, in one sentence; empty when it is chosen.
        points_for_you: points it earns this practice before the cap; 0 when it would not be credited.
        related: activities of the year to look at as well.
        years_offered: years whose list holds it, former identifiers included, in order.
        last_attested: the last year before this one in which the practice attested it, or None.
        frequency: how often it may be reported, in words; empty when there is no limit.
        last_start: the last day on which it can start and count, or None when it only has to be completed in the year.
    """

    activity: Activity
    warnings: tuple[ActivityWarning, ...]
    can_add: bool
    effect: str
    points_for_you: int
    related: tuple[Activity, ...]
    years_offered: tuple[int, ...]
    last_attested: int | None
    frequency: str
    last_start: date | None


@dataclass(frozen=True, slots=True)
class Glance:
    """What the list of activities shows or sorts by, for all activities of a year at once.

    Attributes:
        points: points that each activity earns this practice by itself, before the cap; 0 when it would not be
            credited.
        earlier_year: the newest year before this one for which something was chosen, or None.
        earlier: activities of this year that were chosen for that one, former identifiers included.
    """

    points: Mapping[str, int]
    earlier_year: int | None
    earlier: frozenset[str]


def glance(session: Session, view: YearView) -> Glance:
    """Return what the list of activities shows or sorts by.

    Args:
        session: the open practice.
        view: the year as it is.
    """
    inventory = session.catalog.inventory(view.year)
    facts = score_facts(view.profile, view.clinicians, [], session)
    points = {}
    for each in inventory:
        last = last_reported(session, each, view.year) if view.rules.frequency_limit(each) else None
        points[each] = score(with_activity(facts, each, last), view.rules, inventory).earned.get(each, 0)
    year = earlier_year(session, view.year)
    chosen = session.vault.selections(year) if year is not None else ()
    names = (view.rules.renamed(selection.activity_id) for selection in chosen)
    return Glance(points, year, frozenset(name for name in names if name in inventory))


def earlier_year(session: Session, year: int) -> int | None:
    """Return the newest year before a year for which something was chosen, or None."""
    return next((each for each in earlier_years(session, year)), None)


def earlier_years(session: Session, year: int) -> tuple[int, ...]:
    """Return the years before a year for which something was chosen, newest first."""
    years = sorted((each for each in session.vault.years() if each < year), reverse=True)
    return tuple(each for each in years if session.vault.selections(each))


def find(year: int, text: str) -> tuple[Hit, ...]:
    """Return the activities of a year that fit a text, the best first; an empty text finds nothing.

    The first search in a year makes its index, which takes some tens of milliseconds.
    """
    return load_search().find(text, year)


def details(session: Session, view: YearView, activity_id: str) -> ActivityDetails:
    """Return an activity of the year with what it means for this practice.

    Args:
        session: the open practice.
        view: the year as it is.
        activity_id: an activity of that year, chosen or not.

    Raises:
        BadInputError: the year does not have it; the message says in which years it exists.
    """
    rules, catalog = view.rules, session.catalog
    activity = activity_in(session, view.year, activity_id)
    chosen = view.chosen(activity_id)
    last = last_reported(session, activity_id, view.year)
    points = chosen.points if chosen else _points(session, view, activity_id, last)
    names = (activity_id, *rules.former_ids(activity_id))
    others = (catalog.activity(view.year, other) for other in related(activity_id, catalog, rules))
    limit = rules.frequency_limit(activity_id)
    return ActivityDetails(
        activity=activity,
        warnings=_warnings_of_chosen(session, view, activity_id)
        if chosen
        else warnings_before(session, view, activity_id),
        can_add=chosen is None,
        effect="" if chosen else effect_of_adding(session, view, activity_id),
        points_for_you=points,
        related=tuple(other for other in others if other is not None),
        years_offered=tuple(sorted({year for name in names for year in catalog.years_of(name)})),
        last_attested=last,
        frequency=f"Once every {limit.every_years} years." if limit else "",
        last_start=last_start_of(activity_id, rules),
    )


def warnings_before(session: Session, view: YearView, activity_id: str) -> tuple[ActivityWarning, ...]:
    """Return what to know before an activity is chosen; also for one that the year does not have.

    Args:
        session: the open practice.
        view: the year as it is.
        activity_id: any activity; of a chosen one only this is said.
    """
    return _warnings(session, view, activity_id, list(view.selections))


def _warnings_of_chosen(session: Session, view: YearView, activity_id: str) -> tuple[ActivityWarning, ...]:
    others = [part for part in view.selections if part.activity.id != activity_id]
    found = _warnings(session, view, activity_id, others)
    return tuple(warning for warning in found if warning.kind is not WarningKind.TOO_LATE)


def _warnings(
    session: Session, view: YearView, activity_id: str, selections: list[SelectionView]
) -> tuple[ActivityWarning, ...]:
    return warnings_before_adding(
        activity_id,
        score_facts(view.profile, view.clinicians, selections, session),
        view.rules,
        session.catalog.inventory(view.year),
        last_reported=last_reported(session, activity_id, view.year),
        offered=session.catalog.years_of(activity_id),
        today=view.today,
    )


def statements(session: Session, view: YearView) -> tuple[Habit, ...]:
    """Return everyday statements to tick before a set is suggested, those that fit an activity of the year."""
    return habits(session.catalog, view.rules)


def suggestions(
    session: Session, view: YearView, ticked: Collection[str], *, prefer_screenshots: bool = True, limit: int = 5
) -> tuple[Suggestion, ...]:
    """Return sets of activities that complete the year, the easiest to prove first.

    Args:
        session: the open practice.
        view: the year as it is.
        ticked: keys of the statements that the practice ticked, or identifiers of activities that it does.
        prefer_screenshots: put what screenshots can prove first.
        limit: at most this many sets.
    """
    by_key = {habit.key: habit.activities for habit in habits(session.catalog, view.rules)}
    done = {activity_id for each in ticked for activity_id in by_key.get(each, (each,))}
    inventory = session.catalog.inventory(view.year)
    limited = [each for each in inventory if view.rules.frequency_limit(each)]
    history = {each: last_reported(session, each, view.year) for each in limited}
    return suggest(
        score_facts(view.profile, view.clinicians, list(view.selections), session),
        view.rules,
        inventory,
        today=view.today,
        already_done=done,
        history={activity_id: year for activity_id, year in history.items() if year is not None},
        prefer_screenshots=prefer_screenshots,
        limit=limit,
    )


def _points(session: Session, view: YearView, activity_id: str, last: int | None) -> int:
    facts = score_facts(view.profile, view.clinicians, list(view.selections), session)
    after = score(with_activity(facts, activity_id, last), view.rules, session.catalog.inventory(view.year))
    return after.earned.get(activity_id, 0)
