"""Asks for the passphrase of an encrypted audit package, so that it can be checked inside too."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from mips_desk.services.verifying import Verdict
from mips_desk.ui.binder_drop import answer, check_file
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.people.dialog import PeopleDialog
from mips_desk.ui.start.unlock import PassphraseField
from mips_desk.ui.widgets.buttons import primary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.note import Note


class OpenPackageDialog(PeopleDialog):
    """Says what is known without the passphrase, asks for it, and checks with it; it is not kept.

    Args:
        desk: the open practice.
        path: the package.
        known: what was found without its passphrase.
        parent: the page.

    Attributes:
        verdict: what is known; of the contents too once the dialog was accepted.
    """

    def __init__(self, desk: Desk, path: Path, known: Verdict, parent: QWidget) -> None:
        super().__init__(
            desk,
            "open_package",
            "This package is encrypted",
            "So far its bytes were checked, and nothing inside. With its passphrase every file in it is checked too,"
            " each against the signed list. The passphrase is used for this and not kept.",
            parent,
        )
        self.verdict = known
        self._path = path
        said = answer(known)
        self.body.addWidget(Note(said.text, said.tone))
        self._passphrase = PassphraseField()
        self._passphrase.setObjectName("package_opening_passphrase")
        self.body.addWidget(field(f"Passphrase of “{path.name}”", self._passphrase))
        self.body.addStretch(1)
        look = primary_button("Check inside", on_click=self._look)
        look.setObjectName("open_package_done")
        look.setDefault(True)
        self.put_buttons(look, cancel="Without it")

    def _look(self) -> None:
        passphrase = self._passphrase.text()
        if not passphrase:
            self._say("Type the passphrase of the package first.")
            return

        def check(context: JobContext) -> Verdict:
            return check_file(self.desk, self._path, context, passphrase)

        def known(verdict: Verdict) -> None:
            self.verdict = verdict
            self._passphrase.conceal()
            self.accept()

        self._say("")
        self._set_busy(True)
        self._job = job = self.desk.jobs.work(
            check,
            title="Checking the file",
            initiator=self,
            on_success=known,
            on_failure=self._fail,
            on_finished=self._ended,
        )
        self.progress.watch(job)
