"""A practice in a synced or network folder: why that damages it, and the way out."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mips_desk.errors import MipsDeskError
from mips_desk.services.people import people_at_door
from mips_desk.services.places import Moved, move_vault
from mips_desk.ui.jobs import JobContext, Jobs
from mips_desk.ui.messages import UNEXPECTED
from mips_desk.ui.recent import practice_name
from mips_desk.ui.theme import TextRole
from mips_desk.ui.widgets.buttons import primary_button, secondary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.text import label

from .folder_row import ChooseFolder, FolderRow, choose_in_dialog
from .start_page import StartPage
from .unlock import KeyFileRow, PassphraseField


class MovePage(StartPage):
    """Offers to move the practice to this computer, or to open it to read only.

    Args:
        jobs: where the work runs.
        vault: the practice.
        provider: who synchronises its folder, or the kind of share, in words.
        to: the folder that is suggested.
        typed: the passphrase as it was typed at the lock.
        choose: asks for another folder; tests hand in their own.

    Signals:
        moved(Moved, str): what was done, and the passphrase.
        read_only_requested(Path, str): open it where it is, with the passphrase.
    """

    moved = Signal(object, str)
    read_only_requested = Signal(object, str)

    def __init__(
        self,
        jobs: Jobs,
        vault: Path,
        provider: str,
        to: Path,
        typed: str = "",
        choose: ChooseFolder = choose_in_dialog,
    ) -> None:
        super().__init__("move_place", f"This practice lies in {_folder(provider)}", _why(provider))
        self._jobs, self._vault = jobs, vault
        self.card.body.addWidget(label(f"Move {practice_name(vault)} to this computer", TextRole.CARD_TITLE, wrap=True))
        self.card.body.addWidget(
            label(
                "It is copied, read back and compared. Then the old folder gets another name, so that nobody opens it"
                " by mistake. Nothing is deleted.",
                TextRole.SECONDARY,
                wrap=True,
            )
        )
        self._where = FolderRow("New place", to, choose)
        self.card.body.addWidget(field("New place", self._where))
        self.passphrase = PassphraseField()
        self.passphrase.setObjectName("move_passphrase")
        self.passphrase.setText(typed)
        self.passphrase.returnPressed.connect(self._move)
        self.passphrase.textEdited.connect(lambda _text: self.failed(""))
        self.card.body.addWidget(field("Passphrase of a manager", self.passphrase))
        self.key_file: KeyFileRow | None = None
        if any(person.needs_key_file for person in people_at_door(vault)):
            self.key_file = KeyFileRow()
            self.key_file.setObjectName("move_key_file")
            self.card.body.addWidget(field("Key file, if the manager needs one", self.key_file))
        back = secondary_button("Back", "arrow-left", self.back_requested.emit)
        back.setObjectName("move_back")
        reading = secondary_button("Open to read only", "eye", self._read)
        reading.setObjectName("move_read_only")
        self._button = primary_button("Move it to this computer", "hard-drive", self._move)
        self._button.setObjectName("move_now")
        for widget in (back, reading):
            self.buttons.addWidget(widget)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self._button)
        self.first: QWidget = self._button if typed else self.passphrase

    def _move(self) -> None:
        if self.busy:
            return
        passphrase, to = self.passphrase.text(), self._where.folder
        key_file = self.key_file.path if self.key_file is not None else None
        if not passphrase:
            self.failed("Enter the passphrase of a manager, so that the copy can be opened and compared.")
            self.passphrase.setFocus()
            return
        self.failed("")

        def work(context: JobContext) -> Moved:
            return move_vault(self._vault, to, passphrase, context.progress, context.check, key_file=key_file)

        self.set_busy(True)
        job = self._jobs.work(
            work,
            title="Moving the practice",
            initiator=self,
            on_success=lambda done: self.moved.emit(done, passphrase),
            on_failure=self._fail,
            on_cancelled=lambda: self.failed("Stopped. The practice is where it was, unchanged."),
            on_finished=self._ended,
        )
        self.watch(job)

    def _read(self) -> None:
        if not self.passphrase.text():
            self.failed("Enter your passphrase.")
            self.passphrase.setFocus()
            return
        self.read_only_requested.emit(self._vault, self.passphrase.text())

    def _fail(self, error: Exception) -> None:
        self.failed(str(error) if isinstance(error, MipsDeskError) else UNEXPECTED)

    def _ended(self) -> None:
        self.set_busy(False)
        # Only now: what is disabled takes no keyboard.
        self.passphrase.setFocus()
        self.passphrase.selectAll()


def _folder(provider: str) -> str:
    """Return the place in words: "OneDrive", "a network share"."""
    return provider or "a shared folder"


def _why(provider: str) -> str:
    if provider.startswith("a network"):
        return (
            "Two computers can write to it at the same moment there, and a lost connection cuts a change in half. Both"
            " destroy records without a word. So MIPS Desk opens it to read only, until it lies on this computer."
        )
    return (
        f"{_folder(provider)} copies files while they change, and can put back older ones. For a practice that means"
        " lost records, without a word. So MIPS Desk opens it to read only, until it lies on this computer."
    )
