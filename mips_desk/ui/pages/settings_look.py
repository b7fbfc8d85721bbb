"""Settings, Appearance: colors and text size, and about MIPS Desk."""

from PySide6.QtCore import QSettings

from mips_desk import __version__
from mips_desk.ui.about import AboutDialog
from mips_desk.ui.desk import Desk
from mips_desk.ui.pages.settings_cards import AboutCard, AppearanceCard
from mips_desk.ui.pages.settings_section import Section
from mips_desk.ui.theme import Theme


class AppearanceSection(Section):
    """Applied at once and kept on this computer.

    Args:
        desk: the open practice.
        theme: colors and text size.
        settings: keeps them.
    """

    def __init__(self, desk: Desk, theme: Theme, settings: QSettings) -> None:
        super().__init__(desk)
        theme.changed.connect(lambda: theme.save(settings))
        about = AboutCard(__version__)
        about.about_requested.connect(lambda: AboutDialog(self).open())
        self.put((AppearanceCard(theme),), (about,))
