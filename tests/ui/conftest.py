"""Fixtures for tests of the interface: one theme, settings in a file of their own, a desk without a vault."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mips_desk.domain.practice import Level, Practice, YearProfile
from mips_desk.domain.score import Gauge, GaugeSegment
from mips_desk.ui.desk import Desk
from mips_desk.ui.events import Events
from mips_desk.ui.jobs import SynchronousRunner
from mips_desk.ui.messages import Messages
from mips_desk.ui.theme import Theme
from mips_desk.ui.tokens import Appearance
from mips_desk.ui.undo import UndoStack


@pytest.fixture(scope="session")
def session_theme(qapp: QApplication) -> Theme:
    return Theme(qapp, Appearance.LIGHT)


@pytest.fixture
def theme(session_theme: Theme) -> Iterator[Theme]:
    """The theme of the application, light and at 100 % before and after each test."""
    yield session_theme
    session_theme.set_appearance(Appearance.LIGHT)
    session_theme.set_text_scale(100)


@pytest.fixture(autouse=True)
def _nothing_is_left(session_theme: Theme) -> Iterator[None]:
    """Every window that a test opened is gone when it ends."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = [widget for widget in QApplication.topLevelWidgets() if widget.objectName() != "kept"]
    for widget in left:
        widget.deleteLater()
    assert [type(widget).__name__ for widget in left] == []


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def make_gauge(*, planned: int = 30, proven: int = 20, target: int = 40) -> Gauge:
    segments = [GaugeSegment("IA_EPA_1", proven, True)] if proven else []
    if planned > proven:
        segments.append(GaugeSegment("IA_BE_4", planned - proven, False))
    sentence = f"{proven} of {target} points are proven."
    return Gauge(2024, False, target, min(planned, target), min(proven, target), 0, tuple(segments), sentence)


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    """A desk whose jobs run at once, with a year made up for the shell; nothing of it reaches a vault."""
    jobs = SynchronousRunner()
    events = Events()
    jobs.succeeded.connect(events.publish)
    view: Any = SimpleNamespace(
        practice=Practice("Riverside Family Practice"),
        profile=YearProfile(2024, level=Level.GROUP),
        clinicians=(None,) * 18,
        gauge=make_gauge(),
        years=(2025, 2024),
        year=2024,
        tasks=(SimpleNamespace(room="evidence"), SimpleNamespace(room="annotator"), SimpleNamespace(room="dates")),
        closed=None,
        today=date(2024, 9, 19),
    )
    session: Any = SimpleNamespace(now=lambda: datetime(2024, 9, 19, 10, 32, tzinfo=UTC))
    made = Desk(
        session,
        view,
        jobs=jobs,
        events=events,
        messages=Messages(),
        undo=UndoStack(jobs, events),
        ask=lambda _question: True,
    )
    yield made
    jobs.shutdown()


def accessible_name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name)


def nameless(root: QWidget) -> list[str]:
    """Return the visible widgets below a root that take the keyboard and have no name for a screen reader."""
    return [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in root.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not accessible_name(widget)
    ]


def show_active(qtbot: QtBot, widget: QWidget) -> None:
    """Show a window and wait until it takes the keyboard."""
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
