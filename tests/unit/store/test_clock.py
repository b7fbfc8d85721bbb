"""The journal notes what the clock did, and its order holds whatever the clock does."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.store import Event, Vault
from mips_desk.store.clock import ClockWatch, clock_note, elapsed

from .conftest import Clock

CHICAGO = ZoneInfo("America/Chicago")


def entry(vault: Vault) -> dict[str, object]:
    """Write an entry and return what it says of the clock."""
    with vault.write(Event.LOOKED_AT):
        pass
    return dict(vault.journal_tail(1)[0].change.get("clock", {}))


def test_a_clock_that_runs_says_nothing(vault: Vault) -> None:
    assert entry(vault) == {}
    assert "clock" not in vault.journal()[0].change


@pytest.mark.parametrize(
    ("back", "noted"), [(0, {}), (1, {}), (2, {"back_seconds": 2}), (86_400, {"back_seconds": 86_400})]
)
def test_a_clock_set_back_is_noted_beyond_a_second(vault: Vault, clock: Clock, back: int, noted: object) -> None:
    clock.time = vault.journal_tail(1)[0].at - timedelta(seconds=back + 1)  # each reading moves it one second on
    assert entry(vault) == noted
    assert entry(vault) == {}
    assert [found.seq for found in vault.journal()] == [1, 2, 3]
    assert vault.check() == []


@pytest.mark.parametrize(
    ("before", "after", "noted"),
    [
        # Summer time begins, and ends: the second of the two hours from 1 to 2 is no step back.
        (
            datetime(2026, 3, 8, 1, 59, 59, tzinfo=CHICAGO),
            datetime(2026, 3, 8, 3, 0, tzinfo=CHICAGO),
            ["-06:00", "-05:00"],
        ),
        (
            datetime(2026, 11, 1, 1, 30, tzinfo=CHICAGO),
            datetime(2026, 11, 1, 1, 10, tzinfo=CHICAGO, fold=1),
            ["-05:00", "-06:00"],
        ),
        (datetime(2026, 5, 1, 9, tzinfo=CHICAGO), datetime(2026, 5, 1, 14, 0, 5, tzinfo=UTC), ["-05:00", "+00:00"]),
        (datetime(2026, 5, 1, 9, tzinfo=CHICAGO), datetime(2026, 5, 1, 9, 1, tzinfo=CHICAGO), None),
        # The leap day.
        (datetime(2028, 2, 28, 23, 59, tzinfo=UTC), datetime(2028, 2, 29, 0, 1, tzinfo=UTC), None),
        (datetime(2028, 2, 29, 23, 59, tzinfo=UTC), datetime(2028, 3, 1, 0, 1, tzinfo=UTC), None),
    ],
)
def test_zones_summer_time_and_leap_days(before: datetime, after: datetime, noted: list[str] | None) -> None:
    assert clock_note(before.isoformat(), after) == ({"offset": noted} if noted else {})


@given(
    before=st.datetimes(min_value=datetime(2017, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.timezones()),
    moved=st.timedeltas(min_value=timedelta(days=-800), max_value=timedelta(days=800)),
)
def test_only_a_step_back_in_utc_counts(before: datetime, moved: timedelta) -> None:
    after = (before.astimezone(UTC) + moved).astimezone(before.tzinfo)
    noted = clock_note(before.isoformat(), after)
    assert ("back_seconds" in noted) == (moved < -timedelta(seconds=1))
    assert ("offset" in noted) == (before.utcoffset() != after.utcoffset())
    assert "jumped_seconds" not in noted


def test_a_damaged_time_before_says_nothing() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert clock_note("not a time", at) == clock_note("", at) == clock_note("2026-01-01T00:00:00", at) == {}


def test_jumps_against_the_clock_that_cannot_be_set(vault: Vault, clock: Clock) -> None:
    passed = [100.0]
    vault.watch_clock(lambda: passed[0])
    for wall, real, noted in (
        (119, 0, {}),
        (3600, 3600, {}),  # also a night's sleep, which the clock that cannot be set counts
        (7200, 0, {"jumped_seconds": 7201}),
        (0, 0, {}),
        (-900, 60, {"back_seconds": 899, "jumped_seconds": -959}),
        (0, 600, {"jumped_seconds": -599}),
    ):
        clock.time += timedelta(seconds=wall)
        passed[0] += real
        assert entry(vault) == noted


def test_a_jump_is_noted_once_it_can_be_written(vault: Vault, clock: Clock) -> None:
    vault.watch_clock(lambda: 0.0)
    clock.time += timedelta(hours=2)
    with pytest.raises(KeyError), vault.write(Event.LOOKED_AT):
        raise KeyError
    assert entry(vault) == {"jumped_seconds": 7202}
    assert entry(vault) == {}


def test_the_clock_that_cannot_be_set_runs() -> None:
    watch = ClockWatch(datetime.now(UTC), elapsed)
    assert watch.jump(datetime.now(UTC)) == 0
    assert elapsed() <= elapsed()
    assert watch.jump(datetime.now(UTC) - timedelta(hours=1)) in (-3600, -3599)


def test_days_of_a_journal_follow_its_numbers(vault: Vault, clock: Clock) -> None:
    days = [date(2028, 2, 29), date(2028, 3, 1), date(2027, 12, 31), date(2028, 2, 29)]
    for day in days:
        clock.time = datetime.combine(day, clock.time.timetz())
        entry(vault)
    assert [found.at.date() for found in vault.journal()[1:]] == days
