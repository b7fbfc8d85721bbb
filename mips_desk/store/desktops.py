"""The desktops of a practice: which one this is, what is known of the others, and their logs."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlite_utils import Database

from . import merge
from .connection import row, rows, value
from .journal import Break, Event, canonical, is_sealed

if TYPE_CHECKING:
    from .transaction import Tx
    from .vault import Vault

_AT_ONCE = 500
#: No I, O and no A, which would look like the first desktop; U and V read alike by hand.
_LETTERS = "BCDEFGHJKLMNPQRSTVWXYZ"
_OWN = (
    "SELECT seq, at, person_id, person_name, event, change, prev, hash FROM journal"
    " WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
)
_FOREIGN = (
    "SELECT seq, at, person_id, person_name, event, change, prev, hash FROM foreign_entry"
    " WHERE desktop_id = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class DesktopRecord:
    """What a vault knows of a desktop; see `services.handover.Desktop`.

    Attributes:
        after: number of the last entry of its journal that is a copy of another desktop's.
        merged: number of its last entry that counts here.
    """

    id: str
    name: str
    letter: str
    here: bool
    begun_at: datetime | None
    read_at: datetime | None
    after: int
    merged: int
    last_change_at: datetime | None


def here(db: Database) -> dict[str, Any]:
    """Return the row of this desktop."""
    found = row(db, "SELECT * FROM desktop WHERE here = 1")
    assert found is not None, "the migration makes it"
    return found


def selection_id(db: Database, year: int, activity_id: str) -> str:
    """Return the identifier of a new selection: the same on all desktops."""
    vault = value(db, "SELECT id FROM vault")
    return hashlib.sha256(f"{vault}\n{year}\n{activity_id}".encode()).hexdigest()[:26].upper()


def begin(tx: "Tx", name: str, after: int) -> str:
    """Make this copy of the vault a desktop of its own; what is done from now on is its own log.

    Args:
        tx: the transaction that does it; its entry is the first or one of the first of the new log.
        name: of the computer.
        after: number of the last journal entry that the copy shares with the desktop it was made from.

    Returns:
        The identifier of the new desktop.
    """
    db, desktop_id, old = tx.db, tx.new_id(), here(tx.db)
    letter = _letter(db, desktop_id)
    # What the other desktop signs with is its own.
    db.execute("UPDATE desktop SET here = 0, private_key = NULL, merged = ? WHERE here = 1", (after,))
    new = {"id": desktop_id, "name": name, "letter": letter, "parent": old["id"], "after": after}
    new["begun_at"] = tx.at.isoformat()
    db.table("desktop").insert(new | {"here": 1})
    tx.note_did("begin_desktop", **new)
    return desktop_id


def _letter(db: Database, desktop_id: str) -> str:
    """Return a letter for a new desktop, drawn by its identifier among those that no known desktop has.

    It must never change, for it is printed with exhibits. Two copies made without knowing of each other would both
    take the next free letter, so it is drawn.
    """
    taken = {each["letter"] for each in rows(db, "SELECT letter FROM desktop")}
    free = [letter for letter in _LETTERS if letter not in taken] or [a + b for a in _LETTERS for b in _LETTERS]
    return free[int.from_bytes(hashlib.sha256(desktop_id.encode()).digest()[:8]) % len(free)]


def tell_apart(db: Database) -> None:
    """Give desktops that drew the same letter without knowing of each other different ones: the younger doubles it."""
    taken: set[str] = set()
    for each in rows(db, "SELECT id, letter FROM desktop ORDER BY id"):
        letter = each["letter"]
        while letter in taken:
            letter += letter[0]
        if letter:
            taken.add(letter)
        if letter != each["letter"]:
            db.execute("UPDATE desktop SET letter = ? WHERE id = ?", (letter, each["id"]))


def desktops(vault: "Vault") -> tuple[DesktopRecord, ...]:
    """Return the desktops that are known, this one first, then in order of their identifiers."""
    with vault.reading() as db:
        return tuple(_record_of(db, each) for each in rows(db, "SELECT * FROM desktop ORDER BY here DESC, id"))


def _record_of(db: Database, found: Mapping[str, Any]) -> DesktopRecord:
    last = value(db, "SELECT at FROM foreign_entry WHERE desktop_id = ? ORDER BY seq DESC LIMIT 1", found["id"])
    if last is None:
        low, high = found["after"], own_end(db, found["id"])
        last = value(db, "SELECT at FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq DESC LIMIT 1", low, high)
    return DesktopRecord(
        id=found["id"],
        name=found["name"],
        letter=found["letter"],
        here=bool(found["here"]),
        begun_at=_moment(found["begun_at"]),
        read_at=_moment(found["read_at"]),
        after=found["after"],
        merged=found["merged"],
        last_change_at=_moment(last),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def signing_key(db: Database) -> tuple[Ed25519PrivateKey, bytes, bool]:
    """Return the key that this desktop signs hand-over files with, its public half, and whether it is new.

    A new one counts only once `keep_signing_key` has stored it.
    """
    found = here(db)["private_key"]
    key = Ed25519PrivateKey.from_private_bytes(found) if found else Ed25519PrivateKey.generate()
    return key, key.public_key().public_bytes_raw(), found is None


def keep_signing_key(tx: "Tx", key: Ed25519PrivateKey, name: str) -> None:
    """Store the key of this desktop, and its name.

    Args:
        tx: the transaction.
        key: as `signing_key` gave it.
        name: of the computer.
    """
    public = key.public_key().public_bytes_raw()
    tx.db.execute(
        "UPDATE desktop SET private_key = ?, public_key = ?, name = ? WHERE here = 1",
        (key.private_bytes_raw(), public, name),
    )
    tx.note_did("put_desktop", id=here(tx.db)["id"], name=name, public_key=public.hex())


def handover_keys(db: Database) -> list[bytes]:
    """Return the keys of hand-over files, that in use first, then former ones, which only read."""
    return [bytes(each["key"]) for each in rows(db, "SELECT key FROM handover_key ORDER BY seq DESC")]


def change_handover_key(db: Database, key: bytes) -> None:
    """Encrypt hand-over files with a new key from now on; belongs to a change of the vault's key.

    Files written before can still be read. Other desktops cannot read new ones: they need a fresh copy.

    Args:
        db: the writing database.
        key: 32 random bytes.
    """
    db.execute("INSERT INTO handover_key (key) VALUES (?)", (key,))


def own_end(db: Database, desktop_id: str) -> int:
    """Return the number of the last entry of a desktop that stands in the journal of this vault, 0 when none does."""
    found = value(db, "SELECT after FROM desktop WHERE parent = ? AND here = 1", desktop_id)
    if found is not None:
        return int(found)
    lineage = line(db)
    if desktop_id not in lineage:
        return 0
    place = lineage.index(desktop_id)
    if place == 0:
        return int(value(db, "SELECT seq FROM journal_head"))
    return int(value(db, "SELECT after FROM desktop WHERE id = ?", lineage[place - 1]))


def line(db: Database) -> list[str]:
    """Return this desktop and those that it is a copy of, nearest first."""
    known = {each["id"]: each["parent"] for each in rows(db, "SELECT id, parent FROM desktop")}
    found = [str(here(db)["id"])]
    while (parent := known[found[-1]]) is not None:
        found.append(parent)
    return found


def entries(db: Database, desktop_id: str, after: int, upto: int) -> Iterator[dict[str, Any]]:
    """Return the entries of a desktop that are held here, in order.

    Args:
        db: the database.
        desktop_id: whose.
        after: those with a higher number than this.
        upto: and at most this.
    """
    end = min(upto, own_end(db, desktop_id))
    while after < end:
        if not (found := rows(db, _OWN, after, end, _AT_ONCE)):
            break
        yield from found
        after = found[-1]["seq"]
    while after < upto:
        if not (found := rows(db, _FOREIGN, desktop_id, after, upto, _AT_ONCE)):
            break
        yield from found
        after = found[-1]["seq"]


def counting(db: Database) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """Give every entry that counts here: its desktop, whether it stands in the journal of this vault, and its row."""
    for name, upto in sorted(known(db).items()):
        end = own_end(db, name)
        for entry in entries(db, name, begun(db)[name][1], upto):
            yield name, entry["seq"] <= end, entry


def first_break(db: Database, desktop_id: str) -> Break | None:
    """Return the first entry of another desktop that is not as it was written or does not follow, or None."""
    parent, start = begun(db)[desktop_id]
    after = max(start, own_end(db, desktop_id))
    prev = _hash_of(db, parent if after == start else desktop_id, after)
    expected = after + 1
    for entry in entries(db, desktop_id, after, 1 << 62):
        if entry["seq"] == expected and prev is not None and entry["prev"] != prev:
            return Break(entry["seq"], "does not follow from the entry before it")
        if not is_sealed(entry):
            return Break(entry["seq"], "was changed after it was written")
        prev, expected = entry["hash"], entry["seq"] + 1
    merged = value(db, "SELECT merged FROM desktop WHERE id = ?", desktop_id)
    if expected - 1 < merged:
        return Break(expected, "is missing")
    return None


def _hash_of(db: Database, desktop_id: str | None, seq: int) -> str | None:
    """Return the hash of an entry that may stand in the log of an ancestor, or None when it is not held."""
    while desktop_id is not None:
        parent, start = begun(db)[desktop_id]
        if seq > start or parent is None:
            return next((str(entry["hash"]) for entry in entries(db, desktop_id, seq - 1, seq)), None)
        desktop_id = parent
    return None


def known(db: Database) -> dict[str, int]:
    """Return up to which number the entries of each desktop count here."""
    return {
        each["id"]: max(each["merged"], own_end(db, each["id"]))
        for each in rows(db, "SELECT id, merged FROM desktop")
        if each["merged"] or own_end(db, each["id"])
    }


def begun(db: Database) -> dict[str, tuple[str | None, int]]:
    """Return of each desktop its parent, and the number of the last entry that it shares with it."""
    return {each["id"]: (each["parent"], each["after"]) for each in rows(db, "SELECT id, parent, after FROM desktop")}


def close_conflicts(db: Database, at: datetime, change: Mapping[str, Any]) -> None:
    """Forget conflicts about what an entry of this desktop writes: whoever wrote it saw both sides.

    Args:
        db: the writing database, in the transaction of that entry.
        at: its moment.
        change: its facts.
    """
    if "did" not in change or value(db, "SELECT 1 FROM conflict LIMIT 1") is None:
        return
    entry = {"seq": 0, "at": at.isoformat(), "person_name": "", "change": canonical(change)}
    for write in merge.writes_of("", entry):
        db.execute(
            "DELETE FROM conflict WHERE kind = ? AND record_id = ? AND unit = ?", (write.kind, write.record, write.unit)
        )


def reads(db: Database) -> dict[str, list[tuple[int, dict[str, int]]]]:
    """Return of each desktop the entries held here that read a hand-over file, with what it had seen after them."""
    found: dict[str, list[tuple[int, dict[str, int]]]] = {}
    own = rows(db, "SELECT seq, change FROM journal WHERE event = ?", str(Event.HANDOVER_READ))
    ends = sorted((own_end(db, name), name) for name in line(db))
    for entry in own:
        owner = next(name for end, name in ends if entry["seq"] <= end)
        found.setdefault(owner, []).extend(read_in(entry))
    for entry in rows(
        db, "SELECT desktop_id, seq, change FROM foreign_entry WHERE event = ?", str(Event.HANDOVER_READ)
    ):
        found.setdefault(entry["desktop_id"], []).extend(read_in(entry))
    return found


def read_in(entry: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, int]]]:
    """Return what an entry had seen of the other desktops after it, when it read a hand-over file."""
    for said in json.loads(entry["change"]).get("did", ()):
        if said["do"] == "read_handover":
            yield entry["seq"], said["known"]


def has_marks_conflict(vault: "Vault", evidence_id: str) -> bool:
    """Tell whether desktops differ in the marks of an item, so that nobody knows yet which picture may be shown."""
    with vault.reading() as db:
        return bool(
            value(
                db, "SELECT 1 FROM conflict WHERE kind = 'evidence' AND record_id = ? AND unit = 'marks'", evidence_id
            )
        )


def conflict_rows(vault: "Vault") -> list[dict[str, Any]]:
    """Return the conflicts that nobody settled, sides decoded, in a fixed order."""
    with vault.reading() as db:
        found = rows(db, "SELECT * FROM conflict ORDER BY kind, record_id, unit")
        return [each | {"sides": json.loads(each["sides"])} for each in found]


_ABOUT = {
    "clinician": "SELECT name FROM clinician WHERE id = ?",
    "profile": "SELECT year FROM profile WHERE year = ?",
    "selection": "SELECT id AS selection_id, year, activity_id FROM selection WHERE id = ?",
    "evidence": "SELECT selection_id, year, activity_id, number, letter FROM evidence"
    " JOIN selection ON selection.id = selection_id JOIN desktop ON desktop.id = origin WHERE evidence.id = ?",
    "use_entry": "SELECT selection_id, year, activity_id, day FROM use_entry"
    " JOIN selection ON selection.id = selection_id WHERE use_entry.id = ?",
    "audit": "SELECT letter_on FROM audit WHERE id = ?",
    "audit_request": "SELECT letter_on, number FROM audit_request JOIN audit ON audit.id = audit_id"
    " WHERE audit_request.id = ?",
}


def about(vault: "Vault", kind: str, record: str) -> dict[str, Any]:
    """Return what names a record for a person: year, activity, number and so on, as far as it has them."""
    with vault.reading() as db:
        return (row(db, _ABOUT[kind], record) if kind in _ABOUT else None) or {}
