"""The reader of pictures as the app sees it: a process of its own, started when it is needed and kept for a while."""

import contextlib
import importlib.util
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mips_desk.errors import MipsDeskError

from .kinds import Word

#: Told how far it is: units done, units in all.
Progress = Callable[[int, int], None]
#: Raises CancelledError when the person cancelled.
Check = Callable[[], None]

#: The words after the program that make it the reader (see `mips_desk.__main__`).
CHILD = "--read-pictures"
#: Seconds that a picture may take: so much, and so much more for each million pixels.
SECONDS, SECONDS_A_MILLION = 60.0, 30.0
#: Seconds after the last picture when the process is ended, which gives its memory back.
IDLE = 120.0
_NEEDED = ("rapidocr", "onnxruntime", "numpy", "cv2")


class IdentifyError(MipsDeskError):
    """Pictures cannot be read on this computer, or reading one failed; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read in a picture: its words in reading order, and the boxes (x, y, width, height) of photos."""

    words: tuple[Word, ...]
    photos: tuple[tuple[int, int, int, int], ...]


def missing() -> str:
    """Return an empty string when pictures can be read here, else one sentence that says how to get that."""
    if all(importlib.util.find_spec(name) for name in _NEEDED):
        return ""
    if getattr(sys, "frozen", False):
        return "This edition of MIPS Desk cannot read pictures; the one installed with Python can."
    return 'Reading pictures is an extra part of MIPS Desk. To add it, run: pip install "mips-desk[ocr]"'


class Reader:
    """One process that reads one picture at a time."""

    def __init__(self, command: list[str] | None = None) -> None:
        """Make it; nothing is started yet.

        Args:
            command: the program and its words; None: this program as the reader.
        """
        self._command = command or _command()
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._turn = threading.Lock()
        self._timer: threading.Timer | None = None

    @property
    def process(self) -> int:
        """The number of the process that reads, or 0 when there is none."""
        return self._process.pid if self._process is not None else 0

    def read(
        self, pixels: bytes, width: int, height: int, progress: Progress | None = None, check: Check | None = None
    ) -> Read:
        """Read a picture.

        Args:
            pixels: width x height x 3 bytes: red, green, blue.
            width: above 0.
            height: above 0.
            progress: told how far it is.
            check: called about ten times a second.

        Raises:
            IdentifyError: reading is not possible here, took too long, or the process died.
            CancelledError: `check` said so; the process was ended.
        """
        if len(pixels) != width * height * 3:
            raise ValueError("three bytes a pixel")
        if sentence := missing():
            raise IdentifyError(sentence)
        self._wait_for_turn(check)
        try:
            if self._timer is not None:
                self._timer.cancel()
            answer = self._ask(pixels, width, height, progress, check)
        except BaseException:
            self._end()
            raise
        finally:
            self._turn.release()
        self._timer = threading.Timer(IDLE, self._idle)
        self._timer.daemon = True
        self._timer.start()
        return _read_from(answer)

    def close(self) -> None:
        """End the process now, also in the middle of a picture. The next picture starts another one."""
        if self._timer is not None:
            self._timer.cancel()
        self._end()

    def _idle(self) -> None:
        if self._turn.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._turn.release()

    def _wait_for_turn(self, check: Check | None) -> None:
        while not self._turn.acquire(timeout=0.1):
            if check is not None:
                check()

    def _ask(
        self, pixels: bytes, width: int, height: int, progress: Progress | None, check: Check | None
    ) -> dict[str, Any]:
        process = self._running()
        header = json.dumps({"width": width, "height": height}).encode() + b"\n"
        threading.Thread(target=_send, args=(process, header, pixels), daemon=True).start()
        until = time.monotonic() + SECONDS + SECONDS_A_MILLION * width * height / 1e6
        while True:
            try:
                answer = self._answers.get(timeout=0.1)
            except queue.Empty:
                answer = {}
            if check is not None:
                check()
            if answer is None:
                raise IdentifyError("Reading the picture stopped by itself. Nothing was changed; please try again.")
            if "error" in answer:
                raise IdentifyError("The picture could not be read. Nothing was changed.")
            if "progress" in answer and progress is not None:
                progress(*answer["progress"])
            if "words" in answer:
                return answer
            if time.monotonic() > until:
                raise IdentifyError("Reading the picture took too long and was stopped. Nothing was changed.")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        self._answers = queue.SimpleQueue()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this program itself
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path(__file__).resolve().parents[2],
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise IdentifyError("The part that reads pictures could not be started. Nothing was changed.") from error
        threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True).start()
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _command() -> list[str]:
    return [sys.executable, CHILD] if getattr(sys, "frozen", False) else [sys.executable, "-m", "mips_desk", CHILD]


def _send(process: subprocess.Popen[bytes], header: bytes, pixels: bytes) -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError, ValueError):  # the process ended; the listener says so
        process.stdin.write(header)
        process.stdin.write(pixels)
        process.stdin.flush()


def _listen(process: subprocess.Popen[bytes], answers: "queue.SimpleQueue[dict[str, Any] | None]") -> None:
    assert process.stdout is not None
    with contextlib.suppress(OSError, ValueError):
        for line in process.stdout:
            answers.put(json.loads(line))
    answers.put(None)


def _read_from(answer: dict[str, Any]) -> Read:
    words = []
    line, start = -1, 0
    for text, x, y, width, height, score, number in answer["words"]:
        start = start if number == line else 0
        line = number
        words.append(Word(text, x, y, width, height, score, number, start))
        start += len(text) + 1
    photos = tuple((x, y, width, height) for x, y, width, height in answer["photos"])
    return Read(tuple(words), photos)
