"""The activities of a year as rows: searched, filtered, counted by subcategory. Without widgets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from mips_desk.catalog.search import Field, Hit
from mips_desk.domain.activity import Activity, Subcategory, Weight
from mips_desk.domain.suggest import provable_with_screenshots

Index = QModelIndex | QPersistentModelIndex

#: The activities without a subcategory stand under this name.
OTHER = "Other"

#: Icon, short name and a few plain words on each subcategory; the tool tip has the name in full.
ABOUT: dict[Subcategory | None, tuple[str, str, str]] = {
    Subcategory.ACHIEVING_HEALTH_EQUITY: ("scale", "Health Equity", "Care that reaches everyone"),
    Subcategory.ADVANCING_HEALTH_AND_WELLNESS: ("activity", "Health and Wellness", "Staying well, not only ill"),
    Subcategory.BEHAVIORAL_AND_MENTAL_HEALTH: ("brain", "Behavioral Health", "Mental health, addiction"),
    Subcategory.BENEFICIARY_ENGAGEMENT: ("hand-heart", "Beneficiary Engagement", "Patients take part in care"),
    Subcategory.CARE_COORDINATION: ("users", "Care Coordination", "Clinicians work together"),
    Subcategory.EMERGENCY_RESPONSE_AND_PREPAREDNESS: ("siren", "Emergency Response", "Ready for a disaster"),
    Subcategory.EXPANDED_PRACTICE_ACCESS: ("door-open", "Practice Access", "Easier to get an answer"),
    Subcategory.PATIENT_SAFETY_AND_PRACTICE_ASSESSMENT: ("shield-check", "Patient Safety", "Safer care, measured"),
    Subcategory.POPULATION_MANAGEMENT: ("chart-column", "Population Management", "Whole groups of patients"),
    None: ("badge-check", "Other", "Recognition and MVPs"),
}


class Sort(StrEnum):
    """The order of the list; the value is its name for the person."""

    BEST = "Best match"
    ID = "Identifier"
    TITLE = "Title"
    POINTS = "Points for you"


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What to show, and in which order.

    Attributes:
        subcategory: only this one; None with `everything` False means the activities without a subcategory.
        everything: all subcategories.
        weight: only this weight; None for any.
        screenshots: only those that screenshots alone can prove.
        earlier: only those that were chosen for an earlier year.
        cehrt: only those that earn the CEHRT bonus.
        chosen: only those that are chosen.
        mvp_id: only those of this MVP; empty for any.
        sort: the order.
    """

    subcategory: Subcategory | None = None
    everything: bool = True
    weight: Weight | None = None
    screenshots: bool = False
    earlier: bool = False
    cehrt: bool = False
    chosen: bool = False
    mvp_id: str = ""
    sort: Sort = Sort.BEST


@dataclass(frozen=True, slots=True)
class Listing:
    """The activities of a year with what the list needs to know of each.

    Attributes:
        activities: in the order of the catalog.
        chosen: identifiers of the chosen ones.
        earlier: identifiers of those that were chosen for an earlier year.
        points: points that each earns this practice; empty while that is not known yet.
    """

    activities: tuple[Activity, ...] = ()
    chosen: frozenset[str] = frozenset()
    earlier: frozenset[str] = frozenset()
    points: Mapping[str, int] = field(default_factory=dict)

    def activity(self, activity_id: str) -> Activity | None:
        """Return an activity, or None."""
        return next((found for found in self.activities if found.id == activity_id), None)


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One line of the list.

    Attributes:
        chosen: it is chosen for the year.
        found_in: where a search found it: "title", "summary", "evidence"; empty without a search.
    """

    activity: Activity
    chosen: bool
    found_in: str = ""


#: What is said first of a hit; the other fields are only named when none of these was hit.
_SAID_FIRST = (Field.ID, Field.FORMER_ID, Field.TITLE, Field.SUMMARY, Field.EVIDENCE)


def fields_in_words(fields: Sequence[Field]) -> str:
    """Return where a search found an activity, in words: "title, evidence"."""
    if Field.ID in fields:
        return "id"
    shown = [each for each in fields if each in _SAID_FIRST] or list(fields)
    return ", ".join(each.replace("_", " ") for each in shown)


def listed(listing: Listing, wanted: ActivityFilter, hits: Sequence[Hit] | None = None) -> tuple[ActivityRow, ...]:
    """Return the rows to show.

    Args:
        listing: the year.
        wanted: filter and order.
        hits: what a search found, the best first; None when nothing was searched.
    """
    found = None if hits is None else {hit.activity.id: fields_in_words(hit.fields) for hit in hits}
    order = [activity.id for activity in listing.activities] if hits is None else [hit.activity.id for hit in hits]
    by_id = {activity.id: activity for activity in listing.activities}
    rows = [
        ActivityRow(by_id[each], each in listing.chosen, found[each] if found else "")
        for each in order
        if each in by_id and _passes(by_id[each], listing, wanted)
    ]
    place = {activity.id: number for number, activity in enumerate(listing.activities)}
    match wanted.sort:
        case Sort.ID:
            rows.sort(key=lambda row: place[row.activity.id])
        case Sort.TITLE:
            rows.sort(key=lambda row: row.activity.title.casefold())
        case Sort.POINTS:
            rows.sort(key=lambda row: -listing.points.get(row.activity.id, 0))
    return tuple(rows)


def _passes(activity: Activity, listing: Listing, wanted: ActivityFilter) -> bool:
    return (
        (wanted.everything or activity.subcategory is wanted.subcategory)
        and (wanted.weight is None or activity.weight is wanted.weight)
        and (not wanted.screenshots or provable_with_screenshots(activity))
        and (not wanted.earlier or activity.id in listing.earlier)
        and (not wanted.cehrt or activity.cehrt_eligible)
        and (not wanted.chosen or activity.id in listing.chosen)
        and (not wanted.mvp_id or wanted.mvp_id in activity.mvp_ids)
    )


class Role(IntEnum):
    """Data roles of the models."""

    #: The whole row: an `ActivityRow` or a `SubcategoryRow`.
    ROW = Qt.ItemDataRole.UserRole
    #: Identifier of the activity.
    ID = Qt.ItemDataRole.UserRole + 1


class ActivityModel(QAbstractListModel):
    """Activities over an immutable tuple of rows."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[ActivityRow, ...] = ()

    @property
    def rows(self) -> tuple[ActivityRow, ...]:
        """What is listed."""
        return self._rows

    def set_rows(self, rows: tuple[ActivityRow, ...]) -> None:
        """List other rows; when only their state changed, the lines stay and are painted again."""
        if [row.activity for row in rows] == [row.activity for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_of(self, activity_id: str) -> int:
        """Return the line of an activity, or -1."""
        return next((place for place, row in enumerate(self._rows) if row.activity.id == activity_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Number of lines."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the row, or its words for screen readers and keyboard search."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Role.ROW:
            return row
        if role == Role.ID:
            return row.activity.id
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.activity.id} {row.activity.title}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = [row.activity.id, row.activity.title, row.activity.weight or "", "chosen" if row.chosen else ""]
            parts.append(f"found in {row.found_in}" if row.found_in else "")
            return ", ".join(part for part in parts if part)
        return None


@dataclass(frozen=True, slots=True)
class SubcategoryRow:
    """One subcategory.

    Attributes:
        subcategory: None for the activities without one, and for all of them.
        everything: the line "All activities".
        count: activities in it.
        chosen: chosen ones among them.
    """

    subcategory: Subcategory | None
    everything: bool
    count: int
    chosen: int

    @property
    def name(self) -> str:
        """Its name."""
        if self.everything:
            return "All activities"
        return self.subcategory.label if self.subcategory else OTHER

    @property
    def icon(self) -> str:
        """Its icon."""
        return "layers" if self.everything else ABOUT[self.subcategory][0]

    @property
    def about(self) -> str:
        """A few plain words."""
        return "The whole list" if self.everything else ABOUT[self.subcategory][2]

    @property
    def short_name(self) -> str:
        """Its name, short enough for a narrow pane."""
        return self.name if self.everything else ABOUT[self.subcategory][1]


def subcategories(activities: Sequence[Activity], chosen: frozenset[str]) -> tuple[SubcategoryRow, ...]:
    """Return the line for everything and one for each subcategory that has activities."""
    rows = [SubcategoryRow(None, True, len(activities), len(chosen))]
    for subcategory in (*Subcategory, None):
        own = [activity for activity in activities if activity.subcategory is subcategory]
        if own:
            rows.append(SubcategoryRow(subcategory, False, len(own), sum(a.id in chosen for a in own)))
    return tuple(rows)


class SubcategoryModel(QAbstractListModel):
    """Subcategories over an immutable tuple of rows."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[SubcategoryRow, ...] = ()

    @property
    def rows(self) -> tuple[SubcategoryRow, ...]:
        """What is listed."""
        return self._rows

    def set_rows(self, rows: tuple[SubcategoryRow, ...]) -> None:
        """List other rows; when only their numbers changed, the lines stay."""
        if [row.name for row in rows] == [row.name for row in self._rows]:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Number of lines."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the row, or its words."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Role.ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.name}: {row.about}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.name}, {row.count} activities, {row.chosen} chosen. {row.about}"
        return None
