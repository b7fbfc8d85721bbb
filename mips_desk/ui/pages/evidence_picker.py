"""The switch over the title of a room that shows one selection at a time."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from mips_desk.services.overview import SelectionView, YearView
from mips_desk.ui.theme import TextRole, font, px


class ActivityPicker(QToolButton):
    """The id of the activity that is shown; pressed, it lists all that were chosen.

    Signals:
        picked(str): id of the selection to show.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activity_picker")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setStyleSheet("QToolButton { padding-left: 0; padding-right: 0; }")
        self._menu = QMenu(self)
        self.setMenu(self._menu)

    def show_part(self, view: YearView, part: SelectionView) -> None:
        """List the selections of a year with one of them chosen."""
        self.setFont(font(TextRole.MONO, size=13))
        self.setText(f"{part.activity.id} ▾")
        # No wider than its words, so that they stand in line with the title below.
        self.setFixedWidth(QFontMetrics(self.font()).horizontalAdvance(self.text()) + px(6))
        self.setToolTip("Choose another activity")
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
