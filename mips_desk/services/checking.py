"""Checking an open vault: a part each week, everything each month, and the result for Home."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mips_desk.store.checks import ALL, STRUCTURE, Scope

from .session import Session
from .verifying import Verdict

__all__ = ["ALL", "PARTS", "STRUCTURE", "CheckState", "Scope", "check_due", "check_state", "check_vault", "part"]

#: A quarter of the originals each week: all of them within a month, also when the monthly check is put off.
PARTS = 4


@dataclass(frozen=True, slots=True)
class CheckState:
    """What Home says about the checks of the vault.

    Attributes:
        at: when the vault was checked last, in any scope; None: never.
        sound: that check found nothing; None: never checked.
        full_at: when everything was checked last; None: never.
        problems: what the last check found, in words.
        due: what should be checked now; None: nothing.
        warn: the state needs attention.
        sentence: the state in words.
    """

    at: datetime | None
    sound: bool | None
    full_at: datetime | None
    problems: tuple[str, ...]
    due: Scope | None
    warn: bool
    sentence: str


def part(number: int, of: int) -> Scope:
    """Return the scope of one part of the originals, with the structure.

    Args:
        number: which, from 1.
        of: in how many parts.

    Raises:
        BadInputError: there is no such part.
    """
    raise NotImplementedError


def check_vault(
    session: Session,
    scope: Scope = ALL,
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
) -> Verdict:
    """Check the open vault and record the result; when it was opened to read only, nothing is recorded.

    Args:
        session: the open practice.
        scope: what to check.
        progress: called with work done and in all.
        check: called often; raises CancelledError to stop; then nothing is recorded.
    """
    raise NotImplementedError


def check_due(session: Session) -> Scope | None:
    """Return what should be checked now: everything after a month, the next part after a week, or None."""
    raise NotImplementedError


def check_state(session: Session) -> CheckState:
    """Return what Home says about the checks of the vault."""
    raise NotImplementedError
