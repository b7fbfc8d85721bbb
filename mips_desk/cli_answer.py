"""The command line's part for answers to audit requests."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from mips_desk.errors import BadInputError

if TYPE_CHECKING:
    from mips_desk.binder.content import RequestNote
    from mips_desk.services.session import Session

RequestNumber = Annotated[
    int | None,
    typer.Option(
        "--request",
        metavar="NUMBER",
        help="Answer this request of the running audit: its activities, with a letter in front.",
    ),
]


def refuse_both(number: int | None, activities: Sequence[str]) -> None:
    """Refuse a request together with activities: the request names its own.

    Raises:
        BadInputError: both are given.
    """
    if number is not None and activities:
        raise BadInputError("Give --request or --activity, not both: a request names its activities.")


def asked(
    session: "Session", year: int, number: int | None, activities: Sequence[str]
) -> "tuple[Sequence[str], RequestNote | None]":
    """Return what to print: the activities, and the request that is answered or None.

    Args:
        session: the open practice.
        year: performance year.
        number: of the request; None: no request is answered.
        activities: identifiers as given; empty: all of the year.

    Raises:
        BadInputError: there is no such request.
    """
    from mips_desk.services import auditing, binding

    if number is None:
        return activities, None
    view = auditing.running_request(session, year, number)
    return view.request.activities, binding.request_note(view)
