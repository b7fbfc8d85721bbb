"""Painting: the year calendar against twelve QCalendarWidgets, the annotator against a QGraphicsView, in one run.

.venv/bin/python benchmarks/painting.py
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from flatten import fifty_marks, page
from PySide6.QtCore import QCoreApplication, QEvent, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QCalendarWidget, QGraphicsScene, QGraphicsView, QGridLayout, QWidget

from mips_desk.annotate.marks import Redaction
from mips_desk.domain.period import Period
from mips_desk.ui.editor.annotator import Annotator
from mips_desk.ui.editor.board import Board
from mips_desk.ui.editor.canvas import Canvas
from mips_desk.ui.editor.picture import Picture
from mips_desk.ui.theme import Theme
from mips_desk.ui.widgets.year_calendar import YearCalendar

ROUNDS = 25
SIZE = (3840, 2160)


def figures(name: str, act: Callable[[int], object]) -> float:
    """Print median and 95th percentile of an act in milliseconds, and return the median of the processor time.

    The processor time of all threads is what a quiet computer would take at most; other work only makes the clock's
    time longer.
    """
    times, busy = [], []
    for number in range(ROUNDS):
        start, computed = time.perf_counter(), time.process_time()
        act(number)
        times.append((time.perf_counter() - start) * 1000)
        busy.append((time.process_time() - computed) * 1000)
    times.sort()
    busy.sort()
    at = int(ROUNDS * 0.95)
    print(
        f"{name}: median {statistics.median(times):.1f} ms, 95 % {times[at]:.1f} ms"
        f" (computing {statistics.median(busy):.1f}, {busy[at]:.1f})"
    )
    return statistics.median(busy)


def calendars() -> None:
    """Repaint a full year after each change."""
    year = YearCalendar(2024)
    year.resize(1100, 620)
    year.set_period(Period(date(2024, 3, 1), date(2024, 6, 14)))
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
    target = QPixmap(year.size())

    def ours(number: int) -> None:
        year.set_uses(dict.fromkeys(days, number + 1))
        year.render(target)

    peer = QWidget()
    grid = QGridLayout(peer)
    for month in range(12):
        one = QCalendarWidget()
        one.setCurrentPage(2024, month + 1)
        grid.addWidget(one, month // 4, month % 4)
    peer.resize(1100, 620)
    mine = figures("year calendar, 366 dates of use, full repaint", ours)
    theirs = figures("twelve QCalendarWidgets, full repaint", lambda _: peer.render(target))
    print(f"ratio {mine / theirs:.2f}\n")


def canvases() -> None:
    """Open a large picture, add a mark among fifty, pan and zoom, each with a repaint, at 100 and 200 % of the screen.

    Each figure stands beside the same with a QGraphicsView, which can no marks but rectangles, where it can do it.
    """
    data = page(SIZE)
    picture = QImage.fromData(data).convertToFormat(QImage.Format.Format_RGB32)
    figures("annotator, make the sizes of the picture (on a work thread)", lambda _: Picture(picture))
    sizes = Picture(picture)
    figures("annotator, open a 4K picture on the GUI thread", lambda _: opened(sizes))
    marks = fifty_marks(SIZE)
    board = Board(marks, SIZE)
    canvas = Canvas(sizes, board)
    canvas.resize(1000, 640)
    scene = QGraphicsScene()
    scene.addPixmap(QPixmap.fromImage(picture))
    view = QGraphicsView(scene)
    view.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    view.resize(1000, 640)
    view.fitInView(QRectF(0, 0, *SIZE))
    for ratio in (1, 2):
        target = QPixmap(canvas.size() * ratio)
        target.setDevicePixelRatio(ratio)
        canvas.view.set_room(1000, 640, ratio)
        print(f"\nfifty marks on 3840x2160, canvas of 1000x640 at {ratio * 100} %")
        on_a_screen(board, canvas, scene, view, target)


def on_a_screen(board: Board, canvas: Canvas, scene: QGraphicsScene, view: QGraphicsView, target: QPixmap) -> None:
    """Print the figures for one kind of screen; the view moves all the time, as in a drag."""
    canvas.fit()
    canvas.render(target)
    QWidget.render(view, target)

    def add(number: int) -> None:
        board.add(Redaction(x=20.0 + 30 * number, y=40, width=25, height=900))
        canvas.render(target)

    def add_there(number: int) -> None:
        scene.addRect(QRectF(20.0 + 30 * number, 40, 25, 900), brush=QColor("black"))
        QWidget.render(view, target)

    def zoom(number: int) -> None:
        canvas.zoom_by(1.07 if number % 12 < 6 else 1 / 1.07)
        canvas.render(target)

    def zoom_there(number: int) -> None:
        factor = 1.07 if number % 12 < 6 else 1 / 1.07
        view.scale(factor, factor)
        QWidget.render(view, target)

    def pan(number: int) -> None:
        canvas.pan_by(7 if number % 2 else -7, 3)
        canvas.render(target)

    mine, peer = figures("add a mark and repaint", add), figures("QGraphicsView, the same", add_there)
    print(f"ratio {mine / peer:.2f}")
    mine, peer = figures("zoom in and out and repaint", zoom), figures("QGraphicsView, the same", zoom_there)
    print(f"ratio {mine / peer:.2f}")
    canvas.zoom_whole_pixels()
    figures("pan at 1:1 and repaint", pan)
    canvas.zoom_by(2.5)
    figures("pan at 250 % and repaint", pan)
    canvas.fit()
    canvas.zoom_by(1.6)
    figures("pan in between and repaint", pan)


def opened(sizes: Picture) -> None:
    """Make an annotator and paint it once, as the GUI thread does when one opens."""
    made = Annotator(sizes, (), caption="Messages, June")
    made.resize(1280, 720)
    target = QPixmap(made.size())
    made.render(target)
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


if __name__ == "__main__":
    app = QApplication([])
    Theme(app)
    calendars()
    canvases()
