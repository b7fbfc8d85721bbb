"""The people of the sample practice. Nobody of them exists."""

from dataclasses import dataclass
from datetime import date

from mips_desk.domain.practice import Clinician, Practice

PRACTICE_NAME = "Riverside Family Practice"
#: No TIN starts with 000.
PRACTICE = Practice(f"{PRACTICE_NAME} (sample)", "000004821", "100 Sample Street\nRiverside, OH 00000")
MANAGER = "Dana Whitfield"
HOST = "FRONTDESK-2"

# NPIs from 1000000000 to 1000000999 were never given to anybody; the check digits are right.
CLINICIANS = (
    Clinician("osei", "Abena Osei", "1000000012", "MD", "Physician owner"),
    Clinician("brandt", "Lena Brandt", "1000000020", "NP", "Nurse practitioner"),
    Clinician("castillo", "Rafael Castillo", "1000000038", "MD", "Physician"),
    Clinician("lindqvist", "Maja Lindqvist", "1000000046", "MD", "Physician"),
    Clinician("adeyemi", "Tunde Adeyemi", "1000000053", "DO", "Physician"),
    Clinician("nakamura", "Keiko Nakamura", "1000000061", "MD", "Physician"),
    Clinician("fournier", "Claire Fournier", "1000000079", "PA-C", "Physician assistant"),
    Clinician("haddad", "Samir Haddad", "1000000087", "MD", "Physician"),
    Clinician("oconnell", "Brigid O'Connell", "1000000095", "NP", "Nurse practitioner"),
    Clinician("varga", "Istvan Varga", "1000000103", "MD", "Physician"),
    Clinician("mensah", "Efua Mensah", "1000000111", "MD", "Physician"),
    Clinician("petersen", "Nils Petersen", "1000000129", "PA-C", "Physician assistant"),
    Clinician("rao", "Meera Rao", "1000000137", "MD", "Physician"),
    Clinician("silva", "Joana Silva", "1000000145", "DO", "Physician"),
    Clinician("kowalski", "Piotr Kowalski", "1000000152", "MD", "Physician"),
    Clinician("begum", "Nadia Begum", "1000000160", "NP", "Nurse practitioner"),
    Clinician("tran", "Linh Tran", "1000000178", "MD", "Physician"),
    Clinician("ashworth", "Helen Ashworth", "1000000186", "MD", "Physician", left=date(2025, 6, 30)),
    Clinician("yilmaz", "Deniz Yilmaz", "1000000194", "MD", "Physician", joined=date(2025, 8, 1)),
)


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient who does not exist.

    Attributes:
        first: first name.
        last: last name.
        born: date of birth as a portal writes it.
        mrn: medical record number.
        phone: number from the range kept free for fiction.
        email: address in a domain kept free for examples.
    """

    first: str
    last: str
    born: str
    mrn: str
    phone: str
    email: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def listed(self) -> str:
        """The name as it stands in a list."""
        return f"{self.last}, {self.first}"


_NAMES = (
    ("Joan", "Samplewood", "03/14/1951"),
    ("Mila", "Testerly", "11/02/1978"),
    ("Walter", "Mockridge", "07/29/1946"),
    ("Rosa", "Exampleton", "01/17/1963"),
    ("Otis", "Fauxhall", "09/05/1959"),
    ("Greta", "Demoway", "05/23/1985"),
    ("Luis", "Specimen", "12/11/1970"),
    ("Harriet", "Fixture", "08/08/1938"),
    ("Amir", "Placeholder", "02/26/1992"),
    ("June", "Trialstone", "10/30/1966"),
    ("Felix", "Dummett-Test", "06/19/1954"),
    ("Nora", "Syntheworth", "04/03/1981"),
)
PATIENTS = tuple(
    Patient(
        first,
        last,
        born,
        f"SYN-{100482 + 137 * place}",
        f"(555) 555-01{23 + 5 * place:02d}",
        f"{first}.{last}@example.com".lower(),
    )
    for place, (first, last, born) in enumerate(_NAMES)
)
