"""The practice drill: activities picked at random, a clock that runs, and how long it took before."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mips_desk.domain.audit import Drill, DrillAnswer
from mips_desk.ui.desk import Desk
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, TextRole, font, px
from mips_desk.ui.widgets.buttons import link_button, make_primary, primary_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.choice_box import number_box
from mips_desk.ui.widgets.text import label, rule
from mips_desk.ui.words import count, full_day, shortened

#: Missing things of an answer that are named one by one.
_MOST = 3


class DrillPane(QWidget):
    """Start, the drill that runs, and those before.

    Args:
        desk: the open practice.

    Signals:
        start_wanted(int): pick so many activities.
        answer_wanted(Drill, str): make the answer for an activity.
        give_up_wanted(Drill, str): record that no answer could be made for an activity.
    """

    start_wanted = Signal(int)
    answer_wanted = Signal(object, str)
    give_up_wanted = Signal(object, str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._running: Drill | None = None
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._look)
        content = QVBoxLayout()
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(SPACE_L)
        area = scroll_area(content)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        content.addWidget(self._start_card())
        self._now = Card()
        self._now.setObjectName("drill_running")
        head = QHBoxLayout()
        head.setSpacing(SPACE_L)
        self._clock = label("", TextRole.FIGURE)
        self._clock.setObjectName("drill_clock")
        self._told = label("", TextRole.TEXT, wrap=True)
        head.addWidget(self._clock)
        head.addWidget(self._told, 1)
        self._now.body.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_S)
        self._now.body.addLayout(self._rows)
        content.addWidget(self._now)
        self._before = Card("Drills before")
        self._history = QVBoxLayout()
        self._history.setSpacing(SPACE_S)
        self._before.body.addLayout(self._history)
        content.addWidget(self._before)
        content.addStretch(1)
        self._large()

    def _start_card(self) -> QWidget:
        card = Card("Practice drill")
        card.body.addWidget(
            label(
                "When the letter comes you have 45 days. A drill shows how long you need: MIPS Desk picks activities at"
                " random, as an auditor does, and the clock runs until the package of each is written.",
                TextRole.SECONDARY,
                wrap=True,
            )
        )
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        caption = label("How many activities", TextRole.TEXT)
        self._count = number_box("How many activities", "drill_count", 1, 9)
        caption.setBuddy(self._count)
        self._start = primary_button("Start the drill", "timer", lambda: self.start_wanted.emit(self._count.value()))
        self._start.setObjectName("start_drill")
        row.addWidget(caption)
        row.addWidget(self._count)
        row.addWidget(self._start)
        row.addStretch(1)
        card.body.addLayout(row)
        self._card = card
        return card

    def show_drills(self, drills: Sequence[Drill], titles: dict[int, dict[str, str]], year: int) -> None:
        """Show the drills.

        Args:
            drills: newest first.
            titles: of the activities chosen in each year.
            year: the year in which a new one would pick.
        """
        self._running = next((drill for drill in drills if not drill.finished), None)
        chosen = len(titles.get(year, {}))
        self._count.setMaximum(max(1, chosen))
        self._start.setEnabled(not self._desk.read_only and chosen > 0)
        self._start.setToolTip("" if chosen else f"No activity is chosen for {year}")
        self._card.setVisible(self._running is None)
        self._now.setVisible(self._running is not None)
        _clear(self._rows)
        if self._running is not None:
            self._show_running(self._running, titles.get(self._running.year, {}))
        _clear(self._history)
        done = [drill for drill in drills if drill is not self._running]
        self._before.setVisible(bool(done))
        for place, drill in enumerate(done):
            if place:
                self._history.addWidget(rule())
            self._history.addWidget(_past(drill))
        self._run_clock()

    # ------------------------------------------------------------------ the one that runs

    def _show_running(self, drill: Drill, titles: dict[str, str]) -> None:
        what = count(len(drill.picked), "activity", "activities")
        self._told.setText(
            f"An auditor asks for the proof of {what} of {drill.year}. Started by {drill.started_by},"
            f" {full_day(drill.started_at.date())} {drill.started_at:%H:%M}."
        )
        answers = {answer.activity_id: answer for answer in drill.answers}
        first = True
        for activity_id in drill.picked:
            self._rows.addWidget(rule())
            row = QHBoxLayout()
            row.setSpacing(SPACE_M)
            words = QVBoxLayout()
            words.setSpacing(2)
            words.addWidget(label(activity_id, TextRole.STRONG))
            answer = answers.get(activity_id)
            told = _told(drill, answer) if answer else shortened(titles.get(activity_id, ""), 80)
            words.addWidget(label(told, TextRole.SECONDARY, wrap=True))
            row.addLayout(words, 1)
            if answer is not None:
                row.addWidget(_chip(drill, answer))
            else:
                give_up = link_button("No package can be made", partial(self.give_up_wanted.emit, drill, activity_id))
                give_up.setObjectName(f"give_up_{activity_id}")
                give_up.setAccessibleName(f"No package can be made for {activity_id}")
                make = secondary_button("Make answer…", "", partial(self.answer_wanted.emit, drill, activity_id))
                make.setObjectName(f"drill_answer_{activity_id}")
                make.setAccessibleName(f"Make answer for {activity_id}")
                if first:
                    make_primary(make)
                    first = False
                for button in (give_up, make):
                    button.setEnabled(not self._desk.read_only)
                    row.addWidget(button)
            holder = QWidget()
            holder.setLayout(row)
            row.setContentsMargins(0, 0, 0, 0)
            self._rows.addWidget(holder)

    def _look(self) -> None:
        drill = self._running
        if drill is not None:
            seconds = max(0, int((self._desk.session.now() - drill.started_at).total_seconds()))
            self._clock.setText(clock_words(seconds))
            self._clock.setAccessibleName(f"The drill runs since {duration(seconds)}")

    def _run_clock(self) -> None:
        self._look()
        if self._running is not None and self.isVisible():
            self._tick.start()
        else:
            self._tick.stop()

    def _large(self) -> None:
        self._clock.setFont(font(TextRole.FIGURE, size=34, weight=QFont.Weight.Bold))
        self._clock.setStyleSheet(f"font-size: {px(34)}px;")

    def changeEvent(self, event: QEvent) -> None:
        """The clock follows the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and hasattr(self, "_clock"):
            self._large()

    def showEvent(self, event: QShowEvent) -> None:
        """The clock runs while it is seen."""
        super().showEvent(event)
        self._run_clock()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees the clock."""
        super().hideEvent(event)
        self._tick.stop()


def clock_words(seconds: int) -> str:
    """Return a time as a clock shows it: "12:05", "1:02:05"."""
    hours, rest = divmod(seconds, 3600)
    shown = f"{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
    return f"{hours}:{shown}" if hours else shown


def duration(seconds: int) -> str:
    """Return a duration in words: "48 s", "4 min 12 s", "2 h 5 min", "3 days"."""
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h {seconds % 3600 // 60} min"
    return count(seconds // 86400, "day")


def _chip(drill: Drill, answer: DrillAnswer) -> Chip:
    if not answer.export_id:
        return Chip("no package", Tone.BAD, "circle-alert")
    tone, icon = (Tone.WARN, "triangle-alert") if answer.missing else (Tone.OK, "circle-check")
    return Chip(duration(drill.seconds_of(answer)), tone, icon)


def _told(drill: Drill, answer: DrillAnswer) -> str:
    if not answer.missing:
        return f"Answered after {duration(drill.seconds_of(answer))}, and nothing was missing."
    more = len(answer.missing) - _MOST
    missing = " ".join(answer.missing[:_MOST]) + (f" And {more} more." if more > 0 else "")
    return f"After {duration(drill.seconds_of(answer))}. {missing}"


def _past(drill: Drill) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    head = QHBoxLayout()
    head.setSpacing(SPACE_M)
    took = f" in {duration(drill.seconds)}" if drill.seconds is not None else ""
    head.addWidget(label(f"{full_day(drill.started_at.date())}: {', '.join(drill.picked)}{took}", TextRole.STRONG), 1)
    lacks = len(drill.missing)
    open_ = len(drill.open)
    if open_:
        head.addWidget(Chip(f"{open_} not answered", Tone.NEUTRAL))
    elif lacks:
        head.addWidget(Chip(f"{count(lacks, 'gap')}", Tone.WARN, "triangle-alert"))
    else:
        head.addWidget(Chip("complete", Tone.OK, "circle-check"))
    column.addLayout(head)
    for answer in drill.answers:
        column.addWidget(label(f"{answer.activity_id}: {_told(drill, answer)}", TextRole.SECONDARY, wrap=True))
    column.addWidget(label(f"Performance year {drill.year}, by {drill.started_by}", TextRole.SECONDARY))
    return made


def _clear(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.setObjectName("")
            old.deleteLater()
