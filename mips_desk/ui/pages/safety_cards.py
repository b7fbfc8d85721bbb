"""Settings, Safety: the cards on backups and on the check of the vault."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QWidget

from mips_desk.domain import phrases
from mips_desk.errors import MipsDeskError
from mips_desk.services import backups
from mips_desk.services.backups import BackupListed, BackupMade, BackupPlan
from mips_desk.services.verifying import Verdict
from mips_desk.ui import words
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.pages.records_years import is_manager, managers_hint
from mips_desk.ui.theme import SPACE_M, SPACE_S, px
from mips_desk.ui.widgets.buttons import link_button, secondary_button
from mips_desk.ui.widgets.card import Card, field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.choice_box import ChoiceBox
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.row_list import Row, RowList
from mips_desk.ui.widgets.text import ElidedLabel, hint, label, secondary

#: Choices for backups while the practice is open: words and hours.
_PAUSES = (("Every hour", 1), ("Every 4 hours", 4), ("Once a day", 24), ("Not while it is open", 0))
#: Backups listed at once.
_FEW = 5

PickFolder = Callable[[QWidget], Path | None]


def pick_folder(parent: QWidget) -> Path | None:
    """Ask for the folder of the backups; None when the person thinks better of it."""
    chosen = QFileDialog.getExistingDirectory(parent, "Where shall backups go?")
    return Path(chosen) if chosen else None


class BackupCard(Card):
    """Where backups go, when they are made, which ones there are, and a button to make one now.

    Args:
        desk: the open practice.
        pick: asks for a folder; tests hand in their own.
    """

    def __init__(self, desk: Desk, pick: PickFolder = pick_folder, parent: QWidget | None = None) -> None:
        super().__init__("Backups", parent=parent)
        self.setObjectName("backup_card")
        self._desk, self._pick = desk, pick
        self._plan = BackupPlan()
        self._newest: datetime | None = None
        self._now = secondary_button("Back up now", "hard-drive", self._back_up)
        self._now.setObjectName("back_up_now")
        self.header.addWidget(self._now)
        self._state = Note("", Tone.NEUTRAL)
        self._state.setObjectName("backup_state")
        self.body.addWidget(self._state)
        self._result = Note("", Tone.OK)
        self._result.setObjectName("backup_result")
        self.body.addWidget(self._result)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._folder = ElidedLabel()
        self._folder.setObjectName("backup_folder")
        self._choose = secondary_button("Choose a folder…", "folder-open", self._choose_folder)
        self._choose.setObjectName("choose_backup_folder")
        row.addWidget(self._folder, 1)
        row.addWidget(self._choose)
        self.body.addWidget(label("Folder"))
        self.body.addLayout(row)
        self.body.addWidget(
            hint(
                "Best on another drive, for example an external disk or the office server. Each backup is encrypted"
                " with the same passphrases, is read back and compared before it counts, and replaces none before it."
                " By themselves they are made only when something changed."
            )
        )
        self._pause = ChoiceBox()
        self._pause.setObjectName("backup_pause")
        for text, hours in _PAUSES:
            self._pause.addItem(text, hours)
        self._pause.setFixedWidth(px(210))
        self._pause.activated.connect(lambda place: self._change(hours=int(self._pause.itemData(place))))
        self.body.addWidget(field("By itself while the practice is open", self._pause))
        self._closing = QCheckBox("Also when it is closed")
        self._closing.setObjectName("backup_after_session")
        self._closing.clicked.connect(lambda on: self._change(after_session=on))
        self.body.addWidget(self._closing)
        if not is_manager(desk):
            self.body.addWidget(managers_hint(desk, "change where and when backups are made"))
        self._rows = RowList()
        self._rows.setObjectName("backup_rows")
        self.body.addWidget(self._rows)
        desk.care.changed.connect(self._show_care)

    def refresh(self) -> None:
        """Read the plan and the list anew."""
        self._read()
        self._desk.care.look()

    def _read(self) -> None:
        session = self._desk.session

        def read(_: JobContext) -> tuple[BackupPlan, tuple[BackupListed, ...]]:
            return backups.backup_plan(session), backups.list_backups(session)

        self._desk.jobs.work(read, initiator=self, on_success=self._show)

    def _show(self, known: tuple[BackupPlan, tuple[BackupListed, ...]]) -> None:
        self._plan, listed = known
        self._folder.setText(str(self._plan.folder) if self._plan.folder else "No folder is chosen yet.")
        self._choose.setText(" Change…" if self._plan.folder else " Choose a folder…")
        self._choose.setAccessibleName("Choose the folder for backups")
        self._pause.setCurrentIndex(max(0, self._pause.findData(self._plan.hours)))
        self._closing.setChecked(self._plan.after_session)
        for widget in (self._choose, self._pause, self._closing):
            widget.setEnabled(is_manager(self._desk))
        self._rows.set_rows([_row(each) for each in listed[:_FEW]])
        self._show_care()

    def _show_care(self) -> None:
        care = self._desk.care
        self._now.setEnabled(not self._desk.read_only and not care.busy)
        if care.backup is not None:
            self._state.set(care.backup.sentence, Tone.WARN if care.backup.warn else Tone.OK)
            if care.backup.verified_at != self._newest and self.isVisible():
                self._newest = care.backup.verified_at
                self._read()

    def _back_up(self) -> None:
        if self._plan.folder is None and is_manager(self._desk):
            self._choose_folder(then=self._back_up_to)
        elif (folder := self._plan.folder or self._pick(self)) is not None:
            self._back_up_to(folder)

    def _back_up_to(self, folder: Path) -> None:
        self._result.set("")
        self._desk.care.back_up(folder, self._made)

    def _made(self, made: BackupMade) -> None:
        size = f"{max(0.1, made.size / 1e6):,.1f} MB"
        told = f"{made.path.name}, {size}, was written, read back and compared. {made.warning}".strip()
        self._result.set(told, Tone.WARN if made.warning else Tone.OK)
        self.refresh()

    def _choose_folder(self, then: Callable[[Path], object] | None = None) -> None:
        if (folder := self._pick(self)) is None:
            return
        session = self._desk.session

        def judge(_: JobContext) -> str:
            return backups.place_warning(session, folder)

        def chosen(warning: str) -> None:
            self._result.set(warning, Tone.WARN)
            self._change(folder=folder)
            if then is not None:
                then(folder)

        self._desk.jobs.work(judge, initiator=self, on_success=chosen, on_failure=self._failed)

    def _change(self, **new: object) -> None:
        plan = replace(self._plan, **new)  # type: ignore[arg-type]  # the callers give fields of the plan
        act = partial(backups.set_backup_plan, self._desk.session, plan)
        self._desk.jobs.write(
            lambda _: act(), initiator=self, on_failure=self._failed, on_finished=self.refresh, keep=True
        )

    def _failed(self, error: Exception) -> None:
        if isinstance(error, MipsDeskError):
            self._result.set(str(error), Tone.BAD)
        else:
            self._desk.messages.failure(error)


def _row(listed: BackupListed) -> Row:
    text = f"{max(0.1, listed.size / 1e6):,.1f} MB · by {listed.person} · {listed.path.name}"
    title = f"{phrases.long_day(listed.at.date())}, {listed.at:%H:%M}"
    if listed.present:
        return Row(str(listed.path), title, text, chip="read back", tone=Tone.OK)
    return Row(str(listed.path), title, text, chip="not there now", tone=Tone.WARN)


class CheckCard(Card):
    """The check of the vault: what the last one found, and a button for one now.

    Args:
        desk: the open practice.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Check of the vault", parent=parent)
        self.setObjectName("check_card")
        self._desk = desk
        self._now = secondary_button("Check now", "shield-check", lambda: desk.care.check_now(told=self._told))
        self._now.setObjectName("check_now")
        self._now.setAccessibleName("Check the vault now")
        self.header.addWidget(self._now)
        self._state = Note("", Tone.NEUTRAL)
        self._state.setObjectName("check_state")
        self.body.addWidget(self._state)
        self._problems = RowList()
        self._problems.setObjectName("check_problems")
        self.body.addWidget(self._problems)
        self.body.addWidget(
            secondary(
                "Reads every byte again and compares it with what was written: pictures, marks, records, journal. A"
                " part runs by itself each week, everything each month."
            )
        )
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        restore = link_button("What to do when something is damaged", self._explain)
        restore.setObjectName("check_help")
        row.addWidget(restore)
        row.addStretch(1)
        self.body.addLayout(row)
        self._help = Note(
            "Nothing is repaired by itself. Keep this vault as it is, restore the newest backup beside it (Welcome,"
            " Restore a backup), and compare the two."
        )
        self._help.setObjectName("check_help_text")
        self._help.hide()
        self.body.addWidget(self._help)
        desk.care.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the newest state."""
        care = self._desk.care
        self._now.setEnabled(not care.busy)
        if care.check is None:
            return
        tone = Tone.BAD if care.check.sound is False else Tone.WARN if care.check.warn else Tone.OK
        self._state.set(care.check.sentence, tone)
        self._problems.set_rows([Row(text, text) for text in care.check.problems])

    def _told(self, verdict: Verdict) -> None:
        if verdict.sound:
            self._desk.messages.info("The vault is sound: everything is as it was written.")
        else:
            found = words.count(len(verdict.findings), "problem")
            self._state.set(f"The check found {found}.", Tone.BAD)
            lines = [f"{finding.where} {finding.what}." for finding in verdict.findings]
            self._problems.set_rows([Row(text, text) for text in lines])

    def _explain(self) -> None:
        self._help.setVisible(self._help.isHidden())
