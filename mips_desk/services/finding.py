"""Search everything that the practice has written: activities, evidence, dates of use."""

from mips_desk.store import finding
from mips_desk.store.finding import Found

from .session import Session

__all__ = ["Found", "find"]


def find(session: Session, text: str, year: int | None = None, limit: int = 50) -> tuple[Found, ...]:
    """Find what holds all words of a text, best first: in captions, window titles, file names, addresses, reasons for
    a date, exhibit numbers, activity names, stories, private notes and notes of dates of use.

    A word is found at the beginning of a word, without regard to capitals and accents. Removed records are not found.
    Takes some milliseconds, also in a large practice.

    Args:
        session: the open practice.
        text: what the person typed; without a letter or digit it finds nothing.
        year: only of this performance year; None: of all.
        limit: at most this many.

    Raises:
        VaultDamagedError: bytes of the vault are not what was written.
    """
    return finding.find(session.vault, text, year, limit)
