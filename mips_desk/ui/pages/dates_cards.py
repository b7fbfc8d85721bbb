"""The cards beside the calendar: performance period, clinicians, entries."""

from datetime import date

from PySide6.QtCore import QItemSelectionModel, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mips_desk.domain.deadlines import window_days
from mips_desk.domain.evidence import UseEntry
from mips_desk.domain.period import LONG_GAP
from mips_desk.domain.practice import Level
from mips_desk.domain.readiness import Lack
from mips_desk.services.overview import SelectionView, YearView
from mips_desk.ui import words
from mips_desk.ui.models.uses import Index, Role, UseModel, UseRow, use_rows
from mips_desk.ui.theme import SPACE_M, SPACE_S, TextRole, color, font, px
from mips_desk.ui.widgets.buttons import icon_button, secondary_button
from mips_desk.ui.widgets.card import Card, SectionHeader
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.flow_layout import FlowLayout
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import ElidedLabel, hint, label, rule, secondary


class PeriodCard(Card):
    """What is claimed, what is needed, and until when a period can start.

    Signals:
        change_requested(): set the first and last day.
        best_requested(): claim the window that holds the most dates.
    """

    change_requested = Signal()
    best_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Performance period", parent=parent)
        self.setObjectName("period_card")
        self._figure = label("", TextRole.FIGURE, wrap=True)
        self._figure.setObjectName("period")
        self._days = secondary("")
        self._days.setObjectName("period_days")
        self._chips = FlowLayout()
        self._note = Note()
        self.body.addWidget(self._figure)
        self.body.addWidget(self._days)
        self.body.addLayout(self._chips)
        self.body.addWidget(self._note)
        self._best_words = hint("")
        self.body.addWidget(self._best_words)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._change = secondary_button("Set period…", on_click=self.change_requested.emit)
        self._change.setObjectName("set_period")
        self._best = secondary_button("Use best window", on_click=self.best_requested.emit)
        self._best.setObjectName("best_window")
        row.addWidget(self._change)
        row.addWidget(self._best)
        row.addStretch(1)
        self.body.addLayout(row)

    def show_part(self, part: SelectionView, view: YearView, *, read_only: bool) -> None:
        """Show a selection's period."""
        period = part.selection.period
        needed = window_days(view.rules.period_for(part.activity.id), view.year)
        summary = part.use_summary
        self._chips.clear()
        if period is None:
            self._figure.setText("Not set yet")
            self._days.setText(
                f"{words.count(needed, 'day')} in a row are needed." if needed else "Set when it was done."
            )
            self._chips.addWidget(Chip(f"{words.count(len(summary.dates), 'date')} logged", Tone.NEUTRAL))
        else:
            self._figure.setText(words.span(period.start, period.end, with_year=True))
            row = f"{words.count(period.days, 'day')} in a row"
            self._days.setText(f"{row}, {needed} needed" if needed else row)
            self._claimed_chips(part, view)
        self._show_last_start(part, view)
        best = summary.best
        useful = best is not None and best != period
        self._best.setEnabled(useful and not read_only)
        self._best_words.setVisible(useful)
        if best is not None:
            inside = sum(1 for day in {use.day for use in part.uses} if day in best)
            self._best_words.setText(
                f"Best window: {words.span(best.start, best.end)}, with {words.count(inside, 'date')} of use."
            )
        self._change.setText("Set period…" if period is None else "Change…")
        self._change.setAccessibleName("Set the performance period" if period is None else "Change the period")
        self._change.setEnabled(not read_only)

    def _claimed_chips(self, part: SelectionView, view: YearView) -> None:
        period = part.selection.period
        needed = window_days(view.rules.period_for(part.activity.id), view.year)
        assert period is not None
        if period.inside(view.year) == period:
            self._chips.addWidget(Chip("inside the year", Tone.OK, "check"))
        else:
            self._chips.addWidget(Chip("outside the year", Tone.BAD, "circle-alert"))
        # Six months can have fewer days than the longest six months, so readiness decides and the days only tell.
        if needed and any(missing.lack is Lack.PERIOD_SHORT for missing in part.readiness.missing):
            self._chips.addWidget(
                Chip(f"{words.count(needed - period.days, 'day')} too short", Tone.BAD, "circle-alert")
            )
        logged = len(part.use_summary.dates)
        tone = Tone.OK if logged else Tone.WARN
        self._chips.addWidget(
            Chip(f"{words.count(logged, 'date')} logged", tone, "check" if logged else "triangle-alert")
        )
        gap = part.use_summary.longest_gap
        if logged and gap:
            long = gap > LONG_GAP
            icon = "triangle-alert" if long else ""
            self._chips.addWidget(
                Chip(f"longest gap {words.count(gap, 'day')}", Tone.WARN if long else Tone.NEUTRAL, icon)
            )
        if view.today in period:
            left = (period.end - view.today).days
            self._chips.addWidget(Chip(f"{words.count(left, 'day')} left" if left else "ends today", Tone.ACCENT))

    def _show_last_start(self, part: SelectionView, view: YearView) -> None:
        last = part.use_summary.last_start
        if part.selection.period is not None or last is None:
            self._note.set("")
        elif last < view.today:
            if view.today.year > view.year:
                self._note.set("")
            else:
                self._note.set(f"A new period could start until {words.long_day(last)}; that day is over.", Tone.WARN)
        else:
            left = words.days_left(last, view.today)
            self._note.set(f"Last day to start is {words.long_day(last)} ({left}).", Tone.NEUTRAL)


class CliniciansCard(Card):
    """Who has dates of use, and how many clinicians of a group are needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("clinicians_card")
        self._head = SectionHeader("Clinicians")
        self.body.addWidget(self._head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self._sum = secondary("")
        self._sum.setObjectName("clinicians_sum")
        self.body.addWidget(self._sum)

    def show_part(self, part: SelectionView, view: YearView) -> None:
        """Show who logged dates for a selection."""
        period = part.selection.period
        counted: dict[str, set[date]] = {}
        for use in part.uses:
            if period is None or use.day in period:
                counted.setdefault(use.clinician_id, set()).add(use.day)
        lines = [(each.shown_name, len(counted.get(each.id, ()))) for each in view.clinicians]
        if "" in counted:
            lines.append(("Whole practice", len(counted[""])))
        self._show_lines(lines)
        self._fill_sum(view, sum(1 for clinician in view.clinicians if clinician.id in counted))

    def _show_lines(self, lines: list[tuple[str, int]]) -> None:
        """Change the rows that are there, and make or take away only what differs: there may be dozens."""
        while self._rows.count() > len(lines):
            item = self._rows.takeAt(self._rows.count() - 1)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        while self._rows.count() < len(lines):
            self._rows.addWidget(_ClinicianRow(first=not self._rows.count()))
        for place, (name, days) in enumerate(lines):
            item = self._rows.itemAt(place)
            row = item.widget() if item is not None else None
            assert isinstance(row, _ClinicianRow)
            row.show_line(name, days)

    def _fill_sum(self, view: YearView, performing: int) -> None:
        total = view.profile.npis_total if view.profile.npis_total is not None else len(view.clinicians)
        group = view.profile.level is not Level.INDIVIDUAL and total > 0
        needed = view.rules.group.needed(total) if group else 0
        share = view.rules.group.share
        self._head.set(
            "Clinicians", ("half must take part" if share == 0.5 else f"{needed} must take part") if group else ""
        )
        if not view.clinicians:
            self._sum.setText("Add the clinicians in Settings to log dates for each of them.")
        elif not group:
            self._sum.setText("")
        else:
            enough = "enough for the group" if performing >= needed else f"{needed} are needed"
            self._sum.setText(f"{performing} of {total} have dates of use; {enough}. Their periods may differ.")
        self._sum.setVisible(bool(self._sum.text()))


class _ClinicianRow(QWidget):
    """A name and on how many days; a line above all but the first."""

    def __init__(self, *, first: bool) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(6))
        column.setSpacing(px(6))
        line = rule()
        line.setVisible(not first)
        column.addWidget(line)
        row = QHBoxLayout()
        self._name = ElidedLabel()
        self._days = Chip("")
        row.addWidget(self._name, 1)
        row.addWidget(self._days)
        column.addLayout(row)

    def show_line(self, name: str, days: int) -> None:
        """Show a clinician."""
        self._name.setText(name)
        self._days.set(words.count(days, "date"), Tone.OK if days else Tone.NEUTRAL)


class _UseDelegate(QStyledItemDelegate):
    """Day in bold, the rest behind it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(Role.ROW)
        assert isinstance(row, UseRow)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        if QStyle.StateFlag.State_Selected in option.state:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("accent_wash"))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 6, 6)
        if index.row():
            painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), color("faint"))
        inner = rect.adjusted(px(SPACE_S), 0, -px(SPACE_S), 0)
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(font(TextRole.STRONG))
        painter.setPen(color("ink"))
        painter.drawText(inner, flags, words.short_day(row.entry.day))
        left = inner.left() + px(54)
        painter.setFont(font(TextRole.SECONDARY))
        painter.setPen(color("ink2" if row.inside else "warn"))
        text = row.detail if row.inside else " · ".join(part for part in ("outside the period", row.detail) if part)
        room = QRectF(left, inner.top(), inner.right() - left, inner.height())
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, flags, shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(120), px(36))


class _UseList(QListView):
    """The entries; Delete deletes those that are selected.

    Signals:
        delete_requested(): the key.
    """

    delete_requested = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_requested.emit()
        else:
            super().keyPressEvent(event)


class EntriesCard(Card):
    """The use log of the selection.

    Signals:
        delete_requested(tuple): identifiers of the entries to delete.
    """

    delete_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("entries_card")
        self._read_only = False
        head = QHBoxLayout()
        self._head = SectionHeader("Entries")
        head.addWidget(self._head, 1)
        self._delete = icon_button("Delete the entries that are selected (Del)", "trash-2", self._ask)
        self._delete.setObjectName("delete_use")
        head.addWidget(self._delete)
        self.body.addLayout(head)
        self._model = UseModel()
        self.list = _UseList()
        self.list.setObjectName("uses")
        self.list.setAccessibleName("Entries")
        self.list.setProperty("bare", True)
        self.list.setProperty("ring", True)
        self.list.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_UseDelegate(self.list))
        self.list.setMinimumHeight(px(110))
        self.list.delete_requested.connect(self._ask)
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._follow())
        self.body.addWidget(self.list, 1)
        self._none = hint("No date is logged yet. Click a day in the calendar, or press Used today.")
        self.body.addWidget(self._none)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(SPACE_M - 4)

    def show_part(self, part: SelectionView, view: YearView, *, read_only: bool) -> None:
        """Show a selection's entries."""
        self._read_only = read_only
        rows = use_rows(part, view)
        self._model.set_rows(rows)
        self._head.set("Entries", str(len(rows)) if rows else "")
        self.list.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._follow()

    def select_day(self, day: date) -> None:
        """Select the entries of a day."""
        chosen = self.list.selectionModel()
        chosen.clearSelection()
        for place, row in enumerate(self._model.rows):
            if row.entry.day == day:
                index = self._model.index(place)
                chosen.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.Select)
                self.list.scrollTo(index)

    def selected(self) -> tuple[UseEntry, ...]:
        """The entries that are selected."""
        rows = self._model.rows
        return tuple(rows[index.row()].entry for index in self.list.selectionModel().selectedIndexes())

    def _follow(self) -> None:
        self._delete.setEnabled(bool(self.list.selectionModel().selectedIndexes()) and not self._read_only)

    def _ask(self) -> None:
        chosen = tuple(entry.id for entry in self.selected())
        if chosen and not self._read_only:
            self.delete_requested.emit(chosen)
