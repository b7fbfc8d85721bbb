"""What a manager set for the practice: one row for each name, the value as JSON."""

from sqlite_utils import Database

_SQL = """
PRAGMA user_version = 2000;

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL CHECK (json_valid(value))
) STRICT;
"""


def m0003_settings(db: Database) -> None:
    """Make the tables."""
    db.executescript(_SQL)
