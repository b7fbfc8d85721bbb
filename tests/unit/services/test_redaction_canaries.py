"""What lies below a redaction is found in no place: one test a place, after several ways to the same marks.

The picture is gray but for a magenta block below the redaction, so that any pixel that leans to magenta, however it
was scaled, is a leak. Words are typed below the redaction too: a label and a numbered step.
"""

import csv
import io
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from mips_desk import logs
from mips_desk.annotate.codec import decode
from mips_desk.annotate.marks import Crop, Mark, Redaction, Step, Text
from mips_desk.binder.content import Paper
from mips_desk.domain.evidence import Source
from mips_desk.identify.kinds import Word
from mips_desk.services import binding, collect, drafts, evidence_text, finding, journaling, packaging, previewing
from mips_desk.services.session import Session
from mips_desk.store.marks_history import marks_history

from .closing_sample import Small, small_practice

CANARY = "Zzyzxcanary"
SIZE = (400, 300)
BLOCK = (120, 80, 260, 120)
COVER = Redaction(id="cover", x=119.4, y=79.6, width=142, height=42, reason="name")
LABEL = Text(id="label", x=125, y=85, text=CANARY, size=14, color="black")
STEP = Step(id="step", x=200, y=100, text=f"{CANARY} called", number=1)
OPEN_STEP = Step(id="open", x=30, y=200, text="Answered the same day", number=2)
MARKS: tuple[Mark, ...] = (LABEL, STEP, OPEN_STEP, COVER)


def picture() -> bytes:
    image = Image.linear_gradient("L").resize(SIZE).convert("RGB")
    image.paste((255, 0, 255), BLOCK)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def leaks(image: Image.Image) -> int:
    """Return the number of pixels that lean to magenta."""
    red, green, blue = image.convert("RGB").split()
    leaning = ImageChops.subtract(ImageChops.darker(red, blue), green)
    return sum(leaning.histogram()[7:])


@dataclass
class World:
    small: Small
    item: str
    folder: Path

    @property
    def s(self) -> Session:
        return self.small.session


def _directly(s: Session, item: str) -> None:
    collect.set_marks(s, item, MARKS)


def _undone_and_redone(s: Session, item: str) -> None:
    collect.set_marks(s, item, (LABEL, STEP, OPEN_STEP))
    change = collect.set_marks(s, item, MARKS)
    assert change.undo is not None
    back = change.undo()
    assert back.undo is not None
    back.undo()


def _an_older_revision_restored(s: Session, item: str) -> None:
    collect.set_marks(s, item, MARKS)
    collect.set_marks(s, item, (LABEL,))
    collect.set_marks(s, item, ())
    oldest = marks_history(s.vault, item)[-1]
    collect.set_marks(s, item, decode(oldest.data))


def _two_redactions_that_meet(s: Session, item: str) -> None:
    halves = [Redaction(x=119.4, y=79.6, width=70, height=42), Redaction(x=189, y=79.6, width=73, height=42)]
    collect.set_marks(s, item, (*halves, LABEL, STEP, OPEN_STEP))


def _cut_through(s: Session, item: str) -> None:
    collect.set_marks(s, item, (*MARKS, Crop(x=10.5, y=90.5, width=300, height=200)))


@pytest.fixture(
    scope="module",
    params=[_directly, _undone_and_redone, _an_older_revision_restored, _two_redactions_that_meet, _cut_through],
    ids=lambda way: way.__name__.strip("_").replace("_", " "),
)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("practice")
    small = small_practice(folder)
    s = small.session
    item = collect.add_pictures(s, small.selection, [collect.Incoming(picture(), Source.PASTE)]).changes.id
    stored = s.vault.evidence_item(item)
    # As if read before anybody redacted it.
    words = [Word(CANARY, 125, 85, 100, 20, 0.9, 0, 0), Word("Portal", 20, 200, 60, 20, 0.9, 1, 0)]
    assert evidence_text.keep(s, stored, (), words)
    request.param(s, item)
    stored = s.vault.evidence_item(item)
    assert evidence_text.keep(s, stored, collect.marks_of(s, stored), words)
    collect.look_at(s, item)
    yield World(small, item, folder)
    s.close()


def test_the_canaries_are_there_without_the_redaction(tmp_path: Path) -> None:
    small = small_practice(tmp_path)
    s = small.session
    item = collect.add_pictures(s, small.selection, [collect.Incoming(picture(), Source.PASTE)]).changes.id
    collect.set_marks(s, item, (STEP, Redaction(x=300, y=10, width=4, height=4)))
    stored = s.vault.evidence_item(item)
    assert leaks(Image.open(io.BytesIO(collect.rendition(s, stored)))) > 4000
    assert leaks(Image.open(io.BytesIO(collect.thumbnail(s, stored, (40, 30))))) > 30
    binding.write(s, binding.content(s, 2026), tmp_path / "binder.pdf")
    assert CANARY in " ".join(_texts(tmp_path / "binder.pdf"))
    s.close()


def _texts(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def _streams(path: Path) -> Iterator[bytes]:
    """Every stream of a PDF decoded, every string of it, and its bytes."""
    yield path.read_bytes()
    with pikepdf.open(path) as pdf:
        for found in pdf.objects:
            yield repr(found).encode()
            if isinstance(found, pikepdf.Stream):
                yield found.read_bytes()


@pytest.fixture(scope="module")
def binder(world: World) -> Path:
    out = world.folder / "binder.pdf"
    content = binding.content(world.s, 2026, only_looked_at=True)
    assert [sheet.item.id for sheet in content.exhibits if not sheet.withheld].count(world.item) == 1
    binding.write(world.s, content, out)
    return out


def test_not_in_the_pictures_of_the_binder(binder: Path) -> None:
    with pikepdf.open(binder) as pdf:
        images = [pikepdf.PdfImage(each).as_pil_image() for page in pdf.pages for each in page.get_images().values()]
    assert len(images) == 2
    assert [leaks(image) for image in images] == [0, 0]


def test_not_in_the_words_of_the_binder(binder: Path) -> None:
    text = " ".join(_texts(binder))
    assert "zzyzx" not in text.lower()
    assert "Answered the same day" in " ".join(text.split())
    for data in _streams(binder):
        assert b"zzyzx" not in data.lower()


def test_not_in_the_audit_package(world: World, tmp_path: Path) -> None:
    plan = packaging.plan(binding.content(world.s, 2026))
    made, _ = packaging.write(world.s, plan, tmp_path / "package.zip")
    pictures = 0
    for path in made.files:
        assert CANARY.encode() not in path.read_bytes()
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                data = package.read(name)
                assert CANARY.encode() not in data + name.encode()
                if name.endswith(".png"):
                    pictures += 1
                    assert leaks(Image.open(io.BytesIO(data))) == 0
                elif name.endswith(".pdf"):
                    copy = tmp_path / "inside.pdf"
                    copy.write_bytes(data)
                    assert not any(CANARY.encode() in stream for stream in _streams(copy))
                    assert CANARY not in " ".join(_texts(copy))
    assert pictures == 2


def test_not_on_the_pages_of_the_preview(world: World) -> None:
    preview = previewing.preview(world.s, 2026)
    for number in range(1, preview.pages + 1):
        assert leaks(Image.open(io.BytesIO(preview.page(number, 500)))) == 0


def test_not_in_renditions_and_thumbnails(world: World) -> None:
    item = world.s.vault.evidence_item(world.item)
    assert leaks(Image.open(io.BytesIO(collect.rendition(world.s, item)))) == 0
    for box in ((399, 299), (200, 200), (160, 100), (33, 33), (7, 7), (1, 1)):
        assert leaks(Image.open(io.BytesIO(collect.thumbnail(world.s, item, box)))) == 0


def test_not_in_the_search(world: World) -> None:
    for text in (CANARY, "zzyz", f"{CANARY} called"):
        assert finding.find(world.s, text) == ()
    assert not any(CANARY in word.text for word in evidence_text.words_of(world.s, world.item))
    with world.s.vault.reading() as db:
        # As SQLite keeps it, also what was taken out before.
        for table in ("text_search_data", "search_data"):
            blocks = db.execute(f"SELECT block FROM {table}").fetchall()
            assert not any(b"zzyzx" in bytes(block).lower() for (block,) in blocks)
        for text, words in db.execute("SELECT text, words FROM evidence_text").fetchall():
            assert "zzyzx" not in text.lower()
            assert b"zzyzx" not in bytes(words).lower()


def test_not_in_drafts(world: World) -> None:
    assert drafts.unfinished(world.s) == ()
    with world.s.vault.reading() as db:
        assert db.execute("SELECT count(*) FROM draft").fetchone()[0] == 0


def test_not_in_the_words_of_the_journal(world: World) -> None:
    rows = journaling.entries(world.s, journaling.EVERYTHING).rows
    assert len(rows) > 5
    assert "zzyzx" not in repr(rows).lower()
    assert "zzyzx" not in repr(world.s.vault.journal()).lower()


def test_not_in_extracts_of_the_journal(world: World) -> None:
    table, paper = world.folder / "journal.csv", world.folder / "journal.pdf"
    journaling.write_csv(world.s, journaling.EVERYTHING, table)
    journaling.write_pdf(world.s, journaling.EVERYTHING, paper, Paper.LETTER)
    assert len(list(csv.reader(table.read_text(encoding="utf-8-sig").splitlines()))) > 5
    assert b"zzyzx" not in table.read_bytes().lower()
    for data in _streams(paper):
        assert b"zzyzx" not in data.lower()


def test_not_in_logs(world: World) -> None:
    logs_of = io.StringIO()
    handler = logging.StreamHandler(logs_of)
    handler.setFormatter(logs._NoText())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        item = world.s.vault.evidence_item(world.item)
        collect.rendition(world.s, item)
        binding.write(world.s, binding.content(world.s, 2026), world.folder / "binder.pdf")
        try:
            raise ValueError(CANARY)
        except ValueError:
            logging.getLogger("mips_desk").exception("The picture could not be drawn")
    finally:
        root.removeHandler(handler)
        root.setLevel(logging.WARNING)
    assert "could not be drawn" in logs_of.getvalue()
    assert "zzyzx" not in logs_of.getvalue().lower()


def test_not_in_any_file(world: World, binder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Vault, log of writes, backups, temporary files and the person's folders, byte for byte; unpacked where packed."""
    original = picture()
    assert CANARY.encode() in world.s.vault.marks(world.item)
    searched = 0
    for path in (*world.folder.rglob("*"), *(tmp_path_factory.getbasetemp() / "home").rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            searched += 1
            assert b"zzyzx" not in data.lower(), path.name
            # Neither the original, nor the packed rows of its pixels.
            assert original[100:160] not in data, path.name
    assert searched >= 3


def test_nothing_can_be_told_from_the_file_size(world: World) -> None:
    """Two pictures that differ only below the redaction make the same rendition, byte for byte."""
    image = Image.open(io.BytesIO(picture()))
    image.paste((12, 200, 7), BLOCK)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    s = world.s
    other = collect.add_pictures(
        s, world.small.selection, [collect.Incoming(stream.getvalue(), Source.PASTE)]
    ).changes.id
    collect.set_marks(s, other, collect.marks_of(s, s.vault.evidence_item(world.item)))
    one, two = (collect.rendition(s, s.vault.evidence_item(each)) for each in (world.item, other))
    assert one == two


def test_the_log_of_redactions_names_the_first_who_covered(world: World) -> None:
    (sheet,) = [each for each in binding.content(world.s, 2026).exhibits if each.item.id == world.item]
    assert {area.by for area in sheet.areas} == {"Ana Ruiz"}
    assert all(area.at for area in sheet.areas)
    assert sheet.legend == ((2, "Answered the same day"),)
