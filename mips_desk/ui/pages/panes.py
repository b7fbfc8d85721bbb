"""Three panes of a room: beside each other where there is room, else below each other."""

from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from mips_desk.ui.theme import SPACE_L, px

#: The page's own margins and the gaps between panes, in logical pixels.
_AROUND = 2 * SPACE_L + 48
#: Qt's own "no limit".
_ANY = 16_777_215


class Panes(QWidget):
    """The panes, left, middle and right.

    Args:
        left: of a fixed width.
        middle: takes the rest.
        right: of a fixed width.
        widths: of left and right, in logical pixels at 100 %.
        least: width that the middle needs to stand between them, in logical pixels at 100 %.
    """

    def __init__(self, left: QWidget, middle: QWidget, right: QWidget, widths: tuple[int, int], least: int) -> None:
        super().__init__()
        self._panes = (left, middle, right)
        self._widths = widths
        self._least = least
        self._arranged: tuple[bool, int] | None = None
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE_L)
        for pane in self._panes:
            self._row.addWidget(pane, 1 if pane is middle else 0)

    @property
    def stacked(self) -> bool:
        """The panes stand below each other."""
        return self._arranged is not None and self._arranged[0]

    def arrange(self, width: int) -> None:
        """Arrange the panes.

        Args:
            width: of the page, in logical pixels.
        """
        left_width, right_width = (px(side) for side in self._widths)
        stacked = width < left_width + right_width + px(self._least) + _AROUND
        if self._arranged == (stacked, left_width):
            return
        self._arranged = (stacked, left_width)
        way = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        self._row.setDirection(way)
        for pane, side in zip(self._panes, (left_width, 0, right_width), strict=True):
            pane.setMinimumWidth(0 if stacked or not side else side)
            pane.setMaximumWidth(_ANY if stacked or not side else side)
            # What scrolls by itself would vanish without a height of its own.
            pane.setMinimumHeight(px(380) if stacked else 0)


class Place(QWidget):
    """The place of a pane that is made later.

    Args:
        parent: parent of the place, and so of the pane.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def put(self, pane: QWidget) -> None:
        """Put the pane into its place."""
        self._column.addWidget(pane)
