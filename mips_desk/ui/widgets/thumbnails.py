"""Thumbnails of evidence: a model of rows, a delegate that paints them, a view that wraps like text.

The model answers at once with a placeholder and asks for the picture; the page makes it in a job and hands it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelection,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mips_desk.ui.icons import paint_icon
from mips_desk.ui.theme import CARD_RADIUS, TextRole, color, font, px
from mips_desk.ui.widgets.chip import Tone, chip_size, paint_chip

_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """Roles of the model beside Qt's own."""

    #: The `Thumbnail` itself.
    ROW = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One thumbnail.

    Attributes:
        key: the evidence item.
        caption: bold line.
        date: quiet line.
        chip: state in words; empty for none.
        tone: meaning of the chip.
        version: changes whenever the picture does (marks revision), so that the model asks for it again.
    """

    key: str
    caption: str
    date: str = ""
    chip: str = ""
    tone: Tone = Tone.NEUTRAL
    version: int = 0


class ThumbnailModel(QAbstractListModel):
    """Rows of thumbnails over an immutable tuple.

    Signals:
        picture_requested(str, int): key and version of a row whose picture is wanted; asked once per version.
    """

    picture_requested = Signal(str, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Thumbnail, ...] = ()
        self._pictures: dict[str, tuple[int, QImage]] = {}
        self._asked: set[tuple[str, int]] = set()

    @property
    def rows(self) -> tuple[Thumbnail, ...]:
        """What is shown."""
        return self._rows

    def set_rows(self, rows: Sequence[Thumbnail]) -> None:
        """Show other rows; pictures that are still wanted are kept."""
        new = tuple(rows)
        if new == self._rows:
            return
        if [row.key for row in new] == [row.key for row in self._rows]:
            self._rows = new
            self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.beginResetModel()
        self._rows = new
        wanted = {row.key for row in new}
        self._pictures = {key: value for key, value in self._pictures.items() if key in wanted}
        self._asked = {asked for asked in self._asked if asked[0] in wanted}
        self.endResetModel()

    def set_picture(self, key: str, version: int, picture: QImage) -> None:
        """Hand in a picture that was asked for; a late one for an old version is ignored."""
        place = self.place(key)
        if place is not None and self._rows[place].version == version:
            self._pictures[key] = (version, picture)
            index = self.index(place)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def place(self, key: str) -> int | None:
        """Return the row of a key, or None."""
        return next((place for place, row in enumerate(self._rows) if row.key == key), None)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Number of thumbnails."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words, picture or the row itself."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Role.ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.caption
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return ", ".join(part for part in (row.caption, row.date, row.chip) if part)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(row)
        return None

    def _picture(self, row: Thumbnail) -> QImage | None:
        version, picture = self._pictures.get(row.key, (-1, None))
        if version != row.version and (row.key, row.version) not in self._asked:
            self._asked.add((row.key, row.version))
            self.picture_requested.emit(row.key, row.version)
        return picture  # The old picture stays until the new one is there; nothing flickers.


class ThumbnailDelegate(QStyledItemDelegate):
    """Paints a tile: picture, caption, date and chip."""

    #: Size of the picture and padding of the tile, in logical pixels at 100 %.
    WIDTH, HEIGHT, PAD = 190, 110, 8

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """The same for every tile."""
        return tile_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one tile."""
        row: Thumbnail = index.data(Role.ROW)
        rect = QRect(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_ground(painter, QRectF(rect).adjusted(1, 1, -1, -1), state)
        pad = px(self.PAD)
        box = QRectF(rect.left() + pad, rect.top() + pad, px(self.WIDTH), px(self.HEIGHT))
        paint_picture(painter, box, index.data(Qt.ItemDataRole.DecorationRole))
        strong = font(TextRole.SECONDARY, weight=font(TextRole.STRONG).weight())
        line = QRectF(box.left(), box.bottom() + px(6), box.width(), px(17))
        painter.setFont(strong)
        painter.setPen(color("ink"))
        caption = QFontMetrics(strong).elidedText(row.caption, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), caption)
        line.translate(0, px(19))
        if row.chip:
            size = chip_size(row.chip)
            width = min(size.width(), line.width())
            chip = QRectF(line.right() - width, line.center().y() - size.height() / 2, width, size.height())
            paint_chip(painter, chip, row.chip, row.tone)
            line.setRight(chip.left() - px(6))
        painter.setFont(font(TextRole.SECONDARY))
        painter.setPen(color("ink3"))
        when = painter.fontMetrics().elidedText(row.date, Qt.TextElideMode.ElideRight, int(line.width()) + 1)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), when)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if QStyle.StateFlag.State_Selected in state:
            painter.setBrush(color("accent_wash"))
            painter.setPen(QPen(color("accent"), 2 if QStyle.StateFlag.State_HasFocus in state else 1.4))
        elif QStyle.StateFlag.State_HasFocus in state:
            painter.setPen(QPen(color("focus"), 2))
        elif QStyle.StateFlag.State_MouseOver in state:
            painter.setBrush(color("hover"))
        painter.drawRoundedRect(rect, CARD_RADIUS, CARD_RADIUS)


def tile_size() -> QSize:
    """Return the size of a tile in logical pixels."""
    pad = px(ThumbnailDelegate.PAD)
    return QSize(px(ThumbnailDelegate.WIDTH) + 2 * pad, px(ThumbnailDelegate.HEIGHT) + 2 * pad + px(44))


def paint_picture(painter: QPainter, box: QRectF, picture: QImage | None) -> None:
    """Paint a small picture with rounded corners, its top left part when it is taller; a placeholder without one."""
    path = QPainterPath()
    path.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    if picture is None or picture.isNull():
        painter.fillPath(path, color("neutral_wash"))
        side = px(22)
        spot = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
        paint_icon(painter, "image", "ink3", spot)
    else:
        painter.save()
        painter.setClipPath(path)
        painter.fillPath(path, color("stage"))
        scale = max(box.width() / picture.width(), min(box.height() / picture.height(), 1.0))
        source = QRectF(0, 0, min(picture.width(), box.width() / scale), min(picture.height(), box.height() / scale))
        painter.drawImage(
            QRectF(box.left(), box.top(), source.width() * scale, source.height() * scale), picture, source
        )
        painter.restore()
    painter.setPen(QPen(color("line"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


class ThumbnailView(QListView):
    """Tiles that wrap, by mouse and keyboard.

    Args:
        name: accessible name.
        fit: grow with the content instead of scrolling, for several views under each other in one scroll area.

    Signals:
        picked(str): key of the item that is current now.
        opened(str): key of an item that was double-clicked or opened with Return.
    """

    picked = Signal(str)
    opened = Signal(str)

    def __init__(self, name: str, *, fit: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fit = fit
        self.setAccessibleName(name)
        self.setProperty("bare", "true")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSpacing(px(4))
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setItemDelegate(ThumbnailDelegate(self))
        self.activated.connect(lambda index: self.opened.emit(index.data(Role.ROW).key))
        if fit:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the selected items, in their order."""
        rows = sorted(self.selectedIndexes(), key=lambda index: index.row())
        return tuple(index.data(Role.ROW).key for index in rows)

    def pick(self, key: str) -> None:
        """Make an item current, if it is here."""
        model = self.model()
        place = model.place(key) if isinstance(model, ThumbnailModel) else None
        if place is not None:
            self.setCurrentIndex(model.index(place, 0))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell what is current."""
        super().selectionChanged(selected, deselected)
        index = self.currentIndex()
        if index.isValid() and self.selectionModel().isSelected(index):
            self.picked.emit(index.data(Role.ROW).key)

    def updateGeometries(self) -> None:
        """Grow or shrink with the rows."""
        super().updateGeometries()
        if self._fit and self.height() != self._needed():
            self.setFixedHeight(self._needed())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wider view has fewer lines."""
        super().resizeEvent(event)
        if self._fit:
            self.setFixedHeight(self._needed())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.scheduleDelayedItemsLayout()

    def _needed(self) -> int:
        model = self.model()
        count = model.rowCount() if model is not None else 0
        gap = self.spacing()
        tile = tile_size()
        across = max(1, (self.viewport().width() - gap) // (tile.width() + gap))
        return -(-count // across) * (tile.height() + gap) + gap if count else 0
