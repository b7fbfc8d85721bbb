"""What a selection still lacks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mips_desk.domain.activity import EvidenceKind, EvidenceOption, Guidance, PeriodKind, PeriodRule
from mips_desk.domain.evidence import EvidenceItem, Intake, Selection, Source, UseEntry
from mips_desk.domain.period import Period
from mips_desk.domain.readiness import ITEM_LACKS, Lack, Readiness, item_missing, readiness, use_summary

NINETY = PeriodRule(PeriodKind.CONTINUOUS_DAYS, 90)
CLAIMED = Period(date(2025, 3, 1), date(2025, 5, 29))


def guidance(keys: str, need: int, required: str = "", period: PeriodRule = NINETY) -> Guidance:
    options = tuple(EvidenceOption(key, key.upper(), "", (EvidenceKind.REPORT,), key in required) for key in keys)
    return Guidance("", "", need, options, period, "", (), True, ())


def selection(period: Period | None = CLAIMED) -> Selection:
    return Selection("s", 2025, "IA_BE_4", period)


def item(number: int = 1, option: str = "a", **changes: object) -> EvidenceItem:
    made = EvidenceItem(
        id=f"e{number}",
        selection_id="s",
        number=number,
        caption="Portal report",
        shows_date=date(2025, 4, 1),
        option_key=option,
        outside_reason="",
        address="",
        clinician_ids=(),
        intake=Intake(Source.IMPORT, datetime(2025, 4, 2, tzinfo=UTC), "Rosa", "desk"),
        sha256="0" * 64,
        media_type="image/png",
        width=800,
        height=600,
        no_identifiers=True,
        looked_at_by="Rosa",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # keywords of the test, checked by the dataclass


USE = UseEntry("u", "s", date(2025, 4, 1))


def state(
    rule: Guidance,
    items: Sequence[EvidenceItem] = (),
    chosen: Selection | None = None,
    uses: Sequence[UseEntry] = (USE,),
) -> Readiness:
    return readiness(chosen or selection(), rule, items, uses)


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({}, []),
        ({"caption": "  "}, [Lack.CAPTION]),
        ({"shows_date": None}, [Lack.SHOWS_DATE]),
        ({"shows_date": date(2025, 6, 1)}, [Lack.DATE_OUTSIDE]),
        ({"shows_date": date(2025, 6, 1), "outside_reason": "yearly policy"}, []),
        ({"shows_date": date(2024, 6, 1)}, [Lack.DATE_OUTSIDE]),
        ({"shows_date": date(2025, 5, 29)}, []),
        ({"option_key": "z"}, [Lack.ITEM_OPTION]),
        ({"option_key": ""}, [Lack.ITEM_OPTION]),
        ({"no_identifiers": False}, [Lack.REDACTION]),
        ({"no_identifiers": False, "redactions": 2}, []),
        ({"looked_at_by": ""}, [Lack.LOOK]),
        ({"no_identifiers": False, "looked_at_by": ""}, [Lack.REDACTION]),
        ({"caption": "", "shows_date": None, "option_key": ""}, [Lack.CAPTION, Lack.SHOWS_DATE, Lack.ITEM_OPTION]),
    ],
)
def test_what_an_item_lacks(changes: dict[str, object], lacks: list[Lack]) -> None:
    missing = item_missing(item(**changes), selection(), guidance("ab", 1))
    assert [found.lack for found in missing] == lacks
    assert all(found.lack in ITEM_LACKS and found.evidence_id == "e1" for found in missing)


def test_a_dated_event_may_lie_anywhere_in_the_year() -> None:
    rule = guidance("a", 1, period=PeriodRule(PeriodKind.ONE_TIME))
    assert item_missing(item(shows_date=date(2025, 11, 1)), selection(), rule) == ()
    assert [m.lack for m in item_missing(item(shows_date=date(2026, 1, 1)), selection(), rule)] == [Lack.DATE_OUTSIDE]


@pytest.mark.parametrize(
    ("period", "lack"),
    [
        (None, Lack.PERIOD),
        (Period(date(2024, 12, 31), date(2025, 5, 1)), Lack.PERIOD_OUTSIDE),
        (Period(date(2025, 10, 4), date(2025, 12, 31)), Lack.PERIOD_SHORT),
        (Period(date(2025, 10, 3), date(2025, 12, 31)), None),
    ],
)
def test_the_period(period: Period | None, lack: Lack | None) -> None:
    ready = state(
        guidance("a", 1), [item(outside_reason="x")], selection(period), [replace(USE, day=date(2025, 11, 1))]
    )
    found = [missing.lack for missing in ready.missing if missing.lack.value.startswith("period")]
    assert found == ([lack] if lack else [])


def test_a_date_of_use_inside_the_period_is_needed() -> None:
    rule = guidance("a", 1)
    assert state(rule, [item()]).complete
    assert [m.lack for m in state(rule, [item()], uses=()).missing] == [Lack.DATES]
    assert [m.lack for m in state(rule, [item()], uses=[replace(USE, day=date(2025, 8, 1))]).missing] == [Lack.DATES]
    once = guidance("a", 1, period=PeriodRule(PeriodKind.ONE_TIME))
    assert state(once, [item()], uses=()).complete


@pytest.mark.parametrize(
    ("keys", "need", "required", "proven", "complete"),
    [
        ("ab", 1, "", "a", True),
        ("ab", 1, "", "b", True),
        ("ab", 2, "", "a", False),
        ("ab", 2, "", "ab", True),
        ("abcd", 2, "a", "bc", False),
        ("abcd", 2, "a", "ad", True),
        ("abcd", 2, "a", "a", False),
        ("abc", 1, "ab", "a", False),
        ("abc", 1, "ab", "ab", True),
    ],
)
def test_any_all_and_some_of_the_lines(keys: str, need: int, required: str, proven: str, complete: bool) -> None:
    items = [item(number, key) for number, key in enumerate(proven, 1)]
    ready = state(guidance(keys, need, required), items)
    assert ready.complete is complete
    assert (ready.done == ready.steps) is complete
    assert {option.option.key for option in ready.options if option.met} == set(proven)


@pytest.mark.parametrize(
    ("keys", "need", "required", "texts"),
    [
        ("a", 1, "", ["Add proof: “A”."]),
        ("ab", 1, "", ["Add proof: “A” or “B”."]),
        ("ab", 2, "", ["Add proof: “A”.", "Add proof: “B”."]),
        ("abc", 2, "", ["Add proof for two of these: “A” or “B” or “C”."]),
        ("abc", 2, "a", ["Add proof: “A”.", "Add proof: “B” or “C”."]),
        ("abcde", 1, "", ["Add proof: “A” or “B” or “C” or another line of the checklist."]),
    ],
)
def test_what_proof_to_add(keys: str, need: int, required: str, texts: list[str]) -> None:
    missing = state(guidance(keys, need, required)).missing
    assert [found.text for found in missing] == texts
    assert all(found.lack is Lack.OPTION and found.option_key in keys for found in missing)


def test_an_unfinished_item_is_finished_and_not_replaced() -> None:
    ready = state(guidance("ab", 1), [item(option="b", looked_at_by="")])
    assert [found.lack for found in ready.missing] == [Lack.LOOK]
    assert not ready.complete


def test_an_item_beyond_the_need_must_be_fit_too() -> None:
    ready = state(guidance("ab", 1), [item(1, "a"), item(2, "b", caption="")])
    assert ready.done == ready.steps - 1
    assert [found.lack for found in ready.missing] == [Lack.CAPTION]
    done = state(guidance("ab", 1), [item(1, "a"), item(2, "b")])
    assert done.complete
    assert done.done == done.steps


def test_the_order_of_items_and_uses_does_not_matter() -> None:
    items = [item(1, "a"), item(2, "b"), item(3, "b", looked_at_by="")]
    uses = [USE, replace(USE, id="v", day=date(2025, 5, 1))]
    rule = guidance("abc", 2)
    assert set(state(rule, items, uses=uses).missing) == set(state(rule, items[::-1], uses=uses[::-1]).missing)


def test_use_summary() -> None:
    uses = [replace(USE, day=day) for day in (date(2025, 3, 1), date(2025, 3, 1), date(2025, 5, 29), date(2025, 9, 1))]
    found = use_summary(selection(), guidance("a", 1), uses, date(2026, 12, 31))
    assert found.dates == (date(2025, 3, 1), date(2025, 5, 29))
    assert found.longest_gap == 88
    assert found.best == CLAIMED
    assert found.last_start == date(2025, 10, 3)
    open_year = use_summary(
        selection(None), guidance("a", 1, period=PeriodRule(PeriodKind.ONE_TIME)), uses, date(2026, 12, 31)
    )
    assert (len(open_year.dates), open_year.longest_gap, open_year.best, open_year.last_start) == (3, 0, None, None)


def test_days_to_come_are_no_gap() -> None:
    """On May 10 a period that runs to the end of the year has no gap of half a year."""
    claimed = selection(Period(date(2026, 5, 1), date(2026, 12, 31)))
    uses = [UseEntry(str(day), "s", date(2026, 5, day)) for day in (1, 2, 6)]
    assert use_summary(claimed, guidance("a", 1), uses, date(2026, 5, 10)).longest_gap == 4
    assert use_summary(claimed, guidance("a", 1), uses, date(2026, 4, 1)).longest_gap == 0
    assert use_summary(claimed, guidance("a", 1), uses, date(2027, 5, 1)).longest_gap == 239


@pytest.mark.parametrize(
    ("named", "needed", "lacking"), [(0, 3, 3), (2, 3, 1), (3, 3, 0), (4, 3, 0), (0, 1, 0), (0, 0, 0)]
)
def test_enough_clinicians_of_a_group_must_be_named(named: int, needed: int, lacking: int) -> None:
    """Half of the NPIs must have done it (42 CFR 414.1360(a)(2)); where one is enough, nobody need be named."""
    uses = [UseEntry(f"u{n}", "s", date(2025, 5, 1 + n), clinician_id=f"c{n}") for n in range(named)]
    uses += [UseEntry("again", "s", date(2025, 6, 1), clinician_id="c0")] * bool(named)
    uses += [UseEntry("all", "s", date(2025, 5, 20)), UseEntry("old", "s", date(2024, 6, 2), clinician_id="c9")]
    ready = readiness(selection(), guidance("a", 1), [item(1, "a")], uses, needed)
    texts = [found.text for found in ready.missing if found.lack is Lack.CLINICIANS]
    assert len(texts) == bool(lacking)
    assert all(("one more" if lacking == 1 else str(lacking)) in text for text in texts)
    assert ready.complete is (not lacking)
    assert (ready.done == ready.steps) is (not lacking)
