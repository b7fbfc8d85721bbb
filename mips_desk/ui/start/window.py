"""The window while no practice is open: welcome, unlock, first run, and work that takes a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenuBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mips_desk.errors import MipsDeskError
from mips_desk.ui.actions import build_menus
from mips_desk.ui.jobs import Job
from mips_desk.ui.messages import UNEXPECTED, Level, Message
from mips_desk.ui.theme import SPACE_XL, Theme, px
from mips_desk.ui.widgets.message_bar import MessageBar

from .brand import BrandPanel
from .unlock import UnlockPage
from .welcome import WelcomePage
from .working import WorkingPage

if TYPE_CHECKING:
    from .wizard import Wizard

#: Below this width, in logical pixels at 100 %, the panel at the left is left out.
NARROW_BELOW = 820
#: Widest column of a page, in logical pixels at 100 %.
COLUMN = 520


class StartWindow(QMainWindow):
    """The window.

    Args:
        handlers: what the commands of the menus do, see `actions.COMMANDS`.
        theme: colors and text size.

    Signals:
        open_requested(Path, str, bool): open a practice: folder, passphrase, read only.
        create_requested(FirstRun): make a practice from the answers.
        sample_requested(): make or open the sample practice.
        forget_requested(Path): take a practice off the list.
        closed(): the window is closing.
    """

    open_requested = Signal(object, str, bool)
    create_requested = Signal(object)
    sample_requested = Signal()
    forget_requested = Signal(object)
    closed = Signal()

    def __init__(self, handlers: Mapping[str, Callable[[], object]], theme: Theme) -> None:
        super().__init__()
        self.setObjectName("start_window")
        self.setWindowTitle("MIPS Desk")
        self.setMinimumSize(480, 340)
        self._theme = theme
        self._recent: Sequence[Path] = ()
        self._watched: Job | None = None
        self._brand = BrandPanel()
        self._stack = QStackedWidget()
        self.message_bar = MessageBar()
        self.message_bar.hide()
        self.welcome = WelcomePage()
        self.unlock = UnlockPage()
        self.working = WorkingPage()
        self.wizard: Wizard | None = None
        self._build()
        bar = QMenuBar(self)
        menus, _ = build_menus(bar, self, handlers)
        for menu in menus.values():
            menu.menuAction().setVisible(not menu.isEmpty())
        self.setMenuBar(bar)
        self.welcome.start_requested.connect(self.show_wizard)
        self.welcome.open_requested.connect(self.choose_folder)
        self.welcome.sample_requested.connect(self.sample_requested)
        self.welcome.recent_requested.connect(self.show_unlock)
        self.welcome.forget_requested.connect(self.forget_requested)
        self.unlock.unlock_requested.connect(self.open_requested)
        self.unlock.other_requested.connect(lambda: self.show_welcome(self._recent))
        self.working.cancel_requested.connect(self._cancel)
        theme.changed.connect(self._follow_theme)
        self._tick = QTimer(self)
        self._tick.setInterval(100)
        self._tick.timeout.connect(self._look)

    # ------------------------------------------------------------------ what to show

    def show_welcome(self, known: Sequence[Path]) -> None:
        """Show the ways in, with the practices opened before."""
        self._recent = tuple(known)
        self.welcome.set_recent(known)
        self._show(self.welcome)
        self.welcome.take_focus()

    def show_unlock(self, folder: Path) -> None:
        """Show the lock of a practice."""
        if folder not in self._recent:
            self._recent = (folder, *self._recent)
        self.unlock.set_practice(folder)
        self._show(self.unlock)
        self.unlock.take_focus()

    def show_working(self, title: str, text: str) -> None:
        """Show that something is being made."""
        self.working.begin(title, text)
        self._show(self.working)

    def show_wizard(self) -> None:
        """Show the first page of the first run; answers given before are gone."""
        from .wizard import Wizard

        self._drop_wizard()
        self.wizard = Wizard()
        self.wizard.finished.connect(self.create_requested)
        self.wizard.cancelled.connect(lambda: self.show_welcome(self._recent))
        self._stack.addWidget(self._column(self.wizard, high=True))
        self._show(self.wizard)
        self.wizard.take_focus()

    def choose_folder(self) -> None:
        """Ask for the folder of a practice, then show its lock."""
        chosen = QFileDialog.getExistingDirectory(self, "Open a practice", str(Path.home()))
        if chosen:
            self.show_unlock(Path(chosen))

    def show_message(self, message: Message) -> None:
        """Show a message above the page."""
        if self.isVisible():
            self.message_bar.show_message(message)

    # ------------------------------------------------------------------ work under way

    def watch(self, job: object) -> None:
        """Show the progress of a job on the working page."""
        if isinstance(job, Job) and job.running:
            self._watched = job
            self._tick.start()

    def set_busy(self, busy: bool) -> None:
        """A practice is being opened or made."""
        self.unlock.set_busy(busy)
        if self.wizard is not None:
            self.wizard.set_busy(busy)
        if not busy:
            self._tick.stop()
            self._watched = None

    def opening_failed(self, error: Exception) -> None:
        """Say where it was asked for why a practice did not open."""
        sentence = str(error) if isinstance(error, MipsDeskError) else UNEXPECTED
        shown = self._shown()
        if shown is self.unlock:
            self.unlock.failed(sentence)
        elif self.wizard is not None and shown is self.wizard:
            self.wizard.failed(sentence)
        else:
            self.show_welcome(self._recent)
            self.show_message(Message(Level.ERROR, sentence))

    def forget_secrets(self) -> None:
        """Drop everything that was typed."""
        self.unlock.passphrase.conceal()
        self._drop_wizard()
        self.message_bar.close_message()

    # ------------------------------------------------------------------ inside

    def _build(self) -> None:
        central = QWidget()
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._brand)
        right = QVBoxLayout()
        right.setSpacing(0)
        frame = QVBoxLayout()
        frame.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, 0)
        frame.addWidget(self.message_bar)
        right.addLayout(frame)
        right.addWidget(self._stack, 1)
        row.addLayout(right, 1)
        for page in (self.welcome, self.unlock, self.working):
            self._stack.addWidget(self._column(page))
        self.setCentralWidget(central)

    def _column(self, page: QWidget, *, high: bool = False) -> QScrollArea:
        """Return a scroll area with the page in a column in the middle.

        Args:
            page: the page.
            high: at the top, so that pages of different heights begin at the same place.
        """
        inside = QWidget()
        inside.setObjectName("scroll_body")
        row = QHBoxLayout(inside)
        row.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        column = QVBoxLayout()
        column.addStretch(0 if high else 2)
        page.setMaximumWidth(px(COLUMN))
        page.setMinimumWidth(min(px(COLUMN), px(400)))
        column.addWidget(page)
        column.addStretch(3)
        row.addStretch(1)
        row.addLayout(column, 20)
        row.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        return area

    def _holder(self, page: QWidget) -> QScrollArea | None:
        for place in range(self._stack.count()):
            area = self._stack.widget(place)
            if isinstance(area, QScrollArea) and area.isAncestorOf(page):
                return area
        return None

    def _show(self, page: QWidget) -> None:
        self.message_bar.close_message()
        area = self._holder(page)
        if area is not None:
            self._stack.setCurrentWidget(area)

    def _shown(self) -> QWidget | None:
        current = self._stack.currentWidget()
        pages: list[QWidget] = [self.welcome, self.unlock, self.working]
        if self.wizard is not None:
            pages.append(self.wizard)
        return next((page for page in pages if current is not None and current.isAncestorOf(page)), None)

    def _drop_wizard(self) -> None:
        if self.wizard is not None:
            area = self._holder(self.wizard)
            self.wizard = None
            if area is not None:
                self._stack.removeWidget(area)
                area.deleteLater()

    def _look(self) -> None:
        if self._watched is not None:
            self.working.set_progress(*self._watched.context.latest)

    def _cancel(self) -> None:
        if self._watched is not None:
            self._watched.cancel()
        self.show_welcome(self._recent)

    def _follow_theme(self) -> None:
        self._brand.refresh()
        for page in (self.welcome, self.unlock, self.working, self.wizard):
            if page is not None:
                page.setMaximumWidth(px(COLUMN))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the page the room when the window is small."""
        super().resizeEvent(event)
        self._brand.setVisible(self.width() >= px(NARROW_BELOW))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the window is closing."""
        self.closed.emit()
        super().closeEvent(event)
