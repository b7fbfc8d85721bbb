"""The Binder room: a head with tabs, and below it one part of the room; `binder_parts.PARTS` names them."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QTabBar, QWidget

from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import SPACE_S

from .binder_part import BinderPart, Outside, system
from .binder_parts import PARTS, PartEntry
from .room_page import RoomPage


class BinderPage(RoomPage):
    """The room.

    Args:
        desk: the open practice.
        outside: the system's dialogs and programs; tests hand in their own.
        parts: what the room consists of.
    """

    fill_ahead = False

    def __init__(self, desk: Desk, outside: Outside | None = None, *, parts: Sequence[PartEntry] = PARTS) -> None:
        super().__init__(desk, Room.BINDER.label)
        self.setObjectName("binder_page")
        self._outside = outside or system()
        self._entries = tuple(parts)
        self._made: dict[str, BinderPart] = {}
        self._fresh: set[str] = set()
        self._told: dict[str, tuple[str, str]] = {}
        self._buttons: dict[str, QWidget] = {}
        self._tabs = QTabBar()
        self._tabs.setObjectName("binder_tabs")
        self._tabs.setAccessibleName("Parts of the Binder room")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setElideMode(Qt.TextElideMode.ElideNone)
        for entry in self._entries:
            self._tabs.addTab(entry.label)
        self.header.above.addWidget(self._tabs)
        self.header.above.addStretch(1)
        self.header.above.setContentsMargins(0, 0, 0, SPACE_S)
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack, 1)
        self._key = self._entries[0].key
        self._part(self._key)
        self._tabs.currentChanged.connect(self._tab_chosen)

    @property
    def part(self) -> BinderPart:
        """The part that is shown."""
        return self._part(self._key)

    def show_part(self, key: str, target: Target | None = None) -> BinderPart:
        """Show a part of the room; it is made on the first visit.

        Args:
            key: of its entry; an unknown one changes nothing.
            target: what to select there.
        """
        known = [entry.key for entry in self._entries]
        if key in known and key != self._key and self.part.can_leave():
            self._key = key
        part = self.part
        self._tabs.blockSignals(True)
        self._tabs.setCurrentIndex(known.index(self._key))
        self._tabs.blockSignals(False)
        self._stack.setCurrentWidget(part)
        for made in self._made.values():
            # A part that is not shown asks for no room.
            policy = QSizePolicy.Policy.Preferred if made is part else QSizePolicy.Policy.Ignored
            made.setSizePolicy(policy, policy)
        for other, buttons in self._buttons.items():
            buttons.setVisible(other == self._key)
        self._say()
        if self._key not in self._fresh:
            self._fresh.add(self._key)
            part.refresh()
        part.arrange(self.width())
        self.commands_changed.emit()
        if target is not None and key == self._key:
            part.open_link(target)
        return part

    def refresh(self) -> None:
        """Show the newest state; parts that are not shown follow when they are."""
        self._fresh.clear()
        self.show_part(self._key)

    def open_link(self, target: Target) -> None:
        """Show the part that a link names, and in it what it points at."""
        self.show_part(target.part or self._key, target)

    def place(self) -> Target:
        """The part, and what is selected in it."""
        inside = self.part.place()
        return Target(inside.selection_id, inside.evidence_id, part=self._key)

    def can_leave(self) -> bool:
        """Ask the part."""
        return self.part.can_leave()

    def commands(self) -> Sequence[QAction]:
        """The commands of the part."""
        return self.part.commands()

    def arrange(self, width: int) -> None:
        """Let the part arrange its panes."""
        if hasattr(self, "_key"):
            self.part.arrange(width)

    def changeEvent(self, event: QEvent) -> None:
        """Larger text needs wider panes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.isVisible():
            self.arrange(self.width())

    def _tab_chosen(self, place: int) -> None:
        self.show_part(self._entries[place].key)

    def _part(self, key: str) -> BinderPart:
        if key not in self._made:
            entry = next(entry for entry in self._entries if entry.key == key)
            part = self._made[key] = entry.make(self.desk, self._outside, self._stack)
            part.others = frozenset(other.key for other in self._entries)
            part.told.connect(lambda title, words, key=key: self._tell(key, title, words))
            part.part_wanted.connect(lambda other, target: self.show_part(other, target))
            self._stack.addWidget(part)
            # A holder of their own: buttons of commands show and hide themselves.
            holder = self._buttons[key] = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(SPACE_S + 2)
            for button in part.buttons:
                row.addWidget(button)
            self.header.add_buttons(holder)
        return self._made[key]

    def _tell(self, key: str, title: str, words: str) -> None:
        self._told[key] = (title, words)
        self._say()

    def _say(self) -> None:
        self.header.set(*self._told.get(self._key, (Room.BINDER.label, "")))
