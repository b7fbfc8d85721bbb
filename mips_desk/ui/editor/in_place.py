"""Words of a label, typed where they stand on the picture."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QTextOption
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from mips_desk.annotate.hit import corners
from mips_desk.annotate.marks import Text, color_hex
from mips_desk.annotate.shapes import LABEL_PADDING_X, LABEL_PADDING_Y, ink_on, label_rect, text_size_of

from .board import Board
from .view import View

#: Letters are never typed smaller than this, in logical pixels, however far away the picture is.
_LEAST_LETTERS = 11.0


class InPlaceText(QPlainTextEdit):
    """A text field that lies over the label that it edits.

    Args:
        board: what is edited.
        canvas: lies below it.

    Signals:
        done(): the words are as they shall be; the keyboard goes back to the canvas.
    """

    done = Signal()

    def __init__(self, board: Board, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("mark_text")
        self.setAccessibleName("Text of the label")
        self.setAccessibleDescription("Enter starts a new line. Escape is done.")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self.setPlaceholderText("Type here")
        self._board = board
        self._mark_id = ""
        self._left_by_click = False
        self.textChanged.connect(self._typed)
        self.hide()

    @property
    def mark_id(self) -> str:
        """The label that is edited, or empty."""
        return self._mark_id

    def left_by_click(self) -> bool:
        """Tell, once, whether typing ended by a press on the canvas that has yet to reach it."""
        left, self._left_by_click = self._left_by_click, False
        return left

    def begin(self, mark: Text, view: View) -> None:
        """Edit a label.

        Args:
            mark: the label.
            view: where the picture lies.
        """
        self._mark_id = ""
        self.setPlainText(mark.text)
        self._mark_id = mark.id
        self.place(view)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.moveCursor(self.textCursor().MoveOperation.End)

    def end(self) -> None:
        """Stop editing; what was typed is on the board already."""
        if self._mark_id:
            empty = not self.toPlainText().strip()
            self._mark_id = ""
            self._board.settle()
            if empty:
                # The board deletes a label that is left without words.
                self._board.select(())
            if self.hasFocus():
                # Before it hides, or Qt would look for another place for the keyboard.
                self.done.emit()
            self.hide()

    def place(self, view: View) -> None:
        """Lie over the label, whose place or size may be another one now."""
        mark = self._board.mark(self._mark_id)
        if not isinstance(mark, Text):
            self.end()
            return
        size, rect = text_size_of(mark, self._board.style), label_rect(mark, self._board.style)
        letters = max(size * view.scale, _LEAST_LETTERS)
        grown = letters / size
        one = QFont("Inter")
        one.setPixelSize(max(1, round(letters)))
        one.setWeight(QFont.Weight.DemiBold)
        one.setKerning(False)
        fill = color_hex(mark.color)
        ink = ink_on(fill)
        pad_x, pad_y = round(LABEL_PADDING_X * letters), round(LABEL_PADDING_Y * letters)
        self.setStyleSheet(
            f"QPlainTextEdit#mark_text {{ background: {fill}; color: {ink}; border: none; border-radius: 3px;"
            f" padding: {pad_y}px {pad_x}px; placeholder-text-color: {ink}; selection-background-color: {ink};"
            f" selection-color: {fill}; }}"
        )
        self.setFont(one)
        wraps = mark.width is not None
        self.setWordWrapMode(
            QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if wraps else QTextOption.WrapMode.NoWrap
        )
        # Turned labels are typed upright, with the same middle.
        left, top = view.to_widget(*(rect.center if mark.angle else corners(mark, self._board.style)[0]))
        # Room for the cursor, and for the last letter where this font is wider by a trifle.
        width = rect.width * grown + (0 if wraps else letters * 0.8)
        if not mark.text:
            width = max(width, self.fontMetrics().horizontalAdvance(self.placeholderText()) + 2 * pad_x + letters)
        height = rect.height * grown
        if mark.angle:
            left, top = left - width / 2, top - height / 2
        self.setGeometry(round(left), round(top), round(width), round(height) + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, and Enter with Control, are done; everything else is typed."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape or (control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)):
            self.end()
            return
        super().keyPressEvent(event)
        # What this field does not want must not move marks or choose tools.
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard went elsewhere: done."""
        super().focusOutEvent(event)
        if event.reason() is Qt.FocusReason.MouseFocusReason and QApplication.focusWidget() is self.parentWidget():
            self._left_by_click = bool(self._mark_id)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.end()

    def _typed(self) -> None:
        if self._mark_id:
            self._board.set_text(self._mark_id, self.toPlainText())
