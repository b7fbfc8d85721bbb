"""The catalog: activities of each performance year with their guidance, MVPs and links, read from the resources.

One decoding pass makes typed records of all files; the activities of a year are put together when first asked for.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import msgspec

from mips_desk.domain.activity import Activity, Guidance, Link, Mvp, Subcategory, Weight
from mips_desk.paths import resources

from .rules import LAST_YEAR, load_rules


class _Run(msgspec.Struct, frozen=True):
    """An activity in a run of years in which nothing about it changed."""

    years: tuple[int, int]
    title: str
    subcategory: Subcategory | None
    weight: Weight | None
    cehrt_eligible: bool
    guidance: str


class _Entry(msgspec.Struct, frozen=True):
    first_year: int
    runs: tuple[_Run, ...]


class _MvpEntry(msgspec.Struct, frozen=True):
    id: str
    title: str
    topic: str
    activities: tuple[str, ...]


class Catalog:
    """Activities, MVPs and links of all performance years. Read only; one instance serves the whole process."""

    def __init__(
        self,
        entries: Mapping[str, _Entry],
        guidance: Mapping[str, Guidance],
        mvps: Mapping[int, tuple[_MvpEntry, ...]],
        links: Mapping[int, tuple[Link, ...]],
        stand_ins: Mapping[int, int],
    ) -> None:
        self._entries = entries
        self._guidance = guidance
        self._mvps = mvps
        self._links = links
        self._stand_ins = stand_ins
        self._inventories: dict[int, Mapping[str, Activity]] = {}
        firsts = [run.years[0] for entry in entries.values() for run in entry.runs]
        lasts = [run.years[1] for entry in entries.values() for run in entry.runs]
        self._years = (*range(min(firsts), max(lasts) + 1), *sorted(stand_ins))

    @property
    def years(self) -> tuple[int, ...]:
        """The performance years that can be planned and reported, in order.

        The last may be provisional: see `inventory_year`.
        """
        return self._years

    def inventory_year(self, year: int) -> int:
        """Return the year whose activities, MVPs and links a year has.

        Another one only in a provisional year, which borrows them until CMS's final rule is built in.
        """
        return self._stand_ins.get(year, year)

    def year_note(self, year: int) -> str:
        """Return what a person must know of a provisional year before planning it, in one sentence; else empty."""
        listed = self.inventory_year(year)
        if listed == year:
            return ""
        return (
            f"{year} is provisional: CMS's final rule was not seen yet, so the activities are those of {listed} and"
            " points and dates may still change."
        )

    def inventory(self, year: int) -> Mapping[str, Activity]:
        """Return the activities of a year by identifier, in natural order; empty for a year that is not known."""
        if year not in self._inventories:
            listed = self.inventory_year(year)
            on_lists: dict[str, list[str]] = {}
            for mvp in self._mvps.get(listed, ()):
                for activity_id in mvp.activities:
                    on_lists.setdefault(activity_id, []).append(mvp.id)
            self._inventories[year] = MappingProxyType(
                {
                    activity_id: Activity(
                        id=activity_id,
                        year=year,
                        title=run.title,
                        subcategory=run.subcategory,
                        weight=run.weight,
                        cehrt_eligible=run.cehrt_eligible,
                        first_year=entry.first_year,
                        guidance=self._guidance[run.guidance],
                        mvp_ids=tuple(on_lists.get(activity_id, ())),
                    )
                    for activity_id, entry in self._entries.items()
                    for run in entry.runs
                    if run.years[0] <= listed <= run.years[1]
                }
            )
        return self._inventories[year]

    def activities(self, year: int) -> tuple[Activity, ...]:
        """Return the activities of a year in natural order: IA_BE_2 before IA_BE_14."""
        return tuple(self.inventory(year).values())

    def activity(self, year: int, activity_id: str) -> Activity | None:
        """Return one activity of a year, or None when it is not in the inventory."""
        return self.inventory(year).get(activity_id)

    def mvps(self, year: int) -> tuple[Mvp, ...]:
        """Return the MVPs of a year, in order of their identifiers; none before 2023."""
        mvps = self._mvps.get(self.inventory_year(year), ())
        return tuple(Mvp(mvp.id, year, mvp.title, mvp.topic, mvp.activities) for mvp in mvps)

    def links(self, year: int) -> tuple[Link, ...]:
        """Return CMS's pages for a year; opened in the browser, never fetched."""
        return self._links.get(self.inventory_year(year), ())

    def years_of(self, activity_id: str) -> tuple[int, ...]:
        """Return the years whose inventory holds an activity, in order; empty for an unknown identifier."""
        entry = self._entries.get(activity_id)
        listed = {year for run in (entry.runs if entry else ()) for year in range(run.years[0], run.years[1] + 1)}
        return tuple(year for year in self._years if self.inventory_year(year) in listed)


@cache
def load_catalog() -> Catalog:
    """Read the catalog from the resources; later calls return the same instance.

    Raises:
        FileNotFoundError: the installation is damaged.
    """
    folder = resources() / "catalog"
    entries = msgspec.json.decode((folder / "activities.json").read_bytes(), type=dict[str, _Entry])
    decoder = msgspec.json.Decoder(dict[str, Guidance])
    guidance: dict[str, Guidance] = {}
    for path in (folder / "guidance").glob("*.json"):
        guidance |= decoder.decode(path.read_bytes())
    mvps = msgspec.json.decode((folder / "mvps.json").read_bytes(), type=dict[int, tuple[_MvpEntry, ...]])
    links = msgspec.json.decode((folder / "links.json").read_bytes(), type=dict[int, tuple[Link, ...]])
    last = max(run.years[1] for entry in entries.values() for run in entry.runs)
    stand_ins = {year: load_rules(year).inventory_year for year in range(last + 1, LAST_YEAR + 1)}
    return Catalog(entries, guidance, mvps, links, stand_ins)
