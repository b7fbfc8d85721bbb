"""Pages of a government portal that does not exist: who takes part in the program, and the receipt of a submission."""

from collections.abc import Sequence
from datetime import datetime

from mips_desk.domain.practice import Clinician

from .people import MANAGER, PRACTICE, PRACTICE_NAME
from .portal import clock, day
from .sheet import FAINT, GREEN, GREEN_WASH, INK, INK_2, INK_3, LINE, WHITE, Picture, Sheet

_SITE = "Program Portal (sample)"
_DARK, _COLOR, _WASH = "#1B2F4B", "#1F5AA6", "#E7EFF9"


def _sheet(when: datetime, height: int) -> Sheet:
    sheet = Sheet(1400, height, background="#F4F6F9")
    sheet.box(0, 0, 1400, 56, _DARK)
    sheet.text(32, 36, _SITE, 19, WHITE, "SemiBold")
    sheet.text(1368, 36, f"{MANAGER} · {day(when)} {clock(when)}", 14, "#CBD5E1", align="right")
    return sheet


def participation(when: datetime, year: int, clinicians: Sequence[Clinician], page: str) -> Picture:
    """Draw the list of a practice's clinicians with their status of a year. It names staff only, no patient.

    Args:
        when: moment of the screen.
        year: performance year.
        clinicians: who is on this page.
        page: which page it is, in words.
    """
    sheet = _sheet(when, 352 + 62 * len(clinicians))
    sheet.text(48, 118, "Participation status", 28, INK, "SemiBold")
    sheet.text(48, 148, f"{PRACTICE_NAME} · TIN ending in {PRACTICE.tin[-4:]} · performance year {year}", 16, INK_2)
    sheet.chip(1180, 124, "No special status", INK_2, "#E9EDF2", 15)
    sheet.box(32, 184, 1336, 110 + 62 * len(clinicians), WHITE, LINE, 10)
    columns = ((64, "Clinician"), (430, "NPI"), (640, "Reports as"), (860, "Required to take part"))
    sheet.heads(228, columns, 64, 1272)
    for place, clinician in enumerate(clinicians):
        base = 278 + place * 62
        sheet.text(64, base, f"{clinician.name}, {clinician.credential}", 17, INK, "SemiBold")
        sheet.text(430, base, clinician.npi, 16, INK_2)
        sheet.text(640, base, "Group", 16, INK_2)
        sheet.chip(860, base, "Yes, as part of the group", GREEN, GREEN_WASH, 14)
        sheet.rule(64, base + 26, 1272, "#EEF1F4")
    sheet.text(64, 274 + 62 * len(clinicians), page, 14, INK_3)
    sheet.area("status", 846, 244, 300, 62 * len(clinicians) - 6)
    return sheet.finish(f"{_SITE} – Participation status {year}", "https://portal.sample/participation")


def receipt(when: datetime, year: int, number: str, activities: Sequence[tuple[str, str]]) -> Picture:
    """Draw the page after a submission. It names no patient.

    Args:
        when: moment of the screen.
        year: performance year.
        number: of the confirmation.
        activities: identifier and title of each activity that was attested.
    """
    sheet = _sheet(when, 470 + 66 * len(activities))
    sheet.text(48, 118, f"Improvement activities {year}: submitted", 28, INK, "SemiBold")
    sheet.text(48, 148, f"{PRACTICE_NAME} · TIN ending in {PRACTICE.tin[-4:]} · group", 16, INK_2)
    sheet.box(32, 184, 1336, 96, _WASH, radius=10)
    sheet.text(64, 222, "Confirmation number", 14, INK_2)
    sheet.text(64, 254, number, 24, _COLOR, "Bold")
    sheet.text(620, 222, "Submitted", 14, INK_2)
    sheet.text(620, 254, f"{day(when)}, {clock(when)}, by {MANAGER}", 19, INK, "SemiBold")
    sheet.area("confirmation", 44, 192, 1312, 80)
    sheet.box(32, 304, 1336, 88 + 66 * len(activities), WHITE, LINE, 10)
    sheet.heads(346, ((64, "Activity"), (300, "Title"), (1160, "Answer")), 64, 1272)
    for place, (activity_id, title) in enumerate(activities):
        base = 400 + place * 66
        sheet.text(64, base, activity_id, 17, INK, "SemiBold")
        sheet.text(300, base, title, 16, INK_2)
        sheet.chip(1160, base, "Yes", GREEN, GREEN_WASH, 15)
        sheet.rule(64, base + 28, 1272, "#EEF1F4")
    sheet.area("activities", 48, 364, 1300, 66 * len(activities))
    sheet.box(32, 410 + 66 * len(activities), 1336, 40, FAINT, radius=8)
    text = "Keep this page with your records. The answers were certified as true, accurate and complete."
    sheet.text(64, 436 + 66 * len(activities), text, 14, INK_3)
    return sheet.finish(f"{_SITE} – Submission {year}", "https://portal.sample/submission")
