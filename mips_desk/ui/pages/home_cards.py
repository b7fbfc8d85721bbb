"""The cards of Home: the figures, one card per selection, and the place for one more."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mips_desk.services.overview import SelectionView, YearView
from mips_desk.ui import words
from mips_desk.ui.theme import SPACE_S, SPACE_XS, TextRole, px
from mips_desk.ui.widgets.buttons import secondary_button
from mips_desk.ui.widgets.card import Card, CardButton
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.gauge import Gauge
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.progress import StepProgress
from mips_desk.ui.widgets.text import label, rule, set_tone


class FiguresCard(Card):
    """The gauge and the three numbers that are never mixed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("figures")
        self.gauge = Gauge()
        self.gauge.setObjectName("gauge")
        self.body.addSpacing(SPACE_XS)
        self.body.addWidget(self.gauge)
        self.body.addSpacing(SPACE_XS)
        self.body.addWidget(rule())
        row = QHBoxLayout()
        row.setContentsMargins(0, SPACE_S, 0, 0)
        self._numbers: dict[str, QLabel] = {}
        for name in ("planned", "proven", "attested"):
            column = QVBoxLayout()
            column.setSpacing(2)
            number = label("0", TextRole.FIGURE)
            number.setObjectName(f"number_{name}")
            number.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            caption = label(name, TextRole.SECONDARY, tone="ink3")
            caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(number)
            column.addWidget(caption)
            row.addLayout(column, 1)
            self._numbers[name] = number
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.advice = Note()
        self.advice.setObjectName("advice")
        self.body.addWidget(self.advice)
        self.setFixedWidth(px(316))

    def set_view(self, view: YearView) -> None:
        """Show a year."""
        gauge = view.gauge
        self.gauge.set_gauge(gauge)
        for name, value in (("planned", gauge.planned), ("proven", gauge.proven), ("attested", gauge.attested)):
            number = self._numbers[name]
            number.setText(str(value))
            number.setAccessibleName(f"{words.amount(gauge, value)} {name}")
            set_tone(number, "ink3" if not value else "accent" if name == "proven" else "")
        self.advice.set(gauge.advice)
        self.setFixedWidth(px(316))


class SelectionCard(CardButton):
    """One selection: id, what it is worth, title, how far its proof is, its period."""

    def __init__(self, part: SelectionView, view: YearView, parent: QWidget | None = None) -> None:
        super().__init__(f"{part.activity.id}, {part.activity.title}", parent)
        self.setObjectName(f"selection_{part.activity.id}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        head = QHBoxLayout()
        head.addWidget(label(part.activity.id, TextRole.MONO))
        head.addStretch(1)
        head.addWidget(_worth(part, view))
        self.body.addLayout(head)
        self.body.addWidget(label(part.activity.title, TextRole.STRONG, wrap=True))
        self.body.addStretch(1)
        ready = part.readiness
        self.body.addWidget(StepProgress("Steps of the proof", ready.done, ready.steps))
        line = f"{ready.done} of {words.count(ready.steps, 'step')} · {period_words(part, view)}"
        self.body.addWidget(label(line, TextRole.SECONDARY, wrap=True))
        self.setAccessibleDescription(f"{line}. {part.not_credited}".strip())
        if part.not_credited:
            self.body.addWidget(Note(part.not_credited, Tone.BAD))


def _worth(part: SelectionView, view: YearView) -> Chip:
    proven = part.readiness.complete
    if part.not_credited:
        return Chip("not counted", Tone.BAD, "circle-alert")
    if view.gauge.counts_activities or not part.points:
        return Chip("proven", Tone.OK, "check") if proven else Chip("planned", Tone.WARN)
    worth = words.count(part.points, "point")
    return Chip(f"{worth}, proven", Tone.OK, "check") if proven else Chip(worth, Tone.WARN)


def period_words(part: SelectionView, view: YearView) -> str:
    """Return where the performance period stands: "Jul 1 – Sep 28, day 81 of 90"."""
    period = part.selection.period
    if period is None:
        last = part.use_summary.last_start
        return f"no period yet, last start {words.short_day(last)}" if last else "no period yet"
    text = words.span(period.start, period.end)
    if view.today in period and view.today != period.end:
        return f"{text}, day {(view.today - period.start).days + 1} of {period.days}"
    return f"{text}, {words.count(period.days, 'day')}"


class AddCard(Card):
    """The place of one more activity.

    Signals:
        choose_requested(): its button.
    """

    choose_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(dashed=True, parent=parent)
        self._button = secondary_button("Choose an activity", "plus", self.choose_requested.emit)
        self._button.setObjectName("choose_activity")
        self._words = label("", TextRole.SECONDARY)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.body.addStretch(1)
        self.body.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(self._words)
        self.body.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(px(120))

    def set_view(self, view: YearView) -> None:
        """Say how much is still needed."""
        missing = view.gauge.target - view.gauge.planned
        if missing <= 0:
            self._words.setText("Full credit is planned already")
        elif view.gauge.counts_activities:
            self._words.setText(f"You need {words.count(missing, 'more activity', 'more activities')}")
        else:
            self._words.setText(f"You need {words.count(missing, 'more point')}")


class CardGrid(QWidget):
    """Cards in as many equal columns as fit; rows are as tall as their tallest card."""

    #: Narrowest card, in logical pixels at 100 %.
    LEAST = 260

    def __init__(self, gap: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(gap)
        self._gap = gap
        self._cards: list[QWidget] = []
        self._columns = 0

    def set_cards(self, cards: list[QWidget]) -> None:
        """Show cards; selection cards shown before are deleted, others are only taken out."""
        for old in self._cards:
            self._grid.removeWidget(old)
            if isinstance(old, SelectionCard):
                old.hide()
                old.deleteLater()
        self._cards = cards
        self._columns = 0
        self._place()

    def resizeEvent(self, event: object) -> None:
        """Break the rows anew where the width asks for it."""
        self._place()

    def _place(self) -> None:
        columns = max(1, min(3, (self.width() + self._gap) // (px(self.LEAST) + self._gap)))
        if columns == self._columns:
            return
        self._columns = columns
        for card in self._cards:
            self._grid.removeWidget(card)
        for place in range(4):
            self._grid.setColumnStretch(place, 1 if place < columns else 0)
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
