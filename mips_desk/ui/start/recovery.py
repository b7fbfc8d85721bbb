"""The passphrase is forgotten: the recovery sheet opens the practice and gives a manager a new passphrase."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal

from mips_desk.errors import MipsDeskError
from mips_desk.services.people import PersonAtDoor
from mips_desk.ui.people.key_field import KeyField
from mips_desk.ui.people.new_passphrase import NewPassphrase
from mips_desk.ui.recent import practice_name
from mips_desk.ui.theme import px
from mips_desk.ui.widgets.buttons import primary_button, secondary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.choice_box import ChoiceBox

from .opening import Opening
from .start_page import StartPage


class RecoveryPage(StartPage):
    """Asks for the recovery key, who one is, and a new passphrase.

    Args:
        folder: the practice.
        people: who may open it.

    Signals:
        open_requested(Opening): open it.
    """

    open_requested = Signal(object)

    def __init__(self, folder: Path, people: Sequence[PersonAtDoor]) -> None:
        super().__init__(
            "recovery",
            f"Open {practice_name(folder)} with the recovery sheet",
            "Take the sheet out of the safe. If you are not a manager, you need no sheet: a manager gives you a new"
            " passphrase in Settings.",
        )
        self._folder = folder
        self.key = KeyField()
        self.key.edited.connect(lambda _whole: self.failed(""))
        self.card.body.addWidget(field("Recovery key", self.key))
        self.who = ChoiceBox()
        self.who.setObjectName("recovery_person")
        for person in people:
            self.who.addItem(person.name, person.person_id)
        self.card.body.addWidget(field("Which manager are you?", self.who))
        self.passphrase = NewPassphrase("New passphrase")
        self.passphrase.edited.connect(lambda: self.failed(""))
        self.card.body.addWidget(self.passphrase)
        back = secondary_button("Back", "arrow-left", self.back_requested.emit)
        back.setObjectName("recovery_back")
        self._button = primary_button("Open the practice", "lock", self._open)
        self._button.setObjectName("recovery_open")
        self._button.setMinimumWidth(px(150))
        self.passphrase.two.returnPressed.connect(self._open)
        self.buttons.addWidget(back)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self._button)
        self.first = self.key

    def _open(self) -> None:
        if self.busy:
            return
        if not self.key.whole:
            self.failed("The recovery key is not complete. Compare it with the sheet, group by group.")
            self.key.setFocus()
            return
        try:
            self.passphrase.check()
        except MipsDeskError as error:
            self.failed(str(error))
            return
        self.failed("")
        self.open_requested.emit(
            Opening(
                self._folder,
                self.passphrase.text(),
                str(self.who.currentData() or ""),
                recovery_key=self.key.text(),
            )
        )
