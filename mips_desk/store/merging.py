"""Merging in the database: which entries of other desktops count, and setting the tables to what they come to."""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlcipher3 import dbapi2 as dbapi
from sqlite_utils import Database

from . import closing, desktops, merge, records, retention
from .connection import row, rows, value
from .errors import HandoverError
from .journal import Event, canonical
from .merge import Outcome, Write

if TYPE_CHECKING:
    from .transaction import Tx

Key = tuple[str, str]
_SELECTION_OF = {
    "evidence": "SELECT selection_id FROM evidence WHERE id = ?",
    "use_entry": "SELECT selection_id FROM use_entry WHERE id = ?",
}
#: In this order records are set: each refers only to those before it.
_ORDER = (
    *("practice", "setting", "clinician", "profile", "selection", "evidence", "use_entry"),
    *("attestation", "audit", "audit_request", "audit_sent", "drill", "drill_answer"),
)
INCOMPLETE = "Pictures are missing from this hand-over file. Nothing was changed; write it again on the other desktop."
FORKED = (
    "Two copies of this vault work under the same name: one was copied by hand. Nothing was changed; start the second"
    " desktop anew from a backup."
)


@dataclass(frozen=True, slots=True)
class Counted:
    """An entry of another desktop that counts from now on."""

    desktop: str
    entry: Mapping[str, Any]


@dataclass(slots=True)
class Plan:
    """What merging would do.

    Attributes:
        known: up to where the entries of each desktop count afterwards.
        counted: entries that count from now on, those of closed years left out.
        outcomes: of each record that they touch.
        waiting: year, desktop and number of entries that wait because the year is closed here.
        gap: desktops of which older entries are missing.
    """

    known: dict[str, int] = field(default_factory=dict)
    counted: list[Counted] = field(default_factory=list)
    outcomes: dict[Key, Outcome] = field(default_factory=dict)
    waiting: set[tuple[int, str, int]] = field(default_factory=set)
    gap: set[str] = field(default_factory=set)

    @property
    def changes(self) -> int:
        """Entries that change something."""
        return sum(any(True for _ in merge.writes_of(each.desktop, each.entry)) for each in self.counted)

    @property
    def conflicts(self) -> int:
        """Units in which the desktops differ."""
        return sum(len(outcome.differences) for outcome in self.outcomes.values())


class World:
    """All logs: what the vault holds, and what a file would bring."""

    def __init__(
        self,
        db: Database,
        begun: Mapping[str, tuple[str | None, int]] | None = None,
        brought: Mapping[str, Mapping[int, Mapping[str, Any]]] | None = None,
    ):
        """Take in what there is.

        Args:
            db: the database.
            begun: beginnings of desktops that the vault does not know yet.
            brought: entries by desktop and number that the vault does not hold yet.
        """
        self.db = db
        self.begun = dict(begun or {}) | desktops.begun(db)
        self.counting = desktops.known(db)
        self._brought = brought or {}

    def entries(self, desktop: str, after: int, upto: int) -> Iterator[Mapping[str, Any]]:
        """Give the entries of a desktop in order, up to the first that is not there."""
        for entry in desktops.entries(self.db, desktop, after, upto):
            if entry["seq"] != after + 1:
                return
            yield entry
            after += 1
        more = self._brought.get(desktop, {})
        while after < upto and (found := more.get(after + 1)) is not None:
            yield found
            after += 1

    def end(self, desktop: str) -> int:
        """Return the number of the last entry before the first gap."""
        seq = self.counting.get(desktop, self.begun[desktop][1])
        for entry in self.entries(desktop, seq, 1 << 62):
            seq = entry["seq"]
        return seq

    def has_later(self, desktop: str, seq: int) -> bool:
        """Tell whether entries lie behind a gap."""
        held = value(self.db, "SELECT 1 FROM foreign_entry WHERE desktop_id = ? AND seq > ? LIMIT 1", desktop, seq)
        return held is not None or any(number > seq for number in self._brought.get(desktop, {}))


def closed_years(db: Database) -> set[int]:
    """Return the years that are closed."""
    return {each["year"] for each in rows(db, "SELECT year FROM closing WHERE reopened_at IS NULL")}


def plan(world: World, reopened: Iterable[int] = ()) -> Plan:
    """Return what merging would do; changes nothing.

    Args:
        world: all logs.
        reopened: years that were closed until now, whose waiting entries count too.

    Raises:
        HandoverError: an entry does not follow from the one before it.
    """
    found, reads = Plan(), _reads(world)
    found.known = _closure(world, reads)
    found.gap = {name for name in world.begun if world.has_later(name, found.known.get(name, 0))}
    fresh = [
        Counted(name, entry)
        for name, upto in sorted(found.known.items())
        for entry in _proven(world, name, world.counting.get(name, world.begun[name][1]), upto)
    ]
    reopened = {*reopened, *_reopened(world.db, fresh)}
    again = [
        Counted(each["desktop_id"], entry)
        for each in rows(
            world.db,
            "SELECT DISTINCT desktop_id, seq FROM waiting WHERE year IN (SELECT value FROM json_each(?))",
            json.dumps([*reopened]),
        )
        for entry in world.entries(each["desktop_id"], each["seq"] - 1, each["seq"])
    ]
    closed = closed_years(world.db) - reopened
    touched: set[Key] = set()
    place = _Places(world.db)
    for each in [*fresh, *again]:
        writes = list(merge.writes_of(each.desktop, each.entry))
        place.learn(writes)
        years = {place.year(write) for write in writes} & closed
        found.waiting |= {(year, each.desktop, each.entry["seq"]) for year in years if year is not None}
        found.counted.append(each)
        for write in writes:
            if place.year(write) not in closed:
                touched.add((write.kind, write.record))
                if selection := place.selection(write):
                    touched.add(("selection", selection))
    if touched:
        _decide(world, found, touched, reads, place)
    return found


def _reads(world: World) -> dict[str, list[tuple[int, dict[str, int]]]]:
    found = desktops.reads(world.db)
    for name, entries in world._brought.items():
        for entry in entries.values():
            if entry["event"] == Event.HANDOVER_READ:
                found.setdefault(name, []).extend(desktops.read_in(entry))
    return found


def _closure(world: World, reads: Mapping[str, list[tuple[int, dict[str, int]]]]) -> dict[str, int]:
    """Return up to where the logs count: no gaps, and nothing of which what it had seen is missing."""
    ends = {name: world.end(name) for name in world.begun}
    again = True
    while again:
        again = False
        for name, (parent, after) in world.begun.items():
            upto = ends[name]
            if parent is not None and ends.get(parent, 0) < after:
                upto = after
            for seq, known in reads.get(name, ()):
                if seq <= upto and any(ends.get(other, 0) < number for other, number in known.items()):
                    upto = seq - 1
            upto = max(upto, world.counting.get(name, 0))
            if upto < ends[name]:
                ends[name], again = upto, True
    return {name: upto for name, upto in ends.items() if name in world.counting or upto > world.begun[name][1]}


def _proven(world: World, name: str, after: int, upto: int) -> Iterator[Mapping[str, Any]]:
    """Give entries after proving that each follows from the one before it.

    Raises:
        HandoverError: one does not.
    """
    parent, start = world.begun[name]
    prev = ""
    if after < upto:
        owner = parent if after == start and parent is not None else name
        prev = next((entry["hash"] for entry in _one(world, owner, after)), "")
    for entry in world.entries(name, after, upto):
        if entry["prev"] != prev:
            raise HandoverError(FORKED)
        prev = entry["hash"]
        yield entry


def _one(world: World, name: str | None, seq: int) -> Iterator[Mapping[str, Any]]:
    """Give the entry of a number, which may stand in the log of an ancestor."""
    while name is not None:
        parent, start = world.begun[name]
        if seq > start or parent is None:
            yield from world.entries(name, seq - 1, seq)
            return
        name = parent


class _Places:
    """To which selection and year a record belongs, from the tables and from the entries that made it."""

    def __init__(self, db: Database):
        self._db = db
        self._selections: dict[Key, str] = {}
        self._years: dict[str, int] = {}

    def learn(self, writes: Iterable[Write]) -> None:
        """Take in what entries make."""
        for write in writes:
            if write.unit == merge.MADE and write.parent:
                self._selections[write.kind, write.record] = write.parent
            elif write.unit == merge.MADE and write.kind == "selection":
                self._years[write.record] = write.value["year"]

    def selection(self, write: Write) -> str:
        """Return the selection that a record belongs to, or "" when it belongs to none."""
        if write.kind not in ("evidence", "use_entry"):
            return ""
        key = (write.kind, write.record)
        if key not in self._selections:
            self._selections[key] = value(self._db, _SELECTION_OF[write.kind], write.record) or ""
        return self._selections[key]

    def year(self, write: Write) -> int | None:
        """Return the year that a record belongs to, or None."""
        if write.kind == "profile":
            return int(write.record)
        if write.kind == "attestation":
            return int(write.value["year"])
        selection = write.record if write.kind == "selection" else self.selection(write)
        if selection and selection not in self._years:
            found = value(self._db, "SELECT year FROM selection WHERE id = ?", selection)
            if found is not None:
                self._years[selection] = found
        return self._years.get(selection)


def _decide(
    world: World,
    found: Plan,
    touched: set[Key],
    reads: Mapping[str, list[tuple[int, dict[str, int]]]],
    place: _Places,
) -> None:
    """Look through all that desktops have not always shared for writes to the records touched, and decide."""
    shared = min((after for parent, after in world.begun.values() if parent == ""), default=0)
    writes: dict[Key, list[Write]] = {key: [] for key in touched}
    signs: dict[str, list[Write]] = {}
    for name, upto in found.known.items():
        parent, start = world.begun[name]
        for entry in world.entries(name, shared if parent is None else start, upto):
            made = list(merge.writes_of(name, entry))
            place.learn(made)
            for write in made:
                if (write.kind, write.record) in touched:
                    writes[write.kind, write.record].append(write)
                if (
                    (selection := place.selection(write))
                    and ("selection", selection) in touched
                    and merge.is_sign(write)
                ):
                    signs.setdefault(selection, []).append(write)
    known = {name: world.begun[name] for name in world.begun}
    seen = merge.Seen(
        known, {name: [each for each in reads.get(name, ()) if each[0] <= found.known.get(name, 0)] for name in known}
    )
    for key, written in writes.items():
        below = signs.get(key[1], []) if key[0] == "selection" else []
        found.outcomes[key] = merge.decide(written, below, seen)


def year_of(db: Database, kind: str, record: str) -> int | None:
    """Return the year that a record of the vault belongs to, or None."""
    nothing = Write(kind, record, "", {}, merge.Stamp("", "", 0, 0), "", "")
    return _Places(db).year(nothing)


def set_chosen(db: Database, kind: str, record: str, unit: str, chosen: Mapping[str, Any]) -> None:
    """Set a unit to a value that somebody chose."""
    write = Write(kind, record, unit, chosen, merge.Stamp("", "", 0, 0), "", "")
    columns = merge.columns_of(write)
    if unit == merge.MARKS:
        columns |= {"looked_at_by": "", "looked_at_on": None}
    _set(db, kind, record, Outcome(columns=columns))


def _reopened(db: Database, fresh: Iterable[Counted]) -> set[int]:
    """Return the years closed here that other desktops have opened again."""
    ids = {
        said["id"]
        for each in fresh
        if each.entry["event"] == Event.YEAR_REOPENED
        for said in json.loads(each.entry["change"]).get("did", ())
        if said["do"] == "reopen_year"
    }
    closed = rows(db, "SELECT id, year FROM closing WHERE reopened_at IS NULL")
    return {each["year"] for each in closed if each["id"] in ids}


def apply(tx: "Tx", found: Plan) -> dict[str, int]:
    """Set the tables to what a plan says.

    Args:
        tx: the transaction.
        found: the plan, made in the same transaction.

    Returns:
        How many records of each table were made or changed.

    Raises:
        HandoverError: a picture or text that entries speak of is missing.
    """
    db = tx.db
    for each in found.counted:
        for said in json.loads(each.entry["change"]).get("did", ()):
            if said["do"] == "reopen_year":
                _reopen(db, said)
    _tell_held(db, found)
    done: Counter[str] = Counter()
    for kind in _ORDER:
        for (of_kind, record), outcome in sorted(found.outcomes.items(), key=lambda each: each[0]):
            if of_kind == kind and _set(db, kind, record, outcome):
                done[kind] += 1
        if kind == "evidence":
            for each in found.counted:
                _once(db, each, found, done)
    for name, upto in found.known.items():
        db.execute("UPDATE desktop SET merged = ? WHERE id = ? AND here = 0", (upto, name))
    for said in _said(db, Event.ORIGINALS_DESTROYED, "destroy_original"):
        retention.destroy_elsewhere(db, said)
    _note_conflicts(db, found)
    for said in _closings(db):
        closing.close_elsewhere(db, said)
    return dict(done)


def _tell_held(db: Database, found: Plan) -> None:
    for each in found.counted:
        db.execute("DELETE FROM waiting WHERE desktop_id = ? AND seq = ?", (each.desktop, each.entry["seq"]))
    for year, desktop, seq in found.waiting:
        db.execute("INSERT OR IGNORE INTO waiting (year, desktop_id, seq) VALUES (?, ?, ?)", (year, desktop, seq))


def _set(db: Database, kind: str, record: str, outcome: Outcome) -> bool:
    """Set one row; return whether anything changed."""
    key = {"practice": "one", "profile": "year", "setting": "name"}.get(kind, "id")
    old = row(db, f"SELECT * FROM {kind} WHERE {key} = ?", 1 if kind == "practice" else record)  # noqa: S608 - ours
    columns = outcome.columns
    if old is None:
        if kind not in ("profile", "setting") and outcome.made is None:
            raise HandoverError(INCOMPLETE)
        db.table(kind).insert(_new(db, kind, record, outcome) | columns)
        return True
    changed = {name: new for name, new in columns.items() if old[name] != new}
    if changed:
        names = ", ".join(f"{name} = ?" for name in changed)
        db.execute(f"UPDATE {kind} SET {names} WHERE {key} = ?", (*changed.values(), old[key]))  # noqa: S608 - ours
    return bool(changed)


def _new(db: Database, kind: str, record: str, outcome: Outcome) -> dict[str, Any]:
    """Return the row of a new record as far as its making tells; nothing is said of the rest."""
    if kind == "profile":
        return {"year": int(record)} | _blank("mvp_id", "special_statuses", "missing_categories")
    if kind == "setting":
        return {"name": record}
    made = outcome.made
    assert made is not None, "asked before"
    said = dict(made.value)
    if kind == "clinician":
        return {"id": record} | _blank("name", "npi", "credential", "role")
    if kind in merge.WRITTEN_ONCE:
        return {"id": record} | {name: said[name] for name in said if name != "number"}
    if kind == "audit":
        return {"id": record} | _blank("sender", "reference", "years", "note")
    if kind == "audit_request":
        return {"id": record} | said | _blank("request", "activities", "note")
    if kind == "selection":
        return {"id": record} | said | _blank("period_start", "story", "private_note")
    if kind == "use_entry":
        evidence = said["evidence_id"] or None
        if evidence and value(db, "SELECT 1 FROM evidence WHERE id = ?", evidence) is None:
            evidence = None  # of a year that is closed here
        return said | {"clinician_id": said["clinician_id"] or None, "evidence_id": evidence}
    intake: dict[str, Any] = json.loads(part(db, said["intake"]))
    if records.intake_seal(intake) != said["intake"] or intake["id"] != record:
        raise HandoverError(INCOMPLETE)
    if value(db, "SELECT 1 FROM original WHERE sha256 = ?", said["sha256"]) is None:
        # Only what was destroyed comes without its bytes; whoever put this file together has proven that.
        db.execute(
            "INSERT INTO original (sha256, size, added_at, data) VALUES (?, ?, ?, x'')",
            (said["sha256"], said["size"], made.at),
        )
    editable = _blank("caption", "option_key", "outside_reason", "address", "clinician_ids", "looked_at_by")
    return intake | editable | {"no_identifiers": 0, "origin": made.stamp.desktop}


def _blank(*names: str) -> dict[str, Any]:
    return {name: merge.empty(name) for name in names}


def _once(db: Database, each: Counted, found: Plan, done: Counter[str]) -> None:
    """Store what an entry wrote once and for all: revisions of marks, CMS's texts, records of exports."""
    entry = each.entry
    for said in json.loads(entry["change"]).get("did", ()):
        if said["do"] == "add_marks":
            if value(db, "SELECT 1 FROM evidence WHERE id = ?", said["id"]) is None or _held(db, said["id"]):
                continue
            key = (said["id"], said["revision"], each.desktop)
            if value(db, "SELECT 1 FROM marks WHERE evidence_id = ? AND revision = ? AND origin = ?", *key) is None:
                data = part(db, said["sha256"], may_lack=_destroyed(db, found, said["id"]))
                new = {"evidence_id": key[0], "revision": key[1], "origin": key[2], "at": entry["at"]}
                new |= {"person_id": entry["person_id"], "data": dbapi.Binary(data)}
                db.table("marks").insert(new | {name: said[name] for name in ("redactions", "other_marks")})
                done["marks"] += 1
        elif said["do"] == "add_official":
            if value(db, "SELECT 1 FROM official WHERE id = ?", said["id"]) is None:
                new = {name: said[name] for name in ("id", "year", "sha256", "size")}
                new |= {"loaded_at": entry["at"], "loaded_by": entry["person_name"]}
                content = part(db, said["content"])
                db.table("official").insert(new | {"data": dbapi.Binary(zlib.compress(content, 9))})
                done["official"] += 1
        elif said["do"] == "add_export" and value(db, "SELECT 1 FROM export WHERE id = ?", said["id"]) is None:
            db.table("export").insert({name: new for name, new in said.items() if name != "do"})
            done["export"] += 1


def _held(db: Database, evidence_id: str) -> bool:
    year = value(
        db, "SELECT year FROM selection JOIN evidence ON selection.id = selection_id WHERE evidence.id = ?", evidence_id
    )
    return year is not None and int(year) in closed_years(db)


def _destroyed(db: Database, found: Plan, evidence_id: str) -> bool:
    if value(db, "SELECT 1 FROM tombstone WHERE evidence_id = ?", evidence_id):
        return True
    return any(
        said["do"] == "destroy_original" and said["id"] == evidence_id
        for each in found.counted
        if each.entry["event"] == Event.ORIGINALS_DESTROYED
        for said in json.loads(each.entry["change"]).get("did", ())
    )


def part(db: Database, sha256: str, *, may_lack: bool = False) -> bytes:
    """Return a small content that came with a file.

    Raises:
        HandoverError: it is not there, or not what it should be.
    """
    data = value(db, "SELECT data FROM part WHERE sha256 = ?", sha256)
    if data is None and may_lack:
        return b""
    if data is None or hashlib.sha256(data).hexdigest() != sha256:
        raise HandoverError(INCOMPLETE)
    return bytes(data)


def _note_conflicts(db: Database, found: Plan) -> None:
    for (kind, record), outcome in found.outcomes.items():
        db.execute("DELETE FROM conflict WHERE kind = ? AND record_id = ?", (kind, record))
        for each in outcome.differences:
            sides = [
                {
                    "desktop": side.stamp.desktop,
                    "at": side.at,
                    "person": side.person,
                    "value": _chosen(each, side),
                }
                for side in each.sides
            ]
            new = {"id": each.id, "kind": kind, "record_id": record, "unit": each.unit, "sides": canonical(sides)}
            db.table("conflict").insert(new)


def _chosen(difference: merge.Difference, side: Write) -> Mapping[str, Any]:
    """Return what is written when somebody chooses this side."""
    if side.unit == difference.unit and side.kind == difference.kind:
        return side.value
    return {"removed_at": None} | ({"removed_reason": ""} if difference.kind == "evidence" else {})


def _reopen(db: Database, said: Mapping[str, Any]) -> None:
    db.execute(
        "UPDATE closing SET reopened_at = ?, reopened_by = ?, reopened_reason = ? WHERE id = ? AND reopened_at IS NULL",
        (said["reopened_at"], said["reopened_by"], said["reopened_reason"], said["id"]),
    )


def _closings(db: Database) -> Iterator[Mapping[str, Any]]:
    """Give the closings of years by other desktops that were not reopened since."""
    reopened = {said["id"] for said in _said(db, Event.YEAR_REOPENED, "reopen_year")}
    return (said for said in _said(db, Event.YEAR_CLOSED, "close_year") if said["id"] not in reopened)


def _said(db: Database, event: Event, do: str) -> Iterator[Mapping[str, Any]]:
    """Give what the other desktops did of one kind, as far as it counts here."""
    found = rows(
        db,
        "SELECT change FROM foreign_entry JOIN desktop ON desktop.id = desktop_id"
        " WHERE event = ? AND seq <= merged ORDER BY foreign_entry.at, desktop_id, seq",
        str(event),
    )
    for entry in found:
        yield from (said for said in json.loads(entry["change"]).get("did", ()) if said["do"] == do)


def waiting_closings(db: Database) -> list[int]:
    """Return the years that other desktops closed although something else belongs to them here."""
    held = {each["id"] for each in rows(db, "SELECT id FROM closing")}
    found = {said["year"] for said in _closings(db) if said["id"] not in held}
    return sorted(found - closed_years(db))


def take_in_waiting(tx: "Tx", year: int) -> None:
    """Let the entries of other desktops count that waited for a year to be reopened, in the same transaction.

    Args:
        tx: the transaction that reopened it.
        year: which.
    """
    found = plan(World(tx.db), [year])
    if found.counted:
        tx.note(merged=apply(tx, found), conflicts=found.conflicts)
