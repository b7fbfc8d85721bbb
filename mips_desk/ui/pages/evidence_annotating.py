"""The annotator on an item of the vault: loads the picture, stores the marks, keeps one step of undo a visit."""

from collections.abc import Callable, Sequence
from datetime import datetime

import shiboken6
from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QImage

from mips_desk.annotate.marks import Mark
from mips_desk.annotate.shapes import Rect
from mips_desk.domain.evidence import EvidenceItem
from mips_desk.domain.phrases import short_day
from mips_desk.domain.practice import Role
from mips_desk.errors import MipsDeskError
from mips_desk.services import collect, earlier_marks, identifying, marks_look
from mips_desk.services.changes import Changed, Changes
from mips_desk.services.earlier_marks import EarlierMarks
from mips_desk.services.marks_look import MarksLook
from mips_desk.ui.desk import Desk
from mips_desk.ui.editor.annotator import Annotator
from mips_desk.ui.editor.clippings import Clippings
from mips_desk.ui.editor.looks import Habits, Look, MarkSize
from mips_desk.ui.editor.picture import Picture
from mips_desk.ui.editor.proposals import Proposal
from mips_desk.ui.editor.versions import Version
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.messages import UNEXPECTED
from mips_desk.ui.undo import History

#: What a visit begins with: the picture, its marks, and the look of the practice.
_Read = tuple[Picture, tuple[Mark, ...], MarksLook | None]


class RoomHistory(QObject):
    """What Undo means in this room: the vault's history, or the annotator's while it is open.

    Signals:
        changed(): what can be undone or redone is different now.
    """

    changed = Signal()

    def __init__(self, vault: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vault = vault
        self._now = vault
        vault.changed.connect(self.changed)

    @property
    def undo_text(self) -> str:
        """See `History`."""
        return self._now.undo_text

    @property
    def redo_text(self) -> str:
        """See `History`."""
        return self._now.redo_text

    def undo(self) -> None:
        """See `History`."""
        self._now.undo()

    def redo(self) -> None:
        """See `History`."""
        self._now.redo()

    def follow(self, history: History | None) -> None:
        """Follow an editor's history, or again that of the vault."""
        if self._now is not self._vault:
            self._now.changed.disconnect(self.changed)
        self._now = history or self._vault
        if history is not None:
            history.changed.connect(self.changed)
        self.changed.emit()


class Bench:
    """What one visit to the annotator leaves for the next: copied marks, the look of new ones.

    Args:
        desk: the open practice.
        settings: keeps the look; None keeps it only while the practice is open.
    """

    def __init__(self, desk: Desk, settings: QSettings | None = None) -> None:
        self.clippings = Clippings()
        may_share = not desk.read_only and desk.session.vault.person.role is Role.MANAGER
        practice = str(desk.session.vault.folder) if settings is not None else ""
        self.habits = Habits(settings, practice, may_share=may_share)


class Visit(QObject):
    """One visit to the annotator.

    Marks are stored often, but a visit is one step of the vault's history: the annotator has a finer one of its own.

    Args:
        desk: the open practice.
        item: what is annotated.
        name: what it is called on the screen.
        bench: what the visit before left.

    Signals:
        ready(Annotator): the picture was read; show it.
        ended(bool): the person is done; True: the picture was marked as looked at. Everything is asked to be stored.
        failed(Exception): the picture could not be read.
    """

    ready = Signal(object)
    ended = Signal(bool)
    failed = Signal(object)

    def __init__(self, desk: Desk, item: EvidenceItem, name: str, bench: Bench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._desk = desk
        self._item = item
        self._name = name
        self._before: tuple[Mark, ...] = ()
        self._stored = False
        self.annotator: Annotator | None = None

    @property
    def evidence_id(self) -> str:
        """What is annotated."""
        return self._item.id

    def begin(self) -> None:
        """Read the picture and its marks."""
        session, item = self._desk.session, self._item

        def read(_: JobContext) -> _Read:
            pixels = collect.pixels(session, item)
            shape = (pixels.width, pixels.height, pixels.width * 4)
            # A copy of its own, made here and not where the window would wait for it.
            picture = QImage(pixels.data, *shape, QImage.Format.Format_RGB32).copy()
            return Picture(picture), collect.marks_of(session, item), marks_look.marks_look(session)

        self._desk.jobs.work(read, initiator=self, on_success=self._show, on_failure=self.failed.emit)

    def finish(self) -> None:
        """Store what is not stored yet, and make the visit one step of the vault's history."""
        if self.annotator is not None:
            self.annotator.save()
        if not self._stored:
            return
        self._stored = False
        session, item_id, before = self._desk.session, self._item.id, self._before
        if self.annotator is not None:
            self._before = self.annotator.board.marks
        changes = Changes(
            Changed.MARKS | Changed.EVIDENCE,
            "Change marks",
            (item_id,),
            undo=lambda: collect.set_marks(session, item_id, before),
        )
        # In the line of writes, so that it comes after the marks themselves.
        self._desk.jobs.write(lambda _: changes, keep=True)

    def take_in(self, item: EvidenceItem, name: str) -> None:
        """Show what is stored about the item now."""
        self._item = item
        if self.annotator is not None:
            self.annotator.set_item(caption=name, no_identifiers=item.no_identifiers, looked_at=bool(item.looked_at_by))

    def _show(self, read: _Read) -> None:
        picture, self._before, look = read
        self._bench.habits.follow(_look(look))
        self.annotator = Annotator(
            picture,
            self._before,
            caption=self._name,
            no_identifiers=self._item.no_identifiers,
            looked_at=bool(self._item.looked_at_by),
            read_only=self._desk.fixed,
            clippings=self._bench.clippings,
            habits=self._bench.habits,
        )
        self.annotator.find_requested.connect(self._find)
        self.annotator.versions_requested.connect(self._read_versions)
        self.annotator.save_requested.connect(self._store)
        self.annotator.no_identifiers_changed.connect(self._confirm)
        self.annotator.looked_at_requested.connect(self._look)
        self.annotator.left.connect(self._leave)
        self.annotator.share_look_requested.connect(self._share_look)
        self.ready.emit(self.annotator)

    def _store(self, marks: Sequence[Mark]) -> None:
        self._stored = True
        annotator = self.annotator

        def failed(_: Exception) -> None:
            # Still open: it asks again after the next change, and when it is left.
            if annotator is not None and shiboken6.isValid(annotator):
                annotator.set_unsaved()

        _store_marks(self._desk, self._item.id, tuple(marks), failed)

    def _find(self) -> None:
        """Look for patient identifiers; the annotator shows what is found, and covers nothing by itself."""
        annotator, session, item = self.annotator, self._desk.session, self._item
        if annotator is None:
            return

        def find(ctx: JobContext) -> tuple[identifying.Proposal, ...]:
            return identifying.find(session, item, ctx.progress, ctx.check)

        def found(proposals: Sequence[identifying.Proposal]) -> None:
            annotator.set_finding(None)
            annotator.set_proposals([_proposal(each) for each in proposals])

        def failed(error: Exception) -> None:
            annotator.set_finding(None, str(error) if isinstance(error, MipsDeskError) else UNEXPECTED)

        job = self._desk.jobs.work(
            find,
            title="Looking for patient identifiers",
            initiator=annotator,
            on_success=found,
            on_failure=failed,
            on_cancelled=lambda: annotator.set_finding(None),
        )
        if job.running:
            annotator.set_finding(job)

    def _read_versions(self) -> None:
        annotator, session, item = self.annotator, self._desk.session, self._item
        if annotator is None:
            return

        def show(found: Sequence[EarlierMarks]) -> None:
            annotator.set_versions([Version(_moment(each.at), each.person, each.marks) for each in found])

        self._desk.jobs.work(lambda _: earlier_marks.earlier_marks(session, item), initiator=annotator, on_success=show)

    def _share_look(self, look: Look) -> None:
        annotator, session = self.annotator, self._desk.session
        shared = MarksLook(look.color, look.highlight, look.size)

        def done(_: Changes) -> None:
            self._desk.messages.info("Everybody's new marks begin with this look.", "Undo", self._desk.undo.undo)
            if annotator is not None:
                annotator.follow_look(_look(shared))

        self._desk.change(lambda: marks_look.set_marks_look(session, shared), annotator, done)

    def _confirm(self, confirmed: bool) -> None:
        session, item_id = self._desk.session, self._item.id
        self._desk.change(lambda: collect.describe(session, item_id, no_identifiers=confirmed), self)

    def _look(self) -> None:
        self.finish()
        session, item_id = self._desk.session, self._item.id
        self._desk.change(lambda: collect.look_at(session, item_id), self)
        self.ended.emit(True)

    def _leave(self) -> None:
        self.finish()
        self.ended.emit(False)


def _look(of_practice: MarksLook | None) -> Look | None:
    if of_practice is None:
        return None
    return Look(of_practice.color, of_practice.highlight, size=MarkSize(of_practice.size))


def _moment(at: datetime) -> str:
    return f"{short_day(at.date())}, {at:%H:%M:%S}"


def _proposal(found: identifying.Proposal) -> Proposal:
    return Proposal(
        Rect(found.x, found.y, found.width, found.height),
        identifying.reason_for(found.kind),
        found.kind.in_words,
        found.why,
        found.column,
        found.column_title,
        found.score,
    )


def name_of(item: EvidenceItem) -> str:
    """Return what an item is called on the screen."""
    return item.caption or f"Exhibit {item.number:02d}{item.letter}"


def _store_marks(desk: Desk, item_id: str, marks: tuple[Mark, ...], failed: Callable[[Exception], None]) -> None:
    """Store marks; when that fails, they stay in the hands of a button that tries again."""
    session = desk.session

    def store(_: JobContext) -> Changes:
        changes = collect.set_marks(session, item_id, marks)
        # No undo: the visit as a whole is one step.
        return Changes(changes.kinds, changes.label, changes.ids)

    def again(now: Desk) -> None:
        # Later marks may have been stored meanwhile; these must not take their place.
        if now.unstored.get(item_id) is again:
            _store_marks(now, item_id, marks, failed)

    def tell(error: Exception) -> None:
        desk.could_not_store(item_id, again)
        failed(error)
        if not shiboken6.isValid(desk):
            return
        words = str(error) if isinstance(error, MipsDeskError) else UNEXPECTED
        desk.messages.error(
            f"The marks are not stored yet. {words}",
            action="Try again",
            run=lambda: again(desk),
        )

    # Nobody as the initiator: the marks are stored even when the annotator is gone by then.
    desk.jobs.write(store, on_success=lambda _: desk.stored(item_id), on_failure=tell, keep=True)
