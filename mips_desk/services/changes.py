"""What a command changed, so that every screen knows whether to look again, and how to take it back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Flag, auto
from typing import Self


class Changed(Flag):
    """Kinds of things that a command can change."""

    NOTHING = 0
    PRACTICE = auto()
    PROFILE = auto()
    SELECTIONS = auto()
    EVIDENCE = auto()
    MARKS = auto()
    USES = auto()
    EXPORTS = auto()
    OFFICIAL = auto()
    PEOPLE = auto()
    CONFLICTS = auto()
    ATTESTED = auto()
    AUDITS = auto()


@dataclass(frozen=True, slots=True)
class Changes:
    """The result of one command.

    Attributes:
        kinds: what kind of thing changed.
        label: what was done, as it stands behind "Undo" in the menu, for example "Add IA_BE_4".
        ids: identifiers of the new or changed records.
        undo: takes the command back, as a journaled command of its own whose `undo` is the redo; None when it cannot
            be taken back.
    """

    kinds: Changed
    label: str
    ids: tuple[str, ...] = ()
    undo: Callable[[], Self] | None = field(default=None, compare=False)

    @property
    def id(self) -> str:
        """The single identifier concerned.

        Raises:
            ValueError: the command concerned none or several.
        """
        (only,) = self.ids
        return only
