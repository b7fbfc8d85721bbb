"""Notes that wait outside the vault: never lost, never taken twice, never a crash."""

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mips_desk.store import Event, Vault, pending
from mips_desk.store.errors import VaultDiskError
from mips_desk.store.journal import JournalEntry

from .conftest import EASTERN, PASSPHRASE, Clock, create, export_record, reopen

AT = datetime(2026, 3, 5, 8, 0, tzinfo=EASTERN)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data" / "waiting"


def fail(root: Path, vault: Vault, times: int = 1, person: str = "") -> None:
    for number in range(times):
        pending.note_failure(root, vault.folder, AT + timedelta(seconds=number), person)


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def newest(vault: Vault, count: int) -> tuple[JournalEntry, ...]:
    return vault.journal_tail(count)


def test_a_failed_attempt_waits_and_is_taken_over_once(root: Path, vault: Vault) -> None:
    before = vault.folder.stat().st_mtime_ns, sorted(path.name for path in vault.folder.iterdir())
    fail(root, vault, person="Ben Ode")
    assert before == (vault.folder.stat().st_mtime_ns, sorted(path.name for path in vault.folder.iterdir()))
    (note,) = files(root)
    assert note.read_text().count("\n") == 0
    assert json.loads(note.read_text())["at"] == "2026-03-05T08:00:00-05:00"
    if os.name == "posix":
        assert note.stat().st_mode & 0o777 == 0o600
        assert note.parent.stat().st_mode & 0o777 == 0o700
    for secret in (PASSPHRASE, vault.practice().name):
        assert secret not in note.read_text() + str(note.relative_to(root))
    assert pending.waiting(root, vault) == 1

    assert pending.take_over(root, vault) == 1
    (entry,) = newest(vault, 1)
    assert (entry.event, entry.person_name, entry.person_id) == (Event.LOGIN_FAILED, pending.NOBODY, "")
    assert (entry.change["noted_at"], entry.change["picked"]) == (AT.isoformat(), "Ben Ode")
    assert entry.change["host"]
    assert entry.at > AT - timedelta(days=2)
    assert (files(root), pending.waiting(root, vault), pending.take_over(root, vault)) == ([], 0, 0)
    assert vault.check() == []


def test_many_attempts_are_capped_and_counted(root: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "MOST_FAILURES", 60)
    fail(root, vault, 75)
    assert len(files(root)) == 61
    assert pending.waiting(root, vault) == 75
    assert pending.take_over(root, vault) == pending.MOST_ENTRIES + 1
    entries = newest(vault, pending.MOST_ENTRIES + 1)
    assert {entry.event for entry in entries} == {Event.LOGIN_FAILED}
    assert [entry.change["noted_at"] for entry in entries[:2]] == [
        AT.isoformat(),
        (AT + timedelta(seconds=1)).isoformat(),
    ]
    last = entries[-1].change
    assert last["attempts"] == 25
    assert (last["noted_at"], last["until"]) == (
        (AT + timedelta(seconds=50)).isoformat(),
        (AT + timedelta(seconds=74)).isoformat(),
    )


def test_acts_to_read_only_become_entries_of_who_did_them(root: Path, vault: Vault, clock: Clock) -> None:
    reader = reopen(vault, clock, read_only=True)
    pending.note_act(root, reader, Event.LOGIN, AT, {})
    pending.note_act(root, reader, Event.ORIGINAL_VIEWED, AT + timedelta(minutes=1), {"exhibit": "2026-IA_BE_4-01"})
    for minute in (2, 3):
        pending.note_act(root, reader, Event.BINDER_EXPORTED, AT + timedelta(minutes=minute), {}, export_record())
    sealed = b"".join(path.read_bytes() for path in files(root))
    assert b"IA_BE_4" not in sealed
    assert b"Ana" not in sealed
    assert pending.waiting(root, reader) == 4
    with reopen(reader, clock) as writer:
        assert pending.take_over(root, writer) == 4
        entries = newest(writer, 4)
        assert [entry.event for entry in entries] == [
            Event.LOGIN,
            Event.ORIGINAL_VIEWED,
            Event.BINDER_EXPORTED,
            Event.BINDER_EXPORTED,
        ]
        assert {entry.person_id for entry in entries} == {writer.person.id}
        assert entries[1].change["exhibit"] == "2026-IA_BE_4-01"
        assert entries[1].change["noted_at"] == (AT + timedelta(minutes=1)).isoformat()
        # The same binder exported twice is recorded twice.
        assert [export.id for export in writer.exports()] == ["B-1", "B-1/2"]
        assert writer.check() == []


def test_order_is_that_of_the_times(root: Path, vault: Vault) -> None:
    pending.note_act(root, vault, Event.ORIGINAL_VIEWED, AT + timedelta(seconds=1), {})
    fail(root, vault, 3)
    pending.take_over(root, vault)
    assert [entry.change["noted_at"][17:19] for entry in newest(vault, 4)] == ["00", "01", "01", "02"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: bytes([data[0] ^ 1]) + data[1:],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: b"\xff" * 200_000,
        lambda data: b'{"at":"2026-01-01T00:00:00","host":"","person":""}',
        lambda data: b'{"at":1,"host":"","person":""}',
    ],
)
def test_a_damaged_note_is_reported_and_set_aside(root: Path, vault: Vault, damage: Callable[[bytes], bytes]) -> None:
    fail(root, vault)
    pending.note_act(root, vault, Event.ORIGINAL_VIEWED, AT, {})
    pending.note_act(root, vault, Event.LOGIN, AT, {"good": True})
    failed, viewed = (
        next(p for p in files(root) if p.suffix == ".failed"),
        next(p for p in files(root) if p.suffix == ".sealed"),
    )
    for path in (failed, viewed):
        path.write_bytes(damage(path.read_bytes()))
    assert pending.take_over(root, vault) == 2
    good, report = newest(vault, 2)
    assert (good.event, good.change["good"]) == (Event.LOGIN, True)
    assert report.event is Event.NOTES_UNREADABLE
    assert report.change["files"] == sorted([failed.name, viewed.name])
    assert sorted(path.name for path in files(root)) == report.change["files"]
    assert {path.parent.suffix for path in files(root)} == {".unreadable"}
    assert (pending.waiting(root, vault), pending.take_over(root, vault)) == (0, 0)


def test_a_damaged_count_is_reported(root: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "MOST_FAILURES", 1)
    fail(root, vault, 2)
    next(root.rglob("more.json")).write_text("{}")
    assert pending.take_over(root, vault) == 2
    assert newest(vault, 1)[0].change["files"] == ["more.json"]


def test_notes_sealed_for_another_vault_are_not_taken(root: Path, vault: Vault, clock: Clock, tmp_path: Path) -> None:
    other = create(tmp_path / "Other.mipsvault", clock)
    pending.note_act(root, other, Event.ORIGINAL_VIEWED, AT, {})
    assert pending.waiting(root, vault) == 0
    (note,) = files(root)
    pending.note_act(root, vault, Event.LOGIN, AT, {})
    own = next(path for path in files(root) if path.parent != note.parent)
    own.write_bytes(note.read_bytes())
    pending.take_over(root, vault)
    assert newest(vault, 1)[0].event is Event.NOTES_UNREADABLE
    other.close()


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    "step", ["before the journal", "inside the transaction", "before the removal", "in the removal"]
)
def test_a_kill_loses_nothing_and_takes_nothing_twice(
    root: Path, vault: Vault, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(root, vault, 3)
    pending.note_act(root, vault, Event.ORIGINAL_VIEWED, AT, {})

    def kill(*_: object, **__: object) -> None:
        raise Killed

    def kill_in_the_middle(folder: Path) -> None:
        files(folder)[0].unlink()
        raise Killed

    with monkeypatch.context() as patch:
        if step == "before the journal":
            patch.setattr(pending, "_entries", kill)
        elif step == "inside the transaction":
            real, calls = pending.journal.append, []

            def third(*words: object, **names: object) -> None:
                calls.append(1)
                if len(calls) == 3:
                    raise Killed
                real(*words, **names)

            patch.setattr(pending.journal, "append", third)
        else:
            patch.setattr(pending.shutil, "rmtree", kill if step == "before the removal" else kill_in_the_middle)
        with pytest.raises(Killed):
            pending.take_over(root, vault)
    fail(root, vault)  # one more in the meantime
    pending.take_over(root, vault)
    taken = [entry for entry in vault.journal() if "noted_at" in entry.change]
    assert len(taken) == 5
    assert files(root) == []
    assert vault.check() == []


def test_a_note_written_while_the_folder_is_taken_away(
    root: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(root, vault)
    real = pending.write_safely

    def taken_first(path: Path, data: bytes) -> None:
        monkeypatch.setattr(pending, "write_safely", real)
        assert pending.take_over(root, vault) == 1
        real(path, data)

    monkeypatch.setattr(pending, "write_safely", taken_first)
    fail(root, vault)
    assert pending.waiting(root, vault) == 1
    assert pending.take_over(root, vault) == 1


def test_a_place_that_cannot_be_written_says_so(root: Path, vault: Vault) -> None:
    root.parent.mkdir()
    root.write_text("in the way")
    with pytest.raises(VaultDiskError):
        fail(root, vault)
    with pytest.raises(VaultDiskError):
        pending.note_act(root, vault, Event.LOGIN, AT, {})
    assert pending.waiting(root, vault) == 0


def test_sealing_is_bound_to_key_and_purpose(vault: Vault, clock: Clock, tmp_path: Path) -> None:
    sealed = vault.seal("a", b"data")
    assert b"data" not in sealed
    assert vault.seal("a", b"data") != sealed
    assert vault.unseal("a", sealed) == b"data"
    other = create(tmp_path / "Other.mipsvault", clock)
    for opener, purpose, data in (
        (vault, "b", sealed),
        (other, "a", sealed),
        (vault, "a", sealed[:-1]),
        (vault, "a", b""),
    ):
        with pytest.raises(ValueError):
            opener.unseal(purpose, data)
    other.close()
