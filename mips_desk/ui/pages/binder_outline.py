"""The left pane of the Binder room: the parts of the binder, each with its state."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from mips_desk.binder.checks import State
from mips_desk.binder.outline import Outline, Part
from mips_desk.ui.icons import icon
from mips_desk.ui.theme import TextRole, font, px
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.empty_state import Skeleton
from mips_desk.ui.widgets.line_button import LineButton

#: Width of the pane in logical pixels at 100 %.
WIDTH = 300
#: With more parts than this only what is not complete is unfolded at first.
_MOST_UNFOLDED = 90
_EXHIBIT = re.compile(r"^Exhibit \d{4}-\S+-(\w+)")
_LOOKS = {
    State.COMPLETE: ("check", "ok", "complete"),
    State.WARNING: ("triangle-alert", "warn", "an auditor would ask back"),
    State.GAP: ("circle-alert", "bad", "something is missing"),
}

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class _Node:
    """A part with its place in the tree; others are named by their position among all nodes, -1 is the root."""

    part: Part
    parent: int
    row: int
    children: tuple[int, ...]


class OutlineModel(QAbstractItemModel):
    """The parts of an outline, read only. An index carries the position of its node, so an old one is never wrong
    memory.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes: dict[int, _Node] = {}
        self._roots: tuple[int, ...] = ()
        self._by_key: dict[str, int] = {}
        self._icons: dict[State, QIcon] = {}

    def set_outline(self, tree: Outline) -> None:
        """Show another outline."""
        self.beginResetModel()
        self._nodes = {}
        self._roots = self._add(tree.parts, -1)
        self._by_key = {node.part.key: place for place, node in self._nodes.items()}
        self._icons = {state: icon(name, tone) for state, (name, tone, _) in _LOOKS.items()}
        self.endResetModel()

    def __len__(self) -> int:
        return len(self._nodes)

    def part(self, index: Index) -> Part | None:
        """Return the part of an index, or None."""
        node = self._nodes.get(index.internalId()) if index.isValid() else None
        return node.part if node is not None else None

    def place(self, key: str) -> QModelIndex:
        """Return the index of a part; an invalid one when it is not here."""
        return self._index_of(self._by_key.get(key, -1))

    def folding(self) -> Iterator[tuple[QModelIndex, Part]]:
        """Yield what can be folded, top down."""
        for place in sorted(self._nodes):
            if self._nodes[place].children:
                yield self._index_of(place), self._nodes[place].part

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """The index of a row."""
        children = self._children(parent)
        return self._index_of(children[row]) if 0 <= row < len(children) and column == 0 else QModelIndex()

    def parent(self, index: Index | None = None) -> QModelIndex:  # type: ignore[override]  # QObject.parent is another
        """The index above."""
        node = self._nodes.get(index.internalId()) if index is not None and index.isValid() else None
        return self._index_of(node.parent) if node is not None else QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:
        """Parts below."""
        return len(self._children(parent))

    def columnCount(self, _parent: Index | None = None) -> int:
        """One."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words, icon and type of a part."""
        part = self.part(index)
        if part is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            # The activity stands above its exhibits, so their short numbers are enough here.
            return _EXHIBIT.sub(r"Exhibit \1", part.title)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icons[part.state]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{part.title}: {_LOOKS[part.state][2]}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{part.title}, {_LOOKS[part.state][2]}"
        if role == Qt.ItemDataRole.FontRole and part.children:
            return font(TextRole.STRONG)
        return None

    def _children(self, parent: Index | None) -> tuple[int, ...]:
        if parent is None or not parent.isValid():
            return self._roots
        node = self._nodes.get(parent.internalId())
        return node.children if node is not None else ()

    def _index_of(self, place: int) -> QModelIndex:
        node = self._nodes.get(place)
        return self.createIndex(node.row, 0, place) if node is not None else QModelIndex()

    def _add(self, parts: Sequence[Part], parent: int) -> tuple[int, ...]:
        """Take in parts and what is below them, and return their positions; a part stands before what is below it."""
        added = []
        for row, part in enumerate(parts):
            place = len(self._nodes)
            self._nodes[place] = _Node(part, parent, row, ())
            self._nodes[place] = _Node(part, parent, row, self._add(part.children, place))
            added.append(place)
        return tuple(added)


class OutlinePane(Card):
    """The tree.

    Signals:
        picked(Part): this part shall be shown.
        clicked(): a part was clicked, not only come to by keys.
        wording_wanted(): the words about the activity named at the foot shall be changed.
    """

    picked = Signal(object)
    clicked = Signal()
    wording_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Outline", margin=px(10), parent=parent)
        self._model = OutlineModel(self)
        self._known = False
        self._tree = QTreeView()
        self._tree.setObjectName("outline")
        self._tree.setAccessibleName("Outline of the binder")
        self._tree.setModel(self._model)
        self._tree.setHeaderHidden(True)
        self._tree.setProperty("ring", True)
        self._tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._tree.setUniformRowHeights(True)
        self._tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._tree.header().setStretchLastSection(True)
        self._tree.selectionModel().currentChanged.connect(self._picked)
        # A click on the part that is chosen already brings its page back.
        self._tree.clicked.connect(self._clicked)
        self._size_up()
        self._loading = Skeleton(8)
        self.body.addWidget(self._loading)
        self.body.addWidget(self._tree, 1)
        # Takes the room below the bars, and none beside the tree.
        self.body.addStretch(0)
        self._words = LineButton("pencil", "ink2", "", framed=True)
        self._words.setObjectName("edit_wording")
        self._words.clicked.connect(lambda _checked=False: self.wording_wanted.emit())
        self.body.addWidget(self._words)
        self.set_activity("")
        self.set_outline(None)

    def set_outline(self, tree: Outline | None) -> None:
        """Show another state of the binder; what was open or chosen stays so. None: it is not known yet."""
        self._loading.setVisible(tree is None)
        self._tree.setVisible(tree is not None)
        if tree is None:
            self._known = False
            return
        chosen = self._key(self._tree.currentIndex())
        before = {part.key: self._tree.isExpanded(index) for index, part in self._model.folding()}
        scrolled = self._tree.verticalScrollBar().value()
        self._tree.selectionModel().blockSignals(True)
        self._model.set_outline(tree)
        few = len(self._model) <= _MOST_UNFOLDED
        for index, part in list(self._model.folding()):
            fresh = few or part.state is not State.COMPLETE
            self._tree.setExpanded(index, before.get(part.key, fresh) if self._known else fresh)
        self._known = True
        place = self._model.place(chosen)
        if place.isValid():
            self._tree.setCurrentIndex(place)
        self._tree.selectionModel().blockSignals(False)
        self._tree.verticalScrollBar().setValue(scrolled)

    def pick(self, key: str) -> None:
        """Choose a part without asking for it to be shown; one in a folded activity chooses the activity."""
        index = self._model.place(key)
        while index.isValid() and index.parent().isValid() and not self._tree.isExpanded(index.parent()):
            index = index.parent()
        if index.isValid() and self._tree.currentIndex() != index:
            self._tree.selectionModel().blockSignals(True)
            self._tree.setCurrentIndex(index)
            self._tree.selectionModel().blockSignals(False)
            self._tree.viewport().update()
            self._tree.scrollTo(index)

    def set_activity(self, activity_id: str) -> None:
        """Offer the words about an activity at the foot; empty: about none."""
        self._words.setVisible(bool(activity_id))
        self._words.setText(f"{activity_id} in your words")
        self._words.setAccessibleName(f"{activity_id} in your words: how it was done, when it was reported")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_tree"):
            self._size_up()

    def unfold(self, key: str) -> None:
        """Open the activity that a part belongs to."""
        index = self._model.place(key).parent()
        if index.isValid():
            self._tree.setExpanded(index, True)

    def _size_up(self) -> None:
        self._tree.setIconSize(QSize(px(16), px(16)))
        self._tree.setIndentation(px(13))

    def _key(self, index: QModelIndex) -> str:
        part = self._model.part(index)
        return part.key if part is not None else ""

    def _clicked(self, index: QModelIndex) -> None:
        self._picked(index, QModelIndex())
        self.clicked.emit()

    def _picked(self, index: QModelIndex, _before: QModelIndex) -> None:
        part = self._model.part(index)
        if part is not None:
            self.picked.emit(part)
