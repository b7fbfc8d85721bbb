"""What tests of the annotator share: a picture, and the mouse in image pixels."""

from itertools import pairwise

from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mips_desk.ui.editor.canvas import Canvas

SIZE = (800, 600)
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def qimage(size: tuple[int, int] = SIZE) -> QImage:
    """Return a gray gradient."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    data = image.tobytes("raw", "BGRX")
    return QImage(data, image.width, image.height, image.width * 4, QImage.Format.Format_RGB32).copy()


def point(canvas: Canvas, x: float, y: float) -> QPoint:
    """Return where an image pixel lies on a canvas."""
    left, top = canvas.view.to_widget(x, y)
    return QPoint(round(left), round(top))


def drag(qtbot: QtBot, canvas: Canvas, *way: tuple[float, float], keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """Drag along some image pixels, with keys held."""
    qtbot.mousePress(canvas, LEFT, keys, point(canvas, *way[0]))
    for before, after in pairwise(way):
        middle = ((before[0] + after[0]) / 2, (before[1] + after[1]) / 2)
        for place in (middle, after):
            move(canvas, point(canvas, *place), keys)
    qtbot.mouseRelease(canvas, LEFT, keys, point(canvas, *way[-1]))


def click(qtbot: QtBot, canvas: Canvas, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """Click an image pixel."""
    qtbot.mouseClick(canvas, LEFT, keys, point(canvas, x, y))


def move(canvas: Canvas, at: QPoint, keys: Qt.KeyboardModifier) -> None:
    """Move the pointer with keys held, which the test library cannot do."""
    where = QPointF(at)
    away = QPointF(canvas.mapToGlobal(at))
    event = QMouseEvent(QEvent.Type.MouseMove, where, away, Qt.MouseButton.NoButton, LEFT, keys)
    QApplication.sendEvent(canvas, event)
