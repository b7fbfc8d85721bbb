"""Looks after the vault while it is open: makes the backups and checks that are due, beside the person's work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from mips_desk.errors import CancelledError, MipsDeskError

if TYPE_CHECKING:  # these bring the vault's libraries, which are loaded after the window is on the screen
    from mips_desk.services.backups import BackupMade, BackupState
    from mips_desk.services.checking import CheckState, Scope
    from mips_desk.services.people import RecoveryState
    from mips_desk.services.verifying import Verdict

    from .desk import Desk
    from .jobs import Job, JobContext

T = TypeVar("T")

#: First look after the practice was opened, and the pause between looks, in milliseconds.
FIRST_MS, PAUSE_MS = 20_000, 60_000
#: Looks to skip after a backup or check failed, so that a missing drive is not tried each minute.
SKIPPED_AFTER_FAILURE = 60


class Care(QObject):
    """Backups and checks of one open practice. At most one runs at a time.

    Args:
        desk: the open practice.

    Attributes:
        backup: the newest state of the backups; None before the first look.
        check: the newest state of the checks; None before the first look.
        recovery: what is known of the recovery sheet; None before the first look, and when there is none.
        rekey_due: somebody was removed, and the vault is still to be encrypted anew.
        looked: there was a first look.

    Signals:
        changed(): one of the states is new, or something began or ended.
    """

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.backup: BackupState | None = None
        self.check: CheckState | None = None
        self.recovery: RecoveryState | None = None
        self.rekey_due = False
        self.looked = False
        self._job: Job | None = None
        self._skip = 0
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._tick)
        self._first = QTimer(self)
        self._first.setSingleShot(True)
        self._first.setInterval(FIRST_MS)
        self._first.timeout.connect(self._do_what_is_due)

    @property
    def busy(self) -> bool:
        """A backup or a check is under way."""
        return self._job is not None

    def start(self) -> None:
        """Look now what the state is, and do what is due from a moment later on."""
        self.look()
        self._timer.start()
        if not self._desk.read_only:
            self._first.start()
        self._desk.pictures.start()

    def stop(self) -> None:
        """Begin nothing more, and give up what is under way; called when the practice is left."""
        self._timer.stop()
        self._first.stop()
        self._desk.pictures.stop()
        if self._job is not None:
            self._job.cancel()

    def look(self, then: Callable[[], object] | None = None) -> None:
        """Read the states on a work thread.

        Args:
            then: called when they are known.
        """
        session = self._desk.session

        def read(_: JobContext) -> tuple[BackupState, CheckState, RecoveryState | None, bool]:
            from mips_desk.services.backups import backup_state
            from mips_desk.services.checking import check_state
            from mips_desk.services.people import recovery_state, rekey_due

            return backup_state(session), check_state(session), recovery_state(session), rekey_due(session)

        def known(states: tuple[BackupState, CheckState, RecoveryState | None, bool]) -> None:
            self.backup, self.check, self.recovery, self.rekey_due = states
            self.looked = True
            self.changed.emit()
            if then is not None:
                then()

        self._desk.jobs.work(read, initiator=self, on_success=known)

    def back_up(self, folder: Path | None = None, told: Callable[[BackupMade], object] | None = None) -> None:
        """Make a backup now.

        Args:
            folder: where; None: where backups go by themselves.
            told: gets what was made.
        """
        session = self._desk.session

        def work(context: JobContext) -> BackupMade:
            from mips_desk.services.backups import make_backup

            return make_backup(session, folder, context.progress, context.check)

        self._run(work, "Making a backup", told)

    def tell_made(self, made: BackupMade) -> None:
        """Say that a backup was made, where nothing else shows it."""
        said = f"{made.path.name} was written, read back and compared. {made.warning}".strip()
        (self._desk.messages.warning if made.warning else self._desk.messages.info)(said)

    def check_now(self, scope: Scope | None = None, told: Callable[[Verdict], object] | None = None) -> None:
        """Check the vault now.

        Args:
            scope: what; None: everything.
            told: gets the answer.
        """
        session = self._desk.session

        def work(context: JobContext) -> Verdict:
            from mips_desk.services.checking import ALL, check_vault

            return check_vault(session, scope or ALL, context.progress, context.check)

        def answered(verdict: Verdict) -> None:
            if not verdict.sound:
                self._desk.messages.error(
                    "The check found damage in this vault. Nothing was changed; see Settings, Safety, and restore the"
                    " newest backup beside it."
                )
            if told is not None:
                told(verdict)

        self._run(work, "Checking the vault", answered)

    # ------------------------------------------------------------------ inside

    def _tick(self) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self.look(self._do_what_is_due)

    def _do_what_is_due(self) -> None:
        if self.busy or self._desk.read_only:
            return
        if self.backup is not None and self.backup.due:
            self.back_up()
        elif self.check is not None and self.check.due is not None:
            self.check_now(self.check.due)

    def _run(self, work: Callable[[JobContext], T], title: str, told: Callable[[T], object] | None) -> None:
        if self.busy:
            return

        def run(context: JobContext) -> T:
            try:
                return work(context)
            except Exception as error:
                # The vault may be closed under a job that was given up; that is no fault to report.
                if context.cancelled:
                    raise CancelledError from error
                raise

        def ended() -> None:
            self._job = None
            self.look()

        def failed(error: Exception) -> None:
            self._skip = SKIPPED_AFTER_FAILURE
            if isinstance(error, MipsDeskError):
                self._desk.messages.warning(str(error))
            else:
                self._desk.messages.failure(error)

        job = self._desk.jobs.work(
            run, title=title, initiator=self, on_success=told or (lambda _: None), on_failure=failed, on_finished=ended
        )
        if job.running:
            self._job = job
            self.changed.emit()
