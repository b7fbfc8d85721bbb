"""Choose activities for a year."""

import dataclasses
from collections.abc import Iterable
from datetime import date

from mips_desk.domain.activity import Activity
from mips_desk.domain.attested import with_day
from mips_desk.domain.period import Period
from mips_desk.errors import BadInputError
from mips_desk.store import Event
from mips_desk.store import attested as stored

from .changes import Changed, Changes
from .session import Session


def add(session: Session, year: int, activity_id: str) -> Changes:
    """Choose an activity for a year; one that was removed comes back with its evidence and dates of use.

    Raises:
        BadInputError: the activity does not exist in that year, or is chosen already.
    """
    activity_in(session, year, activity_id)
    with session.vault.write(Event.ACTIVITY_ADDED) as tx:
        selection = tx.add_selection(year, activity_id)

    def undo() -> Changes:
        return dataclasses.replace(remove(session, selection.id), label=label)

    label = f"Add {activity_id}"
    return Changes(_EVERYTHING, label, (selection.id,), undo)


def add_all(session: Session, year: int, activity_ids: Iterable[str], verb: str = "Add") -> Changes:
    """Choose several activities for a year, all in one step; what is chosen already is left as it is.

    Args:
        session: the open practice.
        year: the year.
        activity_ids: identifiers of that year.
        verb: how the label of the step starts.

    Raises:
        BadInputError: one does not exist in that year, or nothing is left to choose; nothing was changed.
    """
    chosen = {selection.activity_id for selection in session.vault.selections(year)}
    wanted = [each for each in dict.fromkeys(activity_ids) if each not in chosen]
    for activity_id in wanted:
        activity_in(session, year, activity_id)
    if not wanted:
        raise BadInputError(f"All of these are chosen for {year} already. Nothing was changed.")
    with session.vault.write(Event.ACTIVITY_ADDED) as tx:
        ids = tuple(tx.add_selection(year, activity_id).id for activity_id in wanted)
    label = f"{verb} {wanted[0]}" if len(wanted) == 1 else f"{verb} {len(wanted)} activities"
    return Changes(_EVERYTHING, label, ids, lambda: _remove_all(session, ids, label))


def _remove_all(session: Session, ids: tuple[str, ...], label: str) -> Changes:
    with session.vault.write(Event.ACTIVITY_REMOVED) as tx:
        for selection_id in ids:
            tx.remove_selection(selection_id)
    return Changes(_EVERYTHING, label, ids, lambda: _restore_all(session, ids, label))


def _restore_all(session: Session, ids: tuple[str, ...], label: str) -> Changes:
    with session.vault.write(Event.ACTIVITY_RESTORED) as tx:
        for selection_id in ids:
            tx.restore_selection(selection_id)
    return Changes(_EVERYTHING, label, ids, lambda: _remove_all(session, ids, label))


#: A selection takes its evidence and its dates of use along, and brings them back when it is chosen again.
_EVERYTHING = Changed.SELECTIONS | Changed.EVIDENCE | Changed.USES


def remove(session: Session, selection_id: str) -> Changes:
    """Take an activity out of a year. Its evidence and dates of use are kept and come back when this is undone."""
    selection = session.vault.selection(selection_id)
    with session.vault.write(Event.ACTIVITY_REMOVED) as tx:
        tx.remove_selection(selection_id)
    label = f"Remove {selection.activity_id}"

    def undo() -> Changes:
        with session.vault.write(Event.ACTIVITY_RESTORED) as tx:
            tx.restore_selection(selection_id)
        return Changes(_EVERYTHING, label, (selection_id,), lambda: remove(session, selection_id))

    return Changes(_EVERYTHING, label, (selection_id,), undo)


def activity_in(session: Session, year: int, activity_id: str) -> Activity:
    """Return an activity of a year.

    Raises:
        BadInputError: there is none; the message says in which years it exists.
    """
    activity = session.catalog.activity(year, activity_id)
    if activity is not None:
        return activity
    years = [other for other in session.catalog.years if session.catalog.activity(other, activity_id)]
    if not years:
        raise BadInputError(f"There is no activity {activity_id}. Activity names look like IA_BE_4.")
    raise BadInputError(f"{activity_id} is not among the activities of {year}; it was offered {_runs(years)}.")


def _runs(years: list[int]) -> str:
    return f"in {years[0]}" if len(years) == 1 else f"from {min(years)} to {max(years)}"


def set_period(session: Session, selection_id: str, period: Period | None) -> Changes:
    """Claim a performance period for a selection, or take the claim back."""
    return _edit(session, selection_id, "Change period", period=period)


def set_story(session: Session, selection_id: str, story: str) -> Changes:
    """Write down how the activity was done; this goes into the binder."""
    return _edit(session, selection_id, "Change story", story=story.strip())


def set_private_note(session: Session, selection_id: str, note: str) -> Changes:
    """Write a note that never leaves the vault."""
    return _edit(session, selection_id, "Change note", private_note=note.strip())


def set_attested(session: Session, selection_id: str, day: date | None) -> Changes:
    """Record the day on which the activity was reported to CMS, or that it was not.

    Records of what was attested are never changed: this writes one that corrects those that say otherwise. Who knows
    more than the day uses `attesting.record`.
    """
    before, label = session.vault.selection(selection_id), "Change attestation"
    if day == before.attested_on:
        return Changes(Changed.NOTHING, label, (selection_id,))
    known = stored.attestations(session.vault, before.year)
    with session.vault.write(Event.ATTESTATION_RECORDED) as tx:
        for record in with_day(known, before.year, before.activity_id, day, session.person):
            stored.attest(tx, record)
    return Changes(
        Changed.SELECTIONS | Changed.ATTESTED,
        label,
        (selection_id,),
        undo=lambda: set_attested(session, selection_id, before.attested_on),
    )


def _edit(session: Session, selection_id: str, label: str, **fields: object) -> Changes:
    before = session.vault.selection(selection_id)
    with session.vault.write(Event.SELECTION_CHANGED) as tx:
        tx.put_selection(dataclasses.replace(before, **fields))  # type: ignore[arg-type]  # names checked by callers
    old = {name: getattr(before, name) for name in fields}
    return Changes(Changed.SELECTIONS, label, (selection_id,), undo=lambda: _edit(session, selection_id, label, **old))
