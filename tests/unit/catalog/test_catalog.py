"""The catalog says what CMS's data says, and has guidance for every activity of every year."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from mips_desk.catalog.load import load_catalog
from mips_desk.catalog.rules import load_rules
from mips_desk.domain.activity import PeriodKind, Weight
from mips_desk.paths import resources

FACTS = Path(__file__).parents[2] / "data" / "ia_facts.csv"
CATALOG = load_catalog()
YEARS = tuple(range(2017, 2027))
EVERY = [activity for year in YEARS for activity in CATALOG.activities(year)]


def test_the_years() -> None:
    assert CATALOG.years == (*YEARS, 2027)
    assert CATALOG.activities(2016) == CATALOG.activities(2028) == ()
    assert [CATALOG.inventory_year(year) for year in YEARS] == list(YEARS)


def test_a_provisional_year_borrows_the_list_of_the_year_before() -> None:
    assert load_rules(2027).provisional
    assert CATALOG.inventory_year(2027) == load_rules(2027).inventory_year == 2026
    assert [(a.id, a.title, a.guidance, a.mvp_ids) for a in CATALOG.activities(2027)] == [
        (a.id, a.title, a.guidance, a.mvp_ids) for a in CATALOG.activities(2026)
    ]
    assert {a.year for a in CATALOG.activities(2027)} == {mvp.year for mvp in CATALOG.mvps(2027)} == {2027}
    assert CATALOG.links(2027) == CATALOG.links(2026)
    assert CATALOG.years_of("IA_PM_27") == (2026, 2027)


def test_facts_are_those_of_cms() -> None:
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = {
            (row["activity_id"], int(row["performance_year"])): (
                row["title"],
                row["weight"],
                row["subcategory"],
                row["cehrt_eligible"] == "True",
                int(row["first_year"]),
            )
            for row in csv.DictReader(file)
        }
    mine = {
        (a.id, a.year): (a.title, a.weight or "", a.subcategory or "", a.cehrt_eligible, a.first_year) for a in EVERY
    }
    assert mine == rows
    assert len(mine) == 1048
    assert len({activity_id for activity_id, _ in mine}) == 152


def test_natural_order() -> None:
    ids = [activity.id for activity in CATALOG.activities(2024)]
    assert ids.index("IA_BE_4") < ids.index("IA_BE_12") < ids.index("IA_BMH_2") < ids.index("IA_BMH_10")
    assert ids.index("IA_BE_1") < ids.index("IA_BE_3")


def test_look_up() -> None:
    found = CATALOG.activity(2017, "IA_BE_14")
    assert found is not None
    assert found.weight is Weight.MEDIUM
    later = CATALOG.activity(2018, "IA_BE_14")
    assert later is not None
    assert later.weight is Weight.HIGH
    assert CATALOG.activity(2026, "IA_CC_2") is None
    assert CATALOG.activity(2024, "IA_XX_1") is None
    assert CATALOG.years_of("IA_PSPA_30") == (2018, 2019, 2020, 2021)
    assert CATALOG.years_of("IA_XX_1") == ()


def test_an_inventory_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        CATALOG.inventory(2024)["IA_BE_4"] = EVERY[0]  # type: ignore[index]  # the point of the test


@pytest.mark.parametrize("year", CATALOG.years)  # 2027 too: its own rules say how many there will be
def test_counts_agree_with_the_rules_of_the_year(year: int) -> None:
    expected = json.loads((resources() / "rules" / f"{year}.json").read_bytes())["inventory"]
    activities = CATALOG.activities(year)
    weights = Counter(activity.weight for activity in activities)
    assert len(activities) == expected["total_ids_incl_pcmh"]
    assert (weights[Weight.MEDIUM], weights[Weight.HIGH]) == (expected.get("medium", 0), expected.get("high", 0))
    assert Counter(a.subcategory.label for a in activities if a.subcategory) == expected["by_subcategory"]
    assert sorted(a.id for a in activities if not a.subcategory) == sorted(expected["no_subcategory"])
    eligible = {a.id for a in activities if a.cehrt_eligible}
    assert eligible == set(expected.get("cehrt_bonus_eligible", []))


def test_guidance_is_whole() -> None:
    for activity in EVERY:
        guidance = activity.guidance
        where = f"{activity.id} {activity.year}"
        keys = [option.key for option in guidance.options]
        assert guidance.summary.endswith("."), where
        assert len(guidance.options) > 0, where
        assert len(set(keys)) == len(keys), where
        assert 1 <= guidance.need <= len(keys), where
        assert sum(option.required for option in guidance.options) <= guidance.need, where
        assert all(option.label and option.detail and option.kinds for option in guidance.options), where
        assert guidance.capture_tips, where
        assert guidance.sources, where
        assert (guidance.period.days is not None) == (guidance.period.kind is PeriodKind.CONTINUOUS_DAYS), where
        assert guidance.need_in_words.endswith("."), where


def test_every_block_of_guidance_is_used_and_none_is_there_twice() -> None:
    blocks: dict[str, str] = {}
    for path in (resources() / "catalog" / "guidance").glob("*.json"):
        for name, block in json.loads(path.read_bytes()).items():
            assert name not in blocks
            blocks[name] = json.dumps(block, sort_keys=True)
    runs = [
        run["guidance"]
        for entry in json.loads((resources() / "catalog" / "activities.json").read_bytes()).values()
        for run in entry["runs"]
    ]
    assert set(runs) == set(blocks)
    assert len(set(blocks.values())) == len(blocks)


def test_guidance_and_rules_agree_on_periods_and_limits() -> None:
    for activity in EVERY:
        rules = load_rules(activity.year)
        need = rules.period_for(activity.id)
        where = f"{activity.id} {activity.year}"
        if need.kind is PeriodKind.ONE_TIME:
            assert activity.guidance.period.kind is PeriodKind.ONE_TIME, where
        elif activity.guidance.period.kind is PeriodKind.CONTINUOUS_DAYS:
            assert activity.guidance.period.days == (181 if need.months else need.days), where
        assert bool(activity.guidance.frequency) == (rules.frequency_limit(activity.id) is not None), where


@pytest.mark.parametrize("year", range(2017, 2028))
def test_mvps(year: int) -> None:
    mvps = CATALOG.mvps(year)
    assert len(mvps) == {2023: 12, 2024: 16, 2025: 21, 2026: 27, 2027: 27}.get(year, 0)
    inventory = CATALOG.inventory(year)
    for mvp in mvps:
        assert mvp.title
        assert mvp.topic
        for activity_id in mvp.activity_ids:
            assert mvp.id in inventory[activity_id].mvp_ids
    assert sum(len(a.mvp_ids) for a in inventory.values()) == sum(len(mvp.activity_ids) for mvp in mvps)


def test_links_are_cms_pages_of_the_year() -> None:
    for year in YEARS:
        links = CATALOG.links(year)
        assert links[0].url == f"https://qpp.cms.gov/mips/improvement-activities?py={year}"
        assert all(link.url.startswith("https://qpp.cms.gov/") and link.title for link in links)
    assert [link.seen for link in CATALOG.links(2018)] == [True, True, True]
    assert [link.seen for link in CATALOG.links(2024)] == [False]


def test_it_is_loaded_once() -> None:
    assert load_catalog() is load_catalog()
