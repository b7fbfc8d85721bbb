"""Undo and redo of commands on the vault, in the order in which they were made.

Every command returns `Changes` with a way back. The stack hears them on the bus, so no page has to remember to
register anything. An editor with a history of its own (the annotator) offers the same four members as `History`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from mips_desk.services.changes import Changes

from .events import Events
from .jobs import Jobs

#: Steps that are kept.
LIMIT = 200


class History(Protocol):
    """What the Edit menu needs: words (empty when there is nothing), the two acts, and a signal without arguments."""

    changed: SignalInstance

    @property
    def undo_text(self) -> str:
        """What "Undo" would take back, or empty."""

    @property
    def redo_text(self) -> str:
        """What "Redo" would do again, or empty."""

    def undo(self) -> None:
        """Take back the newest step."""

    def redo(self) -> None:
        """Do the step that was taken back last again."""


@dataclass(frozen=True, slots=True)
class _Step:
    label: str
    run: Callable[[], Changes]


class UndoStack(QObject):
    """The history of a vault that is open.

    Signals:
        changed(): what can be undone or redone is different now.
    """

    changed = Signal()

    def __init__(self, jobs: Jobs, events: Events, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self._busy = False
        events.changed.connect(self._record)

    @property
    def undo_text(self) -> str:
        """What "Undo" would take back, or empty."""
        return self._undo[-1].label if self._undo and not self._busy else ""

    @property
    def redo_text(self) -> str:
        """What "Redo" would do again, or empty."""
        return self._redo[-1].label if self._redo and not self._busy else ""

    def undo(self) -> None:
        """Take back the newest command; nothing happens when there is none."""
        self._go(self._undo, self._redo)

    def redo(self) -> None:
        """Do the command that was taken back last again; nothing happens when there is none."""
        self._go(self._redo, self._undo)

    def clear(self) -> None:
        """Forget everything, when another vault is opened or this one is locked."""
        self._undo.clear()
        self._redo.clear()
        self.changed.emit()

    def _record(self, changes: Changes, initiator: object) -> None:
        if initiator is self or changes.undo is None:
            return
        self._undo.append(_Step(changes.label, changes.undo))
        del self._undo[:-LIMIT]
        self._redo.clear()
        self.changed.emit()

    def _go(self, source: list[_Step], target: list[_Step]) -> None:
        if self._busy or not source:
            return
        step = source.pop()
        self._busy = True

        def done(changes: Changes) -> Any:
            if changes.undo is not None:
                target.append(_Step(step.label, changes.undo))

        def finished() -> None:
            self._busy = False
            self.changed.emit()

        # A step that fails is gone: what it would take back is no longer as it was. The message bar says why.
        self._jobs.write(lambda _: step.run(), initiator=self, on_success=done, on_finished=finished)
        self.changed.emit()
