"""Made-up people with everything that may identify one, written the many ways in which portals write it."""

from dataclasses import dataclass
from datetime import date
from random import Random

from faker import Faker

#: Names come from several places, since a portal's patients do; the share of each is its weight.
LOCALES = {"en_US": 12, "es_MX": 3, "en_IN": 2, "vi_VN": 1, "pl_PL": 1, "fr_FR": 1, "en_NG": 1}

DATE_STYLES = (
    "{m:02}/{d:02}/{y}",
    "{m}/{d}/{y}",
    "{m}/{d}/{yy:02}",
    "{mon} {d}, {y}",
    "{month} {d}, {y}",
    "{y}-{m:02}-{d:02}",
    "{d:02}-{mon}-{y}",
    "{m:02}-{d:02}-{y}",
)


@dataclass(frozen=True)
class Person:
    given: str
    family: str
    middle: str
    sex: str
    born: date
    phone: str
    fax: str
    email: str
    ssn: str
    mrn: str
    street: str
    city: str
    state: str
    zip: str
    member: str
    account: str
    license: str
    plate: str
    vin: str
    device: str
    url: str
    ip: str
    voice: str
    case: str

    @property
    def initials(self) -> str:
        return self.given[0] + self.family[0]


class People:
    """Makes people; the same seed makes the same ones."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._us = Faker("en_US")
        self._us.seed_instance(random.getrandbits(32))
        self._named = {}
        for locale in LOCALES:
            self._named[locale] = Faker(locale)
            self._named[locale].seed_instance(random.getrandbits(32))
        self._mrn_style = random.choice(["{:08d}", "{:07d}", "MRN{:07d}", "E{:06d}", "{:010d}"])
        self._date_style = random.choice(DATE_STYLES)
        self._phone_style = random.choice(
            ["({a}) {b}-{c}", "{a}-{b}-{c}", "{a}.{b}.{c}", "+1 {a} {b} {c}", "({a}){b}-{c}"]
        )
        self.name_style = random.choice(
            ["{g} {f}", "{g} {f}", "{f}, {g}", "{f}, {g} {m}.", "{F}, {G}", "{F}, {G} {m}", "{g} {m}. {f}"]
        )

    def number(self, digits: int) -> int:
        return self.random.randrange(10 ** (digits - 1), 10**digits)

    def phone(self) -> str:
        a, b, c = self.random.randrange(201, 990), self.random.randrange(200, 999), self.random.randrange(10_000)
        return self._phone_style.format(a=a, b=b, c=f"{c:04}")

    def person(self) -> Person:
        r, us = self.random, self._us
        fake = self._named[r.choices(list(LOCALES), list(LOCALES.values()))[0]]
        sex = r.choice(["F", "M"])
        given = fake.first_name_female() if sex == "F" else fake.first_name_male()
        given, family = given.split()[0], fake.last_name()
        handle = r.choice(["{g}.{f}", "{g}{f}{n}", "{i}{f}", "{g}_{f}"]).format(
            g=given.lower(), f=family.lower().replace(" ", ""), i=given[0].lower(), n=r.randrange(10, 99)
        )
        handle = handle.encode("ascii", "ignore").decode() or "user"
        p_name = given.lower().encode("ascii", "ignore").decode()
        return Person(
            given=given,
            family=family,
            middle=r.choice("ABCDEFGHJKLMNPRSTW"),
            sex=sex,
            born=us.date_of_birth(minimum_age=1, maximum_age=97),
            phone=self.phone(),
            fax=self.phone(),
            email=f"{handle}@{r.choice(['example.com', 'mail.example.org', 'post.example.net'])}",
            ssn=us.ssn() if r.random() < 0.7 else f"{r.choice(['XXX-XX', '***-**'])}-{self.number(4)}",
            mrn=self._mrn_style.format(r.randrange(100_000, 1_000_000)),
            street=us.street_address().replace("\n", ", "),
            city=us.city(),
            state=us.state_abbr(),
            zip=us.zipcode() if r.random() < 0.8 else f"{us.zipcode()}-{self.number(4)}",
            member="".join(r.choice("ABCDEFGHKMPRTWXYZ") for _ in range(3)) + str(self.number(9)),
            account=r.choice([f"{self.number(5)}-{self.number(3)}", f"{self.number(9)}", f"A-{self.number(7)}"]),
            license=r.choice([f"F{self.number(3)}-{self.number(4)}-{self.number(4)}", f"D{self.number(7)}"]),
            plate=us.license_plate(),
            vin=us.vin(),
            device=r.choice([f"SN-{self.number(8)}", f"{self.number(4)}-{self.number(6)}", f"PM{self.number(9)}"]),
            url="https://{}.example.org/{}/{}{}".format(
                r.choice(["portal", "my", "care"]), r.choice(["u", "p", "share"]), p_name, self.number(4)
            ),
            ip=us.ipv4_public(),
            voice=f"VP-{self.number(6)}",
            case=r.choice([f"CS-{self.number(7)}", f"{self.number(8)}", f"ENC{self.number(7)}"]),
        )

    def name(self, p: Person, style: str = "") -> str:
        return (style or self.name_style).format(
            g=p.given, f=p.family, m=p.middle, G=p.given.upper(), F=p.family.upper()
        )

    def day(self, first: date = date(2024, 1, 2), last: date = date(2026, 11, 20)) -> date:
        return date.fromordinal(self.random.randint(first.toordinal(), last.toordinal()))

    def written(self, day: date, style: str = "") -> str:
        return (style or self._date_style).format(
            y=day.year, yy=day.year % 100, m=day.month, d=day.day, mon=day.strftime("%b"), month=day.strftime("%B")
        )
