"""The short run of the kill harness; the long one is started by hand (see kill.py)."""

import random
import sys
from pathlib import Path

import pytest

from . import kill

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 on Windows"),
]
ROUNDS = 6


def test_killed_imports_lose_nothing(tmp_path: Path) -> None:
    tally = kill.kill_imports(ROUNDS, random.Random(2), tmp_path)
    assert tally.killed > 0
    assert tally.clean, tally


def test_killed_reports_leave_no_half_file(tmp_path: Path) -> None:
    tally = kill.kill_reports(ROUNDS, random.Random(3), tmp_path)
    assert tally.killed > 0
    assert tally.clean, tally
