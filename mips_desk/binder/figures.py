"""The gauge, the calendar, the charts, the signature lines and the QR code, as vectors without transparency."""

import math
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, Final

from reportlab.graphics.barcode.qr import QrCodeWidget

from mips_desk.domain import phrases
from mips_desk.domain.period import LONG_GAP, Period, gaps
from mips_desk.domain.score import Gauge

from . import words
from .blocks import Drawing, Figure
from .content import ActivityPart, MessageReport
from .pen import (
    ACCENT,
    BLACK,
    FAINT,
    GREY,
    H1,
    LABEL,
    LEAD,
    LINE,
    NOTE,
    SMALL,
    SMALL_STRONG,
    WASH,
    WHITE,
    Color,
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


_CELL_HEIGHT: Final = 8.2
_WEEKDAYS: Final = 20.0
_BAND: Final[Color] = (0.80, 0.83, 0.86)
#: Radius of a dot by the number of uses on its day: from this many on.
_DOTS: Final = ((1, 1.35), (3, 2.25), (8, 3.3))


def year_strip(part: ActivityPart) -> Figure:
    """Return the calendar of the year, a week a column: the period claimed as a band with its gaps left open, dates of
    use as dots, larger for more uses, those outside the period as rings.

    Args:
        part: the activity.
    """
    year = part.selection.year
    counts: dict[date, int] = {}
    for use in part.uses:
        if use.day.year == year:
            counts[use.day] = counts.get(use.day, 0) + use.count
    period = part.selection.period.inside(year) if part.selection.period else None
    open_days = _open_days(period, counts) if period else frozenset()
    first = date(year, 1, 1)
    days = [first + timedelta(days=place) for place in range((date(year + 1, 1, 1) - first).days)]
    lead = first.isoweekday() % 7

    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        left, grid = x + _WEEKDAYS, top - 30
        wide = (width - _WEEKDAYS) / 53.5

        def corner(day: date) -> tuple[float, float]:
            place = (day - first).days + lead
            return left + place // 7 * wide, grid - (place % 7 + 1) * _CELL_HEIGHT

        def cells(which: Iterable[date]) -> Any:
            path = pen.canvas.beginPath()
            for day in which:
                at, low = corner(day)
                path.rect(at + 0.4, low + 0.4, wide - 0.8, _CELL_HEIGHT - 0.8)
            return path

        claimed = [day for day in days if period and day in period]
        pen.canvas.setFillColorRGB(*WASH)
        pen.canvas.drawPath(cells(day for day in days if not period or day not in period), stroke=0, fill=1)
        pen.canvas.setFillColorRGB(*_BAND)
        pen.canvas.drawPath(cells(day for day in claimed if day not in open_days), stroke=0, fill=1)
        pen.canvas.setStrokeColorRGB(*GREY)
        pen.canvas.setLineWidth(0.4)
        pen.canvas.drawPath(cells(sorted(open_days)), stroke=1, fill=0)
        for month in range(1, 13):
            at, _low = corner(date(year, month, 1))
            pen.text(
                at + (0 if (date(year, month, 1) - first).days + lead < 7 else 1), grid + 3, Run(_month(month), LABEL)
            )
        for row, name in ((1, "Mon"), (3, "Wed"), (5, "Fri")):
            pen.text(x, grid - (row + 0.8) * _CELL_HEIGHT, Run(name, LABEL))
        if period:
            start, end = corner(period.start)[0], corner(period.end)[0] + wide
            pen.box(start, grid + 12, end - start, 2, ACCENT)
            label = Run(f"{words.span(period)} · {phrases.count(period.days, 'day')}", SMALL_STRONG)
            pen.text(max(min(start, x + width - pen.width(label)), left), grid + 17, label)
        for day, count in sorted(counts.items()):
            at, low = corner(day)
            inside = period is None or day in period
            _dot(pen, at + wide / 2, low + _CELL_HEIGHT / 2, count, filled=inside)
        _calendar_legend(pen, left, grid - 7 * _CELL_HEIGHT - 13, period is not None)

    return Figure(30 + 7 * _CELL_HEIGHT + 18, paint, after=8)


def _month(number: int) -> str:
    return phrases.MONTHS[number - 1][:3]


def _open_days(period: Period, days: Iterable[date]) -> frozenset[date]:
    """Return the days of the period that belong to a long stretch without a date of use, as the text names them."""
    long = [gap for gap in gaps(days, period) if gap.days > LONG_GAP]
    return frozenset(gap.start + timedelta(days=place) for gap in long for place in range(gap.days))


def _dot(pen: Pen, x: float, y: float, count: int, *, filled: bool) -> None:
    radius = next(radius for least, radius in reversed(_DOTS) if count >= least)
    pen.canvas.setFillColorRGB(*(BLACK if filled else WHITE))
    pen.canvas.setStrokeColorRGB(*BLACK)
    pen.canvas.setLineWidth(0.7)
    pen.canvas.circle(x, y, radius, stroke=0 if filled else 1, fill=1)


def _calendar_legend(pen: Pen, x: float, y: float, claimed: bool) -> None:
    """Draw what the signs of the calendar mean."""

    def say(text: str, space: float = 14) -> None:
        nonlocal x
        pen.text(x, y, Run(text, LABEL))
        x += pen.width(Run(text, LABEL)) + space

    if claimed:
        pen.box(x, y - 0.5, 8, 6, _BAND)
        x += 12
        say("period claimed")
        pen.frame(x, y - 0.5, 8, 6, GREY, 0.4)
        x += 12
        say(f"in it, more than {LONG_GAP} days without a date")
    uses = [least for least, _radius in _DOTS]
    for least, until in zip(uses, [*uses[1:], 0], strict=True):
        _dot(pen, x + 3, y + 2.5, least, filled=True)
        x += 9
        reach = str(least) if until == least + 1 else f"{least} to {until - 1}" if until else f"{least} or more"
        say(f"{reach} uses" if not until else reach, 10)
    if claimed:
        _dot(pen, x + 3, y + 2.5, 3, filled=False)
        x += 9
        say("outside the period")


def use_line(year: int, period: Period | None, days: Collection[date]) -> Drawing:
    """Return the year of one clinician in a cell: the period claimed as a band, a stroke for each date of use, and how
    many there are.

    Args:
        year: performance year.
        period: claimed, or None.
        days: with a use of the clinician.
    """
    shown = period.inside(year) if period else None

    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        first = date(year, 1, 1)
        length = (date(year + 1, 1, 1) - first).days
        wide, low = width - 22, top - 10

        def at(day: date) -> float:
            return x + wide * (day - first).days / length

        pen.rule(x, low, wide, LINE, 0.5)
        if shown:
            pen.box(at(shown.start), low, at(shown.end) + wide / length - at(shown.start), 9, FAINT if days else WASH)
        for day in sorted(days):
            pen.box(at(day), low, max(wide / length, 0.7), 9 if shown is None or day in shown else 4, BLACK)
        pen.text_right(x + width, low + 1, Run(str(len(days)) if days else "–", SMALL if days else NOTE))

    return Drawing(11, paint)


_CHART: Final = 118.0


def message_chart(report: MessageReport) -> Figure:
    """Return the months of the portal message report: patients seen as frames, those written to or answered as the
    filled part, and the share above.

    Args:
        report: the counts; what the chart shows stands in the table below it as well.
    """
    top_count = _round_up(max((month.denominator for month in report.by_month), default=1))

    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        left, base = x + 34, top - _CHART - 12
        step = (width - 34) / max(len(report.by_month), 1)
        for part in range(5):
            y = base + _CHART * part / 4
            pen.rule(left, y, width - 34, GREY if not part else FAINT, 0.6)
            pen.text_right(left - 6, y - 2.4, Run(f"{top_count * part // 4:,}", LABEL))
        for place, month in enumerate(report.by_month):
            at, wide = left + place * step + step * 0.2, step * 0.6
            high = _CHART * month.denominator / top_count
            pen.box(at, base, wide, _CHART * month.numerator / top_count, ACCENT)
            pen.frame(at, base, wide, high, BLACK, 0.6)
            pen.text_center(at + wide / 2, base - 10, Run(month.label[:3], LABEL))
            if month.denominator:
                share = words.number(100 * month.numerator / month.denominator).partition(".")[0]
                pen.text_center(at + wide / 2, base + high + 3, Run(f"{share} %", SMALL_STRONG))
        key = base - 24
        pen.box(left, key, 9, 6, ACCENT)
        pen.text(left + 13, key, Run("written to or answered", LABEL))
        pen.frame(left + 110, key, 9, 6, BLACK, 0.6)
        pen.text(left + 123, key, Run("patients seen", LABEL))
        pen.text(left + 190, key, Run("above: share, decimals cut off", LABEL))

    return Figure(_CHART + 44, paint, after=10)


def _round_up(count: int) -> int:
    """Return the next number that has four equal parts and few digits."""
    unit = 4
    while unit * 10 < count:
        unit *= 10
    return next(unit * times for times in range(1, 12) if unit * times >= count)


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
