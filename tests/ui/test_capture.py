"""The capture: the app is away while the screen is grabbed, comes back on every path, and pixels are kept exactly."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from mips_desk.capture.geometry import LogicalRect, Screen
from mips_desk.capture.permission import ScreenAccess
from mips_desk.domain.evidence import Source
from mips_desk.ui.capture.flow import CaptureFlow
from mips_desk.ui.capture.overlay import CaptureOverlay
from mips_desk.ui.capture.source import CaptureError, QtScreenSource
from mips_desk.ui.messages import Level
from mips_desk.ui.pages.evidence import EvidencePage

from .conftest import show_active
from .rooms import small_practice

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class FakeScreens:
    """One screen of 400 x 300 logical pixels at 150 percent, left of and above the origin."""

    def __init__(self, window: QWidget | None = None) -> None:
        self.screen = Screen("FAKE-1", LogicalRect(-400, -40, 400, 300), 1.5)
        self.window = window
        self.seen: list[bool] = []
        self.error: Exception | None = None
        self.state = ScreenAccess.NOT_NEEDED
        self.asked = 0
        self.picture = QImage(600, 450, QImage.Format.Format_RGB32)
        self.picture.fill(QColor("white"))
        painter = QPainter(self.picture)
        painter.fillRect(150, 75, 300, 150, QColor("#D92D20"))
        painter.end()

    def access(self) -> ScreenAccess:
        return self.state

    def ask(self) -> None:
        self.asked += 1

    def screens(self) -> tuple[Screen, ...]:
        return (self.screen,)

    def pointer(self) -> tuple[float, float]:
        return -10.0, 20.0

    def grab(self, screen: Screen) -> QImage:
        assert screen == self.screen
        self.seen.append(self.window is not None and self.window.isVisible())
        if self.error is not None:
            raise self.error
        return self.picture


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(300, 200)
    show_active(qtbot, made)
    return made


def _overlay() -> CaptureOverlay:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, CaptureOverlay) and w.isVisible())


def _begin(qtbot, flow: CaptureFlow) -> CaptureOverlay:
    flow.start()
    qtbot.waitUntil(lambda: any(isinstance(w, CaptureOverlay) for w in QApplication.topLevelWidgets()))
    return _overlay()


def test_a_region_is_captured_in_physical_pixels(qtbot, window):
    source = FakeScreens(window)
    flow = CaptureFlow(source, settle_ms=0)
    overlay = _begin(qtbot, flow)
    assert source.seen == [False], "the app is away while the screen is grabbed"
    assert not window.isVisible(), "and while a region is chosen"
    overlay.resize(400, 300)
    qtbot.mousePress(overlay, LEFT, NO_KEYS, QPoint(100, 50))
    qtbot.mouseMove(overlay, QPoint(200, 100))
    qtbot.mouseMove(overlay, QPoint(300, 150))
    with qtbot.waitSignal(flow.captured) as captured:
        qtbot.mouseRelease(overlay, LEFT, NO_KEYS, QPoint(300, 150))
    assert window.isVisible()
    (result,) = captured.args
    assert (result.picture.width(), result.picture.height()) == (300, 150)
    assert result.scale == 150
    assert result.place == "Region of screen FAKE-1, 300 × 150 pixels"
    corners = [result.picture.pixelColor(x, y).name() for x, y in ((0, 0), (299, 149))]
    assert corners == ["#d92d20", "#d92d20"], "not a pixel beside what was marked"


def test_enter_takes_the_whole_screen_without_loss(qtbot, window):
    source = FakeScreens(window)
    flow = CaptureFlow(source, settle_ms=0)
    overlay = _begin(qtbot, flow)
    with qtbot.waitSignal(flow.captured) as captured:
        qtbot.keyClick(overlay, Qt.Key.Key_Return)
    incoming = captured.args[0].incoming()
    assert incoming.source is Source.CAPTURE
    assert incoming.window_title == "Whole screen FAKE-1, 600 × 450 pixels"
    stored = Image.open(BytesIO(incoming.data))
    assert (stored.format, stored.size, stored.getpixel((150, 75))) == ("PNG", (600, 450), (0xD9, 0x2D, 0x20))


def test_a_region_is_chosen_with_keys_only(qtbot, window):
    flow = CaptureFlow(FakeScreens(window), settle_ms=0)
    overlay = _begin(qtbot, flow)
    overlay.resize(400, 300)
    qtbot.keyClick(overlay, Qt.Key.Key_Right)
    qtbot.keyClick(overlay, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(flow.captured) as captured:
        qtbot.keyClick(overlay, Qt.Key.Key_Return)
    picture = captured.args[0].picture
    # 112.5 to 337.5 physical pixels, rounded outwards.
    assert (picture.width(), picture.height()) == (225, 226)


def test_escape_cancels_and_brings_the_app_back(qtbot, window):
    flow = CaptureFlow(FakeScreens(window), settle_ms=0)
    overlay = _begin(qtbot, flow)
    with qtbot.waitSignal(flow.cancelled), qtbot.assertNotEmitted(flow.captured):
        qtbot.keyClick(overlay, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert not flow.busy


def test_closing_the_overlay_cancels(qtbot, window):
    flow = CaptureFlow(FakeScreens(window), settle_ms=0)
    overlay = _begin(qtbot, flow)
    with qtbot.waitSignal(flow.cancelled):
        overlay.close()
    assert window.isVisible()


@pytest.mark.parametrize("error", [CaptureError("No picture."), RuntimeError("a bug")])
def test_an_error_brings_the_app_back(qtbot, window, error):
    source = FakeScreens(window)
    source.error = error
    flow = CaptureFlow(source, settle_ms=0)
    with qtbot.waitSignal(flow.failed) as failed:
        flow.start()
    assert failed.args == [error]
    assert window.isVisible()
    assert not flow.busy


def test_no_picture_is_an_error(qtbot, window):
    source = FakeScreens(window)
    source.picture = QImage()
    flow = CaptureFlow(source, settle_ms=0)
    with qtbot.waitSignal(flow.failed) as failed:
        flow.start()
    assert isinstance(failed.args[0], CaptureError)
    assert window.isVisible()


def test_without_permission_nothing_is_hidden_or_grabbed(qtbot, window):
    source = FakeScreens(window)
    source.state = ScreenAccess.NOT_ASKED
    flow = CaptureFlow(source, settle_ms=0)
    with qtbot.waitSignal(flow.failed) as failed:
        flow.start()
    assert (source.asked, source.seen) == (1, [])
    assert "Allow it" in str(failed.args[0])
    assert window.isVisible()


def test_a_click_is_no_region(qtbot, window):
    flow = CaptureFlow(FakeScreens(window), settle_ms=0)
    overlay = _begin(qtbot, flow)
    with qtbot.assertNotEmitted(flow.captured):
        qtbot.mouseClick(overlay, LEFT, NO_KEYS, QPoint(50, 50))
    assert overlay.isVisible()
    overlay.close()


def test_a_second_start_does_nothing(qtbot, window):
    source = FakeScreens(window)
    flow = CaptureFlow(source, settle_ms=0)
    overlay = _begin(qtbot, flow)
    flow.start()
    assert len(source.seen) == 1
    overlay.close()


def test_this_desktop_has_screens(qapp):
    source = QtScreenSource()
    assert source.access() is ScreenAccess.NOT_NEEDED
    (screen, *_) = source.screens()
    assert screen.pixels[0] > 0


# In the room


def _page(qtbot, desk, source: FakeScreens) -> EvidencePage:
    page = EvidencePage(desk, capture=CaptureFlow(source, settle_ms=0))
    qtbot.addWidget(page)
    page.resize(1100, 760)
    page.ensure_fresh()
    show_active(qtbot, page)
    source.window = page
    return page


def test_a_capture_ends_in_the_vault_with_how_it_was_made(qtbot, tmp_path: Path):
    with small_practice(tmp_path, pictures=0) as desk:
        source = FakeScreens()
        page = _page(qtbot, desk, source)
        qtbot.mouseClick(page.findChild(QWidget, "capture"), LEFT)
        qtbot.waitUntil(lambda: any(isinstance(w, CaptureOverlay) for w in QApplication.topLevelWidgets()))
        assert source.seen == [False]
        qtbot.keyClick(_overlay(), Qt.Key.Key_Return)
        (item,) = desk.session.vault.evidence(2024)
        assert (item.width, item.height, item.intake.scale) == (600, 450, 150)
        assert item.intake.source is Source.CAPTURE
        assert item.intake.window_title.startswith("Whole screen FAKE-1")
        assert page.isVisible()
        assert page._details.item.id == item.id


def test_a_capture_of_one_color_is_refused(qtbot, tmp_path: Path):
    with small_practice(tmp_path, pictures=0) as desk:
        source = FakeScreens()
        source.picture.fill(QColor("black"))
        page = _page(qtbot, desk, source)
        qtbot.mouseClick(page.findChild(QWidget, "capture"), LEFT)
        qtbot.waitUntil(lambda: any(isinstance(w, CaptureOverlay) for w in QApplication.topLevelWidgets()))
        qtbot.keyClick(_overlay(), Qt.Key.Key_Return)
        assert desk.session.vault.evidence(2024) == ()
        assert desk.said[-1].level is Level.ERROR
        assert "one color" in desk.said[-1].text
        assert page.isVisible()
