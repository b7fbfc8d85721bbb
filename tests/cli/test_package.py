"""The audit package from the command line."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from .conftest import Done, Practice, Run, refused

SECRET = "heron tilt velvet moss"


def package(run: Run, practice: Practice, out: Path, *more: object, year: int = 2026) -> Done:
    return run("package", practice.vault, "--year", year, "--out", out, *more, *practice.key)


def test_a_package_is_written_verified_and_looked_up(practice: Practice, run: Run, tmp_path: Path) -> None:
    done = package(run, practice, tmp_path / "p.zip")
    assert done.code == 0, done.err
    path = tmp_path / "p-PARTIAL.zip"
    assert done.out.startswith(f"{path}: ")
    assert f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}" in done.out
    assert "Missing: " in done.err
    alone = run("verify", path)
    assert (alone.code, alone.out.startswith("Unchanged since ")) == (0, True)
    known = run("verify", path, "--vault", practice.vault, *practice.key, "--json").json()
    assert isinstance(known, dict)
    assert (known["sound"], known["kind"], known["problems"]) == (True, "package", [])
    assert "it is unchanged" in known["record"]


def test_json_names_files_and_what_is_missing(practice: Practice, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "p.zip"
    answer = package(run, practice, out, "--activity", "IA_BE_14", "--paper", "a4", "--json").json()
    assert isinstance(answer, dict)
    (file,) = answer["files"]
    path = Path(file["file"])
    data = path.read_bytes()
    assert (file["size"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert answer["complete"] is (not answer["missing"])
    assert ("PARTIAL" in path.name) is bool(answer["missing"])
    with zipfile.ZipFile(path) as found:
        manifest = json.loads(found.read("manifest.json"))
    assert manifest["package"] == answer["package"]
    assert manifest["activities"] == ["IA_BE_14"]
    assert [entry["what"] for entry in manifest["missing"]] == [entry["what"] for entry in answer["missing"]]


def test_the_same_state_gives_the_same_bytes(
    practice: Practice, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    hashes = set()
    assert run("report", practice.vault, "--year", 2026, "--out", tmp_path / "b.pdf", *practice.key).code == 0
    for name in ("one.zip", "two.zip"):
        done = package(run, practice, tmp_path / name, "--activity", "IA_BE_14", "--json").json()
        assert isinstance(done, dict)
        hashes.add(done["files"][0]["sha256"])
    assert len(hashes) == 1


def test_encrypted_with_a_passphrase_from_a_file_and_opened_by_verify(
    practice: Practice, run: Run, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    activity = ("--activity", "IA_BE_14")
    done = package(run, practice, tmp_path / "p.zip", *activity, "--encrypt-passphrase-file", secret, "--json").json()
    assert isinstance(done, dict)
    assert done["encrypted"] is True
    path = Path(done["files"][0]["file"])
    assert b"%PDF" not in path.read_bytes()
    assert "Its contents are encrypted" in run("verify", path).out
    assert run("verify", path, "--package-passphrase-file", secret).out.startswith("Unchanged since ")
    secret.write_text("something else\n", encoding="utf-8")
    assert "does not open" in refused(run("verify", path, "--package-passphrase-file", secret))
    secret.write_text("short\n", encoding="utf-8")
    weak = refused(package(run, practice, tmp_path / "q.zip", "--encrypt-passphrase-file", secret))
    assert "at least 12 characters" in weak
    assert "--encrypt-passphrase" not in weak
    assert not list(tmp_path.glob("q*"))
    assert "passphrase" in refused(package(run, practice, tmp_path / "q.zip", "--encrypt"))


def test_a_changed_package_is_exit_1_and_says_where(practice: Practice, run: Run, tmp_path: Path) -> None:
    done = package(run, practice, tmp_path / "p.zip", "--activity", "IA_BE_14", "--json").json()
    assert isinstance(done, dict)
    path = Path(done["files"][0]["file"])
    data = bytearray(path.read_bytes())
    data[data.index(b"%PDF") + 5000] ^= 4
    path.write_bytes(data)
    changed = run("verify", path)
    assert changed.code == 1
    assert changed.out.startswith("binder.pdf: It was changed.\n")
    assert all(line.startswith("binder.pdf") for line in changed.out.splitlines())
    known = run("verify", path, "--vault", practice.vault, *practice.key)
    assert known.code == 1
    assert "this file is not the same" in known.out


def test_what_is_refused(practice: Practice, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "p.zip"
    assert "letter or a4" in refused(package(run, practice, out, "--paper", "a3"))
    assert "Say why" in refused(package(run, practice, out, "--full"))
    assert "is a folder" in refused(package(run, practice, tmp_path))
    assert "inside a vault" in refused(package(run, practice, practice.vault / "p.zip"))
    assert "not among the activities" in refused(package(run, practice, out, "--activity", "IA_BE_5"))
    assert "The binder alone needs a part of" in refused(package(run, practice, out, "--split", 1))
    assert "Nothing was changed" in refused(package(run, practice, tmp_path / "nowhere" / "p.zip"))
    assert not list(tmp_path.glob("*p*.zip"))


def test_the_full_edition_takes_a_reason_and_shows_what_was_withheld(
    practice: Practice, run: Run, tmp_path: Path
) -> None:
    more = ("--activity", "IA_BE_4", "--full", "--reason", "Letter of May 4", "--json")
    full = package(run, practice, tmp_path / "f.zip", *more).json()
    assert isinstance(full, dict)
    assert not [entry for entry in full["missing"] if entry["what"].startswith("Exhibit ")]
    with zipfile.ZipFile(full["files"][0]["file"]) as found:
        manifest = json.loads(found.read("manifest.json"))
    assert (manifest["edition"], manifest["edition_reason"]) == ("full", "Letter of May 4")
