"""The head of a page: what it is, where one stands, and its buttons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.ui.theme import SPACE_M, SPACE_S, SPACE_XS, TextRole
from mips_desk.ui.widgets.text import label, page_title


class PageHeader(QWidget):
    """Title, one sentence below it, buttons at the right; `above` holds a switch over the title, `buttons` the buttons.

    Args:
        title: words of the title.
        subtitle: one sentence; empty for none.
    """

    def __init__(self, title: str, subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        # It has the whole width, also where the buttons leave little for the title.
        self.above = QHBoxLayout()
        self.above.setSpacing(SPACE_S)
        column.addLayout(self.above)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        column.addLayout(row)
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        self._title = page_title(title)
        self._subtitle = label(subtitle, TextRole.TEXT, wrap=True, tone="ink2")
        self._subtitle.setVisible(bool(subtitle))
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        row.addLayout(words, 1)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(SPACE_S + 2)
        self.buttons.setAlignment(Qt.AlignmentFlag.AlignBottom)
        row.addLayout(self.buttons)

    def set(self, title: str, subtitle: str = "") -> None:
        """Change the words."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))

    def add_buttons(self, *buttons: QWidget) -> None:
        """Put buttons at the right, the primary one last."""
        for button in buttons:
            self.buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
