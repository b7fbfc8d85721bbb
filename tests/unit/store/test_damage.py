"""Nothing readable on the disk, nothing changeable behind the vault's back, and no damage that goes unseen."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as dbapi

from mips_desk.domain.practice import Clinician, Practice, YearProfile
from mips_desk.store import Event, Problem, Vault, VaultDamagedError, VaultError, verify_vault

from .conftest import PASSPHRASE, Clock, choose, collect, create, everything, fill, intake, raw_line

CANARY = "Zebulon Canary 1931-02-29"


def test_no_plain_text_in_any_file(vault: Vault, clock: Clock) -> None:
    with vault.write(Event.PRACTICE_CHANGED) as tx:
        tx.put_practice(Practice(CANARY, CANARY, CANARY))
        tx.put_clinician(Clinician("", CANARY))
        tx.put_profile(YearProfile(2025, mvp_id=CANARY))
        tx.note(reason=CANARY)
    selection = choose(vault)
    item = collect(
        vault,
        selection.id,
        CANARY.encode() * 9000,
        caption=CANARY,
        intake=intake(file_name=CANARY, window_title=CANARY),
    )
    with vault.write(Event.MARKS_CHANGED) as tx:
        tx.add_marks(item.id, CANARY.encode(), redactions=0, other_marks=0)
        tx.remove_evidence(item.id, CANARY)
    _search(vault.folder)
    assert (vault.folder / "vault.db-wal").stat().st_size > 0
    vault.close()
    _search(vault.folder)


def _search(folder: Path) -> None:
    for path in folder.iterdir():
        data = path.read_bytes()
        for needle in (CANARY.encode(), CANARY.encode("utf-16-le"), PASSPHRASE.encode(), b"SQLite format"):
            assert needle not in data, path.name


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE original SET data = x'00'",
        "DELETE FROM original",
        "REPLACE INTO original SELECT sha256, 1, added_at, x'00' FROM original",
        "UPDATE journal SET event = 'login'",
        "DELETE FROM journal",
        "REPLACE INTO journal SELECT seq, at, 'x', person_name, event, change, prev, hash FROM journal",
        "UPDATE marks SET data = x'00'",
        "DELETE FROM marks",
        "UPDATE export SET sha256 = 'x'",
        "DELETE FROM export",
        "DELETE FROM evidence",
        "UPDATE evidence SET sha256 = sha256",
        "UPDATE evidence SET number = number + 10",
        "UPDATE evidence SET taken_at = '2020-01-01'",
        "DELETE FROM selection",
        "DELETE FROM use_entry",
        "DELETE FROM clinician",
        "DELETE FROM person",
    ],
)
def test_triggers_refuse(vault: Vault, sql: str) -> None:
    fill(vault)
    before = everything(vault)
    vault.close()
    line = raw_line(vault.folder)
    with pytest.raises(dbapi.IntegrityError, match="written once"):
        line.db.execute(sql)
    line.close()
    with Vault.open(vault.folder, PASSPHRASE, now=Clock(), read_only=True) as again:
        assert everything(again) == before


def _tamper(vault: Vault, sql: str) -> list[Problem]:
    vault.close()
    line = raw_line(vault.folder)
    line.db.execute("PRAGMA foreign_keys = OFF")
    for (name,) in line.db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        line.db.execute(f"DROP TRIGGER {name}")
    line.db.executescript(sql)
    line.close()
    return verify_vault(vault.folder, PASSPHRASE, Clock())


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("UPDATE original SET data = x'00' WHERE rowid = 2", "The original of exhibit 2025-IA_BE_4-02"),
        ("UPDATE evidence SET sha256 = (SELECT max(sha256) FROM original) WHERE number = {other}", "Evidence item"),
        ("UPDATE evidence SET number = 9 WHERE number = 1", "Evidence item"),
        ("DELETE FROM evidence WHERE number = 1", "Evidence item"),
        ("DELETE FROM original WHERE rowid = 1", "Row 1 of evidence"),
        ("UPDATE evidence SET taken_at = '2020-01-01T00:00:00+00:00' WHERE number = 1", "Evidence item"),
        ("UPDATE evidence SET host = 'x' WHERE number = 1", "Evidence item"),
        ("UPDATE export SET pages = 1", "Export"),
        ("UPDATE marks SET data = x'00'", "Marks"),
        ("DELETE FROM marks", "Marks"),
        ("INSERT INTO marks SELECT evidence_id, 2, at, person_id, 0, 0, x'00', origin FROM marks", "Marks"),
        ("UPDATE export SET sha256 = 'x'", "Export"),
        ("DELETE FROM export", "Export"),
        (
            "INSERT INTO export SELECT 9, 'x', year, at, person, file_name, sha256, 1, 1, '', '', '', '', '', ''"
            " FROM export",
            "Export",
        ),
        ("DELETE FROM practice", "The record of the practice"),
        ("DELETE FROM journal_head", "The journal"),
        ("UPDATE evidence SET clinician_ids = '[\"x\"]' WHERE number = 1", "Evidence item"),
        ("UPDATE evidence SET source = 'x' WHERE number = 1", "The records"),
        ("UPDATE use_entry SET day = 'x'", "The records"),
        ("UPDATE use_entry SET clinician_id = 'x' WHERE seq = 1", "Row 1 of use_entry"),
    ],
)
def test_what_was_changed_with_the_key_is_reported(vault: Vault, sql: str, where: str) -> None:
    fill(vault)
    highest = max(vault.evidence(2025), key=lambda item: item.sha256).number
    problems = _tamper(vault, sql.replace("{other}", str(highest % 3 + 1)))
    assert any(problem.where.startswith(where) for problem in problems), problems


def test_a_record_that_cannot_be_read_is_damage(vault: Vault, clock: Clock) -> None:
    fill(vault)
    _tamper(vault, "UPDATE evidence SET source = 'x' WHERE number = 1")
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again, pytest.raises(VaultDamagedError):
        again.evidence(2025)


def test_one_damaged_original_is_named_and_the_others_stay_readable(vault: Vault, clock: Clock) -> None:
    selection = choose(vault)
    chance = random.Random(4)
    originals = {collect(vault, selection.id, data).id: data for data in (chance.randbytes(300_000) for _ in range(6))}
    vault.close()
    path = vault.folder / "vault.db"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        items = again.evidence(2025)
        damaged = [item for item in items if not _readable(again, item.sha256)]
        assert len(damaged) == 1
        exhibit = f"exhibit 2025-IA_BE_4-0{damaged[0].number}"
        with pytest.raises(VaultDamagedError, match=exhibit):
            again.original(damaged[0].sha256)
        assert all(again.original(item.sha256) == originals[item.id] for item in items if item not in damaged)
        collect(again, selection.id, b"still writable")
        problems = again.check()
    assert [problem.where for problem in problems][:1] == ["The data file vault.db"]
    assert f"The original of {exhibit}" in [problem.where for problem in problems]


def _readable(vault: Vault, sha256: str) -> bool:
    try:
        return bool(vault.original(sha256))
    except VaultDamagedError:
        return False


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[object]]:
    """A closed vault with some of everything, and what it holds."""
    folder = tmp_path_factory.mktemp("sound") / "Sound.mipsvault"
    with create(folder, Clock()) as made:
        fill(made)
        return folder, everything(made)


def _flips(folder: Path, name: str, count: int) -> list[tuple[int, int]]:
    chance = random.Random(f"{name} 20261121")
    size = (folder / name).stat().st_size
    return [(chance.randrange(size), chance.randrange(1, 256)) for _ in range(count)]


@pytest.mark.parametrize(("name", "count"), [("vault.db", 200), ("keys.json", 100)])
def test_every_flipped_byte_is_refused_or_reported(
    sound: tuple[Path, list[object]], tmp_path: Path, name: str, count: int
) -> None:
    source, expected = sound
    folder = tmp_path / "Flipped.mipsvault"
    folder.mkdir()
    originals = {each: (source / each).read_bytes() for each in ("vault.db", "keys.json")}
    for place, mask in _flips(source, name, count):
        for each, whole in originals.items():
            (folder / each).write_bytes(whole)
        data = bytearray(originals[name])
        data[place] ^= mask
        (folder / name).write_bytes(data)
        assert _reports(folder), f"byte {place} ^ {mask} of {name} went unseen"
        try:
            with Vault.open(folder, PASSPHRASE, now=Clock(), read_only=True) as vault:
                assert everything(vault) == expected
        except VaultError:
            pass
        assert (folder / name).read_bytes() == bytes(data)


def _reports(folder: Path) -> bool:
    try:
        return bool(verify_vault(folder, PASSPHRASE, Clock()))
    except VaultError:
        return True


@pytest.mark.parametrize("keep", [0, 1, 100, 4095, 4096, 8192, 20_000, -4096, -1])
def test_a_file_cut_short_is_reported(sound: tuple[Path, list[object]], tmp_path: Path, keep: int) -> None:
    source, _ = sound
    folder = tmp_path / "Cut.mipsvault"
    folder.mkdir()
    (folder / "keys.json").write_bytes((source / "keys.json").read_bytes())
    (folder / "vault.db").write_bytes((source / "vault.db").read_bytes()[:keep])
    assert _reports(folder)


@pytest.mark.parametrize("fill_with", [lambda size: bytes(size), lambda size: b"\xff" * size], ids=["zeros", "ones"])
def test_every_overwritten_page_is_reported(
    sound: tuple[Path, list[object]], tmp_path: Path, fill_with: Callable[[int], bytes]
) -> None:
    source, expected = sound
    folder = tmp_path / "Page.mipsvault"
    folder.mkdir()
    (folder / "keys.json").write_bytes((source / "keys.json").read_bytes())
    whole = (source / "vault.db").read_bytes()
    for start in range(0, len(whole), 4096):
        (folder / "vault.db").write_bytes(whole[:start] + fill_with(4096) + whole[start + 4096 :])
        assert _reports(folder), f"page {start // 4096 + 1}"
        try:
            with Vault.open(folder, PASSPHRASE, now=Clock(), read_only=True) as vault:
                assert everything(vault) == expected
        except VaultError:
            pass
