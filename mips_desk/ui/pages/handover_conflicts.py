"""What two desktops entered differently: both values side by side, one difference after the other."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.domain import phrases
from mips_desk.services.handover import Conflict, Side
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, px
from mips_desk.ui.widgets.buttons import primary_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.text import label, page_title, secondary


class ConflictsDialog(QDialog):
    """Asks for each difference which value shall count.

    Args:
        conflicts: one or more.

    Signals:
        settle_requested(str, int): let a side of a conflict count.
    """

    settle_requested = Signal(str, int)

    def __init__(self, conflicts: Sequence[Conflict], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conflicts_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Settle differences")
        self._conflicts = tuple(conflicts)
        self._place = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L + 4, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        self._title = page_title("")
        self._title.setObjectName("conflict_subject")
        column.addWidget(self._title)
        self._about = secondary("")
        column.addWidget(self._about)
        self._sides = QHBoxLayout()
        self._sides.setSpacing(SPACE_L)
        column.addLayout(self._sides)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S + 2)
        self._skip = secondary_button("Decide later", on_click=self._next)
        self._skip.setObjectName("conflict_later")
        row.addWidget(self._skip)
        row.addStretch(1)
        row.addWidget(secondary_button("Close", on_click=self.accept))
        column.addLayout(row)
        self.setMinimumWidth(px(680))
        self._show()

    def _show(self) -> None:
        conflict = self._conflicts[self._place]
        self._title.setText(conflict.subject)
        of = f"Difference {self._place + 1} of {len(self._conflicts)}. " if len(self._conflicts) > 1 else ""
        self._about.setText(f"{of}Choose what shall count. The other stays in the journal.")
        while (item := self._sides.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for number, side in enumerate(conflict.sides):
            self._sides.addWidget(self._side(conflict, number, side), 1)
        self._skip.setVisible(self._place + 1 < len(self._conflicts))

    def _side(self, conflict: Conflict, number: int, side: Side) -> QWidget:
        card = Card()
        card.setObjectName(f"side_{number}")
        said = label(side.says, wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.body.addWidget(said)
        where = f" on {side.desktop}" if side.desktop else ""
        when = f"{phrases.long_day(side.at.date())}, {side.at:%H:%M}"
        card.body.addWidget(secondary(f"{side.person}{where}, {when}"))
        card.body.addStretch(1)
        text = "Keep this (counts now)" if side.counts else "Use this instead"
        make = primary_button if side.counts else secondary_button
        button = make(text, on_click=lambda: self._choose(conflict, number))
        button.setObjectName(f"choose_side_{number}")
        button.setAccessibleName(f"{text}: {side.says}, {side.person}{where}")
        card.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _choose(self, conflict: Conflict, side: int) -> None:
        self.settle_requested.emit(conflict.id, side)
        self._next()

    def _next(self) -> None:
        if self._place + 1 >= len(self._conflicts):
            self.accept()
            return
        self._place += 1
        self._show()
