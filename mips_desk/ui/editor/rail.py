"""The tool rail of the annotator."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from mips_desk.ui.theme import SPACE_M, SPACE_S, color, px

from .board import Board
from .choices import ToolChoice
from .tools import Tool

_MOST_ACROSS = 3


class ToolRail(QWidget):
    """All tools below each other, in more columns where the room is low; the arrow keys go up and down.

    Args:
        board: gets the tool.
    """

    def __init__(self, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Tools")
        self._board = board
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(SPACE_S, SPACE_S + 4, SPACE_S + 1, SPACE_S)
        self._grid.setSpacing(SPACE_S - 2)
        self._across = 0
        self._group = QButtonGroup(self)
        self._buttons = {tool: ToolChoice(tool) for tool in Tool}
        for button in self._buttons.values():
            self._group.addButton(button)
            button.setEnabled(not board.read_only or button.tool is Tool.SELECT)
            button.clicked.connect(lambda _checked=False, tool=button.tool: board.set_tool(tool))
        self._arrange(1)
        board.tool_changed.connect(self._show)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use more columns where a low window or large text leaves no room for one."""
        super().resizeEvent(event)
        fit = max(1, (self.height() - 2 * SPACE_M) // (px(40) + SPACE_S - 2))
        self._arrange(min(-(-len(self._buttons) // fit), _MOST_ACROSS))

    def minimumSizeHint(self) -> QSize:
        """As low as the most columns are."""
        return QSize(super().minimumSizeHint().width(), -(-len(self._buttons) // _MOST_ACROSS) * px(40))

    def _arrange(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        self._grid.setVerticalSpacing(SPACE_S - 2 if across == 1 else 1)
        lines = -(-len(self._buttons) // across)
        for line in range(self._grid.rowCount()):
            self._grid.setRowStretch(line, 0)
        for place, button in enumerate(self._buttons.values()):
            self._grid.addWidget(button, place % lines, place // lines)
        self._grid.setRowStretch(lines, 1)

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
