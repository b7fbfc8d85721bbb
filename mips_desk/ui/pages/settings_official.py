"""The card of Settings on CMS's own list of activities: what is loaded for each year, and loading a file."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.domain.official import Difference, OfficialList
from mips_desk.errors import MipsDeskError
from mips_desk.services import official
from mips_desk.services.changes import Changes
from mips_desk.services.official import Loaded
from mips_desk.services.overview import YearView
from mips_desk.ui import words
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.pages.settings_section import Section
from mips_desk.ui.theme import SPACE_XS
from mips_desk.ui.widgets.buttons import link_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.row_list import Row, RowList
from mips_desk.ui.widgets.text import hint, secondary

#: Differences that are listed before "Show all".
_FEW = 5

PickFile = Callable[[QWidget], Path | None]


def pick_in_dialog(parent: QWidget) -> Path | None:
    """Ask for CMS's file in the system's dialog; None when the person thinks better of it."""
    name, _ = QFileDialog.getOpenFileName(
        parent, "Load CMS's list of measures", "", "CMS measures data (*.json);;All files (*)"
    )
    return Path(name) if name else None


class OfficialSection(Section):
    """Settings, CMS list.

    Args:
        desk: the open practice.
        pick: asks for a file; tests hand in their own.
    """

    def __init__(self, desk: Desk, pick: PickFile = pick_in_dialog) -> None:
        super().__init__(desk)
        self._card = OfficialCard(desk, pick)
        self.put((self._card,))

    def refresh(self) -> None:
        """Read anew what is loaded."""
        self._card.show_view(self.view)


class OfficialCard(Card):
    """Which of CMS's files are loaded, and a button to load one.

    Args:
        desk: the open practice.
        pick: asks for a file; tests hand in their own.
    """

    def __init__(self, desk: Desk, pick: PickFile = pick_in_dialog, parent: QWidget | None = None) -> None:
        super().__init__("CMS activity list", parent=parent)
        self.setObjectName("official_card")
        self._desk, self._pick = desk, pick
        self._load = secondary_button("Load a file…", "folder-open", self._ask)
        self._load.setObjectName("load_official_file")
        self._load.setAccessibleName("Load CMS's activity list from a file")
        self.header.addWidget(self._load)
        self.body.addWidget(
            secondary(
                "Activities and rules are built in. CMS's own words come from its measures-data.json, one file a year, "
                "which you download from CMS. They are then quoted in Choose and in the binder, with their source."
            )
        )
        self._rows = RowList()
        self._rows.setObjectName("official_rows")
        self.body.addWidget(self._rows)
        self._none = hint("No file is loaded yet.")
        self._none.setObjectName("official_none")
        self.body.addWidget(self._none)
        self._result = Note()
        self._result.setObjectName("official_result")
        self.body.addWidget(self._result)
        self._differences = QVBoxLayout()
        self._differences.setSpacing(SPACE_XS)
        self.body.addLayout(self._differences)

    def show_view(self, _view: YearView) -> None:
        """Read anew what is loaded; called when the year was read."""
        self._load.setEnabled(not self._desk.read_only)
        session = self._desk.session
        self._desk.jobs.work(lambda _: official.lists(session), initiator=self, on_success=self._show_lists)

    def _show_lists(self, found: Sequence[OfficialList]) -> None:
        self._rows.set_rows([_row(each) for each in reversed(found)])
        self._rows.setVisible(bool(found))
        self._none.setVisible(not found)

    def _ask(self) -> None:
        path = self._pick(self)
        if path is None:
            return
        session = self._desk.session
        self._load.setEnabled(False)
        self._show_differences(())
        self._result.set("Reading the file…", Tone.NEUTRAL)

        def load(_: JobContext) -> Changes:
            loaded.append(official.load_file(session, path))
            return loaded[0].changes

        loaded: list[Loaded] = []
        self._desk.jobs.write(
            load,
            title="Reading CMS's list",
            initiator=self,
            on_success=lambda _changes: self._show_loaded(loaded[0]),
            on_failure=self._show_failure,
            on_finished=lambda: self._load.setEnabled(not self._desk.read_only),
        )

    def _show_loaded(self, loaded: Loaded) -> None:
        self._result.set(loaded.sentence, Tone.WARN if loaded.differences or not loaded.known else Tone.OK)
        self._show_differences(loaded.differences)

    def _show_failure(self, error: Exception) -> None:
        self._result.set("")
        if isinstance(error, MipsDeskError):
            self._result.set(str(error), Tone.BAD)
        else:
            self._desk.messages.failure(error)

    def _show_differences(self, found: Sequence[Difference], most: int = _FEW) -> None:
        while (item := self._differences.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for difference in found[:most]:
            self._differences.addWidget(secondary(difference.sentence))
        if len(found) > most:
            more = link_button(f"Show all {len(found)}", partial(self._show_differences, found, len(found)))
            more.setObjectName("all_differences")
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
            self._differences.addWidget(holder)


def _row(found: OfficialList) -> Row:
    parts = [words.count(len(found.activities), "activity", "activities"), f"sha256 {found.sha256[:12]}…"]
    if found.loaded_at is not None:
        by = f" by {found.loaded_by}" if found.loaded_by else ""
        parts.append(f"loaded {words.full_day(found.loaded_at.date())}{by}")
    return Row(str(found.year), f"Performance year {found.year}", " · ".join(parts), chip="loaded", tone=Tone.OK)
