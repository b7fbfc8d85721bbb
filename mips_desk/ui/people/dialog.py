"""What the dialogs about people have in common: they change the vault themselves and say failures in place."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mips_desk.errors import MipsDeskError
from mips_desk.services.changes import Changes
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import Job, JobContext
from mips_desk.ui.messages import UNEXPECTED
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.tab_order import reading_order
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, px
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.fitting import fit_height
from mips_desk.ui.widgets.job_progress import JobProgress
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import page_title, secondary


class PeopleDialog(QDialog):
    """A title, a few words, fields, an error, buttons.

    Args:
        desk: the open practice.
        name: object name; its error is named "{name}_error".
        title: what it does.
        told: a sentence or two; empty for none.
        parent: the page.

    Attributes:
        body: for the fields.
        buttons: for the buttons; the last one is what the dialog does.
    """

    def __init__(self, desk: Desk, name: str, title: str, told: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.desk = desk
        self._job: Job | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L + 4, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(page_title(title))
        if told:
            column.addWidget(secondary(told))
        # Only where the screen is too small for all of it, the fields scroll; the buttons never leave.
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(SPACE_M)
        self._fields = scroll_area(self.body)
        column.addWidget(self._fields, 1)
        self.error = Note("", Tone.BAD)
        self.error.setObjectName(f"{name}_error")
        column.addWidget(self.error)
        self.progress = JobProgress()
        column.addWidget(self.progress)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(SPACE_S + 2)
        column.addLayout(self.buttons)
        self._back = secondary_button("Cancel", on_click=self.reject)
        self._back.setObjectName("dialog_cancel")
        self.setMinimumWidth(px(480))

    def put_buttons(self, *buttons: QWidget, left: QWidget | None = None, cancel: str = "Cancel") -> None:
        """Put the buttons below: one at the left, then Cancel and the others at the right."""
        if left is not None:
            self.buttons.addWidget(left)
        self.buttons.addStretch(1)
        self._back.setText(cancel)
        self._back.setAccessibleName(cancel)
        self.buttons.addWidget(self._back)
        for button in buttons:
            self.buttons.addWidget(button)

    def run(
        self,
        act: Callable[[JobContext], Changes],
        then: Callable[[], object] | None = None,
        *,
        title: str = "",
        cancelled: str = "Stopped.",
    ) -> None:
        """Change the vault; on success the dialog closes, a failure is said in place.

        Args:
            act: runs on another thread and touches no widget.
            then: called on success before the dialog closes.
            title: of long work, which then shows its progress and can be cancelled.
            cancelled: what to say when it was cancelled.
        """

        def done(_changes: Changes) -> None:
            if then is not None:
                then()
            self._job = None
            self.accept()

        self._say("")
        self._set_busy(True)
        self._job = job = self.desk.jobs.write(
            act,
            title=title,
            initiator=self,
            on_success=done,
            on_failure=self._fail,
            on_cancelled=lambda: self._say(cancelled),
            on_finished=self._ended,
        )
        if title:
            self.progress.watch(job)

    def check(self, look: Callable[[], object]) -> bool:
        """Tell whether something holds that raises a sentence when it does not; the sentence is shown."""
        try:
            look()
        except MipsDeskError as error:
            self._say(str(error))
            return False
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the first field, at the height that everything needs."""
        super().showEvent(event)
        inside = self._fields.widget()
        if inside is not None and not event.spontaneous():
            self._fit()
            for line in inside.findChildren(QLineEdit):
                line.textEdited.connect(lambda _text: self._say(""))
            # Where there is nothing to enter, a stray key must do nothing.
            first = [widget for widget in (*reading_order(inside), self._back) if widget.isEnabled()]
            first[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _fit(self) -> None:
        fit_height(self, self._fields)

    def reject(self) -> None:
        """Close, but never in the middle of a change."""
        if self._job is None or not self._job.running:
            super().reject()

    def _fail(self, error: Exception) -> None:
        self._say(str(error) if isinstance(error, MipsDeskError) else UNEXPECTED)

    def _say(self, sentence: str) -> None:
        self.error.set(sentence, Tone.BAD)
        if self.isVisible():
            self._fit()

    def _ended(self) -> None:
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        self._fields.setEnabled(not busy)
        for place in range(self.buttons.count()):
            item = self.buttons.itemAt(place)
            if item is not None and (button := item.widget()) is not None:
                button.setEnabled(not busy)
