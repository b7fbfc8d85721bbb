"""What stands on the pictures of performance year 2024."""

from collections.abc import Callable
from datetime import datetime

from .paper import Point, minutes
from .people import CLINICIANS, MANAGER, PATIENTS
from .portal import (
    CAREBRIDGE,
    Frame,
    Letter,
    Message,
    Month,
    education,
    lab_results,
    message_center,
    thread,
    use_report,
    visit_notes,
)
from .programs import Note, Reading, feed, offer, phone
from .record import Call, after_hours_log, encounter
from .sheet import Picture, Who
from .status import participation, receipt

_JOAN, _MILA, _WALTER, _ROSA, _OTIS, _GRETA, _LUIS, _HARRIET, _AMIR, _JUNE, _FELIX, _NORA = PATIENTS
_PRESSURE = "Home Blood Pressure Program"
_NURSE, _OSEI, _BRANDT, _READ = "Replied by nurse", "Replied by Dr. Osei", "Replied by L. Brandt", "Read by patient"


def _messages_march_2024() -> Picture:
    return message_center(
        Frame(CAREBRIDGE, datetime(2024, 3, 4, 15, 42)),
        (
            Message(_NORA, "03/04/2024", "Itching since the new blood pressure pill", _OSEI),
            Message(_LUIS, "03/04/2024", "Refill request: atorvastatin 20 mg", _NURSE),
            Message(_ROSA, "03/04/2024", "Your A1c result and what we change", _READ, True),
            Message(_WALTER, "03/02/2024", "Home blood pressure readings, week 9", _NURSE),
            Message(_GRETA, "03/01/2024", "May I take ibuprofen with lisinopril?", _BRANDT),
            Message(_FELIX, "03/01/2024", "Potassium result: please repeat in a week", _READ, True),
            Message(_HARRIET, "03/01/2024", "Dizzy in the morning", _OSEI),
            Message(_AMIR, "03/01/2024", "Refill request: albuterol inhaler", _NURSE),
            Message(_JOAN, "03/01/2024", "Education: salt and blood pressure", _READ, True),
        ),
        38,
    )


def _refill_may_2024() -> Picture:
    return thread(
        Frame(CAREBRIDGE, datetime(2024, 5, 17, 10, 26)),
        _WALTER,
        "Refill request: lisinopril 10 mg",
        "Medication",
        (
            Letter(
                Who(_WALTER.name),
                "May 16, 2024, 6:31 PM",
                [
                    "Hello, I have lisinopril for six more days. Could you send it to the same pharmacy? I have a dry"
                    " cough since about a month, mostly at night. My wife says I should mention it. Evenings you reach"
                    " me at ",
                    Who(_WALTER.phone, "phone"),
                    ".",
                ],
            ),
            Letter(
                "Abena Osei, MD",
                "May 17, 2024, 8:12 AM",
                [
                    "Good morning, ",
                    Who("Mr. Mockridge"),
                    ". Thank you for telling me about the cough; lisinopril can do that. Please stop it today and take"
                    " losartan 50 mg once a day instead, your pharmacy has it at noon. Send me three blood pressure"
                    " readings next week, and write at once if your lips or face swell.",
                ],
                by_clinician=True,
            ),
            Letter(
                Who(_WALTER.name), "May 17, 2024, 9:58 AM", "Understood. I will measure Monday, Wednesday and Friday."
            ),
        ),
    )


def _messages_june_2024() -> Picture:
    return message_center(
        Frame(CAREBRIDGE, datetime(2024, 6, 11, 9, 14)),
        (
            Message(_JOAN, "06/10/2024", "Refill request: lisinopril 10 mg", _NURSE),
            Message(_OTIS, "06/10/2024", "Home blood pressure readings, week 23", _OSEI),
            Message(_MILA, "06/07/2024", "Question about lab result (A1c)", _OSEI),
            Message(_LUIS, "06/06/2024", "Side effect after new medication", _NURSE),
            Message(_ROSA, "06/05/2024", "Education: living with diabetes", _READ, True),
            Message(_GRETA, "06/04/2024", "Refill request: metformin", _NURSE),
            Message(_JUNE, "06/04/2024", "Kidney test is normal", _READ, True),
            Message(_FELIX, "06/03/2024", "Short re-check of the rash, photo attached", _BRANDT),
            Message(_NORA, "06/03/2024", "Blood sugar diary, first week", _NURSE),
            Message(_WALTER, "06/03/2024", "Cough is gone since losartan", _OSEI),
        ),
        212,
    )


def _education_2024() -> Picture:
    return education(Frame(CAREBRIDGE, datetime(2024, 6, 5, 13, 20), _ROSA), "Lena Brandt, NP")


def _use_2024() -> Picture:
    months = (
        Month("March", 188, 201, 44, 310, 61),
        Month("April", 204, 219, 51, 322, 70),
        Month("May", 231, 240, 49, 361, 92),
        Month("June 1–14", 106, 113, 22, 158, 41),
    )
    return use_report(Frame(CAREBRIDGE, datetime(2024, 6, 14, 16, 40)), months, "March 1 to June 14, 2024")


def _offer_2024() -> Picture:
    return offer(
        Frame(CAREBRIDGE, datetime(2024, 2, 6, 11, 5)),
        _PRESSURE,
        "Connected upper-arm cuff, three sizes",
        "Abena Osei, MD",
        41,
        "January 8, 2024",
    )


def _feed_2024() -> Picture:
    readings = (
        Reading(
            _JOAN, "04/16, 9:52 AM", "128/78", "at goal", "Well done, in your range. Next reading on Thursday.", "—"
        ),
        Reading(
            _OTIS,
            "04/16, 9:37 AM",
            "168/102",
            "call",
            "Please sit down, rest ten minutes and measure again. Your nurse has been told and will call you.",
            "Called 9:44, L. Brandt",
        ),
        Reading(_FELIX, "04/16, 8:58 AM", "134/82", "at goal", "In your range. Keep the evening dose as it is.", "—"),
        Reading(
            _HARRIET,
            "04/16, 8:31 AM",
            "148/92",
            "high",
            "A little high. Was it before your morning medicine? Please measure again tonight.",
            "Seen 9:05, nurse",
        ),
        Reading(
            _WALTER, "04/16, 8:12 AM", "126/80", "at goal", "Well done, in your range. Next reading on Thursday.", "—"
        ),
        Reading(_NORA, "04/16, 7:49 AM", "131/79", "at goal", "In your range. Next reading on Thursday.", "—"),
        Reading(
            _LUIS,
            "04/16, 7:20 AM",
            "144/86",
            "high",
            "A little high. Sit for five minutes and try again.",
            "Seen 8:10, nurse",
        ),
        Reading(
            _JUNE, "04/16, 7:04 AM", "122/74", "at goal", "Well done, in your range. Next reading on Thursday.", "—"
        ),
    )
    return feed(Frame(CAREBRIDGE, datetime(2024, 4, 16, 10, 3)), _PRESSURE, readings, 96)


def _phone_2024() -> Picture:
    return phone(
        Frame(CAREBRIDGE, datetime(2024, 5, 14, 18, 52), _HARRIET),
        _PRESSURE,
        "Tuesday, May 14, 2024",
        (
            Note(
                "7:00 AM",
                "Good morning. Today is a reading day: sit for five minutes, feet flat on the floor, then press start.",
            ),
            Note("7:41 AM", "146/90", reading=True),
            Note(
                "7:41 AM",
                "A little above your goal of 130/80. Take your morning medicine as usual and measure again this"
                " evening.",
            ),
            Note("6:32 PM", "132/82", reading=True),
            Note("6:32 PM", "Much better. Your care team has both readings. Next reading on Thursday."),
            Note(
                "6:40 PM",
                "Four weeks are over: six short questions about work, sleep and daily life are ready for you.",
            ),
        ),
    )


def _council_2024() -> Picture:
    return minutes(
        "Patient and Family Advisory Council",
        "June 20, 2024, 5:30 PM",
        "Community room",
        (
            (
                "Patients and family",
                [
                    Who(_JOAN.name),
                    ", ",
                    Who(_OTIS.name),
                    ", ",
                    Who(_GRETA.name),
                    " (daughter of a patient), ",
                    Who(_FELIX.name),
                ],
            ),
            ("Practice", f"{MANAGER}, Abena Osei, MD, Lena Brandt, NP, Rafael Castillo, MD"),
        ),
        (
            Point(
                "Answers from the blood pressure program",
                "41 patients answered the six questions in April and May. 26 sleep better than in January, 9 of 12 who"
                " were off work are back. 14 miss the morning reading because of work.",
                "reminders can be moved to the evening, from July 1.",
            ),
            Point(
                "Words on the screen",
                [
                    Who(_JOAN.name),
                    " said that “hypertensive” frightened her. The council read all fourteen automatic texts aloud and"
                    " rewrote five of them in plain words.",
                ],
                "Dr. Osei checks the new texts; in use from July 8.",
            ),
            Point(
                "Cuffs that do not fit",
                [
                    "Two cuffs were too small, as ",
                    Who(_OTIS.name),
                    " and another member found. The wrong size reads too high.",
                ],
                "the nurse measures the arm at the first visit; four large cuffs ordered.",
            ),
            Point(
                "Back to work",
                "Members want a letter for the employer that says what they may lift, and for how long. A draft was"
                " shown and two changes were asked for.",
                "the letter becomes part of the program for patients who return to work.",
            ),
            Point("Next meeting", "September 12, 2024, 5:30 PM."),
        ),
    )


def _notes_2024() -> Picture:
    return visit_notes(
        Frame(CAREBRIDGE, datetime(2024, 6, 10, 17, 30), _MILA),
        "Abena Osei, MD",
        "June 10, 2024",
        "June 10, 2024, 5:12 PM",
    )


def _labs_2024() -> Picture:
    return lab_results(
        Frame(CAREBRIDGE, datetime(2024, 8, 20, 16, 5), _LUIS),
        "Rafael Castillo, MD",
        "August 20, 2024",
        "Your A1c has come down from 7.9 to 7.4, well done. Kidney function, cholesterol and thyroid are fine. Please"
        " keep your medicines as they are; we repeat the test in three months.",
    )


def _after_hours_2024() -> Picture:
    calls = (
        Call("04/03 7:10 PM", _AMIR, "Wheezing, inhaler nearly empty", "Castillo, MD", "7:12 PM", "Visit next morning"),
        Call("04/06 11:25 AM", _NORA, "Rash after new medicine", "Brandt, NP", "11:26 AM", "Medicine stopped"),
        Call("04/09 9:42 PM", _JUNE, "Fever and cough, asthma", "Osei, MD", "9:44 PM", "Visit next morning"),
        Call("04/14 8:05 AM", _LUIS, "Vomiting, takes metformin", "Lindqvist, MD", "8:07 AM", "Home care, called back"),
        Call("04/17 6:48 PM", _WALTER, "Blood pressure 176/104", "Osei, MD", "6:50 PM", "Visit next morning"),
        Call("04/20 3:31 PM", _GRETA, "Swollen ankle after a fall", "Petersen, PA-C", "3:33 PM", "Home care"),
        Call("04/23 10:15 PM", _HARRIET, "Chest tightness", "Castillo, MD", "10:16 PM", "Sent to emergency"),
        Call("04/27 9:02 AM", _ROSA, "Blood sugar 58, now 92", "Brandt, NP", "9:03 AM", "Dose changed"),
        Call("04/29 5:50 PM", _FELIX, "Question on new blood thinner", "Lindqvist, MD", "5:52 PM", "Advice given"),
    )
    return after_hours_log(datetime(2024, 4, 30, 8, 5), MANAGER, "April 2024", calls)


def _encounter_2024() -> Picture:
    return encounter(
        datetime(2024, 4, 10, 8, 30), _JUNE, "Abena Osei, MD", "April 9, 2024, 9:42 PM", "April 9, 2024, 9:58 PM"
    )


def _status_2024(first: int, last: int, page: str) -> Picture:
    here = [clinician for clinician in CLINICIANS if clinician.belongs_to(2024)]
    return participation(datetime(2024, 12, 12, 14, 20), 2024, here[first:last], page)


def _receipt_2024() -> Picture:
    activities = (
        ("IA_BE_4", "Engagement of patients through a patient portal"),
        ("IA_BE_14", "Engage patients and families in improving the system of care"),
        ("IA_CC_13", "Practice improvements for exchange of information"),
    )
    return receipt(datetime(2025, 2, 18, 11, 12), 2024, "S-2024-118-SAMPLE", activities)


#: Makers of the pictures by name.
PICTURES: dict[str, Callable[[], Picture]] = {
    "messages March 2024": _messages_march_2024,
    "refill May 2024": _refill_may_2024,
    "messages June 2024": _messages_june_2024,
    "education 2024": _education_2024,
    "use 2024": _use_2024,
    "offer 2024": _offer_2024,
    "feed 2024": _feed_2024,
    "phone 2024": _phone_2024,
    "council 2024": _council_2024,
    "notes 2024": _notes_2024,
    "labs 2024": _labs_2024,
    "after hours 2024": _after_hours_2024,
    "encounter 2024": _encounter_2024,
    "status 2024 first": lambda: _status_2024(0, 9, "Page 1 of 2"),
    "status 2024 second": lambda: _status_2024(9, 18, "Page 2 of 2"),
    "receipt 2024": _receipt_2024,
}
