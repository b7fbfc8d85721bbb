"""The canvas: the picture with its marks, zoom and pan, pointer and keys."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mips_desk.annotate.hit import Handle, frame, handles
from mips_desk.annotate.marks import Segment
from mips_desk.annotate.shapes import Rect
from mips_desk.ui.theme import color

from .board import Board
from .keys import handle_key
from .painting import paint_marks
from .pointer import Aim, Pointer
from .view import ZOOM_STEP, View

#: How far beside a mark a press still hits it, and the half side of a handle, in logical pixels.
REACH, GRIP = 7.0, 4.5
_CURSORS = {
    Aim.SELECT: Qt.CursorShape.ArrowCursor,
    Aim.MOVE: Qt.CursorShape.SizeAllCursor,
    Aim.DRAW: Qt.CursorShape.CrossCursor,
    Aim.PLACE: Qt.CursorShape.CrossCursor,
}
_GRIPS = {
    Handle.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    Handle.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    Handle.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    Handle.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
    Handle.TOP: Qt.CursorShape.SizeVerCursor,
    Handle.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Handle.LEFT: Qt.CursorShape.SizeHorCursor,
    Handle.RIGHT: Qt.CursorShape.SizeHorCursor,
    Handle.START: Qt.CursorShape.CrossCursor,
    Handle.END: Qt.CursorShape.CrossCursor,
}


class Canvas(QWidget):
    """Shows a picture with the marks of a board, and lets the pointer change them.

    Keys are handled by `keys.handle_key`, which the annotator also calls for its other widgets.

    Args:
        picture: the upright original at full resolution.
        board: what is edited.

    Signals:
        zoomed(): zoom or position changed.
        words_requested(str): the words of the mark with this id shall be typed.
    """

    zoomed = Signal()
    words_requested = Signal(str)

    #: Wait for the wheel to rest before the picture is scaled with care, in milliseconds.
    REST_MS = 90

    def __init__(self, picture: QImage, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("annotator_canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.board = board
        self.pointer = Pointer(board)
        self.view = View(picture=(picture.width(), picture.height()))
        self._picture = QPixmap.fromImage(picture)
        self._small = QPixmap()
        self._panning: QPointF | None = None
        self._hand = False
        self._ring = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(self.REST_MS)
        self._rest.timeout.connect(self.update)
        board.changed.connect(self._marks_changed)
        board.selection_changed.connect(self._selection_changed)
        board.tool_changed.connect(self._point)
        board.said.connect(self._say)
        self._describe()

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(900, 640)

    # Zoom and pan

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a point, the middle by default."""
        self._zoom_to(self.view.zoom * factor, at)

    def zoom_in(self) -> None:
        """One step closer."""
        self.zoom_by(ZOOM_STEP)

    def zoom_out(self) -> None:
        """One step away."""
        self.zoom_by(1 / ZOOM_STEP)

    def zoom_whole_pixels(self) -> None:
        """Show every pixel of the picture as one of the screen."""
        self._zoom_to(1.0, None)

    def fit(self) -> None:
        """Show the whole picture."""
        self.view.fit()
        self._view_changed()

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture by logical pixels."""
        self.view.pan(dx, dy)
        self._view_changed()

    def show_selected(self) -> None:
        """Bring the selected mark into view."""
        mark = self.board.only_selected
        if mark is not None:
            self.view.show(frame(mark, self.board.style))
            self._view_changed()

    def take_hand(self, hand: bool) -> None:
        """While the hand is taken, a drag moves the picture."""
        if hand is not self._hand:
            self._hand = hand
            self._point()

    def _zoom_to(self, zoom: float, at: QPointF | None) -> None:
        self.view.zoom_to(zoom, *((at.x(), at.y()) if at is not None else ()))
        self._view_changed()

    def _view_changed(self) -> None:
        self._rest.start()
        self.update()
        self.zoomed.emit()

    # Events

    def event(self, event: QEvent) -> bool:
        """Take pinches of a touch pad; everything else as usual."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture in view."""
        super().resizeEvent(event)
        self.view.set_room(self.width(), self.height(), self.devicePixelRatioF())
        self._view_changed()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the pointer with Control (Command), otherwise pan; Shift pans sideways."""
        angle = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(2 ** (angle.y() / 360), event.position())
        else:
            delta = QPointF(event.pixelDelta()) if not event.pixelDelta().isNull() else QPointF(angle) / 2
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and delta.x() == 0:
                delta = QPointF(delta.y(), 0)
            self.view.pan(delta.x(), delta.y())
            self._view_changed()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        if event.button() is Qt.MouseButton.MiddleButton or (
            self._hand and event.button() is Qt.MouseButton.LeftButton
        ):
            self._panning = event.position()
            self._point()
        elif event.button() is Qt.MouseButton.LeftButton:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            before = {mark.id for mark in self.board.marks}
            self.pointer.press(*self._at(event.position()), self._reach(), extend=extend)
            new = self.board.only_selected
            if self.board.tool.places and new is not None and new.id not in before:
                self.words_requested.emit(new.id)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag, or show what a press would do."""
        if self._panning is not None:
            way = event.position() - self._panning
            self._panning = event.position()
            self.view.pan(way.x(), way.y())
            self._view_changed()
        elif self.pointer.busy:
            straight = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.pointer.move(*self._at(event.position()), straight=straight)
            self.update()
        else:
            self._point(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        if self._panning is not None:
            self._panning = None
        elif event.button() is Qt.MouseButton.LeftButton:
            self.pointer.release()
        self._point(event.position())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Type the words of a label or step."""
        self.mousePressEvent(event)
        mark = self.board.only_selected
        if mark is not None:
            self.words_requested.emit(mark.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key means in the annotator."""
        if not handle_key(self, event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space let go: put the hand away."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.take_hand(False)
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys go here, to those who came by keyboard."""
        super().focusInEvent(event)
        self._ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Put the hand away."""
        super().focusOutEvent(event)
        self.take_hand(False)
        self.update()

    def _at(self, position: QPointF) -> tuple[float, float]:
        return self.view.to_image(position.x(), position.y())

    def _reach(self) -> float:
        return REACH / self.view.scale

    def _point(self, position: QPointF | None = None) -> None:
        """Show the pointer that says what a press would do."""
        if self._panning is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._hand:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            at = position or QPointF(self.mapFromGlobal(self.cursor().pos()))
            aim, found = self.pointer.aim(*self._at(at), self._reach())
            if found is not None and found.handle is not None:
                self.setCursor(_GRIPS[found.handle])
            else:
                self.setCursor(_CURSORS[aim])

    # Words for screen readers

    def _marks_changed(self) -> None:
        self._describe()
        self.update()

    def _selection_changed(self) -> None:
        self._describe()
        self.update()

    def _describe(self) -> None:
        marks, chosen = len(self.board.marks), len(self.board.selected_ids)
        words = "Picture without marks" if not marks else f"Picture with {marks} mark{'s' if marks > 1 else ''}"
        self.setAccessibleName(f"{words}, {chosen} selected" if chosen else words)
        self.setAccessibleDescription(
            "Press a tool's letter, then Enter to add its mark in the middle. Page Down selects the next mark,"
            " arrow keys move it, Control with arrow keys resizes it, Delete removes it."
        )

    def _say(self, words: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint stage, picture, marks, and what shows the selection."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("stage"))
        view, (width, height) = self.view, self.view.picture
        area = QRectF(view.left, view.top, width * view.scale, height * view.scale)
        self._paint_shadow(painter, area)
        self._paint_picture(painter, area)
        painter.save()
        painter.translate(view.left, view.top)
        painter.scale(view.scale, view.scale)
        draft = self.pointer.draft
        shown = (*self.board.marks, draft) if draft is not None else self.board.marks
        paint_marks(painter, shown, view.picture, self.board.style)
        painter.restore()
        self._paint_selection(painter)
        if self.hasFocus() and self._ring:
            painter.setPen(QPen(color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_shadow(self, painter: QPainter, area: QRectF) -> None:
        painter.save()
        # Only around the picture: blending all of it would cost more than all marks.
        painter.setClipRegion(QRegion(self.rect()).subtracted(QRegion(area.toRect())))
        for grow, strength in ((7, 4), (4, 7), (2, 10), (1, 14)):
            painter.fillRect(area.adjusted(-grow, -grow / 3, grow, grow * 1.4), QColor(0, 0, 0, strength))
        painter.restore()

    def _paint_picture(self, painter: QPainter, area: QRectF) -> None:
        zoom = self.view.zoom
        if zoom >= 1:
            # Beyond 1:1 the pixels themselves are wanted, not a guess between them.
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < 2)
            part = self.view.visible()
            source = QRectF(part.x, part.y, part.width, part.height)
            left, top = self.view.to_widget(part.x, part.y)
            scale = self.view.scale
            painter.drawPixmap(QRectF(left, top, part.width * scale, part.height * scale), self._picture, source)
            return
        wanted = (area.size() * self.view.ratio).toSize()
        if self._small.size() != wanted and not self._rest.isActive():
            self._small = self._picture.scaled(
                wanted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        sharp = self._small.size() == wanted
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not sharp)
        picture = self._small if sharp else self._picture
        painter.drawPixmap(area, picture, QRectF(picture.rect()))

    def _paint_selection(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.pointer.band is not None:
            self._outline(painter, self.pointer.band, dashed=True)
        for mark in self.board.selected:
            if not isinstance(mark, Segment):
                self._outline(painter, frame(mark, self.board.style), dashed=False)
            for x, y in handles(mark, self.board.style).values():
                left, top = self.view.to_widget(x, y)
                grip = QRectF(left - GRIP, top - GRIP, 2 * GRIP, 2 * GRIP)
                painter.setPen(QPen(QColor("#0B6E75"), 1.5))
                painter.setBrush(QColor("#FFFFFF"))
                painter.drawRoundedRect(grip, 2, 2)

    def _outline(self, painter: QPainter, rect: Rect, *, dashed: bool) -> None:
        left, top = self.view.to_widget(rect.x, rect.y)
        right, bottom = self.view.to_widget(rect.right, rect.bottom)
        shown = QRectF(left, top, right - left, bottom - top).adjusted(-1.5, -1.5, 1.5, 1.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # White below the accent, so that the frame shows on any picture and on black bars.
        painter.setPen(QPen(QColor("#FFFFFF"), 3))
        painter.drawRect(shown)
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor("#0B6E75"), 1.5, style))
        painter.drawRect(shown)
