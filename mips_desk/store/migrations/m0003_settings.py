"""What a manager set for the practice: one row for each name, the value as JSON. And what somebody is typing.

A row in `draft` is text that is not part of any record yet; `data` is JSON. It is no content of the vault: the journal
does not know it, nothing refers to it, and it goes as soon as its text is stored or given up.
"""

from sqlite_utils import Database

_SQL = """
PRAGMA user_version = 2000;

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL CHECK (json_valid(value))
) STRICT;

CREATE TABLE draft (
    person_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (person_id, subject)
) STRICT;
"""


def m0003_settings(db: Database) -> None:
    """Make the tables."""
    db.executescript(_SQL)
