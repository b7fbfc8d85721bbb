"""Is this the binder we sent? A PDF dropped on a window is checked by its seal and looked up among the exports."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from mips_desk.services import verifying
from mips_desk.services.verifying import Verdict
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext


def check_binder(desk: Desk, path: Path) -> None:
    """Check a file and say in one sentence whether it is one of this practice's binders, unchanged.

    Args:
        desk: the open practice.
        path: the file.
    """

    def check(_: JobContext) -> Verdict:
        return verifying.check_binder(path, desk.session)

    def say(verdict: Verdict) -> None:
        if verdict.sound:
            desk.messages.info(f"“{path.name}” is sound. {verdict.record}")
            return
        first, *_ = verdict.findings
        details = "\n".join(f"{finding.where}: {finding.what}" for finding in verdict.findings)
        desk.messages.warning(f"“{path.name}” is not sound: {first.what.rstrip('.')}.", details=details)

    desk.jobs.work(check, title="Checking the file", on_success=say)


def choose_binder_in_dialog(parent: QWidget) -> Path | None:
    """Ask for a PDF file in the system's dialog; None when the person cancelled."""
    file, _ = QFileDialog.getOpenFileName(parent, "Check a binder", "", "PDF (*.pdf)")
    return Path(file) if file else None


def dropped_binder(data: QMimeData) -> Path | None:
    """Return the PDF file of a drop, or None when it is anything else."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 and files[0].suffix.lower() == ".pdf" else None


class BinderDrop(QObject):
    """Lets a window take binders that are dropped on it, wherever no room wants them.

    Args:
        window: the window; it becomes the owner.
        desk: the open practice.
    """

    def __init__(self, window: QWidget, desk: Desk) -> None:
        super().__init__(window)
        self._desk = desk
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a PDF."""
        if isinstance(event, QDropEvent):  # entering and moving are kinds of it
            path = dropped_binder(event.mimeData())
            if path is None:
                return super().eventFilter(watched, event)
            event.acceptProposedAction()
            if event.type() is QEvent.Type.Drop:
                check_binder(self._desk, path)
            return True
        return super().eventFilter(watched, event)
