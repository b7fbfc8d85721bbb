"""What the practice says about one activity: how it was done, and when it was reported to CMS."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from mips_desk.services.drafts import DraftKind
from mips_desk.services.overview import SelectionView
from mips_desk.ui.drafts import Drafts, Typing
from mips_desk.ui.theme import TextRole, px
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.card import Card, field
from mips_desk.ui.widgets.date_field import DateField
from mips_desk.ui.widgets.keyboard import has_keyboard
from mips_desk.ui.widgets.text import card_title, label


class WordingCard(Card):
    """Two fields, saved when the keyboard leaves them.

    Signals:
        left(): the person is done here.
        story_changed(str, str): id of a selection and how it was done.
        attested_changed(str, object): id of a selection and the day it was reported to CMS, or None.
    """

    left = Signal()
    story_changed = Signal(str, str)
    attested_changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margin=px(14), parent=parent)
        self._read_only = False
        self._part: SelectionView | None = None
        self._typing: Typing | None = None
        self._title = card_title("")
        self.body.addWidget(self._title)
        self._what = label("", TextRole.SECONDARY, wrap=True)
        self.body.addWidget(self._what)
        self._story = QPlainTextEdit()
        self._story.setObjectName("story")
        self._story.setPlaceholderText("What you did, who did it, since when, what changed")
        self._story.setTabChangesFocus(True)
        self._story.setMinimumHeight(px(110))
        self._story.installEventFilter(self)
        self.body.addWidget(
            field("How it was done", self._story, "A few sentences, without patient names. Printed in the binder."), 1
        )
        self._attested = DateField(2000)
        self._attested.setObjectName("attested_on")
        self._attested.date_changed.connect(self._attested_typed)
        self.body.addWidget(field("Reported to CMS on", self._attested))
        row = QHBoxLayout()
        row.addStretch(1)
        self._done = secondary_button("Back to the checks", "arrow-left", self._leave)
        self._done.setObjectName("wording_done")
        row.addWidget(self._done)
        self.body.addLayout(row)

    @property
    def part(self) -> SelectionView | None:
        """The activity that is shown."""
        return self._part

    def keep_drafts(self, drafts: Drafts) -> None:
        """Keep what is typed from now on, and put into the fields again what was typed before a lock or a crash."""
        self._typing = drafts.watch(
            DraftKind.SELECTION,
            lambda: self._part.id if self._part is not None else "",
            {"story": self._story, "attested_on": self._attested},
            self,
        )

    def show_part(self, part: SelectionView | None) -> None:
        """Show what was written about an activity; what is being typed about another one is saved first."""
        other = part is None or self._part is None or part.id != self._part.id
        if other:
            self.flush()
        self._part = part
        if part is None:
            return
        self._title.setText(f"{part.activity.id} in your words")
        self._what.setText(part.activity.title)
        story = part.selection.story
        if self._story.toPlainText() != story and (other or not has_keyboard(self._story)):
            self._story.setPlainText(story)
        self._attested.set_date(part.selection.attested_on, part.selection.year + 1)
        if self._typing is not None:
            self._typing.bring_back()

    def set_read_only(self, on: bool) -> None:
        """Let nothing be changed, or everything."""
        self._read_only = on
        self._story.setReadOnly(on)
        self._attested.setReadOnly(on)

    def type_story(self) -> None:
        """Put the keyboard into how the activity was done."""
        self._story.setFocus(Qt.FocusReason.OtherFocusReason)

    def type_attested(self) -> None:
        """Put the keyboard into the day it was reported."""
        self._attested.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Save what was typed but not left yet."""
        part = self._part
        if part is None or self._read_only:
            return
        text = self._story.toPlainText().strip()
        if text != part.selection.story:
            self._part = replace(part, selection=replace(part.selection, story=text))
            self._story.document().setModified(False)
            self.story_changed.emit(part.id, text)
        self._attested.editingFinished.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The story is saved when the keyboard leaves it."""
        if event.type() is QEvent.Type.FocusOut and watched is self._story:
            self.flush()
        return super().eventFilter(watched, event)

    def _leave(self) -> None:
        self.flush()
        self.left.emit()

    def _attested_typed(self, day: object) -> None:
        if self._part is not None:
            self.attested_changed.emit(self._part.id, day)
