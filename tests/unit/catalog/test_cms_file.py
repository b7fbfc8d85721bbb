"""The reader of CMS's measures data: all real files, and nothing but them."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mips_desk.catalog.cms_file import MAX_BYTES, read_measures
from mips_desk.catalog.load import load_catalog
from mips_desk.catalog.rules import load_rules
from mips_desk.domain.official import Fact, OfficialList, differences
from mips_desk.errors import BadInputError

from .cms_sample import activity, as_file, measures, quality

CATALOG = load_catalog()
YEARS = range(2017, 2027)
SMALL = as_file(measures(2024)[:6])


def refused(data: bytes, year: int | None = None) -> str:
    """Assert that data is refused with one short sentence for a person; return it."""
    with pytest.raises(BadInputError) as raised:
        read_measures(data, year)
    sentence = str(raised.value)
    assert len(sentence) < 250
    assert "\n" not in sentence
    assert sentence.isprintable()
    assert sentence.endswith("Nothing was changed.")
    return sentence


def compared(official: OfficialList) -> list[tuple[str, Fact]]:
    inventory = CATALOG.inventory(official.year)
    suspended = [name for name in inventory if load_rules(official.year).suspension(name)]
    return [(found.activity_id, found.what) for found in differences(official, inventory, suspended)]


@pytest.mark.parametrize("year", YEARS)
def test_the_real_files(year: int, cms: Path) -> None:
    data = (cms / f"measures-data-{year}.json").read_bytes()
    official = read_measures(data)
    assert official.year == read_measures(data, year).year == year
    assert (official.sha256, official.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert [found.id for found in official.activities] == list(CATALOG.inventory(year))
    assert compared(official) == []
    messaging = {2017: ("ACI_CCTPE_2", "ACI_TRANS_SM_1"), 2018: ("PI_CCTPE_2", "PI_TRANS_SM_1")}
    assert tuple(measure.id for measure in official.messaging) == messaging.get(year, ())
    theirs = {found["measureId"]: found["description"] for found in json.loads(data)}
    for found in official.activities:
        assert official.description(found.id) == ("" if found.is_notice else theirs[found.id])
    for measure in official.messaging:
        assert official.description(measure.id) == theirs[measure.id]


@pytest.mark.parametrize("year", YEARS)
def test_the_notices_are_those_that_the_rules_know(year: int, cms: Path) -> None:
    official = read_measures((cms / f"measures-data-{year}.json").read_bytes())
    notices = {found.id for found in official.activities if found.is_notice}
    rules = load_rules(year)
    assert notices == ({name for name in CATALOG.inventory(year) if rules.suspension(name)} if year == 2025 else set())
    assert all(official.description(name) == "" for name in notices)
    unknown = differences(official, CATALOG.inventory(year))
    assert {(found.activity_id, found.what) for found in unknown} == {(name, Fact.NOTICE) for name in notices}


@pytest.mark.parametrize("year", YEARS)
def test_a_real_file_is_not_taken_for_another_year(year: int, cms: Path) -> None:
    data = (cms / f"measures-data-{year}.json").read_bytes()
    for other in (2016, year - 1, year + 1, year + 2):
        if other != 2027:  # CMS starts a coming year as a copy; see below
            assert str(year) in refused(data, other)


def test_the_first_file_of_a_coming_year_is_a_copy(cms: Path) -> None:
    official = read_measures((cms / "measures-data-2026.json").read_bytes(), 2027)
    assert official.year == 2027
    assert compared(official) == []


@pytest.mark.parametrize("year", CATALOG.years)
def test_the_year_is_found(year: int) -> None:
    assert read_measures(as_file([*measures(year), quality(year)])).year == year
    assert compared(read_measures(as_file(measures(year)))) == []


def test_a_year_that_nobody_has_seen_is_loaded() -> None:
    coming = [
        *measures(2026),
        *[quality(2031)] * 2,
        activity("IA_XYZ_1", firstPerformanceYear=2031, subcategoryId="newOne"),
    ]
    official = read_measures(as_file(coming))
    assert official.year == 2031
    found = official.activity("IA_XYZ_1")
    assert found is not None
    assert found.subcategory == "newOne"
    assert len(compared_with_2026 := differences(official, CATALOG.inventory(2026))) == 1
    assert compared_with_2026[0].what is Fact.EXTRA


@pytest.mark.parametrize("year", [2018, 2021, 2026])
def test_activities_alone_are_taken_for_the_one_year_that_fits(year: int) -> None:
    alone = [found for found in measures(year) if found["category"] == "ia"]
    assert read_measures(as_file(alone)).year == year
    assert "give the year" in refused(as_file(alone[1:]))
    assert read_measures(as_file(alone[1:]), year).year == year


def test_a_file_that_contradicts_itself_about_its_year() -> None:
    contradiction = [*measures(2024), quality(2024) | {"firstPerformanceYear": 2025}]
    assert "give the year" in refused(as_file(contradiction))


def test_every_kind_of_difference() -> None:
    changed = measures(2018)
    by_id = {found["measureId"]: found for found in changed}
    by_id["IA_BE_4"]["title"] = "Another title"
    by_id["IA_BE_14"]["weight"] = None
    by_id["IA_AHE_1"]["subcategoryId"] = "populationManagement"
    by_id["IA_PSPA_1"]["firstPerformanceYear"] = 2018
    by_id["IA_PSPA_2"]["cehrtEligible"] = not by_id["IA_PSPA_2"]["cehrtEligible"]
    by_id["IA_PM_2"]["description"] = "This activity has been suspended for now."
    changed.remove(by_id["IA_PM_3"])
    changed.append(activity("IA_PM_99", title="Something new"))
    found = differences(read_measures(as_file(changed)), CATALOG.inventory(2018))
    assert {(each.activity_id, each.what) for each in found} == {
        ("IA_BE_4", Fact.TITLE),
        ("IA_BE_14", Fact.WEIGHT),
        ("IA_AHE_1", Fact.SUBCATEGORY),
        ("IA_PSPA_1", Fact.FIRST_YEAR),
        ("IA_PSPA_2", Fact.CEHRT),
        ("IA_PM_2", Fact.NOTICE),
        ("IA_PM_3", Fact.MISSING),
        ("IA_PM_99", Fact.EXTRA),
    }
    sentences = {each.what: each.sentence for each in found}
    assert sentences[Fact.WEIGHT] == "IA_BE_14: the weight is “none” in CMS's file, “high” in MIPS Desk."
    assert sentences[Fact.SUBCATEGORY].endswith(
        "“Population Management” in CMS's file, “Achieving Health Equity” in MIPS Desk."
    )
    assert sentences[Fact.EXTRA] == "IA_PM_99 “Something new” is in CMS's file only."
    assert all(len(each.sentence) > 20 for each in found)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "not JSON"),
        (b"\0", "not JSON"),
        (b"not json", "not JSON"),
        (SMALL[:-1], "part of it is missing"),
        (SMALL[: len(SMALL) // 2], "part of it is missing"),
        (SMALL + b"x", "not JSON"),
        (b"\xef\xbb\xbf" + SMALL, "saved anew"),
        (SMALL.decode().encode("utf-16"), "saved anew"),
        (SMALL.decode().encode("utf-16-le"), "not JSON"),
        (as_file([activity(title="Médical")]).decode().encode("latin-1"), "UTF-8"),
        (b"[" * 1_000_000, "too deeply"),
        (b'[{"category": "ia", "strata": ' + b"[" * 500_000 + b"]" * 500_000 + b"}]", "too deeply"),
        (b'[{"category": ' + b"9" * 100_000 + b"}]", "not CMS's list"),
        (b"{}", "not CMS's list"),
        (b"null", "not CMS's list"),
        (b'"text"', "not CMS's list"),
        (b"[]", "no improvement activity"),
        (b"[null]", "not CMS's list"),
        (b"[[]]", "not CMS's list"),
        (b"[{}]", "not CMS's list"),
        (as_file([quality(2024)]), "no improvement activity"),
        (as_file([{"category": 7}]), "not CMS's list"),
        (as_file([{"category": "x" * 1000}]), "not CMS's list"),
        (as_file([{"category": "q", "measureId": "1"}] * 20_001), "more than 20,000"),
        (as_file([activity(f"IA_AB_{n}") for n in range(1, 1000)] + [activity("IA_B_1")] * 2), "more than 1,000"),
        (b" " * (MAX_BYTES + 1), "larger than 32 MB"),
    ],
)
def test_files_that_are_no_measures_data(data: bytes, word: str) -> None:
    assert word in refused(data)


@pytest.mark.parametrize(
    "fields",
    [
        {"measureId": None},
        {"measureId": ""},
        {"measureId": "IA_BE_4\n"},
        {"measureId": "../../etc/passwd"},
        {"measureId": "IA_<b>_4"},
        {"title": None},
        {"title": ""},
        {"title": "  "},
        {"title": "x" * 1001},
        {"title": "a\x00b"},
        {"title": "a\u202egpj.exe"},
        {"title": 7},
        {"description": None},
        {"description": ""},
        {"description": "\x1b[2J"},
        {"description": "x" * 50_001},
        {"description": ["a"]},
        {"weight": "huge"},
        {"weight": 1},
        {"subcategoryId": "a b"},
        {"subcategoryId": "x" * 200},
        {"subcategoryId": 3},
        {"cehrtEligible": "yes"},
        {"firstPerformanceYear": None},
        {"firstPerformanceYear": "2017"},
        {"firstPerformanceYear": 2016},
        {"firstPerformanceYear": 10**30},
        {"firstPerformanceYear": -1},
        {"metricType": "proportion"},
        {"category": None},
    ],
    ids=str,
)
def test_activities_that_are_not_as_cms_has_them(fields: dict[str, object]) -> None:
    refused(as_file([quality(2024), activity(**fields)]))  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("key", ["measureId", "title", "description", "firstPerformanceYear", "metricType"])
def test_activities_that_lack_something(key: str) -> None:
    broken = activity()
    del broken[key]
    refused(as_file([quality(2024), broken]))


def test_the_same_activity_twice() -> None:
    assert "IA_BE_4 twice" in refused(as_file([quality(2024), activity(), activity(title="Other")]))


def test_half_a_character() -> None:
    refused(as_file([quality(2024), activity(title="#")]).replace(b"#", b"\\ud800"))


def test_what_comes_and_goes_is_left_alone() -> None:
    tolerant = [
        quality(2024) | {"measureSpecification": "a text"},
        quality(2024) | {"measureSpecification": None},
        quality(2024),
        activity(allowedPrograms=["mips"], somethingNew={"a": [1]}),
    ]
    for key in ("weight", "subcategoryId", "lastPerformanceYear"):
        del tolerant[3][key]
    (found,) = read_measures(as_file(tolerant)).activities
    assert (found.weight, found.subcategory, found.cehrt_eligible) == (None, "", None)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_damage_is_refused_in_words_or_harmless(data: st.DataObject) -> None:
    """Flipped, cut or inserted bytes: a sentence or a list, never anything else."""
    broken = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(broken) - 1))
        match data.draw(st.sampled_from(("flip", "cut", "insert"))):
            case "flip":
                broken[place] ^= data.draw(st.integers(1, 255))
            case "cut":
                del broken[place : place + data.draw(st.integers(1, 300))]
                broken = broken or bytearray(b"x")
            case "insert":
                broken[place:place] = data.draw(st.binary(min_size=1, max_size=12))
    try:
        official = read_measures(bytes(broken))
    except BadInputError:
        refused(bytes(broken))
    else:
        assert official.activities


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(tuple(activity())) | st.text(), inner),
    )
)
def test_any_other_json_is_refused(content: object) -> None:
    refused(json.dumps(content).encode())
