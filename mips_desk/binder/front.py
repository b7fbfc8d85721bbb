"""Cover and contents, and what the headings of all parts look like."""

from mips_desk.domain import phrases
from mips_desk.domain.practice import mask_tin

from . import words
from .blocks import Block, Cell, Column, Figure, Table, Text
from .content import BinderContent, Edition
from .figures import qr_code
from .outline import Outline, Part, State
from .pen import (
    ACCENT,
    BLACK,
    BODY,
    CODE,
    H1,
    H2,
    LABEL,
    MONO_STRONG,
    NOTE,
    PRACTICE,
    SMALL,
    STRONG,
    TITLE,
    Pen,
    Run,
    Style,
)

#: Width and height of the QR code, and height of an identifier beside it.
_QR_SIZE = 84.0
_FOOT_LINE = 30.0
#: Space between the identifiers and the rule above them.
_FOOT_ABOVE = 14.0
#: More letters would not fit beside the QR code.
_FOOT_LETTERS = 90
#: A part starts on a new page where less than this is left.
_PART_ROOM = 190.0


def heading(title: str, key: str, intro: str = "", room: float = _PART_ROOM) -> list[Block]:
    """Return the heading of a part, with an introduction where given.

    Args:
        title: of the part.
        key: the key that leads to it.
        intro: one or two sentences.
        room: it starts on a new page where less than this is left.
    """
    after = 8 if intro else 14
    blocks: list[Block] = [Text((Run(title, H1),), 40, after, keep=True, anchor=key, reserve=room)]
    if intro:
        blocks.append(Text((Run(intro, BODY),), after=14))
    return blocks


def subheading(title: str, key: str = "") -> Text:
    """Return a heading inside a part."""
    return Text((Run(title, H2),), before=20, after=5, keep=True, anchor=key)


def facts(
    pairs: list[tuple[str, str]], columns: int, before: float = 0, after: float = 12, style: Style = SMALL
) -> Table:
    """Return labels with values below them, in a grid without rules; a pair without a value is left out.

    Args:
        pairs: label and value.
        columns: number of columns.
        before: space above.
        after: space below.
        style: of the values.
    """
    cells: list[Cell] = [((Run(label, LABEL),), (Run(value, style),)) for label, value in pairs if value]
    cells += [()] * (-len(cells) % columns)
    rows = tuple(tuple(cells[index : index + columns]) for index in range(0, len(cells), columns))
    return Table(
        tuple(Column((), 1) for _ in range(columns)), rows, before, after, head=False, ruled=False, pad=4, gutter=18
    )


def cover(content: BinderContent, pages: int) -> list[Block]:
    """Return the cover.

    Args:
        content: the binder.
        pages: number of pages; 0 when it is not known yet.
    """
    profile = content.profile
    missing = content.missing
    state = "COMPLETE" if not missing else f"PARTIAL ({phrases.count(missing, 'item')} missing)"
    mvp = f", {profile.mvp_id}" if profile.mvp_id else ""
    tin = mask_tin(content.practice.tin)
    corrected = ", corrected since the year was closed" if content.closed and content.closed.rules_changed else ""
    activities = str(len(content.parts))
    if content.left_out:
        activities += f" of the {len(content.parts) + len(content.left_out)} chosen"
    grid = [
        ("TIN", tin or "Not entered"),
        ("Edition", content.edition.shown),
        ("Reporting level", profile.level.label),
        ("Track", phrases.sentence(profile.track.label) + mvp),
        ("Special statuses", words.statuses(profile.special_statuses)),
        ("Activities", activities),
        ("Exhibits", f"{len(content.exhibits):,}"),
        ("Pages", f"{pages:,}"),
        ("Prepared by", content.prepared_by),
        ("Prepared for", _addressee(content)),
        ("Prepared on", words.moment(content.made_at)),
        ("Made with", f"MIPS Desk {content.app_version}, rules {content.rule_version}{corrected}"),
    ]

    tight = content.edition is Edition.FULL or len(_identifiers(content)) > 2

    def accent(pen: Pen, x: float, top: float, width: float) -> None:
        del width
        pen.box(x, top - 4, 64, 4, ACCENT)

    return [
        # With more to say below, the title moves up, so that the cover stays one page.
        Figure(8 if tight else 56, lambda pen, x, top, width: None, after=0),
        Figure(4, accent, after=24, anchor="cover"),
        Text((Run("MIPS Improvement Activities evidence", TITLE),), after=8),
        Text((Run(_subtitle(content), PRACTICE),), after=20 if tight else 30),
        Text((Run(content.practice.name, PRACTICE),), after=2),
        Text((Run(content.practice.address, BODY),), after=12 if tight else 20),
        _state_chip(state, complete=not missing),
        *_full_note(content),
        facts(grid, 3, before=12 if tight else 22, style=BODY),
    ]


def _addressee(content: BinderContent) -> str:
    """Return the first line of whom an answer goes to."""
    lines = content.request.addressee.strip().splitlines() if content.request else []
    return lines[0] if lines else "CMS and its auditors"


def _subtitle(content: BinderContent) -> str:
    year = f"Performance year {content.year}"
    if content.request is None:
        return year
    reference = f" ({content.request.reference})" if content.request.reference else ""
    return f"{year} · Answer to audit request {content.request.number}{reference}"


def _full_note(content: BinderContent) -> list[Block]:
    """Return why patient identifiers are shown, where they are."""
    if content.edition is not Edition.FULL:
        return []
    said = "This edition shows patient identifiers. Keep it as you keep patient records. Why it was made: "
    return [Text((Run(said, STRONG), Run(content.full_reason, BODY)), before=12, after=0, bar=True)]


def _state_chip(state: str, *, complete: bool) -> Figure:
    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        del width
        label = Run(("✓  " if complete else "⚠  ") + state, STRONG)
        reach = pen.width(label)
        pen.frame(x, top - 24, reach + 24, 24, BLACK, 1)
        pen.text(x + 12, top - 15.4, label)

    return Figure(24, paint)


def cover_foot_height(content: BinderContent) -> float:
    """Return the height to be kept free at the foot of the cover for the QR code and the identifiers.

    Args:
        content: the binder.
    """
    return max(_FOOT_LINE * len(_identifiers(content)) + 4, _QR_SIZE) + _FOOT_ABOVE + 22


def cover_foot(content: BinderContent, pen: Pen, x: float, width: float, bottom: float) -> None:
    """Draw the QR code and the identifiers at the foot of the cover.

    Args:
        content: the binder.
        pen: the pen.
        x: left edge.
        width: between the margins.
        bottom: lower edge.
    """
    lines = _identifiers(content)
    height = max(_FOOT_LINE * len(lines) + 4, _QR_SIZE)
    pen.rule(x, bottom + height + _FOOT_ABOVE, width)
    qr_code(pen, content.binder_id, x, bottom + height - _QR_SIZE, _QR_SIZE)
    left = x + _QR_SIZE + 22
    y = bottom + height - 7
    for label, value in lines:
        pen.text(left, y, Run(label, LABEL))
        pen.text(left, y - 13, Run(value or "none", MONO_STRONG if value == content.binder_id else CODE))
        y -= _FOOT_LINE


def _identifiers(content: BinderContent) -> list[tuple[str, str]]:
    """Return what identifies the file and the state that it was made from, each with its label."""
    entries = phrases.count(content.journal_length, "entry", "entries")
    found = [
        ("Report identifier, also in the code at the left", content.binder_id),
        (f"Head of the journal’s chain of hashes, {entries}", content.journal_head),
    ]
    if package := content.package:
        short = package.manifest_sha256[:12]
        found.append((f"SHA-256 of {package.name} of the package (short: {short})", package.manifest_sha256))
    if closed := content.closed:
        said = f"Year closed on {phrases.long_day(closed.at)} by {closed.by}, fingerprint"
        found.append((phrases.shortened(said, _FOOT_LETTERS), closed.fingerprint))
    return found


def contents(tree: Outline) -> list[Block]:
    """Return the contents, the same entries as the bookmarks.

    Args:
        tree: the outline.
    """
    rows: list[tuple[Cell, ...]] = []
    blocks: list[Block] = heading("Contents", "contents")
    for part in tree.parts:
        of_activity = part.key.startswith("activity:")
        if of_activity and rows:
            blocks.append(_contents_table(rows))
            rows = []
        rows.append(_contents_row(part, top=True))
        rows.extend(_contents_row(child, top=False) for child in part.children)
        if of_activity:
            blocks.append(_contents_table(rows))
            rows = []
    if rows:
        blocks.append(_contents_table(rows))
    return blocks


def _contents_table(rows: list[tuple[Cell, ...]]) -> Table:
    columns = (Column((), 1), Column((), 0.13), Column((), 0.08, "right"))
    return Table(columns, tuple(rows), after=9, head=False, ruled=False, pad=2.2, gutter=8)


def _contents_row(part: Part, *, top: bool) -> tuple[Cell, ...]:
    style = STRONG if top else SMALL
    note = "incomplete" if part.state is State.GAP and part.key != "missing" else ""
    return (
        (Run(part.title if top else "    " + part.title, style, part.key),),
        (Run(note, NOTE),),
        (Run("", style, part.key, page=True),),
    )
