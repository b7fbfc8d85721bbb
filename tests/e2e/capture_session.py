"""A person at the screen: captures what another program shows, redacts a name, points at something, and is done.

    python -m tests.e2e.capture_session DATA_FOLDER X Y WIDTH HEIGHT

Runs the real app on the display that is set, drives it with mouse and keys, and prints the evidence id as JSON. The
page on the screen is known by its blue band (see `test_real_screen.py`); X, Y, WIDTH, HEIGHT is where the name stands.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from mips_desk.ui.application import Application
from mips_desk.ui.editor.canvas import Canvas
from mips_desk.ui.jobs import JobRunner
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import Theme

BAND = (43, 108, 163)
#: The part of the screen that is captured, in pixels.
REGION = (20, 10, 900, 600)


def until(condition: Callable[[], object], what: str, seconds: float = 30) -> None:
    for _ in range(int(seconds * 20)):
        if condition():
            return
        QTest.qWait(50)
    raise SystemExit(f"waited in vain: {what}")


def page_is_shown() -> bool:
    picture = QGuiApplication.primaryScreen().grabWindow(0).toImage()
    color = picture.pixelColor(300, 30)
    return (color.red(), color.green(), color.blue()) == BAND


def click(window: QWidget, name: str) -> None:
    until(lambda: (found := window.findChild(QAbstractButton, name)) and found.isVisible() and found.isEnabled(), name)
    QTest.mouseClick(window.findChild(QAbstractButton, name), Qt.MouseButton.LeftButton)


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 11):
        QTest.mouseMove(widget, start + (end - start) * step / 10)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)


def main() -> None:
    data = Path(sys.argv[1])
    x, y, width, height = map(int, sys.argv[2:6])
    qt = QApplication([])
    until(page_is_shown, "the page of the other program")
    settings = QSettings(str(data / "settings.ini"), QSettings.Format.IniFormat)
    application = Application(settings, Theme.from_settings(qt, settings), JobRunner(), folder=data)
    application.start(sample=True)
    until(lambda: application.main_window is not None, "the sample practice")
    window, desk = application.main_window, application.desk
    assert window is not None
    assert desk is not None
    window.resize(1200, 780)
    selection = desk.view.chosen("IA_BE_4")
    assert selection is not None
    before = {item.id for item in selection.evidence}
    window.go(Room.EVIDENCE)

    click(window, "capture")
    until(lambda: any(w.objectName() == "capture_overlay" and w.isVisible() for w in qt.topLevelWidgets()), "overlay")
    assert not window.isVisible(), "the app must not be in its own picture"
    overlay = next(w for w in qt.topLevelWidgets() if w.objectName() == "capture_overlay" and w.isVisible())
    left, top, wide, high = REGION
    drag(overlay, QPoint(left, top), QPoint(left + wide, top + high))
    QTest.keyClick(overlay, Qt.Key.Key_Return)

    def new() -> list[str]:
        now = desk.view.chosen("IA_BE_4")
        return [item.id for item in now.evidence if item.id not in before] if now else []

    until(new, "the capture in the vault")
    evidence = new()[0]
    until(window.isVisible, "the app back on the screen")
    desk.open_room("annotator", selection.id, evidence)
    until(lambda: (c := window.findChild(Canvas)) and c.isVisible(), "the annotator")
    canvas = window.findChild(Canvas)
    until(lambda: canvas.isEnabled() and canvas.view.scale > 0, "the picture")

    def place(px: float, py: float) -> QPoint:
        return QPointF(*canvas.view.to_widget(px, py)).toPoint()

    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_X)
    drag(canvas, place(x - left, y - top), place(x - left + width, y - top + height))
    QTest.keyClick(canvas, Qt.Key.Key_A)
    drag(canvas, place(700, 500), place(500, 300))
    click(window, "mark_as_looked_at")

    def item() -> object:
        now = desk.view.chosen("IA_BE_4")
        return next(i for i in now.evidence if i.id == evidence) if now else None

    until(lambda: (i := item()) and i.redactions == 1 and i.other_marks == 1 and i.looked_at_by, "marks and the look")
    application.stop()
    print(json.dumps({"evidence": evidence}))


if __name__ == "__main__":
    main()
