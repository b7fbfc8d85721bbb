"""What a practice collects: selections, evidence items, use entries, exports."""

import zlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .period import Period


class Source(StrEnum):
    """How an evidence item came into the vault."""

    CAPTURE = "capture"
    PASTE = "paste"
    DROP = "drop"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Intake:
    """The record of how an original was made or received; never changed afterwards.

    Attributes:
        source: capture, paste, drop, import.
        at: moment of intake by the computer's clock, with its UTC offset.
        person: name of the person at the computer.
        host: name of the computer.
        window_title: title of the captured window or a description of the region; empty when not known.
        file_name: name of the imported file without its folder; empty when there was none.
        scale: screen scale factor in percent for captures (100 when not scaled), else 0.
    """

    source: Source
    at: datetime
    person: str
    host: str
    window_title: str = ""
    file_name: str = ""
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """An activity that the practice chose for a year.

    Attributes:
        period: the claimed performance period, or None when not set.
        story: how the activity was done, in the practice's words; goes into the binder.
        private_note: never leaves the vault.
        attested_on: the day on which it was reported to CMS, or None.
    """

    id: str
    year: int
    activity_id: str
    period: Period | None = None
    story: str = ""
    private_note: str = ""
    attested_on: date | None = None


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece of proof; becomes an exhibit in the binder. Carries no picture bytes.

    Attributes:
        id: identifier inside the vault; also printed by the command line.
        number: exhibit number within its selection; given once, never reused.
        caption: one sentence on what it shows.
        shows_date: the date that the proof speaks of, or None.
        option_key: the checklist line it satisfies; empty when not on the checklist yet.
        outside_reason: why a date outside the performance period is right; empty when none was given.
        address: address of the page as typed by the person; empty when none.
        clinician_ids: clinicians it speaks of.
        intake: how it came in.
        sha256: hash of the original bytes (hex).
        media_type: "image/png" or "image/jpeg".
        width: pixels of the original, upright.
        height: pixels of the original, upright.
        marks_revision: number of the newest revision of its marks; 0 when none was ever drawn.
        redactions: redaction marks in the newest revision.
        other_marks: marks in the newest revision that are not redactions.
        no_identifiers: a person confirmed that the picture shows no patient identifier.
        looked_at_by: name of the person who marked it as looked at after the last change; empty when nobody.
        looked_at_on: the moment of that, or None.
        destroyed: the original and the marks were destroyed on purpose; what is said of the item stays.
        letter: of the desktop that added it; empty for the first desktop. A part of the exhibit number.
        origin: that desktop's identifier; empty for the first desktop.
        marks_origin: identifier of the desktop whose revision the newest one is.
    """

    id: str
    selection_id: str
    number: int
    caption: str
    shows_date: date | None
    option_key: str
    outside_reason: str
    address: str
    clinician_ids: tuple[str, ...]
    intake: Intake
    sha256: str
    media_type: str
    width: int
    height: int
    marks_revision: int = 0
    redactions: int = 0
    other_marks: int = 0
    no_identifiers: bool = False
    looked_at_by: str = ""
    looked_at_on: datetime | None = None
    destroyed: bool = False
    letter: str = ""
    origin: str = ""
    marks_origin: str = ""

    @property
    def marks_version(self) -> int:
        """What tells one state of its picture from every other; two desktops may both draw a revision 2.

        A destroyed one has a state of its own, so that nobody goes on showing a picture made before.
        """
        if self.destroyed:
            return -1
        return self.marks_revision << 16 | zlib.crc32(self.marks_origin.encode()) & 0xFFFF


def exhibit_number(year: int, activity_id: str, number: int, letter: str = "") -> str:
    """Return the number printed on an exhibit, for example "2025-IA_BE_4-03", or "...-03K" of desktop K.

    Args:
        year: performance year.
        activity_id: the activity.
        number: as counted on the desktop that added it.
        letter: of that desktop; empty for the first one.
    """
    return f"{year}-{activity_id}-{number:02d}{letter}"


@dataclass(frozen=True, slots=True)
class UseEntry:
    """One logged date on which an activity was done.

    Attributes:
        day: the date of use.
        count: how often on that day, at least 1.
        note: a few words; empty when none.
        clinician_id: who did it; empty for the practice as a whole.
        evidence_id: an evidence item that shows it; empty when none.
    """

    id: str
    selection_id: str
    day: date
    count: int = 1
    note: str = ""
    clinician_id: str = ""
    evidence_id: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """The record of a file that was written from the vault, so that years later it can be recognised.

    Attributes:
        id: the identifier printed in the file.
        sha256: hash of the file's bytes (hex).
        edition: "redacted" or "full"; empty for a file without pictures.
        kind: "binder", "answer" (to one audit request), "package" or "submission".
        reason: why the full edition was made; empty for every other one.
        signed_by: fingerprint of the certificate that signed the file (hex); empty when nobody did.
        request_id: identifier of the audit request that it answers; empty when it answers none.
    """

    id: str
    year: int
    at: datetime
    person: str
    file_name: str
    sha256: str
    pages: int
    exhibits: int
    journal_head: str
    edition: str = "redacted"
    kind: str = "binder"
    reason: str = ""
    signed_by: str = ""
    request_id: str = ""
