"""What the sample practice did so far in 2026: the year is nearly over, and some proof is still open."""

from datetime import date, datetime

from mips_desk.domain.evidence import Source
from mips_desk.domain.period import Period

from . import stories
from .plan import Around, Chosen, Habit, Marker, Pointer, Proof

_ALL = (
    *("osei", "brandt", "rao", "silva", "petersen", "begum"),
    *("castillo", "tran", "nakamura", "mensah", "kowalski", "yilmaz"),
)

FAMILIES = Chosen(
    "IA_BE_14",
    datetime(2026, 2, 23, 13, 10),
    Period(date(2026, 3, 2), date(2026, 8, 28)),
    stories.FAMILIES_2026,
    datetime(2026, 9, 3, 10, 45),
    (
        Proof(
            "offer 2026",
            datetime(2026, 3, 3, 10, 15),
            "digital_tool_offered",
            "Connected cuff and glucose meter as the care team offers them",
            date(2026, 3, 3),
            (
                Around("offered", "Offered by the care team"),
                Around("endorsed", "Endorsed by our clinicians"),
                Around("automatic", "What the tool sends by itself", right=True),
            ),
            ("osei",),
            redacted=False,
        ),
        Proof(
            "feed 2026",
            datetime(2026, 5, 12, 10, 4),
            "guidance_and_feedback_in_use",
            "A morning of readings in real time, each answered at once",
            date(2026, 5, 12),
            (
                Around("received", "Day and time at which the reading came in"),
                Around("feedback", "Automatic answer to the patient"),
                Pointer("call", "called after 8 minutes", (1290, 180), (0.925, 0.4)),
            ),
            ("petersen",),
        ),
        Proof(
            "council 2026",
            datetime(2026, 6, 5, 8, 20),
            "improvement_from_engagement",
            "Minutes of the Patient and Family Advisory Council: four changes decided",
            date(2026, 6, 4),
            (
                Marker("decision 1"),
                Marker("decision 2"),
                Around("point 3", "Questions on work became a regular part of the program"),
            ),
            ("osei", "rao", "petersen"),
            source=Source.IMPORT,
        ),
        Proof(
            "phone 2026",
            datetime(2026, 7, 16, 19, 24),
            "guidance_and_feedback_in_use",
            "The patient's phone: an evening reading with its answer, and questions on work",
            date(2026, 7, 16),
            (Marker("note 2"), Around("note 4", "Questions on the return to work")),
            source=Source.DROP,
        ),
    ),
    Habit(
        date(2026, 3, 2),
        date(2026, 8, 28),
        _ALL,
        "readings acted on",
        share=78,
        a_day=2,
        most=8,
    ),
)

PORTAL = Chosen(
    "IA_BE_4",
    datetime(2026, 1, 14, 9, 35),
    Period(date(2026, 9, 1), date(2026, 12, 11)),
    stories.PORTAL_2026,
    datetime(2026, 11, 19, 16, 30),
    (
        Proof(
            "go-live 2026",
            datetime(2026, 1, 14, 9, 48),
            "new_portal_go_live",
            "The vendor confirms that the new portal was opened to patients on January 12",
            date(2026, 1, 13),
            (
                Around("live", "New portal, opened on January 12, 2026"),
                Pointer("sent", "date of the mail", (930, 22), (0.3, 0.15)),
            ),
            redacted=False,
            outside="It shows that the portal was new in 2026; it was opened before the period we claim.",
        ),
        Proof(
            "messages September 2026",
            datetime(2026, 9, 15, 11, 9),
            "portal_clinical_use",
            "Message list, both directions, September",
            date(2026, 9, 15),
            (
                Around("senders", "Written by patients and by the care team"),
                Around("statuses", "Answered by nurse or clinician", right=True),
            ),
            ("osei", "rao", "silva", "brandt"),
        ),
        Proof(
            "thread October 2026",
            datetime(2026, 10, 20, 14, 38),
            "portal_clinical_use",
            "Question on a thyroid result, answered by the clinician, October",
            date(2026, 10, 20),
            (
                Around("letter 1", "The patient asks about her result"),
                Around("letter 2", "The clinician answers the next morning and changes the dose"),
            ),
            ("osei",),
        ),
        Proof(
            "messages November 2026",
            datetime(2026, 11, 17, 9, 27),
            "portal_clinical_use",
            "Message list, both directions, November",
            date(2026, 11, 17),
            redacted=False,
            looked_at=False,
        ),
        Proof(
            "use 2026",
            datetime(2026, 11, 19, 16, 13),
            "portal_clinical_use",
            "Portal use report, counts only",
            None,
            (Around("table", "Messages in both directions in every month"),),
            redacted=False,
        ),
    ),
    Habit(date(2026, 9, 1), date(2026, 11, 20), _ALL, "messages answered", share=88, a_day=2, most=9),
)

QUALITY = Chosen(
    "IA_PSPA_18",
    datetime(2026, 9, 28, 12, 55),
    Period(date(2026, 10, 1), date(2026, 12, 31)),
    stories.QUALITY_2026,
    datetime(2026, 10, 14, 8, 50),
    (
        Proof(
            "dashboard 2026",
            datetime(2026, 10, 13, 12, 11),
            "regular_review",
            "Quality dashboard of the third quarter, practice and panels against their goals",
            date(2026, 10, 13),
            (
                Around("practice", "The whole practice against its goals"),
                Around("panels", "Each panel", right=True),
            ),
            redacted=False,
            looked_at=False,
        ),
        Proof(
            "quality 2026",
            datetime(2026, 10, 29, 9, 2),
            "",
            "Minutes of the quality meeting",
            date(2026, 10, 28),
            clinicians=("osei", "rao", "tran", "begum", "silva"),
            redacted=False,
            source=Source.IMPORT,
        ),
    ),
    Habit(
        date(2026, 10, 7),
        date(2026, 11, 18),
        ("osei", "rao", "tran", "begum", "silva"),
        "quality meeting",
        share=100,
        a_day=5,
        most=1,
        weekdays=(2,),
    ),
)

CHOSEN = (PORTAL, FAMILIES, QUALITY)
