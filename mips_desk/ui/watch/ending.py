"""Ending on demand: the system, a shell or a person with Ctrl+C asks the process to stop."""

import contextlib
import os
import signal
import sys
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
_LOOK_MS = 300


class Ending(QObject):
    """Turns signals of the operating system into one of Qt. Made on the main thread; `stop` gives them back.

    Signals:
        asked(): the process shall end.
    """

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted = False
        self._before = {number: signal.signal(number, self._take) for number in _SIGNALS}
        # Python runs its handlers only between two lines of Python, and an idle app runs none: the byte that Python
        # writes into the pipe wakes the event loop. Windows has no such pipe, so there it wakes by itself.
        self._pipe: tuple[int, int] | None = None
        if sys.platform != "win32":
            self._pipe = os.pipe()
            for end in self._pipe:
                os.set_blocking(end, False)
            self._before_fd = signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
            self._notifier = QSocketNotifier(self._pipe[0], QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._woken)
        else:
            timer = QTimer(self)
            timer.timeout.connect(self._woken)
            timer.start(_LOOK_MS)

    def stop(self) -> None:
        """Give the signals back to whoever had them."""
        for number, before in self._before.items():
            signal.signal(number, before)
        if sys.platform != "win32" and self._pipe is not None:
            self._notifier.setEnabled(False)
            signal.set_wakeup_fd(self._before_fd)
            for end in self._pipe:
                os.close(end)
            self._pipe = None

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        """Keep Python from ending the process by itself; `_woken` does the work, outside of whatever runs now."""
        self._wanted = True

    def _woken(self) -> None:
        if self._pipe is not None:
            with contextlib.suppress(BlockingIOError):
                os.read(self._pipe[0], 64)
        if self._wanted:
            self._wanted = False
            self.asked.emit()
