"""Home: what is left, how far we are, what to do next."""

from datetime import datetime

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout

from mips_desk.domain.period import last_start
from mips_desk.domain.practice import SpecialStatus, Track
from mips_desk.services.overview import Task, YearView
from mips_desk.ui import words
from mips_desk.ui.desk import Desk
from mips_desk.ui.pages.home_audit import AuditLine
from mips_desk.ui.pages.home_cards import AddCard, CardGrid, FiguresCard, SelectionCard
from mips_desk.ui.pages.home_care import CareCard
from mips_desk.ui.pages.room_page import RoomPage
from mips_desk.ui.pages.score_trace import ScoreTraceDialog
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import SPACE_L, SPACE_M, px
from mips_desk.ui.widgets.buttons import link_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.row_list import Row, RowList
from mips_desk.ui.widgets.text import hint

#: Lines of "What is left" shown at once; the rest is one click away.
SHOWN_TASKS = 5
#: Width in logical pixels at 100 % below which "What is left" stands below the gauge.
NARROW_BELOW = 800

_BUTTONS = {
    "choose": "Choose",
    "evidence": "Open",
    "annotator": "Open",
    "dates": "Open",
    "binder": "Open",
    "settings": "Open",
}


class HomePage(RoomPage):
    """The first room."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Home")
        self.setObjectName("home_page")
        self._all_tasks = False
        self._provisional = Note("", Tone.WARN)
        self._provisional.setObjectName("provisional")
        self.body.addWidget(self._provisional)
        self._closed = Note("", Tone.NEUTRAL)
        self._closed.setObjectName("year_closed")
        self.body.addWidget(self._closed)
        self._audit = AuditLine(desk)
        self.body.addWidget(self._audit)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(SPACE_L)
        self._figures = FiguresCard()
        self._top.addWidget(self._figures)
        self._left = Card("What is left")
        self._left.setObjectName("what_is_left")
        self._rows = RowList()
        self._rows.setObjectName("tasks")
        self._rows.activated.connect(self._open_task)
        binder = secondary_button("Open the binder", "file-text", lambda: self.desk.open_room(Room.BINDER))
        binder.setObjectName("open_binder")
        self._done = EmptyState("circle-check", "", "", binder)
        self._more = link_button("", self._toggle_tasks)
        self._more.setObjectName("more_tasks")
        self._left.body.addWidget(self._rows)
        self._left.body.addWidget(self._done)
        more_row = QHBoxLayout()
        more_row.addWidget(self._more)
        more_row.addStretch(1)
        self._left.body.addLayout(more_row)
        self._top.addWidget(self._left, 1)
        self.body.addLayout(self._top)
        self._grid = CardGrid(SPACE_L)
        self._add = AddCard(self._grid)
        self._add.choose_requested.connect(lambda: self.desk.open_room(Room.CHOOSE))
        self.body.addWidget(self._grid)
        self._care = CareCard(desk)
        self.body.addWidget(self._care)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_M)
        self._scale = hint("")
        foot.addWidget(self._scale, 1)
        self._trace = link_button("How this score is made", self._show_trace)
        self._trace.setObjectName("how_score")
        foot.addWidget(self._trace)
        self.body.addLayout(foot)
        self.body.addStretch(1)

    def arrange(self, width: int) -> None:
        """Put what is left below the gauge where there is no room beside it."""
        narrow = width < px(NARROW_BELOW)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._top.setDirection(way)

    def refresh(self) -> None:
        """Show the year."""
        view = self.view
        self.header.set(
            f"{_greeting(datetime.now().hour)}, {_first_name(self.desk.session.person)}",
            f"Performance year {view.year}. {view.gauge.sentence}",
        )
        # A year without a final rule is never shown as if it were settled.
        text = f"The rules of {view.year} are provisional: no final rule was out yet. Activities and credit may change."
        self._provisional.set(text if view.rules.provisional else "")
        self._provisional.setToolTip(view.rules.status_note)
        self._closed.set(_closed_words(view))
        self._audit.refresh()
        self._figures.set_view(view)
        self._show_tasks(view)
        self._add.set_view(view)
        self._care.refresh()
        cards = [SelectionCard(part, view) for part in view.selections]
        for card, part in zip(cards, view.selections, strict=True):
            card.clicked.connect(lambda part=part: self.desk.open_room(Room.EVIDENCE, part.id))
        needed = view.gauge.planned < view.gauge.target and view.closed is None
        self._add.setVisible(needed)
        self._grid.set_cards([*cards, self._add] if needed else list(cards))
        self._scale.setText(f"{_scale_words(view)} {_last_start_words(view)}".strip())

    def _show_tasks(self, view: YearView) -> None:
        count = len(view.tasks)
        shown = count if self._all_tasks or count <= SHOWN_TASKS + 1 else SHOWN_TASKS
        self._rows.set_rows([_row(place, task) for place, task in enumerate(view.tasks[:shown])])
        self._rows.setVisible(bool(count))
        self._done.setVisible(not count)
        if view.closed is not None:
            self._done.set_words(f"{view.year} is closed", "Its binder can still be made.")
        else:
            self._done.set_words("Nothing is left", "Every activity you chose has its proof.")
        self._more.setVisible(count > SHOWN_TASKS + 1)
        text = "Show the first five" if shown == count else f"Show all {count}"
        self._more.setText(text)
        self._more.setAccessibleName(f"{text} tasks")

    def _toggle_tasks(self) -> None:
        self._all_tasks = not self._all_tasks
        self._show_tasks(self.view)

    def _open_task(self, key: str) -> None:
        task = self.view.tasks[int(key)]
        self.desk.open_room(task.room, task.selection_id, task.evidence_id)

    def _show_trace(self) -> None:
        ScoreTraceDialog(self.view, self).open()


def _closed_words(view: YearView) -> str:
    """Say that the year is closed, when it is."""
    if view.closed is None:
        return ""
    day = words.full_day(view.closed.at.date())
    return f"{view.year} was closed on {day} by {view.closed.by}. Nothing in it can be changed."


def _row(place: int, task: Task) -> Row:
    tone = Tone.NEUTRAL
    if task.urgent:
        tone = Tone.WARN if task.chip.endswith("left") else Tone.BAD
    return Row(
        str(place), task.text.rstrip("."), words.shortened(task.detail, 66), _BUTTONS[task.room], task.chip, tone
    )


def _greeting(hour: int) -> str:
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


def _first_name(person: str) -> str:
    first = person.split()[0] if person.split() else person
    return person if first.endswith(".") else first


def _scale_words(view: YearView) -> str:
    """Say what an activity earns for this practice, with the citation."""
    profile, rules = view.profile, view.rules
    if profile.track is rules.assigned.track:
        return ""
    scale = rules.scale(profile.track, profile.special_statuses)
    if scale.each:
        need = "One activity gives" if view.gauge.target == 1 else f"{view.gauge.target} activities give"
        return f"{_why(view)}{need} full credit ({rules.source('R1.5')})."
    rule = "R1.8" if profile.track is Track.MVP else "R1.3" if profile.special_statuses else "R1.2"
    text = f"a medium activity earns {scale.medium}, a high one {scale.high} of {view.gauge.target} points"
    why = _why(view)
    return f"{why}{text if why else text[0].upper() + text[1:]} ({rules.source(rule)})."


def _why(view: YearView) -> str:
    if view.profile.track is Track.MVP:
        return "In an MVP "
    statuses = [status.label for status in SpecialStatus if status in view.profile.special_statuses]
    return f"{statuses[0]}: " if statuses and not view.gauge.counts_activities else ""


def _last_start_words(view: YearView) -> str:
    """Say until when a period can start, while that day is ahead."""
    days = view.rules.min_days
    last = last_start(view.year, days)
    if last < view.today:
        return ""
    return f"The last day to start a {days}-day period is {words.long_day(last)} ({words.days_left(last, view.today)})."
