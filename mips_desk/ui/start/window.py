"""The window while no practice is open: welcome, unlock, first run, and work that takes a moment.

It is made in two steps, so that it is on the screen at once: an empty frame in the right colors, which needs next to
nothing to be imported, and then its content.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from mips_desk.services.people import PersonAtDoor
    from mips_desk.ui.jobs import Job
    from mips_desk.ui.messages import Message
    from mips_desk.ui.theme import Theme
    from mips_desk.ui.widgets.message_bar import MessageBar

    from .brand import BrandPanel
    from .start_page import StartPage
    from .unlock import UnlockPage
    from .welcome import WelcomePage
    from .wizard import Wizard
    from .working import WorkingPage

#: Below this width, in logical pixels at 100 %, the panel at the left is left out.
NARROW_BELOW = 820
#: Room left for the title bar of the desktop, in logical pixels.
TITLE_BAR = 36
#: Widest column of a page, in logical pixels at 100 %.
COLUMN = 520


def ask_folder(parent: QWidget) -> Path | None:
    """Ask for the folder of a practice; None when the person cancelled."""
    from PySide6.QtWidgets import QFileDialog

    chosen = QFileDialog.getExistingDirectory(parent, "Open a practice", str(Path.home()))
    return Path(chosen) if chosen else None


class StartWindow(QMainWindow):
    """The window; `fill` it before anything else than showing it.

    Args:
        ground: colors of the panel at the left and of the page, for the moment before it is filled.
        panel: width of that panel in logical pixels.

    Attributes:
        message_bar, welcome, unlock, working: there once it is filled.
        wizard: the first run, while it is shown.
        guest: any other page that is shown for a while.

    Signals:
        open_requested(Opening): open a practice.
        door_shown(Path): the lock of a practice is shown, and wants to know who may open it.
        forgot_requested(Path): its passphrase is forgotten.
        create_requested(FirstRun): make a practice from the answers.
        restore_requested(): restore a backup.
        sample_requested(): make or open the sample practice.
        forget_requested(Path): take a practice off the list.
        closed(): the window is closing.
    """

    open_requested = Signal(object)
    door_shown = Signal(object)
    forgot_requested = Signal(object)
    restore_requested = Signal()
    create_requested = Signal(object)
    sample_requested = Signal()
    forget_requested = Signal(object)
    closed = Signal()

    message_bar: MessageBar
    welcome: WelcomePage
    unlock: UnlockPage
    working: WorkingPage
    _brand: BrandPanel
    _stack: QStackedWidget

    def __init__(self, ground: tuple[str, str] = ("", ""), panel: int = 340) -> None:
        super().__init__()
        self.setObjectName("start_window")
        self.setWindowTitle("MIPS Desk")
        self.setMinimumSize(480, 340)
        self._ground = ground
        self._panel = panel
        self._filled = False
        self._recent: Sequence[Path] = ()
        self._watched: Job | None = None
        self.wizard: Wizard | None = None
        self.guest: StartPage | None = None
        self._tick = QTimer(self)
        self._tick.setInterval(100)
        self._tick.timeout.connect(self._look)

    def fill(self, handlers: Mapping[str, Callable[[], object]], theme: Theme) -> None:
        """Put the content into the frame.

        Args:
            handlers: what the commands of the menus do, see `actions.COMMANDS`.
            theme: colors and text size.
        """
        from PySide6.QtWidgets import QMenuBar

        from mips_desk.ui.actions import build_menus
        from mips_desk.ui.widgets.message_bar import MessageBar

        from .brand import BrandPanel
        from .unlock import UnlockPage
        from .welcome import WelcomePage
        from .working import WorkingPage

        self._brand = BrandPanel()
        self._stack = QStackedWidget()
        self.message_bar = MessageBar()
        self.message_bar.hide()
        self.welcome = WelcomePage()
        self.unlock = UnlockPage()
        self.working = WorkingPage()
        self._build()
        bar = QMenuBar(self)
        menus, _ = build_menus(bar, self, handlers)
        for menu in menus.values():
            menu.menuAction().setVisible(not menu.isEmpty())
        self.setMenuBar(bar)
        self.welcome.start_requested.connect(self.show_wizard)
        self.welcome.open_requested.connect(self.choose_folder)
        self.welcome.sample_requested.connect(self.sample_requested)
        self.welcome.restore_requested.connect(self.restore_requested)
        self.welcome.recent_requested.connect(lambda folder: self.show_unlock(folder))
        self.welcome.forget_requested.connect(self.forget_requested)
        self.unlock.unlock_requested.connect(self.open_requested)
        self.unlock.forgot_requested.connect(self.forgot_requested)
        self.unlock.other_requested.connect(lambda: self.show_welcome(self._recent))
        self.working.cancel_requested.connect(self._cancel)
        theme.changed.connect(self._follow_theme)
        self._filled = True
        self._fit()

    def put_in_place(self, settings: QSettings) -> None:
        """Take the place and size it had last, or a size that fits most screens."""
        place = settings.value("window/geometry")
        if not (isinstance(place, QByteArray) and self.restoreGeometry(place)):
            # With room for the title bar, whose height is not known before the window is shown.
            screen = self.screen().availableGeometry()
            self.resize(min(1280, screen.width()), min(800, screen.height() - TITLE_BAR))

    # ------------------------------------------------------------------ what to show

    def show_welcome(self, known: Sequence[Path]) -> None:
        """Show the ways in, with the practices opened before."""
        self._drop_guest()
        self._recent = tuple(known)
        self.welcome.set_recent(known)
        self._show(self.welcome)
        self.welcome.take_focus()

    def show_unlock(self, folder: Path, told: str = "") -> None:
        """Show the lock of a practice.

        Args:
            folder: its vault.
            told: a sentence above the field; empty for none.
        """
        if folder not in self._recent:
            self._recent = (folder, *self._recent)
        self._drop_guest()
        self.unlock.set_practice(folder, told)
        self._show(self.unlock)
        self.unlock.take_focus()
        self.door_shown.emit(folder)

    def set_people(self, folder: Path, people: Sequence[PersonAtDoor], last: str) -> None:
        """Say who may open the practice whose lock is shown, see `UnlockPage.set_people`."""
        self.unlock.set_people(folder, people, last)

    def show_guest(self, page: StartPage) -> None:
        """Show a page for a while; the one before is gone."""
        self._drop_wizard()
        self._drop_guest()
        self.guest = page
        self._stack.addWidget(self._column(page, high=True))
        self._show(page)
        page.take_focus()

    def show_working(self, title: str, text: str) -> None:
        """Show that something is being made."""
        self.working.begin(title, text)
        self._show(self.working)

    def show_wizard(self) -> None:
        """Show the first page of the first run; answers given before are gone."""
        from .wizard import Wizard

        self._drop_wizard()
        self._drop_guest()
        self.wizard = Wizard()
        self.wizard.finished.connect(self.create_requested)
        self.wizard.cancelled.connect(lambda: self.show_welcome(self._recent))
        self._stack.addWidget(self._column(self.wizard, high=True))
        self._show(self.wizard)
        self.wizard.take_focus()

    def choose_folder(self) -> None:
        """Ask for the folder of a practice, then show its lock."""
        if (chosen := ask_folder(self)) is not None:
            self.show_unlock(chosen)

    def show_message(self, message: Message) -> None:
        """Show a message above the page."""
        if self.isVisible():
            self.message_bar.show_message(message)

    # ------------------------------------------------------------------ work under way

    def watch(self, job: Job) -> None:
        """Show the progress of a job on the working page."""
        if job.running:
            self._watched = job
            self._tick.start()

    def set_busy(self, busy: bool) -> None:
        """A practice is being opened or made."""
        self.unlock.set_busy(busy)
        for page in (self.wizard, self.guest):
            if page is not None:
                page.set_busy(busy)
        if not busy:
            self._tick.stop()
            self._watched = None

    def opening_failed(self, error: Exception) -> None:
        """Say where it was asked for why a practice did not open."""
        from mips_desk.errors import MipsDeskError
        from mips_desk.services.places import VaultInBadPlaceError
        from mips_desk.services.session import PracticeInUseError
        from mips_desk.ui.messages import UNEXPECTED, Level, Message

        sentence = str(error) if isinstance(error, MipsDeskError) else UNEXPECTED
        shown = self._shown()
        if shown is self.unlock:
            self.unlock.failed(sentence, in_use=isinstance(error, PracticeInUseError))
        elif self.wizard is not None and shown is self.wizard:
            self.wizard.failed(sentence, elsewhere=isinstance(error, VaultInBadPlaceError))
        elif self.guest is not None and shown is self.guest:
            self.guest.failed(sentence)
        else:
            self.show_welcome(self._recent)
            self.show_message(Message(Level.ERROR, sentence))

    def forget_secrets(self) -> None:
        """Drop everything that was typed."""
        self.unlock.passphrase.conceal()
        self._drop_wizard()
        self._drop_guest()
        self.message_bar.close_message()

    # ------------------------------------------------------------------ inside

    def _build(self) -> None:
        from mips_desk.ui.theme import SPACE_XL

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
        from PySide6.QtCore import Qt

        from mips_desk.ui.theme import SPACE_XL, px

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
        pages = (self.welcome, self.unlock, self.working, self.wizard, self.guest)
        shown = (page for page in pages if page is not None and current is not None and current.isAncestorOf(page))
        return next(shown, None)

    def _drop_wizard(self) -> None:
        if self.wizard is not None:
            self._remove(self.wizard)
            self.wizard = None

    def _drop_guest(self) -> None:
        if self.guest is not None:
            self._remove(self.guest)
            self.guest = None

    def _remove(self, page: QWidget) -> None:
        area = self._holder(page)
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
        from mips_desk.ui.theme import px

        self._brand.refresh()
        for page in (self.welcome, self.unlock, self.working, self.wizard, self.guest):
            if page is not None:
                page.setMaximumWidth(px(COLUMN))

    def _fit(self) -> None:
        from mips_desk.ui.theme import px

        self._brand.setVisible(self.width() >= px(NARROW_BELOW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the page the room when the window is small."""
        super().resizeEvent(event)
        if self._filled:
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the grounds while there is nothing else."""
        super().paintEvent(event)
        if not self._filled and self._ground[0]:
            painter = QPainter(self)
            painter.fillRect(self.rect(), QColor(self._ground[1]))
            if self.width() >= NARROW_BELOW:
                painter.fillRect(0, 0, self._panel, self.height(), QColor(self._ground[0]))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the window is closing."""
        self.closed.emit()
        super().closeEvent(event)
