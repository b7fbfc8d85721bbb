"""The facts format refuses what it does not understand, with one sentence that names it."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.catalog.facts import answer
from mips_desk.errors import BadInputError


def ask(**facts: Any) -> dict[str, Any]:
    result = json.loads(answer(json.dumps(facts).encode()))
    assert isinstance(result, dict)
    return result


def score_of(**activity: Any) -> dict[str, Any]:
    return ask(year=activity.pop("year", 2024), activities=[{"id": "IA_BE_4", **activity}])


def refusal(data: bytes) -> str:
    with pytest.raises(BadInputError) as caught:
        answer(data)
    text = str(caught.value)
    assert "\n" not in text
    assert len(text) < 300
    return text


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"year": 2024, "colour": 1}, ["colour"]),
        ({"year": 2024, "facts": {"npis": 3}}, ["npis", "facts"]),
        ({"year": 2024, "activities": [{"id": "IA_BE_4", "wieght": "high"}]}, ["wieght"]),
        ({"year": 2024, "kind": "score"}, ["kind", "score"]),
        ({}, ["year"]),
        ({"year": 2016}, ["year", "2016"]),
        ({"year": 2028}, ["year", "2028"]),
        ({"year": "2024"}, ["year", "2024"]),
        ({"year": 2024.0}, ["year", "2024.0"]),
        ({"year": True}, ["year", "true"]),
        ({"year": 2024, "pathway": "Traditional"}, ["pathway", "Traditional"]),
        ({"year": 2022, "pathway": "mvp"}, ["pathway", "mvp", "2022"]),
        ({"year": 2020, "pathway": "app"}, ["pathway", "app", "2020"]),
        ({"year": 2021, "pathway": "apm_scoring_standard"}, ["pathway", "2021"]),
        ({"year": 2024, "level": "team"}, ["level", "team"]),
        ({"year": 2024, "special_status": ["large"]}, ["special_status", "large"]),
        ({"year": 2024, "special_status": "rural"}, ["special_status", "rural"]),
        ({"year": 2024, "activities": {"id": "IA_BE_4"}}, ["activities"]),
        ({"year": 2024, "activities": ["IA_BE_4"]}, ["activity"]),
        ({"year": 2024, "activities": [{}]}, ["id"]),
        ({"year": 2024, "activities": [{"id": "BE_4"}]}, ["BE_4"]),
        ({"year": 2024, "activities": [{"id": "IA_BE_4\n"}]}, ["IA_BE_4"]),
        ({"year": 2024, "activities": [{"id": "IA_BE_4", "weight": "low"}]}, ["weight", "low"]),
        ({"year": 2024, "activities": [{"id": "IA_BE_4", "weight": "high"}]}, ["weight", "high", "IA_BE_4", "medium"]),
        ({"year": 2025, "activities": [{"id": "IA_BE_4", "weight": "medium"}]}, ["weight", "medium", "2025"]),
        ({"year": 2024, "activities": [{"id": "IA_PCMH", "weight": "high"}]}, ["weight", "IA_PCMH"]),
        ({"year": 2024, "activities": [{"id": "IA_BE_4", "last_reported_year": 2024}]}, ["last_reported_year", "2024"]),
        ({"year": 2024, "activities": [{"id": "IA_BE_4", "npis_performing": -1}]}, ["npis_performing", "-1"]),
        ({"year": 2024, "activities": [{"id": "IA_BE_4", "gap": "no"}]}, ["gap", "no"]),
        (
            {"year": 2024, "facts": {"npis_total": 3}, "activities": [{"id": "IA_BE_4", "npis_performing": 4}]},
            ["npis_performing", "4", "npis_total", "3"],
        ),
        ({"year": 2024, "facts": {"npis_total": 0}}, ["npis_total", "0"]),
        ({"year": 2024, "facts": {"missing_categories": ["aci"]}}, ["missing_categories", "aci"]),
        ({"year": 2024, "facts": {"apm_participant": 1}}, ["apm_participant", "1"]),
        ({"year": 2024, "facts": {"pcmh_sites_total": 2, "pcmh_sites_recognised": 3}}, ["pcmh_sites_recognised", "3"]),
        ({"year": 2024, "facts": {"mvp_id": "G0056"}}, ["mvp_id", "G0056"]),
        ({"year": 2024, "pathway": "mvp", "facts": {"mvp_id": "G9999"}}, ["mvp_id", "G9999"]),
        ({"year": 2024, "facts": []}, ["facts"]),
        ({"year": 2024, "input": {}}, ["input"]),
        ({"year": 2024, "id": 7}, ["id", "7"]),
        ({"year": 2024, "kind": "last_start", "input": {"days": 367}}, ["days", "367"]),
        ({"year": 2025, "kind": "last_start", "input": {"days": 0}}, ["days", "0"]),
        ({"year": 2025, "kind": "audit_due", "input": {}}, ["request_date"]),
        ({"year": 2025, "kind": "audit_due", "input": {"request_date": "2027-02-30"}}, ["2027-02-30"]),
        ({"year": 2025, "kind": "retention", "input": {"years": 6}}, ["years"]),
        ({"year": 2017, "kind": "cehrt_bonus", "input": {"activities": ["x"]}}, ["activities", "x"]),
        ({"year": 2017, "kind": "secure_messaging", "input": {"numerator": 3}}, ["denominator"]),
        ({"year": 2017, "kind": "secure_messaging", "input": {"numerator": 3, "denominator": 2}}, ["3", "2"]),
        ({"year": 2017, "kind": "secure_messaging", "input": {"clinicians": [[1, 2, 3]]}}, ["clinicians"]),
        (
            {"year": 2017, "kind": "secure_messaging", "input": {"clinicians": [[1, 2]], "numerator": 1}},
            ["numerator"],
        ),
    ],
    ids=lambda value: json.dumps(value)[:60] if isinstance(value, dict) else "",
)
def test_refused_with_the_name(facts: dict[str, Any], named: list[str]) -> None:
    text = refusal(json.dumps(facts).encode())
    assert all(name in text for name in named), text


@pytest.mark.parametrize(
    "day", ["2024-02-30", "2024-2-3", "20240203", "2024-W05-1", "02/03/2024", "2024-02-03T00:00:00", 20240203, ""]
)
def test_only_real_iso_dates(day: object) -> None:
    text = refusal(json.dumps({"year": 2024, "activities": [{"id": "IA_BE_4", "start": day, "end": day}]}).encode())
    assert "start" in text


def test_a_period_has_two_ends_in_order() -> None:
    assert "end" in refusal(b'{"year": 2024, "activities": [{"id": "IA_BE_4", "start": "2024-01-01"}]}')
    assert "start" in refusal(b'{"year": 2024, "activities": [{"id": "IA_BE_4", "end": "2024-01-01"}]}')
    assert "2024-01-01" in refusal(
        b'{"year": 2024, "activities": [{"id": "IA_BE_4", "start": "2024-02-01", "end": "2024-01-01"}]}'
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"year: 2024",
        b"\xff\xfe\x00",
        b'{"year": NaN}',
        b'{"year": Infinity}',
        b'{"year": 1e400}',
        b'{"year": ' + b"9" * 5000 + b"}",
        b'{"year": 2024, "year": 2025}',
        b"[" * 100_000,
        b'{"year": 2024, "facts": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
        b"null",
        b"3",
        b'"text"',
        b"[1]",
        b"[[]]",
        b"[" + b"{}," * 10_001 + b"{}]",
        b" " * 5_000_000,
    ],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_facts_at_all(data: bytes) -> None:
    refusal(data)


def answered_or_refused(data: bytes) -> None:
    """Any other exception fails the test."""
    with contextlib.suppress(BadInputError):
        answer(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_answered_or_refused(data: bytes) -> None:
    answered_or_refused(data)


KEYS = ("id", "kind", "pathway", "level", "special_status", "activities", "facts", "input")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.fixed_dictionaries(
        {"year": st.just(2024) | json_values},
        optional=dict.fromkeys(KEYS, json_values),
    )
)
def test_any_values_are_answered_or_refused(facts: dict[str, object]) -> None:
    answered_or_refused(json.dumps(facts).encode())


def test_an_error_in_a_list_names_the_object() -> None:
    assert refusal(b'[{"year": 2024}, {"year": 1999}]').startswith("Object 2 of the list: ")


def test_an_empty_list_is_an_empty_list() -> None:
    assert json.loads(answer(b"[]")) == []


def test_absent_and_null_are_the_same() -> None:
    nothing = dict.fromkeys(("kind", "id", "pathway", "level", "special_status", "activities", "facts"))
    assert ask(year=2024, **nothing) == ask(year=2024)
    assert score_of(weight=None, start=None, end=None, gap=None) == score_of()


def test_a_byte_order_mark_is_accepted() -> None:
    assert json.loads(answer(b'\xef\xbb\xbf{"year": 2024}'))["ia_points"] == 0


def test_a_weight_is_not_checked_where_the_activity_does_not_exist() -> None:
    got = ask(year=2022, activities=[{"id": "IA_PSPA_30", "weight": "medium"}])
    assert got["not_credited"][0]["rule"] == "R9.4"


def test_numbers_and_shape_of_an_answer() -> None:
    got = score_of()
    assert set(got) == {
        "credited",
        "ia_points",
        "percent",
        "category_weight",
        "contribution",
        "trace",
        "not_credited",
    }
    assert (got["ia_points"], got["percent"], got["category_weight"], got["contribution"]) == (10, 25.0, 15, 3.75)
    assert {"rule", "text", "activity", "points"} <= set(got["trace"][0])


def test_the_mvp_list_is_checked_when_the_mvp_is_known() -> None:
    facts = {"year": 2024, "pathway": "mvp", "activities": [{"id": "IA_BE_4"}, {"id": "IA_PSPA_1"}]}
    assert ask(**facts)["credited"] == ["IA_BE_4", "IA_PSPA_1"]
    got = ask(**facts, facts={"mvp_id": "G0053"})
    assert got["credited"] == ["IA_BE_4"]
    assert got["not_credited"][0]["rule"] == "R1.8"


@pytest.mark.parametrize(("met", "points"), [(True, 8), (False, 0), (None, 8)])
def test_secure_messaging_needs_the_base_score(met: bool | None, points: int) -> None:
    given = {"numerator": 40, "denominator": 50, "base_score_met": met}
    assert ask(year=2018, kind="secure_messaging", input=given) == {"percentage_points": points}


def test_cehrt_bonus_ends_with_2018() -> None:
    for year, bonus in ((2017, 10), (2018, 10), (2019, 0), (2025, 0)):
        assert ask(year=year, kind="cehrt_bonus", input={"activities": ["IA_BE_4"]}) == {"bonus": bonus}
    assert ask(year=2017, kind="cehrt_bonus", input={"activities": ["IA_BE_14"]}) == {"bonus": 0}
    assert ask(year=2017, kind="cehrt_bonus") == {"bonus": 0}


def test_a_provisional_year_says_so() -> None:
    got = ask(year=2027, activities=[{"id": "IA_BE_4"}])
    assert got["ia_points"] == 20
    assert "not final" in got["trace"][0]["text"]
    assert got["trace"][0]["uncertain"]
