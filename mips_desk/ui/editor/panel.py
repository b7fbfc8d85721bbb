"""The side panel of the annotator: identifiers, reason or color, words, legend."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QTextCursor
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mips_desk.annotate.marks import PALETTE, Highlight, Reason, Redaction, Step, Text
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, TextRole, color, px
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.flow_layout import FlowLayout
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import card_title, label

from .board import Board
from .choices import ChipChoice, ColorChoice
from .tools import REASONS, Tool

#: Width of the panel in logical pixels at 100 %.
WIDTH = 288


class SidePanel(QWidget):
    """Everything about the marks that is not drawn.

    Args:
        board: what is edited.
        no_identifiers: the person has confirmed that no patient identifier is visible.

    Signals:
        no_identifiers_changed(bool): the person confirmed it, or took that back.
        done_typing(): the keyboard shall go back to the canvas.
    """

    no_identifiers_changed = Signal(bool)
    done_typing = Signal()

    def __init__(self, board: Board, no_identifiers: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(px(WIDTH))
        self._board = board
        self._legend_rows: list[_LegendRow] = []
        column = QVBoxLayout()
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_S)
        self._add_identifiers(column, no_identifiers)
        column.addSpacing(SPACE_M)
        self._add_looks(column)
        column.addSpacing(SPACE_M)
        self._add_words(column)
        self._add_legend(column)
        column.addStretch(1)
        area: QScrollArea = scroll_area(column)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.addWidget(area)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        board.changed.connect(self._show)
        board.selection_changed.connect(self._show)
        board.tool_changed.connect(self._show)
        self._show()

    @property
    def no_identifiers(self) -> bool:
        """The person has confirmed that no patient identifier is visible."""
        return self._confirm.isChecked()

    def set_no_identifiers(self, confirmed: bool) -> None:
        """Show what is stored, without telling it again."""
        self._confirm.blockSignals(True)
        self._confirm.setChecked(confirmed)
        self._confirm.blockSignals(False)
        self._show()

    def ask_to_confirm(self) -> None:
        """Say what is missing before the picture can be marked as looked at, and go there."""
        self._note.set(
            "Cover what identifies a patient, or confirm below that nothing does. Then mark it as looked at.",
            Tone.WARN,
        )
        self._confirm.setFocus(Qt.FocusReason.OtherFocusReason)

    def type_words(self, mark_id: str) -> bool:
        """Put the keyboard into the words of a label or into the legend of a step.

        Returns:
            False when the mark has no words.
        """
        mark = self._board.mark(mark_id)
        if isinstance(mark, Text):
            self._words.setFocus(Qt.FocusReason.OtherFocusReason)
            self._words.selectAll()
            return True
        row = next((row for row in self._legend_rows if row.mark_id == mark_id), None)
        if isinstance(mark, Step) and row is not None:
            row.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Larger text needs a wider panel."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.width() != px(WIDTH):
            self.setFixedWidth(px(WIDTH))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape in a text field gives the keyboard back to the canvas."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.done_typing.emit()
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line at the left."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("panel"))
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(self.rect().topLeft(), self.rect().bottomLeft())

    # Building

    def _add_identifiers(self, column: QVBoxLayout, no_identifiers: bool) -> None:
        column.addWidget(card_title("Patient identifiers"))
        column.addWidget(
            label(
                "Cover names, dates of birth, record numbers, phone numbers and faces. A redaction is solid and"
                " permanent in every export.",
                TextRole.SECONDARY,
                wrap=True,
            )
        )
        self._note = Note()
        self._note.setObjectName("redaction_count")
        column.addWidget(self._note)
        self._confirm = QCheckBox("No patient identifier is visible")
        self._confirm.setObjectName("no_identifiers")
        self._confirm.setChecked(no_identifiers)
        self._confirm.setEnabled(not self._board.read_only)
        self._confirm.toggled.connect(self._confirmed)
        column.addWidget(self._confirm)

    def _add_looks(self, column: QVBoxLayout) -> None:
        """Reason and color share a place: a redaction has no color, and nothing else has a reason."""
        self._looks = QStackedWidget()
        reasons, colors = QWidget(), QWidget()
        self._reasons: dict[Reason, ChipChoice] = {}
        inside = self._section(reasons, "Why it is covered")
        flow = FlowLayout(spacing=2)
        self._reason_group = QButtonGroup(self)
        for reason, words in REASONS.items():
            chip = ChipChoice(words)
            chip.setObjectName(f"reason_{reason}")
            chip.clicked.connect(lambda _checked=False, reason=reason: self._board.set_reason(reason))
            self._reason_group.addButton(chip)
            self._reasons[reason] = chip
            flow.addWidget(chip)
        inside.addLayout(flow)
        inside.addStretch(1)
        self._colors: dict[str, ColorChoice] = {}
        inside = self._section(colors, "Color")
        line = QHBoxLayout()
        line.setSpacing(SPACE_XS)
        self._color_group = QButtonGroup(self)
        for name in PALETTE:
            swatch = ColorChoice(name)
            swatch.clicked.connect(lambda _checked=False, name=name: self._board.set_color(name))
            self._color_group.addButton(swatch)
            self._colors[name] = swatch
            line.addWidget(swatch)
        line.addStretch(1)
        inside.addLayout(line)
        inside.addStretch(1)
        for widget in (reasons, colors):
            widget.setEnabled(not self._board.read_only)
            self._looks.addWidget(widget)
        column.addWidget(self._looks)

    def _section(self, inside: QWidget, title: str) -> QVBoxLayout:
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(card_title(title))
        return column

    def _add_words(self, column: QVBoxLayout) -> None:
        self._words_section = QWidget()
        inside = self._section(self._words_section, "Text")
        self._words = QPlainTextEdit()
        self._words.setObjectName("mark_text")
        self._words.setAccessibleName("Text of the label")
        self._words.setTabChangesFocus(True)
        self._words.setFixedHeight(px(72))
        self._words.setReadOnly(self._board.read_only)
        self._words.textChanged.connect(self._words_typed)
        self._words.installEventFilter(self)
        inside.addWidget(self._words)
        inside.addWidget(label("Shown on the picture. Escape goes back to it.", TextRole.HINT, wrap=True))
        inside.addSpacing(SPACE_M)
        column.addWidget(self._words_section)

    def _add_legend(self, column: QVBoxLayout) -> None:
        column.addWidget(card_title("Legend"))
        self._legend_hint = label(
            "Numbered steps (N) tell an auditor where to look. What you write for them is printed below the picture.",
            TextRole.HINT,
            wrap=True,
        )
        column.addWidget(self._legend_hint)
        self._legend = QVBoxLayout()
        self._legend.setSpacing(SPACE_S)
        column.addLayout(self._legend)

    # Showing

    def _confirmed(self, confirmed: bool) -> None:
        self._show()
        self.no_identifiers_changed.emit(confirmed)

    def _words_typed(self) -> None:
        mark = self._board.only_selected
        if isinstance(mark, Text):
            self._board.set_text(mark.id, self._words.toPlainText())

    def _show(self) -> None:
        board, chosen = self._board, self._board.selected
        self._show_identifiers()
        redacting = any(isinstance(m, Redaction) for m in chosen) or (not chosen and board.tool is Tool.REDACTION)
        redacting = redacting or (board.tool is Tool.SELECT and not chosen)
        self._looks.setCurrentIndex(0 if redacting else 1)
        reasons = {mark.reason for mark in chosen if isinstance(mark, Redaction)} or {board.look.reason}
        if len(reasons) == 1:
            self._reasons[reasons.pop()].setChecked(True)
        colors = {mark.color for mark in chosen if not isinstance(mark, Redaction)}
        highlighting = board.tool is Tool.HIGHLIGHT or any(isinstance(mark, Highlight) for mark in chosen)
        shown = colors.pop() if len(colors) == 1 else board.look.highlight if highlighting else board.look.color
        if shown in self._colors:
            self._colors[shown].setChecked(True)
        mark = board.only_selected
        self._words_section.setVisible(isinstance(mark, Text))
        if isinstance(mark, Text) and self._words.toPlainText() != mark.text:
            self._words.blockSignals(True)
            self._words.setPlainText(mark.text)
            self._words.moveCursor(QTextCursor.MoveOperation.End)
            self._words.blockSignals(False)
        self._show_legend(board.steps)

    def _show_identifiers(self) -> None:
        count = sum(isinstance(mark, Redaction) for mark in self._board.marks)
        if count:
            self._note.set(f"{count} area{'s' if count > 1 else ''} covered.", Tone.OK)
        elif self.no_identifiers:
            self._note.set("You confirmed that nothing needs to be covered.", Tone.OK)
        else:
            self._note.set("Nothing is covered yet.", Tone.WARN)

    def _show_legend(self, steps: Sequence[Step]) -> None:
        while len(self._legend_rows) > len(steps):
            row = self._legend_rows.pop()
            self._legend.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self._legend_rows) < len(steps):
            row = _LegendRow(self._board)
            row.edit.returnPressed.connect(self.done_typing)
            row.edit.installEventFilter(self)
            self._legend_rows.append(row)
            self._legend.addWidget(row)
        for row, step in zip(self._legend_rows, steps, strict=True):
            row.show_step(step)
        self._legend_hint.setVisible(not steps)


class _LegendRow(QWidget):
    """The number of a step and what it tells."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self.mark_id = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        self._number = label("", TextRole.STRONG)
        self._number.setMinimumWidth(px(18))
        self.edit = QLineEdit()
        self.edit.setPlaceholderText("What to look at here")
        self.edit.setReadOnly(board.read_only)
        self.edit.textEdited.connect(lambda text: board.set_text(self.mark_id, text))
        row.addWidget(self._number)
        row.addWidget(self.edit, 1)

    def show_step(self, step: Step) -> None:
        """Show a step; the cursor stays where it is when the words are the same."""
        self.mark_id = step.id
        self._number.setText(str(step.number))
        self.edit.setObjectName(f"legend_{step.number}")
        self.edit.setAccessibleName(f"Legend of step {step.number}")
        if self.edit.text() != step.text:
            self.edit.setText(step.text)
            self.edit.setCursorPosition(0)
        self.edit.setToolTip(step.text)
