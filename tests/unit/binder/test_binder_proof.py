"""The proof of the redactions in every export, and the log of them."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Name
from PIL import Image

from mips_desk.binder import write
from mips_desk.binder.content import BinderContent, ExhibitSheet, RedactedArea
from mips_desk.binder.outline import outline
from mips_desk.binder.proof import RedactionProofError, prove
from mips_desk.binder.write import write_binder
from mips_desk.errors import CancelledError

from . import binder_sample as sample
from .reading import page_texts, squeezed

OPTION = sample.PORTAL.guidance.options[0]


def one(shown: ExhibitSheet) -> BinderContent:
    return sample.content(sample.portal_part(sheets=(shown,)), journal_entries=())


def plain(**changes: object) -> ExhibitSheet:
    return sample.sheet(sample.portal_part().selection, 7, OPTION, (700, 400), **changes)


def repainted(shown: ExhibitSheet, at: tuple[int, int], color: tuple[int, int, int]) -> ExhibitSheet:
    """The same exhibit as a faulty painter would hand it over: its hash is right, a pixel is not."""
    picture = Image.open(BytesIO(shown.load()))
    picture.putpixel(at, color)
    stream = BytesIO()
    picture.save(stream, "PNG")
    data = stream.getvalue()
    return replace(shown, load=lambda: data, rendition_sha256=hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize("corner", ["first", "last"])
@pytest.mark.parametrize("color", [(1, 0, 0), (0, 0, 1), (255, 255, 255)])
def test_one_pixel_under_a_redaction_stops_the_export(tmp_path: Path, corner: str, color: tuple[int, int, int]) -> None:
    out = tmp_path / "binder.pdf"
    out.write_bytes(b"older")
    shown = plain()
    left, top, right, bottom = shown.areas[2].box
    at = (left, top) if corner == "first" else (right - 1, bottom - 1)
    with pytest.raises(RedactionProofError, match="2024-IA_BE_4-07 is not covered") as caught:
        write_binder(one(repainted(shown, at, color)), out)
    assert str(caught.value).count(". ") == 0
    assert out.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == ["binder.pdf"]


def test_a_pixel_beside_a_redaction_is_nobody_s_business(tmp_path: Path) -> None:
    shown = plain()
    left, top, right, bottom = shown.areas[2].box
    for at in ((left - 1, top), (left, top - 1), (right, bottom - 1), (right - 1, bottom)):
        write_binder(one(repainted(shown, at, (1, 2, 3))), tmp_path / "binder.pdf")


@pytest.mark.parametrize("box", [(-1, 0, 5, 5), (0, 0, 701, 5), (0, 399, 5, 401), (5, 5, 5, 9)])
def test_an_area_that_is_not_in_the_picture_stops_the_export(tmp_path: Path, box: tuple[int, int, int, int]) -> None:
    with pytest.raises(RedactionProofError):
        write_binder(one(plain(areas=(RedactedArea(box),))), tmp_path / "binder.pdf")
    assert list(tmp_path.iterdir()) == []


def _second_picture(pdf: pikepdf.Pdf, picture: pikepdf.Object) -> None:
    other = pdf.make_stream(b"\x00" * 3, Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    pdf.pages[0].add_resource(pdf.make_indirect(other), Name.XObject, Name("/other"))


def _hidden_picture(pdf: pikepdf.Pdf, picture: pikepdf.Object) -> None:
    """A picture that no page shows; it is reached from the catalog alone."""
    other = pdf.make_stream(b"\x00" * 3, Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    pdf.Root.PieceInfo = pikepdf.Dictionary(Kept=pdf.make_indirect(other))


def _soft_mask(pdf: pikepdf.Pdf, picture: pikepdf.Object) -> None:
    picture.SMask = pdf.make_indirect(pdf.make_stream(b"\x00", Width=1, Height=1))


def _turned_black(pdf: pikepdf.Pdf, picture: pikepdf.Object) -> None:
    picture.Decode = pikepdf.Array([1, 0, 1, 0, 1, 0])


def _gray(pdf: pikepdf.Pdf, picture: pikepdf.Object) -> None:
    picture.ColorSpace = Name.DeviceGray


def _short(pdf: pikepdf.Pdf, picture: pikepdf.Object) -> None:
    picture.write(b"\x00" * 300)


def _uncovered(pdf: pikepdf.Pdf, picture: pikepdf.Object) -> None:
    picture.write(b"\x01" * (700 * 400 * 3))


def _lost(pdf: pikepdf.Pdf, picture: pikepdf.Object) -> None:
    for page in pdf.pages:
        if Name.XObject in page.resources:
            del page.resources[Name.XObject]


@pytest.mark.parametrize(
    "spoil",
    [_second_picture, _hidden_picture, _soft_mask, _turned_black, _gray, _short, _uncovered, _lost],
    ids=lambda each: each.__name__,
)
def test_pictures_that_are_not_the_exhibits_are_found(
    tmp_path: Path, spoil: Callable[[pikepdf.Pdf, pikepdf.Object], None]
) -> None:
    binder, path = one(plain()), tmp_path / "binder.pdf"
    write_binder(binder, path)
    prove(path, binder)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        (picture,) = [found for page in pdf.pages for found in page.get_images().values()]
        spoil(pdf, picture)
        pdf.save(path)
    with pytest.raises(RedactionProofError):
        prove(path, binder)


def test_a_withheld_picture_that_got_in_is_found(tmp_path: Path) -> None:
    path = tmp_path / "binder.pdf"
    write_binder(one(plain()), path)
    with pytest.raises(RedactionProofError, match="should not be in the binder"):
        prove(path, one(plain(withheld="Nobody looked at it.")))


def test_the_proof_can_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cancel() -> None:
        raise CancelledError

    monkeypatch.setattr(write, "prove", lambda path, content, _check: prove(path, content, cancel))
    with pytest.raises(CancelledError):
        write_binder(one(plain()), tmp_path / "binder.pdf")
    assert list(tmp_path.iterdir()) == []


def test_split_pictures_are_proven_as_a_whole(tmp_path: Path) -> None:
    tall = sample.sheet(sample.portal_part().selection, 7, OPTION, (600, 4000))
    path = tmp_path / "binder.pdf"
    write_binder(one(tall), path)
    with pikepdf.open(path) as pdf:
        assert sum(bool(page.get_images()) for page in pdf.pages) > 2
    left, top, _right, _bottom = tall.areas[-1].box
    with pytest.raises(RedactionProofError):
        write_binder(one(repainted(tall, (left, top), (0, 9, 0))), path)


def test_the_log_says_who_covered_what_and_when(tmp_path: Path) -> None:
    shown = sample.sheet(sample.portal_part().selection, 7, OPTION, (700, 450))
    first = shown.areas[0]
    assert first.at is not None
    areas = (
        *(replace(first, box=area.box) for area in shown.areas[:3]),
        replace(first, box=shown.areas[3].box, reason="mrn", by="Abena Osei", at=first.at + timedelta(days=1)),
        replace(first, box=shown.areas[4].box, reason="", by="", at=None),
        replace(first, box=shown.areas[5].box),
    )
    binder, path = one(replace(shown, areas=areas)), tmp_path / "binder.pdf"
    write_binder(binder, path)
    assert any(part.key == "redactions" for part in outline(binder).parts)
    (page,) = [text for text in page_texts(path) if "Every area that is covered" in text]
    log = squeezed(page)
    assert "2024-IA_BE_4-071to3,6NameDanaWhitfieldJun19,2024,15:02" in log
    assert "2024-IA_BE_4-074RecordnumberAbenaOseiJun20,2024,15:02" in log
    assert "2024-IA_BE_4-075NoreasongivenNotknown" in log
    sheet_page = next(text for text in page_texts(path) if "SHA-256 of the picture" in text)
    assert "6 areas redacted: 4 names, 1 record number, 1 without a reason" in " ".join(sheet_page.split())


def test_no_coordinate_is_told(tmp_path: Path) -> None:
    box = (2611, 1337, 2618, 1339)
    big = sample.sheet(sample.portal_part().selection, 7, OPTION, (2700, 1400), areas=())
    data = Image.open(BytesIO(big.load()))
    data.paste((0, 0, 0), box)
    stream = BytesIO()
    data.save(stream, "PNG")
    made = stream.getvalue()
    covered = replace(
        big, areas=(RedactedArea(box),), load=lambda: made, rendition_sha256=hashlib.sha256(made).hexdigest()
    )
    path = tmp_path / "binder.pdf"
    write_binder(one(covered), path)
    text = " ".join(page_texts(path))
    assert "1 area redacted" in text
    assert not re.search(r"\b(2611|1337|2618|1339)\b", text)


def test_without_a_redaction_the_log_says_so(tmp_path: Path) -> None:
    for number, binder in enumerate((one(plain(areas=(), no_identifiers=True)), one(plain(withheld="Not seen.")))):
        path = tmp_path / f"{number}.pdf"
        write_binder(binder, path)
        assert "No area of a picture in this file is covered." in " ".join(page_texts(path))
