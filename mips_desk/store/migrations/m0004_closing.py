"""Closed years, and what is left of originals that were destroyed."""

from sqlite_utils import Database

_SQL = """
PRAGMA user_version = 2001;
"""


def m0004_closing(db: Database) -> None:
    """Make the tables."""
    db.executescript(_SQL)
