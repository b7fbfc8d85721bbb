"""The desktops of the practice, and the journal entries that came from the others.

A desktop is known by its `id`; the first one has the empty one. Its log is the part of its journal that it wrote
itself: the entries after number `after`, up to which it is a copy of the journal of `parent`. `foreign_entry` keeps the
logs of the others as they came; `merged` is the number up to which an entry of theirs counts here. `part` keeps the
small contents (marks, intakes, texts) of entries that wait; originals are stored where they belong at once.

`conflict` is what `store/merge.py` finds in the logs, kept so that it need not be found anew. `waiting` names the
entries that belong to a year that is closed here.

Exhibit numbers and revisions of marks are counted on each desktop, so `origin` (the desktop) is a part of both.
`entered` gives selections and clinicians the same order on all desktops; it is empty for those from before.
"""

import os

from sqlite_utils import Database

_SQL = """
CREATE TABLE desktop (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL DEFAULT '',
    letter TEXT NOT NULL DEFAULT '',
    parent TEXT REFERENCES desktop (id),
    after INTEGER NOT NULL DEFAULT 0,
    begun_at TEXT,
    public_key BLOB,
    private_key BLOB,
    here INTEGER NOT NULL DEFAULT 0 CHECK (here IN (0, 1)),
    merged INTEGER NOT NULL DEFAULT 0,
    read_at TEXT
) STRICT;
CREATE UNIQUE INDEX desktop_here ON desktop (here) WHERE here = 1;
INSERT INTO desktop (id, here) VALUES ('', 1);

CREATE TABLE handover_key (
    seq INTEGER PRIMARY KEY,
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

CREATE TABLE foreign_entry (
    desktop_id TEXT NOT NULL REFERENCES desktop (id),
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_name TEXT NOT NULL,
    event TEXT NOT NULL,
    change TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (desktop_id, seq)
) STRICT;

CREATE TRIGGER foreign_entry_keeps BEFORE UPDATE ON foreign_entry
BEGIN SELECT RAISE(ABORT, 'what foreign_entry holds is written once'); END;

CREATE TRIGGER foreign_entry_stays BEFORE DELETE ON foreign_entry
BEGIN SELECT RAISE(ABORT, 'what foreign_entry holds is written once'); END;

CREATE TABLE part (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    data BLOB NOT NULL
) STRICT;

CREATE TABLE conflict (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    unit TEXT NOT NULL,
    sides TEXT NOT NULL CHECK (json_valid(sides))
) STRICT;
CREATE INDEX conflict_record ON conflict (kind, record_id);

CREATE TABLE waiting (
    year INTEGER NOT NULL,
    desktop_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (year, desktop_id, seq)
) STRICT;

ALTER TABLE selection ADD COLUMN entered TEXT NOT NULL DEFAULT '';
ALTER TABLE clinician ADD COLUMN entered TEXT NOT NULL DEFAULT '';
"""

_EVIDENCE = (
    ("UNIQUE (selection_id, number)", "UNIQUE (selection_id, number, origin)"),
    (
        "removed_reason TEXT NOT NULL DEFAULT '',",
        "removed_reason TEXT NOT NULL DEFAULT '', origin TEXT NOT NULL DEFAULT '',"
        " marks_origin TEXT NOT NULL DEFAULT '',",
    ),
)
_MARKS = (
    ("PRIMARY KEY (evidence_id, revision)", "PRIMARY KEY (evidence_id, revision, origin)"),
    ("data BLOB NOT NULL,", "data BLOB NOT NULL, origin TEXT NOT NULL DEFAULT '',"),
)


def m0006_desktops(db: Database) -> None:
    """Make the tables, and make `evidence` and `marks` anew, all in one transaction of its own.

    A table that others refer to can only be made anew while references are not looked at, and that cannot be switched
    inside a transaction. Run again after a kill it does nothing.
    """
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'foreign_entry'").fetchone():
        return
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        with db.atomic():
            db.executescript(_SQL)
            db.execute("INSERT INTO handover_key (seq, key) VALUES (1, ?)", (os.urandom(32),))
            _make_anew(db, {"evidence": _EVIDENCE, "marks": _MARKS})
            db.execute(
                "CREATE TRIGGER evidence_origin_keeps BEFORE UPDATE OF origin ON evidence"
                " BEGIN SELECT RAISE(ABORT, 'what evidence holds is written once'); END"
            )
            broken = db.execute("PRAGMA foreign_key_check").fetchall()
            assert not broken, "nothing may be lost on the way"
            db.execute("PRAGMA user_version = 2003")
    finally:
        db.execute("PRAGMA foreign_keys = ON")


def _make_anew(db: Database, tables: dict[str, tuple[tuple[str, str], ...]]) -> None:
    """Make tables anew with another layout and all their rows, and put every index and trigger back."""
    triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    named = tuple(tables)
    indexes = db.execute(
        f"SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN {named}"  # noqa: S608 - names of ours
    ).fetchall()
    for name, _sql in triggers:
        db.execute(f'DROP TRIGGER "{name}"')
    for table, changes in tables.items():
        (sql,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        for old, new in changes:
            assert sql.count(old) == 1
            sql = sql.replace(old, new)
        columns = ", ".join(name for _, name, *_ in db.execute(f"PRAGMA table_info({table})").fetchall())
        db.execute(sql.replace(f"CREATE TABLE {table} ", f"CREATE TABLE {table}_anew ", 1))
        db.execute(f"INSERT INTO {table}_anew ({columns}) SELECT {columns} FROM {table}")  # noqa: S608 - names of ours
        db.execute(f"DROP TABLE {table}")
        db.execute(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for (sql,) in indexes:
        db.execute(sql)
    for _name, sql in triggers:
        db.execute(sql)
