"""Hand-over files: what goes into one, and how it is taken in."""

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from sqlcipher3 import dbapi2 as dbapi
from sqlite_utils import Database

from mips_desk.domain.practice import Role
from mips_desk.errors import BadInputError

from . import desktops, merge, merging, records
from .connection import row, rows, value
from .errors import HandoverError, NotAllowedError, NotInVaultError, VaultReadOnlyError, translated
from .handover_file import BLOB, END, ENTRIES, HELLO, Check, Progress, Reader, Writer
from .journal import Event, is_sealed

if TYPE_CHECKING:
    from .vault import Vault

_ENTRY = ("seq", "at", "person_id", "person_name", "event", "change", "prev", "hash")
_BATCH = 4 << 20
#: What one transaction stores of pictures: large enough to be fast, small enough to leave the log short.
_STORED_AT_ONCE = 32 << 20
_MOST_ENTRIES = 5_000_000
_MOST_ENTRY_BYTES = 1 << 30
_MOST_BLOBS = 2_000_000
_MOST_DESKTOPS = 1_000
_SHA = 32
_DAMAGED = "This hand-over file is damaged or incomplete. Nothing was changed; ask for it again."


class _Desktop(msgspec.Struct, frozen=True):
    """What a file says of a desktop."""

    id: str
    name: str
    letter: str
    parent: str | None
    after: int
    begun_at: str | None


class _Hello(msgspec.Struct, frozen=True):
    """The first record: who wrote the file, and what it holds."""

    desktop: str
    name: str
    public_key: bytes
    written_at: str
    desktops: list[_Desktop]
    entries: int


class _End(msgspec.Struct, frozen=True):
    """The last record."""

    entries: int
    blobs: int


class _Entries(msgspec.Struct, frozen=True):
    """Entries of one desktop in order."""

    desktop: str
    entries: list[tuple[int, str, str, str, str, str, str, str]]


@dataclass(slots=True)
class WrittenFile:
    """What was written."""

    entries: int
    pictures: int
    size: int


@dataclass(slots=True)
class Survey:
    """What a sound file holds.

    Attributes:
        hello: who wrote it.
        brought: entries that this vault does not hold, by desktop and number.
        blobs: contents in it, by hash.
        pictures: hashes of the pictures among them that this vault lacks.
        found: what merging would do.
    """

    hello: _Hello
    brought: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    blobs: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)
    found: merging.Plan = field(default_factory=merging.Plan)

    @property
    def written_at(self) -> datetime:
        """When the file was written."""
        return datetime.fromisoformat(self.hello.written_at)

    @property
    def letter(self) -> str:
        """The letter of the desktop that wrote it."""
        return next((each.letter for each in self.hello.desktops if each.id == self.hello.desktop), "")


def write(
    vault: "Vault", path: Path, *, everything: bool, progress: Progress | None = None, check: Check | None = None
) -> WrittenFile:
    """Write a hand-over file; see `services.handover.write_file`."""
    _refuse(vault)
    line = vault.own_line()
    try:
        with translated():
            db = line.db
            db.execute("BEGIN")
            signing, public, fresh = desktops.signing_key(db)
            vault_id = value(db, "SELECT id FROM vault")
            known = desktops.known(db)
            after = dict.fromkeys(known, 0) if everything else _confirmed(db, known)
            here = desktops.here(db)
            name = here["name"] or platform.node()
            facts = [
                _Desktop(*(each[column] for column in _Desktop.__struct_fields__))
                for each in rows(db, "SELECT * FROM desktop ORDER BY id")
            ]
            with Writer(path, vault_id, desktops.handover_keys(db)[0]) as out:
                count = sum(max(0, upto - _start(db, each, after)) for each, upto in known.items())
                hello = _Hello(here["id"], name, public, vault.now().isoformat(), facts, count)
                out.add(HELLO, msgspec.json.encode(hello))
                wanted = _write_entries(db, out, known, after)
                pictures, blobs = _write_blobs(db, out, wanted, progress, check)
                out.add(END, msgspec.json.encode(_End(count, blobs)))
                out.seal(signing)
                with vault.write(Event.HANDOVER_WRITTEN) as tx:
                    if fresh:
                        desktops.keep_signing_key(tx, signing, name)
                    tx.note(file=path.name, id=out.file_id, entries=count, pictures=pictures, everything=everything)
                out.finish()
            return WrittenFile(count, pictures, out.size)
    finally:
        line.close()


def _refuse(vault: "Vault") -> None:
    if vault.read_only:
        raise VaultReadOnlyError
    if vault.person.role is not Role.MANAGER:
        raise NotAllowedError


def _confirmed(db: Database, known: Mapping[str, int]) -> dict[str, int]:
    """Return up to where every other desktop has the entries of each, as far as is known here."""
    here = desktops.here(db)["id"]
    others = [each for each in desktops.begun(db) if each != here]
    if not others:
        # Whoever starts as a copy starts from a backup.
        first = value(db, "SELECT min(journal_seq) FROM backup")
        return {here: int(first or 0)}
    seen = merge.Seen(desktops.begun(db), desktops.reads(db))
    contexts = []
    for other in others:
        upto = known.get(other, desktops.begun(db)[other][1])
        contexts.append({**seen.context(other, upto + 1), other: upto})
    return {each: min(context.get(each, 0) for context in contexts) for each in known}


def _start(db: Database, name: str, after: Mapping[str, int]) -> int:
    begun = value(db, "SELECT after FROM desktop WHERE id = ?", name)
    return max(after.get(name, 0), begun or 0)


def _write_entries(
    db: Database, out: Writer, known: Mapping[str, int], after: Mapping[str, int]
) -> dict[str, tuple[str, tuple[Any, ...]]]:
    """Write the entries, and return by hash where the contents stand that they speak of."""
    wanted: dict[str, tuple[str, tuple[Any, ...]]] = {}
    for name, upto in sorted(known.items()):
        batch: list[Any] = []
        size = 0
        for entry in desktops.entries(db, name, _start(db, name, after), upto):
            batch.append([entry[column] for column in _ENTRY])
            size += len(entry["change"]) + 300
            for said in json.loads(entry["change"]).get("did", ()):
                wanted |= _contents(name, said)
            if size >= _BATCH:
                out.add(ENTRIES, msgspec.msgpack.encode({"desktop": name, "entries": batch}))
                batch, size = [], 0
        if batch:
            out.add(ENTRIES, msgspec.msgpack.encode({"desktop": name, "entries": batch}))
    return wanted


def _contents(desktop: str, said: Mapping[str, Any]) -> dict[str, tuple[str, tuple[Any, ...]]]:
    """Return the contents that an entry speaks of, by hash: of what kind, and where they stand."""
    if said["do"] == "add_evidence":
        return {said["sha256"]: ("original", ()), said["intake"]: ("intake", (said["id"],))}
    if said["do"] == "add_marks":
        return {said["sha256"]: ("marks", (said["id"], said["revision"], desktop))}
    if said["do"] == "add_official":
        return {said["content"]: ("official", (said["id"],))}
    return {}


def _content(db: Database, sha256: str, kind: str, place: tuple[Any, ...]) -> bytes | None:
    """Return a content, or None when it was destroyed.

    Raises:
        HandoverError: it is not what was stored.
    """
    if kind == "original":
        data = value(db, "SELECT data FROM original WHERE sha256 = ?", sha256)
    elif kind == "intake":
        found = row(db, "SELECT * FROM evidence WHERE id = ?", *place)
        data = records.intake_bytes(found) if found else None
    elif kind == "marks":
        data = value(db, "SELECT data FROM marks WHERE evidence_id = ? AND revision = ? AND origin = ?", *place)
    else:
        packed = value(db, "SELECT data FROM official WHERE id = ?", *place)
        data = records.official_unpacked(packed) if packed is not None else None
    if data is None:
        data = value(db, "SELECT data FROM part WHERE sha256 = ?", sha256)
    if not data:
        return None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise HandoverError("A picture in this vault is damaged, so no file was written. Check the vault first.")
    return bytes(data)


def _write_blobs(
    db: Database,
    out: Writer,
    wanted: Mapping[str, tuple[str, tuple[Any, ...]]],
    progress: Progress | None,
    check: Check | None,
) -> tuple[int, int]:
    """Write contents; return how many pictures and how many in all."""
    pictures = blobs = done = 0
    names = json.dumps([sha256 for sha256, (kind, _) in wanted.items() if kind == "original"])
    total = value(db, "SELECT sum(size) FROM original WHERE sha256 IN (SELECT value FROM json_each(?))", names) or 0
    for sha256, (kind, place) in wanted.items():
        if check:
            check()
        data = _content(db, sha256, kind, place)
        if data is None:
            continue
        out.add(BLOB, bytes.fromhex(sha256) + data)
        blobs += 1
        if kind == "original":
            pictures += 1
            done += len(data)
            if progress:
                progress(done, total)
    return pictures, blobs


def look(vault: "Vault", path: Path, progress: Progress | None = None, check: Check | None = None) -> Survey:
    """Check a file from the first to the last byte and tell what reading it would do; changes nothing."""
    line = vault.own_line()
    try:
        with translated():
            line.db.execute("BEGIN")
            return _survey(line.db, path, progress, check)
    finally:
        line.close()


def _open(db: Database, path: Path) -> Reader:
    return Reader(path, value(db, "SELECT id FROM vault"), desktops.handover_keys(db))


def _survey(db: Database, path: Path, progress: Progress | None, check: Check | None) -> Survey:
    with _open(db, path) as reader:
        found: Survey | None = None
        entries = size = 0
        end: _End | None = None
        for kind, payload in reader.records(progress, check):
            try:
                if (kind == HELLO) != (found is None):
                    raise HandoverError(_DAMAGED)
                if kind == HELLO:
                    found = Survey(_hello(db, msgspec.json.decode(payload, type=_Hello)))
                elif kind == ENTRIES and found:
                    batch = msgspec.msgpack.decode(payload, type=_Entries)
                    entries, size = entries + len(batch.entries), size + len(payload)
                    if entries > _MOST_ENTRIES or size > _MOST_ENTRY_BYTES:
                        raise HandoverError("This hand-over file is larger than any can be. Nothing was changed.")
                    _take(db, found, batch)
                elif kind == BLOB and found:
                    sha256 = payload[:_SHA].hex()
                    if hashlib.sha256(payload[_SHA:]).digest() != payload[:_SHA] or len(found.blobs) >= _MOST_BLOBS:
                        raise HandoverError(_DAMAGED)
                    found.blobs.add(sha256)
                elif kind == END:
                    end = msgspec.json.decode(payload, type=_End)
            except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
                raise HandoverError(_DAMAGED) from error
        if found is None or end is None or (end.entries, end.blobs) != (entries, len(found.blobs)):
            raise HandoverError(_DAMAGED)
        reader.prove(found.hello.public_key)
    begun = {each.id: (each.parent, each.after) for each in found.hello.desktops}
    if not all(parent is None or parent in begun for parent, _ in begun.values()):
        raise HandoverError(_DAMAGED)
    found.found = merging.plan(merging.World(db, begun, found.brought))
    found.pictures = _missing(db, found)
    return found


def _hello(db: Database, hello: _Hello) -> _Hello:
    """Refuse a file that this desktop wrote itself, or that was signed by somebody else than before."""
    if len(hello.desktops) > _MOST_DESKTOPS or hello.desktop not in {each.id for each in hello.desktops}:
        raise HandoverError(_DAMAGED)
    datetime.fromisoformat(hello.written_at)
    known = {each["id"]: each for each in rows(db, "SELECT * FROM desktop")}
    if known.get(hello.desktop, {}).get("here"):
        raise HandoverError("This file was written on this desktop. Read it on the other one. Nothing was changed.")
    for each in hello.desktops:
        held = known.get(each.id)
        if held and (held["parent"], held["after"]) != (each.parent, each.after):
            raise HandoverError(_DAMAGED)
    pinned = known.get(hello.desktop, {}).get("public_key")
    if pinned and bytes(pinned) != hello.public_key:
        raise HandoverError(
            "This file is signed by another desktop than the one it names. Nothing was changed; ask where it comes from"
            " before you use it."
        )
    return hello


def _take(db: Database, found: Survey, batch: _Entries) -> None:
    """Prove entries, and keep those that are new."""
    begun = {each.id: each for each in found.hello.desktops}
    if batch.desktop not in begun:
        raise HandoverError(_DAMAGED)
    wanted = json.dumps([fields[0] for fields in batch.entries])
    held = {each["seq"]: each["hash"] for each in rows(db, _HELD, batch.desktop, wanted)}
    end = desktops.own_end(db, batch.desktop)
    held |= {each["seq"]: each["hash"] for each in rows(db, _HELD_HERE, wanted) if each["seq"] <= end}
    for fields in batch.entries:
        entry: dict[str, Any] = dict(zip(_ENTRY, fields, strict=True))
        if not is_sealed(entry) or entry["seq"] <= begun[batch.desktop].after:
            raise HandoverError(_DAMAGED)
        datetime.fromisoformat(entry["at"])
        known = held.get(entry["seq"])
        if known is None and desktops.here(db)["id"] == batch.desktop:
            raise HandoverError(
                "The other desktop knows changes of this one that are missing here: this vault is an older copy, made"
                " by hand. Nothing was changed; restore it from a backup instead."
            )
        if known not in (None, entry["hash"]):
            raise HandoverError(merging.FORKED)
        if known is None:
            found.brought.setdefault(batch.desktop, {})[entry["seq"]] = entry


_HELD = "SELECT seq, hash FROM foreign_entry WHERE desktop_id = ? AND seq IN (SELECT value FROM json_each(?))"
_HELD_HERE = "SELECT seq, hash FROM journal WHERE seq IN (SELECT value FROM json_each(?))"


def _missing(db: Database, found: Survey) -> set[str]:
    """Return the hashes of the pictures that are missing here; refuse a file that does not bring them."""
    wanted: dict[str, str] = {}
    gone: set[str] = set()
    for name, entries in found.brought.items():
        for entry in entries.values():
            for said in json.loads(entry["change"]).get("did", ()):
                if said["do"] == "destroy_original":
                    gone.add(said["id"])
                for sha256, (_, place) in _contents(name, said).items():
                    wanted[sha256] = place[0] if place else said["id"]
    gone |= {each["evidence_id"] for each in rows(db, "SELECT evidence_id FROM tombstone")}
    names = json.dumps([*wanted])
    held = {
        each["sha256"]
        for each in rows(
            db,
            "SELECT sha256 FROM original WHERE length(data) > 0 AND sha256 IN (SELECT value FROM json_each(?1))"
            " UNION SELECT sha256 FROM part WHERE sha256 IN (SELECT value FROM json_each(?1))",
            names,
        )
    }
    for sha256, evidence_id in wanted.items():
        if sha256 not in held and sha256 not in found.blobs and evidence_id not in gone:
            raise HandoverError(merging.INCOMPLETE)
    pictures = {
        said["sha256"]
        for entries in found.brought.values()
        for entry in entries.values()
        if entry["event"] == Event.EVIDENCE_ADDED
        for said in json.loads(entry["change"]).get("did", ())
        if said["do"] == "add_evidence"
    }
    return (pictures & found.blobs) - held


def read(
    vault: "Vault", path: Path, progress: Progress | None = None, check: Check | None = None
) -> tuple[Survey, dict[str, int]]:
    """Take a file in; see `services.handover.read_file`.

    Returns:
        What it held, and how many records of each table were made or changed.
    """
    _refuse(vault)
    found = look(vault, path, progress, check)
    if not found.brought:
        return found, {}
    wanted: set[str] = set()
    for name, entries in found.brought.items():
        for entry in entries.values():
            for said in json.loads(entry["change"]).get("did", ()):
                wanted |= _contents(name, said).keys()
    _store_contents(vault, path, found, wanted, check)
    if check:
        check()
    with vault.write(Event.HANDOVER_READ) as tx:
        db = tx.db
        _meet(db, found.hello)
        for name, entries in found.brought.items():
            db.table("foreign_entry").insert_all(
                ({"desktop_id": name} | entries[seq] for seq in sorted(entries)), ignore=True
            )
        planned = merging.plan(merging.World(db))
        merged = merging.apply(tx, planned)
        _forget_parts(db)
        here = desktops.here(db)["id"]
        db.execute("UPDATE desktop SET read_at = ? WHERE id = ?", (tx.at.isoformat(), found.hello.desktop))
        seen = {name: upto for name, upto in planned.known.items() if name != here}
        tx.note_did("read_handover", id=found.hello.desktop, known=seen)
        tx.note(
            file=path.name,
            merged=merged,
            changes=planned.changes,
            pictures=len(found.pictures),
            conflicts=planned.conflicts,
        )
        found.found = planned
    return found, merged


def _store_contents(vault: "Vault", path: Path, found: Survey, wanted: set[str], check: Check | None) -> None:
    """Store pictures and small contents in batches; done twice it does no harm."""
    batch: list[tuple[str, bytes]] = []
    size = 0
    originals = _originals(found)
    with vault.reading() as db:
        reader = _open(db, path)
    with reader:
        records_of = reader.records(check=check)
        for kind, payload in records_of:
            sha256 = payload[:_SHA].hex()
            if kind != BLOB or sha256 not in wanted:
                continue
            batch.append((sha256, payload[_SHA:]))
            size += len(payload)
            if size >= _STORED_AT_ONCE:
                _store(vault, batch, originals)
                batch, size = [], 0
        reader.prove(found.hello.public_key)
    if batch:
        _store(vault, batch, originals)


def _originals(found: Survey) -> set[str]:
    return {
        said["sha256"]
        for entries in found.brought.values()
        for entry in entries.values()
        for said in json.loads(entry["change"]).get("did", ())
        if said["do"] == "add_evidence"
    }


def _store(vault: "Vault", batch: list[tuple[str, bytes]], originals: set[str]) -> None:
    with vault.reading() as db:
        new = [each for each in batch if not _is_stored(db, each[0], each[0] in originals)]
    if not new:
        return
    with vault.write(Event.HANDOVER_READ) as tx:
        for sha256, data in new:
            if hashlib.sha256(data).hexdigest() != sha256:
                raise HandoverError(_DAMAGED)
            if sha256 not in originals:
                tx.db.execute("INSERT OR IGNORE INTO part (sha256, data) VALUES (?, ?)", (sha256, dbapi.Binary(data)))
            elif value(tx.db, "SELECT 1 FROM original WHERE sha256 = ?", sha256):
                tx.db.execute("UPDATE original SET data = ? WHERE sha256 = ?", (dbapi.Binary(data), sha256))
            else:
                tx.db.execute(
                    "INSERT INTO original (sha256, size, added_at, data) VALUES (?, ?, ?, ?)",
                    (sha256, len(data), tx.at.isoformat(), dbapi.Binary(data)),
                )
        tx.note(contents=len(new))


def _is_stored(db: Database, sha256: str, original: bool) -> bool:
    if original:
        return bool(value(db, "SELECT length(data) > 0 FROM original WHERE sha256 = ?", sha256))
    return bool(value(db, "SELECT 1 FROM part WHERE sha256 = ?", sha256))


def _meet(db: Database, hello: _Hello) -> None:
    """Note the desktops that a file names, and the key of the one that wrote it."""
    waiting = {each.id: each for each in hello.desktops}
    while waiting:
        known = {each["id"] for each in rows(db, "SELECT id FROM desktop")}
        ready = [each for each in waiting.values() if each.id in known or each.parent in known]
        if not ready:
            raise HandoverError(_DAMAGED)
        for each in ready:
            del waiting[each.id]
            if each.id not in known:
                db.table("desktop").insert(msgspec.structs.asdict(each))
            elif each.name:
                db.execute("UPDATE desktop SET name = ? WHERE id = ? AND name = ''", (each.name, each.id))
    db.execute(
        "UPDATE desktop SET public_key = ?, name = ? WHERE id = ?", (hello.public_key, hello.name, hello.desktop)
    )
    desktops.tell_apart(db)


def _forget_parts(db: Database) -> None:
    """Let go the small contents that nothing waits for any more."""
    if value(db, "SELECT 1 FROM waiting LIMIT 1") is None and not _gaps(db):
        db.execute("DELETE FROM part")


def _gaps(db: Database) -> bool:
    return bool(
        value(db, "SELECT 1 FROM foreign_entry JOIN desktop ON desktop.id = desktop_id WHERE seq > merged LIMIT 1")
    )


def settle(vault: "Vault", conflict_id: str, side: int) -> dict[str, Any]:
    """Choose a side of a conflict; see `services.handover.settle`.

    Returns:
        The row of the conflict, sides decoded.
    """
    with vault.write(Event.CONFLICT_SETTLED) as tx:
        db = tx.db
        found = row(db, "SELECT * FROM conflict WHERE id = ?", conflict_id)
        if found is None:
            raise NotInVaultError("This difference")
        kind, record, unit = found["kind"], found["record_id"], found["unit"]
        found["sides"] = json.loads(found["sides"])
        if not 0 <= side < len(found["sides"]):
            raise BadInputError("There is no such side. Nothing was changed.")
        chosen = found["sides"][side]["value"]
        year = merging.year_of(db, kind, record)
        if year is not None:
            tx.refuse_closed(year)
        if unit == merge.REMOVED and chosen["removed_at"]:
            chosen = chosen | {"removed_at": tx.at.isoformat()}
        merging.set_chosen(db, kind, record, unit, chosen)
        tx.note_did("settle", kind=kind, id=record, unit=unit, value=chosen)
    return found


def notes(vault: "Vault", found: merging.Plan) -> list[tuple[str, int, int]]:
    """Return what waits: ("closed", year, entries), ("open", year, 0) or ("gap", 0, 0).

    "closed": the year is closed here, and that many changes of others wait. "open": another desktop closed the year,
    and something else belongs to it here. "gap": older changes of another desktop are missing.
    """
    with vault.reading() as db:
        held = {(each["year"], each["desktop_id"], each["seq"]) for each in rows(db, "SELECT * FROM waiting")}
        years = Counter(year for year, _, _ in held | found.waiting)
        still_open = merging.waiting_closings(db)
    closed = [("closed", year, count) for year, count in sorted(years.items())]
    gap = [("gap", 0, 0)] if found.gap else []
    return [*closed, *(("open", year, 0) for year in still_open), *gap]
