"""An audit: the days to answer, where a request can go, and whom a drill picks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mips_desk.domain.audit import (
    DAYS_TO_ANSWER,
    TRANSITIONS,
    AuditClock,
    Drill,
    DrillAnswer,
    RequestState,
    days_left,
    due_day,
    may,
    next_number,
    pick,
)

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("letter", "due"),
    [
        # Counted by hand on a calendar: the day of the notice is day 0, the 45th day after it is the last.
        (date(2027, 1, 1), date(2027, 2, 15)),
        (date(2027, 1, 15), date(2027, 3, 1)),
        (date(2028, 1, 15), date(2028, 2, 29)),
        (date(2026, 10, 28), date(2026, 12, 12)),
        (date(2026, 12, 1), date(2027, 1, 15)),
    ],
)
def test_45_days_from_the_notice(letter: date, due: date) -> None:
    assert due_day(letter) == due
    assert DAYS_TO_ANSWER == 45


@given(st.dates(date(2018, 1, 1), date(2060, 1, 1)), st.integers(1, 365), st.integers(-90, 400))
def test_days_left_count_down_by_one(letter: date, days: int, later: int) -> None:
    due, today = due_day(letter, days), letter + timedelta(days=later)
    assert days_left(due, letter) == days
    assert days_left(due, today) == days - later
    assert days_left(due, today + timedelta(days=1)) == days_left(due, today) - 1
    sentence = AuditClock(due, days_left(due, today)).sentence
    assert ("ago" in sentence) == (today > due)
    assert ("today" in sentence) == (today == due)


def test_the_clock_in_words() -> None:
    due = date(2027, 2, 15)
    assert AuditClock(due, 31).sentence == "31 days left: answer by February 15, 2027."
    assert AuditClock(due, 1).sentence == "1 day left: answer by February 15, 2027."
    assert AuditClock(due, 0).sentence == "The answer is due today, February 15, 2027."
    assert AuditClock(due, -1).sentence == "The answer was due on February 15, 2027, 1 day ago."


class Request(RuleBasedStateMachine):
    """A request on any way through its states."""

    def __init__(self) -> None:
        super().__init__()
        self.state = RequestState.OPEN
        self.sent = 0

    @rule(new=st.sampled_from(RequestState))
    def go(self, new: RequestState) -> None:
        if may(self.state, new):
            self.sent += new is RequestState.SENT
            self.state = new

    @precondition(lambda self: self.sent == 0)
    @rule()
    def can_be_withdrawn(self) -> None:
        """As long as nothing was sent, however it got there."""
        assert RequestState.WITHDRAWN in _reachable(self.state)

    @invariant()
    def something_can_follow(self) -> None:
        """No state is a dead end, and an answer can always still be sent."""
        assert TRANSITIONS[self.state]
        assert RequestState.SENT in _reachable(self.state)

    @invariant()
    def what_was_sent_is_not_open(self) -> None:
        """From what was sent nothing leads straight back to open or to withdrawn."""
        if self.state is RequestState.SENT:
            assert TRANSITIONS[self.state] == {RequestState.SENT, RequestState.PREPARING}


def _reachable(state: RequestState) -> set[RequestState]:
    found: set[RequestState] = set()
    left = [state]
    while left:
        for each in TRANSITIONS[left.pop()] - found:
            found.add(each)
            left.append(each)
    return found


TestRequest = Request.TestCase


def test_states_have_words() -> None:
    assert TRANSITIONS.keys() == set(RequestState)
    assert RequestState.PREPARING.label == "being prepared"
    assert [state for state in RequestState if state.settled] == [RequestState.SENT, RequestState.WITHDRAWN]


@given(st.lists(st.integers(1, 99)))
def test_numbers_grow(numbers: list[int]) -> None:
    new = next_number(numbers)
    assert new not in numbers
    assert all(new > each for each in numbers)


@given(st.lists(st.text(min_size=1, max_size=4), min_size=1), st.integers(1, 9), st.integers())
def test_a_drill_picks_each_at_most_once(activities: list[str], count: int, seed: int) -> None:
    picked = pick(activities, count, Random(seed))
    assert len(picked) == len(set(picked)) == min(count, len(set(activities)))
    assert set(picked) <= set(activities)
    assert picked == pick(activities, count, Random(seed))


def test_every_activity_is_picked_sooner_or_later() -> None:
    names = ["a", "b", "c", "d"]
    assert {pick(names, 1, Random(seed))[0] for seed in range(60)} == set(names)


def test_a_drill_is_timed() -> None:
    drill = Drill("D", 2026, ("a", "b"), AT, "Ana Ruiz")
    assert (drill.open, drill.finished, drill.seconds) == (("a", "b"), False, None)
    first = DrillAnswer("b", AT + timedelta(minutes=4), "E1", ("A date is missing.",))
    drill = replace(drill, answers=(first,))
    assert (drill.open, drill.finished, drill.seconds_of(first)) == (("a",), False, 240)
    drill = replace(drill, answers=(first, DrillAnswer("a", AT + timedelta(minutes=9), "E2")))
    assert (drill.finished, drill.seconds, drill.missing) == (True, 540, ("A date is missing.",))
    # The clock was set back in between.
    assert drill.seconds_of(DrillAnswer("a", AT - timedelta(hours=1))) == 0
