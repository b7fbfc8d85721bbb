"""The services around the finder, with a reader that answers what the tests say."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from mips_desk import cli
from mips_desk.identify.reader import Read
from mips_desk.services import identifying
from mips_desk.services.identifying import Kind, Word

WORDS = (
    Word("Patient:", 10, 10, 60, 16, 0.99, 0, 0),
    Word("Maria", 76, 10, 40, 16, 0.99, 0, 9),
    Word("Lopez", 120, 10, 40, 16, 0.99, 0, 15),
    Word("Printed", 10, 40, 50, 16, 0.99, 1, 0),
    Word("11/13/2026", 66, 40, 70, 16, 0.99, 1, 8),
)


class FakeReader:
    asked: tuple[int, int] = (0, 0)

    def read(
        self, pixels: bytes, width: int, height: int,
        progress: Callable[[int, int], None] | None, check: Callable[[], None] | None,
    ) -> Read:  # fmt: skip
        assert len(pixels) == width * height * 3
        self.asked = (width, height)
        return Read(WORDS, ((200, 10, 40, 40),))

    def close(self) -> None:
        pass


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> FakeReader:
    made = FakeReader()
    monkeypatch.setattr(identifying, "_reader", made)
    return made


@pytest.fixture
def turned(tmp_path: Path) -> Path:
    """A picture that is stored lying on its side."""
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (100, 300), "white").save(path, exif=exif)
    return path


def test_proposals_are_of_the_upright_picture(reader: FakeReader, turned: Path) -> None:
    found = identifying.find_in_file(turned)
    assert reader.asked == (300, 100)
    assert [(each.kind, each.text) for each in found] == [
        (Kind.NAME, "Maria Lopez"), (Kind.PHOTO, ""), (Kind.DATE, "11/13/2026"),
    ]  # fmt: skip
    assert identifying.reason_for(found[0].kind) == "name"
    assert identifying.reason_for(Kind.SSN) == "other"


def test_words_that_a_redaction_touches_are_left_out() -> None:
    def left(*boxes: tuple[float, float, float, float]) -> list[str]:
        return [word.text for word in identifying.without_redacted(WORDS, boxes)]

    assert left() == [word.text for word in WORDS]
    assert left((115.5, 25.9, 2, 2)) == ["Patient:", "Lopez", "Printed", "11/13/2026"]
    assert left((0, 0, 400, 30), (66, 40, 1, 1)) == ["Printed"]
    assert left((160, 10, 20, 20)) == [word.text for word in WORDS]


def test_dates_are_found_among_what_is_left() -> None:
    (found,) = identifying.dates_in(identifying.without_redacted(WORDS, [(0, 0, 400, 30)]))
    assert found.day.isoformat() == "2026-11-13"
    assert dataclasses.replace(found, word=0).why == "after “printed”"


def test_the_command(reader: FakeReader, turned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["identifiers", str(turned), "--json"]) == 0
    printed = capsys.readouterr()
    assert [each["kind"] for each in json.loads(printed.out)] == ["name", "photo", "date"]
    assert "Look at the whole picture yourself" in printed.err
    assert cli.run(["identifiers", str(turned)]) == 0
    assert "Maria Lopez" in capsys.readouterr().out
    assert cli.run(["identifiers", str(turned.with_name("none.png"))]) == 2


def test_the_command_without_the_extra_part(
    turned: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mips_desk.identify.reader._NEEDED", ("a_package_that_is_not_there",))
    assert "mips-desk[ocr]" in identifying.available()
    assert cli.run(["identifiers", str(turned)]) == 2
    assert "mips-desk[ocr]" in capsys.readouterr().err
