"""Is this the file we sent? A binder or package dropped on a window is checked and looked up among the exports."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from mips_desk.services import verifying
from mips_desk.services.verifying import Finding, Verdict
from mips_desk.ui.desk import Desk, Target
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.rooms import Room
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.words import count

#: What can be checked, as Qt's dialogs write it.
KINDS = "Binder or audit package (*.pdf *.zip)"
_ENDINGS = (".pdf", ".zip")


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict in words.

    Attributes:
        text: one or two sentences.
        tone: how good it is.
        changed: where the file is not what was written.
        signature: what its signature says; empty when it has none.
    """

    text: str
    tone: Tone
    changed: tuple[Finding, ...] = ()
    signature: str = ""


#: Findings that say that something changed, but not where.
_NOWHERE = ("seal", "signature", "record of exports")


def answer(verdict: Verdict) -> Answer:
    """Say what a check found: yes, changed since, or not ours."""
    if verdict.sound:
        return Answer(f"Yes. {verdict.record}".strip(), Tone.OK, signature=verdict.signature)
    changed = tuple(finding for finding in verdict.findings if finding.where != "record of exports")
    if not changed:
        told = f"Its seal fits, but it is not known here; a seal does not show who wrote it. {verdict.record}"
        return Answer(told, Tone.WARN, signature=verdict.signature)
    places = [finding for finding in changed if finding.where.lower() not in _NOWHERE]
    first = f"{places[0].where}: {places[0].what}" if places else ""
    more = f" And {count(len(places) - 1, 'more place')}." if len(places) > 1 else ""
    told = " ".join(part for part in ("No: it was changed after it was written.", first + more, verdict.record) if part)
    return Answer(told, Tone.BAD, changed, verdict.signature)


def check_file(desk: Desk, path: Path, context: JobContext, passphrase: str = "") -> Verdict:
    """Check a file; called on a work thread.

    Args:
        desk: the open practice.
        path: the file.
        context: of the job.
        passphrase: of a package that is encrypted; empty: its contents are not looked at.

    Raises:
        BadInputError: it is neither a binder nor a package, or the passphrase does not open it.
    """
    if path.suffix.lower() == ".zip":
        return verifying.check_package(path, desk.session, passphrase, context.progress, context.check)
    return verifying.check_binder(path, desk.session)


def check_binder(desk: Desk, path: Path) -> None:
    """Check a file and say in one sentence whether it is one of this practice's, unchanged; an encrypted package is
    checked in the Binder room, which asks for its passphrase.

    Args:
        desk: the open practice.
        path: the file.
    """

    def check(context: JobContext) -> Verdict:
        return check_file(desk, path, context)

    def say(verdict: Verdict) -> None:
        if verdict.locked:
            show()  # there its passphrase is asked for
            return
        said = answer(verdict)
        text = f"“{path.name}”: {said.text}"
        if said.tone is Tone.OK:
            desk.messages.info(text, "Show", show)
            return
        details = "\n".join(f"{finding.where}: {finding.what}" for finding in verdict.findings)
        desk.messages.warning(text, "Show", show, details=details)

    def show() -> None:
        desk.room_requested.emit(Room.BINDER, Target(part="exports", file=path))

    desk.jobs.work(check, title="Checking the file", on_success=say)


def choose_binder_in_dialog(parent: QWidget) -> Path | None:
    """Ask for a file in the system's dialog; None when the person cancelled."""
    file, _ = QFileDialog.getOpenFileName(parent, "Check a binder or package", "", KINDS)
    return Path(file) if file else None


def dropped_binder(data: QMimeData) -> Path | None:
    """Return the file of a drop, or None when it is no PDF and no ZIP file."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 and files[0].suffix.lower() in _ENDINGS else None


class BinderDrop(QObject):
    """Lets a window take binders and packages that are dropped on it, wherever no room wants them.

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
        """Take a PDF or ZIP file."""
        if isinstance(event, QDropEvent):  # entering and moving are kinds of it
            path = dropped_binder(event.mimeData())
            if path is None:
                return super().eventFilter(watched, event)
            event.acceptProposedAction()
            if event.type() is QEvent.Type.Drop:
                check_binder(self._desk, path)
            return True
        return super().eventFilter(watched, event)
