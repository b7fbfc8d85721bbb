"""Pages of a medical record system that does not exist: after-hours care and quality measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .people import PRACTICE_NAME, Patient
from .portal import clock, day
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
)

_SYSTEM = "Fernbrook EHR"
_DARK, _COLOR, _WASH = "#26323F", "#1E6F5C", "#E4F1EE"
_TABS = ("Schedule", "Charts", "Orders", "Phone log", "Reports", "Quality")


def _sheet(tab: str, when: datetime, user: str, width: int = 1600, height: int = 1000, scale: int = 1) -> Sheet:
    sheet = Sheet(width, height, scale, "#F3F5F7")
    sheet.box(0, 0, width, 52, _DARK)
    sheet.box(20, 14, 24, 24, "#49B795", radius=5)
    sheet.path([(26, 31), (30, 22), (34, 28), (38, 20)], WHITE, 2.4)
    x = sheet.text(58, 33, _SYSTEM, 18, WHITE, "SemiBold") + 36
    for entry in _TABS:
        on = entry == tab
        end = sheet.text(x, 32, entry, 15, WHITE if on else "#AEBAC6", "SemiBold" if on else "Regular")
        if on:
            sheet.box(x - 4, 47, end - x + 8, 5, "#49B795")
        x = end + 32
    sheet.text(width - 24, 32, f"{user} · {day(when)} {clock(when)}", 14, "#D6DEE6", align="right")
    return sheet


@dataclass(frozen=True, slots=True)
class Call:
    """A call outside office hours.

    Attributes:
        at: day and time as written.
        patient: who called.
        reason: why.
        clinician: who answered.
        opened: when the chart was opened.
        outcome: what came of it.
    """

    at: str
    patient: Patient
    reason: str
    clinician: str
    opened: str
    outcome: str


def after_hours_log(when: datetime, user: str, span: str, calls: Sequence[Call]) -> Picture:
    """Draw the log of calls outside office hours, with the moment at which the clinician opened the chart.

    Args:
        when: moment of the screen.
        user: who is signed in.
        span: the days in words.
        calls: up to nine calls.
    """
    sheet = _sheet("Phone log", when, user)
    sheet.box(32, 84, 1536, 860, WHITE, LINE, 10)
    left, top, width = 64, 136, 1472
    sheet.text(left, top, "After-hours calls", 26, INK, "SemiBold")
    sheet.text(left, top + 28, f"{PRACTICE_NAME} · {span}", 15, INK_2)
    sheet.box(left + 1112, top - 32, 360, 66, _WASH, radius=8)
    sheet.text(left + 1134, top - 6, "Office hours", 13, INK_3)
    sheet.text(left + 1134, top + 18, "Monday to Friday 8:00 AM – 5:00 PM", 16, _COLOR, "SemiBold")
    sheet.area("hours", left + 1112, top - 32, 360, 66)
    places = [left + 8, left + 192, left + 386, left + 520, left + 850, left + 1060, left + 1230]
    y = top + 84
    names = ("Call", "Patient", "MRN", "Reason", "Answered by", "Chart opened", "Outcome")
    sheet.heads(y, list(zip(places, names, strict=True)), left, width)
    for place, call in enumerate(calls):
        base = y + 50 + place * 62
        sheet.text(places[0], base, call.at, 15, INK, "Medium")
        sheet.text(places[1], base, Who(call.patient.listed), 15, INK)
        sheet.text(places[2], base, Who(call.patient.mrn, "MRN"), 14, INK_2)
        sheet.text(places[3], base, call.reason, 15, INK_2)
        sheet.text(places[4], base, call.clinician, 15, INK_2)
        sheet.text(places[5], base, call.opened, 15, INK, "Medium")
        sheet.text(places[6], base, call.outcome, 15, INK_2)
        sheet.rule(left, base + 25, width, "#EEF1F4")
    bottom = y + 16 + 62 * len(calls)
    sheet.area("times", places[0] - 12, y + 22, 172, bottom - y - 16)
    sheet.area("opened", places[5] - 12, y + 22, 142, bottom - y - 16)
    sheet.text(
        left + 8, bottom + 38, f"{len(calls)} calls · every call answered by a clinician of the practice", 14, INK_2
    )
    return sheet.finish(f"{_SYSTEM} – After-hours calls")


def encounter(when: datetime, patient: Patient, clinician: str, started: str, signed: str) -> Picture:
    """Draw a telephone encounter in the evening, with its time stamps.

    Args:
        when: moment of the screen.
        patient: the patient.
        clinician: who gave the advice.
        started: day and time in words.
        signed: day and time of the signature in words.
    """
    sheet = _sheet("Charts", when, clinician, height=880)
    sheet.box(32, 84, 1536, 104, WHITE, LINE, 10)
    sheet.dot(84, 136, 26, "#93A0AD")
    sheet.text(84, 143, "P", 18, WHITE, "SemiBold", align="center")
    sheet.text(128, 130, Who(patient.name), 22, INK, "SemiBold")
    fields: tuple[tuple[str, Who], ...] = (
        ("Born", Who(patient.born, "date of birth")),
        ("MRN", Who(patient.mrn, "MRN")),
        ("Phone", Who(patient.phone, "phone")),
        ("E-mail", Who(patient.email, "e-mail")),
    )
    x = 128.0
    for label, value in fields:
        x = sheet.text(sheet.text(x, 162, f"{label}  ", 14, INK_3), 162, value, 15, INK_2) + 34
    sheet.box(32, 208, 1020, 612, WHITE, LINE, 10)
    sheet.text(64, 260, "Telephone encounter", 24, INK, "SemiBold")
    sheet.chip(330, 258, "After hours", AMBER, AMBER_WASH, 14)
    stamps = (("Call received", started), ("Clinician", clinician), ("Signed", signed))
    for place, (label, text) in enumerate(stamps):
        sheet.box(64 + place * 322, 288, 306, 76, _WASH if place != 1 else FAINT, radius=8)
        sheet.text(82 + place * 322, 316, label, 13, INK_3)
        sheet.text(82 + place * 322, 344, text, 16, INK, "SemiBold")
    sheet.area("stamps", 56, 280, 966, 92)
    y = 408.0
    for title, text in (
        ("Reason", "Fever of 101.8 °F since noon and a cough; worried because of asthma."),
        (
            "Record reviewed",
            "Asthma action plan of January, medicine list and last spirometry opened during the call. Uses the inhaler"
            " as agreed; no visits to an emergency room in two years.",
        ),
        (
            "Advice",
            "Speaks in full sentences, no blue lips, peak flow in the green zone. Fluids, acetaminophen, inhaler every"
            " four hours while awake. Emergency signs explained and repeated back. Visit tomorrow at 8:20 AM.",
        ),
        (
            "Follow-up",
            "Same-day slot booked with the clinician who knows the record. Portal message sent with the advice.",
        ),
    ):
        sheet.text(64, y, title, 17, INK, "SemiBold")
        y = sheet.paragraph(64, y + 27, 950, text, 16, INK_2) + 22
    sheet.box(1072, 208, 496, 612, WHITE, LINE, 10)
    sheet.text(1100, 256, "Access log of this chart", 18, INK, "SemiBold")
    for place, (at, what) in enumerate(
        (
            ("9:42 PM", "Call forwarded by answering service"),
            ("9:44 PM", f"Chart opened · {clinician}"),
            ("9:45 PM", "Action plan viewed"),
            ("9:47 PM", "Medicine list viewed"),
            ("9:58 PM", "Note signed"),
            ("9:59 PM", "Portal message sent"),
        )
    ):
        base = 306 + place * 56
        sheet.dot(1108, base - 5, 5, "#49B795")
        sheet.text(1128, base, at, 15, INK, "SemiBold")
        sheet.text(1214, base, what, 15, INK_2)
    sheet.area("access log", 1084, 276, 470, 352)
    return sheet.finish(f"{_SYSTEM} – Telephone encounter")


@dataclass(frozen=True, slots=True)
class Measure:
    """A quality measure on the dashboard.

    Attributes:
        name: the measure.
        goal: percent.
        before: percent of the quarter before.
        now: percent.
        panels: percent of each panel, in the order of the heads.
    """

    name: str
    goal: int
    before: int
    now: int
    panels: tuple[int, ...]


def dashboard(when: datetime, user: str, span: str, teams: Sequence[str], measures: Sequence[Measure]) -> Picture:
    """Draw quality measures of the practice and of each panel against their goals. No patient is named.

    Args:
        when: moment of the screen.
        user: who is signed in.
        span: the months in words.
        teams: names of the panels.
        measures: up to seven measures.
    """
    sheet = _sheet("Quality", when, user)
    left, width = 64, 1472
    sheet.text(48, 112, "Quality dashboard", 26, INK, "SemiBold")
    sheet.text(48, 140, f"{PRACTICE_NAME} · {span} · practice and panels", 15, INK_2)
    met = sum(measure.now >= measure.goal for measure in measures)
    tiles = (
        ("Measures at goal", f"{met} of {len(measures)}"),
        ("Patients in panels", "9,412"),
        ("Visits in the quarter", "11,038"),
        ("Would recommend us", "92 %"),
    )
    for place, (label, value) in enumerate(tiles):
        x = 32 + place * 389
        sheet.box(x, 164, 369, 104, WHITE, LINE, 10)
        sheet.text(x + 22, 198, label, 14, INK_2)
        sheet.text(x + 22, 246, value, 32, _COLOR, "Bold")
    sheet.box(32, 288, 1536, 652, WHITE, LINE, 10)
    places = [left, left + 340, left + 430, left + 530] + [left + 900 + place * 150 for place in range(len(teams))]
    y = 334
    sheet.heads(y, list(zip(places, ("Measure", "Goal", "Before", "Practice now", *teams), strict=True)), left, width)
    for place, measure in enumerate(measures):
        base = y + 60 + place * 74
        sheet.text(places[0], base, measure.name, 16, INK, "Medium")
        sheet.text(places[1], base, f"{measure.goal} %", 15, INK_2)
        sheet.text(places[2], base, f"{measure.before} %", 15, INK_3)
        good = measure.now >= measure.goal
        color = _COLOR if good else "#C98A1B"
        sheet.box(places[3], base - 14, 240, 16, "#E9EDF1", radius=8)
        sheet.box(places[3], base - 14, 2.4 * measure.now, 16, color, radius=8)
        sheet.box(places[3] + 2.4 * measure.goal - 1, base - 20, 3, 28, INK)
        sheet.text(places[3] + 256, base, f"{measure.now} %", 16, INK, "SemiBold")
        for x, panel in zip(places[4:], measure.panels, strict=True):
            at_goal = panel >= measure.goal
            sheet.chip(x, base, f"{panel} %", GREEN if at_goal else AMBER, GREEN_WASH if at_goal else AMBER_WASH, 14)
        sheet.rule(left, base + 32, width, "#EEF1F4")
    bottom = y + 92 + 74 * (len(measures) - 1)
    sheet.area("practice", places[3] - 16, y + 22, 346, bottom - y - 26)
    sheet.area("panels", places[4] - 16, y + 22, left + width - places[4] + 10, bottom - y - 26)
    sheet.text(
        left, bottom + 34, "Black line: goal set by the clinicians in January. Refreshed every night.", 14, INK_2
    )
    return sheet.finish(f"{_SYSTEM} – Quality dashboard")
