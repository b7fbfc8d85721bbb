"""What can stand beside a label: whether a text can be a value of a kind, and where the value ends."""

import re

from . import names
from .kinds import Kind
from .patterns import matches

#: What stands in an empty field.
NO_VALUE = re.compile(
    r"^(?:none(?: known)?|n/?a|no|yes|self|unknown|not on file|declined|[-–—.]+|same)$", re.IGNORECASE
)
#: Kinds whose values hold a digit; a value without one is something else.
WITH_DIGIT = frozenset({
    Kind.DATE, Kind.PHONE, Kind.FAX, Kind.SSN, Kind.MRN, Kind.HEALTH_PLAN, Kind.ACCOUNT, Kind.LICENSE, Kind.DEVICE,
    Kind.IP, Kind.BIOMETRIC, Kind.OTHER
})  # fmt: skip


def fits(kind: Kind, text: str, *, strict: bool) -> bool:
    """Tell whether a text can be a value of a kind.

    Args:
        kind: what the label beside it says.
        text: words joined by single spaces.
        strict: the label is an everyday word, so that the value has to say more.
    """
    bare = text.strip()
    if not bare or NO_VALUE.match(bare):
        return False
    digits = sum(c.isdigit() for c in bare)
    if kind in WITH_DIGIT or kind is Kind.VEHICLE:
        return digits > 0 or (kind is Kind.SSN and "*" in bare)
    if kind is Kind.EMAIL:
        return "@" in bare or (not strict and "." in bare)
    if kind is Kind.URL:
        return "." in bare or "/" in bare
    if kind is Kind.NAME:
        tokens = bare.split()
        return names.could_be(tokens[0]) and (not strict or not names.is_no_name(tokens[0]))
    return True


def length_of(kind: Kind, text: str) -> int:
    """Return the length of a value at the beginning of a text, code points.

    Args:
        kind: what it is.
        text: words joined by single spaces.
    """
    if kind is Kind.GEOGRAPHIC:
        return len(text)
    for found in matches(text):
        if found.start <= 1 and (found.kind is kind or {found.kind, kind} <= {Kind.PHONE, Kind.FAX}):
            return found.end
    tokens = text.split(" ")
    if kind is Kind.NAME:
        end = names.span_at(tokens, 0)
        return len(" ".join(tokens[: max(1, end)]))
    if kind in WITH_DIGIT or kind is Kind.VEHICLE:
        last = 0
        for number, token in enumerate(tokens[:4]):
            if any(c.isdigit() for c in token) or "*" in token:
                last = number + 1
            elif kind is Kind.VEHICLE and token.isupper():
                last = number + 1 if last else last
            elif last or number or len(token) > 4:
                break
        return len(" ".join(tokens[: max(1, last)]))
    if kind in (Kind.EMAIL, Kind.URL):
        return len(tokens[0])
    return len(text)
