"""Editing a set of marks with unlimited undo and redo.

Marks are immutable and so is the tuple that holds them; an undo step therefore keeps the tuple before and the tuple
after. Nothing that an edit touches, numbers of steps included, can be forgotten by an undo. A step costs one pointer
per mark.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from mips_desk.annotate.marks import MAX_MARKS, WORDS, BaseMark, Crop, Mark, Step, new_id, renumbered
from mips_desk.errors import BadInputError


class Place(StrEnum):
    """Where marks go in the order of painting."""

    FRONT = "front"
    FORWARD = "forward"
    BACKWARD = "backward"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Edit:
    """One undo step.

    Attributes:
        name: as the menu says it, for example "Move arrow".
        before: all marks before it.
        after: all marks after it.
        drag: what continues in it (see `MarksDocument.replace`); empty when it stands alone.
    """

    name: str
    before: tuple[Mark, ...]
    after: tuple[Mark, ...]
    drag: str = ""


class MarksDocument:
    """The marks of one picture while they are edited.

    Args:
        marks: where the editing starts; marks without an id get one, steps are numbered 1 to n.
        changed: called without arguments after every change, undo and redo included.
    """

    def __init__(self, marks: Iterable[Mark] = (), changed: Callable[[], None] | None = None) -> None:
        self._marks = renumbered([_named(mark) for mark in marks])
        self._done: list[Edit] = []
        self._undone: list[Edit] = []
        self._open_drag = ""
        self._changed = changed

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All marks in the order of painting."""
        return self._marks

    @property
    def undo_name(self) -> str:
        """Name of the step that `undo` would revert, or empty when there is none."""
        return self._done[-1].name if self._done else ""

    @property
    def redo_name(self) -> str:
        """Name of the step that `redo` would apply again, or empty when there is none."""
        return self._undone[-1].name if self._undone else ""

    def mark(self, mark_id: str) -> Mark | None:
        """Return the mark with an id, or None."""
        return next((mark for mark in self._marks if mark.id == mark_id), None)

    def add(self, *marks: Mark, name: str = "") -> tuple[str, ...]:
        """Add marks on top as one step.

        Args:
            marks: what to add; a mark without an id, or with one that is taken, gets a new one. A step without a
                number becomes the last, one with a number takes that place and the others move up. A crop takes the
                place of the one before.
            name: name of the step; "Add arrow" or "Add 3 marks" by default.

        Returns:
            The ids of the added marks, in order.

        Raises:
            BadInputError: the picture would have more than `MAX_MARKS` marks; nothing was changed.
        """
        if len(self._marks) + len(marks) > MAX_MARKS:
            raise BadInputError(f"A picture can have {MAX_MARKS:,} marks; nothing was added.")
        taken = {mark.id for mark in self._marks}
        ids: list[str] = []
        after = self._marks
        for mark in marks:
            named = _named(mark, taken)
            taken.add(named.id)
            ids.append(named.id)
            if isinstance(named, Crop):
                after = tuple(other for other in after if not isinstance(other, Crop))
            after = _renumbered_around((*after, named), named)
        self._do(Edit(name or f"Add {_words(marks)}", self._marks, after))
        return tuple(ids)

    def remove(self, ids: Collection[str]) -> None:
        """Remove the marks with some ids as one step; unknown ids are ignored."""
        removed = [mark for mark in self._marks if mark.id in ids]
        kept = tuple(mark for mark in self._marks if mark.id not in ids)
        self._do(Edit(f"Delete {_words(removed)}", self._marks, renumbered(kept)))

    def replace(self, *marks: Mark, verb: str = "Change", drag: str = "") -> None:
        """Put changed marks in the place of those with the same ids, as one step.

        A step whose number was changed takes that place, and the others move.

        Args:
            marks: the marks as they are now; those with unknown ids are ignored.
            verb: what was done, for the name of the step: "Move", "Resize", "Restyle", "Edit".
            drag: a text that names a continuing drag or a run of key presses; edits in a row with the same text become
                one step, until `settle`, undo, redo or another edit.
        """
        changed = {mark.id: mark for mark in marks}
        before = {mark.id: mark for mark in self._marks}
        after = tuple(changed.get(mark.id, mark) for mark in self._marks)
        for mark in marks:
            old = before.get(mark.id)
            if isinstance(mark, Step) and isinstance(old, Step) and mark.number != old.number:
                after = _renumbered_around(after, mark)
        named = [mark for mark in marks if mark.id in before]
        self._do(Edit(f"{verb} {_words(named)}", self._marks, renumbered(after), drag))

    def reorder(self, ids: Collection[str], place: Place) -> None:
        """Move marks in the order of painting as one step; among themselves they keep their order.

        Args:
            ids: which; unknown ids are ignored.
            place: one step, or all the way.
        """
        chosen = [mark for mark in self._marks if mark.id in ids]
        if not chosen:
            return
        marks = [mark for mark in self._marks if mark.id not in ids]
        places = [at for at, mark in enumerate(self._marks) if mark.id in ids]
        match place:
            case Place.BACK:
                at = 0
            case Place.BACKWARD:
                at = max(places[0] - 1, 0)
            case Place.FORWARD:
                at = min(places[-1] - len(chosen) + 2, len(marks))
            case Place.FRONT:
                at = len(marks)
        self._do(Edit(f"Reorder {_words(chosen)}", self._marks, (*marks[:at], *chosen, *marks[at:])))

    def put_all(self, marks: Sequence[Mark], name: str) -> None:
        """Put other marks in the place of all, as one step; as from an earlier version.

        Args:
            marks: every one with an id.
            name: name of the step.
        """
        self._do(Edit(name, self._marks, renumbered(marks)))

    def settle(self) -> None:
        """End a continuing drag: the next edit is a step of its own."""
        self._open_drag = ""

    def undo(self) -> bool:
        """Revert the newest step; returns False when there is none."""
        if not self._done:
            return False
        edit = self._done.pop()
        self._undone.append(edit)
        self._open_drag = ""
        self._show(edit.before)
        return True

    def redo(self) -> bool:
        """Apply the step again that was reverted last; returns False when there is none."""
        if not self._undone:
            return False
        edit = self._undone.pop()
        self._done.append(edit)
        self._open_drag = ""
        self._show(edit.after)
        return True

    def _do(self, edit: Edit) -> None:
        if edit.after == self._marks:
            return
        if edit.drag and edit.drag == self._open_drag:
            first = self._done.pop()
            edit = Edit(edit.name, first.before, edit.after, edit.drag)
        self._undone.clear()
        self._open_drag = ""
        # A drag that came back to where it began leaves no step.
        if edit.after != edit.before:
            self._done.append(edit)
            self._open_drag = edit.drag
        self._show(edit.after)

    def _show(self, marks: tuple[Mark, ...]) -> None:
        self._marks = marks
        if self._changed is not None:
            self._changed()


def _named(mark: Mark, taken: Collection[str] = ()) -> Mark:
    return mark if mark.id and mark.id not in taken else msgspec.structs.replace(mark, id=new_id())


def _words(marks: Sequence[BaseMark]) -> str:
    return WORDS[type(marks[0])] if len(marks) == 1 else f"{len(marks)} marks"


def _renumbered_around(marks: tuple[Mark, ...], fixed: BaseMark) -> tuple[Mark, ...]:
    """Number the steps 1 to n, with one of them at the place that its number says."""
    if not isinstance(fixed, Step) or fixed.number == 0:
        return renumbered(marks)
    others = sorted(
        (mark.number, place) for place, mark in enumerate(marks) if isinstance(mark, Step) and mark.id != fixed.id
    )
    places = [place for _, place in others]
    own = next(place for place, mark in enumerate(marks) if mark.id == fixed.id)
    places.insert(min(fixed.number - 1, len(places)), own)
    result = list(marks)
    for number, place in enumerate(places, start=1):
        result[place] = msgspec.structs.replace(marks[place], number=number)
    return tuple(result)
