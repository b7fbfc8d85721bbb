"""Leaving a practice: everything the person did is stored first, and what could not be stored is said first."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent

from .desk import Desk
from .jobs import Job
from .messages import Question
from .pages.page import Page


class Leaving(QObject):
    """Decides whether a window may close or lock now.

    Args:
        desk: the open practice.
        page: returns the page that is shown, or None.
        parent: the window.
    """

    def __init__(self, desk: Desk, page: Callable[[], Page | None], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._page = page
        self._then: Callable[[], object] | None = None
        self._told: frozenset[str] = frozenset()
        desk.jobs.finished.connect(self._job_ended)

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Tell whether the practice may be left now.

        What is being typed or drawn is stored first. While that takes a moment, the answer is no, and `then` is called
        when it is done. When something could not be stored, the answer is no once, and the message bar says why.

        Args:
            then: asks to leave again.
        """
        if not self.store():
            return False
        if self._storing():
            if self._then is None and any(job.title for job in self._storing()):
                self._desk.messages.info("This is stored first, then MIPS Desk leaves the practice.")
            self._then = then
            return False
        unstored = frozenset(self._desk.unstored)
        self._told &= unstored
        if unstored - self._told:
            self._told = unstored
            self._desk.messages.error(
                "Some marks could not be stored and would be lost. Nothing was closed; try again, or close again to"
                " leave without them.",
                action="Try again",
                run=self._desk.store_again,
            )
            return False
        return self._may_stop()

    def store(self) -> bool:
        """Ask to store what is being typed or drawn; waits for nothing and asks the person nothing.

        Returns:
            False when the page that is shown must not be left now.
        """
        page = self._page()
        if page is None:
            return True
        # The field with the keyboard stores what is typed as it does when the keyboard leaves it.
        if (typing := page.window().focusWidget()) is not None:
            QCoreApplication.sendEvent(typing, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.OtherFocusReason))
        return page.can_leave()

    def _storing(self) -> list[Job]:
        return [job for job in self._desk.jobs.live if job.options.get("keep", False)]

    def _may_stop(self) -> bool:
        """Ask before long work that is under way is given up."""
        job = next((job for job in self._desk.jobs.live if job.is_write and job.title), None)
        if job is None:
            return True
        stop = self._desk.ask(
            Question(
                f"{job.title} is not done yet",
                "Stop it and leave? No half file is left behind, and everything else is stored.",
                "Stop and leave",
                "Keep working",
            )
        )
        if stop:
            job.cancel()
        return stop

    def _job_ended(self, _job: Job) -> None:
        if self._then is not None and not self._storing():
            then, self._then = self._then, None
            then()
