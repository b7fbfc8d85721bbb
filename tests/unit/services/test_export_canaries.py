"""What must stay in the vault is in no file that leaves it: names, notes, pictures that are withheld."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from mips_desk.annotate.marks import Crop
from mips_desk.binder.content import Edition
from mips_desk.domain.evidence import Source
from mips_desk.errors import BadInputError
from mips_desk.services import binding, choose, collect, packaging
from mips_desk.services.session import Session

from .closing_sample import ACTIVITY, small_practice

CANARY = "Zzyzxcanary"
YEAR = 2026


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("practice")
    small = small_practice(folder)
    s = small.session
    choose.set_private_note(s, small.selection, f"{CANARY} private")
    stream = io.BytesIO()
    Image.new("RGB", (90, 60), (255, 0, 255)).save(stream, "PNG", compress_level=0)
    taken = collect.Incoming(stream.getvalue(), Source.CAPTURE, f"{CANARY} chart", f"{CANARY}.png")
    withheld = collect.add_pictures(s, small.selection, [taken]).changes.id
    # Cutting a picture is not redacting it.
    collect.set_marks(s, withheld, (Crop(x=10, y=10, width=40, height=30),))
    out = folder / f"{CANARY} full.pdf"
    binding.write(s, binding.content(s, YEAR, edition=Edition.FULL, full_reason=f"{CANARY} asked"), out)
    yield s
    s.close()


def _parts(path: Path) -> Iterator[bytes]:
    """Everything in a file: what it holds unpacked, and its words."""
    yield path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as found:
            for name in found.namelist():
                yield name.encode()
                inside = path.with_name("inside.pdf" if name.endswith(".pdf") else "inside.bin")
                inside.write_bytes(found.read(name))
                yield from _parts(inside)
    elif path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            for each in pdf.objects:
                yield repr(each).encode()
                if isinstance(each, pikepdf.Stream):
                    yield each.read_bytes()
        with pypdfium2.PdfDocument(path) as pages:
            for page in pages:
                yield page.get_textpage().get_text_bounded().encode()


@pytest.mark.parametrize("name", ["binder.pdf", "package.zip"])
def test_a_redacted_file_tells_no_name_no_note_and_no_withheld_picture(
    session: Session, name: str, tmp_path: Path
) -> None:
    content = binding.content(session, YEAR)
    assert [sheet.number for sheet in content.exhibits if sheet.withheld] == [f"{YEAR}-{ACTIVITY}-03"]
    out = tmp_path / name
    if out.suffix == ".zip":
        out = packaging.write(session, packaging.plan(content), out)[0].files[0]
    else:
        binding.write(session, content, out)
    searched = list(_parts(out))
    assert len(searched) > 20
    for data in searched:
        assert b"zzyzx" not in data.lower()
        assert bytes((255, 0, 255)) * 20 not in data


def test_a_reason_that_cannot_be_seen_is_none(session: Session) -> None:
    for reason in ("", "  \n", "\u200b", "\u202e\u2066 \x00"):
        with pytest.raises(BadInputError, match="Say why"):
            binding.content(session, YEAR, edition=Edition.FULL, full_reason=reason)
