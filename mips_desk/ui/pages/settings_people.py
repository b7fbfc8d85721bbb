"""Settings, People: who can open the practice."""

from PySide6.QtCore import QSettings

from mips_desk.ui.desk import Desk
from mips_desk.ui.pages.settings_section import Section


class PeopleSection(Section):
    """People, passphrases, the recovery sheet."""

    def __init__(self, desk: Desk, settings: QSettings) -> None:
        super().__init__(desk)
