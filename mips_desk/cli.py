"""The command line: the same services as the windows, for scripts, tests and support.

Exit codes: 0 done, 1 the answer is no, 2 it could not be done (one sentence on standard error).
"""

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mips_desk import __version__
from mips_desk.errors import BadInputError, MipsDeskError

from . import (
    cli_answer,
    cli_attest,
    cli_handover,
    cli_identify,
    cli_package,
    cli_safety,
    cli_signing,
    cli_submission,
    cli_vault,
)
from .cli_answer import RequestNumber
from .cli_input import (
    Json,
    PassphraseFd,
    PassphraseFile,
    Progress,
    Year,
    day_from,
    open_vault,
    print_json,
    use_key_file,
)
from .cli_signing import SignFile, SignPassphraseFile, SignPractice, TimeStamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mips_desk.domain.official import Difference, OfficialList

app = typer.Typer(add_completion=False, no_args_is_help=False, pretty_exceptions_enable=False, rich_markup_mode=None)
catalog_app = typer.Typer(help="The activities that the app knows.")
app.add_typer(catalog_app, name="catalog")
app.add_typer(cli_vault.app)
app.add_typer(cli_safety.app)
app.add_typer(cli_identify.app)
app.add_typer(cli_submission.app)
app.add_typer(cli_attest.app)
app.add_typer(cli_package.app)
app.add_typer(cli_signing.app)
app.add_typer(cli_handover.app, name="handover")

#: A score question is a small text; more than this is a mistake.
QUESTION_LIMIT = 10_000_000
log = logging.getLogger(__name__)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: the words after the program's name.
    """
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # real text streams
    try:
        result = app(arguments, standalone_mode=False, prog_name="mips-desk")
        sys.stdout.flush()
    except typer.exceptions.TyperException as error:
        return _fail(error.format_message())
    except typer.Exit as error:
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return _fail("Cancelled. Nothing was changed.")
    except MipsDeskError as error:
        return _fail(str(error))
    except (BrokenPipeError, SystemExit):  # typer turns the first into the second
        _drop_output()
        return 2
    except OSError as error:
        _drop_output()
        return _fail(f"A file or the output could not be read or written: {error.strerror or 'unknown reason'}.")
    except Exception:
        # Its text may quote what a person typed, so only its places go to the log and nothing of it to the person.
        from mips_desk.logs import start_log, stop_log

        start_log()
        log.exception("A command failed")
        stop_log()
        return _fail("That did not work because of a fault in MIPS Desk; everything saved before is safe.")
    return int(result or 0)


def _open_streams() -> None:
    """Give every closed standard stream an empty one, so that no file of a vault gets its descriptor."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open until the end


def _drop_output() -> None:
    """Send what is still waiting to be printed nowhere: the reader has gone, or there is no room."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(sentence: str) -> int:
    print(" ".join(sentence.split()), file=sys.stderr)
    return 2


def _print_bytes(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data + b"\n")
    sys.stdout.flush()


def _read_question(source: str, limit: int) -> bytes:
    try:
        if source == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(source).open("rb") as stream:
                data = stream.read(limit + 1)
    except OSError as error:
        raise BadInputError(f"“{source}” cannot be read: {error.strerror or 'unknown reason'}.") from error
    if len(data) > limit:
        raise BadInputError(f"That is more than {limit // 1_000_000} MB; nothing was done.")
    return data


@app.callback()
def _main(
    key_file: Annotated[
        Path | None, typer.Option(help="Key file of a person whose passphrase opens only together with one.")
    ] = None,
) -> None:
    """Make and keep the proof for MIPS improvement activities."""
    use_key_file(key_file)


@app.command()
def version() -> None:
    """Print the version."""
    print(__version__)


@app.command()
def sample(folder: Path) -> None:
    """Make the sample practice (synthetic people, synthetic portal) as a vault in FOLDER."""
    from mips_desk.sample.practice import make_sample

    made = make_sample(folder, progress=Progress("Making the sample practice: step"))
    print(f"Vault: {made.vault_folder}")
    print(f"Passphrase: {made.passphrase}")


@app.command()
def report(
    vault: Path,
    year: Year,
    out: Annotated[Path, typer.Option(help="The PDF file to write.")],
    activity: Annotated[list[str] | None, typer.Option(help="Only this activity; may be given several times.")] = None,
    request: RequestNumber = None,
    paper: Annotated[str, typer.Option(help="letter or a4.")] = "letter",
    edition: Annotated[str, typer.Option(help="redacted, or full: shows what is redacted.")] = "redacted",
    full: Annotated[bool, typer.Option("--full", help="The same as --edition full.")] = False,
    reason: Annotated[str, typer.Option(help="Why the full edition is made; printed in it and kept.")] = "",
    no_sign_off: Annotated[bool, typer.Option("--no-sign-off", help="No lines to sign for each activity.")] = False,
    sign: SignFile = None,
    sign_passphrase_file: SignPassphraseFile = None,
    sign_practice: SignPractice = False,
    time_stamp: TimeStamp = "",
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Write the binder of a year."""
    from mips_desk.binder.content import Edition
    from mips_desk.services import binding

    asked = cli_answer.Asked(year, activity or (), request, paper, "full" if full else edition, reason, not no_sign_off)
    wanted = cli_signing.wanted(sign, sign_passphrase_file, sign_practice, time_stamp)
    session = open_vault(vault, passphrase_file, passphrase_fd)
    try:
        binder = asked.content(session)
        made, _ = binding.write(session, binder, out, progress=Progress("Exhibit"), signing=wanted(session))
    finally:
        session.close()
    print(f"{out}: {made.pages} pages, {made.exhibits} exhibits")
    print(f"sha256 {made.sha256}")
    cli_signing.tell(made.signed_by, made.stamped, time_stamp)
    if not binder.parts:
        print(f"No activity is chosen for {year}, so this binder proves nothing.", file=sys.stderr)
    if binder.edition is Edition.FULL:
        print("This file shows patient identifiers. Keep it as you keep patient records.", file=sys.stderr)


@app.command()
def score(
    source: Annotated[str, typer.Argument(metavar="FILE|-", help="Facts as JSON; - reads them from standard input.")],
) -> None:
    """Answer facts with scores: JSON in, JSON out, the same engine as the gauge."""
    from mips_desk.catalog.facts import answer

    _print_bytes(answer(_read_question(source, QUESTION_LIMIT)))


@catalog_app.command("list")
def catalog_list(year: Year, as_json: Json = False) -> None:
    """List the activities of a year."""
    from mips_desk.catalog.load import load_catalog

    catalog = load_catalog()
    if year not in catalog.years:
        raise BadInputError(f"MIPS Desk knows the performance years {min(catalog.years)} to {max(catalog.years)}.")
    activities = catalog.activities(year)
    if note := catalog.year_note(year):
        print(note, file=sys.stderr)
    if as_json:
        print_json(
            [
                {
                    "id": activity.id,
                    "title": activity.title,
                    "subcategory": activity.subcategory.value if activity.subcategory else None,
                    "weight": activity.weight.value if activity.weight else None,
                    "first_year": activity.first_year,
                    "summary": activity.guidance.summary,
                    "mvps": list(activity.mvp_ids),
                }
                for activity in activities
            ]
        )
        return
    for activity in activities:
        print(f"{activity.id:<12} {activity.weight or '-':<7} {activity.title}")


@catalog_app.command("load")
def catalog_load(
    file: Path,
    vault: Annotated[Path | None, typer.Option(help="Keep the text in this vault; without it nothing is kept.")] = None,
    year: Annotated[int | None, typer.Option(help="Performance year, when the file does not tell.")] = None,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    as_json: Json = False,
) -> None:
    """Read CMS's measures-data.json of a year; with --vault binders then quote CMS's text."""
    from mips_desk.services import official

    if vault is None:
        found = official.read_file(file, year)
        differences, known = official.compared(found)
        stored, sentence = False, f"Nothing was stored. {official.fit(found, differences, known)}"
    else:
        official.read_file(file, year)  # before a passphrase is asked for
        session = open_vault(vault, passphrase_file, passphrase_fd)
        try:
            loaded = official.load_file(session, file, year)
        finally:
            session.close()
        found, differences, known = loaded.official, loaded.differences, loaded.known
        stored, sentence = bool(loaded.changes.ids), loaded.sentence
    if as_json:
        print_json(_official_json(found, differences, known) | {"stored": stored})
        return
    _print_official(found)
    print(sentence)
    for difference in differences:
        print(difference.sentence)


@catalog_app.command("compare")
def catalog_compare(
    file: Path,
    year: Annotated[int | None, typer.Option(help="Performance year, when the file does not tell.")] = None,
    as_json: Json = False,
) -> int:
    """Say what the built-in facts lack against CMS's file: exit 0 nothing, 1 something."""
    from mips_desk.services import official

    found = official.read_file(file, year)
    differences, known = official.compared(found)
    if as_json:
        print_json(_official_json(found, differences, known))
    else:
        for difference in differences:
            print(difference.sentence)
        print(official.fit(found, differences, known))
        if differences or not known:
            print("What to do is described in docs/adding-a-performance-year.md.")
    return 1 if differences or not known else 0


@catalog_app.command("changes")
def catalog_changes(
    from_: Annotated[int, typer.Option("--from", help="The earlier performance year.")],
    to: Annotated[int, typer.Option(help="The later performance year.")],
    as_json: Json = False,
) -> None:
    """Say what changed in the list of activities between two years."""
    from mips_desk.catalog.load import load_catalog
    from mips_desk.catalog.year_changes import changes_between

    catalog = load_catalog()
    found = changes_between(catalog, from_, to)
    if note := catalog.year_note(to):
        print(note, file=sys.stderr)
    if as_json:
        print_json([{"kind": change.kind, "ids": list(change.ids), "sentence": change.sentence} for change in found])
        return
    for change in found:
        print(change.sentence)
    if not found:
        print(f"The list of {to} is that of {from_}.")


def _official_json(found: "OfficialList", differences: "Sequence[Difference]", known: bool) -> dict[str, Any]:
    return {
        "year": found.year,
        "sha256": found.sha256,
        "size": found.size,
        "activities": len(found.activities),
        "suspension_notices": [activity.id for activity in found.activities if activity.is_notice],
        "messaging": [measure.id for measure in found.messaging],
        "known": known,
        "differences": [
            {"activity": each.activity_id, "what": each.what, "ours": each.ours, "theirs": each.theirs}
            for each in differences
        ],
    }


def _print_official(found: "OfficialList") -> None:
    print(f"CMS measures data {found.year}: {len(found.activities)} improvement activities")
    print(f"sha256 {found.sha256}")
    notices = [activity.id for activity in found.activities if activity.is_notice]
    if notices:
        print(f"Notices of suspension in place of the text: {', '.join(notices)}")
    if found.messaging:
        print(f"Secure Messaging measures: {', '.join(measure.id for measure in found.messaging)}")


@app.command("import")
def import_(
    vault: Path,
    year: Year,
    files: list[Path],
    activity: Annotated[str, typer.Option(help="The activity that the pictures prove, for example IA_BE_4.")] = "",
    paper: Annotated[
        str, typer.Option(help="Kind of practice paper instead of an activity, for example special_status.")
    ] = "",
    option: Annotated[str, typer.Option(help="Key of the evidence option.")] = "",
    date_: Annotated[str | None, typer.Option("--date", help="The date they show, as 2026-03-31.")] = None,
    caption: Annotated[str, typer.Option(help="What they show, in one sentence.")] = "",
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Add pictures as evidence; prints one evidence id a line, each once it is safe on disk."""
    from mips_desk.domain.papers import PAPERS, kind_of
    from mips_desk.services import choose, collect, papers

    if bool(activity) == bool(paper) or (paper and option):
        raise BadInputError("Give either --activity, with or without --option, or --paper.")
    shows = day_from(date_)
    incoming = [collect.read_file(path) for path in files]
    session = open_vault(vault, passphrase_file, passphrase_fd)
    try:
        if paper:
            collect.check_option(session, year, PAPERS, paper)
            added = papers.add(session, year, incoming, kind=kind_of(paper), caption=caption, shows_date=shows)
        else:
            choose.activity_in(session, year, activity)
            selections = session.vault.selections(year)
            selection = next((s for s in selections if s.activity_id == activity), None)
            if selection is None:
                raise BadInputError(f"{activity} is not chosen for {year}. Choose it in the app first.")
            added = collect.add_pictures(
                session, selection.id, incoming, caption=caption, shows_date=shows, option_key=option
            )
    finally:
        session.close()
    for evidence_id in added.changes.ids:
        print(evidence_id, flush=True)
    for warning in added.warnings:
        print(warning, file=sys.stderr)


@app.command()
def annotate(
    vault: Path,
    evidence: str,
    marks: Annotated[str | None, typer.Option(help="JSON file with the marks; - reads standard input.")] = None,
    show: Annotated[bool, typer.Option("--show", help="Print the marks.")] = False,
    no_identifiers: Annotated[
        bool, typer.Option("--no-identifiers", help="Confirm that the picture shows no patient identifier.")
    ] = False,
    looked_at: Annotated[
        bool, typer.Option("--looked-at", help="Mark the picture as looked at by you, as it will be exported.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Set the marks of an evidence item from JSON, say that it was looked at, or print its marks."""
    from mips_desk.annotate.codec import BYTE_LIMIT, decode, encode
    from mips_desk.services import collect

    if show == (marks is not None or no_identifiers or looked_at):
        raise BadInputError("Give --show alone, or any of --marks FILE, --no-identifiers and --looked-at.")
    new = decode(_read_question(marks, BYTE_LIMIT)) if marks is not None else None
    session = open_vault(vault, passphrase_file, passphrase_fd, read_only=show)
    try:
        item = session.vault.evidence_item(evidence)
        if show:
            _print_bytes(encode(collect.marks_of(session, item)))
        if new is not None:
            collect.set_marks(session, item.id, new)
        if no_identifiers:
            collect.describe(session, item.id, no_identifiers=True)
        if looked_at:
            collect.look_at(session, item.id)
    finally:
        session.close()
