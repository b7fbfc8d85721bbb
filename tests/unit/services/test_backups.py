"""Backups as a person meets them: the plan, what Home says, rotation."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mips_desk.catalog.load import load_catalog
from mips_desk.domain.practice import Person, Practice, Role
from mips_desk.errors import BadInputError
from mips_desk.services import backups, choose
from mips_desk.services.backups import BackupPlan
from mips_desk.services.session import Session
from mips_desk.store import Event, KeyCost, NotAllowedError, Vault

CHEAP = KeyCost(memory_kib=8, passes=1, lanes=1)
START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Iterator[Session]:
    folder = tmp_path / "practice" / "Cedar Hill.mipsvault"
    folder.parent.mkdir()
    practice = Practice("Cedar Hill Family Medicine", "", "")
    vault = Vault.create(folder, "secret words", practice=practice, person_name="Ana Ruiz", now=clock, key_cost=CHEAP)
    yield Session(vault, load_catalog(), clock)
    vault.close()


@pytest.fixture
def away(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


def change(session: Session, year: int = 2025) -> None:
    choose.add(session, year, "IA_BE_4")


def test_without_a_plan_home_asks_for_one(session: Session) -> None:
    state = backups.backup_state(session)
    assert (state.verified_at, state.age_days, state.due, state.warn, state.reachable) == (
        None,
        None,
        False,
        True,
        False,
    )
    assert state.sentence == "No backup yet: choose a place for them in Settings."
    assert not backups.backup_due(session)
    assert not backups.backup_due(session, closing=True)
    with pytest.raises(BadInputError, match="No place for backups"):
        backups.make_backup(session)


def test_the_plan_is_kept_and_its_path_stays_out_of_the_journal(session: Session, away: Path) -> None:
    done = backups.set_backup_plan(session, BackupPlan(away, 8, False))
    assert backups.backup_plan(session) == BackupPlan(away, 8, False)
    backups.make_backup(session)
    assert str(away) not in str(session.vault.journal())
    (entry,) = [entry for entry in session.vault.journal() if entry.event is Event.SETTINGS_CHANGED]
    assert entry.change["did"] == [
        {"do": "put_backup_plan", "hours": 8, "after_session": False, "folder_changed": True}
    ]
    assert done.undo is not None
    done.undo()
    assert backups.backup_plan(session) == BackupPlan()


def test_a_helper_changes_no_plan_but_may_make_a_backup(session: Session, away: Path) -> None:
    backups.set_backup_plan(session, BackupPlan(away))
    session.vault.person = Person(session.vault.person.id, "Ben", Role.HELPER)
    with pytest.raises(NotAllowedError):
        backups.set_backup_plan(session, BackupPlan(None))
    assert backups.make_backup(session).path.is_file()


@pytest.mark.parametrize("hours", [-1, 169])
def test_hours_that_make_no_sense(session: Session, hours: int) -> None:
    with pytest.raises(BadInputError, match="hours"):
        backups.set_backup_plan(session, BackupPlan(None, hours))


def test_a_backup_is_recorded_with_its_hash(session: Session, away: Path) -> None:
    made = backups.make_backup(session, away)
    assert made.path == away / "Cedar Hill 2026-03-04 10-00-00.mipsbackup"
    assert "same drive" in made.warning
    (listed,) = backups.list_backups(session)
    assert (listed.path, listed.size, listed.person, listed.present) == (made.path, made.size, "Ana Ruiz", True)
    entry = session.vault.journal_tail(1)[0]
    assert entry.event is Event.BACKUP_MADE
    assert entry.change["did"][0]["sha256"] == made.sha256
    assert session.vault.check() == []
    info = backups.look_into(made.path)
    assert (info.name, info.made_at, info.exhibits, info.size) == ("Cedar Hill", START, 0, made.size)
    assert "as it was on March 4, 2026 at 10:00, with 0 evidence items" in info.sentence


def test_the_folder_of_the_practice_itself_is_warned_of(session: Session) -> None:
    assert "where the practice itself lies" in backups.place_warning(session, session.vault.folder.parent)
    with pytest.raises(BadInputError):
        backups.place_warning(session, session.vault.folder)


def test_another_drive_is_a_second_place(session: Session, away: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups.backup, "same_drive", lambda _one, _other: False)
    assert backups.make_backup(session, away).warning == ""


def test_what_home_says_as_time_goes_by(session: Session, away: Path, clock: Clock) -> None:
    backups.set_backup_plan(session, BackupPlan(away, 4))
    assert backups.backup_state(session).sentence == "No backup yet: make one now."
    assert backups.backup_due(session)
    backups.make_backup(session)
    clock.time += timedelta(days=30)
    state = backups.backup_state(session)
    assert (state.age_days, state.unchanged, state.due, state.warn) == (30, True, False, False)
    assert state.sentence == "The newest backup was made and read back 30 days ago; nothing was changed since."
    change(session)
    state = backups.backup_state(session)
    assert (state.unchanged, state.due, state.warn) == (False, True, True)
    assert state.sentence == (
        "The newest backup was made and read back 30 days ago, and things were changed since: make one now."
    )
    made = backups.make_backup(session)
    clock.time += timedelta(hours=3)
    change(session, 2026)
    assert not backups.backup_due(session)
    assert backups.backup_due(session, closing=True)
    assert backups.backup_state(session).sentence == "The newest backup was made and read back today."
    clock.time += timedelta(hours=1)
    assert backups.backup_due(session)
    made.path.unlink()
    assert backups.backup_state(session).age_days == 30
    assert [each.present for each in backups.list_backups(session)] == [False, True]


def test_a_clock_that_was_ahead_does_not_make_a_backup_new(session: Session, away: Path, clock: Clock) -> None:
    clock.time += timedelta(days=400)
    backups.make_backup(session, away)
    clock.time -= timedelta(days=400)
    change(session)
    state = backups.backup_state(session)
    assert (state.age_days, state.warn) == (0, True)
    assert "with the clock 400 days ahead" in state.sentence


def test_a_drive_that_is_put_away_is_said(session: Session, away: Path, clock: Clock) -> None:
    backups.set_backup_plan(session, BackupPlan(away, 4))
    backups.make_backup(session)
    away.rename(away.with_name("drawer"))
    clock.time += timedelta(days=1)
    state = backups.backup_state(session)
    assert (state.age_days, state.warn, state.reachable) == (1, False, False)
    assert state.sentence.endswith("read back yesterday; nothing was changed since. The folder for backups cannot be"
                                   " reached: connect its drive.")  # fmt: skip
    change(session)
    assert backups.backup_state(session).warn
    assert not backups.backup_due(session)
    assert not backups.backup_due(session, closing=True)


def test_a_clock_that_was_set_back_puts_off_nothing(session: Session, away: Path, clock: Clock) -> None:
    backups.set_backup_plan(session, BackupPlan(away, 4))
    backups.make_backup(session)
    change(session)
    clock.time -= timedelta(days=400)
    assert backups.backup_due(session)


def test_plans_that_make_none_by_themselves(session: Session, away: Path) -> None:
    backups.set_backup_plan(session, BackupPlan(away, 0, False))
    assert not backups.backup_due(session)
    assert not backups.backup_due(session, closing=True)


def test_old_backups_make_room_unless_somebody_changed_them(session: Session, away: Path, clock: Clock) -> None:
    paths = []
    for day in range(9):
        clock.time = START + timedelta(days=day)
        made = backups.make_backup(session, away)
        paths.append(made.path)
        if day == 0:
            made.path.write_bytes(made.path.read_bytes().replace(b"sha256:", b"SHA256:"))
    assert [path.is_file() for path in paths] == [True, False, *[True] * 7]
    assert made.removed == (paths[1].name,)
    other = away / "Cedar Hill 2020-01-01.mipsbackup"
    other.write_bytes(b"somebody's own")
    clock.time += timedelta(days=1)
    assert backups.make_backup(session, away).removed == (paths[2].name,)
    assert other.is_file()
    assert len(backups.list_backups(session)) == 8
    assert session.vault.check() == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 4000), max_size=60, unique=True))
def test_what_rotation_keeps(days: list[int]) -> None:
    made = [(str(day), START - timedelta(days=day)) for day in days]
    dropped = backups.surplus(made, START)
    kept = sorted((moment for name, moment in made if name not in dropped), reverse=True)
    every = sorted((moment for _, moment in made), reverse=True)
    assert kept[:7] == every[:7]
    assert {moment.year for moment in kept} == {moment.year for moment in every}
    recent = [moment for moment in every if START - moment <= timedelta(days=366)]
    newest = {max(m for m in recent if (m.year, m.month) == month) for month in {(m.year, m.month) for m in recent}}
    assert newest <= set(kept)
    assert len(kept) <= 7 + 13 + len({moment.year for moment in every})


def test_restoring_through_the_services(session: Session, away: Path, tmp_path: Path) -> None:
    made = backups.make_backup(session, away / "mine.mipsbackup")
    assert made.path == away / "mine.mipsbackup"
    new = tmp_path / "new"
    new.mkdir()
    assert backups.restore(made.path, new, "secret words") == new / "Cedar Hill.mipsvault"
