"""Identifiers of practices and clinicians."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.domain.practice import Clinician, mask_tin, npi_is_valid, tin_is_valid

digits = st.text("0123456789", min_size=9, max_size=9)


def luhn_sum(number: str) -> int:
    """The plain textbook form, over the whole number with its prefix."""
    return sum(
        int(digit) if place % 2 == 0 else sum(map(int, str(2 * int(digit))))
        for place, digit in enumerate(reversed(number))
    )


@given(st.sampled_from("12"), st.text("0123456789", min_size=9, max_size=9))
def test_npi_check_digit_is_luhn_over_the_number_with_prefix_80840(first: str, rest: str) -> None:
    npi = first + rest
    assert npi_is_valid(npi) == (luhn_sum("80840" + npi) % 10 == 0)


@given(st.sampled_from("12"), st.text("0123456789", min_size=8, max_size=8))
def test_exactly_one_check_digit_fits(first: str, middle: str) -> None:
    assert sum(npi_is_valid(first + middle + last) for last in "0123456789") == 1


@given(st.text(max_size=12))
def test_other_texts_are_no_npi(text: str) -> None:
    if npi_is_valid(text):
        assert len(text) == 10
        assert set(text) <= set("0123456789")


@pytest.mark.parametrize(
    ("npi", "valid"),
    [
        ("1234567893", True),  # the example of CMS's own description of the check digit
        ("1234567890", False),
        ("3234567893", False),
        ("123456789", False),
        (" 1234567893", False),
        ("１２３４５６７８９３", False),
        ("", False),
    ],
)
def test_npi_examples(npi: str, valid: bool) -> None:
    assert npi_is_valid(npi) is valid


@given(digits)
def test_tin_with_and_without_hyphen(tin: str) -> None:
    assert tin_is_valid(tin)
    assert tin_is_valid(f"{tin[:2]}-{tin[2:]}")
    assert not tin_is_valid(f"{tin[:3]}-{tin[3:]}")
    assert mask_tin(f"{tin[:2]}-{tin[2:]}") == mask_tin(tin) == "•••••" + tin[5:]


@pytest.mark.parametrize("tin", ["", "12-34567-9", "12345678", "1234567890", "12345678a", "１２３４５６７８９"])
def test_what_is_no_tin(tin: str) -> None:
    assert not tin_is_valid(tin)


def test_no_tin_shows_nothing() -> None:
    assert mask_tin("") == ""


def test_a_clinician_belongs_to_the_years_with_a_day_in_the_practice() -> None:
    clinician = Clinician("1", "Abena Osei", credential="MD", joined=date(2023, 12, 31), left=date(2025, 1, 1))
    assert [year for year in range(2021, 2028) if clinician.belongs_to(year)] == [2023, 2024, 2025]
    assert clinician.shown_name == "Abena Osei, MD"
    assert all(Clinician("2", "Ada Brown").belongs_to(year) for year in (2017, 2026))
