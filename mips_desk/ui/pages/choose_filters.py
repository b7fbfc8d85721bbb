"""Filters and order of the activities: a menu, and a chip for each filter that is on."""

import dataclasses
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from mips_desk.domain.activity import Mvp, Weight
from mips_desk.ui.icons import icon, paint_icon
from mips_desk.ui.models.activities import ActivityFilter, Sort
from mips_desk.ui.theme import color, px
from mips_desk.ui.widgets.buttons import Button
from mips_desk.ui.widgets.chip import Tone, chip_size, paint_chip
from mips_desk.ui.widgets.flow_layout import FlowLayout
from mips_desk.ui.widgets.keyboard import press_by_return
from mips_desk.ui.words import shortened


@dataclasses.dataclass(frozen=True, slots=True)
class Choices:
    """What can be filtered by in a year.

    Attributes:
        weighted: activities have weights.
        cehrt: some activities earn the CEHRT bonus.
        earlier_year: the year that "we did this" means, or None when there is none.
        mvps: the MVPs of the year.
        own_mvp_id: the MVP that the practice reports, or empty.
    """

    weighted: bool = False
    cehrt: bool = False
    earlier_year: int | None = None
    mvps: tuple[Mvp, ...] = ()
    own_mvp_id: str = ""


class FilterChip(QAbstractButton):
    """A filter that is on; a click takes it off."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(f"Remove the filter {text}")
        self.setToolTip("Remove this filter")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Its words and the cross."""
        return chip_size(self.text()) + QSize(px(16), px(4))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it, as the space bar does."""
        if not press_by_return(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint chip, cross and focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("accent_wash"))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        paint_chip(painter, rect.adjusted(0, 0, -px(14), 0), self.text(), Tone.ACCENT)
        side = px(12)
        paint_icon(painter, "x", "accent", QRectF(rect.right() - px(20), rect.center().y() - side / 2, side, side))
        if self.hasFocus():
            painter.setPen(QPen(color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)


class FilterBar(QWidget):
    """The chips of the filters that are on; `button` opens the menu with all of them and the order.

    Signals:
        changed(): another filter or order; see `wanted`.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.wanted = ActivityFilter()
        self._choices = Choices()
        self.button = Button("Filter ")
        self.button.setObjectName("filter")
        self.button.setAccessibleName("Filter")
        self.button.setIcon(icon("chevron-down"))
        self.button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._menu = QMenu(self.button)
        # The button only reads from right to left to have its arrow behind the word.
        self._menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.button.setMenu(self._menu)
        self._chips = FlowLayout(self)
        self._show()

    @property
    def active(self) -> bool:
        """A filter is on; the subcategory is none of them."""
        plain = dataclasses.replace(ActivityFilter(), sort=self.wanted.sort)
        return dataclasses.replace(self.wanted, subcategory=None, everything=True) != plain

    def set_choices(self, choices: Choices) -> None:
        """Offer what a year has; filters that it does not have are taken off."""
        wanted = self.wanted
        mvps = {mvp.id for mvp in choices.mvps}
        self._choices = choices
        self.wanted = dataclasses.replace(
            wanted,
            weight=wanted.weight if choices.weighted else None,
            cehrt=wanted.cehrt and choices.cehrt,
            earlier=wanted.earlier and choices.earlier_year is not None,
            mvp_id=wanted.mvp_id if wanted.mvp_id in mvps else "",
        )
        self._show()

    def change(self, **change: object) -> None:
        """Change some fields of the filter."""
        wanted = dataclasses.replace(self.wanted, **change)  # type: ignore[arg-type]  # fields of the filter
        if wanted != self.wanted:
            self.wanted = wanted
            self._show()
            self.changed.emit()

    def clear(self) -> None:
        """Take all filters off, also the subcategory; the order stays."""
        self.change(**dataclasses.asdict(dataclasses.replace(ActivityFilter(), sort=self.wanted.sort)))

    def _show(self) -> None:
        self._fill_menu()
        self._fill_chips()

    def _entries(self) -> list[tuple[str, bool, dict[str, object]]]:
        """Return the entries of the menu: words, whether it is on, what a click changes."""
        wanted, known = self.wanted, self._choices
        made: list[tuple[str, bool, dict[str, object]]] = []
        if known.weighted:
            for weight in Weight:
                on = wanted.weight is weight
                made.append((f"{weight.capitalize()} weight", on, {"weight": None if on else weight}))
        made.append(("Provable with screenshots", wanted.screenshots, {"screenshots": not wanted.screenshots}))
        if known.earlier_year is not None:
            made.append((f"We did this in {known.earlier_year}", wanted.earlier, {"earlier": not wanted.earlier}))
        if known.cehrt:
            made.append(("Earns the CEHRT bonus", wanted.cehrt, {"cehrt": not wanted.cehrt}))
        made.append(("Chosen", wanted.chosen, {"chosen": not wanted.chosen}))
        return made

    def _fill_menu(self) -> None:
        self._menu.clear()
        for text, on, change in self._entries():
            self._add(self._menu, text, on, change)
        if self._choices.mvps:
            self._add_mvps()
        self._menu.addSeparator()
        order = QMenu("Order by", self._menu)
        self._menu.addMenu(order)
        for sort in Sort:
            self._add(order, sort.value, sort is self.wanted.sort, {"sort": sort})

    def _add_mvps(self) -> None:
        inside = QMenu("In the MVP", self._menu)
        inside.setStyleSheet("QMenu { menu-scrollable: 1; }")
        self._menu.addMenu(inside)
        own = self._choices.own_mvp_id
        for mvp in sorted(self._choices.mvps, key=lambda mvp: (mvp.id != own, mvp.title.casefold())):
            on = mvp.id == self.wanted.mvp_id
            title = f"{shortened(mvp.title, 70)} ({mvp.id})"
            self._add(inside, f"Yours: {title}" if mvp.id == own else title, on, {"mvp_id": "" if on else mvp.id})

    def _add(self, menu: QMenu, text: str, on: bool, change: dict[str, object]) -> None:
        action = QAction(text.replace("&", "&&"), menu, checkable=True)
        action.setChecked(on)
        action.triggered.connect(lambda _checked=False: self.change(**change))
        menu.addAction(action)

    def _fill_chips(self) -> None:
        for old in self.findChildren(FilterChip):
            old.hide()
        self._chips.clear()
        active = [(text[0].lower() + text[1:], change) for text, on, change in self._entries() if on]
        title = next((mvp.title for mvp in self._choices.mvps if mvp.id == self.wanted.mvp_id), "")
        if title:
            active.append((f"in {shortened(title, 34)}", {"mvp_id": ""}))
        if self.wanted.sort is not Sort.BEST:
            active.append((f"ordered by {self.wanted.sort.lower()}", {"sort": Sort.BEST}))
        for text, change in active:
            chip = FilterChip(text)
            chip.setObjectName(f"filter_{next(iter(change))}")
            chip.clicked.connect(partial(self._remove, change))
            self._chips.addWidget(chip)
        self.setVisible(bool(active) and self.parentWidget() is not None)

    def _remove(self, change: dict[str, object], _checked: bool = False) -> None:
        self.change(**change)
        # The chip is gone; the keyboard stays near it.
        self.button.setFocus()
