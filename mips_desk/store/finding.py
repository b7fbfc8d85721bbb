"""Search the texts of a vault, by the indexes that `migrations.m0007_search` and `m0008_evidence_text` make and their
triggers keep current.
"""

import contextlib
import json
import re
import unicodedata
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from mips_desk.domain.evidence import exhibit_number

from .connection import rows
from .vault import Vault

Kind = Literal["activity", "evidence", "use"]


@dataclass(frozen=True, slots=True)
class Found:
    """One record that a search found.

    Attributes:
        kind: "activity", "evidence" or "use": what to open.
        year: performance year.
        activity_id: the activity it belongs to.
        selection_id: the selection to show.
        evidence_id: the item to show; empty unless it is one.
        use_id: the date of use to show; empty unless it is one.
        name: activity, exhibit number, or activity and ISO day of use.
        place: what speaks most for it, in words: "name", "caption", "story", "note" and so on.
        text: the text of that place; of a picture's own text the part around the word.
    """

    kind: Kind
    year: int
    activity_id: str
    selection_id: str
    evidence_id: str
    use_id: str
    name: str
    place: str
    text: str


#: By the number of the table in the index: kind of record, query, columns of texts with their names in words.
_KINDS: dict[int, tuple[Kind, str, dict[str, str]]] = {
    0: (
        "activity",
        "SELECT *, id AS selection_id FROM selection WHERE removed_at IS NULL AND activity_id != 'PAPERS'",
        {"story": "story", "private_note": "private note"},
    ),
    1: (
        "evidence",
        "SELECT evidence.*, letter, year, activity_id, coalesce(evidence_text.text, '') AS picture FROM evidence"
        " JOIN selection ON selection.id = evidence.selection_id JOIN desktop ON desktop.id = evidence.origin"
        " LEFT JOIN evidence_text ON evidence_text.evidence_id = evidence.id"
        " WHERE evidence.removed_at IS NULL AND selection.removed_at IS NULL",
        {
            "caption": "caption",
            "window_title": "window title",
            "file_name": "file name",
            "address": "address",
            "outside_reason": "reason for its date",
            "picture": "text in the picture",
        },
    ),
    2: (
        "use",
        "SELECT use_entry.*, year, activity_id FROM use_entry JOIN selection ON selection.id = use_entry.selection_id"
        " WHERE use_entry.removed_at IS NULL AND selection.removed_at IS NULL",
        {"note": "note"},
    ),
}
_AMONG = {
    0: " AND selection.seq IN (SELECT value FROM json_each(?))",
    1: " AND evidence.seq IN (SELECT value FROM json_each(?))",
    2: " AND use_entry.seq IN (SELECT value FROM json_each(?))",
}
#: What a hit in the name, the first text and the other texts counts, and how many hits are looked up at once.
_RANKED = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY bm25(search, 8.0, 6.0, 3.0), rowid DESC"
_AT_ONCE = 200
#: Evidence items whose picture says all words, and places that hold one word in what was written or in a picture.
_READ = "SELECT 4 * rowid + 1 FROM text_search WHERE text_search MATCH ? ORDER BY rowid DESC"
_HOLDING = (
    "SELECT rowid FROM search WHERE search MATCH :word"
    " UNION SELECT 4 * rowid + 1 FROM text_search WHERE text_search MATCH :word"
)
#: Characters shown before and after a word that was found in a picture.
_AROUND = 40
_ACCENTS = re.compile("[\u0300-\u036f]")


def find(vault: Vault, text: str, year: int | None = None, limit: int = 50) -> tuple[Found, ...]:
    """Find the live records whose name and texts together hold every word, best first.

    A word is found at the beginning of a word, without regard to capitals and accents.

    Args:
        vault: the open vault.
        text: what was typed; without a letter or digit it finds nothing.
        year: only of this performance year; None: of all.
        limit: at most this many.

    Raises:
        BadInputError: the text holds half a character.
        VaultDamagedError: bytes of the vault are not what was written.
    """
    words = [word for word in text.replace("\x00", " ").replace('"', " ").split() if any(map(str.isalnum, word))]
    if not words:
        return ()
    terms = [f'"{word}" *' for word in words]
    query = " AND ".join(terms)
    if year is not None:
        query = f'name : "{year}" AND {query}'
    starts = [re.compile(rf"(?<![^\W_]){re.escape(_folded(word))}") for word in words]
    with vault.reading() as db:
        found: list[Found] = []
        with contextlib.closing(_hits(db, query, terms)) as pieces:
            for hits in pieces:
                found += [each for each in _lookup(db, hits, starts) if year is None or each.year == year]
                if len(found) >= limit:
                    break
    return tuple(found[:limit])


def _hits(db: Database, query: str, terms: list[str]) -> Generator[list[int]]:
    """Yield places in pieces, each place once: what people wrote, best first; then what pictures say, newest first;
    then the evidence items that hold every word in both together.
    """
    places = [place for (place,) in db.execute(_RANKED, (query,)).fetchall()]
    yield from (places[start : start + _AT_ONCE] for start in range(0, len(places), _AT_ONCE))
    known = set(places)
    # Closed also when no more is wanted: an open cursor keeps the log of the database from being cleared.
    with contextlib.closing(db.execute(_READ, (" AND ".join(terms),))) as read:
        while piece := [place for (place,) in read.fetchmany(_AT_ONCE)]:
            yield [place for place in piece if place not in known]
            known.update(piece)
    if len(terms) > 1:
        holding = [{place for (place,) in db.execute(_HOLDING, {"word": term}).fetchall()} for term in terms]
        yield sorted((place for place in set.intersection(*holding) - known if place % 4 == 1), reverse=True)


def _lookup(db: Database, places: list[int], starts: list[re.Pattern[str]]) -> Iterator[Found]:
    """Return the live records at some places of the index, in their order."""
    live: dict[int, Found] = {}
    for number, (kind, sql, columns) in _KINDS.items():
        seqs = [place // 4 for place in places if place % 4 == number]
        for record in rows(db, sql + _AMONG[number], json.dumps(seqs)):
            live[4 * record["seq"] + number] = _found(kind, record, columns, starts)
    return (live[place] for place in places if place in live)


def _found(kind: Kind, record: dict[str, Any], columns: dict[str, str], starts: list[re.Pattern[str]]) -> Found:
    name = record["activity_id"]
    if kind == "evidence":
        name = exhibit_number(record["year"], name, record["number"], record["letter"])
    elif kind == "use":
        name = f"{name} {record['day']}"
    texts = [(name, "name"), *((record[column], words) for column, words in columns.items())]
    # Most words count; among equals a text says more than the name.
    best = max(texts[1:] + texts[:1], key=lambda each: sum(bool(start.search(_folded(each[0]))) for start in starts))
    if best[1] == _KINDS[1][2]["picture"]:
        best = (_around(best[0], starts), best[1])
    return Found(
        kind,
        record["year"],
        record["activity_id"],
        record["selection_id"],
        record["id"] if kind == "evidence" else "",
        record["id"] if kind == "use" else "",
        name,
        best[1],
        best[0],
    )


def _around(text: str, starts: list[re.Pattern[str]]) -> str:
    """Return the part of a long text around the first word that was looked for."""
    words = text.split()
    first = next((n for n, word in enumerate(words) if any(start.search(_folded(word)) for start in starts)), 0)
    before = " ".join(words[:first])
    if len(before) > _AROUND:
        before = before[-_AROUND:].partition(" ")[2]
    after = " ".join(words[first:])[: 2 * _AROUND]
    return f"{before} {after}".strip()


def _folded(text: str) -> str:
    """Return a text without capitals and accents."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
