"""The check of a whole vault: is everything there, and is every byte what was written?"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from mips_desk.domain.evidence import exhibit_number

from . import attested, audits, closing, desktops, journal, merge, records, retention
from .connection import PAGE_SIZE, Line, row, rows, value
from .errors import VaultDamagedError, translated
from .meter import Meter
from .wal import pages_in_log

_MOST_LINES = 10
_AT_ONCE = 500
#: Stands for the hash of marks that were destroyed while several desktops drew them.
DESTROYED_APART = "destroyed"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a vault that is not as it was written.

    Attributes:
        where: the file, exhibit, journal entry or record, in words.
        what: what is wrong, as the rest of a sentence that begins with `where`.
    """

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a vault is checked.

    The structure (journal, records, references, marks, sizes of originals) always is. On top come no originals, the
    bytes of one part of them, or of all of them and of every page of the data file.

    Attributes:
        part: which part of the originals, from 1; 0: none of them.
        of: in how many parts; 1: all of them and every page.
    """

    part: int = 1
    of: int = 1

    @property
    def label(self) -> str:
        """The scope as recorded: "structure", "part 2/4" or "all"."""
        return "all" if self.everything else f"part {self.part}/{self.of}" if self.part else "structure"

    @property
    def everything(self) -> bool:
        """All originals and every page."""
        return self.part == self.of == 1

    def holds(self, sha256: str) -> bool:
        """Tell whether an original belongs to the part: hashes spread evenly, and stay where they are."""
        return self.part > 0 and int(sha256[:8], 16) % self.of == self.part - 1


ALL = Scope()
STRUCTURE = Scope(part=0)


def check(line: Line, scope: Scope = ALL, meter: Meter | None = None) -> list[Problem]:
    """Check encryption, structure, references, journal, originals, marks and records; change nothing.

    Args:
        line: a reading connection that nobody else uses.
        scope: how much of it.
        meter: told of `work(line, scope)` bytes.

    Returns:
        What is not sound; empty when all is.

    Raises:
        CancelledError: the meter's owner does not want to go on.
    """
    meter = meter or Meter(0)
    steps: tuple[tuple[str, Callable[[Line, Scope, Meter], list[Problem]]], ...] = (
        ("The data file", _pages),
        ("The structure of the data file", _structure),
        ("The journal", _journal),
        ("The originals", _originals),
        ("The marks", _marks),
        ("The records", _records),
        ("The closed years", _closed_years),
    )
    found: list[Problem] = []
    for where, step in steps:
        meter.add(0)
        try:
            with translated():
                # One snapshot, so that what is written meanwhile does not look like a contradiction.
                if not line.db.conn.in_transaction:
                    line.db.execute("BEGIN")
                found += step(line, scope, meter)
        except (VaultDamagedError, ValueError):
            found.append(Problem(where, "cannot be read"))
            line.reconnect()
    meter.finish()
    return found


def work(line: Line, scope: Scope) -> int:
    """Return how much a check reads, in bytes; 0 when damage hides it, which the check itself then names.

    Args:
        line: a reading connection that nobody else uses.
        scope: how much is checked.
    """
    try:
        with translated():
            listed = rows(line.db, "SELECT sha256, size FROM original")
            originals: int = sum(each["size"] for each in listed if scope.holds(each["sha256"]))
            return originals + (2 * _file_size(line.db) if scope.everything else 0)
    except VaultDamagedError:
        line.reconnect()
        return 0


def name_original(db: Database, sha256: str) -> str:
    """Return the exhibit that shows an original, for a person: "exhibit 2025-IA_BE_4-03"."""
    found = row(
        db,
        "SELECT year, activity_id, number, letter FROM evidence JOIN selection ON selection.id = evidence.selection_id"
        " JOIN desktop ON desktop.id = evidence.origin"
        " WHERE sha256 = ? ORDER BY evidence.removed_at IS NOT NULL, evidence.seq LIMIT 1",
        sha256,
    )
    if found is None:
        return f"the file {sha256[:12]}"
    return f"exhibit {exhibit_number(found['year'], found['activity_id'], found['number'], found['letter'])}"


def _pages(line: Line, scope: Scope, meter: Meter) -> list[Problem]:
    if not scope.everything:
        return []
    bad = _bad_pages(line.db)
    if bad:
        # A page that is being written while it is read looks torn; a damaged one still is the second time.
        bad = [text for text in _bad_pages(line.db) if text in bad]
    if bad:
        # A power cut while pages are moved from the log into the data file may tear them there; the log still has
        # them whole, every reader takes them from it, and they are moved again at the next opening.
        path = Path(value(line.db, "SELECT file FROM pragma_database_list WHERE name = 'main'"))
        in_log = pages_in_log(path.with_name(f"{path.name}-wal"))
        bad = [text for text in bad if not in_log.intersection(map(int, re.findall(r"page (\d+)", text)))]
    named = [re.search(r"page (\d+)", text) for text in bad]
    shown = [
        f"was changed outside MIPS Desk at page {match[1]}" if match else "is not as long as it should be"
        for match in named
    ]
    meter.add(_file_size(line.db))
    return [Problem("The data file vault.db", text) for text in _shortened(shown)]


def _bad_pages(db: Database) -> list[str]:
    return [text for (text,) in db.execute("PRAGMA cipher_integrity_check").fetchall()]


def _file_size(db: Database) -> int:
    return int(value(db, "PRAGMA page_count")) * PAGE_SIZE


def _structure(line: Line, scope: Scope, meter: Meter) -> list[Problem]:
    if scope.everything:
        pragmas = ["PRAGMA integrity_check"]
        meter.add(_file_size(line.db))
    else:
        # Table by table, to leave out the one that is as large as all originals.
        tables = rows(line.db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name != 'original'")
        pragmas = [f'PRAGMA integrity_check("{each["name"]}")' for each in tables]
    lines = [text for pragma in pragmas for (text,) in line.db.execute(pragma).fetchall() if text != "ok"]
    found = [Problem("The structure of the data file", f"is damaged: {text}") for text in _shortened(lines)]
    return found + [
        Problem(f"Row {broken['rowid']} of {broken['table']}", f"refers to a missing row of {broken['parent']}")
        for broken in rows(line.db, "PRAGMA foreign_key_check")
    ]


def _journal(line: Line, _scope: Scope, _meter: Meter) -> list[Problem]:
    head = row(line.db, "SELECT seq, hash FROM journal_head")
    if head is None:
        return [Problem("The journal", "has lost its head")]
    broken = journal.first_break(_entries(line.db), head["seq"], head["hash"])
    if broken:
        return [Problem(f"Journal entry {broken.seq}", broken.what)]
    return _from_others(line.db) or _against_journal(line.db)


def _from_others(db: Database) -> list[Problem]:
    """Check the journals of the other desktops, which must follow from what this vault shares with them."""
    for each in rows(db, "SELECT id, name FROM desktop ORDER BY id"):
        if broken := desktops.first_break(db, each["id"]):
            where = f"Journal entry {broken.seq} of {each['name'] or 'the first desktop'}"
            return [Problem(where, broken.what)]
    return []


def _against_journal(db: Database) -> list[Problem]:
    """Compare what is written once with what the journal said when it was written."""
    evidence = {
        found["id"]: {name: found[name] for name in ("number", "sha256", "origin")}
        | {"intake": records.intake_seal(found)}
        for found in rows(db, "SELECT * FROM evidence")
    }
    exports = {found["id"]: records.export_row(records.export_of(found)) for found in rows(db, "SELECT * FROM export")}
    officials = {found["id"]: _official(found) for found in rows(db, "SELECT * FROM official")}
    closings = {found["id"]: closing.sealed(found) for found in rows(db, "SELECT * FROM closing")}
    reopened = rows(db, "SELECT * FROM closing WHERE reopened_at IS NOT NULL")
    reopenings = {found["id"]: closing.reopening(found) for found in reopened}
    destroyed = {found["evidence_id"]: retention.sealed(found) for found in rows(db, "SELECT * FROM tombstone")}
    marks = _mark_hashes(db)
    once: dict[str, dict[str, dict[str, Any]]] = {
        table: {each["id"]: each for each in rows(db, f"SELECT * FROM {table}")}  # noqa: S608 - names of ours
        for table in sorted(merge.WRITTEN_ONCE)
    }
    backups = {each["id"]: {"sha256": each["sha256"]} for each in rows(db, "SELECT id, sha256 FROM backup")}
    found: list[Problem] = []

    def compare(kept: dict[str, dict[str, Any]], said: Mapping[str, Any], what: str) -> None:
        record = kept.pop(said["id"], None)
        if record is None:
            if expected:
                found.append(Problem(f"{what} {said['id']}", "is in the journal but not in the vault"))
        elif any(said[name] != kept_value for name, kept_value in record.items() if name in said):
            found.append(Problem(f"{what} {said['id']}", "is not what the journal says was stored"))

    waiting = {(each["desktop_id"], each["seq"]) for each in rows(db, "SELECT desktop_id, seq FROM waiting")}
    for desktop, own, entry in desktops.counting(db):
        expected = own or (desktop, entry["seq"]) not in waiting
        for said in json.loads(entry["change"]).get("did", ()):
            if said["do"] == "add_evidence":
                compare(evidence, said | {"origin": desktop}, "Evidence item")
            elif said["do"] == "add_export":
                compare(exports, said, "Export")
            elif said["do"] == "add_official":
                compare(officials, said, "CMS's text")
            elif said["do"].startswith("add_") and said["do"][4:] in once:
                compare(once[said["do"][4:]], said, _ONCE_IN_WORDS[said["do"][4:]])
            elif said["do"] in ("close_year", "reopen_year", "destroy_original"):
                # Whether and when another desktop's counts is decided here; CMS's texts are numbered on each desktop.
                expected = own
                said = {name: said[name] for name in said if own or name != "official_seq"}
                if said["do"] == "close_year":
                    compare(closings, said, "The closing of a year,")
                elif said["do"] == "reopen_year":
                    compare(reopenings, said, "The reopening of a year,")
                else:
                    compare(destroyed, said, "The tombstone of")
            elif own and said["do"] == "add_backup":
                compare(backups, said, "The record of the backup")
            elif said["do"] == "add_marks":
                kept = marks.pop((said["id"], said["revision"], desktop), None)
                if kept not in (said["sha256"], DESTROYED_APART) and (kept or expected):
                    what = (
                        "are not what the journal says was stored"
                        if kept
                        else "are in the journal but not in the vault"
                    )
                    found.append(Problem(f"Marks {said['id']}, revision {said['revision']}", what))
    found += [Problem(f"Evidence item {name}", "is in the vault but not in the journal") for name in evidence]
    found += [Problem(f"Export {name}", "is in the vault but not in the journal") for name in exports]
    found += [Problem(f"CMS's text {name}", "is in the vault but not in the journal") for name in officials]
    found += [Problem(f"The closing of a year, {name}", "is in the vault but not in the journal") for name in closings]
    found += [
        Problem(f"The reopening of a year, {name}", "is in the vault but not in the journal") for name in reopenings
    ]
    found += [Problem(f"The tombstone of {name}", "is in the vault but not in the journal") for name in destroyed]
    found += [
        Problem(f"{_ONCE_IN_WORDS[table]} {name}", "is in the vault but not in the journal")
        for table, held in once.items()
        for name in held
    ]
    found += [Problem(f"The record of the backup {name}", "is in the vault but not in the journal") for name in backups]
    found += [
        Problem(f"Marks {name}, revision {number}", "are not in the journal") for name, number, _ in sorted(marks)
    ]
    return found


def _official(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the journal said of CMS's texts when they were loaded."""
    try:
        content = hashlib.sha256(records.official_unpacked(found["data"])).hexdigest()
    except ValueError:
        content = ""
    return {name: found[name] for name in ("year", "sha256", "size")} | {"content": content}


def _mark_hashes(db: Database) -> dict[tuple[str, int, str], str]:
    """Return the hashes of all revisions of marks; of destroyed ones those that their tombstones kept."""
    cursor = db.execute("SELECT evidence_id, revision, origin, data FROM marks")
    hashes = {
        (name, revision, origin): hashlib.sha256(data).hexdigest() if data else ""
        for name, revision, origin, data in cursor
    }
    empty = hashlib.sha256(b"").hexdigest()
    several = value(db, "SELECT count(*) FROM desktop") > 1
    # A tombstone numbers the revisions that one desktop knew; with several desktops that number tells nothing.
    kept = {
        at: DESTROYED_APART if several else retention.marks_hash(db, *at[:2]) for at, has in hashes.items() if not has
    }
    return {at: has or kept[at] or empty for at, has in hashes.items()}


def _entries(db: Database) -> Iterator[dict[str, Any]]:
    after = 0
    while found := rows(db, "SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", after, _AT_ONCE):
        yield from found
        after = found[-1]["seq"]


def _originals(line: Line, scope: Scope, meter: Meter) -> list[Problem]:
    found: list[Problem] = []
    # The length of a blob stands at its beginning: this reads none of them. In order of place, the reading after it
    # goes through the file once.
    listed = rows(line.db, "SELECT rowid AS place, sha256, size, length(data) AS held FROM original ORDER BY rowid")
    for each in listed:
        sound = each["held"] == each["size"]
        if sound and scope.holds(each["sha256"]):
            sound = _is_original(line, each["place"], each["sha256"])
            meter.add(each["size"])
        if not sound:
            with translated():
                if not each["held"] and retention.is_destroyed(line.db, each["sha256"]):
                    continue
                name = name_original(line.db, each["sha256"])
            found.append(Problem(f"The original of {name}", "is not what was stored"))
    return found


def _is_original(line: Line, place: int, sha256: str) -> bool:
    try:
        with translated():
            data = value(line.db, "SELECT data FROM original WHERE rowid = ?", place)
    except VaultDamagedError:
        line.reconnect()
        return False
    return data is not None and hashlib.sha256(data).hexdigest() == sha256


def _marks(line: Line, _scope: Scope, _meter: Meter) -> list[Problem]:
    broken = rows(
        line.db,
        "SELECT evidence.id FROM evidence LEFT JOIN marks ON marks.evidence_id = evidence.id GROUP BY evidence.id"
        " HAVING count(DISTINCT marks.revision) != coalesce(max(marks.revision), 0)"
        " OR NOT coalesce(max(marks.revision = evidence.marks_revision AND marks.origin = evidence.marks_origin),"
        " evidence.marks_revision = 0)",
    )
    return [Problem(f"Marks {found['id']}", "do not run from 1 to the newest revision") for found in broken]


def _records(line: Line, _scope: Scope, _meter: Meter) -> list[Problem]:
    known = {found["id"] for found in rows(line.db, "SELECT id FROM clinician")}
    items = map(records.evidence_of, rows(line.db, "SELECT * FROM evidence"))
    found = [
        Problem(f"Evidence item {item.id}", "refers to a missing clinician")
        for item in items
        if not known.issuperset(item.clinician_ids)
    ]
    for table, decode in _DECODERS:
        for each in rows(line.db, table):
            decode(each)
    if value(line.db, "SELECT count(*) FROM practice") != 1 or value(line.db, "SELECT count(*) FROM vault") != 1:
        found.append(Problem("The record of the practice", "is missing"))
    return found


def _closed_years(line: Line, _scope: Scope, _meter: Meter) -> list[Problem]:
    return [Problem(f"The closed year {year}", "is not what was closed") for year in closing.changed_years(line.db)]


_DECODERS: tuple[tuple[str, Callable[[Mapping[str, Any]], object]], ...] = (
    ("SELECT * FROM practice", records.practice_of),
    ("SELECT * FROM person", records.person_of),
    ("SELECT * FROM clinician", records.clinician_of),
    ("SELECT * FROM profile", records.profile_of),
    ("SELECT * FROM selection", records.selection_of),
    ("SELECT * FROM use_entry", records.use_of),
    ("SELECT * FROM export", records.export_of),
    ("SELECT * FROM official", records.official_of),
    ("SELECT * FROM attested", attested.record_of),
    ("SELECT * FROM audit", audits.audit_of),
    ("SELECT * FROM audit_request", audits.request_of),
    ("SELECT * FROM audit_sent", audits.sent_of),
    ("SELECT * FROM drill_answer", audits.answer_of),
)
_ONCE_IN_WORDS = {
    "attestation": "The attested record",
    "audit_sent": "The record of what was sent,",
    "drill": "The practice drill",
    "drill_answer": "The answer of a practice drill,",
}


def _shortened(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_LINES
    return lines if more <= 0 else [*lines[:_MOST_LINES], f"and in {more} more places"]
