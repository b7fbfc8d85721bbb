"""Whatever is done to a package shows, and what is built to do harm is not read."""

import hashlib
import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mips_desk.binder.package import FileEntry, MissingEntry, decode, encode
from mips_desk.binder.package_verify import PackageCheck, is_zip, verify_package
from mips_desk.binder.package_zip import MOST_ENTRIES, ZipOut, read_structure
from mips_desk.binder.signature import sign_data
from mips_desk.errors import BadInputError
from mips_desk.services import verifying

from .package_sample import PASSPHRASE, contents, identity, small_content, write

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("verify"), small_content(2)).files[0]


def packed(path: Path, files: dict[str, bytes], parts: tuple[int, int] = (1, 1)) -> Path:
    """Pack files as the app does, seal included, as somebody who knows how could do too."""
    with path.open("w+b") as stream:
        out = ZipOut(stream)
        for name, data in files.items():
            out.add(name, len(data), [data])
        out.finish(*parts)
    return path


def said(check: PackageCheck) -> dict[str, str]:
    return dict(check.problems)


def test_an_untouched_one_is_sound(package: Path) -> None:
    check = verify_package(package)
    assert check.problems == ()
    assert check.opened
    assert check.signature is not None
    assert check.signature.name == "Riverside Family Practice"
    assert check.sha256 == hashlib.sha256(package.read_bytes()).hexdigest()
    assert verifying.kind_of(package) == "package"
    assert is_zip(package)


def test_packing_the_same_files_again_gives_the_same_bytes(package: Path, tmp_path: Path) -> None:
    assert packed(tmp_path / "again.zip", contents(package)).read_bytes() == package.read_bytes()


def _flipped(data: bytes, at: int, mask: int) -> bytes:
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]


def test_every_byte_around_the_contents_is_covered(package: Path, tmp_path: Path) -> None:
    data = package.read_bytes()
    with package.open("rb") as file:
        found = read_structure(file)
    inside = {at for entry in found.entries for at in range(entry.start, entry.start + entry.length)}
    around = [at for at in range(len(data)) if at not in inside]
    target = tmp_path / "p.zip"
    chance = random.Random(5)
    for at in around[::7] + around[-200:]:
        target.write_bytes(_flipped(data, at, chance.randrange(1, 256)))
        assert verify_package(target).problems, at


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_a_changed_byte_is_named_where_it_is(share: float, mask: int, package: Path, tmp_path: Path) -> None:
    data = package.read_bytes()
    at = int(share * len(data))
    with package.open("rb") as file:
        inside = next(
            (entry.name for entry in read_structure(file).entries if entry.start <= at < entry.start + entry.length), ""
        )
    target = tmp_path / "p.zip"
    target.write_bytes(_flipped(data, at, mask))
    problems = said(verify_package(target))
    assert problems
    if inside:
        assert {where.partition(",")[0] for where in problems} == {inside}


@pytest.mark.parametrize("length", [100, 5000, -1, -70, -2000])
def test_a_file_that_was_cut_is_not_sound(length: int, package: Path, tmp_path: Path) -> None:
    target = tmp_path / "p.zip"
    target.write_bytes(package.read_bytes()[:length])
    assert verify_package(target).problems


@pytest.mark.parametrize("more", [b"\0", b"x" * 500])
def test_bytes_behind_or_before_show(more: bytes, package: Path, tmp_path: Path) -> None:
    for data in (package.read_bytes() + more, more + package.read_bytes()):
        target = tmp_path / "p.zip"
        target.write_bytes(data)
        assert verify_package(target).problems


def _change(name: str, old: bytes, new: bytes) -> Change:
    def change(files: dict[str, bytes]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


def _add(files: dict[str, bytes]) -> None:
    files["exhibits/2024-IA_BE_4-09.png"] = b"more"


def _remove(files: dict[str, bytes]) -> None:
    del files["exhibits/2024-IA_BE_4-02.png"]


def _rename(files: dict[str, bytes]) -> None:
    files["exhibits/2024-IA_BE_4-07.png"] = files.pop("exhibits/2024-IA_BE_4-02.png")


def _swap(files: dict[str, bytes]) -> None:
    one, two = "exhibits/2024-IA_BE_4-01.png", "exhibits/2024-IA_BE_4-02.png"
    files[one], files[two] = files[two], files[one]


def _unsign(files: dict[str, bytes]) -> None:
    del files["manifest.json.sig"]


def _unlist(files: dict[str, bytes]) -> None:
    del files["manifest.json"]


def _forge(files: dict[str, bytes]) -> None:
    """Change an exhibit and all lists with it; only the signature cannot be made anew."""
    name = "exhibits/2024-IA_BE_4-01.png"
    old = hashlib.sha256(files[name]).hexdigest().encode()
    files[name] = files[name][:-1] + b"\0"
    new = hashlib.sha256(files[name]).hexdigest().encode()
    manifest = hashlib.sha256(files["manifest.json"]).hexdigest().encode()
    files["manifest.json"] = files["manifest.json"].replace(old, new)
    again = hashlib.sha256(files["manifest.json"]).hexdigest().encode()
    files["SHA256SUMS"] = files["SHA256SUMS"].replace(old, new).replace(manifest, again)


#: What somebody may do who packs the files again with the right seal, and where it shows.
TAMPERING: dict[str, tuple[Change, set[str]]] = {
    "exhibit changed": (_change("exhibits/2024-IA_BE_4-01.png", b"IDAT", b"IDAX"), {"exhibits/2024-IA_BE_4-01.png"}),
    "binder changed": (_change("binder.pdf", b"%%EOF", b"%%EOX"), {"binder.pdf"}),
    "index changed": (_change("index.csv", b"IA_BE_4", b"IA_BE_5"), {"index.csv"}),
    "page changed": (_change("VERIFY.html", b"</html>", b"</html>\n"), {"VERIFY.html"}),
    "manifest changed": (_change("manifest.json", b'"year": 2024', b'"year": 2025'), {"manifest.json"}),
    "manifest broken": (_change("manifest.json", b"{", b"["), {"manifest.json"}),
    "sums changed": (_change("SHA256SUMS", b"binder.pdf", b"binder.pdx"), {"SHA256SUMS"}),
    "signature changed": (_change("manifest.json.sig", b"\x02\x01\x01", b"\x02\x01\x02"), {"manifest.json.sig"}),
    "added": (_add, {"exhibits/2024-IA_BE_4-09.png"}),
    "removed": (_remove, {"exhibits/2024-IA_BE_4-02.png"}),
    "renamed": (_rename, {"exhibits/2024-IA_BE_4-02.png", "exhibits/2024-IA_BE_4-07.png"}),
    "swapped": (_swap, {"exhibits/2024-IA_BE_4-01.png", "exhibits/2024-IA_BE_4-02.png"}),
    "unsigned": (_unsign, {"manifest.json.sig"}),
    "unlisted": (_unlist, {"manifest.json"}),
    "forged": (_forge, {"manifest.json.sig"}),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_with_a_right_seal_shows_where_it_is(name: str, package: Path, tmp_path: Path) -> None:
    change, places = TAMPERING[name]
    files = contents(package)
    change(files)
    found = said(verify_package(packed(tmp_path / "p.zip", files)))
    assert {where.partition(",")[0] for where in found} == places


def test_where_the_binder_inside_was_changed_is_named(package: Path, tmp_path: Path) -> None:
    files = contents(package)
    binder = bytearray(files["binder.pdf"])
    with pikepdf.open(io.BytesIO(binder)) as pdf:
        picture = next(found for page in pdf.pages for found in page.get_images().values())
        raw = picture.read_raw_bytes()
    at = files["binder.pdf"].index(raw[:400]) + len(raw) // 2
    binder[at] ^= 1
    files["binder.pdf"] = bytes(binder)
    found = said(verify_package(packed(tmp_path / "p.zip", files)))
    assert found["binder.pdf"] == "It was changed."
    assert [what for where, what in found.items() if where.startswith("binder.pdf, Exhibit 2024-IA_BE_4-0")] == [
        "The picture was changed."
    ]


def test_a_part_passed_off_as_the_whole_shows(package: Path, tmp_path: Path) -> None:
    check = verify_package(packed(tmp_path / "p.zip", contents(package), (1, 2)))
    assert said(check) == {"Seal": "It names another number of parts."}


# Files that are built to do harm (I4). Each has the right ending, so that it is taken for a package.


def _zip(path: Path, build: Callable[[zipfile.ZipFile], None]) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        build(out)
        out.comment = b"MIPS Desk audit package, part 1 of 1, seal " + b"0" * 64
    return path


def _info(name: str, mode: int = 0o100644, method: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system, info.external_attr, info.compress_type = 3, mode << 16, method
    return info


BOMBS: dict[str, Callable[[zipfile.ZipFile], None]] = {
    "above": lambda out: out.writestr(_info("../x"), b"x"),
    "inside above": lambda out: out.writestr(_info("exhibits/../../x"), b"x"),
    "absolute": lambda out: out.writestr(_info("/etc/x"), b"x"),
    "drive": lambda out: out.writestr(_info("C:x"), b"x"),
    "backslash": lambda out: out.writestr(_info("exhibits\\x"), b"x"),
    "device": lambda out: out.writestr(_info("exhibits/"), b""),
    "link": lambda out: out.writestr(_info("link", 0o120777), b"/etc/passwd"),
    "compressed": lambda out: out.writestr(_info("zeros", method=zipfile.ZIP_DEFLATED), bytes(50_000_000)),
    "bidi": lambda out: out.writestr(_info("a\u202egnp.exe"), b"x"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_tricks_are_refused_unread_with_one_sentence(name: str, tmp_path: Path) -> None:
    check = verify_package(_zip(tmp_path / "p.zip", BOMBS[name]))
    assert len(check.problems) == 1
    assert not check.opened


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    def build(out: zipfile.ZipFile) -> None:
        for number in range(MOST_ENTRIES + 1):
            out.writestr(_info(f"f{number}"), b"")

    check = verify_package(_zip(tmp_path / "p.zip", build))
    assert check.problems == (("Table of contents", "It lists more than a package ever holds."),)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    def build(out: zipfile.ZipFile) -> None:
        out.writestr(_info("binder.pdf"), b"one")
        out.writestr(_info("BINDER.pdf"), b"two")

    assert said(verify_package(_zip(tmp_path / "p.zip", build))) == {
        "BINDER.pdf": "The name stands twice in the package."
    }


def test_overlapping_contents_are_refused(tmp_path: Path) -> None:
    def build(out: zipfile.ZipFile) -> None:
        out.writestr(_info("one"), b"same bytes")
        out.writestr(_info("two"), b"same bytes")

    path = _zip(tmp_path / "p.zip", build)
    data = bytearray(path.read_bytes())
    second = data.rindex(b"PK\1\2")
    struct.pack_into("<L", data, second + 42, 0)  # the second entry points to the first
    path.write_bytes(data)
    assert list(said(verify_package(path)).values()) == ["The contents overlap, or something lies between them."]


def test_a_size_that_is_not_there_is_refused(package: Path, tmp_path: Path) -> None:
    data = bytearray(package.read_bytes())
    first = data.index(b"PK\1\2")
    for field in (20, 24):
        struct.pack_into("<L", data, first + field, 0x7FFFFFFF)
    target = tmp_path / "p.zip"
    target.write_bytes(data)
    assert verify_package(target).problems


@pytest.mark.parametrize("data", [b"", b"PK\3\4 and so on", b"%PDF-1.4", b"PK\5\6" + bytes(18)])
def test_other_files_are_told_apart(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    path.write_bytes(data)
    with pytest.raises(BadInputError, match="not an audit package"):
        verify_package(path)
    assert is_zip(path) == data.startswith(b"PK\3\4")


def test_one_that_was_packed_anew_says_what_to_do(package: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    with zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in sorted(contents(package).items()):
            out.writestr(name, data)
    with pytest.raises(BadInputError, match="unpack it and open VERIFY"):
        verify_package(again)


# Encrypted packages


def test_a_changed_byte_of_an_encrypted_one_shows_with_and_without_the_passphrase(tmp_path: Path) -> None:
    path = write(tmp_path, small_content(1), passphrase=PASSPHRASE).files[0]
    data = path.read_bytes()
    with path.open("rb") as file:
        entries = read_structure(file).entries
    target = tmp_path / "flipped.zip"
    chance = random.Random(7)
    for _ in range(60):
        target.write_bytes(_flipped(data, chance.randrange(len(data)), chance.randrange(1, 256)))
        assert verify_package(target).problems
    for entry in entries:
        if entry.encrypted:
            target.write_bytes(_flipped(data, entry.start + entry.length // 2, 1))
            assert entry.name in said(verify_package(target, PASSPHRASE))


def test_a_plain_file_among_encrypted_ones_shows(tmp_path: Path) -> None:
    path = write(tmp_path, small_content(1), passphrase=PASSPHRASE).files[0]
    import pyzipper

    with pyzipper.AESZipFile(path) as found:
        found.setpassword(PASSPHRASE.encode())
        files = {name: found.read(name) for name in found.namelist()}
    target = tmp_path / "q.zip"
    with target.open("w+b") as stream:
        out = ZipOut(stream, PASSPHRASE)
        for name, data in files.items():
            out.add(name, len(data), [data], plain=name in ("HOW-TO-OPEN.txt", "index.csv"))
        out.finish(1, 1)
    assert said(verify_package(target, PASSPHRASE)) == {"index.csv": "It is not encrypted as the others are."}


FILE = FileEntry(path="exhibits/x.png", size=1, sha256="0" * 64)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"complete": False},
        {"files": FileEntry(path="manifest.json", size=1, sha256="0" * 64)},
        {"files": replace(FILE, part=9)},
        {"missing": (MissingEntry(what="x", reason="y"),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_list_that_contradicts_itself_shows_whoever_signed_it(
    change: dict[str, Any], package: Path, tmp_path: Path
) -> None:
    files = contents(package)
    manifest = decode(files["manifest.json"])
    if isinstance(change.get("files"), FileEntry):
        change = {"files": (*manifest.files, change["files"])}
    files["manifest.json"] = encode(replace(manifest, **change))
    files["manifest.json.sig"] = sign_data(identity(), files["manifest.json"])
    check = verify_package(packed(tmp_path / "forged.zip", files))
    assert said(check)["manifest.json"].startswith("It contradicts itself")
