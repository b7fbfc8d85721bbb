"""Text on lines, blocks on pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.binder import fonts
from mips_desk.binder.blocks import Block, Column, Figure, Table, Text
from mips_desk.binder.content import Paper
from mips_desk.binder.flow import BOTTOM, TOP, Page, flow
from mips_desk.binder.pages import page_prefix
from mips_desk.binder.pen import BODY, CODE, H1, SMALL, Run, wrap


@pytest.fixture(autouse=True, scope="module")
def registered() -> None:
    fonts.register()


@given(st.text(max_size=200), st.sampled_from([BODY, CODE]), st.integers(20, 400))
def test_wrapping_loses_no_character_and_keeps_to_the_column(text: str, style: object, width: int) -> None:
    assert style in (BODY, CODE)
    used = BODY if style is BODY else CODE
    lines = wrap((Run(text, used),), width)
    shown = "".join(piece.run.text for line in lines for piece in line.pieces)
    wanted = fonts.drawable(text, used.font)
    assert "".join(shown.split()) == "".join(wanted.split())
    assert all(line.width <= width + 0.01 for line in lines if len("".join(p.run.text for p in line.pieces)) > 1)


@given(st.text(max_size=300))
def test_drawable_text_holds_only_glyphs_of_the_font(text: str) -> None:
    from reportlab.pdfbase import pdfmetrics

    glyphs = pdfmetrics.getFont(fonts.REGULAR).face.charToGlyph
    assert all(char == "\n" or ord(char) in glyphs for char in fonts.drawable(text, fonts.REGULAR))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\x00b\x1bc", "abc"),
        ("left\u202eright\u200f", "leftright"),
        ("e\u0301", "é"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("tab\there", "tab here"),
        ("\ud800lone", "lone"),
        ("日本 שלום", "□□ □□□□"),
        ("👩\u200d\u2764\ufe0f", "□□"),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_typed_text_is_shown_as_typed_or_as_a_box(typed: str, shown: str) -> None:
    assert fonts.drawable(typed, fonts.REGULAR) == shown


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
