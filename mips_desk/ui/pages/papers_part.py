"""The part of the Binder room with the practice papers: what is kept, by kind, and what an auditor would miss.

They are taken in, described and redacted in the Evidence room, like every other proof.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from mips_desk.domain.evidence import EvidenceItem
from mips_desk.domain.papers import PaperKind
from mips_desk.domain.readiness import Lack, Missing
from mips_desk.services.paper_shelf import PAPERS_ID, PaperShelf, paper_shelf
from mips_desk.ui.actions import make_action
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import SPACE_L, SPACE_S, TextRole, px
from mips_desk.ui.widgets.buttons import action_button, primary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.line_button import LineButton
from mips_desk.ui.widgets.text import card_title, label
from mips_desk.ui.words import count

from .binder_part import BinderPart, Outside
from .evidence_shelf import Shelf
from .evidence_thumbnails import ThumbnailMaker

#: Width of what is missing in logical pixels at 100 %, and of the part below which it stands above the papers.
_SIDE, _SPREAD_FROM = 300, 700


class PapersPart(BinderPart):
    """The papers and what is missing.

    Args:
        desk: the open practice.
        outside: the system's dialogs and programs.
        parent: where it will stand.
    """

    def __init__(self, desk: Desk, outside: Outside, parent: QWidget | None = None) -> None:
        super().__init__(desk, outside, parent)
        self.setObjectName("binder_papers")
        self._picked = ""
        self._thumbnails = ThumbnailMaker(desk, self)
        self._add = make_action(self, "Add &papers…", self._add_papers, icon_name="image-plus")
        self._add.setToolTip("Capture, paste or import them in the Evidence room")
        add = action_button(self._add, "primary")
        add.setObjectName("add_papers")
        self.buttons = (add,)
        self._shelf = Shelf()
        self._shelf.picked.connect(self._pick)
        self._shelf.opened.connect(self._open)
        self._shelf.picture_requested.connect(self._thumbnail_wanted)
        self._thumbnails.made.connect(self._shelf.set_picture)
        side = Card(margin=2)
        self._missing = QVBoxLayout()
        self._missing.setContentsMargins(px(12), px(14), px(10), px(12))
        self._missing.setSpacing(SPACE_S)
        area = scroll_area(self._missing)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.body.addWidget(area)
        self._side = side
        first = primary_button("Add the first paper", "image-plus", self._add_papers)
        first.setObjectName("add_first_paper")
        self._empty = EmptyState(
            "file-badge",
            "No practice paper is kept yet",
            "An auditor also asks about the practice itself: each clinician’s participation status, a special status,"
            " the registration for an MVP, the receipt of what was attested. Keep a picture of each here.",
            first,
        )
        self._papers = QStackedWidget()
        self._papers.addWidget(self._empty)
        self._papers.addWidget(self._shelf)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE_L)
        self._row.addWidget(self._side)
        self._row.addWidget(self._papers, 1)

    def commands(self) -> Sequence[QAction]:
        """Add."""
        return (self._add,)

    def refresh(self) -> None:
        """Show the papers of the year."""
        shelf = paper_shelf(self.view)
        self._add.setEnabled(not self.desk.fixed)
        self._add.setVisible(bool(shelf.evidence))
        self._empty_button_allowed()
        self._papers.setCurrentIndex(1 if shelf.evidence else 0)
        self._shelf.show_part(shelf, "")
        self._shelf.drop.hide()
        self._show_missing(shelf)
        left = count(len(shelf.readiness.missing), "thing") if shelf.readiness.missing else "nothing"
        self.told.emit(
            f"Practice papers {shelf.selection.year}", f"{count(len(shelf.evidence), 'paper')}, {left} left to do."
        )
        if self._picked:
            self._shelf.pick(self._picked)

    def open_link(self, target: Target) -> None:
        """Select a paper."""
        if target.evidence_id:
            self._picked = target.evidence_id
            self._shelf.pick(target.evidence_id, focus=True)

    def place(self) -> Target:
        """The paper that is selected."""
        return Target(evidence_id=self._picked)

    def arrange(self, width: int) -> None:
        """Put what is missing beside the papers, or above them where there is no room."""
        narrow = width < px(_SPREAD_FROM)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._side.setMinimumWidth(0 if narrow else px(_SIDE))
        self._side.setMaximumWidth(16_777_215 if narrow else px(_SIDE))
        self._side.setMinimumHeight(px(180) if narrow else 0)
        self._papers.setMinimumHeight(px(320) if narrow else 0)

    def _empty_button_allowed(self) -> None:
        button = self._empty.findChild(QWidget, "add_first_paper")
        if button is not None:
            button.setEnabled(not self.desk.fixed)

    # ------------------------------------------------------------------ what is missing

    def _show_missing(self, shelf: PaperShelf) -> None:
        while (item := self._missing.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.setObjectName("")
                old.deleteLater()
        self._missing.addWidget(card_title("What is missing"))
        missing = shelf.readiness.missing
        if not missing:
            self._missing.addWidget(label("Nothing that an auditor would ask for.", TextRole.SECONDARY, wrap=True))
        for place, each in enumerate(missing):
            line = LineButton("triangle-alert", "warn", each.text)
            line.setObjectName(f"paper_missing_{place}")
            line.clicked.connect(partial(self._go_to, each))
            self._missing.addWidget(line)
        self._missing.addSpacing(SPACE_S)
        self._missing.addWidget(card_title("What belongs here"))
        for kind in PaperKind:
            self._missing.addWidget(label(kind.label, TextRole.STRONG, wrap=True))
            self._missing.addWidget(label(kind.explanation, TextRole.SECONDARY, wrap=True))
        self._missing.addStretch(1)

    def _go_to(self, missing: Missing, _checked: bool = False) -> None:
        if missing.lack in (Lack.REDACTION, Lack.LOOK):
            self.desk.open_room("annotator", PAPERS_ID, missing.evidence_id)
        else:
            part = "" if missing.evidence_id else missing.option_key
            self.desk.open_room(Room.EVIDENCE, PAPERS_ID, missing.evidence_id, part=part)

    # ------------------------------------------------------------------ papers

    def _add_papers(self) -> None:
        self.desk.open_room(Room.EVIDENCE, PAPERS_ID)

    def _pick(self, evidence_id: str) -> None:
        self._picked = evidence_id

    def _open(self, evidence_id: str) -> None:
        self.desk.open_room(Room.EVIDENCE, PAPERS_ID, evidence_id)

    def _item(self, evidence_id: str) -> EvidenceItem | None:
        return next((item for item in self.view.papers if item.id == evidence_id), None)

    def _thumbnail_wanted(self, evidence_id: str, _version: int) -> None:
        if (item := self._item(evidence_id)) is not None:
            self._thumbnails.make(item)
