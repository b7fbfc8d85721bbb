"""The revisions of the marks of an evidence item: who drew what, and when."""

from dataclasses import dataclass
from datetime import datetime

from .connection import rows
from .vault import Vault


@dataclass(frozen=True, slots=True)
class MarksRevision:
    """One revision.

    Attributes:
        at: when it was stored.
        person: name of who drew it, as the person is called now; empty when this vault does not know.
        data: the marks as JSON; empty when they were destroyed.
    """

    at: datetime
    person: str
    data: bytes


def marks_history(vault: Vault, evidence_id: str) -> tuple[MarksRevision, ...]:
    """Return the revisions of the marks of an item up to the one that counts, newest first.

    Of two desktops that both drew a revision of one number the one that counts comes first, then the later one.
    """
    with vault.reading() as db:
        found = rows(
            db,
            "SELECT marks.at, marks.data, coalesce(person.name, '') AS name FROM marks"
            " JOIN evidence ON evidence.id = marks.evidence_id LEFT JOIN person ON person.id = marks.person_id"
            " WHERE marks.evidence_id = ? AND marks.revision <= evidence.marks_revision"
            " ORDER BY marks.revision = evidence.marks_revision AND marks.origin = evidence.marks_origin DESC,"
            " marks.revision DESC, julianday(marks.at) DESC",
            evidence_id,
        )
        return tuple(
            MarksRevision(datetime.fromisoformat(each["at"]), each["name"], bytes(each["data"])) for each in found
        )
