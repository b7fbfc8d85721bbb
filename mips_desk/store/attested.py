"""What was attested to CMS. A record is never changed; a correction is a new one that replaces others."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from mips_desk.domain.attested import AttestationRecord, attested_days
from mips_desk.errors import BadInputError

from .connection import row, rows

if TYPE_CHECKING:
    from .transaction import Tx
    from .vault import Vault

_OF_YEAR = "SELECT * FROM attested WHERE year = ? ORDER BY attested_on, recorded_at, id"
_NOW = "SELECT 1 FROM attested_now WHERE id = ? AND year = ?"


def attestations(vault: "Vault", year: int) -> tuple[AttestationRecord, ...]:
    """Return all records of a year, also those that were replaced, by the day of the attestation."""
    with vault.reading() as db:
        return tuple(map(record_of, rows(db, _OF_YEAR, year)))


def days_of(db: Database, year: int) -> dict[str, date]:
    """Return the day on which each activity of a year was attested first."""
    return attested_days(map(record_of, rows(db, _OF_YEAR, year)))


def reported_years(db: Database, activity_id: str) -> tuple[int, ...]:
    """Return the years in which an activity was attested, oldest first."""
    found = rows(
        db,
        "SELECT DISTINCT year FROM attested_now, json_each(attested_now.activities) WHERE json_each.value = ?"
        " ORDER BY year",
        activity_id,
    )
    return tuple(each["year"] for each in found)


def attest(tx: "Tx", record: AttestationRecord) -> AttestationRecord:
    """Write a record down.

    Args:
        tx: the transaction, of `Event.ATTESTATION_RECORDED`.
        record: what was attested; its identifier, and when and by whom it is written down, are filled in here.

    Returns:
        The record as stored.

    Raises:
        BadInputError: a record that it replaces is not in force, or it names no activity and replaces nothing.
        YearClosedError: the year is closed.
    """
    tx.refuse_closed(record.year)
    if not record.activities and not record.replaces:
        raise BadInputError("Choose what was attested. Nothing was recorded.")
    for each in record.replaces:
        if row(tx.db, _NOW, each, record.year) is None:
            raise BadInputError("This record was corrected already. Nothing was recorded; look at it again.")
    record = replace(record, id=tx.new_id(), recorded_at=tx.at, recorded_by=tx.person.name)
    new = _row(record)
    tx.db.table("attestation").insert(new)
    tx.note_did("add_attestation", **new)
    return record


def record_of(found: Mapping[str, Any]) -> AttestationRecord:
    """Return the record that a row of `attested` holds."""
    return AttestationRecord(
        id=found["id"],
        year=found["year"],
        activities=tuple(json.loads(found["activities"])),
        on=date.fromisoformat(found["attested_on"]),
        by=found["attested_by"],
        through=found["through"],
        reference=found["reference"],
        receipt_id=found["receipt_id"],
        note=found["note"],
        replaces=tuple(json.loads(found["replaces"])),
        recorded_at=datetime.fromisoformat(found["recorded_at"]) if found["recorded_at"] else None,
        recorded_by=found["recorded_by"],
    )


def _row(record: AttestationRecord) -> dict[str, Any]:
    assert record.recorded_at is not None, "filled in before"
    return {
        "id": record.id,
        "year": record.year,
        "activities": json.dumps(record.activities),
        "attested_on": record.on.isoformat(),
        "attested_by": record.by,
        "through": record.through,
        "reference": record.reference,
        "receipt_id": record.receipt_id,
        "note": record.note,
        "replaces": json.dumps(record.replaces),
        "recorded_at": record.recorded_at.isoformat(),
        "recorded_by": record.recorded_by,
    }
