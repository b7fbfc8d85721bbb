"""Settings: the practice, its clinicians, the performance year, appearance. Everything is kept as it is entered."""

from functools import partial

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from mips_desk import __version__
from mips_desk.domain.practice import Clinician, Practice, YearProfile
from mips_desk.errors import MipsDeskError
from mips_desk.services import setup
from mips_desk.services.changes import Changes
from mips_desk.ui.about import AboutDialog
from mips_desk.ui.desk import Desk
from mips_desk.ui.pages.clinician_dialog import NEW, ClinicianDialog, PasteDialog
from mips_desk.ui.pages.room_page import RoomPage
from mips_desk.ui.pages.settings_cards import (
    AboutCard,
    AppearanceCard,
    CliniciansCard,
    NewYearCard,
    PracticeCard,
    YearCard,
)
from mips_desk.ui.pages.settings_facts import FactsCard
from mips_desk.ui.pages.settings_official import OfficialCard, PickFile, pick_in_dialog
from mips_desk.ui.theme import SPACE_L, Theme, px
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note

#: Below this width of the page, in logical pixels at 100 %, the cards stand in one column.
NARROW_BELOW = 820


class SettingsPage(RoomPage):
    """The last room.

    Args:
        desk: the open practice.
        theme: colors and text size.
        settings: keeps appearance and text size.
        pick_file: asks for CMS's file; tests hand in their own.
    """

    def __init__(self, desk: Desk, theme: Theme, settings: QSettings, pick_file: PickFile = pick_in_dialog) -> None:
        super().__init__(desk, "Settings")
        self.setObjectName("settings_page")
        self._read_only = Note(
            "This practice is open to read only, so nothing can be changed but the appearance.", Tone.WARN
        )
        self._read_only.setVisible(desk.read_only)
        self.body.addWidget(self._read_only)
        self._practice = PracticeCard()
        self._practice.change_requested.connect(self._set_practice)
        self._clinicians = CliniciansCard()
        self._clinicians.add_requested.connect(lambda: self._edit_clinician(NEW))
        self._clinicians.paste_requested.connect(self._paste)
        self._clinicians.edit_requested.connect(self._edit)
        self._year = YearCard()
        self._year.change_requested.connect(self._set_profile)
        self._facts = FactsCard()
        self._facts.change_requested.connect(self._set_profile)
        self._new_year = NewYearCard()
        self._new_year.start_requested.connect(self._start_year)
        self._official = OfficialCard(desk, pick_file)
        appearance = AppearanceCard(theme)
        theme.changed.connect(lambda: theme.save(settings))
        about = AboutCard(__version__)
        about.about_requested.connect(lambda: AboutDialog(self).open())
        columns = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, columns)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(SPACE_L)
        for cards in (
            (self._practice, self._clinicians, self._official, about),
            (self._year, self._facts, self._new_year, appearance),
        ):
            column = QVBoxLayout()
            column.setSpacing(SPACE_L)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            self._columns.addLayout(column, 1)
        self.body.addWidget(columns)
        self.body.addStretch(1)

    def refresh(self) -> None:
        """Show everything."""
        view, read_only = self.view, self.desk.read_only
        catalog = self.desk.session.catalog
        self.header.set("Settings", "Everything is kept as soon as you enter it. Undo takes it back.")
        self._practice.show_view(view, read_only=read_only)
        self._clinicians.show_view(view, read_only=read_only)
        self._year.show_view(view, catalog.mvps(view.year), read_only=read_only)
        self._facts.show_view(view, read_only=read_only)
        self._new_year.show_view(view, catalog.years, read_only=read_only)
        self._official.show_view(view)

    def arrange(self, width: int) -> None:
        """One column where there is no room for two."""
        narrow = width < px(NARROW_BELOW)
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def _set_practice(self, practice: Practice) -> None:
        self.change(partial(setup.set_practice, self.desk.session, practice))

    def _set_profile(self, profile: YearProfile) -> None:
        session = self.desk.session
        try:
            setup.check_profile(session, profile)
        except MipsDeskError as error:
            self._year.show_view(self.view, session.catalog.mvps(self.view.year), read_only=self.desk.read_only)
            self._year.failed(error)
            return
        self.change(partial(setup.set_profile, session, profile))

    def _start_year(self, year: int) -> None:
        def started(_changes: Changes) -> None:
            self.desk.set_year(year)
            self.desk.messages.info(f"Performance year {year} is started.")

        self.change(partial(setup.new_year, self.desk.session, year), started)

    # ------------------------------------------------------------------ clinicians

    def _edit(self, clinician_id: str) -> None:
        found = next((clinician for clinician in self.view.clinicians if clinician.id == clinician_id), None)
        if found is not None:
            self._edit_clinician(found)

    def _edit_clinician(self, clinician: Clinician) -> None:
        dialog = ClinicianDialog(clinician, self)
        dialog.finished.connect(lambda result: self._edited(dialog, clinician) if result else None)
        dialog.open()

    def _edited(self, dialog: ClinicianDialog, before: Clinician) -> None:
        session = self.desk.session
        if dialog.removed:
            name = before.name

            def tell(_changes: Changes) -> None:
                self.desk.messages.info(f"{name} is removed.", "Undo", self.desk.undo.undo)

            self.change(partial(setup.remove_clinician, session, before.id), tell)
        elif dialog.clinician() != before:
            self.change(partial(setup.put_clinicians, session, (dialog.clinician(),)))

    def _paste(self) -> None:
        dialog = PasteDialog(self)
        dialog.finished.connect(lambda result: self._pasted(dialog) if result else None)
        dialog.open()

    def _pasted(self, dialog: PasteDialog) -> None:
        if dialog.found:
            self.change(partial(setup.put_clinicians, self.desk.session, dialog.found))
