"""What changed between two years, from the built-in facts."""

import pytest

from mips_desk.catalog.load import load_catalog
from mips_desk.catalog.year_changes import ChangeKind, YearChange, changes_between
from mips_desk.errors import BadInputError

CATALOG = load_catalog()


def of(kind: ChangeKind, changes: tuple[YearChange, ...]) -> dict[tuple[str, ...], str]:
    return {change.ids: change.sentence for change in changes if change.kind is kind}


def test_2026_against_2025() -> None:
    changes = changes_between(CATALOG, 2025, 2026)
    assert set(of(ChangeKind.NEW, changes)) == {("IA_PM_27",), ("IA_PM_28",), ("IA_PSPA_34",)}
    assert set(of(ChangeKind.RENAMED, changes)) == {
        ("IA_AHE_1", "IA_EPA_7"),
        ("IA_AHE_3", "IA_BE_26"),
        ("IA_AHE_6", "IA_EPA_8"),
        ("IA_AHE_7", "IA_BE_27"),
        ("IA_AHE_10", "IA_PSPA_35"),
        ("IA_PM_13", "IA_AHW_1"),
    }
    gone = of(ChangeKind.GONE, changes)
    assert len(gone) == 12
    assert gone[("IA_PM_12",)] == "IA_PM_12 “Population empanelment” is gone in 2026."
    assert of(ChangeKind.SUSPENDED, changes) == of(ChangeKind.WEIGHT, changes) == {}


def test_2025_against_2024() -> None:
    changes = changes_between(CATALOG, 2024, 2025)
    assert set(of(ChangeKind.NEW, changes)) == {("IA_PM_24",), ("IA_PM_25",)}
    assert of(ChangeKind.RENAMED, changes)[("IA_ERP_6", "IA_PM_26")].endswith("with a revised text.")
    ((ids, sentence),) = of(ChangeKind.SUSPENDED, changes).items()
    assert len(ids) == 8
    assert "were suspended on May 6, 2025: " in sentence
    weights = of(ChangeKind.WEIGHT, changes)
    assert len(weights) == 2
    assert sum(len(ids) for ids in weights) == 101  # all that go on, but for IA_PCMH, which never had a weight
    assert any(text.endswith("were high, are unweighted in 2025.") for text in weights.values())


def test_one_weight() -> None:
    weights = of(ChangeKind.WEIGHT, changes_between(CATALOG, 2017, 2018))
    assert weights[("IA_CC_4",)] == "IA_CC_4 was high, is medium in 2018."


def test_over_many_years() -> None:
    changes = changes_between(CATALOG, 2017, 2026)
    assert of(ChangeKind.GONE, changes)[("IA_BMH_6",)].endswith("is gone in 2024.")
    new = of(ChangeKind.NEW, changes)
    assert new[("IA_BE_25",)].endswith("is new since 2020.")
    assert new[("IA_PSPA_35",)].endswith("is new in 2026; it was IA_AHE_10 before.")
    assert ("IA_AHE_1", "IA_EPA_7") in of(ChangeKind.RENAMED, changes)


@pytest.mark.parametrize("year", range(2017, 2027))
def test_nothing_is_lost_between_neighbours(year: int) -> None:
    """The later list is the earlier one, less what is gone, with what is new, under the new names."""
    changes = changes_between(CATALOG, year, year + 1)
    names = dict(of(ChangeKind.RENAMED, changes).keys())
    gone = {ids[0] for ids in of(ChangeKind.GONE, changes)}
    new = {ids[0] for ids in of(ChangeKind.NEW, changes)}
    kept = {names.get(name, name) for name in CATALOG.inventory(year) if name not in gone}
    assert kept | new == set(CATALOG.inventory(year + 1))
    assert not kept & new


def test_the_provisional_year_changes_nothing_yet() -> None:
    assert changes_between(CATALOG, 2026, 2027) == ()


@pytest.mark.parametrize(("first", "last"), [(2026, 2025), (2026, 2026), (2016, 2020), (2020, 2031)])
def test_years_that_cannot_be_compared(first: int, last: int) -> None:
    with pytest.raises(BadInputError):
        changes_between(CATALOG, first, last)
