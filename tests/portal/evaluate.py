"""Hold proposals against the truth of a page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .render import Picture, Token

#: x, y, width, height.
Box = tuple[float, float, float, float]
#: A token counts as found when this share of its area is in boxes.
COVERED = 0.9


@dataclass
class Tally:
    """What came of some pages: tokens and tokens found by kind, boxes and false boxes, and what was missed."""

    tokens: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    boxes: int = 0
    false: int = 0
    missed: list[tuple[Picture, Token, float]] = field(default_factory=list)
    wrong: list[tuple[Picture, int]] = field(default_factory=list)

    def add(self, picture: Picture, boxes: Sequence[Box]) -> None:
        """Count a page.

        Args:
            picture: the page.
            boxes: proposed.
        """
        for token in picture.tokens:
            self.tokens[token.kind] += 1
            share = covered(token, boxes)
            if share >= COVERED:
                self.found[token.kind] += 1
            else:
                self.missed.append((picture, token, share))
        self.boxes += len(boxes)
        for number, box in enumerate(boxes):
            if not any(_common(box, (token.x, token.y, token.width, token.height)) for token in picture.tokens):
                self.false += 1
                self.wrong.append((picture, number))

    def recall(self, *kinds: str) -> float:
        """Return the share of tokens found, of some kinds or of all."""
        wanted = kinds or tuple(self.tokens)
        count = sum(self.tokens[kind] for kind in wanted)
        return sum(self.found[kind] for kind in wanted) / count if count else 1.0

    @property
    def false_share(self) -> float:
        """Share of boxes that touch nothing that identifies anybody."""
        return self.false / self.boxes if self.boxes else 0.0


def _common(box: Box, other: Box) -> float:
    width = min(box[0] + box[2], other[0] + other[2]) - max(box[0], other[0])
    height = min(box[1] + box[3], other[1] + other[3]) - max(box[1], other[1])
    return max(0.0, width) * max(0.0, height)


def covered(token: Token, boxes: Iterable[Box]) -> float:
    """Return the share of a token's area that boxes cover together."""
    left, top, right, bottom = token.x, token.y, token.x + token.width, token.y + token.height
    near = [(max(left, x), max(top, y), min(right, x + w), min(bottom, y + h)) for x, y, w, h in boxes]
    near = [each for each in near if each[2] > each[0] and each[3] > each[1]]
    xs = sorted({value for each in near for value in (each[0], each[2])})
    area = 0.0
    for x0, x1 in pairwise(xs):
        spans = sorted((each[1], each[3]) for each in near if each[0] <= x0 and each[2] >= x1)
        end = top
        for start, stop in spans:
            if stop > end:
                area += (stop - max(start, end)) * (x1 - x0)
                end = stop
    return area / (token.width * token.height)
