"""backup, restore, and verify in all its forms, as scripts use them."""

import json
from pathlib import Path

import pytest

from mips_desk.services.session import open_practice

from .conftest import Practice, Run, refused


@pytest.fixture
def away(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


@pytest.fixture
def made(practice: Practice, run: Run, away: Path) -> Path:
    done = run("backup", practice.vault, "--out", away / "sample.mipsbackup", *practice.key)
    assert done.code == 0, done
    return away / "sample.mipsbackup"


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 16
    path.write_bytes(data)


def test_backup_into_a_folder_and_back(practice: Practice, run: Run, away: Path, tmp_path: Path) -> None:
    done = run("backup", practice.vault, "--out", away, *practice.key, "--json")
    assert done.code == 0
    assert "same drive" in done.err
    said = json.loads(done.out)
    (file,) = away.iterdir()
    assert (said["file"], said["size"], said["removed"]) == (str(file), file.stat().st_size, [])
    new = tmp_path / "new"
    new.mkdir()
    done = run("restore", file, "--to", new, *practice.key)
    assert (done.code, done.out) == (0, f"Vault: {new / practice.vault.name}\n")
    assert run("verify", new / practice.vault.name, *practice.key).code == 0
    passphrase = practice.passphrase_file.read_text().strip()
    session = open_practice(new / practice.vault.name, passphrase)
    events = [entry.event.value for entry in session.vault.journal_tail(3)]
    session.close()
    assert "vault_restored" in events
    done = run("restore", file, "--to", new, "--json")
    assert "already, and nothing is ever overwritten" in refused(done)


def test_backup_says_what_it_wrote(practice: Practice, run: Run, away: Path) -> None:
    file = away / "mine.mipsbackup"
    done = run("backup", practice.vault, "--out", file, *practice.key)
    assert done.out.startswith(f"{file}: {file.stat().st_size} bytes, read back and checked\nsha256 ")
    assert "already" in refused(run("backup", practice.vault, "--out", file, *practice.key))


@pytest.mark.parametrize("out", ["missing/x.mipsbackup", "missing", "file.pdf"])
def test_places_for_a_backup_that_do_not_exist(practice: Practice, run: Run, away: Path, out: str) -> None:
    refused(run("backup", practice.vault, "--out", away / out, *practice.key))
    assert list(away.iterdir()) == []


def test_a_backup_is_not_written_into_the_vault(practice: Practice, run: Run) -> None:
    refused(run("backup", practice.vault, "--out", practice.vault, *practice.key))
    refused(run("backup", practice.vault, "--out", practice.vault / "a.mipsbackup", *practice.key))


def test_verify_of_a_backup(made: Path, practice: Practice, run: Run) -> None:
    assert run("verify", made).out == "The backup is sound: nothing was changed.\n"
    done = run("verify", made, "--json")
    assert json.loads(done.out) == {
        "sound": True,
        "problems": [],
        "kind": "backup",
        "record": "",
        "signature": "",
        "reason": "",
        "checked": {"scope": "file"},
    }
    assert json.loads(run("verify", made, "--json", *practice.key).out)["checked"] == {"scope": "all"}
    assert list(made.parent.iterdir()) == [made]
    flip(made, 100_000)
    done = run("verify", made)
    assert (done.code, done.out) == (1, "The backup sample.mipsbackup: was changed in its part vault.db\n")
    done = run("verify", made, "--json", *practice.key)
    assert done.code == 1
    assert json.loads(done.out)["problems"] == [
        {"where": "The backup sample.mipsbackup", "what": "was changed in its part vault.db"}
    ]
    refused(run("restore", made, "--to", made.parent))


def test_verify_with_a_scope(practice: Practice, run: Run) -> None:
    for words, label in (((), "all"), (("--structure",), "structure"), (("--part", "2/4"), "part 2/4")):
        done = run("verify", practice.vault, *words, *practice.key, "--json")
        assert done.code == 0
        assert json.loads(done.out)["checked"] == {"scope": label}
    assert "no original was read" in run("verify", practice.vault, "--structure", *practice.key).out
    assert "part 2 of 4 of the originals" in run("verify", practice.vault, "--part", "2/4", *practice.key).out


@pytest.mark.parametrize(
    "words", [("--part", "5/4"), ("--part", "x"), ("--part", "0/4"), ("--part", "1/4", "--structure")]
)
def test_scopes_that_make_no_sense(practice: Practice, run: Run, words: tuple[str, ...]) -> None:
    refused(run("verify", practice.vault, *words, *practice.key))


def test_a_scope_is_for_vaults(made: Path, run: Run) -> None:
    refused(run("verify", made, "--structure"))


def reason(run: Run, *words: object) -> str:
    done = run("verify", *words, "--json")
    assert done.code == 2
    assert done.err.count("\n") == 1
    said = json.loads(done.out)
    assert (said["sound"], said["problems"]) == (False, [])
    return str(said["reason"])


def test_the_reason_why_something_cannot_be_checked(practice: Practice, run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("wrong")
    assert reason(run, practice.vault, "--passphrase-file", wrong) == "wrong_passphrase"
    assert reason(run, tmp_path) == "not_a_vault"  # before a passphrase is asked for
    assert reason(run, tmp_path / "missing") == "unreadable"
    assert reason(run, wrong) == "unreadable"
    (practice.vault / "keys.json").write_text('{"format": 99}')
    assert reason(run, practice.vault, *practice.key) == "too_new"


def test_a_damaged_vault_is_not_sound(practice: Practice, run: Run) -> None:
    data = practice.vault / "vault.db"
    flip(data, data.stat().st_size // 2)
    done = run("verify", practice.vault, *practice.key, "--json")
    assert done.code == 1
    said = json.loads(done.out)
    assert (said["sound"], said["reason"], said["checked"]) == (False, "", {"scope": "all"})
    assert said["problems"]


def test_what_is_no_backup_is_refused(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.mipsbackup"
    other.write_bytes(b"%PDF-1.4")
    assert "not a backup made by MIPS Desk" in refused(run("restore", other, "--to", tmp_path))
    refused(run("restore", tmp_path / "missing.mipsbackup", "--to", tmp_path))
