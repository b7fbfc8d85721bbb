"""First run: five short pages, each with sensible defaults, then the practice is there."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QStackedLayout, QVBoxLayout, QWidget

from mips_desk.errors import MipsDeskError
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, TextRole, px
from mips_desk.ui.widgets.buttons import primary_button, secondary_button
from mips_desk.ui.widgets.card import Card, field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.progress import StepProgress
from mips_desk.ui.widgets.text import label, page_title

from .answers import FirstRun
from .folder_row import ChooseFolder, FolderRow, choose_in_dialog
from .wizard_pages import CliniciansPage, PassphrasePage, PracticePage, SizePage, StepPage, YearPage


class Wizard(QWidget):
    """The pages one after the other. Return goes on, Escape goes back.

    Args:
        choose: asks for a folder; tests hand in their own.

    Signals:
        finished(FirstRun): the answers, checked.
        cancelled(): back to where one came from.
    """

    finished = Signal(object)
    cancelled = Signal()

    def __init__(self, choose: ChooseFolder = choose_in_dialog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("wizard")
        self._elsewhere = False
        self._practice = PracticePage()
        self._size = SizePage()
        self._clinicians = CliniciansPage()
        self._year = YearPage()
        self._passphrase = PassphrasePage()
        self._steps: tuple[StepPage, ...] = (
            self._practice,
            self._size,
            self._clinicians,
            self._year,
            self._passphrase,
        )
        self._place = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        self._where = label("", TextRole.SECONDARY)
        self._bar = StepProgress("Pages", 0, len(self._steps))
        self._title = page_title("")
        self._title.setObjectName("wizard_title")
        self._intro = label("", wrap=True, tone="ink2")
        column.addWidget(self._where)
        column.addWidget(self._bar)
        column.addSpacing(SPACE_S)
        column.addWidget(self._title)
        column.addWidget(self._intro)
        column.addSpacing(SPACE_S)
        card = Card()
        self._stack = QStackedLayout()
        for step in self._steps:
            self._stack.addWidget(step)
            step.edited.connect(lambda: self._say(""))
        card.body.addLayout(self._stack)
        column.addWidget(card)
        self._error = Note("", Tone.BAD)
        self._error.setObjectName("wizard_error")
        column.addWidget(self._error)
        # Only there once it is known that practices cannot be kept where they usually are.
        self._folder = FolderRow("Where to put the practice", Path.home(), choose)
        self._folder.setObjectName("wizard_folder")
        self._folder_field = field("Where to put the practice", self._folder)
        column.addWidget(self._folder_field)
        self._folder_field.hide()
        column.addSpacing(SPACE_M)
        row = QHBoxLayout()
        row.setSpacing(SPACE_L)
        self._back = secondary_button("Back", "arrow-left", self.go_back)
        self._back.setObjectName("wizard_back")
        self._next = primary_button("Continue", on_click=self.go_on)
        self._next.setObjectName("wizard_next")
        self._next.setMinimumWidth(px(150))
        row.addWidget(self._back)
        row.addStretch(1)
        row.addWidget(self._next)
        column.addLayout(row)
        self._show(0)

    def go_on(self) -> None:
        """Check this page and show the next one; behind the last one the answers are complete."""
        try:
            self._steps[self._place].check()
        except MipsDeskError as error:
            self._say(str(error))
            return
        if self._place + 1 < len(self._steps):
            self._show(self._place + 1)
            self.take_focus()
        elif self._next.isEnabled():
            self.finished.emit(self.answers())

    def go_back(self) -> None:
        """Show the page before; before the first one there is only the way out."""
        if self._place:
            self._show(self._place - 1)
            self.take_focus()
        else:
            self.cancelled.emit()

    def answers(self) -> FirstRun:
        """Return what was entered.

        Raises:
            BadInputError: a clinician's line cannot be read.
        """
        count = self._size.count.value()
        return FirstRun(
            self._practice.practice(),
            self._practice.person.text().strip(),
            self._clinicians.clinicians(),
            self._year.profile(self._size.statuses(), count),
            self._passphrase.passphrase(),
            self._folder.folder if self._elsewhere else None,
        )

    def set_busy(self, busy: bool) -> None:
        """Show that the practice is being made."""
        self._next.setEnabled(not busy)
        self._back.setEnabled(not busy)
        if busy:
            self._next.setText("Setting up…")
        else:
            self._name_buttons()

    def failed(self, sentence: str, *, elsewhere: bool = False) -> None:
        """Say why the practice could not be made.

        Args:
            sentence: why.
            elsewhere: its folder is to blame, so another one can be chosen.
        """
        self._say(sentence)
        if elsewhere:
            self._elsewhere = True
            self._folder_field.show()
            self._folder.setFocus()

    def take_focus(self) -> None:
        """Put the keyboard into the first field of the page."""
        self._steps[self._place].first.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes on, except in a text of several lines; Escape goes back."""
        typing = isinstance(self.focusWidget(), QPlainTextEdit)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not typing:
            self.go_on()
        elif event.key() == Qt.Key.Key_Escape:
            # A stray Escape must not throw away what was typed; the button still does.
            if self._place or self._practice.untouched:
                self.go_back()
        else:
            super().keyPressEvent(event)

    def _show(self, place: int) -> None:
        self._place = place
        step = self._steps[place]
        if step is self._year:
            self._year.suggest(self._size.count.value())
        self._stack.setCurrentWidget(step)
        self._where.setText(f"Page {place + 1} of {len(self._steps)}")
        self._bar.set_steps(place + 1, len(self._steps))
        self._title.setText(step.title)
        self._intro.setText(step.intro)
        self._name_buttons()
        self._say("")

    def _name_buttons(self) -> None:
        last = self._place + 1 == len(self._steps)
        self._next.setText("Start the practice" if last else "Continue")
        self._back.setText(" Back" if self._place else " Cancel")
        for button in (self._next, self._back):
            button.setAccessibleName(button.text().strip())

    def _say(self, sentence: str) -> None:
        self._error.set(sentence, Tone.BAD)
