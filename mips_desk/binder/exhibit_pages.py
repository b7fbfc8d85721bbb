"""Exhibit pages: the picture as large as the page allows, what it proves, and how it was made."""

from dataclasses import dataclass
from typing import Final

from mips_desk.domain.evidence import Source

from . import words
from .blocks import Block, Cell, Column, Figure, Laid, Table, Text
from .content import ActivityPart, BinderContent, ExhibitSheet
from .figures import withheld_frame
from .flow import BOTTOM, SIDE, TOP, Page, Placement, flow, new_page, stack, stack_height
from .front import facts
from .outline import exhibit_key
from .pen import CODE, EYEBROW, FAINT, GREY, H2, LABEL, NOTE, SMALL, SMALL_STRONG, Pen, Run, Style

#: A picture is never printed coarser than 100 dots an inch, so that a small one is not blown up.
MAX_SCALE: Final = 72 / 100
#: A page is turned to landscape when that makes the picture this much larger.
_TURN: Final = 1.2
#: A picture that would shrink below this share of its full-width size is split over pages instead.
_SPLIT: Final = 0.62
#: Points that two parts of a split picture share, so that a line of text at the cut is whole on one of them.
_OVERLAP: Final = 14.0
_GAP: Final = 12.0
#: Texts may take this share of the page; longer ones get pages of their own before the picture.
_TEXT_SHARE: Final = 0.42

_VERBS: Final = {
    Source.CAPTURE: "Captured",
    Source.PASTE: "Pasted",
    Source.DROP: "Imported",
    Source.IMPORT: "Imported",
}
_CAPTION: Final = Style(H2.font, 13, 18)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """An exhibit with its texts laid for one page format."""

    sheet: ExhibitSheet
    running: str
    landscape: bool
    width: float
    height: float
    above: list[tuple[Laid, float]]
    below: list[tuple[Laid, float]]


def exhibit(sheet: ExhibitSheet, part: ActivityPart, content: BinderContent) -> list[Page]:
    """Return the pages of one exhibit.

    Args:
        sheet: the exhibit.
        part: the activity it belongs to.
        content: the binder.
    """
    if sheet.withheld:
        reason = Text((Run(f"Reason: {sheet.withheld}", SMALL),), after=14)
        blocks = [*_above(sheet, part), withheld_frame(), reason, *_below(sheet, content, 3)]
        return flow(blocks, content.paper, _running(sheet))
    formats = [_format(sheet, part, content, landscape=landscape) for landscape in (False, True)]
    tall, wide = formats
    chosen = wide if _scale(wide) > _TURN * _scale(tall) and not _split(wide) else tall
    room = chosen.height - stack_height(chosen.above) - stack_height(chosen.below) - 2 * _GAP
    if room < (1 - _TEXT_SHARE) * chosen.height * (0.75 if chosen.landscape else 1):
        texts = flow([*_above(sheet, part), *_below(sheet, content, 3)], content.paper, _running(sheet))
        slim = stack([_slim(sheet, "")], chosen.width)
        bare = _Sheet(sheet, chosen.running, chosen.landscape, chosen.width, chosen.height, slim, [])
        return [*texts, *_picture_pages(bare, content)]
    return _picture_pages(chosen, content)


def _running(sheet: ExhibitSheet) -> str:
    return f"Exhibit {sheet.number}"


def _format(sheet: ExhibitSheet, part: ActivityPart, content: BinderContent, *, landscape: bool) -> _Sheet:
    page = new_page(content.paper, "", landscape)
    width = page.inner_width
    above = stack(_above(sheet, part), width)
    below = stack(_below(sheet, content, 4 if landscape else 3), width)
    return _Sheet(sheet, _running(sheet), landscape, width, page.height - TOP - BOTTOM, above, below)


def _scale(laid: _Sheet) -> float:
    """Return points per pixel with the whole picture on one page."""
    room = laid.height - stack_height(laid.above) - stack_height(laid.below) - 2 * _GAP
    return min(MAX_SCALE, laid.width / laid.sheet.width, max(room, 1.0) / laid.sheet.height)


def _full_width(laid: _Sheet) -> float:
    return min(MAX_SCALE, laid.width / laid.sheet.width)


def _split(laid: _Sheet) -> bool:
    return _scale(laid) < _SPLIT * _full_width(laid)


def _picture_pages(laid: _Sheet, content: BinderContent) -> list[Page]:
    sheet = laid.sheet
    page = new_page(content.paper, laid.running, laid.landscape)
    top = page.height - TOP
    for block, offset in laid.above:
        page.put(block, SIDE, top - offset)
    top -= stack_height(laid.above) + _GAP
    if not _split(laid):
        scale = _scale(laid)
        width, height = sheet.width * scale, sheet.height * scale
        _place(page, sheet, (SIDE, top - height, width, height), scale, 0)
        _put_below(page, laid, top - height - _GAP)
        return [page]
    return _split_pages(page, laid, content, top)


def _split_pages(page: Page, laid: _Sheet, content: BinderContent, top: float) -> list[Page]:
    sheet = laid.sheet
    scale = _full_width(laid)
    total, width = sheet.height * scale, sheet.width * scale
    slim_height = stack_height(stack([_slim(sheet, "part 1 of 2")], laid.width)) + _GAP
    foot = stack_height(laid.below) + _GAP
    first, other = top - BOTTOM, laid.height - slim_height
    starts = [0.0]
    room = first
    while starts[-1] + room < total:
        starts.append(starts[-1] + room - _OVERLAP)
        room = other
    pages = [page]
    for index, start in enumerate(starts):
        if index:
            page = new_page(content.paper, laid.running, laid.landscape)
            pages.append(page)
            top = page.height - TOP
            for block, offset in stack([_slim(sheet, f"part {index + 1} of {len(starts)}")], laid.width):
                page.put(block, SIDE, top - offset)
            top -= slim_height
        height = min(first if index == 0 else other, total - start)
        _place(page, sheet, (SIDE, top - height, width, height), scale, start)
        top -= height + _GAP
    if top - BOTTOM < foot - _GAP:
        page = new_page(content.paper, laid.running, laid.landscape)
        pages.append(page)
        top = page.height - TOP
        for block, offset in stack([_slim(sheet, "how it was made")], laid.width):
            page.put(block, SIDE, top - offset)
        top -= slim_height
    _put_below(page, laid, top)
    return pages


def _place(
    page: Page, sheet: ExhibitSheet, clip: tuple[float, float, float, float], scale: float, start: float
) -> None:
    """Place the part of a picture that begins `start` points below its top."""
    x, y, width, height = clip
    total = sheet.height * scale

    def border(pen: Pen, left: float, upper: float) -> None:
        pen.frame(left - 0.3, upper - height - 0.3, width + 0.6, height + 0.6, GREY, 0.5)

    page.put(Laid(height, border), x, y + height)
    page.pictures.append(Placement(sheet, clip, (x, y + height + start - total, width, total)))


def _put_below(page: Page, laid: _Sheet, top: float) -> None:
    for block, offset in laid.below:
        page.put(block, SIDE, top - offset)


def _slim(sheet: ExhibitSheet, part: str) -> Text:
    runs = [Run(f"Exhibit {sheet.number}", SMALL_STRONG)]
    if part:
        runs.append(Run(f"   {part}", NOTE))
    return Text(tuple(runs), after=0)


def _above(sheet: ExhibitSheet, part: ActivityPart) -> list[Block]:
    item = sheet.item
    proves = sheet.option_label or "not on the checklist"
    words_shown = [f"Proves: {proves}"]
    if item.shows_date:
        day = f"Shows {words.long_day(item.shows_date)}"
        period = part.selection.period
        if period and item.shows_date in period:
            day += f", day {(item.shows_date - period.start).days + 1} of the period"
        words_shown.append(day)
    else:
        words_shown.append("No date entered")
    blocks: list[Block] = [
        Text((Run(f"Exhibit {sheet.number}", EYEBROW),), after=1, keep=True, anchor=exhibit_key(sheet)),
        Text((Run(item.caption.strip() or "No caption", _CAPTION),), after=2),
        Text((Run(" · ".join(words_shown), NOTE),), after=0),
    ]
    if item.outside_reason.strip():
        blocks.append(Text((Run(f"Why this date is right: {item.outside_reason.strip()}", NOTE),), after=0))
    return blocks


def _below(sheet: ExhibitSheet, content: BinderContent, columns: int) -> list[Block]:
    item = sheet.item
    blocks: list[Block] = []
    if sheet.legend:
        cells: list[Cell] = [
            (Run(f"{number}  ", SMALL_STRONG), Run(text, SMALL)) for number, text in sheet.legend
        ]
        across = 1 if max(len(text) for _number, text in sheet.legend) > 60 else 2
        cells += [()] * (-len(cells) % across)
        rows = tuple(tuple(cells[index : index + across]) for index in range(0, len(cells), across))
        shares = tuple(Column((), 1) for _ in range(across))
        blocks.append(Table(shares, rows, after=5, head=False, ruled=False, pad=1.5, gutter=18))
    blocks += [_hairline(), facts(_facts(sheet, content), columns, after=2), _hashes(sheet)]
    return blocks


def _hairline() -> Block:
    return Figure(1, lambda pen, x, top, width: pen.rule(x, top, width, FAINT, 0.8), after=1)


def _facts(sheet: ExhibitSheet, content: BinderContent) -> list[tuple[str, str]]:
    item = sheet.item
    intake = item.intake
    size = f"{item.width:,} × {item.height:,} pixels"
    if (sheet.width, sheet.height) != (item.width, item.height):
        size += f", shown {sheet.width:,} × {sheet.height:,}"
    reviewed = f"{item.looked_at_by}" if item.looked_at_by else "Not reviewed"
    if item.looked_at_by and item.looked_at_on:
        reviewed += f", {words.short_day(item.looked_at_on.date())}"
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
        ("Clinicians", words.listed(who)),
    ]


def _redaction(sheet: ExhibitSheet) -> str:
    total = sheet.areas_redacted
    if total:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sheet.redactions)
        return f"{words.count(total, 'area')} redacted ({reasons})"
    if sheet.item.no_identifiers:
        return "No area redacted; a person confirmed that it shows no identifier"
    return "No area redacted; not confirmed"


def _hashes(sheet: ExhibitSheet) -> Table:
    shown = "withheld" if sheet.withheld else sheet.rendition_sha256
    return Table(
        (Column((), 1), Column((), 1)),
        (
            (
                ((Run("SHA-256 of the original", LABEL),), (Run(sheet.item.sha256, _HASH),)),
                ((Run("SHA-256 of the picture shown", LABEL),), (Run(shown, _HASH),)),
            ),
        ),
        after=0,
        head=False,
        ruled=False,
        pad=3,
    )


_HASH: Final = Style(CODE.font, 6.1, 9)
