"""No canary anywhere, and no way to a network, in a whole session in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from . import canary

pytestmark = pytest.mark.faults
ROOT = Path(__file__).resolve().parents[2]


def test_a_whole_session_leaves_no_canary_and_reaches_for_no_network(tmp_path: Path) -> None:
    (tmp_path / "temp").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.canary", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | canary.environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["found"] == []
    assert said["network"] == []
    assert said["canaries"] >= 20
    # The places that were looked through exist: the log above all.
    logs = [path for path in tmp_path.rglob("mips-desk.log*") if path.stat().st_size]
    assert logs
    assert "ValueError" in logs[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("form", range(6))
def test_a_canary_would_be_found(tmp_path: Path, form: int) -> None:
    wanted = canary.needles()
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "some.log").write_bytes(b"x" * 1001 + wanted["caption"][form] + b"y")
    assert canary.scan(tmp_path, wanted, tmp_path / "asked") == [f"caption in {Path('below/some.log')}"]
    assert canary.scan(tmp_path, wanted, tmp_path / "below") == []
