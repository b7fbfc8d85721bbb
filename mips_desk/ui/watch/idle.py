"""Nobody has touched MIPS Desk for a while, or the computer slept."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSettings, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from .base import Watch

#: Minutes without a touch, and between what they can be set; "never" is not on offer.
DEFAULT_MINUTES, LEAST, MOST = 10, 1, 30
#: How long before it locks it says so, in seconds.
WARN_SECONDS = 30
#: A clock that went on by so many seconds more than the tick was slept through, or changed; both lock.
GAP_SECONDS = 20
_TICK_MS = 1000
Clocks = tuple[Callable[[], float], Callable[[], float]]
_KEY = "lock/minutes"
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.Wheel,
        QEvent.Type.NativeGesture,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TouchEnd,
        QEvent.Type.TabletMove,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletRelease,
        QEvent.Type.InputMethod,
    }
)


def lock_minutes(settings: QSettings) -> int:
    """Return after how many minutes without a touch this computer locks a practice."""
    try:
        return min(MOST, max(LEAST, int(str(settings.value(_KEY, DEFAULT_MINUTES)))))
    except ValueError:
        return DEFAULT_MINUTES


def set_lock_minutes(settings: QSettings, minutes: int) -> None:
    """Keep the choice for this computer."""
    settings.setValue(_KEY, minutes)


class IdleWatch(Watch):
    """Counts the seconds since a key, the mouse, a wheel, a finger or a pen last touched a window of ours.

    What happens in other programs does not count: who works elsewhere has left MIPS Desk open behind it.

    It looks only at what the window system hands to our windows. A filter of the whole application would run for each
    event of each widget, thousands of times when a room is made. New windows are found when they get the keyboard and
    at each tick, so a menu that never has it is heard within a second.

    Args:
        minutes: returns after how many minutes to lock; asked at each tick.
        waits: returns True while a lock would cut something short that ends by itself within seconds.
        clocks: two clocks in seconds, one that nobody sets and that of the computer.

    Signals:
        slept(): the computer slept, or its clock was set forward.
        warned(int): it locks in so many seconds; once a second until it is touched.
        touched(): it was touched after a warning.
    """

    slept = Signal()
    warned = Signal(int)
    touched = Signal()

    def __init__(
        self,
        minutes: Callable[[], int],
        waits: Callable[[], bool] = lambda: False,
        clocks: Clocks = (time.monotonic, time.time),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._minutes = minutes
        self._waits = waits
        self._steady, self._wall = clocks
        self._last, self._seen = self._steady(), self._wall()
        self._warning = False
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._hear)

    def start(self) -> None:
        """Count from now on."""
        self._last, self._seen, self._warning = self._steady(), self._wall(), False
        self._timer.start()
        self._hear_all()

    def stop(self) -> None:
        """Count no longer."""
        self._timer.stop()
        for window in QGuiApplication.allWindows():
            window.removeEventFilter(self)

    def tick(self) -> None:
        """Look at the clocks; called once a second."""
        self._hear_all()
        seen, self._seen = self._seen, self._wall()
        if self._seen - seen > GAP_SECONDS:
            self.slept.emit()
            return
        left = self._minutes() * 60 - (self._steady() - self._last)
        if left <= 0 and not self._waits():
            self.locked.emit()
        elif left <= WARN_SECONDS:
            self._warning = True
            self.warned.emit(max(1, round(left)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take in a touch. Only what comes from the window system counts, not what Qt makes up from it."""
        if event.type() in _TOUCHES and event.spontaneous():
            self._last = self._steady()
            if self._warning:
                self._warning = False
                self.touched.emit()
        return False

    def _hear_all(self) -> None:
        for window in QGuiApplication.allWindows():
            self._hear(window)

    def _hear(self, window: QWindow | None) -> None:
        """Hear what the window system hands to a window, once however often this is called."""
        if window is not None and self._timer.isActive():
            window.installEventFilter(self)
