"""What everybody can do for themselves: passphrase, key file, trying the recovery sheet."""

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QWidget

from mips_desk.errors import BadInputError
from mips_desk.services import people
from mips_desk.services.changes import Changed, Changes
from mips_desk.services.people import PersonView
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.paper import ask_printer
from mips_desk.ui.people.dialog import PeopleDialog
from mips_desk.ui.people.key_field import KeyField
from mips_desk.ui.people.new_passphrase import NewPassphrase
from mips_desk.ui.recovery_sheet import PickPath, PickPrinter, SheetMaker, pick_path_in_dialog
from mips_desk.ui.save_file import ask_where_to_save
from mips_desk.ui.start.unlock import KeyFileRow, PassphraseField, PickFile
from mips_desk.ui.start.unlock import pick_in_dialog as pick_key_file
from mips_desk.ui.theme import SPACE_S, px
from mips_desk.ui.widgets.buttons import make_primary, primary_button, secondary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note


def new_key_file_in_dialog(parent: QWidget) -> Path | None:
    """Ask where a new key file shall be; None when the person thinks better of it."""
    return ask_where_to_save(parent, "Make a key file", "MIPS Desk key file.txt", "Key files", ".txt")


class OwnPassphraseDialog(PeopleDialog):
    """Change one's own passphrase."""

    def __init__(self, desk: Desk, person: PersonView, parent: QWidget, pick: PickFile = pick_key_file) -> None:
        super().__init__(
            desk,
            "own_passphrase_dialog",
            "Change your passphrase",
            "Only the new one opens the practice from then on. Backups made before open with the old one.",
            parent,
        )
        self._uses_file = person.uses_key_file
        self._old = _secret("old_passphrase")
        self.body.addWidget(field("Passphrase so far", self._old))
        self._file = KeyFileRow(pick)
        file = field("Your key file", self._file)
        self.body.addWidget(file)
        file.setVisible(self._uses_file)
        self._new = NewPassphrase("New passphrase")
        self.body.addWidget(self._new)
        done = primary_button("Change the passphrase", on_click=self._try)
        done.setObjectName("own_passphrase_done")
        done.setDefault(True)
        self.put_buttons(done)

    def _try(self) -> None:
        if not (self.check(lambda: _typed(self._old)) and self.check(self._new.check)):
            return
        if self._uses_file and not self.check(lambda: _chosen(self._file)):
            return
        session, old, new, file = self.desk.session, self._old.text(), self._new.text(), self._file.path
        self.run(
            lambda _: people.change_passphrase(session, old, new, key_file=file),
            lambda: self.desk.messages.info("Your passphrase is changed."),
        )


class KeyFileDialog(PeopleDialog):
    """Start or stop using a key file with one's passphrase.

    Args:
        desk: the open practice.
        person: oneself.
        parent: the page.
        pick: asks for a file; tests hand in their own.
        pick_new: asks where a new one shall be; tests hand in their own.
    """

    def __init__(
        self,
        desk: Desk,
        person: PersonView,
        parent: QWidget,
        pick: PickFile = pick_key_file,
        pick_new: PickFile = new_key_file_in_dialog,
    ) -> None:
        self._stop = person.uses_key_file
        super().__init__(
            desk,
            "key_file_dialog",
            "Stop using a key file" if self._stop else "Use a key file",
            "Your passphrase alone opens the practice from then on."
            if self._stop
            else "A second lock: the practice then opens only with your passphrase and a file together, for example on"
            " a USB stick that you carry.",
            parent,
        )
        self._pick_new = pick_new
        if not self._stop:
            self.body.addWidget(
                Note(
                    "Keep a copy of the file in the safe. If it is lost, or one letter of it changes, only the recovery"
                    " sheet or another manager helps.",
                    Tone.WARN,
                )
            )
        self._passphrase = _secret("key_file_passphrase")
        self.body.addWidget(field("Your passphrase", self._passphrase))
        self._file = KeyFileRow(pick)
        self._file.setObjectName("key_file_row")
        self.body.addWidget(field("Key file", self._file))
        if not self._stop:
            row = QHBoxLayout()
            make = secondary_button("Make a new key file…", "plus", self._make)
            make.setObjectName("make_key_file")
            row.addWidget(make)
            row.addStretch(1)
            row.setSpacing(SPACE_S)
            self.body.addLayout(row)
        done = primary_button("Stop using it" if self._stop else "Use this key file", on_click=self._try)
        done.setObjectName("key_file_done")
        done.setDefault(True)
        self.put_buttons(done)

    def _make(self) -> None:
        path = self._pick_new(self)
        if path is not None and self.check(lambda: people.make_key_file(path)):
            self._file.set_path(path)
            self._say("")

    def _try(self) -> None:
        if not (self.check(lambda: _typed(self._passphrase)) and self.check(lambda: _chosen(self._file))):
            return
        session, passphrase, file, stop = self.desk.session, self._passphrase.text(), self._file.path, self._stop
        assert file is not None, "looked at above"
        act = people.stop_key_file if stop else people.start_key_file
        said = "Your passphrase alone opens the practice." if stop else "From now on your key file is needed too."
        self.run(lambda _: act(session, passphrase, file), lambda: self.desk.messages.info(said))


class MakeSheetDialog(PeopleDialog):
    """A new recovery sheet."""

    def __init__(
        self,
        desk: Desk,
        number: int | None,
        parent: QWidget,
        pick_path: PickPath = pick_path_in_dialog,
        pick_printer: PickPrinter = ask_printer,
    ) -> None:
        replaced = (
            f"Sheet number {number} opens nothing any more once the new one is made: destroy it then." if number else ""
        )
        super().__init__(desk, "make_sheet_dialog", "Make a recovery sheet", replaced, parent)
        self.maker = SheetMaker(desk.session, desk.jobs, desk.view.practice.name, pick_path, pick_printer)
        self.maker.done.connect(self._made)
        self.body.addWidget(self.maker)
        self._safe = secondary_button("I have put it in a safe place", "check", self.accept)
        self._safe.setObjectName("sheet_safe")
        self._safe.setEnabled(False)
        self.put_buttons(self._safe, cancel="Close")
        self.setMinimumWidth(px(620))

    def _made(self) -> None:
        self._safe.setEnabled(True)
        make_primary(self._safe)


class TrySheetDialog(PeopleDialog):
    """The drill: type the key from the sheet; nothing is opened with it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(
            desk,
            "try_sheet_dialog",
            "Try the recovery sheet",
            "Type the key from the sheet in your safe. Nothing is changed; you only see whether it would help.",
            parent,
        )
        self.key = KeyField()
        self.body.addWidget(field("Recovery key", self.key))
        self._result = Note("", Tone.OK)
        self._result.setObjectName("try_result")
        self.body.addWidget(self._result)
        self._done = primary_button("Try it", "key-round", self._try)
        self._done.setObjectName("try_sheet_done")
        self._done.setEnabled(False)
        self.key.edited.connect(self._typed)
        self.put_buttons(self._done, cancel="Close")
        self.setMinimumWidth(px(560))

    def _typed(self, whole: bool) -> None:
        self._done.setEnabled(whole)
        self._result.set("")

    def _try(self) -> None:
        session, key = self.desk.session, self.key.text()
        answer: list[bool] = []

        def work(_: JobContext) -> Changes:
            answer.append(people.try_recovery(session, key))
            return Changes(Changed.PEOPLE if answer[0] else Changed.NOTHING, "Try the recovery sheet")

        def tell(_changes: Changes) -> None:
            if answer[0]:
                self.key.conceal()
                self._result.set("It works. This sheet opens the practice. Lock it up again.", Tone.OK)
            else:
                self._result.set(
                    "The key is typed well, but it does not open this practice. It may be an older sheet, or that of"
                    " another practice. Make a new one if you cannot find the right one.",
                    Tone.BAD,
                )

        self._say("")
        self._set_busy(True)
        self.desk.jobs.write(
            work, initiator=self, on_success=tell, on_failure=self._fail, on_finished=lambda: self._set_busy(False)
        )


def _secret(key: str) -> PassphraseField:
    made = PassphraseField()
    made.setObjectName(key)
    return made


def _typed(line: PassphraseField) -> None:
    if not line.text():
        line.setFocus()
        raise BadInputError("Enter your passphrase.")


def _chosen(row: KeyFileRow) -> None:
    if row.path is None:
        row.setFocus()
        raise BadInputError("Choose the key file.")
