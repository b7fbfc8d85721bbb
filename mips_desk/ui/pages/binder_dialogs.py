"""What is asked before an export: why the full edition, which certificate, which service, which passphrase."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from mips_desk.binder.signature import Identity
from mips_desk.errors import BadInputError
from mips_desk.services import packaging, signing
from mips_desk.ui.desk import Desk
from mips_desk.ui.people.dialog import PeopleDialog
from mips_desk.ui.people.new_passphrase import NewPassphrase
from mips_desk.ui.start.unlock import PassphraseField
from mips_desk.ui.theme import SPACE_S, TextRole, px
from mips_desk.ui.widgets.buttons import danger_button, primary_button, secondary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import ElidedLabel, set_tone

from .binder_part import Outside


class FullEditionDialog(PeopleDialog):
    """Says what the full edition is, and asks why it is made.

    Args:
        desk: the open practice.
        parent: the page.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(
            desk,
            "full_edition",
            "Use the full edition?",
            "It shows every picture without its redactions, also pictures that nobody redacted yet. What was cut away"
            " stays away.",
            parent,
        )
        self.body.addWidget(
            Note(
                "Whoever gets the file can read names and other identifiers of patients. Use it only when the auditor"
                " asked for uncovered pictures.",
                Tone.BAD,
            )
        )
        self._reason = QPlainTextEdit()
        self._reason.setObjectName("full_reason")
        self._reason.setTabChangesFocus(True)
        self._reason.setFixedHeight(px(64))
        self._reason.textChanged.connect(self._judge)
        self.body.addWidget(
            field("Why", self._reason, "Printed on the cover and kept in the journal, so write no patient's name.")
        )
        self.body.addStretch(1)
        self._yes = danger_button("Use the full edition", on_click=self.accept)
        self._yes.setObjectName("full_edition_done")
        self.put_buttons(self._yes, cancel="Keep it redacted")
        self._judge()

    @property
    def reason(self) -> str:
        """Why, as typed."""
        return " ".join(self._reason.toPlainText().split())

    def _judge(self) -> None:
        self._yes.setEnabled(bool(self.reason))


class CertificateFileDialog(PeopleDialog):
    """Asks for a person's certificate file and its passphrase, and opens it; neither is kept.

    Args:
        desk: the open practice.
        outside: the system's dialogs.
        parent: the page.

    Attributes:
        identity: what signs; there once the dialog was accepted.
    """

    def __init__(self, desk: Desk, outside: Outside, parent: QWidget) -> None:
        super().__init__(
            desk,
            "certificate_file",
            "Sign with your certificate",
            "The file (its name mostly ends in .p12 or .pfx) and its passphrase are used for this one export. Neither"
            " is kept.",
            parent,
        )
        self.identity: Identity | None = None
        self._outside = outside
        self._path: Path | None = None
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._name = ElidedLabel("", TextRole.TEXT, Qt.TextElideMode.ElideMiddle)
        self._name.setText("No file chosen yet")
        set_tone(self._name, "ink3")
        choose = secondary_button("Choose…", "file-badge", self._choose)
        choose.setObjectName("choose_certificate")
        choose.setAccessibleName("Choose your certificate file")
        row.addWidget(self._name, 1)
        row.addWidget(choose)
        self.body.addLayout(row)
        self._passphrase = PassphraseField()
        self._passphrase.setObjectName("certificate_passphrase")
        self.body.addWidget(field("Passphrase of the file", self._passphrase))
        self.body.addStretch(1)
        sign = primary_button("Sign with it", on_click=self._open)
        sign.setObjectName("certificate_file_done")
        sign.setDefault(True)
        self.put_buttons(sign)

    def _choose(self) -> None:
        kinds = "Certificate (*.p12 *.pfx);;All files (*)"
        path = self._outside.choose(self, "Choose your certificate file", kinds)
        if path is not None:
            self._path = path
            self._name.setText(path.name)
            set_tone(self._name, "")
            self._passphrase.setFocus()

    def _open(self) -> None:
        path, passphrase = self._path, self._passphrase.text()

        def known(identity: Identity) -> None:
            self.identity = identity
            self._passphrase.conceal()
            self.accept()

        if path is None:
            self.check(self._refuse)
            return
        self._set_busy(True)
        self.desk.jobs.work(
            lambda _: signing.identity_from_file(path, passphrase),
            initiator=self,
            on_success=known,
            on_failure=self._fail,
            on_finished=self._ended,
        )

    @staticmethod
    def _refuse() -> None:
        raise BadInputError("Choose the file with your certificate first.")


class TimeStampDialog(PeopleDialog):
    """Says what a time stamp is and what is sent for it, and asks for the address of the service.

    Args:
        desk: the open practice.
        address: the one that was used last; may be empty.
        parent: the page.
    """

    def __init__(self, desk: Desk, address: str, parent: QWidget) -> None:
        super().__init__(
            desk,
            "time_stamp_dialog",
            "Ask for a time stamp?",
            "A time-stamping service confirms the day and time at which the file was signed. It is the only thing for"
            " which MIPS Desk uses a network, and it does so only while you have this on.",
            parent,
        )
        self.body.addWidget(
            Note(
                "A hash of the file and nothing else is sent to the service that you name here: 32 bytes that tell"
                " nothing of what is in the file. No page, no picture and no name leaves this computer."
            )
        )
        self.body.addWidget(
            Note("When the service does not answer, the file is written all the same, without one, and you are told.")
        )
        self._address = QLineEdit(address)
        self._address.setObjectName("time_stamp_address")
        self._address.setPlaceholderText("https://")
        self.body.addWidget(
            field(
                "Address of the service",
                self._address,
                "Ask who issued your certificate, or who looks after your computers. Kept on this computer.",
            )
        )
        self.body.addStretch(1)
        use = primary_button("Use this service", on_click=self._use)
        use.setObjectName("time_stamp_done")
        use.setDefault(True)
        self.put_buttons(use, cancel="No time stamp")

    @property
    def address(self) -> str:
        """As typed."""
        return self._address.text().strip()

    def _use(self) -> None:
        if self.check(lambda: signing.stamper(self.address)):
            self.accept()


class PackagePassphraseDialog(PeopleDialog):
    """Asks for the passphrase of an encrypted package.

    Args:
        desk: the open practice.
        parent: the page.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(
            desk,
            "package_passphrase",
            "Encrypt the audit package",
            "The receiver needs this passphrase to open it. Give it another way than the file, for example by"
            " telephone. It is kept nowhere: write it down.",
            parent,
        )
        self._new = NewPassphrase("Passphrase of the package")
        self.body.addWidget(self._new)
        self.body.addStretch(1)
        use = primary_button("Encrypt with it", on_click=self._use)
        use.setObjectName("package_passphrase_done")
        use.setDefault(True)
        self.put_buttons(use)

    @property
    def passphrase(self) -> str:
        """As typed."""
        return self._new.text()

    def _use(self) -> None:
        if self.check(self._new.check) and self.check(lambda: packaging.refuse_weak(self.passphrase)):
            self.accept()
