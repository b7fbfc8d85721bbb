"""Pages of two patient portals that do not exist: one for the earlier year, a new one for the year in progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mips_desk.domain import phrases

from .people import PRACTICE_NAME, Patient
from .sheet import (
    AMBER,
    AMBER_WASH,
    FAINT,
    GREEN,
    GREEN_WASH,
    INK,
    INK_2,
    INK_3,
    LINE,
    WHITE,
    Picture,
    Sheet,
    Who,
    height_of,
)

_BAR = 46
_HEADER = 62
_NAV = 216


@dataclass(frozen=True, slots=True)
class Product:
    """A portal.

    Attributes:
        name: as it stands in the header.
        host: name of its site; a domain kept free for examples.
        color: of the header and the buttons.
        wash: a pale shade of it.
    """

    name: str
    host: str
    color: str
    wash: str


CAREBRIDGE = Product("CareBridge Patient Portal", "portal.carebridge.example", "#2A6CA6", "#E8F1F9")
LARKSPUR = Product("Larkspur Patient Portal", "riverside.larkspur.example", "#51429A", "#EFEDF9")

_STAFF = ("Home", "Message Center", "Patients", "Programs", "Education", "Reports")
_PATIENT = ("Home", "Messages", "Visits", "Test results", "Medicines", "My programs")


@dataclass(frozen=True, slots=True)
class Frame:
    """What the pages have in common.

    Attributes:
        product: the portal.
        when: the moment shown in its header.
        patient: whose page it is; None: a page of the care team.
    """

    product: Product
    when: datetime
    patient: Patient | None = None

    def sheet(self, page: str, path: str, width: int = 1600, height: int = 1000, scale: int = 1) -> Sheet:
        """Return a sheet with the browser's bar, the portal's header and its list of pages.

        Args:
            page: the entry that is selected in the list of pages.
            path: what follows the host in the address.
            width: logical pixels.
            height: logical pixels.
            scale: pixels per logical pixel.
        """
        product = self.product
        sheet = Sheet(width, height, scale)
        sheet.box(0, 0, width, _BAR, "#E9ECF0")
        for place, color in enumerate(("#C3CAD2", "#C3CAD2", "#C3CAD2")):
            sheet.dot(24 + 20 * place, _BAR / 2, 6, color)
        sheet.box(100, 8, width - 200, 30, WHITE, radius=15)
        sheet.path([(118, 22), (118, 19), (120, 16), (123, 16), (125, 19), (125, 22)], INK_3, 1.6)
        sheet.box(115, 21, 13, 10, INK_3, radius=2)
        sheet.text(138, 28, f"{product.host}/{path}", 14, INK_2)

        top = _BAR
        sheet.box(0, top, width, _HEADER, product.color)
        sheet.box(22, top + 15, 32, 32, WHITE, radius=8)
        sheet.path([(29, top + 36), (33, top + 27), (38, top + 24), (43, top + 27), (47, top + 36)], product.color, 2.6)
        sheet.path([(28, top + 36), (48, top + 36)], product.color, 2.6)
        end = sheet.text(66, top + 38, product.name, 20, WHITE, "SemiBold")
        sheet.text(end + 14, top + 38, "Care team" if self.patient is None else "My health", 14, "#DCE8F3")
        stamp = f"{PRACTICE_NAME} · {day(self.when)} {clock(self.when)}"
        sheet.text(width - 24, top + 38, stamp, 15, WHITE, align="right")

        top += _HEADER
        sheet.box(0, top, _NAV, height - top, FAINT)
        for place, entry in enumerate(_STAFF if self.patient is None else _PATIENT):
            y = top + 18 + place * 44
            if entry == page:
                sheet.box(10, y, _NAV - 20, 38, product.wash, radius=7)
                sheet.box(10, y + 8, 4, 22, product.color, radius=2)
            sheet.dot(34, y + 19, 4, product.color if entry == page else "#B4BEC8")
            sheet.text(50, y + 24, entry, 15, *((INK, "SemiBold") if entry == page else (INK_2, "Regular")))
        if self.patient is not None:
            sheet.rule(20, height - 92, _NAV - 40)
            sheet.text(24, height - 64, "Signed in as", 12, INK_3)
            sheet.text(24, height - 42, Who(self.patient.name), 14, INK, "SemiBold")
        return sheet

    @property
    def left(self) -> int:
        """Where the content of a page starts."""
        return _NAV + 36

    @property
    def top(self) -> int:
        """Baseline of the title of a page."""
        return _BAR + _HEADER + 52


def day(when: datetime) -> str:
    """Return a date in words, for example "June 11, 2024"."""
    return phrases.long_day(when)


def clock(when: datetime) -> str:
    """Return a time of day, for example "9:14 AM"."""
    return f"{when.hour % 12 or 12}:{when:%M} {'AM' if when.hour < 12 else 'PM'}"


@dataclass(frozen=True, slots=True)
class Message:
    """A line of the message center.

    Attributes:
        patient: who wrote or was written to.
        sent: day as written.
        subject: what it is about.
        status: who answered.
        to_patient: sent by the care team first.
    """

    patient: Patient
    sent: str
    subject: str
    status: str
    to_patient: bool = False


def message_center(frame: Frame, messages: Sequence[Message], total: int) -> Picture:
    """Draw the care team's list of secure messages, in both directions.

    Args:
        frame: portal and moment.
        messages: up to ten lines.
        total: messages in the month, as the foot of the list says.
    """
    sheet = frame.sheet("Message Center", "care-team/messages")
    left, top = frame.left, frame.top
    width = sheet.width - left - 40
    sheet.text(left, top, "Message Center", 26, INK, "SemiBold")
    sheet.text(left, top + 28, "Secure messages between patients and the care team", 15, INK_2)
    sheet.button(left + width, top - 26, "New message", frame.product.color, right=True)
    x = float(left)
    for text, on in (("All", True), ("From patients", False), ("From care team", False), ("Unanswered (0)", False)):
        wash = frame.product.wash if on else WHITE
        x = sheet.chip(x, top + 70, text, frame.product.color if on else INK_2, wash, 14) + 10
    places = [left + 8, left + 250, left + 380, left + 560, left + 1050]
    y = top + 120
    sheet.heads(y, list(zip(places, ("Patient", "Date", "Sent by", "Subject", "Status"), strict=True)), left, width)
    first = y + 16
    for place, message in enumerate(messages):
        base = first + place * 58 + 36
        sheet.text(places[0], base, Who(message.patient.listed), 16, INK, "Medium")
        sheet.text(places[1], base, message.sent, 15, INK_2)
        sheet.text(places[2], base, "Care team" if message.to_patient else "Patient", 15, INK_2)
        sheet.text(places[3], base, message.subject, 16)
        answered = message.status.startswith("Replied")
        sheet.chip(places[4], base, message.status, GREEN if answered else INK_2, GREEN_WASH if answered else FAINT)
        sheet.rule(left, first + place * 58 + 58, width, "#EEF1F4")
    bottom = first + 58 * len(messages)
    sheet.area("statuses", places[4] - 14, first + 6, 238, bottom - first - 10)
    sheet.area("senders", places[2] - 12, first + 6, 130, bottom - first - 10)
    sheet.text(left + 8, bottom + 36, f"Showing {len(messages)} of {total} secure messages this month", 14, INK_2)
    return sheet.finish(f"{frame.product.name} – Message Center", f"https://{frame.product.host}/care-team/messages")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message of a thread.

    Attributes:
        author: who wrote it; a patient's name is marked as such.
        sent: day and time as written.
        text: the words; identifiers marked as such.
        by_clinician: written by the care team.
    """

    author: str | Who
    sent: str
    text: str | Sequence[str | Who]
    by_clinician: bool = False


def thread(frame: Frame, patient: Patient, subject: str, topic: str, letters: Sequence[Letter]) -> Picture:
    """Draw a message thread as the care team sees it, with the patient's details on the right.

    Args:
        frame: portal and moment.
        patient: the patient.
        subject: what it is about.
        topic: the kind of message, for example "Medication question".
        letters: the messages, oldest first.
    """
    sheet = frame.sheet("Message Center", "care-team/messages/thread")
    left, top = frame.left, frame.top
    side = sheet.width - 380
    sheet.text(left, top - 12, "‹ Message Center", 14, frame.product.color, "Medium")
    sheet.text(left, top + 26, subject, 24, INK, "SemiBold")
    x = sheet.chip(left, top + 60, topic, frame.product.color, frame.product.wash)
    sheet.chip(x + 10, top + 60, "Answered", GREEN, GREEN_WASH)
    y = top + 92
    for place, letter in enumerate(letters):
        inner = left + (56 if letter.by_clinician else 0)
        room = side - 36 - inner
        lines = round(height_of(letter.text, room - 88, 16)) + 90
        fill = frame.product.wash if letter.by_clinician else WHITE
        box = sheet.box(inner, y, room, lines, fill, None if letter.by_clinician else LINE, 10)
        sheet.areas[f"letter {place + 1}"] = box
        sheet.dot(inner + 34, y + 34, 16, frame.product.color if letter.by_clinician else "#93A0AD")
        sheet.text(inner + 34, y + 39, "RF" if letter.by_clinician else "P", 13, WHITE, "SemiBold", align="center")
        sheet.text(inner + 62, y + 32, letter.author, 15, INK, "SemiBold")
        sheet.text(inner + 62, y + 50, letter.sent, 13, INK_3)
        sheet.paragraph(inner + 62, y + 80, room - 88, letter.text, 16)
        y += lines + 16
    sheet.box(left, sheet.height - 112, side - left - 36, 54, WHITE, LINE, 8)
    sheet.text(left + 18, sheet.height - 79, "Write a reply…", 15, INK_3)
    sheet.button(side - 44, sheet.height - 104, "Send", frame.product.color, right=True)
    _patient_card(sheet, frame, patient, side, top - 22)
    return sheet.finish(f"{frame.product.name} – {subject}", f"https://{frame.product.host}/care-team/messages/thread")


def _patient_card(sheet: Sheet, frame: Frame, patient: Patient, x: float, y: float) -> None:
    sheet.box(x, y, 344, 470, WHITE, LINE, 10)
    sheet.dot(x + 46, y + 48, 24, "#93A0AD")
    sheet.text(x + 46, y + 54, "P", 17, WHITE, "SemiBold", align="center")
    sheet.text(x + 84, y + 44, Who(patient.name), 18, INK, "SemiBold")
    sheet.text(x + 84, y + 66, "Portal account active", 13, INK_3)
    sheet.rule(x + 22, y + 94, 300)
    rows: tuple[tuple[str, str | Who], ...] = (
        ("Date of birth", Who(patient.born, "date of birth")),
        ("MRN", Who(patient.mrn, "MRN")),
        ("Phone", Who(patient.phone, "phone")),
        ("E-mail", Who(patient.email, "e-mail")),
        ("Prefers", "Portal message"),
    )
    for place, (label, value) in enumerate(rows):
        base = y + 124 + place * 56
        sheet.text(x + 22, base, label, 13, INK_3)
        sheet.text(x + 22, base + 24, value, 16)
    sheet.button(x + 22, y + 410, "Open chart", frame.product.color, filled=False)


def education(frame: Frame, assigned_by: str) -> Picture:
    """Draw a page of health education about the patient's own condition, as the patient sees it.

    Args:
        frame: portal, moment and patient.
        assigned_by: the clinician who assigned it.
    """
    assert frame.patient is not None
    sheet = frame.sheet("My programs", "my/education/living-with-diabetes")
    left, top = frame.left, frame.top
    sheet.text(left, top - 12, "‹ My programs", 14, frame.product.color, "Medium")
    sheet.text(left, top + 28, "Living with type 2 diabetes", 28, INK, "SemiBold")
    sheet.text(left, top + 62, ["For ", Who(frame.patient.name), f" · assigned by {assigned_by}"], 15, INK_2)
    main = 800
    sheet.box(left, top + 92, main, 170, frame.product.wash, radius=12)
    sheet.text(left + 28, top + 130, "Your numbers this quarter", 17, INK, "SemiBold")
    for place, (label, value, goal) in enumerate(
        (
            ("A1c", "7.4 %", "goal: below 7.0 %"),
            ("Fasting glucose", "128 mg/dL", "goal: 80–130"),
            ("Steps a day", "5,600", "goal: 6,000"),
        )
    ):
        x = left + 28 + place * 258
        sheet.text(x, top + 166, label, 14, INK_2)
        sheet.text(x, top + 200, value, 26, frame.product.color, "Bold")
        sheet.text(x, top + 226, goal, 13, INK_3)
    sheet.area("own numbers", left, top + 92, main, 170)
    y = top + 304.0
    for title, text in (
        (
            "What type 2 diabetes means",
            "Your body does not use insulin as well as it should, and sugar stays in the blood. Food, movement, sleep"
            " and medicine all help. Small steps that you keep up count for more than big ones that you do not.",
        ),
        (
            "Check your sugar before breakfast",
            "Write the number down here or let your meter send it. If it is below 70 or above 250 two days in a row,"
            " send your care team a message the same day.",
        ),
        (
            "Look at your feet every evening",
            "Look for red spots, cuts and blisters, between the toes too. Tell us about anything that has not healed"
            " after three days.",
        ),
    ):
        sheet.text(left, y, title, 18, INK, "SemiBold")
        y = sheet.paragraph(left, y + 28, main, text, 16, INK_2) + 20
    sheet.button(left, y - 14, "Ask my care team a question", frame.product.color)
    x = left + main + 48
    sheet.box(x, top + 92, 420, 424, WHITE, LINE, 12)
    sheet.text(x + 26, top + 132, "Your lessons", 17, INK, "SemiBold")
    sheet.text(x + 26, top + 156, "3 of 5 read", 14, INK_2)
    sheet.box(x + 26, top + 170, 368, 8, "#E7EBEF", radius=4)
    sheet.box(x + 26, top + 170, 221, 8, frame.product.color, radius=4)
    for place, (lesson, done) in enumerate(
        (
            ("What is diabetes", 1),
            ("Checking your sugar", 1),
            ("Food without fear", 1),
            ("Your feet", 0),
            ("Sick days", 0),
        )
    ):
        base = top + 218 + place * 58
        if done:
            sheet.tick(x + 38, base - 5)
        else:
            sheet.dot(x + 38, base - 5, 11, FAINT)
        sheet.text(x + 62, base, lesson, 16)
        sheet.text(x + 394, base, "Read" if done else "Open", 14, INK_3 if done else frame.product.color, align="right")
    sheet.area("lessons", x, top + 92, 420, 424)
    return sheet.finish(
        f"{frame.product.name} – Living with type 2 diabetes", f"https://{frame.product.host}/my/education"
    )


@dataclass(frozen=True, slots=True)
class Month:
    """One line of the portal use report: counts of a month."""

    name: str
    from_patients: int
    from_team: int
    refills: int
    results: int
    lessons: int


def use_report(frame: Frame, months: Sequence[Month], span: str) -> Picture:
    """Draw the report of how patients used the interactive functions. It holds counts, never names.

    Args:
        frame: portal and moment.
        months: the months, oldest first.
        span: the months in words.
    """
    sheet = frame.sheet("Reports", "care-team/reports/use")
    left, top = frame.left, frame.top
    width = sheet.width - left - 40
    sheet.text(left, top, "Portal use report", 26, INK, "SemiBold")
    sheet.text(left, top + 28, f"{span} · all clinicians · clinical message types only", 15, INK_2)
    sheet.button(left + width, top - 26, "Print", frame.product.color, filled=False, right=True)
    incoming, outgoing = sum(m.from_patients for m in months), sum(m.from_team for m in months)
    tiles = (
        ("Messages from patients", f"{incoming:,}"),
        ("Messages from care team", f"{outgoing:,}"),
        ("Results viewed", f"{sum(m.results for m in months):,}"),
        ("Median time to answer", "5 h 20 min"),
    )
    each = (width - 60) / 4
    for place, (label, value) in enumerate(tiles):
        x = left + place * (each + 20)
        sheet.box(x, top + 56, each, 104, WHITE, LINE, 10)
        sheet.text(x + 20, top + 88, label, 14, INK_2)
        sheet.text(x + 20, top + 136, value, 32, frame.product.color, "Bold")
    sheet.area("totals", left, top + 56, each * 2 + 20, 104)

    chart = top + 190
    sheet.box(left, chart, width, 290, WHITE, LINE, 10)
    sheet.text(left + 20, chart + 32, "Messages by month", 16, INK, "SemiBold")
    sheet.box(left + width - 330, chart + 20, 14, 14, frame.product.color, radius=3)
    sheet.text(left + width - 308, chart + 33, "From patients", 14, INK_2)
    sheet.box(left + width - 180, chart + 20, 14, 14, "#9DB4CB", radius=3)
    sheet.text(left + width - 158, chart + 33, "From care team", 14, INK_2)
    most = max(max(m.from_patients, m.from_team) for m in months)
    step = (width - 90) / len(months)
    for line in range(3):
        y = chart + 248 - line * 90
        sheet.rule(left + 60, y, width - 80, "#EEF1F4")
        sheet.text(left + 50, y + 5, str(round(most * line / 2)), 13, INK_3, align="right")
    for place, month in enumerate(months):
        x = left + 60 + step * (place + 0.5)
        for shift, count, color in ((-36, month.from_patients, frame.product.color), (2, month.from_team, "#9DB4CB")):
            tall = 180 * count / most
            sheet.box(x + shift, chart + 248 - tall, 34, tall, color)
        sheet.text(x, chart + 274, month.name, 14, INK_2, align="center")

    y = chart + 332
    places = [left + 8 + width * share for share in (0, 0.2, 0.37, 0.54, 0.69, 0.84)]
    names = ("Month", "From patients", "From care team", "Refill requests", "Results viewed", "Lessons opened")
    sheet.heads(y, list(zip(places, names, strict=True)), left, width)
    for row, month in enumerate(months):
        base = y + 42 + row * 40
        sheet.text(places[0], base, month.name, 15)
        counts = (month.from_patients, month.from_team, month.refills, month.results, month.lessons)
        for x, count in zip(places[1:], counts, strict=True):
            sheet.text(x, base, f"{count:,}", 15)
        sheet.rule(left, base + 14, width, "#EEF1F4")
    sheet.area("table", left - 8, y - 22, width + 16, 36 + 40 * len(months) + 10)
    return sheet.finish(f"{frame.product.name} – Portal use report", f"https://{frame.product.host}/care-team/reports")


def visit_notes(frame: Frame, clinician: str, visit: str, released: str) -> Picture:
    """Draw the full note of a visit as the patient reads it in the portal; a tall page.

    Args:
        frame: portal, moment and patient.
        clinician: who wrote the note.
        visit: day of the visit in words.
        released: moment of release in words.
    """
    patient = frame.patient
    assert patient is not None
    sheet = frame.sheet("Visits", "my/visits/notes", 1280, 1560)
    left, top = frame.left, frame.top
    room = 660
    sheet.text(left, top - 12, "‹ Visits", 14, frame.product.color, "Medium")
    sheet.text(left, top + 28, f"Visit notes, {visit}", 28, INK, "SemiBold")
    sheet.text(left, top + 60, f"Office visit with {clinician} · {PRACTICE_NAME}", 15, INK_2)
    sheet.box(left, top + 84, room, 58, GREEN_WASH, radius=10)
    sheet.tick(left + 30, top + 113, WHITE, GREEN)
    sheet.text(
        left + 54,
        top + 119,
        f"Full note released to you {released}. No charge, no request needed.",
        15,
        GREEN,
        "Medium",
    )
    sheet.area("released", left, top + 84, room, 58)
    y = top + 166.0
    sheet.box(left, y, room, 92, FAINT, radius=10)
    fields: tuple[tuple[str, str | Who], ...] = (
        ("Patient", Who(patient.name)),
        ("Date of birth", Who(patient.born, "date of birth")),
        ("MRN", Who(patient.mrn, "MRN")),
        ("Phone", Who(patient.phone, "phone")),
    )
    for place, (label, value) in enumerate(fields):
        sheet.text(left + 24 + place * 160, y + 34, label, 13, INK_3)
        sheet.text(left + 24 + place * 160, y + 64, value, 16, INK, "Medium")
    y += 134
    start = y
    for title, text in _NOTE:
        sheet.text(left, y, title, 18, INK, "SemiBold")
        y = sheet.paragraph(left, y + 28, room, text, 16, INK_2, leading=1.6) + 26
    sheet.area("note", left - 14, start - 28, room + 28, y - start + 8)
    sheet.rule(left, y, room)
    sheet.text(left, y + 32, f"Signed by {clinician}, {visit}", 14, INK_3)
    x = left + room + 36
    sheet.box(x, top + 84, 300, 404, WHITE, LINE, 12)
    sheet.text(x + 24, top + 122, "In your record", 17, INK, "SemiBold")
    for place, entry in enumerate(
        (
            "Progress notes",
            "Consultation notes",
            "Lab results",
            "Imaging reports",
            "Medicines",
            "Allergies",
            "Immunizations",
        )
    ):
        base = top + 164 + place * 46
        sheet.text(x + 24, base, entry, 16)
        sheet.text(x + 276, base, "View", 14, frame.product.color, "Medium", align="right")
        sheet.rule(x + 24, base + 16, 252, "#EEF1F4")
    sheet.area("record", x, top + 84, 300, 404)
    return sheet.finish(f"{frame.product.name} – Visit notes", f"https://{frame.product.host}/my/visits/notes")


_NOTE = (
    (
        "Reason for visit",
        "Follow-up of high blood pressure and type 2 diabetes; tired in the afternoon for three weeks.",
    ),
    (
        "What you told me",
        "You have taken your medicines every day. Home blood pressure was between 128/76 and 146/88, higher in the "
        "morning. You cut down on salt and walk most days. You feel tired after lunch. You sleep six hours. No chest"
        " pain, no shortness of breath, no swelling of the legs, no low sugars.",
    ),
    (
        "Examination",
        "Blood pressure 138/84, pulse 72 and regular, weight 184 lb (down 3 lb). Heart and lungs normal. No swelling. "
        "Feet: skin intact, pulses present, feeling normal with the monofilament.",
    ),
    (
        "Results",
        "A1c 7.4 percent (7.9 in the spring). Kidney function normal (eGFR 78). LDL cholesterol 92 mg/dL. Blood count "
        "normal. Thyroid test normal.",
    ),
    (
        "Assessment",
        "1. High blood pressure, better but not at goal, which is below 130/80. 2. Type 2 diabetes, improving. "
        "3. Tiredness, most likely short sleep; thyroid and blood count are normal.",
    ),
    (
        "Plan",
        "Raise lisinopril from 10 mg to 20 mg once a day, in the morning. Keep metformin 1,000 mg twice a day. Send"
        " home blood pressure readings twice a week for four weeks. Try to be in bed half an hour earlier. Blood test"
        " for potassium and kidney function in two weeks. Come back in three months, sooner if you feel dizzy.",
    ),
    (
        "Questions you asked",
        "You asked whether you can stop metformin when the A1c is below 7. We will look at it together if two tests in"
        " a row are below 6.5. You asked for the eye doctor's report; it is under consultation notes.",
    ),
)


def lab_results(frame: Frame, clinician: str, taken: str, comment: str) -> Picture:
    """Draw test results with the clinician's comment as the patient sees them, from a screen at 200 percent.

    Args:
        frame: portal, moment and patient.
        clinician: who wrote the comment.
        taken: day of the test in words.
        comment: the comment.
    """
    patient = frame.patient
    assert patient is not None
    sheet = frame.sheet("Test results", "my/results", 1280, 800, scale=2)
    left, top = frame.left, frame.top
    width = sheet.width - left - 36
    sheet.text(left, top, "Test results", 26, INK, "SemiBold")
    sheet.text(
        left,
        top + 28,
        [f"Taken {taken} · ", Who(patient.name), " · born ", Who(patient.born, "date of birth")],
        15,
        INK_2,
    )
    places = [left + 8, left + 330, left + 490, left + 690, left + 850]
    y = top + 72
    sheet.heads(y, list(zip(places, ("Test", "Result", "Usual range", "State", "Released"), strict=True)), left, width)
    rows = (
        ("Hemoglobin A1c", "7.4 %", "4.0–5.6 %", "High"),
        ("Glucose, fasting", "128 mg/dL", "70–99 mg/dL", "High"),
        ("eGFR", "78 mL/min", "above 60", "Normal"),
        ("LDL cholesterol", "92 mg/dL", "below 100", "Normal"),
        ("Potassium", "4.3 mmol/L", "3.5–5.1", "Normal"),
        ("TSH", "2.1 mIU/L", "0.4–4.5", "Normal"),
    )
    for place, (test, value, usual, state) in enumerate(rows):
        base = y + 46 + place * 46
        for x, text in zip(places, (test, value, usual), strict=False):
            sheet.text(x, base, text, 15, INK if x != places[2] else INK_2, "Medium" if x == places[0] else "Regular")
        high = state == "High"
        sheet.chip(places[3], base, state, AMBER if high else GREEN, AMBER_WASH if high else GREEN_WASH)
        sheet.text(places[4], base, "same day", 14, INK_2)
        sheet.rule(left, base + 17, width, "#EEF1F4")
    sheet.area("results", left - 8, y - 20, width + 16, 46 * len(rows) + 46)
    y += 46 * len(rows) + 44
    sheet.box(left, y, width, 128, frame.product.wash, radius=10)
    sheet.text(left + 22, y + 34, f"{clinician} wrote", 15, INK, "SemiBold")
    sheet.paragraph(left + 22, y + 62, width - 44, comment, 15)
    sheet.area("comment", left, y, width, 128)
    sheet.button(left, y + 146, "Ask about these results", frame.product.color)
    return sheet.finish(f"{frame.product.name} – Test results", f"https://{frame.product.host}/my/results")
