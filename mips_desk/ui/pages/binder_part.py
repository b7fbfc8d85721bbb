"""What every part of the Binder room has in common; `binder_parts` names them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings, QUrl, Signal
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
        settings: keeps what is not of one practice but of this computer; None keeps it only while the room is there.
    """

    save: Callable[[QWidget, str, str, str, str], Path | None]
    choose: Callable[[QWidget, str, str], Path | None]
    open: Callable[[Path], object]
    reveal: Callable[[Path], object]
    settings: QSettings | None = None


def system(settings: QSettings | None = None) -> Outside:
    """Return the system's own dialogs and programs, and the settings of this computer."""

    def choose(parent: QWidget, title: str, kinds: str) -> Path | None:
        file, _ = QFileDialog.getOpenFileName(parent, title, "", kinds)
        return Path(file) if file else None

    def show(path: Path) -> object:
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    return Outside(ask_where_to_save, choose, show, lambda path: show(path.parent), settings)


class BinderPart(QWidget):
    """One part of the room, as large as the room below its head.

    A part builds its widgets in its constructor and fills them in `refresh`, which is called before it is shown and,
    while it is shown, each time the desk has read the year again.

    Args:
        desk: the open practice.
        outside: the system's dialogs and programs.
        parent: where it will stand; known from the start, because moving a part with all that is in it takes long.

    Attributes:
        buttons: shown at the right of the head, the primary one last.
        others: keys of all parts of the room; links may lead to a part only where it is there.

    Signals:
        told(str, str): title and sentence of the head.
        part_wanted(str, Target): show another part of the room, see `binder_parts.PARTS`.
    """

    told = Signal(str, str)
    part_wanted = Signal(str, object)

    def __init__(self, desk: Desk, outside: Outside, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.outside = outside
        self.buttons: Sequence[QWidget] = ()
        self.others: frozenset[str] = frozenset()

    @property
    def view(self) -> YearView:
        """The newest view of the year."""
        return self.desk.view

    @property
    def ready(self) -> bool:
        """Everything of it is made; a large part makes itself over some turns of the event loop."""
        return True

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
