"""The journal: who did what and when, each entry sealed with a hash over itself and the entry before.

The hash of an entry is SHA-256 over the hash of the entry before (64 hex digits; zeros before the first), a line feed,
and the entry as canonical JSON: one object with the keys at, change, event, person_id, person_name, seq, in this
order, UTF-8, no spaces. Anybody can recompute it from a printed or exported journal.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from mips_desk.domain.practice import Person

from .clock import clock_note
from .connection import row

START_HASH = "0" * 64


class Event(StrEnum):
    """What was done: one member per kind of command."""

    VAULT_CREATED = "vault_created"
    VAULT_UPDATED = "vault_updated"
    LOGIN = "login"
    PRACTICE_CHANGED = "practice_changed"
    CLINICIANS_CHANGED = "clinicians_changed"
    PROFILE_CHANGED = "profile_changed"
    ACTIVITY_ADDED = "activity_added"
    ACTIVITY_REMOVED = "activity_removed"
    ACTIVITY_RESTORED = "activity_restored"
    SELECTION_CHANGED = "selection_changed"
    EVIDENCE_ADDED = "evidence_added"
    EVIDENCE_CHANGED = "evidence_changed"
    EVIDENCE_REMOVED = "evidence_removed"
    EVIDENCE_RESTORED = "evidence_restored"
    MARKS_CHANGED = "marks_changed"
    LOOKED_AT = "looked_at"
    USES_ADDED = "uses_added"
    USES_REMOVED = "uses_removed"
    USES_RESTORED = "uses_restored"
    BINDER_EXPORTED = "binder_exported"
    PACKAGE_WRITTEN = "package_written"
    SUBMISSION_WRITTEN = "submission_written"
    ATTESTATION_RECORDED = "attestation_recorded"
    AUDIT_STARTED = "audit_started"
    AUDIT_CHANGED = "audit_changed"
    AUDIT_CLOSED = "audit_closed"
    AUDIT_REOPENED = "audit_reopened"
    REQUEST_ADDED = "request_added"
    REQUEST_CHANGED = "request_changed"
    ANSWER_SENT = "answer_sent"
    DRILL_STARTED = "drill_started"
    DRILL_ANSWERED = "drill_answered"
    OFFICIAL_LOADED = "official_loaded"
    LOGIN_FAILED = "login_failed"
    ORIGINAL_VIEWED = "original_viewed"
    JOURNAL_EXPORTED = "journal_exported"
    SETTINGS_CHANGED = "settings_changed"
    PERSON_ADDED = "person_added"
    PERSON_CHANGED = "person_changed"
    PERSON_REMOVED = "person_removed"
    PASSPHRASE_CHANGED = "passphrase_changed"
    RECOVERY_SHEET_MADE = "recovery_sheet_made"
    RECOVERY_SHEET_TRIED = "recovery_sheet_tried"
    RECOVERY_SHEET_USED = "recovery_sheet_used"
    COMPUTER_TRUSTED = "computer_trusted"
    COMPUTER_FORGOTTEN = "computer_forgotten"
    KEYS_STRENGTHENED = "keys_strengthened"
    KEYS_CHANGED_OUTSIDE = "keys_changed_outside"
    VAULT_REKEYED = "vault_rekeyed"
    VAULT_CHECKED = "vault_checked"
    BACKUP_MADE = "backup_made"
    VAULT_RESTORED = "vault_restored"
    VAULT_MOVED = "vault_moved"
    YEAR_CLOSED = "year_closed"
    YEAR_REOPENED = "year_reopened"
    ORIGINALS_DESTROYED = "originals_destroyed"
    HANDOVER_WRITTEN = "handover_written"
    HANDOVER_READ = "handover_read"
    CONFLICT_SETTLED = "conflict_settled"
    NOTES_UNREADABLE = "notes_unreadable"
    CERTIFICATE_MADE = "certificate_made"
    UNKNOWN = "unknown"

    @property
    def in_words(self) -> str:
        """The event as a person reads it."""
        return _IN_WORDS[self]

    @classmethod
    def _missing_(cls, value: object) -> "Event":
        """Stand in for an event that only a newer version knows."""
        return cls.UNKNOWN


_IN_WORDS = {
    Event.VAULT_CREATED: "Practice started",
    Event.VAULT_UPDATED: "Vault brought up to date",
    Event.LOGIN: "Vault opened",
    Event.PRACTICE_CHANGED: "Practice changed",
    Event.CLINICIANS_CHANGED: "Clinicians changed",
    Event.PROFILE_CHANGED: "Year set up",
    Event.ACTIVITY_ADDED: "Activity chosen",
    Event.ACTIVITY_REMOVED: "Activity removed",
    Event.ACTIVITY_RESTORED: "Activity brought back",
    Event.SELECTION_CHANGED: "Activity described",
    Event.EVIDENCE_ADDED: "Evidence added",
    Event.EVIDENCE_CHANGED: "Evidence described",
    Event.EVIDENCE_REMOVED: "Evidence removed",
    Event.EVIDENCE_RESTORED: "Evidence brought back",
    Event.MARKS_CHANGED: "Marks changed",
    Event.LOOKED_AT: "Evidence looked at",
    Event.USES_ADDED: "Dates of use logged",
    Event.USES_REMOVED: "Dates of use removed",
    Event.USES_RESTORED: "Dates of use brought back",
    Event.BINDER_EXPORTED: "Binder exported",
    Event.PACKAGE_WRITTEN: "Audit package written",
    Event.SUBMISSION_WRITTEN: "Submission file written",
    Event.ATTESTATION_RECORDED: "Attestation recorded",
    Event.AUDIT_STARTED: "Audit notice entered",
    Event.AUDIT_CHANGED: "Audit notice changed",
    Event.AUDIT_CLOSED: "Audit closed",
    Event.AUDIT_REOPENED: "Audit reopened",
    Event.REQUEST_ADDED: "Audit request entered",
    Event.REQUEST_CHANGED: "Audit request changed",
    Event.ANSWER_SENT: "Answer sent",
    Event.DRILL_STARTED: "Practice drill started",
    Event.DRILL_ANSWERED: "Practice drill answered",
    Event.OFFICIAL_LOADED: "CMS's text loaded",
    Event.LOGIN_FAILED: "Failed to open",
    Event.ORIGINAL_VIEWED: "Original looked at",
    Event.JOURNAL_EXPORTED: "Journal exported",
    Event.SETTINGS_CHANGED: "Settings changed",
    Event.PERSON_ADDED: "Person added",
    Event.PERSON_CHANGED: "Person changed",
    Event.PERSON_REMOVED: "Person removed",
    Event.PASSPHRASE_CHANGED: "Passphrase changed",
    Event.RECOVERY_SHEET_MADE: "Recovery sheet made",
    Event.RECOVERY_SHEET_TRIED: "Recovery sheet tried",
    Event.RECOVERY_SHEET_USED: "Recovery sheet used",
    Event.COMPUTER_TRUSTED: "Computer trusted",
    Event.COMPUTER_FORGOTTEN: "Computer no longer trusted",
    Event.KEYS_STRENGTHENED: "Keys strengthened",
    Event.KEYS_CHANGED_OUTSIDE: "Key file changed outside MIPS Desk",
    Event.VAULT_REKEYED: "Vault encrypted with a new key",
    Event.VAULT_CHECKED: "Vault checked",
    Event.BACKUP_MADE: "Backup made",
    Event.VAULT_RESTORED: "Restored from a backup",
    Event.VAULT_MOVED: "Vault moved",
    Event.YEAR_CLOSED: "Year closed",
    Event.YEAR_REOPENED: "Year reopened",
    Event.ORIGINALS_DESTROYED: "Originals destroyed",
    Event.HANDOVER_WRITTEN: "Hand-over file written",
    Event.HANDOVER_READ: "Hand-over file read",
    Event.CONFLICT_SETTLED: "Conflict settled",
    Event.NOTES_UNREADABLE: "Waiting notes could not be read",
    Event.CERTIFICATE_MADE: "Certificate made",
    Event.UNKNOWN: "Something only a newer version knows",
}

#: Events that leave what a binder shows as it was.
NOT_CONTENT = (
    Event.VAULT_UPDATED,
    Event.LOGIN,
    Event.BINDER_EXPORTED,
    Event.PACKAGE_WRITTEN,
    Event.SUBMISSION_WRITTEN,
    Event.AUDIT_STARTED,
    Event.AUDIT_CHANGED,
    Event.AUDIT_CLOSED,
    Event.AUDIT_REOPENED,
    Event.REQUEST_ADDED,
    Event.REQUEST_CHANGED,
    Event.ANSWER_SENT,
    Event.DRILL_STARTED,
    Event.DRILL_ANSWERED,
    Event.LOGIN_FAILED,
    Event.ORIGINAL_VIEWED,
    Event.JOURNAL_EXPORTED,
    Event.SETTINGS_CHANGED,
    Event.PERSON_ADDED,
    Event.PERSON_CHANGED,
    Event.PERSON_REMOVED,
    Event.PASSPHRASE_CHANGED,
    Event.RECOVERY_SHEET_MADE,
    Event.RECOVERY_SHEET_TRIED,
    Event.RECOVERY_SHEET_USED,
    Event.COMPUTER_TRUSTED,
    Event.COMPUTER_FORGOTTEN,
    Event.KEYS_STRENGTHENED,
    Event.KEYS_CHANGED_OUTSIDE,
    Event.VAULT_REKEYED,
    Event.VAULT_CHECKED,
    Event.BACKUP_MADE,
    Event.VAULT_RESTORED,
    Event.VAULT_MOVED,
    Event.HANDOVER_WRITTEN,
    Event.NOTES_UNREADABLE,
    Event.CERTIFICATE_MADE,
)

#: Events that only a manager may cause; a helper is refused. A reader causes none but those in `READER_MAY`.
MANAGER_ONLY = frozenset(
    {
        Event.PRACTICE_CHANGED,
        Event.SETTINGS_CHANGED,
        Event.AUDIT_CLOSED,
        Event.AUDIT_REOPENED,
        Event.PERSON_ADDED,
        Event.PERSON_CHANGED,
        Event.PERSON_REMOVED,
        Event.RECOVERY_SHEET_MADE,
        Event.VAULT_REKEYED,
        Event.VAULT_MOVED,
        Event.YEAR_CLOSED,
        Event.YEAR_REOPENED,
        Event.ORIGINALS_DESTROYED,
        Event.HANDOVER_WRITTEN,
        Event.HANDOVER_READ,
        Event.CERTIFICATE_MADE,
    }
)

#: What a reader does that leaves a trace in the journal; it changes nothing else.
READER_MAY = frozenset(
    {
        Event.LOGIN,
        Event.ORIGINAL_VIEWED,
        Event.BINDER_EXPORTED,
        Event.PACKAGE_WRITTEN,
        Event.SUBMISSION_WRITTEN,
        Event.JOURNAL_EXPORTED,
    }
)


_MANAGER_WRITES = frozenset(
    {"put_practice", "put_setting", "put_backup_plan", "put_person", "close_year", "reopen_year", "destroy_original"}
    | {"add_certificate", "close_audit", "reopen_audit"}
)


def takes_manager(change: Mapping[str, Any]) -> bool:
    """Tell whether something was written that only a manager may write, whatever the event.

    Args:
        change: the facts of an entry.
    """
    return any(
        said["do"] in _MANAGER_WRITES
        or (said["do"] == "settle" and (said["kind"] in ("practice", "setting") or said["unit"] == "closed"))
        for said in change.get("did", ())
    )


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry.

    Attributes:
        seq: 1, 2, 3 ... without gaps.
        at: moment by the computer's clock, with its UTC offset.
        person_id: who.
        person_name: who, in words.
        event: what.
        change: the facts, as read from JSON: "did" lists what was written to the vault, other keys are notes.
        prev: hash of the entry before (hex).
        hash: hash of this entry (hex).
    """

    seq: int
    at: datetime
    person_id: str
    person_name: str
    event: Event
    change: Mapping[str, Any]
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the journal is not what was written."""

    seq: int
    what: str


def canonical(value: object) -> str:
    """Return a value as canonical JSON: keys sorted, no spaces, dates as ISO 8601.

    Raises:
        TypeError: it is not made of JSON values, dates, tuples and sets.
        ValueError: it holds a number that JSON does not know.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)


def entry_hash(prev: str, fields: Mapping[str, Any], change: object) -> str:
    """Return the hash of an entry.

    Args:
        prev: hash of the entry before (hex).
        fields: seq, at (text), person_id, person_name, event; other keys are ignored.
        change: the facts.
    """
    entry = {name: fields[name] for name in ("seq", "at", "person_id", "person_name", "event")} | {"change": change}
    return hashlib.sha256(f"{prev}\n{canonical(entry)}".encode()).hexdigest()


def append(
    db: Database, at: datetime, person: Person, event: Event, change: Mapping[str, Any], *, jumped: int = 0
) -> None:
    """Add an entry inside the transaction that is open; what the clock did is noted in it under "clock".

    Args:
        db: the writing database.
        at: the moment, with offset.
        person: who.
        event: what.
        change: the facts.
        jumped: see `clock.clock_note`.
    """
    head = row(
        db, "SELECT head.seq, head.hash, at FROM journal_head AS head LEFT JOIN journal ON journal.seq = head.seq"
    )
    assert head is not None, "the first migration makes the head"
    facts = json.loads(canonical(change))
    if clock := clock_note(head["at"] or "", at, jumped):
        facts["clock"] = clock
    entry = {
        "seq": head["seq"] + 1,
        "at": at.isoformat(),
        "person_id": person.id,
        "person_name": person.name,
        "event": str(event),
        "change": canonical(facts),
        "prev": head["hash"],
    }
    entry["hash"] = entry_hash(head["hash"], entry, facts)
    db.table("journal").insert(entry)
    db.execute("UPDATE journal_head SET seq = ?, hash = ?", (entry["seq"], entry["hash"]))


def entry_of(found: Mapping[str, Any]) -> JournalEntry:
    """Return the entry that a row holds."""
    return JournalEntry(
        seq=found["seq"],
        at=datetime.fromisoformat(found["at"]),
        person_id=found["person_id"],
        person_name=found["person_name"],
        event=Event(found["event"]),
        change=json.loads(found["change"]),
        prev=found["prev"],
        hash=found["hash"],
    )


def first_break(entries: Iterable[Mapping[str, Any]], head_seq: int, head_hash: str) -> Break | None:
    """Return the first entry that is not as it was written, or None when the chain is whole.

    Args:
        entries: the rows of the journal in order of seq.
        head_seq: number of the newest entry as kept apart from the journal.
        head_hash: its hash as kept apart.
    """
    prev, expected = START_HASH, 1
    for found in entries:
        if found["seq"] != expected:
            return Break(expected, "is missing")
        if found["prev"] != prev:
            return Break(expected, "does not follow from the entry before it")
        if not is_sealed(found):
            return Break(expected, "was changed after it was written")
        prev, expected = found["hash"], expected + 1
    if expected - 1 < head_seq:
        return Break(expected, "is missing")
    if (expected - 1, prev) != (head_seq, head_hash):
        return Break(expected - 1, "is not the newest entry that was written")
    return None


def is_sealed(found: Mapping[str, Any]) -> bool:
    """Tell whether a row of a journal is as its hash says; whether it follows from another one is not asked."""
    try:
        change = json.loads(found["change"])
        return (canonical(change), entry_hash(found["prev"], found, change)) == (found["change"], found["hash"])
    except (ValueError, UnicodeEncodeError):
        return False


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot stand in a journal entry")
