"""How much of what identifies a patient is found on synthetic portal pages, by kind, and how long that takes.

    nice -n 10 .venv/bin/python -m benchmarks.identifiers [PAGES] [--first SEED] [--baseline]

Each seed is one page (tests/portal); the rules were tuned on seeds below 5000. After them come 12 pages of 1600 x 900
pixels with text of 11 to 14, always the same. --baseline also reads the pages with Tesseract (Debian: tesseract-ocr)
and looks for names and numbers with plain regular expressions; its boxes are padded alike.

On a computer that does other things at the same time, the processor seconds are the honest figure: both processes of
the search together. With two idle cores a page takes between half of them and all of them.
"""

import argparse
import math
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from mips_desk.identify.proposals import propose
from mips_desk.identify.reader import Reader
from tests.portal.evaluate import Box, Tally
from tests.portal.render import Picture, render

#: Seeds of the pages of 1600 x 900 pixels.
USUAL = range(7000, 7012)
#: Tables are printed in between after so many pages, since all take long.
INTERIM = 40
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
            left, top, across, down = map(int, cells[6:10])
            lines.setdefault(" ".join(cells[2:5]), []).append((cells[11], (left, top, across, down)))
    boxes: list[Box] = []
    for words in lines.values():
        text = " ".join(word for word, _ in words)
        for pattern in PLAIN:
            for found in re.finditer(pattern, text):
                at = 0
                for word, (x, y, width, height) in words:
                    if at < found.end() and at + len(word) > found.start():
                        pad = max(2, math.ceil(height * 0.15))
                        boxes.append((x - pad, y - pad, width + 2 * pad, height + 2 * pad))
                    at += len(word) + 1
    return boxes


@dataclass
class Measured:
    """What came of some pages, with the seconds by the clock and of processors for each."""

    tally: Tally = field(default_factory=Tally)
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def show(self, title: str) -> None:
        """Print a table."""
        tally = self.tally
        print(f"\n{title}: {len(self.seconds)} pages")
        for kind in sorted(tally.tokens):
            print(f"  {kind:<12} {tally.found[kind]:>5} of {tally.tokens[kind]:>5}  {100 * tally.recall(kind):6.2f} %")
        ours = [kind for kind in tally.tokens if kind != "staff"]
        print(f"  patients and relatives {100 * tally.recall(*ours):.2f} %, with staff {100 * tally.recall():.2f} %")
        print(f"  boxes {tally.boxes}, false {tally.false} ({100 * tally.false_share:.1f} %)")
        print(f"  seconds a page: {_spread(self.seconds)}")
        if self.cpu:
            print(f"  processor seconds a page: {_spread(self.cpu)}", flush=True)


def _spread(values: Iterable[float]) -> str:
    ordered = sorted(values)
    return f"median {ordered[len(ordered) // 2]:.2f}, largest {ordered[-1]:.2f}"


def _cpu(process: int) -> float:
    """Return the processor seconds that a process has taken (Linux; elsewhere 0)."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def search(reader: Reader, pictures: Iterable[Picture], baseline_too: bool) -> tuple[Measured, Measured]:
    """Look for identifiers on pages, with MIPS Desk and, if asked, with the baseline.

    Args:
        reader: that has read a picture before, so that its start is not measured.
        pictures: the pages.
        baseline_too: the second result holds something.
    """
    measured, other = Measured(), Measured()
    for picture in pictures:
        image = picture.image
        before, start, here = _cpu(reader.process), time.perf_counter(), time.process_time()
        read = reader.read(image.tobytes(), *image.size)
        found = propose(read.words, read.photos, *image.size)
        measured.seconds.append(time.perf_counter() - start)
        measured.cpu.append(_cpu(reader.process) - before + time.process_time() - here)
        measured.tally.add(picture, [(each.x, each.y, each.width, each.height) for each in found])
        if baseline_too:
            start = time.perf_counter()
            other.tally.add(picture, baseline(picture))
            other.seconds.append(time.perf_counter() - start)
        if len(measured.seconds) % INTERIM == 0:
            measured.show("MIPS Desk, so far")
            if baseline_too:
                other.show("Tesseract with plain regular expressions, so far")
    return measured, other


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
    reader.read(bytes(3 * 64 * 64), 64, 64)
    measured, other = search(reader, render(range(asked.first, asked.first + asked.pages)), asked.baseline)
    measured.show("MIPS Desk")
    if asked.baseline:
        other.show("Tesseract with plain regular expressions")
    usual, _ = search(reader, render(USUAL, usual_screen=True), False)
    usual.show("MIPS Desk, 1600 x 900 pixels, text of 11 to 14")
    reader.close()


if __name__ == "__main__":
    main()
