"""A closed year cannot be changed, by nobody and through nothing; and a change behind the vault's back is seen."""

import dataclasses
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2 as dbapi
from sqlite_utils import Database

from mips_desk.domain.evidence import EvidenceItem, Selection, UseEntry
from mips_desk.domain.official import OfficialList
from mips_desk.domain.practice import Clinician, Practice, YearProfile
from mips_desk.errors import BadInputError
from mips_desk.store import Event, Tx, Vault, VaultError, YearClosedError, closing
from mips_desk.store.connection import rows

from .conftest import PASSPHRASE, Clock, add_item, choose, collect, create, export_record, fill, raw_line

OLD = Path(__file__).parents[2] / "data" / "vaults"
RULES = "ab" * 32
TABLES = ("practice", "clinician", "profile", "selection", "evidence", "original", "marks", "use_entry", "journal")


@dataclasses.dataclass
class Filled:
    """A vault with some of everything in 2025, removed records among it, and an open year beside it."""

    vault: Vault
    selection: Selection
    removed_selection: Selection
    item: EvidenceItem
    removed_item: EvidenceItem
    use: UseEntry
    removed_use: UseEntry
    other: Selection
    other_item: EvidenceItem


@pytest.fixture
def filled(vault: Vault) -> Filled:
    fill(vault)
    (selection,) = vault.selections(2025)
    removed_selection = choose(vault, 2025, "IA_CC_1")
    removed_item = collect(vault, selection.id, b"wrong patient")
    other = choose(vault, 2026)
    other_item = collect(vault, other.id, b"of 2026")
    use, removed_use = vault.uses(2025)
    with vault.write(Event.EVIDENCE_REMOVED) as tx:
        tx.put_profile(YearProfile(2026))
        tx.remove_evidence(removed_item.id, "wrong patient")
        tx.remove_selection(removed_selection.id)
        tx.remove_uses([removed_use.id])
    item = next(each for each in vault.evidence(2025) if each.marks_revision)
    return Filled(vault, selection, removed_selection, item, removed_item, use, removed_use, other, other_item)


def close(vault: Vault, year: int = 2025, **reported: int) -> str:
    with vault.write(Event.YEAR_CLOSED) as tx:
        return closing.close_year(tx, year, rules=RULES, reported=reported)


def reopen(vault: Vault, reason: str = "A date was wrong", year: int = 2025) -> None:
    with vault.write(Event.YEAR_REOPENED) as tx:
        closing.reopen_year(tx, year, reason)


def dump(vault: Vault) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table that the app itself fills."""
    with vault.reading() as db:
        return {table: rows(db, f"SELECT * FROM {table}") for table in (*TABLES, "closing", "tombstone", "export")}


REFUSED: dict[str, Callable[[Tx, Filled], object]] = {
    "put_profile": lambda tx, f: tx.put_profile(YearProfile(2025, mvp_id="G0056")),
    "add_selection": lambda tx, f: tx.add_selection(2025, "IA_EPA_1"),
    "papers": lambda tx, f: tx.papers(2025),
    "put_selection": lambda tx, f: tx.put_selection(dataclasses.replace(f.selection, story="new")),
    "remove_selection": lambda tx, f: tx.remove_selection(f.selection.id),
    "restore_selection": lambda tx, f: tx.restore_selection(f.removed_selection.id),
    "add_evidence": lambda tx, f: add_item(tx, f.selection.id, b"new"),
    "put_evidence": lambda tx, f: tx.put_evidence(dataclasses.replace(f.item, caption="new")),
    "remove_evidence": lambda tx, f: tx.remove_evidence(f.item.id, "why"),
    "restore_evidence": lambda tx, f: tx.restore_evidence(f.removed_item.id),
    "add_marks": lambda tx, f: tx.add_marks(f.item.id, b"{}", redactions=0, other_marks=0),
    "add_uses": lambda tx, f: tx.add_uses(f.selection.id, [UseEntry("", "", date(2025, 6, 1))]),
    "remove_uses": lambda tx, f: tx.remove_uses([f.use.id]),
    "restore_uses": lambda tx, f: tx.restore_uses([f.removed_use.id]),
}
OFFICIAL = OfficialList(2025, (), (), "cd" * 32, 4)
#: What belongs to no year, or is a record of its own beside it.
ALLOWED: dict[str, Callable[[Tx, Filled], object]] = {
    "put_practice": lambda tx, f: tx.put_practice(Practice("Renamed")),
    "put_clinician": lambda tx, f: tx.put_clinician(dataclasses.replace(f.vault.clinicians()[0], name="Renamed")),
    "remove_clinician": lambda tx, f: tx.remove_clinician(f.vault.clinicians()[0].id),
    "restore_clinician": lambda tx, f: (
        (tx.put_clinician(Clinician("c", "C")), tx.remove_clinician("c")) and tx.restore_clinician("c")
    ),
    "add_export": lambda tx, f: tx.add_export(export_record(id="B-2")),
    "add_official": lambda tx, f: tx.add_official(OFFICIAL),
    "put_setting": lambda tx, f: tx.put_setting("x", 1),
}
#: What writes nothing by itself, or is closed by the triggers.
NO_CONTENT = {"at", "change", "db", "end", "new_id", "note", "note_did", "person", "put_row", "refuse_closed"}


def test_every_method_is_judged() -> None:
    """A new method of `Tx` must say here whether it changes what belongs to a year."""
    methods = {name for name in dir(Tx) if not name.startswith("_")}
    assert methods - NO_CONTENT == REFUSED.keys() | ALLOWED.keys()


@pytest.mark.parametrize("name", REFUSED)
def test_a_closed_year_refuses(filled: Filled, name: str) -> None:
    vault = filled.vault
    close(vault)
    before = dump(vault)
    with pytest.raises(YearClosedError, match="2025 is closed"), vault.write(Event.SELECTION_CHANGED) as tx:
        REFUSED[name](tx, filled)
    assert dump(vault) == before
    assert vault.check() == []
    reopen(vault)
    with vault.write(Event.SELECTION_CHANGED) as tx:
        REFUSED[name](tx, filled)


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_of_no_year_goes_on_and_leaves_the_closed_year_as_it_was(filled: Filled, name: str) -> None:
    vault = filled.vault
    fingerprint = close(vault)
    before = closing.closing_of(vault, 2025)
    with vault.write(Event.PRACTICE_CHANGED) as tx:
        ALLOWED[name](tx, filled)
    assert closing.closing_of(vault, 2025) == before
    assert vault.check() == []
    assert before is not None
    assert before.fingerprint == fingerprint


def test_other_years_go_on(filled: Filled) -> None:
    vault = filled.vault
    close(vault)
    with vault.write(Event.EVIDENCE_CHANGED) as tx:
        tx.put_evidence(dataclasses.replace(filled.other_item, caption="new"))
        tx.put_selection(dataclasses.replace(filled.other, story="new"))
        tx.put_profile(YearProfile(2026, mvp_id="G0056"))
        tx.remove_evidence(filled.other_item.id, "why")
    assert vault.check() == []


def test_a_batch_with_one_record_of_a_closed_year_changes_nothing(filled: Filled) -> None:
    vault = filled.vault
    with vault.write(Event.USES_ADDED) as tx:
        (use,) = tx.add_uses(filled.other.id, [UseEntry("", "", date(2026, 2, 2))])
    close(vault)
    before = dump(vault)
    with pytest.raises(YearClosedError), vault.write(Event.USES_REMOVED) as tx:
        tx.remove_uses([use.id, filled.use.id])
    assert dump(vault) == before


def test_the_record_of_a_closing(filled: Filled, clock: Clock) -> None:
    vault = filled.vault
    assert closing.closing_of(vault, 2025) is None
    fingerprint = close(vault, IA_BE_4=2023)
    found = closing.closing_of(vault, 2025)
    assert found is not None
    assert (found.year, found.by, found.fingerprint, found.rules) == (2025, "Ana Ruiz", fingerprint, RULES)
    assert found.practice == vault.practice()
    assert found.clinicians == vault.clinicians()
    assert found.reported == {"IA_BE_4": 2023}
    entry = vault.journal_tail(1)[0]
    assert entry.event is Event.YEAR_CLOSED
    assert entry.change["did"][0]["fingerprint"] == fingerprint
    reopen(vault, " typing error ")
    assert closing.closing_of(vault, 2025) is None
    (earlier,) = closing.closings(vault, 2025)
    assert (earlier.reopened_by, earlier.reopened_reason) == ("Ana Ruiz", "typing error")
    assert close(vault, IA_BE_4=2023) == fingerprint, "nothing was changed in between"
    assert [each.reopened_at is None for each in closing.closings(vault, 2025)] == [False, True]
    assert vault.check() == []


def test_what_cannot_be_closed_or_reopened(filled: Filled) -> None:
    vault = filled.vault
    with pytest.raises(BadInputError, match="never set up"):
        close(vault, 2019)
    with pytest.raises(BadInputError, match="is not closed"):
        reopen(vault)
    close(vault)
    with pytest.raises(YearClosedError):
        close(vault)
    with pytest.raises(BadInputError, match="Say why"):
        reopen(vault, "  ")
    assert len(closing.closings(vault, 2025)) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE profile SET level = 'x' WHERE year = 2025",
        "UPDATE profile SET year = 2025 WHERE year = 2026",
        "DELETE FROM profile WHERE year = 2025",
        "UPDATE selection SET story = 'x' WHERE year = 2025",
        "UPDATE selection SET year = 2025 WHERE year = 2026",
        "UPDATE evidence SET caption = 'x' WHERE number = 1",
        "UPDATE use_entry SET note = 'x'",
        "INSERT INTO marks SELECT evidence_id, 2, at, person_id, 0, 0, data, '' FROM marks",
        "INSERT INTO selection SELECT 99, 'x', 2025, 'IA_X', NULL, NULL, '', '', NULL, NULL, ''",
        "INSERT INTO use_entry SELECT 99, 'x', selection_id, day, 1, '', NULL, NULL, NULL FROM use_entry LIMIT 1",
    ],
)
def test_the_second_wall(filled: Filled, sql: str) -> None:
    """What a module of the store would forget, the triggers refuse; in an open year they let it pass."""
    vault = filled.vault
    close(vault)
    before = dump(vault)
    vault.close()
    line = raw_line(vault.folder)
    with pytest.raises(dbapi.IntegrityError, match="the year is closed"):
        line.db.execute(sql)
    line.close()
    with Vault.open(vault.folder, PASSPHRASE, now=Clock(), read_only=True) as again:
        assert dump(again) == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE closing SET fingerprint = '{0}'",
        "UPDATE closing SET year = 2024",
        "UPDATE closing SET practice = '{{}}'",
        "DELETE FROM closing",
        "REPLACE INTO closing SELECT * FROM closing",
        "UPDATE closing SET reopened_at = '2026-01-01' WHERE reopened_at IS NULL",
        "UPDATE closing SET reopened_at = NULL WHERE reopened_at IS NOT NULL",
        "UPDATE closing SET reopened_reason = 'another' WHERE reopened_at IS NOT NULL",
    ],
)
def test_the_record_of_a_closing_is_written_once(filled: Filled, sql: str) -> None:
    close(filled.vault)
    reopen(filled.vault)
    close(filled.vault)
    before = dump(filled.vault)
    filled.vault.close()
    line = raw_line(filled.vault.folder)
    with pytest.raises(dbapi.IntegrityError, match="written once"):
        line.db.execute(sql.format("cd" * 32))
    line.close()
    with Vault.open(filled.vault.folder, PASSPHRASE, now=Clock(), read_only=True) as again:
        assert dump(again) == before


#: Columns that no binder shows: the order of entry, and what is said of removed records only.
_NOT_SHOWN = {"seq", "entered", "removed_reason", "removed_at"}
_LIVE = {
    "profile": "year = 2025",
    "selection": "year = 2025 AND removed_at IS NULL",
    "evidence": "selection_id IN (SELECT id FROM selection WHERE year = 2025) AND removed_at IS NULL",
    "use_entry": "selection_id IN (SELECT id FROM selection WHERE year = 2025) AND removed_at IS NULL",
    "marks": "1",
}
#: The hash of the newest marks stands for what says which ones these are.
_HIDDEN = {
    "evidence": {"marks_origin"},
    "marks": {"evidence_id", "revision", "at", "person_id", "redactions", "other_marks", "origin"},
}


def _without_walls(vault: Vault) -> Database:
    vault.close()
    db = raw_line(vault.folder).db
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA ignore_check_constraints = ON")
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    return db


def test_any_change_of_content_changes_the_fingerprint(filled: Filled) -> None:
    close(filled.vault)
    db = _without_walls(filled.vault)
    assert closing.changed_years(db) == []
    tried = 0
    for table, live in _LIVE.items():
        kinds = {each["name"]: each["type"] for each in rows(db, f"PRAGMA table_info({table})")}
        for column in kinds.keys() - _NOT_SHOWN - _HIDDEN.get(table, set()):
            new = {"INTEGER": "coalesce({0}, 0) + 77", "BLOB": "x'00'", "TEXT": "coalesce({0}, '') || 'x'"}
            db.execute("SAVEPOINT one")
            chosen = f"rowid = (SELECT min(rowid) FROM {table} WHERE {live})"
            db.execute(f"UPDATE {table} SET {column} = {new[kinds[column]].format(column)} WHERE {chosen}")
            assert closing.changed_years(db) == [2025], (table, column)
            db.execute("ROLLBACK TO one")
            tried += 1
    for sql in (
        "UPDATE selection SET removed_at = NULL",
        "UPDATE evidence SET removed_at = NULL",
        "UPDATE use_entry SET removed_at = NULL",
        "UPDATE evidence SET removed_at = taken_at WHERE number = 1",
        "DELETE FROM use_entry",
        "UPDATE closing SET practice = '{}'",
        "UPDATE closing SET clinicians = '[]'",
        "UPDATE closing SET reported = '{\"IA_BE_4\": 2020}'",
        "UPDATE closing SET rules = 'x'",
    ):
        db.execute("SAVEPOINT one")
        db.execute(sql)
        assert closing.changed_years(db) == [2025], sql
        db.execute("ROLLBACK TO one")
    assert closing.changed_years(db) == []
    assert tried > 50
    db.close()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(tmp_path_factory: pytest.TempPathFactory, chance: Any) -> None:
    """Two desktops that hold the same give the same fingerprint, in whatever order it came in."""
    folder = tmp_path_factory.mktemp("order") / "Order.mipsvault"
    shutil.copytree(_closed_once(tmp_path_factory), folder)
    with Vault.open(folder, PASSPHRASE, now=Clock()) as vault:
        db = _without_walls(vault)
    for table in ("selection", "evidence", "use_entry", "clinician"):
        seqs = [each["seq"] for each in rows(db, f"SELECT seq FROM {table}")]
        shuffled = chance.sample(seqs, len(seqs))
        db.execute(f"UPDATE {table} SET seq = -seq")
        for old, new in zip(seqs, shuffled, strict=True):
            db.execute(f"UPDATE {table} SET seq = ? WHERE seq = ?", (new, -old))
    assert closing.changed_years(db) == []
    db.close()


_made: list[Path] = []


def _closed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not _made:
        folder = tmp_path_factory.mktemp("closed") / "Closed.mipsvault"
        with create(folder, Clock()) as vault:
            fill(vault)
            with vault.write(Event.CLINICIANS_CHANGED) as tx:
                tx.put_clinician(Clinician("", "Bo Lind"))
            close(vault)
        _made.append(folder)
    return _made[0]


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("UPDATE selection SET story = 'x'", "The closed year 2025"),
        ("UPDATE profile SET mvp_id = 'x'", "The closed year 2025"),
        ("UPDATE closing SET practice = '{}'", "The closed year 2025"),
        ("DELETE FROM closing", "The closing of a year"),
        ("UPDATE closing SET closed_by = 'x'", "The closing of a year"),
        ("UPDATE closing SET reopened_at = 'x', reopened_reason = 'y'", "The reopening of a year"),
    ],
)
def test_what_was_changed_with_the_key_is_named(filled: Filled, sql: str, where: str) -> None:
    close(filled.vault)
    db = _without_walls(filled.vault)
    db.execute(sql)
    db.close()
    with Vault.open(filled.vault.folder, PASSPHRASE, now=Clock(), read_only=True) as again:
        assert any(problem.where.startswith(where) for problem in again.check()), again.check()


def test_texts_of_cms_stay_those_of_the_closing(filled: Filled) -> None:
    vault = filled.vault
    with vault.write(Event.OFFICIAL_LOADED) as tx:
        tx.add_official(OFFICIAL)
    close(vault)
    newer = dataclasses.replace(OFFICIAL, sha256="ef" * 32)
    with vault.write(Event.OFFICIAL_LOADED) as tx:
        tx.add_official(newer)
    kept = closing.official_of(vault, 2025, closing.closing_of(vault, 2025))
    assert kept is not None
    assert kept.sha256 == OFFICIAL.sha256
    now = closing.official_of(vault, 2025, None)
    assert now is not None
    assert now.sha256 == newer.sha256
    assert vault.check() == []


@pytest.mark.parametrize("layout", [1000, 1001])
def test_an_older_vault_comes_up_with_the_new_walls(tmp_path: Path, clock: Clock, layout: int) -> None:
    folder = tmp_path / "Old.mipsvault"
    shutil.copytree(OLD / f"layout-{layout}.mipsvault", folder)
    with Vault.open(folder, PASSPHRASE, now=clock) as vault:
        assert vault.check() == []
        items = vault.evidence(2025)
        assert [vault.original(item.sha256) for item in items]
        close(vault)
        with pytest.raises(VaultError), vault.write(Event.SELECTION_CHANGED) as tx:
            tx.remove_selection(items[0].selection_id)
        assert vault.check() == []
    line = raw_line(folder)
    for sql, words in (
        ("UPDATE original SET data = x''", "written once"),
        ("UPDATE marks SET data = x''", "written once"),
        ("DELETE FROM original", "written once"),
        ("UPDATE evidence SET caption = 'x'", "the year is closed"),
    ):
        with pytest.raises(dbapi.IntegrityError, match=words):
            line.db.execute(sql)
    line.close()
