"""The practice, its clinicians, and what it is in one performance year."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """Reporting level (42 CFR 414.1325; qpp-submissions-docs `entityType`)."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    VIRTUAL_GROUP = "virtual_group"
    SUBGROUP = "subgroup"
    APM_ENTITY = "apm_entity"

    @property
    def label(self) -> str:
        """The level in words, as in "Virtual group"."""
        return "APM Entity" if self is Level.APM_ENTITY else self.value.replace("_", " ").capitalize()


class Track(StrEnum):
    """How the practice reports: traditional MIPS, an MVP, the APP, or (2017-2020) the APM scoring standard."""

    TRADITIONAL = "traditional"
    MVP = "mvp"
    APP = "app"
    APM_SCORING_STANDARD = "apm_scoring_standard"

    @property
    def label(self) -> str:
        """The track in words, fit for the middle of a sentence."""
        return _TRACK_LABELS[self]


_TRACK_LABELS = {
    Track.TRADITIONAL: "traditional MIPS",
    Track.MVP: "MVP",
    Track.APP: "APM Performance Pathway",
    Track.APM_SCORING_STANDARD: "APM scoring standard",
}


class SpecialStatus(StrEnum):
    """The four statuses that double points or halve the number of activities (42 CFR 414.1380(b)(3))."""

    SMALL_PRACTICE = "small_practice"
    RURAL = "rural"
    HPSA = "hpsa"
    NON_PATIENT_FACING = "non_patient_facing"

    @property
    def label(self) -> str:
        """The status in words."""
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    SpecialStatus.SMALL_PRACTICE: "Small practice",
    SpecialStatus.RURAL: "Rural",
    SpecialStatus.HPSA: "Health professional shortage area",
    SpecialStatus.NON_PATIENT_FACING: "Non-patient-facing",
}


class Category(StrEnum):
    """The four MIPS performance categories."""

    QUALITY = "quality"
    COST = "cost"
    IMPROVEMENT_ACTIVITIES = "ia"
    PROMOTING_INTEROPERABILITY = "pi"


#: A TIN with 15 or fewer eligible clinicians is a small practice; 16 is not (42 CFR 414.1305).
SMALL_PRACTICE_MAX = 15


def npi_is_valid(npi: str) -> bool:
    """Tell whether a text is a National Provider Identifier with a correct check digit.

    The check digit is ISO/IEC 7812 (Luhn) over the ten digits with the prefix 80840 (45 CFR 162.406; CMS,
    "Requirements for National Provider Identifier and NPI Check Digit").

    Args:
        npi: the text as typed; only exactly ten ASCII digits starting with 1 or 2 can be valid.
    """
    if len(npi) != 10 or not (npi.isascii() and npi.isdigit()) or npi[0] not in "12":
        return False
    total = 24  # what the constant prefix 80840 adds
    for place, digit in enumerate(reversed(npi)):
        value = int(digit)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def tin_is_valid(tin: str) -> bool:
    """Tell whether a text is a Taxpayer Identification Number: nine ASCII digits, a hyphen after the second allowed."""
    digits = tin.replace("-", "", 1) if len(tin) == 10 and tin[2] == "-" else tin
    return len(digits) == 9 and digits.isascii() and digits.isdigit()


def mask_tin(tin: str) -> str:
    """Return a TIN with all but its last four digits covered, or an empty text for none."""
    digits = tin.replace("-", "")
    return "•••••" + digits[-4:] if len(digits) == 9 else ""


@dataclass(frozen=True, slots=True)
class Practice:
    """The organisation that a vault belongs to."""

    name: str
    tin: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Clinician:
    """One clinician of the practice.

    Attributes:
        id: identifier inside the vault.
        name: as it shall appear in the binder.
        npi: ten digits, or empty when not known yet.
        credential: for example "MD".
        role: for example "Physician owner".
        joined: first day in the practice, or None when before all years of interest.
        left: last day in the practice (inclusive), or None.
    """

    id: str
    name: str
    npi: str = ""
    credential: str = ""
    role: str = ""
    joined: date | None = None
    left: date | None = None

    @property
    def shown_name(self) -> str:
        """The name with the credential, as in "Abena Osei, MD"."""
        return f"{self.name}, {self.credential}" if self.credential else self.name

    def belongs_to(self, year: int) -> bool:
        """Tell whether the clinician was in the practice on any day of a calendar year."""
        return (self.joined is None or self.joined.year <= year) and (self.left is None or self.left.year >= year)


@dataclass(frozen=True, slots=True)
class YearProfile:
    """What the practice is for CMS in one performance year; the facts that a score depends on besides the activities.

    Attributes:
        year: performance year.
        level: reporting level.
        track: traditional MIPS, MVP, APP.
        special_statuses: those CMS has assigned.
        mvp_id: for example "G0056" when the track is MVP.
        npis_total: NPIs billing under the TIN; None: count the clinicians of the year.
        eligible_clinicians: eligible clinicians in the TIN (decides small practice); None when not entered.
        missing_categories: categories without a score, whose weight moves elsewhere (42 CFR 414.1380(c)(2)).
        apm_participant: takes part in an APM and is scored outside an APM pathway.
        submitted_quality: quality data was sent.
        submitted_pi: Promoting Interoperability data was sent.
        euc_exception: an extreme-and-uncontrollable-circumstances exception applies.
        web_interface_apm: a Web Interface APM under the APM scoring standard (2017-2020).
        pcmh_sites_total: practice sites, for patient-centered medical home credit.
        pcmh_sites_recognised: sites with recognition.
    """

    year: int
    level: Level = Level.GROUP
    track: Track = Track.TRADITIONAL
    special_statuses: frozenset[SpecialStatus] = frozenset()
    mvp_id: str = ""
    npis_total: int | None = None
    eligible_clinicians: int | None = None
    missing_categories: frozenset[Category] = field(default_factory=frozenset)
    apm_participant: bool = False
    submitted_quality: bool | None = None
    submitted_pi: bool | None = None
    euc_exception: bool = False
    web_interface_apm: bool = False
    pcmh_sites_total: int | None = None
    pcmh_sites_recognised: int | None = None


class Role(StrEnum):
    """What a person may do in a vault."""

    MANAGER = "manager"
    HELPER = "helper"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who opens the vault; named in every journal entry."""

    id: str
    name: str
    role: Role = Role.MANAGER
