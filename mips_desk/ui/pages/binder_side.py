"""The right pane of the Binder room: the checks, and below them the options or what became of an export."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from mips_desk.services.overview import SelectionView, YearView
from mips_desk.ui.theme import SPACE_M, px

from .binder_checks import ChecksCard
from .binder_options import OptionsCard
from .binder_outcome import OutcomeCard
from .binder_wording import WordingCard

#: Width of the pane in logical pixels at 100 %.
WIDTH = 300
#: Height that the checks need to stand above the options, in logical pixels at 100 %.
_CHECKS_LEAST = 260
#: Qt's own "no limit".
_ANY = 16_777_215


class SidePane(QStackedWidget):
    """Checks and options, below each other where there is room for both, else one of them with tabs above.

    In their place the words about one activity, when they are to be changed.

    Args:
        reveal: shows the folder of a file.
        show: opens a file.

    Attributes:
        checks: what an auditor would ask back.
        options: what is printed.
        wording: what the practice says about one activity.
    """

    def __init__(
        self, reveal: Callable[[Path], object], show: Callable[[Path], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        # Parents first: moving a widget with all that is in it takes long.
        overview = QWidget(self)
        self.addWidget(overview)
        self._lower = QStackedWidget(overview)
        self.checks = ChecksCard(overview)
        self.options = OptionsCard(self._lower)
        self._doors = (reveal, show)
        self._outcome: OutcomeCard | None = None
        self.wording = WordingCard(self)
        self._tabs = QTabBar(overview)
        self._tabs.setObjectName("side_tabs")
        self._tabs.setAccessibleName("Checks or options")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.addTab("To answer")
        self._tabs.addTab("Options")
        self._tabs.currentChanged.connect(lambda _place: self._arrange())
        self._lower.addWidget(self.options)
        self._column = QVBoxLayout(overview)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_M)
        self._column.addWidget(self._tabs)
        self._column.addWidget(self.checks, 1)
        self._column.addWidget(self._lower)
        self.addWidget(self.wording)
        self.wording.left.connect(self.show_overview)
        self.checks.counted.connect(self._name_tab)
        # They may need another height now; once the layout knows it.
        self.options.changed.connect(lambda _options: QTimer.singleShot(0, self, self._arrange))

    @property
    def outcome(self) -> OutcomeCard:
        """How far an export is, and what it became; made for the first one."""
        if self._outcome is None:
            self._outcome = OutcomeCard(*self._doors, self._lower)
            self._outcome.left.connect(self.show_options)
            self._lower.addWidget(self._outcome)
        return self._outcome

    @property
    def part(self) -> SelectionView | None:
        """The activity whose words can be changed."""
        return self.wording.part

    def show_year(self, view: YearView) -> None:
        """Show the activities to choose from."""
        self.options.set_activities(view.selections)
        same = view.selection(self.part.id) if self.part is not None else None
        self.show_part(same or (view.selections[0] if view.selections else None))

    def show_part(self, part: SelectionView | None) -> None:
        """Take the activity whose words can be changed."""
        self.wording.show_part(part)
        if part is None:
            self.show_overview()

    def show_wording(self, *, attested: bool = False) -> None:
        """Let the words be changed."""
        self.setCurrentIndex(1)
        if attested:
            self.wording.type_attested()
        else:
            self.wording.type_story()

    def show_overview(self) -> None:
        """Show checks and options."""
        self.setCurrentIndex(0)

    def show_options(self) -> None:
        """Show the options in the place of an outcome."""
        self._lower.setCurrentWidget(self.options)
        self._name_tab(None)

    def show_outcome(self) -> None:
        """Show how far an export is, or what it became."""
        self.show_overview()
        self._lower.setCurrentWidget(self.outcome)
        self._name_tab(None)
        self._tabs.setCurrentIndex(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Both, or one of them."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.isVisible():
            self._arrange()

    # ------------------------------------------------------------------ inside

    def _arrange(self) -> None:
        self.options.show_title(True)
        needed = self.options.needed()
        both = self.height() >= needed + px(_CHECKS_LEAST)
        self._tabs.setVisible(not both)
        self.options.show_title(both)
        self.checks.setVisible(both or self._tabs.currentIndex() == 0)
        self._lower.setVisible(both or self._tabs.currentIndex() == 1)
        self._lower.setMinimumHeight(needed if both else 0)
        self._lower.setMaximumHeight(needed if both else _ANY)

    def _name_tab(self, asked: int | None) -> None:
        if asked is not None:
            self._tabs.setTabText(0, f"To answer  {asked}" if asked else "To answer")
        self._tabs.setTabText(1, "Options" if self._lower.currentWidget() is self.options else "Export")
