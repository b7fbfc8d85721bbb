"""What an auditor would ask back: grouped, what is missing first, every line a link."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mips_desk.binder.checks import Check, State
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_S, SPACE_XS, TextRole, px
from mips_desk.ui.widgets.buttons import link_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.empty_state import Skeleton
from mips_desk.ui.widgets.line_button import LineButton
from mips_desk.ui.widgets.text import card_title, label
from mips_desk.ui.words import count

#: Lines that are made at once; more come with a button, so that thousands cost nothing before somebody reads them.
AT_ONCE = 30
_GROUPS = (
    (State.GAP, "Missing", "circle-alert", "bad"),
    (State.WARNING, "Worth an answer", "triangle-alert", "warn"),
)


class ChecksCard(Card):
    """The list.

    Signals:
        check_chosen(Check): go to where this can be answered.
        counted(int): how many there are now.
    """

    check_chosen = Signal(object)
    counted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margin=2, parent=parent)
        self._checks: tuple[Check, ...] = ()
        self._room = AT_ONCE
        head = QHBoxLayout()
        head.setContentsMargins(px(14), px(10), px(12), 0)
        head.setSpacing(SPACE_S)
        head.addWidget(card_title("What an auditor would ask back"), 1)
        self._count = Chip("", Tone.NEUTRAL)
        self._count.setObjectName("checks_count")
        head.addWidget(self._count, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        column = QVBoxLayout()
        column.setContentsMargins(px(14), 0, px(10), px(10))
        column.setSpacing(SPACE_XS)
        self._loading = Skeleton(3)
        column.addWidget(self._loading)
        self._nothing = label("Nothing. The binder is complete.", TextRole.SECONDARY, wrap=True, tone="ok")
        self._nothing.setObjectName("nothing_asked")
        column.addWidget(self._nothing)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        column.addLayout(self._lines)
        column.addStretch(1)
        area: QScrollArea = scroll_area(column)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(area, 1)
        self.setMinimumHeight(px(150))
        self.show_checks(None)

    def show_checks(self, checks: Sequence[Check] | None) -> None:
        """Show what an auditor would ask back; None: it is not known yet, so nothing is claimed."""
        found = tuple(checks or ())
        gaps = sum(check.state is State.GAP for check in found)
        self._loading.setVisible(checks is None)
        self._nothing.setVisible(checks is not None and not found)
        self._count.setVisible(bool(found))
        self._count.set(str(len(found)), Tone.BAD if gaps else Tone.WARN)
        self._count.setAccessibleName(count(len(found), "thing"))
        self.counted.emit(len(found))
        if found != self._checks:
            self._checks, self._room = found, AT_ONCE
            self._fill()

    def _fill(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.setObjectName("")
                old.deleteLater()
        place = 0
        for state, heading, icon, tone in _GROUPS:
            here = [check for check in self._checks if check.state is state]
            if not here or place >= self._room:
                continue
            caption = label(f"{heading}  {len(here)}", TextRole.SECONDARY, tone=tone)
            caption.setContentsMargins(px(4), px(6) if place else 0, 0, 0)
            self._lines.addWidget(caption)
            for check in here[: self._room - place]:
                self._lines.addWidget(self._line(check, place, icon, tone))
                place += 1
        if place < len(self._checks):
            more = link_button(f"Show {len(self._checks) - place} more", self._show_more)
            more.setObjectName("more_checks")
            self._lines.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _line(self, check: Check, place: int, icon: str, tone: str) -> LineButton:
        line = LineButton(icon, tone, check.about, check.text.removeprefix(f"{check.about}: "), strong=True)
        line.setAccessibleName(check.text)
        line.setObjectName(f"check_{place}")
        line.setToolTip("Go to where this is answered")
        line.clicked.connect(lambda _checked=False: self.check_chosen.emit(check))
        return line

    def _show_more(self) -> None:
        focus = self._room
        self._room += 2 * AT_ONCE
        self._fill()
        first = self.findChild(LineButton, f"check_{focus}")
        if first is not None:
            first.show()  # what is not seen yet takes no keyboard
            first.setFocus(Qt.FocusReason.OtherFocusReason)
