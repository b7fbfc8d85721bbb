"""The submission file against the schema that was written from CMS's constraints."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from mips_desk.binder.submission import FIRST_YEAR, Submission
from mips_desk.domain.practice import Level, Track, npi_is_valid
from mips_desk.errors import BadInputError
from mips_desk.paths import resources

SCHEMA = json.loads((resources() / "schemas" / "qpp-ia-submission.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
NPI = "1234567893"


def one(**other: Any) -> Submission:
    """Return the example of the rule book (R7.4), changed as wanted."""
    facts: dict[str, Any] = {
        "year": 2025,
        "level": Level.GROUP,
        "track": Track.TRADITIONAL,
        "start": date(2025, 2, 1),
        "end": date(2025, 9, 30),
        "activity_ids": ("IA_BE_4", "IA_PM_11"),
        "tin": "00-0123456",
    }
    return Submission(**(facts | other))


def errors(document: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(document)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_it_is_the_example_of_the_rule_book() -> None:
    wanted = {
        "entityType": "group",
        "taxpayerIdentificationNumber": "000123456",
        "performanceYear": 2025,
        "measurementSets": [
            {
                "category": "ia",
                "submissionMethod": "registry",
                "programName": "mips",
                "performanceStart": "2025-02-01",
                "performanceEnd": "2025-09-30",
                "measurements": [{"measureId": "IA_BE_4", "value": True}, {"measureId": "IA_PM_11", "value": True}],
            }
        ],
    }
    assert json.loads(one().as_bytes()) == wanted
    assert errors(wanted) == []


def test_it_is_the_same_bytes_each_time() -> None:
    assert one().as_bytes() == one().as_bytes()
    assert one().as_bytes().endswith(b"}\n")


texts = st.text(max_size=12)


@given(
    year=st.integers(2017, 2030),
    level=st.sampled_from(Level),
    track=st.sampled_from(Track),
    days=st.tuples(st.dates(date(2016, 1, 1), date(2031, 1, 1)), st.dates(date(2016, 1, 1), date(2031, 1, 1))),
    in_year=st.booleans(),
    activities=st.lists(st.sampled_from(["IA_BE_4", "IA_PCMH", "IA_CC_13", "IA_EPA_1"]), max_size=4),
    tin=st.sampled_from(["123456789", "12-3456789", "", "12345678"]) | texts,
    npi=st.sampled_from([NPI, "", "1234567890"]) | texts,
    entity_id=st.sampled_from(["SG-00000001", "A1234", ""]) | texts,
    mvp_id=st.sampled_from(["G0053", "M0001", ""]) | texts,
)
def test_what_is_accepted_fits_the_schema_and_nothing_else_is_accepted(
    year: int,
    level: Level,
    track: Track,
    days: tuple[date, date],
    in_year: bool,
    activities: list[str],
    tin: str,
    npi: str,
    entity_id: str,
    mvp_id: str,
) -> None:
    start, end = (date(year, 2, 1), date(year, 8, 1)) if in_year else days
    try:
        made = Submission(year, level, track, start, end, tuple(activities), tin, npi, entity_id, mvp_id)
    except BadInputError:
        return
    document = json.loads(made.as_bytes())
    assert errors(document) == []
    (only,) = document["measurementSets"]
    assert [each["measureId"] for each in only["measurements"]] == activities
    assert year >= FIRST_YEAR[level]
    assert "nationalProviderIdentifier" not in document or npi_is_valid(document["nationalProviderIdentifier"])


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"tin": ""}, "TIN"),
        ({"level": Level.INDIVIDUAL}, "NPI"),
        ({"level": Level.INDIVIDUAL, "npi": "1234567890"}, "NPI"),
        ({"level": Level.VIRTUAL_GROUP}, "Virtual group"),
        ({"level": Level.APM_ENTITY, "entity_id": "A 1"}, "APM Entity"),
        ({"level": Level.SUBGROUP, "entity_id": "SG-00000001"}, "MVP"),
        ({"track": Track.MVP}, "G0053"),
        ({"track": Track.MVP, "mvp_id": "G0053", "year": 2022}, "2023"),
        ({"track": Track.APP, "year": 2020}, "2021"),
        ({"track": Track.APM_SCORING_STANDARD}, "nothing to submit"),
        ({"level": Level.VIRTUAL_GROUP, "year": 2017, "entity_id": "V1"}, "2017"),
        ({"activity_ids": ()}, "At least one"),
        ({"activity_ids": ("IA_BE_4", "IA_BE_4")}, "each once"),
        ({"end": date(2026, 1, 1)}, "do not lie in 2025"),
        ({"start": date(2025, 10, 1)}, "do not lie in 2025"),
    ],
)
def test_what_cms_would_refuse_is_refused_in_one_sentence(facts: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInputError, match=says) as refused:
        one(**facts)
    assert str(refused.value).endswith("No submission file was written.")


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("entityType", "practice"),
        ("taxpayerIdentificationNumber", "12-3456789"),
        ("performanceYear", "2025"),
        ("measurementSets", []),
        ("nationalProviderIdentifier", NPI),
        ("entityId", "SG-1"),
        ("tin", "123456789"),
    ],
)
def test_the_schema_refuses_what_cms_refuses(change: str, value: Any) -> None:
    assert errors(one().as_json() | {change: value})
