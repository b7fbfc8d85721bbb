"""Earlier versions of the marks: a list in the place of the side panel, to look at them and to bring one back."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mips_desk.annotate.marks import Mark, Redaction
from mips_desk.ui.theme import SPACE_L, SPACE_S, TextRole, color, px
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.text import card_title, label
from mips_desk.ui.widgets.two_line_list import Line, TwoLineList


@dataclass(frozen=True, slots=True)
class Version:
    """One version.

    Attributes:
        when: when it was stored, in words.
        person: who drew it, or empty.
        marks: all of its marks.
    """

    when: str
    person: str
    marks: tuple[Mark, ...]


class VersionsPanel(QWidget):
    """The list and what can be done.

    Args:
        read_only: nothing can be brought back.
        width: of the panel in logical pixels at 100 %.

    Signals:
        looked_at(object): show this `Version` on the canvas.
        brought_back(object): put this `Version` in the place of the marks.
        left(): back to editing.
    """

    looked_at = Signal(object)
    brought_back = Signal(object)
    left = Signal()

    def __init__(self, *, read_only: bool, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self.setFixedWidth(px(width))
        self._read_only = read_only
        self._versions: tuple[Version, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_S)
        column.addWidget(card_title("Earlier versions"))
        self._hint = label("", TextRole.SECONDARY, wrap=True)
        column.addWidget(self._hint)
        self._list = TwoLineList("Earlier versions of the marks, newest first", "versions")
        self._list.opened.connect(lambda _key: self._bring_back())
        self._list.selectionModel().currentChanged.connect(self._picked)
        column.addWidget(self._list, 1)
        self._bring = secondary_button("Bring back", "history", self._bring_back)
        self._bring.setObjectName("bring_back_version")
        back = secondary_button("Back to editing", "chevron-left", self.left.emit)
        back.setObjectName("leave_versions")
        for button in (self._bring, back):
            column.addWidget(button)

    def set_versions(self, versions: Sequence[Version]) -> None:
        """Show versions, newest first, and look at the newest."""
        self._versions = tuple(versions)
        self._hint.setText(
            "Click one to look at it. Bringing it back changes nothing in the list, and Undo takes it back."
            if versions
            else "There are none yet: these marks are the first."
        )
        self._list.lines.set_lines([Line(str(at), each.when, _below(each)) for at, each in enumerate(versions)])
        self._list.setVisible(bool(versions))
        self._bring.setEnabled(bool(versions) and not self._read_only)
        if versions:
            self._list.setCurrentIndex(self._list.lines.index(0))
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to editing."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: object) -> None:
        """As wide as the panel that it stands for, at every size of text."""
        self.setFixedWidth(px(self._width))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line at the left."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("panel"))
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(self.rect().topLeft(), self.rect().bottomLeft())

    def _picked(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and current.row() < len(self._versions):
            self.looked_at.emit(self._versions[current.row()])

    def _bring_back(self) -> None:
        row = self._list.currentIndex().row()
        if 0 <= row < len(self._versions) and not self._read_only:
            self.brought_back.emit(self._versions[row])


def _below(version: Version) -> str:
    covered = sum(isinstance(mark, Redaction) for mark in version.marks)
    others = len(version.marks) - covered
    counted = f"{covered} covered, {others} other{'' if others == 1 else 's'}"
    return f"{version.person} · {counted}" if version.person else counted
