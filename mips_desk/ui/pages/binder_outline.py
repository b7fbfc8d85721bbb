"""The left pane of the Binder room: the parts of the binder, each with its state."""

import re

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from mips_desk.binder.outline import Outline, Part, State
from mips_desk.ui.icons import icon
from mips_desk.ui.theme import px
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.empty_state import Skeleton

#: Width of the pane in logical pixels at 100 %.
WIDTH = 262
_EXHIBIT = re.compile(r"^Exhibit \d{4}-\S+-(\d+)")
_PART = Qt.ItemDataRole.UserRole + 1
_LOOKS = {
    State.COMPLETE: ("check", "ok", "complete"),
    State.WARNING: ("triangle-alert", "warn", "an auditor would ask back"),
    State.GAP: ("circle-alert", "bad", "something is missing"),
}


class OutlinePane(Card):
    """The tree.

    Signals:
        picked(Part): this part shall be shown.
    """

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Outline", margin=px(12), parent=parent)
        self._model = QStandardItemModel(self)
        self._tree = QTreeView()
        self._tree.setObjectName("outline")
        self._tree.setAccessibleName("Outline of the binder")
        self._tree.setModel(self._model)
        self._tree.setHeaderHidden(True)
        self._tree.setProperty("ring", True)
        self._tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._tree.setIndentation(px(16))
        self._tree.setUniformRowHeights(True)
        self._tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._tree.header().setStretchLastSection(True)
        self._tree.selectionModel().currentChanged.connect(self._picked)
        self._loading = Skeleton(8)
        self.body.addWidget(self._loading)
        self.body.addWidget(self._tree, 1)
        # Takes the room below the bars, and none beside the tree.
        self.body.addStretch(0)
        self.set_outline(None)

    def set_outline(self, tree: Outline | None) -> None:
        """Show another state of the binder; what was open or chosen stays so. None: it is not known yet."""
        self._loading.setVisible(tree is None)
        self._tree.setVisible(tree is not None)
        if tree is None:
            return
        self._tree.setIconSize(QSize(px(16), px(16)))
        chosen = self._key(self._tree.currentIndex())
        closed = {self._key(index) for index in self._indexes() if not self._tree.isExpanded(index)}
        first = self._model.rowCount() == 0
        self._tree.selectionModel().blockSignals(True)
        self._model.clear()
        for part in tree.parts:
            self._model.appendRow(self._item(part))
        for index in self._indexes():
            self._tree.setExpanded(index, self._key(index) not in closed if not first else True)
        self._tree.selectionModel().blockSignals(False)
        if chosen:
            self.pick(chosen)

    def pick(self, key: str) -> None:
        """Choose a part without asking for it to be shown."""
        index = next((index for index in self._indexes() if self._key(index) == key), None)
        if index is not None and self._key(self._tree.currentIndex()) != key:
            self._tree.selectionModel().blockSignals(True)
            self._tree.setCurrentIndex(index)
            self._tree.selectionModel().blockSignals(False)
            self._tree.viewport().update()
            self._tree.scrollTo(index)

    def _item(self, part: Part) -> QStandardItem:
        name, tone, words = _LOOKS[part.state]
        # The activity stands above its exhibits, so their short numbers are enough here.
        item = QStandardItem(icon(name, tone), _EXHIBIT.sub(r"Exhibit \1", part.title))
        item.setData(part, _PART)
        item.setToolTip(part.title)
        item.setAccessibleText(f"{part.title}, {words}")
        for child in part.children:
            item.appendRow(self._item(child))
        return item

    def _indexes(self) -> list[QModelIndex]:
        """Return all indexes, top down."""
        found: list[QModelIndex] = []
        waiting = [self._model.index(row, 0) for row in range(self._model.rowCount())]
        while waiting:
            index = waiting.pop(0)
            found.append(index)
            waiting[:0] = [self._model.index(row, 0, index) for row in range(self._model.rowCount(index))]
        return found

    def _key(self, index: QModelIndex) -> str:
        part = index.data(_PART) if index.isValid() else None
        return part.key if isinstance(part, Part) else ""

    def _picked(self, index: QModelIndex, _before: QModelIndex) -> None:
        part = index.data(_PART)
        if isinstance(part, Part):
            self.picked.emit(part)
