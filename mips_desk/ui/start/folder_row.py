"""A folder with a button to choose another one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from mips_desk.ui.theme import SPACE_S, TextRole
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.text import ElidedLabel

ChooseFolder = Callable[[QWidget, Path], Path | None]


def choose_in_dialog(parent: QWidget, at: Path) -> Path | None:
    """Ask for a folder; None when the person thinks better of it."""
    chosen = QFileDialog.getExistingDirectory(parent, "Choose a folder", str(at))
    return Path(chosen) if chosen else None


class FolderRow(QWidget):
    """Shows the folder; the button asks for another one.

    Args:
        name: what the folder is for; names the button too.
        folder: at first.
        choose: asks; tests hand in their own.
    """

    def __init__(self, name: str, folder: Path, choose: ChooseFolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._choose = choose
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        self._shown = ElidedLabel(str(folder), TextRole.TEXT, Qt.TextElideMode.ElideMiddle)
        change = secondary_button("Change…", "folder-open", self._ask)
        change.setObjectName("change_folder")
        change.setAccessibleName(f"Change: {name}")
        row.addWidget(self._shown, 1)
        row.addWidget(change)
        self.setFocusProxy(change)

    def _ask(self) -> None:
        chosen = self._choose(self, self.folder)
        if chosen is not None:
            self.folder = chosen
            self._shown.setText(str(chosen))
