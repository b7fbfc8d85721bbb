"""Choose: the activities of the year, what each asks for, and what adding it would change."""

import dataclasses
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QListView, QMenu, QPushButton, QWidget

from mips_desk.domain.activity import Activity, Weight
from mips_desk.services import choose
from mips_desk.services.overview import effect_of_adding
from mips_desk.ui import words
from mips_desk.ui.actions import make_action
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.icons import icon
from mips_desk.ui.models.activities import (
    ActivityFilter,
    ActivityModel,
    Role,
    SubcategoryModel,
    SubcategoryRow,
    filtered,
    subcategories,
)
from mips_desk.ui.pages.choose_details import ActivityDetails
from mips_desk.ui.pages.room_page import RoomPage
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, TextRole, px
from mips_desk.ui.widgets.activity_rows import ActivityDelegate, SubcategoryDelegate
from mips_desk.ui.widgets.buttons import link_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.flow_layout import FlowLayout
from mips_desk.ui.widgets.search_field import SearchField
from mips_desk.ui.widgets.text import label

#: Below this width of the page, in logical pixels at 100 %, the subcategories become a box above the list.
NARROW_BELOW = 900


class _List(QListView):
    """A list whose rows paint themselves; Return hands the keyboard on to what can be done with the row."""

    def __init__(self, name: str, key: str) -> None:
        super().__init__()
        self.setObjectName(key)
        self.setAccessibleName(name)
        self.setProperty("bare", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.next_widget: QWidget | None = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes on to the button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.next_widget is not None:
            self.next_widget.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)


class ChoosePage(RoomPage):
    """The second room."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Choose activities")
        self.setObjectName("choose_page")
        self._filter = ActivityFilter()
        self._activities: tuple[Activity, ...] = ()
        self._current = ""
        self._told: tuple[str, int] | None = None
        panes = QHBoxLayout()
        panes.setSpacing(SPACE_L)
        panes.addWidget(self._build_subcategories())
        panes.addWidget(self._build_list(), 10)
        self._details = ActivityDetails()
        self._details.setMinimumWidth(px(300))
        self._details.add_requested.connect(self._add)
        self._details.remove_requested.connect(self._remove)
        self._details.evidence_requested.connect(lambda key: self.desk.open_room(Room.EVIDENCE, key))
        self._list.next_widget = self._details.primary
        panes.addWidget(self._details, 9)
        self.body.addLayout(panes, 1)
        self._find = make_action(self, "&Find an activity", self._search.setFocus, keys="Ctrl+F", icon_name="search")

    # ------------------------------------------------------------------ building

    def _build_subcategories(self) -> Card:
        self._left = Card(margin=SPACE_S)
        self._left.setFixedWidth(px(252))
        self._subcategory_model = SubcategoryModel()
        self._subcategories = _List("Subcategories", "subcategories")
        self._subcategories.setModel(self._subcategory_model)
        self._subcategories.setItemDelegate(SubcategoryDelegate(self._subcategories))
        self._subcategories.selectionModel().currentChanged.connect(self._subcategory_changed)
        self._left.body.addWidget(self._subcategories)
        return self._left

    def _build_list(self) -> Card:
        card = Card(margin=SPACE_M)
        card.setMinimumWidth(px(300))
        self._box = QComboBox()
        self._box.setObjectName("subcategory_box")
        self._box.setAccessibleName("Subcategory")
        self._box.activated.connect(
            lambda place: self._subcategories.setCurrentIndex(self._subcategory_model.index(place))
        )
        self._box.hide()
        card.body.addWidget(self._box)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._search = SearchField("Search activities")
        self._search.setObjectName("search")
        self._search.search_requested.connect(lambda text: self._set(text=text))
        row.addWidget(self._search, 1)
        self._filter_button = QPushButton("Filter ")
        self._filter_button.setObjectName("filter")
        self._filter_button.setIcon(icon("chevron-down"))
        self._filter_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._filter_menu = QMenu(self._filter_button)
        self._filter_button.setMenu(self._filter_menu)
        row.addWidget(self._filter_button)
        card.body.addLayout(row)
        holder = QWidget()
        self._chips = FlowLayout(holder)
        self._chips_holder = holder
        card.body.addWidget(holder)
        self._model = ActivityModel()
        self._list = _List("Activities", "activities")
        self._list.setModel(self._model)
        self._list.setItemDelegate(ActivityDelegate(self._list))
        self._list.selectionModel().currentChanged.connect(self._activity_changed)
        card.body.addWidget(self._list, 1)
        self._nothing = EmptyState(
            "search", "Nothing matches", "Try fewer words, or look in all subcategories.", self._clear_button()
        )
        card.body.addWidget(self._nothing, 1)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_XS)
        self._matches = label("", TextRole.SECONDARY)
        self._everywhere = link_button("", lambda: self._set_subcategory_everything())
        self._everywhere.setObjectName("search_everywhere")
        foot.addWidget(self._matches)
        foot.addWidget(self._everywhere)
        foot.addStretch(1)
        card.body.addLayout(foot)
        return card

    def _clear_button(self) -> QPushButton:
        made = secondary_button("Clear search and filters", "x", self._clear)
        made.setObjectName("clear_filters")
        return made

    def commands(self) -> list[QAction]:
        """Find."""
        return [self._find]

    # ------------------------------------------------------------------ showing

    def refresh(self) -> None:
        """Show the year."""
        view = self.view
        self._activities = self.desk.session.catalog.activities(view.year)
        self._fill_header()
        rows = subcategories(self._activities, self._chosen_ids())
        before = self._subcategories.currentIndex().row()
        self._subcategory_model.set_rows(rows)
        self._box.clear()
        self._box.addItems([f"{row.name} ({row.count})" for row in rows])
        if before < 0 or self._subcategories.currentIndex().row() < 0:
            self._subcategories.setCurrentIndex(self._subcategory_model.index(0))
        self._fill_menu()
        self._fill_list()
        self._tell()

    def arrange(self, width: int) -> None:
        """Put the subcategories into a box where there is no room for their pane."""
        narrow = width < px(NARROW_BELOW)
        self._left.setVisible(not narrow)
        self._left.setFixedWidth(px(252))
        self._box.setVisible(narrow)

    def open_link(self, target: Target) -> None:
        """Select the activity of a selection."""
        part = self.view.selection(target.selection_id)
        if part is not None:
            self._clear()
            self._select(part.activity.id)

    def _chosen_ids(self) -> frozenset[str]:
        return frozenset(part.activity.id for part in self.view.selections)

    def _fill_header(self) -> None:
        view = self.view
        gauge = view.gauge
        missing = max(0, gauge.target - gauge.planned)
        text = f"{len(self._activities)} activities in {view.year}."
        if view.profile.track is view.rules.assigned.track:
            self.header.set("Choose activities", f"{text} In your track CMS assigns the score.")
            return
        text += f" You need {words.amount(gauge, gauge.target)}: {gauge.planned} planned, "
        text += f"{missing} to go." if missing else "nothing more to add."
        scale = view.rules.scale(view.profile.track, view.profile.special_statuses)
        if not scale.each:
            text += f" A medium activity earns {scale.medium}, a high one {scale.high}."
        self.header.set("Choose activities", text)

    def _fill_list(self) -> None:
        rows = filtered(self._activities, self._chosen_ids(), self._filter)
        self._model.set_rows(rows)
        self._list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self._fill_foot(len(rows))
        self._fill_chips()
        wanted = self._current if self._model.row_of(self._current) >= 0 else rows[0].activity.id if rows else ""
        if wanted:
            self._select(wanted)
        self._show_details()

    def _fill_foot(self, shown: int) -> None:
        everywhere = dataclasses.replace(self._filter, everything=True)
        total = len(filtered(self._activities, self._chosen_ids(), everywhere))
        self._matches.setText(
            f"{shown} of {len(self._activities)} shown" if self._filter.everything else f"{shown} shown."
        )
        self._everywhere.setVisible(not self._filter.everything and total > shown)
        text = f"Look in all subcategories ({total})"
        self._everywhere.setText(text)
        self._everywhere.setAccessibleName(text)

    def _select(self, activity_id: str) -> None:
        place = self._model.row_of(activity_id)
        index = self._model.index(place) if place >= 0 else QModelIndex()
        if index.isValid() and self._list.currentIndex() != index:
            self._list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self._list.scrollTo(index)

    def _show_details(self) -> None:
        view = self.view
        activity = next((found for found in self._activities if found.id == self._current), None)
        if activity is None:
            self._details.show_nothing()
            return
        catalog = self.desk.session.catalog
        mvps = {mvp.id: mvp.title for mvp in catalog.mvps(view.year)}
        self._details.show_activity(activity, view, mvps, catalog.links(view.year), read_only=self.desk.read_only)
        if view.chosen(activity.id) is None:
            session = self.desk.session
            self.desk.jobs.work(
                lambda _: effect_of_adding(session, view, activity.id),
                initiator=self,
                on_success=partial(self._details.show_effect, activity.id),
            )

    # ------------------------------------------------------------------ filters

    def _fill_menu(self) -> None:
        self._filter_menu.clear()
        choices: list[tuple[str, bool, dict[str, object]]] = []
        if self.view.rules.weighted:
            for weight in Weight:
                on = self._filter.weight is weight
                choices.append((f"{weight.capitalize()} weight", on, {"weight": None if on else weight}))
        screenshots, chosen = self._filter.screenshots, self._filter.chosen
        choices.append(("Provable with screenshots", screenshots, {"screenshots": not screenshots}))
        choices.append(("Chosen", chosen, {"chosen": not chosen}))
        for text, on, change in choices:
            action = QAction(text, self._filter_menu, checkable=True)
            action.setChecked(on)
            action.triggered.connect(lambda _checked=False, change=change: self._set(**change))
            self._filter_menu.addAction(action)

    def _fill_chips(self) -> None:
        self._chips.clear()
        wanted = self._filter
        active: list[tuple[str, dict[str, object]]] = []
        if wanted.weight is not None:
            active.append((f"{wanted.weight} weight", {"weight": None}))
        if wanted.screenshots:
            active.append(("provable with screenshots", {"screenshots": False}))
        if wanted.chosen:
            active.append(("chosen", {"chosen": False}))
        for text, change in active:
            button = link_button(f"{text}  ×", partial(self._set, **change))
            button.setAccessibleName(f"Remove the filter {text}")
            self._chips.addWidget(button)
        self._chips_holder.setVisible(bool(active))

    def _set(self, **change: object) -> None:
        self._filter = dataclasses.replace(self._filter, **change)  # type: ignore[arg-type]  # fields of the filter
        self._fill_menu()
        self._fill_list()

    def _clear(self) -> None:
        self._search.clear()
        self._filter = ActivityFilter()
        self._fill_menu()
        self._set_subcategory_everything()
        self._fill_list()

    def _set_subcategory_everything(self) -> None:
        self._subcategories.setCurrentIndex(self._subcategory_model.index(0))

    def _subcategory_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = current.data(Role.ROW)
        if isinstance(row, SubcategoryRow):
            self._box.setCurrentIndex(current.row())
            self._set(subcategory=row.subcategory, everything=row.everything)

    def _activity_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        chosen = current.data(Role.ID)
        if isinstance(chosen, str) and chosen != self._current:
            self._current = chosen
            self._show_details()

    # ------------------------------------------------------------------ commands

    def _add(self, activity_id: str) -> None:
        session, year = self.desk.session, self.view.year
        self._told = (f"{activity_id} added.", self.view.gauge.planned)
        self.change(lambda: choose.add(session, year, activity_id))

    def _remove(self, selection_id: str) -> None:
        session, part = self.desk.session, self.view.selection(selection_id)
        if part is None:
            return

        kept = [words.count(len(part.evidence), "picture"), words.count(len(part.uses), "date")]
        note = f" Its {kept[0]} and {kept[1]} are kept." if part.evidence or part.uses else ""
        self._told = (f"{part.activity.id} removed.{note}", self.view.gauge.planned)
        self.change(lambda: choose.remove(session, selection_id))

    def _tell(self) -> None:
        """Say what a command changed, once the year was read again."""
        if self._told is None:
            return
        text, before = self._told
        self._told = None
        gauge = self.view.gauge
        unit = words.amount(gauge, gauge.planned).split(" ", 1)[1]
        change = f"{before} → {gauge.planned} of {gauge.target} {unit} planned." if before != gauge.planned else ""
        self.desk.messages.info(f"{text} {change}".strip(), "Undo", self.desk.undo.undo)
