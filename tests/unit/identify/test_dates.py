from datetime import date

import pytest

from mips_desk.identify.dates import dates_in
from mips_desk.identify.patterns import dates

from .page import words_of


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3/14/2026", date(2026, 3, 14)),
        ("03-14-2026", date(2026, 3, 14)),
        ("3/14/26", date(2026, 3, 14)),
        ("2026-03-14", date(2026, 3, 14)),
        ("14-Mar-2026", date(2026, 3, 14)),
        ("Mar 14, 2026", date(2026, 3, 14)),
        ("March14,2026", date(2026, 3, 14)),
        ("the 14th of March 2026", date(2026, 3, 14)),
        ("20-Mar-20252:12AM", date(2025, 3, 20)),
        ("3/14/62", date(1962, 3, 14)),
        ("2/30/2026", None),
    ],
)
def test_dates_as_portals_write_them(text: str, day: date | None) -> None:
    assert [found for _, _, found in dates(text)] == [day]


@pytest.mark.parametrize("text", ["24/7", "120/80", "1.2.3", "10-20 mg", "98.6", "555-0199", "40/40/2026"])
def test_numbers_that_are_no_dates(text: str) -> None:
    assert list(dates(text)) == []


def test_the_pictures_own_date_comes_first_and_birth_last() -> None:
    words = words_of(
        [
            [(20, "DOB: 02-01-1952"), (600, "Visit 03/02/2026")],
            [(20, "Report 1"), (600, "Printed 11/13/2026")],
            [(20, "Birth date"), (600, "Name")],
            [(20, "7/13/1965"), (600, "Ann")],
        ]
    )
    found = dates_in(words)
    assert [each.day for each in found] == [date(2026, 11, 13), date(2026, 3, 2), date(1952, 2, 1), date(1965, 7, 13)]
    assert [each.birth for each in found] == [False, False, True, True]
    assert words[found[0].word].text == "11/13/2026"
    assert "Printed" not in found[1].why
