"""The short run of the harness that kills backups, restorings and moves; the long one is started by hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 on Windows"),
]
ROOT = Path(__file__).resolve().parents[2]


def test_killed_work_leaves_whole_files_or_none() -> None:
    # In a process of its own: it forks, which a process with threads must not do.
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.safekeeping", "41"], cwd=ROOT, capture_output=True, check=False
    )
    tallies = json.loads(done.stdout)
    assert {name: tally["wrong"] for name, tally in tallies.items()} == {"backup": [], "restore": [], "move": []}
    assert all(tally["killed"] >= 5 for tally in tallies.values()), tallies
