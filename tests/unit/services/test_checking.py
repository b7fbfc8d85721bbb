"""Checks of the open vault: what is due, what is recorded, what Home says."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mips_desk.catalog.load import load_catalog
from mips_desk.errors import BadInputError, CancelledError
from mips_desk.services import checking, pending, places, verifying
from mips_desk.services.checking import ALL, PARTS, STRUCTURE, part
from mips_desk.services.session import Session
from mips_desk.store import Event, Vault, WrongPassphraseError, backup_records
from mips_desk.store.connection import Line
from mips_desk.store.opening import unlock_vault
from tests.unit.store.conftest import choose, collect

from .test_backups import START, Clock, session  # noqa: F401 - fixtures


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def filled(session: Session) -> Iterator[Session]:  # noqa: F811 - the fixture
    selection = choose(session.vault)
    for number in range(12):
        collect(session.vault, selection.id, f"picture {number}".encode())
    return session


def test_nothing_was_checked_yet(filled: Session) -> None:
    state = checking.check_state(filled)
    assert (state.at, state.sound, state.due, state.warn) == (None, None, ALL, False)
    assert state.sentence == "The vault was not checked yet."


def test_parts_go_round_weekly_and_everything_monthly(filled: Session, clock: Clock) -> None:
    done, originals = [], 0
    for _day in range(62):
        while (due := checking.check_due(filled)) is not None:
            assert checking.check_vault(filled, due).sound
            done.append(due.label)
        clock.time += timedelta(days=1)
    assert done == ["all", *[f"part {n}/4" for n in (1, 2, 3, 4)], "all", *[f"part {n}/4" for n in (1, 2, 3, 4)], "all"]
    records = backup_records.newest_checks(filled.vault)
    originals = sum(each.originals for each in records if each.scope.startswith("part"))
    assert originals == 2 * 12


def test_the_parts_together_are_all_originals() -> None:
    hashes = [f"{number:064x}" for number in range(0, 1 << 40, 1 << 30)]
    for of in (1, 2, 4, 7):
        assert [sum(part(n, of).holds(each) for n in range(1, of + 1)) for each in hashes] == [1] * len(hashes)
    assert not any(STRUCTURE.holds(each) for each in hashes)


@pytest.mark.parametrize(("number", "of"), [(0, 4), (5, 4), (1, 0), (1, 10_001), (-1, 4)])
def test_parts_that_do_not_exist(number: int, of: int) -> None:
    with pytest.raises(BadInputError):
        part(number, of)


def test_the_result_is_recorded_and_said(filled: Session, clock: Clock) -> None:
    assert checking.check_vault(filled).sound
    state = checking.check_state(filled)
    assert (state.at, state.full_at, state.sound, state.due, state.warn) == (clock.time, clock.time, True, None, False)
    assert state.sentence == "Checked on March 4, 2026 (everything, 12 originals): everything is as it was written."
    entry = filled.vault.journal_tail(1)[0]
    assert entry.event is Event.VAULT_CHECKED
    assert entry.change["did"] == [{"do": "add_check", "scope": "all", "originals": 12, "found": []}]
    clock.time += timedelta(days=8)
    checking.check_vault(filled, part(1, PARTS))
    assert checking.check_state(filled).sentence.endswith("All of it was last checked on March 4, 2026.")
    assert checking.check_vault(filled).sound


def test_a_check_of_the_structure_puts_nothing_off(filled: Session, clock: Clock) -> None:
    checking.check_vault(filled)
    clock.time += timedelta(days=8)
    checking.check_vault(filled, STRUCTURE)
    assert checking.check_due(filled) == part(1, PARTS)
    clock.time = START - timedelta(days=100)
    assert checking.check_due(filled) == ALL


def test_what_is_damaged_is_found_by_its_part_only(filled: Session, clock: Clock) -> None:
    vault = filled.vault
    item = vault.evidence(2025)[3]
    vault.close()
    line = raw_line_of(vault)
    line.db.execute("DROP TRIGGER original_keeps")
    line.db.execute("UPDATE original SET data = x'00000000000000000000' WHERE sha256 = ?", (item.sha256,))
    line.db.execute("UPDATE original SET size = 10 WHERE sha256 = ?", (item.sha256,))
    line.close()
    with Vault.open(vault.folder, "secret words", now=clock) as again:
        session = Session(again, filled.catalog, clock)
        sound = {n: checking.check_vault(session, part(n, 4)).sound for n in range(1, 5)}
        assert sorted(sound.values()) == [False, True, True, True]
        assert checking.check_vault(session, STRUCTURE).sound
        verdict = checking.check_vault(session)
        assert [finding.where for finding in verdict.findings] == ["The original of exhibit 2025-IA_BE_4-04"]
        state = checking.check_state(session)
        assert (state.sound, state.warn) == (False, True)
        assert state.problems == ("The original of exhibit 2025-IA_BE_4-04 is not what was stored.",)
        assert state.sentence.startswith(
            "The check on March 4, 2026 found 1 thing that is not as written: The original"
        )


def test_an_original_of_another_length_is_found_without_reading_it(filled: Session, clock: Clock) -> None:
    vault = filled.vault
    vault.close()
    line = raw_line_of(vault)
    line.db.execute("DROP TRIGGER original_keeps")
    line.db.execute("UPDATE original SET data = x'00' WHERE rowid = 2")
    line.close()
    with Vault.open(vault.folder, "secret words", now=clock) as again:
        assert [problem.what for problem in again.check(STRUCTURE)] == ["is not what was stored"]


def test_a_cancelled_check_records_nothing(filled: Session) -> None:
    def cancel() -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        checking.check_vault(filled, check=cancel)
    assert backup_records.newest_checks(filled.vault) == ()


def test_progress_ends_at_its_total(filled: Session) -> None:
    for scope in (ALL, STRUCTURE, part(1, 2)):
        seen: list[tuple[int, int]] = []
        checking.check_vault(filled, scope, lambda done, total, seen=seen: seen.append((done, total)))
        assert seen[-1][0] == seen[-1][1]


def test_read_only_nothing_is_recorded(filled: Session, clock: Clock, tmp_path: Path) -> None:
    folder = filled.vault.folder
    filled.vault.close()
    with Vault.open(folder, "secret words", now=clock, read_only=True) as vault:
        before = vault.journal_head()
        assert checking.check_vault(Session(vault, load_catalog(), clock)).sound
        assert vault.journal_head() == before


def raw_line_of(vault: Vault) -> Line:
    key, _ = unlock_vault(vault.folder, "secret words")
    return Line(vault.folder / "vault.db", key, "write")


def test_a_wrong_passphrase_is_noted_also_by_a_check_and_a_move(filled: Session, tmp_path: Path) -> None:
    folder = filled.vault.folder
    with pytest.raises(WrongPassphraseError):
        verifying.check_vault(folder, "wrong")
    with pytest.raises(WrongPassphraseError):
        places.move_vault(folder, tmp_path / "elsewhere", "wrong")
    assert pending.waiting(filled.vault) == 2
