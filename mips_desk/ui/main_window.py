"""The main window: rail, top bar, page, status line and menus. Thin: it puts widgets together and goes to rooms."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QColor, QResizeEvent
from PySide6.QtWidgets import (
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mips_desk.ui.actions import Menu, build_menus
from mips_desk.ui.desk import Desk
from mips_desk.ui.leaving import Leaving
from mips_desk.ui.messages import Level, Message
from mips_desk.ui.pages.page import Page
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import SPACE_L, SPACE_XL, Theme, px
from mips_desk.ui.tokens import Appearance
from mips_desk.ui.undo import History
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.message_bar import MessageBar
from mips_desk.ui.widgets.rail import Rail
from mips_desk.ui.widgets.status_line import StatusLine
from mips_desk.ui.widgets.top_bar import TopBar
from mips_desk.ui.words import full_day, reporting

if TYPE_CHECKING:  # brings the vault's libraries, which are loaded after the window is on the screen
    from mips_desk.services.overview import YearView

PageFactory = Callable[[], Page]

#: Below this width, in logical pixels at 100 %, the rail shows icons only.
NARROW_BELOW = 980
#: Pause between two rooms that are made ahead, in milliseconds; what the person does comes in between.
_AHEAD_MS = 120


class MainWindow(QMainWindow):
    """The window of a vault that is open.

    Args:
        pages: how to make each room; called on the first visit, so the window is there at once.
        desk: the open practice.
        theme: for the View menu.
        settings: keeps place and size of the window, appearance and text size.
        handlers: what the commands of `actions.COMMANDS` do that the window cannot do by itself ("start_practice",
            "open_practice", "restore_backup", "back_up", "verify_file", "new_year", "help", "shortcuts", "about").

    Attributes:
        before_closing: called when everything is stored and the window may close; True: somebody else ends the app when
            the practice is closed.

    Signals:
        room_shown(Room): another room is shown.
    """

    room_shown = Signal(object)

    def __init__(
        self,
        pages: Mapping[Room, PageFactory],
        desk: Desk,
        theme: Theme,
        settings: QSettings,
        handlers: Mapping[str, Callable[[], object]] | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("MIPS Desk")
        self.before_closing: Callable[[], bool] = lambda: False
        self._factories = dict(pages)
        self._pages: dict[Room, Page] = {}
        self._desk = desk
        self._theme = theme
        self._settings = settings
        self._history: History = desk.undo
        self._shown = Room.HOME
        self._saved_at = desk.session.now()
        self.top_bar = TopBar()
        self.rail = Rail()
        self.status_line = StatusLine(desk.jobs)
        self.message_bar = MessageBar()
        self._stack = QStackedWidget()
        self.leaving = Leaving(desk, lambda: self.page, self)
        self._build()
        self._build_menus(dict(handlers or {}))
        self.rail.room_requested.connect(self.go)
        self.top_bar.year_requested.connect(desk.set_year)
        self.top_bar.lock_requested.connect(desk.lock_requested)
        desk.room_requested.connect(self.go)
        desk.view_changed.connect(self._show_view)
        desk.jobs.succeeded.connect(self._show_saved)
        desk.unstored_changed.connect(self._show_saving)
        desk.care.changed.connect(self._show_care)
        desk.jobs.failed.connect(desk.messages.failure)
        desk.messages.posted.connect(self._show_message)
        desk.messages.cleared.connect(self._clear_messages)
        theme.changed.connect(self._follow_theme)
        self.setMinimumSize(600, 340)
        self._restore_geometry()
        self._show_view(desk.view)

    @property
    def room(self) -> Room | None:
        """The room that is shown, or None before the first visit."""
        return self._shown if self._shown in self._pages else None

    @property
    def page(self) -> Page | None:
        """The page that is shown, or None before the first visit."""
        return self._pages.get(self._shown)

    def go(self, room: Room, target: object = None) -> None:
        """Show a room, and in it what a link points at.

        Args:
            room: where to go; a room without a page is passed over.
            target: what to select there, see `Page.open_target`; None: leave it to the room.
        """
        current = self.page
        stays = current is not None and room is not self.room and not current.can_leave()
        if room not in self._factories or stays:
            self.rail.set_room(self._shown)
            return
        page = self._pages.get(room) or self._make(room)
        self._shown = room
        self.rail.set_room(room)
        page.ensure_fresh()
        self._stack.setCurrentWidget(page)
        self._fill_room_menu(room, page)
        self._follow_history(page.history)
        if target is not None:
            page.open_target(target)
        if not self.rail.isAncestorOf(self.focusWidget() or self):
            # Tab then starts in the page, and no ring jumps to some other control.
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.room_shown.emit(room)

    def make_ahead(self) -> None:
        """Make the rooms while nobody waits for them, and fill those that cost little (`Page.fill_ahead`), so that a
        first visit only has to show one.
        """
        timer = QTimer(self)
        timer.setInterval(_AHEAD_MS)

        def make_next() -> None:
            if not self.isVisible():  # put away: nothing is read any more
                timer.stop()
                return
            # Made in one turn and filled in another, or one of them would be long enough to be felt.
            for page in self._pages.values():
                if page.stale and page.fill_ahead:
                    page.ensure_fresh()
                    return
            room = next((room for room in self._factories if room not in self._pages), None)
            if room is None:
                timer.deleteLater()
            else:
                self._make(room)

        timer.timeout.connect(make_next)
        timer.start()

    # ------------------------------------------------------------------ building

    def _build(self) -> None:
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        self._area = QWidget()
        page_column = QVBoxLayout(self._area)
        page_column.setContentsMargins(0, 0, 0, 0)
        page_column.setSpacing(0)
        self._bar_frame = QWidget()
        bar_column = QVBoxLayout(self._bar_frame)
        bar_column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, 0)
        bar_column.addWidget(self.message_bar)
        self._bar_frame.hide()
        page_column.addWidget(self._bar_frame)
        page_column.addWidget(self._stack, 1)
        middle.addWidget(self._area, 1)
        column.addLayout(middle, 1)
        column.addWidget(self.status_line)
        self.setCentralWidget(central)
        self.notice = MessageBar(self._area)
        shadow = QGraphicsDropShadowEffect(self.notice)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 4)
        shadow.setColor(QColor(0, 0, 0, 70))
        self.notice.setGraphicsEffect(shadow)
        self.message_bar.closed.connect(self._bar_frame.hide)

    def _build_menus(self, handlers: dict[str, Callable[[], object]]) -> None:
        own: dict[str, Callable[[], object]] = {
            "quit": self.close,
            "undo": lambda: self._history.undo(),
            "redo": lambda: self._history.redo(),
            "find": self._find,
            "back_up": self._back_up,
            "journal": self._show_journal,
            "lock": self._desk.lock_requested.emit,
            "text_larger": lambda: self._theme.step_text_scale(1),
            "text_smaller": lambda: self._theme.step_text_scale(-1),
            "text_normal": lambda: self._theme.set_text_scale(100),
            "full_screen": lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen),
            **{f"room_{room.value}": partial(self.go, room) for room in self._factories},
        }
        if new_year := handlers.pop("new_year", None):
            self.top_bar.new_year_requested.connect(new_year)
        bar = self.menuBar()
        self._menus, self.actions_by_key = build_menus(bar, self, own | handlers)
        self._menus[Menu.VIEW].addMenu(self._appearance_menu())
        self._room_menu = QMenu(self)
        bar.insertMenu(self._menus[Menu.HELP].menuAction(), self._room_menu)
        self._room_menu.menuAction().setVisible(False)
        self._history.changed.connect(self._show_history)
        self._show_history()

    def _find(self) -> None:
        from .find import FindDialog, go_to

        dialog = FindDialog(self._desk, self)
        dialog.chosen.connect(lambda found: go_to(self._desk, found))
        dialog.open()

    def _show_journal(self) -> None:
        from .journal_window import JournalWindow

        JournalWindow(self._desk, parent=self).open()

    def _back_up(self) -> None:
        state = self._desk.care.backup
        if state is not None and state.reachable and not self._desk.read_only:
            self._desk.care.back_up(told=self._desk.care.tell_made)
        else:
            self._desk.open_room(Room.SETTINGS, part="safety")

    def _appearance_menu(self) -> QMenu:
        menu = QMenu("&Appearance", self)
        group = QActionGroup(menu)
        words = {Appearance.SYSTEM: "As the system", Appearance.LIGHT: "Light", Appearance.DARK: "Dark"}
        for appearance, text in words.items():
            action = QAction(text, menu, checkable=True)
            action.setChecked(appearance is self._theme.appearance)
            action.triggered.connect(lambda _checked=False, choice=appearance: self._theme.set_appearance(choice))
            group.addAction(action)
            menu.addAction(action)
        return menu

    def _make(self, room: Room) -> Page:
        page = self._factories[room]()
        self._pages[room] = page
        self._stack.addWidget(page)
        page.commands_changed.connect(lambda: self._fill_room_menu(room, page) if room is self.room else None)
        return page

    def _fill_room_menu(self, room: Room, page: Page) -> None:
        # Keys of a room work only in that room, because its actions leave the menu with it.
        self._room_menu.clear()
        self._room_menu.setTitle(room.label)
        commands = page.commands()
        self._room_menu.addActions(list(commands))
        self._room_menu.menuAction().setVisible(bool(commands))

    # ------------------------------------------------------------------ undo, messages, theme

    def _follow_history(self, history: History) -> None:
        if history is self._history:
            return
        self._history.changed.disconnect(self._show_history)
        self._history = history
        history.changed.connect(self._show_history)
        self._show_history()

    def _show_history(self) -> None:
        for key, words in (("undo", "&Undo"), ("redo", "&Redo")):
            text = self._history.undo_text if key == "undo" else self._history.redo_text
            action = self.actions_by_key[key]
            action.setText(f"{words} {text}".rstrip())
            action.setEnabled(bool(text))

    def _show_view(self, view: "YearView") -> None:
        self.top_bar.set_practice(view.practice.name, reporting(view.profile, len(view.clinicians)))
        self.top_bar.set_gauge(view.gauge)
        self.top_bar.set_years(view.years, view.year)
        waiting = sum(1 for task in view.tasks if task.room in ("evidence", "annotator"))
        self.rail.set_badge(Room.EVIDENCE, waiting)
        self._show_saving()

    def _show_saved(self) -> None:
        self._saved_at = self._desk.session.now()
        self._show_saving()

    def _show_saving(self) -> None:
        """Say that everything is stored, or why nothing can be."""
        view = self._desk.view
        if self._desk.unstored:
            self.status_line.set_state("Some marks are not stored yet", Tone.BAD)
        elif self._desk.read_only:
            self.status_line.set_state("Read only: nothing can be changed")
        elif view.closed is not None:
            self.status_line.set_state(f"{view.year} is closed: nothing in it can be changed", Tone.WARN)
        else:
            self.status_line.set_saved(self._saved_at)

    def _show_care(self) -> None:
        backup = self._desk.care.backup
        if backup is not None:
            made = backup.verified_at
            self.status_line.set_notes([f"Backup read back {full_day(made.date())}" if made else "No backup yet"])

    def _show_message(self, message: Message) -> None:
        if message.level is Level.INFO:
            self.notice.show_message(message)
            self._place_notice()
        else:
            self._bar_frame.show()
            self.message_bar.show_message(message)

    def _clear_messages(self) -> None:
        self.message_bar.close_message()
        self.notice.close_message()

    def _place_notice(self) -> None:
        """Notices lie over the lower edge, so that nothing moves when they come and go, and at the left, because the
        pane at the right has the buttons that come next.
        """
        width = max(px(200), min(self._area.width() - 2 * SPACE_XL, px(560)))
        height = self.notice.heightForWidth(width)
        self.notice.setGeometry(SPACE_XL, self._area.height() - height - SPACE_L, width, height)

    def _follow_theme(self) -> None:
        for widget in (self.top_bar, self.rail, self.status_line):
            widget.refresh()
        self._theme.save(self._settings)
        self._arrange()

    def _arrange(self) -> None:
        self.rail.set_narrow(self.width() < px(NARROW_BELOW))

    # ------------------------------------------------------------------ window

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the page the room when the window is small."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Keep notices in place after the layout has settled."""
        handled = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and not self.notice.isHidden():
            self._place_notice()
        return handled

    def closeEvent(self, event: QCloseEvent) -> None:
        """Store what is being typed or drawn, then remember place and size."""
        if not self.leaving.may_leave(self.close):
            event.ignore()
            return
        self._settings.setValue("window/geometry", self.saveGeometry())
        if self.before_closing():
            # Hidden and deleted by whoever closes the practice; the app ends when that is done.
            event.ignore()
        else:
            event.accept()

    def _restore_geometry(self) -> None:
        stored = self._settings.value("window/geometry")
        if isinstance(stored, QByteArray) and self.restoreGeometry(stored):
            return
        screen = self.screen().availableGeometry()
        self.resize(min(1280, screen.width()), min(800, screen.height()))
