"""The ways in: capture, clipboard, files dropped, files chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from mips_desk.domain.evidence import Source
from mips_desk.domain.papers import kind_of
from mips_desk.errors import BadInputError
from mips_desk.services import collect, papers
from mips_desk.services.changes import Changes
from mips_desk.services.collect import Incoming, read_file
from mips_desk.services.paper_shelf import PAPERS_ID
from mips_desk.ui.capture.flow import Captured, CaptureFlow, png
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext

#: Asks for files to import; empty when the person cancelled.
ChooseFiles = Callable[[], list[Path]]
#: Makes the pictures in a job; may raise BadInputError.
Fetch = Callable[[], list[Incoming]]

_NOTHING = "There is no picture on the clipboard. Copy one first, or use Capture."


def choose_files_in_dialog(parent: QWidget) -> list[Path]:
    """Ask for picture files in the system's dialog."""
    files, _ = QFileDialog.getOpenFileNames(parent, "Import pictures", "", "Pictures (*.png *.jpg *.jpeg)")
    return [Path(file) for file in files]


def from_files(paths: list[Path], source: Source) -> Fetch:
    """Return what reads files."""
    return lambda: [read_file(path, source) for path in paths]


def from_clipboard(data: QMimeData) -> Fetch:
    """Return what reads the picture or the picture files on the clipboard.

    The clipboard is looked at now, on the GUI thread; the work is done later.

    Raises:
        BadInputError: there is no picture on it.
    """
    if paths := dropped_files(data):
        return from_files(paths, Source.PASTE)
    for kind in ("image/png", "image/jpeg"):
        # The bytes as the other program made them, when it offers a file.
        if data.hasFormat(kind) and (raw := bytes(data.data(kind).data())):
            return lambda: [Incoming(raw, Source.PASTE)]
    picture = data.imageData() if data.hasImage() else None
    if not isinstance(picture, QImage) or picture.isNull():
        raise BadInputError(_NOTHING)
    copied = picture.copy()
    return lambda: [Incoming(png(copied), Source.PASTE)]


def dropped_files(data: QMimeData) -> list[Path]:
    """Return the local files of a drop, PDF files left out: those are binders, which the window checks."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in files if path.suffix.lower() != ".pdf"]


@dataclass(frozen=True, slots=True)
class Goal:
    """Where new pictures go.

    Attributes:
        selection_id: the selection they prove, or `PAPERS_ID`.
        option_key: the checklist line they prove, or the kind of paper; empty for none.
    """

    selection_id: str
    option_key: str


class WaysIn(QObject):
    """Takes pictures into the vault.

    Args:
        desk: the open practice.
        flow: how the screen is captured.
        choose_files: asks for files to import.
        goal: returns where new pictures go now, or None when there is no place for them.

    Signals:
        added(str): id of the first picture that was added.
    """

    added = Signal(str)

    def __init__(
        self,
        desk: Desk,
        flow: CaptureFlow,
        choose_files: ChooseFiles,
        goal: Callable[[], Goal | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._flow = flow
        self._choose_files = choose_files
        self._goal = goal
        flow.setParent(self)
        flow.captured.connect(self._captured)
        flow.failed.connect(desk.messages.failure)

    @property
    def capturing(self) -> bool:
        """A capture is under way."""
        return self._flow.busy

    def capture(self, delay: int = 0) -> None:
        """Capture the screen.

        Args:
            delay: seconds to wait.
        """
        self._desk.messages.clear()
        self._flow.start(delay)

    def paste(self) -> None:
        """Take in what is on the clipboard."""
        try:
            self._take_in(from_clipboard(QGuiApplication.clipboard().mimeData()))
        except BadInputError as error:
            self._desk.messages.warning(str(error))

    def import_files(self) -> None:
        """Ask for files and take them in."""
        if paths := self._choose_files():
            self._take_in(from_files(paths, Source.IMPORT))

    def drop(self, paths: list[Path]) -> None:
        """Take in files that were dropped."""
        self._take_in(from_files(paths, Source.DROP))

    def _captured(self, captured: object) -> None:
        assert isinstance(captured, Captured)
        self._take_in(lambda: [captured.incoming()])

    def _take_in(self, fetch: Fetch) -> None:
        goal = self._goal()
        if goal is None:
            return
        self._desk.messages.clear()
        session, year = self._desk.session, self._desk.view.year
        warnings: list[str] = []

        def add(_: JobContext) -> Changes:
            if goal.selection_id == PAPERS_ID:
                added = papers.add(session, year, fetch(), kind=kind_of(goal.option_key))
            else:
                added = collect.add_pictures(session, goal.selection_id, fetch(), option_key=goal.option_key)
            warnings.extend(added.warnings)
            return added.changes

        def done(changes: Changes) -> None:
            self.added.emit(changes.ids[0])
            if warnings:
                self._desk.messages.warning(warnings[0], details="\n".join(warnings[1:]))

        self._desk.jobs.write(add, title="Adding pictures", initiator=self, on_success=done, keep=True)
