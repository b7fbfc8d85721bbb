"""The check of a whole vault: is everything there, and is every byte what was written?"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from mips_desk.domain.evidence import exhibit_number

from . import closing, journal, records, retention
from .connection import Line, row, rows, value
from .errors import VaultDamagedError, translated

_MOST_LINES = 10
_AT_ONCE = 500


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
        return "all" if self.of == 1 and self.part else f"part {self.part}/{self.of}" if self.part else "structure"

    def holds(self, sha256: str) -> bool:
        """Tell whether an original belongs to the part: hashes spread evenly, and stay where they are."""
        return self.part > 0 and int(sha256[:8], 16) % self.of == self.part - 1


ALL = Scope()
STRUCTURE = Scope(part=0)


def check(line: Line) -> list[Problem]:
    """Check encryption, structure, references, journal, originals, marks and records; change nothing.

    Args:
        line: a reading connection that nobody else uses.

    Returns:
        What is not sound; empty when all is.
    """
    steps: tuple[tuple[str, Callable[[Line], list[Problem]]], ...] = (
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
        try:
            with translated():
                # One snapshot, so that what is written meanwhile does not look like a contradiction.
                if not line.db.conn.in_transaction:
                    line.db.execute("BEGIN")
                found += step(line)
        except (VaultDamagedError, ValueError):
            found.append(Problem(where, "cannot be read"))
            line.reconnect()
    return found


def name_original(db: Database, sha256: str) -> str:
    """Return the exhibit that shows an original, for a person: "exhibit 2025-IA_BE_4-03"."""
    found = row(
        db,
        "SELECT year, activity_id, number FROM evidence JOIN selection ON selection.id = evidence.selection_id"
        " WHERE sha256 = ? ORDER BY evidence.removed_at IS NOT NULL, evidence.seq LIMIT 1",
        sha256,
    )
    if found is None:
        return f"the file {sha256[:12]}"
    return f"exhibit {exhibit_number(found['year'], found['activity_id'], found['number'])}"


def _pages(line: Line) -> list[Problem]:
    bad = _bad_pages(line.db)
    if bad:
        # A page that is being written while it is read looks torn; a damaged one still is the second time.
        bad = [text for text in _bad_pages(line.db) if text in bad]
    named = [re.search(r"page (\d+)", text) for text in bad]
    shown = [
        f"was changed outside MIPS Desk at page {match[1]}" if match else "is not as long as it should be"
        for match in named
    ]
    return [Problem("The data file vault.db", text) for text in _shortened(shown)]


def _bad_pages(db: Database) -> list[str]:
    return [text for (text,) in db.execute("PRAGMA cipher_integrity_check").fetchall()]


def _structure(line: Line) -> list[Problem]:
    lines = [text for (text,) in line.db.execute("PRAGMA integrity_check").fetchall() if text != "ok"]
    found = [Problem("The structure of the data file", f"is damaged: {text}") for text in _shortened(lines)]
    return found + [
        Problem(f"Row {broken['rowid']} of {broken['table']}", f"refers to a missing row of {broken['parent']}")
        for broken in rows(line.db, "PRAGMA foreign_key_check")
    ]


def _journal(line: Line) -> list[Problem]:
    head = row(line.db, "SELECT seq, hash FROM journal_head")
    if head is None:
        return [Problem("The journal", "has lost its head")]
    broken = journal.first_break(_entries(line.db), head["seq"], head["hash"])
    if broken:
        return [Problem(f"Journal entry {broken.seq}", broken.what)]
    return _against_journal(line.db)


def _against_journal(db: Database) -> list[Problem]:
    """Compare what is written once with what the journal said when it was written."""
    evidence = {
        found["id"]: {"number": found["number"], "sha256": found["sha256"], "intake": records.intake_seal(found)}
        for found in rows(db, "SELECT * FROM evidence")
    }
    exports = {found["id"]: records.export_row(records.export_of(found)) for found in rows(db, "SELECT * FROM export")}
    officials = {found["id"]: _official(found) for found in rows(db, "SELECT * FROM official")}
    closings = {found["id"]: closing.sealed(found) for found in rows(db, "SELECT * FROM closing")}
    reopened = rows(db, "SELECT * FROM closing WHERE reopened_at IS NOT NULL")
    reopenings = {found["id"]: closing.reopening(found) for found in reopened}
    destroyed = {found["evidence_id"]: retention.sealed(found) for found in rows(db, "SELECT * FROM tombstone")}
    marks = {(found["evidence_id"], found["revision"]) for found in rows(db, "SELECT evidence_id, revision FROM marks")}
    found: list[Problem] = []

    def compare(kept: dict[str, dict[str, Any]], said: Mapping[str, Any], what: str) -> None:
        record = kept.pop(said["id"], None)
        if record is None:
            found.append(Problem(f"{what} {said['id']}", "is in the journal but not in the vault"))
        elif any(said[name] != kept_value for name, kept_value in record.items() if name in said):
            found.append(Problem(f"{what} {said['id']}", "is not what the journal says was stored"))

    for entry in _entries(db):
        for said in json.loads(entry["change"]).get("did", ()):
            if said["do"] == "add_evidence":
                compare(evidence, said, "Evidence item")
            elif said["do"] == "add_export":
                compare(exports, said, "Export")
            elif said["do"] == "add_official":
                compare(officials, said, "CMS's text")
            elif said["do"] == "close_year":
                compare(closings, said, "The closing of a year,")
            elif said["do"] == "reopen_year":
                compare(reopenings, said, "The reopening of a year,")
            elif said["do"] == "destroy_original":
                compare(destroyed, said, "The tombstone of")
            elif said["do"] == "add_marks":
                found += _mark_revision(db, said)
                marks.discard((said["id"], said["revision"]))
    found += [Problem(f"Evidence item {name}", "is in the vault but not in the journal") for name in evidence]
    found += [Problem(f"Export {name}", "is in the vault but not in the journal") for name in exports]
    found += [Problem(f"CMS's text {name}", "is in the vault but not in the journal") for name in officials]
    found += [Problem(f"The closing of a year, {name}", "is in the vault but not in the journal") for name in closings]
    found += [
        Problem(f"The reopening of a year, {name}", "is in the vault but not in the journal") for name in reopenings
    ]
    found += [Problem(f"The tombstone of {name}", "is in the vault but not in the journal") for name in destroyed]
    found += [Problem(f"Marks {name}, revision {number}", "are not in the journal") for name, number in sorted(marks)]
    return found


def _official(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the journal said of CMS's texts when they were loaded."""
    try:
        content = hashlib.sha256(records.official_unpacked(found["data"])).hexdigest()
    except ValueError:
        content = ""
    return {name: found[name] for name in ("year", "sha256", "size")} | {"content": content}


def _mark_revision(db: Database, said: Mapping[str, Any]) -> list[Problem]:
    where = f"Marks {said['id']}, revision {said['revision']}"
    data = value(db, "SELECT data FROM marks WHERE evidence_id = ? AND revision = ?", said["id"], said["revision"])
    if data is None:
        return [Problem(where, "are in the journal but not in the vault")]
    kept = retention.marks_hash(db, said["id"], said["revision"])
    if (kept if kept and not data else hashlib.sha256(data).hexdigest()) != said["sha256"]:
        return [Problem(where, "are not what the journal says was stored")]
    return []


def _entries(db: Database) -> Iterator[dict[str, Any]]:
    after = 0
    while found := rows(db, "SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", after, _AT_ONCE):
        yield from found
        after = found[-1]["seq"]


def _originals(line: Line) -> list[Problem]:
    found: list[Problem] = []
    for each in rows(line.db, "SELECT sha256 FROM original ORDER BY sha256"):
        sha256 = each["sha256"]
        try:
            with translated():
                data = value(line.db, "SELECT data FROM original WHERE sha256 = ?", sha256)
        except VaultDamagedError:
            data = None
            line.reconnect()
        if data is None or hashlib.sha256(data).hexdigest() != sha256:
            with translated():
                if data == b"" and retention.is_destroyed(line.db, sha256):
                    continue
                name = name_original(line.db, sha256)
            found.append(Problem(f"The original of {name}", "is not what was stored"))
    return found


def _marks(line: Line) -> list[Problem]:
    broken = rows(
        line.db,
        "SELECT evidence.id FROM evidence LEFT JOIN marks ON marks.evidence_id = evidence.id GROUP BY evidence.id"
        " HAVING count(marks.revision) != evidence.marks_revision"
        " OR coalesce(max(marks.revision), 0) != evidence.marks_revision",
    )
    return [Problem(f"Marks {found['id']}", "do not run from 1 to the newest revision") for found in broken]


def _records(line: Line) -> list[Problem]:
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


def _closed_years(line: Line) -> list[Problem]:
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
)


def _shortened(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_LINES
    return lines if more <= 0 else [*lines[:_MOST_LINES], f"and in {more} more places"]
