"""The earlier versions of the marks of a picture, to look at and to bring back."""

from dataclasses import dataclass
from datetime import datetime

from mips_desk.annotate.codec import decode
from mips_desk.annotate.marks import Mark
from mips_desk.domain.evidence import EvidenceItem
from mips_desk.store.marks_history import marks_history

from .session import Session

#: The newest so many revisions are offered; one is stored for every pause while somebody draws.
MOST = 300


@dataclass(frozen=True, slots=True)
class EarlierMarks:
    """One version of the marks.

    Attributes:
        at: when it was stored.
        person: who drew it, or empty when this practice does not know.
        marks: all marks of that version.
    """

    at: datetime
    person: str
    marks: tuple[Mark, ...]


def earlier_marks(session: Session, item: EvidenceItem) -> tuple[EarlierMarks, ...]:
    """Return the versions of an item's marks, newest first, the one that counts among them; equal ones in a row once.

    To bring one back is an ordinary change of the marks: see `collect.set_marks`.

    Raises:
        OriginalDestroyedError: the item was destroyed.
    """
    session.vault.marks(item.id)  # refuses an item that was destroyed
    found: list[EarlierMarks] = []
    for revision in marks_history(session.vault, item.id)[:MOST]:
        marks = decode(revision.data) if revision.data else ()
        if found and found[-1].marks == marks:
            found.pop()  # the older of two that are equal tells when it really came to be
        found.append(EarlierMarks(revision.at, revision.person, marks))
    return tuple(found)
