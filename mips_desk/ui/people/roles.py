"""The three roles in words, and the buttons to choose one."""

from PySide6.QtWidgets import QRadioButton, QVBoxLayout, QWidget

from mips_desk.domain.practice import Role
from mips_desk.ui.theme import SPACE_S, TextRole, px
from mips_desk.ui.widgets.text import label

ROLES = {
    Role.MANAGER: ("Manager", "Does everything: people, settings, closing a year, hand-over files."),
    Role.HELPER: ("Helper", "Collects proof, logs dates, makes binders. Changes no people and closes no year."),
    Role.READER: ("Reader", "Looks at everything and makes binders. Changes nothing."),
}


def role_word(role: Role) -> str:
    """Return the role in one word."""
    return ROLES[role][0]


class RoleChoice(QWidget):
    """One button for each role, with one line on what it may do.

    Args:
        role: chosen at first.
        fixed: why it cannot be changed; empty when it can.
    """

    def __init__(self, role: Role, fixed: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        self._buttons: dict[Role, QRadioButton] = {}
        for each, (word, told) in ROLES.items():
            button = QRadioButton(word)
            button.setObjectName(f"role_{each}")
            button.setAccessibleDescription(fixed or told)
            button.setChecked(each is role)
            button.setEnabled(not fixed)
            column.addWidget(button)
            below = label(told, TextRole.HINT, wrap=True)
            below.setContentsMargins(px(28), 0, 0, SPACE_S)
            column.addWidget(below)
            self._buttons[each] = button
        if fixed:
            column.addWidget(label(fixed, TextRole.HINT, wrap=True))

    def role(self) -> Role:
        """The role that is chosen."""
        return next(role for role, button in self._buttons.items() if button.isChecked())
