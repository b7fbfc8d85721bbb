"""A search field with its icon, a button to clear it and a short pause before it asks."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from mips_desk.ui.icons import icon


class SearchField(QLineEdit):
    """Search as you type.

    Args:
        name: what is searched; placeholder and accessible name.

    Signals:
        search_requested(str): the text, trimmed, after a pause in typing or at once with Return or a clear.
    """

    search_requested = Signal(str)

    #: Pause in typing before a search starts, in milliseconds.
    PAUSE_MS = 120

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)
        self.addAction(icon("search", "ink3"), QLineEdit.ActionPosition.LeadingPosition)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(self.PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self._ask)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape clears."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def _typed(self, text: str) -> None:
        if text:
            self._timer.start()
        else:
            self._ask()

    def _ask(self) -> None:
        self._timer.stop()
        self.search_requested.emit(self.text().strip())
