"""What was attested to CMS: when, by whom, through what, with the receipt, and how it differs from plan and proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mips_desk.domain.attested import AttestationRecord, Difference

from .changes import Changes
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
    raise NotImplementedError


def record(
    session: Session,
    year: int,
    activities: Sequence[str],
    on: date,
    *,
    by: str,
    through: str,
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
    raise NotImplementedError
