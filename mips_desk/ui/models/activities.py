"""The activities of a year as rows: searched, filtered, counted by subcategory. Without widgets."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from mips_desk.domain.activity import Activity, EvidenceKind, Subcategory, Weight

Index = QModelIndex | QPersistentModelIndex

#: The activities without a subcategory stand under this name.
OTHER = "Other"

#: Icon, short name and a few plain words on each subcategory; the tool tip has the name in full.
ABOUT: dict[Subcategory | None, tuple[str, str, str]] = {
    Subcategory.ACHIEVING_HEALTH_EQUITY: ("scale", "Health Equity", "Care that reaches everyone"),
    Subcategory.ADVANCING_HEALTH_AND_WELLNESS: ("activity", "Health and Wellness", "Staying well, not only ill"),
    Subcategory.BEHAVIORAL_AND_MENTAL_HEALTH: ("brain", "Behavioral Health", "Mental health, substance use"),
    Subcategory.BENEFICIARY_ENGAGEMENT: ("hand-heart", "Beneficiary Engagement", "Patients take part in care"),
    Subcategory.CARE_COORDINATION: ("users", "Care Coordination", "Clinicians work together"),
    Subcategory.EMERGENCY_RESPONSE_AND_PREPAREDNESS: ("siren", "Emergency Response", "Ready for a disaster"),
    Subcategory.EXPANDED_PRACTICE_ACCESS: ("door-open", "Practice Access", "Easier to get an answer"),
    Subcategory.PATIENT_SAFETY_AND_PRACTICE_ASSESSMENT: ("shield-check", "Patient Safety", "Safer care, measured"),
    Subcategory.POPULATION_MANAGEMENT: ("chart-column", "Population Management", "Care for groups of patients"),
    None: ("badge-check", "Other", "Recognition and MVPs"),
}


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What to show.

    Attributes:
        text: words that all have to occur; empty for everything.
        subcategory: only this one; None with `everything` False means the activities without a subcategory.
        everything: all subcategories.
        weight: only this weight; None for any.
        screenshots: only those that a screenshot can prove.
        chosen: only those that are chosen.
    """

    text: str = ""
    subcategory: Subcategory | None = None
    everything: bool = True
    weight: Weight | None = None
    screenshots: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One line of the list.

    Attributes:
        chosen: it is chosen for the year.
        found_in: where the words were found: "title", "summary", "evidence"; empty without a search.
    """

    activity: Activity
    chosen: bool
    found_in: str = ""


def provable_with_screenshots(activity: Activity) -> bool:
    """Tell whether a checklist line of the activity takes a screenshot."""
    return any(EvidenceKind.SCREENSHOT in option.kinds for option in activity.guidance.options)


def found_in(activity: Activity, text: str) -> str | None:
    """Return where the words of a search occur, or None when one of them does not.

    Args:
        activity: looked at in its identifier, title, summary and checklist.
        text: words in any order; upper and lower case are the same.
    """
    guidance = activity.guidance
    places = (
        ("id", activity.id.casefold()),
        ("title", activity.title.casefold()),
        ("summary", f"{guidance.summary} {guidance.objective}".casefold()),
        ("evidence", " ".join(f"{option.label} {option.detail}" for option in guidance.options).casefold()),
    )
    found: set[str] = set()
    for word in text.casefold().split():
        hits = [name for name, content in places if word in content]
        if not hits:
            return None
        found.update(hits[:1] if "id" in hits else hits)
    return ", ".join(name for name, _ in places if name in found)


def filtered(activities: Sequence[Activity], chosen: frozenset[str], wanted: ActivityFilter) -> tuple[ActivityRow, ...]:
    """Return the rows to show, in the order of the catalog; a hit in the title comes before one elsewhere.

    Args:
        activities: of one year.
        chosen: identifiers of the chosen ones.
        wanted: what to show.
    """
    rows: list[ActivityRow] = []
    for activity in activities:
        if not wanted.everything and activity.subcategory is not wanted.subcategory:
            continue
        if wanted.weight is not None and activity.weight is not wanted.weight:
            continue
        if (wanted.chosen and activity.id not in chosen) or (
            wanted.screenshots and not provable_with_screenshots(activity)
        ):
            continue
        place = found_in(activity, wanted.text)
        if place is not None:
            rows.append(ActivityRow(activity, activity.id in chosen, place))
    if wanted.text:
        rows.sort(key=lambda row: not row.found_in.startswith(("id", "title")))
    return tuple(rows)


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
        return "The whole list of the year" if self.everything else ABOUT[self.subcategory][2]

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
