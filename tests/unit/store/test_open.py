"""Making, opening, locking, reading only, and refusing what is no vault or too new."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from mips_desk.domain.practice import Person, Practice, Role
from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.store import (
    Event,
    KeyCost,
    NotAVaultError,
    Vault,
    VaultBusyError,
    VaultDamagedError,
    VaultDiskError,
    VaultError,
    VaultReadOnlyError,
    VaultTooNewError,
    WrongPassphraseError,
    keys,
    verify_vault,
)
from mips_desk.store.migrations import (
    MAJOR,
    MIGRATIONS,
    m0001_first,
    m0002_official,
    m0003_settings,
    m0004_closing,
    m0005_backups,
    m0006_desktops,
)

from .conftest import CHEAP, PASSPHRASE, PRACTICE, Clock, choose, collect, create, everything, fill, raw_line, reopen

ROOT = Path(__file__).resolve().parents[3]


def test_production_keys_cost_what_was_promised() -> None:
    assert KeyCost().memory_kib >= 64 * 1024
    assert KeyCost().passes >= 3


def test_a_vault_made_without_a_cost_has_the_full_one(folder: Path, clock: Clock) -> None:
    Vault.create(folder, PASSPHRASE, practice=PRACTICE, person_name="Ana Ruiz", now=clock).close()
    (slot,) = keys.read_keys(folder).slots
    assert slot.cost == KeyCost()
    Vault.open(folder, PASSPHRASE, now=clock).close()


@pytest.mark.parametrize("passphrase", ["", "   ", "\t\n"])
def test_an_empty_passphrase_makes_nothing(folder: Path, clock: Clock, passphrase: str) -> None:
    with pytest.raises(BadInputError, match="passphrase"):
        Vault.create(folder, passphrase, practice=PRACTICE, person_name="Ana", now=clock, key_cost=CHEAP)
    assert list(folder.parent.iterdir()) == []


def test_an_existing_folder_is_left_alone(folder: Path, clock: Clock) -> None:
    folder.mkdir()
    with pytest.raises(BadInputError, match="already"):
        create(folder, clock)
    assert list(folder.iterdir()) == []


def test_a_missing_parent_is_said_so(folder: Path, clock: Clock) -> None:
    with pytest.raises(BadInputError, match="does not exist"):
        create(folder / "deeper" / "New.mipsvault", clock)


def test_a_failure_while_making_leaves_nothing(folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mips_desk.store.vault.sync_file", fail)
    with pytest.raises(VaultError, match="disk is full"):
        create(folder, clock)
    assert list(folder.parent.iterdir()) == []


def test_names_with_half_characters_make_nothing(folder: Path, clock: Clock) -> None:
    with pytest.raises(BadInputError):
        Vault.create(folder, PASSPHRASE, practice=Practice("\ud800"), person_name="Ana", now=clock, key_cost=CHEAP)
    with pytest.raises(BadInputError):
        Vault.create(folder, PASSPHRASE, practice=PRACTICE, person_name="\ud800", now=clock, key_cost=CHEAP)
    assert list(folder.parent.iterdir()) == []


@pytest.mark.parametrize("wrong", ["", "Correct horse battery staple", PASSPHRASE + " ", "\udcff", "x" * 100_000])
def test_a_wrong_passphrase_is_refused_and_changes_nothing(vault: Vault, clock: Clock, wrong: str) -> None:
    vault.close()
    before = {path.name: path.read_bytes() for path in vault.folder.iterdir()}
    for attempt in (Vault.open, verify_vault):
        with pytest.raises(WrongPassphraseError):
            attempt(vault.folder, wrong, now=clock)
    assert {path.name: path.read_bytes() for path in vault.folder.iterdir()} == before


def test_the_same_passphrase_in_another_unicode_form_opens(folder: Path, clock: Clock) -> None:
    Vault.create(folder, "caf\u00e9", practice=PRACTICE, person_name="Ana", now=clock, key_cost=CHEAP).close()
    Vault.open(folder, "cafe\u0301", now=clock).close()


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _gone(folder: Path) -> None:
    shutil.rmtree(folder)


def _a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("hello")


@pytest.mark.parametrize(
    "spoil",
    [_empty, _gone, _a_file, lambda f: (f / "keys.json").unlink(), lambda f: (f / "vault.db").unlink()],
    ids=["empty", "gone", "file", "no keys", "no data"],
)
def test_what_is_no_vault_is_refused(vault: Vault, clock: Clock, spoil: Callable[[Path], None]) -> None:
    vault.close()
    spoil(vault.folder)
    for attempt in (Vault.open, verify_vault):
        with pytest.raises(NotAVaultError):
            attempt(vault.folder, PASSPHRASE, now=clock)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 500,
        b"hello",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"null",
        b'{"format": 1}',
        b'{"format": 1.5}',
        b'{"format": 1, "vault": "x", "slots": [], "checksum": ""}',
        b"[" * 100_000,
        b" " * (2 << 20),
    ],
)
def test_a_garbage_key_file_is_damage(vault: Vault, clock: Clock, content: bytes) -> None:
    vault.close()
    (vault.folder / "keys.json").write_bytes(content)
    with pytest.raises(VaultDamagedError, match=r"keys\.json is damaged"):
        Vault.open(vault.folder, PASSPHRASE, now=clock)
    (problem,) = verify_vault(vault.folder, PASSPHRASE, clock)
    assert "keys.json" in problem.where


@pytest.mark.parametrize("content", [b"", b"\0" * 8192, b"SQLite format 3\0" * 1000, os.urandom(50_000)])
def test_garbage_data_is_damage(vault: Vault, clock: Clock, content: bytes) -> None:
    vault.close()
    (vault.folder / "vault.db").write_bytes(content)
    with pytest.raises(VaultDamagedError, match=r"vault\.db"):
        Vault.open(vault.folder, PASSPHRASE, now=clock)
    (problem,) = verify_vault(vault.folder, PASSPHRASE, clock)
    assert "vault.db" in problem.where


def test_the_data_of_another_vault_does_not_open(vault: Vault, tmp_path: Path, clock: Clock) -> None:
    other = create(tmp_path / "Other.mipsvault", clock)
    vault.close()
    other.close()
    shutil.copy(other.folder / "vault.db", vault.folder / "vault.db")
    with pytest.raises(VaultDamagedError):
        Vault.open(vault.folder, PASSPHRASE, now=clock)


def _forge(folder: Path, **fields: object) -> None:
    """Change a slot and make the checksum right again, as somebody would who can write but knows no passphrase."""
    path = folder / "keys.json"
    content = json.loads(path.read_bytes())
    content["slots"][0].update(fields)
    path.write_bytes(keys.encode_keys(msgspec.convert(content, keys.KeyFile)))


@pytest.mark.parametrize(
    "fields",
    [{"label": "x"}, {"public_key": "A" * 43 + "="}, {"person_id": "x"}, {"id": "x"}, {"made_at": "2020-01-01"}],
)
def test_what_a_slot_says_is_bound_to_its_key(vault: Vault, clock: Clock, fields: dict[str, object]) -> None:
    vault.close()
    _forge(vault.folder, **fields)
    with pytest.raises(WrongPassphraseError):
        Vault.open(vault.folder, PASSPHRASE, now=clock)


def test_a_forged_cost_cannot_exhaust_the_computer(vault: Vault, clock: Clock) -> None:
    vault.close()
    path = vault.folder / "keys.json"
    path.write_bytes(path.read_bytes().replace(b'"memory_kib": 8', b'"memory_kib": 2000000000'))
    with pytest.raises(VaultDamagedError):
        Vault.open(vault.folder, PASSPHRASE, now=clock)


def test_a_newer_key_file_is_refused(vault: Vault, clock: Clock) -> None:
    vault.close()
    (vault.folder / "keys.json").write_text('{"format": 3, "anything": "else"}')
    for attempt in (Vault.open, verify_vault):
        with pytest.raises(VaultTooNewError):
            attempt(vault.folder, PASSPHRASE, now=clock)


def test_a_newer_layout_is_refused_and_a_slightly_newer_one_is_not(vault: Vault, clock: Clock) -> None:
    vault.close()
    line = raw_line(vault.folder)
    line.db.execute(f"PRAGMA user_version = {(MAJOR + 1) * 1000}")
    line.close()
    for read_only in (True, False):
        with pytest.raises(VaultTooNewError):
            Vault.open(vault.folder, PASSPHRASE, now=clock, read_only=read_only)
    with pytest.raises(VaultTooNewError):
        verify_vault(vault.folder, PASSPHRASE, clock)
    line = raw_line(vault.folder)
    line.db.execute(f"PRAGMA user_version = {(MAJOR + 1) * 1000 - 1}")
    line.close()
    Vault.open(vault.folder, PASSPHRASE, now=clock).close()


def test_a_foreign_database_under_our_key_is_refused(vault: Vault, clock: Clock) -> None:
    vault.close()
    line = raw_line(vault.folder)
    line.db.execute("PRAGMA application_id = 7")
    line.close()
    with pytest.raises(VaultDamagedError):
        Vault.open(vault.folder, PASSPHRASE, now=clock)


#: What the newest migration sets.
NEWEST = 2007


def _newer(*, fail: bool = False) -> Migrations:
    steps = Migrations(MIGRATIONS.name)
    steps()(m0001_first.m0001_first)
    steps()(m0002_official.m0002_official)
    steps()(m0003_settings.m0003_settings)
    steps()(m0004_closing.m0004_closing)
    steps()(m0005_backups.m0005_backups)
    steps()(m0006_desktops.m0006_desktops)

    def m9999_next(db: Database) -> None:
        db.execute("ALTER TABLE practice ADD COLUMN phone TEXT NOT NULL DEFAULT ''")
        db.execute("PRAGMA user_version = 2900")
        if fail:
            raise ZeroDivisionError

    steps()(m9999_next)
    return steps


@pytest.fixture
def newer_app(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def become(*, fail: bool = False) -> None:
        for module in ("vault", "layout"):
            monkeypatch.setattr(f"mips_desk.store.{module}.MIGRATIONS", _newer(fail=fail))

    return become


def test_an_older_vault_is_copied_and_brought_up_to_date(
    vault: Vault, clock: Clock, newer_app: Callable[..., None]
) -> None:
    fill(vault)
    before = everything(vault)
    vault.close()
    newer_app()
    with pytest.raises(VaultReadOnlyError, match="Open it once for writing"):
        Vault.open(vault.folder, PASSPHRASE, now=clock, read_only=True)
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        assert everything(again)[:-2] == before[:-2]
        updated, login = again.journal_tail(2)
        assert (updated.event, login.event) == (Event.VAULT_UPDATED, Event.LOGIN)
        assert (updated.change["from"], updated.change["to"]) == (NEWEST, 2900)
        assert again.check() == []
    copy = vault.folder / updated.change["backup"]
    assert b"Cedar" not in copy.read_bytes()
    copy.replace(vault.folder / "vault.db")
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        assert everything(again)[:-2] == before[:-2]
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        assert [entry.event for entry in again.journal_tail(3)] == [Event.VAULT_UPDATED, Event.LOGIN, Event.LOGIN]


def test_a_failing_update_leaves_the_old_vault(
    vault: Vault, clock: Clock, newer_app: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(vault)
    before = everything(vault)
    vault.close()
    newer_app(fail=True)
    with pytest.raises(ZeroDivisionError):
        Vault.open(vault.folder, PASSPHRASE, now=clock)
    monkeypatch.undo()
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        assert everything(again)[:-2] == before[:-2]
        assert again.check() == []


def test_reading_only(vault: Vault, clock: Clock) -> None:
    fill(vault)
    with Vault.open(vault.folder, PASSPHRASE, now=clock, read_only=True) as reader:
        assert reader.read_only
        assert everything(reader) == everything(vault)
        with pytest.raises(VaultReadOnlyError), reader.write(Event.ACTIVITY_ADDED):
            pass
        collect(vault, vault.selections(2025)[0].id, b"new")
        assert everything(reader) == everything(vault)


def test_a_reader_reads_only(vault: Vault, clock: Clock) -> None:
    vault.close()
    line = raw_line(vault.folder)
    line.db.execute("UPDATE person SET role = 'reader'")
    line.close()
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        assert again.person == Person(vault.person.id, "Ana Ruiz", Role.READER)
        assert again.read_only


def test_a_removed_person_stays_out_also_with_an_old_key_file(vault: Vault, clock: Clock) -> None:
    vault.close()
    line = raw_line(vault.folder)
    line.db.execute("UPDATE person SET removed_at = '2026-01-01'")
    line.close()
    with pytest.raises(WrongPassphraseError):
        Vault.open(vault.folder, PASSPHRASE, now=clock)


def _run(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, check=False)


_TRY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from mips_desk.errors import MipsDeskError
from mips_desk.store import Vault
if "nobody" in sys.argv:  # root may write anywhere
    import os
    os.seteuid(65534)
try:
    folder, passphrase, mode = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    with Vault.open(folder, passphrase, now=lambda: datetime.now(UTC), read_only=mode == "read") as vault:
        print("opened", vault.practice().name)
except MipsDeskError as error:
    print(type(error).__name__, error)
"""


def test_a_second_writer_is_refused_and_told_who_writes(vault: Vault, clock: Clock) -> None:
    with pytest.raises(
        VaultBusyError, match=r"Ana Ruiz has this vault open on .* \(since 2026-03-04 10:32\)"
    ) as raised:
        Vault.open(vault.folder, PASSPHRASE, now=clock)
    assert (raised.value.person, raised.value.since) == ("Ana Ruiz", "2026-03-04 10:32")
    elsewhere = _run(_TRY, str(vault.folder), PASSPHRASE, "write")
    assert elsewhere.stdout.startswith("VaultBusyError Ana Ruiz has this vault open")
    assert elsewhere.stderr == ""
    assert _run(_TRY, str(vault.folder), PASSPHRASE, "read").stdout == "opened Cedar Hill Family Medicine\n"
    vault.close()
    assert _run(_TRY, str(vault.folder), PASSPHRASE, "write").stdout.startswith("opened")
    Vault.open(vault.folder, PASSPHRASE, now=clock).close()


def test_a_note_without_its_writer_locks_nobody_out(vault: Vault, clock: Clock) -> None:
    vault.close()
    (vault.folder / "opened-by.json").write_text('{"person": "Ghost", "host": "X", "since": "2020-01-01T00:00:00Z"}')
    Vault.open(vault.folder, PASSPHRASE, now=clock).close()


@pytest.mark.parametrize("note", [b"", b"garbage", b"\xff", b'{"person": 7}'])
def test_a_writer_whose_note_is_lost_still_counts(vault: Vault, clock: Clock, note: bytes) -> None:
    (vault.folder / "opened-by.json").write_bytes(note)
    with pytest.raises(VaultBusyError, match="Another program has this vault open"):
        Vault.open(vault.folder, PASSPHRASE, now=clock)


def test_closing_twice_does_no_harm_and_leaves_only_the_vault(vault: Vault) -> None:
    fill(vault)
    vault.close()
    vault.close()
    assert {path.name for path in vault.folder.iterdir()} == {"vault.db", "keys.json", "vault.lock"}


@pytest.mark.skipif(sys.platform == "win32", reason="folders are made read-only in another way there")
def test_a_vault_in_a_folder_that_cannot_be_written_can_be_read(vault: Vault, clock: Clock) -> None:
    vault.close()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "Copy.mipsvault"
        shutil.copytree(vault.folder, folder)
        for path in folder.iterdir():
            path.chmod(0o444)
        folder.chmod(0o555)
        Path(place).chmod(0o755)
        who = "nobody" if os.geteuid() == 0 else ""
        try:
            assert _run(_TRY, str(folder), PASSPHRASE, "read", who).stdout.startswith("opened Cedar Hill")
            assert _run(_TRY, str(folder), PASSPHRASE, "write", who).stdout.startswith("VaultDiskError")
            assert {path.name for path in folder.iterdir()} == {"vault.db", "keys.json", "vault.lock"}
        finally:
            folder.chmod(0o755)


def test_every_error_is_one_sentence_for_a_person() -> None:
    errors: list[MipsDeskError] = [
        NotAVaultError(),
        WrongPassphraseError(),
        VaultTooNewError(),
        VaultDamagedError(),
        VaultBusyError("Ana", "X", "10:32"),
        VaultDiskError(),
        VaultReadOnlyError(),
    ]
    for error in errors:
        assert isinstance(error, VaultError)
        assert str(error).endswith(".")
        assert "\n" not in str(error)


def test_nothing_is_printed_when_a_key_does_not_fit(vault: Vault) -> None:
    vault.close()
    data = bytearray((vault.folder / "vault.db").read_bytes())
    data[100] ^= 1
    (vault.folder / "vault.db").write_bytes(data)
    done = _run(_TRY, str(vault.folder), PASSPHRASE, "read")
    assert done.stdout.startswith("VaultDamagedError")
    assert done.stderr == ""


def test_a_vault_whose_name_has_odd_characters(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "A #1 100% é? & Co.mipsvault"
    with contextlib.closing(create(folder, clock)) as made:
        choose(made)
    with Vault.open(folder, PASSPHRASE, now=clock) as again:
        assert len(again.selections(2025)) == 1
    assert reopen(again, clock).folder == folder


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_nobody_else_on_the_computer_may_read_its_files(vault: Vault) -> None:
    choose(vault)
    for path in (vault.folder, *vault.folder.iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_what_a_killed_write_left_is_cleared_away(vault: Vault, clock: Clock) -> None:
    vault.close()
    left = vault.folder / "keys.json.0a1b2c3d.new"
    kept = vault.folder / "before-update-1.db"
    for path in (left, kept):
        path.write_bytes(b"half")
    with Vault.open(vault.folder, PASSPHRASE, now=clock, read_only=True):
        assert left.exists()
    with Vault.open(vault.folder, PASSPHRASE, now=clock):
        assert not left.exists()
        assert kept.exists()
