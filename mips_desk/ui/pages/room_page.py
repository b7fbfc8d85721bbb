"""A room of an open practice: a page that shows the newest view of the year."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from mips_desk.services.changes import Changes
from mips_desk.services.overview import SelectionView, YearView
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.pages.page import Page


class RoomPage(Page):
    """A page that is filled from `view` in `refresh`, and goes to what a `Target` names in `open_link`.

    `refresh` is called before the page is shown and, while it is shown, each time the desk has read the year again.
    A subclass never reads the vault for what is in the view, and never refreshes itself after a command.

    Args:
        desk: the open practice.
        title: title of the page.
    """

    def __init__(self, desk: Desk, title: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, title, parent)
        desk.view_changed.connect(self._on_view)

    @property
    def view(self) -> YearView:
        """The newest view of the year."""
        return self.desk.view

    def selection(self, selection_id: str) -> SelectionView | None:
        """Return a selection of the year; when there is none of that id, the first one, or None."""
        found = self.view.selection(selection_id)
        return found or (self.view.selections[0] if self.view.selections else None)

    def change(self, act: Callable[[], Changes], on_success: Callable[[Changes], object] | None = None) -> None:
        """Run a command of a service, see `Desk.change`."""
        self.desk.change(act, self, on_success)

    def open_target(self, target: object) -> None:
        """Select what a link points at."""
        if isinstance(target, Target):
            self.open_link(target)

    def open_link(self, target: Target) -> None:
        """Select what a link from another room points at; called after `refresh`. Does nothing by itself."""

    def _on_view(self, _view: YearView) -> None:
        self.mark_stale()
