"""What the logs of several desktops come to: a pure function of the set of their entries, with no order of arrival.

Each entry of a journal says completely what was written: to which record, which of its units (a column, or columns
that only make sense together), what value. Of the writes to a unit those count that no other write has seen; of
these the latest by the clocks, then by desktop. When they differ in meaning, that is a conflict, until a later write
that has seen all of them. What a write had seen follows from its place in its log and from the hand-over files that
had been read there before. `docs/hand-over.md` has the rules and their reasons.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from .journal import canonical

#: Columns that are decided together; every other column is a unit by itself.
_TOGETHER = {
    "profile": {"level": "reporting", "track": "reporting", "mvp_id": "reporting"}
    | {"pcmh_sites_total": "pcmh", "pcmh_sites_recognised": "pcmh"},
    "selection": {"period_start": "period", "period_end": "period"},
    "evidence": {"looked_at_by": "looked", "looked_at_on": "looked"},
    "audit": {"closed_at": "closed", "closed_by": "closed", "outcome": "closed"},
}
_SETS = ("special_statuses", "missing_categories", "clinician_ids", "years", "activities")
_NOTHING = (
    *("joined_on", "left_on", "npis_total", "eligible_clinicians", "submitted_quality", "submitted_pi"),
    *("pcmh_sites_total", "pcmh_sites_recognised", "period_start", "period_end", "attested_on"),
    *("shows_date", "looked_at_on", "removed_at", "closed_at", "due_on"),
)
#: Settings of the practice; all others are those of one computer and stay there.
TRAVELLING_SETTINGS = frozenset({"retention_years", "marks_look"})

MADE, REMOVED, MARKS, LOOKED, CONFIRMED = "made", "removed", "marks", "looked", "no_identifiers"
#: Tables whose rows are made and never changed.
WRITTEN_ONCE = frozenset({"attestation", "audit_sent", "drill", "drill_answer"})
_KINDS = {"selection": "selection", "evidence": "evidence", "clinician": "clinician", "uses": "use_entry"}


class Stamp(NamedTuple):
    """When and where a write was made; sorts by what wins.

    Attributes:
        utc: moment in UTC, microseconds, as text that sorts.
        desktop: where.
        seq: number of its entry there.
        place: in the entry.
    """

    utc: str
    desktop: str
    seq: int
    place: int


@dataclass(frozen=True, slots=True)
class Write:
    """One value written to one unit of one record.

    Attributes:
        kind: the table, for example "evidence".
        record: identifier; the year of a profile, the name of a setting, empty for the practice.
        unit: what was written; `MADE` when the record was made.
        value: its columns.
        stamp: when and where.
        at: the same moment as it stands in the journal.
        person: name of who wrote it.
        parent: the selection that the record belongs to, where the entry tells.
    """

    kind: str
    record: str
    unit: str
    value: Mapping[str, Any]
    stamp: Stamp
    at: str
    person: str
    parent: str = ""

    @property
    def meaning(self) -> str:
        """What has to differ for a conflict."""
        if self.unit == REMOVED:
            return "removed" if self.value["removed_at"] else ""
        if self.unit == MARKS:
            return str(self.value["sha256"])
        return canonical(self.value)


@dataclass(frozen=True, slots=True)
class Difference:
    """A unit in which desktops differ.

    Attributes:
        unit: which.
        sides: one write of each meaning, that which counts first. Of a removal against other work, the other work
            stands for "stays".
    """

    kind: str
    record: str
    unit: str
    sides: tuple[Write, ...]

    @property
    def id(self) -> str:
        """The same on all desktops, and another one as soon as the sides are others."""
        stamps = sorted(list(side.stamp) for side in self.sides)
        return hashlib.sha256(canonical([self.kind, self.record, self.unit, stamps]).encode()).hexdigest()[:20]


@dataclass(slots=True)
class Outcome:
    """What the writes to one record come to.

    Attributes:
        made: the write that made it; None when that lies before all that desktops do not share.
        columns: what stands in its row; columns that are not named stay as they are.
        differences: units in conflict.
    """

    made: Write | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


def unit_of(kind: str, column: str) -> str:
    """Return the unit to which a column belongs."""
    return _TOGETHER.get(kind, {}).get(column, column)


def empty(column: str) -> Any:
    """Return what stands in a column about which nothing was said."""
    return None if column in _NOTHING else "[]" if column in _SETS else ""


def utc_text(at: str | datetime) -> str:
    """Return a moment in UTC as text that sorts."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def entered(at: str | datetime, desktop: str, index: int) -> str:
    """Return the place of a record in the order of entry, the same on all desktops, as text that sorts."""
    return f"{utc_text(at)} {desktop:26} {index:06}"


class Seen:
    """What had been seen where: vector clocks, from the logs' beginnings and the hand-over files read in them."""

    def __init__(
        self,
        begun: Mapping[str, tuple[str | None, int]],
        reads: Mapping[str, Iterable[tuple[int, Mapping[str, int]]]],
    ):
        """Take in what there is.

        Args:
            begun: of each desktop its parent, and the number of the parent's last entry that it shares.
            reads: of each desktop its entries that read a hand-over file, and up to where that brought it.
        """
        self._steps: dict[str, tuple[list[int], list[Mapping[str, int]]]] = {}
        pending = dict(begun)
        while pending:
            ready = [name for name, (parent, _) in pending.items() if parent is None or parent in self._steps]
            if not ready:
                raise ValueError("a desktop whose parent is not known")
            for name in ready:
                parent, after = pending.pop(name)
                now: dict[str, int] = {}
                if parent is not None:
                    now = dict(self.context(parent, after + 1)) | {parent: after}
                starts, vectors = [0], [now]
                for seq, known in sorted(reads.get(name, ()), key=lambda each: each[0]):
                    now = {each: max(now.get(each, 0), known.get(each, 0)) for each in now.keys() | known.keys()}
                    starts.append(seq + 1)
                    vectors.append(now)
                self._steps[name] = (starts, list(vectors))

    def context(self, desktop: str, seq: int) -> Mapping[str, int]:
        """Return up to where an entry had seen the logs of the others."""
        starts, vectors = self._steps[desktop]
        return vectors[bisect_right(starts, seq) - 1]

    def before(self, first: Stamp, second: Stamp) -> bool:
        """Tell whether the second write was made knowing the first."""
        if first.desktop == second.desktop:
            return first[2:] < second[2:]
        return self.context(second.desktop, second.seq).get(first.desktop, 0) >= first.seq

    def apart(self, first: Stamp, second: Stamp) -> bool:
        """Tell whether neither write knew the other."""
        return first != second and not self.before(first, second) and not self.before(second, first)


def writes_of(desktop: str, entry: Mapping[str, Any]) -> Iterator[Write]:
    """Return what an entry wrote to records that desktops share.

    Args:
        desktop: whose entry it is.
        entry: its row, `change` as JSON text.
    """
    did = json.loads(entry["change"]).get("did", ())
    utc = utc_text(entry["at"]) if did else ""
    for index, said in enumerate(did):
        stamp = Stamp(utc, desktop, entry["seq"], index)

        def write(
            kind: str, record: str, unit: str, value: Mapping[str, Any], parent: str = "", stamp: Stamp = stamp
        ) -> Write:
            return Write(kind, record, unit, value, stamp, entry["at"], entry["person_name"], parent)

        yield from _writes(said, write)


def _writes(said: Mapping[str, Any], write: Any) -> Iterator[Write]:
    do = said["do"]
    verb, _, rest = do.partition("_")
    if do == "put_setting":
        if said["name"] in TRAVELLING_SETTINGS:
            yield write("setting", said["name"], "value", {"value": canonical(said["new"])})
    elif do == "settle":
        yield write(said["kind"], said["id"], said["unit"], said["value"], said.get("selection", ""))
    elif verb == "put" and rest in ("practice", "profile", "clinician", "selection", "evidence"):
        record = str(said.get("id", said.get("year", "")))
        if rest == "clinician" and "new" in said:
            yield write(rest, record, MADE, {})
            yield write(rest, record, REMOVED, {"removed_at": None})
        yield from _units(rest, record, said, write)
    elif verb == "add" and rest in WRITTEN_ONCE:
        yield write(rest, said["id"], MADE, {name: fact for name, fact in said.items() if name not in ("do", "id")})
    elif do in ("put_audit", "put_audit_request"):
        if "new" in said:
            yield write(rest, said["id"], MADE, {name: said[name] for name in ("audit_id",) if name in said})
        yield from _units(rest, said["id"], said, write)
    elif do in ("close_audit", "reopen_audit"):
        yield write(rest, said["id"], "closed", {name: said[name] for name in ("closed_at", "closed_by", "outcome")})
    elif do == "add_selection":
        yield write(rest, said["id"], MADE, {"year": said["year"], "activity_id": said["activity"]})
        yield write(rest, said["id"], REMOVED, {"removed_at": None})
    elif do == "add_evidence":
        facts = {name: said[name] for name in ("number", "sha256", "size", "intake")}
        yield write(rest, said["id"], MADE, facts | {"selection_id": said["selection"]}, said["selection"])
        yield write(rest, said["id"], REMOVED, {"removed_at": None, "removed_reason": ""}, said["selection"])
        yield from _units(rest, said["id"], said, write, said["selection"])
    elif do == "add_marks":
        facts = {name: said[name] for name in ("revision", "redactions", "other_marks", "sha256")}
        stamp: Stamp = write("", "", "", {}).stamp
        yield write("evidence", said["id"], MARKS, facts | {"origin": stamp.desktop})
    elif do == "add_uses":
        names = ("id", "day", "count", "note", "clinician_id", "evidence_id")
        for use in said["uses"]:
            facts = dict(zip(names, use, strict=False)) | {"selection_id": said["selection"]}
            yield write("use_entry", use[0], MADE, facts, said["selection"])
            yield write("use_entry", use[0], REMOVED, {"removed_at": None}, said["selection"])
    elif verb in ("remove", "restore") and rest in _KINDS:
        at = write("", "", "", {}).at if verb == "remove" else None
        reason = {"removed_reason": said.get("reason", "")} if rest == "evidence" else {}
        for record in said["ids"] if rest == "uses" else (said["id"],):
            yield write(_KINDS[rest], record, REMOVED, {"removed_at": at} | reason)


def _units(kind: str, record: str, said: Mapping[str, Any], write: Any, parent: str = "") -> Iterator[Write]:
    given = said["new"] if "new" in said else {name: new for name, (_old, new) in said["changed"].items()}
    units: dict[str, dict[str, Any]] = {unit_of(kind, name): {} for name in given}
    for name, unit in _TOGETHER.get(kind, {}).items():
        if unit in units:
            units[unit][name] = given.get(name, empty(name))
    for name, value in given.items():
        units[unit_of(kind, name)][name] = value
    for unit, columns in units.items():
        yield write(kind, record, unit, columns, parent)


def is_sign(write: Write) -> bool:
    """Tell whether a write shows that somebody still works with the record: everything but its removal."""
    return not (write.unit == REMOVED and write.value["removed_at"])


def decide(writes: Collection[Write], signs: Collection[Write], seen: Seen) -> Outcome:
    """Return what the writes to one record come to.

    Args:
        writes: all writes to it that not all desktops have always shared.
        signs: signs of life of what belongs to it; those of the record itself are among `writes`.
        seen: what had been seen where.
    """
    found = Outcome()
    units: dict[str, list[Write]] = {}
    for write in writes:
        units.setdefault(write.unit, []).append(write)
    made = units.pop(MADE, None)
    if made:
        first = min(made, key=lambda each: each.stamp)
        found.made = first
        if first.kind in ("selection", "clinician"):
            found.columns["entered"] = entered(first.at, first.stamp.desktop, first.stamp.place)
    marks = units.get(MARKS, [])
    if marks or LOOKED in units:
        found.columns |= _looked(units.pop(LOOKED, []), marks, seen)
    if marks or CONFIRMED in units:
        found.columns |= _confirmed(units.pop(CONFIRMED, []), marks, seen)
    if REMOVED in units:
        own = [write for write in writes if is_sign(write)]
        _remove(found, units.pop(REMOVED), [*own, *signs], seen)
    for written in units.values():
        newest = _newest(written, seen)
        found.columns |= columns_of(newest[0])
        _differ(found, newest)
    return found


def _newest(writes: Iterable[Write], seen: Seen) -> list[Write]:
    """Return the writes that no other one has seen, that which counts first."""
    last: dict[str, Write] = {}
    for write in writes:
        held = last.get(write.stamp.desktop)
        if held is None or held.stamp[2:] < write.stamp[2:]:
            last[write.stamp.desktop] = write
    newest = [each for each in last.values() if not any(seen.before(each.stamp, o.stamp) for o in last.values())]
    return sorted(newest, key=lambda each: each.stamp, reverse=True)


def columns_of(write: Write) -> dict[str, Any]:
    """Return what stands in the row after a write."""
    if write.unit != MARKS:
        return dict(write.value)
    return {
        "marks_revision": write.value["revision"],
        "marks_origin": write.value["origin"],
        "redactions": write.value["redactions"],
        "other_marks": write.value["other_marks"],
    }


def _differ(found: Outcome, newest: list[Write]) -> None:
    """Note a conflict when the newest writes, that which counts first, do not mean the same."""
    sides: dict[str, Write] = {}
    for write in newest:
        sides.setdefault(write.meaning, write)
    if len(sides) > 1:
        first = newest[0]
        found.differences.append(Difference(first.kind, first.record, first.unit, tuple(sides.values())))


def _looked(looked: list[Write], marks: list[Write], seen: Seen) -> dict[str, Any]:
    """Somebody looked at the picture only if that person saw all of its newest marks, and nobody took it back."""
    newest = _newest(looked, seen)
    last_marks = _newest(marks, seen)
    whole = bool(newest) and all(each.value["looked_at_by"] for each in newest)
    if whole and all(seen.before(each.stamp, newest[0].stamp) for each in last_marks):
        return dict(newest[0].value)
    return {"looked_at_by": "", "looked_at_on": None}


def _confirmed(confirmed: list[Write], marks: list[Write], seen: Seen) -> dict[str, Any]:
    """A confirmation that there is no identifier holds unless marks were drawn apart from it, or from each other."""
    newest = _newest(confirmed, seen)
    if not all(each.value[CONFIRMED] for each in newest):
        return {CONFIRMED: 0}
    if any(seen.apart(mark.stamp, each.stamp) for each in newest for mark in marks):
        return {CONFIRMED: 0}
    unseen = [mark for mark in marks if not newest or not all(seen.before(mark.stamp, n.stamp) for n in newest)]
    if any(seen.apart(one.stamp, other.stamp) for one in unseen for other in marks):
        return {CONFIRMED: 0}
    return {CONFIRMED: 1} if newest else {}


def _remove(found: Outcome, writes: list[Write], signs: list[Write], seen: Seen) -> None:
    """A record is removed only by somebody who had seen all work on it; else it stays, and a conflict tells."""
    newest = _newest(writes, seen)
    stays = [write for write in newest if not write.value["removed_at"]]
    gone = [write for write in newest if write.value["removed_at"]]
    if gone and not stays:
        stays = [each for each in signs if all(seen.apart(each.stamp, removal.stamp) for removal in gone)]
    if not stays:
        found.columns |= gone[0].value
        return
    kept = max(stays, key=lambda each: each.stamp)
    found.columns |= {name: None if name == "removed_at" else "" for name in newest[0].value}
    if gone:
        found.differences.append(Difference(gone[0].kind, gone[0].record, REMOVED, (kept, gone[0])))
