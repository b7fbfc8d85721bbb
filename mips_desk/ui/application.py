"""The running app: the only place where window, pages and services are put together.

The first window is painted before anything heavy is imported. What a practice needs is loaded on a work thread while
the person reads; pages are imported when a practice is open.
"""

import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from mips_desk.paths import data_folder

from .desk import Desk
from .events import Events
from .jobs import Job, JobContext, Jobs
from .locking import Locking, hide_all_but
from .main_window import MainWindow
from .messages import Ask, Messages, ask_in_dialog
from .page_factories import page_factories
from .quitting import Quitting
from .recent import recent, remember
from .rooms import Room
from .start.doors import Doors
from .start.opening import Opening
from .start.window import StartWindow, ask_folder
from .theme import Theme
from .undo import UndoStack
from .watch.idle import Clocks

if TYPE_CHECKING:
    from mips_desk.services.drafts import Draft
    from mips_desk.services.overview import YearView
    from mips_desk.services.session import Session

    from .start.answers import FirstRun

    #: A practice that was opened, the year to show, and what the person had not finished.
    Opened = tuple[Session, YearView, tuple[Draft, ...]]

#: Folder of the sample practice.
SAMPLE = "Sample"
#: How long the end of the desktop's session is held up, in milliseconds.
_SESSION_END_MS = 2000


class Application(QObject):
    """Opens and closes practices, and shows the start window or the main window.

    Args:
        settings: place and size of the window, appearance, recent practices.
        theme: colors and text size.
        jobs: where work runs; tests hand in a `SynchronousRunner`.
        ask: see `Desk`.
        folder: where practices and the sample are kept; by default the per-user data folder.
        start_window: the frame that is on the screen already; by default a new one.
        choose_folder: asks for the folder of a practice; tests hand in their own.
        quit_app: ends the event loop; tests hand in their own.
        clocks: see `Locking`; tests hand in their own.
    """

    def __init__(
        self,
        settings: QSettings,
        theme: Theme,
        jobs: Jobs,
        *,
        ask: Ask = ask_in_dialog,
        folder: Path | None = None,
        start_window: StartWindow | None = None,
        choose_folder: Callable[[QWidget], Path | None] = ask_folder,
        quit_app: Callable[[], object] = QGuiApplication.quit,
        clocks: Clocks = (time.monotonic, time.time),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.messages = Messages(self)
        self.jobs = jobs
        self._settings = settings
        self._theme = theme
        self._ask = ask
        self._ask_folder = choose_folder
        self._folder = folder or data_folder()
        self._ahead = False
        self._session: Session | None = None
        self._desk: Desk | None = None
        self._vault_folder: Path | None = None
        self._drafts: tuple[Draft, ...] = ()
        self.main_window: MainWindow | None = None
        self.start_window = start = start_window or StartWindow()
        start.fill(self._start_handlers(), theme)
        self._doors = Doors(start, jobs, settings, self._folder / "Practices", self.open_practice, self)
        self.locking = Locking(start, settings, jobs, self.messages.failure, clocks=clocks, parent=self)
        self.locking.wanted.connect(self.lock_now)
        self._quitting = Quitting(start, self.locking, jobs, quit_app, self)
        jobs.failed.connect(self._failed)
        start.open_requested.connect(self.open_practice)
        start.create_requested.connect(self.create_practice)
        start.sample_requested.connect(self.open_sample)
        start.closed.connect(lambda: settings.setValue("window/geometry", start.saveGeometry()))
        self.messages.posted.connect(start.show_message)

    @property
    def desk(self) -> Desk | None:
        """The open practice, or None while none is open."""
        return self._desk

    # ------------------------------------------------------------------ start and end

    def start(self, *, sample: bool = False) -> None:
        """Put the first window on the screen."""
        if not self.start_window.isVisible():
            self.start_window.put_in_place(self._settings)
        known = recent(self._settings)
        if sample:
            self.open_sample()
        elif known:
            self.start_window.show_unlock(known[0])
        else:
            self.start_window.show_welcome(known)
        self.start_window.show()

    def warm_up(self) -> None:
        """Load what an open practice needs, while the person reads the first window; rooms are made ahead too."""
        self._ahead = True

        def load(_: JobContext) -> None:
            from mips_desk.catalog.load import load_catalog
            from mips_desk.services import binding, choose, collect, overview, setup, uses  # noqa: F401 - loaded ahead

            load_catalog()
            # The rooms too: reading their code would be most of the wait at the first visit.
            for room in Room:
                import_module(f"{__package__}.pages.{room.value}")

        self.jobs.work(load, on_failure=self.messages.failure)

    def stop(self) -> None:
        """End the work and close the practice; called when the event loop has ended."""
        self.locking.stop()
        if self._desk is not None:
            self._desk.care.stop()
        self.jobs.shutdown()
        if self._session is not None:
            self._session.close()
            self._session = None

    # ------------------------------------------------------------------ opening

    def open_practice(self, wish: Opening) -> None:
        """Open a practice; the answer comes to the window that shows the lock."""
        self._open(
            lambda _: self._with_view(wish.open()), "Opening the practice", on_failure=partial(self._doors.failed, wish)
        )

    def create_practice(self, answers: "FirstRun") -> None:
        """Make a practice from the answers of the first run, show its recovery sheet, then open it."""
        parent = answers.folder or self._folder / "Practices"

        def work(_: JobContext) -> "Opened":
            from .start.answers import make_practice

            return self._with_view(make_practice(answers, parent), answers.profile.year)

        def made(session: "Session", view: "YearView") -> None:
            self._session = session
            self._doors.show_sheet(session, answers.practice.name, lambda: self._show_practice(session, view))

        self._open(work, "Setting up the practice", then=made)

    def open_sample(self) -> None:
        """Make the sample practice when it is not there yet, and open it."""
        folder = self._folder / SAMPLE
        self.start_window.show_working("The sample practice", "Synthetic people, a synthetic portal.")

        def work(context: JobContext) -> "Opened":
            from .start.sample import open_sample_practice

            return self._with_view(open_sample_practice(folder, context))

        self.start_window.watch(self._open(work, "Making the sample practice"))

    def _open(
        self,
        work: "Callable[[JobContext], Opened]",
        title: str,
        then: "Callable[[Session, YearView], object] | None" = None,
        on_failure: Callable[[Exception], object] | None = None,
    ) -> Job:
        def opened(result: "Opened") -> None:
            session, view, self._drafts = result
            if session.vault.folder.parent != self._folder / SAMPLE:
                remember(self._settings, session.vault.folder)
            self._doors.opened(session)
            (then or self._show_practice)(session, view)

        self.start_window.set_busy(True)
        self.locking.make_way()
        # In the line of writes: a practice that was just locked is closed before it is opened again.
        return self.jobs.write(
            work,
            title=title,
            initiator=self,
            on_success=opened,
            on_failure=on_failure or self.start_window.opening_failed,
            on_finished=lambda: self.start_window.set_busy(False),
        )

    def _with_view(self, session: "Session", year: int | None = None) -> "Opened":
        try:
            return session, *self.locking.read_start(session, year)
        except BaseException:
            session.close()
            raise

    # ------------------------------------------------------------------ an open practice

    def _show_practice(self, session: "Session", view: "YearView") -> None:
        from .binder_drop import BinderDrop

        events = Events(self)
        self.jobs.succeeded.connect(events.publish)
        messages = Messages(events)
        undo = UndoStack(self.jobs, events, events)
        desk = Desk(
            session,
            view,
            jobs=self.jobs,
            events=events,
            messages=messages,
            undo=undo,
            ask=self._ask,
            read_only=session.vault.read_only,
            parent=events,
        )
        desk.lock_requested.connect(self.lock)
        pages = page_factories(desk, self._theme, self._settings)
        window = MainWindow(pages, desk, self._theme, self._settings, self._handlers())
        self.messages.posted.connect(messages.posted)
        self._session, self._desk, self.main_window = session, desk, window
        self._vault_folder = session.vault.folder
        role = "read only" if desk.read_only else session.vault.person.role.value
        window.status_line.set_person(session.person, role)
        window.setGeometry(self.start_window.geometry())
        window.setWindowState(self.start_window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.before_closing = self._close_and_quit
        window.installEventFilter(self)
        BinderDrop(window, desk)
        self.locking.bring_back(window, desk, self._drafts)
        if self._ahead and not self._drafts:  # else text would come back where nobody looks
            window.make_ahead()
        self._drafts = ()
        window.show()
        self.start_window.hide()
        self.start_window.forget_secrets()
        self._doors.tell(messages)
        desk.care.start()

    def lock(self) -> None:
        """Close the practice, take everything of it off the screen, and show the lock."""
        if not self._close_practice(self.lock):
            return
        self._show_lock()

    def lock_now(self, why: str = "") -> None:
        """Lock without asking anything: whoever could answer has left.

        Args:
            why: a sentence for the lock.
        """
        session = self._session
        if session is None:
            return
        away = QGuiApplication.applicationState() is not Qt.ApplicationState.ApplicationActive
        self.put_away()
        if self._session is not None:  # made, but its recovery sheet is still on the screen
            hide_all_but(self.start_window)
            self._vault_folder = session.vault.folder
            self._after_sheet(lambda: None)
        self._show_lock(why)
        self.start_window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, away)
        self.start_window.show()
        if away:  # it must not come before what the person works in
            self.start_window.lower()

    def _show_lock(self, why: str = "") -> None:
        if self._vault_folder is None:
            return
        told = why
        if busy := self.locking.under_way:
            told = f"{told} Still under way, and finished first: {busy}.".strip()
        if self._vault_folder.parent == self._folder / SAMPLE:
            from mips_desk.sample.practice import SAMPLE_PASSPHRASE

            told = f"{told} The passphrase of the sample is “{SAMPLE_PASSPHRASE}”.".strip()
        self.start_window.show_unlock(self._vault_folder, told)

    def _close_practice(self, then: Callable[[], object]) -> bool:
        """Close the practice if it may be left now; `then` asks again, see `Leaving`."""
        window = self.main_window
        if window is None:
            return True
        if not window.leaving.may_leave(then):
            return False
        self.put_away()
        self.start_window.show()
        return True

    def put_away(self) -> None:
        """Take the practice off the screen and close it behind that, with everything kept. Asks nothing."""
        window, desk = self.main_window, self._desk
        if window is None or desk is None:
            return
        self.main_window = self._desk = self._session = None
        window.removeEventFilter(self)
        self.locking.put_away(window, desk)
        self.start_window.setGeometry(window.geometry())

    def _close_and_quit(self) -> bool:
        """Close the practice, and end the app when that is done; False when it is done already."""
        self.put_away()
        return self._quitting.begin()

    def session_ends(self, _manager: object = None) -> None:
        """Lock, and wait until all is stored: the system may end the app as soon as this returns."""
        self.lock_now("MIPS Desk locked this practice because you signed out.")
        self.jobs.wait(_SESSION_END_MS)

    def _failed(self, error: Exception) -> None:
        """Say at the lock what could not be stored while the practice was put away."""
        if self._desk is None:
            self.messages.failure(error)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the date when the person comes back to the window."""
        if event.type() is QEvent.Type.WindowActivate and self._desk is not None:
            self._desk.new_day()
        return super().eventFilter(watched, event)

    # ------------------------------------------------------------------ commands

    def _start_handlers(self) -> dict[str, Callable[[], object]]:
        return {
            "start_practice": partial(self._after_sheet, self.start_window.show_wizard),
            "open_practice": partial(self._after_sheet, self.start_window.choose_folder),
            "restore_backup": partial(self._after_sheet, lambda: self._doors.show_restore()),
            "quit": lambda: self.start_window.close(),
            "text_larger": lambda: self._theme.step_text_scale(1),
            "text_smaller": lambda: self._theme.step_text_scale(-1),
            "text_normal": lambda: self._theme.set_text_scale(100),
            "about": self._about,
        }

    def _after_sheet(self, then: Callable[[], object]) -> None:
        """Close a practice that was made but not shown yet, because something else is wanted first."""
        session = self._session
        if session is not None and self.main_window is None:
            self._session = None
            self.jobs.write(lambda _: session.close(), on_failure=self.messages.failure)
        then()

    def _handlers(self) -> dict[str, Callable[[], object]]:
        def leave(then: Callable[[], object]) -> None:
            if self._close_practice(lambda: leave(then)):
                self._show_lock()
                then()

        def open_other() -> None:
            window = self.main_window
            folder = self._ask_folder(window) if window is not None else None
            # Only now: who cancels goes on working.
            if folder is not None:
                leave(lambda: self.start_window.show_unlock(folder))

        return {
            "start_practice": lambda: leave(self.start_window.show_wizard),
            "open_practice": open_other,
            "restore_backup": lambda: leave(self._doors.show_restore),
            "verify_file": self._verify_file,
            "new_year": lambda: self._desk.open_room(Room.SETTINGS, part="records") if self._desk else None,
            "about": self._about,
        }

    def _verify_file(self) -> None:
        from .binder_drop import check_binder, choose_binder_in_dialog

        desk, window = self._desk, self.main_window
        if desk is not None and window is not None and (path := choose_binder_in_dialog(window)) is not None:
            check_binder(desk, path)

    def _about(self) -> None:
        from .about import AboutDialog

        AboutDialog(self.main_window or self.start_window).open()
