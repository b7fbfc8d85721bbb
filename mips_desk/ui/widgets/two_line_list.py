"""A list of rows with a title, a remark at the right and a line below; long lists are fetched as one scrolls."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mips_desk.ui.theme import RADIUS, SPACE_M, SPACE_S, TextRole, color, font, px

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Line:
    """One row.

    Attributes:
        key: told when the row is opened.
        title: what it is.
        text: more about it; one line, cut off with "…".
        remark: a few words at the right, for example a time.
        tone: name of the ink of the remark, see `theme.color`.
    """

    key: str
    title: str
    text: str = ""
    remark: str = ""
    tone: str = "ink3"


class Role(IntEnum):
    """Data roles."""

    #: The `Line`.
    LINE = Qt.ItemDataRole.UserRole


class LineModel(QAbstractListModel):
    """Rows over an immutable tuple; says when the view wants more of them.

    Signals:
        more_requested(): the end is near and there are more.
    """

    more_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Line, ...] = ()
        self._more = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """All rows so far."""
        return self._lines

    def set_lines(self, lines: Sequence[Line], *, more: bool = False) -> None:
        """Show other rows.

        Args:
            lines: the rows.
            more: there are more to fetch.
        """
        self.beginResetModel()
        self._lines, self._more = tuple(lines), more
        self.endResetModel()

    def add_lines(self, lines: Sequence[Line], *, more: bool = False) -> None:
        """Put rows behind those that are shown."""
        self._more = more
        if lines:
            first = len(self._lines)
            self.beginInsertRows(QModelIndex(), first, first + len(lines) - 1)
            self._lines += tuple(lines)
            self.endInsertRows()

    def rowCount(self, parent: Index | None = None) -> int:
        """Number of rows so far."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The line, and its words for screen readers."""
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role == Role.LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (line.title, line.remark, line.text) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.text or None
        return None

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """There are more, and nobody was asked for them yet."""
        return not parent.isValid() and self._more

    def fetchMore(self, parent: Index) -> None:  # noqa: N802 - Qt's name
        """Ask once."""
        if self._more and not parent.isValid():
            self._more = False
            self.more_requested.emit()


class _Delegate(QStyledItemDelegate):
    """Title and remark above, text below."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(Role.LINE)
        assert isinstance(line, Line)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        if QStyle.StateFlag.State_Selected in option.state:
            focused = QStyle.StateFlag.State_HasFocus in option.state
            painter.setPen(QPen(color("focus"), 1.5) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(color("accent_wash"))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        elif index.row():
            painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), color("faint"))
        inner = rect.adjusted(px(SPACE_M), px(SPACE_S), -px(SPACE_M), -px(SPACE_S))
        right = self._draw(painter, inner, line.remark, TextRole.SECONDARY, line.tone, right=True)
        if line.remark:
            inner.setRight(right - px(SPACE_M))
        above = QRectF(inner)
        if line.text:
            above.setHeight(inner.height() / 2)
        self._draw(painter, above, line.title, TextRole.STRONG, "ink")
        if line.text:
            below = QRectF(inner.left(), above.bottom(), rect.right() - px(SPACE_M) - inner.left(), above.height())
            self._draw(painter, below, line.text, TextRole.SECONDARY, "ink2")
        painter.restore()

    @staticmethod
    def _draw(painter: QPainter, room: QRectF, text: str, role: TextRole, ink: str, *, right: bool = False) -> float:
        """Draw one line of text, cut off where there is no room; return where it begins."""
        made: QFont = font(role)
        metrics = QFontMetricsF(made)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        box = QRectF(room)
        if right:
            box.setHeight(min(room.height(), metrics.height() * 1.3))
        painter.setFont(made)
        painter.setPen(color(ink))
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        return room.right() - metrics.horizontalAdvance(shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = index.data(Role.LINE)
        height = QFontMetricsF(font(TextRole.STRONG)).height() + 2 * px(SPACE_S) + 4
        if isinstance(line, Line) and line.text:
            height += QFontMetricsF(font(TextRole.SECONDARY)).height() + 2
        return QSize(px(160), round(height))


class TwoLineList(QListView):
    """The list.

    Args:
        name: what is listed; its accessible name.
        key: object name.

    Signals:
        opened(str): the key of a row that was clicked twice or entered with Return.
    """

    opened = Signal(str)

    def __init__(self, name: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(key)
        self.setAccessibleName(name)
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.lines = LineModel()
        self.setModel(self.lines)
        self.setItemDelegate(_Delegate(self))

    @property
    def current_key(self) -> str:
        """Key of the row with the keyboard on it; empty for none."""
        line = self.currentIndex().data(Role.LINE)
        return line.key if isinstance(line, Line) else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_key:
            self.opened.emit(self.current_key)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens the row."""
        super().mouseDoubleClickEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self.current_key:
            self.opened.emit(self.current_key)
