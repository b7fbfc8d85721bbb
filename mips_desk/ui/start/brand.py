"""The panel at the left of the start window: what this program is, and what it promises."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mips_desk.ui.icons import paint_icon
from mips_desk.ui.theme import ICON, SPACE_M, SPACE_XL, TextRole, color, font, px

NAME = "MIPS Desk"
TAGLINE = "Proof for your improvement activities: made while the year runs, kept safe, printed as one binder."
PROMISES = (
    ("hard-drive", "Everything stays on this computer. The app never uses the network."),
    ("lock", "The practice is encrypted with your passphrase."),
    ("history", "Every change is recorded, and almost every one can be undone."),
)


class BrandPanel(QWidget):
    """Name, tagline and promises on the ground of the rail."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(NAME)
        self.setAccessibleDescription(" ".join((TAGLINE, *(text for _, text in PROMISES))))
        self.refresh()

    def refresh(self) -> None:
        """Follow a new text size."""
        self.setFixedWidth(px(340))

    def minimumSizeHint(self) -> QSize:
        """The name alone."""
        return QSize(px(340), px(120))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel; promises that do not fit are left out."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), color("rail"))
        left, width = px(36), self.width() - 2 * px(36)
        top = float(px(64))
        self._paint_mark(painter, QPointF(left + px(22), top + px(22)))
        top += px(48)
        top += self._paint_text(painter, NAME, TextRole.PAGE_TITLE, 24, "rail_ink_selected", left, top, width) + px(8)
        top += self._paint_text(painter, TAGLINE, TextRole.TEXT, 14, "rail_ink", left, top, width) + px(36)
        for icon, text in PROMISES:
            inset = px(ICON) + px(SPACE_M)
            height = self._height(text, TextRole.TEXT, 13, width - inset)
            if top + height > self.height() - SPACE_XL:
                break
            paint_icon(painter, icon, "rail_ink_selected", QRectF(left, top, px(ICON), px(ICON)))
            self._paint_text(painter, text, TextRole.TEXT, 13, "rail_ink", left + inset, top, width - inset)
            top += height + px(16)

    def _paint_mark(self, painter: QPainter, center: QPointF) -> None:
        """The gauge, small: a half ring that is filled for the most part."""
        pen = QPen(QColor(color("rail_ink_selected")), px(8))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        ring = QRectF(center.x() - px(18), center.y() - px(14), px(36), px(36))
        painter.setPen(pen)
        painter.drawArc(ring, 180 * 16, -125 * 16)
        faded = QColor(color("rail_ink_selected"))
        faded.setAlpha(80)
        pen.setColor(faded)
        painter.setPen(pen)
        painter.drawArc(ring, 50 * 16, -50 * 16)

    def _font(self, role: TextRole, size: int) -> QFont:
        return font(role, size=size)

    def _height(self, text: str, role: TextRole, size: int, width: float) -> float:
        flags = int(Qt.TextFlag.TextWordWrap)
        return QFontMetricsF(self._font(role, size)).boundingRect(QRectF(0, 0, width, 2000), flags, text).height()

    def _paint_text(
        self, painter: QPainter, text: str, role: TextRole, size: int, token: str, left: float, top: float, width: float
    ) -> float:
        """Paint wrapped text and return its height."""
        height = self._height(text, role, size, width)
        painter.setFont(self._font(role, size))
        painter.setPen(color(token))
        painter.drawText(QRectF(left, top, width, height + px(4)), int(Qt.TextFlag.TextWordWrap), text)
        return height
