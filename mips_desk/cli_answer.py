"""What `report` and `package` share: which binder is asked for, also as the answer to an audit request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from mips_desk.errors import BadInputError

if TYPE_CHECKING:
    from mips_desk.binder.content import BinderContent
    from mips_desk.services.session import Session

RequestNumber = Annotated[
    int | None,
    typer.Option(
        "--request",
        metavar="NUMBER",
        help="Answer this request of the running audit: its activities, with a letter in front.",
    ),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which binder is asked for, as typed.

    Attributes:
        year: performance year.
        activities: identifiers; empty: all of the year.
        request: number of the audit request to answer, or None.
        paper: "letter" or "a4".
        edition: "redacted" or "full".
        reason: why the full edition is made.
        sign_off: print lines to sign for each activity.

    Raises:
        BadInputError: the options contradict each other or mean nothing; before a passphrase is asked for.
    """

    year: int
    activities: Sequence[str]
    request: int | None
    paper: str
    edition: str
    reason: str
    sign_off: bool

    def __post_init__(self) -> None:
        from mips_desk.binder.content import Edition, Paper

        if self.request is not None and self.activities:
            raise BadInputError("Give --request or --activity, not both: a request names its activities.")
        if self.paper not in list(Paper):
            raise BadInputError("The paper is letter or a4.")
        if self.edition not in list(Edition):
            raise BadInputError("The edition is redacted or full.")

    def content(self, session: "Session") -> "BinderContent":
        """Return the binder.

        Args:
            session: the open practice.

        Raises:
            BadInputError: there is no such request, year or activity.
        """
        from mips_desk.binder.content import Edition, Paper
        from mips_desk.services import auditing, binding

        activities, note = self.activities, None
        if self.request is not None:
            view = auditing.running_request(session, self.year, self.request)
            activities, note = view.request.activities, binding.request_note(view)
        return binding.content(
            session,
            self.year,
            activities=activities,
            paper=Paper(self.paper),
            sign_off=self.sign_off,
            edition=Edition(self.edition),
            full_reason=self.reason,
            request=note,
        )
