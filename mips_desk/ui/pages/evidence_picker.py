"""The switch over the title of a room that shows one selection at a time."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from mips_desk.services.overview import SelectionView, YearView
from mips_desk.services.paper_shelf import PAPERS_ID
from mips_desk.ui.icons import paint_icon
from mips_desk.ui.theme import SPACE_XS, TextRole, color, font, px


class ActivityPicker(QToolButton):
    """The id of the activity that is shown; pressed, it lists all that were chosen.

    It is painted without a border, so that its words stand in line with the title below; with the keyboard on it or
    the pointer over it, they are underlined.

    Signals:
        picked(str): id of the selection to show.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activity_picker")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip("Choose another activity")
        self._menu = QMenu(self)
        self.setMenu(self._menu)

    def show_part(self, view: YearView, part: SelectionView) -> None:
        """List the selections of a year and its practice papers, with one of them chosen."""
        self.setText(part.activity.id)
        self.updateGeometry()
        self.setAccessibleName(f"Activity {part.activity.id}; press to choose another")
        self._menu.clear()
        for other in view.selections:
            title = f"{other.activity.id}  ·  {other.activity.title}".replace("&", "&&")
            action = self._menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(other.id == part.id)
            if other.readiness.complete:
                action.setToolTip("Its proof is complete")
            action.triggered.connect(lambda _checked=False, key=other.id: self.picked.emit(key))
        self._menu.addSeparator()
        papers = self._menu.addAction("Practice papers")
        papers.setCheckable(True)
        papers.setChecked(part.id == PAPERS_ID)
        papers.triggered.connect(lambda _checked=False: self.picked.emit(PAPERS_ID))

    def sizeHint(self) -> QSize:
        """Just its words and the arrow."""
        words = QFontMetricsF(font(TextRole.MONO, size=13))
        return QSize(round(words.horizontalAdvance(self.text())) + SPACE_XS + px(14), round(words.height()) + 3)

    def minimumSizeHint(self) -> QSize:
        """See `sizeHint`."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words, the arrow, and the line below them."""
        painter = QPainter(self)
        mono = font(TextRole.MONO, size=13)
        painter.setFont(mono)
        marked = self.hasFocus() or self.underMouse()
        painter.setPen(color("ink" if marked else "ink2"))
        width, height = QFontMetricsF(mono).horizontalAdvance(self.text()), self.height() - 3
        painter.drawText(QRectF(0, 0, width + 1, height), int(Qt.AlignmentFlag.AlignVCenter), self.text())
        side = px(14)
        paint_icon(painter, "chevron-down", "ink2", QRectF(width + SPACE_XS, (height - side) / 2, side, side))
        if marked:
            line = 2 if self.hasFocus() else 1
            painter.fillRect(QRectF(0, self.height() - line, self.width(), line), color("focus"))
