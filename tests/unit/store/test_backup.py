"""Backups of a real vault: read back before they count, and nothing half done is left."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mips_desk.errors import BadInputError, CancelledError, MipsDeskError
from mips_desk.store import (
    Event,
    Vault,
    VaultDamagedError,
    VaultFullError,
    VaultReadOnlyError,
    WrongPassphraseError,
    backup,
    backup_file,
    backup_records,
    handover,
    moving,
    people,
    restored,
)
from mips_desk.store.errors import BackupDamagedError, NoBackupError, VaultBusyError, VaultPlaceError
from mips_desk.store.lock import try_lock
from mips_desk.store.meter import Meter

from .conftest import CHEAP, PASSPHRASE, Clock, choose, collect, create, everything, fill, reopen

FIXTURES = Path(__file__).parents[2] / "data" / "vaults"


@pytest.fixture
def full(vault: Vault) -> Vault:
    fill(vault)
    return vault


@pytest.fixture
def away(tmp_path: Path) -> Path:
    folder = tmp_path / "second place"
    folder.mkdir()
    return folder


@pytest.fixture
def made(full: Vault, away: Path, clock: Clock) -> Path:
    return backup.make_backup(full, away / "a.mipsbackup", clock(), None, None).path


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_restored_is_what_was_there(full: Vault, made: Path, tmp_path: Path, clock: Clock) -> None:
    before, head = everything(full), full.journal_head()
    assert names(made.parent) == ["a.mipsbackup"]
    new = tmp_path / "new"
    new.mkdir()
    folder = backup.restore(made, new, PASSPHRASE, now=clock)
    assert folder == new / "Cedar Hill.mipsvault"
    assert names(new) == ["Cedar Hill.mipsvault"]
    assert names(folder) == ["keys.json", "restored.json", "vault.db"]
    with Vault.open(folder, PASSPHRASE, now=clock, read_only=True) as again:
        assert everything(again) == before
        assert again.journal_head() == head
        assert again.check() == []


def test_the_restored_vault_says_so_once(full: Vault, made: Path, tmp_path: Path, clock: Clock) -> None:
    at = full.journal_tail(1)[0].seq
    (tmp_path / "new").mkdir()
    folder = backup.restore(made, tmp_path / "new", now=clock)
    marker = restored.restored_from(folder)
    assert marker is not None
    assert (marker.file, marker.journal_seq) == ("a.mipsbackup", at)
    kept = (folder / restored.MARKER_NAME).read_bytes()
    for _ in range(2):
        with Vault.open(folder, PASSPHRASE, now=clock) as vault:
            restored.take_in(vault)
            entries = [entry for entry in vault.journal() if entry.event is Event.VAULT_RESTORED]
            assert [entry.change["token"] for entry in entries] == [marker.token]
            assert restored.restored_from(folder) is None
        # As if the program had been killed before the file was removed.
        (folder / restored.MARKER_NAME).write_bytes(kept)


@pytest.mark.parametrize(
    "forged",
    [
        {"journal_seq": 2},
        {"journal_seq": -5},
        {"journal_seq": 10**30},
        {"journal_head": "ab" * 32},
        {"journal_seq": 2, "journal_head": "entry 2"},
    ],
)
def test_a_marker_that_somebody_put_there_is_not_believed(
    full: Vault, made: Path, tmp_path: Path, clock: Clock, forged: dict[str, object]
) -> None:
    (tmp_path / "new").mkdir()
    entries = full.journal()
    folder = backup.restore(made, tmp_path / "new", now=clock)
    if forged.get("journal_head") == "entry 2":
        forged = forged | {"journal_head": entries[1].hash}
    marker = json.loads((folder / restored.MARKER_NAME).read_bytes())
    (folder / restored.MARKER_NAME).write_text(json.dumps(marker | forged))
    with Vault.open(folder, PASSPHRASE, now=clock) as vault:
        restored.take_in(vault)
        assert vault.journal_tail(1)[0].event is Event.NOTES_UNREADABLE
        assert vault.check() == []
    assert restored.restored_from(folder) is None


def test_a_vault_that_is_read_only_keeps_its_marker(made: Path, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "new").mkdir()
    folder = backup.restore(made, tmp_path / "new", now=clock)
    with Vault.open(folder, PASSPHRASE, now=clock, read_only=True) as vault:
        restored.take_in(vault)
    assert restored.restored_from(folder) is not None
    (folder / restored.MARKER_NAME).write_text("damaged")
    assert restored.restored_from(folder) is None


def test_work_goes_on_while_it_is_made(full: Vault, away: Path, clock: Clock) -> None:
    selection, written = full.selections(2025)[0], 0

    def progress(_done: int, _total: int) -> None:
        nonlocal written
        written += 1
        collect(full, selection.id, f"meanwhile {written}".encode())

    seq = full.journal_tail(1)[0].seq
    contents = backup.make_backup(full, away / "a.mipsbackup", clock(), progress, None)
    assert written > 3
    assert contents.manifest.journal_seq == seq
    assert contents.manifest.counts["evidence"] == 3
    assert len(full.evidence(2025)) == 3 + written
    assert backup.verify_backup(contents.path, PASSPHRASE) == []


def test_progress_grows_to_its_end(full: Vault, away: Path, clock: Clock) -> None:
    seen: list[tuple[int, int]] = []
    backup.make_backup(full, away / "a.mipsbackup", clock(), lambda done, total: seen.append((done, total)), None)
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] > 0
    assert len({total for _, total in seen}) == 1


def test_cancelled_at_any_moment_it_leaves_nothing(full: Vault, away: Path, clock: Clock) -> None:
    calls = 0

    def count() -> None:
        nonlocal calls
        calls += 1

    backup.make_backup(full, away / "a.mipsbackup", clock(), None, count)
    (away / "a.mipsbackup").unlink()
    for at in [*range(0, calls - 1, 3), calls - 2]:  # the last one comes when the file has its name
        left = at

        def cancel() -> None:
            nonlocal left
            if left == 0:
                raise CancelledError
            left -= 1

        with pytest.raises(CancelledError):
            backup.make_backup(full, away / "a.mipsbackup", clock(), None, cancel)
        assert names(away) == []


def test_what_is_not_read_back_as_written_does_not_count(
    full: Vault, away: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = backup_file.pack

    def pack(target: Path, *rest: object) -> str:
        sha256 = real(target, *rest)  # type: ignore[arg-type]  # as called
        flip(target, 9000)
        return sha256

    monkeypatch.setattr(backup_file, "pack", pack)
    with pytest.raises(BackupDamagedError, match=r"vault\.db"):
        backup.make_backup(full, away / "a.mipsbackup", clock())
    assert names(away) == []


@pytest.mark.parametrize("lost", [False, True])
def test_a_backup_has_the_keys_that_the_vault_knows(full: Vault, away: Path, clock: Clock, lost: bool) -> None:
    path = full.folder / "keys.json"
    older = path.read_bytes()
    people.replace_passphrase(full, PASSPHRASE, None, "another one", None, CHEAP)
    if lost:
        path.unlink()
    else:
        path.write_bytes(older)
    backup.make_backup(full, away / "a.mipsbackup", clock())
    assert backup.verify_backup(away / "a.mipsbackup", "another one") == []
    with pytest.raises(WrongPassphraseError):
        backup.verify_backup(away / "a.mipsbackup", PASSPHRASE)


def test_a_damaged_vault_gives_no_backup(full: Vault, away: Path, clock: Clock) -> None:
    full.close()
    data = full.folder / "vault.db"
    flip(data, data.stat().st_size - 6000)
    with Vault.open(full.folder, PASSPHRASE, now=clock) as vault, pytest.raises(NoBackupError, match="hand-over file"):
        backup.make_backup(vault, away / "a.mipsbackup", clock())
    assert names(away) == []


def test_a_damaged_vault_is_made_whole_by_its_newest_backup(
    full: Vault, away: Path, tmp_path: Path, clock: Clock
) -> None:
    made = backup.make_backup(full, away / "a.mipsbackup", clock())
    with full.write(Event.BACKUP_MADE) as tx:
        backup_records.add_backup(tx, made)
    item = full.evidence(2025)[0]
    collect(full, item.selection_id, b"after the backup")
    line = full.own_line().sibling(full.folder / "vault.db", "write")
    line.db.execute("DROP TRIGGER original_keeps")
    line.db.execute("UPDATE original SET data = x'00' WHERE sha256 = ?", (item.sha256,))
    line.close()
    with pytest.raises(NoBackupError):
        backup.make_backup(full, away / "b.mipsbackup", clock())
    handover.write(full, away / "a.mipshandover", everything=False)
    (tmp_path / "new").mkdir()
    with Vault.open(backup.restore(made.path, tmp_path / "new", now=clock), PASSPHRASE, now=clock) as whole:
        restored.take_in(whole)
        handover.read(whole, away / "a.mipshandover")
        assert whole.check() == []
        assert [each.sha256 for each in whole.evidence(2025)] == [each.sha256 for each in full.evidence(2025)]
        assert all(whole.original(each.sha256) for each in whole.evidence(2025))


def test_what_a_killed_program_left_is_cleared_by_the_next(full: Vault, away: Path, clock: Clock) -> None:
    dead = away / "a.mipsbackup.0123abcd.part"
    dead.mkdir()
    (dead / "snapshot").write_bytes(b"half")
    (dead / "lock").touch()
    alive = away / "b.mipsbackup.0123abce.part"
    alive.mkdir()
    holder = os.open(alive / "lock", os.O_RDWR | os.O_CREAT)
    assert try_lock(holder)
    stranger = away / "thesis.part"
    stranger.mkdir()
    backup.make_backup(full, away / "c.mipsbackup", clock())
    assert names(away) == ["b.mipsbackup.0123abce.part", "c.mipsbackup", "thesis.part"]
    os.close(holder)


def test_nothing_is_overwritten(full: Vault, made: Path, tmp_path: Path, clock: Clock) -> None:
    before = made.read_bytes()
    with pytest.raises(BadInputError, match="ever overwritten"):
        backup.make_backup(full, made, clock())
    assert made.read_bytes() == before
    with pytest.raises(BadInputError, match="ever overwritten"):
        backup.restore(made, full.folder.parent, PASSPHRASE, now=clock)
    assert full.check() == []
    assert names(tmp_path) == ["Cedar Hill.mipsvault", "second place"]


@pytest.mark.parametrize("place", ["vault", "in a vault", "missing", "a file"])
def test_places_that_can_hold_no_backup(full: Vault, away: Path, clock: Clock, place: str) -> None:
    inside = full.folder / "inside"
    inside.mkdir()
    (away / "file").touch()
    folder = {"vault": full.folder, "in a vault": inside, "missing": away / "no", "a file": away / "file"}[place]
    for act in (
        lambda: backup.make_backup(full, folder / "a.mipsbackup", clock()),
        lambda: backup.restore(away / "a.mipsbackup", folder, now=clock),
    ):
        with pytest.raises(BadInputError):
            act()
    assert names(away) == ["file"]


def test_too_little_room_is_said_beforehand(
    full: Vault, made: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(10, 9, 1_500_000))
    with pytest.raises(BadInputError, match="needs about 10 MB on the drive, and 2 MB are free"):
        backup.make_backup(full, made.parent / "b.mipsbackup", clock())
    with pytest.raises(BadInputError, match="are free"):
        backup.restore(made, made.parent, now=clock)
    assert names(made.parent) == ["a.mipsbackup"]


def test_a_disk_that_becomes_full_leaves_nothing(
    full: Vault, away: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_file.os, "fsync", no_room)
    with pytest.raises(VaultFullError):
        backup.make_backup(full, away / "a.mipsbackup", clock())
    assert names(away) == []


def test_only_who_writes_makes_backups(full: Vault, away: Path, clock: Clock) -> None:
    with reopen(full, clock, read_only=True) as vault, pytest.raises(VaultReadOnlyError):
        backup.make_backup(vault, away / "a.mipsbackup", clock())


def test_a_wrong_passphrase_restores_nothing(made: Path, clock: Clock) -> None:
    with pytest.raises(WrongPassphraseError):
        backup.restore(made, made.parent, "wrong", now=clock)
    assert names(made.parent) == ["a.mipsbackup"]
    with pytest.raises(WrongPassphraseError):
        backup.verify_backup(made, "wrong")
    assert names(made.parent) == ["a.mipsbackup"]


def test_nothing_is_restored_into_a_synced_folder(made: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OneDrive", str(made.parent))
    with pytest.raises(VaultPlaceError):
        backup.restore(made, made.parent, PASSPHRASE, now=clock)
    assert names(made.parent) == ["a.mipsbackup"]


def test_a_damaged_backup_is_not_restored(made: Path, clock: Clock) -> None:
    flip(made, 70_000)
    with pytest.raises(BackupDamagedError, match=r"vault\.db"):
        backup.restore(made, made.parent, PASSPHRASE, now=clock)
    assert names(made.parent) == ["a.mipsbackup"]
    (problem,) = backup.verify_backup(made)
    assert (problem.where, problem.what) == ("The backup a.mipsbackup", "was changed in its part vault.db")


def test_keys_of_another_vault_are_found(full: Vault, away: Path, tmp_path: Path, clock: Clock) -> None:
    other = create(tmp_path / "Other.mipsvault", clock)
    made = backup.make_backup(full, away / "a.mipsbackup", clock())
    other.close()
    manifest = made.manifest
    full.close()
    backup_file.pack(
        away / "forged.mipsbackup",
        full.folder / "vault.db",
        (other.folder / "keys.json").read_bytes(),
        type(manifest)(**{n: getattr(manifest, n) for n in manifest.__struct_fields__ if n != "parts"}),
        Meter(0),
    )
    with pytest.raises(VaultDamagedError, match="belongs to another vault"):
        backup.restore(away / "forged.mipsbackup", away, now=clock)


def test_a_manifest_that_says_something_else_is_found(full: Vault, away: Path, clock: Clock) -> None:
    made = backup.make_backup(full, away / "a.mipsbackup", clock()).manifest
    full.close()
    said = {n: getattr(made, n) for n in made.__struct_fields__ if n != "parts"} | {"journal_seq": 5}
    keys = (full.folder / "keys.json").read_bytes()
    backup_file.pack(away / "f.mipsbackup", full.folder / "vault.db", keys, type(made)(**said), Meter(0))
    assert backup.verify_backup(away / "f.mipsbackup") == []
    (problem,) = backup.verify_backup(away / "f.mipsbackup", PASSPHRASE)
    assert problem.what == "does not hold what it says"


@pytest.mark.parametrize("fixture", ["layout-1000.mipsvault", "layout-1001.mipsvault", "layout-2005.mipsvault"])
def test_a_backup_of_an_older_version_is_restored(fixture: str, away: Path, clock: Clock) -> None:
    """As the versions of those layouts would have written it, had they known the file."""
    old, copied = FIXTURES / fixture, away / "old"
    shutil.copytree(old, copied)
    key, _ = backup.unlock_vault(copied, PASSPHRASE)
    line = backup.Line(copied / "vault.db", key, "read")
    manifest = backup._manifest(line.db, old, clock(), backup.state_of(line.db))
    line.close()
    keys = (old / "keys.json").read_bytes()
    backup_file.pack(away / "old.mipsbackup", old / "vault.db", keys, manifest, Meter(0))
    shutil.rmtree(copied)
    folder = backup.restore(away / "old.mipsbackup", away, PASSPHRASE, now=clock)
    assert (folder / "vault.db").read_bytes() == (old / "vault.db").read_bytes()
    assert names(away) == [fixture, "old.mipsbackup"]
    with Vault.open(folder, PASSPHRASE, now=clock) as vault:
        assert vault.check() == []


def move(vault: Vault, to: Path, clock: Clock, **how: Callable[[], None]) -> tuple[Path, Path]:
    return moving.move(vault.folder, to, PASSPHRASE, now=clock, **how)  # type: ignore[arg-type]  # only check


def test_a_moved_vault_is_the_same_in_a_new_place(
    full: Vault, away: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, head = everything(full)[:10], full.journal_head()
    full.close()
    monkeypatch.setenv("OneDrive", str(full.folder))  # where it must not be written
    new, old = move(full, away, clock)
    assert (new.name, old.name) == ("Cedar Hill.mipsvault", "Cedar Hill.mipsvault (moved)")
    assert not full.folder.exists()
    assert old.is_dir()
    assert names(away) == ["Cedar Hill.mipsvault"]
    with Vault.open(new, PASSPHRASE, now=clock) as vault:
        assert everything(vault)[:10] == before
        (entry,) = [entry for entry in vault.journal() if entry.event is Event.VAULT_MOVED]
        assert (entry.change["head"], entry.change["was"]) == (head, "OneDrive")
        assert vault.check() == []


def test_a_move_that_was_killed_is_finished_by_the_next(full: Vault, away: Path, clock: Clock) -> None:
    full.close()
    kept = away / "kept"
    shutil.copytree(full.folder, kept)
    new, old = move(full, away, clock)
    size = (new / "vault.db").stat().st_size
    # As if it had been killed before the old one was renamed.
    shutil.rmtree(old)
    kept.rename(full.folder)
    again = move(full, away, clock)
    assert again == (new, old)
    assert (new / "vault.db").stat().st_size == size
    assert not full.folder.exists()


def test_a_cancelled_move_leaves_all_as_it_was(full: Vault, away: Path, clock: Clock) -> None:
    full.close()

    def cancel() -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        move(full, away, clock, check=cancel)
    assert names(away) == []
    with Vault.open(full.folder, PASSPHRASE, now=clock) as vault:
        assert vault.check() == []


def test_what_cannot_be_moved(full: Vault, away: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(VaultBusyError):
        move(full, away, clock)
    full.close()
    with pytest.raises(BadInputError, match="already"):
        move(full, full.folder.parent, clock)
    (away / full.folder.name).mkdir()
    with pytest.raises(BadInputError, match="ever overwritten"):
        move(full, away, clock)
    with pytest.raises(WrongPassphraseError):
        moving.move(full.folder, away, "wrong", now=clock)
    monkeypatch.setenv("OneDrive", str(away))
    with pytest.raises(VaultPlaceError):
        move(full, away, clock)
    with reopen(full, clock) as vault:
        assert vault.check() == []


@pytest.mark.parametrize("fixture", ["layout-1000.mipsvault", "layout-1001.mipsvault", "layout-2005.mipsvault"])
def test_an_older_vault_in_a_bad_place_is_moved_and_brought_up_to_date(
    fixture: str, tmp_path: Path, away: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FIXTURES / fixture, tmp_path / "bad" / fixture)
    monkeypatch.setenv("OneDrive", str(tmp_path / "bad"))
    new, old = moving.move(tmp_path / "bad" / fixture, away, PASSPHRASE, now=clock)
    assert (old / "vault.db").read_bytes() == (FIXTURES / fixture / "vault.db").read_bytes()
    with Vault.open(new, PASSPHRASE, now=clock) as vault:
        assert vault.check() == []
        events = [entry.event for entry in vault.journal()]
        assert events.index(Event.VAULT_MOVED) == events.index(Event.VAULT_UPDATED) + 1


def test_messages_are_sentences_without_paths(full: Vault, made: Path, clock: Clock) -> None:
    for act in (
        lambda: backup.make_backup(full, made, clock()),
        lambda: backup.restore(made, full.folder, now=clock),
        lambda: moving.move(made.parent, made.parent, PASSPHRASE, now=clock),
    ):
        with pytest.raises(MipsDeskError) as caught:
            act()
        assert str(made.parent) not in str(caught.value)
        assert str(caught.value).endswith(".")


def test_collecting_after_a_backup_still_works(full: Vault, made: Path) -> None:
    assert made.is_file()
    collect(full, choose(full, 2026).id, b"later")
    assert full.check() == []
