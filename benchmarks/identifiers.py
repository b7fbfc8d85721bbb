"""How much of what identifies a patient is found on synthetic portal pages, by kind, and how long that takes.

    nice -n 10 .venv/bin/python -m benchmarks.identifiers [PAGES] [--first SEED] [--baseline]

Each seed is one page (tests/portal); the rules were tuned on seeds below 5000. --baseline also reads the pages with
Tesseract (Debian: tesseract-ocr) and looks for names and numbers with plain regular expressions; its boxes are padded
alike.
"""

import argparse
import re
import shutil
import subprocess
import time
from collections.abc import Sequence

from mips_desk.identify.proposals import propose
from mips_desk.identify.reader import Reader
from tests.portal.evaluate import Box, Tally
from tests.portal.render import Picture, render

#: What somebody writes in an afternoon.
PLAIN = [
    r"[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+", r"[A-Z][A-Za-z]+, [A-Z][A-Za-z]+", r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}",
    r"\d{4}-\d{2}-\d{2}", r"\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}", r"\d{3}-\d{2}-\d{4}", r"\S+@\S+\.\w+",
    r"\b\d{5}(?:-\d{4})?\b", r"\b\d{6,10}\b", r"\b\d{1,3}(?:\.\d{1,3}){3}\b",
]  # fmt: skip


def baseline(picture: Picture) -> list[Box]:
    """Return the boxes of Tesseract's words that plain regular expressions match."""
    done = subprocess.run(
        ["tesseract", "stdin", "stdout", "--psm", "11", "tsv"], input=picture.data, capture_output=True, check=True
    )
    lines: dict[str, list[tuple[str, Box]]] = {}
    for row in done.stdout.decode("utf-8", "replace").splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[11].strip():
            x, y, width, height = map(int, cells[6:10])
            lines.setdefault(" ".join(cells[2:5]), []).append((cells[11], (x, y, width, height)))
    boxes: list[Box] = []
    for words in lines.values():
        text = " ".join(word for word, _ in words)
        for pattern in PLAIN:
            for found in re.finditer(pattern, text):
                at = 0
                for word, (x, y, width, height) in words:
                    if at < found.end() and at + len(word) > found.start():
                        pad = max(2, -(-height * 15 // 100))
                        boxes.append((x - pad, y - pad, width + 2 * pad, height + 2 * pad))
                    at += len(word) + 1
    return boxes


def show(title: str, tally: Tally, seconds: Sequence[float]) -> None:
    """Print a table."""
    print(f"\n{title}: {len(seconds)} pages")
    for kind in sorted(tally.tokens):
        print(f"  {kind:<12} {tally.found[kind]:>5} of {tally.tokens[kind]:>5}  {100 * tally.recall(kind):6.2f} %")
    ours = [kind for kind in tally.tokens if kind != "staff"]
    print(f"  patients and relatives {100 * tally.recall(*ours):.2f} %, with staff {100 * tally.recall():.2f} %")
    print(f"  boxes {tally.boxes}, false {tally.false} ({100 * tally.false_share:.1f} %)")
    ordered = sorted(seconds)
    print(f"  seconds a page: median {ordered[len(ordered) // 2]:.1f}, largest {ordered[-1]:.1f}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=int, nargs="?", default=200)
    parser.add_argument("--first", type=int, default=5000)
    parser.add_argument("--baseline", action="store_true")
    asked = parser.parse_args()
    if asked.baseline and not shutil.which("tesseract"):
        parser.error("Tesseract is not installed.")
    reader = Reader()
    tally, seconds, others, other_seconds = Tally(), [], Tally(), []
    normal: list[float] = []
    for number, picture in enumerate(render(range(asked.first, asked.first + asked.pages))):
        image = picture.image
        start = time.perf_counter()
        read = reader.read(image.tobytes(), *image.size)
        found = propose(read.words, read.photos, *image.size)
        seconds.append(time.perf_counter() - start)
        if image.size == (1600, 900) and number:  # the first picture waits for the process to start
            normal.append(seconds[-1])
        tally.add(picture, [(each.x, each.y, each.width, each.height) for each in found])
        if asked.baseline:
            start = time.perf_counter()
            others.add(picture, baseline(picture))
            other_seconds.append(time.perf_counter() - start)
    reader.close()
    show("MIPS Desk", tally, seconds)
    if normal:
        print(f"  of 1600 x 900 pixels: {len(normal)} pages, median {sorted(normal)[len(normal) // 2]:.1f} s")
    if asked.baseline:
        show("Tesseract with plain regular expressions", others, other_seconds)


if __name__ == "__main__":
    main()
