"""Where pictures of the screen come from. Tests hand in their own."""

import ctypes
import logging
import sys
from typing import Protocol

from PySide6.QtGui import QCursor, QGuiApplication, QImage, QScreen

from mips_desk.capture.geometry import LogicalRect, Screen
from mips_desk.capture.permission import ScreenAccess, screen_access
from mips_desk.errors import MipsDeskError

log = logging.getLogger(__name__)

_CORE_GRAPHICS = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"


class CaptureError(MipsDeskError):
    """The screen could not be captured; nothing was stored."""


class ScreenSource(Protocol):
    """A desktop whose screens can be captured."""

    def access(self) -> ScreenAccess:
        """Return whether the system allows it."""

    def ask(self) -> None:
        """Let the system ask the person for the permission; it does so only once."""

    def screens(self) -> tuple[Screen, ...]:
        """Return the screens that are there now."""

    def pointer(self) -> tuple[float, float]:
        """Return where the mouse pointer is, in logical coordinates of the desktop."""

    def grab(self, screen: Screen) -> QImage:
        """Return a picture of one screen in its physical pixels.

        Raises:
            CaptureError: the system gave none.
        """


class QtScreenSource:
    """The desktop of this computer."""

    def __init__(self) -> None:
        self._asked = False

    def access(self) -> ScreenAccess:
        """Ask macOS for the state of the permission; other systems have none."""
        granted = sys.platform != "darwin" or _core_graphics("CGPreflightScreenCaptureAccess")
        return screen_access(sys.platform, granted, self._asked)

    def ask(self) -> None:
        """Let macOS ask."""
        self._asked = True
        _core_graphics("CGRequestScreenCaptureAccess")

    def screens(self) -> tuple[Screen, ...]:
        """Return Qt's screens."""
        return tuple(_described(screen) for screen in QGuiApplication.screens())

    def pointer(self) -> tuple[float, float]:
        """Return the pointer's place."""
        at = QCursor.pos()
        return float(at.x()), float(at.y())

    def grab(self, screen: Screen) -> QImage:
        """Capture one screen alone, so that its own scale holds."""
        found = next((each for each in QGuiApplication.screens() if _described(each) == screen), None)
        if found is None:
            raise CaptureError("The screen is not connected any more. Nothing was stored; capture again.")
        picture = found.grabWindow(0).toImage()
        if not picture.isNull():
            return picture
        if QGuiApplication.platformName().startswith("wayland"):
            raise CaptureError(
                "This desktop (Wayland) lets no app capture the screen. Take the picture with the system's own tool and"
                " paste it here."
            )
        raise CaptureError("The system gave no picture of the screen. Take it with the system's tool and paste it.")


def _described(screen: QScreen) -> Screen:
    place = screen.geometry()
    area = LogicalRect(place.x(), place.y(), place.width(), place.height())
    return Screen(screen.name(), area, screen.devicePixelRatio())


def _core_graphics(function: str) -> bool:
    """Call a function of macOS without arguments that answers yes or no; an old system without it asks nobody."""
    try:
        call = getattr(ctypes.CDLL(_CORE_GRAPHICS), function)
        call.restype = ctypes.c_bool
        return bool(call())
    except (OSError, AttributeError):
        log.warning("The state of screen recording is not known")
        return True
