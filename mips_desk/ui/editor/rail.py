"""The tool rail of the annotator."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from mips_desk.ui.theme import SPACE_S, color

from .board import Board
from .choices import ToolChoice
from .tools import Tool


class ToolRail(QWidget):
    """Nine tools below each other; the arrow keys go up and down.

    Args:
        board: gets the tool.
    """

    def __init__(self, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Tools")
        self._board = board
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_S, SPACE_S + 4, SPACE_S + 1, SPACE_S)
        column.setSpacing(SPACE_S - 2)
        self._group = QButtonGroup(self)
        self._buttons = {tool: ToolChoice(tool) for tool in Tool}
        for button in self._buttons.values():
            self._group.addButton(button)
            button.setEnabled(not board.read_only or button.tool is Tool.SELECT)
            button.clicked.connect(lambda _checked=False, tool=button.tool: board.set_tool(tool))
            column.addWidget(button)
        column.addStretch(1)
        board.tool_changed.connect(self._show)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose the next tool."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        tools = list(Tool)
        place = tools.index(self._board.tool) + (step or 0)
        if step is None or not 0 <= place < len(tools):
            super().keyPressEvent(event)
            return
        self._board.set_tool(tools[place])
        self._buttons[self._board.tool].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line at the right."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("panel"))
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(self.rect().topRight(), self.rect().bottomRight())

    def _show(self) -> None:
        self._buttons[self._board.tool].setChecked(True)
