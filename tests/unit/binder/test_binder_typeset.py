"""Text on lines, blocks on pages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mips_desk.binder import fonts, shaping
from mips_desk.binder.blocks import Block, Column, Figure, Table, Text
from mips_desk.binder.content import Paper
from mips_desk.binder.flow import BOTTOM, TOP, Page, flow
from mips_desk.binder.pages import page_prefix
from mips_desk.binder.pen import BODY, CODE, H1, SMALL, Run, wrap


@pytest.fixture(autouse=True, scope="module")
def registered() -> None:
    fonts.register()


@settings(deadline=None)  # a face is read on its first character
@given(st.text(max_size=200), st.sampled_from([BODY, CODE]), st.integers(20, 400))
def test_wrapping_loses_no_character_and_keeps_to_the_column(text: str, style: object, width: int) -> None:
    assert style in (BODY, CODE)
    used = BODY if style is BODY else CODE
    lines = wrap((Run(text, used),), width)
    shown = "".join(piece.run.text for line in lines for piece in line.pieces)
    wanted = fonts.drawable(text, used.font)
    # Lines that run from right to left are in visual order.
    assert sorted("".join(shown.split())) == sorted("".join(wanted.split()))
    assert all(line.width <= width + 0.01 for line in lines if len("".join(p.run.text for p in line.pieces)) > 2)


@settings(deadline=None)  # a face is read on its first character
@given(st.text(max_size=300))
def test_every_character_is_in_the_face_that_draws_it(text: str) -> None:
    for line in fonts.clean(text).split("\n"):
        for span in fonts.spans(line, fonts.REGULAR):
            assert shaping.covered(span.face).issuperset(map(ord, span.text))
            assert all(glyph.number for glyph in shaping.shape(span.text, span.face))


@settings(deadline=None)  # a face is read on its first character
@given(st.text(max_size=300))
def test_drawable_text_is_stable(text: str) -> None:
    once = fonts.drawable(text, fonts.REGULAR)
    assert fonts.drawable(once, fonts.REGULAR) == once


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\x00b\x1bc", "abc"),
        ("left\u202eright\u200f", "leftright"),
        ("e\u0301", "é"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("tab\there", "tab here"),
        ("\ud800lone", "lone"),
        ("日本 שלום", "日本 שלום"),
        ("👩\u200d\u2764\ufe0f", "👩\u200d\u2764"),
        ("a\u200db\u200c", "ab"),
        ("\U00012000 \ue000", "[U+12000] [U+E000]"),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_typed_text_is_shown_as_typed_or_named_by_its_code_points(typed: str, shown: str) -> None:
    assert fonts.drawable(typed, fonts.REGULAR) == shown


def test_a_word_that_is_too_wide_is_broken_after_a_mark_and_never_inside_an_emoji() -> None:
    def broken(text: str, width: float) -> list[str]:
        return ["".join(piece.run.text for piece in line.pieces) for line in wrap((Run(text, BODY),), width)]

    assert broken("portal.example/messages/inbox/2026", 130) == ["portal.example/messages/", "inbox/2026"]
    families = broken("👩\u200d👩\u200d👧" * 30, 100)
    assert len(families) > 2
    assert set("".join(families)) == set("👩\u200d👧")
    assert all(line.startswith("👩") and line.endswith("👧") for line in families)


def test_chinese_is_broken_between_characters_and_no_line_starts_with_a_full_stop() -> None:
    text = "本诊所在一月份将患者门户邀请从出院单移至前台。" * 8
    for width in range(80, 130, 3):
        lines = ["".join(piece.run.text for piece in line.pieces) for line in wrap((Run(text, BODY),), width)]
        assert "".join(lines) == text
        assert not any(line.startswith("。") for line in lines)
        assert all(len(line) >= width // 9.5 - 2 for line in lines[:-1])


def shown_lines(pages: list[Page]) -> int:
    return sum(len(page.items) for page in pages)


def test_a_heading_is_never_the_last_thing_on_a_page() -> None:
    body = Text((Run("word " * 120, BODY),))
    for filler in range(500, 640, 4):
        blocks: list[Block] = [
            Figure(filler, lambda pen, x, top, width: None, after=0),
            Text((Run("Heading", H1),), keep=True, anchor="heading"),
            body,
        ]
        pages = flow(blocks, Paper.LETTER, "")
        page = next(page for page in pages if any(key == "heading" for key, _top in page.anchors))
        assert page.items[-1][0].anchor != "heading"


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_table_rows_stay_inside_the_margins_and_none_is_lost(sizes: list[int]) -> None:
    rows = tuple(((Run("line\n" * (size - 1) + "line", SMALL),),) for size in sizes)
    pages = flow([Table((Column((Run("Title", SMALL),), 1),), rows)], Paper.LETTER, "")
    for page in pages:
        for laid, _x, top in page.items:
            assert top <= page.height - TOP + 0.01
            assert top - laid.height >= BOTTOM - 0.02
    inner = sum(laid.height for page in pages for laid, _x, _top in page.items)
    least = sum(size * SMALL.leading + 10 for size in sizes)
    assert inner >= least


def test_the_last_row_of_a_table_does_not_stand_alone() -> None:
    rows = tuple(((Run("row", SMALL),),) for _ in range(60))
    for filler in range(300, 340, 3):
        blocks: list[Block] = [
            Figure(filler, lambda pen, x, top, width: None),
            Table((Column((), 1),), rows, head=False),
        ]
        last = flow(blocks, Paper.LETTER, "")[-1]
        assert sum(laid.height for laid, _x, _top in last.items) >= 2 * (SMALL.leading + 10) - 0.01


@pytest.mark.parametrize(
    ("name", "prefix"),
    [("Riverside Family Practice", "RIVER"), ("Dr. Ö", "DROPR"), ("", "PRACT"), ("日本", "PRACT"), ("A1", "PRACT")],
)
def test_page_identifiers_start_with_letters_of_the_practice(name: str, prefix: str) -> None:
    assert page_prefix(name) == prefix
