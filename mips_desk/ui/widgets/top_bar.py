"""The bar over the whole width: practice, the small gauge that is always there, the year and the lock."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from mips_desk.domain.score import Gauge as GaugeData
from mips_desk.ui.icons import icon
from mips_desk.ui.theme import SPACE_L, SPACE_M, TextRole, color, px
from mips_desk.ui.widgets.buttons import Button, icon_button
from mips_desk.ui.widgets.gauge import GaugeBar, in_words
from mips_desk.ui.widgets.text import ElidedLabel, label


class TopBar(QWidget):
    """Practice, gauge, year, lock.

    Signals:
        year_requested(int): another performance year.
        new_year_requested(): start a performance year that is not there yet.
        lock_requested(): lock the vault.
    """

    year_requested = Signal(int)
    new_year_requested = Signal()
    lock_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top_bar")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_L + 2, 0, SPACE_M, 0)
        row.setSpacing(px(14))
        self._practice = ElidedLabel(role=TextRole.CARD_TITLE)
        self._detail = ElidedLabel(role=TextRole.TEXT)
        self._detail.setProperty("tone", "ink3")
        self._detail.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bar = GaugeBar()
        self._words = label("", TextRole.SECONDARY, tone="ink")
        self._words.setProperty("textRole", TextRole.STRONG.value)
        self._year = Button()
        self._year.setObjectName("year_button")
        self._year.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._year.setIcon(icon("chevron-down"))
        self._year.setAccessibleName("Performance year")
        self._menu = QMenu(self._year)
        self._year.setMenu(self._menu)
        self._lock = icon_button("Lock (Ctrl+L)", "lock", self.lock_requested.emit)
        self._lock.setObjectName("lock_button")
        for widget in (self._practice, self._detail, self._bar, self._words, self._year, self._lock):
            row.addWidget(widget, 1 if widget is self._detail else 0)
        self._bar.hide()
        self._year.hide()
        self.refresh()

    def set_practice(self, name: str, detail: str) -> None:
        """Show who and how: "Riverside Family Practice", "Group of 18 · traditional MIPS"."""
        self._practice.setText(name)
        self._detail.setText(detail)

    def set_gauge(self, data: GaugeData | None) -> None:
        """Show where the year stands, or nothing when no vault is open."""
        self._bar.setVisible(data is not None)
        self._words.setText(in_words(data) if data else "")
        if data is not None:
            self._bar.set_gauge(data)

    def set_years(self, years: Sequence[int], current: int) -> None:
        """Offer the performance years of the vault, newest first, and mark the one shown."""
        self._menu.clear()
        group = QActionGroup(self._menu)
        for year in sorted(years, reverse=True):
            action = QAction(str(year), self._menu, checkable=True)
            action.setChecked(year == current)
            action.triggered.connect(lambda _checked=False, year=year: self.year_requested.emit(year))
            group.addAction(action)
            self._menu.addAction(action)
        self._menu.addSeparator()
        self._menu.addAction("Start another year…", self.new_year_requested.emit)
        self._year.setText(f"{current} ")
        self._year.setAccessibleName(f"Performance year {current}")
        self._year.show()

    def refresh(self) -> None:
        """Follow a new text size."""
        self.setFixedHeight(px(52))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what is said elsewhere when there is no room for it."""
        self._words.setVisible(self.width() >= px(860))
        self._detail.setVisible(self.width() >= px(560))
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("panel"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line"))
