"""What every room has in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.tab_order import follow_layout
from mips_desk.ui.theme import SPACE_L, SPACE_XL
from mips_desk.ui.undo import History
from mips_desk.ui.widgets.page_header import PageHeader

if TYPE_CHECKING:  # brings the vault's libraries, which are loaded after the window is on the screen
    from mips_desk.services.drafts import Draft


class Page(QWidget):
    """One room.

    A page builds its widgets into `body` in its constructor, puts buttons into `header`, and fills everything in
    `refresh`. The window makes it on the first visit, or a little ahead of it. `refresh` is called before the page is
    shown and, while it is shown, after `mark_stale`; a hidden page only remembers that it is out of date. So a page
    never shows old data and hardly ever works for nobody.

    Args:
        desk: the open practice.
        title: title of the page.

    Signals:
        commands_changed(): `commands` returns others now.
    """

    commands_changed = Signal()

    #: Filling it ahead of a visit costs little. False where that reads pictures or lays out pages nobody may ask for.
    fill_ahead = True

    def __init__(self, desk: Desk, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._stale = True
        self._tab_order: list[QWidget] = []
        self.header = PageHeader(title)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_L)
        column = QVBoxLayout()
        column.setContentsMargins(SPACE_XL, SPACE_XL - 4, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_L)
        column.addWidget(self.header)
        column.addLayout(self.body, 1)
        # A body that stretches fills the window; the area scrolls only when the window is too small for it.
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = scroll_area(column)
        outer.addWidget(area)
        # Page Up and Page Down scroll as soon as the room is shown.
        self.setFocusProxy(area)

    @property
    def history(self) -> History:
        """What Undo and Redo mean in this room; an editor with its own history returns that."""
        return self.desk.undo

    def commands(self) -> Sequence[QAction]:
        """Return the commands of this room, each made once; they form the menu between View and Help."""
        return ()

    def refresh(self) -> None:
        """Show the newest state; called only while the page is shown or about to be."""

    def open_target(self, target: object) -> None:
        """Select what a link from another room points at, a `desk.Target`; called after `refresh`."""

    def place(self) -> Target:
        """Return what is selected, so that `open_target` brings the person back to it after a lock."""
        return Target()

    def resume(self, draft: Draft) -> None:
        """Open the dialog in which a draft was typed; called after `open_target`. Does nothing by itself."""

    def can_leave(self) -> bool:
        """Tell whether another room may be shown now; a page with an unfinished text field saves it first."""
        return True

    @property
    def stale(self) -> bool:
        """What is shown is out of date."""
        return self._stale

    def ensure_fresh(self) -> None:
        """Call `refresh` if something changed since the last time."""
        if self._stale:
            self._stale = False
            self.refresh()

    def mark_stale(self) -> None:
        """Say that what is shown is out of date; shown pages refresh at once, hidden ones before they are shown."""
        self._stale = True
        if self.isVisible():
            self.ensure_fresh()

    def arrange(self, width: int) -> None:
        """Stack or spread the panes of the page for a width in logical pixels; does nothing by itself."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the page as it reads, whatever was made last."""
        self._tab_order = follow_layout(self, self._tab_order)
        return super().focusNextPrevChild(forward)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the page arrange its panes."""
        super().resizeEvent(event)
        self.arrange(self.width())


def scroll_area(content: QVBoxLayout) -> QScrollArea:
    """Return a scroll area without a frame around a column of widgets; the keyboard goes to what is inside."""
    inside = QWidget()
    inside.setObjectName("scroll_body")
    inside.setLayout(content)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area
