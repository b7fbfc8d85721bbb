"""How far one job is: what is being done, a bar, the time left, and a way to stop it."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mips_desk.ui.jobs import Job, seconds_left, time_left_in_words
from mips_desk.ui.theme import SPACE_S, TextRole
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.progress import TICK_MS, StepProgress
from mips_desk.ui.widgets.text import label


class JobProgress(QWidget):
    """Shown while its job runs; keeps its room afterwards only when asked to.

    Signals:
        cancel_requested(): the person asked to stop; the job is told already.
    """

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        self._step = label("", TextRole.STRONG, wrap=True)
        self._bar = StepProgress("Progress", 0, 0)
        self._count = label(" ", TextRole.SECONDARY)
        self._cancel = secondary_button("Cancel", on_click=self._stop)
        self._cancel.setObjectName("cancel_job")
        for widget in (self._step, self._bar, self._count):
            column.addWidget(widget)
        column.addWidget(self._cancel, 0, Qt.AlignmentFlag.AlignLeft)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._look)
        self.hide()

    def watch(self, job: Job) -> None:
        """Show a job until it ends."""
        if not job.running:
            return
        self._job = job
        self._cancel.setEnabled(True)
        self.show()
        self._look()
        self._tick.start()

    def _look(self) -> None:
        job = self._job
        if job is None or not job.running:
            self._job = None
            self._tick.stop()
            self.hide()
            return
        done, total, text = job.context.latest
        self._step.setText("Stopping" if job.context.cancelled else text or job.title)
        self._bar.set_steps(done, total)
        parts = [f"{done * 100 // total} percent"] if total else []
        left = seconds_left(job.started.elapsed() / 1000, done, total)
        if left is not None and not job.context.cancelled:
            parts.append(time_left_in_words(left))
        self._count.setText(" · ".join(parts) or " ")

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._cancel.setEnabled(False)
            self._look()
            self.cancel_requested.emit()
