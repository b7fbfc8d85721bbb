"""CMS's texts in the vault: kept as loaded, the newest in use, and the layout before them still opens."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as dbapi

from mips_desk.domain.activity import Weight
from mips_desk.domain.official import OfficialActivity, OfficialList, OfficialMeasure
from mips_desk.store import Event, Vault, VaultDamagedError, VaultReadOnlyError, verify_vault

from .conftest import PASSPHRASE, Clock, raw_line, reopen

OLD = Path(__file__).parents[2] / "data" / "vaults" / "layout-1000.mipsvault"
PORTAL = "Portal — “title”", "Text\n\t• one", Weight.MEDIUM, "beneficiaryEngagement", 2017, True
SHORT = OfficialList(
    2018,
    (OfficialActivity("IA_BE_4", *PORTAL), OfficialActivity("IA_PCMH", "Home", "Text", None, "", 2017)),
    (OfficialMeasure("PI_CCTPE_2", "Secure Messaging", "Text"),),
    "ab" * 32,
    2_058_074,
)


def load(vault: Vault, official: OfficialList) -> str:
    with vault.write(Event.OFFICIAL_LOADED) as tx:
        return tx.add_official(official)


def test_it_comes_back_as_it_was_loaded(vault: Vault, clock: Clock) -> None:
    assert vault.official(2018) is None
    load(vault, SHORT)
    with reopen(vault, clock) as again:
        found = again.official(2018)
        assert found is not None
        assert found.loaded_at is not None
        assert replace(found, loaded_at=None, loaded_by="") == SHORT
        assert found.loaded_by == "Ana Ruiz"
        assert again.official(2017) is None
        (entry,) = [entry for entry in again.journal() if entry.event is Event.OFFICIAL_LOADED]
        assert entry.at == found.loaded_at
        assert entry.change["did"][0]["sha256"] == SHORT.sha256
        assert "Text" not in str(entry.change)
        assert again.check() == []


def test_the_newest_of_a_year_is_in_use_and_older_ones_stay(vault: Vault) -> None:
    newer, other = replace(SHORT, sha256="cd" * 32, activities=SHORT.activities[:1]), replace(SHORT, year=2019)
    for official in (SHORT, newer, other):
        load(vault, official)
    assert [(found.year, found.sha256[:2]) for found in vault.officials()] == [(2018, "ab"), (2018, "cd"), (2019, "ab")]
    found = vault.official(2018)
    assert found is not None
    assert found.activities == newer.activities


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE official SET data = x'00'",
        "UPDATE official SET year = 2020",
        "DELETE FROM official",
        "REPLACE INTO official SELECT seq, id, 2020, sha256, size, loaded_at, loaded_by, data FROM official",
    ],
)
def test_it_is_written_once(vault: Vault, clock: Clock, sql: str) -> None:
    load(vault, SHORT)
    vault.close()
    line = raw_line(vault.folder)
    with pytest.raises(dbapi.IntegrityError, match="written once"):
        line.db.execute(sql)
    line.close()
    assert verify_vault(vault.folder, PASSPHRASE, clock) == []


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE official SET year = 2020", "is not what the journal says was stored"),
        ("UPDATE official SET sha256 = replace(sha256, 'a', '0')", "is not what the journal says was stored"),
        ("UPDATE official SET data = (SELECT data FROM official ORDER BY seq DESC LIMIT 1)", "is not what"),
        ("DELETE FROM official WHERE seq = 1", "is in the journal but not in the vault"),
        (
            "INSERT INTO official SELECT 9, 'x', year, sha256, size, loaded_at, loaded_by, data FROM official LIMIT 1",
            "is in the vault but not in the journal",
        ),
        ("UPDATE official SET data = x'00'", "is not what the journal says was stored"),
        ("UPDATE official SET data = substr(data, 1, 40)", "is not what the journal says was stored"),
    ],
)
def test_the_check_finds_what_somebody_changed(vault: Vault, clock: Clock, sql: str, what: str) -> None:
    load(vault, SHORT)
    load(vault, replace(SHORT, activities=SHORT.activities[1:]))
    vault.close()
    line = raw_line(vault.folder)
    for trigger in ("official_keeps", "official_stays"):
        line.db.execute(f"DROP TRIGGER {trigger}")
    line.db.execute(sql)
    line.close()
    problems = verify_vault(vault.folder, PASSPHRASE, clock)
    assert any(problem.where.startswith("CMS's text") and what in problem.what for problem in problems), problems


@pytest.mark.parametrize("data", ["x'00'", "substr(data, 1, 40)", "zeroblob(0)"])
def test_a_record_that_cannot_be_read_is_damage(vault: Vault, clock: Clock, data: str) -> None:
    load(vault, SHORT)
    vault.close()
    line = raw_line(vault.folder)
    line.db.execute("DROP TRIGGER official_keeps")
    line.db.execute(f"UPDATE official SET data = {data}")
    line.close()
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        with pytest.raises(VaultDamagedError):
            again.official(2018)
        assert again.official(2017) is None


def test_a_vault_of_the_first_layout_is_copied_and_brought_up_to_date(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / OLD.name
    shutil.copytree(OLD, folder)
    with pytest.raises(VaultReadOnlyError):
        Vault.open(folder, PASSPHRASE, now=clock, read_only=True)
    with Vault.open(folder, PASSPHRASE, now=clock) as vault:
        updated, login, keys = vault.journal_tail(3)
        assert [each.event for each in (updated, login, keys)] == [
            Event.VAULT_UPDATED,
            Event.LOGIN,
            Event.KEYS_STRENGTHENED,
        ]
        assert updated.change["from"] == 1000
        assert (updated.seq, login.seq) == (10, 11)
        assert vault.practice().name == "Cedar Hill Family Medicine"
        items = vault.evidence(2025)
        assert [vault.original(item.sha256) for item in items] == [b"picture 0", b"picture 1"]
        assert len(vault.uses(2025)) == 2
        assert vault.marks(items[1].id) == b'{"version": 1, "marks": []}'
        load(vault, SHORT)
        assert vault.check() == []
    assert verify_vault(folder, PASSPHRASE, clock) == []
    copy = folder / updated.change["backup"]
    assert copy.stat().st_size > 100_000
    copy.replace(folder / "vault.db")
    with Vault.open(folder, PASSPHRASE, now=clock) as vault:
        assert [entry.event for entry in vault.journal(after=9)] == [
            Event.VAULT_UPDATED,
            Event.LOGIN,
            Event.KEYS_STRENGTHENED,
        ]
