"""Keeps a window out of pictures of the screen, where the system can: Windows and macOS.

It is a wish to the system, not a lock: a camera still sees the window. Evidence is captured while the app's own
windows are hidden, so this never stands in its way.
"""

import ctypes
import logging
import sys

from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

log = logging.getLogger(__name__)

_KEY = "hide_from_capture"
#: WDA_NONE and WDA_EXCLUDEFROMCAPTURE of winuser.h; the second one needs Windows 10 version 2004.
_SHOWN, _EXCLUDED = 0x00, 0x11
#: NSWindowSharingReadOnly and NSWindowSharingNone of AppKit.
_READ_ONLY, _NONE = 1, 0


def possible() -> bool:
    """Tell whether this system knows such a wish at all."""
    return QGuiApplication.platformName() in ("windows", "cocoa")


def wanted(settings: QSettings) -> bool:
    """Return the choice for this computer; on until somebody switches it off."""
    return str(settings.value(_KEY, "true")).lower() == "true"


def set_wanted(settings: QSettings, on: bool) -> None:
    """Keep the choice for this computer."""
    settings.setValue(_KEY, on)


def guard(window: QWidget, *, on: bool) -> None:
    """Keep a window out of pictures of the screen, or let it be seen again; a system that cannot does nothing.

    Args:
        window: a window that was shown, so that the system knows it.
        on: keep it out.
    """
    if not possible():
        return
    try:
        if sys.platform == "win32":
            ctypes.windll.user32.SetWindowDisplayAffinity(int(window.winId()), _EXCLUDED if on else _SHOWN)
        elif sys.platform == "darwin":
            _share(int(window.winId()), _NONE if on else _READ_ONLY)
    except (OSError, AttributeError) as error:
        log.warning("A window could not be kept out of pictures of the screen: %s", type(error).__name__)


def _share(view: int, kind: int) -> None:
    """Set the sharing type of the window that holds a view (AppKit's NSView and NSWindow)."""
    objc = ctypes.CDLL("/usr/lib/libobjc.A.dylib")
    objc.sel_registerName.restype = ctypes.c_void_p
    objc.sel_registerName.argtypes = [ctypes.c_char_p]
    send = ctypes.cast(
        objc.objc_msgSend, ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long)
    )
    window = send(view, objc.sel_registerName(b"window"), 0)
    if window:
        send(window, objc.sel_registerName(b"setSharingType:"), kind)
