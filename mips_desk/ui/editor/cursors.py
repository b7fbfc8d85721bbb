"""The pointer that says what a press would do."""

from PySide6.QtCore import Qt

from mips_desk.annotate.hit import Handle, Hit

from .pointer import Aim

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
    Handle.TURN: Qt.CursorShape.PointingHandCursor,
}


def cursor_for(aim: Aim, found: Hit | None) -> Qt.CursorShape:
    """Return the pointer for what a press would do.

    Args:
        aim: what it would do.
        found: what it would hit.
    """
    return _GRIPS[found.handle] if found is not None and found.handle is not None else _CURSORS[aim]
