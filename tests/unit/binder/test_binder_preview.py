"""Pages as pictures, from memory."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from mips_desk.binder.content import BinderContent
from mips_desk.binder.preview import page_count, page_png
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
