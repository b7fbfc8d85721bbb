"""Everything a binder is made from, as plain data handed in by the services."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mips_desk.domain.activity import Activity
from mips_desk.domain.evidence import EvidenceItem, Selection, UseEntry
from mips_desk.domain.practice import Clinician, Practice, YearProfile
from mips_desk.domain.readiness import Lack, Readiness, UseSummary
from mips_desk.domain.score import Gauge, Score


class Paper(StrEnum):
    """Paper sizes of the binder."""

    LETTER = "letter"
    A4 = "a4"


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One journal entry as the extract prints it.

    Attributes:
        number: position in the journal, from 1.
        at: moment of the entry, with its UTC offset.
        person: who.
        what: what was done, in words; holds no patient data.
        sha256: hash of the entry (hex).
    """

    number: int
    at: datetime
    person: str
    what: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RedactedArea:
    """One area of a picture that is covered with solid black.

    Attributes:
        box: left, top, right, bottom in whole pixels of the rendition; right and bottom are not part of it. For the
            proof only, never printed.
        reason: "name", "date", "mrn", "contact", "other", or empty when none was given.
        by: name of the person who covered it; empty when the vault does not tell.
        at: when, or None.
    """

    box: tuple[int, int, int, int]
    reason: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExhibitSheet:
    """One evidence item as it is printed.

    Attributes:
        item: the evidence item.
        number: the exhibit number, for example "2026-IA_BE_4-03".
        option_label: label of the checklist line it satisfies; empty when none.
        rendition_sha256: hash (hex) of the PNG file that `load` returns.
        width: pixels of the rendition.
        height: pixels of the rendition.
        areas: what is covered, from the top of the picture to its bottom; their places are their numbers, from 1.
        legend: numbered steps on the picture with their text, in order.
        origin: title of the captured window or name of the imported file as it may be printed. It can name a patient,
            so the services pass only what a person has confirmed; empty: nothing is printed.
        load: returns the rendition as a PNG file (RGB, 8 bits, not interlaced; only IHDR, IDAT and IEND). Called
            once, when its turn comes, so that one picture at a time is in memory.
        withheld: why the picture is not in this edition; then `load` is never called. Empty when it is shown.
        destroyed: its original was destroyed on purpose; `withheld` says when, by whom and why.
        changed_by: name of the person who changed its marks last; empty when it has none.
        unseen: it is withheld for one reason only: nobody looked at it since its last change.
    """

    item: EvidenceItem
    number: str
    option_label: str
    rendition_sha256: str
    width: int
    height: int
    areas: tuple[RedactedArea, ...]
    legend: tuple[tuple[int, str], ...]
    origin: str
    load: Callable[[], bytes]
    withheld: str = ""
    destroyed: bool = False
    changed_by: str = ""
    unseen: bool = False

    @property
    def shown(self) -> str:
        """Hash of the picture shown (hex), or in a word why there is none."""
        return "destroyed" if self.destroyed else "withheld" if self.withheld else self.rendition_sha256


@dataclass(frozen=True, slots=True)
class ActivityPart:
    """One activity of the binder.

    Attributes:
        activity: the activity in the year, with its guidance.
        selection: the practice's selection; its private note is never printed.
        readiness: what its proof still lacks.
        official_text: CMS's description of the year, or None when CMS's file was not loaded.
        official_source: which file that text is from, with version or hash; empty when there is no text.
        uses: use entries, any order.
        use_summary: what they say.
        exhibits: in the order of their numbers.
    """

    activity: Activity
    selection: Selection
    readiness: Readiness
    official_text: str | None
    uses: tuple[UseEntry, ...]
    use_summary: UseSummary
    exhibits: tuple[ExhibitSheet, ...]
    official_source: str = ""

    @property
    def withheld_besides(self) -> tuple[ExhibitSheet, ...]:
        """The withheld exhibits whose lack of redaction or of a look readiness does not name already."""
        named = {missing.evidence_id for missing in self.readiness.missing if missing.lack is Lack.REDACTION}
        return tuple(
            sheet for sheet in self.exhibits if sheet.withheld and not sheet.unseen and sheet.item.id not in named
        )

    @property
    def missing(self) -> int:
        """Number of things that are missing or withheld, each counted once."""
        return len(self.readiness.missing) + len(self.withheld_besides)


@dataclass(frozen=True, slots=True)
class ClosedNote:
    """That the year was closed before the binder was made.

    Attributes:
        at: when.
        by: by whom.
        fingerprint: hash of everything that the binder shows of the year, as it was then (hex).
        rules_changed: the score was calculated with rules that have changed since.
    """

    at: datetime
    by: str
    fingerprint: str
    rules_changed: bool


@dataclass(frozen=True, slots=True)
class BinderContent:
    """One binder.

    Attributes:
        binder_id: identifier printed on every page.
        practice: the practice; of its TIN the last four digits are printed.
        profile: what the practice is in the year; names the year.
        clinicians: the roster of the year.
        made_at: time stamp of the export, with its UTC offset; nothing else in the file depends on the clock.
        prepared_by: name of the person who exports.
        journal_head: hash of the newest journal entry (hex).
        journal_length: number of entries in the journal.
        journal_entries: the extract to print, oldest first; empty leaves the extract out.
        rule_version: version of the rule pack.
        app_version: version of this app.
        gauge: the three numbers.
        score: the score with its trace.
        parts: the activities, in the order of the binder.
        paper: paper size.
        sign_off: print a signature block for every activity.
        closed: when and by whom the year was closed, or None while it can be changed.
    """

    binder_id: str
    practice: Practice
    profile: YearProfile
    clinicians: tuple[Clinician, ...]
    made_at: datetime
    prepared_by: str
    journal_head: str
    journal_length: int
    journal_entries: tuple[JournalLine, ...]
    rule_version: str
    app_version: str
    gauge: Gauge
    score: Score
    parts: tuple[ActivityPart, ...]
    paper: Paper = Paper.LETTER
    sign_off: bool = True
    closed: ClosedNote | None = None

    @property
    def year(self) -> int:
        """The performance year."""
        return self.profile.year

    @property
    def exhibits(self) -> tuple[ExhibitSheet, ...]:
        """All exhibits, in the order of the binder."""
        return tuple(sheet for part in self.parts for sheet in part.exhibits)

    @property
    def redacted(self) -> tuple[ExhibitSheet, ...]:
        """The exhibits shown of which an area is covered."""
        return tuple(sheet for sheet in self.exhibits if sheet.areas and not sheet.withheld)

    @property
    def missing(self) -> int:
        """Number of things that are missing or withheld; 0 makes the binder complete. No activity at all is one."""
        lacks = sum(part.missing for part in self.parts)
        return lacks + (not self.parts)
