"""The left pane of the Evidence room: the checklist, and whether the proof will pass."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from mips_desk.domain.activity import PeriodKind
from mips_desk.domain.readiness import Lack, Missing, OptionState
from mips_desk.services.overview import SelectionView
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_S, SPACE_XS, TextRole, px
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.line_button import LineButton
from mips_desk.ui.widgets.text import card_title, label
from mips_desk.ui.words import count, span

#: Width of the pane in logical pixels at 100 %.
WIDTH = 244


class ChecklistPane(Card):
    """The options with their state, and what is left.

    Signals:
        option_chosen(str): new pictures shall go to the option with this key.
        missing_chosen(Missing): go to where this can be done.
    """

    option_chosen = Signal(str)
    missing_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margin=2, parent=parent)
        self.setObjectName("checklist")
        column = QVBoxLayout()
        column.setContentsMargins(px(12), px(14), px(10), px(12))
        column.setSpacing(SPACE_S)
        column.addWidget(card_title("Checklist"))
        self._need = label("", TextRole.SECONDARY, wrap=True)
        column.addWidget(self._need)
        self._options = QVBoxLayout()
        self._options.setSpacing(SPACE_XS + 2)
        column.addLayout(self._options)
        column.addSpacing(SPACE_S + 2)
        column.addWidget(card_title("Will it pass?"))
        self._checks = QVBoxLayout()
        self._checks.setSpacing(2)
        column.addLayout(self._checks)
        column.addStretch(1)
        area: QScrollArea = scroll_area(column)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(area)

    def show_part(self, part: SelectionView, current: str) -> None:
        """Show a selection.

        Args:
            part: the selection.
            current: key of the option that new pictures go to.
        """
        guidance = part.activity.guidance
        self._need.setText(guidance.need_in_words)
        focused = next((b.objectName() for b in self.findChildren(LineButton) if b.hasFocus()), "")
        _clear(self._options)
        enough = sum(state.met for state in part.readiness.options) >= guidance.need
        for state in part.readiness.options:
            icon, tone, words = _state(state, enough=enough)
            key = state.option.key
            row = LineButton(icon, tone, state.option.label, words, strong=True, framed=True)
            row.setObjectName(f"option_{key}")
            row.setCheckable(True)
            row.setChecked(key == current)
            row.setToolTip(state.option.detail)
            row.setAccessibleDescription(f"{words}. {state.option.detail}")
            row.clicked.connect(partial(self._choose, key))
            self._options.addWidget(row)
        _clear(self._checks)
        for done in _done(part):
            self._add_check("check", "ok", done, None)
        for missing in part.readiness.missing:
            self._add_check("triangle-alert", "warn", missing.text, missing)
        if focused and (again := self.findChild(LineButton, focused)) is not None:
            again.setFocus()

    def _choose(self, key: str, _checked: bool = False) -> None:
        self.option_chosen.emit(key)

    def _add_check(self, icon: str, tone: str, words: str, missing: Missing | None) -> None:
        line = LineButton(icon, tone, words)
        if missing is None:
            line.setEnabled(False)
            line.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            line.setCursor(Qt.CursorShape.ArrowCursor)
        else:
            line.setObjectName(f"missing_{missing.lack}_{missing.evidence_id}")
            line.clicked.connect(lambda _checked=False, missing=missing: self.missing_chosen.emit(missing))
        self._checks.addWidget(line)


def open_option(part: SelectionView, chosen: str) -> str:
    """Return the option that new pictures go to: the chosen one, else the first that is needed and not met.

    Args:
        part: the selection.
        chosen: key that the person chose; empty for none.
    """
    options = part.activity.guidance.options
    if part.activity.guidance.option(chosen) is not None:
        return chosen
    open_lack = next((missing.option_key for missing in part.readiness.missing if missing.lack is Lack.OPTION), "")
    started = [state for state in part.readiness.options if state.items]
    # The one that is being worked on: with something left to do, else with the most pictures.
    started.sort(key=lambda state: (state.complete == state.items, -state.items))
    return open_lack or (started[0].option.key if started else options[0].key if options else "")


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.setObjectName("")
            old.deleteLater()


def _state(state: OptionState, *, enough: bool) -> tuple[str, str, str]:
    """Return icon, tone and words of an option."""
    open_items = state.items - state.complete
    if state.items:
        words = count(state.items, "item")
        if open_items:
            words += f", {open_items} not complete" if state.complete else ", not complete"
        return ("circle-check", "ok", words) if state.met else ("circle-dot", "warn", words)
    if state.option.required:
        return "circle", "ink3", "required, nothing yet"
    return "circle", "ink3", "not needed, makes it stronger" if enough else "nothing yet"


def _done(part: SelectionView) -> list[str]:
    """Return what is right already, one short line each."""
    lacks = {missing.lack for missing in part.readiness.missing}
    done = []
    period = part.selection.period
    if period is not None and not lacks & {Lack.PERIOD, Lack.PERIOD_SHORT, Lack.PERIOD_OUTSIDE}:
        done.append(f"Period {span(period.start, period.end)}, {count(period.days, 'day')}")
    if part.uses and Lack.DATES not in lacks:
        done.append(f"{count(len(part.use_summary.dates), 'date')} of use logged")
    items = part.evidence
    if items:
        complete = sum(not part.lacks(item) for item in items)
        if complete == len(items):
            done.append(f"{count(len(items), 'item')} complete and looked at")
        dated = [item for item in items if item.shows_date is not None]
        continuous = part.activity.guidance.period.kind is PeriodKind.CONTINUOUS_DAYS
        if len(dated) == len(items) and continuous and period and all(i.shows_date in period for i in dated):
            done.append("All dates inside the period")
    if part.readiness.complete:
        done.append("Nothing is missing")
    return done
