"""The legend of the numbered steps in the side panel."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mips_desk.annotate.marks import MAX_TEXT, Step
from mips_desk.ui.theme import SPACE_S, TextRole, px
from mips_desk.ui.widgets.text import card_title, label

from .board import Board


class Legend(QWidget):
    """A line of text for each step, by their numbers.

    Args:
        board: what is edited.

    Signals:
        done_typing(): the keyboard shall go back to the canvas.
    """

    done_typing = Signal()

    def __init__(self, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._rows: list[_Row] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(card_title("Legend"))
        self._hint = label(
            "Numbered steps (N) tell an auditor where to look. What you write for them is printed below the picture.",
            TextRole.HINT,
            wrap=True,
        )
        column.addWidget(self._hint)
        self._column = column
        board.changed.connect(self._show)
        self._show()

    def type_words(self, mark_id: str) -> bool:
        """Put the keyboard into the line of a step; False when there is none."""
        row = next((row for row in self._rows if row.mark_id == mark_id), None)
        if row is not None:
            row.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        return row is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Escape in a line give the keyboard back to the canvas, which must not take them for its own."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() in keys:
            self.done_typing.emit()
            return True
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        steps: Sequence[Step] = self._board.steps
        while len(self._rows) > len(steps):
            row = self._rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < len(steps):
            row = _Row(self._board)
            row.edit.installEventFilter(self)
            self._rows.append(row)
            self._column.addWidget(row)
        for row, step in zip(self._rows, steps, strict=True):
            row.show_step(step)
        self._hint.setVisible(not steps)


class _Row(QWidget):
    """The number of a step and what it tells."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self.mark_id = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        self._number = label("", TextRole.STRONG)
        self._number.setMinimumWidth(px(18))
        self.edit = QLineEdit()
        self.edit.setMaxLength(MAX_TEXT)
        self.edit.setPlaceholderText("What to look at here")
        self.edit.setReadOnly(board.read_only)
        self.edit.textEdited.connect(lambda text: board.set_text(self.mark_id, text))
        row.addWidget(self._number)
        row.addWidget(self.edit, 1)

    def show_step(self, step: Step) -> None:
        """Show a step; the cursor stays where it is when the words are the same."""
        self.mark_id = step.id
        self._number.setText(str(step.number))
        self.edit.setObjectName(f"legend_{step.number}")
        self.edit.setAccessibleName(f"Legend of step {step.number}")
        if self.edit.text() != step.text:
            self.edit.setText(step.text)
            self.edit.setCursorPosition(0)
        self.edit.setToolTip(step.text)
