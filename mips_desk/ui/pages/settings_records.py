"""Settings, Records: the performance years of the practice."""

from functools import partial

from PySide6.QtCore import Qt

from mips_desk.services import setup
from mips_desk.services.changes import Changes
from mips_desk.ui.desk import Desk
from mips_desk.ui.journal_window import JournalWindow
from mips_desk.ui.pages.records_handover import HandoverCard
from mips_desk.ui.pages.records_years import KeepingCard, YearsCard
from mips_desk.ui.pages.settings_cards import NewYearCard
from mips_desk.ui.pages.settings_section import Section
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.text import secondary


class RecordsSection(Section):
    """Performance years, and what is kept of them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._new_year = NewYearCard()
        self._new_year.start_requested.connect(self._start_year)
        self._years = YearsCard(desk)
        self._keeping = KeepingCard(desk)
        self._handover = HandoverCard(desk)
        journal = Card("Journal")
        journal.body.addWidget(
            secondary(
                "Who did what and when, each entry sealed with a hash over all before it. It can be searched, verified,"
                " and saved as PDF or table."
            )
        )
        show = secondary_button("Open the journal…", "history", lambda: JournalWindow(desk, parent=self).open())
        show.setObjectName("open_journal")
        journal.body.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)
        self.put((self._years, self._new_year, journal), (self._keeping, self._handover))

    def refresh(self) -> None:
        """Read the state of the years anew."""
        self._years.refresh()
        self._keeping.refresh()
        self._handover.refresh()
        self._new_year.show_view(self.view, self.desk.session.catalog.years, read_only=self.desk.read_only)

    def _start_year(self, year: int) -> None:
        def started(_changes: Changes) -> None:
            self.desk.set_year(year)
            self.desk.messages.info(f"Performance year {year} is started.")

        self.change(partial(setup.new_year, self.desk.session, year), started)
