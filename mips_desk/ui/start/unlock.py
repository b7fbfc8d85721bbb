"""Unlock: who it is, the passphrase of a practice, and the other ways in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mips_desk.ui.icons import icon
from mips_desk.ui.recent import practice_name
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, TextRole, px
from mips_desk.ui.widgets.buttons import link_button, primary_button, secondary_button
from mips_desk.ui.widgets.card import Card, field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.choice_box import ChoiceBox
from mips_desk.ui.widgets.flow_layout import FlowLayout
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import ElidedLabel, label, page_title, set_tone

from .opening import Opening

if TYPE_CHECKING:  # brings the vault's libraries, which are loaded after the window is on the screen
    from mips_desk.services.people import PersonAtDoor

PickFile = Callable[[QWidget], Path | None]


def pick_in_dialog(parent: QWidget) -> Path | None:
    """Ask for a key file in the system's dialog; None when the person thinks better of it."""
    name, _ = QFileDialog.getOpenFileName(parent, "Choose your key file", "")
    return Path(name) if name else None


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


class KeyFileRow(QWidget):
    """The key file that goes with a passphrase.

    Args:
        pick: asks for the file; tests hand in their own.

    Attributes:
        path: the file; None until one is chosen.

    Signals:
        chosen(): another file.
    """

    chosen = Signal()

    def __init__(self, pick: PickFile = pick_in_dialog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self._pick = pick
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        self._name = ElidedLabel("", TextRole.TEXT, Qt.TextElideMode.ElideMiddle)
        self._button = secondary_button("Choose…", "key-round", self._ask)
        self._button.setObjectName("choose_key_file")
        self._button.setAccessibleName("Choose your key file")
        row.addWidget(self._name, 1)
        row.addWidget(self._button)
        self.setFocusProxy(self._button)
        self.set_path(None)

    def set_path(self, path: Path | None) -> None:
        """Show another file, or none."""
        self.path = path
        self._name.setText(path.name if path is not None else "Not chosen yet, for example on your USB stick.")
        set_tone(self._name, "" if path is not None else "ink3")

    def _ask(self) -> None:
        path = self._pick(self)
        if path is not None:
            self.set_path(path)
            self.chosen.emit()


class UnlockPage(QWidget):
    """The lock of one practice.

    Args:
        pick: asks for a key file; tests hand in their own.

    Signals:
        unlock_requested(Opening): open it.
        forgot_requested(Path): the passphrase is forgotten.
        other_requested(): choose another practice.
    """

    unlock_requested = Signal(object)
    forgot_requested = Signal(object)
    other_requested = Signal()

    def __init__(self, pick: PickFile = pick_in_dialog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = Path()
        self._people: dict[str, PersonAtDoor] = {}
        self._by_computer = False
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
        self.who = ChoiceBox()
        self.who.setObjectName("unlock_person")
        self.who.currentIndexChanged.connect(lambda _place: self._show_person())
        self._who_field = field("Who are you?", self.who)
        card.body.addWidget(self._who_field)
        self.passphrase = PassphraseField()
        self.passphrase.setObjectName("passphrase")
        self.passphrase.returnPressed.connect(lambda: self._unlock())
        self.passphrase.textEdited.connect(lambda _text: self._show_error(""))
        card.body.addWidget(field("Passphrase", self.passphrase))
        self.key_file = KeyFileRow(pick)
        self.key_file.setObjectName("unlock_key_file")
        self.key_file.chosen.connect(self._key_file_chosen)
        self._key_file_field = field("Key file", self.key_file)
        card.body.addWidget(self._key_file_field)
        self.error = Note("", Tone.BAD)
        self.error.setObjectName("unlock_error")
        card.body.addWidget(self.error)
        holder = QWidget()
        row = FlowLayout(holder, SPACE_M)
        self._button = primary_button("Unlock", "lock", lambda: self._unlock())
        self._button.setObjectName("unlock")
        self._button.setMinimumWidth(px(120))
        self._here = secondary_button("Open with this computer", "monitor", self._open_here)
        self._here.setObjectName("open_here")
        # Only there once it is known that somebody else works in the practice.
        self._read_only = secondary_button("Open to read only", "eye", self._open_to_read)
        self._read_only.setObjectName("read_only")
        for button in (self._button, self._here, self._read_only):
            row.addWidget(button)
        card.body.addWidget(holder)
        column.addWidget(card)
        links = QHBoxLayout()
        links.setSpacing(SPACE_L)
        forgot = link_button("Forgot the passphrase?", lambda: self.forgot_requested.emit(self._folder))
        forgot.setObjectName("forgot")
        other = link_button("Open another practice", self.other_requested.emit)
        other.setObjectName("other_practice")
        links.addWidget(forgot)
        links.addStretch(1)
        links.addWidget(other)
        column.addLayout(links)
        self._show_person()

    def set_practice(self, folder: Path, told: str = "") -> None:
        """Show the lock of a practice, with a sentence above the field when there is something to say."""
        self._told.set(told)
        if folder != self._folder:
            self.set_people(folder, (), "")
        self._folder = folder
        self._title.setText(practice_name(folder))
        self._read_only.hide()
        self.passphrase.conceal()
        self.key_file.set_path(None)
        self._show_error("")

    def set_people(self, folder: Path, people: Sequence[PersonAtDoor], last: str) -> None:
        """Say who may open the practice.

        Args:
            folder: which practice; another one than is shown is passed over.
            people: in order of entry.
            last: identifier of who opened it last on this computer; empty when not known.
        """
        if people and folder != self._folder:
            return
        self._people = {person.person_id: person for person in people}
        self.who.blockSignals(True)
        self.who.clear()
        for person in people:
            self.who.addItem(person.name, person.person_id)
        self.who.setCurrentIndex(max(0, self.who.findData(last)))
        self.who.blockSignals(False)
        self._show_person()
        if self._here.isVisible() and not self.passphrase.text():
            self._here.setFocus()

    def set_busy(self, busy: bool) -> None:
        """Show that the passphrase is being tried; the field keeps the keyboard."""
        for button in (self._button, self._here, self._read_only):
            button.setEnabled(not busy)
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
        """Put the keyboard where the way in is shortest."""
        (self._here if self._here.isVisible() else self.passphrase).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard belongs into the field."""
        super().showEvent(event)
        self.take_focus()

    def _person(self) -> PersonAtDoor | None:
        return self._people.get(str(self.who.currentData() or ""))

    def _show_person(self) -> None:
        person = self._person()
        self._who_field.setVisible(len(self._people) > 1)
        self._key_file_field.setVisible(person is not None and person.needs_key_file)
        self._here.setVisible(person is not None and person.this_computer)
        self._show_error("")

    def _key_file_chosen(self) -> None:
        self._show_error("")
        self.passphrase.setFocus()

    def _unlock(self, *, read_only: bool = False) -> None:
        person = self._person()
        needs_file = person is not None and person.needs_key_file
        if not self._button.isEnabled():
            return
        if not self.passphrase.text():
            self.failed("Enter your passphrase.")
        elif needs_file and self.key_file.path is None:
            self._show_error("Choose your key file too. The passphrase opens only together with it.")
            self.key_file.setFocus()
        else:
            file = self.key_file.path if needs_file else None
            who = person.person_id if person is not None else ""
            self._open(Opening(self._folder, self.passphrase.text(), who, file, read_only))

    def _open_here(self, *, read_only: bool = False) -> None:
        person = self._person()
        if person is not None and self._here.isEnabled():
            self._open(Opening(self._folder, person_id=person.person_id, read_only=read_only, this_computer=True))

    def _open_to_read(self) -> None:
        if self._by_computer and not self.passphrase.text():
            self._open_here(read_only=True)
        else:
            self._unlock(read_only=True)

    def _open(self, wish: Opening) -> None:
        self._by_computer = wish.this_computer
        self._show_error("")
        self.unlock_requested.emit(wish)

    def _show_error(self, sentence: str) -> None:
        self.error.set(sentence, Tone.BAD)
        self.passphrase.setAccessibleDescription(sentence)
        self.passphrase.setProperty("wrong", bool(sentence))
        self.passphrase.style().unpolish(self.passphrase)
        self.passphrase.style().polish(self.passphrase)
