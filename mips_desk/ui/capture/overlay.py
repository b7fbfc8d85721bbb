"""The overlay on which a region of the captured screen is chosen: dimmed, with a rubber band and its size."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from mips_desk.capture.geometry import LogicalRect, PixelRect, Screen, to_pixels
from mips_desk.ui.theme import TextRole, font

#: A drag shorter than this is a click and chooses nothing, in logical pixels.
CLICK = 6.0
_HELP = "Drag over what you want to show.  Enter: whole screen.  Esc: cancel."


class CaptureOverlay(QWidget):
    """Covers one screen with its own frozen picture.

    By keyboard: arrow keys move the region, with Control they resize it, Shift goes farther, Enter takes it.

    Args:
        screen: which was captured.
        picture: of that screen in physical pixels.

    Signals:
        chosen(PixelRect): the person chose these pixels of the picture.
        cancelled(): the person wants no picture.
    """

    chosen = Signal(object)
    cancelled = Signal()

    def __init__(self, screen: Screen, picture: QImage) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.setObjectName("capture_overlay")
        self.setWindowTitle("MIPS Desk: capture")
        self.setAccessibleName("Choose what to capture")
        self.setAccessibleDescription(_HELP)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._screen = screen
        self._picture = picture
        self._start: QPointF | None = None
        self._region = QRectF()
        self._settled = False
        area = screen.area
        self.setGeometry(QRect(round(area.x), round(area.y), round(area.width), round(area.height)))

    def open(self) -> None:
        """Cover the screen and take the keyboard."""
        handle = next((each for each in QGuiApplication.screens() if each.name() == self._screen.name), None)
        if handle is not None:
            self.setScreen(handle)
        self.showFullScreen()
        self.raise_()
        self.activateWindow()
        self.setFocus()

    def sizeHint(self) -> QSize:
        """The screen."""
        return QSize(round(self._screen.area.width), round(self._screen.area.height))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin the region."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._start = event.position()
            self._region = QRectF()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw it larger."""
        if self._start is not None:
            self._region = QRectF(self._start, event.position()).normalized() & QRectF(self.rect())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the region, if it is one."""
        if self._start is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        self._start = None
        if self._region.width() >= CLICK and self._region.height() >= CLICK:
            self._take(self._region)
        else:
            self._region = QRectF()
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, Enter and the arrow keys."""
        way = {
            Qt.Key.Key_Left: QPointF(-1, 0),
            Qt.Key.Key_Right: QPointF(1, 0),
            Qt.Key.Key_Up: QPointF(0, -1),
            Qt.Key.Key_Down: QPointF(0, 1),
        }.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(QRectF(self.rect()) if self._region.isEmpty() else self._region)
        elif way is not None:
            self._nudge(way * (50 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 5), event)
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closed without a choice: cancelled."""
        super().closeEvent(event)
        if not self._settled:
            self._settled = True
            self.cancelled.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, dimmed outside of the region, the band and its size."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._picture)
        dim = QColor(10, 20, 26, 120)
        if self._region.isEmpty():
            painter.fillRect(self.rect(), dim)
            self._say(painter, _HELP, QPointF(self.width() / 2, self.height() / 2), centered=True)
            return
        region, whole = self._region, QRectF(self.rect())
        painter.fillRect(QRectF(0, 0, whole.width(), region.top()), dim)
        painter.fillRect(QRectF(0, region.bottom(), whole.width(), whole.height() - region.bottom()), dim)
        painter.fillRect(QRectF(0, region.top(), region.left(), region.height()), dim)
        painter.fillRect(QRectF(region.right(), region.top(), whole.width() - region.right(), region.height()), dim)
        painter.setPen(QPen(QColor("#FFFFFF"), 3))
        painter.drawRect(region)
        painter.setPen(QPen(QColor("#0B6E75"), 1.5))
        painter.drawRect(region)
        pixels = self._pixels(region)
        if pixels is not None:
            self._say(painter, f"{pixels.width} × {pixels.height}", region.bottomLeft() + QPointF(0, 10))

    def _say(self, painter: QPainter, text: str, at: QPointF, *, centered: bool = False) -> None:
        painter.setFont(font(TextRole.STRONG))
        metrics = QFontMetricsF(painter.font())
        label = QRectF(at.x(), at.y(), metrics.horizontalAdvance(text) + 24, metrics.height() + 12)
        if centered:
            label.moveCenter(at)
        # The label stays on the screen when the region touches its edge.
        label.moveBottom(min(label.bottom(), self.height() - 8.0))
        label.moveRight(min(label.right(), self.width() - 8.0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#12343B"))
        painter.drawRoundedRect(label, 7, 7)
        painter.setPen(QColor("#FFFFFF"))
        painter.drawText(label, int(Qt.AlignmentFlag.AlignCenter), text)

    def _nudge(self, way: QPointF, event: QKeyEvent) -> None:
        if self._region.isEmpty():
            self._region = QRectF(self.width() / 4, self.height() / 4, self.width() / 2, self.height() / 2)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._region.setWidth(max(CLICK, self._region.width() + way.x()))
            self._region.setHeight(max(CLICK, self._region.height() + way.y()))
        else:
            self._region.translate(way)
        self._region &= QRectF(self.rect())
        self.update()

    def _pixels(self, region: QRectF) -> PixelRect | None:
        area = self._screen.area
        place = LogicalRect(area.x + region.x(), area.y + region.y(), region.width(), region.height())
        return to_pixels(self._screen, place)

    def _take(self, region: QRectF) -> None:
        pixels = self._pixels(region)
        if pixels is not None:
            self._settled = True
            self.chosen.emit(pixels)
            self.close()
