"""The part of the Binder room that remembers what was written, when and by whom; and the check of a file."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from mips_desk.domain.evidence import Export
from mips_desk.errors import MipsDeskError
from mips_desk.services import previewing
from mips_desk.services.changes import Changed, Changes
from mips_desk.services.verifying import Verdict
from mips_desk.ui import words
from mips_desk.ui.actions import make_action
from mips_desk.ui.binder_drop import KINDS, check_file, dropped_binder
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_L, SPACE_S, TextRole, px
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.empty_state import EmptyState, Skeleton
from mips_desk.ui.widgets.text import card_title, label, mono
from mips_desk.ui.widgets.two_line_list import Line, TwoLineList

from .binder_opening import OpenPackageDialog
from .binder_part import BinderPart, Outside
from .binder_signing import spaced
from .binder_verdict import VerdictCard

#: Width of the details in logical pixels at 100 %, and of the part below which they stand under the list.
_DETAILS, _SPREAD_FROM = 330, 760
_KINDS = {
    "binder": "Binder",
    "answer": "Answer to a request",
    "package": "Audit package",
    "submission": "Submission file",
}


class ExportsPart(BinderPart):
    """The list, the details of one export, and the check.

    Args:
        desk: the open practice.
        outside: the system's dialogs and programs.
        parent: where it will stand.
    """

    def __init__(self, desk: Desk, outside: Outside, parent: QWidget | None = None) -> None:
        super().__init__(desk, outside, parent)
        self.setObjectName("binder_exports")
        self.setAcceptDrops(True)
        self._exports: dict[str, Export] = {}
        self._check = make_action(self, "&Check a file…", self.check_chosen, icon_name="shield-check")
        self._verdict = VerdictCard(self.check_chosen)
        self._list = TwoLineList("Files that were exported", "export_list")
        self._list.setProperty("ring", True)
        self._list.selectionModel().currentChanged.connect(lambda _now, _before: self._show_details())
        listed = Card("What was exported")
        self._rows = QStackedWidget()
        self._rows.addWidget(self._list)
        self._rows.addWidget(
            EmptyState(
                "archive",
                "Nothing was exported yet",
                "Every binder and package is listed here with day, person and hash, so that years later you can tell"
                " which file you sent.",
            )
        )
        self._loading = Skeleton(4)
        self._rows.addWidget(self._loading)
        self._rows.setCurrentWidget(self._loading)
        listed.body.addWidget(self._rows, 1)
        self._details = Card(margin=2)
        self._facts = QVBoxLayout()
        self._facts.setContentsMargins(px(16), px(14), px(16), px(14))
        self._facts.setSpacing(SPACE_S)
        area = scroll_area(self._facts)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._details.body.addWidget(area)
        self._details.hide()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(SPACE_L)
        self._row.addWidget(listed, 1)
        self._row.addWidget(self._details)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_L)
        column.addWidget(self._verdict)
        column.addLayout(self._row, 1)
        desk.events.changed.connect(self._exported)

    def commands(self) -> Sequence[QAction]:
        """Check."""
        return (self._check,)

    def refresh(self) -> None:
        """Read the record anew."""
        self.told.emit("Exports", "Every file that left this practice, so that years later you can tell which one.")
        session = self.desk.session
        self.desk.jobs.work(lambda _: previewing.exports(session), initiator=self, on_success=self._show)

    def open_link(self, target: Target) -> None:
        """Check the file that a link names."""
        if target.file is not None:
            self.check(target.file)

    def arrange(self, width: int) -> None:
        """Put the details beside the list, or below it where there is no room."""
        narrow = width < px(_SPREAD_FROM)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._details.setMinimumWidth(0 if narrow else px(_DETAILS))
        self._details.setMaximumWidth(16_777_215 if narrow else px(_DETAILS))
        self._details.setMinimumHeight(px(300) if narrow else 0)
        self._list.setMinimumHeight(px(200))

    # ------------------------------------------------------------------ record

    def _exported(self, changes: Changes, _initiator: object) -> None:
        if Changed.EXPORTS in changes.kinds and self.isVisible():
            self.refresh()

    def _show(self, exports: tuple[Export, ...]) -> None:
        newest = tuple(reversed(exports))
        chosen = self._list.current_key
        self._exports = {export.id: export for export in newest}
        self._list.lines.set_lines([_line(export) for export in newest])
        self._rows.setCurrentIndex(0 if newest else 1)
        if newest:
            place = next((row for row, export in enumerate(newest) if export.id == chosen), 0)
            self._list.setCurrentIndex(self._list.lines.index(place, 0))
        self._show_details()

    def _show_details(self) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.setObjectName("")
                old.deleteLater()
        export = self._exports.get(self._list.current_key)
        self._details.setVisible(export is not None)
        if export is None:
            return
        self._facts.addWidget(card_title(export.file_name))
        for name, value in _facts(export):
            self._facts.addWidget(_fact(name, label(value, TextRole.TEXT, wrap=True)))
        for name, value in (("SHA-256", export.sha256), ("Signed with the certificate", export.signed_by)):
            if value:
                shown = mono(spaced(value).lower())
                shown.setWordWrap(True)
                shown.setAccessibleName(f"{name} {value}")
                self._facts.addWidget(_fact(name, shown))
        copy = secondary_button("Copy the hash", "copy", lambda: QGuiApplication.clipboard().setText(export.sha256))
        copy.setObjectName("copy_hash")
        self._facts.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        self._facts.addStretch(1)

    # ------------------------------------------------------------------ check

    def check_chosen(self) -> None:
        """Ask for a file and check it."""
        path = self.outside.choose(self, "Check a binder or package", KINDS)
        if path is not None:
            self.check(path)

    def check(self, path: Path) -> None:
        """Check a file and show what is known about it."""

        def check(context: JobContext) -> Verdict:
            return check_file(self.desk, path, context)

        def known(verdict: Verdict) -> None:
            self._verdict.show_verdict(path, verdict)
            if verdict.locked:
                dialog = OpenPackageDialog(self.desk, path, verdict, self)
                dialog.accepted.connect(lambda: self._verdict.show_verdict(path, dialog.verdict))
                dialog.open()
            if verdict.export is not None:
                ids = list(self._exports)
                if verdict.export.id in ids:
                    self._list.setCurrentIndex(self._list.lines.index(ids.index(verdict.export.id), 0))

        def failed(error: Exception) -> None:
            if isinstance(error, MipsDeskError):
                self._verdict.show_failure(path, str(error))
            else:
                self._verdict.show_verdict(None, None)
                self.desk.messages.failure(error)

        job = self.desk.jobs.work(check, title="Checking the file", initiator=self, on_success=known, on_failure=failed)
        self._verdict.watch(path, job)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a binder or package."""
        if dropped_binder(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Check it here."""
        path = dropped_binder(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.check(path)


def _fact(name: str, value: QLabel) -> QWidget:
    """Return a fact with its name above it."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(label(name, TextRole.HINT))
    column.addWidget(value)
    return made


def _kind(export: Export) -> str:
    return _KINDS.get(export.kind, export.kind.capitalize())


def _line(export: Export) -> Line:
    parts = [f"{_kind(export)} {export.year}"]
    if export.edition:
        parts.append(f"{export.edition} edition")
    if export.pages:
        parts.append(words.count(export.pages, "page"))
    parts += [f"by {export.person}", *(["signed"] if export.signed_by else []), export.sha256[:8]]
    when = f"{words.full_day(export.at.date())}, {export.at:%H:%M}"
    return Line(export.id, export.file_name, " · ".join(parts), when)


def _facts(export: Export) -> list[tuple[str, str]]:
    found = [
        ("What", f"{_kind(export)} of {export.year}" + (f", {export.edition} edition" if export.edition else "")),
        ("When", f"{words.full_day(export.at.date())}, {export.at:%H:%M %Z}".strip()),
        ("By", export.person),
    ]
    if export.pages or export.exhibits:
        found.append(("Holds", f"{words.count(export.pages, 'page')}, {words.count(export.exhibits, 'exhibit')}"))
    found.append(("Identifier, printed in it", export.id))
    if export.reason:
        found.append(("Why the full edition", export.reason))
    return found
