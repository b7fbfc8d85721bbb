"""What tests of the Binder room need: the room with its doors answered by the test, and what it shows."""

from pathlib import Path

from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QRadioButton, QWidget

from mips_desk.services import collect
from mips_desk.ui.pages.binder import BinderPage
from mips_desk.ui.pages.binder_part import Outside
from mips_desk.ui.widgets.line_button import LineButton

from .conftest import show_active
from .rooms import Practiced

LEFT = Qt.MouseButton.LeftButton


def outside(settings: QSettings | None = None, **doors) -> Outside:
    """Return the system's dialogs and programs as a test wants them; what it does not name is cancelled."""

    def none(*_args):
        return None

    return Outside(**{name: doors.get(name, none) for name in ("save", "choose", "open", "reveal")}, settings=settings)


def saving(path: Path):
    """Return a dialog in which the person always chooses this file."""
    return lambda *_args: path


def make_page(qtbot, desk, *, width: int = 1280, height: int = 800, **doors) -> BinderPage:
    made = BinderPage(desk, outside(**doors))
    qtbot.addWidget(made)
    made.resize(width, height)
    made.ensure_fresh()
    show_active(qtbot, made)
    qtbot.waitUntil(lambda: made.part.ready)
    QApplication.processEvents()  # what came last gets its size
    return made


def finish(desk: Practiced) -> None:
    """Complete the proof that the fixture left open."""
    for item in desk.session.vault.evidence(2024):
        collect.describe(desk.session, item.id, no_identifiers=True)
        desk.change(lambda item=item: collect.look_at(desk.session, item.id))


def one(root: QWidget, name: str):
    """Return the widget of a name."""
    found = root.findChild(QWidget, name)
    assert found is not None, name
    return found


def click(qtbot, root: QWidget, name: str) -> None:
    """Click a widget that can be seen, as a person would."""
    widget = one(root, name)
    assert widget.isVisible(), f"{name} cannot be seen"
    # A box to tick is wider than what can be clicked of it.
    at = QPoint(12, widget.height() // 2) if isinstance(widget, (QCheckBox, QRadioButton)) else widget.rect().center()
    qtbot.mouseClick(widget, LEFT, pos=at)


def click_soon(qtbot, root: QWidget, name: str) -> None:
    """Click a widget that is shown with the next look of the event loop, as what was just put into a layout is."""
    qtbot.waitUntil(lambda: one(root, name).isVisible())
    click(qtbot, root, name)


def words(root: QWidget, name: str) -> str:
    return one(root, name).text()


def checks(page: QWidget) -> list[LineButton]:
    return [
        line
        for line in page.findChildren(LineButton)
        if line.isVisibleTo(page) and line.objectName().startswith("check_")
    ]


def check_line(page: QWidget, part: str) -> LineButton:
    return next(line for line in checks(page) if part in line.accessibleName())
