"""The short run of the harness that kills an update; the long one is started by hand (see migrate.py)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 on Windows"),
]
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("fixture", ["layout-1000.mipsvault", "layout-1001.mipsvault", "layout-2005.mipsvault"])
def test_a_killed_update_leaves_a_vault_that_opens(fixture: str) -> None:
    # In a process of its own: it forks, which a process with threads must not do.
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.migrate", fixture, "29"], cwd=ROOT, capture_output=True, check=False
    )
    tally = json.loads(done.stdout)
    assert tally["killed"] >= 5, done.stderr.decode()
    assert tally["wrong"] == []
