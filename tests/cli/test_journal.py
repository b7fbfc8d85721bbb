"""The journal on the command line."""

import csv
import io
from pathlib import Path

import pytest

from mips_desk.store.connection import Line
from mips_desk.store.vault import unlock_vault
from tests.unit.binder.reading import page_texts

from .conftest import Practice, Run, refused


def test_the_journal_is_printed_oldest_first(practice: Practice, run: Run) -> None:
    done = run("journal", practice.vault, *practice.key)
    assert done.code == 0
    entries = [line for line in done.out.splitlines() if not line.startswith(" ")]
    assert [int(line.split()[0]) for line in entries] == list(range(1, len(entries) + 1))
    assert entries[0].endswith("Dana Whitfield: Started the practice")
    assert done.err == f"Unbroken: all {len(entries)} entries are as written.\n"


def test_filters_and_json(practice: Practice, run: Run) -> None:
    words = ("--from", "2024-01-01", "--to", "2024-03-31", "--person", "Dana Whitfield", "--event", "Evidence added")
    done = run("journal", practice.vault, *words, "--event", "marks_changed", "--json", *practice.key)
    assert (done.code, done.err) == (0, "")
    found = done.json()
    assert isinstance(found, dict)
    assert found["sound"] is True
    assert {entry["event"] for entry in found["entries"]} == {"evidence_added", "marks_changed"}
    assert all("2024-01-01" <= entry["at"] < "2024-04-01" for entry in found["entries"])
    one = run("journal", practice.vault, "--exhibit", "2024-IA_BE_14-01", *practice.key).out
    assert "Added exhibit 2024-IA_BE_14-01" in one
    assert "2024-IA_BE_4-01" not in one


def test_files(practice: Practice, run: Run, tmp_path: Path) -> None:
    csv_file, pdf_file = tmp_path / "j.csv", tmp_path / "j.pdf"
    done = run("journal", practice.vault, "--csv", csv_file, *practice.key)
    assert (done.code, done.out) == (0, "")
    rows = list(csv.DictReader(io.StringIO(csv_file.read_text(encoding="utf-8-sig"), newline="")))
    assert rows[-1]["event"] == "login"
    assert run("journal", practice.vault, "--pdf", pdf_file, "--paper", "a4", *practice.key).code == 0
    assert "Exported the journal to “j.csv”" in "".join(page_texts(pdf_file))
    assert {path.name for path in tmp_path.iterdir()} >= {"j.csv", "j.pdf"}
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--csv", "a", "--json"), "one of"),
        (("--event", "nonsense"), "no kind of entry"),
        (("--from", "March"), "is not a date"),
        (("--pdf", "x.pdf", "--paper", "a5"), "letter or a4"),
    ],
)
def test_refused(practice: Practice, run: Run, words: tuple[str, ...], said: str) -> None:
    assert said in refused(run("journal", practice.vault, *words, *practice.key))


def test_a_broken_chain_is_exit_1(practice: Practice, run: Run) -> None:
    key, _how = unlock_vault(practice.vault, practice.passphrase_file.read_text(encoding="utf-8").strip())
    line = Line(practice.vault / "vault.db", key, "write")
    line.db.execute("DROP TRIGGER journal_keeps")
    line.db.execute("UPDATE journal SET person_name = 'X' WHERE seq = 9")
    line.close()
    done = run("journal", practice.vault, "--json", *practice.key)
    assert done.code == 1
    found = done.json()
    assert isinstance(found, dict)
    assert found["sound"] is False
    assert found["verdict"].startswith("Entry 9 was changed after it was written.")
