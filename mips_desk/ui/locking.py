"""Putting a practice away, and bringing the person back to where they were.

A lock that comes by itself asks nothing and waits for nothing. First every window of the practice leaves the screen;
then what is typed and drawn goes into the line of writes, and behind it the closing of the vault. What is under way
(an export, a backup) ends behind the lock, because stopping it would help nobody; only then the vault closes, and
unlocking waits for that. Then the backup after the session is made, if one is due; it is given up when somebody
unlocks, and made anew later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QThread, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPixmapCache
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from .clipboard import Clipboard
from .desk import Desk, Target
from .drafts import room_of, target_of
from .jobs import Job, JobContext, Jobs
from .rooms import Room
from .watch.idle import Clocks, IdleWatch, lock_minutes
from .watch.system import watch_system
from .watch.warning import LockWarning

if TYPE_CHECKING:  # these bring the vault's libraries, which are loaded after the window is on the screen
    from mips_desk.services.drafts import Draft
    from mips_desk.services.overview import YearView
    from mips_desk.services.session import Session

    from .capture.flow import CaptureFlow
    from .main_window import MainWindow
    from .start.window import StartWindow

#: How often it is looked whether something that runs is done, in seconds and milliseconds.
_LOOK_SECONDS, _LOOK_MS = 0.05, 50
#: How long the closing of the vault waits for what was given up and still reads it; what hangs must keep nobody out.
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person was in a practice.

    Attributes:
        vault: folder of the vault.
        person_id: who it was.
        year: the year that was shown.
        room: the room that was shown.
        target: what was selected in it.
    """

    vault: Path
    person_id: str
    year: int
    room: Room
    target: Target

    def fits(self, session: Session) -> bool:
        """The same person has opened the same practice."""
        return (self.vault, self.person_id) == (session.vault.folder, session.vault.person.id)


@dataclass(slots=True)
class _Left:
    """What is remembered while a practice is locked. In memory only; most of it is empty most of the time.

    Attributes:
        place: where the person was.
        drafts: typed text that could not be kept in the vault.
        unstored: drawn marks that could not be stored, see `Desk.unstored`.
        running: work that has not ended.
        backup: the backup before the vault closes; it ends at once when none is due.
    """

    place: Place | None = None
    drafts: tuple[Draft, ...] = ()
    unstored: dict[str, Callable[[Desk], object]] = field(default_factory=dict)
    running: tuple[Job, ...] = ()
    backup: Job | None = None


class Locking(QObject):
    """Says when to lock, puts the practice away, and brings the person back.

    Args:
        start: the window while no practice is open; the only one that stays on the screen.
        settings: after how many minutes this computer locks.
        jobs: where the work runs.
        failed: tells the person that something could not be stored.
        clocks: two clocks in seconds, one that nobody sets and that of the computer.

    Attributes:
        closing: what closes the vault of the practice that was put away last.

    Signals:
        wanted(str): the practice shall be locked now, and why, in a sentence.
    """

    wanted = Signal(str)

    def __init__(
        self,
        start: StartWindow,
        settings: QSettings,
        jobs: Jobs,
        failed: Callable[[Exception], object],
        *,
        clocks: Clocks = (time.monotonic, time.time),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._start = start
        self._settings = settings
        self._jobs = jobs
        self._failed = failed
        self._left = _Left()
        self.closing: Job | None = None
        self._warning: LockWarning | None = None
        self._flows: Callable[[], list[CaptureFlow]] = list
        self.clipboard = Clipboard(QGuiApplication.clipboard(), parent=self)
        self.idle = IdleWatch(lambda: lock_minutes(settings), self._capture_waits, clocks, self)
        self.idle.locked.connect(self._untouched)
        self.idle.slept.connect(lambda: self.wanted.emit("MIPS Desk locked this practice while the computer slept."))
        self.idle.warned.connect(self._warn)
        self.idle.touched.connect(self._calm)
        self.system = watch_system(start, self)
        if self.system is not None:
            self.system.locked.connect(lambda: self.wanted.emit("MIPS Desk locked this practice with your screen."))

    def stop(self) -> None:
        """Watch no longer; called when the app ends."""
        self.idle.stop()
        if self.system is not None:
            self.system.stop()

    # ------------------------------------------------------------------ an open practice

    def read_start(self, session: Session, year: int | None) -> tuple[YearView, tuple[Draft, ...]]:
        """Return the year to show and the text to bring back. Touches no widget; called in a job.

        Args:
            session: a practice that was just opened.
            year: the year to show; None: the one shown before, else that of the newest draft, else this one.
        """
        from mips_desk.services.drafts import unfinished
        from mips_desk.services.overview import load_year

        drafts, place = unfinished(session), self._left.place
        years = [place.year] if place is not None and place.fits(session) else [draft.year for draft in drafts]
        today, known = session.now().date(), session.vault.years()
        usual = today.year if today.year in known or not known else known[0]
        return load_year(session, year or next((each for each in years if each in known), usual), today), drafts

    def bring_back(self, window: MainWindow, desk: Desk, drafts: tuple[Draft, ...]) -> None:
        """Show the person the room where they were, with what they had not finished, and watch from now on.

        Args:
            window: the window of the practice, not shown yet.
            desk: the practice.
            drafts: from `read_start`.
        """
        left, self._left = self._left, _Left()
        place = left.place if left.place is not None and left.place.fits(desk.session) else None
        remembered = left.drafts if place is not None else ()
        desk.drafts.found(drafts, remembered)
        drafts = (*remembered, *drafts)
        room, target = Room.HOME, Target()
        if place is not None:
            room, target = place.room, place.target
        elif drafts:
            room, target = room_of(drafts[0]), target_of(drafts[0])
        window.go(room, target)
        if window.page is not None and (draft := next((each for each in drafts if room_of(each) is room), None)):
            window.page.resume(draft)
        if place is not None and left.unstored:
            desk.unstored.update(left.unstored)
            desk.store_again()
        from .capture.flow import CaptureFlow

        self._warning = LockWarning(window)
        self._flows = lambda: window.findChildren(CaptureFlow)
        self.idle.start()
        self.clipboard.watch(on=True)

    def put_away(self, window: MainWindow, desk: Desk) -> None:
        """Take everything of a practice off the screen, keep what is unfinished, then close the vault.

        Args:
            window: its window.
            desk: the practice.
        """
        session = desk.session
        page = window.page
        target = page.place() if page is not None else Target()
        for flow in self._flows():
            flow.abort()
        # Before the fields lose the keyboard and ask to be stored: should that fail, the text is kept all the same.
        desk.drafts.read()
        hide_all_but(self._start)
        self._calm()
        self._warning = None
        self._flows = list
        place = Place(session.vault.folder, session.vault.person.id, desk.year, window.room or Room.HOME, target)
        running = tuple(job for job in self._jobs.live if not job.is_write and job.title)
        desk.care.stop()
        self._left = _Left(place, unstored=desk.unstored, running=running)
        desk.drafts.stop(self._not_kept)
        window.leaving.store()
        # Nobody looks any more: what is only read for the screen would find the vault closed.
        self._jobs.succeeded.disconnect(desk.events.publish)
        for job in self._jobs.live:
            if not (job.is_write or job.title or job.options.get("keep", False)):
                job.cancel()
        if not desk.read_only:
            self._left.backup = self._jobs.write(lambda context: _back_up(session, context), on_failure=self._failed)
        self.closing = self._jobs.write(lambda _: _close(session, running), on_failure=self._failed, keep=True)
        self._retire(window, desk)
        self.clipboard.forget()
        self.clipboard.watch(on=False)
        QPixmapCache.clear()

    def make_way(self) -> None:
        """Give up backups and checks that are still under way behind the lock: somebody wants to work."""
        for job in (*self._left.running, self._left.backup):
            if job is not None:
                job.cancel()

    @property
    def backup(self) -> Job | None:
        """The backup that is made behind the lock, or was."""
        return self._left.backup

    @property
    def under_way(self) -> str:
        """What ends behind the lock, in words, or nothing."""
        return next((job.title for job in self._jobs.live if job.title), "")

    # ------------------------------------------------------------------ inside

    def _untouched(self) -> None:
        minutes = lock_minutes(self._settings)
        words = "a minute" if minutes == 1 else f"{minutes} minutes"
        self.wanted.emit(f"MIPS Desk locked this practice after {words} without a touch. What you typed is kept.")

    def _capture_waits(self) -> bool:
        return any(flow.waiting for flow in self._flows())

    def _warn(self, seconds: int) -> None:
        if self._warning is not None:
            self._warning.say(seconds)

    def _calm(self) -> None:
        if self._warning is not None:
            self._warning.close_message()

    def _not_kept(self, drafts: tuple[Draft, ...], error: Exception) -> None:
        self._left.drafts = drafts
        self._failed(error)

    def _retire(self, window: MainWindow, desk: Desk) -> None:
        """Delete the windows, but never under a dialog whose own event loop has not come back yet."""
        if QThread.currentThread().loopLevel() > 1:
            QTimer.singleShot(_LOOK_MS, self, lambda: self._retire(window, desk))
            return
        window.deleteLater()
        desk.events.deleteLater()


def hide_all_but(kept: QWidget) -> None:
    """Take every window off the screen at once, also dialogs, menus, tool tips and what covers the screen.

    A dialog that waits for an answer ends as if it was cancelled.

    Args:
        kept: the one window that may stay.
    """
    QToolTip.hideText()
    for widget in QApplication.topLevelWidgets():
        if widget is not kept and widget.isVisible():
            widget.hide()


def _back_up(session: Session, context: JobContext) -> None:
    """Make the backup after a session, when the practice wants one and something changed."""
    from mips_desk.services.backups import backup_due, make_backup

    if backup_due(session, closing=True):
        make_backup(session, None, context.progress, context.check)


def _close(session: Session, running: tuple[Job, ...]) -> None:
    """Close the vault when what reads it has ended; runs in the line of writes, so the next opening waits for it."""
    pause = Event()
    while any(job.running and not job.context.over.is_set() and not job.context.cancelled for job in running):
        pause.wait(_LOOK_SECONDS)
    for job in running:
        if job.context.cancelled:
            job.context.over.wait(_PATIENCE_SECONDS)
    session.close()
