"""All marks as a list beside the canvas: what a screen reader can walk through, and what lies below something else.

A painted canvas is one thing to a screen reader. The rows of a list are things of their own, with names, a place in a
row and a state, by what Qt does for every list.
"""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from mips_desk.ui.theme import SPACE_XS
from mips_desk.ui.widgets.buttons import link_button
from mips_desk.ui.widgets.two_line_list import Line, TwoLineList

from .board import Board
from .describing import listed

#: Rows that are shown at once at most; the rest is scrolled to.
_MOST_ROWS = 6
_IN_LIST = {
    int(key)
    for key in (
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
    )
}


class MarksList(QWidget):
    """A button that unfolds the list. The marks selected in it are those of the board, in both directions.

    Keys that are not for walking through the list mean the same as on the canvas.

    Args:
        board: what is edited.

    Signals:
        opened(str): the keyboard shall go to the mark with this id.
        picked(): marks were selected here; bring them into view.
    """

    opened = Signal(str)
    picked = Signal()

    def __init__(self, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._showing = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        self._fold = link_button("")
        self._fold.setObjectName("fold_marks")
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._folded)
        column.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        self.list = _Rows("Marks on the picture", "marks_list")
        self.list.setAccessibleDescription(
            "Up and Down select a mark, Enter goes to it on the picture, Delete removes it."
        )
        self.list.opened.connect(self.opened)
        self.list.selectionModel().selectionChanged.connect(self._picked)
        self.list.hide()
        column.addWidget(self.list)
        board.changed.connect(self._show)
        board.selection_changed.connect(self._show_selection)
        self._show()
        # Who hears the window cannot see that there is something to unfold.
        self._fold.setChecked(QAccessible.isActive())

    def showEvent(self, event: QShowEvent) -> None:
        """Show the newest state."""
        super().showEvent(event)
        self._show()

    def _folded(self, unfolded: bool) -> None:
        self.list.setVisible(unfolded)
        self._show()

    def _show(self) -> None:
        marks = self._board.marks
        verb = "Hide" if self._fold.isChecked() else "Show"
        self._fold.setText(f"{verb} the list of marks ({len(marks)})")
        self._fold.setAccessibleName(self._fold.text())
        if not self._fold.isChecked():
            return
        lines = [Line(key, title, more) for key, title, more in listed(marks, self._board.style, self._board.size)]
        if list(self.list.lines.lines) != lines:
            row = self.list.currentIndex().row()
            self._showing = True
            self.list.lines.set_lines(lines)
            # The keyboard goes on from where it was, also when what was there is gone.
            self.list.go_to(min(row, len(lines) - 1))
            self._showing = False
            self.list.updateGeometry()
        self._show_selection()

    def _show_selection(self) -> None:
        if self._showing or not self._fold.isChecked():
            return
        self._showing = True
        chosen = QItemSelection()
        rows = [at for at, mark in enumerate(self._board.marks) if mark.id in self._board.selected_ids]
        for row in rows:
            chosen.select(self.list.lines.index(row), self.list.lines.index(row))
        self.list.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows and self.list.currentIndex().row() not in rows:
            self.list.go_to(rows[-1])
        self._showing = False

    def _picked(self) -> None:
        if self._showing:
            return
        rows = {index.row() for index in self.list.selectionModel().selectedIndexes()}
        self._showing = True
        self._board.select([mark.id for at, mark in enumerate(self._board.marks) if at in rows])
        self._showing = False
        # To leave an empty label deletes it, and then the rows are others.
        self._show()
        self.picked.emit()


class _Rows(TwoLineList):
    def __init__(self, name: str, key: str) -> None:
        super().__init__(name, key)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def go_to(self, row: int) -> None:
        """Put the keyboard on a row without selecting it."""
        index = self.lines.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        if index.isValid():
            self.scrollTo(index)

    def sizeHint(self) -> QSize:
        """As high as its rows, up to a number of them."""
        rows = min(self.lines.rowCount(), _MOST_ROWS)
        return QSize(super().sizeHint().width(), max(self.sizeHintForRow(0), 0) * rows + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:
        """Never less than its rows need."""
        return QSize(0, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the list; other keys, letters too, are for the annotator."""
        if event.key() in _IN_LIST:
            super().keyPressEvent(event)
        else:
            event.ignore()
