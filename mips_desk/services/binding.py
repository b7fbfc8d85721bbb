"""Make the binder of a year from the vault, and remember every one that was written."""

import hashlib
import itertools
import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mips_desk import __version__
from mips_desk.annotate.flatten import assert_redacted
from mips_desk.annotate.marks import Mark, Redaction
from mips_desk.binder.content import (
    ActivityPart,
    BinderContent,
    ClosedNote,
    Edition,
    ExhibitSheet,
    JournalLine,
    PackageNote,
    Paper,
    RequestNote,
)
from mips_desk.binder.field import Signing
from mips_desk.binder.write import BinderFile, write_binder
from mips_desk.domain.evidence import EvidenceItem, Export, exhibit_number
from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.store import Event, OriginalDestroyedError
from mips_desk.store.desktops import has_marks_conflict
from mips_desk.store.marks_history import marks_history
from mips_desk.store.retention import Tombstone, tombstones

from . import collect, official, pending, redacting
from .changes import Changed, Changes
from .closing import year_state
from .out_files import refuse_place
from .overview import SelectionView, YearView, clinicians_needed, load_year
from .session import Session, export_time

#: Journal entries in the extract; the fingerprint on the cover covers all of them.
EXTRACT = 40


def content(
    session: Session,
    year: int,
    *,
    activities: Sequence[str] = (),
    paper: Paper = Paper.LETTER,
    sign_off: bool = True,
    journal_extract: bool = True,
    only_looked_at: bool = False,
    binder_id: str = "",
    edition: Edition = Edition.REDACTED,
    full_reason: str = "",
    request: RequestNote | None = None,
    package: PackageNote | None = None,
) -> BinderContent:
    """Return what the binder of a year, or the answer to an audit request, is made from; nothing is drawn yet.

    Args:
        session: the open practice.
        year: performance year.
        activities: identifiers of the activities to print; empty: all chosen ones.
        paper: paper size.
        sign_off: print signature blocks.
        journal_extract: print the newest journal entries.
        only_looked_at: withhold pictures that nobody marked as looked at after their last change; else they are shown,
            and listed as not looked at. The window withholds them: there a look is one click. A script shows them:
            who sets the marks from a file has settled what is covered.
        binder_id: identifier to print; empty: derived from the state of the vault and the time, so that the same
            state at the same SOURCE_DATE_EPOCH gives the same bytes.
        edition: REDACTED covers what was redacted. FULL shows every picture without its redactions (what was cut away
            stays away), also those that nobody redacted yet; ask the person a second time before.
        full_reason: why the full edition is made; printed on its cover and kept in the journal.
        request: the audit request that this answers: a cover letter comes first, and its pages are numbered from
            `request.first_page`. Give its activities in `activities`.
        package: the package that this becomes a part of.

    Raises:
        BadInputError: an activity is not chosen in that year, the year is unknown, or the full edition has no reason.
    """
    if edition is Edition.FULL and not full_reason.strip():
        raise BadInputError("The full edition shows patient identifiers. Say why it is made; nothing was written.")
    if edition is Edition.REDACTED and full_reason:
        raise BadInputError("A reason belongs to the full edition only; nothing was written.")
    if year not in session.catalog.years:
        raise BadInputError(f"MIPS Desk knows no performance year {year}.")
    made_at = export_time(session.now)
    view = load_year(session, year, made_at.date())
    chosen = {part.activity.id: part for part in view.selections}
    unknown = [name for name in activities if name not in chosen]
    if unknown:
        raise BadInputError(f"{unknown[0]} is not among the activities chosen for {year}.")
    wanted = [part for part in view.selections if not activities or part.activity.id in activities]
    # Logins and exports change nothing that a binder shows: without them the same state prints the same bytes.
    entries = session.vault.journal_tail(EXTRACT, content_only=True)
    head = entries[-1].hash if entries else ""
    tombs = {tomb.evidence_id: tomb for tomb in tombstones(session.vault, year)}
    seed = f"{head}|{year}|{made_at.isoformat()}|{paper}|{','.join(part.id for part in wanted)}|{sign_off}"
    if only_looked_at:
        seed += "|looked at"
    for told in (full_reason, request.id if request else "", package.manifest_sha256 if package else ""):
        seed += f"|{told}" if told else ""
    return BinderContent(
        binder_id=binder_id or readable_id(hashlib.sha256(seed.encode()).digest()),
        practice=view.practice,
        profile=view.profile,
        clinicians=view.clinicians,
        made_at=made_at,
        prepared_by=session.person,
        journal_head=head,
        journal_length=entries[-1].seq if entries else 0,
        journal_entries=tuple(
            JournalLine(entry.seq, entry.at, entry.person_name, entry.event.in_words, entry.hash) for entry in entries
        )
        if journal_extract
        else (),
        rule_version=f"{year}{' (provisional)' if view.rules.provisional else ''} of MIPS Desk {__version__}",
        app_version=__version__,
        gauge=view.gauge,
        score=view.planned,
        parts=tuple(_part(session, view, part, tombs, only_looked_at) for part in wanted),
        paper=paper,
        sign_off=sign_off,
        closed=_closed(session, year),
        edition=edition,
        full_reason=full_reason.strip(),
        request=request,
        group_needed=clinicians_needed(view.profile, view.clinicians, view.rules),
        package=package,
    )


def _closed(session: Session, year: int) -> ClosedNote | None:
    state = year_state(session, year)
    return ClosedNote(state.at, state.by, state.fingerprint, state.rules_changed) if state.at is not None else None


def readable_id(digest: bytes) -> str:
    """Return an identifier that can be read over the telephone: no I, L, O, U; groups of four."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = int.from_bytes(digest[:10], "big")
    text = "".join(alphabet[(number >> shift) & 31] for shift in range(75, -1, -5))
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


def _part(
    session: Session, view: YearView, part: SelectionView, tombs: Mapping[str, Tombstone], only_looked_at: bool
) -> ActivityPart:
    quoted = official.text_of(session, view.year, part.activity.id)
    return ActivityPart(
        activity=part.activity,
        selection=part.selection,
        readiness=part.readiness,
        official_text=quoted.text if quoted else None,
        official_source=quoted.source if quoted else "",
        uses=part.uses,
        use_summary=part.use_summary,
        exhibits=tuple(
            _sheet(session, view.year, part, item, tombs.get(item.id), only_looked_at) for item in part.evidence
        ),
    )


def _sheet(
    session: Session,
    year: int,
    part: SelectionView,
    item: EvidenceItem,
    tomb: Tombstone | None,
    only_looked_at: bool,
) -> ExhibitSheet:
    if tomb is not None:
        return _destroyed_sheet(year, part, item, tomb)
    marks = collect.marks_of(session, item)
    option = part.activity.guidance.option(item.option_key)
    # Asked of the marks that are burnt in: the item was read before them, and somebody may have deleted a redaction.
    redacted = any(isinstance(mark, Redaction) for mark in marks)
    withheld = "" if redacted or item.no_identifiers else NOT_REDACTED
    unseen = not withheld and only_looked_at and not item.looked_at_by
    if unseen:
        withheld = NOT_LOOKED_AT
    if has_marks_conflict(session.vault, item.id):
        withheld, unseen = MARKS_DIFFER, False
    history = marks_history(session.vault, item.id)
    sha256, width, height = ("", item.width, item.height) if withheld else _rendered(session, item, marks)
    return ExhibitSheet(
        item=item,
        number=exhibit_number(year, part.activity.id, item.number, item.letter),
        option_label=option.label if option else "",
        rendition_sha256=sha256,
        width=width,
        height=height,
        areas=() if withheld else redacting.areas(marks, history, (item.width, item.height)),
        legend=redacting.legend(marks, (item.width, item.height)),
        # A window title or file name often holds a patient's name; nobody has confirmed these, so none is printed.
        origin="",
        load=_loader(session, item, marks),
        withheld=withheld,
        changed_by=history[0].person if history else "",
        unseen=unseen,
    )


def _destroyed_sheet(year: int, part: SelectionView, item: EvidenceItem, tomb: Tombstone) -> ExhibitSheet:
    option = part.activity.guidance.option(item.option_key)

    def load() -> bytes:
        raise OriginalDestroyedError(tomb.sentence)

    return ExhibitSheet(
        item=item,
        number=exhibit_number(year, part.activity.id, item.number, item.letter),
        option_label=option.label if option else "",
        rendition_sha256="",
        width=item.width,
        height=item.height,
        areas=(),
        legend=(),
        origin="",
        load=load,
        withheld=tomb.sentence,
        destroyed=True,
    )


#: Why a picture is left out of the redacted edition.
NOT_REDACTED = "Patient identifiers are neither redacted nor confirmed absent."
NOT_LOOKED_AT = "Nobody looked at it since it was changed last."
MARKS_DIFFER = "Two desktops marked this picture differently; choose one of them first."


def _rendered(session: Session, item: EvidenceItem, marks: tuple[Mark, ...]) -> tuple[str, int, int]:
    key = (item.id, item.marks_version)
    if key not in session.rendered:
        picture = collect.rendition(session, item)
        width, height = struct.unpack(">II", picture[16:24])  # of the PNG header
        session.rendered[key] = (hashlib.sha256(picture).hexdigest(), width, height)
    return session.rendered[key]


def _loader(session: Session, item: EvidenceItem, marks: tuple[Mark, ...]) -> Callable[[], bytes]:
    def load() -> bytes:
        picture = collect.rendition(session, item)
        assert_redacted(picture, marks, (item.width, item.height))
        return picture

    return load


def write(
    session: Session,
    binder: BinderContent,
    out: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
    signing: Signing | None = None,
) -> tuple[BinderFile, Changes]:
    """Write a binder and record it in the vault; from a vault that is open to read only it is recorded at the next
    opening for writing on this computer.

    Args:
        session: the open practice.
        binder: what to write.
        out: the PDF file; replaced only when the new one is complete.
        progress: called with exhibits done and in all.
        check: called often; raises CancelledError to stop, which leaves no file.
        signing: whose key signs it, see `services.signing`; None: nobody's.

    Raises:
        BadInputError: the place is a folder, or lies inside a vault, or the certificate is not valid today.
        RedactionProofError: a picture in the written file was not covered where it should be; no file was made.
        MipsDeskError: the file could not be written, or was written and could not be recorded.
        VaultError: an original is damaged.
    """
    refuse_place(out)
    made = write_binder(binder, out, progress=progress, check_cancel=check, signing=signing)
    # The same state written twice is the same binder, and both times are recorded.
    known = {export.id for export in session.vault.exports()}
    again = next(n for n in itertools.count(1) if _export_id(binder, n) not in known)
    export = Export(
        id=_export_id(binder, again),
        year=binder.year,
        at=binder.made_at,
        person=session.person,
        file_name=out.name,
        sha256=made.sha256,
        pages=made.pages,
        exhibits=made.exhibits,
        journal_head=binder.journal_head,
        edition=binder.edition.value,
        kind="answer" if binder.request else "binder",
        reason=binder.full_reason,
        signed_by=made.signed_by,
        request_id=binder.request.id if binder.request else "",
    )
    try:
        pending.witness(session.vault, Event.BINDER_EXPORTED, session.now, export=export)
    except MipsDeskError as error:
        raise MipsDeskError(
            f"“{out.name}” was written, but this vault could not record it and will not know it. {error}"
        ) from error
    return made, Changes(Changed.EXPORTS, f"Export binder {binder.year}", (export.id,))


def _export_id(binder: BinderContent, time: int) -> str:
    return binder.binder_id if time == 1 else f"{binder.binder_id}/{time}"
