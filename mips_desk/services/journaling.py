"""The journal for people: what was done, found and filtered, its chain of hashes followed, and written to a file."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from mips_desk import __version__, spreadsheet
from mips_desk.binder.content import Paper
from mips_desk.binder.journal_pages import ExtractLine, JournalExtract, journal_pdf
from mips_desk.domain import phrases
from mips_desk.errors import MipsDeskError
from mips_desk.store import Event, JournalEntry, journal_search
from mips_desk.store.journal import first_break
from mips_desk.store.journal_search import Chain, Found, Names, Wanted

from . import pending
from .changes import Changed, Changes
from .journal_words import say
from .out_files import refuse_place, written_beside
from .session import Session, export_time

__all__ = [
    "COLUMNS",
    "ChainVerdict",
    "Event",
    "JournalFilter",
    "JournalPage",
    "JournalRow",
    "Paper",
    "entries",
    "people_named",
    "verify_chain",
    "write_csv",
    "write_pdf",
]

Progress = Callable[[int, int], None]
Check = Callable[[], None]

_EXHIBIT = re.compile(r"(\d{4})-(\w+)-(\d+)([A-Z]*)")
_STEP: Final = 500


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which entries are wanted; what is left out does not count.

    Attributes:
        from_day: first day, by the clock and time zone of the entry.
        to_day: last day, included.
        person: name of a person, as `people_named` gives it.
        events: one of these kinds; empty: any.
        text: all words of it stand in the entry as it is shown, without regard to capitals.
        exhibit: exhibit number such as "2026-IA_BE_4-03", or identifier of an evidence item.
    """

    from_day: date | None = None
    to_day: date | None = None
    person: str = ""
    events: frozenset[Event] = frozenset()
    text: str = ""
    exhibit: str = ""

    @property
    def in_words(self) -> str:
        """The filter as it is printed: "The whole journal", or "From Mar 1, 2026; by Ana Ruiz"."""
        kinds = sorted(event.in_words for event in self.events)
        parts = [
            f"from {phrases.short_day(self.from_day)}" if self.from_day else "",
            f"to {phrases.short_day(self.to_day)}" if self.to_day else "",
            f"by {self.person}" if self.person else "",
            f"only “{'”, “'.join(kinds)}”" if kinds else "",
            f"about exhibit {self.exhibit}" if self.exhibit else "",
            f"with “{self.text}”" if self.text.strip() else "",
        ]
        return phrases.sentence("; ".join(part for part in parts if part)) or "The whole journal"


#: Nothing is left out.
EVERYTHING: Final = JournalFilter()


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One entry as it is shown.

    Attributes:
        number: position in the journal, from 1.
        at: moment of the entry, with its UTC offset.
        person: who.
        event: its kind; `event.in_words` names it.
        what: what was done, in a sentence without full stop.
        details: one line each.
        sha256: hash of the entry (hex).
    """

    number: int
    at: datetime
    person: str
    event: Event
    what: str
    details: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Some entries.

    Attributes:
        rows: newest first.
        more: there are older ones that match; ask with `after` the number of the last row.
        total: how many match in all; None when a text was looked for, which only reading all of them would tell.
    """

    rows: tuple[JournalRow, ...]
    more: bool
    total: int | None


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """What following the chain of hashes showed.

    Attributes:
        sound: every entry is as it was written, and none is missing.
        entries: number of entries.
        head: hash of the newest (hex).
        broken: number of the first entry that is not as it was written; None when sound.
        sentence: for a person.
    """

    sound: bool
    entries: int
    head: str
    broken: int | None
    sentence: str


def entries(
    session: Session,
    wanted: JournalFilter = EVERYTHING,
    after: int = 0,
    limit: int = 100,
    check: Check | None = None,
) -> JournalPage:
    """Return journal entries, newest first. Takes long only when a rare text is looked for in a long journal.

    Args:
        session: the open practice.
        wanted: which ones.
        after: number of the last entry shown before; 0: from the newest.
        limit: at most this many.
        check: called often; raises CancelledError to stop.
    """
    query = _query(session, wanted)
    shown: list[JournalRow] = []
    for found in journal_search.newest_first(session.vault, query, after):
        if check:
            check()
        shown += _matching(found, wanted)
        if len(shown) > limit:
            break
    total = None if wanted.text.strip() else journal_search.count(session.vault, query)
    return JournalPage(tuple(shown[:limit]), len(shown) > limit, total)


def people_named(session: Session) -> tuple[str, ...]:
    """Return the names of everybody who made an entry, in the order of the alphabet."""
    return journal_search.people(session.vault)


def verify_chain(session: Session, progress: Progress | None = None, check: Check | None = None) -> ChainVerdict:
    """Follow the chain of hashes from the first entry to the newest.

    Args:
        session: the open practice.
        progress: called with entries done and in all.
        check: called often; raises CancelledError to stop.

    Raises:
        VaultError: the journal cannot be read.
    """
    chain = Chain(session.vault)

    def counted() -> Iterator[Mapping[str, Any]]:
        for done, found in enumerate(chain.rows(), 1):
            if done % _STEP == 0:
                if check:
                    check()
                if progress:
                    progress(min(done, chain.length), chain.length)
            yield found

    broken = first_break(counted(), chain.length, chain.head)
    if broken is not None:
        sentence = (
            f"Entry {broken.seq:,} {broken.what}. The journal was changed outside MIPS Desk or is damaged; compare it"
            " with a backup."
        )
        return ChainVerdict(False, chain.length, chain.head, broken.seq, sentence)
    number = phrases.count(chain.length, "entry is", "entries are")
    sentence = f"Unbroken: {'the' if chain.length == 1 else 'all'} {number} as written."
    return ChainVerdict(True, chain.length, chain.head, None, sentence)


#: Columns of the CSV file; docs/journal.md explains them.
COLUMNS: Final = (
    "number", "time", "time_utc", "person", "person_id", "event", "event_in_words", "what", "details", "change",
    "previous_hash", "hash",
)  # fmt: skip


def write_csv(
    session: Session,
    wanted: JournalFilter,
    out: Path,
    progress: Progress | None = None,
    check: Check | None = None,
) -> Changes:
    """Write entries as CSV, oldest first, with all that is needed to compute their hashes again; see docs/journal.md.

    The column "change" holds what the journal holds: also private notes and tax numbers, which the words leave out.

    Args:
        session: the open practice.
        wanted: which ones.
        out: the file, replaced in one step when everything is written.
        progress: called with entries done and in all.
        check: called often; raises CancelledError to stop, which leaves no file.

    Raises:
        BadInputError: the place is a folder, or lies inside a vault.
        MipsDeskError: the file could not be written, or was written and could not be recorded.
    """
    refuse_place(out)
    upto = journal_search.length(session.vault)
    digest, number = hashlib.sha256(), 0
    with written_beside(out) as stream:

        def put(data: bytes) -> None:
            stream.write(data)
            digest.update(data)

        put(spreadsheet.START + spreadsheet.line(COLUMNS))
        for entry, found, names in _all(session, wanted, upto, progress, check):
            put(spreadsheet.line(_cells(entry, found, names)))
            number += 1
    return _exported(session, wanted, out, "CSV", digest.hexdigest(), number)


def write_pdf(
    session: Session,
    wanted: JournalFilter,
    out: Path,
    paper: Paper = Paper.LETTER,
    progress: Progress | None = None,
    check: Check | None = None,
) -> Changes:
    """Write entries as PDF/A, oldest first, with the verdict on the chain of hashes.

    Args:
        session: the open practice.
        wanted: which ones.
        out: the file, replaced in one step when everything is written.
        paper: paper size.
        progress: called with pages drawn and in all.
        check: called often; raises CancelledError to stop, which leaves no file.

    Raises:
        BadInputError: the place is a folder, or lies inside a vault.
        MipsDeskError: the file could not be written, or was written and could not be recorded.
    """
    refuse_place(out)
    verdict = verify_chain(session, check=check)
    lines = []
    for entry, _found, names in _all(session, wanted, verdict.entries, None, check):
        said = say(entry, names)
        lines.append(ExtractLine(entry.seq, entry.at, entry.person_name, said.sentence, said.details, entry.hash))
    extract = JournalExtract(
        practice=session.vault.practice().name,
        made_at=export_time(session.now),
        prepared_by=session.person,
        chosen=wanted.in_words,
        verdict=verdict.sentence,
        head=verdict.head,
        length=verdict.entries,
        entries=lines,
        app_version=__version__,
        paper=paper,
    )
    data, pages = journal_pdf(extract, progress, check)
    with written_beside(out) as stream:
        stream.write(data)
    return _exported(session, wanted, out, "PDF", hashlib.sha256(data).hexdigest(), len(lines), pages=pages)


def _query(session: Session, wanted: JournalFilter) -> Wanted:
    ids: tuple[str, ...] = ()
    if wanted.exhibit:
        number = _EXHIBIT.fullmatch(wanted.exhibit)
        if number:
            ids = journal_search.exhibit_ids(session.vault, int(number[1]), number[2], int(number[3]), number[4])
        ids += (wanted.exhibit,)
    return Wanted(wanted.from_day, wanted.to_day, wanted.person, wanted.events, ids)


def _matching(found: Found, wanted: JournalFilter) -> Iterator[JournalRow]:
    words = wanted.text.casefold().split()
    for entry in found.entries:
        said = say(entry, found.names)
        if words:
            text = "\n".join((entry.event.in_words, entry.person_name, said.sentence, *said.details)).casefold()
            if not all(word in text for word in words):
                continue
        yield JournalRow(entry.seq, entry.at, entry.person_name, entry.event, said.sentence, said.details, entry.hash)


def _all(
    session: Session, wanted: JournalFilter, upto: int, progress: Progress | None, check: Check | None
) -> Iterator[tuple[JournalEntry, Mapping[str, Any], Names]]:
    """Give everything that is wanted, oldest first, with the rows as they stand in the journal."""
    for found in journal_search.oldest_first(session.vault, _query(session, wanted), upto):
        if check:
            check()
        kept = {row.number for row in _matching(found, wanted)} if wanted.text.strip() else None
        for entry, row in zip(found.entries, found.rows, strict=True):
            if kept is None or entry.seq in kept:
                yield entry, row, found.names
        if progress:
            progress(found.entries[-1].seq, upto)


def _cells(entry: JournalEntry, found: Mapping[str, Any], names: Names) -> tuple[str, ...]:
    said = say(entry, names)
    return (
        str(entry.seq),
        found["at"],
        entry.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        found["person_name"],
        found["person_id"],
        found["event"],
        entry.event.in_words,
        said.sentence,
        "\n".join(said.details),
        found["change"],
        found["prev"],
        found["hash"],
    )


def _exported(
    session: Session, wanted: JournalFilter, out: Path, form: str, sha256: str, number: int, **facts: Any
) -> Changes:
    try:
        pending.witness(
            session.vault,
            Event.JOURNAL_EXPORTED,
            session.now,
            file=out.name,
            form=form,
            sha256=sha256,
            entries=number,
            chosen=wanted.in_words,
            **facts,
        )
    except MipsDeskError as error:
        raise MipsDeskError(f"“{out.name}” was written, but the journal could not record it. {error}") from error
    return Changes(Changed.NOTHING, "Export journal")
