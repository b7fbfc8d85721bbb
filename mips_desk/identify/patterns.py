"""What identifiers look like, wherever they stand: dates, numbers, addresses.

Made for text that was read from a picture, where a space may be missing and a letter may stand for a digit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .kinds import Kind

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_D = r"[0-9OoIl]"  # a digit, or what is often read for one
_YEAR = r"(?:19|20)\d\d"
#: No digit follows, unless it begins a time of day that lost its space.
_END = r"(?!\d(?!\d?:\d))"

DATES = (
    re.compile(rf"(?<![\d./-])(?P<m>\d{{1,2}}) ?(?P<s>[/.-]) ?(?P<d>\d{{1,2}}) ?(?P=s) ?(?P<y>{_YEAR}|\d\d){_END}"),
    re.compile(rf"(?<!\d)(?P<y>{_YEAR}) ?(?P<s>[/.-]) ?(?P<m>\d{{1,2}}) ?(?P=s) ?(?P<d>\d{{1,2}}){_END}"),
    re.compile(
        rf"(?<![a-z])(?P<mon>{_MONTH}) ?(?P<d>\d{{1,2}})(?:st|nd|rd|"
        rf"th)?(?: ?,? ?(?P<y>{_YEAR}){_END})?(?!\d|[:.]\d| ?mg)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ -]?(?:of )?(?P<mon>{_MONTH})[ -]?,? ?(?P<y>{_YEAR}|"
        rf"(?<=-)\d\d){_END}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<![a-z])(?P<mon>{_MONTH}) ?(?P<y>{_YEAR}){_END}", re.IGNORECASE),
    re.compile(r"(?<![\d./-])(?P<m>0?[1-9]|1[0-2])/(?P<d>0?[1-9]|[12]\d|3[01])(?![\d/])"),
    # A month that was not read right.
    re.compile(rf"(?<![\w])(?P<word>[A-Z][a-z1|]{{2,8}})\.? ?(?P<d>\d{{1,2}})(?:, ?| )(?P<y>{_YEAR}){_END}"),
)
_NO_SPACE_DATE = re.compile(rf"(?<!\d)(?P<m>[01]\d)(?P<s>[/-])?(?P<d>[0-3]\d)[/-]?(?P<y>{_YEAR})(?!\d)")
_EMAIL = re.compile(
    r"[\w.+%-]+ ?@ ?[\w-]+(?:[. ]?[\w-]+)*?\.? ?(?:com|org|net|edu|gov|mil|us|io|info|"
    r"[a-z]{2})(?!\w)|[\w.+%-]+@[\w.-]+",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?:https?|ftp) ?: ?/{1,2} ?\S+|(?<![\w@])www\.\S+|"
    r"(?<![\w@.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|health)(?:/\S*)?(?![\w@])",
    re.IGNORECASE,
)
_IP = re.compile(
    r"(?<![\d.])(?:\d{1,3} ?\. ?){3}\d{1,3}(?![\d.]|\.\d)|(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}:?[0-9a-f]{1,4}(?![\w:])",
    re.IGNORECASE,
)
_SSN = re.compile(
    rf"(?<![\w-])(?:{_D}{{3}}|[Xx*•#]{{3,}})[ -]?[-–] ?(?:{_D}{{2}}|[Xx*•#]{{2,}}) ?[-–] ?\d{{4}}(?![\w-])"
)
_PHONE = re.compile(
    r"(?<![\w.-])(?:"
    r"(?:\+?1[ .-]?)?(?:\( ?\d{3} ?\) ?|\d{3} ?[ .-] ?)\d{3} ?[ .-] ?\d{4}|"
    # A space or a point was not read.
    r"\+ ?1[ .-]?\d{3}[ .-]?\d{3}[ .-]?\d{4}|\( ?\d{3} ?\) ?\d{7}|\d{6}[ .-]\d{4}|\d{3}[ .-]\d{7}"
    r")(?: ?(?:x|ext\.?) ?\d{1,5})?(?![\w-])"
)
_FAX_BEFORE = re.compile(r"\bfax\b[^\d(+]{0,12}$", re.IGNORECASE)
_CITY = re.compile(
    r"(?:(?<![\w/-])\d{1,6} [A-Z][\w.' #-]{3,50}, ?)?"
    r"(?:(?:[A-Z][\w'.-]*) ?){1,4}, ?(?P<state>[A-Z]{2})\.? ?(?P<zip>\d{5}(?:-\d{4})?)(?!\d)"
)
_STATE_ZIP = re.compile(r"(?<![\w])(?P<state>[A-Z]{2}),? ?\d{5}(?:-\d{4})?(?!\d|-)")
_ZIP4 = re.compile(r"(?<![\w-])\d{5}-\d{4}(?![\w-])")
_STREET = re.compile(
    r"(?<![\w/-])\d{1,6} (?:[A-Z0-9][\w'.-]* ){1,5}(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|"
    r"drive|ln|lane|ct|court|way|pl|place|ter|terrace|"
    r"cir|circle|pkwy|parkway|hwy|highway|trl|trail|sq|square|\w*(?:ville|port|burgh?|ton|mouth|stad|"
    r"shire|land|view|side|furt|chester|haven|fort|bury))s?\.?(?![\w])"
    r"(?:,? (?:apt|suite|ste|unit|bldg|box|#)\.? ?#?\w+)?", re.IGNORECASE,
)  # fmt: skip
_STREET_WORDS = re.compile(r"(?<!\w)(?:p\.? ?o\.? box|apt|suite) ?#?\d+\w?", re.IGNORECASE)
_VIN = re.compile(r"(?<!\w)(?=[A-HJ-NPR-Z0-9]*\d[A-HJ-NPR-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{17}(?!\w)")
_AGE = re.compile(r"(?<![\d./$:-])(?P<age>\d{2,3})[ -]?(?:y\b\.?/?o?|yo\b|yrs?\b|years?\b|year-old|y/o)", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<![\w$.,:/@-])(?:[A-Z]{1,4}-?)?\d{6,12}(?![\w%.,:/@-]\w|\w)")


@dataclass(frozen=True, slots=True)
class Match:
    """A place in a text that looks like an identifier; offsets in code points, score 0 to 1, and why in words."""

    kind: Kind
    start: int
    end: int
    score: float
    why: str


def matches(text: str) -> Iterator[Match]:
    """Find all that looks like an identifier in a text.

    Args:
        text: words joined by single spaces.
    """
    for start, end, _ in dates(text):
        # "1/2" may be half a tablet.
        yield Match(Kind.DATE, start, end, 0.9 if end - start > 5 else 0.6, "looks like a date")
    for pattern, kind, score, why in _SIMPLE:
        for found in pattern.finditer(text):
            if kind is Kind.PHONE and _FAX_BEFORE.search(text[: found.start()]):
                yield Match(Kind.FAX, found.start(), found.end(), score, "looks like a fax number")
            else:
                yield Match(kind, found.start(), found.end(), score, why)
    for found in _AGE.finditer(text):
        if 89 < int(found["age"]) < 125:
            yield Match(Kind.DATE, found.start(), found.end("age"), 0.9, "an age over 89")


_SIMPLE = (
    (_EMAIL, Kind.EMAIL, 0.97, "looks like an e-mail address"),
    (_SSN, Kind.SSN, 0.95, "looks like a Social Security number"),
    (_PHONE, Kind.PHONE, 0.9, "looks like a phone number"),
    (_IP, Kind.IP, 0.9, "looks like a computer's address"),
    (_URL, Kind.URL, 0.8, "looks like a web address"),
    (_CITY, Kind.GEOGRAPHIC, 0.9, "looks like a city with ZIP code"),
    (_STATE_ZIP, Kind.GEOGRAPHIC, 0.85, "looks like a state with ZIP code"),
    (_ZIP4, Kind.GEOGRAPHIC, 0.8, "looks like a ZIP code"),
    (_STREET, Kind.GEOGRAPHIC, 0.8, "looks like a street address"),
    (_STREET_WORDS, Kind.GEOGRAPHIC, 0.7, "looks like part of an address"),
    (_VIN, Kind.VEHICLE, 0.9, "looks like a vehicle's number"),
    (_LONG_NUMBER, Kind.OTHER, 0.5, "a long number"),
)


def dates(text: str) -> Iterator[tuple[int, int, date | None]]:
    """Find dates: start, end in code points, and the day, or None when no year is given or it is no day of a calendar.

    Args:
        text: words joined by single spaces.
    """
    taken: list[tuple[int, int]] = []
    for pattern in (*DATES, _NO_SPACE_DATE):
        for found in pattern.finditer(text):
            start, end = found.span()
            if any(start < other_end and end > other for other, other_end in taken):
                continue
            parts = found.groupdict()
            if parts.get("word"):
                taken.append((start, end))
                yield start, end, None
                continue
            month = _MONTHS.index(parts["mon"][:3].lower()) + 1 if parts.get("mon") else int(parts["m"])
            day = int(parts["d"]) if parts.get("d") else 0
            if month > 12 and day <= 12:
                month, day = day, month
            if not 1 <= month <= 12 or day > 31:
                continue
            taken.append((start, end))
            yield start, end, _day(parts.get("y"), month, day)


def _day(year: str | None, month: int, day: int) -> date | None:
    if not year or not day:
        return None
    number = int(year)
    if number < 100:
        number += 2000 if number < 50 else 1900
    try:
        return date(number, month, day)
    except ValueError:
        return None
