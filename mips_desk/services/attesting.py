"""What was attested to CMS: when, by whom, through what, with the receipt, and how it differs from plan and proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mips_desk.domain.attested import (
    AttestationRecord,
    Difference,
    attested_days,
    differences,
    in_force,
    surplus_of,
)
from mips_desk.domain.gauge import free_points
from mips_desk.errors import BadInputError
from mips_desk.store import Event
from mips_desk.store import attested as stored

from .changes import Changed, Changes
from .choose import activity_in
from .overview import YearView
from .session import Session


@dataclass(frozen=True, slots=True)
class AttestedYear:
    """What was attested for a year.

    Attributes:
        in_force: the records that count, oldest day first.
        replaced: records that a later one corrected, oldest first; they stay for ever.
        days: the day on which each activity was attested first.
        differences: how this differs from what is planned and proven, the gravest first.
    """

    in_force: tuple[AttestationRecord, ...]
    replaced: tuple[AttestationRecord, ...]
    days: dict[str, date]
    differences: tuple[Difference, ...]


def attested(view: YearView) -> AttestedYear:
    """Return what was attested for a year.

    Args:
        view: the year.
    """
    records = view.attestations
    force = in_force(records)
    planned = [part.activity.id for part in view.selections]
    proven = [part.activity.id for part in view.selections if part.readiness.complete]
    surplus = surplus_of(view.attested.earned, free_points(view.attested), view.rules.target_points)
    return AttestedYear(
        in_force=force,
        replaced=tuple(record for record in records if record not in force),
        days=attested_days(records),
        differences=differences(records, planned, proven, surplus),
    )


def record(
    session: Session,
    year: int,
    activities: Sequence[str],
    on: date,
    *,
    by: str,
    through: str,
    reference: str = "",
    receipt_id: str = "",
    note: str = "",
    replaces: Sequence[str] = (),
) -> Changes:
    """Record what was attested. The record is never changed; a correction is a new one that replaces it.

    Args:
        session: the open practice.
        year: performance year.
        activities: identifiers of the activities, chosen here or not; empty only in a correction.
        on: the day of the attestation.
        by: who attested, in words.
        through: the portal or registry, in words.
        reference: number of the confirmation; empty: none.
        receipt_id: a practice paper of the year that shows the receipt; empty: none.
        note: a few words; in a correction the reason, and then needed.
        replaces: identifiers of the records in force that this one corrects.

    Returns:
        The change; it cannot be undone, only corrected.

    Raises:
        BadInputError: an activity is not one of that year, the day is before the year or in the future, the receipt is
            no paper of that year, or a record to be replaced is not in force.
        YearClosedError: the year is closed.
    """
    ids = tuple(dict.fromkeys(activities))
    for activity_id in ids:
        activity_in(session, year, activity_id)
    if not ids and not replaces:
        raise BadInputError("Choose what was attested. Nothing was recorded.")
    if replaces and not note.strip():
        raise BadInputError("Say why the record is corrected; the reason is kept with it. Nothing was recorded.")
    if not by.strip() or not through.strip():
        raise BadInputError("Enter who attested, and through which portal or registry. Nothing was recorded.")
    if not date(year, 1, 1) <= on <= session.now().date():
        raise BadInputError(f"The day of an attestation for {year} lies in {year} or later, and not in the future.")
    if receipt_id and receipt_id not in {item.id for item in session.vault.papers(year)}:
        raise BadInputError(f"The receipt must be one of the practice papers of {year}. Nothing was recorded.")
    with session.vault.write(Event.ATTESTATION_RECORDED) as tx:
        made = stored.attest(
            tx,
            AttestationRecord(
                id="",
                year=year,
                activities=ids,
                on=on,
                by=by.strip(),
                through=through.strip(),
                reference=reference.strip(),
                receipt_id=receipt_id,
                note=note.strip(),
                replaces=tuple(dict.fromkeys(replaces)),
            ),
        )
    label = "Correct attested record" if replaces else "Record attestation"
    return Changes(Changed.SELECTIONS | Changed.ATTESTED, label, (made.id,))
