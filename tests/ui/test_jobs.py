"""Background work: one ending each, in order, on the right thread, and never after the end."""

import gc
import sys
import threading
from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRunnable, QThreadPool, Signal
from pytestqt.qtbot import QtBot

from mips_desk.errors import BadInputError, CancelledError
from mips_desk.ui.jobs import Job, JobContext, JobRunner, Jobs, SynchronousRunner, seconds_left, time_left_in_words
from mips_desk.ui.widgets import progress
from mips_desk.ui.widgets.progress import ProgressStrip


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    assert made.shutdown()


class Endings:
    """Counts the endings of jobs."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.results: list[object] = []
        self.errors: list[Exception] = []
        self.threads: set[int] = set()

    def succeeded(self, result: object) -> None:
        self.count["succeeded"] += 1
        self.results.append(result)
        self.threads.add(threading.get_ident())

    def failed(self, error: Exception) -> None:
        self.count["failed"] += 1
        self.errors.append(error)

    def cancelled(self) -> None:
        self.count["cancelled"] += 1

    def finished(self) -> None:
        self.count["finished"] += 1

    def start(self, jobs: Jobs, work: object, *, write: bool = False, initiator: object = None) -> Job:
        start = jobs.write if write else jobs.work
        return start(
            work,  # type: ignore[arg-type]
            initiator=initiator,
            on_success=self.succeeded,
            on_failure=self.failed,
            on_cancelled=self.cancelled,
            on_finished=self.finished,
        )


def fail(_: JobContext) -> None:
    raise BadInputError("The file could not be read.")


def stop(_: JobContext) -> None:
    raise CancelledError


@pytest.fixture(params=[JobRunner, SynchronousRunner])
def either(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[Jobs]:
    made: Jobs = request.param()
    yield made
    assert made.shutdown()


@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize(
    ("work", "ending"),
    [(lambda _: 42, "succeeded"), (fail, "failed"), (stop, "cancelled")],
    ids=["result", "fault", "cancel"],
)
def test_each_job_has_one_ending(either: Jobs, qtbot: QtBot, work: object, ending: str, write: bool) -> None:
    endings = Endings()
    endings.start(either, work, write=write)
    qtbot.waitUntil(lambda: not either.live)
    assert endings.count == {ending: 1, "finished": 1}


def test_five_hundred_short_jobs_lose_nothing(jobs: JobRunner, qtbot: QtBot) -> None:
    endings = Endings()
    for number in range(500):
        endings.start(jobs, [lambda _, n=number: n, fail, stop][number % 3], write=number % 2 == 0)
        if number % 100 == 50:
            gc.collect()
    gc.collect()
    qtbot.waitUntil(lambda: endings.count["finished"] == 500, timeout=20_000)
    assert endings.count == {"succeeded": 167, "failed": 167, "cancelled": 166, "finished": 500}
    assert endings.threads == {threading.get_ident()}
    assert not jobs.live


def test_writes_run_one_after_the_other_on_one_thread(jobs: JobRunner, qtbot: QtBot) -> None:
    order: list[int] = []
    threads: set[int] = set()
    endings = Endings()

    def write(number: int) -> None:
        threads.add(threading.get_ident())
        order.append(number)

    for number in range(50):
        endings.start(jobs, lambda _, n=number: write(n), write=True)
    qtbot.waitUntil(lambda: endings.count["finished"] == 50)
    assert order == list(range(50))
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


def test_a_cancelled_job_stops_at_its_next_check(jobs: JobRunner, qtbot: QtBot) -> None:
    endings = Endings()
    began = threading.Event()

    def work(context: JobContext) -> None:
        began.set()
        while True:
            context.check()

    job = endings.start(jobs, work)
    assert began.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: not jobs.live)
    assert endings.count == {"cancelled": 1, "finished": 1}


@pytest.mark.parametrize(("write", "ending"), [(True, "succeeded"), (False, "cancelled")])
def test_a_late_cancel_hides_no_change(jobs: JobRunner, qtbot: QtBot, write: bool, ending: str) -> None:
    """A change that was made is reported as made; a result that nobody wants is thrown away."""
    endings = Endings()
    began, go_on = threading.Event(), threading.Event()

    def work(_: JobContext) -> str:
        began.set()
        go_on.wait(5)
        return "done"

    job = endings.start(jobs, work, write=write)
    assert began.wait(5)
    job.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: not jobs.live)
    assert endings.count == {ending: 1, "finished": 1}


def test_shutdown_reports_jobs_that_never_began(qtbot: QtBot) -> None:
    jobs = JobRunner()
    endings = Endings()
    began = threading.Event()

    def first(context: JobContext) -> None:
        began.set()
        while True:
            context.check()

    endings.start(jobs, first, write=True)
    for _ in range(20):
        endings.start(jobs, lambda _: 1, write=True)
    assert began.wait(5)
    assert jobs.shutdown()
    assert endings.count == {"cancelled": 21, "finished": 21}
    with pytest.raises(RuntimeError):
        jobs.work(lambda _: 1)


def test_shutdown_finishes_what_must_be_kept(qtbot: QtBot) -> None:
    jobs = JobRunner()
    stored: list[int] = []
    go_on = threading.Event()
    jobs.write(lambda _: go_on.wait(5))
    for number in range(5):
        jobs.write(lambda _, number=number: stored.append(number), keep=True)
    go_on.set()
    assert jobs.shutdown()
    assert stored == [0, 1, 2, 3, 4]


def test_nobody_calls_a_page_that_is_gone(jobs: JobRunner, qtbot: QtBot) -> None:
    endings = Endings()
    page = QObject()
    go_on = threading.Event()
    endings.start(jobs, lambda _: go_on.wait(5), initiator=page)
    page.deleteLater()
    QCoreApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete.value)
    go_on.set()
    qtbot.waitUntil(lambda: not jobs.live)
    assert endings.count == {}


def test_a_failure_without_a_callback_is_told(either: Jobs, qtbot: QtBot) -> None:
    with qtbot.waitSignal(either.failed) as told:
        either.work(fail)
    assert str(told.args[0]) == "The file could not be read."


def test_a_write_is_published_before_its_callback(either: Jobs, qtbot: QtBot) -> None:
    order: list[object] = []
    either.succeeded.connect(lambda result, initiator: order.append((result, initiator)))
    either.write(lambda _: "changes", initiator="me", on_success=order.append)
    qtbot.waitUntil(lambda: not either.live)
    assert order == [("changes", "me"), "changes"]


def test_a_fault_in_a_callback_does_not_swallow_the_rest(qtbot: QtBot) -> None:
    jobs = SynchronousRunner()
    endings = Endings()

    def broken(_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        jobs.work(lambda _: 1, on_success=broken, on_finished=endings.finished)
    assert endings.count == {"finished": 1}
    assert not jobs.live


def test_the_context_knows_no_qt() -> None:
    context = JobContext()
    context.progress(1, 4, "Pages")
    context.progress(2, 4)
    assert context.latest == (2, 4, "Pages")
    context.check()
    context.cancel()
    with pytest.raises(CancelledError):
        context.check()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "a few seconds left"),
        (12, "about 10 seconds left"),
        (57, "about 1 minute left"),
        (170, "about 3 minutes left"),
    ],
)
def test_time_left_in_words(seconds: float, words: str) -> None:
    assert time_left_in_words(seconds) == words


def test_time_left_is_not_guessed_too_early() -> None:
    assert seconds_left(0.5, 1, 10) is None
    assert seconds_left(10, 0, 10) is None
    assert seconds_left(10, 5, 0) is None
    assert seconds_left(10, 5, 10) == pytest.approx(10)


def test_the_strip_appears_only_for_long_titled_work(
    jobs: JobRunner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SHOW_AFTER_MS", 60)
    monkeypatch.setattr(progress, "MIN_VISIBLE_MS", 60)
    monkeypatch.setattr(progress, "TICK_MS", 10)
    strip = ProgressStrip(jobs)
    qtbot.addWidget(strip)
    go_on = threading.Event()

    def work(context: JobContext) -> None:
        context.progress(3, 12, "Page")
        while not go_on.is_set():
            context.check()

    quiet = jobs.work(work)
    assert strip.isHidden()
    loud = jobs.work(work, title="Writing the binder")
    assert strip.isHidden()
    qtbot.waitUntil(lambda: not strip.isHidden())
    assert strip.words.startswith("Page · 3 of 12")
    loud.cancel()
    qtbot.waitUntil(strip.isHidden)
    go_on.set()
    qtbot.waitUntil(lambda: not quiet.running)


def test_cancel_on_the_strip(jobs: JobRunner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QPushButton

    monkeypatch.setattr(progress, "SHOW_AFTER_MS", 0)
    strip = ProgressStrip(jobs)
    qtbot.addWidget(strip)
    endings = Endings()
    go_on = threading.Event()

    def work(context: JobContext) -> None:
        go_on.wait(5)
        context.check()

    jobs.work(work, title="Writing the binder", on_cancelled=endings.cancelled)
    qtbot.waitUntil(lambda: not strip.isHidden())
    qtbot.mouseClick(strip.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert strip.words == "Writing the binder · stopping"
    go_on.set()
    qtbot.waitUntil(lambda: endings.count["cancelled"] == 1)


class _Emitter(QObject):
    told = Signal(bool)


class _Nothing(QRunnable):
    def run(self) -> None:
        return None


def test_emit_and_runnables_keep_the_counts_of_true_and_none(qtbot: QtBot) -> None:
    """PySide6 6.12.0 loses a reference at every emit and run on Python 3.11 and ends the process."""
    emitter = _Emitter()
    emitter.told.connect(lambda _: None)
    pool = QThreadPool()
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(100):
        emitter.told.emit(True)
        pool.start(_Nothing())
    assert pool.waitForDone(5000)
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert all(abs(new - old) < 50 for new, old in zip(after, before, strict=True))
