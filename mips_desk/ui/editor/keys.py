"""What the keys mean in the annotator. Everything the pointer can do, they can do too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from mips_desk.annotate.document import Place
from mips_desk.annotate.hit import extent, moved
from mips_desk.annotate.marks import Crop, Mark, Redaction, Step, Text
from mips_desk.annotate.shapes import Rect

from .clippings import cut_selected
from .tools import REASON_KEYS, Tool, made_in

if TYPE_CHECKING:
    from .board import Board
    from .canvas import Canvas

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_LETTERS = {int(Qt.Key[f"Key_{tool.key}"]): tool for tool in Tool}
_REASONS = {int(Qt.Key[f"Key_{digit}"]): reason for reason, digit in REASON_KEYS.items()}
#: Keys of the order of painting, with and without Shift: on most keyboards Shift turns brackets into braces.
_ORDER = {
    Qt.Key.Key_BracketRight: Place.FORWARD,
    Qt.Key.Key_BracketLeft: Place.BACKWARD,
    Qt.Key.Key_BraceRight: Place.FRONT,
    Qt.Key.Key_BraceLeft: Place.BACK,
}
_ALL_THE_WAY = {Place.FORWARD: Place.FRONT, Place.BACKWARD: Place.BACK}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
#: How many times as far Shift makes an arrow key go, and how far a turn, in degrees.
FAR, FAR_TURN = 10, 15


def handle_key(canvas: Canvas, event: QKeyEvent) -> bool:
    """Do what a key means, wherever in the annotator the keyboard is.

    Args:
        canvas: the canvas.
        event: a key press that no text field wanted.

    Returns:
        False when the key means nothing here.
    """
    if canvas.looking:
        return _view_key(canvas, event)
    board = canvas.board
    if event.matches(QKeySequence.StandardKey.Undo):
        board.undo()
    elif event.matches(QKeySequence.StandardKey.Redo):
        board.redo()
    elif event.matches(QKeySequence.StandardKey.SelectAll):
        board.select_all()
    elif event.matches(QKeySequence.StandardKey.Copy):
        if board.selected_ids:
            canvas.clippings.copy(board.selected)
    elif event.matches(QKeySequence.StandardKey.Cut):
        cut_selected(board, canvas.clippings)
    elif event.matches(QKeySequence.StandardKey.Paste):
        board.paste(canvas.clippings.marks)
    elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return _control_key(canvas, event)
    elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
        return _turn_key(canvas, event)
    else:
        return _proposal_key(canvas, event) or _mark_key(canvas, event) or _view_key(canvas, event)
    return True


def _far(canvas: Canvas, event: QKeyEvent) -> int:
    """How far an arrow key goes in image pixels: a pixel of the screen, so that it can be seen, but at least one."""
    seen = max(1, round(1 / canvas.view.scale))
    return FAR * seen if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else seen


def _control_key(canvas: Canvas, event: QKeyEvent) -> bool:
    board, key = canvas.board, Qt.Key(event.key())
    if key == Qt.Key.Key_D:
        board.duplicate_selected()
    elif key == Qt.Key.Key_Y:
        board.redo()
    elif (place := _ORDER.get(key)) is not None:
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        board.reorder_selected(_ALL_THE_WAY.get(place, place) if shifted else place)
    elif key in _ENTER and (proposal := canvas.proposals.current) is not None:
        if proposal.column:
            canvas.proposals.accept_column(proposal.column)
    elif (way := _ARROWS.get(key)) is not None and board.selected_ids:
        far = _far(canvas, event)
        board.grow(way[0] * far, way[1] * far)
        canvas.show_selected()
    else:
        return False
    return True


def _proposal_key(canvas: Canvas, event: QKeyEvent) -> bool:
    """Go through what is proposed: full stop and comma; with one in hand, Enter covers it and Delete dismisses it."""
    proposals, key = canvas.proposals, event.key()
    if key in (Qt.Key.Key_Period, Qt.Key.Key_Greater) and proposals.open:
        proposals.go_on(1)
    elif key in (Qt.Key.Key_Comma, Qt.Key.Key_Less) and proposals.open:
        proposals.go_on(-1)
    elif (current := proposals.current) is None or canvas.board.read_only:
        return False
    elif key in _ENTER and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        proposals.accept_kind(current.kind)
    elif key in _ENTER:
        proposals.accept()
    elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        proposals.dismiss()
    elif key == Qt.Key.Key_Escape:
        proposals.go(None)
    else:
        return False
    return True


def _mark_key(canvas: Canvas, event: QKeyEvent) -> bool:
    """Change the selected marks."""
    board, key = canvas.board, event.key()
    if (reason := _REASONS.get(key)) is not None and _redacting(canvas):
        board.set_reason(reason)
        return True
    if not board.selected_ids:
        return False
    if (way := _ARROWS.get(Qt.Key(key))) is not None:
        far = _far(canvas, event)
        board.nudge(way[0] * far, way[1] * far)
        canvas.show_selected()
        return True
    match key:
        case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
            board.swell(_step(board))
        case Qt.Key.Key_Minus | Qt.Key.Key_Underscore:
            board.swell(-_step(board))
        case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
            board.remove_selected()
        case _:
            return False
    return True


def _step(board: Board) -> int:
    """How far plus and minus go: about half the width of a line, so that it can be seen in any picture."""
    return max(1, round(board.style.stroke / 2))


def _turn_key(canvas: Canvas, event: QKeyEvent) -> bool:
    """Alt with the arrow keys to the left and right turns the selected marks."""
    way = _ARROWS.get(Qt.Key(event.key()), (0, 0))[0]
    if not way or not canvas.board.selected_ids:
        return False
    far = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
    canvas.board.turn(way * (FAR_TURN if far else 1))
    return True


def _redacting(canvas: Canvas) -> bool:
    chosen = canvas.board.selected
    if not chosen:
        return canvas.board.tool is Tool.REDACTION
    return any(isinstance(mark, Redaction) for mark in chosen)


def _view_key(canvas: Canvas, event: QKeyEvent) -> bool:
    """Choose a tool, add its mark, go from mark to mark, zoom and pan."""
    board, key = canvas.board, event.key()
    if (way := _ARROWS.get(Qt.Key(key))) is not None:
        canvas.pan_by(-way[0] * 40, -way[1] * 40)
        return True
    shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    match key:
        case Qt.Key.Key_Space:
            canvas.take_hand(True)
        case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
            canvas.zoom_in()
        case Qt.Key.Key_Minus | Qt.Key.Key_Underscore:
            canvas.zoom_out()
        case Qt.Key.Key_Z:
            canvas.zoom_out() if shifted else canvas.zoom_in()
        case Qt.Key.Key_0:
            canvas.fit()
        case Qt.Key.Key_1:
            canvas.zoom_whole_pixels()
        case _ if canvas.looking:
            return False
        case Qt.Key.Key_F if shifted:
            canvas.find_requested.emit()
        case Qt.Key.Key_F:
            canvas.fit()
        case Qt.Key.Key_Escape:
            return _escape(canvas)
        case Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
            board.select_next(1 if key == Qt.Key.Key_PageDown else -1)
            canvas.show_selected()
        case Qt.Key.Key_Return | Qt.Key.Key_Enter:
            _enter(canvas)
        case Qt.Key.Key_F2:
            _type_words(canvas)
        case _ if key in _LETTERS:
            board.set_tool(_LETTERS[key])
        case _:
            return False
    return True


def _escape(canvas: Canvas) -> bool:
    """Give up one thing at a time: the drag, the selection, the tool."""
    board = canvas.board
    if canvas.pointer.busy:
        canvas.pointer.cancel()
        canvas.update()
    elif board.selected_ids:
        board.select(())
    elif board.tool is not Tool.SELECT:
        board.set_tool(Tool.SELECT)
    else:
        return False
    return True


def _enter(canvas: Canvas) -> None:
    """Add the tool's mark in the middle of what is visible; with the select tool, type words."""
    board = canvas.board
    mark = made_in(board.tool, canvas.view.visible(), board.style, board.look)
    if mark is None:
        _type_words(canvas)
        return
    if board.read_only:
        return
    new = board.add(mark if isinstance(mark, Crop) else _beside_others(board, mark, canvas.view.visible()))
    if board.tool is Tool.CROP:
        board.set_tool(Tool.SELECT)
    canvas.type_words(new)


def _beside_others(board: Board, mark: Mark, visible: Rect) -> Mark:
    """Return a mark moved down, or else up, to where it lies on no other one; as it is when there is no such place."""
    others = [extent(other, board.style) for other in board.marks if not isinstance(other, Crop)]
    rect = extent(mark, board.style)
    way = rect.height + board.style.stroke
    for step in (way, -way):
        dy = 0.0
        while visible.y <= rect.y + dy and rect.bottom + dy <= visible.bottom:
            there = Rect(rect.x, rect.y + dy, rect.width, rect.height)
            if not any(there.meets(other) for other in others):
                return moved(mark, 0, dy)
            dy += step
    return mark


def _type_words(canvas: Canvas) -> None:
    mark = canvas.board.only_selected
    if isinstance(mark, Text | Step):
        canvas.words_requested.emit(mark.id)
