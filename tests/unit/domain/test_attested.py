"""What was attested: which records count, how a day is corrected, and how it differs from plan and proof."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mips_desk.domain.attested import (
    AttestationRecord,
    DifferenceKind,
    attested_days,
    differences,
    in_force,
    surplus_of,
    with_day,
)

NAMES = ("IA_BE_4", "IA_CC_13", "IA_PM_2", "IA_BE_14")
FIRST = date(2027, 1, 10)
names = st.lists(st.sampled_from(NAMES), unique=True, max_size=4)


@st.composite
def records(draw: st.DrawFn) -> tuple[AttestationRecord, ...]:
    """Records in the order in which they were written; each replaces some of those before it."""
    made: list[AttestationRecord] = []
    for number in range(draw(st.integers(0, 5))):
        known = [each.id for each in in_force(made)]
        replaces = draw(st.lists(st.sampled_from(known), unique=True, max_size=2)) if known else []
        what = draw(names)
        day = FIRST + timedelta(days=draw(st.integers(0, 60)))
        made.append(AttestationRecord(f"R{number}", 2026, tuple(what), day, replaces=tuple(replaces)))
    return tuple(made)


def numbered(known: tuple[AttestationRecord, ...], new: tuple[AttestationRecord, ...]) -> tuple[AttestationRecord, ...]:
    """Return all records once the new ones are stored."""
    return known + tuple(replace(each, id=f"N{number}") for number, each in enumerate(new))


@given(records())
def test_what_is_replaced_does_not_count(known: tuple[AttestationRecord, ...]) -> None:
    force = in_force(known)
    replaced = {each for record in known for each in record.replaces}
    assert {each.id for each in force} == {each.id for each in known} - replaced
    days = attested_days(known)
    assert set(days) == {name for each in force for name in each.activities}
    assert all(day == min(each.on for each in force if name in each.activities) for name, day in days.items())


@given(records(), st.sampled_from(NAMES), st.none() | st.integers(0, 60))
def test_a_day_is_corrected_and_nothing_else(
    known: tuple[AttestationRecord, ...], activity: str, days: int | None
) -> None:
    day = None if days is None else FIRST + timedelta(days=days)
    before = attested_days(known)
    new = with_day(known, 2026, activity, day, "Ana Ruiz")
    after = attested_days(numbered(known, new))
    assert after == {name: when for name, when in before.items() if name != activity} | ({activity: day} if day else {})
    # What a correction replaces was in force, and is replaced once.
    replaced = [each for record in new for each in record.replaces]
    assert len(replaced) == len(set(replaced))
    assert set(replaced) <= {each.id for each in in_force(known)}
    assert all(each.activities or each.replaces for each in new)


@given(records(), names, st.data())
def test_differences_are_complete(
    known: tuple[AttestationRecord, ...], planned: list[str], data: st.DataObject
) -> None:
    proven = [each for each in planned if data.draw(st.booleans())]
    days = attested_days(known)
    surplus = [each for each in days if data.draw(st.booleans())]
    found = differences(known, planned, proven, surplus)

    def said(kind: DifferenceKind) -> set[str]:
        return {each.activity_id for each in found if each.kind is kind}

    if not known:
        assert found == ()
        return
    assert said(DifferenceKind.NOT_CHOSEN) == set(days) - set(planned)
    assert said(DifferenceKind.NOT_PROVEN) == set(days) & set(planned) - set(proven)
    assert said(DifferenceKind.NOT_ATTESTED) == set(planned) - set(days)
    assert said(DifferenceKind.SURPLUS) == set(surplus)
    several = {name for name in days if sum(name in each.activities for each in in_force(known)) > 1}
    assert said(DifferenceKind.TWICE) == several
    assert [each.kind for each in found] == sorted((each.kind for each in found), key=list(DifferenceKind).index)
    assert all(each.activity_id in each.sentence for each in found)


@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([10, 20, 40])), st.sampled_from([0, 20]))
def test_surplus_is_what_credit_can_do_without(earned: dict[str, int], free: int) -> None:
    found = surplus_of(earned, free, 40)
    left = {name: points for name, points in earned.items() if name not in found}
    if found:
        assert sum(left.values()) + free >= 40
    # Nothing more can go.
    assert all(sum(left.values()) + free - points < 40 for points in left.values())


def test_sentences() -> None:
    first = AttestationRecord("R1", 2026, ("IA_BE_4", "IA_PM_2"), date(2027, 2, 1))
    second = AttestationRecord("R2", 2026, ("IA_BE_4",), date(2027, 3, 1))
    assert [each.sentence for each in differences([first, second], ["IA_BE_4", "IA_CC_13"], ["IA_CC_13"])] == [
        "IA_PM_2 was attested, but it is not among the activities chosen.",
        "IA_BE_4 was attested, but its proof is not complete.",
        "IA_BE_4 stands in several records (Feb 1, 2027 and Mar 1, 2027). Correct them if it was attested once.",
        "IA_CC_13 is proven, but it was not attested.",
    ]
