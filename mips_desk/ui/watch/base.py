"""What every watch has in common."""

from PySide6.QtCore import QObject, Signal


class Watch(QObject):
    """Watches one sign that the person has left the computer.

    Signals:
        locked(): the person has left; emitted on the GUI thread, perhaps more than once.
    """

    locked = Signal()

    @property
    def works(self) -> bool:
        """The sign can be seen on this computer."""
        return True

    def stop(self) -> None:
        """Watch no longer."""
