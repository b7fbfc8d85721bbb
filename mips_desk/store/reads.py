"""What can be read from a vault: its records, its originals, its journal."""

import contextlib
import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlite_utils import Database

from mips_desk.domain.evidence import EvidenceItem, Export, Selection, UseEntry
from mips_desk.domain.official import OfficialList
from mips_desk.domain.papers import PAPERS
from mips_desk.domain.practice import Clinician, Practice, YearProfile

from . import attested, journal, records, retention
from .checks import name_original
from .connection import row, rows, value
from .errors import NotInVaultError, VaultDamagedError, VaultError
from .journal import JournalEntry

_LIVE_EVIDENCE = (
    "SELECT evidence.*, EXISTS (SELECT 1 FROM tombstone WHERE tombstone.evidence_id = evidence.id) AS destroyed,"
    " (SELECT letter FROM desktop WHERE desktop.id = evidence.origin) AS letter"
    " FROM evidence JOIN selection ON selection.id = evidence.selection_id"
    " WHERE evidence.removed_at IS NULL AND selection.removed_at IS NULL"
)


class Reads(ABC):
    """The reading half of `Vault`."""

    @abstractmethod
    def reading(self) -> contextlib.AbstractContextManager[Database]:
        """Give the reading database to another module of the store, with errors translated for a person."""

    def practice(self) -> Practice:
        """Return the practice."""
        with self.reading() as db:
            return records.practice_of(_one(db, "SELECT * FROM practice"))

    def clinicians(self) -> tuple[Clinician, ...]:
        """Return the clinicians in order of entry, without removed ones."""
        with self.reading() as db:
            found = rows(db, "SELECT * FROM clinician WHERE removed_at IS NULL ORDER BY entered, seq")
            return tuple(map(records.clinician_of, found))

    def years(self) -> tuple[int, ...]:
        """Return the years with a profile, newest first."""
        with self.reading() as db:
            return tuple(found["year"] for found in rows(db, "SELECT year FROM profile ORDER BY year DESC"))

    def profile(self, year: int) -> YearProfile | None:
        """Return what the practice is in a year, or None when that was not entered."""
        with self.reading() as db:
            found = row(db, "SELECT * FROM profile WHERE year = ?", year)
            return records.profile_of(found) if found else None

    def selections(self, year: int) -> tuple[Selection, ...]:
        """Return the activities chosen for a year, in order of choosing, without removed ones.

        What holds the practice papers is not among them.
        """
        with self.reading() as db:
            found = rows(
                db,
                "SELECT * FROM selection WHERE year = ? AND activity_id != ? AND removed_at IS NULL"
                " ORDER BY entered, seq",
                year,
                PAPERS,
            )
            days = attested.days_of(db, year) if found else {}
            return tuple(_attested(records.selection_of(each), days) for each in found)

    def selection(self, selection_id: str) -> Selection:
        """Return a selection, or what holds the practice papers of a year, whose activity is `PAPERS`.

        Raises:
            NotInVaultError: it is unknown or removed.
        """
        with self.reading() as db:
            found = row(db, "SELECT * FROM selection WHERE id = ? AND removed_at IS NULL", selection_id)
            if found is None:
                raise NotInVaultError("This activity")
            return _attested(records.selection_of(found), attested.days_of(db, found["year"]))

    def evidence(self, year: int) -> tuple[EvidenceItem, ...]:
        """Return all evidence of a year, by selection in order of choosing, then by number, without removed items.

        The practice papers of the year are among them.
        """
        with self.reading() as db:
            found = rows(
                db,
                f"{_LIVE_EVIDENCE} AND selection.year = ?"
                " ORDER BY selection.entered, selection.seq, evidence.number, evidence.origin",
                year,
            )
            return tuple(map(records.evidence_of, found))

    def papers(self, year: int) -> tuple[EvidenceItem, ...]:
        """Return the practice papers of a year by number, without removed ones."""
        with self.reading() as db:
            found = rows(
                db,
                f"{_LIVE_EVIDENCE} AND selection.year = ? AND selection.activity_id = ?"
                " ORDER BY evidence.number, evidence.origin",
                year,
                PAPERS,
            )
            return tuple(map(records.evidence_of, found))

    def evidence_item(self, evidence_id: str) -> EvidenceItem:
        """Return an evidence item.

        Raises:
            NotInVaultError: it is unknown, or removed, or its activity is.
        """
        with self.reading() as db:
            found = row(db, f"{_LIVE_EVIDENCE} AND evidence.id = ?", evidence_id)
            if found is None:
                raise NotInVaultError("This evidence item")
            return records.evidence_of(found)

    def uses(self, year: int) -> tuple[UseEntry, ...]:
        """Return the dates of use of a year's selections by day, without removed ones."""
        with self.reading() as db:
            found = rows(
                db,
                "SELECT use_entry.* FROM use_entry JOIN selection ON selection.id = use_entry.selection_id"
                " WHERE selection.year = ? AND use_entry.removed_at IS NULL AND selection.removed_at IS NULL"
                " ORDER BY use_entry.day, use_entry.id",
                year,
            )
            return tuple(map(records.use_of, found))

    def marks(self, evidence_id: str) -> bytes:
        """Return the newest revision of the marks of an item as JSON, or b"" when it has none.

        Raises:
            OriginalDestroyedError: the item was destroyed; without its marks the picture must not be shown, also where
                another item keeps the original.
        """
        with self.reading() as db:
            retention.refuse_destroyed(db, evidence_id)
            data = value(
                db,
                "SELECT data FROM marks JOIN evidence ON evidence.id = evidence_id"
                " AND revision = marks_revision AND marks.origin = marks_origin WHERE evidence_id = ?",
                evidence_id,
            )
            return bytes(data) if data is not None else b""

    def original(self, sha256: str) -> bytes:
        """Return the bytes of an original after checking their hash.

        Args:
            sha256: hash of the bytes (hex).

        Raises:
            NotInVaultError: no original has this hash.
            OriginalDestroyedError: it was destroyed; says when, by whom and why.
            VaultDamagedError: the bytes are not what was stored; names the exhibit.
        """
        try:
            with self.reading() as db:
                data = value(db, "SELECT data FROM original WHERE sha256 = ?", sha256)
        except VaultDamagedError as error:
            raise self._damaged_original(sha256) from error
        if data is None:
            raise NotInVaultError("This original")
        if hashlib.sha256(data).hexdigest() != sha256:
            raise self._missing_original(sha256, data)
        return bytes(data)

    def exports(self) -> tuple[Export, ...]:
        """Return the records of all binders written, oldest first."""
        with self.reading() as db:
            return tuple(map(records.export_of, rows(db, "SELECT * FROM export ORDER BY julianday(at), seq")))

    def find_export(self, sha256: str) -> Export | None:
        """Return the record of the binder whose file has this hash (hex), or None."""
        with self.reading() as db:
            found = row(db, "SELECT * FROM export WHERE sha256 = ? ORDER BY seq DESC LIMIT 1", sha256)
            return records.export_of(found) if found else None

    def official(self, year: int) -> OfficialList | None:
        """Return CMS's texts of a year as loaded last, or None when none was loaded."""
        with self.reading() as db:
            found = row(db, "SELECT * FROM official WHERE year = ? ORDER BY id DESC LIMIT 1", year)
            return records.official_of(found) if found else None

    def officials(self) -> tuple[OfficialList, ...]:
        """Return every list of CMS's texts that was loaded, oldest first; the last of a year is the one in use."""
        with self.reading() as db:
            return tuple(map(records.official_of, rows(db, "SELECT * FROM official ORDER BY id")))

    def reported_years(self, activity_id: str) -> tuple[int, ...]:
        """Return the years in which an activity was attested, oldest first."""
        with self.reading() as db:
            return attested.reported_years(db, activity_id)

    def setting(self, name: str) -> Any:
        """Return a setting of the practice as JSON values, or None when it was never set.

        Args:
            name: as given to `Tx.put_setting`.
        """
        with self.reading() as db:
            found = value(db, "SELECT value FROM setting WHERE name = ?", name)
            return json.loads(found) if found is not None else None

    def journal(self, *, after: int = 0, limit: int = 1000) -> tuple[JournalEntry, ...]:
        """Return journal entries, oldest first.

        Args:
            after: return entries with a higher number than this.
            limit: at most this many.
        """
        with self.reading() as db:
            found = rows(db, "SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
            return tuple(map(journal.entry_of, found))

    def journal_head(self) -> str:
        """Return the hash of the newest journal entry (hex)."""
        with self.reading() as db:
            return str(_one(db, "SELECT hash FROM journal_head")["hash"])

    def journal_tail(self, count: int, *, content_only: bool = False) -> tuple[JournalEntry, ...]:
        """Return the newest journal entries, oldest of them first.

        Args:
            count: at most this many.
            content_only: True: leave out logins, exports and updates. What is left ends in the same entry as long as
                nothing changes that a binder shows, however often it is opened and exported.
        """
        with self.reading() as db:
            found = rows(
                db,
                "SELECT * FROM journal WHERE event NOT IN (SELECT value FROM json_each(?)) ORDER BY seq DESC LIMIT ?",
                json.dumps(journal.NOT_CONTENT if content_only else ()),
                count,
            )
            return tuple(map(journal.entry_of, reversed(found)))

    def _missing_original(self, sha256: str, data: bytes) -> VaultError:
        if not data:
            with self.reading() as db:
                if destroyed := retention.destroyed_error(db, sha256):
                    return destroyed
        return self._damaged_original(sha256)

    def _damaged_original(self, sha256: str) -> VaultDamagedError:
        with self.reading() as db:
            return VaultDamagedError(f"The original of {name_original(db, sha256)}")


def _attested(selection: Selection, days: Mapping[str, date]) -> Selection:
    return replace(selection, attested_on=days.get(selection.activity_id))


def _one(db: Database, sql: str) -> dict[str, Any]:
    found = row(db, sql)
    if found is None:
        raise VaultDamagedError("A record that every vault has", "is missing from this one")
    return found
