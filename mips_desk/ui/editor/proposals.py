"""Proposed redactions: places that a person may accept. Until then they are no marks and cover nothing."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from mips_desk.annotate.marks import Crop, Reason, Redaction, crop_of
from mips_desk.annotate.shapes import Rect

from .board import Board

#: Proposals are padded by about this part of their height, so that letters never touch their edges.
_MARGIN = 0.15


@dataclass(frozen=True, slots=True)
class Proposal:
    """A place that may have to be covered.

    Attributes:
        rect: in image pixels, already padded.
        reason: what its redaction gets.
        kind: heading of its group, for example "Names".
        why: why it is proposed, a few words; never what was read.
        column: identifier of the table column that it is a cell of, or empty.
        column_title: what the column's header says, or empty.
        score: how likely it is one, 0 to 1; doubtful ones are paler.
    """

    rect: Rect
    reason: Reason
    kind: str
    why: str = ""
    column: str = ""
    column_title: str = ""
    score: float = 1.0


class Proposals(QObject):
    """The proposals of one picture while it is edited.

    One that lies under a redaction, or is cut away, is settled; when the redaction goes, by undo or by hand, it is
    open again. A dismissed one can be brought back.

    Args:
        board: gets the redactions.

    Signals:
        changed(): other proposals are open, or another one is current.
        moved_on(): another one is current, and shall be brought into view.
        said(str): a few words for screen readers.
    """

    changed = Signal()
    moved_on = Signal()
    said = Signal(str)

    def __init__(self, board: Board, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._all: tuple[Proposal, ...] = ()
        self._dismissed: frozenset[Proposal] = frozenset()
        self._open: tuple[Proposal, ...] = ()
        self._current: Proposal | None = None
        self._last: Proposal | None = None
        self.asked = False
        board.changed.connect(self._settle)

    @property
    def open(self) -> tuple[Proposal, ...]:
        """What waits for a decision, from the top of the picture to its bottom."""
        return self._open

    @property
    def dismissed(self) -> int:
        """How many were dismissed."""
        return len(self._dismissed)

    @property
    def current(self) -> Proposal | None:
        """The one that the keys speak of, or None."""
        return self._current

    @property
    def kinds(self) -> dict[str, int]:
        """Open proposals by kind; the order stays as it was when all were open."""
        counts = Counter(proposal.kind for proposal in self._open)
        return {kind: counts[kind] for kind in dict.fromkeys(each.kind for each in self._all) if counts[kind]}

    @property
    def columns(self) -> dict[str, tuple[str, int]]:
        """Columns with open proposals: identifier, title and how many; the order stays as that of the kinds does."""
        counts = Counter(proposal.column for proposal in self._open)
        titles: dict[str, str] = {}
        for proposal in self._all:
            titles[proposal.column] = titles.get(proposal.column) or proposal.column_title
        return {column: (title, counts[column]) for column, title in titles.items() if column and counts[column]}

    def set(self, proposals: Iterable[Proposal]) -> None:
        """Take in what was found; what was dismissed before in the same place stays dismissed."""
        self._all = tuple(proposals)
        self._last = None
        self._dismissed &= frozenset(self._all)
        self.asked = True
        self._settle()
        self.changed.emit()
        count = len(self._open)
        self.said.emit(f"{count} place{'' if count == 1 else 's'} proposed. Nothing is covered until you accept it.")

    def go(self, proposal: Proposal | None) -> None:
        """Make one current."""
        if proposal is not self._current:
            self._current = proposal
            self._last = proposal or self._last
            if proposal is not None:
                self._board.select(())
                self._say(proposal)
            self.changed.emit()
            self.moved_on.emit()

    def go_on(self, direction: int) -> None:
        """Make the next (1) or the previous (-1) one current, around the end."""
        if not self._open:
            return
        # Where the person was, also when that one is decided or put aside meanwhile.
        order = {proposal: number for number, proposal in enumerate(self._all)}
        was = order.get(self._last, -1) if self._last is not None else -1 if direction > 0 else len(order)
        rest = [each for each in self._open if (order[each] - was) * direction > 0]
        self.go((rest or self._open)[0 if direction > 0 else -1])

    def at(self, x: float, y: float) -> Proposal | None:
        """Return the smallest open proposal at a point, or None."""
        around = [proposal for proposal in self._open if proposal.rect.holds(x, y)]
        return min(around, key=lambda proposal: proposal.rect.width * proposal.rect.height, default=None)

    def accept(self) -> None:
        """Cover the current one, and go on to the next."""
        current = self._current
        if current is not None and not self._board.read_only:
            self._cover((current,), "Accept proposal")

    def accept_to_adjust(self) -> None:
        """Cover the current one and select its redaction, so that its edges can be moved at once."""
        current = self._current
        if current is not None and not self._board.read_only:
            ids = self._board.add_all([_redaction(current)], "Accept proposal")
            self.said.emit(f"1 covered and selected, {len(self._open)} to decide")
            self.go(None)
            self._board.select(ids)

    def dismiss(self) -> None:
        """Dismiss the current one, and go on to the next."""
        if self._current is not None:
            self._dismiss((self._current,))

    def accept_kind(self, kind: str) -> None:
        """Cover all of a kind, as one step of the history."""
        self._cover(self._those(lambda each: each.kind == kind), f"Accept {kind[:1].lower()}{kind[1:]}")

    def dismiss_kind(self, kind: str) -> None:
        """Dismiss all of a kind."""
        self._dismiss(self._those(lambda each: each.kind == kind))

    def accept_column(self, column: str) -> None:
        """Cover all that is proposed in a column of a table, as one step of the history."""
        self._cover(self._those(lambda each: each.column == column), "Accept a column")

    def bring_back(self) -> None:
        """Propose again what was dismissed."""
        self._dismissed = frozenset()
        self._settle()

    def _those(self, wanted: Callable[[Proposal], bool]) -> tuple[Proposal, ...]:
        return tuple(filter(wanted, self._open))

    def _cover(self, proposals: tuple[Proposal, ...], name: str) -> None:
        if not proposals or self._board.read_only:
            return
        after = self._after(proposals)
        self._board.add_all([_redaction(proposal) for proposal in proposals], name)
        self.said.emit(f"{len(proposals)} covered, {len(self._open)} to decide")
        self.go(after if after in self._open else None)

    def _dismiss(self, proposals: tuple[Proposal, ...]) -> None:
        after = self._after(proposals)
        self._dismissed |= frozenset(proposals)
        self._settle()
        self.said.emit(f"{len(proposals)} dismissed, {len(self._open)} to decide")
        self.go(after if after in self._open else None)

    def _after(self, proposals: tuple[Proposal, ...]) -> Proposal | None:
        """Return the open one that comes next when some of them are settled."""
        if self._current is None or not self._open:
            return None
        at = self._open.index(self._current) if self._current in self._open else 0
        rest = [*self._open[at:], *self._open[:at]]
        return next((proposal for proposal in rest if proposal not in proposals), None)

    def _settle(self) -> None:
        """Find out what is open; called after every change of the marks."""
        bars = [mark for mark in self._board.marks if isinstance(mark, Redaction)] if self._all else []
        crop = crop_of(self._board.marks)
        now = tuple(
            proposal
            for proposal in self._all
            if proposal not in self._dismissed
            and not any(_covers(bar, proposal.rect) for bar in bars)
            and (crop is None or _meet(crop, proposal.rect))
        )
        gone = self._current is not None and self._current not in now
        if gone:
            self._current = None
        if now != self._open or gone:
            self._open = now
            self.changed.emit()

    def _say(self, proposal: Proposal) -> None:
        rect = proposal.rect
        place = f"{self._open.index(proposal) + 1} of {len(self._open)}" if proposal in self._open else ""
        words = ("Proposed", proposal.kind, proposal.why, f"{rect.width:.0f} by {rect.height:.0f} pixels", place)
        self.said.emit(", ".join(filter(None, words)))


def _redaction(proposal: Proposal) -> Redaction:
    rect = proposal.rect
    return Redaction(x=rect.x, y=rect.y, width=rect.width, height=rect.height, reason=proposal.reason)


def _covers(bar: Redaction, rect: Rect) -> bool:
    """Tell whether a redaction covers what is proposed; the proposal's own margin may stay bare."""
    margin = min(rect.width, rect.height) * _MARGIN
    core = rect.grown(-margin)
    return bar.x <= core.x and bar.y <= core.y and bar.x + bar.width >= core.right and bar.y + bar.height >= core.bottom


def _meet(crop: Crop, rect: Rect) -> bool:
    return (
        rect.x < crop.x + crop.width and rect.right > crop.x and rect.y < crop.y + crop.height and rect.bottom > crop.y
    )
