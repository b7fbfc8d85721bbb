"""Reading the journal: what matches, newest first, with the names of the records that the entries speak of."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from . import journal
from .connection import row, rows
from .journal import Event, JournalEntry
from .vault import Vault

_ID = re.compile(r'"([0-9A-HJKMNP-TV-Z]{26})"')
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an entry must be to match; what is None or empty does not count.

    Attributes:
        from_day: first day, by the clock and time zone of the entry.
        to_day: last day, included.
        person: name of the person.
        events: one of these.
        ids: it names one of these records.
    """

    from_day: date | None = None
    to_day: date | None = None
    person: str = ""
    events: frozenset[Event] = frozenset()
    ids: tuple[str, ...] = ()

    def where(self) -> tuple[str, dict[str, object]]:
        """Return the condition in SQL and its parameters."""
        tests = ["1"]
        if self.from_day:
            tests.append("substr(at, 1, 10) >= :from_day")
        if self.to_day:
            tests.append("substr(at, 1, 10) <= :to_day")
        if self.person:
            tests.append("person_name = :person")
        if self.events:
            tests.append("event IN (SELECT value FROM json_each(:events))")
        if self.ids:
            tests.append("EXISTS (SELECT 1 FROM json_each(:ids) AS wanted WHERE instr(change, wanted.value))")
        return " AND ".join(tests), {
            "from_day": str(self.from_day),
            "to_day": str(self.to_day),
            "person": self.person,
            "events": json.dumps(sorted(self.events)),
            "ids": json.dumps([f'"{record_id}"' for record_id in self.ids]),
        }


@dataclass(frozen=True, slots=True)
class Names:
    """Names of records by their identifier, removed ones included.

    Attributes:
        exhibits: year, activity, number and letter of the desktop.
        selections: year and activity.
        uses: day and identifier of the selection.
        people: persons and clinicians.
    """

    exhibits: Mapping[str, tuple[int, str, int, str]] = field(default_factory=dict)
    selections: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    uses: Mapping[str, tuple[date, str]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Some entries that match.

    Attributes:
        entries: the entries.
        rows: the same as they stand in the journal, for who wants to compute their hashes.
        names: of the records in them.
    """

    entries: tuple[JournalEntry, ...]
    rows: tuple[Mapping[str, Any], ...]
    names: Names


def newest_first(vault: Vault, wanted: Wanted, before: int = 0) -> Iterator[Found]:
    """Give what matches, newest first, some at a time.

    Args:
        vault: the open vault.
        wanted: what must match.
        before: only entries with a lower number; 0: from the newest.
    """
    at = before or length(vault) + 1
    while found := _read(vault, wanted, "seq < :at", "DESC", at):
        yield found
        at = found.entries[-1].seq


def oldest_first(vault: Vault, wanted: Wanted, upto: int) -> Iterator[Found]:
    """Give what matches, oldest first, some at a time.

    Args:
        vault: the open vault.
        wanted: what must match.
        upto: number of the last entry that may be given, so that what is written meanwhile is not.
    """
    at = 0
    while found := _read(vault, wanted, f"seq > :at AND seq <= {upto:d}", "ASC", at):
        yield found
        at = found.entries[-1].seq


def _read(vault: Vault, wanted: Wanted, place: str, order: str, at: int) -> Found | None:
    test, parameters = wanted.where()
    sql = f"SELECT * FROM journal WHERE {place} AND {test} ORDER BY seq {order} LIMIT {_AT_ONCE}"  # noqa: S608 - constants
    with vault.reading() as db:
        cursor = db.execute(sql, parameters | {"at": at})
        columns = [column[0] for column in cursor.description]
        found = tuple(dict(zip(columns, each, strict=True)) for each in cursor.fetchall())
        entries = tuple(map(journal.entry_of, found))
    return Found(entries, found, _names(vault, found)) if entries else None


def length(vault: Vault) -> int:
    """Return the number of the newest entry."""
    return _head(vault)[0]


def count(vault: Vault, wanted: Wanted) -> int:
    """Return how many entries match."""
    if wanted == Wanted():
        return length(vault)
    test, parameters = wanted.where()
    with vault.reading() as db:
        return int(db.execute(f"SELECT count(*) FROM journal WHERE {test}", parameters).fetchone()[0])  # noqa: S608


def people(vault: Vault) -> tuple[str, ...]:
    """Return the names of everybody who made an entry, in the order of the alphabet."""
    with vault.reading() as db:
        found = rows(db, "SELECT DISTINCT person_name FROM journal")
    return tuple(sorted((each["person_name"] for each in found), key=str.casefold))


def exhibit_ids(vault: Vault, year: int, activity_id: str, number: int, letter: str) -> tuple[str, ...]:
    """Return the identifiers of the evidence items that carry an exhibit number, removed ones included."""
    with vault.reading() as db:
        found = rows(
            db,
            "SELECT evidence.id FROM evidence JOIN selection ON selection.id = evidence.selection_id"
            " JOIN desktop ON desktop.id = evidence.origin"
            " WHERE selection.year = ? AND selection.activity_id = ? AND evidence.number = ? AND letter = ?",
            year,
            activity_id,
            number,
            letter,
        )
        return tuple(each["id"] for each in found)


class Chain:
    """The journal as it is now, to be followed from its first entry to its newest.

    Attributes:
        length: number of the newest entry, as kept apart from the journal.
        head: its hash (hex), as kept apart.
    """

    def __init__(self, vault: Vault):
        self._vault = vault
        self.length, self.head = _head(vault)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give the rows in order, those only that were there when this was made."""
        after = 0
        while True:
            with self._vault.reading() as db:
                found = rows(
                    db,
                    "SELECT * FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
                    after,
                    self.length,
                    _AT_ONCE,
                )
            if not found:
                break
            yield from found
            after = found[-1]["seq"]
        with self._vault.reading() as db:
            # In one statement, so that an entry that is written meanwhile is in both or in none.
            beyond = row(
                db,
                "SELECT journal.* FROM journal, journal_head WHERE journal.seq > journal_head.seq"
                " ORDER BY journal.seq LIMIT 1",
            )
        if beyond:
            yield beyond


def _head(vault: Vault) -> tuple[int, str]:
    with vault.reading() as db:
        found = row(db, "SELECT seq, hash FROM journal_head")
    return (found["seq"], found["hash"]) if found else (0, journal.START_HASH)


def _names(vault: Vault, found: Sequence[Mapping[str, Any]]) -> Names:
    ids = json.dumps(sorted({record_id for each in found for record_id in _ID.findall(each["change"])}))
    of_them = "IN (SELECT value FROM json_each(?))"
    with vault.reading() as db:
        exhibits = rows(
            db,
            "SELECT evidence.id, year, activity_id, number, letter FROM evidence JOIN selection"
            " ON selection.id = evidence.selection_id JOIN desktop ON desktop.id = evidence.origin"
            " WHERE evidence.id IN (SELECT value FROM json_each(?))",
            ids,
        )
        uses = rows(db, f"SELECT id, day, selection_id FROM use_entry WHERE id {of_them}", ids)  # noqa: S608
        named = json.dumps([*json.loads(ids), *{each["selection_id"] for each in uses}])
        selections = rows(db, f"SELECT id, year, activity_id FROM selection WHERE id {of_them}", named)  # noqa: S608
        people = [
            *rows(db, f"SELECT id, name FROM clinician WHERE id {of_them}", ids),  # noqa: S608
            *rows(db, f"SELECT id, name FROM person WHERE id {of_them}", ids),  # noqa: S608
        ]
    return Names(
        {each["id"]: (each["year"], each["activity_id"], each["number"], each["letter"]) for each in exhibits},
        {each["id"]: (each["year"], each["activity_id"]) for each in selections},
        {each["id"]: (date.fromisoformat(each["day"]), each["selection_id"]) for each in uses},
        {each["id"]: each["name"] for each in people},
    )
