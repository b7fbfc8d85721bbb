"""From logical regions to physical pixels, on any layout of screens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.capture.geometry import LogicalRect, PixelRect, Screen, screen_at, screen_of, to_logical, to_pixels

RATIOS = (1.0, 1.25, 1.5, 1.75, 2.0, 3.0)
#: Three screens side by side, the middle one at the origin, with different scales.
LAYOUT = [
    Screen("left", LogicalRect(-1536, -100, 1536, 864), 1.25),
    Screen("main", LogicalRect(0, 0, 1920, 1080), 1.0),
    Screen("right", LogicalRect(1920, -300, 1280, 720), 2.0),
]

screens = st.builds(
    Screen,
    name=st.just("screen"),
    area=st.builds(
        LogicalRect,
        x=st.integers(-6000, 6000),
        y=st.integers(-4000, 4000),
        width=st.integers(320, 5120),
        height=st.integers(200, 2880),
    ),
    ratio=st.sampled_from(RATIOS),
)


@pytest.mark.parametrize(
    ("screen", "region", "expected"),
    [
        (1, (10, 20, 30, 40), (10, 20, 30, 40)),
        (1, (10.5, 20.5, 1, 1), (10, 20, 2, 2)),
        (2, (1920, -300, 100, 50), (0, 0, 200, 100)),
        (2, (1930.5, -290, 10, 10), (21, 20, 20, 20)),
        (0, (-1536, -100, 4, 4), (0, 0, 5, 5)),
        (0, (-1535, -99, 1, 1), (1, 1, 2, 2)),
        (0, (-8, 700, 500, 500), (1910, 1000, 10, 80)),
    ],
)
def test_regions(screen: int, region: tuple[float, ...], expected: tuple[int, ...]) -> None:
    assert to_pixels(LAYOUT[screen], LogicalRect(*region)) == PixelRect(*expected)


@pytest.mark.parametrize("ratio", RATIOS)
def test_whole_screen_is_its_whole_picture(ratio: float) -> None:
    screen = Screen("s", LogicalRect(-800, 200, 1600, 1000), ratio)
    whole = to_pixels(screen, screen.area)
    assert whole == PixelRect(0, 0, *screen.pixels)
    assert screen.percent == ratio * 100


@given(screens, st.data())
def test_pixels_cover_the_region_and_no_more(screen: Screen, data: st.DataObject) -> None:
    x = screen.area.x + data.draw(st.floats(0, screen.area.width - 1))
    y = screen.area.y + data.draw(st.floats(0, screen.area.height - 1))
    region = LogicalRect(
        x,
        y,
        data.draw(st.floats(0.1, screen.area.x + screen.area.width - x)),
        data.draw(st.floats(0.1, screen.area.y + screen.area.height - y)),
    )
    rect = to_pixels(screen, region)
    assert rect is not None
    assert rect.x >= 0
    assert rect.y >= 0
    assert rect.x + rect.width <= screen.pixels[0]
    assert rect.y + rect.height <= screen.pixels[1]
    back = to_logical(screen, rect)
    pixel, half = 1 / screen.ratio, 0.5 / screen.ratio
    assert region.x - pixel < back.x <= region.x + 1e-5
    assert region.y - pixel < back.y <= region.y + 1e-5
    # At the last column of a screen whose size is no whole number of pixels, half a pixel can be missing.
    assert region.x + region.width - half - 1e-5 <= back.x + back.width < region.x + region.width + pixel + 1e-5
    assert region.y + region.height - half - 1e-5 <= back.y + back.height < region.y + region.height + pixel + 1e-5


@given(screens, st.data())
def test_pixels_to_logical_and_back(screen: Screen, data: st.DataObject) -> None:
    width, height = screen.pixels
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    rect = PixelRect(x, y, data.draw(st.integers(1, width - x)), data.draw(st.integers(1, height - y)))
    logical = to_logical(screen, rect)
    # The last half pixel of a screen can lie outside its logical area; nothing else may move.
    again = to_pixels(screen, logical)
    assert again == rect or (
        again is None
        and (logical.x >= screen.area.x + screen.area.width or logical.y >= screen.area.y + screen.area.height)
    )


def test_region_beside_the_screen_is_nothing() -> None:
    assert to_pixels(LAYOUT[1], LogicalRect(1920, 0, 10, 10)) is None
    assert to_pixels(LAYOUT[1], LogicalRect(5, 5, 0, 10)) is None
    assert to_pixels(LAYOUT[1], LogicalRect(-50, -50, 50, 50)) is None


@given(st.integers(-3000, 4000), st.integers(-1000, 1500))
def test_every_point_is_on_one_screen_at_most(x: int, y: int) -> None:
    hits = [screen for screen in LAYOUT if screen_at([screen], x, y)]
    assert len(hits) <= 1
    assert screen_at(LAYOUT, x, y) == (hits[0] if hits else None)


def test_edges_belong_to_the_next_screen() -> None:
    assert screen_at(LAYOUT, 1919.5, 0) == LAYOUT[1]
    assert screen_at(LAYOUT, 1920, 0) == LAYOUT[2]
    assert screen_at(LAYOUT, -1, 0) == LAYOUT[0]
    assert screen_at(LAYOUT, 0, 1080) is None


def test_region_belongs_to_the_screen_that_shows_most_of_it() -> None:
    assert screen_of(LAYOUT, LogicalRect(1900, 0, 100, 100)) == LAYOUT[2]
    assert screen_of(LAYOUT, LogicalRect(1800, 0, 150, 100)) == LAYOUT[1]
    assert screen_of(LAYOUT, LogicalRect(9000, 0, 10, 10)) is None
