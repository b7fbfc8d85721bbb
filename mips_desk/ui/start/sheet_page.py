"""After the first run: the recovery sheet, before the practice is shown."""

from PySide6.QtCore import Signal

from mips_desk.services.session import Session
from mips_desk.ui.jobs import Jobs
from mips_desk.ui.paper import ask_printer
from mips_desk.ui.recovery_sheet import PickPath, PickPrinter, SheetMaker, pick_path_in_dialog
from mips_desk.ui.widgets.buttons import make_primary, secondary_button
from mips_desk.ui.widgets.text import hint

from .start_page import StartPage


class SheetPage(StartPage):
    """Prints the sheet, or leaves it for later.

    Args:
        session: the practice that was just made.
        jobs: where the vault is changed.
        practice: its name.
        pick_path: asks for a file; tests hand in their own.
        pick_printer: asks for a printer; tests hand in their own.

    Signals:
        finished(): on to the practice.
    """

    finished = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        practice: str,
        pick_path: PickPath = pick_path_in_dialog,
        pick_printer: PickPrinter = ask_printer,
    ) -> None:
        super().__init__(
            "recovery_sheet",
            "One sheet for the safe",
            f"{practice} is set up. Print its recovery sheet and lock it up.",
        )
        self.maker = SheetMaker(session, jobs, practice, pick_path, pick_printer)
        self.maker.done.connect(self._made)
        self.card.body.addWidget(self.maker)
        self._later = secondary_button("Later", on_click=self.finished.emit)
        self._later.setObjectName("sheet_later")
        self._later.setAccessibleDescription("Home reminds you until there is a sheet.")
        self._reminder = hint("Home reminds you until there is a sheet.")
        self._safe = secondary_button("I have put it in a safe place", "check", self.finished.emit)
        self._safe.setObjectName("sheet_safe")
        self._safe.setEnabled(False)
        self.buttons.addWidget(self._later)
        self.buttons.addWidget(self._reminder, 1)
        self.buttons.addWidget(self._safe)
        self.first = self.maker.print

    def set_busy(self, busy: bool) -> None:
        """Nothing to press while work is under way; and no safe place for a sheet that is not there."""
        super().set_busy(busy)
        self._safe.setEnabled(not busy and self.maker.kept)

    def _made(self) -> None:
        self._later.hide()
        self._reminder.setText("")
        self._safe.setEnabled(True)
        make_primary(self._safe)
        self._safe.setFocus()
