"""CMS's own list of improvement activities, as its measures data file of a year states it, against ours."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .activity import Activity, Subcategory, Weight


@dataclass(frozen=True, slots=True)
class OfficialActivity:
    """An improvement activity in CMS's words.

    Attributes:
        id: CMS's identifier, for example "IA_BE_4".
        title: as in the file.
        description: CMS's text, or a notice that stands in its place; see `is_notice`.
        weight: None where the file gives none (2025 and later, and IA_PCMH).
        subcategory: CMS's key, which may be one that this version does not know; empty for IA_PCMH and IA_MVP.
        first_year: first performance year.
        cehrt_eligible: earns the CEHRT bonus; None in files that do not say (2019 and later).
    """

    id: str
    title: str
    description: str
    weight: Weight | None
    subcategory: str
    first_year: int
    cehrt_eligible: bool | None = None

    @property
    def is_notice(self) -> bool:
        """The description only tells that the activity was suspended, as eight did in 2025."""
        return _NOTICE.match(self.description) is not None


@dataclass(frozen=True, slots=True)
class OfficialMeasure:
    """A Secure Messaging measure in CMS's words (2017 and 2018)."""

    id: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class OfficialList:
    """What CMS's measures data file of one performance year says about improvement activities.

    Attributes:
        year: performance year.
        activities: in natural order of their identifiers.
        messaging: the Secure Messaging measures, where the year has them.
        sha256: hash of the whole file (hex).
        size: of the whole file, in bytes.
        loaded_at: when it was loaded into the vault, with offset; None for a list that was only read.
        loaded_by: name of the person who loaded it; empty for a list that was only read.
    """

    year: int
    activities: tuple[OfficialActivity, ...]
    messaging: tuple[OfficialMeasure, ...]
    sha256: str
    size: int
    loaded_at: datetime | None = None
    loaded_by: str = ""

    def activity(self, activity_id: str) -> OfficialActivity | None:
        """Return an activity, or None when the list does not hold it."""
        return next((found for found in self.activities if found.id == activity_id), None)

    def description(self, record_id: str) -> str:
        """Return the requirement of an activity or measure in CMS's words; empty when the list does not hold it."""
        activity = self.activity(record_id)
        if activity is not None:
            return "" if activity.is_notice else activity.description
        return next((found.description for found in self.messaging if found.id == record_id), "")


# In all files from 2017 to 2026 this finds the eight notices of 2025 and nothing else.
_NOTICE = re.compile(r"\s*This (improvement )?activity (has been|was|is) suspended\b", re.IGNORECASE)


class Fact(StrEnum):
    """What about an activity can differ."""

    MISSING = "missing"
    EXTRA = "extra"
    TITLE = "title"
    WEIGHT = "weight"
    SUBCATEGORY = "subcategory"
    CEHRT = "CEHRT bonus"
    FIRST_YEAR = "first year"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which CMS's file and the built-in facts of the year differ.

    Attributes:
        activity_id: the activity.
        what: MISSING: not in CMS's file; EXTRA: not in the built-in facts; NOTICE: CMS's file holds a notice of
            suspension that the rules do not know; else the fact that differs.
        ours: what MIPS Desk says, in words; empty for EXTRA.
        theirs: what CMS's file says, in words; empty for MISSING.
    """

    activity_id: str
    what: Fact
    ours: str
    theirs: str

    @property
    def sentence(self) -> str:
        """The difference for a person."""
        match self.what:
            case Fact.MISSING:
                return f"{self.activity_id} “{self.ours}” is not in CMS's file."
            case Fact.EXTRA:
                return f"{self.activity_id} “{self.theirs}” is in CMS's file only."
            case Fact.NOTICE:
                return f"{self.activity_id}: CMS's file holds a notice of suspension, which the rules do not know."
            case _:
                return (
                    f"{self.activity_id}: the {self.what} is “{self.theirs}” in CMS's file, “{self.ours}” in MIPS Desk."
                )


def differences(
    official: OfficialList, inventory: Mapping[str, Activity], suspended: Collection[str] = ()
) -> tuple[Difference, ...]:
    """Compare CMS's file with the built-in facts of its year.

    Args:
        official: CMS's list.
        inventory: the built-in activities of the same year, by identifier.
        suspended: activities of which the rules say that they were suspended in that year.

    Returns:
        The differences: first what CMS's file has otherwise or alone, then what it lacks.
    """
    found: list[Difference] = []
    for theirs in official.activities:
        ours = inventory.get(theirs.id)
        if ours is None:
            found.append(Difference(theirs.id, Fact.EXTRA, "", theirs.title))
            continue
        pairs = [
            (Fact.TITLE, ours.title, theirs.title),
            (Fact.WEIGHT, ours.weight or "none", theirs.weight or "none"),
            (Fact.SUBCATEGORY, _subcategory(ours.subcategory or ""), _subcategory(theirs.subcategory)),
            (Fact.FIRST_YEAR, str(ours.first_year), str(theirs.first_year)),
        ]
        if theirs.cehrt_eligible is not None:
            pairs.append((Fact.CEHRT, _yes_no(ours.cehrt_eligible), _yes_no(theirs.cehrt_eligible)))
        found += [Difference(theirs.id, what, mine, other) for what, mine, other in pairs if mine != other]
        if theirs.is_notice and theirs.id not in suspended:
            found.append(Difference(theirs.id, Fact.NOTICE, "not suspended", "suspended"))
    held = {theirs.id for theirs in official.activities}
    found += [Difference(name, Fact.MISSING, ours.title, "") for name, ours in inventory.items() if name not in held]
    return tuple(found)


def _subcategory(key: str) -> str:
    try:
        return Subcategory(key).label
    except ValueError:
        return key or "none"


def _yes_no(truth: bool) -> str:
    return "yes" if truth else "no"
