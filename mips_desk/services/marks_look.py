"""The look of marks that a practice agreed on, so that the pictures of a binder look alike whoever drew on them.

What somebody chooses while drawing is no business of the vault; only what a manager makes the look of the practice is
stored, and stands in the journal.
"""

from dataclasses import dataclass

from mips_desk.annotate.marks import PALETTE
from mips_desk.errors import BadInputError
from mips_desk.store import Event

from .changes import Changed, Changes
from .session import Session

LOOK_SETTING = "marks_look"
SIZES = ("small", "medium", "large")


@dataclass(frozen=True, slots=True)
class MarksLook:
    """How new marks look.

    Attributes:
        color: a name of `PALETTE`.
        highlight: the color of highlights, likewise.
        size: one of `SIZES`.
    """

    color: str
    highlight: str
    size: str


def marks_look(session: Session) -> MarksLook | None:
    """Return the look of the practice, or None when it has none that this app knows."""
    words = str(session.vault.setting(LOOK_SETTING) or "").split()
    look = MarksLook(*words) if len(words) == 3 else None
    return look if look is not None and _known(look) else None


def set_marks_look(session: Session, look: MarksLook | None) -> Changes:
    """Make a look that of the practice.

    Args:
        session: the open practice; its person must be a manager.
        look: None: the practice has none, and each computer goes by what was used there last.

    Raises:
        BadInputError: the look holds an unknown color or size.
        NotAllowedError: the person is no manager.
    """
    if look is not None and not _known(look):
        raise BadInputError("This look of marks is not known. Nothing was changed.")
    before = marks_look(session)
    with session.vault.write(Event.SETTINGS_CHANGED) as tx:
        tx.put_setting(LOOK_SETTING, f"{look.color} {look.highlight} {look.size}" if look is not None else None)
    return Changes(Changed.PRACTICE, "Change the look of marks", undo=lambda: set_marks_look(session, before))


def _known(look: MarksLook) -> bool:
    return look.color in PALETTE and look.highlight in PALETTE and look.size in SIZES
