"""What portals write beside, above and at the head of identifiers, by kind."""

import re
from dataclasses import dataclass

from .kinds import Kind


@dataclass(frozen=True, slots=True)
class Label:
    """A label that was read.

    Attributes:
        kind: what its value is.
        staff: its value is the name of somebody who works here.
        weak: an everyday word; it is a label only with a colon after it, or alone.
        start: where it begins in the text, code points.
        end: where its value begins.
        colon: a colon or a number sign follows it.
    """

    kind: Kind
    staff: bool
    weak: bool
    start: int
    end: int
    colon: bool


_NUMBER = r"(?: ?(?:no|number|num|nr|id|#))"
#: Kind and what is written, as regular expressions without case; the first that matches at a place is taken.
_LABELS: list[tuple[Kind, str]] = [
    (Kind.LICENSE, rf"driver'?s?'? ?licen[sc]e{_NUMBER}?|licen[sc]e{_NUMBER}|dl ?#|npi|dea{_NUMBER}?|"
                   rf"certificate{_NUMBER}|passport{_NUMBER}?"),
    (Kind.VEHICLE, rf"(?:licen[sc]e|vehicle|number) plate{_NUMBER}?|plate{_NUMBER}|vin|vehicle{_NUMBER}|"
                   rf"vehicle identification number"),
    (Kind.DEVICE, rf"(?:\w+ )?serial{_NUMBER}?|device{_NUMBER}|device identifier|udi|imei|mac address|"
                  rf"implant{_NUMBER}"),
    (Kind.BIOMETRIC, rf"(?:finger ?print|voice ?print|retina|iris|palm ?print|biometric|face){_NUMBER}|"
                     rf"finger ?print|voice ?print"),
    (Kind.SSN, rf"ssn(?: ?\(last (?:4|four)(?: digits)?\))?|social security{_NUMBER}?|ss ?#|soc sec{_NUMBER}?"),
    (Kind.HEALTH_PLAN, rf"(?:member|subscriber|policy|insurance|group|plan|medicare|medicaid|beneficiary|"
                       rf"insured){_NUMBER}(?: ?\(mbi\))?|mbi|hicn|medicaid|policy"),
    (Kind.ACCOUNT, rf"(?:account|acct|bank account|card){_NUMBER}|iban|routing{_NUMBER}"),
    (Kind.MRN, rf"mrn{_NUMBER}?|(?:medical )?record{_NUMBER}|chart{_NUMBER}|(?:patient|pt|client){_NUMBER}"),
    (Kind.FAX, rf"fax{_NUMBER}?"),
    (Kind.PHONE, rf"(?:(?:home|work|cell|mobile|day|daytime|evening|contact|office|primary|"
                 rf"alternate) )?(?:tele)?phone{_NUMBER}?|cell{_NUMBER}?|mobile{_NUMBER}?|tel|contact{_NUMBER}"),
    (Kind.EMAIL, r"e[- ]?mail(?: address)?"),
    (Kind.IP, r"ip(?: ?address)?|(?:last )?(?:sign|log)-?in from"),
    (Kind.URL, r"(?:personal |home |shared )?(?:web ?site|web ?page|url|link|home ?page)"),
    (Kind.OTHER, rf"(?:case|reference|ref|encounter|claim|visit|confirmation|order|ticket|employee|user|login|"
                 rf"accession|specimen|invoice|document){_NUMBER}"),
    (Kind.DATE, r"d\.?o\.?b\.?|date of (?:birth|service|visit|death|admission|discharge)|birth ?da(?:te|y)|"
                r"(?:statement|due|service|visit|result|start|end|"
                r"admission|discharge|collection|order|signed|report|review|appointment|last|next) date|dos|"
                r"last (?:log-?in|access|visit|seen|sign-?in)|portal since|activated on|run on"),
    (Kind.NAME, r"(?:patient|member|subscriber|client|guarantor|contact|user|insured)'?s? name|(?:legal |"
                r"preferred |full |maiden )?(?:first |last |given |family |middle |maiden )?name|"
                r"surname|mid[a-z]{1,4} i?n[a-z]{2,6}|emergency contact|next of kin|guardian|responsible party|"
                r"guarantor|bill to|care ?giver|policy ?holder|health ?care proxy"),
    (Kind.GEOGRAPHIC, r"(?:(?:street|home|mailing|billing|postal|current) )?address(?: line ?[12])?|street|"
                      r"zip(?: ?code)?|postal code"),
]  # fmt: skip
_STAFF = (
    r"pcp|(?:ordering |referring |rendering |attending |primary care )?(?:provider|physician|"
    r"clinician)|doctor|(?:ordered|seen|signed|reviewed|performed|"
    r"generated|printed|prepared|entered|assigned|scheduled) (?:by|to)|prescriber|author|nurse|care manager"
)
_WEAK: list[tuple[Kind, str]] = [
    (Kind.NAME, r"(?:recent |my |all )?patients?|recently viewed|member|subscriber|client|resident|from|to|cc|re|"
                r"about|for|sender|recipient|regarding|attn|mother|father|parent|spouse|contact|proxy"),
    (Kind.DATE, r"date|born|sent|received|created|updated|enrolled|collected|expires|printed|generated|"
                r"admitted|discharged|signed|scheduled|completed|died|activated"),
    (Kind.GEOGRAPHIC, r"city|town|county|precinct"),
    (Kind.MRN, r"id"),
    (Kind.ACCOUNT, r"account|acct"),
    (Kind.DATE, r"age(?: \(?years\)?)?"),
]  # fmt: skip
_WEAK_STAFF = r"with|by|staff|assigned"

#: Letters that are often read for each other in small text become one.
_ALIKE = str.maketrans("lLíìıÍ", "iIiiiI")


def unmistakable(text: str) -> str:
    """Return a text in which letters that look alike are one; every letter stays where it is.

    Args:
        text: as read, or to compare with.
    """
    return text.translate(_ALIKE)


_PARTS = [(kind, False, False, text) for kind, text in _LABELS]
_PARTS.append((Kind.NAME, True, False, _STAFF))
_PARTS += [(kind, False, True, text) for kind, text in _WEAK]
_PARTS.append((Kind.NAME, True, True, _WEAK_STAFF))
_PATTERN = re.compile(
    r"(?<![\w'@.-])(?:"
    + "|".join(f"(?P<g{n}>{unmistakable(text)})" for n, (_, _, _, text) in enumerate(_PARTS))
    + r")(?![\w'@-])(?P<tail>\.? ?[:#*]*)",
    re.IGNORECASE,
)
#: Heads of columns and labels that hold no identifier; they end a value, and nothing is looked for beside them.
OTHER_LABELS = frozenset({
    "action", "allergies", "allergy", "amount", "attachments", "balance", "bed", "copay", "count", "department",
    "description", "dose", "duration", "employer", "end", "ethnicity", "flag", "folder", "frequency", "gender",
    "insurance", "language", "location", "logins", "marital-status", "message", "messages", "note", "notes",
    "occupation", "pharmacy", "plan", "preferred-language", "priority", "race", "range", "reason", "relationship",
    "result", "results", "room", "route", "sex", "specialty", "start", "state", "status", "subject", "test",
    "time", "total", "type", "unit", "units", "value", "visit", "visit-type"
})  # fmt: skip


_OTHER = frozenset(map(unmistakable, OTHER_LABELS))


def labels_in(text: str) -> list[Label]:
    """Find labels in a text, from its beginning.

    Args:
        text: words joined by single spaces.
    """
    found = []
    for match in _PATTERN.finditer(unmistakable(text)):
        number = next(n for n in range(len(_PARTS)) if match[f"g{n}"] is not None)
        kind, staff, weak, _ = _PARTS[number]
        colon = any(sign in match["tail"] for sign in ":#")
        after = match.end()
        while after < len(text) and text[after] == " ":
            after += 1
        found.append(Label(kind, staff, weak, match.start(), after, colon))
    return found


def only_label(text: str) -> Label | None:
    """Return the label that a text consists of, or None.

    Args:
        text: words joined by single spaces.
    """
    for label in labels_in(text):
        if label.start <= 1 and label.end >= len(text.rstrip(" :*#.)")):
            return label
    return None


def is_plain_label(text: str) -> bool:
    """Tell whether a text is a label of something that identifies nobody."""
    return "-".join(unmistakable(text).strip(" :*#").lower().split()) in _OTHER
