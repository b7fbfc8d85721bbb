"""What is in an audit package, and what it is called."""

import csv
import hashlib
import io
import json
import os
import stat
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import jsonschema
import pikepdf
import pytest
from PIL import Image

from mips_desk import spreadsheet
from mips_desk.binder.content import BinderContent, Edition, ExhibitSheet, RequestNote
from mips_desk.binder.package import GUIDES, PackageFile, planned
from mips_desk.binder.package_verify import verify_package
from mips_desk.binder.proof import RedactionProofError
from mips_desk.binder.verify import verify_binder
from mips_desk.errors import BadInputError, CancelledError, MipsDeskError

from . import binder_sample
from .package_sample import ID, PASSPHRASE, VAULT, contents, noisy_content, showing, small_content, write
from .reading import page_texts

Made = tuple[BinderContent, PackageFile, dict[str, bytes]]


CAPTION = '=HYPERLINK("http://example.org";"click")'


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A package of two activities in which one of four exhibits is withheld."""
    content = small_content(3)
    first, second, third = content.exhibits
    withheld = replace(second, withheld="Patient identifiers are neither redacted nor confirmed absent.")
    content = _with(content, first, withheld, third)
    access = binder_sample.access_part()
    access = replace(access, exhibits=tuple(_shrunk(sheet) for sheet in access.exhibits[:1]))
    content = replace(content, parts=(*content.parts, access))
    made = write(tmp_path_factory.mktemp("package"), content)
    return content, made, contents(made.files[0])


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A package in which nothing is missing."""
    content = small_content(1, caption=CAPTION)
    made = write(tmp_path_factory.mktemp("package"), content)
    return content, made, contents(made.files[0])


def test_it_holds_what_was_planned_and_nothing_else(whole: Made) -> None:
    content, made, files = whole
    shown = [sheet for sheet in content.exhibits if not sheet.withheld]
    assert set(files) == {"binder.pdf", *GUIDES, *(f"exhibits/{sheet.number}.png" for sheet in shown)}
    plan = planned(content, ID)
    there = {entry.path for entry in plan.entries if entry.path and not entry.missing}
    assert there == set(files)
    assert made.exhibits == len(shown) < len(content.exhibits)
    for sheet in shown:
        assert files[f"exhibits/{sheet.number}.png"] == sheet.load()


def test_names_and_index_tell_no_caption_and_no_file_name(whole: Made) -> None:
    content, _, files = whole
    names = " ".join(files)
    for sheet in content.exhibits:
        assert sheet.item.caption not in names
        assert sheet.origin
        assert sheet.origin.encode() not in b"".join(files[name] for name in ("index.csv", "manifest.json"))


def test_the_manifest_fits_its_published_schema(whole: Made) -> None:
    content, made, files = whole
    manifest, schema = json.loads(files["manifest.json"]), json.loads(files["manifest.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(manifest, schema, jsonschema.Draft202012Validator)
    for wrong in ({"format": 2}, {"complete": True}, {"extra": 1}, {"files": []}, {"vault": ""}, {"package": "x"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**manifest, **wrong}, schema, jsonschema.Draft202012Validator)
    assert manifest["practice"] == content.practice.name
    assert (manifest["vault"], manifest["package"]) == (VAULT, ID)
    assert manifest["binder_pages"] == made.pages
    listed = {entry["path"]: entry for entry in manifest["files"]}
    assert set(listed) == set(files) - {"manifest.json", "manifest.json.sig", "SHA256SUMS"}
    for path, entry in listed.items():
        assert entry["size"] == len(files[path])
        assert entry["sha256"] == hashlib.sha256(files[path]).hexdigest()


def test_what_is_missing_is_listed_with_its_reason_everywhere(whole: Made) -> None:
    content, made, files = whole
    withheld = [sheet for sheet in content.exhibits if sheet.withheld]
    manifest = json.loads(files["manifest.json"])
    assert withheld
    assert not manifest["complete"]
    said = {entry["what"]: entry for entry in manifest["missing"]}
    assert len(manifest["missing"]) == made.missing == content.missing
    rows = {row["exhibit"]: row for row in _rows(files["index.csv"])}
    assert set(rows) == {sheet.number for sheet in content.exhibits}
    first = _first_page(files)
    assert f"PARTIAL: {made.missing} items are missing" in first
    for sheet in withheld:
        entry = said[f"Exhibit {sheet.number}"]
        assert (entry["reason"], entry["path"]) == (sheet.withheld, f"exhibits/{sheet.number}.png")
        assert rows[sheet.number]["missing"] == sheet.withheld
        assert rows[sheet.number]["file"] == rows[sheet.number]["sha256"] == ""
        assert sheet.number in first
    assert [path.name for path in made.files] == ["p-PARTIAL.zip"]


def test_a_complete_one_is_called_complete(complete: Made) -> None:
    content, made, files = complete
    plan = planned(content, ID)
    assert not plan.partial, plan.missing
    assert [path.name for path in made.files] == ["p.zip"]
    assert json.loads(files["manifest.json"])["complete"]
    text = _first_page(files)
    assert "COMPLETE" in text
    assert "PARTIAL" not in text


def test_file_names() -> None:
    partial = planned(binder_sample.content(), ID)
    complete = planned(small_content(), ID)
    assert partial.file_name("a.zip") == "a-PARTIAL.zip"
    assert partial.file_name("a-PARTIAL.zip") == "a-PARTIAL.zip"
    assert partial.file_name("a b.c.zip", 2, 3) == "a b.c-PARTIAL-part-2-of-3.zip"
    assert complete.file_name("a") == "a.zip"
    assert complete.file_name("a.ZIP", 1, 2) == "a-part-1-of-2.ZIP"


def test_the_index_is_harmless_in_a_spreadsheet(complete: Made) -> None:
    _, _, files = complete
    data = files["index.csv"]
    assert data.startswith(b"\xef\xbb\xbfexhibit,activity,")
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    row = _rows(data)[0]
    assert row["caption"] == f"'{CAPTION}"
    assert row["activity"] == "IA_BE_4"
    assert row["file"] == "exhibits/2024-IA_BE_4-01.png"
    assert row["sha256"] == hashlib.sha256(files[row["file"]]).hexdigest()
    assert row["date shown"] == "2024-03-08"
    assert row["captured"] == "2024-06-11T09:14:01-05:00"


def test_page_identifiers_are_those_of_the_binder(whole: Made) -> None:
    _, _, files = whole
    texts = page_texts(files["binder.pdf"])
    for row in _rows(files["index.csv"]):
        text = texts[int(row["page id"].rpartition("-")[2]) - 1]
        assert row["page id"] in text
        assert row["exhibit"] in text


def test_an_answer_to_a_request_says_which_and_keeps_its_pages(tmp_path: Path) -> None:
    request = RequestNote("r3", 3, "Proof of IA_BE_4", reference="CMS-77")
    files = contents(write(tmp_path, replace(small_content(), request=request)).files[0])
    manifest = json.loads(files["manifest.json"])
    assert (manifest["request"], manifest["reference"]) == (3, "CMS-77")
    assert all(row["page id"].rpartition("-")[2].startswith("03") for row in _rows(files["index.csv"]))
    assert "request 3 (CMS-77)" in _first_page(files)


def test_the_full_edition_says_so_with_its_reason(tmp_path: Path) -> None:
    content = replace(small_content(areas=()), edition=Edition.FULL, full_reason="Asked for by the auditor")
    files = contents(write(tmp_path, content).files[0])
    manifest = json.loads(files["manifest.json"])
    assert (manifest["edition"], manifest["edition_reason"]) == ("full", "Asked for by the auditor")
    text = _first_page(files)
    assert "FULL edition" in text
    assert "Asked for by the auditor" in text


def test_a_year_without_anything_still_makes_a_package(tmp_path: Path) -> None:
    made = write(tmp_path, replace(binder_sample.content(), parts=()))
    files = contents(made.files[0])
    assert made.files[0].name == "p-PARTIAL.zip"
    assert made.exhibits == 0
    assert verify_package(made.files[0]).problems == ()
    assert not [name for name in files if name.startswith("exhibits/")]
    assert json.loads(files["manifest.json"])["missing"]


def test_the_binder_inside_is_whole(complete: Made, tmp_path: Path) -> None:
    _, made, files = complete
    (tmp_path / "binder.pdf").write_bytes(files["binder.pdf"])
    assert verify_binder(tmp_path / "binder.pdf").problems == ()
    assert hashlib.sha256(files["binder.pdf"]).hexdigest() == made.binder_sha256
    with pikepdf.open(BytesIO(files["START-HERE.pdf"])) as pdf:
        assert len(pdf.pages) <= 2
        assert not pdf.check_pdf_syntax()


def test_the_same_state_gives_the_same_bytes(whole: Made, tmp_path: Path) -> None:
    content, first, _ = whole
    second = write(tmp_path, content)
    assert first.sha256 == second.sha256
    assert first.files[0].read_bytes() == second.files[0].read_bytes()
    assert hashlib.sha256(first.files[0].read_bytes()).hexdigest() == first.sha256[0]
    with zipfile.ZipFile(first.files[0]) as found:
        assert {info.date_time for info in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {stat.S_IMODE(info.external_attr >> 16) for info in found.infolist()} == {0o644}


def test_common_programs_confirm_hashes_and_signature(whole: Made, tmp_path: Path) -> None:
    _, made, files = whole
    with zipfile.ZipFile(made.files[0]) as found:
        found.extractall(tmp_path)
    # Debian has both; macOS has the first, Windows does the same with Get-FileHash.
    for command in (["sha256sum", "-c", "SHA256SUMS"], ["sha256sum", "-c", "exhibits.sha256"]):
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    signed = ["openssl", "cms", "-verify", "-binary", "-noverify", "-inform", "DER", "-in", "manifest.json.sig",
              "-content", "manifest.json", "-out", os.devnull]  # fmt: skip
    assert subprocess.run(signed, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "manifest.json").write_bytes(files["manifest.json"].replace(b"2024", b"2025"))
    assert subprocess.run(signed, cwd=tmp_path, capture_output=True, check=False).returncode != 0
    listed = files["SHA256SUMS"].decode().splitlines()
    assert {line.partition("  ")[2] for line in listed} == set(files) - {"SHA256SUMS"}


def test_the_picture_that_is_not_the_one_reviewed_is_refused(tmp_path: Path) -> None:
    other = binder_sample.portal_png(320, 240, 9)
    calls = []

    def load() -> bytes:  # the binder gets the right one, the package another
        calls.append(1)
        return binder_sample.portal_png(320, 240, 1) if len(calls) == 1 else other

    content = small_content(1)
    sheet = replace(content.exhibits[0], load=load)
    content = _with(content, sheet)
    with pytest.raises(BadInputError, match="not the one that was reviewed"):
        write(tmp_path, content)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_is_not_covered_never_leaves(tmp_path: Path) -> None:
    content = small_content(1)
    content = _with(content, showing(content.exhibits[0], Image.new("RGB", (320, 240), "white")))
    with pytest.raises(RedactionProofError, match="not covered"):
        write(tmp_path, content)
    assert list(tmp_path.iterdir()) == []


# Parts


def test_parts_are_sound_alone_and_fit_together(tmp_path: Path) -> None:
    made = write(tmp_path, noisy_content(6), split=3_300_000)
    count = len(made.files)
    assert count == 2
    assert [path.name for path in made.files] == [f"p-part-{n}-of-{count}.zip" for n in range(1, count + 1)]
    together = tmp_path / "together"
    for number, path in enumerate(made.files, 1):
        assert path.stat().st_size <= 3_300_000
        check = verify_package(path)
        assert check.problems == ()
        assert (check.part, check.parts, check.package_id) == (number, count, ID)
        with zipfile.ZipFile(path) as found:
            for name in found.namelist():
                data = found.read(name)
                target = together / name
                target.parent.mkdir(parents=True, exist_ok=True)
                assert not target.exists() or target.read_bytes() == data, "what is in several parts is the same file"
                target.write_bytes(data)
    assert subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=together, check=False).returncode == 0
    manifest = json.loads((together / "manifest.json").read_bytes())
    jsonschema.validate(manifest, json.loads((together / "manifest.schema.json").read_bytes()))
    assert {entry.get("part") for entry in manifest["files"]} == {None, *range(1, count + 1)}
    assert f"The package comes in {count} ZIP files" in "".join(page_texts(together / "START-HERE.pdf"))


def test_what_fits_into_one_file_is_not_split(tmp_path: Path) -> None:
    assert [path.name for path in write(tmp_path, small_content(1), split=50_000_000).files] == ["p.zip"]


def test_a_binder_larger_than_a_part_is_refused_with_the_size_that_works(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="The binder alone needs a part of 1 MB") as caught:
        write(tmp_path, small_content(), split=100_000)
    assert "fewer activities" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_parts_of_another_package_are_not_mixed_with_new_ones(tmp_path: Path) -> None:
    old = tmp_path / "p-part-1-of-2.zip"
    old.write_bytes(b"old")
    with pytest.raises(BadInputError, match=r"“p-part-1-of-2\.zip” of an earlier package is there already"):
        write(tmp_path, small_content(), split=5_000_000)
    assert old.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == [old.name]


# Encryption


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("encrypted"), small_content(1), passphrase=PASSPHRASE).files[0]


def test_an_encrypted_one_opens_with_its_passphrase_only(encrypted: Path) -> None:
    path = encrypted
    data = path.read_bytes()
    assert b"%PDF" not in data
    assert b"Riverside" not in data
    with zipfile.ZipFile(path) as found:
        assert b"7-Zip" in found.read("HOW-TO-OPEN.txt")
        assert {info.flag_bits & 1 for info in found.infolist() if info.filename != "HOW-TO-OPEN.txt"} == {1}
    assert verify_package(path).problems == ()
    assert not verify_package(path).opened
    check = verify_package(path, PASSPHRASE)
    assert (check.problems, check.opened, check.package_id) == ((), True, ID)
    with pytest.raises(BadInputError, match="passphrase does not open"):
        verify_package(path, "another passphrase")


def test_seven_zip_opens_an_encrypted_one(encrypted: Path, seven_zip: str, tmp_path: Path) -> None:
    program, path = seven_zip, encrypted
    listed = subprocess.run([program, "l", "-slt", path], capture_output=True, text=True, check=True).stdout
    assert "AES-256" in listed
    assert subprocess.run([program, "t", f"-p{PASSPHRASE}", path], capture_output=True, check=False).returncode == 0
    assert subprocess.run([program, "t", "-pwrong", path], capture_output=True, check=False).returncode != 0
    target = tmp_path / "out"
    subprocess.run([program, "x", f"-p{PASSPHRASE}", f"-o{target}", path], capture_output=True, check=True)
    assert subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=target, check=False).returncode == 0


# What happens on the way


def test_progress_counts_up_to_its_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write(tmp_path, small_content(3), progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 12)
    assert seen[-1] == (12, 12)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.parametrize("at", [1, 12, 40])
def test_cancelling_leaves_what_was_there(at: int, tmp_path: Path) -> None:
    old = tmp_path / "p.zip"
    old.write_bytes(b"old")
    calls = []

    def check() -> None:
        calls.append(1)
        if len(calls) == at:
            raise CancelledError

    with pytest.raises(CancelledError):
        write(tmp_path, small_content(3), check_cancel=check)
    assert [path.name for path in tmp_path.iterdir()] == ["p.zip"]
    assert old.read_bytes() == b"old"


def test_what_a_killed_one_left_is_cleared_and_the_old_file_replaced(tmp_path: Path) -> None:
    for name in (".p.zip.1.part", ".p.zip.12.part", "p.zip"):
        (tmp_path / name).write_bytes(b"left")
    other = tmp_path / ".q.zip.1.part"
    other.write_bytes(b"another's")
    made = write(tmp_path, small_content())
    assert sorted(path.name for path in tmp_path.iterdir()) == [other.name, "p.zip"]
    assert verify_package(made.files[0]).problems == ()


def test_a_place_that_does_not_exist_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MipsDeskError, match=r"“p\.zip” could not be written .* Nothing was changed"):
        write(tmp_path / "nowhere", small_content())


def _shrunk(sheet: ExhibitSheet) -> ExhibitSheet:
    small = Image.new("RGB", (300, 400), "white")
    return showing(replace(sheet, width=300, height=400, areas=()), small)


def _with(content: BinderContent, *sheets: ExhibitSheet) -> BinderContent:
    return replace(content, parts=(replace(content.parts[0], exhibits=sheets),))


def _first_page(files: dict[str, bytes]) -> str:
    return " ".join(page_texts(files["START-HERE.pdf"])[0].split())


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("cell", ["=1", " =1", "\n=1", "\u00a0+1", "\u200b@x", "\ufeff-1", "\x00=1", "\t=1", "'x"])
def test_no_cell_is_read_as_a_formula(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(spreadsheet.line([cell, "b"]).decode(), newline=""))
    assert row == [f"'{cell}", "b"]


def test_a_protected_package_is_not_replaced(tmp_path: Path) -> None:
    content = small_content(1)
    out = tmp_path / "p.zip"
    out.write_bytes(b"kept")
    out.chmod(0o400)
    with pytest.raises(MipsDeskError, match="protected against changes"):
        write(tmp_path, content)
    assert out.read_bytes() == b"kept"
    assert [path.name for path in tmp_path.iterdir()] == ["p.zip"]
