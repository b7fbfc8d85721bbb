"""macOS: asks once a second whether the screen is locked, or another person is at it."""

import ctypes
import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from .base import Watch

log = logging.getLogger(__name__)

_ASK_MS = 1000
_UTF8 = 0x08000100
_GRAPHICS = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"
_FOUNDATION = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"


def ask_system() -> Callable[[], bool] | None:
    """Return what tells whether the person has left the screen, or None where the system cannot be asked."""
    try:
        graphics, foundation = ctypes.CDLL(_GRAPHICS), ctypes.CDLL(_FOUNDATION)
        current = graphics.CGSessionCopyCurrentDictionary
        current.restype = ctypes.c_void_p
        foundation.CFStringCreateWithCString.restype = ctypes.c_void_p
        foundation.CFStringCreateWithCString.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
        foundation.CFDictionaryGetValue.restype = ctypes.c_void_p
        foundation.CFDictionaryGetValue.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        foundation.CFBooleanGetValue.restype = ctypes.c_ubyte
        foundation.CFBooleanGetValue.argtypes = [ctypes.c_void_p]
        foundation.CFRelease.argtypes = [ctypes.c_void_p]
        locked = foundation.CFStringCreateWithCString(None, b"CGSSessionScreenIsLocked", _UTF8)
        at_screen = foundation.CFStringCreateWithCString(None, b"kCGSSessionOnConsoleKey", _UTF8)
    except (OSError, AttributeError) as error:
        log.warning("The lock of the screen cannot be seen: %s", type(error).__name__)
        return None

    def away() -> bool:
        session = current()
        if not session:
            return False
        try:
            is_locked = foundation.CFDictionaryGetValue(session, locked)
            is_here = foundation.CFDictionaryGetValue(session, at_screen)
            return bool(is_locked and foundation.CFBooleanGetValue(is_locked)) or bool(
                is_here and not foundation.CFBooleanGetValue(is_here)
            )
        finally:
            foundation.CFRelease(session)

    return away


class ScreenWatch(Watch):
    """Sees that the screen was locked, and that the person was switched.

    Args:
        away: tells whether the person has left the screen; None: it cannot be known.
    """

    def __init__(self, away: Callable[[], bool] | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._away = away
        self._was = False
        self._timer = QTimer(self)
        self._timer.setInterval(_ASK_MS)
        self._timer.timeout.connect(self.tick)
        if away is not None:
            self._timer.start()

    @property
    def works(self) -> bool:
        """The system can be asked."""
        return self._away is not None

    def stop(self) -> None:
        """Ask no longer."""
        self._timer.stop()

    def tick(self) -> None:
        """Ask; called once a second."""
        was, self._was = self._was, self._away is not None and self._away()
        if self._was and not was:
            self.locked.emit()
