"""A short run; the long one is `python -m tests.faults.binder_flips`, its figure is in docs/binder-file.md."""

from pathlib import Path

import pytest

from .binder_flips import run


@pytest.mark.faults
def test_changed_bytes_of_a_signed_binder_are_reported(tmp_path: Path) -> None:
    found = run(120, 3, tmp_path)
    assert (found.tried, found.unreported, found.without_place, found.crashed) == (120, [], [], [])
    assert {"Signature", "Metadata", "Seal"} <= found.where.keys()
