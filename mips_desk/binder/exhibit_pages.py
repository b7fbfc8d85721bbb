"""Exhibit pages: the picture as large as the page allows, what it proves, and how it was made."""

from dataclasses import dataclass, replace
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
from .pen import CODE, EYEBROW, FAINT, H2, LABEL, NOTE, SMALL, SMALL_STRONG, STRONG, Run, Style

#: A picture is never printed coarser than 100 dots an inch, so that a small one is not blown up.
MAX_SCALE: Final = 72 / 100
#: A page is turned to landscape when that makes the picture this much larger.
_TURN: Final = 1.2
#: A picture that would shrink below this share of its full-width size is split over pages instead.
_SPLIT: Final = 0.68
#: Points that two parts of a split picture share, so that a line of text at the cut is whole on one of them.
_OVERLAP: Final = 14.0
_GAP: Final = 12.0
#: A heading may take this share of the page; a longer one gets pages of its own before the picture.
_HEADING_SHARE: Final = 0.3
#: Width of the column beside an upright picture, and the space before it.
_SIDE_COLUMN: Final = 124.0
_GUTTER: Final = 18.0
#: Height of the short heading of further pages, with the space below.
_SLIM_HEIGHT: Final = 24.0

_VERBS: Final = {
    Source.CAPTURE: "Captured",
    Source.PASTE: "Pasted",
    Source.DROP: "Imported",
    Source.IMPORT: "Imported",
}
_CAPTION: Final = Style(H2.font, 13, 18)
#: Characters from which a caption is set like text and not like a heading.
_LONG_CAPTION: Final = 160
_HASH: Final = Style(CODE.font, 6.1, 9)


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

    Of all page formats the one with the largest picture is taken; when that is still too small, the notes follow on a
    page of their own, and a picture that is taller still is split over pages.

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
            *_notes(sheet, content, 4),
        ]
        return flow(blocks, content.paper, _running(sheet))
    upright = _format(sheet, part, content)
    beside = _format(sheet, part, content, side=_SIDE_COLUMN)
    turned = _format(sheet, part, content, landscape=True)
    best = beside if beside.scale > upright.scale else upright
    if turned.scale > _TURN * best.scale:
        best = turned
    if best.scale >= _SPLIT * upright.full_scale:
        return [_one_page(best, content)]
    if stack_height(upright.above) > _HEADING_SHARE * upright.height:
        texts = flow([*_above(sheet, part), *_notes(sheet, content, 4)], content.paper, _running(sheet))
        bare = replace(upright, above=stack([_slim(sheet, "")], upright.width), notes=[])
        return [*texts, *_several_pages(bare, content)]
    return _several_pages(upright, content)


def _running(sheet: ExhibitSheet) -> str:
    return f"Exhibit {sheet.number}"


def _format(
    sheet: ExhibitSheet, part: ActivityPart | None, content: BinderContent, *, landscape: bool = False, side: float = 0
) -> _Sheet:
    page = new_page(content.paper, "", landscape)
    width = page.inner_width
    columns = 1 if side else 5 if landscape else 4
    above = stack(_above(sheet, part), width)
    notes = stack(_notes(sheet, content, columns), side or width)
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
        _put(page, laid.notes, SIDE + laid.width - laid.side, top)
    else:
        _put(page, laid.notes, SIDE, top - height - _GAP)
    return page


def _several_pages(laid: _Sheet, content: BinderContent) -> list[Page]:
    sheet = laid.sheet
    page = new_page(content.paper, _running(sheet))
    pages = [page]
    top = _put(page, laid.above, SIDE, page.height - TOP) - _GAP
    first, other = top - BOTTOM, laid.height - _SLIM_HEIGHT
    scale = min(laid.full_scale, first / sheet.height)
    if scale < _SPLIT * laid.full_scale:
        scale = laid.full_scale
    total, width = sheet.height * scale, sheet.width * scale
    starts = [0.0]
    room = first
    while starts[-1] + room < total - 0.01:
        starts.append(starts[-1] + room - _OVERLAP)
        room = other
    for index, start in enumerate(starts):
        if index:
            page = new_page(content.paper, _running(sheet))
            pages.append(page)
            top = _slim_top(page, sheet, f"part {index + 1} of {len(starts)}")
        height = min(other if index else first, total - start)
        _place(page, sheet, (SIDE, top - height, width, height), scale, start)
        top -= height + _GAP
    if top - BOTTOM >= stack_height(laid.notes) - 0.01:
        _put(page, laid.notes, SIDE, top)
        return pages
    return [
        *pages,
        *flow([_slim(sheet, "how it was made"), *_notes(sheet, content, 4)], content.paper, _running(sheet)),
    ]


def _slim_top(page: Page, sheet: ExhibitSheet, part: str) -> float:
    """Place the short heading of a further page and return where the rest starts."""
    _put(page, stack([_slim(sheet, part)], page.inner_width), SIDE, page.height - TOP)
    return page.height - TOP - _SLIM_HEIGHT


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
    style = _CAPTION if len(caption) <= _LONG_CAPTION else STRONG
    blocks: list[Block] = [
        Text((Run(f"Exhibit {sheet.number}", EYEBROW),), after=1, keep=True, anchor=exhibit_key(sheet)),
        Text((Run(caption or "No caption", style),), after=2),
        Text((Run(" · ".join(words_shown), NOTE),), after=0),
    ]
    if item.outside_reason.strip():
        blocks.append(Text((Run(f"Why this date is right: {item.outside_reason.strip()}", NOTE),), after=0))
    return blocks


def _notes(sheet: ExhibitSheet, content: BinderContent, columns: int) -> list[Block]:
    """Return legend, capture data and hashes.

    Args:
        sheet: the exhibit.
        content: the binder.
        columns: in which the capture data are set; 1 for the column beside the picture.
    """
    blocks: list[Block] = []
    if sheet.legend:
        cells: list[Cell] = [(Run(f"{number}  ", SMALL_STRONG), Run(text, SMALL)) for number, text in sheet.legend]
        across = 1 if columns == 1 or max(len(text) for _number, text in sheet.legend) > 60 else 2
        cells += [()] * (-len(cells) % across)
        rows = tuple(tuple(cells[index : index + across]) for index in range(0, len(cells), across))
        shares = tuple(Column((), 1) for _ in range(across))
        blocks.append(Table(shares, rows, after=5, head=False, ruled=False, pad=1.5, gutter=18))
    return [
        *blocks,
        _hairline(),
        facts(_facts(sheet, content), columns, after=2),
        _hashes(sheet, columns),
        _unaltered(),
    ]


def _unaltered() -> Text:
    """Return how to know that the exhibit is unaltered, so that the sheet can stand alone."""
    runs = (
        Run("The original is kept unchanged; its hash was taken at intake. Who handled it: page ", NOTE),
        Run("", NOTE, "custody", page=True),
        Run(". How to check the hashes: page ", NOTE),
        Run("", NOTE, "verify", page=True),
        Run(".", NOTE),
    )
    return Text(runs, after=0)


def _hairline() -> Block:
    return Figure(1, lambda pen, x, top, width: pen.rule(x, top, width, FAINT, 0.8), after=1)


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
        (f"{_VERBS[intake.source]}, computer clock", words.moment(intake.at)),
        (f"{_VERBS[intake.source]} by", f"{intake.person}, on {intake.host}"),
        (origin, sheet.origin),
        ("Address as typed", item.address),
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
    if sheet.item.no_identifiers:
        return "No area redacted; a person confirmed that it shows no identifier"
    return "No area redacted; not confirmed"


def _hashes(sheet: ExhibitSheet, columns: int) -> Table:
    cells: tuple[Cell, Cell] = (
        ((Run("SHA-256 of the original", LABEL),), (Run(sheet.item.sha256, _HASH),)),
        ((Run("SHA-256 of the picture shown", LABEL),), (Run(sheet.shown, _HASH),)),
    )
    across = min(columns, 2)
    rows = (cells,) if across == 2 else tuple((cell,) for cell in cells)
    return Table((Column((), 1),) * across, rows, after=0, head=False, ruled=False, pad=4)
