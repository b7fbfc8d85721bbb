"""A binder tells by itself whether it is unchanged."""

import random
from pathlib import Path

import pikepdf
import pytest

from mips_desk.binder.verify import BinderCheck, verify_binder
from mips_desk.binder.write import BinderFile, write_binder
from mips_desk.errors import BadInputError

from . import binder_sample as sample


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("small") / "small.pdf"
    selection = sample.portal_part().selection
    sheets = (sample.sheet(selection, 1, sample.PORTAL.guidance.options[0], (320, 200)),)
    write_binder(sample.content(sample.portal_part(sheets=sheets), journal_entries=()), path)
    return path.read_bytes()


def check(data: bytes, tmp_path: Path) -> BinderCheck:
    path = tmp_path / "changed.pdf"
    path.write_bytes(data)
    return verify_binder(path)


def test_an_untouched_binder_is_sealed_and_says_what_it_is(sample_file: tuple[Path, BinderFile]) -> None:
    path, written = sample_file
    found = verify_binder(path)
    assert found == BinderCheck(
        "MD-2024-7F3K-9Q2M", 2024, "Riverside Family Practice", True, (), written.sha256, written.pages
    )


def test_every_changed_byte_is_reported(small: bytes, tmp_path: Path) -> None:
    rng = random.Random(6)
    places = [0, 9, len(small) - 1, len(small) // 2, *(rng.randrange(len(small)) for _ in range(196))]
    for place in places:
        data = bytearray(small)
        data[place] ^= 1 << rng.randrange(8)
        found = check(bytes(data), tmp_path)
        assert not found.sealed, place
        assert found.problems, place


def test_a_changed_seal_is_reported(small: bytes, tmp_path: Path) -> None:
    start = small.index(b"<binder:seal>") + 13
    seal = small[start : start + 64]
    for other in (seal.upper(), b"0" * 64, b"", seal + b" "):
        found = check(small.replace(seal, other), tmp_path)
        assert not found.sealed
    assert not check(small.replace(b"<binder:seal>", b"<binder:seals>"), tmp_path).sealed
    assert not check(small + b"<binder:seal>" + seal + b"</binder:seal>", tmp_path).sealed


def test_the_changed_picture_is_named(sample_path: Path, tmp_path: Path) -> None:
    data = bytearray(sample_path.read_bytes())
    with pikepdf.open(sample_path) as pdf:
        page = next(
            i for i, page in enumerate(pdf.pages, 1) if "/2024-IA_BE_4-02" in page.resources.get("/XObject", {})
        )
        rows = pdf.pages[page - 1].resources.XObject["/2024-IA_BE_4-02"].read_raw_bytes()
    data[data.index(rows) + len(rows) // 2] ^= 4
    problems = check(bytes(data), tmp_path).problems
    assert (f"Exhibit 2024-IA_BE_4-02, page {page}", "The picture was changed.") in problems
    assert not any(where.startswith("Page ") for where, _what in problems)


def test_the_changed_page_is_named_even_when_the_file_was_saved_anew(sample_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "saved.pdf"
    with pikepdf.open(sample_path) as pdf:
        pdf.pages[2].contents_add(b"0 0 100 100 re f")
        pdf.save(path)
    found = verify_binder(path)
    assert not found.sealed
    assert [where for where, _what in found.problems] == ["Seal", "Page 3"]
    assert found.binder_id == "MD-2024-7F3K-9Q2M"


def test_a_removed_page_is_reported(sample_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "fewer.pdf"
    with pikepdf.open(sample_path) as pdf:
        del pdf.pages[-1]
        pdf.save(path)
    problems = dict(verify_binder(path).problems)
    assert "were written" in problems["File"]


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.999])
def test_a_cut_off_file_is_not_sealed(small: bytes, tmp_path: Path, keep: float) -> None:
    assert not check(small[: int(len(small) * keep)], tmp_path).sealed


def test_what_is_not_a_binder_cannot_be_checked(tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(other)
    (tmp_path / "note.txt").write_text("hello")
    (tmp_path / "empty.pdf").write_bytes(b"")
    for name in ("other.pdf", "note.txt", "empty.pdf", "absent.pdf"):
        with pytest.raises(BadInputError, match=name):
            verify_binder(tmp_path / name)
    with pytest.raises(BadInputError):
        verify_binder(tmp_path)
