"""The recovery key as a person types it: in groups, forgiving, and with a word as soon as a group is mistyped."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from mips_desk.services.people import check_recovery_key, wrong_groups
from mips_desk.ui.theme import SPACE_XS, TextRole, font, px
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note

#: Letters and digits of a group, and groups of a key.
GROUP, GROUPS = 5, 7


def in_groups(typed: str) -> str:
    """Return what was typed in capital letters and groups; everything but letters and digits is left out."""
    kept = "".join(char for char in typed.upper() if char.isalnum() and char.isascii())
    return "-".join(kept[place : place + GROUP] for place in range(0, len(kept), GROUP))


class KeyField(QWidget):
    """The field and a line below it.

    Signals:
        edited(bool): something was typed; whether it is a whole key now.
    """

    edited = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.whole = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        self.edit = QPlainTextEdit()
        self.edit.setObjectName("recovery_key")
        self.edit.setAccessibleName("Recovery key")
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText("XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX")
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhUppercaseOnly)
        self.edit.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.edit.setUndoRedoEnabled(False)  # A secret is not kept for taking back.
        self.edit.setFont(font(TextRole.MONO, size=15, weight=QFont.Weight.Medium))
        self.edit.setFixedHeight(px(70))
        self.edit.textChanged.connect(self._typed)
        column.addWidget(self.edit)
        self.told = Note()
        self.told.setObjectName("recovery_key_told")
        column.addWidget(self.told)
        self.setFocusProxy(self.edit)
        self._say("")

    def text(self) -> str:
        """As typed, in groups."""
        return in_groups(self.edit.toPlainText())

    def conceal(self) -> None:
        """Empty the field."""
        self.edit.clear()

    def _typed(self) -> None:
        shown = self.edit.toPlainText()
        wanted = in_groups(shown)
        if wanted != shown:
            cursor = self.edit.textCursor()
            before = len(in_groups(shown[: cursor.position()]).replace("-", ""))
            self.edit.blockSignals(True)
            self.edit.setPlainText(wanted)
            self.edit.blockSignals(False)
            # Behind as many letters as before; behind the hyphen when a group was just filled and more follows.
            cursor.setPosition(min(len(wanted), before + max(0, before - 1) // GROUP))
            self.edit.setTextCursor(cursor)
        self._say(wanted)
        self.edited.emit(self.whole)

    def _say(self, key: str) -> None:
        typed = len(key.replace("-", ""))
        wrong, done = wrong_groups(key), typed // GROUP
        trouble = check_recovery_key(key) if key else "Not typed yet."
        self.whole = trouble is None
        if not key:
            self.told.set("Type it from the sheet. Capital letters, spaces and hyphens do not matter.", Tone.NEUTRAL)
        elif wrong:
            named = " and ".join(filter(None, (", ".join(map(str, wrong[:-1])), str(wrong[-1]))))
            one = len(wrong) == 1
            self.told.set(
                f"Group{'' if one else 's'} {named} {'does' if one else 'do'} not look right. Compare with the sheet.",
                Tone.BAD,
            )
        elif trouble is None:
            self.told.set("Every group is right.", Tone.OK)
        elif typed > GROUP * GROUPS:
            self.told.set(f"That is too long. A key has {GROUPS} groups.", Tone.BAD)
        else:
            self.told.set(f"{done} of {GROUPS} groups, all right so far." if done else "Go on.", Tone.NEUTRAL)
