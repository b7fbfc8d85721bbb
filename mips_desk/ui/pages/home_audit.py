"""Home: one line while an audit runs, with the days left; it leads to the audit."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mips_desk.services import auditing
from mips_desk.services.auditing import AuditView
from mips_desk.ui.desk import Desk
from mips_desk.ui.rooms import Room
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.line_button import LineButton
from mips_desk.ui.words import full_day

from .audit_clock import WARN_BELOW


class AuditLine(Card):
    """Shown only while an audit runs.

    Args:
        desk: the open practice.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(margin=8, parent=parent)
        self.setObjectName("home_audit")
        self._desk = desk
        self._line: LineButton | None = None
        self._lines = QVBoxLayout()
        self.body.addLayout(self._lines)
        self.hide()

    def refresh(self) -> None:
        """Look for an audit that runs."""
        session = self._desk.session
        self._desk.jobs.work(lambda _: auditing.audits(session), initiator=self, on_success=self._show)

    def _show(self, audits: tuple[AuditView, ...]) -> None:
        running = [view for view in audits if view.clock is not None]
        self.setVisible(bool(running))
        if self._line is not None:
            self._line.hide()
            self._line.setObjectName("")
            self._line.deleteLater()
            self._line = None
        if not running:
            return
        # The one that is due first.
        view = min(running, key=lambda each: each.audit.due)
        left = min([each.clock.days_left for each in view.open if each.clock is not None], default=WARN_BELOW)
        tone = "bad" if left < 0 else "warn" if left < WARN_BELOW else "accent"
        title = f"Audit, letter of {full_day(view.audit.letter_on)}: {view.sentence}"
        line = self._line = LineButton("mail-open", tone, title, strong=True)
        line.setObjectName("open_audit")
        line.clicked.connect(lambda _checked=False: self._desk.open_room(Room.BINDER, part="audit"))
        self._lines.addWidget(line)
        line.show()
