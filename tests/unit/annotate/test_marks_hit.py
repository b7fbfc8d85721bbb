"""What is under the pointer, and what a drag does."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.annotate.codec import decode, encode
from mips_desk.annotate.hit import (
    Handle,
    Hit,
    angle_of,
    area_between,
    can_turn,
    corners,
    extent,
    frame,
    handles,
    hit,
    inside,
    moved,
    resized,
    turned_by,
)
from mips_desk.annotate.marks import Arrow, Box, Crop, Ellipse, Freehand, Highlight, Line, Mark, Redaction, Step, Text
from mips_desk.annotate.shapes import Rect, Style

STYLE = Style(stroke=4, text_size=20, step_radius=15)
MARKS: list[Mark] = [
    Redaction(id="redaction", x=100, y=100, width=80, height=20),
    Box(id="box", x=100, y=100, width=80, height=60),
    Ellipse(id="ellipse", x=100, y=100, width=80, height=60),
    Highlight(id="highlight", x=100, y=100, width=80, height=20),
    Line(id="line", x1=100, y1=100, x2=180, y2=160),
    Arrow(id="arrow", x1=100, y1=100, x2=180, y2=160),
    Text(id="text", x=100, y=100, text="answered\nby care team"),
    Text(id="wrapped", x=100, y=100, text="answered by care team", width=90, size=12),
    Step(id="step", x=100, y=100, number=3),
    Freehand(id="freehand", points=((100, 100), (140, 160), (180, 110))),
    Crop(id="crop", x=100, y=100, width=80, height=60),
    Box(id="turned-box", x=100, y=100, width=80, height=60, angle=30),
    Ellipse(id="turned-ellipse", x=100, y=100, width=80, height=60, angle=-75),
    Text(id="turned-text", x=100, y=100, text="answered by care team", width=90, size=12, angle=140),
]
any_mark = st.sampled_from(MARKS)


@pytest.mark.parametrize(
    ("mark", "points"),
    [
        (MARKS[0], {(100, 100): True, (140, 110): True, (99, 110): False}),
        (MARKS[1], {(100, 130): True, (99, 99): True, (140, 161): True, (97, 130): False, (103, 130): False}),
        (MARKS[2], {(100, 130): True, (140, 100): True, (102, 102): False, (140, 104): False}),
        (MARKS[4], {(140, 130): True, (100, 100): True, (140, 100): False}),
        (MARKS[5], {(170, 152): True, (180, 160): True, (190, 165): False}),
        (MARKS[6], {(105, 105): True, (130, 140): True, (95, 105): False}),
        (MARKS[8], {(100, 115): True, (111, 111): False, (90, 90): True}),
    ],
    ids=lambda value: getattr(value, "id", ""),
)
def test_ink_is_hit(mark: Mark, points: dict[tuple[float, float], bool]) -> None:
    for (x, y), expected in points.items():
        others = [mark, Line(id="below", x1=-500, y1=-500, x2=-400, y2=-400)]
        found = hit(others, x, y, 0, STYLE)
        inside_empty_outline = isinstance(mark, Box | Ellipse) and found == Hit(mark.id) and not expected
        assert (found is not None) == expected or inside_empty_outline


def test_tolerance_is_in_image_pixels() -> None:
    line = Line(id="a", x1=0, y1=0, x2=100, y2=0)
    assert hit([line], 50, 6, 3.9, STYLE) is None
    assert hit([line], 50, 6, 4.1, STYLE) == Hit("a")


def test_topmost_first_and_redactions_above_all() -> None:
    low = Highlight(id="low", x=0, y=0, width=50, height=50)
    high = Highlight(id="high", x=0, y=0, width=50, height=50)
    assert hit([low, high], 10, 10, 0, STYLE) == Hit("high")
    cover = Redaction(id="cover", x=0, y=0, width=50, height=50)
    assert hit([cover, low, high], 10, 10, 0, STYLE) == Hit("cover")


def test_inside_of_a_box_is_hit_when_nothing_else_is() -> None:
    outer = Box(id="outer", x=0, y=0, width=100, height=100)
    inner = Box(id="inner", x=20, y=20, width=50, height=50)
    word = Highlight(id="word", x=30, y=30, width=10, height=10)
    assert hit([inner, outer], 50, 50, 0, STYLE) == Hit("inner")
    assert hit([word, inner, outer], 35, 35, 0, STYLE) == Hit("word")
    assert hit([inner, outer], 10, 10, 0, STYLE) == Hit("outer")
    assert hit([inner, outer], 110, 50, 0, STYLE) is None
    assert hit([inner, outer], 50, 50, 0, STYLE, around=False) is None
    assert hit([inner, outer], 20, 50, 0, STYLE, around=False) == Hit("inner")


@given(any_mark)
def test_every_handle_of_a_selected_mark_can_be_grabbed(mark: Mark) -> None:
    for grip, (x, y) in handles(mark, STYLE).items():
        assert hit([mark], x + 1, y - 1, 3, STYLE, selected={mark.id}) == Hit(mark.id, grip)
    above = Redaction(id="above", x=0, y=0, width=500, height=500)
    grip, (x, y) = next(iter(handles(mark, STYLE).items()))
    assert hit([mark, above], x, y, 3, STYLE, selected={mark.id}) == Hit(mark.id, grip)


def test_several_selected_marks_have_no_handles() -> None:
    one, other = Redaction(id="one", x=0, y=0, width=9, height=9), Redaction(id="other", x=50, y=0, width=9, height=9)
    assert hit([one, other], 9, 9, 1, STYLE, selected={"one"}) == Hit("one", Handle.BOTTOM_RIGHT)
    assert hit([one, other], 9, 9, 1, STYLE, selected={"one", "other"}) == Hit("one")


@given(any_mark, st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_moving_moves_the_frame(mark: Mark, dx: float, dy: float) -> None:
    before, after = frame(mark, STYLE), frame(moved(mark, dx, dy), STYLE)
    # The outline of a box and a highlight lie on whole pixels; their frame does not.
    assert after.x == pytest.approx(before.x + dx, abs=1e-6)
    assert after.y == pytest.approx(before.y + dy, abs=1e-6)
    assert (after.width, after.height) == pytest.approx((before.width, before.height), abs=1e-6)


@given(any_mark, st.sampled_from(Handle), st.floats(-1e7, 1e7), st.floats(-1e7, 1e7), st.booleans())
def test_any_drag_gives_marks_that_can_be_stored(
    mark: Mark, handle: Handle, x: float, y: float, straight: bool
) -> None:
    changed = resized(mark, handle, x, y, STYLE, straight=straight)
    assert decode(encode([changed]))[0] == decode(encode([changed]))[0]
    assert type(changed) is type(mark)
    assert (changed == mark) or handle in handles(mark, STYLE, 1)


@pytest.mark.parametrize(
    ("handle", "point", "expected"),
    [
        (Handle.TOP_LEFT, (90, 95), (90, 95, 90, 65)),
        (Handle.TOP, (999, 95), (100, 95, 80, 65)),
        (Handle.BOTTOM_RIGHT, (200, 200), (100, 100, 100, 100)),
        (Handle.RIGHT, (120, -50), (100, 100, 20, 60)),
        (Handle.LEFT, (200, 0), (180, 100, 20, 60)),
        (Handle.BOTTOM, (0, 80), (100, 80, 80, 20)),
        (Handle.RIGHT, (100, 0), (100, 100, 1, 60)),
    ],
)
def test_resizing_an_area(handle: Handle, point: tuple[float, float], expected: tuple[float, ...]) -> None:
    box = resized(MARKS[1], handle, *point, STYLE)
    assert isinstance(box, Box)
    assert (box.x, box.y, box.width, box.height) == expected


@pytest.mark.parametrize(
    ("handle", "point", "expected"),
    [
        (Handle.BOTTOM_RIGHT, (260, 110), (100, 100, 160, 120)),
        (Handle.BOTTOM_RIGHT, (110, 220), (100, 100, 160, 120)),
        (Handle.TOP_LEFT, (140, 159), (140, 130, 40, 30)),
        (Handle.TOP_RIGHT, (20, 100), (20, 100, 80, 60)),
        (Handle.RIGHT, (120, -50), (100, 100, 20, 60)),
    ],
)
def test_a_corner_that_is_held_straight_keeps_the_shape(
    handle: Handle, point: tuple[float, float], expected: tuple[float, ...]
) -> None:
    box = resized(MARKS[1], handle, *point, STYLE, straight=True)
    assert isinstance(box, Box)
    assert (box.x, box.y, box.width, box.height) == expected


@given(st.sampled_from([Handle.TOP_LEFT, Handle.TOP_RIGHT, Handle.BOTTOM_LEFT, Handle.BOTTOM_RIGHT]),
       st.floats(-5e3, 5e3), st.floats(-5e3, 5e3))  # fmt: skip
def test_a_turned_box_keeps_its_shape_too(handle: Handle, x: float, y: float) -> None:
    box = resized(Box(x=100, y=100, width=80, height=60, angle=30), handle, x, y, STYLE, straight=True)
    assert isinstance(box, Box)
    if box.height > 1:
        assert box.width / box.height == pytest.approx(80 / 60)


def test_an_end_that_is_held_straight_goes_by_eighths_of_a_turn() -> None:
    arrow = resized(MARKS[5], Handle.END, 200, 108, STYLE, straight=True)
    assert isinstance(arrow, Arrow)
    assert arrow.y2 == pytest.approx(100)
    line = resized(MARKS[4], Handle.START, 85, 60, STYLE, straight=True)
    assert isinstance(line, Line)
    assert 180 - line.x1 == pytest.approx(160 - line.y1), "the end that was not dragged stays"


def test_dragging_the_ends_of_an_arrow() -> None:
    arrow = resized(MARKS[5], Handle.END, 7, 8, STYLE)
    assert arrow == Arrow(id="arrow", x1=100, y1=100, x2=7, y2=8)
    assert resized(MARKS[5], Handle.START, 7, 8, STYLE) == Arrow(id="arrow", x1=7, y1=8, x2=180, y2=160)


def test_dragging_a_text() -> None:
    text = MARKS[6]
    narrow = resized(text, Handle.RIGHT, 180, 0, STYLE)
    assert frame(narrow, STYLE).width == pytest.approx(80)
    assert frame(narrow, STYLE).height > frame(text, STYLE).height
    rect = frame(text, STYLE)
    large = resized(text, Handle.BOTTOM_RIGHT, rect.right, rect.y + 2 * rect.height, STYLE)
    assert isinstance(large, Text)
    assert large.size == pytest.approx(40)


def test_dragging_a_step() -> None:
    step = resized(MARKS[8], Handle.BOTTOM_RIGHT, 130, 120, STYLE)
    assert isinstance(step, Step)
    assert step.radius == 30
    assert math.isclose(frame(step, STYLE).width, 60)


def test_rubber_band() -> None:
    assert inside(MARKS, Rect(0, 0, 1000, 1000), STYLE) == tuple(mark.id for mark in MARKS if mark.id != "crop")
    assert inside(MARKS, Rect(99, 99, 82, 22), STYLE) == ("redaction", "highlight")
    assert inside(MARKS, Rect(0, 0, 10, 10), STYLE) == ()


def test_area_of_a_drag() -> None:
    assert area_between(50, 60, 20, 10) == Rect(20, 10, 30, 50)
    assert area_between(5, 5, 5, 5) == Rect(5, 5, 1, 1)


def test_only_the_edge_of_a_crop_is_hit() -> None:
    crop = Crop(id="crop", x=0, y=0, width=100, height=100)
    assert hit([crop], 50, 50, 5, STYLE) is None
    assert hit([crop], 50, 97, 5, STYLE) == Hit("crop")
    assert inside([crop], Rect(-10, -10, 200, 200), STYLE) == ()


TURNED = [mark for mark in MARKS if angle_of(mark)]


@pytest.mark.parametrize("mark", TURNED, ids=lambda mark: mark.id)
@pytest.mark.parametrize("grip", [Handle.RIGHT, Handle.BOTTOM_RIGHT])
def test_the_far_corner_of_a_turned_mark_stays(mark: Mark, grip: Handle) -> None:
    before = corners(mark, STYLE)
    x, y = handles(mark, STYLE)[grip]
    after = corners(resized(mark, grip, x + 7, y + 11, STYLE), STYLE)
    assert after[0] == pytest.approx(before[0], abs=0.01)
    if not isinstance(mark, Text):
        there = handles(resized(mark, grip, x + 7, y + 11, STYLE), STYLE)[Handle.BOTTOM_RIGHT]
        assert grip is Handle.RIGHT or there == pytest.approx((x + 7, y + 11), abs=0.01)


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.id)
def test_a_mark_is_turned_by_its_grip(mark: Mark) -> None:
    grips = handles(mark, STYLE, 25)
    assert (Handle.TURN in grips) == can_turn(mark)
    assert Handle.TURN not in handles(mark, STYLE)
    middle = frame(mark, STYLE).center
    right = resized(mark, Handle.TURN, middle[0] + 100, middle[1] + 3, STYLE, straight=True)
    if not can_turn(mark):
        assert right == mark
    elif isinstance(mark, Freehand):
        assert extent(right, STYLE).width == pytest.approx(extent(mark, STYLE).height)
    else:
        assert angle_of(right) == pytest.approx(90)
        assert frame(right, STYLE) == frame(mark, STYLE)


@given(any_mark, st.floats(-400, 400))
def test_turning_there_and_back_changes_nothing(mark: Mark, degrees: float) -> None:
    back = turned_by(turned_by(mark, degrees, STYLE), -degrees, STYLE)
    if isinstance(mark, Freehand):
        # The frame of a turned line is another one, so its middle may lie elsewhere; its form is the same.
        assert math.dist(*back.points[:2]) == pytest.approx(math.dist(*mark.points[:2]))
    else:
        assert corners(back, STYLE) == tuple(pytest.approx(corner, abs=0.01) for corner in corners(mark, STYLE))
        assert -180 < angle_of(turned_by(mark, degrees, STYLE)) <= 180


def test_a_freehand_line_is_scaled_and_moved() -> None:
    line = Freehand(points=((10, 10), (30, 50), (50, 20)))
    wide = resized(line, Handle.RIGHT, 90, 0, STYLE)
    assert wide == Freehand(points=((10, 10), (50, 50), (90, 20)))
    assert moved(line, 5, -5) == Freehand(points=((15, 5), (35, 45), (55, 15)))
    flat = Freehand(points=((10, 10), (30, 10)))
    assert resized(flat, Handle.BOTTOM, 0, 40, STYLE) == flat
