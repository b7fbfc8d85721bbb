"""Pages of the home readings program: what is offered, what comes in and goes out, and the patient's phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from .people import PRACTICE_NAME, Patient
from .portal import Frame
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
    RED,
    RED_WASH,
    WHITE,
    Picture,
    Sheet,
    Who,
    height_of,
)


def offer(frame: Frame, title: str, device: str, owner: str, enrolled: int, since: str) -> Picture:
    """Draw the page on which the care team offers the program: the tool, who stands behind it, what it sends.

    Args:
        frame: portal and moment.
        title: name of the program.
        device: the tool that patients use.
        owner: clinician who endorses it.
        enrolled: patients in it.
        since: first day in words.
    """
    sheet = frame.sheet("Programs", "care-team/programs/home-readings")
    left, top = frame.left, frame.top
    width = sheet.width - left - 40
    color = frame.product.color
    sheet.text(left, top - 12, "‹ Programs", 14, color, "Medium")
    end = sheet.text(left, top + 28, title, 28, INK, "SemiBold")
    sheet.chip(end + 18, top + 26, "Offered by the care team", GREEN, GREEN_WASH, 14)
    sheet.text(left, top + 60, f"In use since {since} · {enrolled} patients enrolled", 15, INK_2)
    sheet.button(left + width, top + 4, "Offer to a patient", color, right=True)
    sheet.area("offered", left - 12, top - 4, end - left + 262, 76)

    main = 780
    sheet.box(left, top + 96, main, 236, frame.product.wash, radius=12)
    sheet.text(left + 28, top + 134, "What patients use", 17, INK, "SemiBold")
    y = sheet.paragraph(
        left + 28,
        top + 164,
        main - 56,
        f"{device}. The practice lends it out and pairs it with the portal at the visit. Every reading reaches the"
        " care team within two minutes, and the patient gets an answer written by our clinicians at once.",
        16,
        INK_2,
    )
    sheet.rule(left + 28, y, main - 56, "#D5DEE8")
    sheet.text(left + 28, y + 32, f"Endorsed by {owner}", 16, INK, "SemiBold")
    sheet.text(left + 28, y + 56, "Thresholds and texts reviewed by the clinicians every six months", 14, INK_2)
    sheet.area("endorsed", left + 14, y + 8, main - 28, 64)

    y = top + 374
    sheet.text(left, y, "Who is asked to join", 18, INK, "SemiBold")
    for place, text in enumerate(
        (
            "Blood pressure above 140/90 at two visits, or medicine changed in the last 60 days",
            "Diabetes with A1c of 8 percent or more, or new insulin",
            "Back at work after a hospital stay, if home readings are part of the plan",
        )
    ):
        sheet.tick(left + 12, y + 36 + place * 44)
        sheet.text(left + 36, y + 41 + place * 44, text, 16, INK_2)
    y += 190
    for place, (label, value) in enumerate(
        (("Enrolled", str(enrolled)), ("Active this week", str(enrolled - 9)), ("At goal", "61 %"))
    ):
        x = left + place * 266
        sheet.box(x, y, 248, 100, WHITE, LINE, 10)
        sheet.text(x + 20, y + 34, label, 14, INK_2)
        sheet.text(x + 20, y + 78, value, 30, color, "Bold")

    x = left + main + 44
    room = width - main - 44
    sheet.box(x, top + 96, room, 592, WHITE, LINE, 12)
    sheet.text(x + 26, top + 136, "Sent automatically", 17, INK, "SemiBold")
    rows = (
        ("Monday and Thursday, 7:00 AM", "Reminder to take a reading, with a picture of how to sit"),
        ("After every reading", "What the number means and what to do next"),
        ("Reading above 160/100", "Advice to rest and measure again; the nurse is told at once"),
        ("Two readings missed", "“Is everything all right?” with a button to message us"),
        ("Every four weeks", "Six questions on daily life, work and sleep"),
        ("Goal reached for a month", "A thank-you, and fewer reminders if wished"),
    )
    for place, (when, what) in enumerate(rows):
        base = top + 178 + place * 84
        sheet.dot(x + 34, base - 5, 5, color)
        sheet.text(x + 54, base, when, 15, INK, "SemiBold")
        sheet.paragraph(x + 54, base + 23, room - 80, what, 14, INK_2, leading=1.4)
    sheet.area("automatic", x, top + 96, room, 592)
    return sheet.finish(f"{frame.product.name} – {title}", f"https://{frame.product.host}/care-team/programs")


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading that came in and what went out for it.

    Attributes:
        patient: whose it is.
        received: day and time as written.
        value: the reading.
        state: "at goal", "high" or "call".
        feedback: what was sent to the patient automatically.
        action: what the care team did.
    """

    patient: Patient
    received: str
    value: str
    state: str
    feedback: str
    action: str


_STATES = {"at goal": (GREEN, GREEN_WASH), "high": (AMBER, AMBER_WASH), "call": (RED, RED_WASH)}


def feed(frame: Frame, title: str, readings: Sequence[Reading], total: int) -> Picture:
    """Draw the list of readings as they reached the care team, with the automatic feedback to each.

    Args:
        frame: portal and moment.
        title: name of the program.
        readings: up to nine lines, newest first.
        total: readings of the week.
    """
    sheet = frame.sheet("Programs", "care-team/programs/home-readings/feed")
    left, top = frame.left, frame.top
    width = sheet.width - left - 40
    sheet.text(left, top, "Readings and feedback", 26, INK, "SemiBold")
    sheet.text(left, top + 28, f"{title} · real time, newest first · {total} readings this week", 15, INK_2)
    sheet.button(left + width, top - 26, "Export log", frame.product.color, filled=False, right=True)
    places = [left + 8, left + 200, left + 352, left + 478, left + 580, left + 1010]
    y = top + 78
    names = ("Patient", "Received", "Reading", "State", "Sent to the patient automatically", "Care team")
    sheet.heads(y, list(zip(places, names, strict=True)), left, width)
    for place, reading in enumerate(readings):
        base = y + 50 + place * 64
        sheet.text(places[0], base, Who(reading.patient.listed), 15, INK, "Medium")
        sheet.text(places[1], base, reading.received, 14, INK_2)
        sheet.text(places[2], base, reading.value, 16, INK, "SemiBold")
        sheet.chip(places[3], base, reading.state, *_STATES[reading.state])
        raised = 8 if height_of(reading.feedback, 410, 14) > 25 else 0
        sheet.paragraph(places[4], base - raised, 410, reading.feedback, 14, INK_2, leading=1.4)
        sheet.text(places[5], base, reading.action, 14, INK_2)
        sheet.rule(left, base + 26, width, "#EEF1F4")
    bottom = y + 16 + 64 * len(readings)
    sheet.area("received", places[1] - 12, y + 22, 140, bottom - y - 16)
    sheet.area("feedback", places[4] - 14, y + 22, 424, bottom - y - 16)
    for place, reading in enumerate(readings):
        if reading.state == "call":
            sheet.area("call", left, y + 20 + place * 64, width, 56)
    sheet.text(left + 8, bottom + 36, "Readings arrive from the paired device; none is typed in by staff.", 14, INK_2)
    return sheet.finish(f"{frame.product.name} – Readings and feedback", f"https://{frame.product.host}/care-team/feed")


@dataclass(frozen=True, slots=True)
class Note:
    """One bubble on the phone: sent by the program, or (with `reading`) by the patient's device."""

    at: str
    text: str
    reading: bool = False


def phone(frame: Frame, title: str, day: str, notes: Sequence[Note]) -> Picture:
    """Draw the patient's phone with the guidance sent between visits, a screen at 200 percent.

    Args:
        frame: portal, moment and patient.
        title: name of the program.
        day: the day in words.
        notes: the bubbles, oldest first.
    """
    patient = frame.patient
    assert patient is not None
    color = frame.product.color
    sheet = Sheet(430, 932, scale=2)
    sheet.text(34, 34, f"{frame.when.hour % 12 or 12}:{frame.when:%M}", 15, INK, "SemiBold")
    for place in range(4):
        sheet.box(340 + place * 7, 30 - place * 3, 5, 5 + place * 3, INK, radius=1)
    sheet.box(378, 21, 26, 13, None, INK, 3)
    sheet.box(380, 23, 18, 9, INK, radius=1)
    sheet.box(0, 52, 430, 92, color)
    sheet.text(24, 86, frame.product.name, 18, WHITE, "SemiBold")
    sheet.text(24, 112, [Who(patient.name), f" · {PRACTICE_NAME}"], 14, "#E3EAF4")
    sheet.text(215, 176, title, 16, INK, "SemiBold", align="center")
    sheet.text(215, 198, day, 13, INK_3, align="center")
    y = 216.0
    for note in notes:
        x, room = (276, 130) if note.reading else (24, 316)
        tall = height_of(note.text, room - 36, 15) + 36
        box = sheet.box(x, y, room, tall, color if note.reading else FAINT, radius=14)
        if not note.reading:
            sheet.areas[f"note {len(sheet.areas) + 1}"] = box
        sheet.text(x + 18, y + 24, note.at, 12, "#DDE6F0" if note.reading else INK_3)
        sheet.paragraph(x + 18, y + 47, room - 36, note.text, 15, WHITE if note.reading else INK)
        y += tall + 12
    sheet.box(24, 828, 382, 44, WHITE, LINE, 22)
    sheet.text(44, 855, "Message my care team", 15, INK_3)
    return sheet.finish(f"{frame.product.name} – {title}")
