"""An audit by CMS: the notice and its clock, the requests, what was sent, and the practice drill before it comes.

What belongs to an audit can be written although its year is closed: an audit comes years later, and changes nothing
of what is proven. As long as an audit runs, nothing of its years can be destroyed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from mips_desk.domain.audit import DAYS_TO_ANSWER, Audit, AuditClock, AuditRequest, Drill, RequestState, Sent

from .changes import Changes
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
    raise NotImplementedError


def audit(session: Session, audit_id: str) -> AuditView:
    """Return an audit.

    Raises:
        NotInVaultError: there is none.
    """
    raise NotImplementedError


def request(session: Session, request_id: str) -> RequestView:
    """Return a request with its audit.

    Raises:
        NotInVaultError: there is none.
    """
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


def reopen(session: Session, audit_id: str) -> Changes:
    """Let a closed audit run again; the journal keeps what came of it before.

    Raises:
        BadInputError: it is not closed.
        NotAllowedError: the person is no manager.
    """
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


def set_state(session: Session, request_id: str, state: RequestState) -> Changes:
    """Set where a request stands; that it was sent is set by `sent` only.

    Raises:
        BadInputError: it cannot go there from where it stands, or the audit is closed.
    """
    raise NotImplementedError


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
    raise NotImplementedError


def under_audit(session: Session, year: int) -> Audit | None:
    """Return the audit that runs and asks about a year, or None; then nothing of the year can be destroyed."""
    raise NotImplementedError


def drills(session: Session, year: int | None = None) -> tuple[Drill, ...]:
    """Return the practice drills, newest first.

    Args:
        session: the open practice.
        year: only of this performance year; None: of all.
    """
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError
