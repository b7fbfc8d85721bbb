"""The Binder room: the outline, the real pages, what an auditor would ask back, and the export."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QImage
from PySide6.QtWidgets import QFileDialog, QStackedWidget

from mips_desk.binder.outline import Check, Part, Topic
from mips_desk.binder.write import BinderFile
from mips_desk.domain.evidence import Export
from mips_desk.services import binding, choose, previewing
from mips_desk.services.changes import Changed, Changes
from mips_desk.services.overview import SelectionView
from mips_desk.services.previewing import BinderPreview
from mips_desk.services.session import vault_folder
from mips_desk.ui.actions import make_action
from mips_desk.ui.binder_drop import check_binder, choose_binder_in_dialog
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.jobs import Job, JobContext
from mips_desk.ui.messages import Question
from mips_desk.ui.rooms import Room
from mips_desk.ui.widgets.buttons import action_button, primary_button
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.words import count

from . import binder_outline, binder_side
from .binder_outline import OutlinePane
from .binder_preview import PageStage
from .binder_side import SidePane
from .panes import Panes
from .room_page import RoomPage

#: Asks where to write; gets a proposed file name, returns None when the person cancelled.
ChooseOut = Callable[[str], Path | None]
#: Shows a file in the system's own program.
OpenFile = Callable[[Path], object]


def open_with_system(path: Path) -> object:
    """Open a file in the program that the system has for it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class BinderPage(RoomPage):
    """The room.

    Args:
        desk: the open practice.
        choose_out: asks where to write the binder; tests hand in their own.
        choose_file: asks for a file to check; tests hand in their own.
        open_file: opens the written binder; tests hand in their own.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        choose_out: ChooseOut | None = None,
        choose_file: Callable[[], Path | None] | None = None,
        open_file: OpenFile = open_with_system,
    ) -> None:
        super().__init__(desk, "Binder")
        self.setObjectName("binder_page")
        self._choose_out = choose_out or self._choose_out_in_dialog
        self._choose_file = choose_file or (lambda: choose_binder_in_dialog(self))
        self._open_file = open_file
        self._preview: BinderPreview | None = None
        self._shown_year = 0
        self._exporting = False
        self._making: Job | None = None
        self._export = make_action(self, "&Export binder…", self.export, keys="Ctrl+Shift+E", icon_name="file-text")
        # Without keys of its own: the File menu has the same command in every room.
        self._check = make_action(self, "&Check a binder…", self.check_file, icon_name="shield-check")
        self._build()
        desk.events.changed.connect(self._exported)

    def arrange(self, width: int) -> None:
        """Put the panes beside each other, or below each other where there is no room."""
        self._panes.arrange(width)

    def changeEvent(self, event: QEvent) -> None:
        """Larger text needs wider panes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_panes"):
            self.arrange(self.width())

    def refresh(self) -> None:
        """Make the preview anew."""
        view = self.view
        any_chosen = bool(view.selections)
        self._room.setCurrentIndex(1 if any_chosen else 0)
        if not any_chosen or view.year != self._shown_year:
            self._forget_preview()
        self._shown_year = view.year
        self._allow_export()
        if not any_chosen:
            self.header.set(f"Binder {view.year}", "")
            return
        self._side.set_read_only(self.desk.fixed)
        self._side.show_year(view, ())
        self._read_exports()
        if self._preview is None:
            self.header.set(f"Binder {view.year}", "Laying out the pages")
        self._make_preview()

    def _forget_preview(self) -> None:
        """Show nothing of a binder, and claim nothing about it, until its pages are known."""
        self._preview = None
        self._outline.set_outline(None)
        self._side.show_checks(None)
        self._stage.set_count(0)

    def _allow_export(self) -> None:
        known = self._preview is not None
        self._export.setEnabled(known and not self._exporting)
        if self.view.selections and not known:
            # Only then is it known what is missing, and so what to ask before.
            tip = "Possible as soon as the pages are laid out"
        else:
            tip = "Write the binder to a file"
        self._export.setToolTip(tip)

    def open_link(self, target: Target) -> None:
        """Show an activity and its pages, or those of an exhibit."""
        if (part := self.view.selection(target.selection_id)) is not None:
            self._side.show_part(part)
        if self._preview is not None:
            key = f"exhibit:{target.evidence_id}" if target.evidence_id else f"activity:{target.selection_id}"
            self._show_key(key)

    def place(self) -> Target:
        """The activity at the right."""
        return Target(self._side.part.id if self._side.part is not None else "")

    def can_leave(self) -> bool:
        """What was typed is saved; a preview that nobody will see is given up."""
        self._side.flush()
        if self._making is not None:
            self._making.cancel()
            self._stale = True
        return True

    # Building

    def _build(self) -> None:
        check, export = action_button(self._check), action_button(self._export, "primary")
        check.setObjectName("check_binder")
        export.setObjectName("export_binder")
        self.header.add_buttons(check, export)
        self._outline = OutlinePane()
        self._stage = PageStage()
        self._side = SidePane()
        self._side.keep_drafts(self.desk.drafts)
        widths = (binder_outline.WIDTH, binder_side.WIDTH)
        self._panes = Panes(self._outline, self._stage, self._side, widths, least=260)
        first = primary_button("Choose activities", "list-checks", lambda: self.desk.open_room(Room.CHOOSE))
        first.setObjectName("choose_first")
        empty = EmptyState(
            "file-text",
            "There is nothing to print yet",
            "Here you see the binder as an auditor will get it, and export it as one PDF. Choose an activity first.",
            first,
        )
        self._room = QStackedWidget()
        self._room.addWidget(empty)
        self._room.addWidget(self._panes)
        self.body.addWidget(self._room, 1)
        self._outline.picked.connect(self._pick)
        self._stage.page_requested.connect(self._draw_page)
        self._stage.turned.connect(self._follow_page)
        self._side.check_chosen.connect(self._go_to)
        self._side.options_changed.connect(lambda _options: self._make_preview())
        self._side.story_changed.connect(self._set_story)
        self._side.attested_changed.connect(self._set_attested)

    def commands(self) -> Sequence[QAction]:
        """Export and check."""
        return (self._export, self._check)

    # Preview

    def _make_preview(self) -> None:
        if self._making is not None:
            self._making.cancel()
        session, year, options = self.desk.session, self.view.year, self._side.options

        def make(context: JobContext) -> BinderPreview:
            return previewing.preview(
                session,
                year,
                activities=options.activities,
                paper=options.paper,
                sign_off=options.sign_off,
                journal_extract=options.journal_extract,
                progress=context.progress,
                check=context.check,
            )

        self._making = self.desk.jobs.work(
            make, initiator=self, on_success=self._show_preview, on_failure=self._preview_failed
        )

    def _preview_failed(self, error: Exception) -> None:
        self._making = None
        self._forget_preview()
        self._allow_export()
        self.header.set(f"Binder {self.view.year}", "The pages could not be laid out.")
        self.desk.messages.failure(error, "Try again", self.mark_stale)

    def _show_preview(self, preview: BinderPreview) -> None:
        self._making = None
        self._preview = preview
        checks = preview.tree.checks
        asked = f"{count(len(checks), 'thing')} an auditor would ask back" if checks else "Nothing left to ask back"
        words = f"{count(preview.pages, 'page')}, {count(preview.exhibits, 'exhibit')}. {asked}."
        self.header.set(f"Binder {self.view.year}", words)
        self._outline.set_outline(preview.tree)
        self._side.show_checks(checks)
        self._stage.set_count(preview.pages)
        self._allow_export()

    def _draw_page(self, number: int, width: int) -> None:
        preview = self._preview
        if preview is None:
            return

        def show(data: bytes) -> None:
            if preview is self._preview:
                self._stage.set_page(number, QImage.fromData(data))

        self.desk.jobs.work(lambda _: preview.page(number, width), initiator=self, on_success=show)

    def _pick(self, part: object) -> None:
        assert isinstance(part, Part)
        self._show_key(part.key)
        chosen = self._part_of(part.target)
        if chosen is not None:
            self._side.show_part(chosen)

    def _show_key(self, key: str) -> None:
        if self._preview is not None and (number := self._preview.numbers.get(key)):
            self._stage.show_page(number)
            self._outline.pick(key)

    def _follow_page(self, number: int) -> None:
        """Choose the part that the page belongs to: the last one that begins on it or before it."""
        if self._preview is None:
            return
        key = ""
        for candidate, begins in self._keys_in_order(self._preview):
            if begins > number:
                break
            if begins != self._preview.numbers.get(key):
                key = candidate
        self._outline.pick(key)

    def _keys_in_order(self, preview: BinderPreview) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        waiting = list(preview.tree.parts)
        while waiting:
            part = waiting.pop(0)
            if part.key in preview.numbers:
                found.append((part.key, preview.numbers[part.key]))
            waiting[:0] = part.children
        return found

    # Answering what an auditor would ask

    def _part_of(self, target: str) -> SelectionView | None:
        """Return the selection of an activity id or of an evidence id, or None."""
        for part in self.view.selections:
            if target == part.activity.id or any(item.id == target for item in part.evidence):
                return part
        return None

    def _go_to(self, check: object) -> None:
        assert isinstance(check, Check)
        target = check.targets[0]
        part = self._part_of(target)
        selection_id = part.id if part is not None else ""
        evidence_id = target if part is not None and target != part.activity.id else ""
        match check.topic:
            case Topic.PRACTICE:
                self.desk.open_room(Room.SETTINGS)
            case Topic.CHOICE:
                self.desk.open_room(Room.CHOOSE)
            case Topic.DATES:
                self.desk.open_room(Room.DATES, selection_id)
            case Topic.CHECKLIST | Topic.ITEM | Topic.PROOF:
                self.desk.open_room(Room.EVIDENCE, selection_id, evidence_id)
            case Topic.PICTURE:
                self.desk.open_room("annotator", selection_id, evidence_id)
            case Topic.STORY | Topic.ATTESTATION:
                self._side.show_part(part)
                self._show_key(f"activity:{selection_id}:story")
                if check.topic is Topic.STORY:
                    self._side.type_story()
                else:
                    self._side.type_attested()

    def _set_story(self, selection_id: str, story: str) -> None:
        session = self.desk.session
        self.change(lambda: choose.set_story(session, selection_id, story))

    def _set_attested(self, selection_id: str, day: object) -> None:
        assert day is None or isinstance(day, date)
        session = self.desk.session
        self.change(lambda: choose.set_attested(session, selection_id, day))

    # Export

    def export(self) -> None:
        """Ask where, write the binder, and say where it is."""
        self._side.flush()
        view, preview = self.view, self._preview
        gaps = len(preview.tree.gaps) if preview is not None else 0
        if gaps and not self.desk.ask(
            Question(
                f"Export with {count(gaps, 'gap')}?",
                "The cover will say PARTIAL and list what is missing. Pictures that nobody redacted or looked at since"
                " their last change are left out. You can export again at any time.",
                "Export as partial",
            )
        ):
            return
        name = vault_folder(Path(), view.practice.name).stem
        out = self._choose_out(f"MIPS binder {view.year} {name}.pdf")
        if out is None:
            return
        if out.suffix.lower() != ".pdf":
            out = out.with_name(f"{out.name}.pdf")
        session, year, options, target = self.desk.session, view.year, self._side.options, out
        made: list[BinderFile] = []

        def write(context: JobContext) -> Changes:
            content = binding.content(
                session,
                year,
                activities=options.activities,
                paper=options.paper,
                sign_off=options.sign_off,
                journal_extract=options.journal_extract,
                only_looked_at=True,
            )
            file, changes = binding.write(session, content, target, progress=context.progress, check=context.check)
            made.append(file)
            return changes

        def done(_: Changes) -> None:
            told = f"The binder is in “{target.name}”, {count(made[0].pages, 'page')}."
            if self.desk.read_only:
                told += " It is listed here as soon as this computer opens the practice for changes."
            self.desk.messages.info(told, "Open", lambda: self._open_file(target))

        def finished() -> None:
            self._exporting = False
            self._allow_export()

        self._exporting = True
        self._allow_export()
        self.desk.jobs.write(
            write,
            title=f"Writing the binder {year}",
            initiator=self,
            on_success=done,
            on_cancelled=lambda: self.desk.messages.info("The export was cancelled. No file was written."),
            on_finished=finished,
        )

    def _exported(self, changes: Changes, _initiator: object) -> None:
        if Changed.EXPORTS in changes.kinds and self.isVisible():
            self._read_exports()

    def _read_exports(self) -> None:
        session, year = self.desk.session, self.view.year

        def show(exports: tuple[Export, ...]) -> None:
            self._side.show_year(self.view, exports)

        self.desk.jobs.work(lambda _: previewing.exports(session, year), initiator=self, on_success=show)

    def _choose_out_in_dialog(self, name: str) -> Path | None:
        file, _ = QFileDialog.getSaveFileName(self, "Export binder", name, "PDF (*.pdf)")
        return Path(file) if file else None

    # Checking a file

    def check_file(self) -> None:
        """Ask for a PDF and say whether it is one of this practice's binders, unchanged."""
        if (path := self._choose_file()) is not None:
            check_binder(self.desk, path)
