"""Hand over work between the desktops of a practice: write a file for the others, read theirs, settle differences.

A second desktop starts as a restored backup. Both work apart; each writes a hand-over file for the other and reads the
other's. In which order, how often, or with which files lost makes no difference to what both hold in the end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .changes import Changes
from .session import Session

SUFFIX = ".mipshandover"

Progress = Callable[[int, int], None]
Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Desktop:
    """A desktop of the practice.

    Attributes:
        id: identifier; empty for the first desktop.
        name: name of the computer; empty when it never wrote a hand-over file.
        letter: stands behind the numbers of exhibits that were added there; empty for the first desktop.
        here: it is this one.
        begun_at: when it started as a copy; None for the first desktop.
        read_at: when a file of it was last read here; None when never.
        last_change_at: moment of the newest change of it that is known here; None when there is none.
    """

    id: str
    name: str
    letter: str
    here: bool
    begun_at: datetime | None
    read_at: datetime | None
    last_change_at: datetime | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values of a conflict.

    Attributes:
        says: the value in words.
        person: who entered it.
        at: when, by that computer's clock.
        desktop: name of the desktop where that was.
        counts: it is the one that counts until somebody chooses.
    """

    says: str
    person: str
    at: datetime
    desktop: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two desktops said different things of the same field; both are kept in the journals.

    Attributes:
        id: identifier; gone when a side was chosen or the field was written again.
        subject: what it is about, for example "Caption of exhibit 2026-IA_BE_4-03".
        year: the performance year that it belongs to, or None.
        evidence_id: the evidence item that it is about; empty when it is about something else.
        selection_id: the selection that it is about, also through its evidence or dates of use; empty when none.
        sides: two or more, that which counts first.
    """

    id: str
    subject: str
    year: int | None
    evidence_id: str
    selection_id: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class HandoverPreview:
    """What a hand-over file holds, before it is read.

    Attributes:
        from_name: name of the desktop that wrote it.
        from_letter: its letter; empty for the first desktop.
        written_at: when, by that computer's clock.
        changes: changes that are new here.
        pictures: pictures that are new here.
        conflicts: fields in which the desktops would differ.
        notes: what the person should know before, one sentence each; for example that a year is closed here.
    """

    from_name: str
    from_letter: str
    written_at: datetime
    changes: int
    pictures: int
    conflicts: int
    notes: tuple[str, ...]

    @property
    def nothing_new(self) -> bool:
        """All of it is here already; reading it again does no harm."""
        return not (self.changes or self.pictures)


@dataclass(frozen=True, slots=True)
class Written:
    """A hand-over file that was written.

    Attributes:
        changes: journal entries in it.
        pictures: pictures in it.
        size: bytes of the file.
        result: what that changed here: nothing but the journal.
    """

    changes: int
    pictures: int
    size: int
    result: Changes


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of reading a hand-over file.

    Attributes:
        changes: changes that were new here.
        pictures: pictures that were new here.
        conflicts: open conflicts in this vault afterwards.
        notes: what the person should know, one sentence each; for example that changes of a closed year wait.
        result: what changed; it cannot be undone.
    """

    changes: int
    pictures: int
    conflicts: int
    notes: tuple[str, ...]
    result: Changes


def desktops(session: Session) -> tuple[Desktop, ...]:
    """Return the desktops of the practice that are known here, this one first."""
    raise NotImplementedError


def default_name(session: Session) -> str:
    """Return a name for the next hand-over file, made of practice, desktop and day."""
    raise NotImplementedError


def write_file(
    session: Session,
    path: Path,
    *,
    everything: bool = False,
    progress: Progress | None = None,
    check: Check | None = None,
) -> Written:
    """Write a hand-over file for the other desktops: all that they did not confirm yet.

    Args:
        session: the open practice.
        path: the file to be; replaced only when the new one is complete. Never inside a vault.
        everything: write all since the practice began, for a desktop that lost what it had.
        progress: called with bytes done and in all.
        check: called often; raises to stop, which leaves no file.

    Raises:
        BadInputError: the place is a folder or lies inside a vault.
        NotAllowedError: the person is no manager.
        VaultError: it could not be written.
    """
    raise NotImplementedError


def look_into(
    session: Session, path: Path, *, progress: Progress | None = None, check: Check | None = None
) -> HandoverPreview:
    """Check a hand-over file from the first to the last byte and tell what reading it would bring. Changes nothing.

    Args:
        session: the open practice.
        path: the file.
        progress: called with bytes done and in all.
        check: called often; raises to stop.

    Raises:
        HandoverError: it is no sound hand-over file of this practice; one sentence says why.
    """
    raise NotImplementedError


def read_file(
    session: Session, path: Path, *, progress: Progress | None = None, check: Check | None = None
) -> TakenIn:
    """Read a hand-over file: pictures first, then all changes in one step.

    Stopped or killed half-way it is simply read again; reading a file twice changes nothing.

    Args:
        session: the open practice.
        path: the file.
        progress: called with bytes done and in all.
        check: called often; raises to stop.

    Raises:
        HandoverError: it is no sound hand-over file of this practice; one sentence says why. Nothing was changed.
        NotAllowedError: the person is no manager.
        VaultError: it could not be stored.
    """
    raise NotImplementedError


def conflicts(session: Session) -> tuple[Conflict, ...]:
    """Return the fields in which desktops differ and nobody chose yet, in a fixed order."""
    raise NotImplementedError


def settle(session: Session, conflict_id: str, side: int) -> Changes:
    """Choose a side of a conflict; the choice travels with the next hand-over file.

    Args:
        session: the open practice.
        conflict_id: the conflict.
        side: index into its sides.

    Raises:
        NotInVaultError: it was settled already.
        BadInputError: there is no such side.
    """
    raise NotImplementedError
