"""The practice's own certificates with their keys. The newest signs; earlier ones are kept to know their files by."""

from sqlite_utils import Database

_SQL = """
PRAGMA user_version = 2007;

CREATE TABLE certificate (
    seq INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE CHECK (length(fingerprint) = 64),
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    certificate BLOB NOT NULL,
    key BLOB NOT NULL
) STRICT;

CREATE TRIGGER certificate_stays BEFORE UPDATE ON certificate
BEGIN SELECT RAISE(ABORT, 'a certificate is never changed'); END;

CREATE TRIGGER certificate_kept BEFORE DELETE ON certificate
BEGIN SELECT RAISE(ABORT, 'a certificate is never removed'); END;
"""


def m0010_signing(db: Database) -> None:
    """Make the table."""
    db.executescript(_SQL)
