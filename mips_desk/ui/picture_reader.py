"""Reads the words of pictures beside the person's work, so that they can be searched and their dates be offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from mips_desk.errors import CancelledError, MipsDeskError

if TYPE_CHECKING:  # these bring the vault's libraries, which are loaded after the window is on the screen
    from .desk import Desk
    from .jobs import Job, JobContext

#: Pause before the next picture, in milliseconds: the person's work goes first.
PAUSE_MS = 3_000


class PictureReader(QObject):
    """Reads one picture of the year shown after the other, those that came in last first. Where pictures cannot be
    read on this computer it does nothing and says nothing; the annotator says why to who asks for it.

    Args:
        desk: the open practice.

    Signals:
        was_read(str): the words of this evidence item are known now.
    """

    was_read = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._job: Job | None = None
        self._failed: set[str] = set()
        self._started = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.read_next)

    def start(self) -> None:
        """Read what is there, and from now on what comes in."""
        if not self._desk.read_only:
            self._started = True
            self._desk.view_changed.connect(self._go_on)
            self._go_on()

    def stop(self) -> None:
        """Begin nothing more, and give up what is under way; called when the practice is left."""
        self._started = False
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()

    def _go_on(self, _view: object = None) -> None:
        if self._started:
            self._timer.start()

    def read_next(self) -> None:
        """Read one picture, unless one is being read."""
        if self._job is not None or self._desk.jobs.closed:
            return
        session, year, failed = self._desk.session, self._desk.year, frozenset(self._failed)

        def read(context: JobContext) -> tuple[str, bool]:
            from mips_desk.services import collect, evidence_text, identifying

            waiting = [each for each in evidence_text.unread(session, year) if each not in failed]
            if not waiting or identifying.available():
                return "", False
            try:
                item = session.vault.evidence_item(waiting[-1])
                marks = collect.marks_of(session, item)
                return item.id, evidence_text.read(session, item, marks, None, context.check)
            except MipsDeskError as error:
                # The vault may be closed under a job that was given up; that is no fault of the picture.
                if context.cancelled:
                    raise CancelledError from error
                return waiting[-1], False

        def done(answer: tuple[str, bool]) -> None:
            evidence_id, was_read = answer
            if was_read:
                self.was_read.emit(evidence_id)
            elif evidence_id:
                self._failed.add(evidence_id)
            if evidence_id:
                self._go_on()

        def ended() -> None:
            self._job = None

        job = self._desk.jobs.work(read, initiator=self, on_success=done, on_finished=ended)
        self._job = job if job.running else None
