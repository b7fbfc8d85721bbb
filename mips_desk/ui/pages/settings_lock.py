"""The card of Settings, Safety, that says when a practice locks by itself."""

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from mips_desk.ui.theme import px
from mips_desk.ui.watch.idle import LEAST, MOST, lock_minutes, set_lock_minutes
from mips_desk.ui.watch.system import sees_screen_lock
from mips_desk.ui.widgets.card import Card, field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.choice_box import number_box
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import secondary


class AutoLockCard(Card):
    """After how many minutes without a touch a practice locks; holds for this computer.

    Args:
        settings: keeps the choice.
    """

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__("Locks by itself", parent=parent)
        minutes = number_box("Minutes without a touch before it locks", "lock_minutes", LEAST, MOST)
        minutes.setValue(lock_minutes(settings))
        minutes.valueChanged.connect(lambda value: set_lock_minutes(settings, value))
        minutes.setFixedWidth(px(110))
        self.body.addWidget(field("Minutes without a touch before it locks", minutes))
        self.body.addWidget(
            secondary(
                f"From {LEAST} to {MOST} minutes without a key or a movement of the mouse, on this computer. It also"
                " locks when the screen is locked, when the computer sleeps, and when another person signs in. What you"
                " are typing or drawing is kept, and is there again after you unlock."
            )
        )
        if not sees_screen_lock():
            told = (
                "On this computer MIPS Desk cannot see that the screen is locked. The minutes above and the sleep of"
                " the computer still count."
            )
            note = Note(told, Tone.NEUTRAL)
            note.setObjectName("lock_unseen")
            self.body.addWidget(note)
