"""The way of a capture: hide the app, wait, take the picture, let a region be chosen, and come back. Always back."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QObject, QRect, QTimer, Signal
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QApplication, QWidget

from mips_desk.capture.geometry import PixelRect, Screen, screen_at
from mips_desk.capture.intake import uniform
from mips_desk.capture.permission import advice
from mips_desk.domain.evidence import Source
from mips_desk.errors import BadInputError
from mips_desk.services.collect import Incoming

from .overlay import CaptureOverlay
from .source import CaptureError, QtScreenSource, ScreenSource

#: Delays on offer, in seconds.
DELAYS = (0, 3, 5)


@dataclass(frozen=True, slots=True)
class Captured:
    """A picture of the screen that is not encoded yet.

    Attributes:
        picture: in physical pixels.
        place: what part of which screen it shows, in words.
        scale: of the screen, in percent.
    """

    picture: QImage
    place: str
    scale: int

    def incoming(self) -> Incoming:
        """Return it encoded without loss, for the vault. Touches no widget; takes a moment, so call it in a job.

        Raises:
            BadInputError: every pixel has the same color, as of a protected window.
        """
        data = png(self.picture)
        if uniform(data):
            raise BadInputError(
                "The capture shows nothing but one color, as protected windows do. Nothing was stored; show the page in"
                " a browser window and capture it again."
            )
        return Incoming(data, Source.CAPTURE, window_title=self.place, scale=self.scale)


def png(picture: QImage) -> bytes:
    """Return a picture as a PNG file, without loss."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(picture.convertToFormat(QImage.Format.Format_RGB888))
    return bytes(buffer.data().data())


class CaptureFlow(QObject):
    """One capture at a time.

    Args:
        source: where pictures of the screen come from; the desktop of this computer by default.
        settle_ms: how long a compositor needs to take the app's windows off the screen, in milliseconds.

    Signals:
        captured(Captured): the person chose a picture; the app is back.
        cancelled(): the person wants none; the app is back.
        failed(Exception): there is none, and why; the app is back.
    """

    captured = Signal(object)
    cancelled = Signal()
    failed = Signal(object)

    def __init__(
        self, source: ScreenSource | None = None, *, settle_ms: int = 350, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._source: ScreenSource = source or QtScreenSource()
        self._settle_ms = settle_ms
        self._hidden: list[QWidget] = []
        self._active: QWidget | None = None
        self._busy = False
        self._overlay: CaptureOverlay | None = None

    @property
    def busy(self) -> bool:
        """A capture is under way."""
        return self._busy

    @property
    def waiting(self) -> bool:
        """The picture is taken within seconds."""
        return self._busy and self._overlay is None

    def abort(self) -> None:
        """Give the capture up and leave everything hidden: the practice is being locked."""
        self._busy = False
        self._hidden = []
        self._active = None
        overlay, self._overlay = self._overlay, None
        if overlay is not None:
            overlay.blockSignals(True)
            overlay.close()

    def start(self, delay: int = 0) -> None:
        """Begin; one of the signals follows. Nothing happens while a capture is under way.

        Args:
            delay: seconds in which the person can open menus and bring windows to the front.
        """
        if self._busy:
            return
        access = advice(self._source.access())
        if not access.capture:
            if access.ask:
                self._source.ask()
            self.failed.emit(CaptureError(access.explain))
            return
        self._busy = True
        self._hide()
        QTimer.singleShot(max(delay * 1000, self._settle_ms), self, self._guarded(self._grab))

    def _guarded(self, step: Callable[[], None]) -> Callable[[], None]:
        """Return a step that brings the app back whatever goes wrong in it."""

        def run() -> None:
            if not self._busy:  # given up meanwhile
                return
            try:
                step()
            except Exception as error:  # noqa: BLE001 - an app that stays hidden would be lost to the person
                self._back()
                self.failed.emit(error)

        return run

    def _grab(self) -> None:
        screens = self._source.screens()
        if not screens:
            raise CaptureError("No screen was found. Nothing was stored.")
        screen = screen_at(screens, *self._source.pointer()) or screens[0]
        picture = self._source.grab(screen)
        if picture.isNull():
            raise CaptureError("The system gave no picture of the screen. Take it with the system's tool and paste it.")
        self._overlay = CaptureOverlay(screen, picture)
        self._overlay.chosen.connect(lambda region: self._choose(screen, picture, region))
        self._overlay.cancelled.connect(self._cancel)
        self._overlay.open()

    def _choose(self, screen: Screen, picture: QImage, region: PixelRect) -> None:
        self._overlay = None
        part = QRect(region.x, region.y, region.width, region.height).intersected(picture.rect())
        whole = part == picture.rect()
        size = f"{part.width()} × {part.height()} pixels"
        place = f"Whole screen {screen.name}, {size}" if whole else f"Region of screen {screen.name}, {size}"
        self._back()
        self.captured.emit(Captured(picture.copy(part), place, screen.percent))

    def _cancel(self) -> None:
        self._overlay = None
        self._back()
        self.cancelled.emit()

    def _hide(self) -> None:
        self._active = QApplication.activeWindow()
        self._hidden = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget.isWindow()]
        for widget in self._hidden:
            widget.hide()

    def _back(self) -> None:
        self._busy = False
        hidden, self._hidden = self._hidden, []
        for widget in hidden:
            widget.show()
        front = self._active or (hidden[0] if hidden else None)
        self._active = None
        if front is not None:
            front.raise_()
            front.activateWindow()
