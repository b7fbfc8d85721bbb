"""Deadlines, Secure Messaging and the CEHRT bonus."""

from datetime import date
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.catalog.load import load_catalog
from mips_desk.catalog.rules import load_rules
from mips_desk.domain.deadlines import audit_due, last_start_of, months_end
from mips_desk.domain.messaging import cehrt_bonus, secure_messaging_points


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2025, 1, 1), 6, date(2025, 6, 30)),
        (date(2025, 7, 1), 6, date(2025, 12, 31)),
        (date(2025, 7, 2), 6, date(2026, 1, 1)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 12, 15), 1, date(2026, 1, 14)),
    ],
)
def test_full_months(start: date, months: int, end: date) -> None:
    assert months_end(start, months) == end


@given(st.dates(date(2017, 1, 1), date(2030, 12, 31)), st.integers(1, 24))
def test_months_have_28_to_31_days_each(start: date, months: int) -> None:
    days = (months_end(start, months) - start).days + 1
    assert 28 * months <= days <= 31 * months


@pytest.mark.parametrize(
    ("activity_id", "day"),
    [
        ("IA_BE_4", date(2024, 10, 3)),
        ("IA_ERP_2", date(2024, 11, 2)),
        ("IA_ERP_1", date(2024, 7, 1)),
        ("IA_PSPA_23", None),
    ],
)
def test_last_start_of_an_activity(activity_id: str, day: date | None) -> None:
    assert last_start_of(activity_id, load_rules(2024)) == day


def test_an_auditor_is_answered_in_45_days() -> None:
    assert audit_due(date(2024, 10, 15), load_rules(2023)) == date(2024, 11, 29)
    assert audit_due(date(2024, 2, 1), load_rules(2021)) == date(2024, 3, 17), "a leap day is a day"


@given(st.integers(0, 500).flatmap(lambda patients: st.tuples(st.integers(0, patients), st.just(patients))))
def test_secure_messaging_is_a_point_for_each_started_tenth(counts: tuple[int, int]) -> None:
    numerator, denominator = counts
    points = secure_messaging_points(numerator, denominator, load_rules(2017))
    assert points == (ceil(10 * numerator / denominator) if numerator else 0)
    assert secure_messaging_points(numerator, denominator, load_rules(2018), base_score_met=False) == 0
    assert secure_messaging_points(numerator, denominator, load_rules(2019)) is None


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 5), (6, 5), (0, -1)])
def test_impossible_counts(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="numerator"):
        secure_messaging_points(numerator, denominator, load_rules(2017))


def test_cehrt_bonus_is_given_once_and_by_year() -> None:
    catalog = load_catalog()

    def bonus(year: int, *ids: str) -> int:
        return cehrt_bonus(ids, load_rules(year), catalog.inventory(year))

    assert bonus(2017, "IA_BE_4", "IA_PM_13") == 10
    assert (bonus(2017, "IA_BE_14"), bonus(2018, "IA_BE_14"), bonus(2019, "IA_BE_14")) == (0, 10, 0)
    assert bonus(2017) == bonus(2017, "IA_XX_1") == 0
