"""Paint pieces with Pillow: opaque, anti-aliased, and only where there is something to paint.

A piece is painted in cells: small squares of the picture in which it is drawn four times as large as a mask and
averaged down. A long thin arrow touches few cells, so a mark costs what its ink costs and not what its bounding box
costs. All parts of one piece that meet in a cell share a mask, so that seams cannot show.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import assert_never

from PIL import Image, ImageChops, ImageColor, ImageDraw

from mips_desk.annotate.freehand import Point
from mips_desk.annotate.shapes import (
    CAP_HEIGHT,
    Disc,
    Panel,
    Path,
    Piece,
    PixelBox,
    Polygon,
    Rect,
    TextLine,
    Wash,
    advance,
    font,
    turned,
)

#: Supersampling factor of masks.
SCALE = 4
#: Side of a cell in pixels of the picture.
CELL = 64
#: Side of the cells in which filled shapes are painted; they have ink everywhere, so fewer and larger cells are faster.
FILL_CELL = 256
#: Masks of characters up to this size in pixels are kept for the next one; 512 of the largest take some 20 MB.
_CACHED_SIZE = 120
#: A text reaches beyond its advances and above its capitals by at most this part of its size (accents, descenders).
OVERHANG = 0.35

_Segment = tuple[Point, Point]
_rgb = lru_cache(maxsize=64)(ImageColor.getrgb)


def paint(image: Image.Image, piece: Piece) -> None:
    """Paint one piece onto an RGB picture in place; what lies outside the picture is left out."""
    match piece:
        case Path():
            _paint_path(image, piece)
        case Polygon():
            _paint_fill(image, Rect.around(piece.points), piece.color, lambda pen: pen.polygon(piece.points))
        case Panel():
            _paint_panel(image, piece)
        case Disc():
            around = Rect(piece.x, piece.y, 0, 0).grown(piece.radius)
            _paint_fill(image, around, piece.color, lambda pen: pen.disc((piece.x, piece.y), piece.radius))
        case TextLine():
            _paint_text(image, piece)
        case Wash():
            _paint_wash(image, piece)
        case _:
            assert_never(piece)


class _Pen:
    """Draws into the enlarged mask of a box of the picture."""

    def __init__(self, box: PixelBox) -> None:
        self.box = box
        left, top, right, bottom = box
        self._left, self._top = left, top
        self.mask = Image.new("L", ((right - left) * SCALE, (bottom - top) * SCALE))
        self._draw = ImageDraw.Draw(self.mask)

    def _edges(self, rect: Rect) -> tuple[int, int, int, int]:
        """Pillow counts the last pixel in, so the far edges are one less."""
        left, top = self._at(rect.x, rect.y)
        right, bottom = self._at(rect.right, rect.bottom)
        return left, top, max(right - 1, left), max(bottom - 1, top)

    def _at(self, x: float, y: float) -> tuple[int, int]:
        return round((x - self._left) * SCALE), round((y - self._top) * SCALE)

    def polygon(self, points: tuple[Point, ...]) -> None:
        """Fill a polygon. Pillow means the middles of pixels, hence the half."""
        self._draw.polygon(
            [((x - self._left) * SCALE - 0.5, (y - self._top) * SCALE - 0.5) for x, y in points], fill=255
        )

    def disc(self, center: Point, radius: float) -> None:
        """Fill a circle."""
        self._draw.ellipse(self._edges(Rect(*center, 0, 0).grown(radius)), fill=255)

    def panel(self, rect: Rect, radius: float) -> None:
        """Fill a rectangle with round corners."""
        self._draw.rounded_rectangle(self._edges(rect), radius * SCALE, fill=255)

    def segment(self, start: Point, end: Point, half: float) -> None:
        """Fill a segment with round ends."""
        length = math.hypot(end[0] - start[0], end[1] - start[1])
        if length:
            across_x = (end[1] - start[1]) / length * half
            across_y = (start[0] - end[0]) / length * half
            if across_x == 0 or across_y == 0:
                left, right = sorted((start[0], end[0]))
                top, bottom = sorted((start[1], end[1]))
                wide, high = abs(across_x), abs(across_y)
                rect = Rect(left - wide, top - high, right - left + 2 * wide, bottom - top + 2 * high)
                self._draw.rectangle(self._edges(rect), fill=255)
            else:
                self.polygon(
                    (
                        (start[0] + across_x, start[1] + across_y),
                        (end[0] + across_x, end[1] + across_y),
                        (end[0] - across_x, end[1] - across_y),
                        (start[0] - across_x, start[1] - across_y),
                    )
                )
        for point in (start, end):
            around = Rect(*point, 0, 0).grown(half)
            if around.right >= self.box[0] and around.x <= self.box[2]:
                self.disc(point, half)

    def put(self, image: Image.Image, color: str) -> None:
        """Paint a color through the mask."""
        image.paste(_rgb(color), self.box, self.mask.reduce(SCALE))


def _clipped(rect: Rect, box: PixelBox) -> PixelBox | None:
    """Return the whole pixels of a box that a rectangle touches, or None."""
    left, top = max(math.floor(rect.x), box[0]), max(math.floor(rect.y), box[1])
    right, bottom = min(math.ceil(rect.right), box[2]), min(math.ceil(rect.bottom), box[3])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _cells(box: PixelBox) -> Iterator[PixelBox]:
    for top in range(box[1], box[3], FILL_CELL):
        for left in range(box[0], box[2], FILL_CELL):
            yield left, top, min(left + FILL_CELL, box[2]), min(top + FILL_CELL, box[3])


def _paint_fill(image: Image.Image, around: Rect, color: str, draw: Callable[[_Pen], None]) -> None:
    box = _clipped(around, (0, 0, *image.size))
    if box is None:
        return
    for cell in _cells(box):
        pen = _Pen(cell)
        draw(pen)
        pen.put(image, color)


def _paint_panel(image: Image.Image, panel: Panel) -> None:
    """Fill the middle, which needs no mask, and then the frame around it that holds edges and corners."""
    whole = _clipped(panel.rect, (0, 0, *image.size))
    if whole is None:
        return
    inset = math.ceil(panel.radius) + 1
    left, right = math.floor(panel.rect.x) + inset, math.ceil(panel.rect.right) - inset
    top, bottom = math.floor(panel.rect.y) + inset, math.ceil(panel.rect.bottom) - inset
    parts = [panel.rect]
    if left < right and top < bottom:
        middle = _clipped(Rect(left, top, right - left, bottom - top), whole)
        if middle is not None:
            image.paste(_rgb(panel.color), middle)
        rect = panel.rect
        parts = [
            Rect(rect.x, rect.y, rect.width, top - rect.y),
            Rect(rect.x, bottom, rect.width, rect.bottom - bottom),
            Rect(rect.x, top, left - rect.x, bottom - top),
            Rect(right, top, rect.right - right, bottom - top),
        ]
    for part in parts:
        _paint_fill(image, part, panel.color, lambda pen: pen.panel(panel.rect, panel.radius))


def _paint_path(image: Image.Image, path: Path) -> None:
    half = path.width / 2
    points = path.points if len(path.points) > 1 else path.points * 2
    ends = zip(points, (*points[1:], points[0]) if path.closed else points[1:], strict=False)
    cells: defaultdict[tuple[int, int], list[_Segment]] = defaultdict(list)
    crisp = [part for segment in ends for part in _filled_crisp(image, segment, half, path.color)]
    for segment in crisp:
        for cell in _touched(segment, half, image.size):
            cells[cell].append(segment)
    for (column, row), segments in cells.items():
        left, top = column * CELL, row * CELL
        cell_box = (left, top, min(left + CELL, image.width), min(top + CELL, image.height))
        around = Rect.around(point for segment in segments for point in segment).grown(half)
        box = _clipped(around, cell_box)
        if box is None:
            continue
        pen = _Pen(box)
        for start, end in segments:
            pen.segment(start, end, half)
        pen.put(image, path.color)


def _filled_crisp(image: Image.Image, segment: _Segment, half: float, color: str) -> tuple[_Segment, ...]:
    """Fill the middle of an upright segment whose edges are whole pixels, which needs no mask, and return its ends.

    A segment of any other kind is returned as it is.
    """
    (x1, y1), (x2, y2) = start, end = sorted(segment)
    margin = math.ceil(half) + 1
    stubs: tuple[_Segment, ...]
    if (x1 == x2) == (y1 == y2) or not (half + (x1 if x1 == x2 else y1)).is_integer():
        return (segment,)
    if max(x2 - x1, y2 - y1) < 4 * margin:
        return (segment,)
    if x1 == x2:
        first, last = math.ceil(y1) + margin, math.floor(y2) - margin
        box = _clipped(Rect(x1 - half, first, 2 * half, last - first), (0, 0, *image.size))
        stubs = ((start, (x1, first)), ((x1, last), end))
    else:
        first, last = math.ceil(x1) + margin, math.floor(x2) - margin
        box = _clipped(Rect(first, y1 - half, last - first, 2 * half), (0, 0, *image.size))
        stubs = ((start, (first, y1)), ((last, y1), end))
    if box is not None:
        image.paste(_rgb(color), box)
    return stubs


def _touched(segment: _Segment, half: float, size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the cells of a picture that a segment of a half width can have ink in, and few others."""
    (x1, y1), (x2, y2) = segment
    first = max(math.floor((min(y1, y2) - half) / CELL), 0)
    last = min(math.floor((max(y1, y2) + half) / CELL), (size[1] - 1) // CELL)
    for row in range(first, last + 1):
        low, high = row * CELL - half, (row + 1) * CELL + half
        # The part of the segment whose ink can reach this row of cells.
        from_, to = 0.0, 1.0
        if y1 != y2:
            from_, to = sorted(((low - y1) / (y2 - y1), (high - y1) / (y2 - y1)))
            from_, to = max(from_, 0.0), min(to, 1.0)
        near, far = sorted((x1 + (x2 - x1) * from_, x1 + (x2 - x1) * to))
        left = max(math.floor((near - half) / CELL), 0)
        right = min(math.floor((far + half) / CELL), (size[0] - 1) // CELL)
        for column in range(left, right + 1):
            yield column, row


def _paint_text(image: Image.Image, line: TextLine) -> None:
    if line.angle:
        _paint_turned_text(image, line)
        return
    margin = OVERHANG * line.size
    glyphs: list[tuple[Image.Image, int, int]] = []
    x = line.x
    # The pen stands on quarters of a pixel, as many as a mask has.
    baseline, top = divmod(round(line.baseline * SCALE), SCALE)
    for character in line.text:
        width = advance(character) * line.size
        if x + width + margin > 0 and x - margin < image.width and not character.isspace():
            whole, part = divmod(round(x * SCALE), SCALE)
            draw = _glyph if line.size <= _CACHED_SIZE else _glyph.__wrapped__
            mask, left, above = draw(character, round(line.size * SCALE), part, top)
            glyphs.append((mask, whole + left, baseline + above))
        x += width
    if not glyphs:
        return
    around = Rect(
        min(left for _, left, _ in glyphs),
        min(above for _, _, above in glyphs),
        max(left + mask.width for mask, left, _ in glyphs) - min(left for _, left, _ in glyphs),
        max(above + mask.height for mask, _, above in glyphs) - min(above for _, _, above in glyphs),
    )
    box = _clipped(around, (0, 0, *image.size))
    if box is not None:
        whole_line = _met(glyphs, box)
        image.paste(_rgb(line.color), box, whole_line)


@lru_cache(maxsize=512)
def _glyph(character: str, size: int, right: int, down: int) -> tuple[Image.Image, int, int]:
    """Return the mask of a character, and where its left top lies from the pixel of the pen.

    Args:
        character: one.
        size: of the font in sub-pixels.
        right: of the pen in its pixel, in sub-pixels.
        down: of the base line in its pixel, in sub-pixels.
    """
    pen = font(size)
    bounds = pen.getbbox(character, anchor="ls")
    left, top = math.floor((bounds[0] + right) / SCALE), math.floor((bounds[1] + down) / SCALE)
    wide = max(math.ceil((bounds[2] + right) / SCALE) - left, 1)
    high = max(math.ceil((bounds[3] + down) / SCALE) - top, 1)
    mask = Image.new("L", (wide * SCALE, high * SCALE))
    at = (right - left * SCALE, down - top * SCALE)
    ImageDraw.Draw(mask).text(at, character, fill=255, font=pen, anchor="ls")
    return mask.reduce(SCALE), left, top


def _met(masks: list[tuple[Image.Image, int, int]], box: PixelBox) -> Image.Image:
    """Return one mask of a box in which masks of characters meet; what two of them cover of a pixel adds up."""
    result = Image.new("L", (box[2] - box[0], box[3] - box[1]))
    for mask, left, top in masks:
        at = (left - box[0], top - box[1], left - box[0] + mask.width, top - box[1] + mask.height)
        # Beyond the edges of the result, crop gives zeros and paste leaves out.
        result.paste(ImageChops.add(result.crop(at), mask), at)
    return result


def _paint_turned_text(image: Image.Image, line: TextLine) -> None:
    """Turn every character in a square of its own; the squares meet in one mask, so that overlaps cannot show."""
    half = math.ceil(line.size * (0.5 + OVERHANG)) + 2
    placed: list[tuple[str, float, Point]] = []
    x = line.x
    for character in line.text:
        width = advance(character) * line.size
        # The middle of the character, in which its square lies.
        middle = turned((x + width / 2, line.baseline - CAP_HEIGHT * line.size / 2), line.pivot, line.angle)
        if -half < middle[0] < image.width + half and -half < middle[1] < image.height + half:
            placed.append((character, width, middle))
        x += width
    if not placed:
        return
    around = Rect.around(middle for _, _, middle in placed).grown(half + 1)
    box = _clipped(around, (0, 0, *image.size))
    if box is None:
        return
    squares: list[tuple[Image.Image, int, int]] = []
    for character, width, middle in placed:
        left, top = math.floor(middle[0]) - half, math.floor(middle[1]) - half
        square = _turned_glyph(line, character, width, (middle[0] - left, middle[1] - top), 2 * half + 1)
        squares.append((square, left, top))
    image.paste(_rgb(line.color), box, _met(squares, box))


def _turned_glyph(line: TextLine, character: str, width: float, middle: Point, side: int) -> Image.Image:
    """Return the mask of a turned character whose middle is at a point of a square of a side in pixels."""
    large = side * SCALE
    glyph = Image.new("L", (large, large))
    size = line.size * SCALE
    start = (large / 2 - width * SCALE / 2, large / 2 + CAP_HEIGHT * size / 2)
    ImageDraw.Draw(glyph).text(start, character, fill=255, font=font(round(size)), anchor="ls")
    cos, sin = math.cos(math.radians(line.angle)), math.sin(math.radians(line.angle))
    x, y = middle[0] * SCALE, middle[1] * SCALE
    # Pillow asks for the way back: where in the upright square each pixel of the turned one comes from.
    way = (cos, sin, large / 2 - x * cos - y * sin, -sin, cos, large / 2 + x * sin - y * cos)
    return glyph.transform((large, large), Image.Transform.AFFINE, way, Image.Resampling.BILINEAR).reduce(SCALE)


def _paint_wash(image: Image.Image, wash: Wash) -> None:
    left, top, right, bottom = wash.box
    box = _clipped(Rect(left, top, right - left, bottom - top), (0, 0, *image.size))
    if box is None:
        return
    below = image.crop(box)
    image.paste(ImageChops.multiply(below, Image.new("RGB", below.size, _rgb(wash.color))), box)
