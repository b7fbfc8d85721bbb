"""A binder tells by itself whether it is unchanged."""

import hashlib
import random
import re
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from mips_desk.binder.content import BinderContent
from mips_desk.binder.field import Signing
from mips_desk.binder.signature import Identity, SignatureCheck, new_identity, sign_data
from mips_desk.binder.verify import BinderCheck, verify_binder
from mips_desk.binder.write import BinderFile, write_binder
from mips_desk.errors import BadInputError

from . import binder_sample as sample


def small_content() -> BinderContent:
    selection = sample.portal_part().selection
    sheets = (sample.sheet(selection, 1, sample.PORTAL.guidance.options[0], (320, 200)),)
    return sample.content(sample.portal_part(sheets=sheets), journal_entries=())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("small") / "small.pdf"
    write_binder(small_content(), path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def identity() -> Identity:
    return new_identity("Riverside Family Practice", sample.MADE_AT)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, identity: Identity) -> bytes:
    path = tmp_path_factory.mktemp("signed") / "signed.pdf"
    write_binder(small_content(), path, signing=Signing(identity))
    return path.read_bytes()


def check(data: bytes, tmp_path: Path) -> BinderCheck:
    path = tmp_path / "changed.pdf"
    path.write_bytes(data)
    return verify_binder(path)


def test_an_untouched_binder_is_sealed_and_says_what_it_is(sample_file: tuple[Path, BinderFile]) -> None:
    path, written = sample_file
    found = verify_binder(path)
    assert found == BinderCheck(
        "MD-2024-7F3K-9Q2M",
        2024,
        "Riverside Family Practice",
        True,
        (),
        written.sha256,
        written.pages,
        "REDACTED",
        sample.MADE_AT,
    )


def test_a_signed_binder_says_by_whom(small: bytes, signed: bytes, identity: Identity, tmp_path: Path) -> None:
    found = check(signed, tmp_path)
    assert (found.sealed, found.problems) == (True, ())
    assert found.signature == SignatureCheck("Riverside Family Practice", identity.fingerprint, own=True)
    assert check(small, tmp_path).signature is None


def sampled(data: bytes, count: int) -> list[int]:
    """Places all over a file, more of them where the signature, the metadata and the end are."""
    rng = random.Random(6)
    contents = data.find(b"/Contents <")
    dense = [contents + at for at in range(0, 3000, 97)] if contents >= 0 else []
    tail = [len(data) - 1 - at for at in range(0, 1200, 57)]
    metadata = data.index(b"<?xpacket begin")
    return [
        0,
        9,
        *dense,
        *tail,
        *range(metadata, metadata + 4000, 131),
        *(rng.randrange(len(data)) for _ in range(count)),
    ]


@pytest.mark.parametrize("which", ["small", "signed"])
def test_every_changed_byte_is_reported_with_its_place(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The run over 10,000 places is tests/faults/binder_flips.py."""
    original = request.getfixturevalue(which)
    assert check(original, tmp_path).problems == ()
    rng = random.Random(7)
    for place in sampled(original, 60):
        data = bytearray(original)
        data[place] ^= 1 << rng.randrange(8)
        found = check(bytes(data), tmp_path)
        assert any(where != "Seal" for where, _what in found.problems), place


def test_the_place_is_that_of_the_change(signed: bytes, tmp_path: Path) -> None:
    def places(data: bytes) -> set[str]:
        return {where for where, _what in check(data, tmp_path).problems}

    def flipped(at: int) -> bytes:
        data = bytearray(signed)
        data[at] ^= 1
        return bytes(data)

    assert places(flipped(signed.index(b"<binder:practice>") + 20)) == {"Seal", "Metadata", "Signature"}
    assert places(flipped(signed.index(b"/Contents <") + 900)) == {"Signature"}
    assert places(flipped(signed.index(b"> >>\nendobj", signed.index(b"/Contents <")) - 1)) == {"Signature"}
    assert places(flipped(signed.index(b"/Length1 ") + 10)) == {"Seal", "Structure", "Signature"}
    assert places(flipped(signed.rindex(b" 00000 n \n") - 3)) >= {"Seal", "Signature"}
    wider = places(signed.replace(b"/Width 320", b"/Width 310"))
    assert {where.partition(",")[0] for where in wider} == {"Seal", "Exhibit 2024-IA_BE_4-01", "Signature"}


def test_what_comes_after_the_end_is_reported(signed: bytes, small: bytes, tmp_path: Path) -> None:
    for data in (signed, small):
        assert ("File", "It is cut off, or something was added after its end.") in check(data + b"x", tmp_path).problems
        assert check(data + b"\n", tmp_path).problems
        again = tmp_path / "again.pdf"
        again.write_bytes(data)
        start = data[data.rindex(b"startxref") :].split()[1]
        revision = b"1 0 obj\nnull\nendobj\nxref\n0 0\ntrailer\n<< /Size 2 /Prev %s >>\nstartxref\n%d\n%%%%EOF\n"
        found = check(data + revision % (start, len(data)), tmp_path)
        assert ("File", "A later version of it was added after its end.") in found.problems


def test_a_signature_that_was_taken_out_or_put_elsewhere_is_reported(
    signed: bytes, identity: Identity, tmp_path: Path
) -> None:
    start = signed.index(b"/Contents <") + 11
    end = signed.index(b">", start)
    digits = signed[start:end]
    for other in (b"0" * len(digits), digits.upper(), digits[:-2] + b"01"):
        found = check(signed[:start] + other + signed[end:], tmp_path)
        assert [where for where, _what in found.problems] == ["Signature"]
    elsewhere = sign_data(identity, b"another file").hex().encode().ljust(len(digits), b"0")
    problems = check(signed[:start] + elsewhere + signed[end:], tmp_path).problems
    assert problems == (("Signature", "The signature does not fit: the file was changed since it was signed."),)
    found = check(signed.replace(b"/ByteRange [0 ", b"/ByteRange [9 "), tmp_path)
    assert "Signature" in dict(found.problems)


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
    assert [where for where, _what in found.problems] == ["Seal", "Metadata", "Page 3", "Structure"]
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


def sealed_anew(data: bytes) -> bytes:
    """As somebody does who knows how a seal is made."""
    seal = re.search(rb"\n<binder:seal>([0-9a-f]{64})</binder:seal>\n", data)
    assert seal is not None
    blank = bytearray(data)
    blank[seal.start(1) : seal.end(1)] = b"0" * 64
    gap = re.search(rb"/Contents <([0-9a-f]{1000,})>", data)
    whole = bytearray(blank)
    if gap:
        whole[gap.start(1) : gap.end(1)] = b"0" * len(gap[1])
    blank[seal.start(1) : seal.end(1)] = hashlib.sha256(whole).hexdigest().encode()
    return bytes(blank)


def test_a_seal_that_was_made_anew_does_not_hide_everything(small: bytes, signed: bytes, tmp_path: Path) -> None:
    assert sealed_anew(small) == small
    other_year = small.replace(b"<binder:year>2024<", b"<binder:year>2025<")
    found = check(sealed_anew(other_year), tmp_path)
    assert found.sealed
    assert [where for where, _ in found.problems] == ["Metadata"]
    first_version = re.sub(rb"; structure: [0-9a-f]{64}", b"", small)
    assert len(first_version) < len(small)
    assert "Metadata" not in dict(check(sealed_anew(first_version), tmp_path).problems)
    table = small.rindex(b"\nxref\n") + 1
    later = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 9999 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    continued = check(sealed_anew(small + later % (table, len(small))), tmp_path)
    assert ("File", "A later version of it was added after its end.") in continued.problems
    signature = re.search(rb"/ByteRange \[[^]]*\] /Contents <[0-9a-f]+>", signed)
    assert signature is not None
    bare = signed[: signature.start()] + b" " * len(signature[0]) + signed[signature.end() :]
    taken_out = (("Signature", "It was taken out or damaged: its place is there."),)
    assert check(sealed_anew(bare), tmp_path).problems == taken_out


def bomb(contents: bytes, *streams: bytes, table: bytes = b"") -> bytes:
    """A file that says it is a binder, with a page that draws what is given."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents " + contents + b" >>",
        *streams,
    ]
    data = b"%PDF-1.5\n%MIPS Desk binder\n"
    for number, each in enumerate(objects, 1):
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    return data + (table or b"trailer << /Root 1 0 R >>") + b"\nstartxref\n%d\n%%%%EOF\n" % len(data)


def stream(described: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (described, len(data), data)


def test_a_file_that_was_made_to_fill_the_memory_is_not_unpacked(tmp_path: Path) -> None:
    packed = zlib.compress(zlib.compress(bytes(200 << 20), 9), 9)
    twice = b"/Filter [/FlateDecode /FlateDecode]"
    once = stream(b"/Filter /FlateDecode", zlib.compress(bytes(9 << 20), 9))
    table = b"9 0 obj\n%s\nendobj" % stream(b"/Type /X#52ef /Size 9 /W [1 2 1] /Root 1 0 R " + twice, packed)
    files = {
        "a page packed twice": bomb(b"4 0 R", stream(twice, packed)),
        "a page that draws the same again and again": bomb(b"[" + b"4 0 R " * 60 + b"]", once),
        "a packed table of objects": bomb(b"[]", table=table),
    }
    for name, data in files.items():
        assert len(data) < 50_000
        path = tmp_path / "bomb.pdf"
        path.write_bytes(data)
        code = (
            "import resource, sys; from pathlib import Path; from mips_desk.binder.verify import verify_binder\n"
            "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "found = verify_binder(Path(sys.argv[1]))\n"
            "print(len(found.problems), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
        )
        done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
        problems, megabytes = map(int, done.stdout.split())
        assert problems
        assert megabytes < 120, name


def test_pages_that_cannot_be_read_are_not_called_unchanged(tmp_path: Path) -> None:
    found = check(bomb(b"4 0 R", stream(b"/Filter /Odd", b"x")), tmp_path)
    assert ("Page 1", "What the page says was changed.") in found.problems


def test_not_every_place_is_named_when_there_are_very_many(tmp_path: Path) -> None:
    data = bomb(b"[]").replace(b"/Count 1 /Kids [3 0 R]", b"/Count 5000 /Kids [" + b"3 0 R " * 5000 + b"]")
    assert len(check(data, tmp_path).problems) < 300


def test_words_that_look_like_parts_of_a_file_are_words(identity: Identity, tmp_path: Path) -> None:
    words = "\n/XRef /ObjStm \nstartxref\n1\n%%EOF\n<binder:seal>" + "a" * 64 + "</binder:seal>\n/ByteRange [0 1 2 3]\n"
    content = small_content()
    content = replace(content, practice=replace(content.practice, name=words, address=words), prepared_by=words)
    for signing in (None, Signing(identity)):
        out = tmp_path / "binder.pdf"
        write_binder(content, out, signing=signing)
        assert verify_binder(out).problems == ()
