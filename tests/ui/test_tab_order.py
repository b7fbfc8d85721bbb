"""Tab goes through a room as it reads, and the keyboard can be seen wherever it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from mips_desk.ui.pages.binder import BinderPage
from mips_desk.ui.pages.dates import DatesPage
from mips_desk.ui.pages.evidence import EvidencePage
from mips_desk.ui.pages.home import HomePage
from mips_desk.ui.pages.page import Page
from mips_desk.ui.pages.portal import PortalPage
from mips_desk.ui.widgets.line_button import LineButton

from .conftest import show_active
from .rooms import Practiced, small_practice

ROOMS = [HomePage, EvidencePage, DatesPage, PortalPage, BinderPage]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        yield made


def _page(qtbot, desk, kind) -> Page:
    made = kind(desk)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.ensure_fresh()
    show_active(qtbot, made)
    return made


def _stops(qtbot, page: Page) -> list[QWidget]:
    """Press Tab until it comes round."""
    page.setFocus()
    found: list[QWidget] = []
    for _ in range(200):
        qtbot.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        here = QApplication.focusWidget()
        if here in found or here is None:
            return found
        found.append(here)
    raise AssertionError("Tab never comes round")


def _place(page: Page, widget: QWidget) -> int:
    return widget.mapTo(page, widget.rect().topLeft()).y()


def test_the_tasks_of_home_come_before_what_stands_below_them(qtbot, desk):
    page = _page(qtbot, desk, HomePage)
    page.refresh()
    stops = _stops(qtbot, page)
    assert len(stops) > 3
    places = [_place(page, widget) for widget in stops]
    assert places == sorted(places)
    assert stops[-1].objectName() == "how_score"


def test_the_panes_of_the_evidence_room_are_visited_from_left_to_right(qtbot, desk):
    page = _page(qtbot, desk, EvidencePage)
    desk.reload()
    qtbot.waitUntil(lambda: all(line.isVisible() for line in page.findChildren(LineButton) if line.objectName()))
    names = [widget.objectName() for widget in _stops(qtbot, page)]
    order = ["activity_picker", "import", "capture", "missing_", "thumbnails_", "redact_and_annotate", "caption"]
    places = [next(place for place, name in enumerate(names) if name.startswith(part)) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize("room", ROOMS)
def test_the_keyboard_can_be_seen(qtbot, desk, room):
    page = _page(qtbot, desk, room)
    for widget in _stops(qtbot, page):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        with_keyboard = widget.grab().toImage()
        around = page.grab().toImage()
        widget.clearFocus()
        assert widget.grab().toImage() != with_keyboard or page.grab().toImage() != around, widget.objectName()


@pytest.mark.parametrize("room", ROOMS)
def test_a_button_without_words_says_what_it_does(qtbot, desk, room):
    page = _page(qtbot, desk, room)
    buttons = [b for b in page.findChildren(QAbstractButton) if b.isVisible() and not b.text().strip()]
    silent = [b.objectName() for b in buttons if b.focusPolicy() != Qt.FocusPolicy.NoFocus and not b.toolTip()]
    assert silent == []
