"""A synthetic practice with its evidence, for the tests of the binder."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from mips_desk.binder.content import ActivityPart, BinderContent, ExhibitSheet, JournalLine, RedactedArea
from mips_desk.domain.activity import (
    Activity,
    EvidenceKind,
    EvidenceOption,
    Guidance,
    PeriodKind,
    PeriodRule,
    Subcategory,
    Weight,
)
from mips_desk.domain.evidence import EvidenceItem, Intake, Selection, Source, UseEntry, exhibit_number
from mips_desk.domain.period import Period
from mips_desk.domain.practice import Clinician, Level, Practice, SpecialStatus, YearProfile
from mips_desk.domain.readiness import readiness, use_summary
from mips_desk.domain.score import Gauge, GaugeSegment, NotCredited, Score, TraceLine

YEAR = 2024
CENTRAL = timezone(timedelta(hours=-5))
MADE_AT = datetime(2025, 2, 14, 16, 20, 5, tzinfo=timezone(timedelta(hours=-6)))
PRACTICE = Practice("Riverside Family Practice", "47-2914821", "1200 River Road, Suite 4\nSpringfield, IL 62701")
CLINICIANS = (
    Clinician("c1", "Abena Osei", "1234567893", "MD", "Physician owner"),
    Clinician("c2", "Miguel Álvarez", "1245319599", "DO", "Physician", date(2022, 3, 1)),
    Clinician("c3", "Dana Whitfield", "", "PA-C", "Physician assistant", date(2023, 9, 11), date(2024, 10, 31)),
)


@lru_cache(maxsize=64)
def portal_png(width: int, height: int, seed: int = 1) -> bytes:
    """A made-up portal page as the annotator would render it: RGB, 8 bits, no metadata."""
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width, 70), fill=(44, 107, 160))
    draw.text((24, 20), f"CareBridge  Messages {seed}", fill="white", font_size=28)
    draw.rectangle((0, 70, 230, height), fill=(238, 241, 245))
    for index in range(8):
        draw.text(
            (24, 100 + index * 44), ("Inbox", "Sent", "Archive", "Patients")[index % 4], fill=(60, 70, 80), font_size=18
        )
    for x in range(0, width, max(width // 97, 1)):  # texture, so that pictures do not compress to nothing
        picture.putpixel((x, (x * 31 * seed) % height), (x % 256, seed % 256, 99))
    for row, y in enumerate(range(100, height - 40, 52), 1):
        draw.rectangle((260, y, 260 + 120 + (row * 37 * seed) % 90, y + 22), fill="black")
        words = ("Refill request answered", "Lab result explained", "Visit follow-up", "Question about dosage")
        draw.text((520, y), f"{words[(row + seed) % 4]}, thread {row}", fill=(40, 50, 60), font_size=18)
        draw.line((250, y + 36, width - 20, y + 36), fill=(220, 225, 230))
    stream = BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def areas_of(size: tuple[int, int], seed: int) -> tuple[RedactedArea, ...]:
    """The black bars of `portal_png`: names, and one date."""
    at = datetime(YEAR, 6, 19, 15, 2, seed % 60, tzinfo=CENTRAL)
    width, height = size
    bars = [
        (260, y, min(260 + 120 + (row * 37 * seed) % 90 + 1, width), y + 23)
        for row, y in enumerate(range(100, height - 40, 52), 1)
    ]
    return tuple(
        RedactedArea(box, "date" if place == 2 else "name", "Dana Whitfield", at) for place, box in enumerate(bars)
    )


def sheet(
    selection: Selection, number: int, option: EvidenceOption, size: tuple[int, int] = (1920, 1080), **changes: object
) -> ExhibitSheet:
    data = portal_png(*size, seed=number)
    item = EvidenceItem(
        id=f"{selection.activity_id}-e{number}",
        selection_id=selection.id,
        number=number,
        caption=f"Message list with answers of the care team, sample {number}",
        shows_date=date(YEAR, 3, 5) + timedelta(days=3 * number % 80),
        option_key=option.key,
        outside_reason="",
        address="portal.carebridge.example/messages",
        clinician_ids=("c1",),
        intake=Intake(
            Source.CAPTURE,
            datetime(YEAR, 6, 11, 9, 14, number % 60, tzinfo=CENTRAL),
            "Dana Whitfield",
            "FRONTDESK-2",
            "CareBridge – Messages",
        ),
        sha256=hashlib.sha256(f"original {number}".encode()).hexdigest(),
        media_type="image/png",
        width=size[0],
        height=size[1],
        marks_revision=1,
        redactions=6,
        looked_at_by="Abena Osei",
        looked_at_on=datetime(YEAR, 6, 20, 12, 0, tzinfo=CENTRAL),
    )
    item_changes = {key: value for key, value in changes.items() if hasattr(item, key) and key != "redactions"}
    item = replace(item, **item_changes)  # type: ignore[arg-type]
    rest = {key: value for key, value in changes.items() if key not in item_changes}
    made = ExhibitSheet(
        item=item,
        number=exhibit_number(YEAR, selection.activity_id, number),
        option_label=option.label,
        rendition_sha256=hashlib.sha256(data).hexdigest(),
        width=size[0],
        height=size[1],
        areas=areas_of(size, number),
        legend=((1, "Every message is answered by the care team"), (2, "Date of the answer")),
        origin="CareBridge – Messages",
        load=lambda: data,
    )
    return replace(made, **rest)  # type: ignore[arg-type]


PORTAL = Activity(
    id="IA_BE_4",
    year=YEAR,
    title="Engagement of patients through implementation of improvements in patient portal",
    subcategory=Subcategory.BENEFICIARY_ENGAGEMENT,
    weight=Weight.MEDIUM,
    cehrt_eligible=False,
    first_year=2017,
    guidance=Guidance(
        summary=(
            "Run a patient portal with current, patient-relevant information, and let patients write to the practice "
            "and get an answer. Improve the portal or how it is offered, and show that patients and the team use it."
        ),
        objective="Patients take part in their care because they can see their record and ask questions.",
        need=1,
        options=(
            EvidenceOption(
                "portal_screenshots",
                "Portal screenshots",
                "Screenshots of portal pages that show current, patient-relevant information and messages both ways.",
                (EvidenceKind.SCREENSHOT,),
            ),
            EvidenceOption(
                "portal_report",
                "Portal use report",
                "A report with the number of patients who used the portal in the period, without names.",
                (EvidenceKind.REPORT,),
            ),
        ),
        period=PeriodRule(PeriodKind.CONTINUOUS_DAYS, 90),
        frequency="",
        capture_tips=(),
        stated=True,
        sources=("CMS, 2024 MIPS Data Validation Criteria", "2024 Improvement Activities Inventory"),
    ),
)
ACCESS = Activity(
    id="IA_EPA_1",
    year=YEAR,
    title="Provide 24/7 access to MIPS eligible clinicians or groups who have real-time access to patient’s record",
    subcategory=Subcategory.EXPANDED_PRACTICE_ACCESS,
    weight=Weight.HIGH,
    cehrt_eligible=False,
    first_year=2017,
    guidance=Guidance(
        summary="Give patients around-the-clock access to a clinician who can see their record, for urgent needs.",
        objective="Urgent needs are met without an emergency visit.",
        need=2,
        options=(
            EvidenceOption("policy", "After-hours policy", "The written policy with date.", (EvidenceKind.POLICY,)),
            EvidenceOption("log", "On-call schedule", "Schedule for the period.", (EvidenceKind.LOG,)),
        ),
        period=PeriodRule(PeriodKind.CONTINUOUS_DAYS, 90),
        frequency="Once a year.",
        capture_tips=(),
        stated=False,
        sources=("2024 Improvement Activities Inventory",),
    ),
)
STORY = (
    "In January the practice moved the portal invitation from the discharge sheet to the front desk: every patient at "
    "check-in is asked whether the portal works for them, and is enrolled on the spot. Dr. Osei and Mr. Álvarez agreed "
    "on an answer within one business day, and the care team reads the inbox at 9:00, 13:00 and 16:30.\n"
    "Training took place on January 4 with all seven members of staff. Use is measured on the first of each month with "
    "the portal use report; the share of messages answered within a day rose from 71 to 94 percent."
)


def part(
    activity: Activity,
    selection: Selection,
    sheets: tuple[ExhibitSheet, ...],
    uses: tuple[UseEntry, ...],
    official: str | None = None,
) -> ActivityPart:
    items = [shown.item for shown in sheets]
    return ActivityPart(
        activity=activity,
        selection=selection,
        readiness=readiness(selection, activity.guidance, items, uses),
        official_text=official,
        uses=uses,
        use_summary=use_summary(selection, activity.guidance, uses, date(YEAR, 12, 31)),
        exhibits=sheets,
        official_source="CMS measures data 2024, version 2024-11-04" if official else "",
    )


def portal_part(exhibits: int = 3, sheets: tuple[ExhibitSheet, ...] | None = None, **changes: object) -> ActivityPart:
    selection = Selection(
        "s1", YEAR, "IA_BE_4", Period(date(YEAR, 3, 1), date(YEAR, 5, 29)), STORY, "private", date(2025, 2, 3)
    )
    selection = replace(selection, **changes)  # type: ignore[arg-type]
    options = PORTAL.guidance.options
    sizes = ((1920, 1080), (1100, 1400), (900, 560))
    if sheets is None:
        sheets = tuple(
            sheet(selection, n, options[n % 2], sizes[n % 3] if exhibits < 20 else (640, 360))
            for n in range(1, exhibits + 1)
        )
    uses = (
        *(
            UseEntry(f"u{n}", "s1", date(YEAR, 3, 4) + timedelta(days=7 * (n // 3) + n % 3), 1 + n % 3)
            for n in range(36)
        ),
        UseEntry("v1", "s1", date(YEAR, 3, 12), 2, "Care team meeting on open messages", "c1", "IA_BE_4-e1"),
        UseEntry("v2", "s1", date(YEAR, 6, 3), 1, "First use after the period", "c2"),
    )
    return part(
        PORTAL,
        selection,
        sheets,
        uses,
        "Access to an enhanced patient portal that provides up to date information related to relevant chronic disease "
        "health or blood pressure control, and includes interactive features allowing patients to enter health "
        "information and/or enables bidirectional communication about medication changes and adherence.",
    )


def access_part() -> ActivityPart:
    selection = Selection("s2", YEAR, "IA_EPA_1", Period(date(YEAR, 7, 1), date(YEAR, 9, 30)))
    policy = ACCESS.guidance.options[0]
    sheets = (
        sheet(
            selection,
            1,
            policy,
            (1240, 1754),
            caption="After-hours policy of July 1",
            legend=(),
            areas=(),
            no_identifiers=True,
        ),
        sheet(
            selection,
            3,
            policy,
            (2600, 620),
            caption="Banner of the portal on a wide screen",
            shows_date=date(YEAR, 7, 9),
        ),
        sheet(selection, 2, policy, (1000, 6200), caption="On-call page of the portal, whole length"),
    )
    uses = tuple(
        UseEntry(f"w{n}", "s2", date(YEAR, 7, 3 + 6 * n), 1, f"Night call {n + 1}, answered in {8 + n} minutes", "c2")
        for n in range(5)
    )
    return part(ACCESS, selection, sheets, uses)


def content(*parts: ActivityPart, **changes: object) -> BinderContent:
    shown = parts or (portal_part(), access_part())
    trace = (
        TraceLine(
            "R1.2",
            "A small practice earns double points: 20 for a medium and 40 for a high activity.",
            "42 CFR 414.1380(b)(3)",
        ),
        TraceLine(
            "R1.4",
            "IA_BE_4 is a medium activity, performed for 90 continuous days.",
            "42 CFR 414.1360(a)(1)",
            "IA_BE_4",
            20,
        ),
        TraceLine(
            "R1.4",
            "IA_EPA_1 is a high activity, performed for 92 continuous days.",
            "42 CFR 414.1360(a)(1)",
            "IA_EPA_1",
            40,
        ),
        TraceLine(
            "R1.6",
            "The category is capped at 40 points.",
            "42 CFR 414.1380(b)(3)",
            "",
            -20,
            "the cap is applied after doubling",
        ),
    )
    made = BinderContent(
        binder_id="MD-2024-7F3K-9Q2M",
        practice=PRACTICE,
        profile=YearProfile(
            YEAR,
            Level.GROUP,
            special_statuses=frozenset({SpecialStatus.SMALL_PRACTICE, SpecialStatus.RURAL}),
            npis_total=3,
            eligible_clinicians=3,
        ),
        clinicians=CLINICIANS,
        made_at=MADE_AT,
        prepared_by="Dana Whitfield",
        journal_head=hashlib.sha256(b"head").hexdigest(),
        journal_length=1482,
        journal_entries=tuple(
            JournalLine(
                1470 + n,
                datetime(2025, 2, 14, 15, n, 3, tzinfo=UTC).astimezone(CENTRAL),
                "Dana Whitfield",
                f"Marked exhibit 2024-IA_BE_4-{n:02d} as looked at",
                hashlib.sha256(str(n).encode()).hexdigest(),
            )
            for n in range(1, 13)
        ),
        rule_version="2024.3",
        app_version="0.1.0",
        gauge=Gauge(
            YEAR,
            counts_activities=False,
            target=40,
            planned=40,
            proven=20,
            attested=20,
            segments=(GaugeSegment("IA_BE_4", 20, True), GaugeSegment("IA_EPA_1", 40, False)),
            sentence="20 of 40 points are proven. Finish the proof for IA_EPA_1 to reach full credit.",
            advice="You need 40 points and planned 60. Attesting more adds no points and one more thing to prove.",
        ),
        score=Score(
            ("IA_BE_4", "IA_EPA_1"),
            40,
            100.0,
            15,
            15.0,
            trace,
            (NotCredited("IA_CC_13", "R2.1", "The period had 61 continuous days, 90 are needed."),),
            {"IA_BE_4": 20, "IA_EPA_1": 40},
        ),
        parts=shown,
    )
    return replace(made, **changes)  # type: ignore[arg-type]
