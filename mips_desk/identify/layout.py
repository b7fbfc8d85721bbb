"""The words of a picture as segments (words that stand together), rows of segments, and columns under headers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .kinds import Word

#: Words of a line that are further apart than this many line heights belong to different cells.
CELL_GAP = 0.75
#: Segments at most this many line heights above or below each other can be neighbors.
NEAR_BELOW = 2.2
#: Segments whose middles are at most this share of a line height apart stand in one row.
SAME_LINE = 0.35


@dataclass(eq=False, slots=True)
class Segment:
    """Words that stand together on a line.

    Attributes:
        indexes: of its words among all words.
        text: the words joined by single spaces.
        starts: where each word begins in `text`, in code points.
        left: pixels.
        top: pixels.
        right: pixels.
        bottom: pixels.
        row: number of its row, from the top.
    """

    indexes: list[int]
    text: str
    starts: list[int]
    left: int
    top: int
    right: int
    bottom: int
    row: int = 0

    @property
    def height(self) -> int:
        """In pixels."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Of its height, in pixels."""
        return (self.top + self.bottom) / 2

    def words_at(self, start: int, end: int) -> list[int]:
        """Return the indexes of the words that a part of the text touches.

        Args:
            start: code points into `text`.
            end: code points; what is there is not part of it.
        """
        found = []
        for number, (index, begin) in enumerate(zip(self.indexes, self.starts, strict=True)):
            stop = self.starts[number + 1] - 1 if number + 1 < len(self.starts) else len(self.text)
            if begin < end and stop > start:
                found.append(index)
        return found


@dataclass(slots=True)
class Sheet:
    """A picture's words in their places."""

    words: Sequence[Word]
    segments: list[Segment]
    rows: list[list[Segment]] = field(default_factory=list)

    def right_of(self, segment: Segment) -> Segment | None:
        """Return the next segment on the line."""
        others = [each for each in self.segments if each.left >= segment.right - 2 and _side_by_side(each, segment)]
        return min(others, key=lambda each: each.left, default=None)

    def below(self, segment: Segment) -> Segment | None:
        """Return the segment under it that begins where it begins."""
        others = [
            each
            for each in self.segments
            if abs(each.left - segment.left) < segment.height
            and each.middle > segment.bottom - 0.2 * segment.height
            and each.top - segment.bottom <= NEAR_BELOW * segment.height
        ]
        return min(others, key=lambda each: each.top, default=None)

    def columns(self, headers: Sequence[Segment]) -> list[list[Segment]]:
        """Return the cells under each header of a table, row by row until a large gap. A cell may be several segments.

        Args:
            headers: a row of segments, from the left.
        """
        lefts = [each.left - 0.8 * each.height for each in headers]
        lefts[0] = headers[0].left - 2.5 * headers[0].height
        columns: list[list[Segment]] = [[] for _ in headers]
        bottom = float(max(each.bottom for each in headers))
        height, gaps = headers[0].height, list[float]()
        lowest = min(each.middle for each in headers) + 0.5 * height
        for row in in_rows([each for each in self.segments if each.middle > lowest and each.left >= lefts[0]]):
            gap = min(each.top for each in row) - bottom
            if gap > (max(1.2 * height, 2.5 * sorted(gaps)[len(gaps) // 2]) if len(gaps) > 1 else 3.5 * height):
                break
            aligned = sum(any(_aligned(each, header) for header in headers) for each in row)
            if 2 * aligned < len(row) or (2 * aligned == len(row) > 3):
                break  # words that are no cells: a line of text under the table
            for each in row:
                # Right-aligned cells begin after their header does, long ones run over into the next column.
                columns[max(n for n, left in enumerate(lefts) if each.left >= left)].append(each)
            gaps.append(gap)
            bottom = max(bottom, *(each.bottom for each in row))
        return columns


def _aligned(cell: Segment, header: Segment) -> bool:
    """Tell whether a cell begins, ends or is centered where its header is."""
    near = 0.8 * header.height
    middle = abs((cell.left + cell.right) - (header.left + header.right)) / 2
    return min(abs(cell.left - header.left), abs(cell.right - header.right), middle) < near


def _side_by_side(segment: Segment, other: Segment) -> bool:
    common = min(segment.bottom, other.bottom) - max(segment.top, other.top)
    return common > 0.5 * min(segment.height, other.height)


def in_rows(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Return segments as rows from the top, each from the left."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda each: each.middle):
        if rows and abs(segment.middle - rows[-1][0].middle) < SAME_LINE * min(segment.height, rows[-1][0].height):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    for row in rows:
        row.sort(key=lambda each: each.left)
    return rows


def arrange(words: Sequence[Word]) -> Sheet:
    """Put words into segments and rows.

    Args:
        words: in reading order; the words of a line follow each other.
    """
    segments: list[Segment] = []
    group: list[int] = []
    for index, word in enumerate(words):
        if group:
            last = words[group[-1]]
            apart = word.x - (last.x + last.width)
            if word.line != last.line or apart > CELL_GAP * word.height:
                segments.append(_segment(words, group))
                group = []
        group.append(index)
    if group:
        segments.append(_segment(words, group))
    rows = in_rows(segments)
    for number, row in enumerate(rows):
        for segment in row:
            segment.row = number
    return Sheet(words, [segment for row in rows for segment in row], rows)


def _segment(words: Sequence[Word], indexes: list[int]) -> Segment:
    starts, at = [], 0
    for index in indexes:
        starts.append(at)
        at += len(words[index].text) + 1
    of = [words[index] for index in indexes]
    return Segment(
        indexes=indexes,
        text=" ".join(word.text for word in of),
        starts=starts,
        left=min(word.x for word in of),
        top=min(word.y for word in of),
        right=max(word.x + word.width for word in of),
        bottom=max(word.y + word.height for word in of),
    )
