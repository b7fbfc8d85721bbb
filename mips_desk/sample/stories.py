"""How the sample practice did its activities, as its office manager would write it down."""

PORTAL_2024 = """\
Patients have been able to write to us through the CareBridge portal since 2022. In the winter of 2024 we changed \
how we use it: every clinical message is read by a nurse twice a day and answered within one working day, and \
questions on results, side effects and doses go to the clinician who knows the patient. Billing and appointment \
questions have a list of their own, so that they do not crowd out the clinical ones.

Between March 1 and June 14 we received 729 messages from patients and sent 773, most of them on medicines, \
refills, home blood pressure and test results. Patients with diabetes got the lessons "Living with type 2 \
diabetes", with their own A1c and goals on the page. Twelve of our eighteen clinicians answered messages in the \
period; the dates of use show who and when.

The screenshots are from the first, the third and the last month. We took them at the front desk on the day they \
show. The report at the end comes from the portal itself and counts clinical message types only. Dana Whitfield \
checks the list of unanswered messages every evening; it was empty on all but two days of the period.
"""

FAMILIES_2024 = """\
Since January 8, 2024 we lend connected blood pressure cuffs to patients whose pressure is too high or whose \
medicine was just changed. The nurse fits the cuff and pairs it with the CareBridge portal at the visit. The portal \
reminds the patient on Mondays and Thursdays, and answers every reading at once with a text that our clinicians \
wrote and that Dr. Osei approved. Readings above 160/100 are shown to the nurse in red and she calls; all others \
are looked at the same day. Nobody types a reading in by hand.

Every four weeks the program asks six questions on work, sleep and daily life. In April and May 41 patients \
answered. The Patient and Family Advisory Council looked at the answers on June 20 and decided four changes: \
reminders in the evening for those who work, five texts in plainer words, the right cuff size measured at the first \
visit, and a letter for the employer when somebody returns to work. All four were in place by July 12.

Ten clinicians offered the program between February 5 and July 12. The log shows the days on which they acted on \
readings. The program goes on; glucose meters are to follow.
"""

NOTES_2024 = """\
Since the spring of 2024 every patient with a portal account sees the full visit note as soon as the clinician \
signs it. There is no delay, no fee and no form to ask for it. The same goes for consultation notes, lab results, \
imaging reports, medicines, allergies and immunizations; the list is on the right of every visit page. Test results \
come with a comment from the clinician, so that nobody has to guess what "high" means.

We told patients with a poster, on the visit summary and by portal message on April 1. Clinicians had a short \
lesson on writing notes that patients read: no abbreviations, no judging words, the plan in whole sentences. Notes \
can be held back only where the law asks for it, and Dr. Osei is told each time; that happened three times in the \
period.

Between April 1 and September 30 patients opened 2,310 notes. Eleven clinicians shared notes on the days logged \
here. The two pictures are pages as the patient sees them, one visit note in full and one page of results, taken \
together with the patient at the desk and with permission.
"""

ACCESS_2024 = """\
Our office is open Monday to Friday from 8 to 5. At all other times the answering service forwards urgent calls to \
the clinician on duty, who opens the patient's record from home on a practice laptop before giving advice. Four \
clinicians share the evenings and weekends by a list that hangs in the kitchen; the same list is in the phone \
system. The log of the record system writes down when the call came in and when the chart was opened, usually \
within two minutes.

Patients who need to be seen get one of six slots that we keep free at 8:00, 8:20 and 8:40 every morning. In the \
period from January 15 to April 30 the service forwarded 118 calls. Forty-one patients were seen the next morning, \
nine were sent to the emergency room, and the others could stay at home with advice that was also sent to them \
through the portal.

The first picture is the log of April with office hours on the same page; the second is one call at 9:42 in the \
evening with the access log of the chart. Nine of our eighteen clinicians took calls in the period. We kept this \
activity as a reserve, because three others already give full credit.
"""

PORTAL_2026 = """\
On January 12, 2026 we opened a new patient portal, Larkspur. It replaces CareBridge, which was switched off at the \
end of February; all accounts are new, and caregivers have accounts of their own for the first time. We claim the \
autumn, because by September all teams were answering in the new portal and the first questions had settled.

Messages are clinical in the first place: results, side effects, refills, home readings, short re-checks with a \
photo. The nurse sorts them twice a day, and the clinician who knows the patient answers within one working day.

Still to do: the November list has to be redacted, and the use report needs its date.
"""

FAMILIES_2026 = """\
Our home readings program has run on the new portal since January 12, 2026. Patients borrow a blood pressure cuff \
or a glucose meter, paired with the portal before they leave the room. Reminders go out automatically on the days \
agreed, and every reading is answered at once with a text written by our clinicians. Readings outside the limits \
are shown to the nurse in real time and she calls, usually within ten minutes. Dr. Osei endorses the program and \
reviews texts and limits every six months, last in February.

In the period from March 2 to August 28, 94 patients were enrolled and sent 6,870 readings. Patients who come back \
to work after an illness get three questions on shifts, breaks and how they feel every four weeks; 8 of 11 were \
back at work by June. On June 4 the Patient and Family Advisory Council looked at the answers and decided four \
changes: evening reminders for everybody who wants them, a text that says when a person will look at a weekend \
reading, regular questions on work, and better Spanish texts. All four are in use since June 22.

Twelve of our eighteen clinicians took part. The pictures show the tool, a morning in May, one patient's evening in \
July and the minutes of the council.
"""

QUALITY_2026 = """\
We look at seven measures for the whole practice and for each of the four teams once a quarter, and at two of them \
every month. The clinicians set the goals in January. The quality meeting is on Wednesdays at lunch.
"""
