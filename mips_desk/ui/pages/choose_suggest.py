"""Suggest a set: what the practice says it does, and the smallest sets that reach full credit from it."""

import hashlib
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.domain.activity import Activity
from mips_desk.domain.phrases import listed
from mips_desk.domain.suggest import Suggestion
from mips_desk.services import choosing
from mips_desk.services.overview import YearView
from mips_desk.ui import words
from mips_desk.ui.desk import Desk
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, TextRole, font, px
from mips_desk.ui.widgets.activity_rows import wrapped
from mips_desk.ui.widgets.buttons import primary_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.text import hint, label, page_title, secondary, strong

#: Width of the statements; below the other width of the dialog the sets stand below them. Logical pixels at 100 %.
STATEMENTS, NARROW_BELOW = 344, 700


class Ticked:
    """Which statements a practice ticked last, kept in the settings of this computer.

    Args:
        settings: where to keep them; None keeps them only while the practice is open.
        practice: tells one practice from another; only its hash is kept.
    """

    def __init__(self, settings: QSettings | None, practice: str) -> None:
        self._settings = settings
        self._key = f"choose/does-{hashlib.sha256(practice.encode()).hexdigest()[:16]}"
        stored = str(settings.value(self._key, "")) if settings is not None else ""
        self.keys = frozenset(filter(None, stored.split(" ")))

    def keep(self, keys: frozenset[str]) -> None:
        """Remember other statements."""
        self.keys = keys
        if self._settings is not None:
            self._settings.setValue(self._key, " ".join(sorted(keys)))


class SuggestDialog(QDialog):
    """Statements to tick at the left, sets at the right; they follow each tick.

    Args:
        desk: the open practice.
        view: the year.
        ticked: what was ticked last.
        points: points of each activity for this practice; empty when not known.

    Signals:
        set_chosen(tuple): identifiers of the activities of the set that was chosen.
    """

    set_chosen = Signal(tuple)

    def __init__(
        self, desk: Desk, view: YearView, ticked: Ticked, points: Mapping[str, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("suggest_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Suggest a set")
        self._desk, self._view, self._ticked, self._points = desk, view, ticked, points
        self._asked = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L + 4, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(page_title(f"Suggest a set for {view.year}"))
        column.addWidget(
            label(
                "Tick what your practice does already. Each set at the right reaches full credit with what is chosen.",
                wrap=True,
                tone="ink2",
            )
        )
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(SPACE_L)
        self._statements = self._build_statements()
        self._columns.addWidget(self._statements)
        self._results = QVBoxLayout()
        self._results.setContentsMargins(0, 0, SPACE_S, 0)
        self._results.setSpacing(SPACE_M)
        right = scroll_area(self._results)
        right.setObjectName("suggested_sets")
        self._columns.addWidget(right, 1)
        column.addLayout(self._columns, 1)
        foot = QHBoxLayout()
        self._shots = QCheckBox("Prefer what screenshots can prove")
        self._shots.setObjectName("prefer_screenshots")
        self._shots.setChecked(True)
        self._shots.toggled.connect(lambda _on: self._ask())
        foot.addWidget(self._shots)
        foot.addStretch(1)
        close = secondary_button("Close", on_click=self.reject)
        close.setObjectName("close_suggest")
        foot.addWidget(close)
        column.addLayout(foot)
        self.resize(QSize(px(880), px(580)).boundedTo(parent.window().size() if parent else self.screen().size()))
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the sets below the statements where there is no room beside them."""
        super().resizeEvent(event)
        narrow = self.width() < px(NARROW_BELOW)
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._columns.setStretch(0, 1 if narrow else 0)
        self._statements.setMinimumWidth(0 if narrow else px(STATEMENTS))
        self._statements.setMaximumWidth(16_777_215 if narrow else px(STATEMENTS))

    def _build_statements(self) -> Card:
        card = Card(margin=SPACE_M)
        card.body.addWidget(strong("What you do already"))
        inside = QVBoxLayout()
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        self._boxes: dict[str, QCheckBox] = {}
        for habit in choosing.statements(self._desk.session, self._view):
            # A check box breaks no lines by itself.
            box = QCheckBox("\n".join(wrapped(habit.says, font(), px(268), 3)))
            box.setAccessibleName(habit.says)
            box.setObjectName(f"does_{habit.key}")
            box.setToolTip(f"{habit.says} ({', '.join(habit.activities)})")
            box.setChecked(habit.key in self._ticked.keys)
            box.toggled.connect(lambda _on: self._tick())
            self._boxes[habit.key] = box
            inside.addWidget(box)
        inside.addStretch(1)
        card.body.addWidget(scroll_area(inside), 1)
        return card

    def _tick(self) -> None:
        known = {key for key, box in self._boxes.items() if box.isChecked()}
        # What only another year knows stays ticked for it.
        self._ticked.keep(frozenset(known | (self._ticked.keys - self._boxes.keys())))
        self._ask()

    def _ask(self) -> None:
        self._asked += 1
        session, view, prefer = self._desk.session, self._view, self._shots.isChecked()
        ticked = [key for key, box in self._boxes.items() if box.isChecked()]
        self._desk.jobs.work(
            lambda _: choosing.suggestions(session, view, ticked, prefer_screenshots=prefer),
            initiator=self,
            on_success=partial(self._show, self._asked),
        )

    def _show(self, asked: int, found: tuple[Suggestion, ...]) -> None:
        if asked != self._asked:
            return
        while (item := self._results.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for number, suggestion in enumerate(found):
            self._results.addWidget(self._card(number, suggestion))
        if not found:
            told = "No set reaches full credit any more; look through the list, some credit may still be possible."
            if self._view.planned.ia_points >= self._view.rules.target_points:
                told = "Full credit is planned already. Each further activity adds one more thing to prove."
            self._results.addWidget(EmptyState("sparkles", "Nothing to suggest", told))
        self._results.addStretch(1)

    def _card(self, number: int, suggestion: Suggestion) -> Card:
        inventory = self._desk.session.catalog.inventory(self._view.year)
        card = Card(margin=SPACE_L)
        card.setObjectName(f"set_{number}")
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        ids = suggestion.activity_ids
        head = words.count(len(ids), "activity", "activities")
        if self._view.rules.weighted:
            head = f"{head}, {words.count(suggestion.points, 'point')}"
        row.addWidget(label(head, TextRole.CARD_TITLE, wrap=True), 1)
        made = primary_button if not number else secondary_button
        button = made("Choose this set", "plus", partial(self._choose, ids))
        button.setObjectName(f"choose_set_{number}")
        button.setAccessibleName(f"Choose this set: {listed(ids)}")
        button.setEnabled(not self._desk.fixed)
        row.addWidget(button)
        card.body.addLayout(row)
        for activity_id in ids:
            card.body.addWidget(self._line(inventory[activity_id]))
        card.body.addWidget(secondary(suggestion.why))
        return card

    def _line(self, activity: Activity) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(label(activity.id, TextRole.MONO))
        points = self._points.get(activity.id, 0)
        if self._view.rules.weighted and points:
            head.addWidget(Chip(words.count(points, "point"), Tone.ACCENT))
        if not activity.guidance.stated:
            head.addWidget(hint("our reading of the proof"))
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(strong(activity.title))
        return made

    def _choose(self, ids: tuple[str, ...]) -> None:
        self.accept()
        self.set_chosen.emit(ids)
