"""The Evidence room: one selection at a time, its checklist, its pictures, and what is said about each."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QMenu, QStackedWidget, QToolButton, QVBoxLayout

from mips_desk.domain.evidence import EvidenceItem
from mips_desk.domain.readiness import Lack, Missing
from mips_desk.services import collect
from mips_desk.services.changes import Changes
from mips_desk.services.overview import SelectionView
from mips_desk.services.paper_shelf import PAPERS_ID, paper_shelf
from mips_desk.ui.actions import make_action
from mips_desk.ui.capture.flow import DELAYS, CaptureFlow
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.editor.annotator import Annotator
from mips_desk.ui.rooms import Room
from mips_desk.ui.undo import History
from mips_desk.ui.widgets.buttons import action_button, icon_button, primary_button
from mips_desk.ui.widgets.empty_state import EmptyState

from . import evidence_checklist, evidence_details
from .evidence_annotating import Bench, RoomHistory, Visit, name_of
from .evidence_checklist import ChecklistPane, open_option
from .evidence_details import DetailsPane
from .evidence_intake import ChooseFiles, Goal, WaysIn, choose_files_in_dialog, dropped_files
from .evidence_picker import ActivityPicker
from .evidence_shelf import Shelf
from .evidence_thumbnails import ThumbnailMaker
from .panes import Panes
from .room_page import RoomPage


class EvidencePage(RoomPage):
    """The room.

    Args:
        desk: the open practice.
        capture: how the screen is captured; by default the desktop of this computer.
        choose_files: asks for files to import; tests hand in their own.

    Attributes:
        bench: what a visit to the annotator leaves for the next.
    """

    def __init__(
        self, desk: Desk, *, capture: CaptureFlow | None = None, choose_files: ChooseFiles | None = None
    ) -> None:
        super().__init__(desk, "Evidence")
        self.setObjectName("evidence_page")
        self.setAcceptDrops(True)
        self._selection_id = ""
        self._evidence_id = ""
        self._options: dict[str, str] = {}
        self._awaited = ""
        self._thumbnails = ThumbnailMaker(desk, self)
        self.bench = Bench(desk)
        self._visit: Visit | None = None
        files = choose_files or (lambda: choose_files_in_dialog(self))
        self._ways = WaysIn(desk, capture or CaptureFlow(), files, self._goal, self)
        self._ways.added.connect(self._added)
        self._history = RoomHistory(desk.undo, self)
        self._make_commands()
        self._build()

    @property
    def history(self) -> History:
        """The vault's, or the annotator's while it is open."""
        return self._history

    @property
    def part(self) -> SelectionView | None:
        """The selection that is shown; of the practice papers their like."""
        if self._selection_id == PAPERS_ID:
            return paper_shelf(self.view)
        return self.selection(self._selection_id)

    @property
    def annotator(self) -> Annotator | None:
        """The annotator while it is open."""
        return self._visit.annotator if self._visit is not None else None

    def commands(self) -> Sequence[QAction]:
        """The ways in, and the annotator."""
        return self._commands

    def can_leave(self) -> bool:
        """Everything typed or drawn is stored; nothing keeps the person here."""
        self._details.flush()
        self._end_visit()
        return not self._ways.capturing

    def place(self) -> Target:
        """The activity, the item, and whether it is being annotated."""
        return Target(self._selection_id, self._evidence_id, self._visit is not None)

    def arrange(self, width: int) -> None:
        """Put the panes beside each other, or below each other where there is no room."""
        self._panes.arrange(width)

    def changeEvent(self, event: QEvent) -> None:
        """Larger text needs wider panes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_panes"):
            self.arrange(self.width())

    def refresh(self) -> None:
        """Show the newest state of the selection."""
        part = self.part
        self._room.setCurrentIndex(0 if part is None else 1)
        writable = part is not None and not self.desk.fixed
        self._details.set_read_only(self.desk.fixed)
        for action in self._commands:
            action.setEnabled(writable and self._visit is None)
        self._capture_later.setEnabled(writable)
        self._annotate.setEnabled(part is not None and bool(self._evidence_id) and self._visit is None)
        self._picker.setVisible(part is not None)
        if part is None:
            self.header.set("Evidence", "")
            return
        self._selection_id = part.id
        self._picker.show_part(self.view, part)
        self.header.set(part.activity.title, "")
        self._choose_item(part)
        current = self._current_option(part)
        self._checklist.show_part(part, current)
        self._shelf.show_part(part, current)
        self._shelf.drop.setVisible(writable)
        self._show_item()
        if self._visit is not None and (item := self._item(self._visit.evidence_id)) is not None:
            self._visit.take_in(item, name_of(item))

    def open_link(self, target: Target) -> None:
        """Select an activity and an item, and open the annotator if that is wanted."""
        self._end_visit()
        if any(target.evidence_id == item.id for item in self.view.papers):
            self._selection_id = PAPERS_ID
        elif target.selection_id:
            self._selection_id = target.selection_id
        elif target.evidence_id:
            owners = (part for part in self.view.selections if any(i.id == target.evidence_id for i in part.evidence))
            self._selection_id = next((part.id for part in owners), self._selection_id)
        if target.part:
            self._options[self._selection_id] = target.part
        self._evidence_id = target.evidence_id or self._evidence_id
        self.refresh()
        if target.annotate and target.evidence_id:
            self.annotate(target.evidence_id)
        elif target.evidence_id:
            self._shelf.pick(target.evidence_id, focus=True)

    # Building

    def _make_commands(self) -> None:
        self._capture_now = make_action(
            self, "&Capture", lambda: self._capture(0), keys="Ctrl+Shift+C", icon_name="scan", tip="Capture the screen"
        )
        self._paste = make_action(self, "&Paste", self._ways.paste, keys="Ctrl+V", icon_name="clipboard-paste")
        self._import = make_action(self, "&Import…", self._ways.import_files, keys="Ctrl+I", icon_name="download")
        self._annotate = make_action(
            self, "&Redact and annotate", self._annotate_selected, keys="Ctrl+E", icon_name="redact"
        )
        self._later = tuple(
            make_action(self, f"Capture in &{delay} seconds", partial(self._capture, delay), icon_name="timer")
            for delay in DELAYS[1:]
        )
        self._commands = (self._capture_now, *self._later, self._paste, self._import, self._annotate)

    def _build(self) -> None:
        self._picker = ActivityPicker()
        self._picker.picked.connect(self._picked_activity)
        self.header.above.addWidget(self._picker)
        self.header.above.addStretch(1)
        capture = action_button(self._capture_now, "primary")
        capture.setObjectName("capture")
        paste = action_button(self._paste)
        paste.setObjectName("paste")
        import_ = action_button(self._import)
        import_.setObjectName("import")
        self._capture_later = later = icon_button("Capture later, with time to open a menu", "timer")
        later.setObjectName("capture_later")
        later.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(later)
        menu.addActions(self._later)
        later.setMenu(menu)
        self.header.add_buttons(import_, paste, later, capture)

        self._checklist = ChecklistPane()
        self._shelf = Shelf()
        self._details = DetailsPane(self.desk)
        widths = (evidence_checklist.WIDTH, evidence_details.WIDTH)
        self._panes = Panes(self._checklist, self._shelf, self._details, widths, least=236)
        choose = primary_button("Choose activities", "list-checks", lambda: self.desk.open_room(Room.CHOOSE))
        choose.setObjectName("choose_first")
        empty = EmptyState(
            "image",
            "No activity is chosen for this year",
            "Here you collect the proof of each activity: screenshots, reports, policies. Choose an activity first.",
            choose,
        )
        self._room = QStackedWidget()
        self._room.addWidget(empty)
        self._room.addWidget(self._panes)
        self.body.addWidget(self._room, 1)
        self._open_in_place()

        self._checklist.option_chosen.connect(self._choose_option)
        self._checklist.missing_chosen.connect(self._go_to)
        self._shelf.picked.connect(self._pick)
        self._shelf.opened.connect(self.annotate)
        self._shelf.delete_requested.connect(self.delete)
        self._shelf.picture_requested.connect(self._thumbnail_wanted)
        self._thumbnails.made.connect(self._show_thumbnail)
        self._details.described.connect(self._describe)
        self._details.annotate_requested.connect(self.annotate)
        self._details.delete_requested.connect(self.delete)

    def _open_in_place(self) -> None:
        """Let the annotator take the place of everything in this room."""
        outer = self.layout()
        assert isinstance(outer, QVBoxLayout)
        item = outer.takeAt(0)
        room = item.widget() if item is not None else None
        assert room is not None
        self._place = QStackedWidget()
        self._place.addWidget(room)
        outer.addWidget(self._place)

    # Selecting

    def _picked_activity(self, selection_id: str) -> None:
        self._details.flush()
        self._selection_id = selection_id
        self._evidence_id = ""
        self.refresh()

    def _choose_item(self, part: SelectionView) -> None:
        """Keep the item that is selected, take a new one as soon as it is there, else the first."""
        ids = [item.id for item in part.evidence]
        if self._awaited in ids:
            self._evidence_id, self._awaited = self._awaited, ""
        elif self._evidence_id not in ids:
            self._evidence_id = ids[0] if ids else ""

    def _current_option(self, part: SelectionView) -> str:
        return open_option(part, self._options.get(part.id, ""))

    def _choose_option(self, key: str) -> None:
        self._options[self._selection_id] = key
        self.refresh()

    def _pick(self, evidence_id: str) -> None:
        if evidence_id != self._evidence_id:
            self._evidence_id = evidence_id
            self._show_item()

    def _item(self, evidence_id: str) -> EvidenceItem | None:
        of_activities = (item for part in self.view.selections for item in part.evidence)
        return next((item for item in (*of_activities, *self.view.papers) if item.id == evidence_id), None)

    def _show_item(self) -> None:
        part = self.part
        if part is None:
            return
        item = next((item for item in part.evidence if item.id == self._evidence_id), None)
        self._details.show_item(self.view, part, item)
        self._annotate.setEnabled(item is not None and self._visit is None)
        if item is not None:
            self._shelf.pick(item.id)
            self._details.set_picture(self._thumbnails.picture(item.id))
            self._thumbnails.make(item)

    def _go_to(self, missing: Missing) -> None:
        """Go to where a missing thing can be done."""
        if not missing.evidence_id:
            if missing.lack is Lack.OPTION:
                self._choose_option(missing.option_key)
            else:
                self.desk.open_room(Room.DATES, self._selection_id)
            return
        self._evidence_id = missing.evidence_id
        self._show_item()
        if missing.lack in (Lack.REDACTION, Lack.LOOK):
            self.annotate(missing.evidence_id)
            return
        self._details.go_to(missing.lack)

    def _thumbnail_wanted(self, evidence_id: str, _version: int) -> None:
        if (item := self._item(evidence_id)) is not None:
            self._thumbnails.make(item)

    def _show_thumbnail(self, evidence_id: str, version: int, picture: QImage) -> None:
        self._shelf.set_picture(evidence_id, version, picture)
        if evidence_id == self._evidence_id:
            self._details.set_picture(picture)

    # Changing

    def _describe(self, evidence_id: str, fields: dict[str, Any]) -> None:
        session = self.desk.session
        self.change(lambda: collect.describe(session, evidence_id, **fields))

    def delete(self, evidence_ids: Sequence[str]) -> None:
        """Take items out of the proof; the notice offers to undo that."""
        if self.desk.fixed:
            return
        session, ids = self.desk.session, tuple(evidence_ids)

        def deleted(_: Changes) -> None:
            words = "Picture deleted." if len(ids) == 1 else f"{len(ids)} pictures deleted."
            self.desk.messages.info(words, "Undo", self.desk.undo.undo)

        self.change(lambda: collect.remove(session, ids, "Deleted by hand"), deleted)

    # Ways in

    def _capture(self, delay: int) -> None:
        self._details.flush()
        self._ways.capture(delay)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that can be pictures."""
        if self._can_take() and dropped_files(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files in."""
        if self._can_take() and (paths := dropped_files(event.mimeData())):
            event.acceptProposedAction()
            self._ways.drop(paths)

    def _can_take(self) -> bool:
        return self.part is not None and not self.desk.fixed and self._visit is None

    def _goal(self) -> Goal | None:
        """Return where new pictures go."""
        part = self.part
        return Goal(part.id, self._current_option(part)) if part is not None else None

    def _added(self, evidence_id: str) -> None:
        self._awaited = evidence_id
        self.refresh()

    # The annotator

    def _annotate_selected(self) -> None:
        self._details.flush()
        if self._evidence_id:
            self.annotate(self._evidence_id)

    def annotate(self, evidence_id: str) -> None:
        """Open the annotator on an item, in the place of the room."""
        item = self._item(evidence_id)
        if item is None or self._visit is not None:
            return
        self._evidence_id = evidence_id
        self._visit = Visit(self.desk, item, name_of(item), self.bench, self)
        self._visit.ready.connect(self._show_annotator)
        self._visit.ended.connect(self._visit_ended)
        self._visit.failed.connect(self._visit_failed)
        for action in self._commands:
            action.setEnabled(False)
        self._visit.begin()

    def _show_annotator(self, annotator: Annotator) -> None:
        self._place.setCurrentIndex(self._place.addWidget(annotator))
        self._history.follow(annotator.board)
        annotator.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _visit_failed(self, error: Exception) -> None:
        self.desk.messages.failure(error)
        self._visit_ended(False)

    def _visit_ended(self, looked_at: bool) -> None:
        if looked_at:
            self.desk.messages.info("Marked as looked at.")
        self._end_visit()

    def _end_visit(self) -> None:
        """Close the annotator; everything drawn is stored."""
        visit, self._visit = self._visit, None
        if visit is None:
            return
        visit.finish()
        self._history.follow(None)
        if visit.annotator is not None:
            self._place.setCurrentIndex(0)
            self._place.removeWidget(visit.annotator)
            visit.annotator.deleteLater()
        visit.deleteLater()
        self.refresh()
        self._shelf.pick(self._evidence_id, focus=True)
