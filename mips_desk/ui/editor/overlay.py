"""What the canvas shows above the marks and never exports: frames, handles, guides, proposals, what is cut away."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF, QRegion

from mips_desk.annotate.hit import Handle, angle_of, corners, frame, handles
from mips_desk.annotate.marks import Freehand, Mark, Outline, Segment
from mips_desk.annotate.shapes import PixelBox, Rect, Style, stroke_of, turned
from mips_desk.ui.theme import TextRole, color, font

from .proposals import Proposals
from .snapping import Guide
from .view import View

#: Half side of a handle, and how far above the frame the one is that turns the mark, in logical pixels.
GRIP, LIFT = 4.5, 24.0
#: Frames look the same in both themes: they lie on the picture and not on the window.
_ACCENT, _PAPER = QColor("#0B6E75"), QColor("#FFFFFF")
_GUIDE = QColor("#C11574")
_PROPOSED, _CURRENT = QColor("#B54708"), QColor("#6941C6")
_INK = QColor("#17202B")
#: How far outside of a mark its frame lies, in logical pixels.
_OUTSIDE = 1.5
#: How much of what is cut away still shows, of 255: while the crop is worked on, and else.
_CUT_WORKING, _CUT = 150, 225


def paint_stage(painter: QPainter, area: QRectF, window: QRect) -> None:
    """Paint what lies around the picture, with its shadow.

    Args:
        painter: its coordinates are logical pixels of the widget.
        area: the picture.
        window: the widget.
    """
    painter.save()
    # Only around the picture: blending all of it would cost more than all marks. A pixel of it is painted too, for
    # where its edge lies between two.
    painter.setClipRegion(QRegion(window).subtracted(QRegion(area.adjusted(1, 1, -1, -1).toRect())))
    painter.fillRect(window, color("stage"))
    for grow, strength in ((7, 4), (4, 7), (2, 10), (1, 14)):
        painter.fillRect(area.adjusted(-grow, -grow / 3, grow, grow * 1.4), QColor(0, 0, 0, strength))
    painter.restore()


def paint_cut(painter: QPainter, view: View, left: PixelBox, *, working: bool) -> None:
    """Dim what the crop cuts away.

    Args:
        painter: its coordinates are logical pixels of the widget.
        view: where the picture lies.
        left: what is left of the picture, in image pixels.
        working: the crop is selected or its tool in hand, so that more of the rest is wanted.
    """
    path = QPainterPath()
    path.addRect(_shown(view, Rect(0, 0, *view.picture)))
    path.addRect(_shown(view, Rect(left[0], left[1], left[2] - left[0], left[3] - left[1])))
    veil = QColor(color("stage"))
    veil.setAlpha(_CUT_WORKING if working else _CUT)
    painter.fillPath(path, veil)
    painter.setPen(QPen(_ACCENT, 1.5, Qt.PenStyle.DashLine if not working else Qt.PenStyle.SolidLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(_shown(view, Rect(left[0], left[1], left[2] - left[0], left[3] - left[1])))


def paint_selection(painter: QPainter, view: View, marks: Iterable[Mark], style: Style, *, grips: bool) -> None:
    """Paint frames and handles of the selected marks.

    Args:
        painter: its coordinates are logical pixels of the widget.
        view: where the picture lies.
        marks: the selected ones.
        style: sizes of marks that leave theirs open.
        grips: with handles.
    """
    for mark in marks:
        if isinstance(mark, Segment) and not grips:
            # A frame along the line would hide its color.
            painter.setPen(QPen(_PAPER, 1.5))
            painter.setBrush(_ACCENT)
            for end in ((mark.x1, mark.y1), (mark.x2, mark.y2)):
                painter.drawEllipse(QPointF(*view.to_widget(*end)), GRIP, GRIP)
        elif not isinstance(mark, Segment):
            # A little outside, so that the edges of the mark itself and their color can be seen.
            ink = stroke_of(mark, style) / 2 if isinstance(mark, Outline | Freehand) else 0.0
            around = frame(mark, style).grown(ink + _OUTSIDE / view.scale)
            edges = [turned(corner, around.center, angle_of(mark)) for corner in around.corners]
            paint_frame(painter, [view.to_widget(*edge) for edge in edges], dashed=False)
        points = handles(mark, style, LIFT / view.scale) if grips else {}
        if Handle.TURN in points:
            top = corners(mark, style)[:2]
            middle = ((top[0][0] + top[1][0]) / 2, (top[0][1] + top[1][1]) / 2)
            painter.setPen(QPen(_ACCENT, 1.5))
            painter.drawLine(QPointF(*view.to_widget(*middle)), QPointF(*view.to_widget(*points[Handle.TURN])))
        for grip, point in points.items():
            left, top_edge = view.to_widget(*point)
            place = QRectF(left - GRIP, top_edge - GRIP, 2 * GRIP, 2 * GRIP)
            painter.setPen(QPen(_ACCENT, 1.5))
            painter.setBrush(_PAPER)
            if grip is Handle.TURN:
                painter.drawEllipse(place)
            else:
                painter.drawRoundedRect(place, 2, 2)


def paint_band(painter: QPainter, view: View, band: Rect) -> None:
    """Paint the rubber band."""
    shown = _shown(view, band)
    wash = QColor(_ACCENT)
    wash.setAlpha(28)
    painter.fillRect(shown, wash)
    points = [shown.topLeft(), shown.topRight(), shown.bottomRight(), shown.bottomLeft()]
    paint_frame(painter, [point.toTuple() for point in points], dashed=True)


def paint_guides(painter: QPainter, view: View, guides: Iterable[Guide]) -> None:
    """Paint the lines at which a drag snapped."""
    for guide in guides:
        ends = ((guide.at, guide.low), (guide.at, guide.high))
        if not guide.vertical:
            ends = ((guide.low, guide.at), (guide.high, guide.at))
        painter.setPen(QPen(_GUIDE, 1))
        painter.drawLine(QPointF(*view.to_widget(*ends[0])), QPointF(*view.to_widget(*ends[1])))


def paint_proposals(painter: QPainter, view: View, proposals: Proposals) -> None:
    """Paint proposed redactions as dashed boxes; the current one has a strong frame and its kind above it."""
    current = proposals.current
    for proposal in proposals.open:
        shown = _shown(view, proposal.rect)
        if proposal is current or not shown.intersects(QRectF(0, 0, *view.room)):
            continue
        # Doubtful ones are paler, and never so pale that they are overlooked.
        painter.setOpacity(0.55 + 0.45 * min(max(proposal.score, 0.0), 1.0))
        wash = QColor(_PROPOSED)
        wash.setAlpha(34)
        painter.fillRect(shown, wash)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_PAPER, 2.5))
        painter.drawRect(shown)
        painter.setPen(QPen(_PROPOSED, 1.5, Qt.PenStyle.DashLine))
        painter.drawRect(shown)
    painter.setOpacity(1.0)
    if current is None:
        return
    shown = _shown(view, current.rect).adjusted(-2, -2, 2, 2)
    wash = QColor(_CURRENT)
    wash.setAlpha(40)
    painter.fillRect(shown, wash)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_PAPER, 4.5))
    painter.drawRect(shown)
    painter.setPen(QPen(_CURRENT, 2.5, Qt.PenStyle.DashLine))
    painter.drawRect(shown)
    _paint_words(painter, view, shown, current.kind, _CURRENT)


def paint_reading(painter: QPainter, view: View, at: QPointF, words: str) -> None:
    """Write the size of what is dragged beside the pointer.

    Args:
        painter: its coordinates are logical pixels of the widget.
        view: where the picture lies.
        at: of the pointer in the widget.
        words: what to write.
    """
    # As tall as a pointer, which must not lie on the words.
    _paint_words(painter, view, QRectF(at.x() + 14, at.y() - 8, 0, 26), words, _INK)


def paint_hint(painter: QPainter, view: View, words: str) -> None:
    """Write something at the bottom of the widget, in its middle."""
    width = QFontMetricsF(font(TextRole.SECONDARY)).horizontalAdvance(words) + 12
    _paint_words(painter, view, QRectF((view.room[0] - width) / 2, view.room[1] - 10, 0, 0), words, _INK)


def paint_frame(painter: QPainter, points: Iterable[tuple[float, float]], *, dashed: bool) -> None:
    """Paint a frame through points of the widget: white below the accent, so that it shows on any picture."""
    polygon = QPolygonF([QPointF(*point) for point in points])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_PAPER, 3))
    painter.drawPolygon(polygon)
    painter.setPen(QPen(_ACCENT, 1.5, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.drawPolygon(polygon)


def _paint_words(painter: QPainter, view: View, box: QRectF, words: str, fill: QColor) -> None:
    """Write words above a box, or below it where there is no room."""
    letters = font(TextRole.SECONDARY)
    metrics = QFontMetricsF(letters)
    width, height = metrics.horizontalAdvance(words) + 12, metrics.height() + 4
    top = box.top() - height - 3
    if top < 0:
        top = min(box.bottom() + 3, view.room[1] - height)
    left = min(max(box.left(), 0.0), max(view.room[0] - width, 0.0))
    place = QRectF(left, top, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(place, 4, 4)
    painter.setFont(letters)
    painter.setPen(_PAPER)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


def _shown(view: View, rect: Rect) -> QRectF:
    left, top = view.to_widget(rect.x, rect.y)
    right, bottom = view.to_widget(rect.right, rect.bottom)
    return QRectF(left, top, right - left, bottom - top)
