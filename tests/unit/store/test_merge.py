"""The rules of merging, on logs written by hand: no database."""

import itertools
import json
import random
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mips_desk.store import merge
from mips_desk.store.merge import Outcome, Seen, Write

A, B, C = "", "01B", "01C"
BEGUN = {A: (None, 0), B: (A, 10), C: (A, 10)}
E = "item"


def entry(seq: int, minute: int, *did: Mapping[str, Any]) -> dict[str, Any]:
    at = f"2026-03-04T10:{minute:02}:00+00:00"
    return {"seq": seq, "at": at, "person_name": "Ana", "change": json.dumps({"did": did})}


def caption(text: str) -> dict[str, Any]:
    return {"do": "put_evidence", "id": E, "changed": {"caption": ["", text]}}


def looked(by: str) -> dict[str, Any]:
    changed = {"looked_at_by": ["", by], "looked_at_on": [None, "2026-03-04T10:00:00+00:00" if by else None]}
    return {"do": "put_evidence", "id": E, "changed": changed}


def confirmed(yes: int) -> dict[str, Any]:
    return {"do": "put_evidence", "id": E, "changed": {"no_identifiers": [1 - yes, yes]}}


def marks(revision: int, sha256: str) -> dict[str, Any]:
    return {
        "do": "add_marks",
        "id": E,
        "revision": revision,
        "redactions": 1,
        "other_marks": 0,
        "sha256": sha256,
    }


def removal(reason: str = "") -> dict[str, Any]:
    return {"do": "remove_evidence", "id": E, "reason": reason}


def outcome(
    *logs: tuple[str, dict[str, Any]],
    reads: Mapping[str, list[tuple[int, dict[str, int]]]] | None = None,
    signs: Iterable[Write] = (),
) -> Outcome:
    writes = [write for desktop, each in logs for write in merge.writes_of(desktop, each)]
    return merge.decide(writes, list(signs), Seen(BEGUN, reads or {}))


def test_the_later_write_counts_and_both_are_a_conflict() -> None:
    found = outcome((A, entry(11, 1, caption("here"))), (B, entry(11, 2, caption("there"))))
    assert found.columns == {"caption": "there"}
    (difference,) = found.differences
    assert [side.value["caption"] for side in difference.sides] == ["there", "here"]


def test_equal_values_are_no_conflict() -> None:
    found = outcome((A, entry(11, 1, caption("same"))), (B, entry(11, 2, caption("same"))))
    assert (found.columns, found.differences) == ({"caption": "same"}, [])


def test_a_write_that_has_seen_the_other_counts_also_with_a_clock_that_is_slow() -> None:
    logs = ((A, entry(11, 30, caption("first"))), (B, entry(13, 1, caption("second"))))
    assert outcome(*logs, reads={B: [(12, {A: 11})]}).columns == {"caption": "second"}
    assert outcome(*logs, reads={B: [(12, {A: 11})]}).differences == []
    assert outcome(*logs, reads={B: [(12, {A: 10})]}).columns == {"caption": "first"}
    assert outcome(*logs, reads={B: [(13, {A: 11})]}).columns == {"caption": "first"}, "read after it was written"


def test_what_was_seen_at_second_hand_is_seen() -> None:
    reads = {C: [(12, {A: 11})], B: [(12, {A: 11, C: 12})]}
    found = outcome((A, entry(11, 30, caption("first"))), (B, entry(13, 1, caption("second"))), reads=reads)
    assert (found.columns, found.differences) == ({"caption": "second"}, [])


def test_a_look_counts_only_when_it_saw_the_newest_marks() -> None:
    look = entry(12, 9, looked("Ana"))
    nobody = {"looked_at_by": "", "looked_at_on": None}
    assert outcome((A, look)).columns["looked_at_by"] == "Ana"
    assert outcome((A, entry(11, 1, marks(1, "a"))), (A, look)).columns["looked_at_by"] == "Ana"
    assert nobody.items() <= outcome((B, entry(11, 1, marks(1, "a"))), (A, look)).columns.items()
    assert nobody.items() <= outcome((A, look), (A, entry(13, 10, marks(1, "a")))).columns.items()
    assert nobody.items() <= outcome((A, entry(11, 1, marks(1, "a")))).columns.items(), "a look of long ago"
    assert nobody.items() <= outcome((A, look), (B, entry(11, 1, looked("")))).columns.items()


def test_a_confirmation_falls_when_marks_were_drawn_apart_from_it_or_from_each_other() -> None:
    yes = entry(12, 9, confirmed(1))
    assert outcome((A, yes)).columns == {"no_identifiers": 1}
    assert outcome((A, yes), (A, entry(13, 10, marks(1, "a")))).columns["no_identifiers"] == 1
    assert outcome((A, yes), (B, entry(11, 1, marks(1, "a")))).columns["no_identifiers"] == 0
    apart = ((A, entry(13, 1, marks(1, "a"))), (B, entry(11, 2, marks(1, "b"))))
    assert outcome(*apart).columns["no_identifiers"] == 0, "confirmed long ago"
    assert "no_identifiers" not in outcome(apart[0]).columns
    again = (A, entry(16, 20, confirmed(1)))
    assert outcome(*apart, again, reads={A: [(15, {B: 11})]}).columns["no_identifiers"] == 1
    assert outcome((A, yes), (B, entry(11, 1, confirmed(0)))).columns == {"no_identifiers": 0}


def test_marks_drawn_apart_are_a_conflict_and_the_later_ones_are_shown() -> None:
    found = outcome((A, entry(11, 1, marks(2, "a"))), (B, entry(11, 2, marks(2, "b"))))
    assert (found.columns["marks_revision"], found.columns["marks_origin"]) == (2, B)
    assert [each.unit for each in found.differences] == ["marks"]
    assert outcome((A, entry(11, 1, marks(2, "a"))), (B, entry(11, 2, marks(2, "a")))).differences == []


def test_who_removes_without_having_seen_the_work_of_the_other_removes_nothing() -> None:
    gone = (A, entry(12, 30, removal("double")))
    assert outcome(gone).columns == {"removed_at": "2026-03-04T10:30:00+00:00", "removed_reason": "double"}
    found = outcome(gone, (B, entry(11, 1, caption("there"))))
    assert found.columns["removed_at"] is None
    assert [each.unit for each in found.differences] == ["removed"]
    seen = outcome(gone, (B, entry(11, 1, caption("there"))), reads={A: [(11, {B: 11})]})
    assert (seen.columns["removed_at"] is None, seen.differences) == (False, [])
    both = outcome(gone, (B, entry(11, 1, removal())))
    assert (both.columns["removed_at"] is None, both.differences) == (False, [])


def test_an_activity_stays_when_the_other_desktop_added_proof_to_it() -> None:
    gone = entry(12, 30, {"do": "remove_selection", "id": "s"})
    added = {"do": "add_uses", "selection": "s", "uses": [["u", "2026-01-02", 1, "", "", ""]]}
    signs = [write for write in merge.writes_of(B, entry(11, 1, added)) if merge.is_sign(write)]
    assert outcome((A, gone)).columns["removed_at"]
    found = outcome((A, gone), signs=signs)
    assert (found.columns["removed_at"], [each.unit for each in found.differences]) == (None, ["removed"])


def test_columns_that_belong_together_are_decided_together() -> None:
    def period(start: str, end: str) -> dict[str, Any]:
        return {"do": "put_selection", "id": "s", "changed": {"period_start": ["", start], "period_end": ["", end]}}

    found = outcome((A, entry(11, 1, period("1", "3"))), (B, entry(11, 2, period("2", "4"))))
    assert found.columns == {"period_start": "2", "period_end": "4"}
    assert [each.unit for each in found.differences] == ["period"]


def test_a_choice_ends_a_conflict_and_is_a_write_like_any_other() -> None:
    chosen = {"do": "settle", "kind": "evidence", "id": E, "unit": "caption", "value": {"caption": "here"}}
    logs = ((A, entry(11, 1, caption("here"))), (B, entry(11, 2, caption("there"))), (A, entry(13, 3, chosen)))
    found = outcome(*logs, reads={A: [(12, {B: 11})]})
    assert (found.columns, found.differences) == ({"caption": "here"}, [])


def test_who_began_from_nobody_known_is_refused() -> None:
    with pytest.raises(ValueError):
        Seen({A: (None, 0), B: ("gone", 3)}, {})


_EDITS = [caption("x"), caption("y"), marks(2, "a"), marks(2, "b")]
_STATES = [looked("Ana"), looked(""), confirmed(1), confirmed(0), removal(), {"do": "restore_evidence", "id": E}]
_DID = st.sampled_from(_EDITS + _STATES)
_LOG = st.lists(st.tuples(st.integers(0, 59), _DID), max_size=5)


@settings(max_examples=150, deadline=None)
@given(_LOG, _LOG, _LOG, st.integers(10, 15), st.integers(10, 15), st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference(
    a: Any, b: Any, c: Any, b_read_a: int, c_read_b: int, chance: random.Random
) -> None:
    logs = [
        (name, entry(11 + number, minute, did))
        for name, log in ((A, a), (B, b), (C, c))
        for number, (minute, did) in enumerate(log)
    ]
    seen = Seen(BEGUN, {B: [(12, {A: b_read_a})], C: [(13, {B: c_read_b})]})
    writes = list(itertools.chain.from_iterable(merge.writes_of(name, each) for name, each in logs))
    first = merge.decide(writes, [], seen)
    chance.shuffle(writes)
    second = merge.decide(writes + writes, [], seen)
    assert first.columns == second.columns
    assert {each.id for each in first.differences} == {each.id for each in second.differences}
