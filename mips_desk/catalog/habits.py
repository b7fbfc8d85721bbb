"""What practices do every day, and which activities go together, from the resources.

Both files name each activity once, under any identifier it ever had; here it gets the one of the year.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import msgspec

from mips_desk.domain.rules import YearRules
from mips_desk.paths import resources

from .load import Catalog

_T = TypeVar("_T")
_ID = re.compile(r"IA_[A-Z]{2,8}(?:_\d+)?")


@dataclass(frozen=True, slots=True)
class Habit:
    """An everyday statement of a practice.

    Attributes:
        key: stable, for example "portal".
        says: the statement, as in "We have a patient portal".
        activities: the activities of the year that it fits, most fitting first.
    """

    key: str
    says: str
    activities: tuple[str, ...]


class _Topic(msgspec.Struct, frozen=True):
    topic: str
    activities: tuple[str, ...]


def habits(catalog: Catalog, rules: YearRules) -> tuple[Habit, ...]:
    """Return the statements that fit an activity of the year.

    Args:
        catalog: the activities of all years.
        rules: the rules of the year.

    Raises:
        FileNotFoundError: the installation is damaged.
    """
    found = (
        Habit(habit.key, habit.says, _of_year(habit.activities, catalog, rules))
        for habit in _read("habits.json", tuple[Habit, ...])
    )
    return tuple(habit for habit in found if habit.activities)


def related(activity_id: str, catalog: Catalog, rules: YearRules) -> tuple[str, ...]:
    """Return the activities of the year to look at as well: those that its guidance names, then those of its topics.

    Args:
        activity_id: an activity of the year.
        catalog: the activities of all years.
        rules: the rules of the year.
    """
    activity = catalog.activity(rules.inventory_year, activity_id)
    named: list[str] = []
    if activity is not None:
        guidance = activity.guidance
        details = (f"{option.label} {option.detail}" for option in guidance.options)
        named = _ID.findall(" ".join((guidance.summary, guidance.objective, *details, *guidance.capture_tips)))
    topics = (_of_year(topic.activities, catalog, rules) for topic in _read("related.json", tuple[_Topic, ...]))
    same = [other for topic in topics if activity_id in topic for other in topic]
    found = dict.fromkeys((*_of_year(tuple(named), catalog, rules), *same))
    return tuple(other for other in found if other != activity_id)


def _of_year(activity_ids: tuple[str, ...], catalog: Catalog, rules: YearRules) -> tuple[str, ...]:
    """Return activities under their identifiers of the year, without those that the year does not have."""
    inventory = catalog.inventory(rules.inventory_year)
    current = (activity_id if activity_id in inventory else rules.renamed(activity_id) for activity_id in activity_ids)
    return tuple(dict.fromkeys(activity_id for activity_id in current if activity_id in inventory))


@cache
def _read(name: str, kind: type[_T]) -> _T:
    return msgspec.json.decode((resources() / "catalog" / name).read_bytes(), type=kind)
