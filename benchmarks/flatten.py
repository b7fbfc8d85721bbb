"""How long a rendition takes: a 3840 x 2160 page of text with 50 marks, best, median and worst of some rounds.

All of it runs in one thread, so processor time is what a quiet machine would take.

    .venv/bin/python benchmarks/flatten.py
"""

import hashlib
import io
import random
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image, ImageDraw, ImageFont

from mips_desk.annotate.flatten import burn, flatten, rendition_png, thumbnail, upright
from mips_desk.annotate.marks import Arrow, Box, Mark, Redaction, Step, Text
from mips_desk.capture.intake import read_picture
from mips_desk.paths import resources

SIZE = (3840, 2160)
ROUNDS = 7


def page(size: tuple[int, int]) -> bytes:
    """Return a synthetic page of a portal as a PNG file."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(resources() / "fonts" / "Inter-Regular.ttf"), 40)
    draw.rectangle((0, 0, size[0], 160), fill="#2B6CA3")
    for row in range(24):
        y = 220 + row * 80
        draw.line((0, y - 20, size[0], y - 20), fill="#DFE3E8", width=2)
        draw.text((60, y), f"Sample Patient {row:02d}      06/{row + 1:02d}/2024", font=font, fill="#17202B")
        draw.text((1400, y), f"Question about lab result {row * 37 % 100}", font=font, fill="#17202B")
        draw.text((3000, y), "Replied by nurse", font=font, fill="#4A5767")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def fifty_marks(size: tuple[int, int]) -> list[Mark]:
    """Return ten of each of five kinds, arrows of any length across the whole page."""
    chance = random.Random(4)
    marks: list[Mark] = []
    for _ in range(10):
        x, y = chance.uniform(0, size[0] - 800), chance.uniform(0, size[1] - 600)
        marks += [
            Redaction(x=x, y=y, width=400, height=50),
            Box(x=x, y=y, width=chance.uniform(200, 800), height=chance.uniform(100, 600)),
            Arrow(x1=x, y1=y, x2=chance.uniform(0, size[0]), y2=chance.uniform(0, size[1])),
            Text(x=x, y=y, text="answered by care team"),
            Step(x=x, y=y),
        ]
    return marks


def main() -> None:
    """Print processor times in milliseconds."""
    original, marks = page(SIZE), fifty_marks(SIZE)
    times: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        image = upright(original)
        for name, work in {
            "intake (check, decode, hash)": lambda: read_picture(original),
            "decode": lambda: upright(original),
            "flatten (decode, burn)": lambda: flatten(original, marks),
            "burn 50 marks": lambda image=image: burn(image, marks),
            "rendition (decode, burn, encode)": lambda: rendition_png(original, marks),
            "thumbnail (decode, burn, scale)": lambda: thumbnail(original, marks, (320, 240)),
        }.items():
            start = time.process_time()
            work()
            times[name].append((time.process_time() - start) * 1000)
    for name, values in times.items():
        print(f"{name:36} {min(values):6.0f} to {max(values):4.0f} ms, median {statistics.median(values):4.0f}")
    print(f"{'bytes of the rendition':36} {len(rendition_png(original, marks)):,}")
    print(f"{'its SHA-256':36} {hashlib.sha256(rendition_png(original, marks)).hexdigest()[:16]}")


if __name__ == "__main__":
    main()
