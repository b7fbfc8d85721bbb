"""An audit by CMS: the notice and its clock, the requests, what was sent, and the practice drill before it comes.

What belongs to an audit can be written although its year is closed: an audit comes years later, and changes nothing
of what is proven. As long as an audit runs, nothing of its years can be destroyed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random, SystemRandom

from mips_desk.domain import phrases
from mips_desk.domain.attested import attested_days
from mips_desk.domain.audit import (
    DAYS_TO_ANSWER,
    MOST_DAYS,
    Audit,
    AuditClock,
    AuditRequest,
    Drill,
    RequestState,
    Sent,
    days_left,
    may,
    next_number,
    pick,
)
from mips_desk.domain.evidence import Export
from mips_desk.errors import BadInputError
from mips_desk.store import Event
from mips_desk.store import attested as stored_attested
from mips_desk.store import audits as stored

from .changes import Changed, Changes
from .choose import activity_in
from .overview import load_year
from .session import Session


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request with what belongs to it.

    Attributes:
        audit: its audit.
        due: the last day on which an answer is in time.
        sent: what was sent, oldest first.
        clock: days left; None when nothing is left to do.
        warning: what is wrong with it, in a sentence; empty: nothing.
    """

    audit: Audit
    request: AuditRequest
    due: date
    sent: tuple[Sent, ...]
    clock: AuditClock | None
    warning: str = ""

    @property
    def id(self) -> str:
        """Identifier of the request."""
        return self.request.id


@dataclass(frozen=True, slots=True)
class AuditView:
    """An audit with what belongs to it.

    Attributes:
        requests: by number.
        clock: days left; None when the audit is closed.
        sentence: how it stands, for a person.
    """

    audit: Audit
    requests: tuple[RequestView, ...]
    clock: AuditClock | None
    sentence: str

    @property
    def id(self) -> str:
        """Identifier of the audit."""
        return self.audit.id

    @property
    def open(self) -> tuple[RequestView, ...]:
        """Requests that are neither sent nor withdrawn."""
        return tuple(each for each in self.requests if not each.request.state.settled)


def audits(session: Session) -> tuple[AuditView, ...]:
    """Return all audits, those that run first, then by the date of the notice, the newest first."""
    views = [_view(session, each) for each in stored.audits(session.vault)]
    return tuple(sorted(views, key=lambda view: view.audit.closed_at is not None))


def audit(session: Session, audit_id: str) -> AuditView:
    """Return an audit.

    Raises:
        NotInVaultError: there is none.
    """
    return _view(session, stored.audit(session.vault, audit_id))


def request(session: Session, request_id: str) -> RequestView:
    """Return a request with its audit.

    Raises:
        NotInVaultError: there is none.
    """
    found = stored.request(session.vault, request_id)
    view = _view(session, stored.audit(session.vault, found.audit_id))
    return next(each for each in view.requests if each.id == request_id)


def running_request(session: Session, year: int, number: int) -> RequestView:
    """Return the request of a number that a running audit has for a year, so that scripts can name it.

    Args:
        session: the open practice.
        year: performance year.
        number: as it was entered.

    Raises:
        BadInputError: there is none or more than one, or it was withdrawn.
    """
    open_audits = [each for each in audits(session) if each.audit.closed_at is None]
    asked = [each for view in open_audits for each in view.requests if each.request.year == year]
    found = [each for each in asked if each.request.number == number]
    if not found:
        known = phrases.listed([str(each.request.number) for each in asked])
        there = f" There is request {known}." if len(asked) == 1 else f" There are requests {known}." if asked else ""
        raise BadInputError(f"No running audit has a request {number} for {year}.{there} Nothing was written.")
    if len(found) > 1:
        raise BadInputError(f"There is more than one request {number} for {year}. Give one a new number first.")
    if found[0].request.state is RequestState.WITHDRAWN:
        raise BadInputError(f"Request {number} for {year} was withdrawn. Nothing was written; open it again first.")
    return found[0]


def start(
    session: Session,
    *,
    letter_on: date,
    sender: str,
    years: Sequence[int],
    reference: str = "",
    days: int = DAYS_TO_ANSWER,
    note: str = "",
) -> Changes:
    """Enter the notice of an audit.

    Args:
        session: the open practice.
        letter_on: date of the notice.
        sender: who wrote.
        years: performance years that it asks about.
        reference: case or letter number.
        days: calendar days to answer, from the date of the notice.
        note: a few words.

    Raises:
        BadInputError: something is missing or cannot be.
    """
    made = _checked(session, Audit("", letter_on, sender.strip(), reference.strip(), tuple(years), days, note.strip()))
    with session.vault.write(Event.AUDIT_STARTED) as tx:
        made = stored.put_audit(tx, made)
    return Changes(Changed.AUDITS, "Enter audit notice", (made.id,))


def change(
    session: Session,
    audit_id: str,
    *,
    letter_on: date | None = None,
    sender: str | None = None,
    years: Sequence[int] | None = None,
    reference: str | None = None,
    days: int | None = None,
    note: str | None = None,
) -> Changes:
    """Change what is said of an audit that runs; what is None stays as it is.

    Raises:
        BadInputError: something is missing or cannot be, or the audit is closed.
    """
    before = _running(session, audit_id)
    given: dict[str, object] = {
        "letter_on": letter_on,
        "sender": sender.strip() if sender is not None else None,
        "years": tuple(years) if years is not None else None,
        "reference": reference.strip() if reference is not None else None,
        "days": days,
        "note": note.strip() if note is not None else None,
    }
    fields = {name: value for name, value in given.items() if value is not None}
    return _put_audit(session, before, replace(before, **fields))  # type: ignore[arg-type]  # names of its own


def close(session: Session, audit_id: str, outcome: str) -> Changes:
    """Close an audit; from then on its years can be destroyed when their time is over.

    Args:
        session: the open practice; its person must be a manager.
        audit_id: the audit.
        outcome: what came of it, in words.

    Raises:
        BadInputError: a request is neither sent nor withdrawn, there is no outcome, or it is closed already.
        NotAllowedError: the person is no manager.
    """
    view = _view(session, _running(session, audit_id))
    if view.open:
        first = view.open[0].request
        raise BadInputError(f"Request {first.number} is neither sent nor withdrawn. The audit was not closed.")
    if not outcome.strip():
        raise BadInputError("Say what came of the audit; it is kept with it. The audit was not closed.")
    with session.vault.write(Event.AUDIT_CLOSED) as tx:
        stored.close_audit(tx, audit_id, outcome.strip())
    return Changes(Changed.AUDITS, "Close audit", (audit_id,), lambda: reopen(session, audit_id))


def reopen(session: Session, audit_id: str) -> Changes:
    """Let a closed audit run again; the journal keeps what came of it before.

    Raises:
        BadInputError: it is not closed.
        NotAllowedError: the person is no manager.
    """
    before = stored.audit(session.vault, audit_id)
    if before.closed_at is None:
        raise BadInputError("This audit is not closed. Nothing was changed.")
    with session.vault.write(Event.AUDIT_REOPENED) as tx:
        stored.reopen_audit(tx, audit_id)
    return Changes(Changed.AUDITS, "Reopen audit", (audit_id,), lambda: close(session, audit_id, before.outcome))


def add_request(
    session: Session,
    audit_id: str,
    *,
    text: str,
    year: int,
    activities: Sequence[str] = (),
    due: date | None = None,
    note: str = "",
) -> Changes:
    """Add a request to an audit that runs; it gets the next number.

    Args:
        session: the open practice.
        audit_id: the audit.
        text: what is asked for, as in the letter.
        year: performance year.
        activities: identifiers of activities of that year, chosen or not; empty: all of the year.
        due: last day to answer when it is another one than the audit's.
        note: a few words.

    Raises:
        BadInputError: something is missing or cannot be, or the audit is closed.
    """
    of = _running(session, audit_id)
    number = next_number([each.number for each in stored.requests(session.vault, audit_id)])
    made = AuditRequest("", audit_id, number, text.strip(), year, tuple(activities), due, note=note.strip())
    made = _checked_request(session, of, made)
    with session.vault.write(Event.REQUEST_ADDED) as tx:
        made = stored.put_request(tx, made)
    label = f"Enter request {number}"
    return Changes(Changed.AUDITS, label, (made.id,), lambda: _withdraw(session, made.id, label))


def change_request(
    session: Session,
    request_id: str,
    *,
    number: int | None = None,
    text: str | None = None,
    year: int | None = None,
    activities: Sequence[str] | None = None,
    due: date | None = None,
    no_due: bool = False,
    note: str | None = None,
) -> Changes:
    """Change what is said of a request; what is None stays as it is, and `no_due` takes its own last day away.

    Raises:
        BadInputError: something cannot be, the number is taken or was sent already, or the audit is closed.
    """
    before = stored.request(session.vault, request_id)
    of = _running(session, before.audit_id)
    given: dict[str, object] = {
        "number": number,
        "text": text.strip() if text is not None else None,
        "year": year,
        "activities": tuple(activities) if activities is not None else None,
        "due": due,
        "note": note.strip() if note is not None else None,
    }
    fields = {name: value for name, value in given.items() if value is not None}
    if no_due:
        fields["due"] = None
    new = _checked_request(session, of, replace(before, **fields))  # type: ignore[arg-type]  # names of its own
    if new.number != before.number:
        _check_number(session, before, new.number)
    return _put_request(session, before, new, f"Change request {new.number}")


def set_state(session: Session, request_id: str, state: RequestState) -> Changes:
    """Set where a request stands; that it was sent is set by `sent` only.

    Raises:
        BadInputError: it cannot go there from where it stands, or the audit is closed.
    """
    before = stored.request(session.vault, request_id)
    _running(session, before.audit_id)
    if state is RequestState.SENT or not may(before.state, state):
        raise BadInputError(
            f"Request {before.number} is {before.state.label} and cannot be set to {state.label}. Nothing was changed."
        )
    label = f"Set request {before.number} to {state.label}"
    with session.vault.write(Event.REQUEST_CHANGED) as tx:
        stored.put_request(tx, replace(before, state=state))
    back = may(state, before.state) and before.state is not RequestState.SENT
    undo = (lambda: set_state(session, request_id, before.state)) if back else None
    return Changes(Changed.AUDITS, label, (request_id,), undo)


def sent(
    session: Session,
    request_id: str,
    export_id: str = "",
    *,
    how: str,
    on: date,
    file_name: str = "",
    note: str = "",
) -> Changes:
    """Record that an answer was sent; the request is sent from then on.

    Args:
        session: the open practice.
        request_id: the request.
        export_id: the export that was sent; its name and hash are taken over. Empty: a file from elsewhere.
        how: how it was sent, in words.
        on: the day.
        file_name: name of a file from elsewhere.
        note: a few words.

    Returns:
        The change; such a record cannot be undone.

    Raises:
        BadInputError: there is no such export, no file at all, the day is before the notice or in the future, or the
            request was withdrawn or its audit closed.
    """
    before = stored.request(session.vault, request_id)
    of = _running(session, before.audit_id)
    if not may(before.state, RequestState.SENT):
        raise BadInputError(f"Request {before.number} was withdrawn. Nothing was recorded; open it again first.")
    if not of.letter_on <= on <= session.now().date():
        raise BadInputError("The day of sending lies after the notice, and not in the future. Nothing was recorded.")
    if not how.strip():
        raise BadInputError("Say how it was sent, such as the auditor's upload portal. Nothing was recorded.")
    export = _export(session, export_id) if export_id else None
    name = export.file_name if export else file_name.strip()
    if not name:
        raise BadInputError("Choose what was sent. Nothing was recorded.")
    record = Sent(
        id="",
        request_id=request_id,
        export_id=export_id,
        file_name=name,
        sha256=export.sha256 if export else "",
        how=how.strip(),
        on=on,
        at=session.now(),
        by=session.person,
        note=note.strip(),
    )
    with session.vault.write(Event.ANSWER_SENT) as tx:
        record = stored.add_sent(tx, record)
        if before.state is not RequestState.SENT:
            stored.put_request(tx, replace(before, state=RequestState.SENT))
    return Changes(Changed.AUDITS, f"Record answer to request {before.number}", (record.id,))


def under_audit(session: Session, year: int) -> Audit | None:
    """Return the audit that runs and asks about a year, or None; then nothing of the year can be destroyed."""
    return stored.under_audit(session.vault, year)


def drills(session: Session, year: int | None = None) -> tuple[Drill, ...]:
    """Return the practice drills, newest first.

    Args:
        session: the open practice.
        year: only of this performance year; None: of all.
    """
    return stored.drills(session.vault, year)


def start_drill(session: Session, year: int, count: int = 1, random: Random | None = None) -> Drill:
    """Pick activities of a year at random and start the clock.

    Args:
        session: the open practice.
        year: performance year; may be closed.
        count: how many activities, at least 1; fewer when fewer were attested or chosen.
        random: the source of chance; None: the computer's own.

    Raises:
        BadInputError: nothing is chosen in that year.
    """
    if count < 1:
        raise BadInputError("A drill picks at least one activity. Nothing was started.")
    session.rules(year)
    attested = attested_days(stored_attested.attestations(session.vault, year))
    chosen = [selection.activity_id for selection in session.vault.selections(year)]
    # An auditor asks for what was attested; before that, for what is planned to be.
    among = [each for each in chosen if each in attested] or chosen
    if not among:
        raise BadInputError(f"No activity is chosen for {year}, so there is nothing to practice. Nothing was started.")
    picked = pick(among, count, random or SystemRandom())
    with session.vault.write(Event.DRILL_STARTED) as tx:
        drill_id = stored.add_drill(tx, year, picked)
    return stored.drill(session.vault, drill_id)


def answered(session: Session, drill_id: str, activity_id: str, export_id: str) -> Drill:
    """Stop the clock for one activity of a drill, right after its answer was written; what its proof lacks is kept.

    Args:
        session: the open practice.
        drill_id: the drill.
        activity_id: one of its activities without an answer yet.
        export_id: the export that was written for it; empty: none could be made.

    Raises:
        BadInputError: the activity is not picked or answered already, or there is no such export.
    """
    found = stored.drill(session.vault, drill_id)
    if activity_id not in found.open:
        raise BadInputError(f"{activity_id} is not open in this drill. Nothing was recorded.")
    if export_id:
        _export(session, export_id)
    part = load_year(session, found.year, session.now().date()).chosen(activity_id)
    missing = (
        tuple(each.text for each in part.readiness.missing) if part else (f"{activity_id} is not chosen any more.",)
    )
    if not export_id:
        missing = ("No file could be made.", *missing)
    with session.vault.write(Event.DRILL_ANSWERED) as tx:
        stored.add_drill_answer(tx, drill_id, activity_id, export_id, missing)
    return stored.drill(session.vault, drill_id)


def _view(session: Session, found: Audit) -> AuditView:
    today = session.now().date()
    requests = stored.requests(session.vault, found.id)
    numbers = [each.number for each in requests]
    views = tuple(_request_view(session, found, each, numbers, today) for each in requests)
    clock = None if found.closed_at is not None else _clock(found.due, today)
    return AuditView(found, views, clock, _sentence(found, views, clock))


def _request_view(session: Session, of: Audit, found: AuditRequest, numbers: list[int], today: date) -> RequestView:
    due = found.due or of.due
    clock = None if found.state.settled or of.closed_at is not None else _clock(due, today)
    warning = ""
    if numbers.count(found.number) > 1:
        warning = f"Another request has the number {found.number} too, from another desktop. Give one a new number."
    elif of.closed_at is not None and not found.state.settled:
        warning = "The audit is closed, and this request was neither sent nor withdrawn."
    return RequestView(of, found, due, stored.sent(session.vault, found.id), clock, warning)


def _clock(due: date, today: date) -> AuditClock:
    return AuditClock(due, days_left(due, today))


def _sentence(found: Audit, views: tuple[RequestView, ...], clock: AuditClock | None) -> str:
    if clock is None:
        assert found.closed_at is not None, "only a closed audit has no clock"
        return f"Closed on {phrases.long_day(found.closed_at)} by {found.closed_by}: {found.outcome}"
    left = [each for each in views if not each.request.state.settled]
    if not views:
        return f"{clock.sentence} No request is entered yet."
    if not left:
        return "Every request is sent or withdrawn. Close the audit when CMS has answered."
    first = min(left, key=lambda each: each.due)
    earliest = first.clock or clock
    return f"{phrases.count(len(left), 'request')} of {len(views)} to answer. {earliest.sentence}"


def _running(session: Session, audit_id: str) -> Audit:
    found = stored.audit(session.vault, audit_id)
    if found.closed_at is not None:
        raise BadInputError("This audit is closed. Nothing was changed; a manager can reopen it.")
    return found


def _checked(session: Session, new: Audit) -> Audit:
    if not new.sender:
        raise BadInputError("Enter who wrote the letter. Nothing was changed.")
    if not new.years:
        raise BadInputError("Choose the performance years that the letter asks about. Nothing was changed.")
    for year in new.years:
        session.rules(year)
    if not 1 <= new.days <= MOST_DAYS:
        raise BadInputError(f"The days to answer are a number from 1 to {MOST_DAYS}. Nothing was changed.")
    if not date(min(new.years), 1, 1) <= new.letter_on <= session.now().date():
        raise BadInputError(
            "The date of the letter lies after the performance year began, and not in the future. Nothing was changed."
        )
    return new


def _checked_request(session: Session, of: Audit, new: AuditRequest) -> AuditRequest:
    if not new.text:
        raise BadInputError("Enter what is asked for, as in the letter. Nothing was changed.")
    for activity_id in new.activities:
        activity_in(session, new.year, activity_id)
    session.rules(new.year)
    if new.due is not None and new.due < of.letter_on:
        raise BadInputError("The last day to answer lies before the date of the letter. Nothing was changed.")
    return new


def _check_number(session: Session, before: AuditRequest, number: int) -> None:
    if number < 1:
        raise BadInputError("Requests are numbered from 1. Nothing was changed.")
    if stored.sent(session.vault, before.id):
        raise BadInputError("Its number stands in what was sent already. Nothing was changed.")
    if number in {each.number for each in stored.requests(session.vault, before.audit_id)}:
        raise BadInputError(f"There is a request {number} already. Nothing was changed.")


def _put_audit(session: Session, before: Audit, new: Audit) -> Changes:
    _checked(session, new)
    with session.vault.write(Event.AUDIT_CHANGED) as tx:
        stored.put_audit(tx, new)
    return Changes(Changed.AUDITS, "Change audit notice", (new.id,), lambda: _put_audit(session, new, before))


def _put_request(session: Session, before: AuditRequest, new: AuditRequest, label: str) -> Changes:
    with session.vault.write(Event.REQUEST_CHANGED) as tx:
        stored.put_request(tx, new)

    def undo() -> Changes:
        # Its state may be another one by now, and stays.
        now = stored.request(session.vault, new.id)
        return _put_request(session, now, replace(before, state=now.state), label)

    return Changes(Changed.AUDITS, label, (new.id,), undo)


def _withdraw(session: Session, request_id: str, label: str) -> Changes:
    """Take back that a request was entered: its number is never given again, so it is withdrawn."""
    taken_back = set_state(session, request_id, RequestState.WITHDRAWN)
    return replace(taken_back, label=label)


def _export(session: Session, export_id: str) -> Export:
    found = next((each for each in session.vault.exports() if each.id == export_id), None)
    if found is None:
        raise BadInputError("This vault knows no such file. Nothing was recorded.")
    return found
