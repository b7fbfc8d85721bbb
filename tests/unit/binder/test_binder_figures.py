"""What the drawings and the split pictures of the binder show."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from mips_desk.binder import fonts
from mips_desk.binder.blocks import Column, Figure, Table, Text
from mips_desk.binder.content import BinderContent, MessageCount, MessageReport, Paper
from mips_desk.binder.flow import flow, flow_sections
from mips_desk.binder.pages import draw, lay_out
from mips_desk.binder.pen import BODY, SMALL, Run, wrap
from mips_desk.binder.write import write_binder
from mips_desk.domain.evidence import UseEntry

from . import binder_sample as sample
from .reading import page_texts


@pytest.fixture(autouse=True, scope="module")
def registered() -> None:
    fonts.register()


def written(content: BinderContent, tmp_path: Path) -> tuple[list[str], list[str]]:
    """Texts and operators of every page."""
    path = tmp_path / "binder.pdf"
    write_binder(content, path)
    with pikepdf.open(path) as pdf:
        drawn = [
            b"".join(part.read_bytes() for part in page.obj.Contents)
            if isinstance(page.obj.Contents, pikepdf.Array)
            else page.obj.Contents.read_bytes()
            for page in pdf.pages
        ]
    return page_texts(path), [page.decode("latin-1") for page in drawn]


def test_calendar_has_a_dot_for_each_date_and_its_signs_are_named(tmp_path: Path) -> None:
    uses = tuple(UseEntry(f"u{n}", "s1", date(2024, 3, 4 + n), n) for n in (1, 3, 9))
    part = sample.part(
        sample.PORTAL, sample.portal_part().selection, (), (*uses, UseEntry("out", "s1", date(2024, 9, 2), 1))
    )
    texts, drawn = written(sample.content(part), tmp_path)
    place = next(index for index, text in enumerate(texts) if "period claimed" in text and "outside the period" in text)
    for said in ("Mar 1 to May 29, 2024 · 90 days", "1 to 2", "3 to 7", "8 or more uses", "Jan", "Dec", "Mon"):
        assert said in texts[place]
    curves = len(re.findall(r" c\b", drawn[place]))
    assert curves == 4 * (3 + 1 + 4), "a circle is four curves: three dots, a ring, and four in the legend"
    assert "Without a date for more than 30 days" in texts[place]


def test_message_chart_says_every_share_and_the_table_says_it_again(tmp_path: Path) -> None:
    months = ("January", "February", "March")
    counts = tuple(MessageCount(month, 10 * n, 37) for n, month in enumerate(months, 1))
    report = MessageReport(2024, counts, (), 60, 111, 54.05, None, "the portal")
    texts, _drawn = written(sample.content(messages=report), tmp_path)
    page = next(text for text in texts if "written to or answered" in text and "By month" in text)
    for said in ("27 %", "54 %", "81 %", "27.02 %", "54.05 %", "81.08 %", "Jan", "January"):
        assert said in page
    assert "40" in page, "the scale ends on a round number above the highest count"


def test_a_split_picture_says_so_and_each_part_has_its_own_legend(tmp_path: Path) -> None:
    base = sample.access_part()
    legend = ((1, "First call of the night"), (2, "Answered in eight minutes"), (3, "Last call"))
    tall = sample.sheet(base.selection, 1, sample.ACCESS.guidance.options[0], (1000, 6200), legend=legend)
    tall = replace(tall, legend_places=(300.0, 2900.0, 5900.0))
    content = sample.content(sample.part(sample.ACCESS, base.selection, (tall,), ()))
    texts, _drawn = written(content, tmp_path)
    parts = [text for text in texts if f"Exhibit {tall.number}" in text and "Appendix" not in text][-6:]
    parts = [text for text in parts if "Checklist" not in text and "Contents" not in text]
    assert len(parts) > 3
    for (number, line), page in zip(legend, (parts[0], parts[2], parts[-1]), strict=True):
        assert f"{number} {line}" in page
        assert sum(line in text for text in parts) == 1
    assert "SHA-256 of the original" in parts[0], "the first page answers who, when and how it is known"
    for index, text in enumerate(parts, 1):
        assert ("Continued on the next page" in text) == (index < len(parts))
        assert (f"part {index} of {len(parts)}, continued" in text) == (index > 1)


def test_the_last_part_of_a_split_picture_is_never_a_sliver() -> None:
    base = sample.access_part()
    for height in range(2600, 6200, 300):
        tall = sample.sheet(base.selection, 1, sample.ACCESS.guidance.options[0], (64, 120))
        tall = replace(tall, width=1000, height=height, legend=(), load=lambda: b"")
        content = sample.content(sample.part(sample.ACCESS, base.selection, (tall,), ()))
        pages = [page for page in lay_out(content, lambda: None).pages if page.pictures]
        heights = [page.pictures[0].clip[3] for page in pages]
        scale = pages[0].pictures[0].box[3] / height
        assert 72 / scale >= 100
        assert heights[-1] > 60, height


def test_short_parts_share_a_page_and_the_header_names_them() -> None:
    short = [Text((Run("A few words.", BODY),))]
    pages = flow_sections([("One", short), ("Two", short), ("Three", short)], Paper.LETTER)
    assert [page.running for page in pages] == ["One · Two · Three"]
    long = [Figure(600, lambda pen, x, top, width: None)]
    pages = flow_sections([("One", short), ("Two", long), ("Three", long)], Paper.LETTER)
    assert [page.running for page in pages] == ["One · Two", "Three"]


def test_a_nearly_empty_last_page_is_drawn_in() -> None:
    rows = tuple(((Run("row", SMALL),),) for _ in range(32))
    table = Table((Column((Run("Title", SMALL),), 1),), rows, pad=5)
    last = Text((Run("The last line.", BODY),), before=10)
    assert len(flow([table, last], Paper.LETTER, "")) == 1


def test_pages_of_exhibits_are_not_kept_and_are_the_same_when_drawn(sample_content: BinderContent) -> None:
    book = lay_out(sample_content, lambda: None)
    assert all(not page.items for page in book.pages if page.pictures)
    assert draw(book, lambda: None) == draw(lay_out(sample_content, lambda: None), lambda: None)


def test_layout_does_not_grow_faster_than_the_number_of_exhibits() -> None:
    def wrapped(exhibits: int) -> int:
        selection = sample.portal_part(1).selection
        one = sample.sheet(selection, 1, sample.PORTAL.guidance.options[0], (640, 360))
        sheets = tuple(
            replace(one, item=replace(one.item, id=f"e{n}", number=n, caption=f"Caption {n}"), number=f"2024-X-{n}")
            for n in range(exhibits)
        )
        before = wrap.cache_info()
        lay_out(sample.content(sample.portal_part(sheets=sheets)), lambda: None)
        after = wrap.cache_info()
        return after.misses - before.misses + after.hits - before.hits

    few, many = wrapped(50), wrapped(200)
    assert many < 4.2 * few
