"""The short run of the thousand kills; the long one is started by hand (see rounds.py)."""

import re
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


def test_killed_sessions_lose_nothing() -> None:
    """In a process of its own: one with threads must not fork."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.rounds", "40", "7"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = {name: int(number) for name, number in re.findall(r"([a-z ]+?) (\d+)(?:, |\n)", done.stdout)}
    assert figures["killed"] == figures["rounds"] == 40
    assert figures["acknowledged"] > 0  # how many depends on how busy the computer is
