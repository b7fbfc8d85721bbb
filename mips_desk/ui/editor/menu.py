"""The menu of the canvas: what can be done with the selected marks, for those who look for it with the right button."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from mips_desk.annotate.document import Place
from mips_desk.annotate.marks import Step, Text

from .board import Board
from .clippings import Clippings, cut_selected

if TYPE_CHECKING:
    from .canvas import Canvas

#: Words and keys of the four ways in the order of painting.
PLACES = {
    Place.FRONT: ("Bring to front", "Ctrl+Shift+]"),
    Place.FORWARD: ("Bring forward", "Ctrl+]"),
    Place.BACKWARD: ("Send backward", "Ctrl+["),
    Place.BACK: ("Send to back", "Ctrl+Shift+["),
}


def marks_menu(board: Board, clippings: Clippings, canvas: "Canvas") -> QMenu:
    """Return a menu for the marks that are selected now.

    Args:
        board: what is edited.
        clippings: copied marks.
        canvas: gets `words_requested` for "Edit text".
    """
    menu = QMenu(canvas)
    menu.setObjectName("marks_menu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    chosen, free = bool(board.selected_ids), not board.read_only

    def add(words: str, keys: str, run: Callable[[], object], *, enabled: bool) -> None:
        # The keys are shown only: the canvas handles them itself.
        action = menu.addAction(f"{words}\t{keys}")
        action.triggered.connect(lambda _checked=False: run())
        action.setEnabled(enabled)

    mark = board.only_selected
    if isinstance(mark, Text | Step):
        words = "Edit text" if isinstance(mark, Text) else "Edit legend"
        add(words, "F2", lambda: canvas.words_requested.emit(mark.id), enabled=free)
        menu.addSeparator()
    add("Cut marks", "Ctrl+X", partial(cut_selected, board, clippings), enabled=chosen and free)
    add("Copy marks", "Ctrl+C", lambda: clippings.copy(board.selected), enabled=chosen)
    add("Paste marks", "Ctrl+V", lambda: board.paste(clippings.marks), enabled=free and bool(clippings.marks))
    add("Duplicate", "Ctrl+D", board.duplicate_selected, enabled=chosen and free)
    menu.addSeparator()
    for place, (words, keys) in PLACES.items():
        add(words, keys, partial(board.reorder_selected, place), enabled=chosen and free)
    menu.addSeparator()
    add("Select all", "Ctrl+A", board.select_all, enabled=bool(board.marks))
    add("Delete", "Del", board.remove_selected, enabled=chosen and free)
    return menu
