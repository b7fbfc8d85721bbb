"""The cards of Settings, People. Each says what is wanted; the section opens the dialogs."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mips_desk.domain.practice import Role
from mips_desk.services.people import PersonView, RecoveryState
from mips_desk.ui import words
from mips_desk.ui.people.roles import role_word
from mips_desk.ui.theme import SPACE_M, SPACE_S
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.row_list import Row, RowList
from mips_desk.ui.widgets.text import label, rule, secondary


class PeopleCard(Card):
    """Everybody who can open the practice.

    Signals:
        add_requested(): add somebody.
        change_requested(str): change the person with this identifier.
        finish_requested(): encrypt anew after a removal that was interrupted.
    """

    add_requested = Signal()
    change_requested = Signal(str)
    finish_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("People", parent=parent)
        self._add = secondary_button("Add", "plus", self.add_requested.emit)
        self._add.setObjectName("add_person")
        self._add.setAccessibleName("Add a person")
        self.header.addWidget(self._add)
        self._due = Note("", Tone.WARN)
        self._due.setObjectName("rekey_due")
        self._finish = secondary_button("Encrypt anew…", "lock", self.finish_requested.emit)
        self._finish.setObjectName("finish_removal")
        self._due_row = QWidget()
        row = QHBoxLayout(self._due_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_M)
        row.addWidget(self._due, 1)
        row.addWidget(self._finish)
        self._due_row.hide()
        self.body.addWidget(self._due_row)
        self._rows = RowList()
        self._rows.setObjectName("people_rows")
        self._rows.activated.connect(self.change_requested)
        self.body.addWidget(self._rows)
        self._helper = secondary("A manager adds and removes people, and gives a new passphrase to who forgot it.")
        self.body.addWidget(self._helper)

    def show_people(self, people: Sequence[PersonView], *, rekey_due: bool, may: bool) -> None:
        """List the people.

        Args:
            people: in order of entry.
            rekey_due: somebody was removed, and the practice is still to be encrypted anew.
            may: the person may change others.
        """
        self._rows.set_rows([_row(person, may) for person in people])
        self._add.setVisible(may)
        self._helper.setVisible(not may)
        self._due.set("Somebody was removed. The practice has still to be encrypted anew." if rekey_due else "")
        self._due_row.setVisible(rekey_due)
        self._finish.setVisible(may)


def _row(person: PersonView, may: bool) -> Row:
    parts = [role_word(person.role)]
    if person.passphrase_since is not None:
        kind = "passphrase and key file" if person.uses_key_file else "passphrase"
        parts.append(f"{kind} since {words.full_day(person.passphrase_since.date())}")
    if any(computer.here for computer in person.computers):
        parts.append("this computer is trusted")
    elif person.computers:
        parts.append(f"{words.count(len(person.computers), 'trusted computer')}")
    without = person.passphrase_since is None
    chip = "no passphrase" if without else "you" if person.you else ""
    tone = Tone.WARN if without else Tone.ACCENT
    return Row(person.id, person.name, " · ".join(parts), "Change…" if may else "", chip, tone)


class OwnCard(Card):
    """One's own passphrase, key file and trusted computers.

    Signals:
        passphrase_requested(), key_file_requested(): change them.
        trust_requested(bool): let this computer open the practice, or ask for the passphrase again.
        forget_requested(str): stop trusting another computer, by its identifier.
    """

    passphrase_requested = Signal()
    key_file_requested = Signal()
    trust_requested = Signal(bool)
    forget_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("How you open this practice", parent=parent)
        self._here = False
        self._passphrase = _Line("Passphrase", "Change…", "change_own_passphrase")
        self._passphrase.button.clicked.connect(self.passphrase_requested)
        self._file = _Line("Key file", "Use one…", "own_key_file")
        self._file.button.clicked.connect(self.key_file_requested)
        self._computer = _Line("This computer", "Trust it", "trust_computer")
        self._computer.button.clicked.connect(lambda: self.trust_requested.emit(not self._here))
        for place, line in enumerate((self._passphrase, self._file, self._computer)):
            if place:
                self.body.addWidget(rule())
            self.body.addWidget(line)
        self._others = RowList()
        self._others.setObjectName("own_computers")
        self._others.activated.connect(self.forget_requested)
        self.body.addWidget(self._others)

    def show_person(self, person: PersonView, *, read_only: bool) -> None:
        """Show oneself."""
        since = person.passphrase_since
        self._passphrase.say(f"Yours since {words.full_day(since.date())}." if since else "You have none that works.")
        self._file.say(
            "Needed beside your passphrase." if person.uses_key_file else "None. A second lock, for who wants one.",
            "Stop using it…" if person.uses_key_file else "Use one…",
        )
        self._here = any(computer.here for computer in person.computers)
        self._computer.say(
            "Trusted: it opens the practice for you without the passphrase."
            if self._here
            else "Asks for your passphrase. Trust it only if nobody else uses your account on it.",
            "Stop trusting it" if self._here else "Trust it",
        )
        others = [computer for computer in person.computers if not computer.here]
        self._others.set_rows(
            [Row(each.id, each.name, f"trusted since {words.full_day(each.since.date())}", "Forget") for each in others]
        )
        self._others.setVisible(bool(others))
        for line in (self._passphrase, self._file, self._computer):
            line.button.setEnabled(not read_only)


class _Line(QWidget):
    """What it is, how it stands, and a button."""

    def __init__(self, name: str, button: str, key: str) -> None:
        super().__init__()
        self._name = name
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SPACE_S, 0, SPACE_S)
        row.setSpacing(SPACE_M)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(label(name))
        self._told = secondary("")
        column.addWidget(self._told)
        row.addLayout(column, 1)
        self.button: QPushButton = secondary_button(button)
        self.button.setObjectName(key)
        row.addWidget(self.button)

    def say(self, told: str, button: str = "") -> None:
        """Say how it stands, and what the button does now."""
        self._told.setText(told)
        self.button.setText(button or self.button.text())
        self.button.setAccessibleName(f"{self._name}: {self.button.text()}")


class RecoveryCard(Card):
    """The recovery sheet: when it was made and tried.

    Signals:
        make_requested(): make a new one.
        try_requested(): the drill.
    """

    make_requested = Signal()
    try_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Recovery sheet", parent=parent)
        self._chip = Chip("none", Tone.WARN)
        self.header.addWidget(self._chip)
        self._told = secondary("")
        self._told.setObjectName("recovery_told")
        self.body.addWidget(self._told)
        self._advice = Note("", Tone.WARN)
        self._advice.setObjectName("recovery_advice")
        self.body.addWidget(self._advice)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._make = secondary_button("Make it…", "printer", self.make_requested.emit)
        self._make.setObjectName("make_sheet")
        self._try = secondary_button("Try it…", "key-round", self.try_requested.emit)
        self._try.setObjectName("try_sheet")
        row.addWidget(self._make)
        row.addWidget(self._try)
        row.addStretch(1)
        self.body.addLayout(row)

    def show_state(self, state: RecoveryState | None, *, may: bool, read_only: bool) -> None:
        """Show what is known.

        Args:
            state: None: there is no sheet.
            may: the person may make one.
            read_only: nothing can be changed.
        """
        self._try.setVisible(state is not None)
        self._try.setEnabled(not read_only)
        self._make.setVisible(may)
        self._make.setEnabled(not read_only)
        self._make.setText(" Make a new one…" if state else " Make it…")
        self._make.setAccessibleName("Make a new recovery sheet")
        if state is None:
            self._chip.set("none", Tone.WARN)
            self._told.setText("One printed page that opens this practice when a passphrase is forgotten.")
            self._advice.set("There is none yet. If the passphrases are lost, so is the practice.")
            return
        tried = f"tried on {words.full_day(state.tried_at.date())}" if state.tried_at else "never tried so far"
        self._chip.set("tried" if state.tried_at else "not tried", Tone.OK if state.tried_at else Tone.WARN)
        self._told.setText(
            f"Number {state.number}, made on {words.full_day(state.made_at.date())} by {state.made_by}, {tried}."
        )
        self._advice.set(
            state.advice or ("" if state.tried_at else "Type it once, so that you know that it was printed well.")
        )


class LeavingCard(Card):
    """The sheet for the successor.

    Signals:
        sheet_requested(): print it.
    """

    sheet_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("If you leave", parent=parent)
        self.body.addWidget(
            secondary("One page for whoever comes after you: where everything lies, who helps, what to do first.")
        )
        button = secondary_button("Sheet for my successor…", "file-text", self.sheet_requested.emit)
        button.setObjectName("successor_sheet")
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)


def is_manager(person: PersonView | None) -> bool:
    """Tell whether somebody is a manager."""
    return person is not None and person.role is Role.MANAGER
