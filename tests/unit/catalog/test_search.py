"""The search finds what an office manager means, while it is typed and in spite of typing errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.catalog.load import load_catalog
from mips_desk.catalog.search import Field, load_search
from mips_desk.catalog.words import errors, split, stem

from .phrases import EVERYDAY, UNSEEN

CATALOG = load_catalog()
SEARCH = load_search()
EVERY = [activity for year in CATALOG.years for activity in CATALOG.activities(year)]


def _ids(text: str, year: int | None = 2026, limit: int | None = None) -> list[str]:
    return [hit.activity.id for hit in SEARCH.find(text, year, limit)]


def test_everyday_phrases_find_their_activity_among_the_first_five() -> None:
    missed = [(phrase, wanted) for phrase, year, wanted in EVERYDAY if wanted not in _ids(phrase, year, 5)]
    assert missed == []


def test_phrases_that_nothing_was_tuned_for() -> None:
    missed = [(phrase, wanted) for phrase, year, wanted in UNSEEN if wanted not in _ids(phrase, year, 5)]
    assert len(missed) <= 4, missed


@pytest.mark.parametrize("typed", ["IA_BE_4", "ia_be_4", "be4", "BE 4", "be-4", "ia be 4", "  be_4 "])
def test_an_identifier_in_any_spelling_comes_first(typed: str) -> None:
    first = SEARCH.find(typed, 2026)[0]
    assert first.activity.id == "IA_BE_4"
    assert first.fields[0] is Field.ID


def test_an_unfinished_identifier() -> None:
    assert _ids("be1") == ["IA_BE_1", "IA_BE_12", "IA_BE_14", "IA_BE_15", "IA_BE_16", "IA_BE_19"]
    wellness = [each.id for each in CATALOG.activities(2026) if each.id.startswith("IA_BMH_")]
    assert _ids("ia_bmh") == wellness
    assert _ids("pcmh")[0] == "IA_PCMH"


def test_a_former_identifier_finds_the_activity_under_its_new_one() -> None:
    hit = SEARCH.find("IA_AHE_6", 2026)[0]
    assert (hit.activity.id, hit.fields) == ("IA_EPA_8", (Field.FORMER_ID,))
    assert SEARCH.find("IA_AHE_6", 2025)[0].fields[0] is Field.ID
    assert _ids("ia_cc_14", 2024)[0] == "IA_AHE_12"


def test_every_activity_is_found_by_its_own_identifier_and_title() -> None:
    for activity in EVERY:
        assert _ids(activity.id, activity.year, 1) == [activity.id]
        hits = SEARCH.find(activity.title, activity.year, 2)  # in 2018 two have the same title
        own = [hit for hit in hits if hit.activity.id == activity.id]
        assert own, activity.title
        assert Field.TITLE in own[0].fields
        assert hits[0].activity.title.lower() == activity.title.lower()
    for activity_id in {activity.id for activity in EVERY}:
        assert _ids(activity_id, None, 1) == [activity_id]


@pytest.mark.parametrize(
    ("typed", "year", "wanted"),
    [
        ("portl", 2026, "IA_BE_4"),
        ("telehelth", 2026, "IA_EPA_2"),
        ("depresion scr", 2026, "IA_BMH_4"),
        ("antibotic", 2026, "IA_PSPA_23"),
        ("warfrin", 2026, "IA_PM_2"),
        ("hippa", 2026, "IA_PSPA_35"),
        ("medicaton reconcilation", 2026, "IA_PM_16"),
        ("satisfacton survay", 2026, "IA_BE_6"),
        ("tabacco", 2026, "IA_BMH_2"),
        ("diabtes group vists", 2026, "IA_BE_19"),
        ("vacine", 2025, "IA_PM_26"),
    ],
)
def test_typing_errors(typed: str, year: int, wanted: str) -> None:
    assert wanted in _ids(typed, year, 5)


@pytest.mark.parametrize(
    ("word", "wanted"), [("telehealth", "IA_EPA_2"), ("anticoagulants", "IA_PM_2"), ("burnout", "IA_BMH_12")]
)
def test_a_word_finds_its_activity_from_the_fourth_letter_on(word: str, wanted: str) -> None:
    for end in range(4, len(word) + 1):
        assert wanted in _ids(word[:end], 2026, 10), word[:end]


def test_what_was_hit_is_said() -> None:
    hit = next(hit for hit in SEARCH.find("portal", 2026) if hit.activity.id == "IA_BE_4")
    assert {Field.TITLE, Field.SUMMARY, Field.EVIDENCE} <= set(hit.fields)
    assert list(hit.fields) == [field for field in Field if field in hit.fields]
    assert "portal" in hit.words
    spanish = SEARCH.find("spanish", 2026)[0]
    assert spanish.activity.id == "IA_EPA_6"
    assert "language" in spanish.words


def test_over_all_years_each_activity_comes_once() -> None:
    found = _ids("patient", None)
    assert len(found) == len(set(found)) > 50
    assert "IA_EPA_1" in _ids("24/7", None, 3)
    portal = SEARCH.find("portal")[0].activity
    assert (portal.id, portal.year) == ("IA_BE_4", 2026)
    assert SEARCH.find("24/7")[0].activity.year == 2024


@pytest.mark.parametrize("typed", ["", "   ", "!?", "qqqqqqq"])
def test_nothing_to_look_for(typed: str) -> None:
    assert SEARCH.find(typed, 2026) == ()


def test_a_year_without_a_list_finds_nothing() -> None:
    assert SEARCH.find("portal", 2016) == ()


@given(st.text(max_size=400), st.sampled_from([2017, 2026, None]))
def test_any_text_is_taken(text: str, year: int | None) -> None:
    hits = SEARCH.find(text, year, 7)
    assert len(hits) <= 7
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.score > 0 and hit.fields for hit in hits)
    assert hits == SEARCH.find(text, year, 7)


@pytest.mark.parametrize(
    "forms",
    [
        ("screening", "screenings", "screen", "screened"),
        ("message", "messages", "messaging", "messaged"),
        ("therapy", "therapies"),
        ("plan", "planned", "planning", "plans"),
        ("refer", "referred", "referring"),
    ],
)
def test_forms_of_a_word_meet(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_different_words_do_not_meet() -> None:
    words = ["access", "assess", "care", "career", "caring", "status", "state", "process", "progress", "lens", "less"]
    assert stem("status") == "status"
    assert len({stem(word) for word in words if word != "caring"}) == len(words) - 1


def test_words_of_a_text() -> None:
    assert split("Patient’s 24/7 follow-up (IA)") == ["patient", "24/7", "follow", "up", "ia"]


@given(st.text("abcd", max_size=8), st.text("abcd", max_size=8))
def test_errors_are_a_distance(one: str, other: str) -> None:
    count = errors(one, other, 8)
    assert count == errors(other, one, 8)
    assert (count == 0) == (one == other)
    assert abs(len(one) - len(other)) <= count <= max(len(one), len(other))
    assert errors(one, one + other, 8, unfinished=True) == 0
    bounded = errors(one, other, 1)
    assert bounded == count if count <= 1 else bounded > 1


@pytest.mark.parametrize(("one", "other", "count"), [("oipioid", "opioid", 1), ("hte", "the", 1), ("flue", "flu", 1)])
def test_errors(one: str, other: str, count: int) -> None:
    assert errors(one, other, 2) == count
