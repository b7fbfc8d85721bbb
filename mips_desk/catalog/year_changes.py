"""What changed in the list of activities between two performance years."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from mips_desk.domain import phrases
from mips_desk.domain.activity import Weight
from mips_desk.errors import BadInputError

from .load import Catalog
from .rules import load_rules


class ChangeKind(StrEnum):
    """How the list changed."""

    NEW = "new"
    GONE = "gone"
    RENAMED = "renamed"
    SUSPENDED = "suspended"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class YearChange:
    """One change between two performance years.

    Attributes:
        kind: what happened.
        ids: the activities; for RENAMED the old identifier and the new one.
        sentence: the change for a person.
    """

    kind: ChangeKind
    ids: tuple[str, ...]
    sentence: str


def changes_between(catalog: Catalog, from_year: int, to_year: int) -> tuple[YearChange, ...]:
    """Compare the lists of two performance years.

    Args:
        catalog: the activities of all years.
        from_year: the earlier year.
        to_year: the later year, not necessarily the next one.

    Returns:
        New, gone, renamed and suspended activities, then those whose weight changed, grouped by what it was and is.

    Raises:
        BadInputError: a year is not known, or they are not in order.
    """
    for year in (from_year, to_year):
        if year not in catalog.years:
            raise BadInputError(f"MIPS Desk knows the performance years {catalog.years[0]} to {catalog.years[-1]}.")
    if from_year >= to_year:
        raise BadInputError(f"Compare a year with a later one; {to_year} is not later than {from_year}.")
    before, after = catalog.inventory(from_year), catalog.inventory(to_year)
    rules = load_rules(to_year)
    renamed = {old: new for old in before if (new := rules.renamed(old)) != old and new in after and new not in before}
    earlier = {change.new: change.old for change in rules.common.renamings if change.from_year > from_year}
    found: list[YearChange] = []
    for new in after:
        if new not in before and new not in renamed.values():
            known_as = f"; it was {earlier[new]} before" if new in earlier else ""
            sentence = f"{new} “{after[new].title}” is new {_since(catalog, new, to_year)}{known_as}."
            found.append(YearChange(ChangeKind.NEW, (new,), sentence))
    for old in before:
        if old not in after and old not in renamed:
            gone = next(year for year in range(from_year + 1, to_year + 1) if old not in catalog.inventory(year))
            found.append(YearChange(ChangeKind.GONE, (old,), f"{old} “{before[old].title}” is gone in {gone}."))
    revised = {change.new for change in rules.common.renamings if change.revised}
    for old, new in renamed.items():
        text = ", with a revised text" if new in revised else ""
        found.append(YearChange(ChangeKind.RENAMED, (old, new), f"{old} goes on as {new} “{after[new].title}”{text}."))
    for item in rules.common.suspensions:
        ids = tuple(name for name in item.activity_ids if name in before or name in after)
        if from_year < item.year <= to_year and ids:
            verb = "was" if len(ids) == 1 else "were"
            when = f" on {phrases.long_day(item.effective)}" if item.effective else ""
            sentence = f"{', '.join(ids)} {verb} suspended{when}: {item.text}."
            found.append(YearChange(ChangeKind.SUSPENDED, ids, sentence))
    return (*found, *_weights(catalog, from_year, to_year, renamed))


def _since(catalog: Catalog, activity_id: str, to_year: int) -> str:
    years = catalog.years_of(activity_id)
    first = next(year for year in sorted(years, reverse=True) if year <= to_year and year - 1 not in years)
    return f"in {first}" if first == to_year else f"since {first}"


def _weights(catalog: Catalog, from_year: int, to_year: int, renamed: Mapping[str, str]) -> tuple[YearChange, ...]:
    before, after = catalog.inventory(from_year), catalog.inventory(to_year)
    changed: list[tuple[str, str, str]] = []
    for old, activity in before.items():
        later = after.get(renamed.get(old, old))
        if later is not None and later.weight is not activity.weight:
            changed.append((_word(activity.weight), _word(later.weight), later.id))
    changed.sort(key=lambda entry: entry[:2])
    found = []
    for (was, now), group in groupby(changed, key=lambda entry: entry[:2]):
        ids = tuple(entry[2] for entry in group)
        verbs = ("was", "is") if len(ids) == 1 else ("were", "are")
        sentence = f"{', '.join(ids)} {verbs[0]} {was}, {verbs[1]} {now} in {to_year}."
        found.append(YearChange(ChangeKind.WEIGHT, ids, sentence))
    return tuple(found)


def _word(weight: Weight | None) -> str:
    return weight.value if weight else "unweighted"
