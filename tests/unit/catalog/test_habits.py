"""Everyday statements and related activities name activities of the year."""

import json

import pytest

from mips_desk.catalog.habits import habits, related
from mips_desk.catalog.load import load_catalog
from mips_desk.catalog.rules import load_rules
from mips_desk.paths import resources

CATALOG = load_catalog()


@pytest.mark.parametrize("name", ["habits.json", "related.json"])
def test_the_files_name_activities_that_exist(name: str) -> None:
    for entry in json.loads((resources() / "catalog" / name).read_bytes()):
        assert all(CATALOG.years_of(activity_id) for activity_id in entry["activities"])


@pytest.mark.parametrize("year", CATALOG.years)
def test_statements_of_a_year(year: int) -> None:
    found = habits(CATALOG, load_rules(year))
    assert len(found) >= 20
    assert len({habit.key for habit in found}) == len({habit.says for habit in found}) == len(found)
    for habit in found:
        assert habit.activities
        assert all(CATALOG.activity(year, activity_id) for activity_id in habit.activities)


def test_statements_follow_changed_identifiers() -> None:
    by_key = {habit.key: habit.activities for habit in habits(CATALOG, load_rules(2026))}
    assert by_key["students"] == ("IA_EPA_8",)
    assert "after_hours" not in by_key
    assert "IA_AHE_12" in {habit.key: habit.activities for habit in habits(CATALOG, load_rules(2024))}["food"]


@pytest.mark.parametrize("year", CATALOG.years)
def test_related_activities(year: int) -> None:
    rules = load_rules(year)
    for activity in CATALOG.activities(year):
        found = related(activity.id, CATALOG, rules)
        assert activity.id not in found
        assert len(set(found)) == len(found)
        assert all(CATALOG.activity(year, other) for other in found)
    assert "IA_CC_13" in related("IA_BE_4", CATALOG, rules)
    assert "IA_BE_4" in related("IA_CC_13", CATALOG, rules)
