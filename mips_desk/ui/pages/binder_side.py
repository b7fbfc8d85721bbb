"""The right pane of the Binder room: what an auditor would ask back, one activity in words, and the options."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QMenu,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mips_desk.binder.content import Paper
from mips_desk.binder.outline import Check, State
from mips_desk.domain.evidence import Export
from mips_desk.services.drafts import DraftKind
from mips_desk.services.overview import SelectionView, YearView
from mips_desk.ui.drafts import Drafts, Typing
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_M, SPACE_S, TextRole, px
from mips_desk.ui.widgets.buttons import ChooserButton
from mips_desk.ui.widgets.card import Card, field
from mips_desk.ui.widgets.date_field import DateField
from mips_desk.ui.widgets.empty_state import Skeleton
from mips_desk.ui.widgets.keyboard import has_keyboard
from mips_desk.ui.widgets.line_button import LineButton
from mips_desk.ui.widgets.text import card_title, label
from mips_desk.ui.words import count, full_day

#: Width of the pane in logical pixels at 100 %.
WIDTH = 286


@dataclass(frozen=True, slots=True)
class BinderOptions:
    """What to print.

    Attributes:
        activities: identifiers of the activities; empty: all chosen ones.
        paper: paper size.
        sign_off: a signature block for every activity.
        journal_extract: the newest journal entries.
    """

    activities: tuple[str, ...] = ()
    paper: Paper = Paper.LETTER
    sign_off: bool = True
    journal_extract: bool = True


class SidePane(Card):
    """Checks, one activity, options, the last export.

    Signals:
        check_chosen(Check): go to where this can be answered.
        options_changed(BinderOptions): print something else.
        story_changed(str, str): id of a selection and how it was done.
        attested_changed(str, object): id of a selection and the day it was reported to CMS, or None.
    """

    check_chosen = Signal(object)
    options_changed = Signal(object)
    story_changed = Signal(str, str)
    attested_changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margin=2, parent=parent)
        self._read_only = False
        self._options = BinderOptions()
        self._part: SelectionView | None = None
        self._typing: Typing | None = None
        self._activities: dict[str, QAction] = {}
        column = QVBoxLayout()
        column.setContentsMargins(px(14), px(14), px(12), px(14))
        column.setSpacing(SPACE_S)
        column.addWidget(card_title("What an auditor would ask back"))
        self._loading = Skeleton(3)
        column.addWidget(self._loading)
        self._nothing = label("Nothing. The binder is complete.", TextRole.SECONDARY, wrap=True, tone="ok")
        self._nothing.setObjectName("nothing_asked")
        column.addWidget(self._nothing)
        self._checks = QVBoxLayout()
        self._checks.setSpacing(2)
        column.addLayout(self._checks)
        column.addSpacing(SPACE_M)
        self._add_activity(column)
        column.addSpacing(SPACE_M)
        self._add_options(column)
        column.addStretch(1)
        column.addSpacing(SPACE_S)
        self._last = label("", TextRole.HINT, wrap=True)
        self._last.setObjectName("last_export")
        column.addWidget(self._last)
        area: QScrollArea = scroll_area(column)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(area)
        self.show_checks(None)

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

    @property
    def options(self) -> BinderOptions:
        """What to print."""
        return self._options

    def show_checks(self, checks: Sequence[Check] | None) -> None:
        """Show what an auditor would ask back; None: it is not known yet, so nothing is claimed."""
        while (item := self._checks.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.setObjectName("")
                old.deleteLater()
        for place, check in enumerate(checks or ()):
            gap = check.state is State.GAP
            where, found, what = check.text.partition(": ")
            title, text = (where, what) if found else (check.text, "")
            icon, tone = ("circle-alert", "bad") if gap else ("triangle-alert", "warn")
            line = LineButton(icon, tone, title, text, strong=bool(text))
            line.setAccessibleName(check.text)
            line.setObjectName(f"check_{place}")
            line.clicked.connect(lambda _checked=False, check=check: self.check_chosen.emit(check))
            self._checks.addWidget(line)
        self._loading.setVisible(checks is None)
        self._nothing.setVisible(checks is not None and not checks)

    def show_year(self, view: YearView, exports: Sequence[Export]) -> None:
        """Show the activities to choose from and the last export."""
        ids = [part.activity.id for part in view.selections]
        if ids != list(self._activities):
            self._menu.clear()
            self._activities = {}
            self._options = replace(self._options, activities=())
            for part in view.selections:
                title = f"{part.activity.id}  ·  {part.activity.title}".replace("&", "&&")
                action = self._menu.addAction(title)
                action.setCheckable(True)
                action.setChecked(True)
                action.triggered.connect(self._options_chosen)
                self._activities[part.activity.id] = action
        self._show_activities()
        same = view.selection(self._part.id) if self._part is not None else None
        self.show_part(same or (view.selections[0] if view.selections else None))
        last = exports[-1] if exports else None
        words = "Not exported yet." if last is None else _last_words(last)
        self._last.setText(f"{words} Every export is recorded, so that the file can be recognized later.")

    def show_part(self, part: SelectionView | None) -> None:
        """Show what was written about an activity; what is being typed about another one is saved first."""
        other = part is None or self._part is None or part.id != self._part.id
        if other:
            self.flush()
        self._part = part
        self._about.setVisible(part is not None)
        if part is None:
            return
        self._about_title.setText(f"{part.activity.id} in your words")
        story = part.selection.story
        if self._story.toPlainText() != story and (other or not has_keyboard(self._story)):
            self._story.setPlainText(story)
        self._attested.set_date(part.selection.attested_on, part.selection.year + 1)
        if self._typing is not None:
            self._typing.bring_back()

    def set_read_only(self, on: bool) -> None:
        """Let nothing be changed about the activities, or everything; options stay."""
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

    def _add_activity(self, column: QVBoxLayout) -> None:
        self._about = QWidget()
        inside = QVBoxLayout(self._about)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE_S)
        self._about_title = card_title("")
        inside.addWidget(self._about_title)
        self._story = QPlainTextEdit()
        self._story.setObjectName("story")
        self._story.setPlaceholderText("What you did, who did it, since when")
        self._story.setTabChangesFocus(True)
        self._story.setFixedHeight(px(92))
        self._story.installEventFilter(self)
        inside.addWidget(field("How it was done", self._story))
        self._attested = DateField(2000)
        self._attested.setObjectName("attested_on")
        self._attested.date_changed.connect(self._attested_typed)
        inside.addWidget(field("Reported to CMS on", self._attested))
        column.addWidget(self._about)

    def _add_options(self, column: QVBoxLayout) -> None:
        column.addWidget(card_title("Options"))
        self._menu = QMenu(self)
        self._which = ChooserButton(self._menu)
        self._which.setObjectName("which_activities")
        column.addWidget(self._which)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        self._papers = QButtonGroup(self)
        self._paper: dict[Paper, QRadioButton] = {}
        for paper, words in ((Paper.LETTER, "Letter"), (Paper.A4, "A4")):
            button = QRadioButton(words)
            button.setObjectName(f"paper_{paper}")
            button.setChecked(paper is self._options.paper)
            self._papers.addButton(button)
            self._paper[paper] = button
            row.addWidget(button)
            button.clicked.connect(self._options_chosen)
        row.addStretch(1)
        column.addLayout(row)
        self._sign_off = QCheckBox("Clinician sign-off")
        self._sign_off.setObjectName("sign_off")
        self._journal = QCheckBox("Journal extract")
        self._journal.setObjectName("journal_extract")
        for box in (self._sign_off, self._journal):
            box.setChecked(True)
            box.clicked.connect(self._options_chosen)
            column.addWidget(box)

    def _options_chosen(self) -> None:
        wanted = tuple(key for key, action in self._activities.items() if action.isChecked())
        paper = next(paper for paper, button in self._paper.items() if button.isChecked())
        everything = len(wanted) in (0, len(self._activities))
        options = BinderOptions(
            () if everything else wanted, paper, self._sign_off.isChecked(), self._journal.isChecked()
        )
        if everything:
            for action in self._activities.values():
                action.setChecked(True)
        if options != self._options:
            self._options = options
            self._show_activities()
            self.options_changed.emit(options)

    def _show_activities(self) -> None:
        chosen, every = len(self._options.activities), len(self._activities)
        words = f"{chosen} of {count(every, 'activity', 'activities')}" if chosen else "All activities"
        self._which.set_choice("Activities to print", words, "\n".join(self._options.activities))
        self._which.setEnabled(every > 1)

    def _attested_typed(self, day: object) -> None:
        if self._part is not None:
            self.attested_changed.emit(self._part.id, day)


def _last_words(export: Export) -> str:
    return f"Last export {full_day(export.at.date())}, {count(export.pages, 'page')}, by {export.person}."
