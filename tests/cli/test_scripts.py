"""What scripts do to a program: closed streams, odd places, files that Windows wrote, and pipes that never end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mips_desk.sample.people import PRACTICE
from mips_desk.selftest import self_test
from mips_desk.services import verifying
from mips_desk.services.session import vault_folder
from mips_desk.store import VaultFullError
from mips_desk.store.vault import Vault

from .conftest import ROOT, Practice, Run, picture, refused

posix = pytest.mark.skipif(os.name == "nt", reason="streams are closed by a POSIX shell")


def shell(line: str, *words: object) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `$RUN` is the program."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line.replace("$RUN", '"$0" -m mips_desk'), sys.executable, *map(str, words)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def assert_sound(practice: Practice) -> None:
    passphrase = practice.passphrase_file.read_text(encoding="utf-8").strip()
    assert verifying.check_vault(practice.vault, passphrase).sound


@pytest.mark.parametrize("name", ["vault.db", "binder.pdf"])
def test_a_binder_is_never_written_into_a_vault(name: str, practice: Practice, run: Run, tmp_path: Path) -> None:
    before = sorted(path.name for path in practice.vault.iterdir())
    link = tmp_path / "link"
    link.symlink_to(practice.vault, target_is_directory=True)
    for folder in (practice.vault, link, practice.vault / ".." / practice.vault.name):
        command = ("report", practice.vault, "--year", 2026, "--activity", "IA_BE_4", "--out", folder / name)
        assert "inside a vault" in refused(run(*command, *practice.key))
    assert_sound(practice)
    assert [name for name in before if not (practice.vault / name).exists()] == []
    assert not (practice.vault / "binder.pdf").exists()


@pytest.mark.parametrize("out", [".", "..", "/"])
def test_a_folder_is_no_place_for_a_binder(
    out: str, practice: Practice, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "is a folder" in refused(run("report", practice.vault, "--year", 2026, "--out", out, *practice.key))


def test_a_binder_that_cannot_be_recorded_says_so(
    practice: Practice, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise VaultFullError

    monkeypatch.setattr("mips_desk.store.transaction.Tx.add_export", full)
    out = tmp_path / "x.pdf"
    sentence = refused(run("report", practice.vault, "--year", 2026, "--out", out, *practice.key))
    assert "was written" in sentence
    assert "could not record" in sentence
    assert out.read_bytes().startswith(b"%PDF")


def test_an_empty_year_is_reported_with_a_word_of_warning(practice: Practice, run: Run, tmp_path: Path) -> None:
    done = run("report", practice.vault, "--year", 2020, "--out", tmp_path / "x.pdf", *practice.key)
    assert done.code == 0
    assert "No activity is chosen for 2020" in done.err


@pytest.mark.parametrize("text", ["20260203", "2026-W05-1", "2026-02-30", "2026-2-3", ""])
def test_dates_in_one_form_only(text: str, practice: Practice, run: Run, tmp_path: Path) -> None:
    shot = tmp_path / "shot.png"
    shot.write_bytes(picture())
    command = ("import", practice.vault, "--year", 2026, "--activity", "IA_BE_4", "--date", text, shot)
    assert "is not a date" in refused(run(*command, *practice.key))


def test_a_passphrase_file_as_windows_writes_it(practice: Practice, run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase.txt"
    secret.write_bytes(b"\xef\xbb\xbf" + practice.passphrase_file.read_bytes().strip() + b"\r\nsecond line\r\n")
    assert run("verify", practice.vault, "--passphrase-file", secret).code == 0
    with secret.open("rb") as stream:
        assert run("verify", practice.vault, "--passphrase-fd", os.dup(stream.fileno())).code == 0


@pytest.mark.parametrize("number", ["-1", "987", "99999999999999999999"])
def test_a_descriptor_that_is_none(number: str, practice: Practice, run: Run) -> None:
    assert "passphrase" in refused(run("verify", practice.vault, "--passphrase-fd", number))


def test_marks_as_windows_writes_them(practice: Practice, run: Run, tmp_path: Path) -> None:
    shot, marks = tmp_path / "shot.png", tmp_path / "marks.json"
    shot.write_bytes(picture())
    added = run("import", practice.vault, "--year", 2026, "--activity", "IA_BE_4", shot, *practice.key)
    marks.write_bytes(b'\xef\xbb\xbf{"version": 1,\r\n"marks": []}\r\n')
    assert run("annotate", practice.vault, added.out.strip(), "--marks", marks, *practice.key).code == 0


@posix
def test_devices_and_pipes_are_no_files(practice: Practice, run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        command = ("import", practice.vault, "--year", 2026, "--activity", "IA_BE_4", path)
        assert "is not a file" in refused(run(*command, *practice.key))
    assert "does not open" in refused(run("verify", practice.vault, "--passphrase-file", "/dev/zero"))


@posix
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("$RUN catalog list --year 2026 >&-", 0),
        ("$RUN catalog list --year 2016 2>&-", 2),
        ("$RUN score - <&-", 2),
        ('$RUN verify "$1" <&-', 2),
        ("$RUN catalog list --year 2026 >/dev/full", 2),
        ("$RUN version >/dev/full", 2),
        ("$RUN catalog list --year 2026 --json | true", 2),
        ("$RUN version | true", 2),
    ],
)
def test_closed_and_full_streams(line: str, code: int, practice: Practice) -> None:
    done = shell(line, practice.vault)
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 1
    assert done.returncode in {code, 0} if "| true" in line else done.returncode == code  # the pipe may be fast enough


@posix
def test_no_window_without_a_display() -> None:
    done = shell("env -u DISPLAY -u WAYLAND_DISPLAY -u QT_QPA_PLATFORM $RUN")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_a_fault_of_ours_is_no_answer_and_tells_nothing(
    practice: Practice, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Jane Roe, born 1961")

    monkeypatch.setattr(Vault, "evidence_item", broken)
    monkeypatch.setattr("mips_desk.logs.log_folder", lambda: tmp_path)
    sentence = refused(run("annotate", practice.vault, "some-id", "--show", *practice.key))
    assert "fault" in sentence
    log = (tmp_path / "mips-desk.log").read_text(encoding="utf-8")
    assert "RuntimeError" in log
    assert "Jane" not in log + sentence


def test_a_sample_where_no_folder_can_be(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a file")
    assert "cannot be made" in refused(run("sample", file))
    assert "cannot be made" in refused(run("sample", file / "below"))


def test_the_self_test_replaces_its_own_vault_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_: Path) -> None:
        raise VaultFullError

    monkeypatch.setattr("mips_desk.sample.practice.make_sample", busy)
    earlier, own = vault_folder(tmp_path, PRACTICE.name), tmp_path / "Own practice.mipsvault"
    for vault in (earlier, own):
        vault.mkdir()
        (vault / "vault.db").write_bytes(b"years of work")
    assert self_test(tmp_path) == 1
    assert not earlier.exists()
    assert (own / "vault.db").read_bytes() == b"years of work"
