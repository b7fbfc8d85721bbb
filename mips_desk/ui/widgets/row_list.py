"""A short list of things to do: title, one line below, a chip and a button each ("What is left")."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mips_desk.ui.theme import SPACE_M, SPACE_S, TextRole, px
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.text import label, rule


@dataclass(frozen=True, slots=True)
class Row:
    """One line.

    Attributes:
        key: told back when its button is used.
        title: what to do.
        text: where and why, one line.
        button: words on its button; empty for none.
        chip: a state or deadline in words; empty for none.
        tone: the chip's meaning.
    """

    key: str
    title: str
    text: str = ""
    button: str = ""
    chip: str = ""
    tone: Tone = Tone.NEUTRAL


class _RowWidget(QWidget):
    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row
        self.button: QPushButton | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(0, px(SPACE_S) + 1, 0, px(SPACE_S) + 1)
        line.setSpacing(SPACE_M)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(row.title, TextRole.STRONG, wrap=True))
        if row.text:
            words.addWidget(label(row.text, TextRole.SECONDARY, wrap=True, tone="ink3"))
        line.addLayout(words, 1)
        if row.chip:
            line.addWidget(Chip(row.chip, row.tone))
        if row.button:
            self.button = secondary_button(row.button)
            self.button.setAccessibleName(f"{row.button}: {row.title}")
            line.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)


class RowList(QWidget):
    """The rows, separated by faint lines.

    Signals:
        activated(str): the key of the row whose button was used.
    """

    activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: list[_RowWidget] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return tuple(widget.row for widget in self._rows)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; the keyboard stays on the row with the same key."""
        if self.rows == tuple(rows):
            return
        focused = next((w.row.key for w in self._rows if w.button is not None and w.button.hasFocus()), "")
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._rows = []
        for row in rows:
            if self._rows:
                self._column.addWidget(rule())
            widget = _RowWidget(row)
            if widget.button is not None:
                widget.button.clicked.connect(lambda _checked=False, key=row.key: self.activated.emit(key))
            self._column.addWidget(widget)
            self._rows.append(widget)
            if row.key == focused and widget.button is not None:
                widget.button.setFocus()
        self._column.addStretch(1)

    def sizeHint(self) -> QSize:
        """As its rows; wide enough to read."""
        return super().sizeHint().expandedTo(QSize(px(260), 0))
