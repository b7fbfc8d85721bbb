"""Settings, Safety: how the practice is protected on this computer."""

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QCheckBox, QWidget

from mips_desk.ui import capture_guard
from mips_desk.ui.desk import Desk
from mips_desk.ui.pages.safety_cards import BackupCard, CheckCard
from mips_desk.ui.pages.settings_lock import AutoLockCard
from mips_desk.ui.pages.settings_section import Section
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.text import secondary


class SafetySection(Section):
    """Protection of this practice.

    Args:
        desk: the open practice.
        settings: keeps what holds for this computer only.
    """

    def __init__(self, desk: Desk, settings: QSettings) -> None:
        super().__init__(desk)
        self._backups = BackupCard(desk)
        self._check = CheckCard(desk)
        self.put((AutoLockCard(settings), self._check, ScreenCard(settings)), (self._backups,))

    def refresh(self) -> None:
        """Read the state of backups and checks anew."""
        self._backups.refresh()
        self._check.refresh()


class ScreenCard(Card):
    """Whether other programs may take pictures of the window that asks for the passphrase.

    Args:
        settings: keeps the choice, for this computer.
    """

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__("Pictures of the screen", parent=parent)
        box = QCheckBox("Hide the window with the passphrase")
        box.setObjectName("capture_guard")
        box.setChecked(capture_guard.wanted(settings))
        box.toggled.connect(lambda on: capture_guard.set_wanted(settings, on))
        self.body.addWidget(box)
        told = (
            "Other programs, screen sharing and Windows Recall then see a blank window. Your own captures for evidence"
            " are not affected."
        )
        if not capture_guard.possible():
            told = "This system has no way to keep a window out of pictures of the screen. Windows and macOS have one."
            box.setEnabled(False)
        box.setAccessibleDescription(told)
        self.body.addWidget(secondary(told))
