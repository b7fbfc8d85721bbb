"""Linux: what the session manager and the screen saver say on D-Bus."""

import os

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

from .base import Watch

_LOGIN = "org.freedesktop.login1"
_MANAGER_PATH = "/org/freedesktop/login1"
_MANAGER = "org.freedesktop.login1.Manager"
_SESSION = "org.freedesktop.login1.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"
#: All say the same: ActiveChanged(bool).
SCREEN_SAVERS = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)


class BusWatch(Watch):
    """Hears the screen being locked, sleep, and another person coming to the screen.

    Args:
        system: the bus of the session manager.
        session: the bus of the desktop.
    """

    def __init__(
        self,
        system: QDBusConnection | None = None,
        session: QDBusConnection | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._works = False
        self._listen_to_desktop(session or QDBusConnection.sessionBus())
        self._listen_to_logins(system or QDBusConnection.systemBus())

    @property
    def works(self) -> bool:
        """One of the two buses is there."""
        return self._works

    def _listen_to_desktop(self, bus: QDBusConnection) -> None:
        if not bus.isConnected():
            return
        for name in SCREEN_SAVERS:
            # From whatever object and program: desktops do not agree on the place.
            self._works |= self._hear(bus, ("", "", name, "ActiveChanged"), "screen_saver(bool)")

    def _listen_to_logins(self, bus: QDBusConnection) -> None:
        if not bus.isConnected():
            return
        self._works |= self._hear(bus, (_LOGIN, _MANAGER_PATH, _MANAGER, "PrepareForSleep"), "prepare_for_sleep(bool)")
        ask = QDBusMessage.createMethodCall(_LOGIN, _MANAGER_PATH, _MANAGER, "GetSession")
        ask.setArguments([os.environ.get("XDG_SESSION_ID") or "auto"])
        waiting = QDBusPendingCallWatcher(bus.asyncCall(ask), self)
        waiting.finished.connect(lambda answered: self._found_session(bus, answered.reply()))

    def _found_session(self, bus: QDBusConnection, answer: QDBusMessage) -> None:
        """Listen to the session of this process; without one, the screen savers and the gap of the clock remain."""
        found = answer.arguments()
        if answer.type() is not QDBusMessage.MessageType.ReplyMessage or not found:
            return
        path = found[0].path()
        self._hear(bus, (_LOGIN, path, _SESSION, "Lock"), "session_locked()")
        properties = (_LOGIN, path, _PROPERTIES, "PropertiesChanged")
        self._hear(bus, properties, "changed(QString,QVariantMap,QStringList)")

    def _hear(self, bus: QDBusConnection, signal: tuple[str, str, str, str], slot: str) -> bool:
        """Call a slot at a signal of the bus, named by service, path, interface and name."""
        # Its stub asks for bytes, which it does not take.
        return bool(bus.connect(*signal, self, SLOT(slot)))  # type: ignore[call-overload]  # see above

    @Slot(bool)
    def screen_saver(self, active: bool) -> None:
        """The screen saver came or went; with most desktops it locks the screen."""
        if active:
            self.locked.emit()

    @Slot(bool)
    def prepare_for_sleep(self, before: bool) -> None:
        """The computer is about to sleep, or woke."""
        self.locked.emit()

    @Slot()
    def session_locked(self) -> None:
        """The session is asked to lock its screen."""
        self.locked.emit()

    @Slot(str, "QVariantMap", "QStringList")
    def changed(self, _interface: str, now: dict[str, object], _unknown: list[str]) -> None:
        """The session was locked, or another one came to the screen."""
        if now.get("Active") is False or now.get("LockedHint") is True:
            self.locked.emit()
