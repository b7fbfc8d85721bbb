"""Faults that nobody expected: a stack trace for the log, one quiet sentence for the person, and the work goes on."""

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from .messages import Messages

log = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def catch_faults(messages: Messages) -> Callable[[], None]:
    """Send whatever nobody caught to the log and one sentence to the person.

    Args:
        messages: where the person is told; only faults on the GUI thread are told, the others have a job that tells.

    Returns:
        A function that puts back what was there before.
    """
    old = (sys.excepthook, threading.excepthook, sys.unraisablehook)

    def on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception):
            old[0](kind, error, trace)
            return
        log.error("Uncaught exception", exc_info=(kind, error, trace))
        messages.failure(error)

    def on_thread(args: threading.ExceptHookArgs) -> None:
        log.error("Uncaught exception on a thread", exc_info=args.exc_value)

    def on_unraisable(args: "sys.UnraisableHookArgs") -> None:
        log.error("Exception that could not be raised", exc_info=args.exc_value)

    def on_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)

    sys.excepthook, threading.excepthook, sys.unraisablehook = on_exception, on_thread, on_unraisable
    before = qInstallMessageHandler(on_qt)

    def restore() -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = old
        qInstallMessageHandler(before)

    return restore
