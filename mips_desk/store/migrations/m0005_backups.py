"""The record of backups and checks, and the plan of backups of this computer.

`backup.folder` and `backup_plan.folder` are the only places where paths stand; the journal names files only.
`gone_at` is set when the app itself removed an old backup. `vault_check.scope` is "structure", "part 2/4" or "all", and
`found` a JSON list of what was not sound.
"""

from sqlite_utils import Database

_SQL = """
PRAGMA user_version = 2002;

CREATE TABLE backup (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    made_at TEXT NOT NULL,
    person TEXT NOT NULL,
    folder TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    size INTEGER NOT NULL,
    journal_seq INTEGER NOT NULL,
    journal_head TEXT NOT NULL,
    gone_at TEXT
) STRICT;

CREATE TRIGGER backup_keeps BEFORE UPDATE OF
    id, made_at, person, folder, file_name, sha256, size, journal_seq, journal_head ON backup
BEGIN SELECT RAISE(ABORT, 'what backup holds is written once'); END;

CREATE TRIGGER backup_stays BEFORE DELETE ON backup
BEGIN SELECT RAISE(ABORT, 'what backup holds is written once'); END;

CREATE TABLE backup_plan (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    folder TEXT NOT NULL,
    hours INTEGER NOT NULL CHECK (hours >= 0),
    after_session INTEGER NOT NULL CHECK (after_session IN (0, 1))
) STRICT;

CREATE TABLE vault_check (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    scope TEXT NOT NULL,
    originals INTEGER NOT NULL,
    found TEXT NOT NULL CHECK (json_valid(found))
) STRICT;

CREATE TRIGGER vault_check_keeps BEFORE UPDATE ON vault_check
BEGIN SELECT RAISE(ABORT, 'what vault_check holds is written once'); END;

CREATE TRIGGER vault_check_stays BEFORE DELETE ON vault_check
BEGIN SELECT RAISE(ABORT, 'what vault_check holds is written once'); END;
"""


def m0005_backups(db: Database) -> None:
    """Make the tables."""
    db.executescript(_SQL)
