"""What was attested, audits with their requests, and practice drills.

A row in `attestation` is never changed: a correction is a row that names in `replaces` those that it takes the place
of. `attested` shows these and, as records of their own, the days that were entered in `selection.attested_on` before
there were records; that column is not written any more. `attested_now` leaves out what was replaced. So there is one
place to ask, and two desktops come to the same whenever each was brought up to date.

What belongs to an audit has no trigger against closed years: it comes years later and changes nothing of them.

`export` tells what kind of file it was, why a full edition was made, which certificate signed it, and which request it
answers.
"""

from sqlite_utils import Database

_SQL = """
PRAGMA user_version = 2006;

CREATE TABLE attestation (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    year INTEGER NOT NULL,
    activities TEXT NOT NULL CHECK (json_valid(activities)),
    attested_on TEXT NOT NULL,
    attested_by TEXT NOT NULL,
    through TEXT NOT NULL,
    reference TEXT NOT NULL,
    receipt_id TEXT NOT NULL,
    note TEXT NOT NULL,
    replaces TEXT NOT NULL CHECK (json_valid(replaces)),
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL
) STRICT;
CREATE INDEX attestation_year ON attestation (year);

CREATE TRIGGER attestation_closed_insert BEFORE INSERT ON attestation
WHEN NEW.year IN (SELECT year FROM closing WHERE reopened_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'the year is closed'); END;

CREATE VIEW attested AS
SELECT id, year, activities, attested_on, attested_by, through, reference, receipt_id, note, replaces, recorded_at,
    recorded_by FROM attestation
UNION ALL
SELECT 'earlier-' || id, year, json_array(activity_id), attested_on, '', '', '', '', '', '[]', NULL, ''
    FROM selection WHERE attested_on IS NOT NULL AND removed_at IS NULL;

CREATE VIEW attested_now AS
SELECT * FROM attested WHERE id NOT IN (SELECT value FROM attestation, json_each(attestation.replaces));

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    letter_on TEXT NOT NULL,
    sender TEXT NOT NULL,
    reference TEXT NOT NULL,
    years TEXT NOT NULL CHECK (json_valid(years)),
    days INTEGER NOT NULL CHECK (days >= 1),
    note TEXT NOT NULL,
    closed_at TEXT,
    closed_by TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE audit_request (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    audit_id TEXT NOT NULL REFERENCES audit (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    request TEXT NOT NULL,
    year INTEGER NOT NULL,
    activities TEXT NOT NULL CHECK (json_valid(activities)),
    due_on TEXT,
    state TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX audit_request_audit ON audit_request (audit_id);

CREATE TABLE audit_sent (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    request_id TEXT NOT NULL REFERENCES audit_request (id),
    export_id TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    how TEXT NOT NULL,
    sent_on TEXT NOT NULL,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX audit_sent_request ON audit_sent (request_id);

CREATE TABLE drill (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    year INTEGER NOT NULL,
    picked TEXT NOT NULL CHECK (json_valid(picked)),
    started_at TEXT NOT NULL,
    started_by TEXT NOT NULL
) STRICT;

CREATE TABLE drill_answer (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    drill_id TEXT NOT NULL REFERENCES drill (id),
    activity_id TEXT NOT NULL,
    at TEXT NOT NULL,
    export_id TEXT NOT NULL,
    missing TEXT NOT NULL CHECK (json_valid(missing))
) STRICT;
CREATE INDEX drill_answer_drill ON drill_answer (drill_id);

ALTER TABLE export ADD COLUMN kind TEXT NOT NULL DEFAULT 'binder';
ALTER TABLE export ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE export ADD COLUMN signed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE export ADD COLUMN request_id TEXT NOT NULL DEFAULT '';
"""

_WRITE_ONCE = ("attestation", "audit_sent", "drill", "drill_answer")
_NEVER_DELETED = ("audit", "audit_request", *_WRITE_ONCE)


def m0009_attested(db: Database) -> None:
    """Make the tables, and the triggers that keep what is written once."""
    db.executescript(_SQL)
    for table in _WRITE_ONCE:
        _refuse(db, f"{table}_keeps", "UPDATE", table)
    for table in _NEVER_DELETED:
        _refuse(db, f"{table}_stays", "DELETE", table)
    _refuse(db, "audit_id_keeps", "UPDATE OF id", "audit")
    _refuse(db, "audit_request_id_keeps", "UPDATE OF id, audit_id", "audit_request")


def _refuse(db: Database, name: str, action: str, table: str) -> None:
    db.execute(
        f"CREATE TRIGGER {name} BEFORE {action} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'what {table} holds is written once'); END"
    )
