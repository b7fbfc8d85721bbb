"""Welcome: the ways in."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.ui.icons import paint_icon
from mips_desk.ui.recent import practice_name
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, TextRole, px
from mips_desk.ui.widgets.buttons import icon_button
from mips_desk.ui.widgets.card import CardButton
from mips_desk.ui.widgets.text import ElidedLabel, label, page_title


class ChoiceCard(CardButton):
    """One way to go on: an icon, what it is, and one line on what happens."""

    def __init__(self, icon: str, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._icon = icon
        self.setAccessibleDescription(text)
        row = QHBoxLayout()
        row.addSpacing(px(34))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(ElidedLabel(title, TextRole.CARD_TITLE))
        self.detail = ElidedLabel(text, TextRole.SECONDARY, Qt.TextElideMode.ElideMiddle)
        words.addWidget(self.detail)
        row.addLayout(words, 1)
        self.row = row
        self.body.addLayout(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card and its icon."""
        super().paintEvent(event)
        side = px(22)
        paint_icon(QPainter(self), self._icon, "accent", QRectF(px(18), (self.height() - side) / 2, side, side))


class WelcomePage(QWidget):
    """The practices opened before, and how to start.

    Signals:
        start_requested(): set up a new practice.
        open_requested(): choose a practice on the disk.
        restore_requested(): restore a backup.
        sample_requested(): look at the sample practice.
        recent_requested(Path): open a practice opened before.
        forget_requested(Path): take one off the list.
    """

    start_requested = Signal()
    open_requested = Signal()
    restore_requested = Signal()
    sample_requested = Signal()
    recent_requested = Signal(object)
    forget_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(page_title("Welcome"))
        column.addWidget(label("How do you want to begin?", TextRole.TEXT, tone="ink2"))
        column.addSpacing(SPACE_S)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(SPACE_M)
        column.addLayout(self._recent)
        self._start = ChoiceCard("plus", "Start a practice", "Five short pages, under three minutes.")
        self._start.setObjectName("start_practice")
        self._start.clicked.connect(self.start_requested)
        opening = ChoiceCard("folder-open", "Open a practice", "A folder that ends in .mipsvault.")
        opening.setObjectName("open_practice")
        opening.clicked.connect(self.open_requested)
        restoring = ChoiceCard("history", "Restore a backup", "A file that ends in .mipsbackup.")
        restoring.setObjectName("restore_backup")
        restoring.clicked.connect(self.restore_requested)
        sample = ChoiceCard("eye", "Look at a sample practice", "Synthetic people and a synthetic portal.")
        sample.setObjectName("open_sample")
        sample.clicked.connect(self.sample_requested)
        for card in (self._start, opening, restoring, sample):
            column.addWidget(card)
        column.addSpacing(SPACE_XL)

    def set_recent(self, folders: Sequence[Path]) -> None:
        """List the practices opened before, newest first."""
        while (item := self._recent.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for folder in folders:
            card = ChoiceCard("hospital", practice_name(folder), str(folder.parent))
            card.setObjectName("recent_practice")
            card.clicked.connect(partial(self._choose, folder))
            remove = icon_button(f"Take {practice_name(folder)} off this list", "x", partial(self._forget, folder))
            card.row.addSpacing(SPACE_L)
            card.row.addWidget(remove)
            self._recent.addWidget(card)
            # At once and not with the next event, so that it can take the keyboard.
            card.setVisible(True)

    def take_focus(self) -> None:
        """Put the keyboard on the first way in."""
        first = self._recent.itemAt(0)
        widget = first.widget() if first is not None else self._start
        (widget or self._start).setFocus()

    def _choose(self, folder: Path) -> None:
        self.recent_requested.emit(folder)

    def _forget(self, folder: Path) -> None:
        self.forget_requested.emit(folder)
