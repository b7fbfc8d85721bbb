"""The gauge, the strip of the year, the signature lines and the QR code, as vectors without transparency."""

import math
from datetime import date
from typing import Any, Final

from reportlab.graphics.barcode.qr import QrCodeWidget

from mips_desk.domain import phrases
from mips_desk.domain.score import Gauge

from . import words
from .blocks import Figure
from .content import ActivityPart
from .pen import (
    ACCENT,
    BLACK,
    FAINT,
    GREY,
    H1,
    LABEL,
    LEAD,
    NOTE,
    SMALL,
    SMALL_STRONG,
    WASH,
    WHITE,
    Pen,
    Run,
    wrap,
)

_OUTER: Final = 86.0
_INNER: Final = 64.0
#: Width between the margins on the narrower paper.
_NARROW: Final = 483.0


def gauge(shown: Gauge) -> Figure:
    """Return the half ring with its sentence: solid is proven, hatched is planned, a tick marks the target.

    Args:
        shown: the three numbers.
    """
    text_x = 2 * _OUTER + 36
    text_width = _NARROW - text_x
    sentence = wrap((Run(shown.sentence, LEAD),), text_width)
    advice = wrap((Run(shown.advice, NOTE),), text_width) if shown.advice else []
    text_height = sum(line.leading for line in [*sentence, *advice]) + 62

    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        del width
        _ring(pen, shown, x + _OUTER, top - _OUTER - 8)
        right = x + text_x
        y = top - 8
        for label, value in (("Proven", shown.proven), ("Planned", shown.planned), ("Attested", shown.attested)):
            pen.text(right, y - 22, Run(str(value), H1))
            pen.text(right, y - 36, Run(label, LABEL))
            right += 62
        pen.text(right, y - 22, Run(str(shown.target), H1))
        pen.text(right, y - 36, Run("Target" if shown.counts_activities else "Full credit", LABEL))
        y -= 50
        pen.lines(x + text_x, y, sentence, text_width)
        y -= sum(line.leading for line in sentence) + 4
        pen.lines(x + text_x, y, advice, text_width)

    return Figure(max(_OUTER + 30, text_height), paint, after=16)


def _ring(pen: Pen, shown: Gauge, cx: float, cy: float) -> None:
    total = max(shown.target, sum(segment.amount for segment in shown.segments), 1)
    pen.canvas.setFillColorRGB(*FAINT)
    pen.canvas.drawPath(_arc(pen, cx, cy, 0, 1), stroke=0, fill=1)
    at = 0.0
    for segment in shown.segments:
        part = segment.amount / total
        start, end = at, at + part
        path = _arc(pen, cx, cy, start, end)
        if segment.proven:
            pen.canvas.setFillColorRGB(*ACCENT)
            pen.canvas.drawPath(path, stroke=0, fill=1)
        else:
            _hatch(pen, path, cx, cy)
        at = end
        if at < 1:
            _tick(pen, cx, cy, at, _INNER - 1, _OUTER + 1, 2.4, WHITE)
    place = shown.target / total
    _tick(pen, cx, cy, place, _INNER - 5, _OUTER + 6, 1.4, BLACK)
    pen.text_center(cx, cy + 14, Run(str(shown.proven), H1))
    pen.text_center(cx, cy + 1, Run(f"of {shown.target} {shown.unit} proven", SMALL))
    key_y = cy - 15
    pen.box(cx - 66, key_y, 9, 6, ACCENT)
    pen.text(cx - 53, key_y, Run("proven", LABEL))
    key = pen.canvas.beginPath()
    key.rect(cx - 18, key_y, 9, 6)
    _hatch(pen, key, cx - 14, key_y, 12)
    pen.text(cx - 5, key_y, Run("planned", LABEL))
    pen.box(cx + 37, key_y - 1, 1.4, 8, BLACK)
    pen.text(cx + 43, key_y, Run("target", LABEL))


def _arc(pen: Pen, cx: float, cy: float, start: float, end: float) -> Any:
    """Return the path of a part of the half ring; 0 is its left end, 1 its right end."""
    first, extent = 180 - 180 * start, -180 * (end - start)
    path = pen.canvas.beginPath()
    path.moveTo(*_point(cx, cy, start, _OUTER))
    path.arcTo(cx - _OUTER, cy - _OUTER, cx + _OUTER, cy + _OUTER, first, extent)
    path.lineTo(*_point(cx, cy, end, _INNER))
    path.arcTo(cx - _INNER, cy - _INNER, cx + _INNER, cy + _INNER, first + extent, -extent)
    path.close()
    return path


def _point(cx: float, cy: float, place: float, radius: float) -> tuple[float, float]:
    angle = math.pi * (1 - place)
    return cx + radius * math.cos(angle), cy + radius * math.sin(angle)


def _tick(
    pen: Pen, cx: float, cy: float, place: float, inner: float, outer: float, thickness: float, color: Any
) -> None:
    pen.canvas.setStrokeColorRGB(*color)
    pen.canvas.setLineWidth(thickness)
    pen.canvas.line(*_point(cx, cy, place, inner), *_point(cx, cy, place, outer))


def _hatch(pen: Pen, path: Any, cx: float, cy: float, reach: float = _OUTER) -> None:
    pen.canvas.saveState()
    pen.canvas.setFillColorRGB(*WHITE)
    pen.canvas.clipPath(path, stroke=0, fill=1)
    pen.canvas.setStrokeColorRGB(*ACCENT)
    pen.canvas.setLineWidth(1.1)
    offset = -2 * reach
    while offset < 2 * reach:
        pen.canvas.line(cx + offset - reach, cy - reach, cx + offset + reach, cy + reach)
        offset += 4.2
    pen.canvas.restoreState()
    pen.canvas.setStrokeColorRGB(*ACCENT)
    pen.canvas.setLineWidth(0.8)
    pen.canvas.drawPath(path, stroke=1, fill=0)


def year_strip(part: ActivityPart) -> Figure:
    """Return the year as a strip: the claimed period as a band, dates of use as bars, taller for more uses.

    Args:
        part: the activity.
    """
    year = part.selection.year
    counts: dict[date, int] = {}
    for use in part.uses:
        if use.day.year == year:
            counts[use.day] = counts.get(use.day, 0) + use.count
    period = part.selection.period.inside(year) if part.selection.period else None

    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        first = date(year, 1, 1)
        days = (date(year + 1, 1, 1) - first).days

        def at(day: date) -> float:
            return x + width * (day - first).days / days

        low, high = top - 46, top - 14
        pen.box(x, low, width, high - low, WASH)
        if period:
            left, right = at(period.start), at(period.end) + width / days
            pen.box(left, low, right - left, high - low, WHITE)
            pen.frame(left, low, right - left, high - low, GREY, 0.6)
            pen.box(left, high, right - left, 2, ACCENT)
            label = Run(f"{words.span(period)} · {phrases.count(period.days, 'day')}", SMALL_STRONG)
            reach = sum(piece.width for piece in wrap((label,), 400)[0].pieces)
            pen.text(min(left, x + width - reach), high + 5, label)
        for month in range(1, 13):
            start = at(date(year, month, 1))
            if month > 1:
                pen.box(start - 0.2, low - 4, 0.4, 4, GREY)
            pen.text(start + 3, low - 10, Run(phrases.MONTHS[month - 1][:3], LABEL))
        pen.rule(x, low, width, GREY, 0.6)
        for day, count in sorted(counts.items()):
            pen.box(at(day), low, max(width / days - 0.2, 0.9), min(9 + 4 * count, high - low - 3), BLACK)

    return Figure(60, paint, after=6)


def signature(labels: tuple[str, ...]) -> Figure:
    """Return lines to sign on, one for each label, the first one widest.

    Args:
        labels: what is written below the lines.
    """

    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        gutter = 16
        shares = [2.0, *[1.3] * (len(labels) - 2), 1.0] if len(labels) > 1 else [1.0]
        free = width - gutter * (len(labels) - 1)
        for label, share in zip(labels, shares, strict=True):
            wide = free * share / sum(shares)
            pen.rule(x, top - 34, wide, BLACK, 0.6)
            pen.text(x, top - 44, Run(label, LABEL))
            x += wide + gutter

    return Figure(48, paint, after=10)


#: Key of the place that is kept free for the visible field of a digital signature.
SIGNATURE_KEY: Final = "signature-field"
#: Its size: as wide as the page allows, up to this, and this high.
SIGNATURE_SIZE: Final = (260.0, 62.0)


def signature_place() -> Figure:
    """Return a frame for the visible field of a digital signature; it stays empty when the binder is signed by hand."""
    wide, high = SIGNATURE_SIZE

    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        pen.frame(x, top - high, min(wide, width), high, GREY, 0.5)

    return Figure(high, paint, after=4, keep=True, anchor=SIGNATURE_KEY)


def qr_code(pen: Pen, text: str, x: float, y: float, size: float) -> None:
    """Draw a QR code with its lower left corner at x, y.

    Args:
        pen: the pen.
        text: a few ASCII characters.
        x: left edge.
        y: lower edge.
        size: width and height, without a quiet zone.
    """
    code = QrCodeWidget(text, barLevel="M").qr
    code.make()
    modules = code.getModuleCount()
    cell = size / modules
    path = pen.canvas.beginPath()
    for row in range(modules):
        start = 0
        while start < modules:
            if not code.isDark(row, start):
                start += 1
                continue
            end = start
            while end < modules and code.isDark(row, end):
                end += 1
            path.rect(x + start * cell, y + size - (row + 1) * cell, (end - start) * cell, cell)
            start = end
    pen.canvas.setFillColorRGB(0, 0, 0)
    pen.canvas.drawPath(path, stroke=0, fill=1)


def withheld_frame(*, destroyed: bool) -> Figure:
    """Return a dashed frame in the place of a picture that is withheld.

    Args:
        destroyed: True: there is none any more.
    """
    said = "The original of this exhibit was destroyed." if destroyed else "The picture is withheld from this edition."

    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        pen.canvas.setDash(4, 3)
        pen.frame(x, top - 150, width, 150, GREY, 0.8)
        pen.canvas.setDash()
        pen.text_center(x + width / 2, top - 78, Run(said, NOTE))

    return Figure(150, paint)
