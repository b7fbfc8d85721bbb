"""The first part of the Binder room: outline, real pages, checks and options, all of the binder as it is now."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from mips_desk.binder.checks import PAPERS_TARGET, Check, Topic
from mips_desk.binder.outline import Part
from mips_desk.binder.preview import Strip
from mips_desk.services import choose, previewing
from mips_desk.services.overview import SelectionView
from mips_desk.services.previewing import BinderPreview
from mips_desk.ui.actions import make_action
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.jobs import Job, JobContext
from mips_desk.ui.rooms import Room
from mips_desk.ui.widgets.buttons import action_button, primary_button
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.words import count

from . import binder_outline, binder_side
from .binder_export import Exporter
from .binder_keys import key_at
from .binder_options import BinderOptions
from .binder_outline import OutlinePane
from .binder_part import BinderPart, Outside
from .binder_preview import PageStage
from .binder_sheets import Wanted
from .binder_side import SidePane
from .panes import Panes, Place

#: Width that the pages need between the other panes, in logical pixels at 100 %.
_LEAST = 390


class BookPart(BinderPart):
    """The binder.

    Args:
        desk: the open practice.
        outside: the system's dialogs and programs.
        parent: where it will stand.
    """

    def __init__(self, desk: Desk, outside: Outside, parent: QWidget | None = None) -> None:
        super().__init__(desk, outside, parent)
        self.setObjectName("binder_book")
        self._preview: BinderPreview | None = None
        self._damaged: BinderPreview | None = None
        self._shown_year = 0
        self._pages_of: tuple[object, ...] = BinderOptions().pages
        self._making: Job | None = None
        self._export = make_action(
            self, "&Export binder…", lambda: self._write(package=False), keys="Ctrl+Shift+E", icon_name="file-text"
        )
        self._package = make_action(
            self, "&Audit package…", lambda: self._write(package=True), keys="Ctrl+Shift+P", icon_name="package"
        )
        package, export = action_button(self._package), action_button(self._export, "primary")
        package.setObjectName("export_package")
        export.setObjectName("export_binder")
        self.buttons = (package, export)
        self._made_stage: PageStage | None = None
        self._made_side: SidePane | None = None
        self._exporter: Exporter | None = None
        self._build()
        # A pane in a turn of its own: all of them in one would let the window not answer for a tenth of a second.
        self._furnishing = QTimer(self)
        self._furnishing.setInterval(0)
        self._furnishing.timeout.connect(self._furnish)

    @property
    def preview(self) -> BinderPreview | None:
        """The binder as it is shown, or None while it is being laid out for the first time."""
        return self._preview

    @property
    def ready(self) -> bool:
        """All panes are made, or there is nothing to show in them."""
        return not self._furnishing.isActive()

    def commands(self) -> Sequence[QAction]:
        """Export and package."""
        return (self._export, self._package)

    def arrange(self, width: int) -> None:
        """Put the panes beside each other, or below each other where there is no room."""
        self._panes.arrange(width)

    def refresh(self) -> None:
        """Lay out the pages anew."""
        view = self.view
        any_chosen = bool(view.selections)
        self._room.setCurrentIndex(1 if any_chosen else 0)
        if not any_chosen or view.year != self._shown_year:
            self._forget_preview()
        self._shown_year = view.year
        self._allow_export()
        if not any_chosen:
            self.told.emit(f"Binder {view.year}", "")
            return
        if self._made_stage is None or self._made_side is None:
            self.told.emit(f"Binder {view.year}", "Laying out the pages")
            self._furnishing.start()
            return
        self._side.wording.set_read_only(self.desk.fixed)
        self._side.show_year(view)
        self._name_part()
        if self._preview is None:
            self.told.emit(f"Binder {view.year}", "Laying out the pages")
        self._make_preview()

    def open_link(self, target: Target) -> None:
        """Show an activity and its pages, or those of an exhibit."""
        if (part := self.view.selection(target.selection_id)) is not None:
            self._take_part(part)
        if self._preview is not None:
            key = f"exhibit:{target.evidence_id}" if target.evidence_id else f"activity:{target.selection_id}"
            self._outline.unfold(key)
            self._show_key(key)
            self._bring_up(self._stage)

    def place(self) -> Target:
        """The activity at the right."""
        part = self._made_side.part if self._made_side is not None else None
        return Target(part.id if part is not None else "")

    def can_leave(self) -> bool:
        """What was typed is saved; a preview that nobody will see is given up."""
        if self._made_side is not None:
            self._made_side.wording.flush()
        return True

    # ------------------------------------------------------------------ building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._room = QStackedWidget(self)
        column.addWidget(self._room)
        self._outline = OutlinePane(self._room)
        self._middle, self._right = Place(self._room), Place(self._room)
        widths = (binder_outline.WIDTH, binder_side.WIDTH)
        self._panes = Panes(self._outline, self._middle, self._right, widths, least=_LEAST)
        first = primary_button("Choose activities", "list-checks", lambda: self.desk.open_room(Room.CHOOSE))
        first.setObjectName("choose_first")
        empty = EmptyState(
            "file-text",
            "There is nothing to print yet",
            "Here you see the binder as an auditor will get it, and export it as one PDF. Choose an activity first.",
            first,
        )
        self._room.addWidget(empty)
        self._room.addWidget(self._panes)
        self._outline.picked.connect(self._pick)
        self._outline.wording_wanted.connect(self._change_words)
        self._outline.clicked.connect(lambda: self._bring_up(self._stage))

    @property
    def _stage(self) -> PageStage:
        """The pages; made in a turn of its own, or when something is to be shown there."""
        if self._made_stage is None:
            self._made_stage = made = PageStage(self._middle)
            made.sheets.strip_wanted.connect(self._draw)
            made.turned.connect(self._follow_page)
            self._middle.put(made)
        return self._made_stage

    @property
    def _side(self) -> SidePane:
        """Checks and options; see `_stage`."""
        if self._made_side is None:
            self._made_side = made = SidePane(self.outside.reveal, self.outside.open, self._right)
            made.wording.keep_drafts(self.desk.drafts)
            made.checks.check_chosen.connect(self._go_to)
            made.options.changed.connect(self._options_changed)
            made.wording.story_changed.connect(self._set_story)
            made.wording.attested_changed.connect(self._set_attested)
            self._exporter = Exporter(self, made)
            self._exporter.busy_changed.connect(self._allow_export)
            self._exporter.told.connect(lambda: self._bring_up(made))
            self._right.put(made)
        return self._made_side

    def _furnish(self) -> None:
        """Make the next pane; when all are there, fill them."""
        if self._made_stage is None:
            _ = self._stage
        elif self._made_side is None:
            _ = self._side
        else:
            self._furnishing.stop()
            if not self.desk.jobs.closed:
                self.refresh()

    def _allow_export(self) -> None:
        known = self._preview is not None
        busy = self._exporter is not None and self._exporter.busy
        tips = (
            (self._export, "Write the binder to a PDF file"),
            (self._package, "Write a ZIP file with the binder, every exhibit and what a receiver needs to check them"),
        )
        for action, tip in tips:
            action.setEnabled(known and not busy)
            if busy:
                tip = "Another file is being written"
            elif self.view.selections and not known:
                # Only then is it known what is missing, and so what to ask before.
                tip = "Possible as soon as the pages are laid out"
            action.setToolTip(tip)

    # ------------------------------------------------------------------ preview

    def _options_changed(self, options: object) -> None:
        assert isinstance(options, BinderOptions)
        if options.pages != self._pages_of:
            self._pages_of = options.pages
            self._make_preview()

    def _forget_preview(self) -> None:
        """Show nothing of a binder, and claim nothing about it, until its pages are known."""
        self._preview = None
        self._outline.set_outline(None)
        if self._made_side is not None:
            self._made_side.checks.show_checks(None)
        if self._made_stage is not None:
            self._made_stage.set_pages(())

    def _make_preview(self) -> None:
        if self._making is not None:
            self._making.cancel()
        session, year, options = self.desk.session, self.view.year, self._side.options.options

        def make(context: JobContext) -> BinderPreview:
            return previewing.preview(
                session,
                year,
                activities=options.activities,
                paper=options.paper,
                sign_off=options.sign_off,
                journal_extract=options.journal_extract,
                edition=options.edition,
                full_reason=options.reason,
                check=context.check,
            )

        self._making = self.desk.jobs.work(
            make, initiator=self, on_success=self._show_preview, on_failure=self._preview_failed
        )

    def _preview_failed(self, error: Exception) -> None:
        self._making = None
        self._forget_preview()
        self._allow_export()
        self.told.emit(f"Binder {self.view.year}", "The pages could not be laid out.")
        self.desk.messages.failure(error, "Try again", self.refresh)

    def _show_preview(self, preview: BinderPreview) -> None:
        self._making = None
        key, before = self._key_at(self._stage.number)
        self._preview = preview
        checks = preview.tree.checks
        asked = f"{count(len(checks), 'thing')} an auditor would ask back" if checks else "Nothing left to ask back"
        words = f"{count(preview.pages, 'page')}, {count(preview.exhibits, 'exhibit')}. {asked}."
        self.told.emit(f"Binder {self.view.year}", words)
        self._outline.set_outline(preview.tree)
        self._side.checks.show_checks(checks)
        # What the person looks at stays, also when pages came or went before it.
        begins = preview.numbers.get(key, 0)
        self._stage.set_pages(preview.sizes, begins + before if begins else 0)
        self._allow_export()

    def _draw(self, wanted: object) -> None:
        assert isinstance(wanted, Wanted)
        preview = self._preview
        if preview is None or self.desk.jobs.closed:
            return

        def draw(_: JobContext) -> QImage:
            strip: Strip = preview.strip(wanted.number, wanted.scale, wanted.top, wanted.height)
            # The copy is the picture's own: the bytes of the strip go with the strip.
            return QImage(strip.data, strip.width, strip.height, strip.stride, QImage.Format.Format_RGB32).copy()

        def failed(error: Exception) -> None:
            self._stage.sheets.set_strip(wanted, None)
            if preview is self._preview and preview is not self._damaged:
                self._damaged = preview  # said once, not for every page
                self.desk.messages.failure(error)

        self.desk.jobs.work(
            draw,
            initiator=self,
            on_success=lambda picture: self._stage.sheets.set_strip(wanted, picture),
            on_failure=failed,
        )

    # ------------------------------------------------------------------ from part to page and back

    def _pick(self, part: object) -> None:
        assert isinstance(part, Part)
        if self._preview is not None and (number := self._preview.numbers.get(part.key)):
            self._stage.show_page(number)
        if (chosen := self._part_of(part.target)) is not None:
            self._take_part(chosen)

    def _show_key(self, key: str) -> None:
        if self._preview is not None and (number := self._preview.numbers.get(key)):
            self._stage.show_page(number)
            self._outline.pick(key)

    def _follow_page(self, number: int) -> None:
        """Choose the part that the page belongs to."""
        self._outline.pick(self._key_at(number)[0])

    def _key_at(self, number: int) -> tuple[str, int]:
        """Return the last part that begins on a page or before it, and how many pages before."""
        return key_at(self._preview, number) if self._preview is not None else ("", 0)

    # ------------------------------------------------------------------ answering what an auditor would ask

    def _change_words(self, *, attested: bool = False) -> None:
        self._side.show_wording(attested=attested)
        self._bring_up(self._side)

    def _bring_up(self, pane: QWidget) -> None:
        """Scroll the room to a pane, where panes stand below each other."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if isinstance(above, QScrollArea) and self._panes.stacked:
            inside = above.widget()
            top = pane.mapTo(inside, QPoint()).y() if inside is not None else 0
            above.verticalScrollBar().setValue(top)

    def _take_part(self, part: SelectionView | None) -> None:
        self._side.show_part(part)
        self._name_part()

    def _name_part(self) -> None:
        part = self._side.part
        self._outline.set_activity(part.activity.id if part is not None else "")

    def _part_of(self, target: str) -> SelectionView | None:
        """Return the selection of an activity id or of an evidence id, or None."""
        for part in self.view.selections:
            if target == part.activity.id or any(item.id == target for item in part.evidence):
                return part
        return None

    def _go_to(self, check: object) -> None:
        assert isinstance(check, Check)
        target = check.targets[0]
        if PAPERS_TARGET in check.targets and check.topic is not Topic.PICTURE:
            self._go_to_papers("" if target == PAPERS_TARGET else target)
            return
        part = self._part_of(target)
        selection_id = part.id if part is not None else ""
        evidence_id = target if part is not None and target != part.activity.id else ""
        match check.topic:
            case Topic.PRACTICE:
                self.desk.open_room(Room.SETTINGS, part="practice")
            case Topic.CHOICE:
                self.desk.open_room(Room.CHOOSE)
            case Topic.DATES:
                self.desk.open_room(Room.DATES, selection_id)
            case Topic.CHECKLIST | Topic.ITEM | Topic.PROOF:
                self.desk.open_room(Room.EVIDENCE, selection_id, evidence_id)
            case Topic.PICTURE:
                self.desk.open_room("annotator", selection_id, evidence_id)
            case Topic.ATTESTATION if "attested" in self.others:
                self.part_wanted.emit("attested", Target(selection_id))
            case Topic.STORY | Topic.ATTESTATION:
                self._take_part(part)
                self._outline.unfold(f"activity:{selection_id}:story")
                self._show_key(f"activity:{selection_id}:story")
                self._change_words(attested=check.topic is Topic.ATTESTATION)

    def _go_to_papers(self, evidence_id: str) -> None:
        if "papers" in self.others:
            self.part_wanted.emit("papers", Target(evidence_id=evidence_id))
        else:
            self._show_key(f"exhibit:{evidence_id}" if evidence_id else "status")

    def _set_story(self, selection_id: str, story: str) -> None:
        session = self.desk.session
        self.change(lambda: choose.set_story(session, selection_id, story))

    def _set_attested(self, selection_id: str, day: object) -> None:
        assert day is None or isinstance(day, date)
        session = self.desk.session
        self.change(lambda: choose.set_attested(session, selection_id, day))

    # ------------------------------------------------------------------ export

    def _write(self, *, package: bool) -> None:
        if self._preview is not None and self._exporter is not None:
            (self._exporter.package if package else self._exporter.binder)(self._preview)
