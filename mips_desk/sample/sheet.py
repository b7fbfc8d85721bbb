"""A sheet to draw sample pictures on, which remembers where every patient identifier was written."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from mips_desk.paths import resources

Weight = Literal["Regular", "Medium", "SemiBold", "Bold"]
Kind = Literal["name", "date of birth", "MRN", "phone", "e-mail"]

#: left, top, width, height; in pixels of the finished picture unless said otherwise.
Box = tuple[int, int, int, int]

INK = "#1D2733"
INK_2 = "#566372"
INK_3 = "#7A8794"
LINE = "#E1E6EB"
FAINT = "#F4F6F8"
WHITE = "#FFFFFF"
GREEN, GREEN_WASH = "#1F7A45", "#E3F4E9"
AMBER, AMBER_WASH = "#8A5A00", "#FCF0D8"
RED, RED_WASH = "#A52A22", "#FBE6E4"

#: What the mark on every sample picture says.
SAMPLE_MARK = "SAMPLE — synthetic data"

#: Room left around the ink of an identifier, in logical pixels.
_PAD = 3


@dataclass(frozen=True, slots=True)
class Identifier:
    """A patient identifier in a picture.

    Attributes:
        kind: what it is.
        box: where it stands, with a little room around the ink.
    """

    kind: Kind
    box: Box


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished sample picture.

    Attributes:
        data: PNG or JPEG bytes.
        size: width and height in pixels.
        identifiers: every patient identifier in it.
        areas: places worth pointing at, by name; "sample mark" is always among them.
        title: title of the window it was taken from, or of the document.
        address: address of the page, or empty.
        scale: screen scale in percent.
    """

    data: bytes
    size: tuple[int, int]
    identifiers: tuple[Identifier, ...]
    areas: dict[str, Box]
    title: str
    address: str
    scale: int


@dataclass(frozen=True, slots=True)
class Who:
    """A patient identifier in a line of text.

    Attributes:
        text: as written.
        kind: what it is.
    """

    text: str
    kind: Kind = "name"


#: A line of text: plain pieces and identifiers.
Line = str | Who | Sequence[str | Who]


@cache
def font(size: int, weight: Weight = "Regular") -> ImageFont.FreeTypeFont:
    """Return a bundled font.

    Args:
        size: pixels.
        weight: Regular, Medium, SemiBold or Bold.
    """
    # The basic layout engine gives the same pixels on every platform.
    return ImageFont.truetype(resources() / "fonts" / f"Inter-{weight}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


@dataclass(slots=True)
class Sheet:
    """A page in logical pixels, drawn at double size and reduced, which smooths shapes and spaces letters evenly.

    Attributes:
        width: logical pixels.
        height: logical pixels.
        scale: pixels of the picture per logical pixel (2: a screen at 200 percent).
        background: color of the page.
    """

    width: int
    height: int
    scale: int = 1
    background: str = WHITE
    identifiers: list[Identifier] = field(default_factory=list)
    areas: dict[str, Box] = field(default_factory=dict)
    _image: Image.Image = field(init=False)
    _draw: ImageDraw.ImageDraw = field(init=False)
    _over: int = field(init=False)

    def __post_init__(self) -> None:
        # A picture at double scale is fine enough without smoothing.
        self._over = 2 if self.scale == 1 else self.scale
        self._image = Image.new("RGB", (self.width * self._over, self.height * self._over), self.background)
        self._draw = ImageDraw.Draw(self._image)

    def box(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: str | None = None,
        line: str | None = None,
        radius: float = 0,
    ) -> Box:
        """Draw a box and return where it is in pixels of the picture."""
        k = self._over
        self._draw.rounded_rectangle(
            (round(x * k), round(y * k), round((x + w) * k) - 1, round((y + h) * k) - 1),
            radius * k,
            fill,
            line,
            k if line else 0,
        )
        return self._pixels(x, y, w, h)

    def _pixels(self, x: float, y: float, w: float, h: float) -> Box:
        k = self.scale
        return round(x * k), round(y * k), round(w * k), round(h * k)

    def area(self, name: str, x: float, y: float, w: float, h: float) -> None:
        """Remember a place worth pointing at."""
        self.areas[name] = self._pixels(x, y, w, h)

    def rule(self, x: float, y: float, w: float, color: str = LINE, thick: float = 1) -> None:
        """Draw a horizontal line."""
        k = self._over
        self._draw.rectangle((x * k, y * k, (x + w) * k - 1, (y + thick) * k - 1), color)

    def path(self, points: Iterable[tuple[float, float]], color: str, thick: float = 2) -> None:
        """Draw a run of straight lines."""
        k = self._over
        scaled = [(x * k, y * k) for x, y in points]
        self._draw.line(scaled, color, round(thick * k), joint="curve")

    def dot(self, x: float, y: float, radius: float, fill: str, line: str | None = None) -> None:
        """Draw a disc around a center."""
        k = self._over
        self._draw.ellipse(
            ((x - radius) * k, (y - radius) * k, (x + radius) * k, (y + radius) * k), fill, line, 2 * k if line else 0
        )

    def text(
        self,
        x: float,
        y: float,
        line: Line,
        size: int = 15,
        color: str = INK,
        weight: Weight = "Regular",
        *,
        align: Literal["left", "center", "right"] = "left",
    ) -> float:
        """Write one line and return the x at which it ends. Identifiers in it are remembered.

        Args:
            x: left end, center or right end, by `align`.
            y: the baseline.
            line: the text.
            size: logical pixels.
            color: color of the ink.
            weight: weight of the font.
            align: which part of the line stands at x.
        """
        pieces: Sequence[str | Who] = (line,) if isinstance(line, str | Who) else line
        k = self._over
        widths = [self._length(_plain(piece), size, weight) for piece in pieces]
        start = x - {"left": 0.0, "center": sum(widths) / 2, "right": sum(widths)}[align]
        for piece, width in zip(pieces, widths, strict=True):
            at = (round(start * k), round(y * k))
            self._draw.text(at, _plain(piece), color, font(size * k, weight), anchor="ls")
            if isinstance(piece, Who):
                self._identify(piece.kind, start, y - size * 0.95, width, size * 1.25)
            start += width
        return start

    def _length(self, text: str, size: int, weight: Weight) -> float:
        return font(size * self._over, weight).getlength(text) / self._over

    def _identify(self, kind: Kind, x: float, y: float, w: float, h: float) -> None:
        k = self.scale
        left, top = math.floor((x - _PAD) * k), math.floor((y - _PAD / 2) * k)
        right, bottom = math.ceil((x + w + _PAD) * k), math.ceil((y + h + _PAD / 2) * k)
        self.identifiers.append(Identifier(kind, (left, top, right - left, bottom - top)))

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        line: Line,
        size: int = 15,
        color: str = INK,
        weight: Weight = "Regular",
        leading: float = 1.55,
    ) -> float:
        """Write text that wraps and return the baseline of the line after it.

        Args:
            x: left end.
            y: baseline of the first line.
            width: room for a line.
            line: the text; identifiers do not wrap.
            size: logical pixels.
            color: color of the ink.
            weight: weight of the font.
            leading: distance of lines in sizes.
        """
        pieces: Sequence[str | Who] = (line,) if isinstance(line, str | Who) else line
        words: list[str | Who] = []
        for piece in pieces:
            words.extend([piece] if isinstance(piece, Who) else piece.split())
        row: list[str | Who] = []
        room = width
        for word in words:
            text = _plain(word)
            glued = not row or text[0] in ".,;:?)"
            needed = self._length(text if glued else f" {text}", size, weight)
            if row and needed > room:
                self.text(x, y, row, size, color, weight)
                y += size * leading
                row, room = [word], width - self._length(text, size, weight)
            else:
                row += [word] if glued else [" ", word]
                room -= needed
        if row:
            self.text(x, y, row, size, color, weight)
            y += size * leading
        return y

    def chip(self, x: float, y: float, text: str, color: str, wash: str, size: int = 13) -> float:
        """Write a word in a rounded box whose text stands on a baseline; return the x at which the box ends."""
        width = self._length(text, size, "SemiBold") + 20
        self.box(x, y - size - 4, width, size + 13, wash, radius=(size + 13) / 2)
        self.text(x + 10, y, text, size, color, "SemiBold")
        return x + width

    def button(self, x: float, y: float, text: str, color: str, *, filled: bool = True, right: bool = False) -> None:
        """Draw a button.

        Args:
            x: left edge, or the right edge if `right`.
            y: top edge.
            text: what it says.
            color: of the button, or of its text when it is not filled.
            filled: the main button of the page.
            right: x is the right edge.
        """
        width = self._length(text, 14, "SemiBold") + 32
        left = x - width if right else x
        self.box(left, y, width, 38, color if filled else WHITE, None if filled else LINE, 6)
        self.text(left + 16, y + 24, text, 14, WHITE if filled else color, "SemiBold")

    def tick(self, x: float, y: float, color: str = GREEN, wash: str = GREEN_WASH) -> None:
        """Draw a check mark in a disc around a center."""
        self.dot(x, y, 11, wash)
        self.path([(x - 5, y), (x - 1, y + 4), (x + 5, y - 4)], color, 2)

    def heads(self, y: float, columns: Sequence[tuple[float, str]], left: float, width: float) -> None:
        """Write the heads of a table over a line.

        Args:
            y: baseline.
            columns: left end and text of each column.
            left: left end of the line.
            width: width of the line.
        """
        for x, text in columns:
            self.text(x, y, text.upper(), 12, INK_3, "SemiBold")
        self.rule(left, y + 14, width)

    def finish(self, title: str, address: str = "", *, jpeg: bool = False) -> Picture:
        """Add the sample mark and return the picture.

        Args:
            title: title of the window or document.
            address: address of the page, or empty.
            jpeg: JPEG at quality 90 in place of PNG.
        """
        self._mark()
        k = self.scale
        image = self._image.reduce(self._over // k) if self._over > k else self._image
        out = BytesIO()
        if jpeg:
            image.save(out, "JPEG", quality=90)
        else:
            image.save(out, "PNG", compress_level=1)
        return Picture(out.getvalue(), image.size, tuple(self.identifiers), self.areas, title, address, 100 * k)

    def _mark(self) -> None:
        width = self._length(SAMPLE_MARK, 13, "SemiBold") + 28
        x, y = self.width - width - 14, self.height - 40
        self.areas["sample mark"] = self.box(x, y, width, 28, "#FFF7E0", "#E2B64A", 5)
        self.text(x + 14, y + 19, SAMPLE_MARK, 13, AMBER, "SemiBold")


def height_of(line: Line, width: float, size: int, leading: float = 1.55) -> float:
    """Return how tall a paragraph would be.

    Args:
        line: the text.
        width: room for a line.
        size: logical pixels.
        leading: distance of lines in sizes.
    """
    return Sheet(1, 1).paragraph(0, 0, width, line, size, leading=leading)


def _plain(piece: str | Who) -> str:
    return piece if isinstance(piece, str) else piece.text
