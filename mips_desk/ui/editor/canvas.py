"""The canvas: the picture with its marks, zoom and pan, pointer and keys."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from mips_desk.annotate.hit import extent
from mips_desk.annotate.marks import Crop, Mark, Text, crop_of
from mips_desk.annotate.shapes import crop_box
from mips_desk.ui.theme import color

from .board import Board
from .clippings import Clippings
from .cursors import cursor_for
from .describing import KEYS_IN_WORDS, summary
from .in_place import InPlaceText
from .keys import handle_key
from .layer import Layer
from .menu import marks_menu
from .overlay import (
    LIFT,
    paint_band,
    paint_cut,
    paint_guides,
    paint_hint,
    paint_proposals,
    paint_reading,
    paint_selection,
    paint_stage,
)
from .picture import Picture
from .pointer import Pointer
from .proposals import Proposal, Proposals
from .tools import Tool
from .zoom_area import ZoomArea

#: How far beside a mark a press still hits it, and how far a drag snaps, in logical pixels.
REACH = 7.0
#: How often a drag beyond the edge moves the picture, in milliseconds, and by what part of the way beyond it.
EDGE_MS, EDGE_PART = 30, 0.3


class Canvas(ZoomArea):
    """Shows a picture with the marks of a board, and lets the pointer change them.

    Keys are handled by `keys.handle_key`, which the annotator also calls for its other widgets.

    Args:
        picture: the upright original at full resolution, or made into its sizes already.
        board: what is edited.
        clippings: where copied marks go and come from.

    Signals:
        words_requested(str): the words of the mark with this id shall be typed.
        find_requested(): a key asked to look for patient identifiers.
    """

    words_requested = Signal(str)
    find_requested = Signal()

    def __init__(
        self,
        picture: QImage | Picture,
        board: Board,
        clippings: Clippings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        picture = picture if isinstance(picture, Picture) else Picture(picture)
        super().__init__(picture.size, parent)
        self._layer = Layer(picture, board.style)
        self.setObjectName("annotator_canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.board = board
        self.clippings = clippings or Clippings()
        self.proposals = Proposals(board, self)
        self.pointer = Pointer(board)
        self._panning: QPointF | None = None
        self._hand = False
        self._ring = False
        self._typed_before = False
        self._looking: tuple[Mark, ...] | None = None
        self._hint = ""
        self._pointed = QPointF()
        self._held = Qt.KeyboardModifier.NoModifier
        self._edge = QTimer(self)
        self._edge.setInterval(EDGE_MS)
        self._edge.timeout.connect(self._pan_at_edge)
        self._words = InPlaceText(board, self)
        self.zoomed.connect(self._words_along)
        self._words.done.connect(lambda: self.setFocus(Qt.FocusReason.OtherFocusReason))
        board.changed.connect(self._marks_changed)
        board.selection_changed.connect(self._selection_changed)
        board.tool_changed.connect(self._tool_changed)
        board.said.connect(self._say)
        self.proposals.changed.connect(self.update)
        self.proposals.moved_on.connect(self._show_proposal)
        self.proposals.said.connect(self._say)
        self._describe()

    def show_selected(self) -> None:
        """Bring the selected mark into view."""
        mark = self.board.only_selected
        if mark is not None:
            self.view.show(extent(mark, self.board.style))
            self._view_changed()

    @property
    def looking(self) -> bool:
        """Earlier marks are shown, which cannot be changed."""
        return self._looking is not None

    def look_at(self, marks: Sequence[Mark] | None) -> None:
        """Show other marks than those of the board, as of an earlier version; None shows those of the board again."""
        self.finish_typing()
        self._looking = None if marks is None else tuple(marks)
        self._point()
        self.update()

    def type_words(self, mark_id: str) -> bool:
        """Put the keyboard into the words of a label on the picture.

        Args:
            mark_id: which.

        Returns:
            False when it is no label, or nothing can be changed.
        """
        mark = self.board.mark(mark_id)
        if not isinstance(mark, Text) or self.board.read_only:
            return False
        self.view.show(extent(mark, self.board.style))
        self._view_changed()
        self._words.begin(mark, self.view)
        return True

    def finish_typing(self) -> None:
        """Stop typing on the picture."""
        self._words.end()

    def hint(self, words: str) -> None:
        """Show some words at the bottom, and tell them to screen readers; empty: none any more."""
        self._hint = words
        if words:
            self._say(words)
        self.update()

    def take_hand(self, hand: bool) -> None:
        """While the hand is taken, a drag moves the picture."""
        if hand is not self._hand:
            self._hand = hand
            self._point()

    def _words_along(self) -> None:
        if self._words.mark_id:
            self._words.place(self.view)

    def _show_proposal(self) -> None:
        proposal = self.proposals.current
        if proposal is not None:
            self.view.show(proposal.rect)
            self._view_changed()
        self.update()

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        typing = self._words.left_by_click()
        self._typed_before = False
        if event.button() is Qt.MouseButton.MiddleButton or (
            self._hand and event.button() is Qt.MouseButton.LeftButton
        ):
            self._panning = event.position()
            self._point()
        elif event.button() is Qt.MouseButton.LeftButton and not self.looking:
            self.finish_typing()
            if typing and self.board.tool is Tool.TEXT:
                # Beside a label that is typed, the first click only means: done.
                self.board.select(())
                self._typed_before = True
                return
            at = self._at(event.position())
            proposal = self._proposal(at)
            self.proposals.go(proposal)
            if proposal is None:
                extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.pointer.press(*at, self._reach(), LIFT / self.view.scale, extend=extend)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag, or show what a press would do."""
        if self._panning is not None:
            way = event.position() - self._panning
            self._panning = event.position()
            self.view.pan(way.x(), way.y())
            self._view_changed()
        elif self.pointer.busy:
            self._drag_to(event.position(), event.modifiers())
        else:
            self._point(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom and pan also during a drag, which goes on at the pixel that is under the pointer then."""
        super().wheelEvent(event)
        if self.pointer.busy:
            # Control zooms here, so that it cannot mean "do not snap" as well.
            self._drag_to(event.position(), event.modifiers() & ~Qt.KeyboardModifier.ControlModifier)

    def _drag_to(self, position: QPointF, keys: Qt.KeyboardModifier) -> None:
        straight = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        free = bool(keys & Qt.KeyboardModifier.ControlModifier)
        self._pointed, self._held = position, keys
        if self.rect().contains(position.toPoint()):
            self._edge.stop()
        elif not self._edge.isActive():
            self._edge.start()
        self.pointer.move(*self._at(position), straight=straight, free=free)
        self.update()

    def _pan_at_edge(self) -> None:
        """Bring what lies beyond the edge into view, as long as a drag is held there."""
        if not self.pointer.busy:
            self._edge.stop()
            return
        inside = self.rect()
        beyond = self._pointed - QPointF(
            min(max(self._pointed.x(), inside.left()), inside.right()),
            min(max(self._pointed.y(), inside.top()), inside.bottom()),
        )
        self.pan_by(-beyond.x() * EDGE_PART, -beyond.y() * EDGE_PART)
        self._drag_to(self._pointed, self._held)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        if self._panning is not None:
            self._panning = None
        elif event.button() is Qt.MouseButton.LeftButton:
            new = self.pointer.release()
            if new and not self.type_words(new) and self.board.tool.places:
                self.words_requested.emit(new)
        self._point(event.position())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Type the words of a label or step; cover what is proposed."""
        if event.button() is not Qt.MouseButton.LeftButton or self._typed_before:
            return
        if self.proposals.current is not None:
            self.proposals.accept_to_adjust()
            return
        self.mousePressEvent(event)
        mark = self.board.only_selected
        if mark is not None and not self.looking:
            self.pointer.cancel()
            self.words_requested.emit(mark.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the selected marks; the one below the pointer is selected first."""
        if not self.looking:
            if event.reason() is QContextMenuEvent.Reason.Mouse:
                _, found = self.pointer.aim(*self._at(QPointF(event.pos())), self._reach())
                if found is not None and found.mark_id not in self.board.selected_ids:
                    self.board.select((found.mark_id,))
            marks_menu(self.board, self.clippings, self).popup(event.globalPos())

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from mark to mark, and after the last one on to the next part of the window."""
        if self.hasFocus() and not self.looking and self.board.select_next(1 if forward else -1, around=False):
            self.show_selected()
            return True
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key means in the annotator."""
        if self.pointer.busy and event.key() not in (Qt.Key.Key_Escape,):
            event.accept()
        elif not handle_key(self, event):
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

    def _proposal(self, at: tuple[float, float]) -> Proposal | None:
        """Return the proposal at a point, with the select tool where no mark is."""
        if self.board.tool is not Tool.SELECT or self.board.read_only:
            return None
        _, found = self.pointer.aim(*at, self._reach(), LIFT / self.view.scale)
        return self.proposals.at(*at) if found is None else None

    def _point(self, position: QPointF | None = None) -> None:
        """Show the pointer that says what a press would do."""
        if self._panning is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._hand:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self.looking:
            self.setCursor(Qt.CursorShape.ArrowCursor)
        else:
            at = position or QPointF(self.mapFromGlobal(self.cursor().pos()))
            aim, found = self.pointer.aim(*self._at(at), self._reach(), LIFT / self.view.scale)
            self.setCursor(cursor_for(aim, found))

    # Words for screen readers

    def _marks_changed(self) -> None:
        self._words_along()
        self._describe()
        self.update()

    def _selection_changed(self) -> None:
        if self.board.selected_ids:
            self.proposals.go(None)
        self._describe()
        self.update()

    def _tool_changed(self) -> None:
        self._point()
        self.update()

    def _describe(self) -> None:
        self.setAccessibleName(summary(self.board.marks, self.board.selected, self.board.style))
        self.setAccessibleDescription(KEYS_IN_WORDS)

    def _say(self, words: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint stage, picture, marks, and what shows the selection."""
        painter = QPainter(self)
        view, (width, height) = self.view, self.view.picture
        paint_stage(painter, QRectF(view.left, view.top, width * view.scale, height * view.scale), self.rect())
        marks = self.board.marks if self._looking is None else self._looking
        draft = self.pointer.draft
        self._layer.paint(painter, view, marks if draft is None else (*marks, draft), resting=self._resting)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        crop = draft if isinstance(draft, Crop) else crop_of(marks)
        if crop is not None:
            working = crop is draft or self.board.tool is Tool.CROP or crop.id in self.board.selected_ids
            paint_cut(painter, view, crop_box([crop], view.picture), working=working)
        if not self.looking:
            paint_proposals(painter, view, self.proposals)
            self._paint_drag(painter)
        if self._hint:
            paint_hint(painter, view, self._hint)
        if self.hasFocus() and self._ring:
            painter.setPen(QPen(color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_drag(self, painter: QPainter) -> None:
        board, pointer = self.board, self.pointer
        if pointer.band is not None:
            paint_band(painter, self.view, pointer.band)
        chosen = [mark for mark in board.selected if mark.id != self._words.mark_id]
        # While a drag snaps, handles would be in the way of what it snaps to; those of several marks would be too many.
        grips = len(board.selected_ids) == 1 and not board.read_only and not pointer.guides
        paint_selection(painter, self.view, chosen, board.style, grips=grips)
        paint_guides(painter, self.view, pointer.guides)
        if pointer.reading:
            paint_reading(painter, self.view, self._pointed, pointer.reading)
