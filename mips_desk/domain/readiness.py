"""What a selection still lacks before its proof is complete, as data. The gauge, Home, the binder and the command
line all read it from here, so they can never disagree.

An evidence item counts when it has a caption, a date inside the performance period (or a reason), an option of the
checklist, and somebody looked at its last state with its identifiers redacted or confirmed absent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .activity import EvidenceOption, Guidance, PeriodKind, number_in_words
from .deadlines import months_end, window_days
from .evidence import EvidenceItem, Selection, UseEntry
from .papers import PaperKind, kind_of
from .period import Period, best_window, last_start, longest_gap, year_period
from .rules import SpecialPeriod


class Lack(StrEnum):
    """Kinds of missing things."""

    PERIOD = "period"
    PERIOD_SHORT = "period_short"
    PERIOD_OUTSIDE = "period_outside"
    DATES = "dates"
    CLINICIANS = "clinicians"
    OPTION = "option"
    CAPTION = "caption"
    SHOWS_DATE = "shows_date"
    DATE_OUTSIDE = "date_outside"
    ITEM_OPTION = "item_option"
    REDACTION = "redaction"
    LOOK = "look"


#: Lacks of a single evidence item.
ITEM_LACKS = frozenset({Lack.CAPTION, Lack.SHOWS_DATE, Lack.DATE_OUTSIDE, Lack.ITEM_OPTION, Lack.REDACTION, Lack.LOOK})


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing.

    Attributes:
        lack: what kind.
        text: what to do, one short sentence in the imperative.
        evidence_id: the item concerned, or empty.
        option_key: the checklist line concerned, or empty.
    """

    lack: Lack
    text: str
    evidence_id: str = ""
    option_key: str = ""


@dataclass(frozen=True, slots=True)
class OptionState:
    """One checklist line and how far it is.

    Attributes:
        met: at least one item of this option is complete.
        items: items assigned to it.
        complete: complete items among them.
    """

    option: EvidenceOption
    met: bool
    items: int
    complete: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far the proof of one selection is.

    Attributes:
        options: the checklist with its state, in the order of the guidance.
        missing: what is left, in the order in which to do it; empty when complete.
        done: steps done.
        steps: steps in all: period, dates of use, enough clinicians of a group, each needed option, and the pictures
            fit to be seen.
    """

    selection_id: str
    options: tuple[OptionState, ...]
    missing: tuple[Missing, ...]
    done: int
    steps: int

    @property
    def complete(self) -> bool:
        """Nothing is missing."""
        return not self.missing


def item_missing(item: EvidenceItem, selection: Selection, guidance: Guidance) -> tuple[Missing, ...]:
    """Return what one evidence item lacks before it counts.

    Args:
        item: the evidence item.
        selection: the selection it belongs to.
        guidance: guidance of the activity in that year.
    """
    found: list[Missing] = []

    def lack(kind: Lack, text: str) -> None:
        found.append(Missing(kind, text, evidence_id=item.id, option_key=item.option_key))

    name = _name(item)
    if not item.caption.strip():
        lack(Lack.CAPTION, f"Say in a few words what {name} shows.")
    if item.shows_date is None:
        lack(Lack.SHOWS_DATE, f"Enter the date that {name} shows.")
    elif (
        selection.period is not None
        and guidance.period.kind is PeriodKind.CONTINUOUS_DAYS
        and item.shows_date not in selection.period
        and not item.outside_reason.strip()
    ) or (item.shows_date.year != selection.year and not item.outside_reason.strip()):
        lack(Lack.DATE_OUTSIDE, f"The date of {name} is outside the performance period. Give the reason or replace it.")
    if guidance.option(item.option_key) is None:
        lack(Lack.ITEM_OPTION, f"Choose which line of the checklist {name} proves.")
    _picture_lacks(item, lack)
    return tuple(found)


def paper_missing(item: EvidenceItem) -> tuple[Missing, ...]:
    """Return what a practice paper lacks before it is fit to be shown. Its date may be any: a status of the year is
    often looked up after it.

    Args:
        item: the evidence item.
    """
    found: list[Missing] = []

    def lack(kind: Lack, text: str) -> None:
        found.append(Missing(kind, text, evidence_id=item.id, option_key=item.option_key))

    name = _name(item)
    kind = kind_of(item.option_key)
    if not item.caption.strip():
        lack(Lack.CAPTION, f"Say in a few words what {name} shows.")
    if item.shows_date is None:
        lack(Lack.SHOWS_DATE, f"Enter the date that {name} shows.")
    if kind is None:
        lack(Lack.ITEM_OPTION, f"Choose what kind of paper {name} is.")
    if kind is PaperKind.PARTICIPATION and not item.clinician_ids:
        lack(Lack.CLINICIANS, f"Choose whose participation status {name} shows.")
    _picture_lacks(item, lack)
    return tuple(found)


def _name(item: EvidenceItem) -> str:
    return f"“{item.caption}”" if item.caption else f"exhibit {item.number:02d}{item.letter}"


def _picture_lacks(item: EvidenceItem, lack: Callable[[Lack, str], None]) -> None:
    if item.destroyed:  # there is no picture left to redact or to look at
        return
    name = _name(item)
    if not item.redactions and not item.no_identifiers:
        lack(Lack.REDACTION, f"Redact {name}, or confirm that it shows no patient identifier.")
    elif not item.looked_at_by:
        lack(Lack.LOOK, f"Look at {name} once more as it will be exported, and mark it as looked at.")


def performing(selection: Selection, uses: Sequence[UseEntry]) -> frozenset[str]:
    """Return the identifiers of the clinicians with a date of use in the selection's year.

    Their own days may lie outside the period that the practice claims: windows may differ (42 CFR 414.1360(a)(2)).
    """
    return frozenset(use.clinician_id for use in uses if use.clinician_id and use.day.year == selection.year)


def readiness(
    selection: Selection,
    guidance: Guidance,
    evidence: Sequence[EvidenceItem],
    uses: Sequence[UseEntry],
    clinicians_needed: int = 0,
    need: SpecialPeriod | None = None,
) -> Readiness:
    """Return how far the proof of a selection is.

    Args:
        selection: the selection.
        guidance: guidance of its activity in that year.
        evidence: its evidence items, any order.
        uses: its use entries, any order.
        clinicians_needed: how many clinicians of a group must have done it (42 CFR 414.1360(a)(2)); 0 or 1 when
            one is enough, who need not be named.
        need: how long it must be done by the rules of the year, so that what is ready is also credited; None: as long
            as the guidance says.
    """
    missing: list[Missing] = []
    period_ok = _check_period(selection, need or _need(selection, guidance), missing)
    needs_dates = guidance.period.kind is not PeriodKind.ONE_TIME
    dates_ok = any(
        selection.period is None or use.day in selection.period for use in uses if use.day.year == selection.year
    )
    if needs_dates and not dates_ok:
        missing.append(Missing(Lack.DATES, "Log at least one date of use inside the performance period."))

    lacking = clinicians_needed - len(performing(selection, uses)) if clinicians_needed > 1 else 0
    if lacking > 0:
        more = f"{lacking} more clinicians" if lacking > 1 else "one more clinician"
        text = f"Log dates of use for {more}: {clinicians_needed} of the group must take part."
        missing.append(Missing(Lack.CLINICIANS, text))

    lacks = {item.id: item_missing(item, selection, guidance) for item in evidence}
    states = tuple(_option_state(option, evidence, lacks) for option in guidance.options)
    needed = _needed_options(guidance, states)
    met = sum(state.met for state in needed)
    missing.extend(_missing_options(needed, states))
    # Every item in the binder must be fit to be seen, also one that is not needed for the checklist.
    for item in evidence:
        missing.extend(lacks[item.id])
    # One step stands for all pictures: a full bar must mean that nothing is left.
    grouped = clinicians_needed > 1
    steps = 1 + needs_dates + grouped + len(needed) + bool(evidence)
    done = period_ok + (needs_dates and dates_ok) + (grouped and lacking <= 0) + met
    done += bool(evidence) and not any(lacks.values())
    return Readiness(selection.id, states, tuple(missing), done, steps)


def _need(selection: Selection, guidance: Guidance) -> SpecialPeriod:
    asked = guidance.period
    return SpecialPeriod(selection.activity_id, (selection.year, selection.year), asked.kind, days=asked.days)


def _check_period(selection: Selection, need: SpecialPeriod, missing: list[Missing]) -> bool:
    period = selection.period
    if period is None:
        days = f"{need.days} continuous days" if need.days else "the time that the activity asks for"
        if need.months:
            days = f"{need.months} months in a row"
        missing.append(Missing(Lack.PERIOD, f"Set the performance period: {days} in {selection.year}."))
        return False
    inside = period.inside(selection.year)
    if inside != period:
        missing.append(
            Missing(Lack.PERIOD_OUTSIDE, f"The period must lie between January 1 and December 31, {selection.year}.")
        )
        return False
    if need.days is not None and period.days < need.days:
        missing.append(
            Missing(Lack.PERIOD_SHORT, f"The period has {period.days} days in a row, {need.days} are needed.")
        )
        return False
    if need.months and months_end(period.start, need.months) > period.end:
        missing.append(Missing(Lack.PERIOD_SHORT, f"The period is shorter than {need.months} months in a row."))
        return False
    return True


def _option_state(
    option: EvidenceOption, evidence: Sequence[EvidenceItem], lacks: dict[str, tuple[Missing, ...]]
) -> OptionState:
    items = [item for item in evidence if item.option_key == option.key]
    complete = sum(1 for item in items if not lacks[item.id])
    return OptionState(option, complete > 0, len(items), complete)


def _needed_options(guidance: Guidance, states: tuple[OptionState, ...]) -> list[OptionState]:
    """Return the lines to meet: the required ones, then those nearest to done, as many as the guidance needs."""
    ranked = sorted(states, key=lambda state: (not state.option.required, not state.met, not state.items))
    required = sum(state.option.required for state in states)
    return ranked[: max(guidance.need, required)]


def _missing_options(needed: list[OptionState], states: tuple[OptionState, ...]) -> list[Missing]:
    """Return what to add for needed lines without any item; where there is a choice, all open lines in one sentence."""
    empty = [state for state in needed if not state.items]
    choice = len(needed) < len(states)
    fixed = [state for state in empty if state.option.required or not choice]
    found = [Missing(Lack.OPTION, f"Add proof: “{s.option.label}”.", option_key=s.option.key) for s in fixed]
    count = len(empty) - len(fixed)
    if count:
        open_lines = [state.option for state in states if not state.items and not state.option.required]
        labels = " or ".join(f"“{option.label}”" for option in open_lines[:3])
        more = " or another line of the checklist" if len(open_lines) > 3 else ""
        start = "Add proof" if count == 1 else f"Add proof for {number_in_words(count)} of these"
        found.append(Missing(Lack.OPTION, f"{start}: {labels}{more}.", option_key=open_lines[0].key))
    return found


@dataclass(frozen=True, slots=True)
class UseSummary:
    """What the dates of use of a selection say.

    Attributes:
        dates: distinct logged dates inside the claimed period (inside the year when no period is claimed), in order.
        longest_gap: days in the longest run of the claimed period, up to today, without a date; 0 when no period is
            claimed.
        best: the best window of the needed length, or None when nothing is logged or no days are asked for.
        last_start: last day on which the needed period can still start, or None when no days are asked for.
    """

    dates: tuple[date, ...]
    longest_gap: int
    best: Period | None
    last_start: date | None


def use_summary(
    selection: Selection,
    guidance: Guidance,
    uses: Sequence[UseEntry],
    today: date,
    need: SpecialPeriod | None = None,
) -> UseSummary:
    """Sum up the dates of use of a selection.

    Args:
        selection: the selection.
        guidance: guidance of its activity in that year.
        uses: its use entries, any order, repeats allowed.
        today: days after it are no gap yet.
        need: how long it must be done by the rules of the year; None: as long as the guidance says.
    """
    claimed = selection.period or year_period(selection.year)
    logged = sorted({use.day for use in uses})
    days = window_days(need or _need(selection, guidance), selection.year)
    past = selection.period.overlap(Period(date.min, today)) if selection.period else None
    return UseSummary(
        dates=tuple(day for day in logged if day in claimed),
        longest_gap=longest_gap(logged, past) if past else 0,
        best=best_window(logged, days, selection.year) if days else None,
        last_start=last_start(selection.year, days) if days else None,
    )
