"""Progress of a checklist, and the strip that shows long work with its time left and a way to cancel."""

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from mips_desk.ui.jobs import Job, Jobs, seconds_left, time_left_in_words
from mips_desk.ui.theme import SPACE_S, TextRole, color, px
from mips_desk.ui.widgets.buttons import link_button
from mips_desk.ui.widgets.text import ElidedLabel

#: Progress appears only after this time, then stays at least MIN_VISIBLE_MS, and changes at most every TICK_MS.
SHOW_AFTER_MS, MIN_VISIBLE_MS, TICK_MS = 600, 500, 100


class StepProgress(QProgressBar):
    """A thin bar: steps done of all steps.

    Args:
        name: what it measures; its accessible name.
    """

    def __init__(self, name: str, done: int = 0, total: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name = name
        self.set_steps(done, total)

    def set_steps(self, done: int, total: int) -> None:
        """Show how far it is; a total of 0 means that it is not known."""
        self.setRange(0, max(1, total))
        self.setValue(min(done, max(1, total)))
        self.setAccessibleName(f"{self._name}: {done} of {total}" if total else self._name)
        self.update()

    def sizeHint(self) -> QSize:
        """A thin bar."""
        return QSize(px(120), px(6))

    def minimumSizeHint(self) -> QSize:
        """A thin, short bar."""
        return QSize(px(40), px(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        bar = QRectF(self.rect())
        painter.setBrush(color("track"))
        painter.drawRoundedRect(bar, radius, radius)
        if self.value() > 0:
            painter.setBrush(color("accent"))
            bar.setWidth(max(2 * radius, bar.width() * self.value() / self.maximum()))
            painter.drawRoundedRect(bar, radius, radius)


class ProgressStrip(QWidget):
    """Shows the oldest job that has a title and takes long; hides again by itself.

    Jobs only note their progress; this strip looks at it ten times a second while there is something to show, so a
    busy job cannot flood the screen.
    """

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._shown = QElapsedTimer()
        self._job: Job | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        self._words = ElidedLabel(role=TextRole.SECONDARY)
        self._bar = StepProgress("Progress")
        self._bar.setFixedWidth(px(140))
        self._cancel = link_button("Cancel", self._cancel_job)
        row.addWidget(self._words, 1)
        row.addWidget(self._bar)
        row.addWidget(self._cancel)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._look)
        jobs.started.connect(self._watch)
        self.hide()

    @property
    def words(self) -> str:
        """What the strip says now."""
        return self._words.text()

    def _watch(self, job: Job) -> None:
        if job.title and not self._timer.isActive():
            self._timer.start()

    def _look(self) -> None:
        titled = [job for job in self._jobs.live if job.title]
        long = next((job for job in titled if job.started.elapsed() >= SHOW_AFTER_MS), None)
        if long is not None:
            self._show(long)
        elif not self.isHidden():
            if self._shown.elapsed() >= MIN_VISIBLE_MS:
                self._job = None
                self.hide()
        elif not titled:
            self._timer.stop()

    def _show(self, job: Job) -> None:
        if job is not self._job:
            self._job = job
            self._cancel.setEnabled(True)
        if self.isHidden():
            self._shown.start()
            self.show()
        done, total, text = job.context.latest
        parts = [text or job.title]
        if total:
            parts.append(f"{done} of {total}")
        left = seconds_left(job.started.elapsed() / 1000, done, total)
        if job.context.cancelled:
            parts = [job.title, "stopping"]
            self._cancel.setEnabled(False)
        elif left is not None:
            parts.append(time_left_in_words(left))
        self._words.setText(" · ".join(parts))
        self._bar.set_steps(done, total)

    def _cancel_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._show(self._job)
