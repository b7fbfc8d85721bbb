"""Closing and locking: what was made is stored first, and what could not be stored is said first."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from mips_desk.errors import BadInputError
from mips_desk.services import collect
from mips_desk.ui.jobs import JobRunner
from mips_desk.ui.main_window import MainWindow
from mips_desk.ui.messages import Level
from mips_desk.ui.pages.evidence import EvidencePage
from mips_desk.ui.rooms import Room

from .conftest import show_active
from .rooms import Practiced, small_practice

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        yield made


def _window(qtbot, desk, theme, settings) -> MainWindow:
    made = MainWindow({Room.EVIDENCE: lambda: EvidencePage(desk)}, desk, theme, settings)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.go(Room.EVIDENCE)
    show_active(qtbot, made)
    return made


@pytest.fixture
def window(qtbot, desk, theme, settings):
    return _window(qtbot, desk, theme, settings)


def _draw_and_lose(qtbot, window: MainWindow, monkeypatch) -> None:
    """Draw a redaction that cannot be stored."""
    page = window.page
    assert isinstance(page, EvidencePage)
    desk = page.desk
    page.annotate(desk.view.selections[0].evidence[0].id)
    canvas = page.annotator.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_X)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)

    def full(*_args):
        raise BadInputError("The disk is full.")

    monkeypatch.setattr(collect, "set_marks", full)
    page.annotator.save()


def test_marks_that_could_not_be_stored_keep_the_window_open_once(qtbot, window, desk, monkeypatch):
    _draw_and_lose(qtbot, window, monkeypatch)
    desk.said.clear()
    window.close()
    assert window.isVisible()
    assert desk.said[-1].level is Level.ERROR
    assert "could not be stored" in desk.said[-1].text
    assert window.status_line.state == "Some marks are not stored yet"
    window.close()
    assert not window.isVisible()


def test_the_window_closes_at_once_when_trying_again_stored_them(qtbot, window, desk, monkeypatch):
    with monkeypatch.context() as patched:
        _draw_and_lose(qtbot, window, patched)
        window.close()
    desk.said[-1].run()
    assert window.status_line.state.startswith("All changes saved")
    assert desk.view.selections[0].evidence[0].redactions == 1
    window.close()
    assert not window.isVisible()


def test_an_old_try_again_does_not_undo_newer_marks(qtbot, window, desk, monkeypatch):
    with monkeypatch.context() as patched:
        _draw_and_lose(qtbot, window, patched)
        stale = desk.said[-1]
    annotator = window.page.annotator
    annotator.canvas.setFocus()
    qtbot.keyClick(annotator.canvas, Qt.Key.Key_X)
    qtbot.keyClick(annotator.canvas, Qt.Key.Key_Return)
    annotator.save()
    assert desk.view.selections[0].evidence[0].redactions == 2
    stale.run()
    assert desk.view.selections[0].evidence[0].redactions == 2


def test_what_is_being_typed_is_stored_before_the_window_closes(qtbot, tmp_path, theme, settings):
    with small_practice(tmp_path, jobs=JobRunner()) as desk:
        window = _window(qtbot, desk, theme, settings)
        caption = window.findChild(QLineEdit, "caption")
        caption.setFocus()
        caption.selectAll()
        qtbot.keyClicks(caption, "Typed last")
        window.close()
        qtbot.waitUntil(lambda: not window.isVisible())
        captions = [item.caption for item in desk.session.vault.evidence(2024)]
        assert "Typed last" in captions


@pytest.mark.parametrize("stop", [True, False])
def test_long_work_is_not_given_up_without_asking(qtbot, tmp_path, theme, settings, stop):
    with small_practice(tmp_path, jobs=JobRunner()) as desk:
        window = _window(qtbot, desk, theme, settings)
        asked = []
        desk.ask = lambda question: bool(asked.append(question)) or stop
        ended = []

        def wait(context):
            while not context.cancelled:
                Event().wait(0.005)
            context.check()

        job = desk.jobs.write(wait, title="Writing the binder 2024", on_cancelled=lambda: ended.append(True))
        window.close()
        assert "Writing the binder 2024" in asked[0].title
        assert window.isVisible() is not stop
        assert job.context.cancelled is stop
        job.cancel()
        qtbot.waitUntil(lambda: bool(ended))


def test_nothing_is_asked_when_nothing_is_under_way(qtbot, window, desk):
    desk.ask = lambda _question: pytest.fail("asked")
    window.findChild(QWidget, "caption").setFocus()
    window.close()
    assert not window.isVisible()
