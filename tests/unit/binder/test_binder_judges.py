"""Programs of others find the binders sound: PDF/A-1b, structure, embedded fonts, signature.

The binders of the sample practice are judged in tests/cli/test_binder_judged.py, one of 3,000 exhibits in
tests/faults/large_binder.py.
"""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mips_desk.binder.content import BinderContent
from mips_desk.binder.field import Signing
from mips_desk.binder.signature import Identity, new_identity, pem, sign_data
from mips_desk.binder.write import write_binder
from tests import judges

from . import binder_sample as sample

NAMES = "Ольга Иванова, 李小龙, محمد علي, עדי לוי, Ελένη, 🩺👩🏽‍⚕️"
HOSTILE = "<b>bold</b> & <img src=x> \u202edesrever\u202c \x07\x1b[31m ]]> (a\\) <binder:seal>0</binder:seal> %%EOF"
LONG = "We answer every message within two days. 每天回复。 Отвечаем. " * 90


def _small(**changes: object) -> BinderContent:
    return sample.content(sample.portal_part(1), **changes)


def _worded(words: str) -> BinderContent:
    """A binder in which everything that a person types says the same."""
    part = sample.portal_part(1)
    item = replace(part.exhibits[0].item, caption=words[:300], address=words[:200])
    sheet = replace(part.exhibits[0], item=item, legend=((1, words[:200]),))
    part = replace(part, selection=replace(part.selection, story=words[:5000]), exhibits=(sheet,))
    clinicians = tuple(replace(each, name=words[:60]) for each in sample.CLINICIANS)
    practice = replace(sample.PRACTICE, name=words[:70], address=words[:120])
    return sample.content(part, practice=practice, clinicians=clinicians, prepared_by=words[:60])


CASES: dict[str, Callable[[], BinderContent]] = {
    "sample": sample.content,
    "empty": lambda: sample.content(parts=(), journal_entries=()),
    "names": lambda: _worded(NAMES),
    "hostile": lambda: _worded(HOSTILE),
    "long": lambda: _worded(LONG),
    "a4": lambda: _small(paper="a4"),
}


@pytest.fixture(scope="module")
def identity() -> Identity:
    return new_identity(NAMES[:40], sample.MADE_AT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, identity: Identity) -> Path:
    """Every case, plain and signed."""
    folder = tmp_path_factory.mktemp("judged")
    for name, make in CASES.items():
        content = make()
        write_binder(content, folder / f"{name}.pdf")
        if name in ("sample", "empty", "hostile"):
            write_binder(content, folder / f"{name}-signed.pdf", signing=Signing(identity))
    return folder


def test_every_binder_is_archival(folder: Path) -> None:
    found = judges.preflight(folder)
    assert len(found) == len(CASES) + 3
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_preflight_can_say_no(folder: Path, tmp_path: Path) -> None:
    data = (folder / "empty.pdf").read_bytes()
    (tmp_path / "no.pdf").write_bytes(data.replace(b"<pdfaid:part>1</pdfaid:part>", b"<pdfaid:part>7</pdfaid:part>"))
    assert judges.preflight(tmp_path)["no.pdf"]


def test_every_structure_is_sound_and_every_font_inside(folder: Path) -> None:
    for file in sorted(folder.glob("*.pdf")):
        assert judges.qpdf_complaints(file) == "", file.name
        assert judges.fonts_outside(file) == [], file.name
        facts = judges.info(file)
        assert (facts["PDF version"], facts["JavaScript"], facts["Encrypted"]) == ("1.4", "no", "no"), file.name


def test_poppler_finds_the_signature_valid(folder: Path) -> None:
    for name in ("sample", "empty", "hostile"):
        said = judges.signature(folder / f"{name}-signed.pdf")
        assert "Signature is Valid." in said
        assert "Total document signed" in said
        assert "Signature #2" not in said
        assert "Signature is Valid." not in judges.signature(folder / f"{name}.pdf")


def test_poppler_finds_a_changed_file_not_valid(folder: Path, tmp_path: Path) -> None:
    data = bytearray((folder / "empty-signed.pdf").read_bytes())
    data[data.index(b"<binder:practice>") + 30] ^= 1
    (tmp_path / "changed.pdf").write_bytes(data)
    assert "Signature is Valid." not in judges.signature(tmp_path / "changed.pdf")


def test_openssl_finds_a_signature_over_data_valid(identity: Identity, tmp_path: Path) -> None:
    """As a receiver checks the manifest of a package."""
    judges.need("openssl")
    for name, data in (("data", b"manifest"), ("other", b"manifesT"), ("sig", sign_data(identity, b"manifest"))):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "ca.pem").write_bytes(pem(identity.certificate))
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-binary", "-purpose", "any", "-out", "/dev/null"]
    for name, code in (("data", 0), ("other", 4)):
        given = ["-in", "sig", "-content", name, "-CAfile", "ca.pem", "-no_check_time"]
        done = subprocess.run([*command, *given], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == code, done.stderr
