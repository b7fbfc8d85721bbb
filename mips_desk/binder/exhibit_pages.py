"""Exhibit pages: the picture as large as the page allows, what it proves, and how it was made."""

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

from mips_desk.domain import phrases
from mips_desk.domain.evidence import Source

from . import words
from .blocks import Block, Cell, Column, Figure, Laid, Table, Text
from .content import ActivityPart, BinderContent, ExhibitSheet
from .figures import withheld_frame
from .flow import BOTTOM, SIDE, TOP, Page, Placement, flow, new_page, stack, stack_height
from .front import facts
from .outline import exhibit_key
from .pen import CODE, EYEBROW, FAINT, GREY, H2, LABEL, NOTE, SMALL, SMALL_STRONG, STRONG, Run, Style

#: A picture is never printed coarser than 100 dots an inch, so that a small one is not blown up.
MAX_SCALE: Final = 72 / 100
#: A page is turned to landscape when that makes the picture this much larger.
_TURN: Final = 1.2
#: A picture is split over pages when one page would shrink it below this share of its full-width size, and below the
#: scale at which type of 13 pixels, the usual size on a screen, is still 4 points high and can be read on paper.
_SPLIT: Final = 0.68
_READABLE: Final = 0.30
#: A split picture is made smaller by one of these factors when its last page would hold less than this share of a page.
_SMALLER: Final = (0.97, 0.94, 0.91, 0.88, 0.85, 0.82)
_LITTLE: Final = 0.35
#: Points that two parts of a split picture share, so that a line of text at the cut is whole on one of them.
_OVERLAP: Final = 20.0
_GAP: Final = 10.0
#: Heading and capture data may take this share of the page above a split picture; longer ones get pages of their own.
_HEADING_SHARE: Final = 0.42
#: Width of the column beside an upright picture, and the space before it.
_SIDE_COLUMN: Final = 124.0
_SIDE_WIDEST: Final = 210.0
_GUTTER: Final = 18.0
#: Height of the short heading of further pages, with the space below.
_SLIM_HEIGHT: Final = 24.0
#: Shares of the width that labels and values take.
_LABEL_SHARE, _VALUE_SHARE = 13, 37

_VERBS: Final = {
    Source.CAPTURE: "Captured",
    Source.PASTE: "Pasted",
    Source.DROP: "Imported",
    Source.IMPORT: "Imported",
}
_CAPTION: Final = Style(H2.font, 13, 18)
#: Characters from which a caption is set like text and not like a heading.
_LONG_CAPTION: Final = 160
#: Characters of an activity's title on the sheets of its exhibits, so that a sheet says by itself what it is about.
_TITLE: Final = 80
_HASH: Final = Style(CODE.font, 6.1, 9)
_LABELS: Final = Style(LABEL.font, LABEL.size, SMALL.leading, LABEL.color)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """An exhibit with its texts laid for one page format.

    Attributes:
        width: between the margins.
        height: between the margins.
        above: heading, over the whole width.
        notes: legend, capture data and hashes.
        side: width of the column at the right that holds the notes; 0 when they stand below the picture.
    """

    sheet: ExhibitSheet
    landscape: bool
    width: float
    height: float
    above: list[tuple[Laid, float]]
    notes: list[tuple[Laid, float]]
    side: float = 0

    @property
    def picture_width(self) -> float:
        """Width that the picture may take."""
        return self.width - (self.side + _GUTTER if self.side else 0)

    @property
    def full_scale(self) -> float:
        """Points per pixel when only the width of the page limits the picture."""
        return min(MAX_SCALE, self.width / self.sheet.width)

    @property
    def scale(self) -> float:
        """Points per pixel with the whole picture and all texts on one page; 0 when the texts do not fit."""
        room = self.height - stack_height(self.above) - _GAP
        notes = stack_height(self.notes)
        if self.side and notes > room:
            return 0.0
        if not self.side:
            room -= notes + _GAP
        return max(min(MAX_SCALE, self.picture_width / self.sheet.width, room / self.sheet.height), 0.0)


def exhibit(sheet: ExhibitSheet, part: ActivityPart | None, content: BinderContent) -> list[Page]:
    """Return the pages of one exhibit.

    Of all page formats the one with the largest picture is taken; one that would be too small to read on any of them is
    split over pages, upright and as wide as the page.

    Args:
        sheet: the exhibit.
        part: the activity it belongs to; None for a practice paper.
        content: the binder.
    """
    if sheet.withheld:
        reason = Text((Run(sheet.withheld if sheet.destroyed else f"Reason: {sheet.withheld}", SMALL),), after=14)
        blocks = [
            *_above(sheet, part),
            replace(withheld_frame(destroyed=sheet.destroyed), before=8),
            reason,
            *_notes(sheet, content, sheet.legend),
        ]
        return flow(blocks, content.paper, _running(sheet))
    upright = best = _format(sheet, part, content)
    # Formats that cannot win are not laid out: most pictures of a binder are screens, wider than high.
    if _limit(sheet, content, side=_SIDE_COLUMN) > best.scale:
        beside = _format(sheet, part, content, side=_SIDE_COLUMN)
        best = max(best, beside, key=lambda each: each.scale)
    if _limit(sheet, content, landscape=True) > _TURN * best.scale:
        turned = _format(sheet, part, content, landscape=True)
        best = turned if turned.scale > _TURN * best.scale else best
    if best.scale >= min(_SPLIT * upright.full_scale, _READABLE):
        return [_one_page(best, content)]
    return _several_pages(upright, part, content)


def _limit(sheet: ExhibitSheet, content: BinderContent, *, landscape: bool = False, side: float = 0) -> float:
    """Return a scale that a page format cannot exceed, whatever its texts."""
    page = new_page(content.paper, "", landscape)
    wide = page.inner_width - (side + _GUTTER if side else 0)
    return min(MAX_SCALE, wide / sheet.width, (page.height - TOP - BOTTOM - 40) / sheet.height)


def _running(sheet: ExhibitSheet) -> str:
    return f"Exhibit {sheet.number}"


def _format(
    sheet: ExhibitSheet, part: ActivityPart | None, content: BinderContent, *, landscape: bool = False, side: float = 0
) -> _Sheet:
    page = new_page(content.paper, "", landscape)
    width = page.inner_width
    above = stack(_above(sheet, part), width)
    notes = stack(_notes(sheet, content, sheet.legend, beside=bool(side)), side or width)
    return _Sheet(sheet, landscape, width, page.height - TOP - BOTTOM, above, notes, side)


def _put(page: Page, laid: list[tuple[Laid, float]], x: float, top: float) -> float:
    """Place a stack and return where it ends."""
    for block, offset in laid:
        page.put(block, x, top - offset)
    return top - stack_height(laid)


def _one_page(laid: _Sheet, content: BinderContent) -> Page:
    sheet = laid.sheet
    page = new_page(content.paper, _running(sheet), laid.landscape)
    top = _put(page, laid.above, SIDE, page.height - TOP) - _GAP
    width, height = sheet.width * laid.scale, sheet.height * laid.scale
    _place(page, sheet, (SIDE, top - height, width, height), laid.scale, 0)
    if laid.side:
        # The picture is seldom as wide as it may be; the notes take what it leaves.
        side = min(max(laid.side, laid.width - width - _GUTTER), _SIDE_WIDEST)
        notes = stack(_notes(sheet, content, sheet.legend, beside=True), side)
        _put(page, notes, SIDE + width + _GUTTER, top)
    else:
        _put(page, laid.notes, SIDE, top - height - _GAP)
    return page


def _several_pages(laid: _Sheet, part: ActivityPart | None, content: BinderContent) -> list[Page]:
    """Return the pages of a picture that is split; each part has the legend of the numbers that are on it."""
    sheet = laid.sheet
    placed = len(sheet.legend_places) == len(sheet.legend)
    texts = [*_above(sheet, part), *_notes(sheet, content, () if placed else sheet.legend)]
    pages: list[Page] = []
    head = stack(texts, laid.width)
    if stack_height(head) > _HEADING_SHARE * laid.height:
        pages = flow(texts, content.paper, _running(sheet))
        head = stack([_slim(sheet, "")], laid.width)
    parts = _split(laid, laid.height - stack_height(head) - _GAP, placed=placed)
    for index, (start, height, legend) in enumerate(parts):
        page = new_page(content.paper, _running(sheet))
        pages.append(page)
        top = page.height - TOP
        if index:
            said = f"part {index + 1} of {len(parts)}, continued; beside the bar is what part {index} shows too"
            _put(page, stack([_slim(sheet, said)], page.inner_width), SIDE, top)
            top -= _SLIM_HEIGHT
            page.put(Laid(_OVERLAP, lambda pen, x, top: pen.box(x, top - _OVERLAP, 2.4, _OVERLAP, GREY)), SIDE - 7, top)
        else:
            top = _put(page, head, SIDE, top) - _GAP
        _place(page, sheet, (SIDE, top - height, sheet.width * parts.scale, height), parts.scale, start)
        top -= height + 4
        if index < len(parts) - 1:
            page.put(stack([_CONTINUED], page.inner_width)[0][0], SIDE, top)
            top -= _CONTINUED_HEIGHT
        _put(page, legend, SIDE, top - 4)
    return pages


_CONTINUED: Final = Text((Run("Continued on the next page", NOTE),), align="right")
_CONTINUED_HEIGHT: Final = NOTE.leading


class _Parts(list[tuple[float, float, list[tuple[Laid, float]]]]):
    """Parts of a split picture: start and height in points, and the legend below.

    Attributes:
        scale: points per pixel.
    """

    scale: float = 0


def _split(laid: _Sheet, first: float, *, placed: bool) -> _Parts:
    """Return the parts of a picture.

    Args:
        laid: the exhibit on an upright page.
        first: height that is free on the first page.
        placed: it is known where the numbers of the legend are.
    """
    parts = _parts(laid, first, laid.full_scale, placed=placed)
    if len(parts) > 1 and parts[-1][1] < _LITTLE * laid.height:
        for smaller in _SMALLER:
            fewer = _parts(laid, first, smaller * laid.full_scale, placed=placed)
            if len(fewer) < len(parts):
                return fewer
    return parts


def _parts(laid: _Sheet, first: float, scale: float, *, placed: bool) -> _Parts:
    sheet = laid.sheet
    total = sheet.height * scale
    waiting = sorted(zip(sheet.legend_places, sheet.legend, strict=True)) if placed else []
    parts = _Parts()
    parts.scale = scale
    start, room = 0.0, first
    while not parts or start + _OVERLAP < total - 0.01:
        start = start if parts else 0.0
        free = room - 8
        near = tuple(line for place, line in waiting if place * scale < start + free)
        below = stack([_legend(near)], laid.width) if near else []
        last = start + free - stack_height(below) >= total - 0.01
        height = min(free - stack_height(below) - (0 if last else _CONTINUED_HEIGHT), total - start)
        # What another page repeats at its top is told there.
        end = total if last else start + height - _OVERLAP / 2
        here = tuple(line for place, line in waiting if place * scale < end or last)
        waiting = [(place, line) for place, line in waiting if line not in here]
        parts.append((start, height, stack([_legend(here)], laid.width) if here else []))
        start += height - _OVERLAP
        room = laid.height - _SLIM_HEIGHT
    return parts


def _place(
    page: Page, sheet: ExhibitSheet, clip: tuple[float, float, float, float], scale: float, start: float
) -> None:
    """Place the part of a picture that begins `start` points below its top."""
    x, y, width, height = clip
    total = sheet.height * scale
    page.pictures.append(Placement(sheet, clip, (x, y + height + start - total, width, total)))


def _slim(sheet: ExhibitSheet, part: str) -> Text:
    runs = [Run(f"Exhibit {sheet.number}", SMALL_STRONG)]
    if part:
        runs.append(Run(f"   {part}", NOTE))
    return Text(tuple(runs), after=12)


def _above(sheet: ExhibitSheet, part: ActivityPart | None) -> list[Block]:
    item = sheet.item
    proves = sheet.option_label or ("not on the checklist" if part else "not said yet")
    words_shown = [f"Proves: {proves}" if part else f"Practice paper: {proves}"]
    if item.shows_date:
        day = f"Shows {phrases.long_day(item.shows_date)}"
        if part and (period := part.selection.period):
            inside = f"day {(item.shows_date - period.start).days + 1} of the period claimed"
            day += f", {inside if item.shows_date in period else 'outside the period claimed'}"
        words_shown.append(day)
    else:
        words_shown.append("No date entered")
    caption = item.caption.strip()
    about = f" · {phrases.shortened(part.activity.title, _TITLE)}" if part else ""
    style = _CAPTION if len(caption) <= _LONG_CAPTION else STRONG
    blocks: list[Block] = [
        Text((Run(f"Exhibit {sheet.number}{about}", EYEBROW),), after=1, keep=True, anchor=exhibit_key(sheet)),
        Text((Run(caption or "No caption", style),), after=2),
        Text((Run(" · ".join(words_shown), NOTE),), after=0),
    ]
    if item.outside_reason.strip():
        blocks.append(Text((Run(f"Why this date is right: {item.outside_reason.strip()}", NOTE),), after=0))
    return blocks


def _notes(
    sheet: ExhibitSheet, content: BinderContent, legend: tuple[tuple[int, str], ...], *, beside: bool = False
) -> list[Block]:
    """Return legend, capture data and hashes.

    Args:
        sheet: the exhibit.
        content: the binder.
        legend: what to print of its legend.
        beside: for the narrow column beside the picture.
    """
    told = [pair for pair in _facts(sheet, content) if pair[1]]
    hashes = [("SHA-256 of the original", sheet.item.sha256), ("SHA-256 of the picture shown", sheet.shown)]
    if beside:
        pairs = [((Run(label, LABEL),), (Run(value, _HASH),)) for label, value in hashes]
        own: list[Block] = [
            facts(told, 1, after=2),
            Table((Column((), 1),), tuple((pair,) for pair in pairs), after=2, head=False, ruled=False, pad=4),
        ]
    else:
        own = [_pairs(told), _run_in(hashes)]
    blocks: list[Block] = [_legend(legend, narrow=beside)] if legend else []
    return [*blocks, _hairline(), *own, _unaltered()]


def _legend(legend: tuple[tuple[int, str], ...], *, narrow: bool = False) -> Table:
    """Return numbers with their texts, two side by side where they are short."""
    cells: list[Cell] = [(Run(f"{number}  ", SMALL_STRONG), Run(text, SMALL)) for number, text in legend]
    across = 1 if narrow or max(len(text) for _number, text in legend) > 60 else 2
    cells += [()] * (-len(cells) % across)
    rows = tuple(tuple(cells[index : index + across]) for index in range(0, len(cells), across))
    return Table((Column((), 1),) * across, rows, after=5, head=False, ruled=False, pad=1.5, gutter=18)


def _pairs(told: list[tuple[str, str]]) -> Table:
    """Return labels with their values behind them, in two columns that are read downwards."""
    half = -(-len(told) // 2)
    cells: list[Cell] = []
    for left, right in zip_longest(told[:half], told[half:], fillvalue=("", "")):
        for label, value in (left, right):
            cells += [(Run(label, _LABELS),), (Run(value, SMALL),)]
    rows = tuple(tuple(cells[at : at + 4]) for at in range(0, len(cells), 4))
    columns = (Column((), _LABEL_SHARE), Column((), _VALUE_SHARE)) * 2
    return Table(columns, rows, after=0, head=False, ruled=False, pad=1.6, gutter=10)


def _run_in(told: list[tuple[str, str]]) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(((Run(label, _LABELS),), (Run(value, CODE),)) for label, value in told)
    return Table((Column((), 24), Column((), 76)), rows, after=2, head=False, ruled=False, pad=1.2, gutter=10)


def _unaltered() -> Text:
    """Return how to know that the exhibit is unaltered, so that the sheet can stand alone."""
    runs = (
        Run("The original is kept unchanged; its hash was taken at intake. Who handled it: page ", NOTE, "custody"),
        Run("", NOTE, "custody", page=True),
        Run(". How to check: page ", NOTE, "verify"),
        Run("", NOTE, "verify", page=True),
        Run(".", NOTE),
    )
    return Text(runs, after=0)


def _hairline() -> Block:
    return Figure(1, lambda pen, x, top, width: pen.rule(x, top, width, FAINT, 0.8), before=5, after=2)


def _facts(sheet: ExhibitSheet, content: BinderContent) -> list[tuple[str, str]]:
    item = sheet.item
    intake = item.intake
    size = f"{item.width:,} × {item.height:,} pixels"
    if (sheet.width, sheet.height) != (item.width, item.height):
        size += f", shown {sheet.width:,} × {sheet.height:,}"
    reviewed = item.looked_at_by or "Nobody yet"
    if not item.looked_at_by and sheet.changed_by:
        reviewed = f"Nobody since {sheet.changed_by} changed it"
    if item.looked_at_by and item.looked_at_on:
        reviewed += f", {phrases.short_day(item.looked_at_on.date())}"
    origin = "Window" if intake.source is Source.CAPTURE else "File"
    who = words.participants(content.clinicians, item.clinician_ids)
    return [
        (_VERBS[intake.source], f"{words.moment(intake.at)}, computer clock"),
        ("By", f"{intake.person}, on {intake.host}"),
        (origin, sheet.origin),
        ("Address, as typed", item.address),
        ("Size", size),
        ("Redaction", _redaction(sheet)),
        ("Reviewed by", reviewed),
        ("Clinicians", phrases.listed(who)),
    ]


def _redaction(sheet: ExhibitSheet) -> str:
    if sheet.destroyed:
        return ""
    if sheet.areas:
        return words.redacted(area.reason for area in sheet.areas)
    if sheet.uncovered:
        return f"{phrases.count(sheet.uncovered, 'area')} of it covered in the redacted edition, shown here"
    if sheet.item.no_identifiers:
        return "No area redacted; a person confirmed that it shows no identifier"
    return "No area redacted; not confirmed"
