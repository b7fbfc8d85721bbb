"""From words to proposals, on pages written out here."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mips_desk.identify.kinds import Kind
from mips_desk.identify.proposals import propose

from .page import HEIGHT, found_in, texts, words_of


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("Patient: Lopez, Maria T", Kind.NAME, "Lopez, Maria T"),
        ("Re: Thị Hoàng", Kind.NAME, "Thị Hoàng"),
        ("Mailing address: 12 Elm Street, Springfield", Kind.GEOGRAPHIC, "12 Elm Street, Springfield"),
        ("DOB: 02-01-1952", Kind.DATE, "02-01-1952"),
        ("Born March 2, 1995", Kind.DATE, "March 2, 1995"),
        ("93 years, Female", Kind.DATE, "93"),
        ("Cell: +1 773 921 4601", Kind.PHONE, "+1 773 921 4601"),
        ("Fax (832)307-0741", Kind.FAX, "(832)307-0741"),
        ("write to maria.lopez@example.com please", Kind.EMAIL, "maria.lopez@example.com"),
        ("SSN: ***-**-4821", Kind.SSN, "***-**-4821"),
        ("MRN # 00436508", Kind.MRN, "00436508"),
        ("Member ID: ARK215420735", Kind.HEALTH_PLAN, "ARK215420735"),
        ("Acct no. A-5510233", Kind.ACCOUNT, "A-5510233"),
        ("Driver's license: F832-5127-7151", Kind.LICENSE, "F832-5127-7151"),
        ("License plate 7ABC 123", Kind.VEHICLE, "7ABC 123"),
        ("Pacemaker serial no. SN-22931188", Kind.DEVICE, "SN-22931188"),
        ("see https://my.example.org/u/maria88", Kind.URL, "https://my.example.org/u/maria88"),
        ("Signed in from 140.138.196.146 today", Kind.IP, "140.138.196.146"),
        ("Voiceprint ID VP-787357", Kind.BIOMETRIC, "VP-787357"),
        ("Case no. CS-5522110", Kind.OTHER, "CS-5522110"),
        ("Lake Rhonda, HI 01308-1234", Kind.GEOGRAPHIC, "Lake Rhonda, HI 01308-1234"),
    ],
)
def test_each_kind_beside_its_label_or_by_its_looks(line: str, kind: Kind, text: str) -> None:
    assert (kind.value, text) in texts([(20, line)])


def test_every_kind_is_proposed_somewhere() -> None:
    """The photo is found in pixels, all others above."""
    marks = test_each_kind_beside_its_label_or_by_its_looks.pytestmark  # type: ignore[attr-defined]
    assert {case[1] for case in marks[0].args[1]} | {Kind.PHOTO} == set(Kind)


@pytest.mark.parametrize(
    "line",
    [
        "54 years, Female", "Lab Results", "Blood pressure 120/80 mmHg", "Refill Lisinopril 10 mg",
        "Patient Education Library", "Name", "Version 12.4.1", "9:30 AM", "Total $1,204.50", "Date", "Page 1 of 12",
        "Allergies: None known", "Status: Confirmed", "Patient: N/A",
    ],
)  # fmt: skip
def test_what_identifies_nobody_is_left_alone(line: str) -> None:
    assert texts([(20, line)]) == set()


def test_values_below_their_labels() -> None:
    found = texts(
        [(20, "First name"), (500, "Last name"), (900, "ZIP code")],
        [(20, "Xochitl"), (500, "Nwachukwu-Eze"), (900, "18431")],
        [(20, "Preferred language"), (500, "Phone number"), (900, "State")],
        [(20, "Spanish"), (500, "334-372-2465"), (900, "VT")],
    )
    assert found == {
        ("name", "Xochitl"), ("name", "Nwachukwu-Eze"), ("geographic", "18431"), ("phone", "334-372-2465"),
    }  # fmt: skip


def test_a_column_is_one_whatever_its_cells_look_like() -> None:
    rows = [
        [(20, "Patient"), (400, "Reason"), (700, "DOB")],
        [(20, "LOPEZ, MARIA"), (400, "Flu shot"), (700, "5/4/1931")],
        [(20, "xx Qwzrt"), (400, "Follow-up"), (700, "7/13/1965")],
        [(20, "Bartek Dynia"), (400, "New Patient"), (700, "10/21/2012")],
    ]
    found = found_in(*rows)
    names = [each for each in found if each.kind is Kind.NAME]
    dates = [each for each in found if each.kind is Kind.DATE]
    assert [each.text for each in names] == ["LOPEZ, MARIA", "xx Qwzrt", "Bartek Dynia"]
    assert {each.column for each in names} == {names[0].column} != {""}
    assert {each.column for each in dates} == {dates[0].column} != {names[0].column}
    assert {each.why for each in names} == {"under the column header “Patient”"}
    assert names[0].column_title == "Patient"
    assert len(found) == 6


def test_ages_in_a_column_only_over_89() -> None:
    rows = [[(20, "Patient"), (400, "Age")]] + [[(20, "Ann Lee"), (400, age)] for age in ("88", "89", "90", "101")]
    assert {text for kind, text in texts(*rows) if kind == "date"} == {"90", "101"}


def test_ages_under_a_header_of_two_lines() -> None:
    rows = [[(400, "AGE")], [(20, "PATIENT"), (400, "(YEARS)")]]
    rows += [[(20, "Ann Lee"), (400, age)] for age in ("42", "96")]
    assert {text for kind, text in texts(*rows) if kind == "date"} == {"96"}


def close(*rows: list[tuple[int, str]]) -> set[tuple[str, str]]:
    """Rows as near to each other as the lines of a paragraph."""
    words = [replace(word, y=word.y * 3 // 5) for word in words_of(rows)]
    return {(each.kind.value, each.text) for each in propose(words, (), 2000, 2000)}


def test_values_that_go_on_in_the_next_line() -> None:
    found = close(
        [(20, "Address line 1: 81672 Brown")], [(20, "Corners Suite 159")], [(20, "SSN: 133-31-")], [(20, "4980")],
        [(20, "Sleep study")],
    )  # fmt: skip
    assert {text for _, text in found} == {"81672 Brown", "Corners Suite 159", "133-31-", "4980"}
    # The next label is no part of an address.
    assert close([(20, "Address: 9 Elm St")], [(20, "Pharmacy")]) == {("geographic", "9 Elm St")}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Referral to Cardiology - SARIN, JOSHUA M I need the form", "SARIN, JOSHUA M"),
        ("Medication question for Quang Hoàng I need the form", "Quang Hoàng"),
        ("Sleep study - House, Trevor The rash is gone", "House, Trevor"),
        ("Thank you for Ngc Phm Please refill", "Ngc Phm"),
        ("Please send it. My mother Qskar can pick it up.", "Qskar"),
        ("Given name: lvan", "lvan"),
        ("Midde ntial: T", "T"),
        ("please call LOPEZ,MARIA about it", "LOPEZ,MARIA"),
    ],
)
def test_names_in_running_text_and_names_read_badly(line: str, name: str) -> None:
    assert texts([(20, line)]) == {("name", name)}


def test_words_in_cells_and_menus_are_no_labels() -> None:
    rows = [[(20, "Patient"), (400, "Date"), (700, "Sent by"), (1000, "Subject"), (1500, "Status")]]
    rest = [(400, "11/17/2026"), (700, "Patient"), (1000, "Cough at night"), (1500, "Seen by nurse")]
    rows += [[(20, name), *rest] for name in ("Exampleton, Rosa", "Mockridge, Walter", "Demoway, Greta")]
    assert {text for _, text in texts(*rows)} == {
        "Exampleton, Rosa", "Mockridge, Walter", "Demoway, Greta", "11/17/2026",
    }  # fmt: skip
    assert texts([(20, "Patients")], [(20, "Programs")], [(20, "Education")]) == set()


def test_dates_and_numbers_that_are_broken_at_a_hyphen() -> None:
    found = close([(20, "12-May-"), (300, "(688)447-")], [(20, "2013"), (300, "2967")])
    assert {text for _, text in found} == {"12-May-", "2013", "(688)447-", "2967"}
    # Nothing of what stands below by chance.
    assert close([(20, "Follow-")], [(20, "2013")]) == set()


def test_states_of_appointments_do_not_end_a_table() -> None:
    rows = [[(20, "Family name"), (400, "Start"), (700, "MRN"), (1000, "Status"), (1300, "Sent")]]
    rest = [(400, "9:30 AM"), (1000, "Scheduled"), (1300, "Received")]
    rows += [[(20, name), *rest, (700, "00436508")] for name in ("Qwzrt", "Xochi", "Zfgh")]
    assert {text for kind, text in texts(*(sorted(row) for row in rows)) if kind == "name"} == {
        "Qwzrt",
        "Xochi",
        "Zfgh",
    }


def test_initials_that_look_like_a_label() -> None:
    assert ("name", "IP") in texts([(20, "IP"), (60, "Polakiewicz, Ignacy")])


@pytest.mark.parametrize("number", ["+1 801795 5720", "(801)7955720", "801795-5720", "801-7955720"])
def test_phone_numbers_that_lost_a_space(number: str) -> None:
    assert ("phone", number) in texts([(20, f"You can call me at {number} today")])


def test_the_name_in_the_banner_and_wherever_it_stands_again() -> None:
    found = texts(
        [(20, "Żaneta Qwirk"), (400, "54 y, Female"), (700, "MRN: 0362962")],
        [(20, "We called Qwirk twice about the form")],
        [(20, "Hello Żaneta,")],
    )
    assert found == {("name", "Żaneta Qwirk"), ("mrn", "0362962"), ("name", "Qwirk"), ("name", "Żaneta,")}


def test_letters() -> None:
    found = texts(
        [(20, "From: Indali Bali"), (400, "To: Dr. Solis")],
        [(20, "Dear Dr. Solis,")],
        [(20, "My husband Carlos can pick it up.")],
        [(20, "Best,")],
        [(20, "Indali")],
    )
    assert {("name", "Indali Bali"), ("name", "Carlos"), ("name", "Indali")} <= found


def test_staff_ranks_below_patients() -> None:
    found = {
        each.text: each.score for each in found_in([(20, "Patient: Ann Lee")], [(20, "Provider: Sarah Obrien, MD")])
    }
    assert found["Sarah Obrien, MD"] < found["Ann Lee"]


def test_recent_patients_and_badges() -> None:
    found = texts([(20, "Recent patients")], [(20, "LÉGER,")], [(20, "DEEP, OM")])
    assert found == {("name", "LÉGER,"), ("name", "DEEP, OM")}
    rows = [[(20, "JW"), (60, "Jeffery Wells")], [(20, "FM"), (60, "Frank Moore")], [(60, "Lisa Peterson")]]
    badges = [each for each in found_in(*rows) if "others have a badge" in each.why]
    assert [(each.y < 100 < each.y + each.height, each.x < 30) for each in badges] == [(True, True)]


def test_boxes_are_padded_and_inside_the_picture() -> None:
    words = words_of([[(0, "MRN: 0362962")]])
    (found,) = propose(words, (), 105, 31)
    value = words[1]
    assert value.x - found.x >= 3 == round(0.15 * HEIGHT)
    assert (found.x + found.width, found.y + found.height) == (105, 31)


def test_offsets_are_counted_in_code_points() -> None:
    """Marks beyond the first plane, curly quotes and joined accents before a value do not move its box."""
    for before in ("😀😀", "“Zoë”", "e\u0301e\u0301"):
        words = words_of([[(20, f"{before} MRN: 0362962 ok")]])
        (found,) = propose(words, (), 2000, 100)
        assert found.text == "0362962"
        assert found.x <= words[2].x
        assert words[2].x + words[2].width <= found.x + found.width < words[3].x + 5


def test_nothing_read_is_in_a_reason_or_a_repr() -> None:
    for each in found_in([(20, "Patient: Lopez, Maria"), (600, "DOB: 02-01-1952")], [(20, "Hello Maria,")]):
        assert "Maria" not in each.why + repr(each)
        assert "1952" not in each.why + repr(each)


CELL = st.tuples(st.integers(0, 1500), st.text(min_size=1, max_size=30).map(lambda text: " ".join(text.split()) or "x"))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=6))
def test_any_words_give_boxes_inside_the_picture(rows: list[list[tuple[int, str]]]) -> None:
    for each in propose(words_of(rows), ((5, 5, 30, 30),), 2000, 400):
        assert 0 <= each.x < each.x + each.width <= 2000
        assert 0 <= each.y < each.y + each.height <= 400
        assert 0 < each.score <= 1
        assert each.why
