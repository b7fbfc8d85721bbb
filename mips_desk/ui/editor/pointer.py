"""What pressing, dragging and letting go do to the board. No widget: positions are image pixels."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from mips_desk.annotate.hit import Handle, Hit, area_between, hit, inside, moved, resized
from mips_desk.annotate.marks import Mark
from mips_desk.annotate.shapes import Rect

from .board import Board
from .tools import Tool, made

Point = tuple[float, float]


class Aim(StrEnum):
    """What a press at a point would do; the canvas shows a pointer for each."""

    SELECT = "select"
    MOVE = "move"
    RESIZE = "resize"
    DRAW = "draw"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class _Drag:
    """A drag that goes on.

    Attributes:
        start: where it began.
        tolerance: movement below this is a click, in image pixels.
        go: called with the point of the pointer and whether the drag is held straight.
    """

    start: Point
    tolerance: float
    go: Callable[[Point, bool], None]


class Pointer:
    """Turns the pointer's way into changes of a board.

    Attributes:
        draft: the mark that is being drawn, not on the board yet.
        band: the rubber band of the select tool.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._drag: _Drag | None = None
        self._before: tuple[Mark, ...] | None = None
        self._run = ""
        self.draft: Mark | None = None
        self.band: Rect | None = None

    @property
    def busy(self) -> bool:
        """A drag goes on."""
        return self._drag is not None

    def aim(self, x: float, y: float, tolerance: float) -> tuple[Aim, Hit | None]:
        """Return what a press at a point would do, and what it would hit.

        With a drawing tool only the selected marks can be taken hold of, so that a new mark can begin anywhere else.

        Args:
            x: of the point.
            y: of the point.
            tolerance: how far beside a mark the point may be, in image pixels.
        """
        board = self._board
        tool = board.tool
        among = board.marks if tool is Tool.SELECT else board.selected
        found = None if board.read_only else hit(among, x, y, tolerance, board.style, board.selected_ids)
        if found is not None:
            return (Aim.MOVE if found.handle is None else Aim.RESIZE), found
        if tool is Tool.SELECT:
            return Aim.SELECT, None
        return (Aim.PLACE if tool.places else Aim.DRAW), None

    def press(self, x: float, y: float, tolerance: float, *, extend: bool = False) -> None:
        """Begin at a point.

        Args:
            x: of the point.
            y: of the point.
            tolerance: see `aim`.
            extend: add to the selection, or take out of it.
        """
        board = self._board
        aim, found = self.aim(x, y, tolerance)
        start = (x, y)
        self._before = None
        if found is not None:
            chosen = self._chosen(found, extend)
            board.select(chosen)
            if found.mark_id not in chosen:
                return
            act = self._resizing(found.mark_id, found.handle) if found.handle is not None else self._moving(start)
            self._drag = _Drag(start, tolerance, act)
        elif aim is Aim.PLACE:
            mark = made(board.tool, start, start, board.look)
            if mark is not None and _in(start, board.size):
                board.add(mark)
                self._drag = _Drag(start, tolerance, self._moving(start))
        elif aim is Aim.DRAW:
            board.select(())
            self._drag = _Drag(start, tolerance, self._drawing(start))
        else:
            kept = board.selected_ids if extend else ()
            board.select(kept)
            self._drag = _Drag(start, tolerance, self._banding(start, kept))

    def move(self, x: float, y: float, *, straight: bool = False) -> None:
        """Go on to a point; straight keeps areas square and lines at multiples of 45 degrees."""
        if self._drag is not None:
            self._drag.go((x, y), straight)

    def release(self) -> None:
        """End at the point where the pointer was last."""
        drag, draft = self._drag, self.draft
        self._drag, self.draft, self.band = None, None, None
        self._board.settle()
        if drag is not None and draft is not None:
            self._board.add(draft)

    def cancel(self) -> None:
        """Give up the drag; what it moved or resized goes back."""
        if self._drag is None:
            return
        self._drag, self.draft, self.band = None, None, None
        if self._before is not None:
            # Under the name of its own run, so that not even a step of the history is left.
            self._board.put(self._before, "Move", self._run)
        self._board.settle()

    def _chosen(self, found: Hit, extend: bool) -> tuple[str, ...]:
        ids = self._board.selected_ids
        if not extend:
            return ids if found.mark_id in ids else (found.mark_id,)
        return tuple(i for i in ids if i != found.mark_id) if found.mark_id in ids else (*ids, found.mark_id)

    def _moving(self, start: Point) -> Callable[[Point, bool], None]:
        board = self._board
        run = self._run = board.begin_run()
        self._before = originals = board.selected
        clicked = True

        def go(point: Point, straight: bool) -> None:
            nonlocal clicked
            dx, dy = point[0] - start[0], point[1] - start[1]
            # A trembling click must not move a mark.
            clicked = clicked and self._drag is not None and math.hypot(dx, dy) < self._drag.tolerance
            if clicked:
                return
            if straight:
                dx, dy = (dx, 0.0) if abs(dx) > abs(dy) else (0.0, dy)
            board.put([moved(mark, dx, dy) for mark in originals], "Move", run)

        return go

    def _resizing(self, mark_id: str, handle: Handle | None) -> Callable[[Point, bool], None]:
        board = self._board
        run = self._run = board.begin_run()
        original = board.mark(mark_id)
        self._before = (original,) if original is not None else None

        def go(point: Point, straight: bool) -> None:
            if original is not None and handle is not None:
                board.put([resized(original, handle, *point, board.style)], "Resize", run)

        return go

    def _drawing(self, start: Point) -> Callable[[Point, bool], None]:
        board = self._board

        def go(point: Point, straight: bool) -> None:
            end = _straightened(start, point, line=board.tool in (Tool.ARROW, Tool.LINE)) if straight else point
            far = self._drag is not None and math.dist(start, end) >= self._drag.tolerance
            self.draft = made(board.tool, start, end, board.look) if far else None

        return go

    def _banding(self, start: Point, kept: tuple[str, ...]) -> Callable[[Point, bool], None]:
        board = self._board

        def go(point: Point, straight: bool) -> None:
            self.band = area_between(*start, *point)
            board.select((*kept, *inside(board.marks, self.band, board.style)))

        return go


def _straightened(start: Point, end: Point, *, line: bool) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    if not line:
        side = max(abs(dx), abs(dy))
        return start[0] + math.copysign(side, dx), start[1] + math.copysign(side, dy)
    angle = round(math.atan2(dy, dx) / (math.pi / 4)) * math.pi / 4
    length = math.hypot(dx, dy)
    return start[0] + length * math.cos(angle), start[1] + length * math.sin(angle)


def _in(point: Point, size: tuple[int, int]) -> bool:
    return 0 <= point[0] <= size[0] and 0 <= point[1] <= size[1]
