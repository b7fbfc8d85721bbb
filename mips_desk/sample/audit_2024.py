"""The audit of 2024 in the sample practice: a letter in the fall of 2026, one request answered, one being prepared."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from mips_desk.domain.audit import RequestState
from mips_desk.services import auditing
from mips_desk.services.session import Session

_SENDER = "Data validation contractor of CMS (sample)"
_PORTAL = (
    "Provide the documentation for IA_BE_4 as attested for performance year 2024, with the dates on which the activity"
    " was performed and the clinicians who took part."
)
_NOTES = (
    "Provide the documentation for IA_CC_13 and IA_BE_14 as attested for performance year 2024, and the participation"
    " status of each clinician of the group."
)


def plan(add: Callable[[datetime, Callable[[Session], object]], None]) -> None:
    """Hand over what was done, each with its time.

    Args:
        add: takes a time on the wall and what was done then.
    """
    add(datetime(2026, 11, 2, 9, 5), _enter)
    add(datetime(2026, 11, 12, 16, 20), _answer_first)
    add(datetime(2026, 11, 17, 10, 40), partial(_prepare, number=2))


def _enter(session: Session) -> None:
    audit = auditing.start(
        session, letter_on=date(2026, 10, 28), sender=_SENDER, years=[2024], reference="DVA-2024-0417 (sample)"
    ).id
    auditing.add_request(session, audit, text=_PORTAL, year=2024, activities=["IA_BE_4"])
    auditing.add_request(session, audit, text=_NOTES, year=2024, activities=["IA_CC_13", "IA_BE_14"])


def _prepare(session: Session, number: int) -> str:
    (view,) = auditing.audits(session)
    found = next(each for each in view.requests if each.request.number == number)
    auditing.set_state(session, found.id, RequestState.PREPARING)
    return found.id


def _answer_first(session: Session) -> None:
    auditing.sent(
        session,
        _prepare(session, 1),
        how="Upload to the contractor's secure portal",
        on=date(2026, 11, 12),
        file_name="2024-request-1.pdf",
        note="Upload confirmed by mail on the same day.",
    )
