"""Exactly one entry for each write, and a chain in which any change is found at the right entry."""

import hashlib
import itertools
import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from mips_desk.domain.practice import Practice
from mips_desk.store import Event, Problem, Tx, Vault, journal, verify_vault
from mips_desk.store.journal import (
    START_HASH,
    canonical,
    entry_hash,
    first_break,
)

from .conftest import PASSPHRASE, PRACTICE, Clock, choose, collect, export_record, fill, intake, raw_line, reopen


def test_each_write_is_one_entry_that_says_what_changed(vault: Vault) -> None:
    with vault.write(Event.PRACTICE_CHANGED) as tx:
        tx.put_practice(Practice("New name", PRACTICE.tin, PRACTICE.address))
        tx.note(reason="moved", on=date(2026, 1, 2), ids={"b", "a"})
    created, changed = vault.journal()
    assert (created.seq, created.event, changed.seq, changed.event) == (
        1,
        Event.VAULT_CREATED,
        2,
        Event.PRACTICE_CHANGED,
    )
    assert changed.change == {
        "did": [{"do": "put_practice", "changed": {"name": ["Cedar Hill Family Medicine", "New name"]}}],
        "reason": "moved",
        "on": "2026-01-02",
        "ids": ["a", "b"],
    }
    assert (changed.person_id, changed.person_name) == (vault.person.id, "Ana Ruiz")
    assert changed.at.utcoffset() == timedelta(hours=-5)
    assert changed.prev == created.hash
    assert vault.journal_head() == changed.hash


def test_every_kind_of_write_leaves_its_facts(vault: Vault) -> None:
    fill(vault)
    said = [entry.change["did"][0]["do"] for entry in vault.journal()]
    assert said == [
        "put_practice",
        "put_clinician",
        "put_profile",
        "add_selection",
        *["add_evidence"] * 3,
        "add_marks",
        "add_uses",
        "add_export",
    ]
    added = vault.journal()[4].change["did"][0]
    assert added["sha256"] == vault.evidence(2025)[0].sha256
    assert added["new"] == {"caption": "Page 0", "no_identifiers": 0}


def test_titles_and_file_names_stay_out_of_the_journal(vault: Vault) -> None:
    collect(vault, choose(vault).id, intake=intake(window_title="Chart of Jane Doe", file_name="jane doe.png"))
    assert "jane doe" not in repr(vault.journal()).lower()


def test_the_hash_can_be_recomputed_as_documented(vault: Vault) -> None:
    fill(vault)
    prev = "0" * 64
    for entry in vault.journal():
        fields = {
            "seq": entry.seq,
            "at": entry.at.isoformat(),
            "person_id": entry.person_id,
            "person_name": entry.person_name,
            "event": entry.event.value,
            "change": entry.change,
        }
        text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert entry.hash == hashlib.sha256(f"{prev}\n{text}".encode()).hexdigest()
        prev = entry.hash
    assert vault.journal_head() == prev


def _add_and_fail(tx: Tx) -> None:
    tx.add_selection(2025, "IA_BE_4")
    raise KeyError


def test_a_failed_write_leaves_no_entry(vault: Vault) -> None:
    head = vault.journal_head()
    with pytest.raises(KeyError), vault.write(Event.ACTIVITY_ADDED) as tx:
        _add_and_fail(tx)
    with pytest.raises(TypeError), vault.write(Event.ACTIVITY_ADDED) as tx:
        tx.note(activity=tx.add_selection(2025, "IA_BE_4"))
    with pytest.raises(ValueError), vault.write(Event.ACTIVITY_ADDED) as tx:
        tx.note(did=[])
    assert vault.selections(2025) == ()
    assert vault.journal_head() == head


def test_nothing_is_written_outside_the_block(vault: Vault) -> None:
    with vault.write(Event.ACTIVITY_ADDED) as tx:
        pass
    with pytest.raises(RuntimeError):
        tx.add_selection(2025, "IA_BE_4")
    with vault.write(Event.ACTIVITY_ADDED), pytest.raises(RuntimeError), vault.write(Event.ACTIVITY_ADDED):
        pass
    assert vault.selections(2025) == ()


def test_reads_see_a_write_when_it_is_done(vault: Vault) -> None:
    with vault.write(Event.ACTIVITY_ADDED) as tx:
        tx.add_selection(2025, "IA_BE_4")
        assert vault.selections(2025) == ()
    assert len(vault.selections(2025)) == 1


def test_writes_and_reads_of_many_threads(vault: Vault) -> None:
    selection = choose(vault)
    before = vault.journal()[-1].seq

    def work(number: int) -> None:
        for turn in range(10):
            item = collect(vault, selection.id, f"{number} {turn}".encode())
            assert vault.original(item.sha256) == f"{number} {turn}".encode()
            assert item in vault.evidence(2025)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert sorted(item.number for item in vault.evidence(2025)) == list(range(1, 41))
    assert vault.journal()[-1].seq == before + 40
    assert vault.check() == []


def test_opening_for_writing_is_logged_and_reading_is_not(vault: Vault, clock: Clock) -> None:
    with reopen(vault, clock) as again:
        assert again.journal()[-1].event is Event.LOGIN
        assert again.journal()[-1].change["host"]
        head = again.journal_head()
    with reopen(vault, clock, read_only=True) as again:
        assert again.journal_head() == head


def test_pages_of_the_journal(vault: Vault) -> None:
    for name in ("a", "b", "c"):
        with vault.write(Event.PRACTICE_CHANGED) as tx:
            tx.put_practice(Practice(name))
    assert [entry.seq for entry in vault.journal(after=1, limit=2)] == [2, 3]
    assert [entry.seq for entry in vault.journal_tail(2)] == [3, 4]


def test_the_content_tail_stands_still_while_nothing_changes(vault: Vault, clock: Clock) -> None:
    choose(vault)
    head = vault.journal_head()
    with vault.write(Event.BINDER_EXPORTED) as tx:
        tx.add_export(export_record())
    with reopen(vault, clock) as again:
        assert again.journal_tail(9)[-1].event is Event.LOGIN
        assert again.journal_tail(9, content_only=True)[-1].hash == head
        choose(again, 2024)
        assert again.journal_tail(9, content_only=True)[-1].hash == again.journal_head()


def test_order_holds_when_the_clock_is_set_back(vault: Vault, clock: Clock) -> None:
    clock.time -= timedelta(days=400)
    choose(vault)
    clock.time = clock.time.astimezone(UTC)
    choose(vault, 2024)
    entries = vault.journal()
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert entries[1].at < entries[0].at
    assert entries[2].at.utcoffset() == timedelta(0)
    assert vault.check() == []


def test_every_event_has_words() -> None:
    assert all(event.in_words for event in Event)
    assert len({event.in_words for event in Event}) == len(Event)


def test_an_event_of_a_newer_version_can_be_read(vault: Vault) -> None:
    assert Event("something new") is Event.UNKNOWN


def tampered(vault: Vault, sql: str) -> list[Problem]:
    """Change a vault behind its back, with the key and without its triggers, and check it."""
    vault.close()
    line = raw_line(vault.folder)
    for trigger in ("journal_keeps", "journal_stays", "journal_head_stays"):
        line.db.execute(f"DROP TRIGGER {trigger}")
    line.db.execute("PRAGMA foreign_keys = OFF")
    line.db.executescript(sql)
    line.close()
    return verify_vault(vault.folder, PASSPHRASE, Clock())


@pytest.fixture
def long_vault(vault: Vault) -> Vault:
    for number in range(20):
        with vault.write(Event.PRACTICE_CHANGED) as tx:
            tx.put_practice(Practice(f"Name {number}"))
    return vault


@pytest.mark.parametrize("seq", [1, 2, 11, 20, 21])
@pytest.mark.parametrize(
    "change",
    [
        "SET at = '2020-01-01T00:00:00-05:00'",
        "SET person_name = 'Somebody'",
        "SET person_id = 'x'",
        "SET event = 'login'",
        "SET change = '{}'",
        "SET change = change || ' '",
        "SET change = 'not json'",
        "SET hash = '" + "1" * 64 + "'",
        "SET prev = '" + "1" * 64 + "'",
    ],
)
def test_a_changed_entry_is_named(long_vault: Vault, seq: int, change: str) -> None:
    (problem,) = tampered(long_vault, f"UPDATE journal {change} WHERE seq = {seq}")
    assert problem.where == f"Journal entry {seq}"


@pytest.mark.parametrize("seq", [1, 11, 20, 21])
def test_a_removed_entry_is_named(long_vault: Vault, seq: int) -> None:
    assert tampered(long_vault, f"DELETE FROM journal WHERE seq = {seq}") == [
        Problem(f"Journal entry {seq}", "is missing")
    ]


def test_a_closed_gap_is_named(long_vault: Vault) -> None:
    (problem,) = tampered(
        long_vault,
        "DELETE FROM journal WHERE seq = 5; UPDATE journal SET seq = seq - 1 WHERE seq > 5;"
        " UPDATE journal_head SET seq = 20;",
    )
    assert problem.where == "Journal entry 5"


def test_swapped_entries_are_named(long_vault: Vault) -> None:
    (problem,) = tampered(
        long_vault,
        "UPDATE journal SET seq = 99 WHERE seq = 7; UPDATE journal SET seq = 7 WHERE seq = 8;"
        " UPDATE journal SET seq = 8 WHERE seq = 99;",
    )
    assert problem.where == "Journal entry 7"


def test_a_foreign_head_is_named(long_vault: Vault) -> None:
    (problem,) = tampered(long_vault, "UPDATE journal_head SET hash = '" + "1" * 64 + "'")
    assert problem == Problem("Journal entry 21", "is not the newest entry that was written")


def chain(length: int) -> list[dict[str, object]]:
    """Return the rows of a journal that is whole."""
    made: list[dict[str, object]] = []
    prev = START_HASH
    for seq in range(1, length + 1):
        change = {"note": f"entry {seq}"}
        row: dict[str, object] = {
            "seq": seq,
            "at": (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=seq)).isoformat(),
            "person_id": "P",
            "person_name": "Ana Ruiz",
            "event": "looked_at",
            "change": canonical(change),
            "prev": prev,
        }
        prev = entry_hash(prev, row, change)
        made.append(row | {"hash": prev})
    return made


LENGTH = 1000


def test_every_place_of_a_long_journal_is_guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Removed, changed, swapped or put in at any place: the break is found at the right entry."""
    rows = chain(LENGTH)
    head = str(rows[-1]["hash"])
    assert first_break(rows, LENGTH, head) is None
    # Rows as they were made have just been found sound, so that their hashes need not be computed 5,000 times over.
    sound, real = {id(row) for row in rows}, journal.is_sealed
    monkeypatch.setattr(journal, "is_sealed", lambda row: id(row) in sound or real(row))

    def broken(tampered: Iterable[dict[str, object]]) -> int | None:
        found = first_break(tampered, LENGTH, head)
        return found.seq if found else None

    for place in range(LENGTH):
        seq, row = place + 1, rows[place]
        # What comes after the first break is not read, so a few rows are enough.
        before, after = rows[:place], rows[place + 1 : place + 3]
        assert broken(itertools.chain(before, after)) == seq
        for field, forged in (("at", "2026-01-01T00:00:00+00:00"), ("person_name", "X"), ("change", '{"note":"x"}')):
            assert broken(itertools.chain(before, [row | {field: forged}], after)) == seq
        assert broken(itertools.chain(before, [row], [row], after)) == seq + 1
        if after:
            assert broken(itertools.chain(before, [after[0], row])) == seq
            renumbered = [after[0] | {"seq": seq}, row | {"seq": seq + 1}]
            assert broken(itertools.chain(before, renumbered)) == seq
