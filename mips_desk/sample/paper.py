"""Papers and mails of the sample practice: minutes, and the confirmation that a new portal is live."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .people import MANAGER, PRACTICE_NAME
from .portal import Product
from .sheet import FAINT, INK, INK_2, INK_3, LINE, WHITE, Line, Picture, Sheet


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the minutes.

    Attributes:
        title: what it was about.
        text: what was said and decided; patients' names marked as such.
        decided: what follows, or empty.
    """

    title: str
    text: Line
    decided: str = ""


def minutes(title: str, day: str, place: str, present: Sequence[tuple[str, Line]], points: Sequence[Point]) -> Picture:
    """Draw signed minutes of a meeting as they come from the scanner (JPEG).

    Args:
        title: of the meeting.
        day: day and time in words.
        place: where.
        present: who was there, by group.
        points: the points.
    """
    sheet = Sheet(1240, 1604, background="#FBFAF7")
    left, width = 110, 1020
    sheet.text(left, 116, PRACTICE_NAME, 22, INK, "SemiBold")
    sheet.text(left, 142, "100 Sample Street, Riverside, OH 00000", 14, INK_3)
    sheet.rule(left, 164, width, INK, 2)
    sheet.text(left, 226, title, 34, INK, "Bold")
    sheet.text(left, 262, f"{day} · {place}", 17, INK_2)
    y = 310.0
    for label, people in present:
        sheet.text(left, y, label, 16, INK, "SemiBold")
        y = sheet.paragraph(left + 190, y, width - 190, people, 16, INK_2) + 6
    y += 18
    sheet.rule(left, y, width, "#CFCBC0")
    y += 46
    for number, point in enumerate(points, start=1):
        start = y
        sheet.text(left, y, f"{number}.", 18, INK, "SemiBold")
        sheet.text(left + 36, y, point.title, 18, INK, "SemiBold")
        y = sheet.paragraph(left + 36, y + 30, width - 36, point.text, 16, INK_2, leading=1.6)
        if point.decided:
            top = y - 16
            end = sheet.text(left + 36, y + 4, "Decided: ", 16, INK, "SemiBold")
            y = sheet.paragraph(end, y + 4, left + width - end, point.decided, 16, INK, "Medium", leading=1.6)
            sheet.area(f"decision {number}", left + 26, top, width - 26, y - top - 14)
        sheet.area(f"point {number}", left - 16, start - 26, width + 32, y - start + 14)
        y += 26
    y += 70
    sheet.rule(left, y, 320, INK_2)
    stroke = [(left + 18 + 3 * k, y - 16 - (14 - k / 10) * math.sin(k / 2.4) * math.cos(k / 9)) for k in range(80)]
    sheet.path(stroke, "#26467A", 2.2)
    sheet.text(left, y + 24, f"{MANAGER}, office manager", 14, INK_2)
    sheet.text(left + 480, y + 24, f"Minutes taken {day.split(',')[0]}", 14, INK_2)
    return sheet.finish(title, jpeg=True)


def go_live_mail(product: Product, sent: str, live: str, sender: str, body: Sequence[str]) -> Picture:
    """Draw the vendor's mail that confirms the new portal is live. It names staff only, no patient.

    Args:
        product: the portal.
        sent: day and time in words.
        live: day of the opening in words.
        sender: who wrote it.
        body: paragraphs.
    """
    sheet = Sheet(1400, 900, background="#EEF1F4")
    sheet.box(0, 0, 1400, 48, "#3A4A5E")
    sheet.text(24, 31, "Mail", 17, WHITE, "SemiBold")
    sheet.text(1376, 31, PRACTICE_NAME, 14, "#D6DEE6", align="right")
    sheet.box(0, 48, 300, 852, FAINT)
    for place, (folder, count) in enumerate((("Inbox", "3"), ("Portal project", ""), ("Sent", ""), ("Archive", ""))):
        base = 92 + place * 42
        if place == 1:
            sheet.box(12, base - 25, 276, 38, "#DCE5EF", radius=7)
        sheet.text(32, base, folder, 15, INK, "SemiBold" if place == 1 else "Regular")
        sheet.text(272, base, count, 13, INK_3, align="right")
    sheet.box(324, 72, 1052, 770, WHITE, LINE, 10)
    sheet.text(364, 126, f"Confirmation: {product.name} is live", 26, INK, "SemiBold")
    sheet.dot(386, 184, 22, product.color)
    sheet.text(386, 190, sender[0], 17, WHITE, "SemiBold", align="center")
    sheet.text(422, 178, sender, 16, INK, "SemiBold")
    sheet.text(422, 202, f"to {MANAGER}, Abena Osei, MD · implementation@larkspur.example", 14, INK_3)
    sheet.text(1336, 178, sent, 14, INK_2, align="right")
    sheet.area("sent", 1110, 154, 246, 40)
    sheet.rule(364, 228, 972)
    sheet.box(364, 252, 972, 86, product.wash, radius=10)
    sheet.text(392, 288, f"Opened to patients: {live}", 18, product.color, "SemiBold")
    sheet.text(392, 316, f"{PRACTICE_NAME} · new installation · replaces CareBridge Patient Portal", 15, INK_2)
    sheet.area("live", 364, 252, 972, 86)
    y = 382.0
    for text in body:
        y = sheet.paragraph(364, y, 972, text, 16, INK_2) + 16
    return sheet.finish(f"Mail – {product.name} is live")
