"""Originals go only on purpose, leave a tombstone each, and take nothing else with them."""

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from datetime import date

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2 as dbapi

from mips_desk.domain.practice import YearProfile
from mips_desk.errors import BadInputError
from mips_desk.store import Event, NotInVaultError, OriginalDestroyedError, Vault, closing, retention
from mips_desk.store.connection import row, rows
from mips_desk.store.errors import VaultDiskError
from mips_desk.store.opening import unlock_vault

from .conftest import PASSPHRASE, Clock, choose, collect, create, fill, raw_line

UNTIL = date(2031, 12, 31)


def destroy(vault: Vault, *evidence_ids: str, reason: str = "Wrong patient", early: bool = True) -> int:
    with vault.write(Event.ORIGINALS_DESTROYED) as tx:
        return retention.destroy(tx, evidence_ids, reason=reason, early=early, kept_until=UNTIL)


def test_a_destroyed_original_leaves_its_tombstone_and_nothing_else_changes(vault: Vault) -> None:
    fill(vault)
    first, second, third = vault.evidence(2025)
    marks = vault.marks(third.id)
    assert destroy(vault, third.id, reason=" Wrong patient ") == 1
    (tomb,) = retention.tombstones(vault, 2025)
    assert (tomb.evidence_id, tomb.exhibit, tomb.sha256) == (third.id, "2025-IA_BE_4-03", third.sha256)
    assert (tomb.person, tomb.reason, tomb.early, tomb.kept_until) == ("Ana Ruiz", "Wrong patient", True, UNTIL)
    assert (tomb.size, tomb.stays) == (len("picture 2 ") * 2000, False)
    said = "The original of exhibit 2025-IA_BE_4-03 was destroyed on March 4, 2026 by Ana Ruiz: Wrong patient."
    for read in (lambda: vault.original(third.sha256), lambda: vault.marks(third.id)):
        with pytest.raises(OriginalDestroyedError) as caught:
            read()
        assert str(caught.value) == said
    assert vault.evidence(2025) == (first, second, dataclasses.replace(third, destroyed=True))
    assert vault.evidence_item(third.id).destroyed
    assert vault.original(first.sha256)
    with vault.reading() as db:
        assert row(db, "SELECT data FROM original WHERE sha256 = ?", third.sha256) == {"data": b""}
        assert row(db, "SELECT data FROM marks WHERE evidence_id = ?", third.id) == {"data": b""}
    entry = vault.journal_tail(1)[0]
    (did,) = entry.change["did"]
    assert entry.event is Event.ORIGINALS_DESTROYED
    assert (did["sha256"], did["reason"], entry.person_name) == (third.sha256, "Wrong patient", "Ana Ruiz")
    assert json.loads(did["marks"]) == [[1, "", hashlib.sha256(marks).hexdigest()]]
    assert vault.check() == []


def test_copies_that_updates_left_go_with_the_picture(vault: Vault) -> None:
    fill(vault)
    item = vault.evidence(2025)[0]
    copy = vault.folder / "before-update-1000-20250101T000000.db"
    copy.mkdir()  # cannot be removed
    with pytest.raises(VaultDiskError):
        destroy(vault, item.id)
    assert vault.original(item.sha256)
    copy.rmdir()
    copy.write_bytes(b"all that was there")
    destroy(vault, item.id)
    assert not copy.exists()


def test_a_destroyed_picture_takes_no_marks_and_is_not_destroyed_twice(vault: Vault) -> None:
    fill(vault)
    item = vault.evidence(2025)[0]
    destroy(vault, item.id)
    with pytest.raises(OriginalDestroyedError), vault.write(Event.MARKS_CHANGED) as tx:
        tx.add_marks(item.id, b"{}", redactions=0, other_marks=0)
    with pytest.raises(OriginalDestroyedError):
        destroy(vault, item.id)
    with vault.write(Event.EVIDENCE_CHANGED) as tx:
        tx.put_evidence(dataclasses.replace(item, caption="what it showed"))
    assert vault.check() == []


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_nothing_goes(vault: Vault, reason: str) -> None:
    fill(vault)
    item = vault.evidence(2025)[0]
    with pytest.raises(BadInputError, match="Say why"):
        destroy(vault, item.id, reason=reason)
    assert vault.original(item.sha256)
    assert retention.tombstones(vault, 2025) == ()


def test_one_unknown_item_saves_all(vault: Vault) -> None:
    fill(vault)
    item = vault.evidence(2025)[0]
    with pytest.raises(NotInVaultError):
        destroy(vault, item.id, "unknown")
    with pytest.raises(BadInputError, match="nothing left"):
        destroy(vault)
    assert vault.original(item.sha256)


def test_a_shared_original_stays_until_the_last_item_goes(vault: Vault) -> None:
    one, two = choose(vault, 2025), choose(vault, 2026)
    first, second = collect(vault, one.id, b"shared"), collect(vault, two.id, b"shared")
    with vault.write(Event.MARKS_CHANGED) as tx:
        tx.add_marks(second.id, b'{"kept": 1}', redactions=1, other_marks=0)
    assert destroy(vault, first.id) == 0
    assert retention.tombstones(vault, 2025)[0].stays
    assert vault.original(second.sha256) == b"shared"
    assert vault.marks(second.id) == b'{"kept": 1}'
    with pytest.raises(OriginalDestroyedError):
        vault.marks(first.id)
    assert vault.check() == []
    assert destroy(vault, second.id) == 1
    assert not retention.tombstones(vault, 2026)[0].stays
    with pytest.raises(OriginalDestroyedError, match="2026-IA_BE_4-01"):
        vault.original(second.sha256)
    assert vault.check() == []


def test_the_same_picture_taken_in_again_is_an_item_of_its_own(vault: Vault) -> None:
    selection = choose(vault)
    first = collect(vault, selection.id, b"poster")
    destroy(vault, first.id)
    again = collect(vault, selection.id, b"poster")
    assert vault.original(again.sha256) == b"poster"
    assert [item.destroyed for item in vault.evidence(2025)] == [True, False]
    with pytest.raises(OriginalDestroyedError):
        vault.marks(first.id)
    assert vault.check() == []


def test_a_closed_year_stays_what_was_closed(vault: Vault) -> None:
    fill(vault)
    with vault.write(Event.YEAR_CLOSED) as tx:
        closing.close_year(tx, 2025, rules="x", reported={})
    destroy(vault, *(item.id for item in vault.evidence(2025)))
    assert all(item.destroyed for item in vault.evidence(2025))
    assert vault.check() == []


def test_a_fingerprint_is_the_same_before_and_after(vault: Vault) -> None:
    """Closed after the originals went, a year has the fingerprint that it would have had before."""
    fill(vault)
    with vault.write(Event.YEAR_CLOSED) as tx:
        before = closing.close_year(tx, 2025, rules="x", reported={})
    with vault.write(Event.YEAR_REOPENED) as tx:
        closing.reopen_year(tx, 2025, "test")
    destroy(vault, *(item.id for item in vault.evidence(2025)))
    with vault.write(Event.YEAR_CLOSED) as tx:
        assert closing.close_year(tx, 2025, rules="x", reported={}) == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from([2024, 2025]), st.integers(0, 3), st.booleans()), min_size=1, max_size=8),
    st.data(),
)
def test_bytes_go_when_every_item_that_shows_them_is_gone(
    tmp_path_factory: pytest.TempPathFactory, items: list[tuple[int, int, bool]], data: st.DataObject
) -> None:
    with create(tmp_path_factory.mktemp("purge") / "P.mipsvault", Clock()) as vault:
        selections = {year: choose(vault, year) for year in (2024, 2025)}
        made = [(collect(vault, selections[year].id, bytes([65 + blob]) * 50), gone) for year, blob, gone in items]
        with vault.write(Event.EVIDENCE_REMOVED) as tx:
            tx.put_profile(YearProfile(2025))
            for item, gone in made:
                if gone:
                    tx.remove_evidence(item.id, "")
        with vault.write(Event.YEAR_CLOSED) as tx:
            closing.close_year(tx, 2025, rules="x", reported={})
        wanted = data.draw(st.permutations([item for item, _ in made]))
        wanted = wanted[: data.draw(st.integers(1, len(wanted)))]
        for batch in (wanted[::2], wanted[1::2]):
            if batch:
                destroy(vault, *(item.id for item in batch))
        ids = {item.id for item in wanted}
        kept = {item.sha256 for item, _ in made if item.id not in ids}
        with vault.reading() as db:
            empty = {each["sha256"] for each in rows(db, "SELECT sha256 FROM original WHERE length(data) = 0")}
            assert empty == {item.sha256 for item, _ in made} - kept
        left = {each.evidence_id for year in (2024, 2025) for each in retention.destroyable(vault, year)}
        assert left == {item.id for item, _ in made} - ids
        assert all(hashlib.sha256(vault.original(sha256)).hexdigest() == sha256 for sha256 in kept)
        assert vault.check() == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tombstone SET reason = 'x'",
        "UPDATE tombstone SET early = 0",
        "DELETE FROM tombstone",
        "REPLACE INTO tombstone SELECT * FROM tombstone",
        "UPDATE original SET data = x''",
        "UPDATE original SET data = x'' WHERE rowid = 1",
        "UPDATE original SET data = x'00' WHERE rowid = 3",
        "UPDATE original SET size = 0 WHERE rowid = 3",
        "UPDATE original SET sha256 = '{0}', data = x'' WHERE rowid = 3",
        "DELETE FROM original WHERE length(data) = 0",
        "UPDATE marks SET data = x'00'",
        "UPDATE marks SET data = x'', revision = 2",
        "DELETE FROM marks",
        "DELETE FROM evidence",
    ],
)
def test_triggers_refuse(vault: Vault, sql: str) -> None:
    fill(vault)
    item = vault.evidence(2025)[2]
    destroy(vault, item.id)
    vault.close()
    line = raw_line(vault.folder)
    with pytest.raises(dbapi.IntegrityError, match="written once"):
        line.db.execute(sql.format("cd" * 32))
    line.close()
    with Vault.open(vault.folder, PASSPHRASE, now=Clock(), read_only=True) as again:
        assert again.check() == []


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("UPDATE original SET data = x'' WHERE rowid = 1", "The original of exhibit 2025-IA_BE_4-01"),
        ("DELETE FROM tombstone", "The original of exhibit 2025-IA_BE_4-03"),
        ("DELETE FROM tombstone", "The tombstone of"),
        ("UPDATE tombstone SET reason = 'x'", "The tombstone of"),
        ("UPDATE tombstone SET marks = '[\"x\"]'", "Marks"),
        (
            "INSERT INTO tombstone SELECT 9, id, sha256, 1, 'x', 'x', 'x', 0, 'x', 0, '[]' FROM evidence"
            " WHERE number = 1",
            "The tombstone of",
        ),
        ("UPDATE original SET data = x'00' WHERE rowid = 3", "The original of exhibit 2025-IA_BE_4-03"),
    ],
)
def test_what_was_changed_with_the_key_is_named(vault: Vault, sql: str, where: str) -> None:
    fill(vault)
    destroy(vault, vault.evidence(2025)[2].id)
    vault.close()
    line = raw_line(vault.folder)
    for (name,) in line.db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        line.db.execute(f"DROP TRIGGER {name}")
    line.db.execute(sql)
    line.close()
    with Vault.open(vault.folder, PASSPHRASE, now=Clock(), read_only=True) as again:
        problems = again.check()
    assert any(problem.where.startswith(where) for problem in problems), problems


def test_the_bytes_are_gone_from_the_file(vault: Vault, clock: Clock) -> None:
    """Read page by page with the key, as a program for recovering deleted records would."""
    selection = choose(vault)
    gone, kept = collect(vault, selection.id, b"\xa5" * 50_000), collect(vault, selection.id, b"\x5a" * 50_000)
    with vault.write(Event.MARKS_CHANGED) as tx:
        tx.add_marks(gone.id, b"\xc3" * 9000, redactions=0, other_marks=1)
    vault.close()
    pages = b"".join(_pages(vault))
    assert all(bytes([byte]) * 3000 in pages for byte in (0xA5, 0x5A, 0xC3))
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        destroy(again, gone.id)
        assert again.original(kept.sha256)
    pages = b"".join(_pages(vault))
    assert bytes([0x5A]) * 3000 in pages
    assert not any(bytes([byte]) * 100 in pages for byte in (0xA5, 0xC3))


def _pages(vault: Vault) -> Iterator[bytes]:
    """Decrypt every page of a closed vault: AES-256-CBC, its IV and 64 bytes of HMAC at the end of each."""
    assert [path.name for path in vault.folder.glob("vault.db*")] == ["vault.db"], "the log is written over and gone"
    key, _how = unlock_vault(vault.folder, PASSPHRASE)
    data = (vault.folder / "vault.db").read_bytes()
    for start in range(0, len(data), 4096):
        page = data[start + (16 if start == 0 else 0) : start + 4096]
        cipher = Cipher(algorithms.AES(key), modes.CBC(page[-80:-64])).decryptor()
        yield cipher.update(page[:-80])
