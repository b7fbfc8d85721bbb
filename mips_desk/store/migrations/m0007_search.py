"""The words of the vault, for searching: an FTS5 index that triggers keep current.

Its `rowid` is 4 x `seq` of the record + the number of its table: 0 for `selection`, 1 for `evidence`, 2 for
`use_entry`. It keeps no copy of the texts. Removed records are not in it; what belongs to a removed selection is. This
step comes after every other that makes one of these tables anew, since a trigger goes with its table.
"""

from sqlite_utils import Database

_SQL = """
PRAGMA user_version = 2004;

CREATE VIRTUAL TABLE search USING fts5 (
    name, words, more, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
"""

#: For each table what the index holds of a record: its name, its first text, its other texts.
_TEXTS = {
    "selection": (
        "{0}.year || ' ' || {0}.activity_id",
        "{0}.story",
        "{0}.private_note",
    ),
    "evidence": (
        "(SELECT format('%d %s %02d%s', year, activity_id, {0}.number, letter) FROM selection, desktop"
        " WHERE selection.id = {0}.selection_id AND desktop.id = {0}.origin)",
        "{0}.caption",
        "concat_ws(char(10), {0}.window_title, {0}.file_name, {0}.address, {0}.outside_reason)",
    ),
    "use_entry": (
        "(SELECT year || ' ' || activity_id || ' ' || {0}.day FROM selection WHERE id = {0}.selection_id)",
        "{0}.note",
        "''",
    ),
}
#: For each table the columns whose change is put into the index; the others are written once.
_CHANGING = {
    "selection": "story, private_note, removed_at",
    "evidence": "caption, address, outside_reason, removed_at",
    "use_entry": "day, note, removed_at",
}
_TAKE_OUT = "DELETE FROM search WHERE rowid = 4 * new.seq"


def m0007_search(db: Database) -> None:
    """Make the index, fill it with what is there, and make the triggers."""
    db.executescript(_SQL)
    add = "INSERT INTO search (rowid, name, words, more)"
    for number, (table, texts) in enumerate(_TEXTS.items()):
        chosen = f"SELECT 4 * {{0}}.seq + {number}, {', '.join(texts)}"
        db.execute(" ".join((add, chosen.format(table), "FROM", table, "WHERE removed_at IS NULL")))
        put = f"{add} {chosen.format('new')} WHERE new.removed_at IS NULL;"
        changing = _CHANGING[table]
        db.execute(f"CREATE TRIGGER {table}_searched AFTER INSERT ON {table} BEGIN {put} END")
        db.execute(
            f"CREATE TRIGGER {table}_searched_again AFTER UPDATE OF {changing} ON {table}"
            f" BEGIN {_TAKE_OUT} + {number}; {put} END"
        )
