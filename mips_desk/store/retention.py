"""Originals destroyed on purpose: the only way out of a vault, and the tombstone that each leaves."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from mips_desk.domain import phrases
from mips_desk.domain.evidence import exhibit_number
from mips_desk.errors import BadInputError

from . import audits
from .connection import row, rows, value
from .errors import NotInVaultError, OriginalDestroyedError
from .opening import remove_old_copies

if TYPE_CHECKING:
    from .transaction import Tx
    from .vault import Vault

_OF_YEAR = (
    "SELECT evidence.id, evidence.number, letter, evidence.sha256, evidence.caption, evidence.removed_reason,"
    " coalesce(evidence.removed_at, selection.removed_at) AS removed_at,"
    " selection.removed_at AS activity_removed_at, selection.year, selection.activity_id,"
    " original.size FROM evidence JOIN selection ON selection.id = evidence.selection_id"
    " JOIN desktop ON desktop.id = evidence.origin"
    " JOIN original ON original.sha256 = evidence.sha256"
)
_NOT_DESTROYED = "evidence.id NOT IN (SELECT evidence_id FROM tombstone)"
_SHOWN = (
    "SELECT DISTINCT evidence.sha256 FROM evidence WHERE evidence.id NOT IN (SELECT evidence_id FROM tombstone)"
    " AND evidence.id NOT IN (SELECT value FROM json_each(?))"
)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a destroyed original.

    Attributes:
        evidence_id: the evidence item.
        exhibit: its number, as printed.
        year: its performance year.
        sha256: hash of the original (hex).
        size: bytes of the original.
        at: when it was destroyed.
        person: name of the person who did it.
        reason: why, in that person's words.
        early: True: before the day until which it had to be kept.
        kept_until: that day.
        stays: True: the bytes stayed, for another item showed them too; those that belong to this item are gone.
    """

    evidence_id: str
    exhibit: str
    year: int
    sha256: str
    size: int
    at: datetime
    person: str
    reason: str
    early: bool
    kept_until: date
    stays: bool

    @property
    def sentence(self) -> str:
        """When, by whom and why, for a person."""
        return f"The original was destroyed on {phrases.long_day(self.at)} by {self.person}: {_ended(self.reason)}"


@dataclass(frozen=True, slots=True)
class Destroyable:
    """An evidence item whose original is still there, removed ones included.

    Attributes:
        evidence_id: the evidence item.
        exhibit: its number, as printed.
        year: its performance year.
        caption: what it shows.
        size: bytes of the original.
        removed_at: when it, or its activity, was removed; None for an item in use.
        removed_reason: why, in a person's words; may be empty.
        removed_activity: the activity that must be chosen again before the item is there again; empty: none.
    """

    evidence_id: str
    exhibit: str
    year: int
    caption: str
    size: int
    removed_at: datetime | None
    removed_reason: str
    removed_activity: str


def tombstones(vault: "Vault", year: int) -> tuple[Tombstone, ...]:
    """Return the tombstones of a year, oldest first."""
    with vault.reading() as db:
        return tuple(
            map(_tombstone_of, rows(db, f"{_TOMBSTONES} WHERE selection.year = ? ORDER BY tombstone.seq", year))
        )


def destroyable(vault: "Vault", year: int) -> tuple[Destroyable, ...]:
    """Return the evidence items of a year whose originals are still there, in order of entry."""
    with vault.reading() as db:
        found = rows(db, f"{_OF_YEAR} WHERE selection.year = ? AND {_NOT_DESTROYED} ORDER BY evidence.seq", year)
        return tuple(map(_destroyable_of, found))


def destroyable_item(vault: "Vault", evidence_id: str) -> Destroyable:
    """Return an evidence item whose original is still there.

    Raises:
        NotInVaultError: there is no such item.
        OriginalDestroyedError: its original was destroyed already.
    """
    with vault.reading() as db:
        refuse_destroyed(db, evidence_id)
        found = row(db, f"{_OF_YEAR} WHERE evidence.id = ?", evidence_id)
        if found is None:
            raise NotInVaultError("This evidence item")
        return _destroyable_of(found)


def destroy(tx: "Tx", evidence_ids: Sequence[str], *, reason: str, early: bool, kept_until: date) -> int:
    """Destroy the originals and marks of evidence items, and leave a tombstone for each.

    The bytes of an original stay as long as another item shows it. Everything else of the items stays: their records,
    hashes and numbers.

    Args:
        tx: the transaction, of `Event.ORIGINALS_DESTROYED`.
        evidence_ids: the items, live or removed, of open or closed years.
        reason: why, in the person's words.
        early: True: before they may be.
        kept_until: the day until which they must be kept.

    Returns:
        How many originals are gone.

    Raises:
        BadInputError: there is no reason, or no item.
        NotInVaultError: an item is not in the vault.
        OriginalDestroyedError: an item was destroyed already.
        YearUnderAuditError: an audit that runs asks about the year of one.
    """
    db, ids, reason = tx.db, tuple(dict.fromkeys(evidence_ids)), reason.strip()
    if not reason:
        raise BadInputError("Say why; the reason is all that is kept besides the hash. Nothing was destroyed.")
    if not ids:
        raise BadInputError("There is nothing left to destroy. Nothing was changed.")
    found = [_item(db, evidence_id) for evidence_id in ids]
    for year in sorted({item["year"] for item in found}):
        audits.refuse_under_audit(db, year)
    shown_elsewhere = {each["sha256"] for each in rows(db, _SHOWN, json.dumps(ids))}
    for item in found:
        marks = rows(
            db, "SELECT revision, origin, data FROM marks WHERE evidence_id = ? ORDER BY revision, origin", item["id"]
        )
        new = {
            "sha256": item["sha256"],
            "size": item["size"],
            "at": tx.at.isoformat(),
            "person": tx.person.name,
            "reason": reason,
            "early": int(early),
            "kept_until": kept_until.isoformat(),
            "stays": int(item["sha256"] in shown_elsewhere),
            "marks": json.dumps(
                [[each["revision"], each["origin"], hashlib.sha256(each["data"]).hexdigest()] for each in marks]
            ),
        }
        db.table("tombstone").insert({"evidence_id": item["id"]} | new)
        tx.note_did("destroy_original", id=item["id"], **sealed(new))
    gone = {item["sha256"] for item in found} - shown_elsewhere
    _overwrite(db, ids, gone)
    return len(gone)


def destroy_elsewhere(db: Database, said: Mapping[str, Any]) -> None:
    """Destroy what another desktop destroyed; done before it does nothing.

    Args:
        db: the writing database.
        said: what that desktop's journal says of it.
    """
    known = value(db, "SELECT 1 FROM evidence WHERE id = ?", said["id"])
    if known is None or value(db, "SELECT 1 FROM tombstone WHERE evidence_id = ?", said["id"]):
        return
    db.table("tombstone").insert({"evidence_id": said["id"]} | sealed(said))
    _overwrite(db, [said["id"]], {said["sha256"]} if is_destroyed(db, said["sha256"]) else set())


def _overwrite(db: Database, evidence_ids: Sequence[str], gone: set[str]) -> None:
    """Replace bytes by nothing, and let SQLite overwrite the pages that this frees with zeros.

    Copies that updates left in the vault's folder go as well. It does not reach what lies elsewhere: backups, hand-over
    files, what the drive or the file system keeps of overwritten blocks. The write-ahead log may hold old pages until
    it is written over, at the latest when the vault is closed. All of these are encrypted with the key of the vault of
    their time.

    Raises:
        VaultDiskError: such a copy cannot be removed.
    """
    remove_old_copies(Path(value(db, "SELECT file FROM pragma_database_list WHERE name = 'main'")).parent)
    # SQLCipher has it on from the start; what this promises shall not hang on that.
    db.execute("PRAGMA secure_delete = ON").fetchall()
    wanted = json.dumps([*evidence_ids])
    db.execute("UPDATE marks SET data = x'' WHERE evidence_id IN (SELECT value FROM json_each(?))", (wanted,))
    wanted = json.dumps(sorted(gone))
    db.execute("UPDATE original SET data = x'' WHERE sha256 IN (SELECT value FROM json_each(?))", (wanted,))


def refuse_destroyed(db: Database, evidence_id: str) -> None:
    """Refuse to show or to change the picture of an item that was destroyed, also where another item shows it.

    Raises:
        OriginalDestroyedError: it was; says when, by whom and why.
    """
    if found := row(db, f"{_TOMBSTONES} WHERE tombstone.evidence_id = ?", evidence_id):
        raise _error(_tombstone_of(found))


def destroyed_error(db: Database, sha256: str) -> OriginalDestroyedError | None:
    """Return what to say of an original without bytes, or None when it was not destroyed."""
    found = row(db, f"{_TOMBSTONES} WHERE tombstone.sha256 = ? ORDER BY tombstone.seq DESC LIMIT 1", sha256)
    return _error(_tombstone_of(found)) if found else None


def is_destroyed(db: Database, sha256: str) -> bool:
    """Tell whether every evidence item that shows an original has its tombstone, so that no bytes need be there."""
    if value(db, "SELECT 1 FROM tombstone WHERE sha256 = ?", sha256) is None:
        return False
    return value(db, f"{_SHOWN} AND evidence.sha256 = ?", "[]", sha256) is None


def marks_hash(db: Database, evidence_id: str, revision: int, origin: str = "") -> str | None:
    """Return the hash of a revision of marks that was destroyed, or None when it was not.

    Args:
        db: the database.
        evidence_id: the item.
        revision: its number on the desktop that drew it.
        origin: that desktop; empty for the first one.
    """
    kept = value(db, "SELECT marks FROM tombstone WHERE evidence_id = ?", evidence_id)
    hashes = json.loads(kept) if kept is not None else ()
    return next((sha256 for *of, sha256 in hashes if of == [revision, origin]), None)


def sealed(tombstone: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the journal says of a tombstone, from its row."""
    names = ("sha256", "size", "at", "person", "reason", "early", "kept_until", "stays", "marks")
    return {name: tombstone[name] for name in names}


_TOMBSTONES = (
    "SELECT tombstone.*, evidence.number, letter, selection.year, selection.activity_id FROM tombstone"
    " JOIN evidence ON evidence.id = tombstone.evidence_id JOIN desktop ON desktop.id = evidence.origin"
    " JOIN selection ON selection.id = evidence.selection_id"
)


def _item(db: Database, evidence_id: str) -> dict[str, Any]:
    refuse_destroyed(db, evidence_id)
    found = row(db, f"{_OF_YEAR} WHERE evidence.id = ?", evidence_id)
    if found is None:
        raise NotInVaultError("This evidence item")
    return found


def _error(tombstone: Tombstone) -> OriginalDestroyedError:
    when = phrases.long_day(tombstone.at)
    return OriginalDestroyedError(
        f"The original of exhibit {tombstone.exhibit} was destroyed on {when} by {tombstone.person}:"
        f" {_ended(tombstone.reason)}"
    )


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _exhibit(found: Mapping[str, Any]) -> str:
    return exhibit_number(found["year"], found["activity_id"], found["number"], found["letter"])


def _tombstone_of(found: Mapping[str, Any]) -> Tombstone:
    return Tombstone(
        evidence_id=found["evidence_id"],
        exhibit=_exhibit(found),
        year=found["year"],
        sha256=found["sha256"],
        size=found["size"],
        at=datetime.fromisoformat(found["at"]),
        person=found["person"],
        reason=found["reason"],
        early=bool(found["early"]),
        kept_until=date.fromisoformat(found["kept_until"]),
        stays=bool(found["stays"]),
    )


def _destroyable_of(found: Mapping[str, Any]) -> Destroyable:
    return Destroyable(
        evidence_id=found["id"],
        exhibit=_exhibit(found),
        year=found["year"],
        caption=found["caption"],
        size=found["size"],
        removed_at=datetime.fromisoformat(found["removed_at"]) if found["removed_at"] else None,
        removed_reason=found["removed_reason"],
        removed_activity=found["activity_id"] if found["activity_removed_at"] else "",
    )
