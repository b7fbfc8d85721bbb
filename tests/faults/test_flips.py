"""The short run of the byte flips; ten thousand are by hand (see flips.py)."""

from pathlib import Path

import pytest

from . import flips

pytestmark = pytest.mark.faults


def test_every_flipped_byte_is_refused_or_named(tmp_path: Path) -> None:
    tally = flips.run(80, 11, tmp_path, least=25)
    assert tally.clean, tally.notes
    assert len(tally.flips) == 4
    assert sum(tally.flips.values()) >= 100
