"""A new passphrase, typed twice, with how strong it is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mips_desk.errors import BadInputError
from mips_desk.ui.start.passphrase import strength
from mips_desk.ui.start.unlock import PassphraseField
from mips_desk.ui.theme import SPACE_M, SPACE_XS, TextRole
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.progress import StepProgress
from mips_desk.ui.widgets.text import label, set_tone


class NewPassphrase(QWidget):
    """Two fields and a bar.

    Args:
        name: words above the first field.

    Attributes:
        one: the first field.

    Signals:
        edited(): something was typed.
    """

    edited = Signal()

    def __init__(self, name: str = "Passphrase", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        self.one = self._line("new_passphrase")
        self.one.textChanged.connect(lambda _text: self._rate())
        self.two = self._line("repeat_passphrase")
        self._bar = StepProgress("Strength", 0, 4)
        self._told = label("", TextRole.SECONDARY, wrap=True)
        self._told.setObjectName("strength")
        rated = QVBoxLayout()
        rated.setSpacing(SPACE_XS)
        rated.addWidget(self._bar)
        rated.addWidget(self._told)
        column.addWidget(field(name, self.one))
        column.addLayout(rated)
        column.addWidget(field("The same again", self.two))
        self.setFocusProxy(self.one)
        self._rate()

    def text(self) -> str:
        """As typed."""
        return self.one.text()

    def check(self) -> None:
        """Check that it is long enough and typed twice the same; the keyboard goes to what is wrong.

        Raises:
            BadInputError: one sentence on what to correct.
        """
        rated = strength(self.one.text())
        if not rated.accepted:
            self.one.setFocus()
            raise BadInputError(f"The passphrase is too short. {rated.advice}")
        if self.one.text() != self.two.text():
            self.two.setFocus()
            self.two.selectAll()  # Ready to be typed over.
            raise BadInputError("The two passphrases differ. Type the second one again.")

    def conceal(self) -> None:
        """Empty both fields."""
        self.one.conceal()
        self.two.conceal()

    def _line(self, key: str) -> PassphraseField:
        line = PassphraseField()
        line.setObjectName(key)
        line.textChanged.connect(lambda _text: self.edited.emit())
        return line

    def _rate(self) -> None:
        rated = strength(self.one.text())
        self._bar.set_steps(rated.steps, 4)
        self._told.setText(". ".join(part for part in (rated.word, rated.advice) if part))
        set_tone(self._told, rated.tone.ink if rated.word else "ink3")
