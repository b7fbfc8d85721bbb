"""The real pages of a binder one below the other, as sharp as the screen, with a bounded number of pixels in memory."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from mips_desk.ui.theme import CARD_RADIUS, color, px

from .binder_places import LEVELS, MARGIN, Fit, Place, lay_out

#: Rows of device pixels that are drawn at once; a page is one to a few of them.
STRIP: Final = 900
#: Bytes of drawn pages that are kept.
_KEPT: Final = 96_000_000
#: Strips that are being drawn at the same time.
_AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of a page that shall be drawn.

    Attributes:
        edition: which state of the binder; a counter.
        number: page, from 1.
        scale: device pixels to a point.
        top: first row of device pixels.
        height: rows.
    """

    edition: int
    number: int
    scale: float
    top: int
    height: int


class SheetView(QAbstractScrollArea):
    """Shows pages. Page Up and Page Down turn, arrows scroll, plus and minus zoom, Z switches between page and width.

    A page that is drawn anew keeps its old picture until the new one is there.

    Signals:
        strip_wanted(Wanted): draw this; answer with `set_strip`.
        turned(int): another page is shown.
        zoomed(): the zoom is another one.
    """

    strip_wanted = Signal(object)
    turned = Signal(int)
    zoomed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sheets")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._places: list[Place] = []
        self._tops: list[float] = []
        self._edition = 0
        self._number = 0
        self._zoom: Fit | int = Fit.PAGE
        self._drawn: OrderedDict[Wanted, QImage] = OrderedDict()
        self._bytes = 0
        self._asked: set[Wanted] = set()
        self._moving = False
        # Painting only notes that something is missing: what it asks for must never come back while it paints.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._ask)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._say()

    @property
    def count(self) -> int:
        """Number of pages; 0 before there are any."""
        return len(self._sizes)

    @property
    def number(self) -> int:
        """The page that is shown, from 1; 0 before there is one."""
        return self._number

    @property
    def zoom(self) -> Fit | int:
        """How large pages are shown; an `int` is percent of the paper's size."""
        return self._zoom

    @property
    def percent(self) -> int:
        """Size in which the shown page appears, in percent of the paper's."""
        place = self._places[self._number - 1] if self._number else None
        return round(place.zoom * 75) if place else 100

    @property
    def settled(self) -> bool:
        """Everything that can be seen is drawn as it is now."""
        return all(wanted in self._drawn for wanted in self._visible())

    @property
    def pixels(self) -> int:
        """Bytes of drawn pages in memory."""
        return self._bytes

    def sizeHint(self) -> QSize:
        """Small: it takes what there is, and must not make the room scroll."""
        return QSize(px(300), px(300))

    def set_pages(self, sizes: Sequence[tuple[float, float]], number: int = 0) -> None:
        """Show another state of the binder.

        Args:
            sizes: width and height of every page in points; empty: there is none yet.
            number: the page that shall lie where the shown one lies now; 0: the same number.
        """
        before = self._offset()
        self._sizes = tuple(sizes)
        self._edition += 1
        self._asked.clear()
        self._number = min(max(number or self._number, 1), self.count)
        if not sizes:
            self._drawn.clear()
            self._bytes = 0
        self._lay_out()
        self._go(before)
        self._say()
        self.viewport().update()

    def show_page(self, number: int) -> None:
        """Go to the top of a page, as far as there are pages."""
        number = min(max(number, 1), self.count)
        if not self.count:
            return
        other, self._number = number != self._number, number
        self._go(0.0)
        if other:
            self._say()
            self.turned.emit(number)

    def set_zoom(self, zoom: Fit | int) -> None:
        """Show pages in another size; what is at the upper edge stays there."""
        before = self._offset()
        self._zoom = zoom
        self._lay_out()
        self._go(before if not isinstance(zoom, Fit) or zoom is Fit.WIDTH else 0.0)
        self.viewport().update()
        self.zoomed.emit()

    def step_zoom(self, step: int) -> None:
        """Zoom to the next level up (1) or down (-1)."""
        shown = self.percent
        if step > 0:
            level = next((level for level in LEVELS if level > shown + 1), LEVELS[-1])
        else:
            level = next((level for level in reversed(LEVELS) if level < shown - 1), LEVELS[0])
        self.set_zoom(level)

    def set_strip(self, wanted: Wanted, picture: QImage | None) -> None:
        """Hand in what was asked for; None: it could not be drawn, and is not asked for again in this state."""
        if wanted.edition != self._edition:
            return
        if picture is None:
            picture = QImage(1, 1, QImage.Format.Format_RGB32)
            picture.fill(Qt.GlobalColor.white)
        picture.setDevicePixelRatio(1.0)
        self._asked.discard(wanted)
        self._drawn[wanted] = picture
        self._bytes += picture.sizeInBytes()
        self._let_go()
        self.viewport().update()

    # ------------------------------------------------------------------ events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pages."""
        super().resizeEvent(event)
        before = self._offset()
        self._lay_out()
        self._go(before if self._zoom is not Fit.PAGE else 0.0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl zoom. The room around never scrolls with it."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn, scroll, zoom."""
        bar, across = self.verticalScrollBar(), self.horizontalScrollBar()
        match event.key():
            case Qt.Key.Key_PageDown:
                self.show_page(self._number + 1)
            case Qt.Key.Key_PageUp:
                self.show_page(self._number - 1 if self._offset() < 1 else self._number)
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                self.show_page(1 if event.key() == Qt.Key.Key_Home else self.count)
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                bar.setValue(bar.value() + (60 if event.key() == Qt.Key.Key_Down else -60))
            case Qt.Key.Key_Right | Qt.Key.Key_Left if across.maximum() > 0:
                across.setValue(across.value() + (60 if event.key() == Qt.Key.Key_Right else -60))
            case Qt.Key.Key_Right | Qt.Key.Key_Left:
                self.show_page(self._number + (1 if event.key() == Qt.Key.Key_Right else -1))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.step_zoom(1)
            case Qt.Key.Key_Minus:
                self.step_zoom(-1)
            case Qt.Key.Key_0:
                self.set_zoom(Fit.PAGE)
            case Qt.Key.Key_1:
                self.set_zoom(100)
            case Qt.Key.Key_Z:
                self.set_zoom(Fit.WIDTH if self._zoom is Fit.PAGE else Fit.PAGE)
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pages that can be seen, and ask for what is missing of them."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self.count:
            self._paint_paper(painter, self._blank())
        for number in self._numbers():
            page = self._rect(number)
            self._paint_paper(painter, page)
            self._paint_page(painter, number, page)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color("focus"), 2))
            inside = QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(inside, CARD_RADIUS - 2, CARD_RADIUS - 2)
        if not self._soon.isActive():
            self._soon.start()

    # ------------------------------------------------------------------ inside

    def _lay_out(self) -> None:
        """Find the place of every page."""
        places, bottom, widest = lay_out(
            self._sizes, self._zoom, self.viewport().width(), self.viewport().height(), px(1100)
        )
        self._places = places
        self._tops = [place.top for place in self._places]
        self._moving = True
        self.verticalScrollBar().setRange(0, max(0, ceil(bottom) - self.viewport().height()))
        self.verticalScrollBar().setPageStep(self.viewport().height())
        self.verticalScrollBar().setSingleStep(px(24))
        spare = max(0, ceil(widest + 2 * MARGIN) - self.viewport().width()) if isinstance(self._zoom, int) else 0
        self.horizontalScrollBar().setRange(0, spare)
        self.horizontalScrollBar().setPageStep(self.viewport().width())
        self._moving = False

    def _offset(self) -> float:
        """Return how far the shown page is scrolled up, in parts of its height."""
        if not self._number or self._number > len(self._places):
            return 0.0
        place = self._places[self._number - 1]
        return max(0.0, (self.verticalScrollBar().value() + self._above(place) - place.top) / place.height)

    def _above(self, place: Place) -> float:
        """Free room above a page that is shown from its top."""
        return max(float(MARGIN), (self.viewport().height() - place.height) / 2) if self._zoom is Fit.PAGE else MARGIN

    def _go(self, offset: float) -> None:
        """Scroll to the shown page."""
        if not self._number:
            return
        place = self._places[self._number - 1]
        self._moving = True
        self.verticalScrollBar().setValue(round(place.top - self._above(place) + offset * place.height))
        self._moving = False
        self.viewport().update()

    def _scrolled(self, value: int) -> None:
        self.viewport().update()
        if self._moving or not self.count:
            return
        middle = value + self.viewport().height() * 0.4
        number = max(1, bisect_right(self._tops, middle))
        if value >= self.verticalScrollBar().maximum():
            number = self.count
        if number != self._number:
            self._number = number
            self._say()
            self.turned.emit(number)

    def _say(self) -> None:
        words = f"Page {self._number} of {self.count}" if self.count else "The pages are being laid out"
        self.setAccessibleName(f"Preview, {words}" if not self.count else words)

    def _numbers(self) -> range:
        """Return the pages that can be seen."""
        if not self._places:
            return range(0)
        top = self.verticalScrollBar().value()
        first = max(0, bisect_right(self._tops, top) - 1)
        if self._places[first].top + self._places[first].height <= top:
            first += 1
        last = bisect_right(self._tops, top + self.viewport().height())
        return range(first + 1, last + 1)

    def _ratio(self) -> float:
        return self.viewport().devicePixelRatioF()

    def _rect(self, number: int) -> QRectF:
        """Return where a page lies in the viewport, on whole device pixels."""
        place, ratio = self._places[number - 1], self._ratio()
        left = max(float(MARGIN), (self.viewport().width() - place.width) / 2) - self.horizontalScrollBar().value()
        top = place.top - self.verticalScrollBar().value()
        return QRectF(round(left * ratio) / ratio, round(top * ratio) / ratio, place.width, place.height)

    def _blank(self) -> QRectF:
        room = QRectF(self.viewport().rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        width = min(room.width(), room.height() * 8.5 / 11)
        return QRectF(room.center().x() - width / 2, room.center().y() - width * 11 / 17, width, width * 11 / 8.5)

    def _paint_paper(self, painter: QPainter, page: QRectF) -> None:
        for grow, strength in ((6, 5), (3, 9), (1, 14)):
            painter.fillRect(page.adjusted(-grow, -grow / 3, grow, grow * 1.4), QColor(0, 0, 0, strength))
        # Paper is white in every theme.
        painter.fillRect(page, QColor("#FFFFFF"))

    def _paint_page(self, painter: QPainter, number: int, page: QRectF) -> None:
        now = [wanted for wanted in self._strips(number) if self._on_screen(number, wanted)]
        if not all(wanted in self._drawn for wanted in now):
            for wanted, picture in self._drawn.items():
                if wanted.number == number and wanted not in now:
                    grown = self._places[number - 1].zoom / wanted.scale
                    at = QPointF(page.left(), page.top() + wanted.top * grown)
                    painter.drawImage(
                        QRectF(at.x(), at.y(), picture.width() * grown, picture.height() * grown).intersected(page),
                        picture,
                    )
        ratio = self._ratio()
        for wanted in now:
            drawn = self._drawn.get(wanted)
            if drawn is not None:
                self._drawn.move_to_end(wanted)
                at = QPointF(page.left(), page.top() + wanted.top / ratio)
                painter.drawImage(QRectF(at.x(), at.y(), drawn.width() / ratio, drawn.height() / ratio), drawn)

    def _strips(self, number: int) -> list[Wanted]:
        """Return the strips of a page as it is shown now."""
        place = self._places[number - 1]
        scale = place.zoom * self._ratio()
        rows = ceil(self._sizes[number - 1][1] * scale)
        return [
            Wanted(self._edition, number, scale, top, min(STRIP, rows - top)) for top in range(0, max(1, rows), STRIP)
        ]

    def _on_screen(self, number: int, wanted: Wanted) -> bool:
        ratio = self._ratio()
        top = self._rect(number).top() + wanted.top / ratio
        return top < self.viewport().height() and top + wanted.height / ratio > 0

    def _visible(self) -> list[Wanted]:
        return [
            wanted for number in self._numbers() for wanted in self._strips(number) if self._on_screen(number, wanted)
        ]

    def _ask(self) -> None:
        """Ask for what can be seen and is not drawn; then for the page that comes next."""
        if not self.count or not self.isVisible():
            return
        soon = self._visible()
        if all(wanted in self._drawn for wanted in soon) and self._number < self.count:
            soon = self._strips(self._number + 1)[:1]
        for wanted in soon:
            if len(self._asked) >= _AT_ONCE:
                return
            if wanted not in self._drawn and wanted not in self._asked:
                self._asked.add(wanted)
                self.strip_wanted.emit(wanted)

    def _let_go(self) -> None:
        """Forget what was drawn longest ago, beyond a fixed number of bytes, and what is replaced."""
        visible = set(self._visible())
        done = {number for number in self._numbers() if all(w in self._drawn for w in visible if w.number == number)}
        for wanted in list(self._drawn):
            old = wanted.edition != self._edition and (wanted.number in done or wanted.number not in self._numbers())
            if old or (self._bytes > _KEPT and wanted not in visible):
                self._bytes -= self._drawn.pop(wanted).sizeInBytes()
