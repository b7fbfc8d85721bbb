"""What the sample practice did with an activity, as data: period, proof, marks and dates of use."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mips_desk.annotate.marks import Arrow, Highlight, Mark, Reason, Redaction, Step, Text
from mips_desk.annotate.marks import Box as Frame
from mips_desk.domain.evidence import Source, UseEntry
from mips_desk.domain.period import Period

from .sheet import Kind, Picture

#: Days on which the practice was closed.
HOLIDAYS = frozenset(
    {
        date(2024, 5, 27),
        date(2024, 6, 19),
        date(2024, 7, 4),
        date(2024, 9, 2),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 7, 3),
        date(2026, 9, 7),
    }
)
_WEEKDAYS = (0, 1, 2, 3, 4)

_REASONS: dict[Kind, Reason] = {
    "name": Reason.NAME,
    "date of birth": Reason.DATE,
    "MRN": Reason.MRN,
    "phone": Reason.CONTACT,
    "e-mail": Reason.CONTACT,
}


@dataclass(frozen=True, slots=True)
class Around:
    """A frame around an area of the picture with a numbered step at its corner.

    Attributes:
        area: name of the area.
        text: what the step's line in the legend says.
        right: the step stands at the right corner.
    """

    area: str
    text: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Pointer:
    """Words on a label with an arrow to a place in an area.

    Attributes:
        area: name of the area.
        text: the words.
        label: top left of the label in pixels.
        at: place in the area, as shares of its width and height.
    """

    area: str
    text: str
    label: tuple[int, int]
    at: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True, slots=True)
class Marker:
    """A wash over an area."""

    area: str


@dataclass(frozen=True, slots=True)
class Proof:
    """One evidence item.

    Attributes:
        picture: name of the picture.
        at: moment of intake by the clock on the wall.
        option: the checklist line; empty: not on the checklist yet.
        caption: one sentence.
        shows: the date it shows, or None when nobody entered it.
        marks: what is drawn on it besides redactions.
        clinicians: ids of those it speaks of.
        redacted: its identifiers are covered.
        looked_at: somebody looked at its last state.
        outside: why its date is outside the period.
        source: how it came in.
    """

    picture: str
    at: datetime
    option: str
    caption: str
    shows: date | None
    marks: tuple[Around | Pointer | Marker, ...] = ()
    clinicians: tuple[str, ...] = ()
    redacted: bool = True
    looked_at: bool = True
    outside: str = ""
    source: Source = Source.CAPTURE


@dataclass(frozen=True, slots=True)
class Habit:
    """How often an activity was done.

    Attributes:
        first: first day.
        last: last day.
        clinicians: ids of those who took part; they take turns.
        note: words for each entry.
        share: percent of the open days on which it was done.
        a_day: clinicians on such a day.
        most: highest count of an entry.
        weekdays: Monday is 0; the days on which it can happen.
    """

    first: date
    last: date
    clinicians: tuple[str, ...]
    note: str
    share: int = 85
    a_day: int = 2
    most: int = 9
    weekdays: tuple[int, ...] = _WEEKDAYS

    def entries(self) -> Iterator[UseEntry]:
        """Return the use entries, in order; the same ones every time."""
        chance = random.Random(f"{self.first}{self.note}")
        turn = 0
        day = self.first
        while day <= self.last:
            open_day = day.weekday() in self.weekdays and day not in HOLIDAYS
            # The first and the last day are always among them, so that the period starts and ends with proof.
            if open_day and (chance.randrange(100) < self.share or day in (self.first, self.last)):
                for _ in range(self.a_day):
                    who = self.clinicians[turn % len(self.clinicians)]
                    yield UseEntry("", "", day, chance.randint(1, self.most), self.note, who)
                    turn += 1
            day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Chosen:
    """An activity of a year and all that was done for it.

    Attributes:
        activity: CMS's identifier.
        chosen: moment of choosing.
        period: the claimed performance period.
        story: how it was done.
        story_at: moment of writing that down.
        proofs: the evidence, in order.
        habit: dates of use.
        attested: day of attestation, or None.
        note: private note.
    """

    activity: str
    chosen: datetime
    period: Period
    story: str
    story_at: datetime
    proofs: tuple[Proof, ...]
    habit: Habit
    attested: date | None = None
    note: str = ""


def marks_for(proof: Proof, picture: Picture) -> tuple[Mark, ...]:
    """Return the marks of an evidence item: redactions over every identifier, then what points at things.

    Args:
        proof: the item.
        picture: its picture.
    """
    marks: list[Mark] = []
    if proof.redacted:
        for identifier in picture.identifiers:
            x, y, width, height = identifier.box
            marks.append(Redaction(x=x, y=y, width=width, height=height, reason=_REASONS[identifier.kind]))
    steps = 0
    for wish in proof.marks:
        x, y, width, height = picture.areas[wish.area]
        if isinstance(wish, Marker):
            marks.append(Highlight(x=x, y=y, width=width, height=height))
        elif isinstance(wish, Around):
            steps += 1
            marks.append(Frame(x=x, y=y, width=width, height=height))
            marks.append(Step(x=x + width if wish.right else x, y=y, number=steps, text=wish.text))
        else:
            marks.extend(_pointer(wish, (x, y, width, height), picture.scale / 100))
    return tuple(marks)


def _pointer(wish: Pointer, area: Sequence[int], scale: float) -> tuple[Mark, Mark]:
    left, top = wish.label
    size = 22 * scale
    # The label is drawn over the start of the arrow; half a letter is near enough to the middle of its words.
    start_x, start_y = left + len(wish.text) * size * 0.28, top + size * 0.8
    tip_x, tip_y = area[0] + area[2] * wish.at[0], area[1] + area[3] * wish.at[1]
    return (
        Arrow(x1=start_x, y1=start_y, x2=tip_x, y2=tip_y),
        Text(x=left, y=top, text=wish.text, size=size),
    )
