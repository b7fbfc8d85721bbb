"""Ending the app from the window of a practice: the vault is closed and, when one is due, a backup is made first."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from .jobs import Job, Jobs
from .locking import Locking
from .start.window import StartWindow

#: How long nothing is shown, in milliseconds: closing without a backup is done long before that.
QUIET_MS = 300


class Quitting(QObject):
    """Ends the app when the practice that was put away is closed.

    Args:
        start: shows what is under way, with a way out.
        locking: closes the vault.
        jobs: where that runs.
        quit_app: ends the event loop; tests hand in their own.
    """

    def __init__(
        self,
        start: StartWindow,
        locking: Locking,
        jobs: Jobs,
        quit_app: Callable[[], object] = QApplication.quit,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._start, self._locking, self._jobs, self._quit = start, locking, jobs, quit_app
        self._awaited: Job | None = None
        jobs.finished.connect(self._ended)

    def begin(self) -> bool:
        """Wait for the closing that is under way, then end the app.

        Returns:
            False when there is nothing to wait for.
        """
        closing = self._locking.closing
        if closing is None or not closing.running:
            return False
        self._awaited = closing
        QTimer.singleShot(QUIET_MS, self, self._show)
        return True

    def _show(self) -> None:
        if self._awaited is None:
            return
        self._start.show_working(
            "Closing the practice",
            "A backup is made and read back first, then MIPS Desk ends. Cancel ends without this backup.",
        )
        if self._locking.backup is not None:
            self._start.watch(self._locking.backup)
        self._start.show()

    def _ended(self, job: Job) -> None:
        if job is self._awaited:
            self._awaited = None
            self._quit()
