"""What is being edited: the marks with their history, the selection, and the tool. Canvas and panels look at it."""

from collections.abc import Collection, Iterable
from dataclasses import replace

import msgspec
from PySide6.QtCore import QObject, Signal

from mips_desk.annotate.document import MarksDocument, Place
from mips_desk.annotate.hit import Handle, frame, handles, moved, resized, turned_by
from mips_desk.annotate.marks import (
    MAX_TEXT,
    Area,
    Crop,
    Freehand,
    Highlight,
    Mark,
    Reason,
    Redaction,
    Segment,
    Step,
    Text,
)
from mips_desk.annotate.shapes import default_style

from .clippings import fitted
from .describing import described
from .looks import Habits, Look, MarkSize, with_color, with_size
from .tools import Tool


class Board(QObject):
    """The marks of one picture while they are edited; also the `History` that the Edit menu offers meanwhile.

    Args:
        marks: where the editing starts.
        size: width and height of the upright picture in pixels.
        read_only: nothing can be changed.
        habits: the look that was used last, and where it is kept.

    Signals:
        changed(): the marks and what can be undone are different now.
        selection_changed(): other marks are selected.
        tool_changed(): another tool, color or reason is chosen.
        said(str): a few words for screen readers on what just happened.
    """

    changed = Signal()
    selection_changed = Signal()
    tool_changed = Signal()
    said = Signal(str)

    def __init__(
        self,
        marks: Iterable[Mark],
        size: tuple[int, int],
        *,
        read_only: bool = False,
        habits: Habits | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._habits = habits or Habits()
        self.size = size
        self.style = default_style(*size)
        self.read_only = read_only
        self._document = MarksDocument(marks, self._document_changed)
        self._selected: tuple[str, ...] = ()
        self._tool = Tool.SELECT
        self._look = self._habits.look
        self._runs = 0

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All marks in the order of painting."""
        return self._document.marks

    @property
    def selected_ids(self) -> tuple[str, ...]:
        """Ids of the selected marks."""
        return self._selected

    @property
    def selected(self) -> tuple[Mark, ...]:
        """The selected marks in the order of painting."""
        return tuple(mark for mark in self.marks if mark.id in self._selected)

    @property
    def only_selected(self) -> Mark | None:
        """The selected mark when there is exactly one."""
        chosen = self.selected
        return chosen[0] if len(chosen) == 1 else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The numbered steps by their numbers."""
        return tuple(sorted((m for m in self.marks if isinstance(m, Step)), key=lambda step: step.number))

    @property
    def tool(self) -> Tool:
        """The tool in hand."""
        return self._tool

    @property
    def look(self) -> Look:
        """How new marks look."""
        return self._look

    @property
    def can_share_look(self) -> bool:
        """The look is not that of the practice, and the person may make it that."""
        habits = self._habits
        shared = habits.of_practice or Look()
        return habits.may_share and not self.read_only and replace(self._look, reason=shared.reason) != shared

    @property
    def snaps(self) -> bool:
        """Marks come to rest at others while they are moved."""
        return self._habits.snaps

    @property
    def undo_text(self) -> str:
        """What "Undo" would take back, or empty."""
        return self._document.undo_name

    @property
    def redo_text(self) -> str:
        """What "Redo" would do again, or empty."""
        return self._document.redo_name

    def undo(self) -> None:
        """Take back the newest step."""
        name = self.undo_text
        if self._document.undo():
            self.said.emit(f"Undone: {name}")

    def redo(self) -> None:
        """Do the step that was taken back last again."""
        name = self.redo_text
        if self._document.redo():
            self.said.emit(f"Done again: {name}")

    def mark(self, mark_id: str) -> Mark | None:
        """Return the mark with an id, or None."""
        return self._document.mark(mark_id)

    def set_tool(self, tool: Tool) -> None:
        """Take a tool in hand."""
        if tool is not self._tool:
            self._tool = Tool.SELECT if self.read_only else tool
            self.tool_changed.emit()
            self.said.emit(self._tool.label)

    def select(self, ids: Collection[str]) -> None:
        """Select marks in the place of those selected before; a label left empty is deleted."""
        wanted = tuple(mark.id for mark in self.marks if mark.id in ids)
        if wanted == self._selected:
            return
        left = [self.mark(mark_id) for mark_id in self._selected if mark_id not in wanted]
        self._selected = wanted
        empty = [mark.id for mark in left if isinstance(mark, Text) and not mark.text.strip()]
        if empty:
            self._document.remove(empty)
        self._document.settle()
        self.selection_changed.emit()

    def select_all(self) -> None:
        """Select every mark but the crop, which is no thing on the picture."""
        self.select([mark.id for mark in self.marks if not isinstance(mark, Crop)])

    def select_next(self, direction: int, *, around: bool = True) -> bool:
        """Select the next (1) or previous (-1) mark in the order of painting.

        Args:
            direction: 1 or -1.
            around: go on at the other end.

        Returns:
            False when there is none; the selection is empty then.
        """
        ids = [mark.id for mark in self.marks]
        at = ids.index(self._selected[-1]) + direction if self._selected else (0 if direction > 0 else len(ids) - 1)
        if not ids or (not around and not 0 <= at < len(ids)):
            self.select(())
            return False
        self.select((ids[at % len(ids)],))
        mark = self.only_selected
        if mark is not None:
            self.said.emit(f"{described(mark, self.style)}, {ids.index(mark.id) + 1} of {len(ids)}")
        return True

    def add(self, mark: Mark) -> str:
        """Add a mark on top, select it, and return its id; nothing is added to a picture that is read only.

        Raises:
            BadInputError: the picture has as many marks as it can have.
        """
        if self.read_only:
            return ""
        (new,) = self._document.add(mark)
        self.select((new,))
        added = self.mark(new)
        if added is not None:
            self.said.emit(f"{described(added, self.style)} added")
        return new

    def add_all(self, marks: Collection[Mark], name: str) -> tuple[str, ...]:
        """Add marks on top as one step, without selecting them, and return their ids."""
        return () if self.read_only else self._document.add(*marks, name=name)

    def remove_selected(self) -> None:
        """Delete the selected marks."""
        if self._selected and not self.read_only:
            words = ", ".join(described(mark, self.style) for mark in self.selected)
            self._document.remove(self._selected)
            self.said.emit(f"{words} deleted")

    def duplicate_selected(self) -> None:
        """Add copies of the selected marks a little below and to the right, and select them."""
        offset = self.style.text_size
        self._add_copies([moved(mark, offset, offset) for mark in self.selected], "Duplicate")

    def paste(self, marks: Collection[Mark]) -> None:
        """Add copies of marks in their places, moved into the picture where these are outside, and select them."""
        copies = fitted(tuple(marks), self.style, self.size)
        taken = set(map(_without_id, self.marks))
        while copies and any(_without_id(copy) in taken for copy in copies):
            # On top of the ones they are copies of, they could not be seen.
            offset = self.style.text_size
            copies = tuple(moved(copy, offset, offset) for copy in copies)
        self._add_copies(copies, "Paste")

    def _add_copies(self, marks: Collection[Mark], name: str) -> None:
        copies = [msgspec.structs.replace(mark, id="") for mark in marks if not isinstance(mark, Crop)]
        copies = [msgspec.structs.replace(mark, number=0) if isinstance(mark, Step) else mark for mark in copies]
        if copies and not self.read_only:
            self.select(self._document.add(*copies, name=name))
            self.said.emit(f"{name}: {len(copies)} mark{'' if len(copies) == 1 else 's'}")

    def reorder_selected(self, place: Place) -> None:
        """Move the selected marks in the order of painting."""
        if not self.read_only:
            self._document.reorder(self._selected, place)

    def put_all(self, marks: Collection[Mark], name: str) -> None:
        """Put other marks in the place of all, as one step."""
        if not self.read_only:
            self.select(())
            self._document.put_all(tuple(marks), name)

    def begin_run(self) -> str:
        """Return a fresh name for a drag or a run of keys that shall be one step of the history."""
        self._runs += 1
        return f"run-{self._runs}"

    def settle(self) -> None:
        """End a drag: the next change is a step of its own."""
        self._document.settle()

    def put(self, marks: Iterable[Mark], verb: str, run: str = "") -> None:
        """Put changed marks in the place of those with the same ids; see `MarksDocument.replace`."""
        if not self.read_only:
            self._document.replace(*marks, verb=verb, drag=run)

    def nudge(self, dx: float, dy: float) -> None:
        """Move the selected marks by image pixels; key presses in a row are one step."""
        self.put([moved(mark, dx, dy) for mark in self.selected], "Move", f"nudge-{'-'.join(self._selected)}")

    def grow(self, dx: float, dy: float) -> None:
        """Move the lower right handle (the end of an arrow) of the selected marks by image pixels."""
        changed = []
        for mark in self.selected:
            handle = Handle.END if isinstance(mark, Segment) else Handle.BOTTOM_RIGHT
            # Of a label the right key sets where it wraps, the down key how large its letters are.
            if isinstance(mark, Text) and not dy:
                handle = Handle.RIGHT
            x, y = handles(mark, self.style)[handle]
            # Never through the other side: a key press that turns an area over would be a surprise.
            if isinstance(mark, Area | Freehand) and not getattr(mark, "angle", 0.0):
                rect = frame(mark, self.style)
                changed.append(resized(mark, handle, max(x + dx, rect.x + 1), max(y + dy, rect.y + 1), self.style))
            else:
                changed.append(resized(mark, handle, x + dx, y + dy, self.style))
        self.put(changed, "Resize", f"grow-{'-'.join(self._selected)}")

    def swell(self, by: float) -> None:
        """Make the selected marks larger on all sides, smaller below 0; lines at both ends."""
        changed: list[Mark] = []
        for mark in self.selected:
            middle = frame(mark, self.style).center
            now = mark
            if isinstance(mark, Segment):
                now = self._pushed(self._pushed(mark, Handle.START, by), Handle.END, by)
            elif isinstance(mark, Area):
                by_x, by_y = max(by, (1 - mark.width) / 2), max(by, (1 - mark.height) / 2)
                now = msgspec.structs.replace(
                    mark, x=mark.x - by_x, y=mark.y - by_y, width=mark.width + 2 * by_x, height=mark.height + 2 * by_y
                )
            else:
                now = self._pushed(mark, Handle.BOTTOM_RIGHT, 2 * by)
                if isinstance(now, Text | Freehand):
                    there = frame(now, self.style).center
                    now = moved(now, middle[0] - there[0], middle[1] - there[1])
            changed.append(now)
        self.put(changed, "Resize", f"swell-{'-'.join(self._selected)}")

    def _pushed(self, mark: Mark, handle: Handle, by: float) -> Mark:
        """Return a mark with a handle pushed away from its middle by some pixels in both directions."""
        rect = frame(mark, self.style)
        x, y = handles(mark, self.style)[handle]
        far = max(abs(x - rect.center[0]), abs(y - rect.center[1]), 1.0)
        x, y = x + (x - rect.center[0]) / far * by, y + (y - rect.center[1]) / far * by
        return resized(mark, handle, x, y, self.style)

    def turn(self, degrees: float) -> None:
        """Turn the selected marks, each around its middle; those that cannot turn stay."""
        marks = [turned_by(mark, degrees, self.style) for mark in self.selected]
        self.put(marks, "Turn", f"turn-{'-'.join(self._selected)}")

    def set_color(self, color: str) -> None:
        """Color the selected marks, and those that come after them."""
        if self._tool is Tool.HIGHLIGHT or any(isinstance(mark, Highlight) for mark in self.selected):
            self._look = replace(self._look, highlight=color)
        else:
            self._look = replace(self._look, color=color)
        self.put([with_color(mark, color) for mark in self.selected], "Restyle")
        self._look_changed()

    def set_size(self, size: MarkSize) -> None:
        """Make the selected marks thicker or thinner, larger or smaller, and those that come after them."""
        self._look = replace(self._look, size=size)
        self.put([with_size(mark, size, self.style) for mark in self.selected], "Restyle")
        self._look_changed()

    def follow_look(self, of_practice: Look | None) -> None:
        """Take in another look of the practice."""
        self._habits.follow(of_practice)
        self.tool_changed.emit()

    def set_snaps(self, snaps: bool) -> None:
        """Let marks come to rest at others while they are moved, or not."""
        self._habits.keep(self._look, snaps=snaps)

    def set_reason(self, reason: Reason) -> None:
        """Give the selected redactions, and those that come after them, a reason."""
        self._look = replace(self._look, reason=reason)
        self.put(
            [msgspec.structs.replace(mark, reason=reason) for mark in self.selected if isinstance(mark, Redaction)],
            "Change reason of",
        )
        self._look_changed()

    def set_text(self, mark_id: str, text: str) -> None:
        """Change the words of a label or the legend of a step; typing in a row is one step of the history."""
        mark = self.mark(mark_id)
        # What no mark can hold (control characters of a paste) would make the marks unreadable.
        text = "".join(c for c in text if c == "\n" or c.isprintable())[:MAX_TEXT]
        if isinstance(mark, Text | Step) and mark.text != text:
            self.put([msgspec.structs.replace(mark, text=text)], "Edit", f"text-{mark_id}")

    def _look_changed(self) -> None:
        self._habits.keep(self._look, snaps=self._habits.snaps)
        self.tool_changed.emit()

    def _document_changed(self) -> None:
        alive = {mark.id for mark in self.marks}
        kept = tuple(mark_id for mark_id in self._selected if mark_id in alive)
        fewer = kept != self._selected
        self._selected = kept
        self.changed.emit()
        if fewer:
            self.selection_changed.emit()


def _without_id(mark: Mark) -> Mark:
    return msgspec.structs.replace(mark, id="")
