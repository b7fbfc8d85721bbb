"""The strip above the canvas: back, what is open and its state, history, zoom, and "Mark as looked at"."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from mips_desk.ui.theme import SPACE_M, SPACE_S, TextRole, color, px
from mips_desk.ui.widgets.buttons import icon_button, primary_button, secondary_button
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.text import ElidedLabel

from .board import Board
from .canvas import Canvas

#: Widths in logical pixels at 100 % from which there is room for zoom, and for undo and redo.
ZOOM_FROM, HISTORY_FROM = 820, 620


class TopStrip(QWidget):
    """Back, caption, chip, undo, redo, zoom and the primary button.

    Args:
        caption: what is open.
        board: for undo and redo.
        canvas: for the zoom.

    Signals:
        back_requested(): leave the annotator.
        looked_at_requested(): the person looked at the picture in this state.
    """

    back_requested = Signal()
    looked_at_requested = Signal()

    def __init__(self, caption: str, board: Board, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._canvas = canvas
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S + 1)
        row.setSpacing(SPACE_S)
        self.back = secondary_button("Evidence", "chevron-left", self.back_requested.emit)
        self.back.setObjectName("annotator_back")
        self.back.setAccessibleName("Back to Evidence")
        self._caption = ElidedLabel(caption, TextRole.CARD_TITLE)
        self._caption.setObjectName("annotator_caption")
        self.chip = Chip("")
        self.chip.setObjectName("annotator_chip")
        self._undo = icon_button("Undo", "undo-2", board.undo)
        self._undo.setObjectName("annotator_undo")
        self._redo = icon_button("Redo", "redo-2", board.redo)
        self._redo.setObjectName("annotator_redo")
        self._zoom = self._text_button("annotator_zoom", canvas.zoom_whole_pixels)
        zoom_out = icon_button("Zoom out (−)", "zoom-out", canvas.zoom_out)
        zoom_in = icon_button("Zoom in (+)", "zoom-in", canvas.zoom_in)
        self._fit = icon_button("Fit the whole picture (F)", "maximize", canvas.fit)
        self._fit.setObjectName("annotator_fit")
        self.looked_at = primary_button("Mark as looked at", "check", self.looked_at_requested.emit)
        self.looked_at.setObjectName("mark_as_looked_at")
        row.addWidget(self.back)
        row.addSpacing(SPACE_S - 4)
        row.addWidget(self._caption)
        row.addWidget(self.chip)
        row.addStretch(1)
        for widget in (self._undo, self._redo):
            row.addWidget(widget)
        row.addSpacing(SPACE_S)
        self._zooming = (zoom_out, self._zoom, zoom_in, self._fit)
        for widget in self._zooming:
            row.addWidget(widget)
        row.addSpacing(SPACE_S)
        row.addWidget(self.looked_at)
        board.changed.connect(self._show_history)
        canvas.zoomed.connect(self._show_zoom)
        self._show_history()
        self._show_zoom()

    def set_caption(self, caption: str) -> None:
        """Show another caption."""
        self._caption.setText(caption)
        self._caption.updateGeometry()

    def set_state(self, words: str, tone: Tone, icon: str = "") -> None:
        """Show the state of the item."""
        self.chip.set(words, tone, icon)
        self.chip.setVisible(bool(words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what keys and menus do as well where there is no room for it."""
        super().resizeEvent(event)
        for widget in self._zooming:
            widget.setVisible(self.width() >= px(ZOOM_FROM))
        for widget in (self._undo, self._redo):
            widget.setVisible(self.width() >= px(HISTORY_FROM))

    def minimumSizeHint(self) -> QSize:
        """Narrow: what does not fit is left out, and must not widen the room."""
        return QSize(px(400), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("panel"))
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())

    def _text_button(self, name: str, run: object) -> QToolButton:
        made = QToolButton()
        made.setObjectName(name)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setToolTip("Show every pixel (1)")
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        made.clicked.connect(run)
        return made

    def _show_history(self) -> None:
        for button, words, text in (
            (self._undo, "Undo", self._board.undo_text),
            (self._redo, "Redo", self._board.redo_text),
        ):
            button.setEnabled(bool(text))
            button.setToolTip(f"{words} {text[:1].lower()}{text[1:]}" if text else words)
            button.setAccessibleName(button.toolTip())

    def _show_zoom(self) -> None:
        percent = f"{round(self._canvas.view.zoom * 100)} %"
        self._zoom.setText(f"Fit · {percent}" if self._canvas.view.fitted else percent)
        self._zoom.setAccessibleName(f"Zoom {percent}; press to show every pixel")
        self._zoom.setMinimumWidth(self._zoom.fontMetrics().horizontalAdvance("Fit · 100 %") + 18)
