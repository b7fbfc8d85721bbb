"""Everything a binder is made from, as plain data handed in by the services."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mips_desk.domain.activity import Activity
from mips_desk.domain.attested import AttestationRecord, Difference
from mips_desk.domain.evidence import EvidenceItem, Export, Selection, UseEntry
from mips_desk.domain.papers import PaperKind
from mips_desk.domain.practice import Clinician, Practice, YearProfile
from mips_desk.domain.readiness import Lack, Missing, Readiness, UseSummary, performing
from mips_desk.domain.score import Gauge, Score


class Paper(StrEnum):
    """Paper sizes of the binder."""

    LETTER = "letter"
    A4 = "a4"


class Edition(StrEnum):
    """What is shown of the pictures: REDACTED covers what identifies a patient, FULL shows them uncovered."""

    REDACTED = "redacted"
    FULL = "full"

    @property
    def shown(self) -> str:
        """The edition as it is printed."""
        return self.value.upper()


#: Pages of an answer are numbered from this times the number of its request, plus 1, so that no two answers and no
#: binder of a year share a page identifier.
REQUEST_PAGES = 10_000


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
class CustodyLine:
    """What happened to one evidence item, as the record of custody prints it.

    Attributes:
        at: moment of the first of these acts, with its UTC offset.
        person: who.
        what: the kind of act in words; holds no patient data.
        times: how often that person did it on that day.
    """

    at: datetime
    person: str
    what: str
    times: int = 1


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
        legend_places: how far below the top of the rendition each of these steps is, in pixels; empty when not known.
        origin: title of the captured window or name of the imported file as it may be printed. It can name a patient,
            so the services pass only what a person has confirmed; empty: nothing is printed.
        load: returns the rendition as a PNG file (RGB, 8 bits, not interlaced; only IHDR, IDAT and IEND). Called
            once, when its turn comes, so that one picture at a time is in memory.
        withheld: why the picture is not in this edition; then `load` is never called. Empty when it is shown.
        destroyed: its original was destroyed on purpose; `withheld` says when, by whom and why.
        changed_by: name of the person who changed its marks last; empty when it has none.
        unseen: it is withheld for one reason only: nobody looked at it since its last change.
        uncovered: how many areas the redacted edition covers and this one shows; 0 in the redacted edition.
        unredacted: the redacted edition withholds it because nothing was redacted or confirmed yet.
        custody: what happened to it, oldest first; intake is the first line.
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
    uncovered: int = 0
    unredacted: bool = False
    custody: tuple[CustodyLine, ...] = ()
    legend_places: tuple[float, ...] = ()

    @property
    def file_name(self) -> str:
        """Name of its picture in an audit package; empty when the picture is withheld."""
        return "" if self.withheld else f"exhibits/{self.number}.png"

    @property
    def shown(self) -> str:
        """Hash of the picture shown (hex), or in a word why there is none."""
        return "destroyed" if self.destroyed else "withheld" if self.withheld else self.rendition_sha256


def _besides(sheets: tuple[ExhibitSheet, ...], missing: tuple[Missing, ...]) -> tuple[ExhibitSheet, ...]:
    """Return the withheld exhibits whose lack of redaction or of a look is not named already."""
    named = {each.evidence_id for each in missing if each.lack is Lack.REDACTION}
    return tuple(sheet for sheet in sheets if sheet.withheld and not sheet.unseen and sheet.item.id not in named)


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
        needed: how many clinicians of the group must have done it; 0 when the rule does not apply to it.
    """

    activity: Activity
    selection: Selection
    readiness: Readiness
    official_text: str | None
    uses: tuple[UseEntry, ...]
    use_summary: UseSummary
    exhibits: tuple[ExhibitSheet, ...]
    official_source: str = ""
    needed: int = 0

    @property
    def withheld_besides(self) -> tuple[ExhibitSheet, ...]:
        """The withheld exhibits whose lack of redaction or of a look readiness does not name already."""
        return _besides(self.exhibits, self.readiness.missing)

    @property
    def missing(self) -> int:
        """Number of things that are missing or withheld, each counted once."""
        return len(self.readiness.missing) + len(self.withheld_besides)

    @property
    def performing(self) -> frozenset[str]:
        """Identifiers of the clinicians with a date of use in the year (42 CFR 414.1360(a)(2))."""
        return performing(self.selection, self.uses)

    def proofs(self, option_key: str) -> tuple[ExhibitSheet, ...]:
        """Return the exhibits that prove a line of the checklist, in the order of their numbers."""
        return tuple(sheet for sheet in self.exhibits if sheet.item.option_key == option_key)

    def reviewers(self, option_key: str) -> tuple[str, ...]:
        """Return who looked at the proof of a line of the checklist after its last change, each name once."""
        names = (sheet.item.looked_at_by for sheet in self.proofs(option_key) if sheet.item.looked_at_by)
        return tuple(dict.fromkeys(names))

    def inside(self, sheet: ExhibitSheet) -> bool | None:
        """Tell whether an exhibit shows a day inside the period claimed; None when it has no date or there is none."""
        day, period = sheet.item.shows_date, self.selection.period
        return None if day is None or period is None else day in period


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
class RequestNote:
    """The audit request that an answer answers.

    Attributes:
        id: identifier inside the vault.
        number: position among the requests of the audit, from 1; names the answer's range of page identifiers.
        text: what was asked, as typed.
        addressee: to whom the answer goes: name and address, one line each.
        reference: the auditor's own number of the audit or the request; empty when none.
        due: last day to answer, or None.
        notice_on: date of the letter that opened the audit, or None.
        enclosed: what goes with this file besides its pages, one line each.
    """

    id: str
    number: int
    text: str
    addressee: str = ""
    reference: str = ""
    due: date | None = None
    notice_on: date | None = None
    enclosed: tuple[str, ...] = ()

    @property
    def first_page(self) -> int:
        """Number of the first page identifier of the answer."""
        return self.number * REQUEST_PAGES + 1


@dataclass(frozen=True, slots=True)
class MessageCount:
    """One row of the portal message report: counts only, never a patient.

    Attributes:
        label: the month ("March") or the clinician, as printed.
        numerator: patients to whom a message was sent or answered.
        denominator: patients seen.
    """

    label: str
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class MessageReport:
    """The portal message report of a year, where it was made.

    Attributes:
        year: performance year.
        by_month: in the order of the months.
        by_clinician: in the order of the roster.
        numerator: of the year.
        denominator: of the year.
        rate: in percent, never rounded up.
        points: of the measure, or None in a year without it.
        source: where the counts come from, in words.
    """

    year: int
    by_month: tuple[MessageCount, ...]
    by_clinician: tuple[MessageCount, ...]
    numerator: int
    denominator: int
    rate: float
    points: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class PackageNote:
    """The package that this binder is a part of.

    Attributes:
        manifest_sha256: hash (hex) of the list of the package's other files, as the package's documentation says.
        name: name of that list in the package.
    """

    manifest_sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class BinderContent:
    """One binder, or the answer to one audit request.

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
        edition: whether pictures are covered.
        full_reason: why the full edition was made; empty for the redacted one.
        papers: practice papers that belong to no activity, in the order of their numbers; their kind is `option_key`.
        papers_missing: what the practice papers lack.
        attested: records of what was attested that are in force, oldest first.
        corrected: records that a later one replaces, oldest first.
        differences: how what was attested differs from what is planned and proven, the gravest first.
        request: the audit request that this answers; None for the binder of a year.
        group_needed: how many clinicians of the group must have done an activity; 0 when the rule does not apply.
        left_out: identifiers of the activities chosen for the year that this file was asked to leave out.
        not_chosen: identifiers of the activities that were asked for and were not chosen for the year.
        exports: files written of this year before this one, oldest first.
        messages: the portal message report, or None where there is none.
        package: the package that this is a part of, or None for a file on its own.
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
    edition: Edition = Edition.REDACTED
    full_reason: str = ""
    papers: tuple[ExhibitSheet, ...] = ()
    papers_missing: tuple[Missing, ...] = ()
    attested: tuple[AttestationRecord, ...] = ()
    corrected: tuple[AttestationRecord, ...] = ()
    differences: tuple[Difference, ...] = ()
    request: RequestNote | None = None
    group_needed: int = 0
    left_out: tuple[str, ...] = ()
    not_chosen: tuple[str, ...] = ()
    exports: tuple[Export, ...] = ()
    messages: MessageReport | None = None
    package: PackageNote | None = None

    @property
    def year(self) -> int:
        """The performance year."""
        return self.profile.year

    @property
    def npis(self) -> int:
        """Clinicians whom the rule for groups counts: NPIs billing under the TIN, or the roster when not entered."""
        return len(self.clinicians) if self.profile.npis_total is None else self.profile.npis_total

    @property
    def first_page(self) -> int:
        """Number of the first page identifier: 1, or the start of the range of the request that this answers."""
        return self.request.first_page if self.request else 1

    @property
    def exhibits(self) -> tuple[ExhibitSheet, ...]:
        """All exhibits, in the order of the binder: practice papers, then those of the activities."""
        return (*self.papers, *(sheet for part in self.parts for sheet in part.exhibits))

    @property
    def redacted(self) -> tuple[ExhibitSheet, ...]:
        """The exhibits shown of which an area is covered."""
        return tuple(sheet for sheet in self.exhibits if sheet.areas and not sheet.withheld)

    @property
    def missing(self) -> int:
        """Number of things that are missing or withheld; 0 makes the binder complete. No activity at all is one."""
        lacks = sum(part.missing for part in self.parts) + len(self.papers_missing) + len(self.papers_withheld_besides)
        return lacks + (not self.parts) + len(self.not_chosen)

    @property
    def papers_withheld_besides(self) -> tuple[ExhibitSheet, ...]:
        """The withheld papers whose lack of redaction or of a look `papers_missing` does not name already."""
        return _besides(self.papers, self.papers_missing)

    def papers_of(self, kind: PaperKind, clinician_id: str = "") -> tuple[ExhibitSheet, ...]:
        """Return the practice papers of a kind; with a clinician those that speak of them."""
        return tuple(
            sheet
            for sheet in self.papers
            if sheet.item.option_key == kind and (not clinician_id or clinician_id in sheet.item.clinician_ids)
        )
