"""The use log as rows, newest day on top."""

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from mips_desk.domain.evidence import UseEntry
from mips_desk.services.overview import SelectionView, YearView
from mips_desk.ui import words

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class UseRow:
    """One entry.

    Attributes:
        who: name of the clinician; empty for the practice as a whole.
        inside: it lies in the performance period, or there is none yet.
    """

    entry: UseEntry
    who: str
    inside: bool

    @property
    def detail(self) -> str:
        """Everything besides the day: "9 times · messages answered · L. Brandt, NP"."""
        times = words.count(self.entry.count, "time") if self.entry.count > 1 else ""
        shown = "with an exhibit" if self.entry.evidence_id else ""
        return " · ".join(part for part in (times, self.entry.note, self.who, shown) if part)


def use_rows(part: SelectionView, view: YearView) -> tuple[UseRow, ...]:
    """Return the entries of a selection, newest day on top."""
    names = {clinician.id: clinician.shown_name for clinician in view.clinicians}
    period = part.selection.period
    rows = [
        UseRow(entry, names.get(entry.clinician_id, ""), period is None or entry.day in period) for entry in part.uses
    ]
    return tuple(sorted(rows, key=lambda row: row.entry.day, reverse=True))


class Role(IntEnum):
    """Data roles."""

    #: The `UseRow`.
    ROW = Qt.ItemDataRole.UserRole


class UseModel(QAbstractListModel):
    """Entries over an immutable tuple of rows."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[UseRow, ...] = ()

    @property
    def rows(self) -> tuple[UseRow, ...]:
        """What is listed."""
        return self._rows

    def set_rows(self, rows: tuple[UseRow, ...]) -> None:
        """List other rows."""
        if rows != self._rows:
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
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            place = "" if row.inside else "outside the performance period"
            return ", ".join(part for part in (words.full_day(row.entry.day), row.detail, place) if part)
        return None
