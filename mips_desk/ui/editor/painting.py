"""Paint marks with Qt: the preview on the canvas, from the same numbers and the same font as the export.

What Pillow paints (`annotate.flatten`) is the truth; a test holds both together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import assert_never

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF, QRawFont, QTransform

from mips_desk.annotate.freehand import Point
from mips_desk.annotate.marks import Mark
from mips_desk.annotate.shapes import (
    FONT_FILE,
    Disc,
    Panel,
    Path,
    Piece,
    Polygon,
    Rect,
    Style,
    TextLine,
    Wash,
    advance,
    bounds,
    pieces,
    redaction_boxes,
)
from mips_desk.paths import resources

#: Size at which glyphs are read, in pixels; they are scaled from there.
_GLYPH_SIZE = 1000


def paint_others(painter: QPainter, marks: Sequence[Mark], style: Style, seen: Rect) -> None:
    """Paint all marks but redactions.

    Args:
        painter: its coordinates are image pixels.
        marks: in the order of painting.
        style: sizes for marks that leave theirs open.
        seen: the part of the picture that matters, in image pixels; marks outside of it are left out.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for mark in marks:
        shown = _shown(mark, style)
        if shown.bounds.meets(seen):
            for piece in shown.pieces:
                _paint(painter, piece)


def paint_bars(painter: QPainter, marks: Sequence[Mark], size: tuple[int, int]) -> None:
    """Fill redactions solid black, as they will be exported.

    Args:
        painter: its coordinates are image pixels.
        marks: any marks; only redactions count.
        size: width and height of the upright picture in pixels.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for left, top, right, bottom in redaction_boxes(marks, size):
        painter.fillRect(QRectF(left, top, right - left, bottom - top), Qt.GlobalColor.black)


@dataclass(frozen=True, slots=True)
class _Shown:
    pieces: tuple[Piece, ...]
    bounds: Rect


@lru_cache(maxsize=1024)
def _shown(mark: Mark, style: Style) -> _Shown:
    """Return the geometry of a mark; marks never change, and to wrap a text anew for every frame would take time."""
    # An accent or a descender can reach out of the bounds of its line.
    return _Shown(pieces(mark, style), bounds(mark, style).grown(style.text_size))


def _paint(painter: QPainter, piece: Piece) -> None:
    match piece:
        case Path():
            _paint_path(painter, piece)
        case Polygon():
            _fill(painter, piece.color)
            painter.drawPolygon(_polygon(piece.points))
        case Panel():
            _fill(painter, piece.color)
            rect = piece.rect
            painter.drawRoundedRect(QRectF(rect.x, rect.y, rect.width, rect.height), piece.radius, piece.radius)
        case Disc():
            _fill(painter, piece.color)
            painter.drawEllipse(QPointF(piece.x, piece.y), piece.radius, piece.radius)
        case TextLine():
            _fill(painter, piece.color)
            path = _line_path(piece)
            if piece.angle:
                turn = QTransform().translate(*piece.pivot).rotate(piece.angle).translate(*(-at for at in piece.pivot))
                path = turn.map(path)
            painter.drawPath(path)
        case Wash():
            left, top, right, bottom = piece.box
            mode = painter.compositionMode()
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.fillRect(QRectF(left, top, right - left, bottom - top), QColor(piece.color))
            painter.setCompositionMode(mode)
        case _:
            assert_never(piece)


def _fill(painter: QPainter, color: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))


def _paint_path(painter: QPainter, path: Path) -> None:
    pen = QPen(QColor(path.color), path.width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(QBrush())
    if path.closed:
        painter.drawPolygon(_polygon(path.points))
    elif len(path.points) == 1:
        painter.drawPoint(QPointF(*path.points[0]))
    else:
        painter.drawPolyline(_polygon(path.points))


def _polygon(points: Iterable[Point]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


@cache
def _raw_font() -> QRawFont:
    return QRawFont(str(resources() / "fonts" / FONT_FILE), _GLYPH_SIZE)


@cache
def _glyph(character: str) -> QPainterPath:
    """Return the outline of a character at the glyph size, standing on y = 0; the font's empty box when it has none."""
    font = _raw_font()
    path = QPainterPath()
    for index in font.glyphIndexesForString(character):
        path.addPath(font.pathForGlyph(index))
    return path


@lru_cache(maxsize=512)
def _line_path(line: TextLine) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    scale = line.size / _GLYPH_SIZE
    x = line.x
    for character in line.text:
        path.addPath(QTransform(scale, 0, 0, scale, x, line.baseline).map(_glyph(character)))
        x += advance(character) * line.size
    return path
