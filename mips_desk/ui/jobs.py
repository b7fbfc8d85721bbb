"""Background work: plain callables in, callbacks out, on threads of our own.

A page writes

    desk.jobs.write(lambda ctx: choose.add(session, 2024, "IA_BE_4"), initiator=self, on_success=self._added)

`write` jobs run one after the other in the order given (the vault has one writer); `work` jobs (pictures, PDF, hashes)
run two at a time. Callbacks run on the GUI thread. Every job has exactly one ending: succeeded, failed or cancelled,
then finished.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypedDict, TypeVar, Unpack

import shiboken6
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, QRunnable, QThreadPool, Signal

from mips_desk.errors import CancelledError

T = TypeVar("T")
log = logging.getLogger(__name__)

#: How long a shutdown waits for jobs to notice the cancel.
SHUTDOWN_MS = 5000


class JobContext:
    """What a job may know of the world: how to report progress and whether to go on. No Qt, safe on any thread."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        #: Set when the function has come back, by whichever thread it ran on.
        self.over = threading.Event()
        #: Newest progress as (done, total, text); replaced as a whole, so that another thread can read it.
        self.latest: tuple[int, int, str] = (0, 0, "")

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Report progress; cheap enough to be called for every item.

        Args:
            done: units done.
            total: units in all; 0 when not known.
            text: what is being done, a few words; empty keeps the last one.
        """
        self.latest = (done, total, text or self.latest[2])

    def check(self) -> None:
        """Stop here if the person cancelled.

        Raises:
            CancelledError: the person cancelled.
        """
        if self._cancelled.is_set():
            raise CancelledError

    @property
    def cancelled(self) -> bool:
        """The person asked to stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the job to stop at its next check."""
        self._cancelled.set()


class JobOptions(TypedDict, Generic[T], total=False):
    """Keyword arguments of `Jobs.write` and `Jobs.work`; all may be left out.

    Attributes:
        title: what is being done, for the progress strip; without it the job is never shown.
        initiator: who asked; told to everybody with the changes. When it is a QObject that has been deleted meanwhile,
            no callback is called.
        on_success: gets the result.
        on_failure: gets the error; without it the message bar says it.
        on_cancelled: the job was cancelled and changed nothing.
        on_finished: called last, whatever the ending.
        keep: a shutdown waits for it instead of cancelling it: it stores what the person did already.
    """

    title: str
    initiator: object
    on_success: Callable[[T], Any]
    on_failure: Callable[[Exception], Any]
    on_cancelled: Callable[[], Any]
    on_finished: Callable[[], Any]
    keep: bool


@dataclass(eq=False, slots=True)
class Job:
    """Handle of a job that was started.

    Attributes:
        context: its token and newest progress.
        options: as given to the runner.
        is_write: it changes the vault.
        started: a clock that runs since the start.
        running: no ending was reported yet.
    """

    context: JobContext
    options: JobOptions[Any]
    is_write: bool
    started: QElapsedTimer = field(default_factory=QElapsedTimer)
    running: bool = True

    @property
    def title(self) -> str:
        """What is being done, or empty."""
        return self.options.get("title", "")

    def cancel(self) -> None:
        """Ask the job to stop; it ends when it next checks."""
        self.context.cancel()


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a job's function came back: a result, or the fault that ended it."""

    result: object = None
    fault: BaseException | None = None


def _run(work: Callable[[JobContext], object], context: JobContext) -> _Ending:
    try:
        context.check()
        return _Ending(result=work(context))
    except BaseException as fault:  # noqa: BLE001 - whatever happens on a worker thread must become one ending
        return _Ending(fault=fault)
    finally:
        context.over.set()


class Jobs(QObject):
    """What pages see of a runner.

    Signals:
        started(Job): a job was accepted.
        succeeded(object, object): result and initiator of a write, before its own callback.
        failed(Exception): a job failed and has no `on_failure` of its own.
        finished(Job): a job had its ending.
    """

    started = Signal(object)
    succeeded = Signal(object, object)
    failed = Signal(object)
    finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live: list[Job] = []
        self._closed = False

    @property
    def closed(self) -> bool:
        """The runner was shut down."""
        return self._closed

    @property
    def live(self) -> tuple[Job, ...]:
        """Jobs without an ending so far, oldest first."""
        return tuple(self._live)

    def write(self, work: Callable[[JobContext], T], **options: Unpack[JobOptions[T]]) -> Job:
        """Run a change to the vault after all changes before it.

        A change that was already made when the cancel arrives is reported as made.

        Args:
            work: gets a `JobContext`; runs on another thread and touches no widget.
            **options: see `JobOptions`.

        Raises:
            RuntimeError: the runner was shut down.
        """
        return self._start(work, Job(JobContext(), options, is_write=True))

    def work(self, work: Callable[[JobContext], T], **options: Unpack[JobOptions[T]]) -> Job:
        """Run work that changes nothing in the vault; after a cancel its result is thrown away. See `write`."""
        return self._start(work, Job(JobContext(), options, is_write=False))

    def shutdown(self) -> bool:
        """Refuse new jobs, cancel the live ones that need not be kept, wait for all and report their endings.

        Returns:
            False when a job did not stop in time; its ending is reported as cancelled all the same.
        """
        self._closed = True
        for job in self.live:
            if not job.options.get("keep", False):
                job.cancel()
        stopped = self._wait()
        for job in self.live:
            self._settle(job, _Ending(fault=CancelledError()))
        return stopped

    def wait(self, milliseconds: int) -> None:
        """Wait for the writes that were asked for; only for a moment in which the event loop may never run again."""

    def _start(self, work: Callable[[JobContext], object], job: Job) -> Job:
        if self._closed:
            raise RuntimeError("No job can start after the shutdown.")
        job.started.start()
        self._live.append(job)
        self.started.emit(job)
        self._submit(work, job)
        return job

    def _submit(self, work: Callable[[JobContext], object], job: Job) -> None:
        raise NotImplementedError

    def _wait(self) -> bool:
        return True

    def _settle(self, job: Job, ending: _Ending) -> None:
        """Report the one ending of a job, on the GUI thread; a second one is ignored."""
        if not job.running:
            return
        job.running = False
        self._live.remove(job)
        options = job.options
        initiator = options.get("initiator")
        wanted = not isinstance(initiator, QObject) or shiboken6.isValid(initiator)
        try:
            if isinstance(ending.fault, CancelledError) or (job.context.cancelled and not job.is_write):
                if wanted and (on_cancelled := options.get("on_cancelled")):
                    on_cancelled()
            elif ending.fault is not None:
                self._report_failure(ending.fault, options.get("on_failure") if wanted else None)
            else:
                if job.is_write:
                    self.succeeded.emit(ending.result, initiator)
                if wanted and (on_success := options.get("on_success")):
                    on_success(ending.result)
        finally:
            if wanted and (on_finished := options.get("on_finished")):
                on_finished()
            self.finished.emit(job)

    def _report_failure(self, fault: BaseException, on_failure: Callable[[Exception], Any] | None) -> None:
        error = fault if isinstance(fault, Exception) else RuntimeError(type(fault).__name__)
        if on_failure is not None:
            on_failure(error)
        else:
            self.failed.emit(error)


class _Runnable(QRunnable):
    """Owns no QObject: only plain data and the bound emit of a runner that outlives its pools."""

    def __init__(
        self, work: Callable[[JobContext], object], job: Job, report: Callable[[object, object], object]
    ) -> None:
        super().__init__()
        self._work = work
        self._job = job
        self._report = report

    def run(self) -> None:
        """Run the function and hand its ending to the GUI thread."""
        self._report(self._job, _run(self._work, self._job.context))


class JobRunner(Jobs):
    """Runs jobs on two pools of its own: one thread for writes, two for work.

    The threads never expire: the vault's connection must not wander to a new thread after a pause.
    """

    _ended = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writes = self._pool(1)
        self._works = self._pool(2)
        self._ended.connect(self._settle)

    def _pool(self, threads: int) -> QThreadPool:
        pool = QThreadPool(self)
        pool.setMaxThreadCount(threads)
        pool.setExpiryTimeout(-1)
        return pool

    def _submit(self, work: Callable[[JobContext], object], job: Job) -> None:
        pool = self._writes if job.is_write else self._works
        # What keeps the person's work goes before pictures; writes stay in the order given.
        urgent = int(not job.is_write and job.options.get("keep", False))
        pool.start(_Runnable(work, job, self._ended.emit), urgent)

    def wait(self, milliseconds: int) -> None:
        """See `Jobs`."""
        self._writes.waitForDone(milliseconds)

    def _wait(self) -> bool:
        # Jobs that never began still run for a moment: they find the cancel before their function is called. So no
        # pool is ever cleared, which would drop jobs without a word.
        stopped = [pool.waitForDone(SHUTDOWN_MS) for pool in (self._writes, self._works)]
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
        return all(stopped)


class SynchronousRunner(Jobs):
    """Runs every job at once on the calling thread; for tests. Same interface, same endings."""

    def _submit(self, work: Callable[[JobContext], object], job: Job) -> None:
        self._settle(job, _run(work, job.context))


def seconds_left(elapsed: float, done: int, total: int) -> float | None:
    """Estimate the time left, in seconds, from the time spent so far.

    Returns:
        None while too little is known to say anything (less than a second spent, or nothing done).
    """
    if elapsed < 1 or done <= 0 or total <= 0:
        return None
    return elapsed * max(0, total - done) / done


def time_left_in_words(seconds: float) -> str:
    """Say a time left so that it does not flicker: "about 10 seconds left", "about 3 minutes left"."""
    if seconds < 5:
        return "a few seconds left"
    if seconds < 55:
        return f"about {round(seconds / 5) * 5} seconds left"
    minutes = max(1, round(seconds / 60))
    return f"about {minutes} minute{'s' if minutes > 1 else ''} left"
