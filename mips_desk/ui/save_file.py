"""Asks where a new file shall be."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_where_to_save(parent: QWidget, title: str, name: str, kind: str, ending: str) -> Path | None:
    """Ask where a new file shall be; None when the person thinks better of it.

    Args:
        parent: over this window.
        title: of the dialog.
        name: what is suggested, with its ending.
        kind: the kind of file in words.
        ending: as in ".pdf"; added where it was left out, which not every system does by itself.
    """
    while True:
        chosen, _ = QFileDialog.getSaveFileName(parent, title, name, f"{kind} (*{ending})")
        if not chosen:
            return None
        path = Path(chosen)
        if path.name.lower().endswith(ending):
            return path
        path = path.with_name(path.name + ending)
        if not path.exists():
            return path
        # Only the dialog knows how to ask whether a file shall be replaced.
        name = str(path)
