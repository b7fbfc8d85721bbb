"""An audit by CMS: the letter and its clock, the requests and their states, what was sent, and the practice drill."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random
from types import MappingProxyType
from typing import Final

from . import phrases

#: Days to answer where nothing else was agreed with CMS: 42 CFR 414.1390(a)(1).
DAYS_TO_ANSWER: Final = 45
MOST_DAYS: Final = 365

SOURCE: Final = "45 calendar days from the date of the notice, or another time agreed with CMS (42 CFR 414.1390(a)(1))"


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    PREPARING = "preparing"
    SENT = "sent"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The state as a person reads it."""
        return "being prepared" if self is RequestState.PREPARING else str(self)

    @property
    def settled(self) -> bool:
        """Nothing is left to do."""
        return self in (RequestState.SENT, RequestState.WITHDRAWN)


#: What may follow on what. Something that was sent stays sent, or is prepared once more when the auditor asks back;
#: what was withdrawn can come back.
TRANSITIONS: Final[Mapping[RequestState, frozenset[RequestState]]] = MappingProxyType(
    {
        RequestState.OPEN: frozenset({RequestState.PREPARING, RequestState.SENT, RequestState.WITHDRAWN}),
        RequestState.PREPARING: frozenset({RequestState.OPEN, RequestState.SENT, RequestState.WITHDRAWN}),
        RequestState.SENT: frozenset({RequestState.SENT, RequestState.PREPARING}),
        RequestState.WITHDRAWN: frozenset({RequestState.OPEN}),
    }
)


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit, from the notice to its end.

    Attributes:
        id: identifier in the vault.
        letter_on: date of the notice; the days count from it, not from the day on which it was read.
        sender: who wrote, in words.
        reference: case or letter number; empty when there is none.
        years: performance years that it asks about.
        days: calendar days to answer.
        note: a few words; may be empty.
        closed_at: when it was closed, or None while it runs.
        closed_by: by whom; empty while it runs.
        outcome: what came of it, in words; empty while it runs.
    """

    id: str
    letter_on: date
    sender: str
    reference: str = ""
    years: tuple[int, ...] = ()
    days: int = DAYS_TO_ANSWER
    note: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    outcome: str = ""

    @property
    def due(self) -> date:
        """The last day on which an answer is in time."""
        return due_day(self.letter_on, self.days)


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """One thing that an audit asks for.

    Attributes:
        id: identifier in the vault.
        number: 1, 2, 3 ... in its audit; the page ids of its answer follow from it.
        text: what is asked for, as in the letter.
        year: performance year.
        activities: identifiers of the activities that it asks for; empty: all of the year.
        due: last day to answer when it is another one than the audit's, else None.
        state: where it stands.
        note: a few words; may be empty.
    """

    id: str
    audit_id: str
    number: int
    text: str
    year: int
    activities: tuple[str, ...] = ()
    due: date | None = None
    state: RequestState = RequestState.OPEN
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The record of something that was sent; never changed.

    Attributes:
        id: identifier in the vault.
        request_id: the request that it answers.
        export_id: the export that was sent; empty for a file that MIPS Desk did not write.
        file_name: its name.
        sha256: hash of its bytes (hex); empty when it is not known.
        how: how it was sent, in words ("auditor's upload portal").
        on: the day on which it was sent.
        at: when this was written down.
        by: by whom.
        note: a few words; may be empty.
    """

    id: str
    request_id: str
    export_id: str
    file_name: str
    sha256: str
    how: str
    on: date
    at: datetime
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class DrillAnswer:
    """The answer to one activity of a drill.

    Attributes:
        activity_id: the activity.
        at: when its file was written.
        export_id: the export; empty when none could be made.
        missing: what the proof lacked at that time, one sentence each.
    """

    activity_id: str
    at: datetime
    export_id: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drill:
    """A practice drill: activities picked at random, and how long it took to answer.

    Attributes:
        id: identifier in the vault.
        year: performance year.
        picked: identifiers of the activities.
        started_at: when the clock started.
        started_by: name of who did it.
        answers: in the order in which they came; at most one for each activity.
    """

    id: str
    year: int
    picked: tuple[str, ...]
    started_at: datetime
    started_by: str
    answers: tuple[DrillAnswer, ...] = ()

    @property
    def open(self) -> tuple[str, ...]:
        """Activities without an answer yet."""
        answered = {answer.activity_id for answer in self.answers}
        return tuple(each for each in self.picked if each not in answered)

    @property
    def finished(self) -> bool:
        """Every activity is answered."""
        return not self.open

    @property
    def seconds(self) -> int | None:
        """Whole seconds from the start to the last answer; None while one is open."""
        return self.seconds_of(max(self.answers, key=lambda each: each.at)) if self.finished else None

    @property
    def missing(self) -> tuple[str, ...]:
        """What was missing in all, in the order of the answers."""
        return tuple(each for answer in self.answers for each in answer.missing)

    def seconds_of(self, answer: DrillAnswer) -> int:
        """Return the whole seconds from the start to an answer; a clock that was set back gives none below 0."""
        return max(0, int((answer.at - self.started_at).total_seconds()))


@dataclass(frozen=True, slots=True)
class AuditClock:
    """How much time is left.

    Attributes:
        due: the last day.
        days_left: whole days until then: 0 on the last day, below 0 after it.
        sentence: for a person.
    """

    due: date
    days_left: int

    @property
    def sentence(self) -> str:
        """The time left, for a person."""
        day = phrases.long_day(self.due)
        if self.days_left < 0:
            return f"The answer was due on {day}, {phrases.count(-self.days_left, 'day')} ago."
        if self.days_left == 0:
            return f"The answer is due today, {day}."
        return f"{phrases.count(self.days_left, 'day')} left: answer by {day}."


def due_day(letter_on: date, days: int = DAYS_TO_ANSWER) -> date:
    """Return the last day on which an answer is in time.

    Calendar days from the date of the notice (42 CFR 414.1390(a)(1); CMS's notices count so): the day of the notice is
    day 0 and not counted, the last day is. A notice of January 1 with 45 days is answered in time on February 15.

    Args:
        letter_on: date of the notice.
        days: calendar days, at least 1.
    """
    return letter_on + timedelta(days=days)


def days_left(due: date, today: date) -> int:
    """Return the whole days until a last day: 0 on that day, below 0 after it."""
    return (due - today).days


def may(state: RequestState, new: RequestState) -> bool:
    """Tell whether a request can go from one state to another."""
    return new in TRANSITIONS[state]


def next_number(numbers: Collection[int]) -> int:
    """Return the number of a new request: one more than any in its audit."""
    return max(numbers, default=0) + 1


def pick(activities: Sequence[str], count: int, random: Random) -> tuple[str, ...]:
    """Pick activities for a drill, each at most once, all of them equally likely; fewer when there are fewer.

    Args:
        activities: identifiers to pick from.
        count: how many, at least 1.
        random: the source of chance.
    """
    known = list(dict.fromkeys(activities))
    return tuple(random.sample(known, min(count, len(known))))
