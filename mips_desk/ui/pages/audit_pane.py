"""One audit on the screen: its clock, its requests, and at the right the one that is selected."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from mips_desk.domain.audit import RequestState, Sent
from mips_desk.services.auditing import AuditView, RequestView
from mips_desk.ui.desk import Desk
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.pages.records_years import is_manager
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, TextRole, px
from mips_desk.ui.widgets.buttons import action_button, icon_button, primary_button, secondary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.flow_layout import FlowLayout
from mips_desk.ui.widgets.line_button import LineButton
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import card_title, label, rule
from mips_desk.ui.widgets.two_line_list import Line, TwoLineList
from mips_desk.ui.words import full_day

from .audit_clock import DaysLeft

#: Width of the pane below which the request stands under the list, in logical pixels at 100 %.
_SPREAD_FROM = 820
_TONES = {
    RequestState.OPEN: Tone.WARN,
    RequestState.PREPARING: Tone.ACCENT,
    RequestState.SENT: Tone.OK,
    RequestState.WITHDRAWN: Tone.NEUTRAL,
}
_ICONS = {
    RequestState.OPEN: "circle-dot",
    RequestState.PREPARING: "pencil",
    RequestState.SENT: "circle-check",
    RequestState.WITHDRAWN: "circle-minus",
}


class AuditPane(QWidget):
    """The audit. What is to be done is asked for by signals; the part of the room does it.

    Args:
        desk: the open practice.
        add: the command that adds a request.

    Signals:
        notice_wanted(): change the notice.
        close_wanted(): close the audit.
        reopen_wanted(): let a closed one run again.
        package_wanted(RequestView): make the package for a request.
        sent_wanted(RequestView): record what was sent.
        change_wanted(RequestView): change a request.
        state_wanted(str, RequestState): set where a request stands.
        activity_wanted(int, str): show the proof of an activity of a year.
    """

    notice_wanted = Signal()
    close_wanted = Signal()
    reopen_wanted = Signal()
    package_wanted = Signal(object)
    sent_wanted = Signal(object)
    change_wanted = Signal(object)
    state_wanted = Signal(str, object)
    activity_wanted = Signal(int, str)

    def __init__(self, desk: Desk, add: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._view: AuditView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_L)
        column.addWidget(self._head())
        self._list = TwoLineList("Requests of the audit", "request_list")
        self._list.setProperty("ring", True)
        self._list.selectionModel().currentChanged.connect(lambda _now, _before: self._show_request())
        listed = Card("What is asked for")
        self._rows = QStackedWidget()
        self._rows.addWidget(self._list)
        first = action_button(add, "primary")
        first.setObjectName("add_first_request")
        self._rows.addWidget(
            EmptyState(
                "list-checks",
                "No request is entered yet",
                "Enter each thing that the letter asks for. Each one gets its own package and its own cover letter.",
                first,
            )
        )
        listed.body.addWidget(self._rows, 1)
        self._listed = listed
        self._details = Card(margin=2)
        self._details.setObjectName("request_details")
        self._facts = QVBoxLayout()
        self._facts.setContentsMargins(px(16), px(14), px(14), px(14))
        self._facts.setSpacing(SPACE_S)
        area = scroll_area(self._facts)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._details.body.addWidget(area)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(SPACE_L)
        self._row.addWidget(listed, 2)
        self._row.addWidget(self._details, 3)
        column.addLayout(self._row, 1)

    @property
    def request(self) -> RequestView | None:
        """The request that is selected."""
        key = self._list.current_key
        found = self._view.requests if self._view is not None else ()
        return next((each for each in found if each.id == key), None)

    def show_audit(self, view: AuditView) -> None:
        """Show an audit; the same request stays selected."""
        chosen = self._list.current_key
        self._view = view
        self._fill_head(view)
        self._list.lines.set_lines([_line(each) for each in view.requests])
        self._rows.setCurrentIndex(0 if view.requests else 1)
        if view.requests:
            ids = [each.id for each in view.requests]
            first = next((place for place, each in enumerate(view.requests) if not each.request.state.settled), 0)
            place = ids.index(chosen) if chosen in ids else first
            self._list.setCurrentIndex(self._list.lines.index(place, 0))
        self._show_request()

    def pick(self, request_id: str) -> None:
        """Select a request."""
        for place, line in enumerate(self._list.lines.lines):
            if line.key == request_id:
                self._list.setCurrentIndex(self._list.lines.index(place, 0))

    def arrange(self, width: int) -> None:
        """Put the request beside the list, or below it where there is no room."""
        narrow = width < px(_SPREAD_FROM)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._listed.setMinimumHeight(px(190) if narrow else 0)
        self._details.setMinimumHeight(px(300) if narrow else 0)

    # ------------------------------------------------------------------ head

    def _head(self) -> QWidget:
        card = Card()
        card.setObjectName("audit_head")
        row = QHBoxLayout()
        row.setSpacing(SPACE_L + SPACE_S)
        self._clock = DaysLeft()
        row.addWidget(self._clock, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(px(3))
        self._due = label("", TextRole.CARD_TITLE, wrap=True)
        self._due.setObjectName("audit_due")
        self._sentence = label("", TextRole.TEXT, wrap=True)
        self._sentence.setObjectName("audit_sentence")
        self._about = label("", TextRole.SECONDARY, wrap=True)
        for each in (self._due, self._sentence, self._about):
            words.addWidget(each)
        words.addStretch(1)
        row.addLayout(words, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(SPACE_S)
        self._change = secondary_button("Change the notice…", "pencil", self.notice_wanted.emit)
        self._change.setObjectName("change_notice")
        self._close = secondary_button("Close the audit…", "circle-check", self.close_wanted.emit)
        self._close.setObjectName("close_audit_button")
        self._reopen = secondary_button("Reopen the audit", "undo-2", self.reopen_wanted.emit)
        self._reopen.setObjectName("reopen_audit")
        for button in (self._change, self._close, self._reopen):
            buttons.addWidget(button)
        buttons.addStretch(1)
        row.addLayout(buttons)
        card.body.addLayout(row)
        return card

    def _fill_head(self, view: AuditView) -> None:
        audit, closed = view.audit, view.audit.closed_at is not None
        self._clock.set_clock(view.clock, audit.days)
        self._due.setText("This audit is closed" if closed else f"Answer by {full_day(audit.due)}")
        # The day stands above already, where it is that of the audit.
        known = view.clock.sentence if view.clock is not None else ""
        self._sentence.setText(view.sentence.removesuffix(known).strip() or view.sentence)
        years = ", ".join(str(year) for year in audit.years)
        facts = [f"Letter of {full_day(audit.letter_on)} from {audit.sender}"]
        if audit.reference:
            facts.append(audit.reference)
        facts.append(f"asks about {years}")
        text = " · ".join(facts)
        self._about.setText(f"{text}\n{audit.note}" if audit.note else text)
        manager = is_manager(self._desk)
        self._change.setVisible(not closed)
        self._change.setEnabled(not self._desk.read_only)
        self._close.setVisible(not closed)
        self._close.setEnabled(manager)
        self._close.setToolTip("" if manager else "Only a manager can close it")
        self._reopen.setVisible(closed)
        self._reopen.setEnabled(manager)

    # ------------------------------------------------------------------ the request

    def _show_request(self) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.setObjectName("")
                old.deleteLater()
        view = self.request
        self._details.setVisible(view is not None)
        if view is None:
            return
        request = view.request
        self._facts.addWidget(self._title(view))
        self._facts.addWidget(label(request.text, TextRole.TEXT, wrap=True))
        late = view.clock is not None and view.clock.days_left < 0
        words = view.clock.sentence if view.clock is not None else f"Last day: {full_day(view.due)}."
        self._facts.addWidget(label(words, TextRole.SECONDARY, wrap=True, tone="bad" if late else ""))
        if request.note:
            self._facts.addWidget(label(request.note, TextRole.SECONDARY, wrap=True))
        if view.warning:
            warning = Note("", Tone.WARN)
            self._facts.addWidget(warning)
            warning.set(view.warning)
        self._facts.addWidget(self._buttons(view))
        self._facts.addWidget(rule())
        what = request.activities or (f"All activities of {request.year}",)
        self._facts.addWidget(label(f"It asks for, in {request.year}", TextRole.SECONDARY))
        for activity_id in what:
            line = LineButton("list-checks", "ink2", activity_id)
            line.setObjectName(f"request_activity_{activity_id}" if request.activities else "request_all")
            line.clicked.connect(lambda _on=False, key=activity_id: self.activity_wanted.emit(request.year, key))
            self._facts.addWidget(line)
        self._facts.addWidget(rule())
        self._facts.addWidget(card_title("What was sent"))
        for sent in view.sent:
            self._facts.addWidget(_sent(sent))
        if not view.sent:
            self._facts.addWidget(label("Nothing yet.", TextRole.SECONDARY))
        self._facts.addStretch(1)

    def _title(self, view: RequestView) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_M)
        number, state = view.request.number, view.request.state
        row.addWidget(card_title(f"Request {number}"))
        chip = Chip(state.label, _TONES[state], _ICONS[state])
        chip.setObjectName("request_state")
        row.addWidget(chip)
        row.addStretch(1)
        if view.audit.closed_at is None:
            change = icon_button(f"Change request {number}…", "pencil", partial(self.change_wanted.emit, view))
            change.setObjectName("change_request")
            change.setEnabled(not self._desk.read_only)
            row.addWidget(change)
        return made

    def _buttons(self, view: RequestView) -> QWidget:
        made = QWidget()
        row = FlowLayout(made, SPACE_S)
        state, running = view.request.state, view.audit.closed_at is None
        withdrawn = state is RequestState.WITHDRAWN
        make = primary_button if state in (RequestState.OPEN, RequestState.PREPARING) and running else secondary_button
        if not withdrawn:
            package = make("Make the package…", "package", partial(self.package_wanted.emit, view))
            package.setObjectName("make_package")
            package.setAccessibleName(f"Make the package for request {view.request.number}")
            row.addWidget(package)
        writes = []
        if running:
            if not withdrawn:
                writes.append(("Record as sent…", "record_sent", partial(self.sent_wanted.emit, view)))
            for words, key, wanted in _STEPS.get(state, ()):
                writes.append((words, key, partial(self.state_wanted.emit, view.id, wanted)))
        for words, key, act in writes:
            button = secondary_button(words, on_click=act)
            button.setObjectName(key)
            button.setEnabled(not self._desk.read_only)
            row.addWidget(button)
        return made


_STEPS = {
    RequestState.OPEN: (
        ("Start preparing", "state_preparing", RequestState.PREPARING),
        ("Withdraw", "state_withdrawn", RequestState.WITHDRAWN),
    ),
    RequestState.PREPARING: (
        ("Back to open", "state_open", RequestState.OPEN),
        ("Withdraw", "state_withdrawn", RequestState.WITHDRAWN),
    ),
    RequestState.SENT: (("They asked back", "state_preparing", RequestState.PREPARING),),
    RequestState.WITHDRAWN: (("Open again", "state_open", RequestState.OPEN),),
}


def _sent(sent: Sent) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, px(4))
    column.setSpacing(0)
    column.addWidget(label(sent.file_name, TextRole.STRONG, wrap=True))
    words = f"{full_day(sent.on)} · {sent.how} · written down by {sent.by}"
    column.addWidget(label(words, TextRole.SECONDARY, wrap=True))
    if sent.note:
        column.addWidget(label(sent.note, TextRole.SECONDARY, wrap=True))
    if sent.sha256:
        shown = label(f"sha256 {sent.sha256[:16]}…", TextRole.MONO)
        shown.setToolTip(sent.sha256)
        column.addWidget(shown)
    return made


def _line(view: RequestView) -> Line:
    request = view.request
    what = ", ".join(request.activities) or f"all of {request.year}"
    when = "" if request.state.settled else f" · by {full_day(view.due)}"
    tone = _TONES[request.state].ink
    return Line(view.id, f"{request.number}  {request.text}", f"{what}{when}", request.state.label, tone)
