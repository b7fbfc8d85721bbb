"""Everything that can be written to a vault, inside one transaction that also writes its journal entry."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlcipher3 import dbapi2 as dbapi
from sqlite_utils import Database

from mips_desk.domain.evidence import EvidenceItem, Export, Intake, Selection, UseEntry
from mips_desk.domain.official import OfficialList
from mips_desk.domain.papers import PAPERS
from mips_desk.domain.practice import Clinician, Person, Practice, YearProfile
from mips_desk.errors import BadInputError

from . import closing, desktops, merge, records, retention
from .connection import row, rows, value
from .errors import NotInVaultError
from .journal import canonical

LARGEST_COUNT = 1_000_000
_LARGEST_ORIGINAL = 512 << 20


class Tx:
    """The changes of one `Vault.write`. Each method also notes in the journal entry what it did.

    Reads through the vault do not see the changes before the `with` block has ended. Every method raises
    `NotInVaultError` for an identifier that is unknown or removed; let exceptions out of the block, so that the whole
    transaction is undone. What belongs to a closed year is refused with `YearClosedError`.

    Attributes:
        at: the moment of the journal entry.
        person: who writes.
        new_id: makes identifiers that sort by time.
    """

    def __init__(self, db: Database, at: datetime, person: Person, new_id: Callable[[], str]):
        self._open_db: Database | None = db
        self.at = at
        self.person = person
        self.new_id = new_id
        self._did: list[dict[str, Any]] = []
        self._notes: dict[str, Any] = {}

    @property
    def change(self) -> Mapping[str, Any]:
        """The facts for the journal entry so far."""
        return self._notes | ({"did": self._did} if self._did else {})

    def end(self) -> None:
        """Refuse everything from now on: outside the `with` block a change would have no journal entry."""
        self._open_db = None

    @property
    def db(self) -> Database:
        """The writing database, for other modules of the store; what they change they tell `note_did`."""
        if self._open_db is None:
            raise RuntimeError("the transaction has ended")
        return self._open_db

    def note(self, **change: object) -> None:
        """Add facts to the journal entry that the methods do not know, such as a reason.

        Args:
            **change: JSON values, dates, tuples and sets; "did" is taken. Never put a person's typed secret here.
        """
        if "did" in change:
            raise ValueError("'did' is filled in by the transaction")
        self._notes.update(change)

    def refuse_closed(self, year: int) -> None:
        """Refuse what would change a closed year; every module of the store that writes what belongs to a year asks.

        Raises:
            YearClosedError: the year is closed.
        """
        closing.refuse_closed(self.db, year)

    def put_practice(self, practice: Practice) -> None:
        """Set the record of the practice."""
        old = row(self.db, "SELECT * FROM practice")
        self._put("practice", 1, old, records.practice_row(practice), do="put_practice")

    def put_clinician(self, clinician: Clinician) -> Clinician:
        """Add a clinician, or change the one with the same id.

        Args:
            clinician: with an empty id for a new one.

        Returns:
            The clinician with its id.
        """
        clinician = clinician if clinician.id else replace(clinician, id=self.new_id())
        old = row(self.db, "SELECT * FROM clinician WHERE id = ?", clinician.id)
        if old and old["removed_at"]:
            raise NotInVaultError("This clinician")
        new = records.clinician_row(clinician)
        if old:
            self._put("clinician", old["seq"], old, new, do="put_clinician", id=clinician.id)
        else:
            self.db.table("clinician").insert({"id": clinician.id, "entered": self._entered()} | new)
            self.note_did("put_clinician", id=clinician.id, new=_said(new))
        return clinician

    def remove_clinician(self, clinician_id: str) -> None:
        """Take a clinician off the list; for somebody who left, set `left` instead."""
        self._mark_removed("clinician", clinician_id, "This clinician", do="remove_clinician")

    def restore_clinician(self, clinician_id: str) -> None:
        """Bring back a removed clinician."""
        self._mark_restored("clinician", clinician_id, "This clinician", do="restore_clinician")

    def put_profile(self, profile: YearProfile) -> None:
        """Set what the practice is in one year."""
        self.refuse_closed(profile.year)
        old = row(self.db, "SELECT * FROM profile WHERE year = ?", profile.year)
        self._put("profile", profile.year, old, records.profile_row(profile), do="put_profile", year=profile.year)

    def add_selection(self, year: int, activity_id: str) -> Selection:
        """Choose an activity for a year; one that was removed comes back with all that belonged to it.

        Raises:
            BadInputError: it is chosen already.
        """
        self.refuse_closed(year)
        self._refuse_second(year, activity_id)
        removed = row(self.db, _NEWEST, year, activity_id)
        if removed is not None:
            self._mark_restored("selection", removed["id"], "This activity", do="restore_selection")
            return records.selection_of(removed)
        # Two desktops that choose the same activity mean the same selection.
        selection = Selection(desktops.selection_id(self.db, year, activity_id), year, activity_id)
        self.db.table("selection").insert(
            {"id": selection.id, "year": year, "activity_id": activity_id, "entered": self._entered()}
            | records.selection_row(selection)
        )
        self.note_did("add_selection", id=selection.id, year=year, activity=activity_id)
        return selection

    def put_selection(self, selection: Selection) -> None:
        """Change period, story and private note; everything else of the record is ignored."""
        old = self._live_activity(selection.id)
        self._put("selection", old["seq"], old, records.selection_row(selection), do="put_selection", id=selection.id)

    def remove_selection(self, selection_id: str) -> None:
        """Take an activity off the year; its evidence and dates of use go with it and come back with it."""
        self._live_activity(selection_id)
        self._mark_removed("selection", selection_id, "This activity", do="remove_selection")

    def papers(self, year: int) -> str:
        """Return the identifier of what holds the practice papers of a year, made with the first of them.

        It is a row of `selection` that names no activity (`domain.papers.PAPERS`).
        """
        self.refuse_closed(year)
        found = value(self.db, "SELECT id FROM selection WHERE year = ? AND activity_id = ?", year, PAPERS)
        return str(found) if found else self.add_selection(year, PAPERS).id

    def restore_selection(self, selection_id: str) -> None:
        """Bring back a removed selection with all that belongs to it.

        Raises:
            BadInputError: the activity was chosen again in the meantime.
        """
        old = row(self.db, "SELECT year, activity_id FROM selection WHERE id = ?", selection_id)
        if old is None:
            raise NotInVaultError("This activity")
        self.refuse_closed(old["year"])
        self._refuse_second(old["year"], old["activity_id"])
        newest = row(self.db, _NEWEST, old["year"], old["activity_id"])
        if newest is not None and newest["id"] != selection_id:
            # In a vault from before there may be several; two desktops must not bring back different ones.
            raise BadInputError(f"{old['activity_id']} was chosen again since. Choose it anew to bring it back.")
        self._mark_restored("selection", selection_id, "This activity", do="restore_selection")

    def add_evidence(
        self,
        selection_id: str,
        original: bytes,
        *,
        media_type: str,
        width: int,
        height: int,
        intake: Intake,
        caption: str = "",
        shows_date: date | None = None,
        option_key: str = "",
    ) -> EvidenceItem:
        """Store an original and make an evidence item of it.

        The same bytes are stored once, however many items show them. The exhibit number is one more than any that was
        ever given for the activity in that year, so that a number printed once never means something else.

        Args:
            selection_id: the activity it is proof for.
            original: the bytes as captured or imported; kept unchanged.
            media_type: for example "image/png".
            width: pixels, upright.
            height: pixels, upright.
            intake: how it came in.
            caption: one sentence on what it shows.
            shows_date: the date that it speaks of.
            option_key: the checklist line that it satisfies.

        Raises:
            BadInputError: the original is empty, or larger than 512 MiB.
        """
        selection = self._live_selection(selection_id)
        if not 0 < len(original) <= _LARGEST_ORIGINAL:
            raise BadInputError("This file is empty or larger than 512 MB. Nothing was added; choose another one.")
        sha256 = hashlib.sha256(original).hexdigest()
        stored = value(self.db, "SELECT length(data) FROM original WHERE sha256 = ?", sha256)
        if stored is None:
            self.db.execute(
                "INSERT INTO original (sha256, size, added_at, data) VALUES (?, ?, ?, ?)",
                (sha256, len(original), self.at.isoformat(), dbapi.Binary(original)),
            )
        elif stored == 0:
            # Destroyed with every item that showed it; now there is one more.
            self.db.execute("UPDATE original SET data = ? WHERE sha256 = ?", (dbapi.Binary(original), sha256))
        here = desktops.here(self.db)
        highest = value(
            self.db,
            "SELECT max(evidence.number) FROM evidence JOIN selection ON selection.id = evidence.selection_id"
            " WHERE selection.year = ? AND selection.activity_id = ?",
            selection["year"],
            selection["activity_id"],
        )
        item = EvidenceItem(
            id=self.new_id(),
            selection_id=selection_id,
            number=(highest or 0) + 1,
            caption=caption,
            shows_date=shows_date,
            option_key=option_key,
            outside_reason="",
            address="",
            clinician_ids=(),
            intake=intake,
            sha256=sha256,
            media_type=media_type,
            width=width,
            height=height,
            origin=here["id"],
            letter=here["letter"],
        )
        intake_row, editable = records.intake_row(item), records.evidence_row(item)
        self.db.table("evidence").insert(intake_row | editable | {"origin": item.origin})
        self.note_did(
            "add_evidence",
            id=item.id,
            selection=selection_id,
            number=item.number,
            sha256=sha256,
            size=len(original),
            intake=records.intake_seal(intake_row),
            new=_said(editable),
        )
        return item

    def put_evidence(self, item: EvidenceItem) -> None:
        """Change what a person says about an item: caption, date, option, reason, address, clinicians, the
        confirmation that it shows no identifier, and who looked at it. Everything else of the record is ignored.

        Raises:
            BadInputError: the mark "looked at" is new but was given to an older revision of the marks.
        """
        old = self._live_evidence(item.id)
        new = records.evidence_row(item)
        looked = any(new[name] != old[name] for name in ("looked_at_by", "looked_at_on"))
        seen, current = (item.marks_revision, item.marks_origin), (old["marks_revision"], old["marks_origin"])
        if looked and item.looked_at_by and seen != current:
            raise BadInputError("This picture was changed after it was looked at. Look at it again as it is now.")
        self._refuse_unknown(item.clinician_ids)
        self._put("evidence", old["seq"], old, new, do="put_evidence", id=item.id)

    def remove_evidence(self, evidence_id: str, reason: str) -> None:
        """Take an item out of the binder; its original and its number are kept.

        Args:
            evidence_id: the item.
            reason: why, in the person's words; may be empty.
        """
        old = self._live_evidence(evidence_id)
        self.db.table("evidence").update(old["seq"], {"removed_at": self.at.isoformat(), "removed_reason": reason})
        self.note_did("remove_evidence", id=evidence_id, sha256=old["sha256"], reason=reason)

    def restore_evidence(self, evidence_id: str) -> None:
        """Bring back a removed item under its old number."""
        self._mark_restored("evidence", evidence_id, "This evidence item", do="restore_evidence")

    def add_marks(self, evidence_id: str, data: bytes, *, redactions: int, other_marks: int) -> int:
        """Store a new revision of the marks of an item; who looked at the picture before must look again.

        Args:
            evidence_id: the item.
            data: the marks as JSON.
            redactions: redaction marks in it.
            other_marks: marks in it that are not redactions.

        Returns:
            The number of the revision.
        """
        old = self._live_evidence(evidence_id)
        retention.refuse_destroyed(self.db, evidence_id)
        origin = desktops.here(self.db)["id"]
        highest = value(self.db, "SELECT max(revision) FROM marks WHERE evidence_id = ?", evidence_id)
        revision: int = (highest or 0) + 1
        self.db.execute(
            "INSERT INTO marks (evidence_id, revision, at, person_id, redactions, other_marks, data, origin)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                evidence_id,
                revision,
                self.at.isoformat(),
                self.person.id,
                redactions,
                other_marks,
                dbapi.Binary(data),
                origin,
            ),
        )
        self.db.table("evidence").update(
            old["seq"],
            {
                "marks_revision": revision,
                "marks_origin": origin,
                "redactions": redactions,
                "other_marks": other_marks,
                "looked_at_by": "",
                "looked_at_on": None,
            },
        )
        self.note_did(
            "add_marks",
            id=evidence_id,
            revision=revision,
            redactions=redactions,
            other_marks=other_marks,
            sha256=hashlib.sha256(data).hexdigest(),
        )
        return revision

    def add_uses(self, selection_id: str, entries: Iterable[UseEntry]) -> tuple[UseEntry, ...]:
        """Log dates of use.

        Args:
            selection_id: the activity; takes the place of whatever the entries say.
            entries: the entries; their ids are made anew.

        Returns:
            The entries as stored.

        Raises:
            BadInputError: a count is below 1 or above a million.
            NotInVaultError: the activity, a clinician or an evidence item is not in the vault.
        """
        self._live_activity(selection_id)
        stored = tuple(replace(entry, id=self.new_id(), selection_id=selection_id) for entry in entries)
        if not all(1 <= entry.count <= LARGEST_COUNT for entry in stored):
            raise BadInputError("A date of use counts from 1 to 1,000,000 times. Nothing was logged; check the counts.")
        self._refuse_unknown({entry.clinician_id for entry in stored if entry.clinician_id})
        for evidence_id in {entry.evidence_id for entry in stored if entry.evidence_id}:
            self._live_evidence(evidence_id)
        self.db.conn.executemany(
            "INSERT INTO use_entry (id, selection_id, day, count, note, clinician_id, evidence_id)"
            " VALUES (:id, :selection_id, :day, :count, :note, :clinician_id, :evidence_id)",
            [records.use_row(entry) for entry in stored],
        )
        uses = [[e.id, e.day, e.count, e.note, e.clinician_id, e.evidence_id] for e in stored]
        self.note_did("add_uses", selection=selection_id, uses=uses)
        return stored

    def remove_uses(self, use_ids: Iterable[str]) -> None:
        """Take back logged dates."""
        self._mark_uses(
            "UPDATE use_entry SET removed_at = ? WHERE id = ? AND removed_at IS NULL",
            [(self.at.isoformat(), use_id) for use_id in use_ids],
            do="remove_uses",
        )

    def restore_uses(self, use_ids: Iterable[str]) -> None:
        """Bring back removed dates."""
        self._mark_uses(
            "UPDATE use_entry SET removed_at = ? WHERE id = ? AND removed_at IS NOT NULL",
            [(None, use_id) for use_id in use_ids],
            do="restore_uses",
        )

    def add_export(self, export: Export) -> None:
        """Record a binder that was written; such a record is never changed.

        Args:
            export: with the id that the binder prints.

        Raises:
            BadInputError: an export with this id is recorded already.
        """
        if value(self.db, "SELECT 1 FROM export WHERE id = ?", export.id) is not None:
            raise BadInputError("This binder is recorded already. Nothing was changed.")
        new = records.export_row(export)
        self.db.table("export").insert(new)
        self.note_did("add_export", **new)

    def add_official(self, official: OfficialList) -> str:
        """Keep CMS's texts of a year; the newest of a year is the one in use, older ones stay.

        Args:
            official: as read from CMS's file; when and by whom it is loaded is filled in here.

        Returns:
            The identifier of the record.
        """
        record_id, new = self.new_id(), records.official_row(official)
        self.db.execute(
            "INSERT INTO official (id, year, sha256, size, loaded_at, loaded_by, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                record_id,
                new["year"],
                new["sha256"],
                new["size"],
                self.at.isoformat(),
                self.person.name,
                dbapi.Binary(new["data"]),
            ),
        )
        self.note_did(
            "add_official",
            id=record_id,
            year=official.year,
            sha256=official.sha256,
            size=official.size,
            activities=len(official.activities),
            content=hashlib.sha256(records.official_content(official)).hexdigest(),
        )
        return record_id

    def put_setting(self, name: str, setting: object) -> None:
        """Set a setting of the practice.

        Args:
            name: which one.
            setting: JSON values; it stands in the journal, so never a secret.
        """
        old = row(self.db, "SELECT value FROM setting WHERE name = ?", name)
        new = canonical(setting)
        if old is None or old["value"] != new:
            self.db.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, new))
            self.note_did("put_setting", name=name, old=json.loads(old["value"]) if old else None, new=setting)

    def put_row(
        self, table: str, old: Mapping[str, Any] | None, new: Mapping[str, Any], *, do: str, **names: object
    ) -> None:
        """Add or change one row for another module of the store, and note what was written.

        Args:
            table: which, with `seq` as its key.
            old: the row as it is; None for a new one.
            new: the columns that can change.
            do: name of the change.
            **names: what names the row in the journal; of a new one also columns that are written once.
        """
        if old is not None:
            self._put(table, old["seq"], old, dict(new), do=do, **names)
            return
        self.db.table(table).insert({**names, **new})
        self.note_did(do, **names, new=_said(new))

    def note_did(self, do: str, **facts: object) -> None:
        """Add what was written to the journal entry.

        Args:
            do: name of the change.
            **facts: its facts, as JSON values, dates, tuples and sets.
        """
        self._did.append({"do": do} | facts)

    def _put(
        self, table: str, key: int, old: Mapping[str, Any] | None, new: dict[str, Any], *, do: str, **names: object
    ) -> None:
        """Insert or update one row and note old and new of what differs."""
        if old is None:
            self.db.table(table).insert({_INTEGER_KEYS.get(table, "seq"): key} | new)
            self.note_did(do, **names, new=_said(new))
            return
        differing = {name for name in new if old[name] != new[name]}
        # What is decided together when two desktops change it is told together.
        units = {merge.unit_of(table, name) for name in differing}
        changed = {name: [old[name], new[name]] for name in new if merge.unit_of(table, name) in units}
        if changed:
            self.db.table(table).update(key, {name: new[name] for name in changed})
            self.note_did(do, **names, changed=changed)

    def _live_selection(self, selection_id: str) -> dict[str, Any]:
        found = row(self.db, "SELECT * FROM selection WHERE id = ? AND removed_at IS NULL", selection_id)
        if found is None:
            raise NotInVaultError("This activity")
        self.refuse_closed(found["year"])
        return found

    def _live_activity(self, selection_id: str) -> dict[str, Any]:
        found = self._live_selection(selection_id)
        if found["activity_id"] == PAPERS:
            raise NotInVaultError("This activity")
        return found

    def _live_evidence(self, evidence_id: str) -> dict[str, Any]:
        found = row(
            self.db,
            "SELECT evidence.*, selection.year FROM evidence JOIN selection ON selection.id = evidence.selection_id"
            " WHERE evidence.id = ? AND evidence.removed_at IS NULL AND selection.removed_at IS NULL",
            evidence_id,
        )
        if found is None:
            raise NotInVaultError("This evidence item")
        self.refuse_closed(found["year"])
        return found

    def _refuse_second(self, year: int, activity_id: str) -> None:
        if value(
            self.db,
            "SELECT 1 FROM selection WHERE year = ? AND activity_id = ? AND removed_at IS NULL",
            year,
            activity_id,
        ):
            raise BadInputError(f"{activity_id} is chosen for {year} already. Nothing was changed.")

    def _refuse_unknown(self, clinician_ids: Collection[str]) -> None:
        """Refuse clinicians who never were in the vault; removed ones stay where they are named."""
        for clinician_id in clinician_ids:
            if value(self.db, "SELECT 1 FROM clinician WHERE id = ?", clinician_id) is None:
                raise NotInVaultError("This clinician")

    def _mark_removed(self, table: str, record_id: str, what: str, *, do: str) -> None:
        found = self._find(table, record_id)
        if found is None or found["removed_at"]:
            raise NotInVaultError(what)
        self._refuse_closed_row(found)
        self.db.table(table).update(found["seq"], {"removed_at": self.at.isoformat()})
        self.note_did(do, id=record_id)

    def _mark_restored(self, table: str, record_id: str, what: str, *, do: str) -> None:
        found = self._find(table, record_id)
        if found is None or not found["removed_at"]:
            raise NotInVaultError(what)
        self._refuse_closed_row(found)
        kept = {"removed_reason": ""} if table == "evidence" else {}
        self.db.table(table).update(found["seq"], {"removed_at": None} | kept)
        self.note_did(do, id=record_id)

    def _refuse_closed_row(self, found: Mapping[str, Any]) -> None:
        if found["year"] is not None:
            self.refuse_closed(found["year"])

    def _mark_uses(self, sql: str, changes: list[tuple[str | None, str]], *, do: str) -> None:
        for each in rows(self.db, _YEARS_OF_USES, json.dumps([use_id for _, use_id in changes])):
            self.refuse_closed(each["year"])
        if self.db.conn.executemany(sql, changes).rowcount != len(changes):
            raise NotInVaultError("One of these dates of use")
        self.note_did(do, ids=[use_id for _, use_id in changes])

    def _entered(self) -> str:
        return merge.entered(self.at, desktops.here(self.db)["id"], len(self._did))

    def _find(self, table: str, record_id: str) -> dict[str, Any] | None:
        return row(self.db, _BY_ID[table], record_id)


_INTEGER_KEYS = {"practice": "one", "profile": "year"}
_BY_ID = {
    "clinician": "SELECT seq, removed_at, NULL AS year FROM clinician WHERE id = ?",
    "selection": "SELECT seq, removed_at, year FROM selection WHERE id = ?",
    "evidence": "SELECT evidence.seq, evidence.removed_at, selection.year FROM evidence"
    " JOIN selection ON selection.id = evidence.selection_id WHERE evidence.id = ?",
}
_NEWEST = "SELECT * FROM selection WHERE year = ? AND activity_id = ? ORDER BY seq DESC LIMIT 1"
_YEARS_OF_USES = (
    "SELECT DISTINCT selection.year FROM use_entry JOIN selection ON selection.id = use_entry.selection_id"
    " WHERE use_entry.id IN (SELECT value FROM json_each(?))"
)


def _said(new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a new record says, without what it leaves empty."""
    return {name: said for name, said in new.items() if said not in (None, "", "[]")}
