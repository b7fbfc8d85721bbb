"""What the keys mean in the annotator. Everything the pointer can do, they can do too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from mips_desk.annotate.marks import Step, Text

from .tools import Tool, made_in

if TYPE_CHECKING:
    from .canvas import Canvas

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_LETTERS = {int(Qt.Key[f"Key_{tool.key}"]): tool for tool in Tool}
#: How far Shift makes an arrow key go, in image pixels.
FAR = 10


def handle_key(canvas: Canvas, event: QKeyEvent) -> bool:
    """Do what a key means, wherever in the annotator the keyboard is.

    Args:
        canvas: the canvas.
        event: a key press that no text field wanted.

    Returns:
        False when the key means nothing here.
    """
    board = canvas.board
    if event.matches(QKeySequence.StandardKey.Undo):
        board.undo()
    elif event.matches(QKeySequence.StandardKey.Redo):
        board.redo()
    elif event.matches(QKeySequence.StandardKey.SelectAll):
        board.select([mark.id for mark in board.marks])
    elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return _control_key(canvas, event)
    elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
        return False
    else:
        return _move_key(canvas, event) or _plain_key(canvas, event)
    return True


def _far(event: QKeyEvent) -> int:
    return FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1


def _control_key(canvas: Canvas, event: QKeyEvent) -> bool:
    if event.key() == Qt.Key.Key_D:
        canvas.board.duplicate_selected()
    elif event.key() == Qt.Key.Key_Y:
        canvas.board.redo()
    elif (way := _ARROWS.get(Qt.Key(event.key()))) is not None and canvas.board.selected_ids:
        canvas.board.grow(way[0] * _far(event), way[1] * _far(event))
        canvas.show_selected()
    else:
        return False
    return True


def _move_key(canvas: Canvas, event: QKeyEvent) -> bool:
    """Arrow keys move the selected marks; without a selection they move the view."""
    way = _ARROWS.get(Qt.Key(event.key()))
    if way is None:
        return False
    if canvas.board.selected_ids:
        canvas.board.nudge(way[0] * _far(event), way[1] * _far(event))
        canvas.show_selected()
    else:
        canvas.pan_by(-way[0] * 40, -way[1] * 40)
    return True


def _plain_key(canvas: Canvas, event: QKeyEvent) -> bool:
    board, key = canvas.board, event.key()
    if (tool := _LETTERS.get(key)) is not None:
        board.set_tool(tool)
        return True
    match key:
        case Qt.Key.Key_Space:
            canvas.take_hand(True)
        case Qt.Key.Key_Escape:
            return _escape(canvas)
        case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
            board.remove_selected()
        case Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
            board.select_next(1 if key == Qt.Key.Key_PageDown else -1)
            canvas.show_selected()
        case Qt.Key.Key_Return | Qt.Key.Key_Enter:
            _enter(canvas)
        case Qt.Key.Key_F2:
            _type_words(canvas)
        case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
            canvas.zoom_in()
        case Qt.Key.Key_Minus:
            canvas.zoom_out()
        case Qt.Key.Key_0 | Qt.Key.Key_F:
            canvas.fit()
        case Qt.Key.Key_1:
            canvas.zoom_whole_pixels()
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
    board.add(mark)
    if board.tool is Tool.TEXT:
        _type_words(canvas)


def _type_words(canvas: Canvas) -> None:
    mark = canvas.board.only_selected
    if isinstance(mark, Text | Step):
        canvas.words_requested.emit(mark.id)
