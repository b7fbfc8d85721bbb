"""The use log: dates on which an activity was done."""

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import date

from mips_desk.domain import phrases
from mips_desk.domain.deadlines import window_days
from mips_desk.domain.evidence import UseEntry
from mips_desk.domain.period import best_window
from mips_desk.errors import BadInputError
from mips_desk.store import Event

from . import choose
from .changes import Changed, Changes
from .session import Session


def log(
    session: Session,
    selection_id: str,
    days: Iterable[date],
    *,
    count: int = 1,
    note: str = "",
    clinician_id: str = "",
    evidence_id: str = "",
) -> Changes:
    """Log dates of use.

    Args:
        session: the open practice.
        selection_id: the activity chosen.
        days: the dates; each must lie in the selection's year.
        count: how often on each day, 1 to 9,999.
        note: a few words.
        clinician_id: who did it; empty: the practice.
        evidence_id: an item that shows it.

    Raises:
        BadInputError: a day lies outside the performance year, no day was given, or the count is out of range.
    """
    return log_entries(
        session,
        selection_id,
        [UseEntry("", selection_id, day, count, note, clinician_id, evidence_id) for day in set(days)],
    )


def log_entries(session: Session, selection_id: str, entries: Iterable[UseEntry]) -> Changes:
    """Log use entries that differ from each other, all or none, in one transaction.

    Args:
        session: the open practice.
        selection_id: the activity chosen; takes the place of whatever the entries say.
        entries: the entries, any order; their ids are made anew.

    Raises:
        BadInputError: a day lies outside the performance year, there is no entry, or a count is out of range.
    """
    selection = session.vault.selection(selection_id)
    wanted = [dataclasses.replace(entry, note=entry.note.strip()) for entry in sorted(entries, key=lambda e: e.day)]
    if not wanted:
        raise BadInputError("Choose at least one day.")
    outside = [entry.day for entry in wanted if entry.day.year != selection.year]
    if outside:
        raise BadInputError(f"{phrases.short_day(outside[0])} is not in {selection.year}.")
    if not all(1 <= entry.count <= 9_999 for entry in wanted):
        raise BadInputError("The count of a day is between 1 and 9,999.")
    with session.vault.write(Event.USES_ADDED) as tx:
        ids = tuple(entry.id for entry in tx.add_uses(selection_id, wanted))
    label = "Log date of use" if len(ids) == 1 else f"Log {len(ids)} dates of use"
    return Changes(Changed.USES, label, ids, lambda: dataclasses.replace(remove(session, ids), label=label))


def remove(session: Session, use_ids: Sequence[str]) -> Changes:
    """Delete entries of the use log."""
    ids = tuple(use_ids)
    with session.vault.write(Event.USES_REMOVED) as tx:
        tx.remove_uses(ids)
    label = "Delete date of use" if len(ids) == 1 else f"Delete {len(ids)} dates of use"

    def undo() -> Changes:
        with session.vault.write(Event.USES_RESTORED) as tx:
            tx.restore_uses(ids)
        return Changes(Changed.USES, label, ids, lambda: remove(session, ids))

    return Changes(Changed.USES, label, ids, undo)


def claim_best_window(session: Session, selection_id: str) -> Changes:
    """Set the performance period to the window that holds the most dates of use.

    Raises:
        BadInputError: nothing is logged, or the activity asks for no number of days.
    """
    selection = session.vault.selection(selection_id)
    days = window_days(session.rules(selection.year).period_for(selection.activity_id), selection.year)
    if days is None:
        raise BadInputError("This activity asks for no number of days in a row; set the period by hand.")
    logged = [use.day for use in session.vault.uses(selection.year) if use.selection_id == selection_id]
    window = best_window(logged, days, selection.year)
    if window is None:
        raise BadInputError("Log dates of use first; then the best window can be found.")
    return choose.set_period(session, selection_id, window)
