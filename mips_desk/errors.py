"""Errors that a person can act on.

Everything raised on purpose derives from `MipsDeskError` and carries one sentence fit for a person: what happened,
what was kept, what to do. Any other exception is a bug: it goes to the log, never to the person.
"""


class MipsDeskError(Exception):
    """A thing could not be done; the message is one sentence for the person and names no patient data."""


class BadInputError(MipsDeskError):
    """What was handed in (a file, a date, a fact) is not what it should be; nothing was changed."""


class CancelledError(MipsDeskError):
    """The person cancelled; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Cancelled. Nothing was changed.")
