"""What is found on a few synthetic pages. More of them, with all figures: benchmarks/identifiers.py."""

from collections.abc import Iterator

import pytest

from mips_desk.identify.proposals import propose
from mips_desk.identify.reader import Reader

from .evaluate import Tally, covered
from .render import Picture, Token, render

#: Small pages of four layouts, light and dark, one of them JPEG.
SEEDS = (9003, 9039, 9056, 9082)


@pytest.fixture(scope="module")
def pictures() -> list[Picture]:
    return list(render(SEEDS))


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.close()


def test_the_generator_is_the_same_for_the_same_seed(pictures: list[Picture]) -> None:
    (again,) = render(SEEDS[:1])
    assert again == pictures[0]
    assert all("Synthetic page for tests" in each.page.html for each in pictures)
    assert all(len(each.tokens) > 8 for each in pictures)


@pytest.mark.slow
def test_what_identifies_is_boxed(pictures: list[Picture], reader: Reader) -> None:
    tally = Tally()
    for picture in pictures:
        image = picture.image
        read = reader.read(image.tobytes(), *image.size)
        found = propose(read.words, read.photos, *image.size)
        tally.add(picture, [(each.x, each.y, each.width, each.height) for each in found])
    missed = [(token.kind, token.text, round(share, 2)) for _, token, share in tally.missed]
    assert tally.recall() >= 0.97, missed
    assert tally.recall("name") >= 0.97, missed
    assert tally.false_share <= 0.3


def test_boxes_cover_together() -> None:
    token = Token("name", "x", 10, 10, 10, 10)
    assert covered(token, [(0, 0, 15, 30), (14, 0, 30, 15)]) == pytest.approx(0.5 + 0.25)
    assert covered(token, [(0, 0, 15, 30), (12, 5, 30, 30)]) == pytest.approx(1)
    assert covered(token, []) == 0
