"""The desktops of the practice, and the journal entries that came from the others."""

from sqlite_utils import Database

_SQL = """
PRAGMA user_version = 2003;
"""


def m0006_desktops(db: Database) -> None:
    """Make the tables."""
    db.executescript(_SQL)
