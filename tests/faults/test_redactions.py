"""A sample of the ten thousand redactions; all of them are started by hand (see redactions.py)."""

import pytest

from mips_desk.annotate import flatten, shapes
from mips_desk.annotate.marks import Mark
from mips_desk.binder.proof import RedactionProofError

from . import redactions

pytestmark = [pytest.mark.faults]


def test_every_covered_pixel_is_black() -> None:
    seen, wrong = redactions.run(100, 11)
    assert seen["redactions"] >= 100
    assert seen["binder pictures"] == seen["pictures"] > 20
    assert not any(wrong.values()), wrong


def test_a_painter_that_leaves_a_row_free_is_found_by_the_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in the arithmetic that painting and its own check share; only the proof of the binder is apart."""
    real = shapes.redaction_boxes

    def narrow(marks: list[Mark], size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
        return [(left, top, right, bottom - (bottom > top + 1)) for left, top, right, bottom in real(marks, size)]

    monkeypatch.setattr(shapes, "redaction_boxes", narrow)
    monkeypatch.setattr(flatten, "redaction_boxes", narrow)
    with pytest.raises(RedactionProofError, match="is not covered everywhere"):
        redactions.run(100, 11)


def test_the_comparison_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A soft covering is found by every one of the checks."""
    monkeypatch.setattr(flatten, "FILL", (1, 1, 1))
    monkeypatch.setattr(redactions, "_check_binder", lambda *_: None)
    _seen, wrong = redactions.run(50, 3)
    assert wrong["uncovered in renditions"]
    assert wrong["uncovered in thumbnails"]
    assert wrong["pictures hidden or changed elsewhere"]
