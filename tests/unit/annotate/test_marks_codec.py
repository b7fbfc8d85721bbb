"""Marks as JSON: what is accepted, what is refused, and in which words."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.annotate.codec import decode, encode
from mips_desk.annotate.marks import (
    MAX_MARKS,
    MAX_TEXT,
    Arrow,
    Box,
    Crop,
    Ellipse,
    Freehand,
    Highlight,
    Line,
    Mark,
    Reason,
    Redaction,
    Step,
    Text,
    legend,
)
from mips_desk.errors import BadInputError

AREA = {"x": 1, "y": 2, "width": 30, "height": 40}
SEGMENT = {"x1": 1, "y1": 2, "x2": 30, "y2": 40}
MINIMAL = [
    {"type": "redaction", **AREA},
    {"type": "box", **AREA},
    {"type": "ellipse", **AREA},
    {"type": "highlight", **AREA},
    {"type": "line", **SEGMENT},
    {"type": "arrow", **SEGMENT},
    {"type": "text", "x": 1, "y": 2, "text": "answered"},
    {"type": "step", "x": 1, "y": 2},
]
LATER: list[dict[str, Any]] = [
    {"type": "freehand", "points": [[1, 2], [3, 4.5]]},
    {"type": "crop", **AREA},
    {"type": "box", **AREA, "angle": 30},
    {"type": "ellipse", **AREA, "angle": -30.5},
    {"type": "text", "x": 1, "y": 2, "text": "answered", "angle": 0},
]

place = st.floats(-1_000_000, 1_000_000)
extent = st.floats(0, 2_000_000, exclude_min=True)
color = st.sampled_from(["red", "yellow", "#00ff7F"])
stroke = st.none() | st.floats(0, 200, exclude_min=True)
size = st.none() | st.floats(4, 400)
words = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=MAX_TEXT)
angle = st.just(0.0) | st.floats(-360, 360)
area = {"x": place, "y": place, "width": extent, "height": extent}
segment = {"x1": place, "y1": place, "x2": place, "y2": place, "color": color, "stroke": stroke}
mark = st.one_of(
    st.builds(Redaction, **area, reason=st.sampled_from(Reason)),
    st.builds(Box, **area, color=color, stroke=stroke, angle=angle),
    st.builds(Ellipse, **area, color=color, stroke=stroke, angle=angle),
    st.builds(Freehand, points=st.lists(st.tuples(place, place), min_size=1, max_size=5).map(tuple), stroke=stroke),
    st.builds(Highlight, **area, color=color),
    st.builds(Line, **segment),
    st.builds(Arrow, **segment),
    st.builds(Text, x=place, y=place, text=words, size=size, width=st.none() | extent, color=color, angle=angle),
    st.builds(Step, x=place, y=place, number=st.integers(0, MAX_MARKS), text=words, radius=size, color=color),
)
mark_lists = st.lists(mark, max_size=8) | st.tuples(st.lists(mark, max_size=3), st.builds(Crop, **area)).map(
    lambda both: [*both[0], both[1]]
)


def document(*marks: Any, version: Any = 1) -> bytes:
    return json.dumps({"version": version, "marks": list(marks)}).encode()


def refusal(data: bytes) -> str:
    with pytest.raises(BadInputError) as caught:
        decode(data)
    return str(caught.value)


def test_minimal_marks_are_enough() -> None:
    marks = decode(document(*MINIMAL))
    assert [type(mark) for mark in marks] == [Redaction, Box, Ellipse, Highlight, Line, Arrow, Text, Step]
    assert marks[0] == Redaction(id="mark-1", x=1, y=2, width=30, height=40, reason=Reason.OTHER)
    assert len({mark.id for mark in marks}) == len(marks)


def test_same_file_gives_same_marks() -> None:
    assert decode(document(*MINIMAL)) == decode(document(*MINIMAL))


@given(mark_lists)
def test_round_trip(marks: list[Mark]) -> None:
    once = decode(encode(marks))
    assert decode(encode(once)) == once
    assert encode(once) == encode(marks)
    assert [type(mark) for mark in once] == [type(mark) for mark in marks]


def test_encoding_is_canonical() -> None:
    whole = encode([Redaction(id="a", x=1, y=2, width=3, height=4)])
    assert whole == encode([Redaction(id="a", x=1.0, y=2.0, width=3.0, height=4.0)])
    assert json.loads(whole) == {
        "version": 1,
        "marks": [{"type": "redaction", "id": "a", "x": 1, "y": 2, "width": 3, "height": 4, "reason": "other"}],
    }


def test_version_1_is_written_when_nothing_newer_is_used() -> None:
    plain = [Box(x=1, y=2, width=3, height=4), Text(x=1, y=2, text="a"), Redaction(x=1, y=2, width=3, height=4)]
    written = encode(plain)
    assert json.loads(written)["version"] == 1
    assert b"angle" not in written
    for newer in LATER[:4]:
        written = encode([*plain, *decode(document(newer, version=2))])
        assert json.loads(written)["version"] == 2
        assert encode(decode(written)) == written


@pytest.mark.parametrize("later", LATER, ids=lambda mark: f"{mark['type']}{mark.get('angle', '')}")
def test_version_1_has_nothing_newer(later: dict[str, Any]) -> None:
    assert "mark 2" in refusal(document(MINIMAL[0], later)).lower()
    assert "version" in refusal(document(MINIMAL[0], later))
    assert len(decode(document(MINIMAL[0], later, version=2))) == 2


def test_a_picture_has_one_crop() -> None:
    assert "two crops" in refusal(document(LATER[1], LATER[1], version=2))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"points": []}, "points"),
        ({"points": [[1, 2, 3]]}, "points"),
        ({"points": [[1, 2], [3, "Joan Whitaker"]]}, "points"),
        ({"points": [[1, 1e9]]}, "points"),
        ({"points": "Whitaker"}, "points"),
        ({"points": [[1, 2]] * 2001}, "points"),
        ({"color": "pink"}, "color"),
    ],
)
def test_bad_points_are_named(change: dict[str, Any], field: str) -> None:
    sentence = refusal(document({**LATER[0], **change}, version=2))
    assert f"“{field}” of mark 1 (freehand)" in sentence
    assert "Whitaker" not in sentence


def test_no_redaction_turns() -> None:
    sentence = refusal(document({**MINIMAL[0], "angle": 5}, version=2))
    assert "“angle”" in sentence
    assert "angle” of mark 1 (box)" in refusal(document({**MINIMAL[1], "angle": 361}, version=2))


def test_a_given_id_is_not_given_twice() -> None:
    marks = decode(document({**MINIMAL[0], "id": "mark-2"}, MINIMAL[1], MINIMAL[2]))
    assert len({mark.id for mark in marks}) == 3
    assert marks[0].id == "mark-2"


def test_steps_are_numbered_one_to_n() -> None:
    steps = [{"type": "step", "x": 0, "y": 0, "text": text} for text in ("none", "seven", "two")]
    steps[1]["number"] = 7
    steps[2]["number"] = 2
    assert legend(decode(document(*steps))) == ((1, "two"), (2, "seven"), (3, "none"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"width": 0}, "width"),
        ({"width": -5}, "width"),
        ({"height": 1e7}, "height"),
        ({"x": 1e300}, "x"),
        ({"y": "top"}, "y"),
        ({"y": None}, "y"),
        ({"x": True}, "x"),
        ({"reason": "Joan Whitaker"}, "reason"),
        ({"id": 7}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "x" * 65}, "id"),
    ],
)
def test_bad_field_is_named_with_its_mark(change: dict[str, Any], field: str) -> None:
    sentence = refusal(document(MINIMAL[1], {**MINIMAL[0], **change}))
    assert f"“{field}” of mark 2 (redaction)" in sentence
    assert "Whitaker" not in sentence


@pytest.mark.parametrize(
    ("mark", "field"),
    [
        ({**MINIMAL[1], "stroke": 0}, "stroke"),
        ({**MINIMAL[1], "color": "Whitaker"}, "color"),
        ({**MINIMAL[1], "color": "#12345"}, "color"),
        ({**MINIMAL[6], "text": "x" * (MAX_TEXT + 1)}, "text"),
        ({**MINIMAL[6], "text": "a\x00b"}, "text"),
        ({**MINIMAL[6], "size": 401}, "size"),
        ({**MINIMAL[7], "number": -1}, "number"),
        ({**MINIMAL[7], "number": 1.5}, "number"),
        ({**MINIMAL[7], "radius": 1}, "radius"),
        ({**MINIMAL[0], "type": "blur"}, "type"),
        ({**MINIMAL[0], "type": 3}, "type"),
        (AREA, "type"),
    ],
)
def test_every_field_has_limits(mark: dict[str, Any], field: str) -> None:
    sentence = refusal(document(mark))
    assert "ark 1" in sentence
    assert f"“{field}”" in sentence
    assert "Whitaker" not in sentence


def test_missing_field_is_named() -> None:
    assert refusal(document({"type": "redaction", "x": 1, "y": 2, "width": 3})).startswith(
        "Mark 1 (redaction) lacks the field “height”"
    )


def test_field_that_is_not_known_is_refused() -> None:
    # A turned redaction that is read without its angle would leave something uncovered.
    assert "“angle”" in refusal(document({**MINIMAL[0], "angle": 30}))
    assert "“color”" in refusal(document({**MINIMAL[0], "color": "red"}))
    assert "“" not in refusal(document({**MINIMAL[0], "Joan Whitaker, DOB 1/2/1950": 1}))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        b"null",
        b"[]",
        b"{}",
        b'{"marks": []}',
        b'{"version": 1}',
        b'{"version": "1", "marks": []}',
        b'{"version": 0, "marks": []}',
        b'{"version": 1, "marks": {}}',
        b'{"version": 1, "marks": [], "scale": 2}',
        b'{"version": 1, "marks": [null]}',
        b'{"version": 1, "marks": [[]]}',
        b'{"version": 1, "marks": []} trailing',
        b'{"version": 1, "marks": [{"type": "step", "x": NaN, "y": 1}]}',
        b'{"version": 1, "marks": [{"type": "step", "x": Infinity, "y": 1}]}',
        b'{"version": 1, "marks": [{"type": "step", "x": 1e999, "y": 1}]}',
        b'{"version": 1, "marks": [{"type": "step", "x": 1' + b"0" * 400 + b', "y": 1}]}',
        b'{"version": 1, "marks": [{"type": "text", "x": 1, "y": 1, "text": "\xff"}]}',
        b'{"version": 1, "marks": [{"type": "text", "x": 1, "y": 1, "text": "\\ud800"}]}',
        b"[" * 100_000,
        b'{"version": 1, "marks": ' + b"[" * 100_000,
        b'{"version": 1, "marks": []}' + b" " * 16_000_000,
    ],
)
def test_unreadable_files_are_refused_in_one_sentence(data: bytes) -> None:
    sentence = refusal(data)
    assert sentence.endswith(".")
    assert len(sentence) < 200


def test_newer_version_is_refused_whatever_it_holds() -> None:
    assert "newer version of MIPS Desk" in refusal(b'{"version": 3, "layers": [], "marks": [{"type": "blur"}]}')


def test_too_many_marks() -> None:
    assert "5,001 marks" in refusal(document(*[MINIMAL[7]] * (MAX_MARKS + 1)))
    assert len(decode(document(*[MINIMAL[7]] * MAX_MARKS))) == MAX_MARKS


def test_same_id_twice_is_refused() -> None:
    assert "same id" in refusal(document({**MINIMAL[0], "id": "a"}, {**MINIMAL[1], "id": "a"}))


def test_what_could_not_be_read_is_not_written() -> None:
    with pytest.raises(BadInputError):
        encode([Redaction(x=0, y=0, width=-1, height=1)])
    with pytest.raises(BadInputError):
        encode([Redaction(x=float("nan"), y=0, width=1, height=1)])


@given(st.data())
def test_any_changed_byte_is_read_or_refused(data: st.DataObject) -> None:
    good = bytearray(encode(decode(document(*MINIMAL))))
    at = data.draw(st.integers(0, len(good) - 1))
    good[at] = data.draw(st.integers(0, 255))
    # Some changes leave sound marks; of all others nothing but the refusal may come out.
    with contextlib.suppress(BadInputError):
        decode(bytes(good))


@given(st.data())
def test_any_cut_file_is_refused(data: st.DataObject) -> None:
    good = encode(decode(document(*MINIMAL)))
    refusal(good[: data.draw(st.integers(0, len(good) - 1))])
