"""What changed: the activities of two performance years compared."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.catalog.load import Catalog
from mips_desk.catalog.year_changes import ChangeKind, YearChange, changes_between
from mips_desk.ui import words
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS, TextRole, px
from mips_desk.ui.widgets.buttons import link_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.choice_box import refill
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.flow_layout import FlowLayout
from mips_desk.ui.widgets.line_button import LineButton
from mips_desk.ui.widgets.search_field import SearchField
from mips_desk.ui.widgets.text import label, page_title

_TITLES = {
    ChangeKind.NEW: "New",
    ChangeKind.GONE: "Gone",
    ChangeKind.RENAMED: "Renamed",
    ChangeKind.SUSPENDED: "Suspended",
    ChangeKind.WEIGHT: "Another weight",
}
_ICONS = {
    ChangeKind.NEW: "plus",
    ChangeKind.GONE: "minus",
    ChangeKind.RENAMED: "arrow-right",
    ChangeKind.SUSPENDED: "triangle-alert",
    ChangeKind.WEIGHT: "scale",
}
#: Most activities of one change that get a link each, and most characters of its sentence before "Show all".
_LINKS, _SHORT = 8, 220


class ChangesDialog(QDialog):
    """The changes, by kind, with a search.

    Args:
        catalog: the activities of all years.
        year: the later year.

    Signals:
        activity_requested(str): show the activity of this identifier.
    """

    activity_requested = Signal(str)

    def __init__(self, catalog: Catalog, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("changes_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("What changed")
        self._catalog, self._year = catalog, year
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L + 4, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(page_title(f"What changed in {year}"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._from = QComboBox()
        self._from.setObjectName("changes_from")
        self._from.setAccessibleName("Year to compare with")
        refill(self._from, [(f"since {each}", each) for each in reversed(catalog.years) if each < year], year - 1)
        self._from.activated.connect(lambda _place: self._fill())
        row.addWidget(self._from)
        self._search = SearchField("Search by name, title or subcategory")
        self._search.setObjectName("search_changes")
        self._search.search_requested.connect(lambda _text: self._fill())
        row.addWidget(self._search, 1)
        column.addLayout(row)
        card = Card(margin=SPACE_M)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, SPACE_S, 0)
        self._rows.setSpacing(SPACE_S)
        card.body.addWidget(scroll_area(self._rows))
        column.addWidget(card, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        close = secondary_button("Close", on_click=self.reject)
        close.setObjectName("close_changes")
        foot.addWidget(close)
        column.addLayout(foot)
        self.resize(QSize(px(700), px(560)).boundedTo(parent.window().size() if parent else self.screen().size()))
        self._search.setFocus()
        self._fill()

    def _fill(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        since = int(self._from.currentData())
        every = changes_between(self._catalog, since, self._year)
        wanted = self._search.text().casefold().split()
        found = [change for change in every if all(word in self._words(change) for word in wanted)]
        for kind in ChangeKind:
            own = [change for change in found if change.kind is kind]
            if own:
                self._rows.addWidget(self._section(kind, own))
        if not found:
            told = f"The lists of {since} and {self._year} hold the same activities."
            if every:
                told = f"Nothing that changed since {since} fits these words. Use fewer of them."
            self._rows.addWidget(EmptyState("search", "No change to show", told))
        self._rows.addStretch(1)

    def _words(self, change: YearChange) -> str:
        """Return what a search looks into."""
        years = (int(self._from.currentData()), self._year)
        activities = (self._catalog.activity(year, each) for each in change.ids for year in years)
        names = {found.subcategory.label for found in activities if found is not None and found.subcategory}
        return f"{_TITLES[change.kind]} {change.sentence} {' '.join(names)}".casefold()

    def _section(self, kind: ChangeKind, changes: list[YearChange]) -> QWidget:
        made = QWidget()
        made.setObjectName(f"changes_{kind}")
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, SPACE_M)
        column.setSpacing(0)
        number = sum(1 if kind is ChangeKind.RENAMED else len(change.ids) for change in changes)
        title = f"{_TITLES[kind]} ({words.count(number, 'activity', 'activities')})"
        column.addWidget(label(title, TextRole.CARD_TITLE, wrap=True))
        for change in changes:
            self._add(column, change)
        return made

    def _add(self, column: QVBoxLayout, change: YearChange) -> None:
        offered = [each for each in change.ids if self._catalog.activity(self._year, each) is not None]
        if len(offered) == 1 and len(change.sentence) <= _SHORT:
            line = LineButton(_ICONS[change.kind], "accent", change.sentence)
            line.setObjectName(f"change_{offered[0]}")
            line.clicked.connect(partial(self._go, offered[0]))
            column.addWidget(line)
            return
        text = label(words.shortened(change.sentence, _SHORT), wrap=True, tone="ink2")
        text.setContentsMargins(px(28), SPACE_XS, 0, SPACE_XS)
        column.addWidget(text)
        if text.text() != change.sentence:
            more = link_button("Show all")
            more.setAccessibleName(f"Show all: {text.text()}")

            def show_all() -> None:
                text.setText(change.sentence)
                more.hide()

            more.clicked.connect(lambda _checked=False: show_all())
            row = QHBoxLayout()
            row.setContentsMargins(px(22), 0, 0, 0)
            row.addWidget(more)
            row.addStretch(1)
            column.addLayout(row)
        if offered and len(change.ids) <= _LINKS:
            flow = FlowLayout()
            flow.setContentsMargins(px(22), 0, 0, 0)
            for activity_id in offered:
                link = link_button(f"Show {activity_id}", partial(self._go, activity_id))
                link.setObjectName(f"change_{activity_id}")
                flow.addWidget(link)
            column.addLayout(flow)

    def _go(self, activity_id: str, _checked: bool = False) -> None:
        self.accept()
        self.activity_requested.emit(activity_id)
