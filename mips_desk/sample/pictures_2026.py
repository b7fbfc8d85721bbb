"""What stands on the pictures of performance year 2026."""

from collections.abc import Callable
from datetime import datetime

from .paper import Point, go_live_mail, minutes
from .people import MANAGER, PATIENTS
from .portal import LARKSPUR, Frame, Letter, Message, Month, message_center, thread, use_report
from .programs import Note, Reading, feed, offer, phone
from .record import Measure, dashboard
from .sheet import Picture, Who

_JOAN, _MILA, _WALTER, _ROSA, _OTIS, _GRETA, _LUIS, _HARRIET, _AMIR, _JUNE, _FELIX, _NORA = PATIENTS
_READINGS = "Home Readings Program"
_NURSE, _OSEI, _BRANDT, _READ = "Replied by nurse", "Replied by Dr. Osei", "Replied by L. Brandt", "Read by patient"


def _go_live_2026() -> Picture:
    return go_live_mail(
        LARKSPUR,
        "Tue, January 13, 2026, 8:12 AM",
        "January 12, 2026",
        "Larkspur Implementation",
        (
            "Dear Ms. Whitfield, dear Dr. Osei,",
            "This confirms that your new patient portal was opened to patients and caregivers on Monday, January 12,"
            " 2026, at 7:00 AM. It is a new installation with new accounts. The former portal is read-only and will be"
            " switched off on February 27.",
            "Patients and caregivers can exchange messages with the care team on test results, medicines, side effects"
            " and refills, send home readings, and see their notes without delay. On the first day 412 patients signed"
            " in and 61 wrote to the care team.",
            "Please keep this mail with your records.",
            "Kind regards, Larkspur Implementation",
        ),
    )


def _messages_september_2026() -> Picture:
    return message_center(
        Frame(LARKSPUR, datetime(2026, 9, 15, 11, 8)),
        (
            Message(_AMIR, "09/15/2026", "Shaky since the dose was raised", "Replied by Dr. Rao"),
            Message(_HARRIET, "09/14/2026", "Home readings, week 37", _NURSE),
            Message(_JOAN, "09/14/2026", "Your kidney test: all good", _READ, True),
            Message(_OTIS, "09/14/2026", "Refill request: metoprolol 25 mg", _NURSE),
            Message(_MILA, "09/11/2026", "Thyroid result, do I change the dose?", _OSEI),
            Message(_GRETA, "09/11/2026", "Photo of the wound, day 5", _BRANDT),
            Message(_FELIX, "09/10/2026", "Blood thinner: what to do before the dentist", _READ, True),
            Message(_LUIS, "09/10/2026", "Low sugar after exercise", "Replied by Dr. Silva"),
            Message(_JUNE, "09/09/2026", "Refill request: albuterol inhaler", _NURSE),
        ),
        264,
    )


def _thread_october_2026() -> Picture:
    return thread(
        Frame(LARKSPUR, datetime(2026, 10, 20, 14, 37)),
        _MILA,
        "Thyroid result, do I change the dose?",
        "Test result",
        (
            Letter(
                Who(_MILA.name),
                "October 19, 2026, 8:03 PM",
                "Hello Dr. Osei, I see a TSH of 6.1 in my results and it says high. I take 50 micrograms, always before"
                " breakfast. I am more tired than in the summer. Do I need more?",
            ),
            Letter(
                "Abena Osei, MD",
                "October 20, 2026, 7:55 AM",
                [
                    "Good morning, ",
                    Who(_MILA.first),
                    ". Yes, a little more: please take 62.5 micrograms from tomorrow. The new tablets are at your"
                    " pharmacy today. We test again in six weeks; the order is in your list. If your heart races,"
                    " write to me the same day.",
                ],
                by_clinician=True,
            ),
            Letter(
                Who(_MILA.name),
                "October 20, 2026, 12:40 PM",
                ["Thank you. I will pick them up. If the pharmacy has a question: ", Who(_MILA.phone, "phone"), "."],
            ),
        ),
    )


def _messages_november_2026() -> Picture:
    return message_center(
        Frame(LARKSPUR, datetime(2026, 11, 17, 9, 26)),
        (
            Message(_ROSA, "11/17/2026", "Feet tingle at night", "Replied by Dr. Rao"),
            Message(_WALTER, "11/16/2026", "Refill request: losartan 50 mg", _NURSE),
            Message(_NORA, "11/16/2026", "Blood sugar diary, week 46", _NURSE),
            Message(_FELIX, "11/16/2026", "INR 2.4: keep the dose", _READ, True),
            Message(_JOAN, "11/13/2026", "Cough with the new tablet", _OSEI),
            Message(_AMIR, "11/13/2026", "Short re-check after antibiotics", _BRANDT),
            Message(_LUIS, "11/12/2026", "Your A1c is 6.9", _READ, True),
            Message(_GRETA, "11/12/2026", "Side effect: headache", "Replied by Dr. Silva"),
        ),
        341,
    )


def _use_2026() -> Picture:
    months = (
        Month("September", 264, 281, 58, 402, 77),
        Month("October", 297, 310, 66, 431, 103),
        Month("Nov 1–19", 188, 196, 39, 270, 64),
    )
    return use_report(Frame(LARKSPUR, datetime(2026, 11, 19, 16, 12)), months, "September 1 to November 19, 2026")


def _offer_2026() -> Picture:
    return offer(
        Frame(LARKSPUR, datetime(2026, 3, 3, 10, 14)),
        _READINGS,
        "Connected blood pressure cuff or glucose meter",
        "Abena Osei, MD",
        94,
        "January 12, 2026",
    )


def _feed_2026() -> Picture:
    readings = (
        Reading(_GRETA, "05/12, 9:58 AM", "118 mg/dL", "at goal", "In your range. Lunch as usual.", "—"),
        Reading(
            _JOAN, "05/12, 9:40 AM", "126/76", "at goal", "Well done, in your range. Next reading on Thursday.", "—"
        ),
        Reading(
            _ROSA,
            "05/12, 9:12 AM",
            "254 mg/dL",
            "call",
            "Please drink water, measure again in an hour and do not skip insulin. Your nurse will call you.",
            "Called 9:20, N. Petersen",
        ),
        Reading(_OTIS, "05/12, 8:47 AM", "138/84", "at goal", "In your range. Keep the evening dose as it is.", "—"),
        Reading(
            _NORA,
            "05/12, 8:30 AM",
            "171 mg/dL",
            "high",
            "Higher than your goal. A walk helps; please measure before lunch as well.",
            "Seen 8:55, nurse",
        ),
        Reading(
            _FELIX,
            "05/12, 8:06 AM",
            "149/91",
            "high",
            "A little high. Please measure again tonight.",
            "Seen 8:55, nurse",
        ),
        Reading(
            _WALTER, "05/12, 7:33 AM", "129/80", "at goal", "Well done, in your range. Next reading on Thursday.", "—"
        ),
        Reading(
            _MILA, "05/12, 7:10 AM", "124/72", "at goal", "Well done, in your range. Next reading on Thursday.", "—"
        ),
    )
    return feed(Frame(LARKSPUR, datetime(2026, 5, 12, 10, 3)), _READINGS, readings, 171)


def _phone_2026() -> Picture:
    return phone(
        Frame(LARKSPUR, datetime(2026, 7, 16, 19, 20), _NORA),
        _READINGS,
        "Thursday, July 16, 2026",
        (
            Note("6:30 PM", "Good evening. You chose evening reminders: please measure your sugar before dinner."),
            Note("6:44 PM", "178 mg/dL", reading=True),
            Note(
                "6:44 PM",
                "Higher than your goal of 80 to 130. A short walk after dinner helps. Take your medicine as usual.",
            ),
            Note("6:45 PM", "Your care team has seen three higher evenings this week and will write to you tomorrow."),
            Note(
                "7:15 PM",
                "Back at work for four weeks: three questions about your shifts, your breaks and how you feel.",
            ),
        ),
    )


def _council_2026() -> Picture:
    return minutes(
        "Patient and Family Advisory Council",
        "June 4, 2026, 5:30 PM",
        "Community room",
        (
            (
                "Patients and family",
                [
                    Who(_GRETA.name),
                    ", ",
                    Who(_HARRIET.name),
                    " (with her son), ",
                    Who(_FELIX.name),
                    ", ",
                    Who(_NORA.name),
                ],
            ),
            ("Practice", f"{MANAGER}, Abena Osei, MD, Meera Rao, MD, Nils Petersen, PA-C"),
        ),
        (
            Point(
                "What the readings program showed",
                "94 patients, 61 answers to the questions on work, sleep and daily life. 18 miss the morning reading"
                " because of their shift. Evening readings of the glucose group are higher than the morning ones.",
                "everybody can choose evening reminders, from June 15.",
            ),
            Point(
                "Help between visits",
                [
                    Who(_NORA.name),
                    " asked who looks at the readings on weekends. She had two high ones on a Saturday and was not sure"
                    " whether to wait.",
                ],
                "the automatic text now says when a person will look, and whom to call before that.",
            ),
            Point(
                "Back to work",
                "Of 11 members of the program who were off work in the spring, 8 are back. They found the questions on"
                " shifts and breaks useful and asked for them every four weeks.",
                "questions on work are sent every four weeks to those who return.",
            ),
            Point(
                "Language",
                [Who(_FELIX.name), " read the new Spanish texts with two neighbors and marked six sentences."],
                "corrected texts in use from June 22; Dr. Rao checks them.",
            ),
            Point("Next meeting", "September 10, 2026, 5:30 PM."),
        ),
    )


def _dashboard_2026() -> Picture:
    measures = (
        Measure("Blood pressure below 140/90", 70, 66, 72, (74, 71, 69, 73)),
        Measure("Diabetes: A1c below 9", 80, 76, 79, (82, 80, 75, 79)),
        Measure("Depression screening and plan", 75, 61, 70, (78, 72, 64, 66)),
        Measure("Colorectal cancer screening", 65, 63, 66, (68, 66, 61, 67)),
        Measure("Eye exam in diabetes", 60, 48, 57, (61, 58, 52, 56)),
        Measure("Medicines reconciled after discharge", 85, 79, 88, (90, 87, 84, 91)),
        Measure("Portal message answered in a day", 90, 88, 93, (95, 92, 91, 94)),
    )
    teams = ("Blue team", "Green team", "Amber team", "River team")
    return dashboard(datetime(2026, 10, 13, 12, 10), MANAGER, "July to September 2026", teams, measures)


def _quality_2026() -> Picture:
    return minutes(
        "Quality meeting",
        "October 28, 2026, 12:15 PM",
        "Conference room",
        (("Present", f"{MANAGER}, Abena Osei, MD, Meera Rao, MD, Linh Tran, MD, Nadia Begum, NP, Joana Silva, DO"),),
        (
            Point(
                "Quarter at a glance",
                "Four of seven measures are at goal, two more than in the second quarter. Blood pressure went from 66"
                " to 72 percent.",
            ),
            Point(
                "Depression screening, amber team 64 percent",
                "The questionnaire is handed out at the desk and often not finished before the visit.",
                "the medical assistant asks the questions in the room; Ms. Begum reports on November 18.",
            ),
            Point(
                "Eye exams in diabetes, 57 percent",
                "Results from outside eye doctors come by fax and are not entered.",
                "one person enters them every Friday; goal of 60 percent stays.",
            ),
            Point("Next meeting", "November 18, 2026, 12:15 PM."),
        ),
    )


#: Makers of the pictures by name.
PICTURES: dict[str, Callable[[], Picture]] = {
    "go-live 2026": _go_live_2026,
    "messages September 2026": _messages_september_2026,
    "thread October 2026": _thread_october_2026,
    "messages November 2026": _messages_november_2026,
    "use 2026": _use_2026,
    "offer 2026": _offer_2026,
    "feed 2026": _feed_2026,
    "phone 2026": _phone_2026,
    "council 2026": _council_2026,
    "dashboard 2026": _dashboard_2026,
    "quality 2026": _quality_2026,
}
