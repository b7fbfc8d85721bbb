"""What is being typed is kept in the vault while it is typed, and stands in its field again after a lock or a crash.

A page names its fields once,

    desk.drafts.watch(DraftKind.EVIDENCE, lambda: item_id, {"caption": self._caption}, self)

and calls `bring_back` of what it gets when it has filled them. Nothing else is needed: a draft goes when its text
stands in its record, or when the field is filled with something else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QDateEdit, QDialog, QLineEdit, QPlainTextEdit

from .rooms import Room
from .widgets.choice_box import OptionalDay
from .widgets.date_field import read_date

if TYPE_CHECKING:  # these bring the vault's libraries, which are loaded after the window is on the screen
    from mips_desk.services.drafts import Draft, DraftKind

    from .desk import Desk, Target
    from .jobs import JobContext

#: Longest time that something typed is only on the screen, in milliseconds; writing it takes some hundredths more.
KEEP_MS = 1000
_DAY = "MM/dd/yyyy"

_ROOMS = {
    "evidence": "evidence",
    "selection": "binder",
    "uses": "dates",
    "period": "dates",
    "practice": "settings",
    "clinician": "settings",
    "clinicians": "settings",
}

Field = QLineEdit | QPlainTextEdit | QDateEdit | OptionalDay


class Drafts(QObject):
    """The drafts of the person who works in an open practice.

    Args:
        desk: the open practice.

    Signals:
        reading(): fields that were typed in say so now.
    """

    reading = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._found: dict[str, Draft] = {}
        self._kept: dict[str, Draft] = {}
        self._waiting: dict[str, Draft] = {}
        self._under_way: dict[str, Draft] = {}
        self._busy = False
        self._look = False
        self._told = False
        self._stopped = desk.read_only
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_MS)
        self._timer.timeout.connect(self._write)
        desk.events.changed.connect(self._settle)

    def found(self, drafts: tuple[Draft, ...], remembered: tuple[Draft, ...] = ()) -> None:
        """Take in what was found when the practice was opened.

        Args:
            drafts: as kept in the vault.
            remembered: what could not be kept there so far; newer than those.
        """
        self._kept = {draft.subject: draft for draft in drafts}
        for draft in remembered:
            self.keep(draft)
        self._found = self._kept | self._waiting

    def watch(self, kind: DraftKind, record: Callable[[], str], fields: Mapping[str, Field], parent: QObject) -> Typing:
        """Keep what is typed into some fields from now on.

        Args:
            kind: where it is typed.
            record: returns the identifier of the record that the fields show now.
            fields: the fields by the names in `Draft.fields`.
            parent: the page or dialog that they stand on.
        """
        return Typing(self, kind, record, fields, parent)

    def take(self, subject: str) -> Draft | None:
        """Return what shall stand in its fields again, once."""
        return self._found.pop(subject, None)

    def newest(self, subject: str) -> Draft | None:
        """Return what is kept of a subject, or about to be."""
        for place in (self._waiting, self._under_way, self._kept):
            if subject in place:
                return place[subject]
        return None

    def keep(self, draft: Draft) -> None:
        """Keep a draft soon; one without fields is dropped."""
        newest = self.newest(draft.subject)
        if self._stopped or (newest.fields if newest is not None else {}) == draft.fields:
            return
        self._waiting[draft.subject] = draft
        # Never begun anew by the next key, so that nobody types for minutes and nothing is kept.
        if not self._timer.isActive():
            self._timer.start()

    def discard(self, kind: DraftKind, record: str = "") -> None:
        """Drop what was typed: it was stored, or given up by the person."""
        from mips_desk.services.drafts import Draft

        self._found.pop(Draft(kind, record).subject, None)
        self.keep(Draft(kind, record))

    def read(self) -> None:
        """Take in what stands in the fields now."""
        self.reading.emit()

    def stop(self, failed: Callable[[tuple[Draft, ...], Exception], object]) -> None:
        """Keep what was read and is not kept yet, in the line of writes, and nothing more: the practice is being left.

        Args:
            failed: gets what could not be kept, and why.
        """
        if self._stopped:
            return
        self._stopped = True
        self._timer.stop()
        # What is under way may not have begun, and the vault is closed soon; keeping it twice does no harm.
        last = tuple((self._under_way | self._waiting).values())
        session = self._desk.session

        def keep(_: JobContext) -> None:
            from mips_desk.services.drafts import keep

            keep(session, last)

        if last:
            self._desk.jobs.write(keep, keep=True, on_failure=lambda error: failed(last, error))

    def say(self) -> None:
        """Tell the person that text is back."""
        self._desk.messages.info("Text you had not finished is back.")

    @property
    def year(self) -> int:
        """The year that is shown."""
        return self._desk.year

    # ------------------------------------------------------------------ inside

    def _settle(self) -> None:
        if self._kept and not self._stopped:
            self._look = True
            if not self._timer.isActive():
                self._timer.start()

    def _write(self) -> None:
        if self._busy or self._stopped or self._desk.jobs.closed:
            return
        self._under_way, self._waiting = self._waiting, {}
        batch = tuple(self._under_way.values())
        looked = self._look
        # What is still to be brought back is no work of this session; `unfinished` looks at it.
        others = [d for s, d in self._kept.items() if s not in self._under_way and s not in self._found]
        self._look = False
        if not batch and not (looked and others):
            return
        session = self._desk.session

        def work(_: JobContext) -> tuple[str, ...]:
            from mips_desk.services.drafts import keep, settle

            if batch:
                keep(session, batch)
            return settle(session, others) if looked else ()

        def done(over: tuple[str, ...]) -> None:
            self._kept |= self._under_way
            self._kept = {s: d for s, d in self._kept.items() if d.fields and s not in over}
            self._told = False

        def failed(error: Exception) -> None:
            self._waiting = self._under_way | self._waiting
            if not self._told:
                self._told = True
                self._desk.messages.failure(error)

        def finished() -> None:
            self._busy = False
            self._under_way = {}
            if self._waiting and not self._stopped:
                self._timer.start()

        self._busy = True
        self._desk.jobs.work(work, initiator=self, on_success=done, on_failure=failed, on_finished=finished, keep=True)


class Typing(QObject):
    """Some fields of one record; made by `Drafts.watch`."""

    def __init__(
        self,
        drafts: Drafts,
        kind: DraftKind,
        record: Callable[[], str],
        fields: Mapping[str, Field],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._kind = kind
        self._record = record
        self._fields = dict(fields)
        self._first = {name: _text(each) for name, each in fields.items()}
        self._asked = False
        drafts.reading.connect(self._read)
        for each in fields.values():
            _changed(each).connect(self._changed)

    def bring_back(self) -> None:
        """Put what was typed before a lock or a crash into the fields again, with the keyboard behind it."""
        if any(each.isReadOnly() for each in self._fields.values() if isinstance(each, QLineEdit | QPlainTextEdit)):
            return
        draft = self._drafts.take(f"{self._kind}:{self._record()}")
        if draft is None:
            return
        back = [name for name in draft.fields if name in self._fields]
        for name in back:
            _put(self._fields[name], draft.fields[name])
        if back:
            self._fields[back[0]].setFocus(Qt.FocusReason.OtherFocusReason)
            self._drafts.say()

    def _changed(self) -> None:
        # A text that the page fills in is told as changed before it is told as unmodified.
        if not self._asked:
            self._asked = True
            QTimer.singleShot(0, self, self._read)

    def _read(self) -> None:
        from mips_desk.services.drafts import Draft

        self._asked = False
        record = self._record()
        newest = self._drafts.newest(f"{self._kind}:{record}")
        kept = newest.fields if newest is not None else {}
        typed: dict[str, str] = {}
        for name, each in self._fields.items():
            text = _text(each)
            # One that was typed and asked to be stored stays kept until it is.
            asked = name in kept and kept[name].strip() == text.strip()
            if self._modified(name) or asked:
                typed[name] = text
        self._drafts.keep(Draft(self._kind, record, typed, self._drafts.year))

    def _modified(self, name: str) -> bool:
        each = self._fields[name]
        if isinstance(each, QLineEdit):
            return each.isModified()
        if isinstance(each, QPlainTextEdit):
            return each.document().isModified()
        return _text(each) != self._first[name]


def room_of(draft: Draft) -> Room:
    """Return the room in which a draft was typed."""
    return Room(_ROOMS[draft.kind.value])


def target_of(draft: Draft) -> Target:
    """Return what to select there."""
    from mips_desk.services.drafts import DraftKind

    from .desk import Target

    if draft.kind is DraftKind.EVIDENCE:
        return Target(draft.selection_id, draft.record)
    return Target(draft.selection_id, part="practice" if room_of(draft) is Room.SETTINGS else "")


def keep_dialog(drafts: Drafts, kind: DraftKind, record: str, fields: Mapping[str, Field], dialog: QDialog) -> None:
    """Keep what is typed into a dialog, and put into it what was typed before a lock or a crash.

    Who cancels the dialog gives it up. After its button was pressed it goes as soon as it is stored.

    Args:
        drafts: of the open practice.
        kind: what the dialog is for.
        record: what it changes; empty for something new.
        fields: what is typed into.
        dialog: the dialog, not shown yet.
    """
    typing = drafts.watch(kind, lambda: record, fields, dialog)
    dialog.finished.connect(lambda result: None if result and record else drafts.discard(kind, record))
    typing.bring_back()


def _changed(each: Field) -> SignalInstance:
    if isinstance(each, OptionalDay):
        return each.changed
    return each.dateChanged if isinstance(each, QDateEdit) else each.textChanged


def _text(each: Field) -> str:
    if isinstance(each, QDateEdit):
        return each.date().toString(_DAY)
    if isinstance(each, OptionalDay):
        return f"{each.day:%m/%d/%Y}" if each.day is not None else ""
    return each.toPlainText() if isinstance(each, QPlainTextEdit) else each.text()


def _put(each: Field, text: str) -> None:
    if isinstance(each, QDateEdit):
        each.setDate(QDate.fromString(text, _DAY))
        return
    if isinstance(each, OptionalDay):
        each.set_day(read_date(text, date.today().year))
    elif isinstance(each, QPlainTextEdit):
        each.setPlainText(text)
        each.document().setModified(True)
        each.moveCursor(QTextCursor.MoveOperation.End)
    else:
        each.setText(text)
        each.setModified(True)
