"""CMS's own texts, as a person loaded them: one row for each file, the newest of a year is the one in use.

`sha256` and `size` are those of CMS's whole file; `data` is what was taken over from it, as canonical JSON, compressed
with zlib.
"""

from sqlite_utils import Database

_SQL = """
PRAGMA user_version = 1001;

CREATE TABLE official (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    year INTEGER NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    size INTEGER NOT NULL,
    loaded_at TEXT NOT NULL,
    loaded_by TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE INDEX official_year ON official (year, seq);

CREATE TRIGGER official_keeps BEFORE UPDATE ON official
BEGIN SELECT RAISE(ABORT, 'what official holds is written once'); END;

CREATE TRIGGER official_stays BEFORE DELETE ON official
BEGIN SELECT RAISE(ABORT, 'what official holds is written once'); END;
"""


def m0002_official(db: Database) -> None:
    """Make the table of CMS's texts."""
    db.executescript(_SQL)
