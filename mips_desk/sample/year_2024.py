"""What the sample practice did in 2024: a finished year, attested in February 2025."""

from datetime import date, datetime

from mips_desk.domain.evidence import Source
from mips_desk.domain.papers import PaperKind
from mips_desk.domain.period import Period

from . import stories
from .people import CLINICIANS
from .plan import Around, Chosen, Habit, Marker, Pointer, Proof

_ATTESTED = date(2025, 2, 18)
_ROSTER = tuple(clinician.id for clinician in CLINICIANS if clinician.belongs_to(2024))
_ALL = (
    *("osei", "brandt", "castillo", "lindqvist", "adeyemi", "nakamura"),
    *("fournier", "haddad", "oconnell", "varga", "mensah", "petersen"),
)

PORTAL = Chosen(
    "IA_BE_4",
    datetime(2024, 1, 22, 9, 12),
    Period(date(2024, 3, 1), date(2024, 6, 14)),
    stories.PORTAL_2024,
    datetime(2024, 6, 18, 10, 5),
    (
        Proof(
            "messages March 2024",
            datetime(2024, 3, 4, 15, 43),
            "portal_screenshots",
            "Message list, both directions, March",
            date(2024, 3, 4),
            (
                Around("senders", "Written by patients and by the care team"),
                Around("statuses", "Answered by nurse or clinician", right=True),
            ),
            ("osei", "brandt"),
        ),
        Proof(
            "refill May 2024",
            datetime(2024, 5, 17, 10, 27),
            "portal_screenshots",
            "Refill request answered by the clinician with a change of medicine, May",
            date(2024, 5, 17),
            (
                Around("letter 1", "The patient asks for a refill and reports a side effect"),
                Around("letter 2", "The clinician answers the next morning and changes the medicine"),
            ),
            ("osei",),
        ),
        Proof(
            "education 2024",
            datetime(2024, 6, 5, 13, 21),
            "portal_screenshots",
            "Education on the patient's own condition, with the patient's own numbers",
            date(2024, 6, 5),
            (
                Around("own numbers", "The patient's own results and goals"),
                Around("lessons", "Lessons assigned by the care team", right=True),
            ),
            ("brandt",),
        ),
        Proof(
            "messages June 2024",
            datetime(2024, 6, 11, 9, 15),
            "portal_screenshots",
            "Message list, both directions, June",
            date(2024, 6, 11),
            (
                Around("statuses", "Every message answered by the care team", right=True),
                Pointer("statuses", "answered by care team", (700, 905), (0.1, 0.93)),
            ),
            ("osei", "brandt"),
        ),
        Proof(
            "use 2024",
            datetime(2024, 6, 14, 16, 41),
            "portal_use_report",
            "Portal use report for the whole period, counts only",
            date(2024, 6, 14),
            (
                Around("table", "Messages in both directions in every month of the period"),
                Pointer("totals", "729 in, 773 out", (720, 354), (0.66, 0.96)),
            ),
            redacted=False,
        ),
    ),
    Habit(date(2024, 3, 1), date(2024, 6, 14), _ALL, "messages answered", share=88, a_day=2, most=9),
    _ATTESTED,
    "Receipt of the attestation is in the red folder, third shelf.",
)

FAMILIES = Chosen(
    "IA_BE_14",
    datetime(2024, 1, 22, 14, 30),
    Period(date(2024, 2, 5), date(2024, 7, 12)),
    stories.FAMILIES_2024,
    datetime(2024, 7, 16, 11, 40),
    (
        Proof(
            "offer 2024",
            datetime(2024, 2, 6, 11, 6),
            "digital_tool_offered",
            "The connected cuff and the program as the care team offers them",
            date(2024, 2, 6),
            (
                Around("endorsed", "Endorsed by our clinicians"),
                Around("automatic", "What the tool sends by itself", right=True),
            ),
            ("osei",),
            redacted=False,
        ),
        Proof(
            "feed 2024",
            datetime(2024, 4, 16, 10, 4),
            "guidance_and_feedback_in_use",
            "Readings reach the care team in real time, and each is answered at once",
            date(2024, 4, 16),
            (
                Around("received", "Day and time at which the reading came in"),
                Around("feedback", "Automatic answer to the patient"),
                Pointer("call", "called after 7 minutes", (1290, 180), (0.9, 0.4)),
            ),
            ("brandt",),
        ),
        Proof(
            "phone 2024",
            datetime(2024, 5, 14, 18, 53),
            "guidance_and_feedback_in_use",
            "The patient's phone: guidance between visits, with answers to two readings",
            date(2024, 5, 14),
            (Marker("note 2"), Around("note 4", "Questions on work, sleep and daily life")),
            source=Source.DROP,
        ),
        Proof(
            "council 2024",
            datetime(2024, 6, 21, 8, 35),
            "improvement_from_engagement",
            "Minutes of the Patient and Family Advisory Council: four changes decided",
            date(2024, 6, 20),
            (
                Marker("decision 1"),
                Marker("decision 2"),
                Around("point 4", "Return to work became part of the program"),
            ),
            ("osei", "brandt", "castillo"),
            source=Source.IMPORT,
        ),
    ),
    Habit(
        date(2024, 2, 5),
        date(2024, 7, 12),
        _ALL[:10],
        "readings acted on",
        share=78,
        a_day=2,
        most=6,
    ),
    _ATTESTED,
)

NOTES = Chosen(
    "IA_CC_13",
    datetime(2024, 3, 18, 9, 50),
    Period(date(2024, 4, 1), date(2024, 9, 30)),
    stories.NOTES_2024,
    datetime(2024, 10, 2, 9, 5),
    (
        Proof(
            "notes 2024",
            datetime(2024, 6, 10, 17, 31),
            "portal_full_access",
            "Full visit note as the patient sees it, on the day of the visit",
            date(2024, 6, 10),
            (
                Around("released", "Released on the day of the visit, no charge"),
                Around("note", "The whole note, with assessment and plan"),
                Around("record", "Everything else in the record, consultation notes too", right=True),
            ),
            ("osei",),
        ),
        Proof(
            "labs 2024",
            datetime(2024, 8, 20, 16, 6),
            "portal_full_access",
            "Test results released on the same day, with the clinician's comment",
            date(2024, 8, 20),
            (Around("results", "Results without delay"), Around("comment", "Explained by the clinician")),
            ("castillo",),
        ),
    ),
    Habit(
        date(2024, 4, 1),
        date(2024, 9, 30),
        _ALL[:11],
        "notes released",
        share=55,
        a_day=2,
        most=14,
    ),
    _ATTESTED,
)

ACCESS = Chosen(
    "IA_EPA_1",
    datetime(2024, 4, 8, 10, 20),
    Period(date(2024, 1, 15), date(2024, 4, 30)),
    stories.ACCESS_2024,
    datetime(2024, 5, 6, 15, 15),
    (
        Proof(
            "encounter 2024",
            datetime(2024, 4, 10, 8, 31),
            "after_hours_encounter",
            "Telephone encounter at 9:42 PM with the chart open",
            date(2024, 4, 9),
            (
                Around("stamps", "After office hours"),
                Around("access log", "The clinician opened the chart during the call", right=True),
            ),
            ("osei",),
        ),
        Proof(
            "after hours 2024",
            datetime(2024, 4, 30, 8, 6),
            "after_hours_record",
            "Log of after-hours calls in April, with the time at which the chart was opened",
            date(2024, 4, 30),
            (
                Around("times", "Evenings and weekends"),
                Around("opened", "Chart opened within two minutes"),
                Pointer("hours", "our office hours", (880, 52), (0.03, 0.45)),
            ),
            ("osei", "castillo", "brandt", "lindqvist", "petersen"),
        ),
    ),
    Habit(
        date(2024, 1, 15),
        date(2024, 4, 30),
        ("osei", "castillo", "brandt", "lindqvist", "petersen", "adeyemi", "varga", "mensah", "haddad"),
        "after-hours call",
        share=66,
        a_day=1,
        most=3,
        weekdays=(0, 1, 2, 3, 4, 5, 6),
    ),
    note="Reserve. Not attested: the other three give 40 points.",
)

CHOSEN = (PORTAL, FAMILIES, NOTES, ACCESS)

RECEIPT = Proof(
    "receipt 2024",
    datetime(2025, 2, 18, 11, 13),
    PaperKind.RECEIPT,
    "Receipt of the submission: three activities attested",
    _ATTESTED,
    (Around("confirmation", "Confirmation number, day and person"), Around("activities", "What was attested")),
    redacted=False,
)
PAPERS = (
    Proof(
        "status 2024 first",
        datetime(2024, 12, 12, 14, 21),
        PaperKind.PARTICIPATION,
        "Participation status 2024, first nine clinicians",
        date(2024, 12, 12),
        (Around("status", "Each takes part as a member of the group", right=True),),
        _ROSTER[:9],
        redacted=False,
    ),
    Proof(
        "status 2024 second",
        datetime(2024, 12, 12, 14, 24),
        PaperKind.PARTICIPATION,
        "Participation status 2024, other nine clinicians",
        date(2024, 12, 12),
        (Around("status", "Each takes part as a member of the group", right=True),),
        _ROSTER[9:],
        redacted=False,
    ),
    RECEIPT,
)
#: What is attested is recorded right after its receipt was taken.
THROUGH = "Program portal, signed in by the office manager"
REFERENCE = "S-2024-118-SAMPLE"
