"""The log file: what the program did and where it failed, never what a person typed.

A stack trace is written as places (file, line, function) and the kind of the exception. The exception's text is left
out: it may quote a caption, a name or a file.
"""

import logging
import logging.handlers
import traceback
from pathlib import Path
from types import TracebackType

from mips_desk.paths import log_folder

#: Size of one log file in bytes, and how many old ones are kept.
FILE_BYTES, FILES_KEPT = 512 * 1024, 4

log = logging.getLogger(__name__)


class _NoText(logging.Formatter):
    """Formats a record with its exception's places and kind only."""

    def format(self, record: logging.LogRecord) -> str:
        # Another handler may have left the whole trace, texts and all, in the record that they share.
        own = logging.makeLogRecord(record.__dict__)
        own.exc_text = None
        return super().format(own)

    def formatException(  # noqa: N802 - the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return "" if ei[0] is None else in_places(ei[1])


def in_places(error: BaseException) -> str:
    """Return the stack trace of an exception and of what caused it, without any text of theirs."""
    lines: list[str] = []
    current: BaseException | None = error
    while current is not None:
        frames = traceback.extract_tb(current.__traceback__)
        lines.extend(f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames)
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        if current is not None:
            lines.append("after")
    return "\n".join(lines)


def start_log(folder: Path | None = None) -> Path | None:
    """Write the log of the whole process to a rotating file from now on.

    Args:
        folder: where; by default the per-user log folder.

    Returns:
        The file, or None when it cannot be written: the app works without a log.
    """
    folder = folder or log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "mips-desk.log", maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
        )
    except OSError:
        logging.getLogger().addHandler(logging.NullHandler())
        return None
    handler.setFormatter(_NoText("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return Path(handler.baseFilename)


def stop_log() -> None:
    """Close the log file; nothing is written after that."""
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, logging.handlers.RotatingFileHandler)]:
        root.removeHandler(handler)
        handler.close()
