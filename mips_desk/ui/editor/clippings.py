"""Copied marks. They stay inside the app: the clipboard of the computer only learns that there are some.

Other programs can read the clipboard, and its history can be kept; words of a label may not go there. So the clipboard
holds a random name under a type of our own, and what is copied in another program later takes its place as usual.
"""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from mips_desk.annotate.hit import extent, moved
from mips_desk.annotate.marks import Area, Crop, Mark, Step
from mips_desk.annotate.shapes import Style

if TYPE_CHECKING:
    from .board import Board

MIME = "application/x-mips-desk-marks"


class Clippings:
    """Marks copied last in an open practice."""

    def __init__(self) -> None:
        self._name = b""
        self._marks: tuple[Mark, ...] = ()

    def copy(self, marks: Sequence[Mark]) -> None:
        """Take a copy of some marks; a crop belongs to its picture and is left out."""
        self._marks = tuple(mark for mark in marks if not isinstance(mark, Crop))
        self._name = secrets.token_hex(8).encode()
        data = QMimeData()
        data.setData(MIME, self._name)
        QGuiApplication.clipboard().setMimeData(data)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What was copied last in this practice, empty when something else was copied after it."""
        data = QGuiApplication.clipboard().mimeData()
        name = bytes(data.data(MIME).data()) if data is not None and data.hasFormat(MIME) else b""
        return self._marks if name and name == self._name else ()


def cut_selected(board: "Board", clippings: Clippings) -> None:
    """Copy the selected marks and delete them."""
    if board.selected_ids and not board.read_only:
        clippings.copy(board.selected)
        board.remove_selected()


def fitted(marks: Sequence[Mark], style: Style, size: tuple[int, int]) -> tuple[Mark, ...]:
    """Return copies of marks for a picture: in their places where these are in it, else moved in as a group.

    Areas that reach out of the picture are cut at its edges.

    Args:
        marks: as copied.
        style: sizes of marks that leave theirs open, in that picture.
        size: its width and height.
    """
    if not marks:
        return ()
    rects = [extent(mark, style) for mark in marks]
    dx = _way_in(min(rect.x for rect in rects), max(rect.right for rect in rects), size[0])
    dy = _way_in(min(rect.y for rect in rects), max(rect.bottom for rect in rects), size[1])
    copies = []
    for mark in marks:
        copy: Mark = msgspec.structs.replace(moved(mark, dx, dy), id="")
        if isinstance(copy, Step):
            copy = msgspec.structs.replace(copy, number=0)
        if isinstance(copy, Area) and not getattr(copy, "angle", 0.0):
            left, top = max(copy.x, 0.0), max(copy.y, 0.0)
            right, bottom = min(copy.x + copy.width, float(size[0])), min(copy.y + copy.height, float(size[1]))
            if left < right and top < bottom:
                copy = msgspec.structs.replace(copy, x=left, y=top, width=right - left, height=bottom - top)
        copies.append(copy)
    return tuple(copies)


def _way_in(low: float, high: float, length: int) -> float:
    """Return how far to move something that lies outside wholly; nothing when a part of it is inside."""
    if high <= 0:
        return -low
    return length - high if low >= length else 0.0
