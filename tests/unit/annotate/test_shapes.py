"""The numbers that both painters share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.annotate.marks import PALETTE, WORDS, Redaction, Text
from mips_desk.annotate.shapes import (
    Panel,
    TextLine,
    bounds,
    default_style,
    ink_on,
    pieces,
    redaction_boxes,
    text_width,
    wrap,
)

STYLE = default_style(1280, 800)


def contrast(first: str, second: str) -> float:
    def luminance(color: str) -> float:
        channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(part * value for part, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("color", PALETTE.values())
def test_text_on_every_color_can_be_read(color: str) -> None:
    assert contrast(color, ink_on(color)) >= 4.5


@given(st.integers(0, 0xFFFFFF))
def test_text_on_any_color_has_three_to_one(value: int) -> None:
    color = f"#{value:06X}"
    assert contrast(color, ink_on(color)) >= 3


@pytest.mark.parametrize(("width", "height"), [(200, 100), (1280, 720), (1920, 1080), (3840, 2160), (900, 4000)])
def test_sizes_follow_the_picture(width: int, height: int) -> None:
    style = default_style(width, height)
    # On a binder page of 7 by 9 inches the label is between 8 and 14 points, small pictures aside.
    inches = min(7 / width, 9 / height)
    if width >= 1280 or height >= 1280:
        assert 8 <= style.text_size * inches * 72 <= 14
    assert style.text_size >= 12
    assert style.step_radius * 1.15 >= 11
    assert style.stroke >= 2


def test_boxes_are_rounded_outwards_and_cut() -> None:
    marks = [
        Redaction(x=1.9, y=2.1, width=1, height=1),
        Redaction(x=-5, y=-5, width=7.01, height=6),
        Redaction(x=98, y=98, width=50, height=50),
        Redaction(x=200, y=0, width=5, height=5),
        Redaction(x=100, y=100, width=5, height=5),
        Redaction(x=50, y=50, width=1e-12, height=1e-12),
    ]
    assert redaction_boxes(marks, (100, 100)) == [
        (1, 2, 3, 4),
        (0, 0, 3, 1),
        (98, 98, 100, 100),
        (50, 50, 51, 51),
    ]


def test_label_surrounds_its_text() -> None:
    for mark in (
        Text(x=10, y=20, text="answered by care team"),
        Text(x=10, y=20, text="answered by care team", width=120),
        Text(x=10, y=20, text="two\nlines", size=30),
    ):
        panel, *lines = pieces(mark, STYLE)
        assert isinstance(panel, Panel)
        assert (panel.rect.x, panel.rect.y) == (10, 20)
        for line in lines:
            assert isinstance(line, TextLine)
            assert line.x > panel.rect.x
            assert line.x + text_width(line.text, line.size) < panel.rect.right
            assert panel.rect.y < line.baseline - 0.728 * line.size
            assert line.baseline + 0.22 * line.size < panel.rect.bottom
        rect = bounds(mark, STYLE)
        assert (rect.right, rect.bottom) == pytest.approx((panel.rect.right, panel.rect.bottom))


@given(st.text("abc xyz\n", max_size=80), st.floats(10, 300))
def test_wrapping_keeps_all_letters(text: str, width: float) -> None:
    lines = wrap(text, 20, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")
    assert all(text_width(line, 20) <= width or len(line) == 1 for line in lines)


def test_wrapping_breaks_at_spaces_first() -> None:
    assert wrap("answered by care team", 20, text_width("answered by", 20)) == ["answered by", "care team"]
    assert wrap("", 20, 100) == [""]
    assert wrap("a\n\nb", 20, 100) == ["a", "", "b"]


def test_digits_line_up() -> None:
    assert text_width("1111", 10) == text_width("0808", 10)


def test_every_kind_has_a_word_and_a_type() -> None:
    assert len({kind.__struct_config__.tag for kind in WORDS}) == len(WORDS)


def test_redactions_are_not_pieces() -> None:
    assert pieces(Redaction(x=0, y=0, width=1, height=1), STYLE) == ()
