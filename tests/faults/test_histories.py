"""The short run of the histories; the long one is started by hand (see histories.py)."""

import pytest

from . import histories

pytestmark = pytest.mark.faults


def test_two_desktops_end_alike_and_lose_nothing() -> None:
    tally = histories.play(12, 20261121)
    assert tally.conflicts > 0
    assert tally.clean, tally


def test_three_desktops_end_alike_and_lose_nothing() -> None:
    tally = histories.play(3, 20261122, copies=2)
    assert tally.clean, tally
