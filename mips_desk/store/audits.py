"""Audits with their requests and what was sent, and practice drills. All of it may be written in closed years."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from mips_desk.domain.audit import Audit, AuditRequest, Drill, DrillAnswer, RequestState, Sent

from .connection import row, rows
from .errors import NotInVaultError, YearUnderAuditError

if TYPE_CHECKING:
    from .transaction import Tx
    from .vault import Vault

_UNDER_AUDIT = (
    "SELECT * FROM audit WHERE closed_at IS NULL AND (?1 IN (SELECT value FROM json_each(audit.years))"
    " OR EXISTS (SELECT 1 FROM audit_request WHERE audit_id = audit.id AND year = ?1 AND state != 'withdrawn'))"
    " ORDER BY letter_on, id LIMIT 1"
)


def audits(vault: "Vault") -> tuple[Audit, ...]:
    """Return all audits by the date of the notice, newest first."""
    with vault.reading() as db:
        return tuple(map(audit_of, rows(db, "SELECT * FROM audit ORDER BY letter_on DESC, id DESC")))


def audit(vault: "Vault", audit_id: str) -> Audit:
    """Return an audit.

    Raises:
        NotInVaultError: there is none.
    """
    with vault.reading() as db:
        return audit_of(_audit(db, audit_id))


def requests(vault: "Vault", audit_id: str) -> tuple[AuditRequest, ...]:
    """Return the requests of an audit by number."""
    with vault.reading() as db:
        found = rows(db, "SELECT * FROM audit_request WHERE audit_id = ? ORDER BY number, id", audit_id)
        return tuple(map(request_of, found))


def request(vault: "Vault", request_id: str) -> AuditRequest:
    """Return a request.

    Raises:
        NotInVaultError: there is none.
    """
    with vault.reading() as db:
        return request_of(_request(db, request_id))


def sent(vault: "Vault", request_id: str) -> tuple[Sent, ...]:
    """Return what was sent for a request, oldest first."""
    with vault.reading() as db:
        found = rows(db, "SELECT * FROM audit_sent WHERE request_id = ? ORDER BY sent_on, at, id", request_id)
        return tuple(map(sent_of, found))


def under_audit(vault: "Vault", year: int) -> Audit | None:
    """Return the oldest audit that runs and asks about a year, or None."""
    with vault.reading() as db:
        found = row(db, _UNDER_AUDIT, year)
        return audit_of(found) if found else None


def refuse_under_audit(db: Database, year: int) -> None:
    """Refuse to destroy what belongs to a year that an audit asks about.

    Raises:
        YearUnderAuditError: one does, and runs.
    """
    if found := row(db, _UNDER_AUDIT, year):
        raise YearUnderAuditError(year, date.fromisoformat(found["letter_on"]))


def put_audit(tx: "Tx", audit: Audit) -> Audit:
    """Add an audit, or change what is said of the one with the same identifier; whether it is closed stays.

    Args:
        tx: the transaction.
        audit: with an empty identifier for a new one.

    Returns:
        The audit with its identifier.
    """
    new = {
        "letter_on": audit.letter_on.isoformat(),
        "sender": audit.sender,
        "reference": audit.reference,
        "years": json.dumps(sorted(set(audit.years))),
        "days": audit.days,
        "note": audit.note,
    }
    if audit.id:
        tx.put_row("audit", _audit(tx.db, audit.id), new, do="put_audit", id=audit.id)
        return audit
    audit = replace(audit, id=tx.new_id())
    tx.put_row("audit", None, new, do="put_audit", id=audit.id)
    return audit


def close_audit(tx: "Tx", audit_id: str, outcome: str) -> None:
    """Close an audit.

    Args:
        tx: the transaction, of `Event.AUDIT_CLOSED`.
        audit_id: the audit.
        outcome: what came of it, in words.
    """
    _set_closed(tx, audit_id, "close_audit", closed_at=tx.at.isoformat(), closed_by=tx.person.name, outcome=outcome)


def reopen_audit(tx: "Tx", audit_id: str) -> None:
    """Let a closed audit run again.

    Args:
        tx: the transaction, of `Event.AUDIT_REOPENED`.
        audit_id: the audit.
    """
    _set_closed(tx, audit_id, "reopen_audit", closed_at=None, closed_by="", outcome="")


def _set_closed(tx: "Tx", audit_id: str, do: str, **new: str | None) -> None:
    tx.db.table("audit").update(_audit(tx.db, audit_id)["seq"], new)
    tx.note_did(do, id=audit_id, **new)


def put_request(tx: "Tx", request: AuditRequest) -> AuditRequest:
    """Add a request, or change the one with the same identifier; its audit stays.

    Args:
        tx: the transaction.
        request: with an empty identifier for a new one.

    Returns:
        The request with its identifier.
    """
    new = {
        "number": request.number,
        "request": request.text,
        "year": request.year,
        "activities": json.dumps(request.activities),
        "due_on": request.due.isoformat() if request.due else None,
        "state": str(request.state),
        "note": request.note,
    }
    if request.id:
        old = _request(tx.db, request.id)
        tx.put_row("audit_request", old, new, do="put_audit_request", id=request.id, number=old["number"])
        return request
    _audit(tx.db, request.audit_id)
    request = replace(request, id=tx.new_id())
    tx.put_row("audit_request", None, new, do="put_audit_request", id=request.id, audit_id=request.audit_id)
    return request


def add_sent(tx: "Tx", sent: Sent) -> Sent:
    """Record that something was sent; such a record is never changed.

    Args:
        tx: the transaction, of `Event.ANSWER_SENT`.
        sent: its identifier, and when and by whom it is written down, are filled in here.

    Returns:
        The record as stored.
    """
    number = _request(tx.db, sent.request_id)["number"]
    sent = replace(sent, id=tx.new_id(), at=tx.at, by=tx.person.name)
    new = {
        "id": sent.id,
        "request_id": sent.request_id,
        "export_id": sent.export_id,
        "file_name": sent.file_name,
        "sha256": sent.sha256,
        "how": sent.how,
        "sent_on": sent.on.isoformat(),
        "at": sent.at.isoformat(),
        "person": sent.by,
        "note": sent.note,
    }
    tx.db.table("audit_sent").insert(new)
    tx.note_did("add_audit_sent", number=number, **new)
    return sent


def drills(vault: "Vault", year: int | None = None) -> tuple[Drill, ...]:
    """Return the practice drills, newest first.

    Args:
        vault: the vault.
        year: only of this performance year; None: of all.
    """
    with vault.reading() as db:
        found = rows(db, "SELECT * FROM drill WHERE ?1 IS NULL OR year = ?1 ORDER BY id DESC", year)
        return tuple(_drill_of(db, each) for each in found)


def drill(vault: "Vault", drill_id: str) -> Drill:
    """Return a practice drill.

    Raises:
        NotInVaultError: there is none.
    """
    with vault.reading() as db:
        return _drill_of(db, _drill(db, drill_id))


def add_drill(tx: "Tx", year: int, picked: tuple[str, ...]) -> str:
    """Record that a drill started at the moment of the transaction.

    Args:
        tx: the transaction, of `Event.DRILL_STARTED`.
        year: performance year.
        picked: identifiers of the activities.

    Returns:
        Its identifier.
    """
    new = {
        "id": tx.new_id(),
        "year": year,
        "picked": json.dumps(picked),
        "started_at": tx.at.isoformat(),
        "started_by": tx.person.name,
    }
    tx.db.table("drill").insert(new)
    tx.note_did("add_drill", **new)
    return str(new["id"])


def add_drill_answer(tx: "Tx", drill_id: str, activity_id: str, export_id: str, missing: tuple[str, ...]) -> None:
    """Record that an activity of a drill was answered at the moment of the transaction.

    Args:
        tx: the transaction, of `Event.DRILL_ANSWERED`.
        drill_id: the drill.
        activity_id: the activity.
        export_id: the export that was written; empty: none.
        missing: what the proof lacked.
    """
    new = {
        "id": tx.new_id(),
        "drill_id": _drill(tx.db, drill_id)["id"],
        "activity_id": activity_id,
        "at": tx.at.isoformat(),
        "export_id": export_id,
        "missing": json.dumps(missing),
    }
    tx.db.table("drill_answer").insert(new)
    tx.note_did("add_drill_answer", **new)


def audit_of(found: Mapping[str, Any]) -> Audit:
    """Return the audit that a row holds."""
    return Audit(
        id=found["id"],
        letter_on=date.fromisoformat(found["letter_on"]),
        sender=found["sender"],
        reference=found["reference"],
        years=tuple(json.loads(found["years"])),
        days=found["days"],
        note=found["note"],
        closed_at=datetime.fromisoformat(found["closed_at"]) if found["closed_at"] else None,
        closed_by=found["closed_by"],
        outcome=found["outcome"],
    )


def request_of(found: Mapping[str, Any]) -> AuditRequest:
    """Return the request that a row holds."""
    return AuditRequest(
        id=found["id"],
        audit_id=found["audit_id"],
        number=found["number"],
        text=found["request"],
        year=found["year"],
        activities=tuple(json.loads(found["activities"])),
        due=date.fromisoformat(found["due_on"]) if found["due_on"] else None,
        state=RequestState(found["state"]),
        note=found["note"],
    )


def sent_of(found: Mapping[str, Any]) -> Sent:
    """Return the record of something sent that a row holds."""
    return Sent(
        id=found["id"],
        request_id=found["request_id"],
        export_id=found["export_id"],
        file_name=found["file_name"],
        sha256=found["sha256"],
        how=found["how"],
        on=date.fromisoformat(found["sent_on"]),
        at=datetime.fromisoformat(found["at"]),
        by=found["person"],
        note=found["note"],
    )


def answer_of(found: Mapping[str, Any]) -> DrillAnswer:
    """Return the answer that a row holds."""
    return DrillAnswer(
        activity_id=found["activity_id"],
        at=datetime.fromisoformat(found["at"]),
        export_id=found["export_id"],
        missing=tuple(json.loads(found["missing"])),
    )


def _drill_of(db: Database, found: Mapping[str, Any]) -> Drill:
    # Two desktops may both have answered; whose answer came first counts on both.
    answers: dict[str, DrillAnswer] = {}
    given = map(answer_of, rows(db, "SELECT * FROM drill_answer WHERE drill_id = ? ORDER BY id", found["id"]))
    for each in sorted(given, key=lambda each: each.at.astimezone(UTC)):
        answers.setdefault(each.activity_id, each)
    return Drill(
        id=found["id"],
        year=found["year"],
        picked=tuple(json.loads(found["picked"])),
        started_at=datetime.fromisoformat(found["started_at"]),
        started_by=found["started_by"],
        answers=tuple(answers.values()),
    )


def _audit(db: Database, audit_id: str) -> dict[str, Any]:
    return _found(db, "SELECT * FROM audit WHERE id = ?", audit_id, "This audit")


def _request(db: Database, request_id: str) -> dict[str, Any]:
    return _found(db, "SELECT * FROM audit_request WHERE id = ?", request_id, "This request")


def _drill(db: Database, drill_id: str) -> dict[str, Any]:
    return _found(db, "SELECT * FROM drill WHERE id = ?", drill_id, "This practice drill")


def _found(db: Database, sql: str, record_id: str, what: str) -> dict[str, Any]:
    found = row(db, sql, record_id)
    if found is None:
        raise NotInVaultError(what)
    return found
