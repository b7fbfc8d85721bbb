"""Windows: what the system tells every window when the session is locked or the computer goes to sleep."""

import ctypes
import sys

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject

from .base import Watch

#: WM_WTSSESSION_CHANGE and what came: the console or the remote desktop was taken away, log off, lock (winuser.h).
_SESSION_CHANGE, _AWAY = 0x02B1, frozenset({2, 4, 6, 7})
#: WM_POWERBROADCAST and PBT_APMSUSPEND.
_POWER, _SUSPEND = 0x0218, 4
_THIS_SESSION = 0


class _Message(ctypes.Structure):
    """The beginning of MSG, as far as it is read."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("word", ctypes.c_size_t),
        ("long", ctypes.c_ssize_t),
    )


def tells_to_lock(address: int) -> bool:
    """Tell whether a native message says that the person has left.

    Args:
        address: where the MSG is in memory.
    """
    told = _Message.from_address(address)
    return (told.message == _SESSION_CHANGE and told.word in _AWAY) or (
        told.message == _POWER and told.word == _SUSPEND
    )


class _Filter(QAbstractNativeEventFilter):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:  # noqa: N802 - Qt's name
        if bytes(QByteArray(kind).data()) == b"windows_generic_MSG" and tells_to_lock(int(message)):
            self._watch.locked.emit()
        return False, 0


class SessionWatch(Watch):
    """Hears lock, log off, a switch of the person, and sleep.

    Args:
        window: handle of a window of ours, which need not be visible.
    """

    def __init__(self, window: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._registered = False
        if sys.platform == "win32":
            library = ctypes.windll.wtsapi32
            self._registered = bool(library.WTSRegisterSessionNotification(ctypes.c_void_p(window), _THIS_SESSION))
        self._filter = _Filter(self)
        app = QCoreApplication.instance()
        assert app is not None
        app.installNativeEventFilter(self._filter)

    @property
    def works(self) -> bool:
        """The system took the wish."""
        return self._registered

    def stop(self) -> None:
        """Watch no longer."""
        app = QCoreApplication.instance()
        if app is not None:
            app.removeNativeEventFilter(self._filter)
        if sys.platform == "win32" and self._registered:
            ctypes.windll.wtsapi32.WTSUnRegisterSessionNotification(ctypes.c_void_p(self._window))
        self._registered = False
