"""The short run of the killed commands; the long one is by hand (see commands.py)."""

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


def test_killed_commands_leave_all_or_nothing() -> None:
    """In a process of its own: one with threads must not fork."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.commands", "25", "9"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"clean": True}
