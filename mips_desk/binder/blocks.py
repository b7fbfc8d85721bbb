"""Blocks that pages are set from: text, tables, figures. Each can say what fits and what is left. Lengths in points."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from .pen import ACCENT, FAINT, LABEL, LINE, Line, Pen, Run, wrap

#: A text is split only when this many lines fit on both sides.
_ORPHANS: Final = 2
#: A table row higher than this may be split over pages.
_TALL_ROW: Final = 170.0


@dataclass(frozen=True, slots=True)
class Laid:
    """A block, or the part of one, that fits.

    Attributes:
        height: points.
        draw: draws it with the pen at x and top.
        anchor: key of the place it marks; empty when none.
    """

    height: float
    draw: Callable[[Pen, float, float], None]
    anchor: str = ""


class Block(Protocol):
    """Something that can be laid on a page."""

    @property
    def before(self) -> float:
        """Space above, dropped at the top of a page."""

    @property
    def after(self) -> float:
        """Space below."""

    @property
    def keep(self) -> bool:
        """Never the last thing on a page."""

    def need(self, width: float) -> float:
        """Return the least height with which the block can start."""

    def lay(self, width: float, room: float, whole_page: bool) -> "tuple[Laid | None, Block | None]":
        """Return what fits into the room and what is left.

        Args:
            width: of the column.
            room: height that is free.
            whole_page: the room is an empty page; then something must be returned.
        """


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph.

    Attributes:
        bar: draw the accent bar of a quotation at its left.
        start: first line to print, for the rest of a split paragraph.
        reserve: it starts only where at least this height is left.
    """

    runs: tuple[Run, ...]
    before: float = 0
    after: float = 6
    keep: bool = False
    anchor: str = ""
    bar: bool = False
    align: str = "left"
    start: int = 0
    reserve: float = 0

    def _lines(self, width: float) -> tuple[Line, ...]:
        return wrap(self.runs, width - (14 if self.bar else 0))[self.start :]

    def need(self, width: float) -> float:
        """Return the height of the lines that must stay together."""
        lines = self._lines(width)
        first = lines if len(lines) < 2 * _ORPHANS or self.keep else lines[:_ORPHANS]
        return max(self.reserve, sum(line.leading for line in first))

    def lay(self, width: float, room: float, whole_page: bool) -> "tuple[Laid | None, Text | None]":
        """Return the lines that fit and the rest."""
        lines = self._lines(width)
        fit = 0
        used = 0.0
        while fit < len(lines) and used + lines[fit].leading <= room + 0.01:
            used += lines[fit].leading
            fit += 1
        if fit < len(lines):
            fit = min(fit, len(lines) - _ORPHANS)
            if fit < _ORPHANS and not whole_page:
                return None, self
            fit = max(fit, 1)
        shown = lines[:fit]
        height = sum(line.leading for line in shown)

        def draw(pen: Pen, x: float, top: float) -> None:
            if self.bar:
                pen.box(x, top - height, 2, height, ACCENT)
            indent = 14 if self.bar else 0
            pen.lines(x + indent, top, shown, width - indent, self.align)

        rest = replace(self, start=self.start + fit, before=0, anchor="") if fit < len(lines) else None
        return Laid(height, draw, self.anchor), rest


@dataclass(frozen=True, slots=True)
class Drawing:
    """A small figure in a cell of a table; what it shows stands in the text of the page as well.

    Attributes:
        height: points.
        paint: draws it with the pen at x, top and the width of the column.
    """

    height: float
    paint: Callable[[Pen, float, float, float], None]


Cell = tuple[Run, ...] | tuple[tuple[Run, ...], ...] | Drawing


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its share of the width and its alignment."""

    title: tuple[Run, ...]
    share: float
    align: str = "left"


def column(title: str, share: float, align: str = "left") -> Column:
    """Return a column with a title in label type."""
    return Column((Run(title, LABEL),), share, align)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; a cell is a paragraph or several.

    Attributes:
        columns: shares of the width are taken in proportion.
        rows: cells in the order of the columns.
        head: print the titles, again on every page.
        ruled: a faint rule below each row.
        pad: space above and below the text of a row.
        gutter: space between columns.
        start: first row to print, and the first line of it, for the rest of a split table.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    before: float = 0
    after: float = 12
    keep: bool = False
    anchor: str = ""
    head: bool = True
    ruled: bool = True
    pad: float = 5
    gutter: float = 12
    start: tuple[int, int] = (0, 0)

    def _widths(self, width: float) -> list[float]:
        free = width - self.gutter * (len(self.columns) - 1)
        total = sum(column.share for column in self.columns)
        return [free * column.share / total for column in self.columns]

    def _row(self, index: int, width: float) -> list[tuple[Line, ...]]:
        skip = self.start[1] if index == self.start[0] else 0
        cells = zip(self.rows[index], self._widths(width), strict=True)
        return [_cell_lines(cell, share)[skip:] for cell, share in cells]

    def _head(self, width: float) -> list[tuple[Line, ...]]:
        return [wrap(column.title, share) for column, share in zip(self.columns, self._widths(width), strict=True)]

    def _height(self, cells: Sequence[Sequence[Line]], pad: float) -> float:
        return max((sum(line.leading for line in cell) for cell in cells), default=0) + 2 * pad

    def need(self, width: float) -> float:
        """Return the height of the titles and the first two rows."""
        first = range(self.start[0], min(self.start[0] + 2, len(self.rows)))
        rows = sum(min(self._height(self._row(index, width), self.pad), _TALL_ROW) for index in first)
        return (self._height(self._head(width), 3) if self.head else 0) + rows

    def lay(self, width: float, room: float, whole_page: bool) -> "tuple[Laid | None, Table | None]":
        """Return the rows that fit and the rest."""
        head = self._head(width) if self.head else []
        used = self._height(head, 3) if head else 0.0
        placed: list[tuple[float, list[tuple[Line, ...]], float]] = []
        rest: Table | None = None
        for index in range(self.start[0], len(self.rows)):
            cells = self._row(index, width)
            height = self._height(cells, self.pad)
            if used + height <= room + 0.01:
                placed.append((used, cells, height))
                used += height
                continue
            skip = self.start[1] if index == self.start[0] else 0
            fit = _fitting(cells, room - used - 2 * self.pad)
            if height > _TALL_ROW and (fit >= 4 or (whole_page and not placed)):
                shown = [cell[: max(fit, 1)] for cell in cells]
                part = self._height(shown, self.pad)
                placed.append((used, shown, part))
                used += part
                rest = replace(self, start=(index, skip + max(fit, 1)), before=0, anchor="")
            else:
                rest = replace(self, start=(index, skip), before=0, anchor="")
            break
        if rest is not None and rest.start == (len(self.rows) - 1, 0) and len(placed) > 1:
            # The last row never stands alone on a page.
            used, _cells, _height = placed.pop()
            rest = replace(rest, start=(rest.start[0] - 1, self.start[1] if len(placed) == 0 else 0))
        if not placed and rest is not None:
            return None, self
        widths = self._widths(width)

        def draw(pen: Pen, x: float, top: float) -> None:
            if head:
                self._draw_cells(pen, x, top - 3, head, widths)
                pen.rule(x, top - self._height(head, 3), width, LINE, 0.8)
            for offset, cells, height in placed:
                self._draw_cells(pen, x, top - offset - self.pad, cells, widths)
                if self.ruled:
                    pen.rule(x, top - offset - height, width, FAINT, 0.6)

        return Laid(used, draw, self.anchor), rest

    def _draw_cells(self, pen: Pen, x: float, top: float, cells: Sequence[Sequence[Line]], widths: list[float]) -> None:
        for lines, share, column in zip(cells, widths, self.columns, strict=True):
            pen.lines(x, top, lines, share, column.align)
            x += share + self.gutter


def _cell_lines(cell: Cell, width: float) -> tuple[Line, ...]:
    if isinstance(cell, Drawing):
        return (Line((), 0, cell.height, paint=cell.paint),)
    paragraphs = [part for part in cell if isinstance(part, tuple)]
    if paragraphs:
        return tuple(line for paragraph in paragraphs for line in wrap(paragraph, width))
    return wrap(tuple(part for part in cell if isinstance(part, Run)), width)


def _fitting(cells: Sequence[Sequence[Line]], room: float) -> int:
    """Return how many lines of every cell of a row fit; the row as a whole must not."""
    fits = []
    for cell in cells:
        used, fit = 0.0, 0
        while fit < len(cell) and used + cell[fit].leading <= room:
            used += cell[fit].leading
            fit += 1
        if fit < len(cell):
            fits.append(fit)
    return min(fits)


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing of a fixed height that is never split."""

    height: float
    paint: Callable[[Pen, float, float, float], None]
    before: float = 0
    after: float = 12
    keep: bool = False
    anchor: str = ""

    def need(self, width: float) -> float:
        """Return its height."""
        del width
        return self.height

    def lay(self, width: float, room: float, whole_page: bool) -> "tuple[Laid | None, Figure | None]":
        """Return the drawing when it fits."""
        if self.height > room + 0.01 and not whole_page:
            return None, self
        return Laid(self.height, lambda pen, x, top: self.paint(pen, x, top, width), self.anchor), None
