"""Settings: a quiet list of sections at the left, and the cards of one section. Each section is a module."""

from collections.abc import Callable

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from mips_desk.services.drafts import Draft, DraftKind
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.pages.room_page import RoomPage
from mips_desk.ui.pages.settings_look import AppearanceSection
from mips_desk.ui.pages.settings_official import OfficialSection, PickFile, pick_in_dialog
from mips_desk.ui.pages.settings_people import PeopleSection
from mips_desk.ui.pages.settings_practice import PracticeSection
from mips_desk.ui.pages.settings_records import RecordsSection
from mips_desk.ui.pages.settings_safety import SafetySection
from mips_desk.ui.pages.settings_section import Part, Section, SectionList
from mips_desk.ui.theme import SPACE_L, SPACE_XL, Theme, px
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note

#: Below this width of the page, in logical pixels at 100 %, the list is a box to choose from.
NARROW_BELOW = 820


class SettingsPage(RoomPage):
    """The last room.

    Args:
        desk: the open practice.
        theme: colors and text size.
        settings: keeps appearance and text size.
        pick_file: asks for CMS's file; tests hand in their own.

    Attributes:
        part: the section that is shown.
    """

    def __init__(self, desk: Desk, theme: Theme, settings: QSettings, pick_file: PickFile = pick_in_dialog) -> None:
        super().__init__(desk, "Settings")
        self.setObjectName("settings_page")
        self.part = Part.PRACTICE
        self._factories: dict[Part, Callable[[], Section]] = {
            Part.PRACTICE: lambda: PracticeSection(desk),
            Part.PEOPLE: lambda: PeopleSection(desk),
            Part.SAFETY: lambda: SafetySection(desk, settings),
            Part.RECORDS: lambda: RecordsSection(desk),
            Part.OFFICIAL: lambda: OfficialSection(desk, pick_file),
            Part.APPEARANCE: lambda: AppearanceSection(desk, theme, settings),
        }
        self._sections: dict[Part, Section] = {}
        self._fresh: set[Part] = set()
        self._read_only = Note(
            "This practice is open to read only, so nothing can be changed but the appearance.", Tone.WARN
        )
        self._read_only.setVisible(desk.read_only)
        self.body.addWidget(self._read_only)
        self._list = SectionList()
        self._list.chosen.connect(self.open_part)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(SPACE_XL)
        side = QVBoxLayout()
        side.addWidget(self._list)
        side.addStretch(1)
        self._row.addLayout(side)
        self._holder = QVBoxLayout()
        self._row.addLayout(self._holder, 1)
        self.body.addLayout(self._row)
        self.body.addStretch(1)

    def open_part(self, part: Part) -> None:
        """Show a section; its cards are made on the first visit."""
        self.part = part
        section = self._section(part)
        if part not in self._fresh:
            self._fresh.add(part)
            section.refresh()
        for other in self._sections.values():
            other.setVisible(other is section)
        self._list.set_part(part)
        self.header.set("Settings", part.told)

    def open_link(self, target: Target) -> None:
        """Show the section that a link names."""
        if target.part in set(Part):
            self.open_part(Part(target.part))

    def place(self) -> Target:
        """The section."""
        return Target(part=self.part)

    def resume(self, draft: Draft) -> None:
        """Open the dialog in which a draft was typed."""
        if draft.kind in (DraftKind.CLINICIAN, DraftKind.CLINICIANS):
            self.open_part(Part.PRACTICE)
            self._section(Part.PRACTICE).resume(draft)

    def refresh(self) -> None:
        """Show the section anew; the others are filled when they are shown."""
        self._fresh.clear()
        self.open_part(self.part)

    def arrange(self, width: int) -> None:
        """Put the list above the section where there is no room beside it."""
        narrow = width < px(NARROW_BELOW)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(SPACE_L if narrow else SPACE_XL)
        self._list.set_narrow(narrow)
        for section in self._sections.values():
            section.arrange(self._room())

    def _room(self) -> int:
        beside = 0 if self.width() < px(NARROW_BELOW) else px(176) + SPACE_XL
        return self.width() - 2 * SPACE_XL - beside

    def _section(self, part: Part) -> Section:
        if part not in self._sections:
            made = self._factories[part]()
            made.setObjectName(f"settings_{part}")
            made.hide()
            self._holder.addWidget(made)
            self._sections[part] = made
            made.arrange(self._room())
        return self._sections[part]
