"""Restore a backup: which file, what it is, where to, and the passphrase that proves it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.services.backups import BackupInfo, look_into, restore
from mips_desk.ui import words
from mips_desk.ui.jobs import JobContext, Jobs
from mips_desk.ui.messages import UNEXPECTED
from mips_desk.ui.theme import SPACE_S, TextRole
from mips_desk.ui.widgets.buttons import link_button, primary_button, secondary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import ElidedLabel

from .folder_row import ChooseFolder, FolderRow, choose_in_dialog
from .start_page import StartPage
from .unlock import PassphraseField

PickBackup = Callable[[QWidget], Path | None]


def pick_in_dialog(parent: QWidget) -> Path | None:
    """Ask for a backup in the system's dialog; None when the person thinks better of it."""
    name, _ = QFileDialog.getOpenFileName(
        parent, "Restore a backup", "", "Backups of MIPS Desk (*.mipsbackup);;All files (*)"
    )
    return Path(name) if name else None


class RestorePage(StartPage):
    """Restores into a folder of its own; nothing that is there already is ever overwritten.

    Args:
        jobs: where the work runs.
        folder: where practices are kept.
        pick: asks for the file; tests hand in their own.
        choose: asks for the folder; tests hand in their own.

    Signals:
        restored(Path, str): the vault, and the passphrase that opened it; empty when none was tried.
    """

    restored = Signal(object, str)

    def __init__(
        self, jobs: Jobs, folder: Path, pick: PickBackup = pick_in_dialog, choose: ChooseFolder = choose_in_dialog
    ) -> None:
        super().__init__(
            "restore",
            "Restore a backup",
            "The practice is put into a folder of its own. What is on this computer already stays as it is.",
        )
        self._jobs, self._pick = jobs, pick
        self._file: Path | None = None
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._name = ElidedLabel("No file is chosen yet.", TextRole.TEXT, Qt.TextElideMode.ElideMiddle)
        self._choose = secondary_button("Choose the backup…", "folder-open", self._ask)
        self._choose.setObjectName("choose_backup")
        row.addWidget(self._name, 1)
        row.addWidget(self._choose)
        self.card.body.addLayout(row)
        self._told = Note(
            "A backup is one file that ends in .mipsbackup. The newest one has the latest date in its name."
        )
        self._told.setObjectName("backup_told")
        self.card.body.addWidget(self._told)
        self._where = FolderRow("Where to put it", folder, choose)
        self._where_field = field("Where to put it", self._where)
        self.card.body.addWidget(self._where_field)
        self.passphrase = PassphraseField()
        self.passphrase.setObjectName("restore_passphrase")
        self.passphrase.returnPressed.connect(lambda: self._restore(self.passphrase.text()))
        self.passphrase.textEdited.connect(lambda _text: self.failed(""))
        self._passphrase_field = field(
            "Passphrase", self.passphrase, "Of anybody in this practice, as it was on the day of the backup."
        )
        self.card.body.addWidget(self._passphrase_field)
        self._button = primary_button("Restore", "history", lambda: self._restore(self.passphrase.text()))
        self._button.setObjectName("restore_now")
        self._back = secondary_button("Back", "arrow-left", self.back_requested.emit)
        self._back.setObjectName("restore_back")
        self._without = link_button("I only have the recovery sheet", lambda: self._restore("", sheet=True))
        self._without.setObjectName("restore_without")
        self._without.setAccessibleDescription("Restores first; the recovery sheet then opens it.")
        self.buttons.addWidget(self._back)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self._without)
        self.buttons.addWidget(self._button)
        self.first = self._choose
        self._show_found(None)

    def look_at(self, file: Path) -> None:
        """Check a file and say what it is."""
        self._file = None
        self.failed("")
        self._show_found(None)
        self._name.setText(file.name)

        def look(context: JobContext) -> BackupInfo:
            return look_into(file, lambda done, all_: context.progress(done, all_), context.check)

        def found(info: BackupInfo) -> None:
            self._file = file
            self._show_found(info)

        self.set_busy(True)
        job = self._jobs.work(
            look,
            title="Checking every byte of the backup",
            initiator=self,
            on_success=found,
            on_failure=self._fail,
            on_cancelled=lambda: self._name.setText("No file is chosen yet."),
            on_finished=self._ended,
        )
        self.watch(job)

    def set_busy(self, busy: bool) -> None:
        """Nothing to press while work is under way."""
        super().set_busy(busy)
        self._name_buttons()

    def _ask(self) -> None:
        file = self._pick(self)
        if file is not None:
            self.look_at(file)

    def _show_found(self, info: BackupInfo | None) -> None:
        for widget in (self._where_field, self._passphrase_field, self._without):
            widget.setVisible(info is not None)
        if info is not None:
            at = info.made_at
            self._told.set(
                f"{info.name}, as it was on {words.full_day(at.date())} at {at:%H:%M}:"
                f" {words.count(info.exhibits, 'exhibit')}, {_size(info.size)}. Every byte of the file was checked.",
                Tone.OK,
            )
        else:
            self._told.set(
                "A backup is one file that ends in .mipsbackup. The newest one has the latest date in its name.",
                Tone.NEUTRAL,
            )
        self._name_buttons()

    def _name_buttons(self) -> None:
        self._button.setEnabled(self._file is not None and not self.busy)

    def _restore(self, passphrase: str, *, sheet: bool = False) -> None:
        file, folder = self._file, self._where.folder
        if file is None or self.busy:
            return
        if not passphrase and not sheet:
            self.failed("Enter a passphrase of this practice, so that the backup can be opened and checked.")
            self.passphrase.setFocus()
            return
        self.failed("")

        def work(context: JobContext) -> Path:
            _make(folder)
            return restore(file, folder, passphrase, lambda done, all_: context.progress(done, all_), context.check)

        self.set_busy(True)
        job = self._jobs.work(
            work,
            title="Restoring the practice",
            initiator=self,
            on_success=lambda vault: self.restored.emit(vault, passphrase),
            on_failure=self._fail,
            on_cancelled=lambda: self.failed("Stopped. Nothing was restored, and nothing is left behind."),
            on_finished=self._ended,
        )
        self.watch(job)

    def _fail(self, error: Exception) -> None:
        self.failed(str(error) if isinstance(error, MipsDeskError) else UNEXPECTED)

    def _ended(self) -> None:
        self.set_busy(False)
        # Only now: what is disabled takes no keyboard.
        if self._file is not None:
            self.passphrase.setFocus()
            self.passphrase.selectAll()
        else:
            self._choose.setFocus()


def _make(folder: Path) -> None:
    """Make the folder for practices when nothing was ever put there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(
            "The folder for the practice could not be made. Nothing was restored; choose another one."
        ) from error


def _size(amount: int) -> str:
    """Return a number of bytes in words: "412 MB"."""
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if amount >= step:
            return f"{amount / step:.1f} {unit}" if amount < 10 * step else f"{amount // step} {unit}"
    return f"{amount} bytes"
