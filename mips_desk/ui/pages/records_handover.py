"""Settings, Records: hand-over files to and from another desktop of the practice, and what the two say differently."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from mips_desk.domain import phrases
from mips_desk.errors import MipsDeskError
from mips_desk.services import handover
from mips_desk.services.handover import Conflict, Desktop, HandoverPreview, TakenIn, Written
from mips_desk.ui import words
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.messages import Question
from mips_desk.ui.pages.handover_conflicts import ConflictsDialog
from mips_desk.ui.pages.records_years import is_manager, managers_hint
from mips_desk.ui.save_file import ask_where_to_save
from mips_desk.ui.theme import SPACE_S
from mips_desk.ui.widgets.buttons import primary_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.row_list import Row, RowList
from mips_desk.ui.widgets.text import secondary

T = TypeVar("T")
PickFile = Callable[[QWidget, str], Path | None]

_KIND = f"Hand-over file (*{handover.SUFFIX})"


def pick_target(parent: QWidget, name: str) -> Path | None:
    """Ask where a hand-over file shall be written; None when the person cancelled."""
    return ask_where_to_save(parent, "Write a hand-over file", name, "Hand-over file", handover.SUFFIX)


def pick_source(parent: QWidget, _name: str) -> Path | None:
    """Ask for a hand-over file; None when the person cancelled."""
    file, _ = QFileDialog.getOpenFileName(parent, "Read a hand-over file", "", f"{_KIND};;All files (*)")
    return Path(file) if file else None


class HandoverCard(Card):
    """Writing and reading hand-over files, the desktops that are known, and open differences.

    Args:
        desk: the open practice.
        target: asks where to write; tests hand in their own.
        source: asks what to read; tests hand in their own.
    """

    def __init__(
        self, desk: Desk, target: PickFile = pick_target, source: PickFile = pick_source, parent: QWidget | None = None
    ) -> None:
        super().__init__("Another desktop of the practice", parent=parent)
        self.setObjectName("handover_card")
        self._desk, self._target, self._source = desk, target, source
        self._conflicts: tuple[Conflict, ...] = ()
        self.body.addWidget(
            secondary(
                "Two people can work on two computers. Start the second one from a backup (Welcome, Restore a backup)."
                " Then each writes a file for the other from time to time, on a stick or a shared folder, and reads the"
                " other's. The files are encrypted; in which order they are read makes no difference."
            )
        )
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._write = secondary_button("Write a file…", "upload", self._ask_target)
        self._write.setObjectName("write_handover")
        self._read = secondary_button("Read a file…", "download", self._ask_source)
        self._read.setObjectName("read_handover")
        row.addWidget(self._write)
        row.addWidget(self._read)
        row.addStretch(1)
        self.body.addLayout(row)
        if not is_manager(desk):
            self._write.setEnabled(False)
            self._read.setEnabled(False)
            self.body.addWidget(managers_hint(desk, "write and read hand-over files"))
        self._result = Note("")
        self._result.setObjectName("handover_result")
        self.body.addWidget(self._result)
        self._differs = Note("", Tone.WARN)
        self._differs.setObjectName("handover_differs")
        self.body.addWidget(self._differs)
        self._settle = primary_button("Settle them…", on_click=self._open_conflicts)
        self._settle.setObjectName("settle_conflicts")
        line = QHBoxLayout()
        line.addWidget(self._settle)
        line.addStretch(1)
        self.body.addLayout(line)
        self._settle.hide()
        self._rows = RowList()
        self._rows.setObjectName("desktop_rows")
        self.body.addWidget(self._rows)

    def refresh(self) -> None:
        """Read desktops and differences anew."""
        session = self._desk.session

        def read(_: JobContext) -> tuple[tuple[Desktop, ...], tuple[Conflict, ...]]:
            return handover.desktops(session), handover.conflicts(session)

        self._desk.jobs.work(read, initiator=self, on_success=self._show)

    def _show(self, known: tuple[tuple[Desktop, ...], tuple[Conflict, ...]]) -> None:
        desktops, self._conflicts = known
        self._rows.set_rows([_row(each) for each in desktops] if len(desktops) > 1 else [])
        count = len(self._conflicts)
        what = "thing was" if count == 1 else "things were"
        told = f"{count} {what} entered differently on two desktops. One counts until you choose; both stay recorded."
        self._differs.set(told if count else "")
        self._settle.setVisible(bool(count) and not self._desk.read_only)

    # ------------------------------------------------------------------ writing

    def _ask_target(self) -> None:
        session = self._desk.session

        def named(name: str) -> None:
            if (path := self._target(self, name)) is not None:
                self._write_to(path)

        self._desk.jobs.work(lambda _: handover.default_name(session), initiator=self, on_success=named)

    def _write_to(self, path: Path) -> None:
        session = self._desk.session

        def write(context: JobContext) -> Written:
            return handover.write_file(session, path, progress=context.progress, check=context.check)

        def written(made: Written) -> None:
            changes, pictures = words.count(made.changes, "change"), words.count(made.pictures, "picture")
            self._result.set(
                f"“{path.name}” is written: {changes}, {pictures}. Bring it to the other desktop.", Tone.OK
            )
            self.refresh()

        self._run(write, "Writing the hand-over file", written)

    # ------------------------------------------------------------------ reading

    def _ask_source(self) -> None:
        if (path := self._source(self, "")) is None:
            return
        session = self._desk.session

        def look(context: JobContext) -> HandoverPreview:
            return handover.look_into(session, path, progress=context.progress, check=context.check)

        self._run(look, "Checking the hand-over file", partial(self._ask_whether, path))

    def _ask_whether(self, path: Path, preview: HandoverPreview) -> None:
        when = f"{phrases.long_day(preview.written_at.date())}, {preview.written_at:%H:%M}"
        who = preview.from_name or "the first desktop"
        if preview.nothing_new:
            self._result.set(f"This file from {who} ({when}) holds nothing that is not here already.", Tone.OK)
            return
        parts = [words.count(preview.changes, "change"), words.count(preview.pictures, "picture")]
        if preview.conflicts:
            parts.append(words.count(preview.conflicts, "difference") + " to settle")
        text = f"It was written on {when} and brings {phrases.listed(parts)}. {' '.join(preview.notes)}".strip()
        if self._desk.ask(Question(f"Take in the work from {who}?", text, "Take it in")):
            self._read_from(path)

    def _read_from(self, path: Path) -> None:
        session, taken = self._desk.session, []

        def read(context: JobContext) -> object:
            taken.append(handover.read_file(session, path, progress=context.progress, check=context.check))
            return taken[0].result

        def done(_result: object) -> None:
            self._tell(taken[0])

        self._result.set("")
        self._desk.jobs.write(
            read, title="Taking in the hand-over file", initiator=self, on_success=done, on_failure=self._failed
        )

    def _tell(self, taken: TakenIn) -> None:
        parts = [words.count(taken.changes, "change"), words.count(taken.pictures, "picture")]
        notes = " ".join(taken.notes)
        self._result.set(f"Taken in: {phrases.listed(parts)}. {notes}".strip(), Tone.WARN if notes else Tone.OK)
        self.refresh()

    # ------------------------------------------------------------------ differences

    def _open_conflicts(self) -> None:
        dialog = ConflictsDialog(self._conflicts, self)
        dialog.settle_requested.connect(self._choose)
        dialog.finished.connect(lambda _result: self.refresh())
        dialog.open()

    def _choose(self, conflict_id: str, side: int) -> None:
        self._desk.change(partial(handover.settle, self._desk.session, conflict_id, side), self)

    def _run(self, work: Callable[[JobContext], T], title: str, done: Callable[[T], object]) -> None:
        self._result.set("")
        self._desk.jobs.work(work, title=title, initiator=self, on_success=done, on_failure=self._failed)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, MipsDeskError):
            self._result.set(str(error), Tone.BAD)
        else:
            self._desk.messages.failure(error)


def _row(desktop: Desktop) -> Row:
    name = desktop.name or "First desktop"
    letter = f"its exhibits carry the letter {desktop.letter}" if desktop.letter else ""
    read = f"last read {phrases.short_day(desktop.read_at.date())}" if desktop.read_at else "nothing read yet"
    text = " · ".join(part for part in (letter, "" if desktop.here else read) if part)
    return Row(desktop.id or "first", name, text, chip="this computer" if desktop.here else "", tone=Tone.ACCENT)
