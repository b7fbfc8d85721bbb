"""What pressing, dragging and letting go do to the board. No widget: positions are image pixels."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from msgspec.structs import replace

from mips_desk.annotate.freehand import simplified
from mips_desk.annotate.hit import Handle, Hit, angle_of, area_between, hit, inside, moved, resized, straightened
from mips_desk.annotate.marks import MAX_POINTS, Area, Mark, Redaction
from mips_desk.annotate.shapes import Rect

from .board import Board
from .snapping import Guide, Lines, around, lines_of, snapped_move, snapped_point
from .tools import Tool, drawn, made

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
        tolerance: movement below this is a click, in image pixels; snapping reaches as far.
        go: called with the point of the pointer, whether the drag is held straight, and whether it may snap.
    """

    start: Point
    tolerance: float
    go: Callable[[Point, bool, bool], None]


#: Handles that move only from left to right, and only from top to bottom.
_ACROSS = (Handle.LEFT, Handle.RIGHT)
_DOWN = (Handle.TOP, Handle.BOTTOM)


class Pointer:
    """Turns the pointer's way into changes of a board.

    Attributes:
        draft: the mark that is being drawn, not on the board yet.
        band: the rubber band of the select tool.
        guides: what the drag snapped to.
        reading: the size of the area that is drawn or resized in image pixels, or the angle to which a mark is turned;
            empty when there is nothing to read.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._drag: _Drag | None = None
        self._before: tuple[Mark, ...] | None = None
        self._run = ""
        self.draft: Mark | None = None
        self.band: Rect | None = None
        self.guides: tuple[Guide, ...] = ()
        self.reading = ""

    @property
    def busy(self) -> bool:
        """A drag goes on."""
        return self._drag is not None

    def aim(self, x: float, y: float, tolerance: float, lift: float = 0.0) -> tuple[Aim, Hit | None]:
        """Return what a press at a point would do, and what it would hit.

        With a drawing tool only the ink and the handles of the selected marks can be taken hold of, so that a new mark
        can begin anywhere else, also inside a box.

        Args:
            x: of the point.
            y: of the point.
            tolerance: how far beside a mark the point may be, in image pixels.
            lift: see `hit.handles`.
        """
        board = self._board
        tool = board.tool
        free = tool is Tool.SELECT
        among = board.marks if free else board.selected
        found = hit(among, x, y, tolerance, board.style, board.selected_ids, lift, around=free)
        if board.read_only:
            found = None
        if found is not None:
            return (Aim.MOVE if found.handle is None else Aim.RESIZE), found
        if tool is Tool.SELECT:
            return Aim.SELECT, None
        return (Aim.PLACE if tool.places else Aim.DRAW), None

    def press(self, x: float, y: float, tolerance: float, lift: float = 0.0, *, extend: bool = False) -> None:
        """Begin at a point.

        Args:
            x: of the point.
            y: of the point.
            tolerance: see `aim`.
            lift: see `aim`.
            extend: add to the selection, or take out of it.
        """
        board = self._board
        aim, found = self.aim(x, y, tolerance, lift)
        start = (x, y)
        self._before = None
        if found is not None:
            chosen = self._chosen(found, extend and found.handle is None)
            board.select(chosen)
            if found.mark_id not in chosen:
                return
            act = self._resizing(found.mark_id, found.handle) if found.handle is not None else self._moving(start)
            self._drag = _Drag(start, tolerance, act)
        elif aim is Aim.PLACE:
            if not _in(start, board.size):
                return
            board.select(())
            # Drawn out, a label gets its width.
            self.draft = made(board.tool, start, start, board.look, board.style)
            self._drag = _Drag(start, tolerance, self._placing(start))
        elif aim is Aim.DRAW:
            board.select(())
            act = self._drawing_freely(start) if board.tool is Tool.FREEHAND else self._drawing(start)
            self._drag = _Drag(start, tolerance, act)
        else:
            kept = board.selected_ids if extend else ()
            board.select(kept)
            self._drag = _Drag(start, tolerance, self._banding(start, kept))

    def move(self, x: float, y: float, *, straight: bool = False, free: bool = False) -> None:
        """Go on to a point.

        Args:
            x: of the point.
            y: of the point.
            straight: keep areas square, lines at multiples of 45 degrees, turns at multiples of 15.
            free: do not snap.
        """
        if self._drag is not None:
            self.guides = ()
            self._drag.go((x, y), straight, self._board.snaps and not free)

    def release(self) -> str:
        """End at the point where the pointer was last.

        Returns:
            The id of the mark that was added, or empty.
        """
        drag, draft = self._drag, self.draft
        self._clear()
        self._board.settle()
        if drag is None or draft is None:
            return ""
        new = self._board.add(draft)
        if self._board.tool is Tool.CROP:
            # A picture has one, so the next drag will mean another thing.
            self._board.set_tool(Tool.SELECT)
        return new

    def cancel(self) -> None:
        """Give up the drag; what it moved or resized goes back."""
        if self._drag is None:
            return
        self._clear()
        if self._before is not None:
            # Under the name of its own run, so that not even a step of the history is left.
            self._board.put(self._before, "Move", self._run)
        self._board.settle()

    def _clear(self) -> None:
        self._drag, self.draft, self.band, self.guides, self.reading = None, None, None, (), ""

    def _chosen(self, found: Hit, extend: bool) -> tuple[str, ...]:
        ids = self._board.selected_ids
        if not extend:
            return ids if found.mark_id in ids else (found.mark_id,)
        return tuple(i for i in ids if i != found.mark_id) if found.mark_id in ids else (*ids, found.mark_id)

    def _lines(self, moving: tuple[str, ...] = ()) -> Lines:
        board = self._board
        return lines_of(board.marks, board.style, board.size, moving)

    def _reach(self) -> float:
        return self._drag.tolerance if self._drag is not None else 0.0

    def _moving(self, start: Point) -> Callable[[Point, bool, bool], None]:
        board = self._board
        run = self._run = board.begin_run()
        self._before = originals = board.selected
        lines, rect = self._lines(board.selected_ids), around(originals, board.style)
        # A bar stays exactly where it is put: a few pixels aside it could show a letter of what it covers.
        covers = any(isinstance(mark, Redaction) for mark in originals)
        clicked = True

        def go(point: Point, straight: bool, snap: bool) -> None:
            nonlocal clicked
            dx, dy = point[0] - start[0], point[1] - start[1]
            # A trembling click must not move a mark.
            clicked = clicked and math.hypot(dx, dy) < self._reach()
            if clicked:
                return
            if straight:
                dx, dy = (dx, 0.0) if abs(dx) > abs(dy) else (0.0, dy)
            elif snap and rect is not None and not covers:
                there = Rect(rect.x + dx, rect.y + dy, rect.width, rect.height)
                more_x, more_y, self.guides = snapped_move(there, lines, self._reach())
                dx, dy = dx + more_x, dy + more_y
            board.put([moved(mark, dx, dy) for mark in originals], "Move", run)

        return go

    def _resizing(self, mark_id: str, handle: Handle | None) -> Callable[[Point, bool, bool], None]:
        board = self._board
        run = self._run = board.begin_run()
        original = board.mark(mark_id)
        self._before = (original,) if original is not None else None
        lines = self._lines((mark_id,))
        turning = handle is Handle.TURN

        def go(point: Point, straight: bool, snap: bool) -> None:
            if original is None or handle is None:
                return
            changed = resized(original, handle, *point, board.style, straight=straight)
            if snap and not straight and not turning and not angle_of(original):
                across, down = handle not in _DOWN, handle not in _ACROSS
                point, self.guides = snapped_point(point, lines, self._reach(), across=across, down=down)
                snapped = resized(original, handle, *point, board.style, straight=straight)
                changed = _covering(changed, snapped) if isinstance(changed, Redaction) else snapped
            self.reading = f"{round(angle_of(changed))}°" if turning and angle_of(changed) else _size_of(changed)
            board.put([changed], "Turn" if turning else "Resize", run)

        return go

    def _placing(self, start: Point) -> Callable[[Point, bool, bool], None]:
        board = self._board

        def go(point: Point, straight: bool, snap: bool) -> None:
            # A step goes where the pointer lets it go; of a label the press is its left top.
            step = board.tool is Tool.STEP
            self.draft = made(board.tool, point if step else start, point, board.look, board.style)

        return go

    def _drawing(self, start: Point) -> Callable[[Point, bool, bool], None]:
        board = self._board
        lines = self._lines()
        area = not board.tool.straightens

        def go(point: Point, straight: bool, snap: bool) -> None:
            begin, end = start, point
            if straight:
                end = straightened(start, point) if board.tool.straightens else _squared(start, point)
            elif snap and area:
                # Both corners of an area snap, so that bars over a column are equally wide.
                begin, guides = snapped_point(start, lines, self._reach())
                end, more = snapped_point(point, lines, self._reach())
                self.guides = (*guides, *more)
            far = math.dist(start, point) >= self._reach()
            self.draft = made(board.tool, begin, end, board.look, board.style) if far else None
            if isinstance(self.draft, Redaction) and (begin, end) != (start, point):
                drawn_there = made(board.tool, start, point, board.look, board.style)
                self.draft = _covering(drawn_there, self.draft)
            if not isinstance(self.draft, Area):
                self.guides = ()
            self.reading = _size_of(self.draft)

        return go

    def _drawing_freely(self, start: Point) -> Callable[[Point, bool, bool], None]:
        board = self._board
        way = [start]

        def go(point: Point, straight: bool, snap: bool) -> None:
            way.append(point)
            # A fifth of the reach is about one and a half pixels of the screen.
            points = simplified((start, point) if straight else way, self._reach() / 5, MAX_POINTS)
            self.draft = drawn(points, board.look, board.style) if len(points) > 1 else None

        return go

    def _banding(self, start: Point, kept: tuple[str, ...]) -> Callable[[Point, bool, bool], None]:
        board = self._board

        def go(point: Point, straight: bool, snap: bool) -> None:
            self.band = area_between(*start, *point)
            board.select((*kept, *inside(board.marks, self.band, board.style)))

        return go


def _squared(start: Point, end: Point) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    side = max(abs(dx), abs(dy))
    return start[0] + math.copysign(side, dx), start[1] + math.copysign(side, dy)


def _size_of(mark: Mark | None) -> str:
    return f"{round(mark.width)} × {round(mark.height)}" if isinstance(mark, Area) else ""


def _in(point: Point, size: tuple[int, int]) -> bool:
    return 0 <= point[0] <= size[0] and 0 <= point[1] <= size[1]


def _covering(drawn_there: Mark | None, snapped: Mark) -> Mark:
    """Return a bar over both what was drawn and what it snapped to: snapping never uncovers what the person covered."""
    if not isinstance(drawn_there, Redaction) or not isinstance(snapped, Redaction):
        return snapped
    left, top = min(drawn_there.x, snapped.x), min(drawn_there.y, snapped.y)
    right = max(drawn_there.x + drawn_there.width, snapped.x + snapped.width)
    bottom = max(drawn_there.y + drawn_there.height, snapped.y + snapped.height)
    return replace(snapped, x=left, y=top, width=right - left, height=bottom - top)
