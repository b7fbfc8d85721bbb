"""The journal as a PDF/A-1b of its own: what was done, by whom and when, for somebody outside the practice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mips_desk.domain import phrases

from . import fonts, words
from .blocks import Block, Cell, Table, Text, column
from .content import Paper
from .flow import flow
from .front import heading
from .pen import BODY, CODE, NOTE, SMALL, SMALL_STRONG, Run
from .small_pdf import Imprint, small_pdf

_HASH_SHOWN: Final = 32


@dataclass(frozen=True, slots=True)
class ExtractLine:
    """One journal entry.

    Attributes:
        number: position in the journal, from 1.
        at: moment of the entry, with its UTC offset.
        person: who.
        what: what was done, in words.
        details: one line each.
        sha256: hash of the entry (hex).
    """

    number: int
    at: datetime
    person: str
    what: str
    details: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class JournalExtract:
    """What is printed.

    Attributes:
        practice: name of the practice.
        made_at: time stamp, with its UTC offset; nothing else in the file depends on the clock.
        prepared_by: name of the person who exports.
        chosen: which entries were asked for, in words.
        verdict: what following the chain of hashes showed, in a sentence.
        head: hash of the newest journal entry (hex).
        length: number of entries in the journal.
        entries: oldest first.
        app_version: version of this app.
        paper: paper size.
    """

    practice: str
    made_at: datetime
    prepared_by: str
    chosen: str
    verdict: str
    head: str
    length: int
    entries: Sequence[ExtractLine]
    app_version: str
    paper: Paper = Paper.LETTER


def journal_pdf(
    extract: JournalExtract,
    progress: Callable[[int, int], None] | None = None,
    check_cancel: Callable[[], None] | None = None,
) -> tuple[bytes, int]:
    """Return the file's bytes and its number of pages; the same extract gives the same bytes.

    Args:
        extract: what to print.
        progress: called with pages drawn and in all.
        check_cancel: called for every page; raises CancelledError to stop.
    """
    fonts.register()
    pages = flow(_blocks(extract), extract.paper, "Journal", check=check_cancel or (lambda: None))
    imprint = Imprint(
        title=f"Journal, {extract.practice}",
        made_at=extract.made_at,
        app_version=extract.app_version,
        head=extract.practice,
        foot=phrases.short_day(extract.made_at.date()),
        code=extract.head[:16],
    )
    return small_pdf(pages, imprint, progress, check_cancel), len(pages)


def _blocks(extract: JournalExtract) -> list[Block]:
    shown = len(extract.entries)
    intro = (
        "Everything that is done in the practice’s records is an entry in this journal, and no entry is ever changed "
        "or removed. Each entry holds the hash of the one before, so that none can be changed, left out or put in "
        "unseen. Times are those of the computer’s clock."
    )
    facts: tuple[tuple[Cell, ...], ...] = tuple(
        ((Run(label, SMALL_STRONG),), (Run(said, CODE if label == "Newest entry" else SMALL),))
        for label, said in (
            ("Practice", extract.practice),
            ("Printed here", extract.chosen),
            ("Entries", f"{shown:,} of {extract.length:,}, oldest first"),
            ("Newest entry", extract.head),
            ("Chain of hashes", extract.verdict),
            ("Exported", f"{words.moment(extract.made_at)} by {extract.prepared_by}"),
        )
    )
    blocks = [
        *heading("Journal", "journal", intro),
        Table((column("", 20), column("", 80)), facts, after=22, head=False, pad=4),
    ]
    if not extract.entries:
        return [*blocks, Text((Run("No entry of the journal matches.", BODY),))]
    columns = (column("No.", 6), column("When", 28), column("Who", 17), column("What was done", 49))
    rows = tuple(
        (
            (Run(f"{entry.number:,}", SMALL),),
            _when(entry.at),
            (Run(entry.person, SMALL),),
            (
                (Run(entry.what, SMALL_STRONG),),
                *((Run(line, NOTE),) for line in entry.details),
                (Run(f"{entry.sha256[:_HASH_SHOWN]}…", CODE),),
            ),
        )
        for entry in extract.entries
    )
    return [*blocks, Table(columns, rows, pad=4)]


def _when(at: datetime) -> Cell:
    local, _, utc = words.moment(at).partition(" (")
    return ((Run(local, SMALL),), (Run(utc.rstrip(")"), NOTE),))
