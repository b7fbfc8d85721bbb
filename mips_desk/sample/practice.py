"""Make the sample practice: a vault that looks as if a clinic had used MIPS Desk for three years."""

import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import partial
from pathlib import Path

from mips_desk.domain.evidence import Source, UseEntry
from mips_desk.domain.papers import PaperKind
from mips_desk.domain.period import ONE_DAY
from mips_desk.domain.practice import Level, Track, YearProfile
from mips_desk.errors import BadInputError
from mips_desk.services import attesting, choose, collect, papers, setup, uses
from mips_desk.services.session import Session, create_practice, vault_folder

from . import audit_2024, year_2024, year_2026
from .people import CLINICIANS, HOST, MANAGER, PRACTICE
from .pictures import PICTURES, draw
from .plan import Chosen, Proof, marks_for
from .sheet import Picture

#: The passphrase of every sample practice; it protects nothing, because nothing in the sample is real.
SAMPLE_PASSPHRASE = "sample practice without secrets"  # noqa: S105 - public on purpose

#: Clinicians on the roster in each of the two years; 16 or more, so it is no small practice.
_ROSTER = 18


@dataclass(frozen=True, slots=True)
class SampleResult:
    """A sample practice.

    Attributes:
        vault_folder: its vault.
        passphrase: opens it.
    """

    vault_folder: Path
    passphrase: str


@dataclass(slots=True)
class _Clock:
    """A clock that is set forward by hand and otherwise ticks at every look."""

    at: datetime

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=20)
        return self.at

    def advance(self, to: datetime) -> None:
        self.at = max(self.at, to)

    def work(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes, seconds=self.at.day % 50)


@dataclass(order=True, slots=True)
class _Event:
    """Something the practice did."""

    at: datetime
    order: int
    do: Callable[[Session], object] = field(compare=False)


def make_sample(folder: Path, progress: Callable[[int, int], None] | None = None) -> SampleResult:
    """Make the sample practice.

    Args:
        folder: where its vault shall be; made if it is missing.
        progress: called with steps done and steps in all.

    Raises:
        BadInputError: there is a sample practice in the folder already, or the folder cannot be made.
        VaultError: it could not be written; nothing is left behind.
    """
    vault = vault_folder(folder, PRACTICE.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise BadInputError(f"The folder “{folder}” cannot be made: {reason}. Choose another place.") from error
    clock = _Clock(_central(datetime(2024, 1, 8, 9, 2)))
    story = _Story(clock)
    total = len(PICTURES) + len(story.events)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    session = create_practice(vault, SAMPLE_PASSPHRASE, PRACTICE, MANAGER, clock=clock)
    try:
        story.pictures = draw(step)
        for event in story.events:
            clock.advance(event.at)
            event.do(session)
            step()
    except BaseException:
        session.close()
        shutil.rmtree(vault, ignore_errors=True)
        raise
    session.close()
    return SampleResult(vault, SAMPLE_PASSPHRASE)


class _Story:
    """Everything that was done, in order of time."""

    def __init__(self, clock: _Clock) -> None:
        self._clock = clock
        self.pictures: dict[str, Picture] = {}
        self._events: list[_Event] = []
        self._clinicians: dict[str, str] = {}
        self._selections: dict[tuple[int, str], str] = {}
        self._shown: dict[tuple[str, date], str] = {}
        self._add(datetime(2024, 1, 8, 9, 10), self._enter_clinicians)
        for year in (2024, 2026):
            self._add(datetime(year, 1, 8, 9, 30), partial(_enter_year, year=year))
        for year, chosen in ((2024, year_2024.CHOSEN), (2026, year_2026.CHOSEN)):
            for activity in chosen:
                self._plan(year, activity)
        for paper in year_2024.PAPERS:
            self._add(paper.at, partial(self._add_paper, paper=paper))
        audit_2024.plan(self._add)
        self.events = sorted(self._events)

    def _add(self, at: datetime, do: Callable[[Session], object]) -> None:
        self._events.append(_Event(_central(at), len(self._events), do))

    def _plan(self, year: int, chosen: Chosen) -> None:
        key = year, chosen.activity

        def select(session: Session) -> None:
            self._selections[key] = choose.add(session, year, chosen.activity).id
            choose.set_period(session, self._selections[key], chosen.period)

        self._add(chosen.chosen, select)
        for proof in chosen.proofs:
            self._add(proof.at, partial(self._collect, key=key, proof=proof))
        self._add(chosen.story_at, lambda session: choose.set_story(session, self._selections[key], chosen.story))
        if chosen.note:
            at = chosen.story_at + timedelta(minutes=4)
            self._add(at, lambda session: choose.set_private_note(session, self._selections[key], chosen.note))
        months: defaultdict[tuple[int, int], list[UseEntry]] = defaultdict(list)
        for entry in chosen.habit.entries():
            months[entry.day.year, entry.day.month].append(entry)
        for entries in months.values():
            at = max(_evening(entries[-1].day), chosen.chosen + timedelta(minutes=10))
            self._add(at, partial(self._log, key=key, entries=entries))

    def _enter_clinicians(self, session: Session) -> None:
        ids = setup.put_clinicians(session, tuple(replace(clinician, id="") for clinician in CLINICIANS)).ids
        self._clinicians = {clinician.id: given for clinician, given in zip(CLINICIANS, ids, strict=True)}

    def _collect(self, session: Session, key: tuple[int, str], proof: Proof) -> None:
        selection_id, picture = self._selections[key], self.pictures[proof.picture]
        captured = proof.source is Source.CAPTURE
        incoming = collect.Incoming(
            picture.data,
            proof.source,
            window_title=picture.title if captured else "",
            file_name="" if captured else _file_name(proof),
            scale=picture.scale if captured else 0,
            host=HOST,
        )
        added = collect.add_pictures(
            session,
            selection_id,
            (incoming,),
            caption=proof.caption,
            shows_date=proof.shows,
            option_key=proof.option,
        )
        evidence_id = added.changes.id
        if proof.shows is not None:
            self._shown[selection_id, proof.shows] = evidence_id
        if marks := marks_for(proof, picture):
            self._clock.work(minutes=3)
            collect.set_marks(session, evidence_id, marks)
        self._clock.work(minutes=1)
        collect.describe(
            session,
            evidence_id,
            address=picture.address if captured else "",
            clinician_ids=tuple(self._clinicians[clinician] for clinician in proof.clinicians),
            outside_reason=proof.outside,
            no_identifiers=not picture.identifiers,
        )
        if proof.looked_at:
            self._clock.work(minutes=1)
            collect.look_at(session, evidence_id)

    def _add_paper(self, session: Session, paper: Proof) -> None:
        picture = self.pictures[paper.picture]
        incoming = collect.Incoming(
            picture.data, paper.source, window_title=picture.title, scale=picture.scale, host=HOST
        )
        evidence_id = papers.add(
            session,
            2024,
            (incoming,),
            kind=PaperKind(paper.option),
            caption=paper.caption,
            shows_date=paper.shows,
            clinician_ids=tuple(self._clinicians[clinician] for clinician in paper.clinicians),
        ).changes.id
        self._clock.work(minutes=2)
        collect.set_marks(session, evidence_id, marks_for(paper, picture))
        collect.describe(session, evidence_id, address=picture.address, no_identifiers=True)
        self._clock.work(minutes=1)
        collect.look_at(session, evidence_id)
        if paper is year_2024.RECEIPT:
            attested = {chosen.activity: chosen.attested for chosen in year_2024.CHOSEN if chosen.attested}
            attesting.record(
                session,
                2024,
                tuple(attested),
                max(attested.values()),
                by=MANAGER,
                through=year_2024.THROUGH,
                reference=year_2024.REFERENCE,
                receipt_id=evidence_id,
            )

    def _log(self, session: Session, key: tuple[int, str], entries: list[UseEntry]) -> None:
        selection_id = self._selections[key]
        uses.log_entries(
            session,
            selection_id,
            [
                replace(
                    entry,
                    clinician_id=self._clinicians[entry.clinician_id],
                    evidence_id=self._shown.get((selection_id, entry.day), ""),
                )
                for entry in entries
            ],
        )


def _enter_year(session: Session, year: int) -> None:
    setup.set_profile(
        session,
        YearProfile(
            year,
            Level.GROUP,
            Track.TRADITIONAL,
            npis_total=_ROSTER,
            eligible_clinicians=_ROSTER,
            submitted_quality=True if year == 2024 else None,
            submitted_pi=True if year == 2024 else None,
        ),
    )


def _file_name(proof: Proof) -> str:
    kind = "minutes" if proof.source is Source.IMPORT else "phone"
    return f"{kind}-{proof.at:%Y-%m-%d}.{'jpg' if proof.source is Source.IMPORT else 'png'}"


def _evening(day: date) -> datetime:
    """Return when the dates of a month were logged: on its last date of use, after the office has closed."""
    return datetime.combine(day, time(17, 5))


def _central(at: datetime) -> datetime:
    """Return a time on the wall in US Central Time with its UTC offset.

    The rule is written out because Windows has no time zone table: daylight saving time from the second Sunday in March
    to the first Sunday in November (15 U.S.C. 260a).
    """
    summer = _sunday(at.year, 3, 2) <= at.date() < _sunday(at.year, 11, 1)
    return at.replace(tzinfo=timezone(timedelta(hours=-5 if summer else -6)))


def _sunday(year: int, month: int, count: int) -> date:
    first = date(year, month, 1)
    return first + ONE_DAY * ((6 - first.weekday()) % 7 + 7 * (count - 1))
