"""A page of words for the rules: written as lines of cells, placed as a reader would place them."""

from collections.abc import Sequence

from mips_desk.identify.kinds import Proposal, Word
from mips_desk.identify.proposals import propose

HEIGHT, LETTER, PITCH = 20, 9, 40


def words_of(rows: Sequence[Sequence[tuple[int, str]]]) -> tuple[Word, ...]:
    """Each row is some cells: where it begins in pixels, and its text."""
    words: list[Word] = []
    line = 0
    for number, cells in enumerate(rows):
        for x, text in cells:
            start = 0
            for part in text.split(" "):
                left = x + start * LETTER
                words.append(Word(part, left, 10 + number * PITCH, len(part) * LETTER, HEIGHT, 0.99, line, start))
                start += len(part) + 1
            line += 1
    return tuple(words)


def found_in(*rows: Sequence[tuple[int, str]]) -> tuple[Proposal, ...]:
    return propose(words_of(rows), (), 2000, 2000)


def texts(*rows: Sequence[tuple[int, str]]) -> set[tuple[str, str]]:
    return {(each.kind.value, each.text) for each in found_in(*rows)}
