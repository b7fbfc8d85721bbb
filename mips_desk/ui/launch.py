"""From the start of the process to the window on the screen: an empty frame first, all else after its first paint.

Importing this module brings no more of Qt than a bare window needs.
"""

import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from mips_desk.paths import data_folder

from .start.window import StartWindow
from .tokens import DARK, LIGHT, Appearance

if TYPE_CHECKING:
    pass


def run_app(sample: bool) -> int:
    """Open the app and run it until the last window is closed.

    Args:
        sample: make the sample practice, or open it when it is there, and show its Home.

    Returns:
        The exit code.
    """
    QCoreApplication.setApplicationName("MIPS Desk")
    QCoreApplication.setOrganizationName("MIPS Desk")
    # Dates and numbers are those of the United States wherever the computer was set up.
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    qt = QApplication(sys.argv[:1])
    settings = QSettings(str(data_folder() / "settings.ini"), QSettings.Format.IniFormat)
    appearance = str(settings.value("appearance", Appearance.SYSTEM.value))
    dark_system = qt.palette().window().color().lightness() < 128
    dark = appearance == Appearance.DARK or (appearance != Appearance.LIGHT and dark_system)
    colors = DARK if dark else LIGHT
    window = StartWindow((colors.rail, colors.window))
    window.put_in_place(settings)
    running: list[Running] = []

    def fill() -> None:
        app = Running(qt, settings, window)
        running.append(app)
        app.application.start(sample=sample)
        QTimer.singleShot(0, app.application.warm_up)

    def measure() -> None:
        _tell("painted")
        running.append(Running(qt, settings, window))
        running[0].application.start()
        window.repaint()
        _tell("filled")
        qt.quit()

    # benchmarks/startup.py and the test of the packaged app want to know when the window is there, and no more.
    _FirstPaint(window, measure if "MIPS_DESK_EXIT_AFTER_PAINT" in os.environ else fill)
    window.show()
    try:
        return qt.exec()
    finally:
        for app in running:
            app.end()


class Running:
    """The app while it runs, with its log and its net for faults."""

    def __init__(self, qt: QApplication, settings: QSettings, window: StartWindow) -> None:
        from mips_desk.logs import start_log

        from .application import Application
        from .faults import catch_faults
        from .jobs import JobRunner
        from .theme import Theme
        from .watch.ending import Ending

        theme = Theme.from_settings(qt, settings)
        self.application: Application = Application(settings, theme, JobRunner(), start_window=window)
        self._restore = catch_faults(self.application.messages)
        start_log()
        self._ending = Ending()
        self._ending.asked.connect(qt.quit)
        qt.aboutToQuit.connect(self.application.put_away)
        # The session ends, perhaps: who stays after all unlocks again.
        qt.commitDataRequest.connect(self.application.session_ends, Qt.ConnectionType.DirectConnection)

    def end(self) -> None:
        """End the work and close the practice."""
        from mips_desk.logs import stop_log

        self._ending.stop()
        self.application.stop()
        self._restore()
        stop_log()


def _tell(what: str) -> None:
    """Say when it was that far."""
    sys.stdout.write(f"{what} {time.time()}\n")
    sys.stdout.flush()


class _FirstPaint(QObject):
    """Calls something once a window has been painted."""

    def __init__(self, window: QWidget, then: Callable[[], object]) -> None:
        super().__init__(window)
        self._then = then
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the paint."""
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._then)
        return super().eventFilter(watched, event)
