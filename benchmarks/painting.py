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

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QCalendarWidget, QGraphicsScene, QGraphicsView, QGridLayout, QWidget

from mips_desk.annotate.marks import Redaction
from mips_desk.domain.period import Period
from mips_desk.ui.editor.board import Board
from mips_desk.ui.editor.canvas import Canvas
from mips_desk.ui.theme import Theme
from mips_desk.ui.widgets.year_calendar import YearCalendar

ROUNDS = 25
SIZE = (3840, 2160)


def figures(name: str, act: Callable[[int], object]) -> float:
    """Print median and 95th percentile of an act in milliseconds, and return the median."""
    times = []
    for number in range(ROUNDS):
        start = time.perf_counter()
        act(number)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    print(f"{name}: median {statistics.median(times):.1f} ms, 95 % {times[int(ROUNDS * 0.95)]:.1f} ms")
    return statistics.median(times)


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
    """Add a mark among fifty on a large picture, and repaint."""
    picture = QImage(*SIZE, QImage.Format.Format_RGB32)
    picture.fill(QColor("#F5F6F8"))
    board = Board((), SIZE)
    canvas = Canvas(picture, board)
    canvas.resize(1000, 640)
    target = QPixmap(canvas.size())
    canvas.render(target)
    scene = QGraphicsScene()
    scene.addPixmap(QPixmap.fromImage(picture))
    view = QGraphicsView(scene)
    view.resize(1000, 640)
    view.fitInView(QRectF(0, 0, *SIZE))
    QWidget.render(view, target)

    def ours(number: int) -> None:
        board.add(Redaction(x=20.0 + 30 * number, y=40, width=25, height=900))
        canvas.render(target)

    def theirs(number: int) -> None:
        scene.addRect(QRectF(20.0 + 30 * number, 40, 25, 900), brush=QColor("black"))
        QWidget.render(view, target)

    mine, peer = (
        figures("annotator, add a mark and repaint, 3840x2160", ours),
        figures("QGraphicsView, the same", theirs),
    )
    print(f"ratio {mine / peer:.2f}")

    def pan(number: int) -> None:
        canvas.pan_by(7 if number % 2 else -7, 3)
        canvas.render(target)

    canvas.zoom_whole_pixels()
    figures("annotator, pan at 1:1 and repaint", pan)


if __name__ == "__main__":
    app = QApplication([])
    Theme(app)
    calendars()
    canvases()
