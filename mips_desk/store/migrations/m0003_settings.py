"""What a manager set for the practice: one row for each name, the value as JSON. What somebody is typing. And the keys.

A row in `draft` is text that is not part of any record yet; `data` is JSON. It is no content of the vault: the journal
does not know it, nothing refers to it, and it goes as soon as its text is stored or given up.

`key_file` holds the bytes of keys.json as the last command wrote them, so that a change from outside shows; `rekey_due`
is 1 from the removal of a person until the vault has a new key. `recovery_sheet` lists the sheets, never their keys;
the one with the highest number counts.
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

CREATE TABLE key_file (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    data BLOB NOT NULL,
    rekey_due INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE recovery_sheet (
    number INTEGER PRIMARY KEY,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    tried_at TEXT,
    used_at TEXT
) STRICT;
"""


def m0003_settings(db: Database) -> None:
    """Make the tables."""
    db.executescript(_SQL)
