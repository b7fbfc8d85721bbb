"""Vaults of earlier layouts: each opens in the newest, holds what it held, and loses nothing when the update fails."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from mips_desk.store import Vault, VaultFullError, VaultTooNewError, attested, layout, verify_vault
from mips_desk.store import vault as vault_module
from mips_desk.store.connection import value
from mips_desk.store.migrations import MAJOR, MIGRATIONS
from tests.faults.migrate import VAULTS, content, kept, raw

from .conftest import PASSPHRASE, Clock, attest, create, raw_line

FIXTURES = sorted(path.name for path in VAULTS.iterdir() if path.is_dir())


@pytest.fixture(params=FIXTURES)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "old.mipsvault"
    shutil.copytree(VAULTS / request.param, folder)
    return folder


def rows_of(folder: Path) -> dict[str, list[dict[str, Any]]]:
    line = raw(folder)
    try:
        return content(line)
    finally:
        line.close()


def test_there_is_a_vault_of_every_released_layout() -> None:
    assert [int(name.removeprefix("layout-").removesuffix(".mipsvault")) for name in FIXTURES] == [1000, 1001, 2005]
    assert MAJOR == 2


def test_every_earlier_vault_opens_in_the_newest_layout(old: Path, clock: Clock) -> None:
    before = rows_of(old)
    assert len(before["evidence"]) >= 2
    with Vault.open(old, PASSPHRASE, now=clock) as vault:
        assert vault.check() == []
        assert vault.practice().name == "Cedar Hill Family Medicine"
        items = [each["sha256"] for each in before["evidence"] if not each["removed_at"]]
        assert [item.sha256 for year in (2025, 2024) for item in vault.evidence(year)] == items
    after = rows_of(old)
    assert kept(before, after)
    assert not any(path.suffix == ".part" for path in old.iterdir())
    assert verify_vault(old, PASSPHRASE, clock) == []
    (copy,) = old.glob("before-update-*.db")
    copy.replace(old / "vault.db")
    assert rows_of(old) == before


def test_what_was_attested_before_there_were_records_is_one(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "old.mipsvault"
    shutil.copytree(VAULTS / "layout-2005.mipsvault", folder)
    with Vault.open(folder, PASSPHRASE, now=clock) as vault:
        (record,) = attested.attestations(vault, 2025)
        assert (record.activities, record.on, record.recorded_at) == (("IA_BE_4",), date(2026, 1, 20), None)
        assert vault.selections(2025)[0].attested_on == date(2026, 1, 20)
        assert vault.reported_years("IA_BE_4") == (2025,)
        # Its activity was removed again, so it was not taken for attested before either.
        assert vault.reported_years("IA_CC_13") == ()
        # Of a year closed long ago: what was closed is still what it was.
        assert vault.selections(2024)[0].attested_on == date(2025, 2, 3)
        assert vault.check() == []
        later = attest(vault, 2025, "IA_BE_4", on=date(2026, 1, 22), replaces=(record.id,), note="The receipt says so")
        assert attested.attestations(vault, 2025) == (record, later)
        assert vault.selections(2025)[0].attested_on == date(2026, 1, 22)
        assert vault.check() == []


def test_the_comparison_of_contents_can_fail(old: Path) -> None:
    before = rows_of(old)
    for table in ("evidence", "journal", "use_entry"):
        assert not kept(before, before | {table: before[table][1:]})
        changed = [before[table][0] | {"id": "other", "hash": "other"}, *before[table][1:]]
        assert not kept(before, before | {table: changed})


def test_a_full_disk_leaves_the_old_vault(old: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """At every size between the old vault and the new one."""
    before, real, tried = rows_of(old), layout.bring_up_to_date, 0
    pages = (old / "vault.db").stat().st_size // 4096

    def update(folder: Path, key: bytes, db: Database, *rest: Any) -> None:
        db.execute(f"PRAGMA max_page_count = {pages + tried}").fetchall()
        real(folder, key, db, *rest)

    monkeypatch.setattr(vault_module, "bring_up_to_date", update)
    while tried < 500:
        try:
            Vault.open(old, PASSPHRASE, now=clock).close()
        except VaultFullError:
            line = raw(old)
            assert value(line.db, "PRAGMA quick_check") == "ok"
            assert kept(before, content(line))
            line.close()
            tried += 9
        else:
            break
    assert 9 < tried < 500
    with Vault.open(old, PASSPHRASE, now=clock) as vault:
        assert vault.check() == []
    assert kept(before, rows_of(old))


def test_a_copy_that_was_cut_off_is_cleared(old: Path, clock: Clock) -> None:
    (old / "before-update-1000-20260101T000000.part").write_bytes(b"half")
    Vault.open(old, PASSPHRASE, now=clock).close()
    assert not list(old.glob("*.part"))


def test_a_newer_vault_is_refused_and_not_touched(folder: Path, clock: Clock) -> None:
    create(folder, clock).close()
    line = raw_line(folder)
    line.db.execute(f"PRAGMA user_version = {(MAJOR + 1) * 1000}")
    line.close()
    before = (folder / "vault.db").read_bytes()
    for read_only in (False, True):
        with pytest.raises(VaultTooNewError):
            Vault.open(folder, PASSPHRASE, now=clock, read_only=read_only)
    assert (folder / "vault.db").read_bytes() == before
    assert not list(folder.glob("before-update-*"))


def test_a_new_vault_has_nothing_to_update(folder: Path, clock: Clock) -> None:
    create(folder, clock).close()
    line = raw_line(folder)
    assert MIGRATIONS.pending(line.db) == []
    line.close()
