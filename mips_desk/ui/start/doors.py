"""The ways into a practice beside the passphrase: who stands at the door, recovery sheet, backup, a better place."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSettings

from mips_desk.errors import MipsDeskError
from mips_desk.ui import capture_guard
from mips_desk.ui.jobs import Jobs
from mips_desk.ui.messages import Messages
from mips_desk.ui.recent import forget, last_person, recent, remember, remember_person

from .opening import Opening
from .window import StartWindow

if TYPE_CHECKING:  # brings the vault's libraries, which are loaded after the window is on the screen
    from mips_desk.services.people import PersonAtDoor
    from mips_desk.services.places import Moved
    from mips_desk.services.session import Session


class Doors(QObject):
    """Shows the pages of the start window that need services, and hands what was entered to the application.

    Args:
        start: the window while no practice is open.
        jobs: where the work runs.
        settings: who opened which practice last, and whether the window may be captured.
        folder: where practices are kept.
        open_practice: opens one; the answer comes to the window.
    """

    def __init__(
        self,
        start: StartWindow,
        jobs: Jobs,
        settings: QSettings,
        folder: Path,
        open_practice: Callable[[Opening], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._start, self._jobs, self._settings, self._folder = start, jobs, settings, folder
        self._open = open_practice
        self._news = ""
        start.door_shown.connect(self._ask_who)
        start.forgot_requested.connect(self._forgot)
        start.restore_requested.connect(self.show_restore)
        start.forget_requested.connect(self._forget)
        start.installEventFilter(self)

    def opened(self, session: "Session") -> None:
        """Remember who opened it."""
        remember_person(self._settings, session.vault.folder, session.vault.person.id)

    def tell(self, messages: Messages) -> None:
        """Say in the window of the practice what was done on the way in."""
        if self._news:
            messages.warning(self._news)
            self._news = ""

    def failed(self, wish: Opening, error: Exception) -> None:
        """Say why a practice did not open; where its place is to blame, offer the way out."""
        from mips_desk.services.places import VaultInBadPlaceError

        if isinstance(error, VaultInBadPlaceError):
            self.show_move(wish, error.provider)
        else:
            self._start.opening_failed(error)

    def show_restore(self) -> None:
        """Show where a backup is restored."""
        from .restore import RestorePage

        page = RestorePage(self._jobs, self._folder)
        page.restored.connect(self._restored)
        page.back_requested.connect(lambda: self._start.show_welcome(recent(self._settings)))
        self._start.show_guest(page)

    def show_move(self, wish: Opening, provider: str) -> None:
        """Show that a practice lies where it would be damaged.

        Args:
            wish: as it was entered at the lock.
            provider: who synchronises the folder, or the kind of share, in words.
        """
        from .move_place import MovePage

        page = MovePage(self._jobs, wish.folder, provider, self._folder, wish.passphrase)
        page.moved.connect(partial(self._moved, wish))
        page.read_only_requested.connect(
            lambda folder, passphrase: self._open(replace(wish, folder=folder, passphrase=passphrase, read_only=True))
        )
        page.back_requested.connect(lambda: self._start.show_unlock(wish.folder))
        self._start.show_guest(page)

    def show_sheet(self, session: "Session", practice: str, then: Callable[[], object]) -> None:
        """Show the recovery sheet of a practice that was just made.

        Args:
            session: the practice.
            practice: its name.
            then: shows it.
        """
        from .sheet_page import SheetPage

        page = SheetPage(session, self._jobs, practice)
        page.finished.connect(lambda: then())
        self._start.show_guest(page)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the window with the passphrase out of pictures of the screen, each time it is shown."""
        if event.type() is QEvent.Type.Show:
            capture_guard.guard(self._start, on=capture_guard.wanted(self._settings))
        return super().eventFilter(watched, event)

    # ------------------------------------------------------------------ inside

    def _forget(self, folder: Path) -> None:
        forget(self._settings, folder)
        self._start.show_welcome(recent(self._settings))

    def _ask_who(self, folder: Path) -> None:
        def found(people: "Sequence[PersonAtDoor]") -> None:
            self._start.set_people(folder, people, last_person(self._settings, folder))

        # Without an answer the passphrase alone says who it is, and a damaged folder is named when it is opened.
        self._jobs.work(
            lambda _: _people(folder), initiator=self._start, on_success=found, on_failure=lambda _error: None
        )

    def _forgot(self, folder: Path) -> None:
        def found(people: "Sequence[PersonAtDoor]") -> None:
            from .recovery import RecoveryPage

            page = RecoveryPage(folder, people)
            page.open_requested.connect(self._open)
            page.back_requested.connect(lambda: self._start.show_unlock(folder))
            self._start.show_guest(page)

        def failed(error: Exception) -> None:
            if isinstance(error, MipsDeskError):
                self._start.unlock.failed(str(error))
            else:
                self._start.opening_failed(error)

        self._jobs.work(lambda _: _people(folder), initiator=self._start, on_success=found, on_failure=failed)

    def _restored(self, vault: Path, passphrase: str) -> None:
        remember(self._settings, vault)
        self._start.show_unlock(vault)
        if passphrase:
            self._open(Opening(vault, passphrase))

    def _moved(self, wish: Opening, done: "Moved", passphrase: str) -> None:
        forget(self._settings, wish.folder)
        remember(self._settings, done.folder)
        self._news = done.sentence
        self._start.show_unlock(done.folder, done.sentence)
        self._open(replace(wish, folder=done.folder, passphrase=passphrase, read_only=False, this_computer=False))


def _people(folder: Path) -> "Sequence[PersonAtDoor]":
    from mips_desk.services.people import people_at_door

    return people_at_door(folder)
