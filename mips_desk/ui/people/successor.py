"""A sheet for whoever takes over: where everything lies and what to do first. It holds no secret."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget

from mips_desk.errors import MipsDeskError
from mips_desk.services import backups, people
from mips_desk.services.people import PersonView, RecoveryState
from mips_desk.ui import words
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.paper import Facts, Sheet, SheetPreview, Words, ask_printer, print_sheet, save_sheet
from mips_desk.ui.people.dialog import PeopleDialog
from mips_desk.ui.people.roles import role_word
from mips_desk.ui.recovery_sheet import PickPath, PickPrinter, pick_path_in_dialog
from mips_desk.ui.widgets.buttons import primary_button, secondary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note


def successor_sheet(
    practice: str,
    vault: Path,
    who: Sequence[PersonView],
    backup_folder: Path | None,
    recovery: RecoveryState | None,
    kept_at: str,
    today: date,
) -> Sheet:
    """Return the sheet.

    Args:
        practice: name of the practice.
        vault: where it lies.
        who: its people.
        backup_folder: where backups go; None: nowhere so far.
        recovery: what is known of the recovery sheet.
        kept_at: where the recovery sheet is, as typed; empty: a line to write on.
        today: the day.
    """
    number = f"Recovery sheet number {recovery.number}" if recovery else "Recovery sheet"
    return Sheet(
        title="If I leave",
        practice=practice,
        lead=(
            "The proof for our MIPS improvement activities is kept in MIPS Desk, in an encrypted folder. CMS may ask"
            " for it six years after the end of a year, or later. This page says where everything is. It holds no"
            " secret."
        ),
        blocks=(
            Facts(
                "Where everything lies",
                (
                    ("The practice", str(vault)),
                    ("Backups", str(backup_folder) if backup_folder else ""),
                    (number, kept_at),
                    ("On which computer", ""),
                ),
            ),
            Facts("Who has a passphrase", tuple((person.name, role_word(person.role)) for person in who)),
            Words(
                "What to do first",
                steps=(
                    "Open MIPS Desk, choose Open a practice, and the folder above. A manager named above opens it.",
                    "Is nobody of them there? Take the recovery sheet out of the safe, press Forgot the passphrase? and"
                    " follow the page.",
                    "In Settings, People: add the new manager, remove who left, make a new recovery sheet.",
                    "In Settings, Safety: see that backups go to a place that you can reach, and run a check.",
                    "Delete nothing. Every year must be kept six years after its end, and Settings, Records counts"
                    " that.",
                ),
            ),
            Words(
                "If the computer is gone",
                "Install MIPS Desk on another one, choose Restore a backup, and take the newest file from the place of"
                " the backups. Any passphrase of a person above, or the recovery sheet, opens it.",
            ),
        ),
        foot=f"MIPS Desk, {words.full_day(today)}. Print it anew when a person, the folder or the place of the backups"
        " changes.",
    )


class SuccessorDialog(PeopleDialog):
    """Asks where the recovery sheet is kept, then prints or saves the page.

    Args:
        desk: the open practice.
        parent: the page.
        pick_path: asks for a file; tests hand in their own.
        pick_printer: asks for a printer; tests hand in their own.
    """

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        pick_path: PickPath = pick_path_in_dialog,
        pick_printer: PickPrinter = ask_printer,
    ) -> None:
        super().__init__(
            desk,
            "successor_dialog",
            "A sheet for your successor",
            "One page on where everything lies and what to do first. It holds no passphrase and no key.",
            parent,
        )
        self._pick_path, self._pick_printer = pick_path, pick_printer
        self._sheet: Sheet | None = None
        self._known: tuple[Sequence[PersonView], Path | None, RecoveryState | None] = ((), None, None)
        self._kept_at = QLineEdit()
        self._kept_at.setObjectName("sheet_kept_at")
        self._kept_at.setPlaceholderText("The safe in the back office")
        self._kept_at.textChanged.connect(lambda _text: self._draw())
        self.body.addWidget(
            field("Where is the recovery sheet?", self._kept_at, "Left empty, the page has a line to write on.")
        )
        self.preview = SheetPreview("Picture of the sheet for your successor", 230)
        self.body.addWidget(self.preview)
        self._told = Note("", Tone.OK)
        self._told.setObjectName("successor_told")
        self.body.addWidget(self._told)
        save = secondary_button("Save as PDF…", "download", self._save)
        save.setObjectName("successor_save")
        printing = primary_button("Print…", "printer", self._print)
        printing.setObjectName("successor_print")
        self.put_buttons(save, printing, cancel="Close")
        self._set_busy(True)
        session = desk.session

        def read(_: JobContext) -> tuple[Sequence[PersonView], Path | None, RecoveryState | None]:
            return people.people(session), backups.backup_plan(session).folder, people.recovery_state(session)

        desk.jobs.work(read, initiator=self, on_success=self._show, on_failure=self._fail)

    def _show(self, known: tuple[Sequence[PersonView], Path | None, RecoveryState | None]) -> None:
        self._known = known
        self._set_busy(False)
        self._draw()

    def _draw(self) -> None:
        who, folder, recovery = self._known
        self._sheet = successor_sheet(
            self.desk.view.practice.name,
            self.desk.session.vault.folder,
            who,
            folder,
            recovery,
            self._kept_at.text().strip(),
            self.desk.today(),
        )
        self.preview.set_sheet(self._sheet)

    def _print(self) -> None:
        printer = self._pick_printer(self, "If I leave")
        if printer is not None:
            self._put_out(partial(print_sheet, printer=printer), "Printed.")

    def _save(self) -> None:
        path = self._pick_path(self, "If I leave.pdf")
        if path is not None:
            self._put_out(partial(save_sheet, path=path), f"{path.name} is saved.")

    def _put_out(self, out: Callable[[Sheet], None], said: str) -> None:
        if self._sheet is None:
            return
        self._say("")
        try:
            out(self._sheet)
        except MipsDeskError as error:
            self._say(str(error))
        else:
            self._told.set(said)
