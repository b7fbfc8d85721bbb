"""The part of the Binder room for the day the auditor writes: audits with their requests, and practice drills."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from mips_desk.domain.audit import Drill, RequestState
from mips_desk.services import auditing
from mips_desk.services.audit_desk import AuditDesk, audit_desk
from mips_desk.services.auditing import AuditView, RequestView
from mips_desk.services.changes import Changed, Changes
from mips_desk.services.session import Session
from mips_desk.ui.actions import make_action
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.messages import Question
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import SPACE_M, TextRole, px
from mips_desk.ui.widgets.buttons import action_button, primary_button, secondary_button
from mips_desk.ui.widgets.choice_box import ChoiceBox, refill
from mips_desk.ui.widgets.empty_state import EmptyState, Skeleton
from mips_desk.ui.widgets.text import label
from mips_desk.ui.words import full_day

from .audit_answer import Answer, AnswerDialog, answer_to
from .audit_dialogs import CloseAuditDialog, NoticeDialog, RequestDialog, SentDialog
from .audit_drill import DrillPane
from .audit_pane import AuditPane
from .binder_part import BinderPart, Outside

#: Stands for the drills where audits are named by their identifiers.
DRILLS = "drills"


class AuditPart(BinderPart):
    """Audit mode.

    Args:
        desk: the open practice.
        outside: the system's dialogs and programs.
        parent: where it will stand.
    """

    def __init__(self, desk: Desk, outside: Outside, parent: QWidget | None = None) -> None:
        super().__init__(desk, outside, parent)
        self.setObjectName("binder_audit")
        self._state: AuditDesk | None = None
        self._shown = ""
        self._wanted_request = ""
        self._drill = make_action(self, "Practice &drill", self.show_drills, icon_name="timer")
        self._notice = make_action(self, "&Enter the notice…", self.enter_notice, icon_name="mail-open")
        self._add = make_action(self, "Add a &request…", self._add_request, icon_name="plus")
        drill, add = action_button(self._drill), action_button(self._add)
        for button, key in ((drill, "show_drills"), (add, "add_request")):
            button.setObjectName(key)
        self.buttons = (drill, add)
        for action in (self._drill, self._notice, self._add):
            action.setEnabled(False)  # until it is known what there is
        self._build()

    @property
    def audit(self) -> AuditView | None:
        """The audit that is shown."""
        return self._state.audit(self._shown) if self._state is not None else None

    def commands(self) -> Sequence[QAction]:
        """Drill, notice and request."""
        return (self._drill, self._notice, self._add)

    def refresh(self) -> None:
        """Read the audits and drills anew."""
        self.told.emit("Audit", "From the letter to the answer: what is asked for, by when, and what was sent.")
        session = self.desk.session
        self.desk.jobs.work(lambda _: audit_desk(session), initiator=self, on_success=self._show)

    def place(self) -> Target:
        """The request that is selected."""
        request = self._pane.request
        return Target(evidence_id=request.id if request is not None else "")

    def open_link(self, target: Target) -> None:
        """Select a request."""
        self._wanted_request = target.evidence_id
        if self._state is not None:
            self._show(self._state)

    def arrange(self, width: int) -> None:
        """Let the audit arrange its panes."""
        self._pane.arrange(width)

    def show_drills(self) -> None:
        """Show the drills."""
        self._go(DRILLS)

    def enter_notice(self) -> None:
        """Ask for the notice of an audit; it is shown as soon as it is entered."""
        NoticeDialog(self.desk, self).open()

    # ------------------------------------------------------------------ building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_M)
        self._which = ChoiceBox()
        self._which.setObjectName("which_audit")
        self._which.setAccessibleName("Which audit")
        self._which.setMinimumWidth(px(240))
        self._which.activated.connect(lambda _place: self._go(str(self._which.currentData())))
        caption = label("Show", TextRole.SECONDARY)
        caption.setBuddy(self._which)
        row.addWidget(caption)
        row.addWidget(self._which)
        row.addStretch(1)
        notice = action_button(self._notice)
        notice.setObjectName("enter_notice")
        row.addWidget(notice)
        column.addWidget(self._bar)
        self._room = QStackedWidget()
        column.addWidget(self._room, 1)
        self._room.addWidget(Skeleton(4))
        enter = primary_button("Enter the notice…", "mail-open", self.enter_notice)
        enter.setObjectName("enter_first_notice")
        practice = secondary_button("Practice drill", "timer", self.show_drills)
        practice.setObjectName("first_drill")
        both = QWidget()
        pair = QHBoxLayout(both)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(SPACE_M)
        pair.addStretch(1)
        pair.addWidget(enter)
        pair.addWidget(practice)
        pair.addStretch(1)
        self._empty_enter = enter
        empty = QWidget()
        inside = QVBoxLayout(empty)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addStretch(2)
        inside.addWidget(
            EmptyState(
                "mail-open",
                "No audit runs",
                "When the auditor writes, enter the date of the letter: the 45 days count from it. Then list what is"
                " asked for, make one package for each request, and keep what was sent. Until then, a drill shows how"
                " long you would need.",
            )
        )
        inside.addWidget(both)
        inside.addStretch(3)
        self._room.addWidget(empty)
        self._pane = AuditPane(self.desk, self._add)
        self._drills = DrillPane(self.desk)
        self._room.addWidget(self._pane)
        self._room.addWidget(self._drills)
        self._pane.notice_wanted.connect(self._change_notice)
        self._pane.close_wanted.connect(self._close)
        self._pane.reopen_wanted.connect(self._reopen)
        self._pane.package_wanted.connect(self._make_package)
        self._pane.sent_wanted.connect(self._record_sent)
        self._pane.change_wanted.connect(self._change_request)
        self._pane.state_wanted.connect(self._set_state)
        self._pane.activity_wanted.connect(self._show_activity)
        self._drills.start_wanted.connect(self._start_drill)
        self._drills.answer_wanted.connect(self._answer_drill)
        self._drills.give_up_wanted.connect(self._give_up)

    # ------------------------------------------------------------------ what is shown

    def _go(self, shown: str) -> None:
        self._shown = shown
        if self._state is not None:
            self._show(self._state)

    def _show(self, state: AuditDesk) -> None:
        before, self._state = self._state, state
        fresh = [each for each in state.audits if before is not None and before.audit(each.id) is None]
        if fresh:  # it was entered just now
            self._shown = fresh[0].id
        request = self._wanted_request
        owner = next((each for each in state.audits for one in each.requests if one.id == request), None)
        if owner is not None:
            self._shown = owner.id
        if self._shown != DRILLS and state.audit(self._shown) is None:
            self._shown = state.audits[0].id if state.audits else DRILLS if state.drills else ""
        entries: list[tuple[str, object]] = [(_audit_words(each), each.id) for each in state.audits]
        if entries or state.drills or self._shown == DRILLS:
            entries.append(("Practice drills", DRILLS))
        refill(self._which, entries, self._shown)
        self._bar.setVisible(len(entries) > 1)
        view = self.audit
        if self._shown == DRILLS:
            self._drills.show_drills(state.drills, state.titles, self.view.year)
            self._room.setCurrentWidget(self._drills)
        elif view is not None:
            self._pane.show_audit(view)
            if request:
                self._pane.pick(request)
            self._room.setCurrentWidget(self._pane)
        else:
            self._room.setCurrentIndex(1)
        self._wanted_request = ""
        self._offer()

    def _offer(self) -> None:
        """Offer what can be done now."""
        view, writable = self.audit, not self.desk.read_only
        any_shown = view is not None or self._shown == DRILLS
        self._add.setVisible(view is not None and view.audit.closed_at is None)
        self._add.setEnabled(writable)
        self._notice.setVisible(any_shown)
        self._notice.setEnabled(writable)
        self._empty_enter.setEnabled(writable)
        self._drill.setEnabled(True)
        self._drill.setVisible(any_shown and self._shown != DRILLS)

    # ------------------------------------------------------------------ the audit

    def _change_notice(self) -> None:
        if (view := self.audit) is not None:
            NoticeDialog(self.desk, self, view.audit).open()

    def _close(self) -> None:
        if (view := self.audit) is not None:
            CloseAuditDialog(self.desk, self, view).open()

    def _reopen(self) -> None:
        view, session = self.audit, self.desk.session
        if view is not None and self.desk.ask(
            Question(
                "Reopen the audit?", "Its clock runs again. The journal keeps what came of it before.", "Reopen it"
            )
        ):
            self.change(lambda: auditing.reopen(session, view.id))

    def _add_request(self) -> None:
        if (view := self.audit) is not None:
            RequestDialog(self.desk, self, view, self._chosen()).open()

    def _change_request(self, request: RequestView) -> None:
        if (view := self.audit) is not None:
            RequestDialog(self.desk, self, view, self._chosen(), request).open()

    def _chosen(self) -> dict[int, Sequence[tuple[str, str]]]:
        titles = self._state.titles if self._state is not None else {}
        return {year: tuple(chosen.items()) for year, chosen in titles.items()}

    def _set_state(self, request_id: str, state: RequestState) -> None:
        session = self.desk.session
        self.change(lambda: auditing.set_state(session, request_id, state))

    def _make_package(self, request: RequestView) -> None:
        AnswerDialog(self.desk, answer_to(request), self.outside, self).open()

    def _record_sent(self, request: RequestView) -> None:
        exports = self._state.sendable(request) if self._state is not None else ()
        SentDialog(self.desk, self, request, exports).open()

    def _show_activity(self, year: int, activity_id: str) -> None:
        """Show the proof of an activity, in its year."""
        if year != self.desk.year:
            self.desk.set_year(year)
            self.desk.open_room(Room.EVIDENCE)
            return
        part = self.view.chosen(activity_id)
        if part is not None:
            self.desk.open_room(Room.EVIDENCE, part.id)
        else:
            self.desk.room_requested.emit(Room.CHOOSE, Target(activity_id=activity_id))

    # ------------------------------------------------------------------ drills

    def _start_drill(self, number: int) -> None:
        session, year = self.desk.session, self.view.year
        self._drill_act(lambda: auditing.start_drill(session, year, number))

    def _give_up(self, drill: Drill, activity_id: str) -> None:
        session = self.desk.session
        self._drill_act(lambda: auditing.answered(session, drill.id, activity_id, ""))

    def _drill_act(self, act: Callable[[], Drill]) -> None:
        def run(_: object) -> Changes:
            return Changes(Changed.AUDITS, "Practice drill", (act().id,))

        self.desk.jobs.write(run, initiator=self, keep=True)

    def _answer_drill(self, drill: Drill, activity_id: str) -> None:
        def record(session: Session, export_id: str) -> object:
            return auditing.answered(session, drill.id, activity_id, export_id)

        title = f"Make the package for {activity_id}"
        answer = Answer(drill.year, (activity_id,), title, f"MIPS drill {drill.year} {activity_id}", after=record)
        AnswerDialog(self.desk, answer, self.outside, self).open()


def _audit_words(view: AuditView) -> str:
    what = "Audit" if view.audit.closed_at is None else "Closed audit"
    return f"{what}: letter of {full_day(view.audit.letter_on)}"
