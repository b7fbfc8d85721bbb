"""The short run over failing writes: some forty of all steps, spread over all stages; the whole one is by hand."""

import contextlib
import random
import sys
from pathlib import Path

import pytest

from mips_desk.store import vault

from . import writes

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform == "win32", reason="the wheel for Windows does not show SQLite's functions"),
]


def test_failed_writes_are_said_and_do_no_harm(tmp_path: Path) -> None:
    chance = random.Random(5)
    tally = writes.Harness(tmp_path, lambda stage, step: chance.random() < 0.025).run()
    assert tally.clean, tally.notes
    assert tally.stages > 25
    assert tally.refused > 20


def test_the_harness_notices_an_error_that_is_no_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "translated", contextlib.nullcontext)
    tally = writes.Harness(tmp_path, lambda stage, step: step % 9 == 0).run({"checkpoint"})
    assert tally.wrong > 0
