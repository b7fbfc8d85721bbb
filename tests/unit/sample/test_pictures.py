import io
from functools import cache

import pytest
from PIL import Image, ImageChops

from mips_desk.sample.people import CLINICIANS, PATIENTS, PRACTICE
from mips_desk.sample.pictures import PICTURES
from mips_desk.sample.sheet import SAMPLE_MARK, Line, Picture, Sheet, Who
from mips_desk.services.setup import check_clinician, check_practice


def _image(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def _crop(picture: Picture) -> Image.Image:
    x, y, width, height = picture.areas["sample mark"]
    return _image(picture.data).crop((x, y, x + width, y + height))


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_carries_the_sample_mark(name: str, pictures: dict[str, Picture]) -> None:
    picture = pictures[name]
    jpeg = picture.data.startswith(b"\xff\xd8\xff")
    reference = _crop(_blank(_logical(picture), picture.scale // 100, jpeg))
    found = _crop(picture)
    assert found.size == reference.size
    # The corners show the page under the mark, and a JPEG mixes in what is next to it.
    inner = (12, 8, found.width - 12, found.height - 8)
    difference = ImageChops.difference(found.crop(inner), reference.crop(inner))
    assert max(difference.tobytes()) <= (12 if jpeg else 0)
    assert "synthetic" in SAMPLE_MARK


@cache
def _blank(size: tuple[int, int], scale: int, jpeg: bool) -> Picture:
    return Sheet(*size, scale=scale).finish("blank", jpeg=jpeg)


def _logical(picture: Picture) -> tuple[int, int]:
    return picture.size[0] * 100 // picture.scale, picture.size[1] * 100 // picture.scale


@pytest.mark.parametrize("name", PICTURES)
def test_identifiers_and_areas_lie_inside_the_picture(name: str, pictures: dict[str, Picture]) -> None:
    picture = pictures[name]
    image = _image(picture.data)
    assert image.size == picture.size
    for x, y, width, height in [*(i.box for i in picture.identifiers), *picture.areas.values()]:
        assert x >= 0
        assert y >= 0
        assert width > 0
        assert height > 0
        assert x + width <= image.width
        assert y + height <= image.height
    for identifier in picture.identifiers:
        x, y, width, height = identifier.box
        assert len(image.crop((x, y, x + width, y + height)).getcolors(1 << 20) or ()) > 2, "nothing is written there"


def test_no_identifier_is_written_without_being_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    plain: list[str] = []
    marked: list[str] = []
    write = Sheet.text

    def listen(self: Sheet, x: float, y: float, line: Line, *rest: object, **more: object) -> float:
        for piece in (line,) if isinstance(line, str | Who) else line:
            (marked if isinstance(piece, Who) else plain).append(piece.text if isinstance(piece, Who) else piece)
        return write(self, x, y, line, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Sheet, "text", listen)
    for make in PICTURES.values():
        make()
    secrets = [s for p in PATIENTS for s in (p.last, p.born, p.mrn, p.phone, p.email, f"{p.first} ", f"{p.first},")]
    secrets = [secret for secret in secrets if secret != "June "]  # also a month
    assert not [(secret, text) for secret in secrets for text in plain if secret in text]
    assert {p.last for p in PATIENTS} == {p.last for p in PATIENTS if any(p.last in text for text in marked)}


def test_pictures_are_the_same_every_time(pictures: dict[str, Picture]) -> None:
    for name in ("messages March 2024", "labs 2024", "council 2026"):
        assert PICTURES[name]().data == pictures[name].data


def test_there_are_large_tall_and_jpeg_pictures(pictures: dict[str, Picture]) -> None:
    assert any(picture.data.startswith(b"\xff\xd8\xff") for picture in pictures.values())
    assert any(picture.scale == 200 for picture in pictures.values())
    assert any(picture.size[1] > picture.size[0] for picture in pictures.values())
    assert len({picture.data for picture in pictures.values()}) == len(pictures)


def test_people_are_valid_but_cannot_exist() -> None:
    check_practice(PRACTICE)
    assert PRACTICE.tin.startswith("000")
    for clinician in CLINICIANS:
        check_clinician(clinician)
        assert clinician.npi.startswith("1000000")
    assert len({clinician.npi for clinician in CLINICIANS}) == len(CLINICIANS)
    for patient in PATIENTS:
        assert "555-01" in patient.phone
        assert patient.email.endswith("@example.com")


def test_a_paragraph_stays_in_its_column() -> None:
    sheet = Sheet(400, 300)
    after = sheet.paragraph(20, 40, 200, ["Call ", Who("Joan Samplewood"), ", please, before the evening comes."], 16)
    assert after >= 40 + 2 * 16
    (identifier,) = sheet.identifiers
    assert identifier.box[0] + identifier.box[2] <= 20 + 200 + 4
    image = _image(sheet.finish("paragraph").data)
    assert image.crop((230, 0, 400, 240)).getcolors() == [(170 * 240, (255, 255, 255))]
