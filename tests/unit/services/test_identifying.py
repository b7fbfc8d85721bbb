"""The services around the finder, with a reader that answers what the tests say."""

import ast
import json
import os
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from mips_desk import cli
from mips_desk.annotate.marks import Redaction
from mips_desk.domain.evidence import EvidenceItem
from mips_desk.errors import BadInputError, CancelledError
from mips_desk.identify.reader import _NEEDED, Read, Reader
from mips_desk.services import covered_text, identifying
from mips_desk.services.identifying import IdentifyError, Kind, Word

from .closing_sample import Small, small_practice

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


def test_dates_are_found_among_what_is_left() -> None:
    left = covered_text.uncovered(WORDS, [Redaction(x=0, y=0, width=400, height=30)])
    (found,) = identifying.dates_in(left)
    assert found.day.isoformat() == "2026-11-13"
    assert found.why == "after “printed”"


#: A process in the place of the real one: what it does with each picture is put in.
CHILD = """
import json, os, sys, time
while header := sys.stdin.buffer.readline():
    asked = json.loads(header)
    sys.stdin.buffer.read(asked["width"] * asked["height"] * 3)
    print('{"progress": [1, 2]}', flush=True)
    DO
"""
NOTHING = """print('{"words": [], "photos": []}', flush=True)"""


@pytest.fixture
def acting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Reader]]:
    """Makes a reader whose process does this with each picture."""
    made: list[Reader] = []

    def make(do: str) -> Reader:
        made.append(Reader([sys.executable, "-c", CHILD.replace("DO", do)]))
        monkeypatch.setattr(identifying, "_reader", made[-1])
        return made[-1]

    yield make
    for reader in made:
        reader.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    made = small_practice(tmp_path)
    yield made
    made.session.close()


def item_of(small: Small) -> EvidenceItem:
    return small.session.vault.evidence_item(small.item)


def test_progress_is_told_and_a_picture_of_nothing_gives_nothing(small: Small, acting: Callable[[str], Reader]) -> None:
    acting(NOTHING)
    steps: list[tuple[int, int]] = []
    assert identifying.find(small.session, item_of(small), lambda done, total: steps.append((done, total))) == ()
    assert steps == [(1, 2)]
    assert identifying.text_of(small.session, item_of(small)) == ()
    # It says so, and that this proves nothing.
    assert "also where nothing is marked" in identifying.NOTICE


def test_cancel_ends_the_process_and_stores_nothing(small: Small, acting: Callable[[str], Reader]) -> None:
    reader = acting("time.sleep(600)")
    before = small.session.vault.journal()
    numbers: list[int] = []

    def check() -> None:
        numbers.append(reader.process)
        raise CancelledError

    with pytest.raises(CancelledError):
        identifying.find(small.session, item_of(small), check=check)
    assert numbers[0] > 0
    assert reader.process == 0
    with pytest.raises(ProcessLookupError):
        os.kill(numbers[0], 0)
    assert small.session.vault.journal() == before


def test_a_process_that_is_killed_is_one_sentence_and_the_next_search_works(
    small: Small, acting: Callable[[str], Reader], tmp_path: Path
) -> None:
    once = tmp_path / "once"
    acting(
        f"if not os.path.exists({str(once)!r}):\n"
        f"        open({str(once)!r}, 'w').close(); os.kill(os.getpid(), 9)\n"
        f"    {NOTHING}"
    )
    with pytest.raises(IdentifyError) as caught:
        identifying.find(small.session, item_of(small))
    assert str(caught.value) == "Reading the picture stopped by itself. Nothing was changed; please try again."
    assert identifying.find(small.session, item_of(small)) == ()


def test_closing_ends_the_reader(small: Small, acting: Callable[[str], Reader]) -> None:
    reader = acting(NOTHING)
    identifying.find(small.session, item_of(small))
    assert reader.process > 0
    identifying.stop()
    assert reader.process == 0


def test_without_the_extra_part_one_sentence_and_the_packaged_app_has_its_own(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert identifying.available() == ""
    monkeypatch.setattr("mips_desk.identify.reader._NEEDED", ("a_package_that_is_not_there",))
    with pytest.raises(IdentifyError) as caught:
        identifying.find(small.session, item_of(small))
    assert str(caught.value) == identifying.available()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    said = identifying.available()
    assert said == "This edition of MIPS Desk cannot read pictures; the one installed with Python can."
    with pytest.raises(IdentifyError, match="This edition"):
        identifying.find(small.session, item_of(small))


def test_the_packaged_app_leaves_the_extra_part_out() -> None:
    """What the installer excludes is what `available` looks for; otherwise half of an engine would be packed."""
    spec = (Path(__file__).resolve().parents[3] / "build_installer.spec").read_text(encoding="utf-8")
    excluded = set(ast.literal_eval(spec[spec.index("excludes=[") + 9 :].partition("]")[0] + "]"))
    assert set(_NEEDED) <= excluded


def too_large() -> bytes:
    """A file of some bytes that says it is 20 000 x 20 000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [too_large(), b"", b"%PDF-1.7 a document", b"\x89PNG\r\n\x1a\n cut off"],
    ids=["large", "empty", "pdf", "cut"],
)
def test_what_is_no_picture_never_reaches_the_reader(
    data: bytes, reader: FakeReader, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(data)
    with pytest.raises(BadInputError):
        identifying.find_in_file(path)
    assert reader.asked == (0, 0)
    assert cli.run(["identifiers", str(path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1


def test_the_command(reader: FakeReader, turned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["identifiers", str(turned), "--json"]) == 0
    printed = capsys.readouterr()
    assert [each["kind"] for each in json.loads(printed.out)] == ["name", "photo", "date"]
    assert "Look at the whole picture yourself" in printed.err
    assert cli.run(["identifiers", str(turned)]) == 0
    assert "Maria Lopez" in capsys.readouterr().out
    for wrong in (
        ["identifiers", str(turned.with_name("none.png"))],
        ["identifiers", str(turned.parent)],
        ["identifiers"],
    ):
        assert cli.run(wrong) == 2
        assert capsys.readouterr().out == ""


def test_the_command_ends_the_reader_also_when_it_fails(
    turned: Path, acting: Callable[[str], Reader], capsys: pytest.CaptureFixture[str]
) -> None:
    reader = acting("os.kill(os.getpid(), 9)")
    assert cli.run(["identifiers", str(turned)]) == 2
    assert "stopped by itself" in capsys.readouterr().err
    assert reader.process == 0


def test_the_command_without_the_extra_part(
    turned: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mips_desk.identify.reader._NEEDED", ("a_package_that_is_not_there",))
    assert "mips-desk[ocr]" in identifying.available()
    assert cli.run(["identifiers", str(turned)]) == 2
    assert "mips-desk[ocr]" in capsys.readouterr().err
