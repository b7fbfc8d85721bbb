"""Unlock: the passphrase of a practice."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mips_desk.ui.icons import icon
from mips_desk.ui.recent import practice_name
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, px
from mips_desk.ui.widgets.buttons import link_button, primary_button, secondary_button
from mips_desk.ui.widgets.card import Card, field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import label, page_title


class PassphraseField(QLineEdit):
    """A passphrase with a button that shows what was typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoAutoUppercase)
        self._eye = self.addAction(icon("eye", "ink3"), QLineEdit.ActionPosition.TrailingPosition)
        self._eye.setToolTip("Show the passphrase")
        self._eye.triggered.connect(lambda _checked=False: self._toggle())

    def _toggle(self) -> None:
        hidden = self.echoMode() is QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self._eye.setIcon(icon("eye-off" if hidden else "eye", "ink3"))
        self._eye.setToolTip("Hide the passphrase" if hidden else "Show the passphrase")

    def conceal(self) -> None:
        """Empty the field and hide what is typed next."""
        self.clear()
        if self.echoMode() is not QLineEdit.EchoMode.Password:
            self._toggle()


class UnlockPage(QWidget):
    """The lock of one practice.

    Signals:
        unlock_requested(Path, str, bool): folder, passphrase, and whether to read only.
        other_requested(): choose another practice.
    """

    unlock_requested = Signal(object, str, bool)
    other_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = Path()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        self._title = page_title("")
        column.addWidget(self._title)
        column.addWidget(label("This practice is locked. Enter your passphrase to open it.", tone="ink2", wrap=True))
        column.addSpacing(SPACE_S)
        card = Card()
        card.body.setSpacing(SPACE_M)
        self._told = Note("")
        self._told.setObjectName("unlock_told")
        card.body.addWidget(self._told)
        self.passphrase = PassphraseField()
        self.passphrase.setObjectName("passphrase")
        self.passphrase.returnPressed.connect(lambda: self._unlock())
        self.passphrase.textEdited.connect(lambda _text: self._show_error(""))
        card.body.addWidget(field("Passphrase", self.passphrase))
        self.error = Note("", Tone.BAD)
        self.error.setObjectName("unlock_error")
        card.body.addWidget(self.error)
        row = QHBoxLayout()
        row.setSpacing(SPACE_L)
        self._button = primary_button("Unlock", "lock", lambda: self._unlock())
        self._button.setObjectName("unlock")
        self._button.setMinimumWidth(px(120))
        # Only there once it is known that somebody else works in the practice.
        self._read_only = secondary_button("Open to read only", "eye", lambda: self._unlock(read_only=True))
        self._read_only.setObjectName("read_only")
        row.addWidget(self._button)
        row.addWidget(self._read_only)
        row.addStretch(1)
        card.body.addLayout(row)
        column.addWidget(card)
        other = link_button("Open another practice", self.other_requested.emit)
        other.setObjectName("other_practice")
        column.addWidget(other, 0, Qt.AlignmentFlag.AlignLeft)

    def set_practice(self, folder: Path, told: str = "") -> None:
        """Show the lock of a practice, with a sentence above the field when there is something to say."""
        self._told.set(told)
        self._folder = folder
        self._title.setText(practice_name(folder))
        self._read_only.hide()
        self.passphrase.conceal()
        self._show_error("")

    def set_busy(self, busy: bool) -> None:
        """Show that the passphrase is being tried; the field keeps the keyboard."""
        self._button.setEnabled(not busy)
        self._read_only.setEnabled(not busy)
        self._button.setText(" Opening…" if busy else " Unlock")
        self.passphrase.setReadOnly(busy)

    def failed(self, sentence: str, *, in_use: bool = False) -> None:
        """Say why it did not open; the text is selected, ready to be typed over.

        Args:
            sentence: why.
            in_use: somebody else works in it, so opening it to read only is offered.
        """
        self._show_error(sentence)
        self._read_only.setVisible(in_use)
        if in_use:
            self._read_only.setEnabled(True)  # Or it could not take the keyboard yet.
            self._read_only.setFocus()
        else:
            self.passphrase.setFocus()
            self.passphrase.selectAll()

    def take_focus(self) -> None:
        """Put the keyboard into the field."""
        self.passphrase.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard belongs into the field."""
        super().showEvent(event)
        self.take_focus()

    def _unlock(self, *, read_only: bool = False) -> None:
        if not self.passphrase.text():
            self.failed("Enter your passphrase.")
        elif self._button.isEnabled():
            self._show_error("")
            self.unlock_requested.emit(self._folder, self.passphrase.text(), read_only)

    def _show_error(self, sentence: str) -> None:
        self.error.set(sentence, Tone.BAD)
        self.passphrase.setAccessibleDescription(sentence)
        self.passphrase.setProperty("wrong", bool(sentence))
        self.passphrase.style().unpolish(self.passphrase)
        self.passphrase.style().polish(self.passphrase)
