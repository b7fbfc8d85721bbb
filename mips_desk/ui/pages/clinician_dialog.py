"""One clinician: name, NPI with its check digit, credential, role, when in the practice."""

import dataclasses
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from mips_desk.domain.practice import Clinician, npi_is_valid
from mips_desk.errors import MipsDeskError
from mips_desk.services import setup
from mips_desk.ui import words
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, px
from mips_desk.ui.widgets.buttons import danger_button, primary_button, secondary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.choice_box import OptionalDay
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import page_title, secondary

NEW = Clinician("", "")


class ClinicianDialog(QDialog):
    """Adds or changes a clinician.

    Attributes:
        removed: the person asked to take the clinician off the list.
    """

    def __init__(self, clinician: Clinician = NEW, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clinician_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._before = clinician
        self.removed = False
        new = not clinician.id
        title = "Add a clinician" if new else "Change a clinician"
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L + 4, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(page_title(title))
        self._name = _line("clinician_name", clinician.name)
        self._credential = _line("clinician_credential", clinician.credential, "MD")
        self._npi = _line("clinician_npi", clinician.npi, "Ten digits")
        self._role = _line("clinician_role", clinician.role, "Physician owner")
        first = QHBoxLayout()
        first.setSpacing(SPACE_M)
        first.addWidget(field("Name", self._name), 3)
        first.addWidget(field("Credential", self._credential), 1)
        column.addLayout(first)
        second = QHBoxLayout()
        second.setSpacing(SPACE_M)
        second.addWidget(field("NPI", self._npi), 1)
        second.addWidget(field("Role (optional)", self._role), 1)
        column.addLayout(second)
        self._told = Note("The check digit of the NPI is checked as you type.")
        self._told.setObjectName("clinician_told")
        column.addWidget(self._told)
        self._joined = OptionalDay("Joined the practice on", clinician.joined)
        self._left = OptionalDay("Left the practice on", clinician.left)
        column.addWidget(self._joined)
        column.addWidget(self._left)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S + 2)
        if not new:
            remove = danger_button("Remove", "trash-2", self._remove)
            remove.setObjectName("remove_clinician")
            row.addWidget(remove)
        row.addStretch(1)
        row.addWidget(secondary_button("Cancel", on_click=self.reject))
        done = primary_button("Add clinician" if new else "Change clinician", on_click=self._try)
        done.setObjectName("clinician_done")
        done.setDefault(True)
        row.addWidget(done)
        column.addLayout(row)
        self._npi.textChanged.connect(self._judge)
        self._judge(clinician.npi)
        self.setMinimumWidth(px(480))

    @property
    def fields(self) -> Mapping[str, QLineEdit | OptionalDay]:
        """What is entered, by the names of `Clinician`."""
        return {
            "name": self._name,
            "credential": self._credential,
            "npi": self._npi,
            "role": self._role,
            "joined": self._joined,
            "left": self._left,
        }

    def clinician(self) -> Clinician:
        """The clinician as typed."""
        return dataclasses.replace(
            self._before,
            name=self._name.text().strip(),
            npi=self._npi.text().strip().replace(" ", ""),
            credential=self._credential.text().strip(),
            role=self._role.text().strip(),
            joined=self._joined.day,
            left=self._left.day,
        )

    def _judge(self, typed: str) -> None:
        digits = typed.strip().replace(" ", "")
        if not digits:
            self._told.set("Without an NPI the binder says “NPI not entered”. It can be added later.", Tone.NEUTRAL)
        elif npi_is_valid(digits):
            self._told.set("This NPI is correct.", Tone.OK)
        elif len(digits) < 10:
            self._told.set(f"{words.count(10 - len(digits), 'digit')} to go.", Tone.NEUTRAL)
        else:
            self._told.set("This is not an NPI: the check digit is wrong. Look for a swapped digit.", Tone.BAD)

    def _try(self) -> None:
        try:
            setup.check_clinician(self.clinician())
        except MipsDeskError as error:
            self._told.set(str(error), Tone.BAD)
            (self._name if not self._name.text().strip() else self._npi).setFocus()
            return
        self.accept()

    def _remove(self) -> None:
        self.removed = True
        self.accept()


class PasteDialog(QDialog):
    """Adds clinicians pasted from a spreadsheet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paste_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Paste clinicians")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L + 4, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(page_title("Paste clinicians"))
        column.addWidget(secondary("One a line: name, NPI, credential, in any order of columns."))
        self._text = QPlainTextEdit()
        self._text.setObjectName("pasted")
        self._text.setAccessibleName("Clinicians")
        self._text.setTabChangesFocus(True)
        self._text.textChanged.connect(self._judge)
        column.addWidget(self._text, 1)
        self._told = Note(" ")
        self._told.setObjectName("paste_told")
        column.addWidget(self._told)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S + 2)
        row.addStretch(1)
        row.addWidget(secondary_button("Cancel", on_click=self.reject))
        self._done = primary_button("Add clinicians", on_click=self.accept)
        self._done.setObjectName("paste_done")
        row.addWidget(self._done)
        column.addLayout(row)
        self.found: tuple[Clinician, ...] = ()
        self._judge()
        self.resize(px(520), px(380))

    @property
    def fields(self) -> Mapping[str, QPlainTextEdit]:
        """What is entered."""
        return {"text": self._text}

    def _judge(self) -> None:
        self.found = ()
        try:
            if self._text.toPlainText().strip():
                self.found = setup.read_clinicians(self._text.toPlainText())
                self._told.set(f"{words.count(len(self.found), 'clinician')} found.", Tone.OK)
            else:
                self._told.set("The check digit of each NPI is checked.", Tone.NEUTRAL)
        except MipsDeskError as error:
            self._told.set(str(error), Tone.WARN)
        self._done.setEnabled(bool(self.found))


def _line(key: str, text: str, example: str = "") -> QLineEdit:
    made = QLineEdit(text)
    made.setObjectName(key)
    made.setPlaceholderText(example)
    return made
