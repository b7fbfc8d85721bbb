"""The rows that `scripts/facts_of_year.py` prints are those of the table of facts."""

import csv
import subprocess
import sys
from pathlib import Path

from .cms_sample import as_file, measures

ROOT = Path(__file__).resolve().parents[3]


def test_the_rows_of_a_year(tmp_path: Path) -> None:
    path = tmp_path / "measures-data.json"
    path.write_bytes(as_file(measures(2018)))
    done = subprocess.run(
        [sys.executable, "-m", "scripts.facts_of_year", str(path)], cwd=ROOT, capture_output=True, check=True
    )
    with (ROOT / "tests" / "data" / "ia_facts.csv").open(encoding="utf-8", newline="") as file:
        expected = [row for row in csv.reader(file) if row[1] == "2018"]
    assert sorted(csv.reader(done.stdout.decode().splitlines())) == sorted(expected)
    assert len(expected) == 113
