"""Improvement activities of a performance year and the guidance on how to prove them."""

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """Weight of an activity; there is none from 2025 on, nor for IA_PCMH."""

    MEDIUM = "medium"
    HIGH = "high"


class Subcategory(StrEnum):
    """Subcategories as CMS's measures data names them."""

    ACHIEVING_HEALTH_EQUITY = "achievingHealthEquity"
    ADVANCING_HEALTH_AND_WELLNESS = "advancingHealthAndWellness"
    BEHAVIORAL_AND_MENTAL_HEALTH = "behavioralAndMentalHealth"
    BENEFICIARY_ENGAGEMENT = "beneficiaryEngagement"
    CARE_COORDINATION = "careCoordination"
    EMERGENCY_RESPONSE_AND_PREPAREDNESS = "emergencyResponseAndPreparedness"
    EXPANDED_PRACTICE_ACCESS = "expandedPracticeAccess"
    PATIENT_SAFETY_AND_PRACTICE_ASSESSMENT = "patientSafetyAndPracticeAssessment"
    POPULATION_MANAGEMENT = "populationManagement"

    @property
    def label(self) -> str:
        """The name in words, as in CMS's inventory."""
        return _SUBCATEGORY_TITLES[self]


_SUBCATEGORY_TITLES = {
    Subcategory.ACHIEVING_HEALTH_EQUITY: "Achieving Health Equity",
    Subcategory.ADVANCING_HEALTH_AND_WELLNESS: "Advancing Health and Wellness",
    Subcategory.BEHAVIORAL_AND_MENTAL_HEALTH: "Behavioral and Mental Health",
    Subcategory.BENEFICIARY_ENGAGEMENT: "Beneficiary Engagement",
    Subcategory.CARE_COORDINATION: "Care Coordination",
    Subcategory.EMERGENCY_RESPONSE_AND_PREPAREDNESS: "Emergency Response and Preparedness",
    Subcategory.EXPANDED_PRACTICE_ACCESS: "Expanded Practice Access",
    Subcategory.PATIENT_SAFETY_AND_PRACTICE_ASSESSMENT: "Patient Safety and Practice Assessment",
    Subcategory.POPULATION_MANAGEMENT: "Population Management",
}


class EvidenceKind(StrEnum):
    """What a piece of proof is."""

    SCREENSHOT = "screenshot"
    REPORT = "report"
    DOCUMENT = "document"
    POLICY = "policy"
    LOG = "log"
    CERTIFICATE = "certificate"
    CORRESPONDENCE = "correspondence"
    AGENDA = "agenda"
    SURVEY = "survey"
    ATTESTATION_LETTER = "attestation_letter"
    CLAIM = "claim"
    DATA_EXPORT = "data_export"


class PeriodKind(StrEnum):
    """What an activity asks of time."""

    CONTINUOUS_DAYS = "continuous_days"
    PERFORMANCE_YEAR = "performance_year"
    ONE_TIME = "one_time"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EvidenceOption:
    """One way to document an activity: a checklist line that an evidence item can satisfy.

    Attributes:
        key: stable within the activity and year, for example "portal_screenshots".
        label: a few words.
        detail: what the proof must show, in our own words.
        kinds: what form the proof may take.
        required: always among the options that must be met.
    """

    key: str
    label: str
    detail: str
    kinds: tuple[EvidenceKind, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """How long an activity must be performed.

    Attributes:
        kind: continuous days, the whole year, once, or other (see note).
        days: continuous days asked for, counted inclusively; None unless kind is CONTINUOUS_DAYS.
        note: exceptions in words, or empty.
    """

    kind: PeriodKind
    days: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the app says about an activity in a run of years, in our own words.

    Attributes:
        summary: what to do.
        objective: what it is for.
        need: number of options that must be met; len(options) means all.
        options: the checklist.
        period: how long.
        frequency: limit in words, or empty.
        capture_tips: how to take good proof.
        stated: True: follows a published suggested-documentation list; False: derived from the description alone.
        sources: what it follows.
    """

    summary: str
    objective: str
    need: int
    options: tuple[EvidenceOption, ...]
    period: PeriodRule
    frequency: str
    capture_tips: tuple[str, ...]
    stated: bool
    sources: tuple[str, ...]

    def option(self, key: str) -> EvidenceOption | None:
        """Return the option with a key, or None."""
        return next((option for option in self.options if option.key == key), None)

    @property
    def need_in_words(self) -> str:
        """The any/all/N logic spelled out: "One of these two is enough."."""
        count = len(self.options)
        if count == 1:
            return "This is needed."
        if self.need >= count:
            return "Both of these are needed." if count == 2 else f"All {number_in_words(count)} of these are needed."
        required = [option.label for option in self.options if option.required]
        noun = "is" if self.need == 1 else "are"
        text = f"{number_in_words(self.need).capitalize()} of these {number_in_words(count)} {noun} enough"
        return f"{text}, with “{'” and “'.join(required)}” among them." if required else f"{text}."


@dataclass(frozen=True, slots=True)
class Activity:
    """One improvement activity in one performance year.

    Attributes:
        id: CMS's identifier, for example "IA_BE_4".
        year: performance year.
        title: as in CMS's inventory of the year.
        subcategory: None for IA_PCMH and IA_MVP.
        weight: None from 2025 on and for IA_PCMH.
        cehrt_eligible: earns the CEHRT bonus of 2017-2018.
        first_year: first year in CMS's inventory.
        mvp_ids: MVPs of the year that list the activity.
    """

    id: str
    year: int
    title: str
    subcategory: Subcategory | None
    weight: Weight | None
    cehrt_eligible: bool
    first_year: int
    guidance: Guidance
    mvp_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mvp:
    """A MIPS Value Pathway of one performance year.

    Attributes:
        id: CMS's identifier, for example "G0056".
        topic: the clinical topic.
        activity_ids: its list of activities, in natural order.
    """

    id: str
    year: int
    title: str
    topic: str
    activity_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One of CMS's pages for a year.

    Attributes:
        seen: the page was looked at when the catalog was made; else its address follows the pattern of other years.
    """

    title: str
    url: str
    seen: bool


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number_in_words(value: int) -> str:
    """Return a number as a word up to ten, else in digits."""
    return _NUMBERS[value] if value < len(_NUMBERS) else str(value)
