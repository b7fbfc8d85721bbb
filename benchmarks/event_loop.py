"""How long the window does not answer: the longest turn of the event loop in each step of a walk through the sample.

    .venv/bin/python benchmarks/event_loop.py [--rounds N] [--picture WIDTHxHEIGHT]

A turn holds everything between two pulses of a timer: input, layout, painting, answers of work threads, and waiting for
the interpreter; beside it stands how long the thread itself computed in its busiest turn. Each step is walked several
times; the figures are those of the best round, because other programs on the computer only make turns longer. The goal
is 16 ms in normal use (typing, drawing) and 50 ms ever.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image  # noqa: E402 - after the path of the project
from PySide6.QtCore import QPoint, QSettings, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget  # noqa: E402

from mips_desk.domain.evidence import Source  # noqa: E402
from mips_desk.sample.practice import make_sample  # noqa: E402
from mips_desk.services import collect  # noqa: E402
from mips_desk.services.collect import Incoming  # noqa: E402
from mips_desk.ui.application import Application  # noqa: E402
from mips_desk.ui.jobs import JobRunner  # noqa: E402
from mips_desk.ui.pages.page import Page  # noqa: E402
from mips_desk.ui.rooms import Room  # noqa: E402
from mips_desk.ui.theme import Theme  # noqa: E402
from mips_desk.ui.tokens import Appearance  # noqa: E402

#: A step: what is done, and the act.
Step = tuple[str, Callable[[], object]]
#: The window counts as settled when no job is under way and nothing happened for this long, in milliseconds.
SETTLED_MS = 350


class Turns:
    """Measures how long the event loop of this thread does not come round, by a pulse that it has to serve."""

    _PULSE_MS = 2

    def __init__(self) -> None:
        self.longest = self.busiest = 0.0
        self._last, self._last_busy = time.perf_counter(), time.thread_time()
        self._pulse = QTimer()
        self._pulse.setTimerType(Qt.TimerType.PreciseTimer)
        self._pulse.timeout.connect(self._beat)
        self._pulse.start(self._PULSE_MS)

    def reset(self) -> None:
        """Forget the turns so far."""
        self.longest = self.busiest = 0.0
        self._last, self._last_busy = time.perf_counter(), time.thread_time()

    def _beat(self) -> None:
        now, busy = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, now - self._last - self._PULSE_MS / 1000)
        self.busiest = max(self.busiest, busy - self._last_busy)
        self._last, self._last_busy = now, busy


class Walk:
    """One walk through the app; call `run`, then read `figures`."""

    def __init__(self, qt: QApplication, data: Path, theme: Theme, picture: tuple[int, int]) -> None:
        #: Longest turn of each step in seconds, and what the thread itself computed in its busiest turn.
        self.figures: dict[str, tuple[float, float]] = {}
        self._qt = qt
        self._theme = theme
        self._picture = picture
        settings = QSettings(str(data / "settings.ini"), QSettings.Format.IniFormat)
        self._app = Application(settings, theme, JobRunner(), folder=data, ask=lambda _question: True)
        self._turns = Turns()
        self._name = ""
        self._steps: Iterator[Step] = iter(())
        self._evidence = ""
        # A timer, so that every step runs inside the loop, as a click would.
        self._timer = QTimer()
        self._timer.setInterval(SETTLED_MS)
        self._timer.timeout.connect(self._go_on)

    def run(self) -> None:
        """Walk."""
        self._app.start_window.resize(1280, 800)
        self._app.start_window.show()
        self._app.warm_up()
        self._app.open_sample()
        while self._app.main_window is None:
            QTest.qWait(20)
        # Behind the first painting of the window, which belongs to the opening of the practice.
        QTest.qWait(60)
        self._turns.reset()
        while len(self._window().findChildren(Page)) < len(Room):
            QTest.qWait(100)
        QTest.qWait(500)
        self.figures["rooms are made ahead"] = (self._turns.longest, self._turns.busiest)
        self._add_picture()
        QTest.qWait(500)
        self._steps = iter(self._list())
        self._timer.start()
        if self._qt.exec():
            sys.exit("The walk ended early.")
        self._app.main_window.hide()
        self._app.stop()

    def _go_on(self) -> None:
        if self._app.jobs.live:
            return
        if self._name:
            before = self.figures.get(self._name, (0.0, 0.0))
            self.figures[self._name] = (
                max(before[0], self._turns.longest),
                max(before[1], self._turns.busiest),
            )
        step = next(self._steps, None)
        if step is None:
            self._timer.stop()
            # Not `quit`: the app takes that as a wish of the person, and closes the practice.
            self._qt.exit()
            return
        self._name, act = step
        self._turns.reset()
        try:
            act()
        except Exception:
            # Qt would only print it, and the walk would wait for ever.
            self._timer.stop()
            self._qt.exit(1)
            raise

    def _window(self) -> QWidget:
        window = self._app.main_window
        assert window is not None
        return window

    def _add_picture(self) -> None:
        """Put a large screenshot into the first selection."""
        desk = self._app.desk
        assert desk is not None
        file = BytesIO()
        noise = Image.effect_noise((self._picture[0] // 8, self._picture[1] // 8), 60)
        noise.resize(self._picture).convert("RGB").save(file, "PNG", compress_level=1)
        part = desk.view.chosen("IA_BE_4")
        assert part is not None
        added = collect.add_pictures(
            desk.session, part.id, [Incoming(file.getvalue(), Source.CAPTURE)], shows_date=date(2026, 10, 1)
        )
        self._evidence = added.changes.ids[0]
        desk.reload()

    def _type(self, kind: type[QWidget], name: str) -> Iterator[Step]:
        def focus() -> None:
            field = self._window().findChild(kind, name)
            assert field is not None, name
            field.setFocus()

        def key(letter: str) -> Callable[[], object]:
            return lambda: QTest.keyClick(self._window().findChild(kind, name), letter)

        yield f"go to the field {name}", focus
        for letter in "abc":
            yield f"type in {name}", key(letter)

    def _list(self) -> Iterator[Step]:
        app, theme = self._app, self._theme
        window, desk = app.main_window, app.desk
        assert window is not None
        assert desk is not None
        for visit in ("first", "next"):
            for room in Room:
                yield f"{room.label}, {visit} visit", lambda room=room: window.go(room)
        yield "Evidence", lambda: window.go(Room.EVIDENCE)
        yield from self._type(QLineEdit, "caption")
        yield "leave the caption", lambda: window.findChild(QLineEdit, "shows_date").setFocus()
        yield "open the annotator", lambda: desk.open_room("annotator", "", self._evidence)
        yield from self._draw()
        yield (
            "leave the annotator",
            lambda: QTest.mouseClick(window.findChild(QWidget, "annotator_back"), Qt.MouseButton.LeftButton),
        )
        yield "Dates of use", lambda: window.go(Room.DATES)
        yield "Used today", lambda: QTest.keyClick(window, "t", Qt.KeyboardModifier.ControlModifier)
        yield "undo", lambda: QTest.keyClick(window, "z", Qt.KeyboardModifier.ControlModifier)
        yield "Binder", lambda: window.go(Room.BINDER)
        yield "the words of an activity", lambda: window.findChild(QAbstractButton, "edit_wording").click()
        yield from self._type(QPlainTextEdit, "story")
        yield "turn a page", lambda: window.findChild(QWidget, "page_stage").show_page(2)
        for room in (Room.HOME, Room.DATES, Room.EVIDENCE):
            yield f"go to {room.label}", lambda room=room: window.go(room)
            yield f"{room.label}: year 2024", lambda: desk.set_year(2024)
            yield f"{room.label}: year 2026", lambda: desk.set_year(2026)
            yield f"{room.label}: dark", lambda: theme.set_appearance(Appearance.DARK)
            yield f"{room.label}: light", lambda: theme.set_appearance(Appearance.LIGHT)
            yield f"{room.label}: larger text", lambda: theme.step_text_scale(1)
            yield f"{room.label}: normal text", lambda: theme.set_text_scale(100)

    def _read_pages(self) -> Iterator[Step]:
        window = self._window()
        sheets = window.findChild(QWidget, "sheets")
        assert sheets is not None
        for name, key in (
            ("turn a page", Qt.Key.Key_PageDown),
            ("larger", Qt.Key.Key_Plus),
            ("scroll", Qt.Key.Key_Down),
        ):
            for _ in range(3):
                yield name, lambda key=key: QTest.keyClick(sheets, key)
        tree = window.findChild(QWidget, "outline")
        yield "go down in the outline", lambda: QTest.keyClick(tree, Qt.Key.Key_Down)
        yield "Journal extract off", lambda: window.findChild(QWidget, "journal_extract").click()
        tabs = window.findChild(QWidget, "binder_tabs")
        yield "Exports, first visit", lambda: tabs.setCurrentIndex(tabs.count() - 1)
        yield "Binder again", lambda: tabs.setCurrentIndex(0)

    def _canvas(self) -> QWidget:
        found = self._window().findChild(QWidget, "annotator_canvas")
        assert found is not None
        return found

    def _draw(self) -> Iterator[Step]:
        canvas = self._canvas
        for tool in "xartp":
            yield f"take tool {tool}", lambda tool=tool: QTest.keyClick(canvas(), tool)
            yield "press", lambda: QTest.mousePress(canvas(), Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
            for step in range(6):
                place = QPoint(220 + 30 * step, 210 + 20 * step)
                yield "draw", lambda place=place: QTest.mouseMove(canvas(), place)
            yield "release", lambda: QTest.mouseRelease(canvas(), Qt.MouseButton.LeftButton, pos=QPoint(420, 330))
            yield "back to the canvas", lambda: canvas().setFocus()
        yield "zoom to pixels", lambda: QTest.keyClick(canvas(), "1")
        yield "fit", lambda: QTest.keyClick(canvas(), "f")


def main() -> None:
    """Walk and print."""
    parser = argparse.ArgumentParser(description="The longest turns of the event loop.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--picture", default="3840x2160", help="size of the picture in the annotator")
    given = parser.parse_args()
    width, height = (int(part) for part in given.picture.split("x"))
    best: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        master = Path(temporary) / "master"
        (master / "Sample").mkdir(parents=True)
        make_sample(master / "Sample")
        qt = QApplication([])
        qt.setQuitOnLastWindowClosed(False)
        theme = Theme(qt, Appearance.LIGHT)
        for number in range(given.rounds):
            data = Path(temporary) / str(number)
            shutil.copytree(master, data)
            walk = Walk(qt, data, theme, (width, height))
            walk.run()
            for name, (turn, busy) in walk.figures.items():
                other = best.get(name, (turn, busy))
                best[name] = (min(other[0], turn), min(other[1], busy))
    print("     turn   computing  step")
    for name, (turn, busy) in sorted(best.items(), key=lambda pair: -pair[1][1]):
        print(f"{turn * 1000:6.1f} ms   {busy * 1000:6.1f} ms  {name}")


if __name__ == "__main__":
    main()
