"""What the sections of Settings have in common, and the quiet list at the left that switches between them."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from mips_desk.services.changes import Changes
from mips_desk.services.drafts import Draft
from mips_desk.services.overview import YearView
from mips_desk.ui.desk import Desk
from mips_desk.ui.theme import SPACE_L, SPACE_XS, px
from mips_desk.ui.widgets.choice_box import ChoiceBox
from mips_desk.ui.widgets.line_button import LineButton

#: Below this width of a section, in logical pixels at 100 %, its cards stand in one column.
ONE_COLUMN_BELOW = 700


class Part(StrEnum):
    """A section of Settings; the value names it in links (`Desk.open_room(Room.SETTINGS, part=...)`)."""

    PRACTICE = "practice"
    PEOPLE = "people"
    SAFETY = "safety"
    RECORDS = "records"
    OFFICIAL = "official"
    APPEARANCE = "appearance"

    @property
    def label(self) -> str:
        """The name in the list."""
        return _PARTS[self][0]

    @property
    def icon(self) -> str:
        """The icon in the list, see `icons.icon`."""
        return _PARTS[self][1]

    @property
    def told(self) -> str:
        """One sentence on what the section is for; stands below the title of the page."""
        return _PARTS[self][2]


_KEPT = "Everything is kept as soon as you enter it. Undo takes it back."
_PARTS = {
    Part.PRACTICE: ("Practice", "hospital", _KEPT),
    Part.PEOPLE: ("People", "users", "Who can open this practice, and how it opens when a passphrase is lost."),
    Part.SAFETY: ("Safety", "shield-check", "How this practice is locked, copied and checked."),
    Part.RECORDS: ("Records", "archive", "Performance years, and the record of what was done."),
    Part.OFFICIAL: ("CMS list", "book-open-check", "CMS's own words, from CMS's own file."),
    Part.APPEARANCE: ("Appearance", "sun-moon", "How MIPS Desk looks on this computer."),
}


class Section(QWidget):
    """One section: a few cards in two columns, or in one where there is no room.

    A section builds its cards in its constructor, hands them to `put`, and fills them in `refresh`, which is called
    before the section is shown and, while it is shown, each time the desk has read the year again.

    Args:
        desk: the open practice.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(SPACE_L)

    @property
    def view(self) -> YearView:
        """The newest view of the year."""
        return self.desk.view

    def put(self, *columns: Sequence[QWidget]) -> None:
        """Put the cards into the section, column by column."""
        for cards in columns:
            column = QVBoxLayout()
            column.setSpacing(SPACE_L)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            self._columns.addLayout(column, 1)

    def change(self, act: Callable[[], Changes], on_success: Callable[[Changes], object] | None = None) -> None:
        """Run a command of a service, see `Desk.change`."""
        self.desk.change(act, self, on_success)

    def refresh(self) -> None:
        """Show the newest state; called only while the section is shown or about to be."""

    def resume(self, draft: Draft) -> None:
        """Open the dialog in which a draft was typed; does nothing by itself."""

    def arrange(self, width: int) -> None:
        """Stack or spread the cards for a width in logical pixels."""
        columns = [item for place in range(self._columns.count()) if (item := self._columns.itemAt(place)) is not None]
        least = sum(item.minimumSize().width() for item in columns) + SPACE_L * (len(columns) - 1)
        narrow = width < max(px(ONE_COLUMN_BELOW), least)
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)


class SectionList(QWidget):
    """The sections, one below the other; Tab stops once, the arrow keys go on. A box to choose from where it is narrow.

    Signals:
        chosen(Part): another section.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings_sections")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        self._buttons: dict[Part, LineButton] = {}
        self._box = ChoiceBox()
        self._box.setObjectName("settings_section_box")
        self._box.setAccessibleName("Section of Settings")
        self._box.activated.connect(lambda place: self.chosen.emit(Part(self._box.itemData(place))))
        column.addWidget(self._box)
        for part in Part:
            button = LineButton(part.icon, "ink2", part.label)
            button.setObjectName(f"section_{part}")
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.toggled.connect(lambda on, part=part: self.chosen.emit(part) if on else None)
            column.addWidget(button)
            self._buttons[part] = button
            self._box.addItem(part.label, part)
        self._box.hide()

    def set_part(self, part: Part) -> None:
        """Mark the section that is shown; tells nobody."""
        button = self._buttons[part]
        button.blockSignals(True)
        button.setChecked(True)
        button.blockSignals(False)
        if any(other.hasFocus() for other in self._buttons.values()):
            button.setFocus()
        self._box.setCurrentIndex(list(Part).index(part))

    def set_narrow(self, narrow: bool) -> None:
        """Show a box to choose from instead of the list."""
        self._box.setVisible(narrow)
        for button in self._buttons.values():
            button.setVisible(not narrow)
        self.setFixedWidth(px(176)) if not narrow else self.setMaximumWidth(16_777_215)
