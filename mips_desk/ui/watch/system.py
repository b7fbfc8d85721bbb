"""The watch that fits the system the app runs on."""

import logging

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from .base import Watch

log = logging.getLogger(__name__)


def sees_screen_lock() -> bool:
    """Tell whether this system says when the screen is locked."""
    platform = QGuiApplication.platformName()
    if platform in ("xcb", "wayland"):
        from PySide6.QtDBus import QDBusConnection

        return QDBusConnection.sessionBus().isConnected() or QDBusConnection.systemBus().isConnected()
    return platform in ("windows", "cocoa")


def watch_system(window: QWidget, parent: QObject | None = None) -> Watch | None:
    """Return what sees the screen being locked, sleep and a switch of the person, or None where nothing can.

    Args:
        window: a window of ours that stays.
        parent: owns the watch.
    """
    platform = QGuiApplication.platformName()
    try:
        if platform == "windows":
            from .windows import SessionWatch

            return SessionWatch(int(window.winId()), parent)
        if platform == "cocoa":
            from .macos import ScreenWatch, ask_system

            return ScreenWatch(ask_system(), parent)
        if platform in ("xcb", "wayland"):
            from .linux import BusWatch

            return BusWatch(parent=parent)
    except (ImportError, OSError, AttributeError) as error:
        # Without it a practice still locks when nobody touches it, and after a sleep.
        log.warning("The lock of the screen cannot be seen: %s", type(error).__name__)
    return None
