"""Closed years: what was closed, by whom, and a fingerprint that tells whether it still is what was closed.

The fingerprint is SHA-256 over canonical JSON of all that a binder of the year is made from. Removed records are left
out, for no binder shows them; to remove or to bring one back changes the fingerprint. Of originals and marks their
hashes stand for the bytes, so that it stays the same after originals were destroyed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from mips_desk.domain.official import OfficialList
from mips_desk.domain.practice import Clinician, Practice
from mips_desk.errors import BadInputError

from . import records, retention
from .connection import row, rows, value
from .errors import YearClosedError
from .journal import canonical

if TYPE_CHECKING:
    from .transaction import Tx
    from .vault import Vault

#: Changes whenever the fingerprint is made of other things; each old one must then still be known here.
_FORMAT = 1
_PROFILE = (
    "level",
    "track",
    "special_statuses",
    "mvp_id",
    "npis_total",
    "eligible_clinicians",
    "missing_categories",
    "apm_participant",
    "submitted_quality",
    "submitted_pi",
    "euc_exception",
    "web_interface_apm",
    "pcmh_sites_total",
    "pcmh_sites_recognised",
)
_SELECTION = ("id", "activity_id", "period_start", "period_end", "story", "private_note", "attested_on")
_EVIDENCE = (
    "id",
    "selection_id",
    "number",
    "origin",
    "sha256",
    "media_type",
    "width",
    "height",
    "source",
    "taken_at",
    "taken_by",
    "host",
    "window_title",
    "file_name",
    "scale",
    "caption",
    "shows_date",
    "option_key",
    "outside_reason",
    "address",
    "clinician_ids",
    "marks_revision",
    "redactions",
    "other_marks",
    "no_identifiers",
    "looked_at_by",
    "looked_at_on",
)
_ATTESTATION = (
    "id",
    "activities",
    "attested_on",
    "attested_by",
    "through",
    "reference",
    "receipt_id",
    "note",
    "replaces",
    "recorded_at",
    "recorded_by",
)
_USE = ("id", "selection_id", "day", "count", "note", "clinician_id", "evidence_id")


@dataclass(frozen=True, slots=True)
class Closing:
    """One closing of a year.

    Attributes:
        id: identifier of the record.
        year: performance year.
        at: when it was closed.
        by: name of the person who closed it.
        fingerprint: of everything that a binder of the year is made from (hex).
        rules: hash of the rules and the catalog of the year as they were (hex).
        practice: the practice as it was.
        clinicians: the clinicians of the year as they were, in order of entry.
        reported: of each activity chosen, the last year before in which it was attested, where there is one.
        official_seq: newest record of CMS's texts as it was; 0 when there was none.
        reopened_at: when the year was reopened, or None while it is closed.
        reopened_by: name of the person who reopened it.
        reopened_reason: why.
    """

    id: str
    year: int
    at: datetime
    by: str
    fingerprint: str
    rules: str
    practice: Practice
    clinicians: tuple[Clinician, ...]
    reported: Mapping[str, int]
    official_seq: int
    reopened_at: datetime | None = None
    reopened_by: str = ""
    reopened_reason: str = ""


def closings(vault: "Vault", year: int) -> tuple[Closing, ...]:
    """Return every closing of a year, oldest first; the last one is in force unless it was reopened."""
    with vault.reading() as db:
        return tuple(map(_closing_of, rows(db, "SELECT * FROM closing WHERE year = ? ORDER BY seq", year)))


def closing_of(vault: "Vault", year: int) -> Closing | None:
    """Return the closing of a year, or None while it is open."""
    with vault.reading() as db:
        found = _in_force(db, year)
        return _closing_of(found) if found else None


def official_of(vault: "Vault", year: int, closed: Closing | None) -> OfficialList | None:
    """Return CMS's texts of a year: those in use, or for a closed year those that were in use when it was closed.

    Args:
        vault: the vault.
        year: of the texts; need not be the closed year.
        closed: the closing of the year that is shown, or None.
    """
    if closed is None:
        return vault.official(year)
    with vault.reading() as db:
        found = row(
            db,
            "SELECT * FROM official WHERE year = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
            year,
            closed.official_seq,
        )
        return records.official_of(found) if found else None


def close_year(tx: "Tx", year: int, *, rules: str, reported: Mapping[str, int]) -> str:
    """Close a year: from now on nothing that belongs to it can be changed.

    Args:
        tx: the transaction, of `Event.YEAR_CLOSED`.
        year: performance year.
        rules: hash of the rules and the catalog of the year (hex).
        reported: see `Closing.reported`.

    Returns:
        The fingerprint.

    Raises:
        BadInputError: the year was never set up.
        YearClosedError: it is closed already.
    """
    db = tx.db
    tx.refuse_closed(year)
    if value(db, "SELECT 1 FROM profile WHERE year = ?", year) is None:
        raise BadInputError(f"{year} was never set up in this practice. Nothing was changed.")
    live = rows(db, "SELECT * FROM clinician WHERE removed_at IS NULL ORDER BY seq")
    clinicians = [
        {"id": each.id} | records.clinician_row(each)
        for each in map(records.clinician_of, live)
        if each.belongs_to(year)
    ]
    practice = row(db, "SELECT name, tin, address FROM practice")
    new = {
        "id": tx.new_id(),
        "year": year,
        "closed_at": tx.at.isoformat(),
        "closed_by": tx.person.name,
        "rules": rules,
        "practice": canonical(practice),
        "clinicians": canonical(clinicians),
        "reported": canonical(dict(reported)),
        "official_seq": value(db, "SELECT max(seq) FROM official") or 0,
    }
    new["fingerprint"] = fingerprint(db, new)
    db.table("closing").insert(new)
    facts = {name: new[name] for name in ("rules", "practice", "clinicians", "reported")}
    tx.note_did("close_year", id=new["id"], **sealed(new), **facts)
    return str(new["fingerprint"])


def reopen_year(tx: "Tx", year: int, reason: str) -> None:
    """Let a closed year be changed again; the record of its closing stays.

    Args:
        tx: the transaction, of `Event.YEAR_REOPENED`.
        year: performance year.
        reason: why, in the person's words.

    Raises:
        BadInputError: the year is not closed, or there is no reason.
    """
    found = _in_force(tx.db, year)
    if found is None:
        raise BadInputError(f"{year} is not closed. Nothing was changed.")
    if not reason.strip():
        raise BadInputError(f"Say why {year} is reopened; the reason is kept with it. Nothing was changed.")
    new = {"reopened_at": tx.at.isoformat(), "reopened_by": tx.person.name, "reopened_reason": reason.strip()}
    tx.db.table("closing").update(found["seq"], new)
    tx.note_did("reopen_year", id=found["id"], year=year, **new)


def close_elsewhere(db: Database, said: Mapping[str, Any]) -> bool:
    """Close a year that another desktop closed, where all that belongs to it is the same here.

    Args:
        db: the writing database.
        said: what that desktop's journal says of it.

    Returns:
        Whether it is, or was before; False: it holds something else here.
    """
    if value(db, "SELECT 1 FROM closing WHERE id = ?", said["id"]) or _in_force(db, said["year"]):
        return True
    names = ("id", "year", "closed_at", "closed_by", "fingerprint", "rules", "practice", "clinicians", "reported")
    new = {name: said[name] for name in names}
    new["official_seq"] = value(db, "SELECT max(seq) FROM official") or 0
    if fingerprint(db, new) != said["fingerprint"]:
        return False
    db.table("closing").insert(new)
    return True


def refuse_closed(db: Database, year: int) -> None:
    """Refuse what would change a year that is closed.

    Raises:
        YearClosedError: it is.
    """
    if _in_force(db, year):
        raise YearClosedError(year)


def sealed(closing: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the journal says of a closing, from its row."""
    return {name: closing[name] for name in ("year", "closed_at", "closed_by", "fingerprint", "official_seq")}


def reopening(closing: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the journal says of the reopening of a year, from its row."""
    return {name: closing[name] for name in ("year", "reopened_at", "reopened_by", "reopened_reason")}


def changed_years(db: Database) -> list[int]:
    """Return the closed years whose content is not what was closed, oldest first."""
    found = rows(db, "SELECT * FROM closing WHERE reopened_at IS NULL ORDER BY year")
    return [each["year"] for each in found if fingerprint(db, each) != each["fingerprint"]]


def fingerprint(db: Database, closing: Mapping[str, Any]) -> str:
    """Return the fingerprint of a year (hex).

    Args:
        db: the database.
        closing: the record of its closing; of the practice and of what does not belong to the year, this counts.
    """
    year = closing["year"]
    official = rows(
        db,
        "SELECT year, sha256 FROM official AS each WHERE year IN (?, ?) AND seq = ("
        "SELECT max(seq) FROM official WHERE official.year = each.year AND seq <= ?)",
        year - 1,  # whose texts stand in for those that the year lacks
        year,
        closing["official_seq"],
    )
    evidence = rows(
        db,
        "SELECT evidence.* FROM evidence JOIN selection ON selection.id = evidence.selection_id"
        " WHERE selection.year = ? AND evidence.removed_at IS NULL AND selection.removed_at IS NULL",
        year,
    )
    content = {
        "format": _FORMAT,
        "year": year,
        "rules": closing["rules"],
        "practice": json.loads(closing["practice"]),
        "clinicians": _by_id(json.loads(closing["clinicians"])),
        "reported": json.loads(closing["reported"]),
        "official": {str(each["year"]): each["sha256"] for each in official},
        "profile": _only(rows(db, "SELECT * FROM profile WHERE year = ?", year), _PROFILE),
        "selections": _only(
            rows(db, "SELECT * FROM selection WHERE year = ? AND removed_at IS NULL", year), _SELECTION
        ),
        "evidence": _by_id(
            {name: each[name] for name in _EVIDENCE} | {"marks": _marks_hash(db, each)} for each in evidence
        ),
        "uses": _only(
            rows(
                db,
                "SELECT use_entry.* FROM use_entry JOIN selection ON selection.id = use_entry.selection_id"
                " WHERE selection.year = ? AND use_entry.removed_at IS NULL AND selection.removed_at IS NULL",
                year,
            ),
            _USE,
        ),
    }
    # Only where there is one, so that years closed before there were any still have the fingerprint that they had.
    if attestations := rows(db, "SELECT * FROM attestation WHERE year = ?", year):
        content["attestations"] = _only(attestations, _ATTESTATION)
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _marks_hash(db: Database, found: Mapping[str, Any]) -> str:
    """Return the hash of the newest marks of an item, kept in its tombstone when the bytes are gone; else empty."""
    newest = (found["id"], found["marks_revision"], found["marks_origin"])
    kept = retention.marks_hash(db, *newest)
    if kept is not None:
        return kept
    data = value(db, "SELECT data FROM marks WHERE evidence_id = ? AND revision = ? AND origin = ?", *newest)
    return hashlib.sha256(data).hexdigest() if data is not None else ""


def _only(found: Iterable[Mapping[str, Any]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return _by_id({name: each[name] for name in names} for each in found)


def _by_id(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sort by identifier: the order of entry differs between two desktops that hold the same."""
    return sorted(found, key=lambda each: str(each.get("id", "")))


def _in_force(db: Database, year: int) -> dict[str, Any] | None:
    return row(db, "SELECT * FROM closing WHERE year = ? AND reopened_at IS NULL", year)


def _closing_of(found: Mapping[str, Any]) -> Closing:
    return Closing(
        id=found["id"],
        year=found["year"],
        at=datetime.fromisoformat(found["closed_at"]),
        by=found["closed_by"],
        fingerprint=found["fingerprint"],
        rules=found["rules"],
        practice=records.practice_of(json.loads(found["practice"])),
        clinicians=tuple(map(records.clinician_of, json.loads(found["clinicians"]))),
        reported=json.loads(found["reported"]),
        official_seq=found["official_seq"],
        reopened_at=datetime.fromisoformat(found["reopened_at"]) if found["reopened_at"] else None,
        reopened_by=found["reopened_by"],
        reopened_reason=found["reopened_reason"],
    )
