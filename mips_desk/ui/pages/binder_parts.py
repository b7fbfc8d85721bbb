"""The parts of the Binder room and how each is made. A new part is a module of its own and a line in `PARTS`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from mips_desk.services.changes import Changes
from mips_desk.services.overview import YearView
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.save_file import ask_where_to_save


@dataclass(frozen=True, slots=True)
class Outside:
    """What a part asks of the system; tests hand in their own.

    Attributes:
        save: asks where a new file shall be: parent, title, proposed name, kind in words, ending. None: cancelled.
        choose: asks for a file: parent, title, filter as Qt writes it. None: cancelled.
        open: opens a file in the system's program for it.
        reveal: shows the folder of a file.
    """

    save: Callable[[QWidget, str, str, str, str], Path | None]
    choose: Callable[[QWidget, str, str], Path | None]
    open: Callable[[Path], object]
    reveal: Callable[[Path], object]


def system() -> Outside:
    """Return the system's own dialogs and programs."""

    def choose(parent: QWidget, title: str, kinds: str) -> Path | None:
        file, _ = QFileDialog.getOpenFileName(parent, title, "", kinds)
        return Path(file) if file else None

    def show(path: Path) -> object:
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    return Outside(ask_where_to_save, choose, show, lambda path: show(path.parent))


class BinderPart(QWidget):
    """One part of the room, as large as the room below its head.

    A part builds its widgets in its constructor and fills them in `refresh`, which is called before it is shown and,
    while it is shown, each time the desk has read the year again.

    Args:
        desk: the open practice.
        outside: the system's dialogs and programs.

    Attributes:
        buttons: shown at the right of the head, the primary one last.

    Signals:
        told(str, str): title and sentence of the head.
        part_wanted(str, Target): show another part of the room, see `PARTS`.
    """

    told = Signal(str, str)
    part_wanted = Signal(str, object)

    def __init__(self, desk: Desk, outside: Outside) -> None:
        super().__init__()
        self.desk = desk
        self.outside = outside
        self.buttons: Sequence[QWidget] = ()

    @property
    def view(self) -> YearView:
        """The newest view of the year."""
        return self.desk.view

    def change(self, act: Callable[[], Changes], on_success: Callable[[Changes], object] | None = None) -> None:
        """Run a command of a service, see `Desk.change`."""
        self.desk.change(act, self, on_success)

    def refresh(self) -> None:
        """Show the newest state; called only while the part is shown or about to be."""

    def commands(self) -> Sequence[QAction]:
        """Return the commands of this part, made once."""
        return ()

    def open_link(self, target: Target) -> None:
        """Select what a link points at; called after `refresh`. Does nothing by itself."""

    def place(self) -> Target:
        """Return what is selected, so that `open_link` brings the person back to it after a lock."""
        return Target()

    def can_leave(self) -> bool:
        """Tell whether something else may be shown now; what is typed is saved first."""
        return True

    def arrange(self, width: int) -> None:
        """Stack or spread the panes for a width of the room in logical pixels; does nothing by itself."""


@dataclass(frozen=True, slots=True)
class PartEntry:
    """A line of the registry.

    Attributes:
        key: names it in links (`Desk.open_room(Room.BINDER, part=...)`).
        label: words on its tab.
        make: makes it on the first visit.
    """

    key: str
    label: str
    make: Callable[[Desk, Outside], BinderPart]


def _book(desk: Desk, outside: Outside) -> BinderPart:
    from .binder_book import BookPart

    return BookPart(desk, outside)


def _exports(desk: Desk, outside: Outside) -> BinderPart:
    from .binder_exports import ExportsPart

    return ExportsPart(desk, outside)


#: The parts in the order of their tabs; the first one is shown at first.
PARTS: tuple[PartEntry, ...] = (
    PartEntry("binder", "Binder", _book),
    PartEntry("exports", "Exports", _exports),
)


def has_part(key: str) -> bool:
    """Tell whether the room has a part; links lead to "papers" and "attested" where they are there."""
    return any(entry.key == key for entry in PARTS)
