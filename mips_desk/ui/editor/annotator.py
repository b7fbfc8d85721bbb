"""The annotator: tool rail, canvas and side panel below a strip. It opens in place, inside the Evidence room."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.annotate.marks import Mark, Redaction
from mips_desk.ui.jobs import Job
from mips_desk.ui.widgets.chip import Tone

from .board import Board
from .canvas import Canvas
from .clippings import Clippings
from .keys import handle_key
from .looks import Habits, Look
from .panel import WIDTH, SidePanel
from .picture import Picture
from .proposals import Proposal
from .rail import ToolRail
from .strip import TopStrip
from .versions import Version, VersionsPanel


class Annotator(QWidget):
    """Marks on one picture. It knows no vault: it says what shall be stored.

    Args:
        picture: the upright original at full resolution, or made into its sizes already on a work thread.
        marks: as stored.
        caption: what the picture is called.
        no_identifiers: the person has confirmed that no patient identifier is visible.
        looked_at: somebody looked at the picture in its stored state.
        read_only: nothing can be changed.
        clippings: where copied marks go and come from, shared by the pictures of a practice.
        habits: the look that was used last, and where it is kept.

    Signals:
        save_requested(tuple): the marks as they are now, different from those stored.
        no_identifiers_changed(bool): the person confirmed it, or took that back.
        looked_at_requested(): store that the person looked at the picture; everything else was asked to be saved.
        left(): the person wants to go back; everything was asked to be saved.
        find_requested(): look for patient identifiers, and answer with `set_finding` and `set_proposals`.
        share_look_requested(object): make this `Look` that of the practice.
        versions_requested(): read the earlier versions, and answer with `set_versions`; what is drawn was asked to be
            saved.
    """

    save_requested = Signal(tuple)
    no_identifiers_changed = Signal(bool)
    looked_at_requested = Signal()
    left = Signal()
    find_requested = Signal()
    share_look_requested = Signal(object)
    versions_requested = Signal()

    #: Pause after the last change before the marks are saved, in milliseconds.
    SAVE_MS = 1200
    #: The longest a change waits while others go on, in milliseconds; storing it takes some hundredths more.
    LONGEST_MS = 1700

    #: How long a second Escape goes back after the first one, in milliseconds.
    LEAVE_MS = 3000

    def __init__(
        self,
        picture: QImage | Picture,
        marks: Iterable[Mark],
        *,
        caption: str,
        no_identifiers: bool = False,
        looked_at: bool = False,
        read_only: bool = False,
        clippings: Clippings | None = None,
        habits: Habits | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("annotator")
        shown = picture if isinstance(picture, Picture) else Picture(picture)
        self.board = Board(marks, shown.size, read_only=read_only, habits=habits, parent=self)
        self._stored: tuple[Mark, ...] | None = self.board.marks
        self._looked_at = looked_at
        self.canvas = Canvas(shown, self.board, clippings, self)
        self.rail = ToolRail(self.board, self)
        self.panel = SidePanel(self.board, self.canvas.proposals, no_identifiers, self)
        self._versions: VersionsPanel | None = None
        self.strip = TopStrip(caption, self.board, self.canvas, self)
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._since = QElapsedTimer()
        self._since.start()
        self._timer.timeout.connect(self.save)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(self.LEAVE_MS)
        self._leaving.timeout.connect(lambda: self.canvas.hint(""))
        self.board.changed.connect(self._marks_changed)
        self.canvas.words_requested.connect(self._type_words)
        self.panel.done_typing.connect(self._to_canvas)
        self.panel.marks_list.picked.connect(self.canvas.show_selected)
        self.panel.marks_list.opened.connect(self._open_mark)
        self.panel.identifiers.no_identifiers_changed.connect(self._confirmed)
        self.panel.identifiers.find_requested.connect(self.find_requested)
        self.canvas.find_requested.connect(self._find_by_key)
        self.panel.share_look_requested.connect(lambda: self.share_look_requested.emit(self.board.look))
        self.panel.versions_requested.connect(self._ask_for_versions)
        self.strip.back_requested.connect(self.leave)
        self.strip.looked_at_requested.connect(self._look)
        self.strip.looked_at.setEnabled(not read_only)
        self._show_state()
        self.setFocusProxy(self.canvas)

    @property
    def versions(self) -> VersionsPanel:
        """The list of earlier versions; made when it is first needed, so that opening is quick."""
        if self._versions is None:
            self._versions = panel = VersionsPanel(read_only=self.board.read_only, width=WIDTH)
            panel.hide()
            panel.looked_at.connect(self._look_at_version)
            panel.brought_back.connect(self._bring_back)
            panel.left.connect(self._leave_versions)
            self._row.addWidget(panel)
        return self._versions

    @property
    def unsaved(self) -> bool:
        """There are changes that nobody was asked to save yet."""
        return self.board.marks != self._stored

    def save(self) -> None:
        """Ask to save the marks, if they differ from those last saved."""
        self._timer.stop()
        if self.unsaved and not self.board.read_only:
            self._stored = marks = self.board.marks
            self.save_requested.emit(marks)

    def set_unsaved(self) -> None:
        """Take in that the marks last asked to be saved were not."""
        self._stored = None

    def follow_look(self, of_practice: Look | None) -> None:
        """Take in another look of the practice."""
        self.board.follow_look(of_practice)

    def leave(self) -> None:
        """Save and go back."""
        self.canvas.finish_typing()
        self.board.select(())
        self.save()
        self.left.emit()

    def set_item(self, *, caption: str, no_identifiers: bool, looked_at: bool) -> None:
        """Take in what is stored about the picture, after somebody changed it."""
        self.strip.set_caption(caption)
        self.panel.identifiers.set_no_identifiers(no_identifiers)
        self._looked_at = looked_at
        self._show_state()

    def set_finding(self, job: Job | None, words: str = "") -> None:
        """Show that a search for identifiers goes on, or that it ended.

        Args:
            job: the search; None: it ended.
            words: why it could not be done; empty when it could.
        """
        self.panel.identifiers.set_finding(job)
        if words:
            self.panel.identifiers.say(words)

    def set_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Show what was found, dashed; nothing is covered before the person accepts it."""
        self.canvas.proposals.set(proposals)
        self.canvas.proposals.go_on(1)
        self._to_canvas()

    def set_versions(self, versions: Sequence[Version]) -> None:
        """Show the earlier versions of the marks, newest first; the one that is on the board is left out."""
        now = self.board.marks
        self.panel.hide()
        self.versions.show()
        self.versions.set_versions([version for version in versions if version.marks != now])
        self._show_state()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that the widget with the keyboard did not want mean the same as on the canvas; two Escapes go back."""
        if handle_key(self.canvas, event):
            return
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._leaving.isActive():
            self.leave()
        else:
            # Pressed once too often, as to be sure that nothing is selected, it must not end the visit.
            self._leaving.start()
            self.canvas.hint("Press Escape again to go back to Evidence.")

    def hideEvent(self, event: QHideEvent) -> None:
        """Whatever hides the annotator, nothing is lost."""
        super().hideEvent(event)
        self.save()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.canvas, 1)
        row.addWidget(self.panel)
        self._row = row
        column.addLayout(row, 1)

    def _marks_changed(self) -> None:
        if self.unsaved:
            self._looked_at = False
            if not self._timer.isActive():
                self._since.restart()
            self._timer.start(max(0, min(self.SAVE_MS, self.LONGEST_MS - self._since.elapsed())))
        self._show_state()

    def _confirmed(self, confirmed: bool) -> None:
        self._show_state()
        self.no_identifiers_changed.emit(confirmed)

    def _type_words(self, mark_id: str) -> None:
        if not self.canvas.type_words(mark_id):
            self.panel.legend.type_words(mark_id)

    def _open_mark(self, mark_id: str) -> None:
        self.board.select((mark_id,))
        self.canvas.show_selected()
        self._to_canvas()

    def _find_by_key(self) -> None:
        if not self.board.read_only:
            self.find_requested.emit()

    def _ask_for_versions(self) -> None:
        self.canvas.finish_typing()
        self.board.select(())
        self.save()
        self.versions_requested.emit()

    def _look_at_version(self, version: Version) -> None:
        self.canvas.look_at(version.marks)
        self._show_state()

    def _bring_back(self, version: Version) -> None:
        self._leave_versions()
        self.board.put_all(version.marks, f"Bring back {version.when}")

    def _leave_versions(self) -> None:
        self.canvas.look_at(None)
        self.versions.hide()
        self.panel.show()
        self._show_state()
        self._to_canvas()

    def _to_canvas(self) -> None:
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _covered(self) -> bool:
        return self.panel.identifiers.no_identifiers or any(isinstance(mark, Redaction) for mark in self.board.marks)

    def _look(self) -> None:
        if self.canvas.looking:
            self._leave_versions()
        self.board.select(())
        if not self._covered():
            self.panel.identifiers.ask_to_confirm()
            return
        self.save()
        self.looked_at_requested.emit()

    def _show_state(self) -> None:
        if self.canvas.looking:
            self.strip.set_state("Earlier version", Tone.ACCENT, "history")
        elif self.board.read_only:
            self.strip.set_state("Read only", Tone.NEUTRAL, "lock")
        elif not self._covered():
            self.strip.set_state("Not redacted", Tone.BAD)
        elif self._looked_at:
            self.strip.set_state("Looked at", Tone.OK, "check")
        else:
            self.strip.set_state("Not looked at yet", Tone.WARN)
