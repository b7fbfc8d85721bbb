"""Messages to the person: one bridge from anywhere in the interface to the bar above the page, and questions.

Dialogs are only for questions. Everything else is one sentence in the bar, with at most one action.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMessageBox

from mips_desk.errors import MipsDeskError

log = logging.getLogger(__name__)

UNEXPECTED = "Something went wrong that should not have. Your saved work is safe; please try again."


class Level(StrEnum):
    """How much a message matters; only `INFO` goes away by itself."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        text: one sentence, plain text.
        action: words on its button, for example "Undo"; empty for none.
        run: what the button does.
        details: more words for those who ask; empty for none.
    """

    level: Level
    text: str
    action: str = ""
    run: Callable[[], object] | None = None
    details: str = ""


class Messages(QObject):
    """The bridge. One object per window, handed to everybody who has something to say.

    Signals:
        posted(Message): show it.
        cleared(): whatever is shown is settled.
    """

    posted = Signal(object)
    cleared = Signal()

    def info(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Say that something was done; goes away by itself."""
        self.posted.emit(Message(Level.INFO, text, action, run))

    def warning(self, text: str, action: str = "", run: Callable[[], object] | None = None, details: str = "") -> None:
        """Say what the person should know before going on; stays until closed."""
        self.posted.emit(Message(Level.WARNING, text, action, run, details))

    def error(self, text: str, details: str = "", action: str = "", run: Callable[[], object] | None = None) -> None:
        """Say what could not be done, what was kept and what to do; stays until closed."""
        self.posted.emit(Message(Level.ERROR, text, action, run, details))

    def failure(self, error: Exception, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Say an error: its own sentence when it is meant for people, else a general one and a line in the log.

        The log gets the kind of the fault and where it happened, never its text, which may hold what a person typed.

        Args:
            error: what went wrong.
            action: words on a button, for example "Try again"; empty for none.
            run: what the button does.
        """
        if isinstance(error, MipsDeskError):
            self.error(str(error), "", action, run)
            return
        log.error("Unexpected %s at %s", type(error).__name__, _place(error))
        self.error(UNEXPECTED, f"{type(error).__name__} at {_place(error)}", action, run)

    def clear(self) -> None:
        """Take away what is shown."""
        self.cleared.emit()


def _place(error: BaseException) -> str:
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    if frame is None:
        return "an unknown place"
    module = frame.tb_frame.f_globals.get("__name__", "?")
    return f"{module}:{frame.tb_lineno}"


@dataclass(frozen=True, slots=True)
class Question:
    """A question that needs an answer before the work goes on.

    Attributes:
        title: the question in a few words.
        text: what each answer means, one or two sentences.
        yes: words on the button that does it, a verb; never "OK".
        no: words on the button that leaves everything as it is.
        grave: it cannot be taken back; then the safe answer is the default.
    """

    title: str
    text: str
    yes: str
    no: str = "Cancel"
    grave: bool = False


class Ask(Protocol):
    """Asks a question and returns True for the button that does it; injected, so that tests answer themselves."""

    def __call__(self, question: Question) -> bool:
        """Ask and wait for the answer."""


def ask_in_dialog(question: Question) -> bool:
    """Ask in a modal dialog over the active window."""
    box = QMessageBox(QApplication.activeWindow())
    box.setWindowTitle("MIPS Desk")
    box.setText(question.title)
    box.setInformativeText(question.text)
    no = box.addButton(question.no, QMessageBox.ButtonRole.RejectRole)
    yes = box.addButton(question.yes, QMessageBox.ButtonRole.AcceptRole)
    yes.setProperty("kind", "danger" if question.grave else "primary")
    box.setDefaultButton(no if question.grave else yes)
    box.setEscapeButton(no)
    box.exec()
    return box.clickedButton() is yes
