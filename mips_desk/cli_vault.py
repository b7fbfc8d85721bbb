"""Commands about the vault as a whole: its journal, closing a year. `cli` includes them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mips_desk.errors import BadInputError

from .cli_input import Json, PassphraseFd, PassphraseFile, Progress, Year, day_from, open_vault, print_json

if TYPE_CHECKING:
    from mips_desk.services.journaling import Event, JournalFilter, JournalRow
    from mips_desk.services.session import Session

app = typer.Typer()


@app.command()
def journal(
    vault: Path,
    from_: Annotated[str | None, typer.Option("--from", help="First day, as 2026-03-31.")] = None,
    to: Annotated[str | None, typer.Option(help="Last day, included.")] = None,
    person: Annotated[str, typer.Option(help="Only what this person did.")] = "",
    event: Annotated[list[str] | None, typer.Option(help="Only this kind; may be given several times.")] = None,
    exhibit: Annotated[str, typer.Option(help="Only what was done with this exhibit.")] = "",
    csv: Annotated[Path | None, typer.Option(help="Write a CSV file.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Write a PDF file.")] = None,
    paper: Annotated[str, typer.Option(help="letter or a4.")] = "letter",
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    as_json: Json = False,
) -> int:
    """Print the journal or write it to a file: exit 0 its chain of hashes is whole, 1 it is broken."""
    from mips_desk.services import journaling

    if sum((csv is not None, pdf is not None, as_json)) > 1:
        raise BadInputError("Give one of --csv, --pdf and --json.")
    if paper not in list(journaling.Paper):
        raise BadInputError("The paper is letter or a4.")
    wanted = journaling.JournalFilter(
        day_from(from_), day_from(to), person, frozenset(map(_event, event or ())), exhibit=exhibit
    )
    # An export is an entry of the journal, so that it needs the vault for writing; looking does not.
    session = open_vault(vault, passphrase_file, passphrase_fd, read_only=csv is None and pdf is None)
    try:
        if csv is not None:
            journaling.write_csv(session, wanted, csv, Progress("Entry"))
        elif pdf is not None:
            journaling.write_pdf(session, wanted, pdf, journaling.Paper(paper), Progress("Page"))
        rows = [] if csv is not None or pdf is not None else _all_rows(session, wanted)
        verdict = journaling.verify_chain(session)
    finally:
        session.close()
    if as_json:
        shown = [
            {
                "number": row.number,
                "at": row.at.isoformat(),
                "person": row.person,
                "event": row.event.value,
                "what": row.what,
                "details": list(row.details),
                "hash": row.sha256,
            }
            for row in rows
        ]
        print_json({"sound": verdict.sound, "verdict": verdict.sentence, "head": verdict.head, "entries": shown})
        return 0 if verdict.sound else 1
    for row in rows:
        print(f"{row.number} {row.at.isoformat(' ', 'seconds')} {row.person}: {row.what}")
        for line in row.details:
            print(f"    {line}")
    print(verdict.sentence, file=sys.stderr)
    return 0 if verdict.sound else 1


@app.command()
def close(
    vault: Path,
    year: Year,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    as_json: Json = False,
) -> None:
    """Close a year, so that nothing in it can be changed any more; prints its fingerprint."""
    from mips_desk.services import closing

    session = open_vault(vault, passphrase_file, passphrase_fd)
    try:
        advice = closing.closing_advice(session, year)
        closing.close_year(session, year)
        state = closing.year_state(session, year)
    finally:
        session.close()
    if as_json:
        print_json({"year": year, "closed": True, "fingerprint": state.fingerprint, "open_points": list(advice)})
        return
    for point in advice:
        print(point, file=sys.stderr)
    print(state.fingerprint)


@app.command()
def reopen(
    vault: Path,
    year: Year,
    reason: Annotated[str, typer.Option(help="Why; it is kept in the journal.")],
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Let a closed year be changed again."""
    from mips_desk.services import closing

    session = open_vault(vault, passphrase_file, passphrase_fd)
    try:
        closing.reopen_year(session, year, reason)
    finally:
        session.close()


def _event(name: str) -> "Event":
    from mips_desk.services.journaling import Event

    for event in Event:
        if event is not Event.UNKNOWN and name.casefold() in (event.value, event.in_words.casefold()):
            return event
    raise BadInputError(f"“{name}” is no kind of entry. Under “event”, --json shows the kind of every entry.")


def _all_rows(session: "Session", wanted: "JournalFilter") -> "list[JournalRow]":
    """Return all entries that match, oldest first."""
    from mips_desk.services import journaling

    return list(journaling.entries(session, wanted, limit=sys.maxsize).rows)[::-1]
