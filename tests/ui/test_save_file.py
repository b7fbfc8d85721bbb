"""Where a new file goes: its ending is there, and nothing is replaced unasked."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from mips_desk.services import handover
from mips_desk.ui.pages.records_handover import pick_target
from mips_desk.ui.save_file import ask_where_to_save


def answers(monkeypatch, *chosen: Path | None) -> list[str]:
    """Let the dialog answer; returns the names that it was opened with."""
    suggested, left = [], [str(each or "") for each in chosen]

    def ask(_parent: QWidget, _title: str, name: str, _kind: str) -> tuple[str, str]:
        suggested.append(name)
        return left.pop(0), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    return suggested


def test_the_ending_is_added_where_it_was_left_out(monkeypatch, qapp, tmp_path):
    answers(monkeypatch, tmp_path / "one", tmp_path / "two.PDF", None)
    assert ask_where_to_save(None, "Save", "x.pdf", "PDF", ".pdf") == tmp_path / "one.pdf"
    assert ask_where_to_save(None, "Save", "x.pdf", "PDF", ".pdf") == tmp_path / "two.PDF"
    assert ask_where_to_save(None, "Save", "x.pdf", "PDF", ".pdf") is None


def test_the_dialog_asks_again_where_the_ending_makes_it_a_file_that_is_there(monkeypatch, qapp, tmp_path):
    there = tmp_path / "one.pdf"
    there.touch()
    suggested = answers(monkeypatch, tmp_path / "one", None)
    assert ask_where_to_save(None, "Save", "x.pdf", "PDF", ".pdf") is None
    assert suggested == ["x.pdf", str(there)]


def test_a_hand_over_file_has_its_ending_once(monkeypatch, qapp, tmp_path):
    suggested = answers(monkeypatch, tmp_path / "for the other")
    name = f"Riverside{handover.SUFFIX}"
    assert pick_target(None, name) == tmp_path / f"for the other{handover.SUFFIX}"
    assert suggested == [name]
