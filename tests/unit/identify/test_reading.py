"""What is measured in pixels, without the engine."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mips_desk.identify.reading import ReadWord, _edges, _regions, photos, without_empty_bands


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.lists(st.tuples(st.integers(0, 399), st.integers(1, 15)), max_size=5))
def test_rows_of_what_is_left_are_rows_of_the_picture(height: int, marks: list[tuple[int, int]]) -> None:
    pixels = np.full((height, 30, 3), 240, np.uint8)
    for top, size in marks:
        pixels[top : top + size, 5:20] = 90
    kept, moved = without_empty_bands(pixels)
    assert len(kept) == len(moved)
    assert (kept == pixels[np.arange(len(kept)) + moved]).all()
    # Nothing is lost: every row with a mark is left.
    assert (kept == 90).any(axis=(1, 2)).sum() == (pixels == 90).any(axis=(1, 2)).sum()


def test_words_end_in_the_gap_between_their_letters() -> None:
    line = np.full((20, 120, 3), 255, np.uint8)
    line[4:16, 10:41] = 0
    line[4:16, 52:101] = 30
    # The engine is off by some pixels.
    assert _edges(line, [("one", 14.0, 35.0), ("three", 57.0, 92.0)]) == [("one", 10, 41), ("three", 52, 101)]


def test_words_without_a_gap_still_have_edges() -> None:
    line = np.zeros((20, 100, 3), np.uint8)
    (one, two) = _edges(line, [("one", 10.0, 40.0), ("two", 60.0, 90.0)])
    assert one[1] < one[2] <= two[1] < two[2]


def test_a_photo_is_told_from_letters_and_even_ground() -> None:
    noise = np.random.default_rng(7)
    pixels = np.full((200, 300, 3), 250, np.uint8)
    slope = np.linspace(60, 200, 60)[:, None] + np.linspace(0, 40, 60)[None, :]
    pixels[60:120, 90:150] = np.clip(slope + noise.normal(0, 6, (60, 60)), 0, 255).astype(np.uint8)[:, :, None]
    pixels[20:40, 200:290] = np.asarray(Image.linear_gradient("L").resize((90, 20)))[:, :, None] // 128 * 200
    (found,) = photos(pixels, [])
    x, y, width, height = found
    assert abs(x - 90) <= 6
    assert abs(y - 60) <= 6
    assert abs(width - 60) <= 12
    assert abs(height - 60) <= 12
    assert photos(pixels, [ReadWord("W", (85, 55, 70, 70), 0.9, 0)]) == []


@given(
    st.lists(st.tuples(st.integers(0, 1900), st.integers(0, 980), st.integers(4, 90), st.integers(4, 20)), max_size=20)
)
def test_regions_hold_every_box_and_stay_in_the_picture(boxes: list[tuple[int, int, int, int]]) -> None:
    regions = _regions(boxes, (1000, 2000, 3))
    for x, y, width, height in boxes:
        assert any(
            left <= x and top <= y and x + width <= left + w and y + height <= top + h for left, top, w, h in regions
        )
    assert all(x >= 0 and y >= 0 and x + w <= 2000 and y + h <= 1000 for x, y, w, h in regions)
