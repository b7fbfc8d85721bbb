"""Blocks onto pages. Lengths in points, y upwards."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from .blocks import Block, Figure, Laid, Table, Text
from .content import ExhibitSheet, Paper

SIZES: Final = {Paper.LETTER: (612.0, 792.0), Paper.A4: (595.28, 841.89)}
#: Margins: 0.78 inch at the sides, room for header and footer above and below.
SIDE: Final = 56.0
TOP: Final = 80.0
BOTTOM: Final = 66.0


@dataclass(frozen=True, slots=True)
class Placement:
    """A picture, or a part of it, on a page.

    Attributes:
        sheet: the exhibit.
        clip: x, y, width, height of the visible part.
        box: x, y, width, height of the whole picture.
    """

    sheet: ExhibitSheet
    clip: tuple[float, float, float, float]
    box: tuple[float, float, float, float]


@dataclass(slots=True)
class Page:
    """One page before it is drawn.

    Attributes:
        width: points.
        height: points.
        running: what the header says at the right.
        items: what to draw, with x and top.
        anchors: keys that lead to this page, with the height they lead to.
        pictures: pictures on it.
        again: returns the pages that it was laid out with once more, where its items are not kept; see `lightened`.
        place: which of these pages it is.
    """

    width: float
    height: float
    running: str = ""
    items: list[tuple[Laid, float, float]] = field(default_factory=list)
    anchors: list[tuple[str, float]] = field(default_factory=list)
    pictures: list[Placement] = field(default_factory=list)
    again: "Callable[[], list[Page]] | None" = None
    place: int = 0

    @property
    def inner_width(self) -> float:
        """Width between the margins."""
        return self.width - 2 * SIDE

    def put(self, laid: Laid, x: float, top: float) -> None:
        """Place something."""
        self.items.append((laid, x, top))
        if laid.anchor:
            self.anchors.append((laid.anchor, top + 8))


def lightened(lay: Callable[[], list[Page]]) -> list[Page]:
    """Return pages without what is drawn on them, so that thousands of exhibits are not in memory at once.

    Args:
        lay: returns the pages; called again when their turn to be drawn comes, and then gives the same ones.
    """
    pages = lay()
    for place, page in enumerate(pages):
        page.items, page.again, page.place = [], lay, place
    return pages


class Shown:
    """Hands out what is on each page; what was not kept is laid out once more."""

    def __init__(self) -> None:
        """Start before the first page."""
        self._lay: Callable[[], list[Page]] | None = None
        self._pages: list[Page] = []

    def items(self, page: Page) -> list[tuple[Laid, float, float]]:
        """Return what to draw on a page, with x and top.

        Args:
            page: the pages of one exhibit come one after the other.
        """
        if page.again is None:
            return page.items
        if page.again is not self._lay:
            self._lay, self._pages = page.again, page.again()
        return self._pages[page.place].items


def new_page(paper: Paper, running: str, landscape: bool = False) -> Page:
    """Return an empty page.

    Args:
        paper: paper size.
        running: what the header says at the right.
        landscape: the long side lies.
    """
    short, long = SIZES[paper]
    return Page(long, short, running) if landscape else Page(short, long, running)


def flow(
    blocks: Iterable[Block],
    paper: Paper,
    running: str,
    bottom: float = BOTTOM,
    check: Callable[[], None] = lambda: None,
) -> list[Page]:
    """Set blocks on as many pages as they need; a heading never stands alone at the foot of a page.

    Args:
        blocks: in order.
        paper: paper size.
        running: what the header says at the right.
        bottom: lower margin.
        check: called for every page; raises to stop.
    """
    return flow_sections([(running, blocks)], paper, bottom, check)


def flow_sections(
    sections: Iterable[tuple[str, Iterable[Block]]],
    paper: Paper,
    bottom: float = BOTTOM,
    check: Callable[[], None] = lambda: None,
) -> list[Page]:
    """Set sections one after the other, so that short ones share a page; the header names those that it holds.

    Args:
        sections: what the header says at the right, and the blocks in order.
        paper: paper size.
        bottom: lower margin.
        check: called for every page; raises to stop.
    """
    queue = [(running, block) for running, blocks in sections for block in blocks]
    pages = _flowed(queue, paper, bottom, check)
    if 1 < len(pages) <= _FEW and _filled(pages[-1]) < _TAIL:
        for share in _CLOSER:
            closer = _flowed([(running, _closer(block, share)) for running, block in queue], paper, bottom, check)
            if len(closer) < len(pages):
                return closer
    return pages


#: A part that ends on a page filled less than this is set closer, when that saves the page; long parts are not, where
#: one page more or less is not seen.
_TAIL: Final = 0.3
_FEW: Final = 16
#: Shares of the space between blocks and rows that are tried.
_CLOSER: Final = (0.7, 0.5)


def _filled(page: Page) -> float:
    """Return which share of a page is in use."""
    lowest = min((top - laid.height for laid, _x, top in page.items), default=page.height - TOP)
    return (page.height - TOP - lowest) / (page.height - TOP - BOTTOM)


def _closer(block: Block, share: float) -> Block:
    """Return a block with a share of the space around it and in its rows."""
    if isinstance(block, Table):
        return replace(block, before=block.before * share, after=block.after * share, pad=block.pad * share)
    if isinstance(block, Text | Figure):
        return replace(block, before=block.before * share, after=block.after * share)
    return block


def _flowed(blocks: Iterable[tuple[str, Block]], paper: Paper, bottom: float, check: Callable[[], None]) -> list[Page]:
    queue = deque(blocks)
    pages = [new_page(paper, "")]
    named: list[str] = []
    y = pages[0].height - TOP
    space = 0.0
    while queue:
        running, block = queue.popleft()
        page = pages[-1]
        empty = not page.items
        gap = 0.0 if empty else max(space, block.before)
        room = y - gap - bottom
        fits = empty or _chain(block, (after for _running, after in queue), page.inner_width) <= room + 0.01
        laid, rest = block.lay(page.inner_width, room, empty) if fits else (None, block)
        if laid is not None:
            page.put(laid, SIDE, y - gap)
            y -= gap + laid.height
            space = block.after
            if running not in named:
                named.append(running)
                page.running = " · ".join(named)
        if rest is not None:
            assert laid is not None or not empty, "a block must fit on an empty page"
            check()
            queue.appendleft((running, rest))
            pages.append(new_page(paper, ""))
            named = []
            y = pages[-1].height - TOP
    return pages


def _chain(block: Block, following: Iterable[Block], width: float) -> float:
    """Return the height of a block and of what must not be torn from it."""
    height = block.need(width)
    for after in following:
        if not block.keep:
            break
        height += max(block.after, after.before) + after.need(width)
        block = after
    return height


def stack(blocks: Sequence[Block], width: float) -> list[tuple[Laid, float]]:
    """Lay blocks below each other without a page, each with its offset from the top.

    Args:
        blocks: in order.
        width: of the column.
    """
    laid: list[tuple[Laid, float]] = []
    y = space = 0.0
    for block in blocks:
        part, _rest = block.lay(width, 1e9, True)
        assert part is not None
        y += max(space, block.before) if laid else 0
        laid.append((part, y))
        y += part.height
        space = block.after
    return laid


def stack_height(laid: Sequence[tuple[Laid, float]]) -> float:
    """Return the height of a stack."""
    return laid[-1][1] + laid[-1][0].height if laid else 0.0
