"""The middle of the Binder room: the real pages on a quiet stage, and the bar to turn, find and enlarge them."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QRegularExpression, Qt, Signal
from PySide6.QtGui import QActionGroup, QPainter, QPaintEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QVBoxLayout, QWidget

from mips_desk.ui.theme import CARD_RADIUS, SPACE_S, SPACE_XS, TextRole, color, px
from mips_desk.ui.widgets.buttons import ChooserButton, icon_button
from mips_desk.ui.widgets.text import label

from .binder_places import LEVELS, Fit
from .binder_sheets import SheetView


class _PageField(QLineEdit):
    """Takes a page number; Return goes there, leaving it brings back the page that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page_number")
        self.setAccessibleName("Page number")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setToolTip("Type a page number and press Return")
        self.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]{0,5}"), self))


class PageStage(QWidget):
    """The pages with their bar.

    Signals:
        turned(int): another page is shown.

    Attributes:
        sheets: the pages.
    """

    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_stage")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, SPACE_S)
        column.setSpacing(SPACE_XS)
        self.sheets = SheetView()
        column.addWidget(self.sheets, 1)
        column.addLayout(self._bar())
        self.sheets.turned.connect(self._turned)
        self.sheets.zoomed.connect(self._show_words)
        self._show_words()

    @property
    def number(self) -> int:
        """The page that is shown, from 1; 0 before there is one."""
        return self.sheets.number

    def set_pages(self, sizes: Sequence[tuple[float, float]], number: int = 0) -> None:
        """Take in another state of the binder; see `SheetView.set_pages`."""
        self.sheets.set_pages(sizes, number)
        self._show_words()

    def show_page(self, number: int) -> None:
        """Go to a page, as far as there are pages."""
        self.sheets.show_page(number)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_zooms"):
            self._show_words()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the stage."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("stage"))
        painter.drawRoundedRect(QRectF(self.rect()), CARD_RADIUS, CARD_RADIUS)

    def _bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_S, 0, SPACE_S, 0)
        row.setSpacing(SPACE_XS)
        self._before = icon_button("Page before (Page Up)", "chevron-left", lambda: self.show_page(self.number - 1))
        self._before.setObjectName("page_before")
        self._field = _PageField()
        self._field.returnPressed.connect(self._typed)
        self._field.editingFinished.connect(self._show_words)
        self._of = label("", TextRole.SECONDARY)
        self._of.setObjectName("page_words")
        self._next = icon_button("Next page (Page Down)", "chevron-right", lambda: self.show_page(self.number + 1))
        self._next.setObjectName("page_next")
        self._smaller = icon_button("Smaller (-)", "zoom-out", lambda: self.sheets.step_zoom(-1))
        self._smaller.setObjectName("zoom_out")
        self._larger = icon_button("Larger (+)", "zoom-in", lambda: self.sheets.step_zoom(1))
        self._larger.setObjectName("zoom_in")
        self._menu = QMenu(self)
        self._zooms = QActionGroup(self)
        for zoom in (*Fit, *LEVELS):
            words = zoom.value if isinstance(zoom, Fit) else f"{zoom} %"
            action = self._menu.addAction(words)
            action.setCheckable(True)
            action.setData(zoom)
            action.triggered.connect(lambda _on=False, zoom=zoom: self.sheets.set_zoom(zoom))
            self._zooms.addAction(action)
        self._zoom = ChooserButton(self._menu)
        self._zoom.setObjectName("zoom")
        self._zoom.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(self._before)
        row.addWidget(self._field)
        row.addWidget(self._of)
        row.addWidget(self._next)
        row.addStretch(1)
        row.addWidget(self._smaller)
        row.addWidget(self._zoom)
        row.addWidget(self._larger)
        return row

    def _turned(self, number: int) -> None:
        self._show_words()
        self.turned.emit(number)

    def _typed(self) -> None:
        if self._field.text().isdigit():
            self.show_page(int(self._field.text()))
        self._show_words()

    def _show_words(self) -> None:
        number, count = self.number, self.sheets.count
        self._field.setText(str(number) if count else "")
        self._field.setFixedWidth(px(34) + px(8) * len(str(max(count, 10))))
        self._of.setText(f"of {count}" if count else "")
        self._before.setEnabled(number > 1)
        self._next.setEnabled(number < count)
        zoom = self.sheets.zoom
        words = zoom.value if isinstance(zoom, Fit) else f"{zoom} %"
        self._zoom.set_choice("Zoom", words)
        self._zoom.setFixedWidth(px(122))
        for action in self._zooms.actions():
            action.setChecked(action.data() == zoom)
        for widget in (self._field, self._zoom):
            widget.setEnabled(count > 0)
        self._smaller.setEnabled(count > 0 and self.sheets.percent > LEVELS[0])
        self._larger.setEnabled(count > 0 and self.sheets.percent < LEVELS[-1])
