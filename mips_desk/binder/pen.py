"""Type and color of the binder, and the pen that draws on a reportlab canvas. Lengths in points, y upwards."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from . import fonts, shaping
from .embedding import embedded, show_plain

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
        page: print the page number of that place instead of the text; with a text, its page identifier, for which the
            text is the identifier before the first page ("PRACT-2026-000000").
    """

    text: str
    style: Style = BODY
    link: str = ""
    page: bool = False


#: Width kept free for a page number that is not known yet.
_PAGE_DIGITS: Final = "0000"
#: Digits at the end of a page identifier.
PAGE_ID_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A run's part on one line, at an offset from the line's start.

    Attributes:
        level: an odd one runs from right to left (UAX #9).
    """

    x: float
    run: Run
    width: float
    level: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text.

    Attributes:
        pieces: from left to right.
        width: points.
        leading: points.
        flush_right: it belongs to a paragraph of several lines that runs from right to left.
        paint: draws a small figure in the place of text, with the pen at x, top and the width of the column.
    """

    pieces: tuple[Piece, ...]
    width: float
    leading: float
    flush_right: bool = False
    paint: "Callable[[Pen, float, float, float], None] | None" = None


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
        for piece in self._pieces(run):
            self._draw(x + piece.x, baseline, piece)

    def text_right(self, x: float, baseline: float, run: Run) -> None:
        """Draw one run that ends at x."""
        self.text(x - self.width(run), baseline, run)

    def text_center(self, x: float, baseline: float, run: Run) -> None:
        """Draw one run centered at x."""
        self.text(x - self.width(run) / 2, baseline, run)

    def width(self, run: Run) -> float:
        """Return the width of a run."""
        return sum(piece.width for piece in self._pieces(run))

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
            if line.paint:
                line.paint(self, x, top, width)
            size = max((piece.run.style.size for piece in line.pieces), default=0)
            baseline = top - (line.leading + 0.70 * size) / 2
            at = x + (width - line.width if align == "right" or line.flush_right else 0)
            for piece in line.pieces:
                if piece.run.page and align == "right":
                    self.text_right(at + piece.width, baseline, piece.run)
                elif piece.run.page:
                    self.text(at, baseline, piece.run)
                else:
                    self._draw(at, baseline, piece)
                # The room kept for a page number is closed up behind it.
                wide = self.width(piece.run) if piece.run.page and align != "right" else piece.width
                if piece.run.link:
                    self.link(at, top - line.leading, wide, line.leading, piece.run.link)
                at += wide
            top -= line.leading

    def link(self, x: float, y: float, width: float, height: float, key: str) -> None:
        """Make an area lead to a place of the binder; a key without a page is left out."""
        if key in self.pages:
            self.canvas.linkAbsolute("", key, Rect=(x, y, x + width, y + height), thickness=0)

    def rule(self, x: float, y: float, width: float, color: Color = LINE, thickness: float = 0.5) -> None:
        """Draw a horizontal rule."""
        self._write(f"{_rgb(color)} RG {thickness:g} w {x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l S")

    def box(self, x: float, y: float, width: float, height: float, fill: Color) -> None:
        """Fill a rectangle; y is its lower edge."""
        self._write(f"{_rgb(fill)} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def frame(self, x: float, y: float, width: float, height: float, color: Color, thickness: float = 0.5) -> None:
        """Draw the outline of a rectangle; y is its lower edge."""
        self._write(f"{_rgb(color)} RG {thickness:g} w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def _write(self, operators: str) -> None:
        # The canvas formats numbers slowly; thousands of pages are mostly text, rules and boxes.
        self.canvas._code.append(operators)

    def _pieces(self, run: Run) -> tuple[Piece, ...]:
        shown = replace(run, text=self._page(run), page=False) if run.page else run
        return wrap((shown,), _ENDLESS, ltr=True)[0].pieces

    def _page(self, run: Run) -> str:
        """Return the number or the identifier of the page that a run leads to."""
        number = self.pages.get(run.link)
        if number is None:
            return ""
        if run.text in ("", _PAGE_DIGITS):
            return str(number)
        start, before = run.text[:-PAGE_ID_DIGITS], run.text[-PAGE_ID_DIGITS:]
        return f"{start}{int(before) + number:0{PAGE_ID_DIGITS}d}"

    def _draw(self, x: float, baseline: float, piece: Piece) -> None:
        """Draw a piece of one direction."""
        text, style, rtl = piece.run.text, piece.run.style, bool(piece.level % 2)
        self._write(f"{_rgb(style.color)} rg")
        spans = fonts.spans(text, style.font)
        for span in reversed(spans) if rtl else spans:
            if span.plain and not rtl:
                self._write(show_plain(self.canvas, span.text, span.face, x, baseline, style.size))
            else:
                bold = 0.0 if span.face == style.font or style.size < _BOLD_FROM else _BOLDER.get(style.font, 0.0)
                if bold:
                    self._write(f"{_rgb(style.color)} RG")
                glyphs = shaping.shape(span.text, span.face, rtl=rtl)
                self._write(embedded(self.canvas, span.face).show(glyphs, x, baseline, style.size, bold))
            x += fonts.span_width(span, style.size)


def _rgb(color: Color) -> str:
    return " ".join(f"{part:g}" for part in color)


#: The faces of other scripts have one weight; their strokes are made heavier by this outline (thousandths of the size).
_BOLDER: Final = {fonts.MEDIUM: 12.0, fonts.SEMIBOLD: 26.0, fonts.BOLD: 36.0, fonts.MONO_SEMIBOLD: 26.0}
#: Below this size (points) an outline would fill the letters of dense scripts on a screen.
_BOLD_FROM: Final = 10.0
_ENDLESS: Final = 1e9
#: Characters of Chinese and Japanese between which a line may end, and those that must not start or end one.
_HAN: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_CLOSING: Final = "、。，．：；！？）」』】〕〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_OPENING: Final = "（「『【〔〈《"
_WORDS: Final = re.compile(
    f" +|[{_OPENING}]*(?![{_OPENING}{_CLOSING}])[{_HAN}][{_CLOSING}]*|[^ {_HAN}]+[{_CLOSING}]*|[{_HAN}]+"
)
#: A word wider than its column is broken after one of these where that leaves half a line.
_BREAK_AFTER: Final = "/-._?&=,;:@\\"
#: Characters that never start a line: marks, joiners and the skin tones of emoji.
_ATTACHED: Final = re.compile("[\u0300-\u036f\u200c\u200d\u20e3\U0001f3fb-\U0001f3ff]")

_Token = tuple[str, Run, int]


@lru_cache(maxsize=2_000)
def wrap(runs: tuple[Run, ...], width: float, *, ltr: bool = False) -> tuple[Line, ...]:
    """Break runs into lines no wider than a column; a word wider than the column is broken inside.

    A block asks for its lines several times before it is drawn, so the last answers are kept.

    Args:
        runs: one paragraph; a line break in a text starts a new line.
        width: points.
        ltr: the text runs from left to right whatever it starts with, because other text stands around it.

    Returns:
        At least one line, which may be empty.
    """
    leading = max((run.style.leading for run in runs), default=BODY.leading)
    return tuple(line for parts in _paragraphs(runs) for line in _wrapped(parts, width, leading, ltr=ltr))


def _paragraphs(runs: Sequence[Run]) -> list[list[tuple[str, Run]]]:
    """Return the drawable texts between line breaks."""
    found: list[list[tuple[str, Run]]] = [[]]
    for run in runs:
        texts = [run.text or _PAGE_DIGITS] if run.page else fonts.drawable(run.text, run.style.font).split("\n")
        for index, text in enumerate(texts):
            if index:
                found.append([])
            found[-1].append((text, run))
    return found


def _wrapped(parts: Sequence[tuple[str, Run]], width: float, leading: float, *, ltr: bool) -> list[Line]:
    base, tokens = _tokens(parts, ltr=ltr)
    lines: list[list[Piece]] = []
    pieces: list[Piece] = []
    x = 0.0

    def close() -> None:
        nonlocal pieces, x
        while pieces and not pieces[-1].run.page and not pieces[-1].run.text.strip():
            pieces.pop()
        lines.append(pieces)
        pieces, x = [], 0.0

    for unit in tokens:
        sizes = [_width(text, run) for text, run, _level in unit]
        blank = not unit[0][0].strip()
        if x > 0 and not blank and x + sum(sizes) > width:
            close()
        if blank and not pieces and lines:
            continue
        for (text, run, level), whole in zip(unit, sizes, strict=True):
            word, size = text, whole
            while x + size > width and len(word) > 1 and not blank:
                fit = _fitting(word, run, width - x)
                if not fit and x > 0:
                    close()
                    continue
                fit = fit or 1
                pieces.append(Piece(x, Run(word[:fit], run.style, run.link), _width(word[:fit], run), level))
                close()
                word = word[fit:]
                size = _width(word, run)
            pieces.append(Piece(x, Run(word, run.style, run.link, run.page), size, level))
            x += size
    close()
    return [_line(line, leading, flush_right=bool(base) and len(lines) > 1) for line in lines]


def _tokens(parts: Sequence[tuple[str, Run]], *, ltr: bool) -> tuple[int, Iterator[list[_Token]]]:
    """Return the level of a paragraph and its words; a word is in parts where its direction changes."""
    whole = "".join(text for text, _run in parts)
    base, levels = shaping.levels(whole, ltr=ltr)
    one_way = not any(levels)

    def words() -> Iterator[list[_Token]]:
        start = 0
        for text, run in parts:
            for found in _WORDS.finditer(text):
                word = found.group()
                if one_way:
                    yield [(word, run, 0)]
                    continue
                unit: list[_Token] = []
                for char, level in zip(word, levels[start + found.start() :], strict=False):
                    if unit and unit[-1][2] == level:
                        unit[-1] = (unit[-1][0] + char, run, level)
                    else:
                        unit.append((char, run, level))
                yield unit
            start += len(text)

    return base, words()


def _width(text: str, run: Run) -> float:
    return fonts.width(text, run.style.font, run.style.size)


def _fitting(word: str, run: Run, width: float) -> int:
    """Return how many characters of a word that is too wide may stand on the line; 0 when not one fits."""
    low, high = 0, len(word) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if _width(word[:middle], run) <= width:
            low = middle
        else:
            high = middle - 1
    after_mark = max(word.rfind(mark, 0, low) for mark in _BREAK_AFTER) + 1
    if after_mark * 2 > low:
        return after_mark
    whole = low
    while whole and (_ATTACHED.match(word[whole]) or word[whole - 1] == "\u200d"):
        whole -= 1
    return whole or low


def _line(pieces: Sequence[Piece], leading: float, *, flush_right: bool) -> Line:
    """Join the words of a run to one piece, so that a reader extracts whole lines, and put them in visual order."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        last = groups[-1][-1] if groups else None
        if (
            last
            and not piece.run.page
            and last.level == piece.level
            and (last.run.style, last.run.link) == (piece.run.style, piece.run.link)
        ):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    joined = [group[0] if len(group) == 1 else _joined(group) for group in groups]
    ordered: list[Piece] = []
    at = 0.0
    for piece in shaping.visual([(piece.level, piece) for piece in joined]):
        ordered.append(piece if piece.x == at else replace(piece, x=at))
        at += piece.width
    return Line(tuple(ordered), at, leading, flush_right)


def _joined(group: Sequence[Piece]) -> Piece:
    run = replace(group[0].run, text="".join(piece.run.text for piece in group))
    plain = all(span.plain for piece in group for span in fonts.spans(piece.run.text, run.style.font))
    # Shaped together, words are not as wide as one by one: a space is that of the face around it.
    total = sum(piece.width for piece in group) if plain else _width(run.text, run)
    return Piece(group[0].x, run, total, group[0].level)
