"""Closed years, and what is left of originals that were destroyed.

A year is closed while it has a row in `closing` that was not reopened. The row keeps what later edits may change: the
practice, its clinicians, and what the score reads from other years. `official_seq` is the newest list of CMS's texts
at that time.

A row in `tombstone` says that one evidence item was destroyed; its `marks` are revision, desktop and hash of each.
Only then the bytes may go, and of an original only when every item that shows it has such a row. They may come back
when somebody takes in the same picture again, which then is an item of its own.
"""

from sqlite_utils import Database

_SQL = """
PRAGMA user_version = 2001;

CREATE TABLE closing (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    year INTEGER NOT NULL,
    closed_at TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
    rules TEXT NOT NULL,
    practice TEXT NOT NULL CHECK (json_valid(practice)),
    clinicians TEXT NOT NULL CHECK (json_valid(clinicians)),
    reported TEXT NOT NULL CHECK (json_valid(reported)),
    official_seq INTEGER NOT NULL,
    reopened_at TEXT,
    reopened_by TEXT NOT NULL DEFAULT '',
    reopened_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX closing_now ON closing (year) WHERE reopened_at IS NULL;

CREATE TRIGGER closing_keeps BEFORE UPDATE OF
    seq, id, year, closed_at, closed_by, fingerprint, rules, practice, clinicians, reported, official_seq ON closing
BEGIN SELECT RAISE(ABORT, 'what closing holds is written once'); END;

CREATE TRIGGER closing_reopened_keeps BEFORE UPDATE ON closing
WHEN OLD.reopened_at IS NOT NULL OR NEW.reopened_at IS NULL OR NEW.reopened_reason = ''
BEGIN SELECT RAISE(ABORT, 'what closing holds is written once'); END;

CREATE TRIGGER closing_stays BEFORE DELETE ON closing
BEGIN SELECT RAISE(ABORT, 'what closing holds is written once'); END;

CREATE TABLE tombstone (
    seq INTEGER PRIMARY KEY,
    evidence_id TEXT NOT NULL UNIQUE REFERENCES evidence (id),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    size INTEGER NOT NULL,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason != ''),
    early INTEGER NOT NULL CHECK (early IN (0, 1)),
    kept_until TEXT NOT NULL,
    stays INTEGER NOT NULL CHECK (stays IN (0, 1)),
    marks TEXT NOT NULL CHECK (json_valid(marks))
) STRICT;
CREATE INDEX tombstone_original ON tombstone (sha256);

CREATE TRIGGER tombstone_keeps BEFORE UPDATE ON tombstone
BEGIN SELECT RAISE(ABORT, 'what tombstone holds is written once'); END;

CREATE TRIGGER tombstone_stays BEFORE DELETE ON tombstone
BEGIN SELECT RAISE(ABORT, 'what tombstone holds is written once'); END;

DROP TRIGGER original_keeps;
CREATE TRIGGER original_keeps BEFORE UPDATE ON original
WHEN NOT (
    NEW.sha256 IS OLD.sha256 AND NEW.size IS OLD.size AND NEW.added_at IS OLD.added_at AND (
        length(OLD.data) = 0 AND length(NEW.data) = OLD.size
        OR length(NEW.data) = 0
        AND EXISTS (SELECT 1 FROM tombstone WHERE tombstone.sha256 = OLD.sha256)
        AND NOT EXISTS (
            SELECT 1 FROM evidence WHERE evidence.sha256 = OLD.sha256
            AND NOT EXISTS (SELECT 1 FROM tombstone WHERE tombstone.evidence_id = evidence.id)
        )
    )
)
BEGIN SELECT RAISE(ABORT, 'what original holds is written once'); END;

DROP TRIGGER marks_keeps;
CREATE TRIGGER marks_keeps BEFORE UPDATE ON marks
WHEN NOT (
    NEW.evidence_id IS OLD.evidence_id AND NEW.revision IS OLD.revision AND NEW.at IS OLD.at
    AND NEW.person_id IS OLD.person_id AND NEW.redactions IS OLD.redactions AND NEW.other_marks IS OLD.other_marks
    AND length(NEW.data) = 0 AND EXISTS (SELECT 1 FROM tombstone WHERE tombstone.evidence_id = OLD.evidence_id)
)
BEGIN SELECT RAISE(ABORT, 'what marks holds is written once'); END;
"""

_CLOSED = "(SELECT year FROM closing WHERE reopened_at IS NULL)"
_YEAR_OF_SELECTION = "(SELECT year FROM selection WHERE id = {row}.selection_id)"
_YEAR_OF_MARKS = (
    "(SELECT year FROM selection WHERE id = (SELECT selection_id FROM evidence WHERE id = NEW.evidence_id))"
)
#: What belongs to a year, with how to tell which one it is.
_OF_A_YEAR = {
    "profile": "{row}.year",
    "selection": "{row}.year",
    "evidence": _YEAR_OF_SELECTION,
    "use_entry": _YEAR_OF_SELECTION,
}


def m0004_closing(db: Database) -> None:
    """Make the tables, and the triggers that keep what was closed and let go what was destroyed."""
    db.executescript(_SQL)
    # A second wall behind the one in the transaction, for what another module of the store might forget.
    for table, year in _OF_A_YEAR.items():
        for action, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            name = f"{table}_closed_{action}_{row}".lower()
            _refuse_closed(db, name, f"BEFORE {action} ON {table}", year.format(row=row))
    _refuse_closed(db, "marks_closed_insert", "BEFORE INSERT ON marks", _YEAR_OF_MARKS)


def _refuse_closed(db: Database, name: str, when: str, year: str) -> None:
    db.execute(
        f"CREATE TRIGGER {name} {when} WHEN {year} IN {_CLOSED} BEGIN SELECT RAISE(ABORT, 'the year is closed'); END"
    )
