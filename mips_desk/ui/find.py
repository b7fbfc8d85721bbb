"""Find: everything that the practice has written, in all years, as one types."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from mips_desk.services import finding
from mips_desk.services.finding import Found
from mips_desk.ui.jobs import JobContext, Jobs
from mips_desk.ui.theme import SPACE_L, SPACE_M, px
from mips_desk.ui.widgets.search_field import SearchField
from mips_desk.ui.widgets.text import secondary
from mips_desk.ui.widgets.two_line_list import Line, TwoLineList

from .desk import Desk
from .rooms import Room

#: Results shown at most.
MOST = 50

_KINDS = {"activity": "Activity", "evidence": "Exhibit", "use": "Date of use"}


class FindDialog(QDialog):
    """A field and what was found; Return goes there.

    Args:
        desk: the open practice.

    Signals:
        chosen(Found): go there.
    """

    chosen = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("find_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Find in this practice")
        self._session, self._jobs = desk.session, desk.jobs
        self._found: dict[str, Found] = {}
        self._asked = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        self.field = SearchField("Captions, notes, addresses, exhibit numbers, activities")
        self.field.setObjectName("find_text")
        self.field.search_requested.connect(self._search)
        column.addWidget(self.field)
        self._told = secondary("All years are searched. Type the beginning of one or more words.")
        self._told.setObjectName("find_told")
        column.addWidget(self._told)
        self._list = TwoLineList("Found", "find_results")
        self._list.opened.connect(self._choose)
        self._list.clicked.connect(lambda _index: self._choose(self._list.current_key))
        column.addWidget(self._list, 1)
        self.resize(px(600), px(460))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes into the list; Return takes the first that was found."""
        if event.key() == Qt.Key.Key_Down and self.field.hasFocus() and self._found:
            self._list.setFocus()
            self._list.setCurrentIndex(self._list.lines.index(0))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._found:
            self._choose(self._list.current_key or next(iter(self._found)))
        else:
            super().keyPressEvent(event)

    def _search(self, text: str) -> None:
        self._asked = text
        if not text:
            self._show(text, ())
            return
        session = self._session

        def search(_: JobContext) -> tuple[Found, ...]:
            return finding.find(session, text, limit=MOST)

        jobs: Jobs = self._jobs
        jobs.work(search, initiator=self, on_success=lambda found: self._show(text, found))

    def _show(self, text: str, found: tuple[Found, ...]) -> None:
        if text != self._asked:
            return
        self._found = {str(place): each for place, each in enumerate(found)}
        self._list.lines.set_lines([_line(key, each) for key, each in self._found.items()])
        if not text:
            self._told.setText("All years are searched. Type the beginning of one or more words.")
        elif not found:
            self._told.setText("Nothing was found. Fewer or shorter words find more.")
        else:
            more = " (the best are shown)" if len(found) == MOST else ""
            self._told.setText(f"{len(found)} found{more}. Return goes there.")

    def _choose(self, key: str) -> None:
        if (found := self._found.get(key)) is not None:
            self.chosen.emit(found)
            self.accept()


def _line(key: str, found: Found) -> Line:
    kind = _KINDS[found.kind]
    text = found.text if found.place == "name" else f"{found.place.capitalize()}: {found.text}"
    return Line(key, found.name, text, f"{kind} · {found.year}")


def go_to(desk: Desk, found: Found) -> None:
    """Show what was found, in its year and room.

    Args:
        desk: the open practice.
        found: where to go.
    """

    def go() -> None:
        room = Room.DATES if found.kind == "use" else Room.EVIDENCE
        desk.open_room(room, found.selection_id, found.evidence_id)

    if found.year == desk.view.year:
        go()
        return

    def arrived(_view: object) -> None:
        desk.view_changed.disconnect(arrived)
        if desk.view.year == found.year:
            go()

    desk.view_changed.connect(arrived)
    desk.set_year(found.year)
