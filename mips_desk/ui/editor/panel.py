"""The side panel of the annotator: identifiers, reason or color and size, legend, snapping, earlier versions."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from mips_desk.annotate.marks import PALETTE, Highlight, Reason, Redaction
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, TextRole, color, px
from mips_desk.ui.widgets.buttons import link_button
from mips_desk.ui.widgets.flow_layout import FlowLayout
from mips_desk.ui.widgets.text import card_title, label

from .board import Board
from .choices import ChipChoice, ColorChoice
from .finder import Identifiers
from .legend import Legend
from .looks import MarkSize, color_of, size_of
from .marks_list import MarksList
from .proposals import Proposals
from .tools import REASON_KEYS, REASONS, Tool

#: Width of the panel in logical pixels at 100 %.
WIDTH = 288


class SidePanel(QWidget):
    """Everything about the marks that is not drawn.

    Args:
        board: what is edited.
        proposals: what was found in the picture.
        no_identifiers: the person has confirmed that no patient identifier is visible.

    Signals:
        versions_requested(): show the earlier versions of the marks.
        done_typing(): the keyboard shall go back to the canvas.
        share_look_requested(): make the look of new marks that of the practice.
    """

    share_look_requested = Signal()
    versions_requested = Signal()
    done_typing = Signal()

    def __init__(self, board: Board, proposals: Proposals, no_identifiers: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(px(WIDTH))
        self._board = board
        self.identifiers = Identifiers(board, proposals, no_identifiers)
        self.identifiers.went_on.connect(self.done_typing)
        self.legend = Legend(board)
        self.legend.done_typing.connect(self.done_typing)
        column = QVBoxLayout()
        # The area comes before what is in it: each change of a parent makes everything below it look anew.
        area: QScrollArea = scroll_area(column)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.addWidget(area)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_S)
        column.addWidget(self.identifiers)
        column.addSpacing(SPACE_M)
        self._add_looks(column)
        column.addSpacing(SPACE_M)
        column.addWidget(self.legend)
        column.addSpacing(SPACE_M)
        self.marks_list = MarksList(board)
        column.addWidget(self.marks_list)
        self._add_rest(column)
        column.addStretch(1)
        board.changed.connect(self._show)
        board.selection_changed.connect(self._show)
        board.tool_changed.connect(self._show)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Larger text needs a wider panel."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.width() != px(WIDTH):
            self.setFixedWidth(px(WIDTH))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line at the left."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("panel"))
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(self.rect().topLeft(), self.rect().bottomLeft())

    # Building

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
            chip.setToolTip(f"{words}  ·  {REASON_KEYS[reason]}")
            chip.clicked.connect(lambda _checked=False, reason=reason: self._board.set_reason(reason))
            self._reason_group.addButton(chip)
            self._reasons[reason] = chip
            flow.addWidget(chip)
        inside.addLayout(flow)
        inside.addWidget(label("The keys 1 to 5 choose it while a redaction is selected.", TextRole.HINT, wrap=True))
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
        self._sizes: dict[MarkSize, ChipChoice] = {}
        line = QHBoxLayout()
        line.setSpacing(2)
        self._size_group = QButtonGroup(self)
        for size, words in _SIZES.items():
            chip = ChipChoice(words)
            chip.setObjectName(f"size_{size}")
            chip.setAccessibleName(f"Size: {words}")
            chip.clicked.connect(lambda _checked=False, size=size: self._board.set_size(size))
            self._size_group.addButton(chip)
            self._sizes[size] = chip
            line.addWidget(chip)
        line.addStretch(1)
        inside.addLayout(line)
        self._share = link_button("Use this look in the whole practice", self.share_look_requested.emit)
        self._share.setObjectName("share_look")
        self._share.setToolTip("Everybody's new marks begin with this color and size.")
        inside.addWidget(self._share, 0, Qt.AlignmentFlag.AlignLeft)
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

    def _add_rest(self, column: QVBoxLayout) -> None:
        self._snaps = QCheckBox("Line up with other marks")
        self._snaps.setObjectName("snaps")
        self._snaps.setToolTip("While you drag, marks come to rest at the edges and middles of others. Ctrl lets go.")
        self._snaps.setChecked(self._board.snaps)
        self._snaps.setEnabled(not self._board.read_only)
        self._snaps.toggled.connect(self._board.set_snaps)
        column.addWidget(self._snaps)
        self._versions = link_button("Earlier versions of these marks", self.versions_requested.emit)
        self._versions.setObjectName("earlier_versions")
        column.addWidget(self._versions, 0, Qt.AlignmentFlag.AlignLeft)

    # Showing

    def _show(self) -> None:
        board, chosen = self._board, self._board.selected
        bars = [mark for mark in chosen if isinstance(mark, Redaction)]
        drawing = not chosen and board.tool not in (Tool.SELECT, Tool.REDACTION, Tool.CROP)
        # Of bars and others together the others can be colored; the keys give the bars their reason all the same.
        self._looks.setCurrentIndex(1 if drawing or any(color_of(mark) is not None for mark in chosen) else 0)
        reasons = {mark.reason for mark in bars} or {board.look.reason}
        if len(reasons) == 1:
            self._reasons[reasons.pop()].setChecked(True)
        self._share.setVisible(board.can_share_look)
        colors = {mark_color for mark in chosen if (mark_color := color_of(mark)) is not None}
        highlighting = board.tool is Tool.HIGHLIGHT or any(isinstance(mark, Highlight) for mark in chosen)
        shown = colors.pop() if len(colors) == 1 else board.look.highlight if highlighting else board.look.color
        if shown in self._colors:
            self._colors[shown].setChecked(True)
        sizes = {size for mark in chosen if (size := size_of(mark, board.style)) is not None}
        self._sizes[sizes.pop() if len(sizes) == 1 else board.look.size].setChecked(True)


_SIZES = {MarkSize.SMALL: "Small", MarkSize.MEDIUM: "Medium", MarkSize.LARGE: "Large"}
