"""Hand-over files between real vaults: complete, proven byte by byte, and taken in whole or not at all."""

import dataclasses
import os
import random
import shutil
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from mips_desk.domain.evidence import UseEntry
from mips_desk.errors import MipsDeskError
from mips_desk.store import Event, NotInVaultError, Vault, closing, desktops, handover, merging, retention
from mips_desk.store.connection import rows, value
from mips_desk.store.errors import HandoverError, NotAllowedError, VaultReadOnlyError
from tests.faults.histories import state

from .conftest import Clock, choose, collect, create, fill, raw_line


class Pair:
    """Two desktops of a practice that share a filled vault."""

    def __init__(self, vault: Vault, clock: Clock, folder: Path):
        self.folder, self.number = folder, 0
        fill(vault)
        self.a, self.b = vault, vault
        self.b = self.copy("second", clock)

    def copy(self, name: str, clock: Clock) -> Vault:
        source = self.a
        head, key, person = source.journal_tail(1)[0].seq, source.key, source.person.id
        source.close()
        target = self.folder / f"{name}.mipsvault"
        shutil.copytree(source.folder, target)
        self.a = Vault.open_with_key(source.folder, key, person, clock, read_only=False)
        made = Vault.open_with_key(target, key, person, clock, read_only=False)
        with made.write(Event.VAULT_RESTORED) as tx:
            desktops.begin(tx, name, head)
        return made

    def file(self, vault: Vault, *, everything: bool = False) -> Path:
        self.number += 1
        path = self.folder / f"{self.number}.mipshandover"
        handover.write(vault, path, everything=everything)
        return path

    def both_ways(self) -> None:
        for _ in range(3):
            handover.read(self.b, self.file(self.a))
            handover.read(self.a, self.file(self.b))
        assert state(self.a) == state(self.b)
        assert (self.a.check(), self.b.check()) == ([], [])


@pytest.fixture
def pair(vault: Vault, clock: Clock, tmp_path: Path) -> Iterator[Pair]:
    made = Pair(vault, clock, tmp_path)
    yield made
    made.a.close()
    made.b.close()


def caption(vault: Vault, text: str, number: int = 0) -> str:
    item = vault.evidence(2025)[number]
    with vault.write(Event.EVIDENCE_CHANGED) as tx:
        tx.put_evidence(dataclasses.replace(item, caption=text))
    return item.id


def test_work_of_both_desktops_comes_together(pair: Pair) -> None:
    selection = pair.a.selections(2025)[0]
    mine, theirs = collect(pair.a, selection.id, b"mine"), collect(pair.b, selection.id, b"theirs")
    assert (mine.number, mine.letter, theirs.number) == (4, "", 4)
    assert theirs.letter in "BCDEFGHJKLMNPQRSTVWXYZ"
    other = choose(pair.b, activity_id="IA_PM_16")
    assert choose(pair.a, activity_id="IA_PM_16").id == other.id
    with pair.b.write(Event.USES_ADDED) as tx:
        tx.add_uses(other.id, [UseEntry("", "", date(2025, 6, 1), 2, "twice")])
    pair.both_ways()
    found = {(item.number, item.letter): item for item in pair.a.evidence(2025)}
    assert found[4, theirs.letter] == theirs
    assert pair.a.original(theirs.sha256) == b"theirs"
    assert [use.note for use in pair.a.uses(2025)].count("twice") == 1
    assert collect(pair.a, selection.id, b"next").number == 5


def test_a_difference_is_kept_shown_and_settled(pair: Pair) -> None:
    item = caption(pair.a, "here")
    caption(pair.b, "there")
    pair.both_ways()
    (conflict,) = desktops.conflict_rows(pair.a)
    assert (conflict["record_id"], conflict["unit"]) == (item, "caption")
    assert [side["value"]["caption"] for side in conflict["sides"]] == ["there", "here"]
    handover.settle(pair.a, conflict["id"], 1)
    assert desktops.conflict_rows(pair.a) == []
    with pytest.raises(NotInVaultError):
        handover.settle(pair.a, conflict["id"], 1)
    pair.both_ways()
    assert pair.b.evidence_item(item).caption == "here"
    assert desktops.conflict_rows(pair.b) == []


def test_a_difference_ends_when_the_field_is_written_again(pair: Pair) -> None:
    caption(pair.a, "here")
    caption(pair.b, "there")
    pair.both_ways()
    caption(pair.b, "agreed")
    assert desktops.conflict_rows(pair.b) == []
    pair.both_ways()
    assert desktops.conflict_rows(pair.a) == []


def test_reading_twice_changes_nothing(pair: Pair) -> None:
    caption(pair.b, "there")
    path = pair.file(pair.b)
    found, merged = handover.read(pair.a, path)
    assert (found.found.changes, merged) == (1, {"evidence": 1})
    head, before = pair.a.journal_head(), state(pair.a)
    found, merged = handover.read(pair.a, path)
    assert (found.found.changes, merged, pair.a.journal_head(), state(pair.a)) == (0, {}, head, before)


def test_looking_changes_nothing(pair: Pair) -> None:
    collect(pair.b, pair.b.selections(2025)[0].id, b"theirs")
    head = pair.a.journal_head()
    found = handover.look(pair.a, pair.file(pair.b))
    assert (found.found.changes, len(found.pictures), found.found.conflicts) == (1, 1, 0)
    assert (pair.a.journal_head(), len(pair.a.evidence(2025))) == (head, 3)


def test_a_newer_file_covers_those_before_and_leaves_out_what_was_confirmed(pair: Pair) -> None:
    for number in range(3):
        collect(pair.b, pair.b.selections(2025)[0].id, b"theirs %d" % number * 1000)
        path = pair.file(pair.b)
    assert len(handover.read(pair.a, path)[0].pictures) == 3
    handover.read(pair.b, pair.file(pair.a))
    made = handover.write(pair.b, pair.folder / "small.mipshandover", everything=False)
    assert made.pictures == 0
    assert handover.write(pair.b, pair.folder / "all.mipshandover", everything=True).pictures == 6


def test_what_comes_before_its_time_waits(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    caption(pair.b, "older")
    older = pair.file(pair.b)
    collect(pair.b, pair.b.selections(2025)[0].id, b"theirs")
    with pair.b.reading() as db:
        known = desktops.known(db)
    with monkeypatch.context() as patched:
        patched.setattr(handover, "_confirmed", lambda _db, _known: {name: upto - 2 for name, upto in known.items()})
        newer = pair.file(pair.b)
    found, merged = handover.read(pair.a, newer)
    assert (merged, [kind for kind, _, _ in handover.notes(pair.a, found.found)]) == ({}, ["gap"])
    assert len(pair.a.evidence(2025)) == 3
    assert pair.a.check() == []
    found, merged = handover.read(pair.a, older)
    assert (merged, handover.notes(pair.a, found.found)) == ({"evidence": 2}, [])
    pair.both_ways()


def test_a_third_desktop_learns_from_the_second(pair: Pair, clock: Clock) -> None:
    third = pair.copy("third", clock)
    caption(third, "third")
    collect(pair.b, pair.b.selections(2025)[0].id, b"theirs")
    handover.read(pair.b, pair.file(third))
    handover.read(pair.a, pair.file(pair.b))
    assert pair.a.evidence(2025)[0].caption == "third"
    handover.read(third, pair.file(pair.a))
    handover.read(pair.b, pair.file(pair.a))
    assert state(third)["evidence"] == state(pair.a)["evidence"] == state(pair.b)["evidence"]
    assert len({each.letter for each in desktops.desktops(third)}) == 3
    third.close()


def test_desktops_that_drew_the_same_letter_are_told_apart(
    pair: Pair, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktops, "_letter", lambda _db, _id: desktops.desktops(pair.b)[0].letter)
    third = pair.copy("third", clock)
    handover.read(pair.b, pair.file(third))
    handover.read(third, pair.file(pair.b))
    letters = [{each.id: each.letter for each in desktops.desktops(vault)} for vault in (pair.b, third)]
    assert letters[0] == letters[1]
    assert sorted(map(len, letters[0].values())) == [0, 1, 2]
    third.close()


def test_marks_drawn_apart(pair: Pair) -> None:
    item = pair.a.evidence(2025)[0]
    with pair.a.write(Event.EVIDENCE_CHANGED) as tx:
        tx.put_evidence(dataclasses.replace(item, no_identifiers=True))
    for vault, data in ((pair.a, b"[1]"), (pair.b, b"[2]")):
        with vault.write(Event.MARKS_CHANGED) as tx:
            tx.add_marks(item.id, data, redactions=1, other_marks=0)
    pair.both_ways()
    for vault in (pair.a, pair.b):
        assert vault.marks(item.id) == b"[2]"
        assert desktops.has_marks_conflict(vault, item.id)
        found = vault.evidence_item(item.id)
        assert (found.no_identifiers, found.looked_at_by, found.marks_revision) == (False, "", 1)
    (conflict,) = desktops.conflict_rows(pair.a)
    handover.settle(pair.a, conflict["id"], 1)
    assert pair.a.marks(item.id) == b"[1]"
    assert pair.a.evidence_item(item.id).marks_version != found.marks_version
    with pair.a.write(Event.MARKS_CHANGED) as tx:
        assert tx.add_marks(item.id, b"[3]", redactions=0, other_marks=0) == 2
    pair.both_ways()
    assert pair.b.marks(item.id) == b"[3]"
    assert not desktops.has_marks_conflict(pair.b, item.id)


def test_a_removed_activity_with_new_proof_stays(pair: Pair) -> None:
    selection = pair.a.selections(2025)[0]
    with pair.a.write(Event.ACTIVITY_REMOVED) as tx:
        tx.remove_selection(selection.id)
    item = collect(pair.b, selection.id, b"theirs")
    pair.both_ways()
    assert item.id in {each.id for each in pair.a.evidence(2025)}
    (conflict,) = desktops.conflict_rows(pair.b)
    assert (conflict["kind"], conflict["unit"]) == ("selection", "removed")
    handover.settle(pair.b, conflict["id"], 1)
    pair.both_ways()
    assert pair.a.selections(2025) == ()


def test_changes_of_a_closed_year_wait_until_it_is_reopened(pair: Pair) -> None:
    with pair.a.write(Event.YEAR_CLOSED) as tx:
        closing.close_year(tx, 2025, rules="0" * 64, reported={})
    caption(pair.b, "there")
    new = collect(pair.b, pair.b.selections(2025)[0].id, b"theirs")
    with pair.b.write(Event.MARKS_CHANGED) as tx:
        tx.add_marks(new.id, b"[]", redactions=0, other_marks=0)
    choose(pair.b, 2026)
    found, _ = handover.read(pair.a, pair.file(pair.b))
    assert handover.notes(pair.a, found.found) == [("closed", 2025, 3)]
    assert (len(pair.a.selections(2026)), len(pair.a.evidence(2025))) == (1, 3)
    assert pair.a.check() == []
    found, _ = handover.read(pair.b, pair.file(pair.a))
    assert handover.notes(pair.b, found.found) == [("open", 2025, 0)]
    assert closing.closing_of(pair.b, 2025) is None
    with pair.a.write(Event.YEAR_REOPENED) as tx:
        closing.reopen_year(tx, 2025, "changes from the other desktop")
        merging.take_in_waiting(tx, 2025)
    assert pair.a.marks(new.id) == b"[]"
    assert "there" in {item.caption for item in pair.a.evidence(2025)}
    pair.both_ways()
    with pair.a.write(Event.YEAR_CLOSED) as tx:
        closing.close_year(tx, 2025, rules="0" * 64, reported={})
    pair.both_ways()
    assert closing.closing_of(pair.b, 2025) == closing.closing_of(pair.a, 2025)
    with pair.b.write(Event.YEAR_REOPENED) as tx:
        closing.reopen_year(tx, 2025, "once more")
    pair.both_ways()
    assert closing.closing_of(pair.a, 2025) is None


def test_what_was_destroyed_on_one_desktop_goes_on_the_other_and_does_not_come_back(pair: Pair) -> None:
    items = pair.a.evidence(2025)
    new = collect(pair.a, items[0].selection_id, b"only here")
    with pair.a.write(Event.ORIGINALS_DESTROYED) as tx:
        retention.destroy(tx, [items[2].id, new.id], reason="over", early=False, kept_until=date(2025, 1, 1))
    pair.both_ways()
    for vault in (pair.a, pair.b):
        assert {item.id for item in vault.evidence(2025) if item.destroyed} == {items[2].id, new.id}
        with vault.reading() as db:
            assert value(db, "SELECT length(data) FROM original WHERE sha256 = ?", items[2].sha256) == 0
    assert handover.read(pair.b, pair.file(pair.a, everything=True))[1] == {}


def test_old_keys_read_and_new_ones_need_a_fresh_copy(pair: Pair) -> None:
    caption(pair.b, "there")
    theirs = pair.file(pair.b)
    with pair.a.writing() as (db, _, _):
        desktops.change_handover_key(db, os.urandom(32))
    assert handover.read(pair.a, theirs)[1] == {"evidence": 1}
    with pytest.raises(HandoverError, match="new key"):
        handover.read(pair.b, pair.file(pair.a))


def test_a_file_of_this_desktop_or_of_another_practice_is_refused(pair: Pair, clock: Clock, tmp_path: Path) -> None:
    with pytest.raises(HandoverError, match="on this desktop"):
        handover.look(pair.a, pair.file(pair.a))
    with (
        create(tmp_path / "other.mipsvault", clock) as other,
        pytest.raises(HandoverError, match="another practice"),
    ):
        handover.look(other, pair.file(pair.a))
    for content in (b"", b"MIPSHO\r\n", b"PK\x03\x04" * 99):
        (tmp_path / "x.mipshandover").write_bytes(content)
        with pytest.raises(HandoverError):
            handover.look(pair.a, tmp_path / "x.mipshandover")


def test_another_signature_than_before_is_refused(pair: Pair) -> None:
    handover.read(pair.a, pair.file(pair.b))
    with pair.b.writing() as (db, _, _):
        db.execute("UPDATE desktop SET private_key = NULL WHERE here = 1")
    caption(pair.b, "there")
    with pytest.raises(HandoverError, match="signed by another desktop"):
        handover.read(pair.a, pair.file(pair.b))


def test_a_copy_made_by_hand_is_told(pair: Pair, clock: Clock) -> None:
    by_hand = pair.folder / "by hand.mipsvault"
    key, person, folder = pair.b.key, pair.b.person.id, pair.b.folder
    pair.b.close()
    shutil.copytree(folder, by_hand)
    pair.b = Vault.open_with_key(folder, key, person, clock, read_only=False)
    with Vault.open_with_key(by_hand, key, person, clock, read_only=False) as twin:
        caption(pair.b, "there")
        handover.read(pair.a, pair.file(pair.b))
        with pytest.raises(HandoverError, match="older copy"):
            handover.read(twin, pair.file(pair.a, everything=True))
        caption(twin, "at the third place")
        with pytest.raises(HandoverError):
            handover.read(pair.a, pair.file(twin))
        with pytest.raises(HandoverError, match="copied by hand"):
            handover.read(twin, pair.file(pair.a, everything=True))


def test_only_managers_write_and_read_and_nobody_when_reading_only(pair: Pair, clock: Clock) -> None:
    path = pair.file(pair.b)
    folder, key, person = pair.a.folder, pair.a.key, pair.a.person
    pair.a.person = dataclasses.replace(person, role=type(person.role).HELPER)
    for act in (handover.read, lambda vault, out: handover.write(vault, out, everything=False)):
        with pytest.raises(NotAllowedError):
            act(pair.a, path)
    with Vault.open_with_key(folder, key, person.id, clock, read_only=True) as reading:
        with pytest.raises(VaultReadOnlyError):
            handover.read(reading, path)
        assert handover.look(reading, path).found.changes == 0


def test_every_flipped_byte_is_refused_and_changes_nothing(pair: Pair, tmp_path: Path) -> None:
    caption(pair.b, "there")
    collect(pair.b, pair.b.selections(2025)[0].id, os.urandom(3000))
    good = pair.file(pair.b).read_bytes()
    bad = tmp_path / "bad.mipshandover"
    head = pair.a.journal_head()
    chance = random.Random(1)
    places = {*range(200), *range(len(good) - 100, len(good)), *chance.sample(range(len(good)), 700)}
    for place in places:
        broken = bytearray(good)
        broken[place] ^= 1 << chance.randrange(8)
        bad.write_bytes(broken)
        with pytest.raises(HandoverError):
            handover.look(pair.a, bad)
    for size in (len(good) - 1, len(good) - 64, len(good) // 2, 100):
        bad.write_bytes(good[:size])
        with pytest.raises(HandoverError):
            handover.read(pair.a, bad)
    bad.write_bytes(good + b"\0")
    with pytest.raises(HandoverError):
        handover.read(pair.a, bad)
    assert pair.a.journal_head() == head


def test_large_files_have_chunks_that_cannot_change_places(pair: Pair, tmp_path: Path) -> None:
    collect(pair.b, pair.b.selections(2025)[0].id, os.urandom(4 << 20))
    good = pair.file(pair.b).read_bytes()
    start = len(good) - (len(good) - 64) % ((1 << 20) + 16)
    chunk = (1 << 20) + 16
    header = 12 + int.from_bytes(good[8:12])
    swapped = good[:header] + good[header + chunk : header + 2 * chunk] + good[header : header + chunk]
    swapped += good[header + 2 * chunk :]
    bad = tmp_path / "bad.mipshandover"
    for content in (swapped, good[: header + chunk] + good[header + 2 * chunk :], good[:start] + good[-64:]):
        bad.write_bytes(content)
        with pytest.raises(HandoverError):
            handover.look(pair.a, bad)
    bad.write_bytes(good)
    assert handover.read(pair.a, bad)[1] == {"evidence": 1}


class StopError(MipsDeskError):
    """Stands for a cancel."""


def test_stopped_anywhere_it_is_simply_read_again(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "_STORED_AT_ONCE", 1)
    for number in range(3):
        collect(pair.b, pair.b.selections(2025)[0].id, b"theirs %d" % number)
    path = pair.file(pair.b)
    before = pair.a.evidence(2025)
    for most in range(99):
        left = most

        def check() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise StopError("stopped")

        try:
            handover.read(pair.a, path, check=check)
            break
        except StopError:
            assert (pair.a.evidence(2025), pair.a.check()) == (before, [])
    assert most > 2
    assert len(pair.a.evidence(2025)) == 6
    pair.both_ways()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork on Windows")
def test_killed_at_every_write_it_is_simply_read_again(pair: Pair, clock: Clock) -> None:
    for number in range(3):
        collect(pair.b, pair.b.selections(2025)[0].id, b"theirs %d" % number)
    path = pair.file(pair.b)
    folder, key, person = pair.a.folder, pair.a.key, pair.a.person.id
    pair.a.close()
    survived = 0
    for most in range(0, 400, 7):
        child = os.fork()
        if child == 0:
            _read_and_die(folder, key, person, clock, path, most)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with Vault.open_with_key(folder, key, person, clock, read_only=False) as vault:
            assert vault.check() == []
            assert len(vault.evidence(2025)) == (6 if code == 0 else 3)
        survived += code == 9
        if code == 0:
            break
    assert survived > 3
    pair.a = Vault.open_with_key(folder, key, person, clock, read_only=False)
    pair.both_ways()


def _read_and_die(folder: Path, key: bytes, person: str, clock: Clock, path: Path, most: int) -> None:
    """Read a file in a process that dies after some statements of SQL, without any tidying up."""
    handover._STORED_AT_ONCE = 1
    vault = Vault.open_with_key(folder, key, person, clock, read_only=False)
    assert vault._writer is not None
    left = most

    def traced(_statement: str) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os._exit(9)

    vault._writer.db.conn.set_trace_callback(traced)
    try:
        handover.read(vault, path)
    finally:
        os._exit(1 if sys.exc_info()[0] else 0)


def test_a_changed_entry_of_another_desktop_is_found_by_the_check(pair: Pair) -> None:
    caption(pair.b, "there")
    handover.read(pair.a, pair.file(pair.b))
    folder = pair.a.folder
    pair.a.close()
    line = raw_line(folder)
    line.db.execute("DROP TRIGGER foreign_entry_keeps")
    line.db.execute("UPDATE foreign_entry SET person_name = 'Nobody' WHERE event = 'evidence_changed'")
    line.close()
    with Vault.open_with_key(folder, pair.b.key, pair.b.person.id, lambda: pair.b.now(), read_only=True) as vault:
        (problem,) = vault.check()
    assert problem.where.endswith("of second")
    pair.a = pair.b


def test_clocks_far_apart_change_nothing_about_what_was_seen(pair: Pair, clock: Clock) -> None:
    caption(pair.a, "here")
    handover.read(pair.b, pair.file(pair.a))
    clock.time -= timedelta(days=900)
    caption(pair.b, "later by what was seen")
    pair.both_ways()
    assert pair.a.evidence(2025)[0].caption == "later by what was seen"
    with pair.a.reading() as db:
        assert rows(db, "SELECT * FROM conflict") == []
