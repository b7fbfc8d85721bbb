"""Random redactions on random pictures, taken all the way into a written binder.

    python -m tests.faults.redactions COUNT [SEED]      COUNT redactions; prints one line of JSON

A round is a small practice with some pictures of every kind that intake takes (PNG and JPEG; gray, palette,
transparent, 16-bit; turned by EXIF), each with redactions (at edges and across them, one pixel, parts of pixels,
overlapping, everything; at 200 %) and often with other marks above and below them and a crop. Which pixels are covered
is told from the definition in docs/marks.md, pixel by pixel, and by nothing of the app. For each picture:

- every covered pixel of the rendition, and of the picture decoded from the binder, is black;
- a second original that differs only below the redactions gives the same bytes of rendition and thumbnail, so nothing
  of what is covered is in either;
- every pixel of the thumbnail that is made from covered pixels alone is black;
- without other marks, every pixel that is not covered is that of the original: nothing else is hidden.
"""

import io
import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image

from mips_desk.annotate.codec import decode, encode
from mips_desk.annotate.flatten import FILL, rendition_png, thumbnail, upright
from mips_desk.annotate.marks import Arrow, Box, Crop, Highlight, Mark, Redaction, Step, Text
from mips_desk.domain.evidence import Source
from mips_desk.services import binding, collect
from tests.unit.services.closing_sample import small_practice

PICTURES = 25
#: A thumbnail is made with Lanczos and a reducing gap of 2: so many of its pixels around one may flow into it.
SUPPORT = 5

Span = tuple[int, int]
Boxed = tuple[int, int, int, int]


@dataclass
class Case:
    """One picture with its marks.

    Attributes:
        kind: how the original is made.
        original: its bytes.
        other: another original that differs only below the redactions.
        size: of the upright picture.
        marks: all marks.
        left: the pixels of the upright picture that are in the rendition.
        covered: of these the covered ones, in pixels of the rendition.
    """

    kind: str
    original: bytes
    other: bytes
    size: tuple[int, int]
    marks: tuple[Mark, ...]
    left: Boxed
    covered: list[Boxed]


def spanned(start: float, length: float, pixels: int) -> Span | None:
    """Return the first and the last covered pixel of a row or column, asking each of them."""
    found = [at for at in range(pixels) if at < start + length and at + 1 > start]
    if not found and 0 <= start < pixels:
        found = [int(start)]  # a redaction covers at least one pixel
    return (found[0], found[-1] + 1) if found else None


def kept(start: float, length: float, pixels: int) -> Span:
    """Return the first and the last pixel that a crop leaves: those that are in it as a whole."""
    found = [at for at in range(pixels) if at >= start and at + 1 <= start + length]
    return found[0], found[-1] + 1


def noise(rng: random.Random, size: tuple[int, int], mode: str) -> Image.Image:
    """Return a picture without a black pixel."""
    bands = len(Image.new(mode, (1, 1)).getbands())
    data = bytes(rng.choices(range(70, 256), k=size[0] * size[1] * bands))
    return Image.frombytes(mode, size, data)


def _encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)  # type: ignore[arg-type]  # Pillow's own options
    return stream.getvalue()


def _turned(image: Image.Image, kind: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return _encoded(image, kind, exif=exif.tobytes())


def _made(rng: random.Random, kind: str, size: tuple[int, int]) -> bytes:
    match kind:
        case "rgb":
            return _encoded(noise(rng, size, "RGB"))
        case "gray":
            return _encoded(noise(rng, size, "L"))
        case "gray 16":
            data = bytes(rng.choices(range(70, 256), k=2 * size[0] * size[1]))
            return _encoded(Image.frombytes("I;16", size, data))
        case "palette":
            return _encoded(noise(rng, size, "RGB").quantize(64))
        case "palette, one color transparent":
            return _encoded(noise(rng, size, "RGB").quantize(16), transparency=rng.randrange(16))
        case "alpha":
            return _encoded(noise(rng, size, "RGBA"))
        case "gray and alpha":
            return _encoded(noise(rng, size, "LA"))
        case "jpeg":
            return _encoded(noise(rng, size, "RGB"), "JPEG", quality=rng.randint(30, 95))
        case "jpeg, gray":
            return _encoded(noise(rng, size, "L"), "JPEG")
        case "jpeg, turned":
            return _turned(noise(rng, size, "RGB"), "JPEG", rng.randint(2, 8))
        case _:
            return _turned(noise(rng, size, "RGB"), "PNG", rng.randint(2, 8))


KINDS = (
    *("rgb", "gray", "gray 16", "palette", "palette, one color transparent", "alpha", "gray and alpha"),
    *("jpeg", "jpeg, gray", "jpeg, turned", "png, turned"),
)


def _redaction(rng: random.Random, size: tuple[int, int], scale: int, before: list[Redaction]) -> Redaction:
    width, height = size
    x, y = rng.uniform(0, width - 1), rng.uniform(0, height - 1)
    wide, high = rng.uniform(0.5, width / 2), rng.uniform(0.5, height / 2)
    match rng.randrange(9):
        case 0:  # one whole pixel
            x, y, wide, high = rng.randrange(width), rng.randrange(height), 1, 1
        case 1:  # a part of a pixel
            wide, high = rng.uniform(1e-6, 0.4), rng.uniform(1e-6, 0.4)
        case 2:  # up to the right and lower edge exactly
            x, y = rng.randrange(width), rng.randrange(height)
            wide, high = width - x, height - y
        case 3:  # across the left and upper edge
            x, y = -rng.uniform(0, 9), -rng.uniform(0, 9)
            wide, high = rng.uniform(0.5, width) - x, rng.uniform(0.5, height) - y
        case 4:  # across the right and lower edge
            wide, high = width * 2.5, rng.uniform(0.5, height)
        case 5 if before:  # over an older one, a little beside it
            old = rng.choice(before)
            x, y = old.x + rng.uniform(-2, 2), old.y + rng.uniform(-2, 2)
            wide, high = old.width, old.height
        case 6:  # whole points of a screen at 200 %
            x, y = scale * rng.randrange(max(width // scale, 1)), scale * rng.randrange(max(height // scale, 1))
            wide, high = scale * rng.randint(1, 20), scale * rng.randint(1, 12)
        case 7 if rng.random() < 0.05:  # everything
            x, y, wide, high = -5, -5, width + 10, height + 10
        case _:
            pass
    x, y = min(max(x, -9.0), width - 0.5), min(max(y, -9.0), height - 0.5)
    # None lies outside: those are refused.
    return Redaction(x=x, y=y, width=wide + max(0.0, -x), height=high + max(0.0, -y))


def _beside(rng: random.Random, size: tuple[int, int], over: Redaction) -> Mark:
    """Return another mark that runs across a redaction or lies under it."""
    x, y = over.x + rng.uniform(-9, 9), over.y + rng.uniform(-9, 9)
    color = rng.choice(("red", "yellow", "#FFFFFF", "green"))
    match rng.randrange(5):
        case 0:
            return Text(x=x, y=y, text="Canary 4711", color=color, angle=rng.choice((0.0, 30.0)))
        case 1:
            return Arrow(x1=x - 20, y1=y - 20, x2=x + 20, y2=y + 9, color=color)
        case 2:
            return Highlight(x=x, y=y, width=rng.uniform(1, size[0]), height=rng.uniform(1, 30))
        case 3:
            return Box(x=x, y=y, width=30, height=20, color=color, angle=rng.choice((0.0, 45.0)))
        case _:
            return Step(x=x, y=y, text="Step", color=color)


def case(rng: random.Random) -> Case:
    """Return a picture with marks."""
    scale = rng.choice((1, 2))
    size = (rng.randint(3, 90) * scale, rng.randint(3, 70) * scale)
    kind = rng.choice(KINDS)
    original = _made(rng, kind, size)
    image = upright(original)
    width, height = image.size
    covering: list[Redaction] = []
    for _ in range(rng.randint(1, 8)):
        covering.append(_redaction(rng, image.size, scale, covering))
    marks: list[Mark] = list(covering)
    if rng.random() < 0.5:
        marks += [_beside(rng, image.size, rng.choice(covering)) for _ in range(rng.randint(1, 4))]
    rng.shuffle(marks)
    left = (0, 0, width, height)
    if rng.random() < 0.3:
        x, y = rng.uniform(-3, width / 2 - 1), rng.uniform(-3, height / 2 - 1)
        crop = Crop(x=x, y=y, width=rng.uniform(2, width) + max(0, -x), height=rng.uniform(2, height) + max(0, -y))
        marks.append(crop)
        across, down = kept(crop.x, crop.width, width), kept(crop.y, crop.height, height)
        left = (across[0], down[0], across[1], down[1])
    covered, below = [], image.copy()
    for mark in covering:
        columns, rows = spanned(mark.x, mark.width, width), spanned(mark.y, mark.height, height)
        if columns is None or rows is None:
            continue
        below.paste(noise(rng, (columns[1] - columns[0], rows[1] - rows[0]), "RGB"), (columns[0], rows[0]))
        box = (
            max(columns[0], left[0]) - left[0],
            max(rows[0], left[1]) - left[1],
            min(columns[1], left[2]) - left[0],
            min(rows[1], left[3]) - left[1],
        )
        if box[0] < box[2] and box[1] < box[3]:
            covered.append(box)
    # Steps get their numbers when marks are stored.
    return Case(kind, original, _encoded(below), image.size, decode(encode(marks)), left, covered)


def _uncovered(picture: Image.Image, boxes: list[Boxed]) -> int:
    """Return the number of covered pixels that are not the fill."""
    wrong = 0
    for box in boxes:
        pixels = picture.convert("RGB").crop(box).tobytes()
        if pixels.strip(b"\x00"):
            wrong += sum(any(pixels[at : at + 3]) for at in range(0, len(pixels), 3))
    return wrong


def _thumbnail_wrong(small: Image.Image, size: tuple[int, int], boxes: list[Boxed]) -> int:
    """Return the pixels of a thumbnail that are made from one redaction alone and are not the fill."""
    across, down = size[0] / small.width, size[1] / small.height
    wrong = 0
    for left, top, right, bottom in boxes:
        box = (
            round(left / across) + SUPPORT if left else 0,
            round(top / down) + SUPPORT if top else 0,
            round(right / across) - SUPPORT if right < size[0] else small.width,
            round(bottom / down) - SUPPORT if bottom < size[1] else small.height,
        )
        if box[0] < box[2] and box[1] < box[3]:
            wrong += _uncovered(small, [box])
    return wrong


def _check_picture(each: Case, found: Counter[str]) -> None:
    """Look at rendition and thumbnail."""
    png = rendition_png(each.original, each.marks)
    image = Image.open(io.BytesIO(png))
    size = (each.left[2] - each.left[0], each.left[3] - each.left[1])
    found["wrong sizes"] += image.size != size
    found["uncovered in renditions"] += _uncovered(image, each.covered)
    found["renditions that show what is covered"] += png != rendition_png(each.other, each.marks)
    box = (max(size[0] * 2 // 3, 1), max(size[1] * 2 // 3, 1))
    small = thumbnail(each.original, each.marks, box)
    found["thumbnails that show what is covered"] += small != thumbnail(each.other, each.marks, box)
    found["uncovered in thumbnails"] += _thumbnail_wrong(Image.open(io.BytesIO(small)), size, each.covered)
    if all(isinstance(mark, Redaction | Crop) for mark in each.marks):
        expected = upright(each.original).crop(each.left)
        for covered in each.covered:
            expected.paste(FILL, covered)
        found["pictures hidden or changed elsewhere"] += image.tobytes() != expected.tobytes()


def _check_binder(cases: list[Case], folder: Path, found: Counter[str]) -> None:
    """Take the pictures in, mark them, write the binder, and look at its pictures."""
    small = small_practice(folder)
    session = small.session
    try:
        incoming = [collect.Incoming(each.original, Source.IMPORT) for each in cases]
        ids = collect.add_pictures(session, small.selection, incoming).changes.ids
        for evidence_id, each in zip(ids, cases, strict=True):
            collect.set_marks(session, evidence_id, each.marks)
        out = folder / "binder.pdf"
        content = binding.content(session, 2026)
        numbers = {sheet.item.id: sheet.number for sheet in content.exhibits}
        binding.write(session, content, out)
    finally:
        session.close()
    with pikepdf.open(out) as pdf:
        pictures = {
            name.removeprefix("/"): picture for page in pdf.pages for name, picture in page.get_images().items()
        }
        for evidence_id, each in zip(ids, cases, strict=True):
            image = pikepdf.PdfImage(pictures[numbers[evidence_id]]).as_pil_image()
            found["binder pictures"] += 1
            found["uncovered in binders"] += _uncovered(image, each.covered)
            found["renditions other than in the binder"] += (
                image.tobytes() != Image.open(io.BytesIO(rendition_png(each.original, each.marks))).tobytes()
            )


def run(count: int, seed: int) -> tuple[dict[str, int], dict[str, int]]:
    """Run until so many redactions were tried.

    Returns:
        What was looked at, and what was wrong.
    """
    rng = random.Random(seed)
    seen: Counter[str] = Counter()
    found: Counter[str] = Counter()
    while seen["redactions"] < count:
        cases = [case(rng) for _ in range(PICTURES)]
        for each in cases:
            seen["pictures"] += 1
            seen[each.kind] += 1
            seen["redactions"] += sum(isinstance(mark, Redaction) for mark in each.marks)
            seen["cropped"] += any(isinstance(mark, Crop) for mark in each.marks)
            seen["covered pixels"] += sum((box[2] - box[0]) * (box[3] - box[1]) for box in each.covered)
            _check_picture(each, found)
        with tempfile.TemporaryDirectory() as folder:
            _check_binder(cases, Path(folder), found)
        seen["binders"] += 1
    seen["binder pictures"] = found.pop("binder pictures", 0)
    return dict(seen), dict(found)


def main() -> int:
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5
    began = time.monotonic()
    seen, wrong = run(count, seed)
    print(json.dumps({"seed": seed, "seconds": round(time.monotonic() - began), "seen": seen, "wrong": wrong}))
    return 1 if any(wrong.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
