"""The middle of the Binder room: the real pages, one at a time, on a quiet stage."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from mips_desk.ui.theme import CARD_RADIUS, SPACE_S, TextRole, color, px
from mips_desk.ui.widgets.buttons import icon_button
from mips_desk.ui.widgets.text import label

#: Free room around a page, in logical pixels.
MARGIN = 18


class PageStage(QWidget):
    """Shows a page. Page Up and Page Down turn, Home and End go to the ends, Z switches between page and width.

    Signals:
        page_requested(int, int): number of the page (from 1) and its width in pixels; answer with `set_page`.
        turned(int): another page is shown.
    """

    page_requested = Signal(int, int)
    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_stage")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._number, self._count = 0, 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_S)
        column.setSpacing(0)
        self.sheet = _Sheet()
        column.addWidget(self.sheet, 1)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self._before = icon_button("Page before (Page Up)", "chevron-left", lambda: self.show_page(self._number - 1))
        self._before.setObjectName("page_before")
        self._words = label("", TextRole.SECONDARY)
        self._words.setObjectName("page_words")
        self._next = icon_button("Next page (Page Down)", "chevron-right", lambda: self.show_page(self._number + 1))
        self._next.setObjectName("page_next")
        self._zoom = icon_button("Larger or whole page (Z)", "zoom-in", self.sheet.toggle_width)
        row.addStretch(1)
        for widget in (self._before, self._words, self._next, self._zoom):
            row.addWidget(widget)
        row.addStretch(1)
        column.addLayout(row)
        # Resizing a window must not draw the page for every pixel of the way.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(80)
        self._timer.timeout.connect(self._ask)
        self.sheet.width_wanted.connect(self._timer.start)
        self.sheet.turn_wanted.connect(lambda step: self.show_page(self._number + step))
        self.sheet.end_wanted.connect(lambda last: self.show_page(self._count if last else 1))
        self._show_words()

    @property
    def number(self) -> int:
        """The page that is shown, from 1; 0 before there is one."""
        return self._number

    def set_count(self, count: int) -> None:
        """Take in a new binder; the page stays where it is as far as it can. 0: there is none yet."""
        self._count = count
        self._number = min(max(self._number, 1), count)
        if not count:
            self.sheet.set_picture(QImage(), "Preview, the pages are being laid out")
        self._show_words()
        self._ask()

    def show_page(self, number: int) -> None:
        """Turn to a page, as far as there are pages."""
        number = min(max(number, 1), self._count)
        if number != self._number and self._count:
            self._number = number
            self._show_words()
            self.sheet.to_top()
            self._ask()
            self.turned.emit(number)

    def set_page(self, number: int, picture: QImage) -> None:
        """Hand in a page that was asked for; one that is not wanted any more is ignored."""
        if number == self._number:
            self.sheet.set_picture(picture, f"Page {number} of {self._count}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the stage."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("stage"))
        painter.drawRoundedRect(QRectF(self.rect()), CARD_RADIUS, CARD_RADIUS)

    def _ask(self) -> None:
        if self._number:
            self.page_requested.emit(self._number, self.sheet.pixels_across())

    def _show_words(self) -> None:
        self._words.setText(f"Page {self._number} of {self._count}" if self._count else "")
        self._before.setEnabled(self._number > 1)
        self._next.setEnabled(self._number < self._count)
        self._zoom.setEnabled(self._count > 0)


class _Sheet(QWidget):
    """The page itself.

    Signals:
        width_wanted(): the page is wanted at `pixels_across`.
        turn_wanted(int): one page on or back.
        end_wanted(bool): the last page, or the first.
    """

    width_wanted = Signal()
    turn_wanted = Signal(int)
    end_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Preview")
        self._picture = QImage()
        self._wide = False
        self._top = 0.0

    def sizeHint(self) -> QSize:
        """Small: it takes what there is, and must not make the room scroll."""
        return QSize(px(300), px(300))

    def pixels_across(self) -> int:
        """Return the width in pixels in which the page is shown."""
        return max(50, round(self._page().width() * self.devicePixelRatioF()))

    def set_picture(self, picture: QImage, name: str) -> None:
        """Show a page."""
        self._picture = picture
        self.setAccessibleName(name)
        self.update()

    def to_top(self) -> None:
        """Begin at the top of the page."""
        self._top = 0.0

    def toggle_width(self) -> None:
        """Switch between the whole page and the whole width."""
        self._wide = not self._wide
        self._top = 0.0
        self.width_wanted.emit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the page in its new size."""
        super().resizeEvent(event)
        self.width_wanted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, and turn at its ends."""
        step = event.angleDelta().y() / 2
        if not self._scroll(step) and step:
            self.turn_wanted.emit(-1 if step > 0 else 1)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn, scroll, switch."""
        match event.key():
            case Qt.Key.Key_PageDown | Qt.Key.Key_Right:
                self.turn_wanted.emit(1)
            case Qt.Key.Key_PageUp | Qt.Key.Key_Left:
                self.turn_wanted.emit(-1)
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                self.end_wanted.emit(event.key() == Qt.Key.Key_End)
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self._scroll(-60 if event.key() == Qt.Key.Key_Down else 60)
            case Qt.Key.Key_Z:
                self.toggle_width()
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page with a faint shadow; before there is one, an empty sheet."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        page = self._page()
        for grow, strength in ((6, 5), (3, 9), (1, 14)):
            painter.fillRect(page.adjusted(-grow, -grow / 3, grow, grow * 1.4), QColor(0, 0, 0, strength))
        # Paper is white in every theme.
        painter.fillRect(page, QColor("#FFFFFF"))
        if not self._picture.isNull():
            painter.drawImage(page, self._picture)
        if self.hasFocus():
            painter.setPen(QPen(color("focus"), 2))
            painter.drawRect(page.adjusted(-2, -2, 2, 2))

    def _scroll(self, step: float) -> bool:
        """Scroll by logical pixels; returns False at the end."""
        hidden = max(0.0, self._page().height() + 2 * MARGIN - self.height())
        top = min(max(self._top - step, 0.0), hidden)
        if top == self._top:
            return False
        self._top = top
        self.update()
        return True

    def _page(self) -> QRectF:
        """Return where the page lies; Letter until one is there."""
        shape = self._picture.height() / self._picture.width() if not self._picture.isNull() else 11 / 8.5
        room_x, room_y = max(60.0, self.width() - 2.0 * MARGIN), max(60.0, self.height() - 2.0 * MARGIN)
        width = min(room_x, px(1000)) if self._wide else min(room_x, room_y / shape)
        ratio = self.devicePixelRatioF()
        left = round((self.width() - width) / 2 * ratio) / ratio
        height = width * shape
        top = MARGIN - self._top if self._wide else (self.height() - height) / 2
        return QRectF(left, round(top * ratio) / ratio, width, height)
