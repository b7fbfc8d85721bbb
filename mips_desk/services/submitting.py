"""Write the submission file of a year: what the practice can attest, as CMS's QPP reads it. It is never sent."""

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mips_desk.binder.submission import Submission
from mips_desk.domain.activity import PeriodKind
from mips_desk.domain.evidence import Export
from mips_desk.domain.period import Period, year_period
from mips_desk.domain.practice import Level, Track
from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.store import Event

from . import pending
from .changes import Changed, Changes
from .out_files import written_beside
from .overview import SelectionView, YearView, load_year
from .session import Session, export_time

#: A submission names no picture, so it has no edition.
_NO_EDITION: Final = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission with what a person should know before it is written.

    Attributes:
        submission: what the file says.
        left_out: activities of the year that are not in it, each with the reason in a sentence.
        notes: what CMS does with such a file, where that is worth knowing; sentences.
    """

    submission: Submission
    left_out: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def prepare(
    session: Session, year: int, *, activities: Sequence[str] = (), npi: str = "", entity_id: str = ""
) -> Prepared:
    """Return the submission of a year; nothing is written yet.

    Args:
        session: the open practice.
        year: performance year.
        activities: identifiers of what to submit, proven or not; empty: every chosen activity whose proof is complete.
        npi: whose submission it is, for individuals; empty: the only clinician of the year.
        entity_id: CMS's identifier of the virtual group, subgroup or APM Entity.

    Raises:
        BadInputError: the year or an activity is unknown, nothing can be submitted, or CMS would refuse it.
    """
    if year not in session.catalog.years:
        raise BadInputError(f"MIPS Desk knows no performance year {year}.")
    view = load_year(session, year, export_time(session.now).date())
    parts = {part.activity.id: part for part in view.selections}
    unknown = [name for name in activities if name not in parts]
    if unknown:
        raise BadInputError(f"{unknown[0]} is not among the activities chosen for {year}.")
    wanted = [part for name, part in parts.items() if (name in activities if activities else part.readiness.complete)]
    if not wanted:
        raise BadInputError(
            f"No activity of {year} has complete proof, so there is nothing to submit. Name activities to submit them "
            "without it."
        )
    periods = {part.activity.id: _period(view, part) for part in wanted}
    profile = view.profile
    submission = Submission(
        year=year,
        level=profile.level,
        track=profile.track,
        start=min(period.start for period in periods.values()),
        end=max(period.end for period in periods.values()),
        activity_ids=tuple(sorted(periods)),
        tin=view.practice.tin,
        npi=_whose(view, npi) if profile.level is Level.INDIVIDUAL else "",
        entity_id=entity_id,
        mvp_id=profile.mvp_id,
    )
    left_out = tuple((name, _why_not(part)) for name, part in sorted(parts.items()) if name not in periods)
    return Prepared(submission, left_out, _notes(view, wanted, submission))


def _period(view: YearView, part: SelectionView) -> Period:
    """Return the period to submit for an activity."""
    if part.selection.period is not None:
        return part.selection.period
    if view.rules.period_for(part.activity.id).kind is PeriodKind.CONTINUOUS_DAYS:
        raise BadInputError(f"{part.activity.id} has no performance period yet. No submission file was written.")
    return year_period(view.year)


def _whose(view: YearView, npi: str) -> str:
    known = [clinician.npi for clinician in view.clinicians if clinician.npi]
    if npi:
        if npi not in known:
            raise BadInputError(f"No clinician of {view.year} has this NPI. No submission file was written.")
        return npi
    if len(known) != 1:
        raise BadInputError(
            f"{view.year} is reported by individuals, each with a file of their own; say whose by NPI. No submission "
            "file was written."
        )
    return known[0]


def _why_not(part: SelectionView) -> str:
    if part.readiness.complete:
        return "It was not asked for."
    return "Its proof is not complete."


def _notes(view: YearView, wanted: Sequence[SelectionView], submission: Submission) -> tuple[str, ...]:
    found = []
    days = Period(submission.start, submission.end).days
    if days < view.rules.min_days:
        found.append(
            f"The periods span {days} days; CMS wants {view.rules.min_days} for activities without a period of "
            "their own (42 CFR 414.1320)."
        )
    unproven = [part.activity.id for part in wanted if not part.readiness.complete]
    if unproven:
        found.append(f"Submitted without complete proof: {', '.join(unproven)}.")
    if submission.track is Track.APP:
        found.append("Under the APP, CMS gives full credit for improvement activities without a submission.")
    return tuple(found)


def write(session: Session, prepared: Prepared, out: Path) -> Changes:
    """Write a submission file and record it in the vault. It holds the whole TIN, because CMS reads it.

    Args:
        session: the open practice.
        prepared: what to write.
        out: the JSON file, replaced in one step.

    Raises:
        BadInputError: the place is a folder, or lies inside a vault.
        MipsDeskError: the file could not be written, or was written and could not be recorded.
    """
    submission = prepared.submission
    data = submission.as_bytes()
    with written_beside(out) as stream:
        stream.write(data)
    sha256 = hashlib.sha256(data).hexdigest()
    known = {export.id for export in session.vault.exports()}
    names = (f"submission-{submission.year}-{number}" for number in itertools.count(1))
    export = Export(
        id=next(name for name in names if name not in known),
        year=submission.year,
        at=export_time(session.now),
        person=session.person,
        file_name=out.name,
        sha256=sha256,
        pages=0,
        exhibits=0,
        journal_head=_head(session),
        edition=_NO_EDITION,
        kind="submission",
    )
    try:
        pending.witness(session.vault, Event.SUBMISSION_WRITTEN, session.now, export=export)
    except MipsDeskError as error:
        raise MipsDeskError(
            f"“{out.name}” was written, but this vault could not record it and will not know it. {error}"
        ) from error
    return Changes(Changed.EXPORTS, f"Write submission file {submission.year}", (export.id,))


def _head(session: Session) -> str:
    entries = session.vault.journal_tail(1, content_only=True)
    return entries[-1].hash if entries else ""
