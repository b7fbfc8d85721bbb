"""The signing screen: the practice's own certificate, and what a signature says and does not say."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mips_desk.services import signing
from mips_desk.services.changes import Changes
from mips_desk.services.signing import Certificate
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.pages.records_years import is_manager, managers_hint
from mips_desk.ui.people.dialog import PeopleDialog
from mips_desk.ui.theme import SPACE_S, px
from mips_desk.ui.widgets.buttons import primary_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import mono, secondary, strong
from mips_desk.ui.words import full_day

from .binder_part import Outside


class SigningDialog(PeopleDialog):
    """Shows the practice's certificate, makes one, and saves its public half for receivers.

    Args:
        desk: the open practice.
        outside: the system's dialogs.
        parent: the page.

    Attributes:
        certificate: the practice's, or None while there is none or it is not known yet.
    """

    def __init__(self, desk: Desk, outside: Outside, parent: QWidget) -> None:
        super().__init__(
            desk,
            "signing_dialog",
            "Signing",
            "A signature shows that a file was not changed since it was signed with this certificate. It is not a legal"
            " signature of a person; sign on paper where the binder has a line for it.",
            parent,
        )
        self.certificate: Certificate | None = None
        self._outside = outside
        card = Card("Practice certificate")
        self._what = secondary("")
        self._what.setObjectName("certificate_state")
        self._name = strong("")
        self._print = mono("")
        self._print.setObjectName("certificate_fingerprint")
        self._print.setWordWrap(True)
        for widget in (self._name, self._what, self._print):
            card.body.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._make = primary_button("Make a certificate", "badge-check", self._make_one)
        self._make.setObjectName("make_certificate")
        self._save = secondary_button("Save it for receivers…", "download", self._save_one)
        self._save.setObjectName("save_certificate")
        row.addWidget(self._make)
        row.addWidget(self._save)
        row.addStretch(1)
        card.body.addLayout(row)
        self._told = Note("")
        self._told.setObjectName("certificate_told")
        card.body.addWidget(self._told)
        if not is_manager(desk):
            card.body.addWidget(managers_hint(desk, "make a certificate"))
        self.body.addWidget(card)
        other = Card("Your own certificate")
        other.body.addWidget(
            secondary(
                "If you have a certificate from an issuer, as a .p12 or .pfx file, choose “My certificate file” under"
                " Signature. It is asked for at each export and not kept."
            )
        )
        self.body.addWidget(other)
        self.body.addStretch(1)
        self.put_buttons(cancel="Close")
        self.setMinimumWidth(px(540))
        self._fill(None)
        self._what.setText("Looking for the certificate")
        self._make.setEnabled(False)
        self._read()

    def _read(self) -> None:
        session = self.desk.session
        self.desk.jobs.work(
            lambda _: signing.practice_certificate(session),
            initiator=self,
            on_success=self._show,
            on_failure=self._fail,
        )

    def _show(self, found: Certificate | None) -> None:
        self._fill(found)
        # Once the layout knows what came and went.
        QTimer.singleShot(0, self, self._fit)

    def _fill(self, found: Certificate | None) -> None:
        self.certificate = found
        self._name.setText(found.name if found is not None else "")
        self._name.setVisible(found is not None)
        self._print.setVisible(found is not None)
        self._save.setVisible(found is not None)
        self._make.setVisible(found is None)
        self._make.setEnabled(is_manager(self.desk) and not self.desk.read_only)
        if found is None:
            self._what.setText(
                "There is none yet. It is made once, here, and stays in this practice; its key never leaves it."
            )
            return
        self._what.setText(
            f"Made {full_day(found.made_at.date())} by {found.made_by}, valid until {full_day(found.until.date())}."
            " Tell the receiver this fingerprint another way than the file:"
        )
        self._print.setText(spaced(found.fingerprint))

    def _make_one(self) -> None:
        session = self.desk.session

        def make(_: JobContext) -> Changes:
            return signing.make_practice_certificate(session)

        self._make.setEnabled(False)
        self._say("")
        self.desk.jobs.write(make, initiator=self, on_success=lambda _changes: self._read(), on_failure=self._fail)

    def _save_one(self) -> None:
        out = self._outside.save(self, "Save the certificate", "Practice certificate.pem", "Certificate", ".pem")
        if out is None:
            return
        session = self.desk.session
        self.desk.jobs.work(
            lambda _: signing.export_certificate(session, out),
            initiator=self,
            on_success=lambda _done: self._told.set(f"“{out.name}” is written. It holds no key.", Tone.OK),
            on_failure=self._fail,
        )


def spaced(fingerprint: str) -> str:
    """Return a fingerprint in groups of four, as it is read aloud."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4)).upper()
