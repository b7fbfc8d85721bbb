"""The words that were read in pictures, and an index of them. `store/evidence_text.py` says what they are.

Triggers let them go with what they were read from: with each new state of the marks, because what a redaction covers
must not be found any more in the moment it is stored, and when an item is destroyed. The index is a table of its own:
in the one of `m0007_search`, which keeps no copy of its texts, a word that was taken out stays in the file until
SQLite tidies up; with `secure-delete` it is gone at once.
"""

from sqlite_utils import Database

_SQL = """
PRAGMA user_version = 2005;

CREATE TABLE evidence_text (
    seq INTEGER PRIMARY KEY,
    evidence_id TEXT NOT NULL UNIQUE REFERENCES evidence (id),
    at TEXT NOT NULL,
    text TEXT NOT NULL,
    words BLOB NOT NULL
) STRICT;

CREATE VIRTUAL TABLE text_search USING fts5 (
    text, content = 'evidence_text', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO text_search (text_search, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER evidence_text_searched AFTER INSERT ON evidence_text
BEGIN INSERT INTO text_search (rowid, text) VALUES (new.seq, new.text); END;

CREATE TRIGGER evidence_text_gone AFTER DELETE ON evidence_text
BEGIN INSERT INTO text_search (text_search, rowid, text) VALUES ('delete', old.seq, old.text); END;

CREATE TRIGGER evidence_text_keeps BEFORE UPDATE ON evidence_text
BEGIN SELECT RAISE(ABORT, 'a text is taken out and put in anew'); END;

CREATE TRIGGER evidence_text_follows_marks AFTER UPDATE OF marks_revision, marks_origin ON evidence
WHEN new.marks_revision != old.marks_revision OR new.marks_origin != old.marks_origin
BEGIN DELETE FROM evidence_text WHERE evidence_id = new.id; END;

CREATE TRIGGER evidence_text_destroyed AFTER INSERT ON tombstone
BEGIN DELETE FROM evidence_text WHERE evidence_id = new.evidence_id; END;
"""


def m0008_evidence_text(db: Database) -> None:
    """Make the table, its index and the triggers."""
    db.executescript(_SQL)
