"""What was attested to CMS: records that are never changed, and how they differ from what is planned and proven."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from . import phrases


@dataclass(frozen=True, slots=True)
class AttestationRecord:
    """One act of attesting, as it was told afterwards. Never changed: a correction is a record that replaces others.

    Attributes:
        id: identifier in the vault.
        year: performance year.
        activities: identifiers of the activities that were attested; empty only in a correction that says that
            nothing was attested.
        on: the day of the attestation.
        by: who attested, in words; empty when that is not known.
        through: the portal or registry, in words; empty when that is not known.
        reference: number of the confirmation as typed; empty when there is none.
        receipt_id: evidence item of the receipt, a practice paper; empty when there is none.
        note: a few words, in a correction the reason; may be empty.
        replaces: identifiers of the records that this one corrects.
        recorded_at: when it was written down; None of a day that was entered before records were kept.
        recorded_by: name of the person who wrote it down; empty of such a day.
    """

    id: str
    year: int
    activities: tuple[str, ...]
    on: date
    by: str = ""
    through: str = ""
    reference: str = ""
    receipt_id: str = ""
    note: str = ""
    replaces: tuple[str, ...] = ()
    recorded_at: datetime | None = None
    recorded_by: str = ""


def in_force(records: Iterable[AttestationRecord]) -> tuple[AttestationRecord, ...]:
    """Return the records that no other one replaces, in the order given."""
    known = tuple(records)
    replaced = {each for record in known for each in record.replaces}
    return tuple(record for record in known if record.id not in replaced)


def attested_days(records: Iterable[AttestationRecord]) -> dict[str, date]:
    """Return the day on which each activity was attested first, by the records in force.

    Args:
        records: all records of a year.
    """
    found: dict[str, date] = {}
    for record in in_force(records):
        for activity_id in record.activities:
            found[activity_id] = min(record.on, found.get(activity_id, record.on))
    return found


def with_day(
    records: Iterable[AttestationRecord], year: int, activity_id: str, day: date | None, by: str
) -> tuple[AttestationRecord, ...]:
    """Return the records to write so that an activity was attested on another day, or was not.

    What the records in force say of other activities stays.

    Args:
        records: all records of the year.
        year: the year.
        activity_id: the activity.
        day: the day; None: it was not attested.
        by: who attested, where no record says so yet.
    """
    mine = [record for record in in_force(records) if activity_id in record.activities]
    new: list[AttestationRecord] = []
    alone: list[str] = []
    for record in mine:
        others = tuple(each for each in record.activities if each != activity_id)
        if others or day is None:
            new.append(replace(record, id="", activities=others, replaces=(record.id,)))
        else:
            alone.append(record.id)
    if day is not None:
        first = mine[0] if mine else AttestationRecord("", year, (), day, by)
        new.append(replace(first, id="", activities=(activity_id,), on=day, replaces=tuple(alone)))
    return tuple(new)


class DifferenceKind(StrEnum):
    """How what was attested differs from the rest; the gravest first."""

    NOT_CHOSEN = "not_chosen"
    NOT_PROVEN = "not_proven"
    TWICE = "twice"
    NOT_ATTESTED = "not_attested"
    SURPLUS = "surplus"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Attributes:
        activity_id: the activity concerned.
        sentence: for a person.
    """

    kind: DifferenceKind
    activity_id: str
    sentence: str


def differences(
    records: Collection[AttestationRecord],
    planned: Collection[str],
    proven: Collection[str],
    surplus: Collection[str] = (),
) -> tuple[Difference, ...]:
    """Return how what was attested differs from what is planned and proven, the gravest first.

    Nothing differs before the first record of a year: that nothing was attested yet is no difference.

    Args:
        records: all records of the year.
        planned: identifiers of the activities chosen, in their order.
        proven: those of them whose proof is complete.
        surplus: attested activities without which the credit would be the same.
    """
    if not records:
        return ()
    force = in_force(records)
    days = attested_days(records)
    found = [
        Difference(DifferenceKind.NOT_CHOSEN, each, f"{each} was attested, but it is not among the activities chosen.")
        for each in days
        if each not in planned
    ]
    found += [
        Difference(DifferenceKind.NOT_PROVEN, each, f"{each} was attested, but its proof is not complete.")
        for each in days
        if each in planned and each not in proven
    ]
    found += [_twice(each, force) for each in days if sum(each in record.activities for record in force) > 1]
    found += [
        Difference(DifferenceKind.NOT_ATTESTED, each, f"{each} is {_state(each, proven)}, but it was not attested.")
        for each in planned
        if each not in days
    ]
    found += [
        Difference(DifferenceKind.SURPLUS, each, f"{each} was attested without need: the credit is full without it.")
        for each in days
        if each in surplus
    ]
    return tuple(found)


def _state(activity_id: str, proven: Collection[str]) -> str:
    return "proven" if activity_id in proven else "planned"


def _twice(activity_id: str, force: Iterable[AttestationRecord]) -> Difference:
    days = phrases.listed([phrases.short_day(record.on) for record in force if activity_id in record.activities])
    sentence = f"{activity_id} stands in several records ({days}). Correct them if it was attested once."
    return Difference(DifferenceKind.TWICE, activity_id, sentence)


def surplus_of(earned: Mapping[str, int], free: int, target: int) -> tuple[str, ...]:
    """Return attested activities that the credit can do without, the smallest first, as many as can go together.

    Args:
        earned: points of each attested activity, before the cap.
        free: points that come without an activity.
        target: points of full credit.
    """
    left = sum(earned.values()) + free
    found: list[str] = []
    for activity_id in sorted(earned, key=lambda each: (earned[each], each)):
        if left - earned[activity_id] >= target:
            found.append(activity_id)
            left -= earned[activity_id]
    return tuple(found)
