"""Choose: the activities of the year, what each asks for, and what adding it would change."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QWidget

from mips_desk.catalog.search import Hit
from mips_desk.domain.phrases import listed
from mips_desk.services import choose, choosing, official
from mips_desk.services.changes import Changes
from mips_desk.services.choosing import Glance
from mips_desk.services.overview import YearView
from mips_desk.ui import words
from mips_desk.ui.actions import make_action
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.models.activities import (
    ActivityFilter,
    Listing,
    Role,
    SubcategoryModel,
    SubcategoryRow,
    subcategories,
)
from mips_desk.ui.pages.choose_banner import Banner
from mips_desk.ui.pages.choose_carry import CarryDialog
from mips_desk.ui.pages.choose_changes import ChangesDialog
from mips_desk.ui.pages.choose_content import Shown
from mips_desk.ui.pages.choose_details import DetailsPane
from mips_desk.ui.pages.choose_filters import Choices
from mips_desk.ui.pages.choose_list import ActivityList
from mips_desk.ui.pages.choose_suggest import SuggestDialog, Ticked
from mips_desk.ui.pages.room_page import RoomPage
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import SPACE_L, SPACE_S, px
from mips_desk.ui.widgets.activity_rows import RowView, SubcategoryDelegate
from mips_desk.ui.widgets.buttons import action_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.flow_layout import FlowLayout

#: Below this width of the page, in logical pixels at 100 %, the subcategories become a box above the list.
NARROW_BELOW = 900
#: Below this one the two other panes stand below each other, each of this height.
STACKED_BELOW, STACKED_HEIGHT = 680, 340
#: Width of the subcategories, least width of the others, most width of the right one.
LEFT, PANE_LEAST, RIGHT_MOST = 260, 300, 720
#: Qt's own "no limit".
_ANY = 16_777_215


class ChoosePage(RoomPage):
    """The second room.

    Args:
        desk: the open practice.
        settings: keeps what the practice said that it does; None keeps nothing.
    """

    def __init__(self, desk: Desk, settings: QSettings | None = None) -> None:
        super().__init__(desk, "Choose activities")
        self.setObjectName("choose_page")
        self._ticked = Ticked(settings, str(desk.session.vault.folder))
        self._listing = Listing()
        self._glance = Glance({}, None, frozenset())
        self._glance_of = 0
        self._current = ""
        self._asked: tuple[str, YearView] | None = None
        self._told: tuple[str, int] | None = None
        self._back: tuple[ActivityFilter, str, str] | None = None
        self._banners = (Banner("provisional", Tone.WARN), Banner("advice", Tone.NEUTRAL))
        for banner in self._banners:
            self.body.addWidget(banner)
        self._panes = panes = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panes.setSpacing(SPACE_L)
        panes.addWidget(self._build_subcategories())
        self._list = ActivityList(self._find)
        self._list.current_changed.connect(self._show_current)
        self._list.entered.connect(self._enter)
        self._list.subcategory_changed.connect(self._follow_subcategory)
        self._list.box.activated.connect(self._box_chosen)
        panes.addWidget(self._list, 10)
        self._details = DetailsPane()
        self._details.add_requested.connect(self._add)
        self._details.remove_requested.connect(self._remove)
        self._details.evidence_requested.connect(lambda key: self.desk.open_room(Room.EVIDENCE, key))
        self._details.activity_requested.connect(self._go_to)
        self._details.mvp_requested.connect(self._list.only_mvp)
        self._details.load_requested.connect(lambda: self.desk.open_room(Room.SETTINGS))
        self._details.back_requested.connect(self._go_back)
        panes.addWidget(self._details, 9)
        self.body.addLayout(panes, 1)
        self._build_commands()

    # ------------------------------------------------------------------ building

    def _build_subcategories(self) -> Card:
        self._left = Card(margin=SPACE_S)
        self._subcategory_model = SubcategoryModel()
        self._subcategories = RowView("Subcategories", "subcategories")
        self._subcategories.setModel(self._subcategory_model)
        self._subcategories.setItemDelegate(SubcategoryDelegate(self._subcategories))
        self._subcategories.selectionModel().currentChanged.connect(self._subcategory_changed)
        self._left.body.addWidget(self._subcategories)
        return self._left

    def _build_commands(self) -> None:
        self._find_action = make_action(
            self, "&Find an activity", self._list.focus_search, keys="Ctrl+F", icon_name="search"
        )
        self._everywhere = make_action(self, "Search &all subcategories", self._list.show_everything)
        self._clear = make_action(self, "&Clear search and filters", self._list.clear)
        self._changes = make_action(
            self, "What &changed", self._open_changes, tip="What changed in the list since another year"
        )
        self._carry = make_action(self, "Carry &over", self._open_carry, tip="Choose again what you chose before")
        self._suggest = make_action(self, "&Suggest a set", self._open_suggest, keys="Ctrl+Shift+S")
        self._suggest.setToolTip("The smallest sets that reach full credit, from what you do already")
        self._buttons = QWidget()
        buttons = FlowLayout(self._buttons, spacing=SPACE_S + 2)
        for action, key in ((self._changes, "changes"), (self._carry, "carry_over"), (self._suggest, "suggest")):
            button = action_button(action)
            button.setObjectName(key)
            buttons.addWidget(button)
            if action is self._carry:
                action.changed.connect(lambda button=button: button.setText(self._carry.text().replace("&", "")))

    def commands(self) -> list[QAction]:
        """Find, and the three ways to a set."""
        return [self._find_action, self._everywhere, self._clear, self._suggest, self._carry, self._changes]

    # ------------------------------------------------------------------ showing

    def refresh(self) -> None:
        """Show the year."""
        view = self.view
        if self._glance_of != view.year:
            self._glance, self._glance_of = Glance({}, None, frozenset()), view.year
            self._back = None
        self._fill_header()
        self._fill()
        self._tell()
        self.desk.jobs.work(
            lambda _: choosing.glance(self.desk.session, view), initiator=self, on_success=partial(self._glanced, view)
        )
        # The index of a year is made at its first search; better now than at the first letter.
        self.desk.jobs.work(lambda _: choosing.find(view.year, "a"), initiator=self)

    def arrange(self, width: int) -> None:
        """Put the subcategories into a box where there is no room for their pane."""
        narrow = width < px(NARROW_BELOW)
        if narrow:  # where they may break into lines
            self.body.insertWidget(0, self._buttons)
        else:
            self.header.add_buttons(self._buttons)
        self._left.setVisible(not narrow)
        self._left.setFixedWidth(px(LEFT))
        stacked = width < px(STACKED_BELOW)
        self._panes.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)
        self._details.setMaximumWidth(_ANY if stacked else px(RIGHT_MOST))
        for pane in (self._list, self._details):
            pane.setMinimumWidth(0 if stacked else px(PANE_LEAST))
            # What scrolls by itself would vanish without a height of its own.
            pane.setMinimumHeight(px(STACKED_HEIGHT) if stacked else 0)
        self._list.box.setVisible(narrow)

    def place(self) -> Target:
        """The activity."""
        return Target(activity_id=self._current)

    def open_link(self, target: Target) -> None:
        """Select an activity, or that of a selection."""
        part = self.view.selection(target.selection_id)
        wanted = part.activity.id if part is not None else target.activity_id
        if wanted:
            self._list.clear()
            self._list.select(wanted)

    def _find(self, text: str) -> tuple[Hit, ...]:
        return choosing.find(self.view.year, text)

    def _fill(self) -> None:
        view, catalog = self.view, self.desk.session.catalog
        activities = catalog.activities(view.year)
        chosen = frozenset(part.activity.id for part in view.selections)
        self._listing = Listing(activities, chosen, self._glance.earlier, self._glance.points)
        rows = subcategories(activities, chosen)
        self._subcategory_model.set_rows(rows)
        self._list.box.clear()
        self._list.box.addItems([f"{row.name} ({row.count})" for row in rows])
        choices = Choices(
            view.rules.weighted,
            view.rules.cehrt_bonus is not None,
            self._glance.earlier_year,
            catalog.mvps(view.year),
            view.profile.mvp_id,
        )
        self._list.show_listing(self._listing, choices)
        self._follow_subcategory()
        self._show_current(self._current, False)

    def _glanced(self, view: YearView, glance: Glance) -> None:
        if view is not self.view or glance == self._glance:
            return
        self._glance = glance
        self._fill()
        self._fill_header()

    def _fill_header(self) -> None:
        view = self.view
        gauge, rules = view.gauge, view.rules
        missing = max(0, gauge.target - gauge.planned)
        text = f"{len(self.desk.session.catalog.activities(view.year))} activities in {view.year}."
        assigned = view.profile.track is rules.assigned.track
        if assigned:
            text += " In your track CMS assigns the score."
        else:
            text += f" You need {words.amount(gauge, gauge.target)}: {gauge.planned} planned, "
            text += f"{missing} to go." if missing else "nothing more to add."
            scale = rules.scale(view.profile.track, view.profile.special_statuses)
            if missing and not scale.each:
                text += f" A medium activity earns {scale.medium}, a high one {scale.high}."
        self.header.set("Choose activities", text)
        full = (
            f"Full credit for {view.year} is planned. Each further activity adds no points and one more thing to prove."
        )
        provisional, advice = self._banners
        provisional.set(self.desk.session.catalog.year_note(view.year))
        advice.set("" if assigned or missing else gauge.advice or full)
        can_change = not self.desk.fixed
        self._suggest.setEnabled(can_change and not assigned and bool(missing))
        earlier = self._glance.earlier_year
        self._carry.setText(f"Carry &over from {earlier}" if earlier else "Carry &over")
        self._carry.setEnabled(can_change and earlier is not None)
        self._changes.setEnabled(view.year - 1 in self.desk.session.catalog.years)

    def _show_current(self, activity_id: str, typing: bool) -> None:
        self._current = activity_id
        session, view = self.desk.session, self.view
        # While somebody types, the search field tells when there is a pause.
        if typing or (self._asked is not None and self._asked[0] == activity_id and self._asked[1] is view):
            return
        self._asked = (activity_id, view)
        if session.catalog.activity(view.year, activity_id) is None:
            self._details.show_nothing()
            return
        back = self._back[2] if self._back is not None and self._back[2] != activity_id else ""

        def read(_: JobContext) -> Shown:
            text = official.text_of(session, view.year, activity_id)
            return Shown(
                choosing.details(session, view, activity_id),
                view,
                text,
                "" if text else official.why_no_text(session, view.year, activity_id),
                session.catalog.mvps(view.year),
                session.catalog.links(view.year),
                back,
            )

        self.desk.jobs.work(read, initiator=self, on_success=self._show)

    def _show(self, shown: Shown) -> None:
        if shown.activity.id == self._current and shown.view is self.view:
            self._details.show_activity(shown, read_only=self.desk.fixed)

    # ------------------------------------------------------------------ moving around

    def _subcategory_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = current.data(Role.ROW)
        if isinstance(row, SubcategoryRow):
            self._list.box.setCurrentIndex(current.row())
            self._list.set_subcategory(row.subcategory, everything=row.everything)

    def _box_chosen(self, place: int) -> None:
        self._subcategories.setCurrentIndex(self._subcategory_model.index(place))

    def _follow_subcategory(self) -> None:
        """Mark the subcategory that the list shows."""
        wanted = self._list.wanted
        rows = self._subcategory_model.rows
        same = [
            place
            for place, row in enumerate(rows)
            if row.everything == wanted.everything and (row.everything or row.subcategory is wanted.subcategory)
        ]
        place = same[0] if same else 0
        if rows and self._subcategories.currentIndex().row() != place:
            self._subcategories.setCurrentIndex(self._subcategory_model.index(place))
        self._list.box.setCurrentIndex(place)

    def _go_to(self, activity_id: str) -> None:
        """Show an activity to which a link in the room leads; where it came from is one click away."""
        came_from = (self._list.wanted, self._list.text, self._current)
        self._back = came_from if came_from[2] != activity_id else self._back
        if not self._list.select(activity_id):
            self._list.clear()
            self._list.select(activity_id)

    def _go_back(self) -> None:
        if self._back is not None:
            (wanted, text, activity_id), self._back = self._back, None
            self._list.restore(wanted, text)
            self._list.select(activity_id)

    def _enter(self, activity_id: str) -> None:
        if self._details.activity_id == activity_id:
            self._details.act()

    # ------------------------------------------------------------------ commands

    def _add(self, activity_id: str) -> None:
        session, year = self.desk.session, self.view.year
        self._change(lambda: choose.add(session, year, activity_id), f"{activity_id} added.")

    def _add_all(self, activity_ids: tuple[str, ...], verb: str) -> None:
        session, year = self.desk.session, self.view.year
        done = "carried over" if verb == "Carry over" else "added"
        self._change(lambda: choose.add_all(session, year, activity_ids, verb), f"{listed(activity_ids)} {done}.")
        self._list.select(activity_ids[0])

    def _remove(self, selection_id: str) -> None:
        session, part = self.desk.session, self.view.selection(selection_id)
        if part is None:
            return
        kept = [words.count(len(part.evidence), "picture"), words.count(len(part.uses), "date")]
        note = f" Its {kept[0]} and {kept[1]} are kept." if part.evidence or part.uses else ""
        self._change(lambda: choose.remove(session, selection_id), f"{part.activity.id} removed.{note}")

    def _change(self, act: Callable[[], Changes], text: str) -> None:
        before = self.view

        def done(_changes: Changes) -> None:
            self._told = (text, before.gauge.planned)
            if self.view is not before:
                self._tell()

        self.change(act, done)

    def _tell(self) -> None:
        """Say what a command changed, once the year was read again."""
        if self._told is None:
            return
        text, before = self._told
        self._told = None
        gauge = self.view.gauge
        change = (
            f"{before} → {gauge.planned} of {gauge.target} {gauge.unit} planned." if before != gauge.planned else ""
        )
        self.desk.messages.info(f"{text} {change}".strip(), "Undo", self.desk.undo.undo)

    def _open_suggest(self) -> None:
        dialog = SuggestDialog(self.desk, self.view, self._ticked, self._glance.points, self)
        dialog.set_chosen.connect(lambda ids: self._add_all(ids, "Add"))
        dialog.open()

    def _open_carry(self) -> None:
        dialog = CarryDialog(self.desk, self.view, self)
        dialog.carry_requested.connect(lambda ids: self._add_all(ids, "Carry over"))
        dialog.open()

    def _open_changes(self) -> None:
        dialog = ChangesDialog(self.desk.session.catalog, self.view.year, self)
        dialog.activity_requested.connect(self._go_to)
        dialog.open()
