"""Make the binder of a year from the vault, and remember every one that was written."""

import hashlib
import itertools
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from mips_desk import __version__
from mips_desk.binder import fonts
from mips_desk.binder.content import (
    ActivityPart,
    BinderContent,
    ClosedNote,
    Edition,
    JournalLine,
    PackageNote,
    Paper,
    RequestNote,
)
from mips_desk.binder.field import Signing
from mips_desk.binder.write import BinderFile, write_binder
from mips_desk.domain.evidence import EvidenceItem, Export
from mips_desk.domain.papers import PAPERS
from mips_desk.domain.readiness import Lack, Missing
from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.store import Event
from mips_desk.store.retention import tombstones

from . import attesting, custody, official, papers, pending
from .auditing import RequestView
from .changes import Changed, Changes
from .closing import year_state
from .exhibits import Exhibits
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
        activities: identifiers of the activities to print; empty: all chosen ones. An answer may name some that were
            not chosen; it says so of them.
        paper: paper size.
        sign_off: print signature blocks.
        journal_extract: print the newest journal entries; never in an answer.
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
    full_reason = fonts.clean(full_reason).strip()  # what cannot be seen is no reason
    if edition is Edition.FULL and not full_reason:
        raise BadInputError("The full edition shows patient identifiers. Say why it is made; nothing was written.")
    if edition is Edition.REDACTED and full_reason:
        raise BadInputError("A reason belongs to the full edition only; nothing was written.")
    if year not in session.catalog.years:
        raise BadInputError(f"MIPS Desk knows no performance year {year}.")
    made_at = export_time(session.now)
    view = load_year(session, year, made_at.date())
    chosen = {part.activity.id: part for part in view.selections}
    unknown = [name for name in activities if name not in chosen]
    # An auditor may ask for what was never chosen; the answer says so.
    if unknown and (request is None or len(unknown) == len(activities)):
        raise BadInputError(f"{unknown[0]} is not among the activities chosen for {year}.")
    wanted = [part for part in view.selections if not activities or part.activity.id in activities]
    # Logins and exports change nothing that a binder shows: without them the same state prints the same bytes.
    entries = session.vault.journal_tail(EXTRACT, content_only=True)
    head = entries[-1].hash if entries else ""
    cut = len(wanted) < len(view.selections)
    # Without those of the same time stamp: the same state at the same time stays the same binder.
    exports = tuple(each for each in session.vault.exports() if each.year == year and each.at != made_at)
    shown = {part.activity.id for part in wanted}
    told = attesting.attested(view)
    kept = papers.papers(view).papers
    items = [*(each.item for each in kept), *(item for part in wanted for item in part.evidence)]
    histories = custody.custody(session, items)
    exhibits = Exhibits(
        session=session,
        year=year,
        edition=edition,
        only_looked_at=only_looked_at,
        tombs={tomb.evidence_id: tomb for tomb in tombstones(session.vault, year)},
        custody=histories,
    )
    seed = f"{head}|{year}|{made_at.isoformat()}|{paper}|{','.join(part.id for part in wanted)}|{sign_off}"
    if only_looked_at:
        seed += "|looked at"
    # What may differ although the newest entry is the same.
    acts = sum(line.times for lines in histories.values() for line in lines)
    seed += f"|{acts}|{len(exports)}|{journal_extract}|{request.id if request else ''}|{full_reason}"
    seed += f"|{package.manifest_sha256 if package else ''}"
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
        if journal_extract and request is None  # what was done about other activities was not asked for
        else (),
        rule_version=f"{year}{' (provisional)' if view.rules.provisional else ''} of MIPS Desk {__version__}",
        app_version=__version__,
        gauge=view.gauge,
        score=view.planned,
        parts=tuple(_part(view, part, exhibits) for part in wanted),
        paper=paper,
        sign_off=sign_off,
        closed=_closed(session, year),
        edition=edition,
        full_reason=full_reason,
        papers=tuple(exhibits.sheet(each.item, PAPERS, each.kind.label if each.kind else "") for each in kept),
        papers_missing=_missing_from(edition, (missing for each in kept for missing in each.missing)),
        attested=tuple(record for record in told.in_force if not cut or shown & {*record.activities}),
        corrected=tuple(record for record in told.replaced if not cut or shown & {*record.activities}),
        differences=tuple(each for each in told.differences if not cut or each.activity_id in shown),
        request=request,
        group_needed=clinicians_needed(view.profile, view.clinicians, view.rules),
        left_out=tuple(part.activity.id for part in view.selections if part not in wanted) if cut else (),
        not_chosen=tuple(name for name in activities if name not in chosen),
        exports=exports,
        package=package,
    )


def request_note(view: RequestView, enclosed: Sequence[str] = ()) -> RequestNote:
    """Return what an answer says of the audit request that it answers.

    Args:
        view: the request; its activities go into `content(activities=...)`.
        enclosed: what goes with the answer besides its pages, one line each.
    """
    return RequestNote(
        id=view.id,
        number=view.request.number,
        text=view.request.text,
        addressee=view.audit.sender,
        reference=view.audit.reference,
        due=view.due,
        notice_on=view.audit.letter_on,
        enclosed=tuple(enclosed),
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


def _missing_from(edition: Edition, missing: Iterable[Missing]) -> tuple[Missing, ...]:
    """Return what is missing from an edition: the full one shows what nobody redacted yet."""
    return tuple(each for each in missing if edition is Edition.REDACTED or each.lack is not Lack.REDACTION)


def _part(view: YearView, part: SelectionView, exhibits: Exhibits) -> ActivityPart:
    guidance = part.activity.guidance
    quoted = official.text_of(exhibits.session, view.year, part.activity.id)
    one_site = part.activity.id == view.rules.medical_home.activity_id

    def label(item: EvidenceItem) -> str:
        option = guidance.option(item.option_key)
        return option.label if option else ""

    return ActivityPart(
        activity=part.activity,
        selection=part.selection,
        readiness=replace(part.readiness, missing=_missing_from(exhibits.edition, part.readiness.missing)),
        official_text=quoted.text if quoted else None,
        official_source=quoted.source if quoted else "",
        uses=part.uses,
        use_summary=part.use_summary,
        exhibits=tuple(exhibits.sheet(item, part.activity.id, label(item)) for item in part.evidence),
        needed=0 if one_site else clinicians_needed(view.profile, view.clinicians, view.rules),
    )


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
    export = Export(
        id=free_id(binder.binder_id, known),
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


def free_id(identifier: str, known: Collection[str]) -> str:
    """Return an identifier for the record of a file: that which the file prints, with a number when it was written
    before.

    Args:
        identifier: as printed.
        known: those of the records there are.
    """
    numbered = (identifier if time == 1 else f"{identifier}/{time}" for time in itertools.count(1))
    return next(each for each in numbered if each not in known)
