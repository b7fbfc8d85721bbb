"""Type and color of the binder, and the pen that draws on a reportlab canvas. Lengths in points, y upwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from . import fonts

Color = tuple[float, float, float]

BLACK: Final[Color] = (0.06, 0.07, 0.09)
GREY: Final[Color] = (0.32, 0.36, 0.41)
LINE: Final[Color] = (0.76, 0.79, 0.82)
FAINT: Final[Color] = (0.90, 0.915, 0.93)
WASH: Final[Color] = (0.955, 0.96, 0.967)
WHITE: Final[Color] = (1, 1, 1)
#: The one accent (LOOK.md); used for rules and the gauge only.
ACCENT: Final[Color] = (0.043, 0.431, 0.459)


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text looks."""

    font: str
    size: float
    leading: float
    color: Color = BLACK

    def with_font(self, font: str) -> "Style":
        """Return the same style in another font."""
        return replace(self, font=font)


TITLE: Final = Style(fonts.BOLD, 30, 36)
PRACTICE: Final = Style(fonts.SEMIBOLD, 15, 21)
H1: Final = Style(fonts.SEMIBOLD, 20, 26)
H2: Final = Style(fonts.SEMIBOLD, 12, 17)
EYEBROW: Final = Style(fonts.MEDIUM, 8.5, 12, GREY)
LEAD: Final = Style(fonts.REGULAR, 10.5, 16)
BODY: Final = Style(fonts.REGULAR, 9.5, 14.5)
STRONG: Final = BODY.with_font(fonts.SEMIBOLD)
SMALL: Final = Style(fonts.REGULAR, 8, 11.5)
SMALL_STRONG: Final = SMALL.with_font(fonts.SEMIBOLD)
NOTE: Final = Style(fonts.REGULAR, 8, 11.5, GREY)
LABEL: Final = Style(fonts.MEDIUM, 7, 10, GREY)
CODE: Final = Style(fonts.MONO, 7, 10)
MONO_STRONG: Final = Style(fonts.MONO_SEMIBOLD, 10.5, 14)
RUNNING: Final = Style(fonts.REGULAR, 7.2, 10, GREY)
RUNNING_STRONG: Final = Style(fonts.SEMIBOLD, 7.2, 10, BLACK)
MONO_RUNNING: Final = Style(fonts.MONO, 7.2, 10, GREY)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style.

    Attributes:
        text: as typed or written; never read as markup.
        style: how it looks.
        link: key of the place it leads to; empty when nowhere.
        page: print the page number of that place instead of the text.
    """

    text: str
    style: Style = BODY
    link: str = ""
    page: bool = False


#: Width kept free for a page number that is not known yet.
_PAGE_DIGITS: Final = "0000"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run's part on one line, at an offset from the line's start."""

    x: float
    run: Run
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text."""

    pieces: tuple[Piece, ...]
    width: float
    leading: float


class Pen:
    """Draws on one page at a time.

    Attributes:
        canvas: reportlab's canvas.
        pages: page number (from 1) of every key.
    """

    def __init__(self, canvas: Any, pages: Mapping[str, int]) -> None:
        """Make a pen.

        Args:
            canvas: reportlab's canvas.
            pages: page number of every key that a run may lead to.
        """
        self.canvas = canvas
        self.pages = pages

    def text(self, x: float, baseline: float, run: Run) -> None:
        """Draw one run."""
        self._font(run.style)
        self.canvas.drawString(x, baseline, fonts.drawable(self._shown(run), run.style.font))

    def text_right(self, x: float, baseline: float, run: Run) -> None:
        """Draw one run that ends at x."""
        self._font(run.style)
        self.canvas.drawRightString(x, baseline, fonts.drawable(self._shown(run), run.style.font))

    def text_center(self, x: float, baseline: float, run: Run) -> None:
        """Draw one run centered at x."""
        self._font(run.style)
        self.canvas.drawCentredString(x, baseline, fonts.drawable(self._shown(run), run.style.font))

    def width(self, run: Run) -> float:
        """Return the width of a run."""
        return fonts.width(fonts.drawable(self._shown(run), run.style.font), run.style.font, run.style.size)

    def lines(self, x: float, top: float, lines: Sequence[Line], width: float, align: str = "left") -> None:
        """Draw lines below each other.

        Args:
            x: left edge.
            top: top edge of the first line.
            lines: wrapped lines.
            width: width of the column, for lines aligned right.
            align: "left" or "right".
        """
        for line in lines:
            size = max((piece.run.style.size for piece in line.pieces), default=0)
            baseline = top - (line.leading + 0.70 * size) / 2
            start = x + (width - line.width if align == "right" else 0)
            for piece in line.pieces:
                at = start + piece.x
                if piece.run.page and align == "right":
                    self.text_right(at + piece.width, baseline, piece.run)
                else:
                    self.text(at, baseline, piece.run)
                if piece.run.link:
                    self.link(at, top - line.leading, piece.width, line.leading, piece.run.link)
            top -= line.leading

    def link(self, x: float, y: float, width: float, height: float, key: str) -> None:
        """Make an area lead to a place of the binder; a key without a page is left out."""
        if key in self.pages:
            self.canvas.linkAbsolute("", key, Rect=(x, y, x + width, y + height), thickness=0)

    def rule(self, x: float, y: float, width: float, color: Color = LINE, thickness: float = 0.5) -> None:
        """Draw a horizontal rule."""
        self.canvas.setStrokeColorRGB(*color)
        self.canvas.setLineWidth(thickness)
        self.canvas.line(x, y, x + width, y)

    def box(self, x: float, y: float, width: float, height: float, fill: Color) -> None:
        """Fill a rectangle; y is its lower edge."""
        self.canvas.setFillColorRGB(*fill)
        self.canvas.rect(x, y, width, height, stroke=0, fill=1)

    def frame(self, x: float, y: float, width: float, height: float, color: Color, thickness: float = 0.5) -> None:
        """Draw the outline of a rectangle; y is its lower edge."""
        self.canvas.setStrokeColorRGB(*color)
        self.canvas.setLineWidth(thickness)
        self.canvas.rect(x, y, width, height, stroke=1, fill=0)

    def _shown(self, run: Run) -> str:
        return str(self.pages.get(run.link, "")) if run.page else run.text

    def _font(self, style: Style) -> None:
        self.canvas.setFont(style.font, style.size)
        self.canvas.setFillColorRGB(*style.color)


def wrap(runs: Sequence[Run], width: float) -> list[Line]:
    """Break runs into lines no wider than a column; a word wider than the column is broken inside.

    Args:
        runs: one paragraph; a line break in a text starts a new line.
        width: points.

    Returns:
        At least one line, which may be empty.
    """
    leading = max((run.style.leading for run in runs), default=BODY.leading)
    lines: list[Line] = []
    pieces: list[Piece] = []
    x = 0.0

    def close() -> None:
        nonlocal pieces, x
        while pieces and not pieces[-1].run.page and not pieces[-1].run.text.strip():
            pieces.pop()
        lines.append(_line(pieces, leading))
        pieces, x = [], 0.0

    for run in runs:
        for word in _words(run):
            if word == "\n":
                close()
                continue
            size = _width(word, run)
            if x + size > width and word.strip() and x > 0:
                close()
            if not pieces and not word.strip() and lines:
                continue
            while size > width and len(word) > 1:
                fit = _fitting(word, run, width)
                pieces.append(Piece(x, Run(word[:fit], run.style, run.link), _width(word[:fit], run)))
                close()
                word = word[fit:]
                size = _width(word, run)
            pieces.append(Piece(x, Run(word, run.style, run.link, run.page), size))
            x += size
    close()
    return lines


def _words(run: Run) -> list[str]:
    if run.page:
        return [_PAGE_DIGITS]
    found: list[str] = []
    for index, paragraph in enumerate(fonts.drawable(run.text, run.style.font).split("\n")):
        if index:
            found.append("\n")
        word = ""
        for char in paragraph:
            if word and (char == " ") != (word[-1] == " "):
                found.append(word)
                word = ""
            word += char
        if word:
            found.append(word)
    return found


def _width(text: str, run: Run) -> float:
    return fonts.width(text, run.style.font, run.style.size)


def _fitting(word: str, run: Run, width: float) -> int:
    """Return how many characters of a word fit, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if _width(word[:middle], run) <= width:
            low = middle
        else:
            high = middle - 1
    after_mark = max(word.rfind(mark, 0, low) for mark in "/-._?&=") + 1
    return after_mark if after_mark * 2 > low else low


def _line(pieces: Sequence[Piece], leading: float) -> Line:
    """Join the words of a run to one piece, so that a reader extracts whole lines."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        last = groups[-1][-1].run if groups else None
        if last and not piece.run.page and (last.style, last.link) == (piece.run.style, piece.run.link):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    joined = [group[0] if len(group) == 1 else _joined(group) for group in groups]
    return Line(tuple(joined), sum(piece.width for piece in joined), leading)


def _joined(group: Sequence[Piece]) -> Piece:
    run = replace(group[0].run, text="".join(piece.run.text for piece in group))
    return Piece(group[0].x, run, sum(piece.width for piece in group))
