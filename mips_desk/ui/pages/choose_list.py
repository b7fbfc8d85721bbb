"""The middle pane of Choose: search, filters, the activities that fit, and what to do when none does."""

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.catalog.search import Hit
from mips_desk.domain.activity import Subcategory
from mips_desk.ui.models.activities import ActivityFilter, ActivityModel, Listing, Role, listed
from mips_desk.ui.pages.choose_filters import Choices, FilterBar
from mips_desk.ui.theme import SPACE_M, SPACE_S, SPACE_XS, TextRole
from mips_desk.ui.widgets.activity_rows import ActivityDelegate, RowView
from mips_desk.ui.widgets.buttons import link_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.search_field import SearchField
from mips_desk.ui.widgets.text import label
from mips_desk.ui.words import shortened


class _Search(SearchField):
    """The search field; the arrow down goes on to the list.

    Signals:
        left_downwards(): the keyboard wants to go to the list.
    """

    left_downwards = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down leaves the field."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown):
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)


class ActivityList(Card):
    """The activities of a year.

    Args:
        find: searches the year that is shown.

    Signals:
        current_changed(str, bool): another activity is current, empty for none; True while it is only what a search
            that is being typed brings up.
        entered(str): Return on an activity.
        subcategory_changed(): another subcategory, see `wanted`.
    """

    current_changed = Signal(str, bool)
    entered = Signal(str)
    subcategory_changed = Signal()

    def __init__(self, find: Callable[[str], tuple[Hit, ...]]) -> None:
        super().__init__(margin=SPACE_M)
        self._find = find
        self._listing = Listing()
        self._hits: tuple[Hit, ...] | None = None
        self._current = ""
        self._typing = False
        self.box = QComboBox()
        self.box.setObjectName("subcategory_box")
        self.box.setAccessibleName("Subcategory")
        self.box.hide()
        self.body.addWidget(self.box)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._search = _Search("Search activities")
        self._search.setObjectName("search")
        self._search.textChanged.connect(self._typed)
        self._search.search_requested.connect(lambda _text: self._settle())
        self._search.returnPressed.connect(self._to_list)
        self._search.left_downwards.connect(self._to_list)
        row.addWidget(self._search, 1)
        self._filters = FilterBar()
        self._filters.changed.connect(self._filtered)
        row.addWidget(self._filters.button)
        self.body.addLayout(row)
        self.body.addWidget(self._filters)
        self._model = ActivityModel()
        self._view = RowView("Activities", "activities")
        self._view.setModel(self._model)
        self._view.setItemDelegate(ActivityDelegate(self._view))
        self._view.selectionModel().currentChanged.connect(self._current_row_changed)
        self._view.entered.connect(lambda: self.entered.emit(self._current))
        self.body.addWidget(self._view, 1)
        self._nothing = QWidget()
        self._nothing.setObjectName("no_match")
        QVBoxLayout(self._nothing).setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self._nothing, 1)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_XS)
        self._matches = label("", TextRole.SECONDARY)
        self._matches.setObjectName("matches")
        self._everywhere = link_button("", self.show_everything)
        self._everywhere.setObjectName("search_everywhere")
        foot.addWidget(self._matches)
        foot.addWidget(self._everywhere)
        foot.addStretch(1)
        self.body.addLayout(foot)

    @property
    def wanted(self) -> ActivityFilter:
        """Filter and order in force."""
        return self._filters.wanted

    @property
    def text(self) -> str:
        """The search in force."""
        return self._search.text().strip()

    def show_listing(self, listing: Listing, choices: Choices) -> None:
        """Show a year, or what changed in it; the current activity stays when it is still listed."""
        year_before = self._listing.activities
        self._listing = listing
        self._filters.set_choices(choices)
        if listing.activities != year_before:
            self._hits = self._find(self.text) if self.text else None
        self._fill()

    def select(self, activity_id: str) -> bool:
        """Make an activity current; return False when it is not listed."""
        place = self._model.row_of(activity_id)
        if place < 0:
            return False
        index = self._model.index(place)
        if self._view.currentIndex() != index:
            self._view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._view.scrollTo(index)
        return True

    def set_subcategory(self, subcategory: Subcategory | None, *, everything: bool) -> None:
        """Show only the activities of a subcategory, or of all."""
        self._filters.change(subcategory=subcategory, everything=everything)

    def show_everything(self) -> None:
        """Search all subcategories."""
        self.set_subcategory(None, everything=True)

    def restore(self, wanted: ActivityFilter, text: str) -> None:
        """Go back to a search with its filters."""
        self._search.setText(text)
        self._filters.change(**dataclasses.asdict(wanted))
        self._settle()

    def only_mvp(self, mvp_id: str) -> None:
        """Show the activities of an MVP."""
        self.clear()
        self._filters.change(mvp_id=mvp_id)

    def clear(self) -> None:
        """Take search and filters away."""
        self._search.clear()
        self._filters.clear()

    def focus_search(self) -> None:
        """Go to the search field, ready to type over what is in it."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def _clear_all(self) -> None:
        # The button goes away with what it clears; the keyboard goes where the next search starts.
        self.focus_search()
        self.clear()

    def _typed(self, _text: str) -> None:
        self._hits = self._find(self.text) if self.text else None
        self._typing = True
        self._fill(best=True)
        self._typing = False

    def _settle(self) -> None:
        self.current_changed.emit(self._current, False)

    def _to_list(self) -> None:
        if self._model.rowCount():
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _filtered(self) -> None:
        self._fill()
        self.subcategory_changed.emit()

    def _fill(self, *, best: bool = False) -> None:
        """Fill the list; a search brings its best match up, all else keeps the current activity."""
        rows = listed(self._listing, self.wanted, self._hits)
        before = self._current
        self._model.set_rows(rows)
        self._view.setVisible(bool(rows))
        self._fill_foot(len(rows))
        first = rows[0].activity.id if rows else ""
        if best and rows and self._hits is not None:
            self.select(first)
        elif not self.select(before):
            if not rows:
                self._current = ""
                self.current_changed.emit("", self._typing)
            else:
                self.select(first)

    def _fill_foot(self, shown: int) -> None:
        everywhere = dataclasses.replace(self.wanted, everything=True)
        total = len(listed(self._listing, everywhere, self._hits))
        inside = dataclasses.replace(
            ActivityFilter(), subcategory=self.wanted.subcategory, everything=self.wanted.everything
        )
        all_here = len(listed(self._listing, inside))
        narrowed = self._hits is not None or self._filters.active
        verb = "matches" if shown == 1 else "match"
        self._matches.setText(f"{shown} of {all_here} {verb}." if narrowed else f"{shown} activities")
        more = not self.wanted.everything and total > shown and narrowed
        text = (
            f"Search all subcategories ({total})" if self._hits is not None else f"Look in all subcategories ({total})"
        )
        self._everywhere.setVisible(more and shown > 0)
        self._everywhere.setText(text)
        self._everywhere.setAccessibleName(text)
        self._nothing.setVisible(not shown)
        if not shown:
            self._say_nothing(text if more else "")

    def _say_nothing(self, everywhere: str) -> None:
        """Say what to do when nothing fits."""
        said = f"“{shortened(self.text, 40)}”" if self._hits is not None else "the filters"
        if everywhere:
            told = f"Nothing in this subcategory fits {said}, but others hold something."
            button = secondary_button(everywhere, "search", self.show_everything)
            button.setObjectName("search_everywhere_empty")
        elif self._hits is not None and not self._filters.active:
            told = f"Nothing fits {said}. Use fewer or plainer words, such as “portal” or “after hours”."
            button = secondary_button("Clear the search", "x", self._clear_all)
            button.setObjectName("clear_filters")
        else:
            told = f"Nothing fits {said} with these filters. Take some of them off."
            button = secondary_button("Clear search and filters", "x", self._clear_all)
            button.setObjectName("clear_filters")
        layout = self._nothing.layout()
        assert layout is not None
        while (item := layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        layout.addWidget(EmptyState("search", "No activity matches", told, button))

    def _current_row_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        chosen = current.data(Role.ID)
        if isinstance(chosen, str) and chosen != self._current:
            self._current = chosen
            self.current_changed.emit(chosen, self._typing)
