"""Portal pages: eight layouts, many looks. What identifies somebody is marked where it is written."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from random import Random

from .people import People, Person

#: Background, panel, text, muted text, line, accent, text on accent.
THEMES = {
    "light": ("#f4f6f8", "#ffffff", "#1c2733", "#5b6875", "#d8dee4", "#1f5fbf", "#ffffff"),
    "warm": ("#faf7f2", "#fffdf9", "#2b2622", "#756a60", "#e5dccf", "#8a4b1d", "#ffffff"),
    "dark": ("#14181d", "#1d232a", "#e6eaee", "#98a4b0", "#333c46", "#7fb2ff", "#10151a"),
    "night": ("#0b1020", "#141b33", "#cfd8f5", "#7f8bb3", "#28325a", "#9a86ff", "#0b1020"),
    "pale": ("#f7f7f7", "#fdfdfd", "#7d858c", "#9aa1a8", "#ececec", "#9db7dd", "#fdfdfd"),
    "dim": ("#2a2d31", "#2f3338", "#8d949b", "#757c83", "#3b4046", "#62798f", "#d0d4d8"),
}
FONTS = ["Inter", "Inter", "'Nimbus Sans'", "'DejaVu Sans'", "'Nimbus Sans Narrow'", "'Nimbus Roman'"]
SYSTEMS = ["CareLink", "MyHealth Portal", "PatientWeb", "ClearChart", "HealthBridge", "Wellspring"]
PRACTICES = ["Cedar Family Practice", "Lakeside Internal Medicine", "Northgate Pediatrics", "Harbor Primary Care"]
MENU = ["Home", "Inbox", "Schedule", "Patients", "Reports", "Orders", "Billing", "Admin", "Tasks", "Results", "Refills"]
SUBJECTS = [
    "Refill request", "Question about my results", "Lab Results", "Appointment change", "Blood pressure log",
    "Referral to Cardiology", "Medication question", "Vaccine record", "Form for school", "Follow-up visit",
    "Physical Therapy order", "Sleep study", "Prior authorization", "New symptom", "Thank you",
]  # fmt: skip
PHRASES = [
    "My knee still hurts after the new exercises.", "Could you send the results to my other doctor?",
    "I checked my blood pressure twice a day.", "Please refill Lisinopril 10 mg.", "The pharmacy says it needs a new order.",
    "Thank you for calling back so quickly.", "The rash is almost gone now.", "I need the form before school starts.",
]  # fmt: skip
REASONS = [
    "Annual Wellness Visit",
    "Follow-up",
    "New Patient",
    "Telehealth",
    "Diabetes check",
    "Flu shot",
    "Well Child",
]
#: What looks like something about a person and is not.
NOISE = [
    "Open Enrollment Period", "Order Set: Adult Asthma", "Saint Mary Medical Center", "Amoxicillin Clavulanate 875 mg",
    "Version 12.4.1", "ICD-10 E11.9", "CPT 99213", "Total $1,204.50", "Temp 98.6 F", "BP 120/80 mmHg", "Room 204",
    "Lot 7741029 in stock", "Quality Measures 2026", "Patient Education Library", "Take 1/2 tablet daily",
    "Blue Cross Blue Shield", "Ask A Nurse", "Release 4.2 Notes", "Heart Failure Clinic", "NDC 00093-4155-73",
    "Grace period ends soon", "Mark all as read", "Will Call Pharmacy", "Support 24/7", "Page 1 of 12", "Dark Mode",
    "Pulse 72, SpO2 98%", "Johnson County Health Fair", "Healthy Eating Guide", "3 unread", "Last 30 days", "Top 10",
]  # fmt: skip
STATES = ["Confirmed", "Arrived", "Checked in", "No show", "Scheduled", "Cancelled"]


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        layout: its name.
        theme: its name.
        html: the whole document.
        width: of the window, CSS pixels.
        height: of the window.
        scale: picture pixels per CSS pixel.
        font: size of its text in CSS pixels.
        quality: of the JPEG file; 0 for PNG.
    """

    layout: str
    theme: str
    html: str
    width: int
    height: int
    scale: float
    font: int
    quality: int


class Writer:
    """What the layouts write with: people, their marked facts, and pieces of a page."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.people = People(random)
        self.doctors = [self.people.person() for _ in range(4)]
        self.system = random.choice(SYSTEMS)
        self.practice = random.choice(PRACTICES)

    def pick(self, *of: str) -> str:
        return self.random.choice(of)

    def name(self, p: Person, style: str = "") -> str:
        return mark("name", self.people.name(p, style))

    def day(self, style: str = "") -> str:
        return mark("date", self.people.written(self.people.day(), style))

    def born(self, p: Person, style: str = "") -> str:
        return mark("date", self.people.written(p.born, style))

    def doctor(self) -> str:
        p = self.random.choice(self.doctors)
        return mark(
            "staff",
            self.pick(
                f"Dr. {p.family}", f"{p.given} {p.family}, MD", f"{p.family}, {p.given} NP", f"Dr. {p.given} {p.family}"
            ),
        )

    def time(self) -> str:
        return f"{self.random.randrange(1, 12)}:{self.random.randrange(60):02} {self.pick('AM', 'PM')}"

    def address(self, p: Person, between: str = ", ") -> str:
        return mark("geographic", p.street) + between + mark("geographic", f"{p.city}, {p.state} {p.zip}")

    def age(self, p: Person) -> str:
        years = 2026 - p.born.year
        return mark("date", f"{years}") if years > 89 else f"{years}"

    def avatar(self, p: Person, size: int) -> str:
        if self.random.random() < 0.5:
            hue = self.random.randrange(360)
            return (
                f'<span class="av" style="width:{size}px;height:{size}px;line-height:{size}px;background:hsl({hue} 45% 42%)">'
                f'<span data-k="name">{escape(p.initials)}</span></span>'
            )
        return photo(self.random, size)

    def table(self, headers: list[str], rows: list[list[str]]) -> str:
        head = "".join(f"<th>{escape(each)}</th>" for each in headers)
        body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def pairs(self, items: list[tuple[str, str]], *, beside: bool) -> str:
        colon = self.pick(":", "")
        shape = "beside" if beside else "above"
        return f'<div class="pairs {shape}">' + "".join(
            f'<div class="pair"><span class="label">{escape(label)}{colon}</span><span class="value">{value}</span></div>'
            for label, value in items
        ) + "</div>"  # fmt: skip

    def page(self, layout: str, main: str, title: str) -> Page:
        r = self.random
        theme = r.choice(list(THEMES))
        back, panel, text, muted, line, accent, on_accent = THEMES[theme]
        font = r.choice([10, 11, 12, 12, 13, 13, 14, 14, 15, 16])
        scale = r.choice([1, 1, 1, 1.25, 1.5, 2])
        width, height = r.choice([(1600, 900), (1440, 900), (1280, 720), (1366, 768), (1120, 800)])
        side = r.random() < 0.5
        menu = "".join(f"<a>{each}</a>" for each in r.sample(MENU, 7))
        css = f"""/*fonts*/
        * {{ box-sizing: border-box; }}
        body {{ margin: 0; background: {back}; color: {text}; font: {font}px/1.45 {r.choice(FONTS)}, Inter, sans-serif; }}
        .top {{ background: {accent}; color: {on_accent}; padding: 8px 16px; display: flex; gap: 24px; align-items: center; }}
        .menu {{ {"width: 150px; flex: none; padding: 12px;" if side else "padding: 6px 16px; border-bottom: 1px solid " + line + ";"} color: {muted}; }}
        .menu a {{ {"display: block; padding: 6px 0;" if side else "padding-right: 22px;"} }}
        .frame {{ display: {"flex" if side else "block"}; }}
        .main {{ flex: 1; padding: {r.choice([10, 16, 24])}px; }}
        .panel {{ background: {panel}; border: 1px solid {line}; border-radius: {r.choice([0, 4, 8])}px; padding: 14px; margin-bottom: 14px; }}
        h1 {{ font-size: 1.5em; margin: 0 0 10px; }} h2 {{ font-size: 1.15em; margin: 4px 0 8px; }}
        table {{ border-collapse: collapse; width: 100%; }}
        th {{ text-align: left; color: {muted}; font-weight: {r.choice([400, 600, 700])}; {r.choice(["", "text-transform: uppercase; font-size: .86em;"])} }}
        th, td {{ padding: {r.choice([3, 5, 8])}px 8px; border-bottom: 1px solid {line}; }}
        .muted, .label {{ color: {muted}; }}
        .pairs {{ display: {r.choice(["grid", "block"])}; grid-template-columns: 1fr 1fr{r.choice(["", " 1fr"])}; gap: 6px 20px; }}
        .above .label, .above .value {{ display: block; }} .beside .label {{ margin-right: 8px; {r.choice(["", "display: inline-block; width: 12em;"])} }}
        .above .value.box, .box {{ border: 1px solid {line}; border-radius: 3px; padding: 4px 8px; }}
        .row {{ display: flex; gap: 12px; padding: {r.choice([5, 8])}px 4px; border-bottom: 1px solid {line}; align-items: center; }}
        .grow {{ flex: 1; }} .av {{ display: inline-block; border-radius: 50%; color: #fff; text-align: center; font-size: .9em; flex: none; }}
        .banner {{ background: {r.choice([panel, back])}; border-left: 4px solid {accent}; padding: 10px 14px; margin-bottom: 12px; display: flex; gap: 22px; align-items: center; flex-wrap: wrap; }}
        .button {{ background: {accent}; color: {on_accent}; padding: 4px 12px; border-radius: 4px; }}
        .foot {{ color: {muted}; font-size: 10px; padding: 6px 16px; position: fixed; bottom: 0; }}
        """
        if r.random() < 0.4:
            main += "<div class='panel muted'>" + " &nbsp; &middot; &nbsp; ".join(r.sample(NOISE, 8)) + "</div>"
        if side and r.random() < 0.4:
            recent = [self.people.person() for _ in range(3)]
            menu += f"<p><b>{self.pick('Recent patients', 'Recently viewed')}</b></p>"
            menu += "".join(f"<a>{self.name(each)}</a>" for each in recent)
        html = (
            f"<!doctype html><meta charset='utf-8'><style>{css}</style><div class='top'><b>{self.system}</b>"
            f"<span>{self.practice}</span><span class='grow'></span><span>{self.pick('Help', 'Support', 'Log out')}</span></div>"
            f"<div class='frame'><div class='menu'>{menu}</div><div class='main'><h1>{title}</h1>{main}</div></div>"
            f"<div class='foot'>Synthetic page for tests. Nobody on it exists.</div>"
        )
        return Page(layout, theme, html, width, height, scale, font, r.choice([0, 0, r.randrange(60, 96)]))


def mark(kind: str, text: str) -> str:
    return f'<span data-k="{kind}">{escape(text)}</span>'


def photo(random: Random, size: int) -> str:
    """A drawn face with the shading that a photo has."""
    skin, hair = random.randrange(20, 40), random.randrange(10, 50)
    seed = random.randrange(1000)
    return (
        f'<svg data-k="photo" width="{size}" height="{size}" viewBox="0 0 100 100" style="flex:none">'
        f'<defs><filter id="n{seed}"><feTurbulence type="fractalNoise" baseFrequency=".9" seed="{seed}" numOctaves="3"/>'
        f'<feColorMatrix type="saturate" values="0"/><feBlend in2="SourceGraphic" mode="soft-light"/></filter>'
        f'<radialGradient id="f{seed}" cx=".4" cy=".35"><stop offset="0" stop-color="hsl({skin} 55% 78%)"/>'
        f'<stop offset="1" stop-color="hsl({skin} 45% 48%)"/></radialGradient>'
        f'<linearGradient id="b{seed}" x2="1" y2="1"><stop offset="0" stop-color="hsl({random.randrange(360)} 30% 75%)"/>'
        f'<stop offset="1" stop-color="hsl({random.randrange(360)} 30% 40%)"/></linearGradient></defs>'
        f'<g filter="url(#n{seed})"><rect width="100" height="100" fill="url(#b{seed})"/>'
        f'<ellipse cx="50" cy="102" rx="40" ry="28" fill="hsl({random.randrange(360)} 40% 40%)"/>'
        f'<ellipse cx="50" cy="38" rx="28" ry="32" fill="hsl({hair} 40% 22%)"/>'
        f'<ellipse cx="50" cy="48" rx="23" ry="29" fill="url(#f{seed})"/>'
        f'<circle cx="42" cy="45" r="3" fill="#222"/><circle cx="58" cy="45" r="3" fill="#222"/>'
        f'<path d="M42 62 Q50 68 58 62" stroke="#833" stroke-width="2.5" fill="none"/></g></svg>'
    )


def inbox(random: Random) -> Page:
    w = Writer(random)
    size = random.choice([24, 32, 40])
    faces = random.random() < 0.6
    rows = []
    for _ in range(random.randrange(8, 15)):
        p = w.people.person()
        picture = w.avatar(p, size) if faces else ""
        subject = w.pick(*SUBJECTS)
        if random.random() < 0.15:
            q = w.people.person()
            subject += w.pick(f" for {w.name(q, '{g} {f}')}", f": {w.name(q, '{F}, {G}')}", f" - {w.name(q)}")
        when = w.day() if random.random() < 0.7 else w.pick("Yesterday", w.time(), "Today")
        rows.append(
            f'<div class="row">{picture}<b style="width:190px">{w.name(p)}</b><span class="grow">{subject} '
            f'<span class="muted">{w.pick(*PHRASES)}</span></span><span>{when}</span></div>'
        )
    return w.page("inbox", f'<div class="panel">{"".join(rows)}</div>', w.pick("Inbox", "Patient messages", "Messages"))


def thread(random: Random) -> Page:
    w = Writer(random)
    p, relative = w.people.person(), w.people.person()
    plain = "{g} {f}"
    parts = []
    for number in range(random.randrange(2, 5)):
        from_patient = number % 2 == 0
        sender = w.name(p, plain) if from_patient else w.doctor()
        to = w.doctor() if from_patient else w.name(p, plain)
        hello = w.pick("Hello", "Hi", "Dear", "Good morning")
        text = [w.pick(*PHRASES) for _ in range(2)]
        if from_patient:
            text.append(
                w.pick(
                    f"You can call me at {mark('phone', p.phone)}.",
                    f"My e-mail is {mark('email', p.email)}.",
                    f"My {w.pick('husband', 'wife', 'mother', 'son')} {mark('name', relative.given)} can pick it up.",
                    f"I was last seen on {w.day()}.",
                    f"We moved to {w.address(p)}.",
                )
            )
            greeting, end = (
                f"{hello} {w.doctor()},",
                f"{w.pick('Thanks', 'Sincerely', 'Best')},<br>{mark('name', p.given)}",
            )
        else:
            greeting, end = f"{hello} {mark('name', p.given)},", f"{w.pick('Regards', 'Take care')},<br>{w.doctor()}"
        parts.append(
            f'<div class="panel"><div class="row"><span class="label">From:</span><b>{sender}</b><span class="label">To:</span>'
            f'<span class="grow">{to}</span><span class="muted">{w.pick("Sent", "Received", "")} {w.day()} {w.time()}</span></div>'
            f"<p>{greeting}</p><p>{' '.join(text)}</p><p>{end}</p></div>"
        )
    head = f'<p><span class="label">{w.pick("Patient", "Re", "About")}:</span> {w.name(p)} <span class="label">DOB:</span> {w.born(p)}</p>'
    return w.page("thread", head + "".join(parts), w.pick(*SUBJECTS))


def chart(random: Random) -> Page:
    w = Writer(random)
    p, contact = w.people.person(), w.people.person()
    short = p.sex if random.random() < 0.5 else {"F": "Female", "M": "Male"}[p.sex]
    banner = [
        w.avatar(p, random.choice([40, 56, 72])) if random.random() < 0.6 else "",
        f"<b style='font-size:1.25em'>{w.name(p)}</b>",
        f"<span>{w.age(p)} {w.pick('y', 'yo', 'years')}, {short}</span>",
        f"<span><span class='label'>{w.pick('DOB', 'Born', 'Date of birth')}:</span> {w.born(p)}</span>",
        f"<span><span class='label'>{w.pick('MRN', 'MRN #', 'Chart #', 'Patient ID')}:</span> {mark('mrn', p.mrn)}</span>",
        f"<span><span class='label'>{w.pick('PCP', 'Provider')}:</span> {w.doctor()}</span>",
        f"<span><span class='label'>{w.pick('Phone', 'Cell', 'Mobile')}:</span> {mark('phone', p.phone)}</span>",
    ]
    details = [
        ("Address", w.address(p, w.pick(", ", "<br>"))),
        (w.pick("Email", "E-mail"), mark("email", p.email)),
        (
            w.pick("Emergency contact", "Next of kin", "Guardian"),
            w.name(contact, "{g} {f}") + " " + mark("phone", contact.phone),
        ),
        (w.pick("Insurance ID", "Member ID", "Subscriber no."), mark("health_plan", p.member)),
        ("Preferred language", w.pick("English", "Spanish", "Vietnamese")),
        ("Allergies", w.pick("None known", "Penicillin", "Latex")),
    ]
    results = [
        [
            w.day(),
            w.pick("Hemoglobin A1c", "LDL Cholesterol", "Creatinine", "TSH"),
            f"{random.uniform(1, 140):.1f}",
            w.doctor(),
        ]
        for _ in range(random.randrange(3, 7))
    ]
    body = (
        f"<div class='banner'>{''.join(banner)}</div><div class='panel'><h2>{w.pick('Demographics', 'Patient details')}</h2>"
        f"{w.pairs(details, beside=random.random() < 0.6)}</div><div class='panel'><h2>Recent results</h2>"
        + w.table(
            [w.pick("Date", "Collected", "Result date"), "Test", "Value", w.pick("Ordered by", "Provider")], results
        )
        + "</div>"
    )
    return w.page("chart", body, w.pick("Chart summary", "Patient Summary", "Snapshot"))


def appointments(random: Random) -> Page:
    w = Writer(random)
    split = random.random() < 0.3
    people = [w.people.person() for _ in range(random.randrange(7, 16))]
    columns: list[tuple[str, Callable[[Person], str]]] = [
        (w.pick("Time", "Start"), lambda p: w.time()),
        (w.pick("DOB", "Date of Birth", "Birth date"), w.born),
        (w.pick("MRN", "Patient ID", "Chart no."), lambda p: mark("mrn", p.mrn)),
        (w.pick("Phone", "Home phone", "Contact"), lambda p: mark("phone", p.phone)),
        (w.pick("Reason", "Visit type", "Type"), lambda p: w.pick(*REASONS)),
        (w.pick("Provider", "Clinician", "With"), lambda p: w.doctor()),
        ("Status", lambda p: w.pick(*STATES)),
    ]
    chosen = [each for each in columns if random.random() < 0.8]
    at = random.randrange(0, min(2, len(chosen)) + 1)
    if split:
        chosen[at:at] = [
            ("Last name", lambda p: mark("name", p.family)),
            ("First name", lambda p: mark("name", p.given)),
        ]
    else:
        chosen.insert(at, (w.pick("Patient", "Patient name", "Name"), w.name))
    table = w.table([title for title, _ in chosen], [[make(p) for _, make in chosen] for p in people])
    head = (
        f"<p class='muted'>{w.pick('Schedule for', 'Appointments on')} {w.day()} <span class='button'>Print</span></p>"
    )
    return w.page(
        "appointments", head + f"<div class='panel'>{table}</div>", w.pick("Appointments", "Schedule", "Day view")
    )


def report(random: Random) -> Page:
    w = Writer(random)
    people = [w.people.person() for _ in range(random.randrange(8, 18))]
    columns: list[tuple[str, Callable[[Person], str]]] = [
        (w.pick("Patient", "Patient name", "Name", "Member"), w.name),
        (w.pick("Email", "E-mail address"), lambda p: mark("email", p.email)),
        (w.pick("Enrolled", "Activated on", "Portal since"), lambda p: w.day()),
        (w.pick("Last login", "Last access"), lambda p: w.day() + (f" {w.time()}" if random.random() < 0.5 else "")),
        (w.pick("Messages", "Logins"), lambda p: str(random.randrange(30))),
        (w.pick("IP address", "IP"), lambda p: mark("ip", p.ip)),
        (w.pick("Age", "Age (years)"), w.age),
        (w.pick("ZIP", "ZIP code"), lambda p: mark("geographic", p.zip)),
    ]
    chosen = [columns[0], *[each for each in columns[1:] if random.random() < 0.6]]
    table = w.table([title for title, _ in chosen], [[make(p) for _, make in chosen] for p in people])
    head = (
        f"<p class='muted'>{w.pick('Reporting period', 'Period')}: {w.day()} {w.pick('to', '-')} {w.day()}. "
        f"{w.pick('Generated', 'Printed', 'Run on')} {w.day()} {w.time()} by {w.doctor()}</p>"
        f"<p>Total patients: {random.randrange(100, 900)}. Active portal users: {random.randrange(20, 99)}%</p>"
    )
    return w.page(
        "report", head + f"<div class='panel'>{table}</div>", w.pick("Portal Usage Report", "Patient Portal Use")
    )


def registration(random: Random) -> Page:
    w = Writer(random)
    p, other = w.people.person(), w.people.person()
    fields = [
        (w.pick("First name", "Given name", "Legal first name"), mark("name", p.given)),
        (w.pick("Last name", "Family name", "Surname"), mark("name", p.family)),
        ("Middle initial", mark("name", p.middle)),
        (w.pick("Date of birth", "Birthdate", "DOB"), w.born(p)),
        ("Sex", {"F": "Female", "M": "Male"}[p.sex]),
        (w.pick("Social Security number", "SSN", "SSN (last 4)"), mark("ssn", p.ssn)),
        (w.pick("Street address", "Address line 1", "Street"), mark("geographic", p.street)),
        ("City", mark("geographic", p.city)),
        ("State", p.state),
        (w.pick("ZIP code", "ZIP", "Postal code"), mark("geographic", p.zip)),
        (w.pick("Home phone", "Phone number", "Cell phone"), mark("phone", p.phone)),
        (w.pick("Fax", "Fax number"), mark("fax", p.fax)),
        (w.pick("Email", "Email address"), mark("email", p.email)),
        (w.pick("Driver's license", "Driver license no.", "License number"), mark("license", p.license)),
        (w.pick("Member ID", "Policy number", "Medicare number (MBI)"), mark("health_plan", p.member)),
        ("Group number", mark("health_plan", str(w.people.number(6)))),
        (w.pick("Emergency contact", "Responsible party", "Guarantor"), w.name(other, "{g} {f}")),
        (w.pick("Employer", "Relationship"), w.pick("Self", "Spouse", "Parent", "Retired")),
        ("Marital status", w.pick("Single", "Married", "Widowed")),
    ]
    random.shuffle(fields)
    beside = random.random() < 0.4
    body = w.pairs(fields[: random.randrange(13, 20)], beside=beside)
    if not beside:
        body = body.replace('class="value"', 'class="value box"')
    end = "<p><span class='button'>Save</span> <span class='muted'>All fields are required unless marked optional.</span></p>"
    return w.page(
        "registration",
        f"<div class='panel'>{body}{end}</div>",
        w.pick("New patient registration", "Patient Registration"),
    )


def billing(random: Random) -> Page:
    w = Writer(random)
    p = w.people.person()
    items = [
        (w.pick("Patient", "Bill to", "Guarantor"), w.name(p)),
        (w.pick("Account number", "Account #", "Acct no."), mark("account", p.account)),
        (w.pick("Statement date", "Due date"), w.day()),
        (w.pick("Mailing address", "Address"), w.address(p)),
        (w.pick("Case no.", "Reference no.", "Encounter ID", "Claim number"), mark("other", p.case)),
        (w.pick("Member ID", "Policy no."), mark("health_plan", p.member)),
        ("Fax", mark("fax", p.fax)),
    ]
    lines = [[w.day(), w.pick("Office visit, level 3", "Venipuncture", "Flu vaccine", "Copay"), w.doctor(), f"${random.uniform(5, 400):.2f}"]
             for _ in range(random.randrange(3, 8))]  # fmt: skip
    body = (
        f"<div class='panel'>{w.pairs(items, beside=random.random() < 0.7)}</div><div class='panel'>"
        + w.table([w.pick("Date of service", "Service date", "DOS"), "Description", "Provider", "Amount"], lines)
        + "</div>"
    )
    return w.page("billing", body, w.pick("Statement", "Billing Statement", "Account Summary"))


def devices(random: Random) -> Page:
    w = Writer(random)
    p = w.people.person()
    items = [
        (w.pick("Pacemaker serial no.", "Device serial number", "Device ID", "UDI"), mark("device", p.device)),
        (w.pick("License plate", "Vehicle plate"), mark("vehicle", p.plate)),
        ("VIN", mark("vehicle", p.vin)),
        (w.pick("Driver's license", "Driver license #"), mark("license", p.license)),
        (w.pick("Personal website", "Web page", "Shared link"), mark("url", p.url)),
        (w.pick("Voiceprint ID", "Fingerprint ID", "Voice print"), mark("biometric", p.voice)),
        ("SSN", mark("ssn", p.ssn)),
        (w.pick("Last sign-in from", "IP address"), mark("ip", p.ip)),
        ("Status", w.pick("Active", "Paired", "Monitored")),
    ]
    random.shuffle(items)
    log = [[w.day(), w.time(), w.pick("Sign-in", "Viewed results", "Sent message", "Downloaded summary"), mark("ip", w.people.person().ip)]
           for _ in range(random.randrange(3, 7))]  # fmt: skip
    body = (
        f"<div class='banner'>{w.avatar(p, 56)}<b>{w.name(p)}</b><span>{w.pick('DOB', 'Born')} {w.born(p)}</span>"
        f"<span>{w.pick('MRN', 'ID')} {mark('mrn', p.mrn)}</span></div>"
        f"<div class='panel'>{w.pairs(items, beside=random.random() < 0.6)}</div>"
        f"<div class='panel'><h2>Access log</h2>{w.table(['Date', 'Time', 'Action', w.pick('IP address', 'From')], log)}</div>"
    )
    return w.page("devices", body, w.pick("Devices and access", "Remote monitoring", "Profile"))


#: One page each, in turn.
LAYOUTS: list[Callable[[Random], Page]] = [
    inbox, thread, chart, appointments, report, registration, billing, devices,
]  # fmt: skip
