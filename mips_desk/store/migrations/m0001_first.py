"""The first layout.

Habits: `seq` keeps the order of entry (rows are never deleted, only marked with `removed_at`), `id` is the identifier
that the rest of the app and other desktops know. Days are ISO dates, moments ISO 8601 with their UTC offset, truth
values 0 and 1, sets and tuples of identifiers JSON lists.
"""

from sqlite_utils import Database

_SQL = """
PRAGMA application_id = 1296650323;
PRAGMA user_version = 1000;

CREATE TABLE vault (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE person (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    removed_at TEXT
) STRICT;

CREATE TABLE practice (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL,
    tin TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;

CREATE TABLE clinician (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    npi TEXT NOT NULL,
    credential TEXT NOT NULL,
    role TEXT NOT NULL,
    joined_on TEXT,
    left_on TEXT,
    removed_at TEXT
) STRICT;

CREATE TABLE profile (
    year INTEGER PRIMARY KEY,
    level TEXT NOT NULL,
    track TEXT NOT NULL,
    special_statuses TEXT NOT NULL CHECK (json_valid(special_statuses)),
    mvp_id TEXT NOT NULL,
    npis_total INTEGER,
    eligible_clinicians INTEGER,
    missing_categories TEXT NOT NULL CHECK (json_valid(missing_categories)),
    apm_participant INTEGER NOT NULL CHECK (apm_participant IN (0, 1)),
    submitted_quality INTEGER CHECK (submitted_quality IN (0, 1)),
    submitted_pi INTEGER CHECK (submitted_pi IN (0, 1)),
    euc_exception INTEGER NOT NULL CHECK (euc_exception IN (0, 1)),
    web_interface_apm INTEGER NOT NULL CHECK (web_interface_apm IN (0, 1)),
    pcmh_sites_total INTEGER,
    pcmh_sites_recognised INTEGER
) STRICT;

CREATE TABLE selection (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    year INTEGER NOT NULL,
    activity_id TEXT NOT NULL,
    period_start TEXT,
    period_end TEXT,
    story TEXT NOT NULL,
    private_note TEXT NOT NULL,
    attested_on TEXT,
    removed_at TEXT
) STRICT;
CREATE UNIQUE INDEX selection_live ON selection (year, activity_id) WHERE removed_at IS NULL;

CREATE TABLE original (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    size INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;

CREATE TABLE evidence (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    selection_id TEXT NOT NULL REFERENCES selection (id),
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL REFERENCES original (sha256),
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    source TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    taken_by TEXT NOT NULL,
    host TEXT NOT NULL,
    window_title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    scale INTEGER NOT NULL,
    caption TEXT NOT NULL,
    shows_date TEXT,
    option_key TEXT NOT NULL,
    outside_reason TEXT NOT NULL,
    address TEXT NOT NULL,
    clinician_ids TEXT NOT NULL CHECK (json_valid(clinician_ids)),
    marks_revision INTEGER NOT NULL DEFAULT 0,
    redactions INTEGER NOT NULL DEFAULT 0,
    other_marks INTEGER NOT NULL DEFAULT 0,
    no_identifiers INTEGER NOT NULL CHECK (no_identifiers IN (0, 1)),
    looked_at_by TEXT NOT NULL,
    looked_at_on TEXT,
    removed_at TEXT,
    removed_reason TEXT NOT NULL DEFAULT '',
    UNIQUE (selection_id, number)
) STRICT;
CREATE INDEX evidence_original ON evidence (sha256);

CREATE TABLE marks (
    evidence_id TEXT NOT NULL REFERENCES evidence (id),
    revision INTEGER NOT NULL,
    at TEXT NOT NULL,
    person_id TEXT NOT NULL,
    redactions INTEGER NOT NULL,
    other_marks INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (evidence_id, revision)
) STRICT;

CREATE TABLE use_entry (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    selection_id TEXT NOT NULL REFERENCES selection (id),
    day TEXT NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 1),
    note TEXT NOT NULL,
    clinician_id TEXT REFERENCES clinician (id),
    evidence_id TEXT REFERENCES evidence (id),
    removed_at TEXT
) STRICT;
CREATE INDEX use_entry_selection ON use_entry (selection_id, day);

CREATE TABLE export (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    year INTEGER NOT NULL,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    pages INTEGER NOT NULL,
    exhibits INTEGER NOT NULL,
    journal_head TEXT NOT NULL,
    edition TEXT NOT NULL
) STRICT;
CREATE INDEX export_file ON export (sha256);

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_name TEXT NOT NULL,
    event TEXT NOT NULL,
    change TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

-- Kept apart from the journal, so that cutting off its end shows.
CREATE TABLE journal_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;
INSERT INTO journal_head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
"""

_WRITE_ONCE = ("original", "marks", "export", "journal")
_NEVER_DELETED = ("vault", "person", "clinician", "selection", "evidence", "use_entry", "journal_head")
_INTAKE = (
    "id, selection_id, number, sha256, media_type, width, height,"
    " source, taken_at, taken_by, host, window_title, file_name, scale"
)


def m0001_first(db: Database) -> None:
    """Make all tables, and the triggers that keep what is written once."""
    db.executescript(_SQL)
    for table in _WRITE_ONCE:
        _refuse(db, f"{table}_keeps", "UPDATE", table)
        _refuse(db, f"{table}_stays", "DELETE", table)
    for table in _NEVER_DELETED:
        _refuse(db, f"{table}_stays", "DELETE", table)
    _refuse(db, "evidence_intake_keeps", f"UPDATE OF {_INTAKE}", "evidence")


def _refuse(db: Database, name: str, action: str, table: str) -> None:
    db.execute(
        f"CREATE TRIGGER {name} BEFORE {action} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'what {table} holds is written once'); END"
    )
