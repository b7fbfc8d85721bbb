"""The recovery sheet: what stands on it, and the widget that makes, prints and saves it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.errors import MipsDeskError
from mips_desk.services.changes import Changed, Changes
from mips_desk.services.people import RecoverySheet, make_recovery
from mips_desk.services.session import Session
from mips_desk.ui import words
from mips_desk.ui.jobs import JobContext, Jobs
from mips_desk.ui.messages import UNEXPECTED
from mips_desk.ui.paper import Facts, Key, Sheet, SheetPreview, Words, ask_printer, print_sheet, save_sheet
from mips_desk.ui.save_file import ask_where_to_save
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S
from mips_desk.ui.widgets.buttons import make_secondary, primary_button, secondary_button
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import label, secondary

PickPath = Callable[[QWidget, str], Path | None]
PickPrinter = Callable[[QWidget, str], QPrinter | None]


def pick_path_in_dialog(parent: QWidget, name: str) -> Path | None:
    """Ask where to save a PDF; None when the person thinks better of it."""
    return ask_where_to_save(parent, "Save as PDF", name, "PDF", ".pdf")


def sheet_of(made: RecoverySheet | None, practice: str) -> Sheet:
    """Return the sheet to print.

    Args:
        made: what was made; None: the same sheet with dots in the place of the key, for the preview.
        practice: name of the practice.
    """
    groups = tuple(made.key.split("-")) if made else ("•••••",) * 7
    facts = [("Practice", practice)]
    if made:
        facts.append(("Sheet", f"number {made.number}, vault {made.vault}"))
        facts.append(("Made on", f"{words.full_day(made.made_at.date())} by {made.made_by}"))
        if made.replaces is not None:
            facts.append(("Replaces", f"sheet number {made.replaces}, which opens nothing any more: destroy it"))
    facts.append(("Kept at", ""))
    return Sheet(
        title="Recovery sheet",
        practice=practice,
        lead=(
            "This key opens the practice in MIPS Desk when a passphrase is forgotten. Keep this sheet like the key to"
            " the medicine cabinet: locked up, and known to two people."
        ),
        blocks=(
            Key(groups),
            Words(
                "How to use it",
                steps=(
                    "Open the practice in MIPS Desk and press Forgot the passphrase?",
                    "Type the key above. Capital letters, spaces and hyphens do not matter; O and 0, I, L and 1 are the"
                    " same. A mistyped group is pointed out at once.",
                    "Choose your name and a new passphrase. Then make a new sheet in Settings, People.",
                ),
            ),
            Words(
                "Where to keep it",
                "In a safe or a locked drawer, not beside the computer, and not as a photo on a phone. Whoever has this"
                " sheet and the computer, or a backup, can open the practice.",
            ),
            Words(
                "If this sheet and all passphrases are lost",
                "Then nobody can open the practice any more: not we, not your IT support. There is no back door.",
            ),
            Facts("This sheet", tuple(facts)),
        ),
        foot="MIPS Desk. Try this key once a year: Settings, People, Try it.",
    )


class SheetMaker(QWidget):
    """Makes the sheet when a printer or a file is chosen, so that none exists that nobody has.

    Args:
        session: the open practice.
        jobs: where the vault is changed.
        practice: name of the practice.
        pick_path: asks for the file; tests hand in their own.
        pick_printer: asks for the printer; tests hand in their own.

    Attributes:
        made: the sheet; None before.
        kept: it was printed or saved.

    Signals:
        done(): it was printed or saved.
    """

    done = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        practice: str,
        pick_path: PickPath = pick_path_in_dialog,
        pick_printer: PickPrinter = ask_printer,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.made: RecoverySheet | None = None
        self.kept = False
        self._session, self._jobs, self._practice = session, jobs, practice
        self._pick_path, self._pick_printer = pick_path, pick_printer
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_L)
        self.preview = SheetPreview("Picture of the recovery sheet")
        self.preview.set_sheet(sheet_of(None, practice))
        row.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(SPACE_M)
        column.addWidget(
            label("One page with a key that opens this practice when a passphrase is forgotten.", wrap=True)
        )
        column.addWidget(
            secondary("Without a passphrase and without this sheet nobody can open it, not we and not your IT support.")
        )
        self.print = primary_button("Print…", "printer", self._ask_printer)
        self.print.setObjectName("sheet_print")
        self.save = secondary_button("Save as PDF…", "download", self._ask_path)
        self.save.setObjectName("sheet_save")
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.print)
        buttons.addWidget(self.save)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.told = Note("Better print it: whoever has the file and this computer can open the practice.")
        self.told.setObjectName("sheet_told")
        column.addWidget(self.told)
        column.addStretch(1)
        row.addLayout(column, 1)

    def _ask_printer(self) -> None:
        printer = self._pick_printer(self, "Recovery sheet")
        if printer is not None:
            self._make(
                partial(print_sheet, printer=printer), "Printed. Look whether it came out whole, then lock it up."
            )

    def _ask_path(self) -> None:
        path = self._pick_path(self, f"Recovery sheet {self._practice}.pdf")
        if path is not None:
            self._make(
                partial(save_sheet, path=path),
                f"{path.name} is saved. Print it, then delete the file: whoever has it and this computer can open the"
                " practice.",
                Tone.WARN,
            )

    def _make(self, put_out: Callable[[Sheet], None], said: str, tone: Tone = Tone.OK) -> None:
        def out() -> None:
            try:
                put_out(sheet_of(self.made, self._practice))
            except MipsDeskError as error:
                self.told.set(str(error), Tone.BAD)
                return
            self.told.set(said, tone)
            self.kept = True
            make_secondary(self.print, "printer")
            self.done.emit()

        if self.made is not None:
            out()
            return
        made: list[RecoverySheet] = []

        def work(_: JobContext) -> Changes:
            made.append(make_recovery(self._session))
            return Changes(Changed.PEOPLE, "Make a recovery sheet")

        def ready(_changes: Changes) -> None:
            # The picture keeps its dots: on the screen the key would only be there to be photographed.
            self.made = made[0]
            out()

        self.setEnabled(False)
        self._jobs.write(
            work,
            initiator=self,
            on_success=ready,
            on_failure=lambda error: self.told.set(
                str(error) if isinstance(error, MipsDeskError) else UNEXPECTED, Tone.BAD
            ),
            on_finished=lambda: self.setEnabled(True),
        )
