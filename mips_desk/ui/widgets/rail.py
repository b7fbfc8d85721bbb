"""The rail at the left: the seven rooms, with a counter where something waits."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mips_desk.ui.icons import paint_icon
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import ICON, SPACE_M, SPACE_S, TextRole, color, font, px

#: Width with and without words, in logical pixels at 100 %.
WIDE, NARROW = 184, 56


class _RailButton(QPushButton):
    """One room; paints itself. A QPushButton, so that it is announced as a button with its state."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room = room
        self.badge = 0
        self.narrow = False
        self.setCheckable(True)
        self.setObjectName(f"rail_{room}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.describe()

    def describe(self) -> None:
        waiting = f", {self.badge} waiting" if self.badge else ""
        self.setAccessibleName(self.room.label + waiting)
        self.setToolTip(f"{self.room.label} ({self.room.shortcut})")

    def sizeHint(self) -> QSize:
        return QSize(px(160), px(37))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(30), px(26))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()  # The rail moves the focus; a button of a group would also mark the next room as shown.
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(color("rail_selected" if self.isChecked() else "rail_hover"))
            painter.drawRoundedRect(rect, SPACE_S, SPACE_S)
        if self.hasFocus():
            painter.setPen(QPen(color("rail_ink_selected"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), SPACE_S - 1, SPACE_S - 1)
        tint = "rail_ink_selected" if self.isChecked() else "rail_ink"
        side = px(ICON)
        left = (self.width() - side) / 2 if self.narrow else px(SPACE_M)
        paint_icon(painter, self.room.icon, tint, QRectF(left, (self.height() - side) / 2, side, side))
        if not self.narrow:
            text_font = font(TextRole.TEXT, weight=QFont.Weight.Medium)
            painter.setFont(text_font)
            painter.setPen(color(tint))
            start = left + side + px(SPACE_M)
            room = self.width() - start - px(SPACE_S) - (px(28) if self.badge else 0)
            words = QFontMetricsF(text_font).elidedText(self.room.label, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(start, 0, room, self.height()), int(Qt.AlignmentFlag.AlignVCenter), words)
        if self.badge:
            self._paint_badge(painter)

    def _paint_badge(self, painter: QPainter) -> None:
        text = str(self.badge) if self.badge < 100 else "99+"
        small = font(TextRole.SECONDARY, size=11, weight=QFont.Weight.DemiBold)
        width = max(px(20), QFontMetricsF(small).horizontalAdvance(text) + px(11))
        height = px(16)
        corner = (
            QPointF(self.width() - width, 1)
            if self.narrow
            else QPointF(self.width() - width - px(11), (self.height() - height) / 2)
        )
        box = QRectF(corner.x(), corner.y(), width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("badge"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setFont(small)
        painter.setPen(color("on_badge"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)


class Rail(QWidget):
    """The rooms, Settings pinned at the bottom. Up and Down go from room to room while the keyboard is on the rail.

    Signals:
        room_requested(Room): somebody wants to go there.
    """

    room_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAccessibleName("Rooms")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_S, SPACE_M, SPACE_S, SPACE_M)
        column.setSpacing(2)
        self._narrow = False
        self._buttons: dict[Room, _RailButton] = {}
        self._group = QButtonGroup(self)
        for room in Room:
            if room is Room.SETTINGS:
                column.addStretch(1)
            button = _RailButton(room)
            button.clicked.connect(lambda _checked=False, room=room: self.room_requested.emit(room))
            self._group.addButton(button)
            self._buttons[room] = button
            column.addWidget(button)
        self.set_narrow(False)

    @property
    def room(self) -> Room | None:
        """The room that is marked, or None."""
        checked = self._group.checkedButton()
        return checked.room if isinstance(checked, _RailButton) else None

    def set_room(self, room: Room) -> None:
        """Mark the room that is shown."""
        self._buttons[room].setChecked(True)

    def set_badge(self, room: Room, count: int) -> None:
        """Show how many things wait in a room; 0 for none."""
        button = self._buttons[room]
        button.badge = count
        button.describe()
        button.update()

    def set_narrow(self, narrow: bool) -> None:
        """Show icons only, where there is no room for words."""
        self._narrow = narrow
        for button in self._buttons.values():
            button.narrow = narrow
            button.update()
        self.setFixedWidth(px(NARROW if narrow else WIDE))

    def refresh(self) -> None:
        """Follow a new text size."""
        self.set_narrow(self._narrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, Home and End move the keyboard focus."""
        buttons = list(self._buttons.values())
        here = next((place for place, button in enumerate(buttons) if button.hasFocus()), 0)
        places = {
            Qt.Key.Key_Up: here - 1,
            Qt.Key.Key_Down: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(buttons) - 1,
        }
        if event.key() in places:
            place = max(0, min(len(buttons) - 1, places[Qt.Key(event.key())]))
            buttons[place].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            buttons[here].click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        QPainter(self).fillRect(self.rect(), color("rail"))
