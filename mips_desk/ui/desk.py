"""The open practice as the pages see it: one object handed to every page.

A page reads `desk.view` and hears `desk.view_changed`; it changes something with

    desk.change(lambda: choose.add(desk.session, desk.year, "IA_BE_4"), self)

and never refreshes itself: the `Changes` go out on `desk.events`, the desk reads the year again on a work thread, and
every page hears the new view. Undo is recorded by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from mips_desk.services.changes import Changed, Changes

from .care import Care
from .drafts import Drafts
from .events import Events
from .jobs import JobContext, Jobs
from .messages import Ask, Messages, ask_in_dialog
from .picture_reader import PictureReader
from .rooms import Room
from .undo import UndoStack

if TYPE_CHECKING:  # these bring the vault's libraries, which are loaded after the window is on the screen
    from mips_desk.services.overview import YearView
    from mips_desk.services.session import Session


@dataclass(frozen=True, slots=True)
class Target:
    """What a link from one room points at in another.

    Attributes:
        selection_id: what to select; empty: leave it to the room.
        evidence_id: what to select; empty: leave it to the room.
        annotate: open the annotator on the evidence item.
        part: the section of Settings, see `pages.settings_section.Part`, the part of the Binder room, see
            `pages.binder_parts.PARTS`, or the line of the checklist in Evidence; empty: leave it to the room.
        file: a file to check, for the exports in the Binder room.
        activity_id: the activity of the year, for the room Choose; empty: leave it to the room.
    """

    selection_id: str = ""
    evidence_id: str = ""
    annotate: bool = False
    part: str = ""
    activity_id: str = ""
    file: Path | None = None


class Desk(QObject):
    """The open practice.

    Attributes:
        session: the first argument of every service.
        jobs: where services run.
        events: the bus of changes; most pages only need `view_changed`.
        messages: one sentence to the person.
        undo: the history of the vault.
        ask: asks a question in a dialog and returns True for yes; tests hand in their own.
        read_only: nothing can be changed; pages disable their commands.
        care: backups and checks beside the work.
        drafts: keeps what is being typed.
        pictures: reads the words of pictures beside the work.
        unstored: what the person made that could not be stored so far: how to try again, by what it belongs to. After
            a lock it goes on to the next desk.

    Signals:
        view_changed(YearView): the year was read again, or another year was chosen. Emitted on the GUI thread.
        view_failed(Exception): the year could not be read; the message bar has said it, and the last view stands.
        room_requested(Room, Target): show a room with the target selected; the page gets it in `Page.open_target`.
        lock_requested(): close the practice and show the lock.
        unstored_changed(): something could not be stored, or was stored after all.
    """

    unstored_changed = Signal()
    view_changed = Signal(object)
    view_failed = Signal(object)
    room_requested = Signal(object, object)
    lock_requested = Signal()

    def __init__(
        self,
        session: Session,
        view: YearView,
        *,
        jobs: Jobs,
        events: Events,
        messages: Messages,
        undo: UndoStack,
        ask: Ask = ask_in_dialog,
        read_only: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.jobs = jobs
        self.events = events
        self.messages = messages
        self.undo = undo
        self.ask = ask
        self.read_only = read_only
        self.unstored: dict[str, Callable[[Desk], object]] = {}
        self._view = view
        self._year = view.year
        self._loading = False
        self._stale = False
        self.care = Care(self)
        self.drafts = Drafts(self)
        self.pictures = PictureReader(self)
        events.changed.connect(self._on_changed)

    @property
    def year(self) -> int:
        """The performance year chosen in the top bar; commands act on it."""
        return self._year

    @property
    def view(self) -> YearView:
        """The newest view; for a moment after a switch of year still that of the year before."""
        return self._view

    @property
    def fixed(self) -> bool:
        """Nothing of the year shown can be changed: the practice is open to read only, or the year is closed."""
        return self.read_only or self._view.closed is not None

    def today(self) -> date:
        """Return today's date by the clock of the session."""
        return self.session.now().date()

    def set_year(self, year: int) -> None:
        """Switch to another performance year; `view_changed` follows."""
        if year != self._year:
            self._year = year
            self.reload()

    def reload(self) -> None:
        """Read the year again; several wishes while one is being read become one."""
        if self._loading:
            self._stale = True
            return
        from mips_desk.services.overview import load_year

        year, today = self._year, self.today()

        def load(_: JobContext) -> YearView:
            return load_year(self.session, year, today)

        self._loading = True
        self.jobs.work(
            load, initiator=self, on_success=self._loaded, on_failure=self._failed, on_finished=self._load_ended
        )

    def new_day(self) -> None:
        """Read the year again when the date has changed since; called when the window becomes active."""
        if self._view.today != self.today():
            self.reload()

    def open_room(self, room: Room | str, selection_id: str = "", evidence_id: str = "", part: str = "") -> None:
        """Show a room with the right thing selected.

        Args:
            room: a room, or a name as in `services.overview.Task.room` ("annotator" opens the evidence room and the
                annotator on the item).
            selection_id: what to select; empty: leave it to the room.
            evidence_id: what to select; empty: leave it to the room.
            part: the section of Settings, the part of the Binder room or the line of the checklist in Evidence; empty:
                leave it to the room.
        """
        annotate = room == "annotator"
        target = Target(selection_id, evidence_id, annotate and bool(evidence_id), part)
        self.room_requested.emit(Room.EVIDENCE if annotate else Room(room), target)

    def change(
        self,
        act: Callable[[], Changes],
        initiator: object = None,
        on_success: Callable[[Changes], object] | None = None,
    ) -> None:
        """Run one command of a service; the view follows by itself, a failure goes to the message bar.

        Args:
            act: calls one service; runs on another thread and touches no widget.
            initiator: who asked; when it is a QObject that is gone by then, `on_success` is not called.
            on_success: gets the changes, on the GUI thread, before the year is read again.
        """
        if on_success is None:
            self.jobs.write(lambda _: act(), initiator=initiator, keep=True)
        else:
            self.jobs.write(lambda _: act(), initiator=initiator, on_success=on_success, keep=True)

    def could_not_store(self, key: str, again: Callable[[Desk], object]) -> None:
        """Keep what could not be stored.

        Args:
            key: what it belongs to; a later one with the same key takes its place.
            again: tries to store it again, for the desk that is open then.
        """
        self.unstored[key] = again
        if isValid(self):  # else the practice was locked meanwhile
            self.unstored_changed.emit()

    def stored(self, key: str) -> None:
        """Take in that the newest of a key is stored."""
        if self.unstored.pop(key, None) is not None and isValid(self):
            self.unstored_changed.emit()

    def store_again(self) -> None:
        """Try again to store what could not be stored."""
        for run in tuple(self.unstored.values()):
            run(self)

    def _on_changed(self, changes: Changes, _initiator: object) -> None:
        if changes.kinds & ~Changed.EXPORTS:
            self.reload()

    def _loaded(self, view: YearView) -> None:
        if view.year != self._year:
            self._stale = True
            return
        self._view = view
        self.view_changed.emit(view)

    def _failed(self, error: Exception) -> None:
        self._year = self._view.year
        self.messages.failure(error)
        self.view_failed.emit(error)

    def _load_ended(self) -> None:
        self._loading = False
        if self._stale:
            self._stale = False
            self.reload()
