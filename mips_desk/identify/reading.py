"""Read the words of a picture. Runs in a process of its own (`child`): numpy and the engine are loaded nowhere else.

The engine finds lines of text and reads each; where its words begin and end is then measured in the picture itself,
because the engine knows that only to a few pixels.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rapidocr import RapidOCR

Pixels = NDArray[np.uint8]
#: x, y, width, height in pixels of the picture.
Box = tuple[int, int, int, int]

#: Width at which lines are looked for; wider pictures are made smaller for that, never for reading.
FIND_WIDTH = 1920
#: When a quarter of the lines are lower than this then, in pixels, others are too small to be found; they are looked
#: for at this width.
SMALL_BOX, FIND_WIDEST = 18, 7680
#: Pixels that are looked at in one go, so that a long page needs no more memory; and rows that two goes share.
FIND_AREA, STRIP_OVERLAP = 1920 * 1920, 96
#: Lines whose letters are lower than this are looked at once more at twice the size: capital letters of 12 pixel text.
SMALL_INK = 9
#: How sure the engine has to be of a small line that it is not looked at again.
SURE = 0.95
#: Widest region that is looked at again, so that twice its width is not made smaller for finding.
AGAIN_WIDTH = FIND_WIDTH // 2
#: Rows of a picture that repeat the row above within this difference (of 255) hold no edge of a letter; JPEG needs it.
SAME_ROW = 14
#: An empty band is cut out when it is higher than this; as much of it stays on both sides.
BAND_MARGIN = 20
#: Lines are widened to this many pixels for reading, at 48 pixels of height; the engine's own 320 costs a quarter more.
LEAST_WIDTH = 160
#: A pixel is ink when it differs from the line's ground by this share of the line's contrast.
INK_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word with its box, the number of its line, and how sure the engine is (0 to 1)."""

    text: str
    box: Box
    score: float
    line: int


@dataclass(frozen=True, slots=True)
class _Line:
    box: Box
    words: list[tuple[str, Box]]
    score: float


class Engine:
    """RapidOCR with the models of its package: one instance to find lines, one to read them."""

    def __init__(self) -> None:
        threads = max(1, min(4, os.cpu_count() or 1))
        self._finder = _engine(threads)
        # Lines are short: reading several at once with a thread each is faster than one with several.
        self._reader = _engine(1)
        self._pool = ThreadPoolExecutor(threads)

    def read(self, pixels: Pixels, progress: Callable[[int, int], None]) -> list[ReadWord]:
        """Read all words of a picture.

        Args:
            pixels: height x width x 3, red, green, blue.
            progress: told units done and in all.
        """
        progress(0, 10)
        boxes = self._find(pixels)
        lines = self._read_lines(pixels, boxes, progress, 3, 8)
        usual = float(np.median([line.box[3] for line in lines])) if lines else 0.0
        small = [
            line.box
            for line in lines
            # A line that is much higher than the others and hard to read may be two.
            if line.score < SURE and (_ink_height(pixels, line.box) < SMALL_INK or line.box[3] > 1.6 * usual)
        ]
        if small:
            lines = self._again(pixels, lines, small, progress)
        progress(10, 10)
        return [
            ReadWord(text, box, line.score, number)
            for number, line in enumerate(_order(lines))
            for text, box in line.words
        ]

    def _find(self, pixels: Pixels) -> list[Box]:
        """Return the boxes of lines of text."""
        kept, starts = without_empty_bands(pixels)
        width = max(1, kept.shape[1])
        shrink = min(1.0, FIND_WIDTH / width)
        boxes = self._find_at(kept, shrink)
        if shrink < 1 and (not boxes or shrink * float(np.percentile([box[3] for box in boxes], 25)) < SMALL_BOX):
            # Small text on a wide screen, or on several beside each other.
            boxes = self._find_at(kept, min(1.0, FIND_WIDEST / width))
        last = len(starts) - 1
        return [(x, y + int(starts[min(y + h // 2, last)]), w, h) for x, y, w, h in boxes]

    def _find_at(self, kept: Pixels, shrink: float) -> list[Box]:
        """Return the boxes of lines in a picture of which a smaller one is shown to the engine, strip by strip."""
        height, width = kept.shape[:2]
        most = max(8 * STRIP_OVERLAP, int(FIND_AREA / (width * shrink)))  # rows of the smaller picture
        rows, overlap = max(1, int(most / shrink)), int(STRIP_OVERLAP / shrink)
        boxes: list[Box] = []
        for start in range(0, max(1, height - overlap), rows - overlap):
            strip = kept[start : start + rows]
            end = start + len(strip)
            # What lies in two strips is taken from the one in which its middle is further from the edge.
            top = start + overlap // 2 if start else 0
            bottom = end - (overlap - overlap // 2) if end < height else height
            for x, y, w, h in self._find_in(strip, shrink):
                if top <= start + y + h // 2 < bottom:
                    boxes.append((x, start + y, w, h))
        return boxes

    def _find_in(self, strip: Pixels, shrink: float) -> list[Box]:
        height, width = strip.shape[:2]
        shown = strip
        if shrink < 1:
            size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
            kind = Image.Resampling.BOX if shrink <= 0.5 else Image.Resampling.BICUBIC
            shown = np.asarray(Image.fromarray(strip).resize(size, kind))
        found: Any = self._finder(shown[:, :, ::-1].copy(), use_det=True, use_rec=False, use_cls=False)
        if found.boxes is None:
            return []
        boxes = []
        for corners in np.asarray(found.boxes, dtype=float) / shrink:
            left, top = np.floor(corners.min(axis=0)).astype(int)
            right, bottom = np.ceil(corners.max(axis=0)).astype(int)
            left, top, right, bottom = max(0, left), max(0, top), min(width, right), min(height, bottom)
            if right - left > 2 and bottom - top > 2:
                boxes.append((int(left), int(top), int(right - left), int(bottom - top)))
        return boxes

    def _read_lines(
        self, pixels: Pixels, boxes: Sequence[Box], progress: Callable[[int, int], None], start: int, end: int
    ) -> list[_Line]:
        lines = []
        for number, line in enumerate(self._pool.map(lambda box: self._read_line(pixels, box), boxes)):
            progress(start + (end - start) * number // max(1, len(boxes)), 10)
            if line is not None:
                lines.append(line)
        return lines

    def _read_line(self, pixels: Pixels, box: Box) -> _Line | None:
        x, y, width, height = box
        crop = pixels[y : y + height, x : x + width]
        if height > 1.5 * width and height > 40:
            return None  # upright writing, a scroll bar, a rule
        read: Any = self._reader(
            crop[:, :, ::-1].copy(), use_det=False, use_rec=True, use_cls=False, return_word_box=True
        )
        if not read.txts or not read.txts[0].strip() or not read.word_results:
            return None
        info = read.word_results[0]
        spans = [
            ("".join(word), columns[0], columns[-1]) for word, columns in zip(info.words, info.word_cols, strict=True)
        ]
        if not spans or not info.line_txt_len:
            return None
        scale = width / info.line_txt_len
        words = _edges(crop, [(text, (first + 0.5) * scale, (last + 0.5) * scale) for text, first, last in spans])
        placed = [(text, (x + left, y, right - left, height)) for text, left, right in words]
        return _Line(box, placed, float(read.scores[0]))

    def _again(
        self, pixels: Pixels, lines: list[_Line], small: list[Box], progress: Callable[[int, int], None]
    ) -> list[_Line]:
        """Look at the regions of small text at twice the size; what is found there takes the place of what was."""
        sure = [line for line in lines if line.box not in small]
        found: list[_Line] = []
        for x, y, width, height in _regions(small, pixels.shape):
            crop = Image.fromarray(pixels[y : y + height, x : x + width])
            twice = np.asarray(crop.resize((2 * width, 2 * height), Image.Resampling.BICUBIC))
            for line in self._read_lines(twice, self._find(twice), progress, 8, 10):
                moved = _halved(line, x, y)
                cut_off = moved.box[0] <= x + 1 or moved.box[0] + moved.box[2] >= x + width - 1
                if not cut_off and all(_share(moved.box, other.box) < 0.5 for other in sure):
                    found.append(moved)
        # A line that is missing now was read before; it stays.
        left = [line for line in lines if line.box in small]
        return sure + found + [line for line in left if all(_share(line.box, each.box) < 0.5 for each in found)]


def _engine(threads: int) -> RapidOCR:
    return RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.log_level": "critical",
            "Global.max_side_len": 100_000,
            # The engine would make every small picture large, each of many small regions too; what is looked at twice
            # as large, and when, is decided here.
            "Det.limit_side_len": 32,
            "Rec.rec_img_shape": [3, 48, LEAST_WIDTH],
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def without_empty_bands(pixels: Pixels) -> tuple[Pixels, NDArray[np.int64]]:
    """Cut out bands of rows in which nothing begins or ends, since looking for lines costs time by the pixel.

    Returns:
        What is left, and for each of its rows how far it has moved up.
    """
    height = pixels.shape[0]
    if height < 4 * BAND_MARGIN:
        return pixels, np.zeros(height, np.int64)
    step = np.abs(np.diff(pixels.astype(np.int16), axis=0)).max(axis=(1, 2))
    busy = np.flatnonzero(step > SAME_ROW)
    keep = np.zeros(height, bool)
    for row in busy:
        keep[max(0, row - BAND_MARGIN) : row + BAND_MARGIN + 2] = True
    rows = np.flatnonzero(keep)
    if len(rows) == 0 or len(rows) > 0.9 * height:
        return pixels, np.zeros(height, np.int64)
    return pixels[rows], rows - np.arange(len(rows))


def _gray(crop: Pixels) -> NDArray[np.float64]:
    return np.asarray(crop.astype(float).mean(axis=2))


def _ink(crop: Pixels) -> NDArray[np.bool_]:
    """Return which pixels of a line are letters: those unlike its ground, which is its commonest gray."""
    gray = _gray(crop)
    ground = float(np.median(gray))
    away = np.abs(gray - ground)
    contrast = float(np.percentile(away, 99))
    return np.asarray(away > max(8.0, INK_SHARE * contrast))


def _ink_height(pixels: Pixels, box: Box) -> int:
    x, y, width, height = box
    rows = np.flatnonzero(_ink(pixels[y : y + height, x : x + width]).mean(axis=1) > 0.02)
    return int(rows[-1] - rows[0] + 1) if len(rows) else height


def _edges(crop: Pixels, spans: list[tuple[str, float, float]]) -> list[tuple[str, int, int]]:
    """Move the ends of words to the widest gap between their letters.

    Args:
        crop: a line of text.
        spans: text, middle of the first letter, middle of the last letter, in pixels of the line.

    Returns:
        Text, left edge, right edge.
    """
    width = crop.shape[1]
    empty = np.asarray(~_ink(crop).any(axis=0))
    inked = np.flatnonzero(~empty)
    left = int(inked[0]) if len(inked) else 0
    last = int(inked[-1]) + 1 if len(inked) else width
    result = []
    for number, (text, first, end) in enumerate(spans):
        if number + 1 < len(spans):
            right, next_left = _gap(empty, end, spans[number + 1][1])
        else:
            right, next_left = last, last
        # A wrong guess must not lose the letters that the engine saw.
        low, high = min(left, max(0, int(first))), max(right, min(width, int(end) + 1))
        result.append((text, low, max(high, low + 1)))
        left = next_left
    return result


def _gap(empty: NDArray[np.bool_], start: float, end: float) -> tuple[int, int]:
    """Return the ends of the longest run of empty columns between two letters' middles, or the middle twice."""
    low, high = max(0, int(start)), min(len(empty), int(end) + 1)
    best = (0, 0)
    at = low
    while at < high:
        if not empty[at]:
            at += 1
            continue
        stop = at
        while stop < high and empty[stop]:
            stop += 1
        if stop - at > best[1] - best[0]:
            best = (at, stop)
        at = stop
    if best[1] > best[0]:
        return best
    middle = (low + high) // 2
    return middle, middle


def _order(lines: Iterable[_Line]) -> list[_Line]:
    """Sort lines as they are read: rows from the top, in a row from the left."""
    rows: list[list[_Line]] = []
    for line in sorted(lines, key=lambda each: each.box[1] + each.box[3] / 2):
        middle = line.box[1] + line.box[3] / 2
        if rows and abs(middle - (rows[-1][0].box[1] + rows[-1][0].box[3] / 2)) < 0.5 * min(
            line.box[3], rows[-1][0].box[3]
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda each: each.box[0])]


def _regions(boxes: Sequence[Box], shape: tuple[int, ...]) -> list[Box]:
    """Return rectangles around boxes, with a margin; those that touch become one as long as that is not too wide."""
    regions: list[Box] = []
    for x, y, width, height in sorted(boxes, key=lambda box: (box[1], box[0])):
        left, top = max(0, x - height), max(0, y - height // 2)
        right, bottom = min(shape[1], x + width + height), min(shape[0], y + height + height // 2)
        for number, (x0, y0, w0, h0) in enumerate(regions):
            wide = max(right, x0 + w0) - min(left, x0)
            if left < x0 + w0 and right > x0 and top < y0 + h0 and bottom > y0 and wide <= AGAIN_WIDTH:
                x1, y1 = min(left, x0), min(top, y0)
                regions[number] = (x1, y1, wide, max(bottom, y0 + h0) - y1)
                break
        else:
            regions.append((left, top, right - left, bottom - top))
    return regions


def _halved(line: _Line, x: int, y: int) -> _Line:
    def half(box: Box) -> Box:
        left, top = box[0] // 2, box[1] // 2
        return x + left, y + top, -(-(box[0] + box[2]) // 2) - left, -(-(box[1] + box[3]) // 2) - top

    return _Line(half(line.box), [(text, half(box)) for text, box in line.words], line.score)


def _share(box: Box, other: Box) -> float:
    """Return how much of a box is inside another."""
    width = min(box[0] + box[2], other[0] + other[2]) - max(box[0], other[0])
    height = min(box[1] + box[3], other[1] + other[3]) - max(box[1], other[1])
    return max(0, width) * max(0, height) / (box[2] * box[3])


def photos(pixels: Pixels, words: Iterable[ReadWord]) -> list[Box]:
    """Find photos: regions about as wide as high in which nearly every small tile has many shades.

    Text and icons have few shades and much even ground; a photo has neither. Large letters can look like one, so what
    is mostly a word is none.

    Args:
        pixels: height x width x 3.
        words: that were read in it.
    """
    tile = 6
    height, width = pixels.shape[0] // tile, pixels.shape[1] // tile
    if not height or not width:
        return []
    gray = pixels[: height * tile, : width * tile].astype(np.int16).mean(axis=2)
    tiles = gray.reshape(height, tile, width, tile).swapaxes(1, 2).reshape(height, width, tile * tile)
    ordered = np.sort(tiles.round(), axis=2)
    shades = (np.diff(ordered, axis=2) >= 1).sum(axis=2) + 1
    common = (np.diff(ordered, axis=2) == 0).sum(axis=2)
    busy = (shades >= 9) & (common < 0.75 * tile * tile)
    words = list(words)
    for word in words:  # a name that touches the photo at its left would become part of it
        if word.score > 0.8 and len(word.text) > 2:
            x, y, w, h = word.box
            busy[(y + tile // 2) // tile : (y + h) // tile, (x + tile // 2) // tile : (x + w) // tile] = False
    uneven = shades >= 4
    found: list[Box] = []
    for x, y, w, h, count in _islands(busy):
        if w >= 3 and h >= 3 and count > 0.6 * w * h and 0.5 < w / h < 2:
            x, y, w, h = _to_its_edges(uneven, (x, y, w, h))
            found.append((x * tile, y * tile, w * tile, h * tile))
    boxes = [word.box for word in words]
    return [box for box in found if sum(_share(box, other) for other in boxes) < 0.4]


def _to_its_edges(uneven: NDArray[np.bool_], box: Box) -> Box:
    """Return a box grown by the rows and columns beside it that are not even ground: the plainer parts of a photo."""
    x, y, width, height = box
    x1, y1 = x + width, y + height
    most = max(width, height)  # a photo is not more than a few times as large as its liveliest part
    for _ in range(most):
        before = (x, y, x1, y1)
        if x > 0 and uneven[y:y1, x - 1].mean() > 0.6:
            x -= 1
        if x1 < uneven.shape[1] and uneven[y:y1, x1].mean() > 0.6:
            x1 += 1
        if y > 0 and uneven[y - 1, x:x1].mean() > 0.6:
            y -= 1
        if y1 < uneven.shape[0] and uneven[y1, x:x1].mean() > 0.6:
            y1 += 1
        if before == (x, y, x1, y1):
            break
    return x, y, x1 - x, y1 - y


def _islands(mask: NDArray[np.bool_]) -> list[tuple[int, int, int, int, int]]:
    """Return the connected islands of a mask as x, y, width, height and how many cells they have."""
    open_cells = {(int(y), int(x)) for y, x in np.argwhere(mask)}
    islands = []
    while open_cells:
        stack = [open_cells.pop()]
        island = []
        while stack:
            y, x = stack.pop()
            island.append((y, x))
            for near in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if near in open_cells:
                    open_cells.remove(near)
                    stack.append(near)
        ys, xs = [y for y, _ in island], [x for _, x in island]
        islands.append((min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1, len(island)))
    return islands
