"""The pages on the practice: eligibility and status, clinicians and what they did, what was attested, the method."""

from dataclasses import replace
from typing import Final

from mips_desk.domain import phrases
from mips_desk.domain.attested import AttestationRecord
from mips_desk.domain.papers import PaperKind
from mips_desk.domain.practice import Clinician, Level, Track, mask_tin

from . import words
from .blocks import Block, Cell, Table, Text, column
from .content import ActivityPart, BinderContent, Edition, ExhibitSheet
from .figures import signature, use_line
from .front import facts, heading, subheading
from .outline import exhibit_key
from .pen import BODY, NOTE, SMALL, SMALL_STRONG, STRONG, Run

#: Activities side by side in the table of who performed what.
_ACROSS: Final = 6
#: Share of the width that one of them takes at most.
_STRIP: Final = 26.0


def status(content: BinderContent) -> list[Block]:
    """Return what CMS said of the practice and its clinicians in the year, with the papers that show it.

    Args:
        content: the binder.
    """
    intro = (
        "What CMS or a program said of the practice and of each clinician in the year, with the exhibits that show it. "
        "They follow on the next pages."
        if content.papers
        else "No practice paper is in this binder: what is stated here is what the practice entered."
    )
    blocks = heading("Eligibility and status", "status", intro)
    if content.clinicians:
        rows = tuple(
            (
                (Run(each.shown_name, SMALL_STRONG),),
                (Run(each.npi or "Not entered", SMALL),),
                *_shown_by(content.papers_of(PaperKind.PARTICIPATION, each.id), "No participation status is there."),
            )
            for each in content.clinicians
        )
        columns = (column("Clinician", 28), column("NPI", 13), column("Participation status", 51), _PAGE)
        blocks.append(Table(columns, rows, pad=4))
    rows = tuple(
        ((Run(label, SMALL_STRONG),), (Run(stated, SMALL),), *_shown_by(sheets, missing))
        for label, stated, sheets, missing in _statements(content)
    )
    columns = (column("Status", 20), column("As entered by the practice", 34), column("Shown by", 38), _PAGE)
    blocks += [subheading("The practice"), Table(columns, rows, pad=4)]
    others = [*content.papers_of(PaperKind.RECEIPT), *content.papers_of(PaperKind.OTHER)]
    told = {PaperKind.PARTICIPATION, PaperKind.SPECIAL_STATUS, PaperKind.PROGRAM, PaperKind.RECEIPT, PaperKind.OTHER}
    others += [sheet for sheet in content.papers if sheet.item.option_key not in told]
    unnamed = [
        sheet
        for sheet in content.papers_of(PaperKind.PARTICIPATION)
        if not {each.id for each in content.clinicians} & set(sheet.item.clinician_ids)
    ]
    if others := [*unnamed, *others]:
        rows = tuple(
            (
                (Run(sheet.option_label or "Not said", SMALL_STRONG),),
                (Run(sheet.item.caption or "No caption", SMALL),),
                *_shown_by((sheet,), ""),
            )
            for sheet in others
        )
        columns = (column("Other papers", 24), column("What it shows", 40), column("Exhibit", 28), _PAGE)
        blocks += [subheading("Other papers"), Table(columns, rows, pad=4)]
    return blocks


_PAGE: Final = column("Page", 8, "right")


def _shown_by(sheets: tuple[ExhibitSheet, ...], missing: str) -> tuple[Cell, Cell]:
    """Return exhibit numbers with their days, and their pages."""
    if not sheets:
        return (Run(missing, NOTE),), ()
    named = []
    for sheet in sheets:
        day = f", shows {phrases.short_day(sheet.item.shows_date)}" if sheet.item.shows_date else ", no date"
        state = ", withheld" if sheet.withheld else ""
        named.append((Run(f"Exhibit {sheet.number}", SMALL, exhibit_key(sheet)), Run(day + state, NOTE)))
    return tuple(named), tuple((Run("", SMALL, exhibit_key(sheet), page=True),) for sheet in sheets)


def _statements(content: BinderContent) -> list[tuple[str, str, tuple[ExhibitSheet, ...], str]]:
    """Return what the practice states: label, statement, papers, and what to say where there are none."""
    profile = content.profile
    program = content.papers_of(PaperKind.PROGRAM)
    special = content.papers_of(PaperKind.SPECIAL_STATUS)
    track = phrases.sentence(profile.track.label) + (f", {profile.mvp_id}" if profile.mvp_id else "")
    needs_paper = profile.track is not Track.TRADITIONAL
    found = [
        ("Reporting level", profile.level.label, (), "Chosen by the practice."),
        ("Track", track, program if needs_paper else (), "No paper is there." if needs_paper else "Needs no paper."),
        (
            "Special status",
            words.statuses(profile.special_statuses),
            special,
            "No paper is there." if profile.special_statuses else "Needs no paper.",
        ),
    ]
    told = program if needs_paper else ()
    if profile.pcmh_sites_total or profile.pcmh_sites_recognised:
        sites = (
            f"{profile.pcmh_sites_recognised or 0} of {phrases.count(profile.pcmh_sites_total or 0, 'site')} recognized"
        )
        found.append(("Medical home", sites, program, "No paper is there."))
        told = program
    if profile.apm_participant:
        found.append(("APM", "Takes part in an APM", program, "No paper is there."))
        told = program
    if program and not told:
        found.append(("Program", "Not stated", program, ""))
    return found


def people(content: BinderContent) -> list[Block]:
    """Return the practice, its roster of the year, and which of them performed each activity.

    Args:
        content: the binder.
    """
    profile = content.profile
    eligible = "" if profile.eligible_clinicians is None else str(profile.eligible_clinicians)
    grid = [
        ("Practice", content.practice.name),
        ("Address", content.practice.address),
        ("TIN", mask_tin(content.practice.tin)),
        ("Reporting level", profile.level.label),
        ("Clinicians on the roster", str(len(content.clinicians))),
        ("NPIs billing under the TIN", "" if profile.npis_total is None else str(profile.npis_total)),
        ("Eligible clinicians in the TIN", eligible),
    ]
    blocks = [*heading("Practice and clinicians", "people"), facts(grid, 3, after=4)]
    blocks.append(subheading(f"Clinicians in {content.year}"))
    if not content.clinicians:
        return [*blocks, Text((Run("No clinician is on the roster.", BODY),))]
    rows = tuple(
        (
            (Run(clinician.shown_name, SMALL_STRONG),),
            (Run(clinician.npi or "Not entered", SMALL),),
            (Run(clinician.role, SMALL),),
            (Run(phrases.short_day(clinician.joined) if clinician.joined else "", SMALL),),
            (Run(phrases.short_day(clinician.left) if clinician.left else "", SMALL),),
            (Run("Yes", SMALL),),
        )
        for clinician in content.clinicians
    )
    columns = (
        column("Name", 30),
        column("NPI", 14),
        column("Role", 22),
        column("Joined", 12),
        column("Left", 12),
        column("Counted", 10),
    )
    note = "Counted: in the practice on at least one day of the year, and so in the number of all clinicians below."
    if content.npis != len(content.clinicians):
        note += (
            f" The practice entered {phrases.count(content.npis, 'NPI')} billing under the TIN, "
            f"and {len(content.clinicians)} {'is' if len(content.clinicians) == 1 else 'are'} on the roster; "
            f"the rule below counts the {content.npis}."
        )
    blocks += [Table(columns, rows, pad=4, after=6), Text((Run(note, NOTE),))]
    return [*blocks, *_performed(content)] if content.parts else blocks


def _performed(content: BinderContent) -> list[Block]:
    """Return which clinician performed which activity, as many activities side by side as fit."""
    if content.group_needed:
        rule = (
            f"An activity counts for the group when at least {content.group_needed} of its "
            f"{phrases.count(content.npis, 'clinician')} performed it (42 CFR 414.1360(a)(2)). The numbers are days of "
            f"use in {content.year} that name the clinician."
        )
    elif content.profile.level is Level.INDIVIDUAL:
        rule = "Each clinician reports alone, so the rule for groups does not apply. The numbers are days of use."
    else:
        rule = "There is one clinician, so the rule for groups does not apply. The numbers are days of use."
    blocks: list[Block] = [
        subheading("Who performed each activity", "half"),
        Text((Run(rule, BODY),), after=4, keep=True),
        Text((Run(_STROKES, NOTE),), after=8, keep=True),
    ]
    starts = range(0, len(content.parts), _ACROSS)
    return [*blocks, *(_matrix(content, content.parts[start : start + _ACROSS]) for start in starts)]


_STROKES: Final = (
    "The lines are the year from January to December: gray is the period claimed, each stroke a day of use; a short "
    "stroke lies outside the period."
)


def _matrix(content: BinderContent, parts: tuple[ActivityPart, ...]) -> Table:
    known = {clinician.id for clinician in content.clinicians}
    rows: list[tuple[Cell, ...]] = [
        ((Run(each.shown_name, SMALL_STRONG),), *(_days_cell(part, each) for part in parts))
        for each in content.clinicians
    ]
    done = [len(part.performing & known) for part in parts]
    needed = [str(part.needed) if part.needed else "Not asked" for part in parts]
    met = [
        "" if not part.needed else "✓ Met" if count >= part.needed else f"⚠ {part.needed - count} too few"
        for part, count in zip(parts, done, strict=True)
    ]
    rows += [
        ((Run("Clinicians who performed it", SMALL_STRONG),), *((Run(str(count), SMALL_STRONG),) for count in done)),
        ((Run("Needed", SMALL_STRONG),), *((Run(count, SMALL),) for count in needed)),
    ]
    if any(met):
        rows.append(((Run("Rule", SMALL_STRONG),), *((Run(each, SMALL_STRONG),) for each in met)))
    share = min(_STRIP, 72 / len(parts))
    columns = (column("Clinician", 28), *(column(part.activity.id, share, "right") for part in parts))
    if (short := 72 - share * len(parts)) > 1:
        columns = (*columns, column("", short))
        rows = [(*row, ()) for row in rows]
    return Table(columns, tuple(rows), pad=2.8, gutter=12)


def _days_cell(part: ActivityPart, clinician: Clinician) -> Cell:
    year = part.selection.year
    days = {use.day for use in part.uses if use.clinician_id == clinician.id and use.day.year == year}
    return use_line(year, part.selection.period, days)


def attested(content: BinderContent) -> list[Block]:
    """Return what was attested, when, by whom and through what, and how that differs from this binder.

    Args:
        content: the binder.
    """
    intro = "What was reported to CMS, as it was recorded. A record is never changed; a correction replaces it."
    blocks = heading("Attestation record", "attested", intro)
    if not content.attested:
        blocks.append(Text((Run("No attestation is recorded for the activities of this file.", BODY),)))
    else:
        blocks.append(_records(content, content.attested))
    if content.corrected:
        blocks += [subheading("Corrected since"), _records(content, content.corrected)]
    blocks.append(subheading("Differences between what was attested and this binder"))
    if content.differences:
        rows = tuple(
            ((Run(each.activity_id, SMALL_STRONG),), (Run(each.sentence, SMALL),)) for each in content.differences
        )
        return [*blocks, Table((column("Activity", 20), column("Difference", 80)), rows, pad=4)]
    said = "None: what was attested is planned and proven." if content.attested else "Nothing can differ yet."
    return [*blocks, Text((Run(said, BODY),))]


def _joined(records: tuple[AttestationRecord, ...]) -> list[AttestationRecord]:
    """Return the records, with those that were entered activity by activity before records were kept as one a day."""
    found: list[AttestationRecord] = []
    for record in records:
        last = found[-1] if found else None
        if last and last.recorded_at is None and record.recorded_at is None and last.on == record.on:
            found[-1] = replace(last, activities=(*last.activities, *record.activities))
        else:
            found.append(record)
    return found


def _records(content: BinderContent, records: tuple[AttestationRecord, ...]) -> Table:
    papers = {sheet.item.id: sheet for sheet in content.papers}
    rows: list[tuple[Cell, ...]] = []
    for record in _joined(records):
        written = "Entered before such records were kept"
        if record.recorded_at:
            written = f"Recorded {phrases.short_day(record.recorded_at.date())} by {record.recorded_by}"
        by: list[tuple[Run, ...]] = [(Run(record.by or "Not recorded", SMALL),)]
        what: list[tuple[Run, ...]] = [(Run(", ".join(record.activities) or "Nothing was attested", SMALL_STRONG),)]
        what += [(Run(text, NOTE),) for text in (record.note, written) if text]
        sheet = papers.get(record.receipt_id)
        receipt, page = _shown_by((sheet,), "") if sheet else ((Run("No receipt", NOTE),), ())
        rows.append(
            (
                (Run(phrases.short_day(record.on), SMALL_STRONG),),
                tuple(what),
                tuple(by),
                (
                    (Run(record.through or "Not recorded", SMALL),),
                    *(((Run(f"Number {record.reference}", NOTE),),) if record.reference else ()),
                ),
                receipt,
                page,
            )
        )
    columns = (
        column("Day", 12),
        column("What was attested", 28),
        column("By", 16),
        column("Through", 16),
        column("Receipt", 20),
        _PAGE,
    )
    return Table(columns, tuple(rows), pad=4, gutter=9)


#: The statement and its signature stay on one page.
_METHOD_ROOM: Final = 520.0
_COVERED: Final = (
    "Arrows, boxes and numbered steps were drawn by the practice to point at what matters. Areas that the practice "
    "found to identify a patient are covered with solid black; what is covered is not in this file. Nothing else was "
    "altered. The redaction log says who covered what kind of area and when."
)
_UNCOVERED: Final = (
    "Arrows, boxes and numbered steps were drawn by the practice to point at what matters. This is the full edition: "
    "nothing is covered. What the practice cut away from a picture is not in this file. Nothing else was altered."
)
_METHOD: Final = (
    (
        "Where the pictures come from",
        "Each exhibit was captured from a screen, pasted, or imported from a file at the practice. The original was "
        "stored unchanged, and its SHA-256 was taken at that moment. The exhibit sheet says when, by whom and on which "
        "computer.",
    ),
    ("What was added and covered", ""),
    (
        "Who looked at it",
        "Where a sheet says “Reviewed by”, that person looked at the picture as it is exported with its redactions, "
        "after its last change. Exhibits that nobody looked at since are listed as missing.",
    ),
    (
        "Which clock was used",
        "All times are those of the practice’s computers, printed with their offset and in UTC. They are not certified "
        "by a third party. “Shows” is the date that the proof itself speaks of, as entered by the practice.",
    ),
    (
        "How changes are recorded",
        "Every act in the practice’s records is an entry in a journal in which each entry holds the hash of the one "
        "before. The head of that chain on the cover is the hash of the newest entry when this file was made.",
    ),
    (
        "What this cannot show",
        "The originals stay with the practice. A picture shows a screen at one moment; dates of use were logged by the "
        "practice.",
    ),
)


def method(content: BinderContent) -> list[Block]:
    """Return how the evidence was made, to be signed by the person responsible.

    Args:
        content: the binder.
    """
    blocks = heading("How this evidence was made", "method", room=_METHOD_ROOM)
    covered = _COVERED if content.edition is Edition.REDACTED else _UNCOVERED
    for title, text in _METHOD:
        blocks += [Text((Run(title, STRONG),), keep=True, after=1), Text((Run(text or covered, BODY),), after=11)]
    statement = f"This describes how the exhibits of {content.year} were made at {content.practice.name}."
    return [
        *blocks,
        Text((Run(statement, BODY),), before=14, keep=True, after=2),
        signature(("Signature of the person responsible", "Name and title", "Date")),
    ]
