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


@pytest.mark.parametrize(
    ("fixture", "step"), [("layout-1000.mipsvault", 29), ("layout-1001.mipsvault", 29), ("layout-2005.mipsvault", 17)]
)
def test_a_killed_update_leaves_a_vault_that_opens(fixture: str, step: int) -> None:
    # In a process of its own: it forks, which a process with threads must not do.
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.migrate", fixture, str(step)], cwd=ROOT, capture_output=True, check=False
    )
    tally = json.loads(done.stdout)
    assert tally["killed"] >= 5, done.stderr.decode()
    assert tally["wrong"] == []
