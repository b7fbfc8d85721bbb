"""Pages as pictures, from memory."""

import math
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from mips_desk.binder.content import BinderContent
from mips_desk.binder.preview import Sheets, Strip, page_count, page_png
from mips_desk.binder.write import BinderFile, stream_binder


def test_a_binder_in_memory_can_be_looked_at(
    sample_content: BinderContent, sample_file: tuple[Path, BinderFile]
) -> None:
    stream = BytesIO()
    written = stream_binder(sample_content, stream)
    assert stream.getvalue() == sample_file[0].read_bytes(), "the preview shows the very bytes of the export"
    assert page_count(stream.getvalue()) == written.pages
    picture = Image.open(BytesIO(page_png(stream.getvalue(), 0, 425)))
    assert picture.size == (425, 550)
    assert picture.convert("L").getextrema() != (255, 255)


def test_a_page_that_is_not_there_is_refused(sample_path: Path) -> None:
    for index in (-1, 10_000):
        with pytest.raises(IndexError):
            page_png(sample_path, index, 100)


def test_pages_are_drawn_one_at_a_time_and_look_like_those_of_the_file(
    sample_content: BinderContent, sample_path: Path
) -> None:
    sheets = Sheets(sample_content, lambda: None)
    assert len(sheets.book.pages) == page_count(sample_path)
    with_picture = next(n for n, page in enumerate(sheets.book.pages, 1) if page.pictures)
    for number in (1, with_picture, len(sheets.book.pages)):
        alone = Image.open(BytesIO(page_png(sheets.page_file(number), 0, 500))).convert("L")
        whole = Image.open(BytesIO(page_png(sample_path, number - 1, 500))).convert("L")
        assert alone.size == whole.size
        assert ImageChops.difference(alone, whole).getextrema()[1] <= 2


def test_strips_of_a_page_make_the_page(sample_content: BinderContent) -> None:
    sheets = Sheets(sample_content, lambda: None)
    whole = _picture(sheets.strip(1, 1.3, 0, 10_000))
    assert whole.size == (math.ceil(612 * 1.3), math.ceil(792 * 1.3))
    put = Image.new("L", whole.size)
    for top in range(0, whole.height, 300):
        put.paste(_picture(sheets.strip(1, 1.3, top, 300)), (0, top))
    assert ImageStat.Stat(ImageChops.difference(put, whole)).mean[0] < 0.5


def test_only_a_few_pages_stay_in_memory(sample_content: BinderContent) -> None:
    sheets = Sheets(sample_content, lambda: None)
    files = [sheets.page_file(number) for number in range(1, 12)]
    assert sheets.page_file(11) is files[10]
    assert sheets.page_file(1) is not files[0], "the first was let go"
    with pytest.raises(IndexError):
        sheets.page_file(0)


def _picture(strip: Strip) -> Image.Image:
    size = (strip.width, strip.height)
    return Image.frombuffer("RGBX", size, strip.data, "raw", "BGRX", strip.stride, 1).convert("L")
