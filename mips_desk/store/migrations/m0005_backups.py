"""The record of backups and checks."""

from sqlite_utils import Database

_SQL = """
PRAGMA user_version = 2002;
"""


def m0005_backups(db: Database) -> None:
    """Make the tables."""
    db.executescript(_SQL)
