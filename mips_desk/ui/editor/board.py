"""What is being edited: the marks with their history, the selection, and the tool. Canvas and panels look at it."""

import dataclasses
from collections.abc import Collection, Iterable

import msgspec
from PySide6.QtCore import QObject, Signal

from mips_desk.annotate.document import MarksDocument
from mips_desk.annotate.hit import Handle, handles, moved, resized
from mips_desk.annotate.marks import MAX_TEXT, WORDS, Area, Highlight, Mark, Reason, Redaction, Segment, Step, Text
from mips_desk.annotate.shapes import default_style

from .tools import REASONS, Look, Tool


class Board(QObject):
    """The marks of one picture while they are edited; also the `History` that the Edit menu offers meanwhile.

    Args:
        marks: where the editing starts.
        size: width and height of the upright picture in pixels.
        read_only: nothing can be changed.

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
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.size = size
        self.style = default_style(*size)
        self.read_only = read_only
        self._document = MarksDocument(marks, self._document_changed)
        self._selected: tuple[str, ...] = ()
        self._tool = Tool.SELECT
        self._look = Look()
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

    def select_next(self, direction: int) -> None:
        """Select the next (1) or previous (-1) mark in the order of painting, around the end."""
        ids = [mark.id for mark in self.marks]
        if not ids:
            return
        at = ids.index(self._selected[-1]) + direction if self._selected else (0 if direction > 0 else -1)
        self.select((ids[at % len(ids)],))
        mark = self.only_selected
        if mark is not None:
            self.said.emit(f"{described(mark)}, {ids.index(mark.id) + 1} of {len(ids)}")

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
            self.said.emit(f"{described(added)} added")
        return new

    def remove_selected(self) -> None:
        """Delete the selected marks."""
        if self._selected and not self.read_only:
            words = ", ".join(described(mark) for mark in self.selected)
            self._document.remove(self._selected)
            self.said.emit(f"{words} deleted")

    def duplicate_selected(self) -> None:
        """Add copies of the selected marks a little below and to the right, and select them."""
        if not self._selected or self.read_only:
            return
        offset = self.style.text_size
        copies = [msgspec.structs.replace(moved(mark, offset, offset), id="") for mark in self.selected]
        copies = [msgspec.structs.replace(mark, number=0) if isinstance(mark, Step) else mark for mark in copies]
        self.select(self._document.add(*copies, name="Duplicate"))

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
            x, y = handles(mark, self.style)[handle]
            # Never through the other side: a key press that turns an area over would be a surprise.
            if isinstance(mark, Area):
                x, y = max(x + dx, mark.x + 1), max(y + dy, mark.y + 1)
                changed.append(resized(mark, handle, x, y, self.style))
            else:
                changed.append(resized(mark, handle, x + dx, y + dy, self.style))
        self.put(changed, "Resize", f"grow-{'-'.join(self._selected)}")

    def set_color(self, color: str) -> None:
        """Color the selected marks, and those that come after them."""
        if self._tool is Tool.HIGHLIGHT or any(isinstance(mark, Highlight) for mark in self.selected):
            self._look = dataclasses.replace(self._look, highlight=color)
        else:
            self._look = dataclasses.replace(self._look, color=color)
        self.put(
            [msgspec.structs.replace(m, color=color) for m in self.selected if not isinstance(m, Redaction)], "Restyle"
        )
        self.tool_changed.emit()

    def set_reason(self, reason: Reason) -> None:
        """Give the selected redactions, and those that come after them, a reason."""
        self._look = dataclasses.replace(self._look, reason=reason)
        self.put(
            [msgspec.structs.replace(mark, reason=reason) for mark in self.selected if isinstance(mark, Redaction)],
            "Change reason of",
        )
        self.tool_changed.emit()

    def set_text(self, mark_id: str, text: str) -> None:
        """Change the words of a label or the legend of a step; typing in a row is one step of the history."""
        mark = self.mark(mark_id)
        # What no mark can hold (control characters of a paste) would make the marks unreadable.
        text = "".join(c for c in text if c == "\n" or c.isprintable())[:MAX_TEXT]
        if isinstance(mark, Text | Step) and mark.text != text:
            self.put([msgspec.structs.replace(mark, text=text)], "Edit", f"text-{mark_id}")

    def _document_changed(self) -> None:
        alive = {mark.id for mark in self.marks}
        kept = tuple(mark_id for mark_id in self._selected if mark_id in alive)
        fewer = kept != self._selected
        self._selected = kept
        self.changed.emit()
        if fewer:
            self.selection_changed.emit()


def described(mark: Mark) -> str:
    """Return a mark in words, for screen readers: "Redaction, name"."""
    words = WORDS[type(mark)].capitalize()
    if isinstance(mark, Redaction):
        return f"{words}, {REASONS[mark.reason].lower()}"
    if isinstance(mark, Step):
        return f"Step {mark.number}" + (f", {mark.text}" if mark.text else "")
    if isinstance(mark, Text):
        return f"{words}, {mark.text}"
    return words
