"""The one bus on which changes come down: every screen that shows a thing hears when it changed."""

from PySide6.QtCore import QObject, Signal

from mips_desk.services.changes import Changes


class Events(QObject):
    """The bus.

    Signals:
        changed(Changes, object): a command changed something; the second argument is who asked for it, or None. A page
            looks at `changes.kinds`, and may skip what it asked for itself.
    """

    changed = Signal(object, object)

    def publish(self, result: object, initiator: object | None = None) -> None:
        """Pass on the result of a write when it says what changed; connected to `Jobs.succeeded`."""
        if isinstance(result, Changes):
            self.changed.emit(result, initiator)
