"""The kinds of identifiers, and what the finder hands back."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """The 18 kinds of identifiers of 45 CFR 164.514(b)(2)(i), in its order (A) to (R)."""

    NAME = "name"
    GEOGRAPHIC = "geographic"
    DATE = "date"
    PHONE = "phone"
    FAX = "fax"
    EMAIL = "email"
    SSN = "ssn"
    MRN = "mrn"
    HEALTH_PLAN = "health_plan"
    ACCOUNT = "account"
    LICENSE = "license"
    VEHICLE = "vehicle"
    DEVICE = "device"
    URL = "url"
    IP = "ip"
    BIOMETRIC = "biometric"
    PHOTO = "photo"
    OTHER = "other"

    @property
    def in_words(self) -> str:
        """What it is called on the screen, as the heading of a group."""
        return _IN_WORDS[self]


_IN_WORDS = {
    Kind.NAME: "Names",
    Kind.GEOGRAPHIC: "Addresses and places",
    Kind.DATE: "Dates, ages over 89",
    Kind.PHONE: "Phone numbers",
    Kind.FAX: "Fax numbers",
    Kind.EMAIL: "E-mail addresses",
    Kind.SSN: "Social Security numbers",
    Kind.MRN: "Medical record numbers",
    Kind.HEALTH_PLAN: "Health plan numbers",
    Kind.ACCOUNT: "Account numbers",
    Kind.LICENSE: "License and certificate numbers",
    Kind.VEHICLE: "Vehicles and license plates",
    Kind.DEVICE: "Devices and serial numbers",
    Kind.URL: "Web addresses",
    Kind.IP: "Computer addresses (IP)",
    Kind.BIOMETRIC: "Fingerprints, voices and the like",
    Kind.PHOTO: "Faces and photos",
    Kind.OTHER: "Other numbers and codes",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word that was read in a picture. Boxes are pixels of the upright picture, origin at the top left.

    Attributes:
        text: as read, without spaces; kept out of `repr`, because it may be patient data.
        x: left edge.
        y: top edge.
        width: above 0.
        height: above 0.
        score: how sure the reader is, 0 to 1.
        line: number of the line of text it belongs to, from the top; words of a line are in reading order.
        start: where it begins in its line's words joined by single spaces, in code points.
    """

    text: str = field(repr=False)
    x: int
    y: int
    width: int
    height: int
    score: float
    line: int
    start: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A place that may hold an identifier.

    Attributes:
        kind: what it seems to be.
        x: left edge of the box to redact, already padded, in pixels of the upright picture.
        y: top edge.
        width: above 0; the box is inside the picture.
        height: above 0.
        score: how likely it is one, 0 to 1; sort and dim by it, hide nothing.
        why: why it is proposed, a few words for the screen; never holds what was read.
        text: what was read there, or empty (a photo); may be patient data, so it is kept out of `repr`.
        column: identifier of the table column it is a cell of, the same for the whole column; empty outside of tables.
        column_title: what the column's header says; empty outside of tables.
    """

    kind: Kind
    x: int
    y: int
    width: int
    height: int
    score: float
    why: str
    text: str = field(default="", repr=False)
    column: str = ""
    column_title: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date that was read in a picture.

    Attributes:
        day: the date.
        word: index of its first word in the words that were searched.
        why: where it stands, a few words for the screen, for example "after the word “Printed”".
        birth: it seems to be a date of birth, so never the date that the picture is of.
    """

    day: date
    word: int
    why: str
    birth: bool = False
