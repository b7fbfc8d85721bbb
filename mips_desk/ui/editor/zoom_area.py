"""A widget in which a picture is zoomed and panned: by keys, wheel and touch pad."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QNativeGestureEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from .view import ZOOM_STEP, View


class ZoomArea(QWidget):
    """Knows where a picture lies; what it paints is up to the class above.

    Args:
        picture: width and height of the picture in pixels.

    Signals:
        zoomed(): zoom or position changed.
    """

    zoomed = Signal()

    #: Wait for the wheel to rest before the picture is scaled with care, in milliseconds.
    REST_MS = 90

    def __init__(self, picture: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.view = View(picture=picture)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(self.REST_MS)
        self._rest.timeout.connect(self.update)

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(900, 640)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a point, the middle by default."""
        self._zoom_to(self.view.zoom * factor, at)

    def zoom_in(self) -> None:
        """One step closer."""
        self.zoom_by(ZOOM_STEP)

    def zoom_out(self) -> None:
        """One step away."""
        self.zoom_by(1 / ZOOM_STEP)

    def zoom_whole_pixels(self) -> None:
        """Show every pixel of the picture as one of the screen."""
        self._zoom_to(1.0, None)

    def fit(self) -> None:
        """Show the whole picture."""
        self.view.fit()
        self._view_changed()

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture by logical pixels."""
        self.view.pan(dx, dy)
        self._view_changed()

    def _zoom_to(self, zoom: float, at: QPointF | None) -> None:
        self.view.zoom_to(zoom, *((at.x(), at.y()) if at is not None else ()))
        self._view_changed()

    def _view_changed(self) -> None:
        self._rest.start()
        self.update()
        self.zoomed.emit()

    @property
    def _resting(self) -> bool:
        """The view does not move at the moment."""
        return not self._rest.isActive()

    def event(self, event: QEvent) -> bool:
        """Take pinches of a touch pad; everything else as usual."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture in view."""
        super().resizeEvent(event)
        self.view.set_room(self.width(), self.height(), self.devicePixelRatioF())
        self._view_changed()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the pointer with Control (Command), otherwise pan; Shift pans sideways."""
        angle = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(2 ** (angle.y() / 360), event.position())
        else:
            delta = QPointF(event.pixelDelta()) if not event.pixelDelta().isNull() else QPointF(angle) / 2
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and delta.x() == 0:
                delta = QPointF(delta.y(), 0)
            self.view.pan(delta.x(), delta.y())
            self._view_changed()
        event.accept()
