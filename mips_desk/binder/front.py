"""The pages before the activities: cover, contents, summary with the score, the practice, the method."""

from mips_desk.domain import phrases
from mips_desk.domain.practice import mask_tin

from . import words
from .blocks import Block, Cell, Column, Figure, Table, Text, column
from .content import ActivityPart, BinderContent
from .figures import gauge, qr_code, signature
from .outline import Outline, Part, State, activity_key
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
    SMALL_STRONG,
    STRONG,
    TITLE,
    Pen,
    Run,
    Style,
)

EDITION = "REDACTED"
#: Height kept free at the foot of the cover for the QR code and the identifiers.
COVER_FOOT = 122.0
#: More letters would not fit beside the QR code.
_FOOT_LETTERS = 90
#: A part starts on a new page where less than this is left.
_PART_ROOM = 190.0


def heading(title: str, key: str, intro: str = "") -> list[Block]:
    """Return the heading of a part, with an introduction where given.

    Args:
        title: of the part.
        key: the key that leads to it.
        intro: one or two sentences.
    """
    after = 8 if intro else 14
    blocks: list[Block] = [Text((Run(title, H1),), 40, after, keep=True, anchor=key, reserve=_PART_ROOM)]
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
    grid = [
        ("Performance year", str(content.year)),
        ("TIN", tin or "Not entered"),
        ("Edition", EDITION),
        ("Reporting level", profile.level.label),
        ("Track", phrases.sentence(profile.track.label) + mvp),
        ("Special statuses", words.statuses(profile.special_statuses)),
        ("Activities", str(len(content.parts))),
        ("Exhibits", str(len(content.exhibits))),
        ("Pages", f"{pages:,}"),
        ("Prepared by", content.prepared_by),
        ("Prepared on", words.moment(content.made_at)),
        ("Made with", f"MIPS Desk {content.app_version}, rules {content.rule_version}{corrected}"),
    ]

    def accent(pen: Pen, x: float, top: float, width: float) -> None:
        del width
        pen.box(x, top - 4, 64, 4, ACCENT)

    return [
        Figure(70, lambda pen, x, top, width: None, after=0),
        Figure(4, accent, after=24, anchor="cover"),
        Text((Run("MIPS Improvement Activities evidence", TITLE),), after=8),
        Text((Run(f"Performance year {content.year}", PRACTICE),), after=34),
        Text((Run(content.practice.name, PRACTICE),), after=2),
        Text((Run(content.practice.address, BODY),), after=20),
        _state_chip(state, complete=not missing),
        facts(grid, 3, before=22, style=BODY),
    ]


def _state_chip(state: str, *, complete: bool) -> Figure:
    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        del width
        label = Run(("✓  " if complete else "⚠  ") + state, STRONG)
        reach = pen.width(label)
        pen.frame(x, top - 24, reach + 24, 24, BLACK, 1)
        pen.text(x + 12, top - 15.4, label)

    return Figure(24, paint)


def cover_foot(content: BinderContent, pen: Pen, x: float, width: float, bottom: float) -> None:
    """Draw the QR code and the identifiers at the foot of the cover.

    Args:
        content: the binder.
        pen: the pen.
        x: left edge.
        width: between the margins.
        bottom: lower edge.
    """
    qr_code(pen, content.binder_id, x, bottom, 84)
    left = x + 84 + 22
    pen.rule(x, bottom + 102, width)
    y = bottom + 84 - 7
    head = content.journal_head
    lines = [
        ("Binder identifier, also in the code at the left", content.binder_id),
        (f"Fingerprint of the journal, {phrases.count(content.journal_length, 'entry', 'entries')}", head),
    ]
    if closed := content.closed:
        said = f"Year closed on {phrases.long_day(closed.at)} by {closed.by}, fingerprint"
        lines.append((phrases.shortened(said, _FOOT_LETTERS), closed.fingerprint))
    for label, value in lines:
        pen.text(left, y, Run(label, LABEL))
        pen.text(left, y - 13, Run(value or "none", MONO_STRONG if value == content.binder_id else CODE))
        y -= 35 if len(lines) == 2 else 30


def contents(tree: Outline) -> list[Block]:
    """Return the contents, the same entries as the bookmarks.

    Args:
        tree: the outline.
    """
    rows: list[tuple[Cell, ...]] = []
    blocks: list[Block] = heading("Contents", "contents")
    for part in tree.parts:
        if part.children and rows and part.key != "summary":
            blocks.append(_contents_table(rows))
            rows = []
        rows.append(_contents_row(part, top=True))
        rows.extend(_contents_row(child, top=False) for child in part.children)
        if part.children and part.key != "summary":
            blocks.append(_contents_table(rows))
            rows = []
    if rows:
        blocks.append(_contents_table(rows))
    return blocks


def _contents_table(rows: list[tuple[Cell, ...]]) -> Table:
    columns = (Column((), 1), Column((), 0.08, "right"))
    return Table(columns, tuple(rows), after=9, head=False, ruled=False, pad=2.2)


def _contents_row(part: Part, *, top: bool) -> tuple[Cell, ...]:
    style = STRONG if top else SMALL
    note = "   incomplete" if part.state is State.GAP and part.key != "missing" else ""
    return (
        (Run(part.title if top else "    " + part.title, style, part.key), Run(note, NOTE)),
        (Run("", style, part.key, page=True),),
    )


def summary(content: BinderContent, tree: Outline) -> list[Block]:
    """Return the summary and the score.

    Args:
        content: the binder.
        tree: its outline.
    """
    blocks = [*heading("Summary", "summary"), gauge(content.gauge)]
    if content.parts:
        columns = (
            column("Activity", 38),
            column("Period claimed", 17),
            column("Dates", 8, "right"),
            column("Exhibits", 9, "right"),
            column("Attested", 14),
            column("Proof", 14),
            column("Page", 7, "right"),
        )
        blocks.append(Table(columns, tuple(_summary_row(part) for part in content.parts)))
    else:
        blocks.append(Text((Run(f"No activity was chosen for {content.year}.", BODY),)))
    if tree.gaps:
        text = f"{phrases.count(len(tree.gaps), 'item is', 'items are')} missing or withheld: see page "
        blocks.append(Text((Run(text, BODY, "missing"), Run("", BODY, "missing", page=True))))
    return [*blocks, *_score(content)]


def _summary_row(part: ActivityPart) -> tuple[Cell, ...]:
    period = part.selection.period
    left = part.missing
    attested = phrases.short_day(part.selection.attested_on) if part.selection.attested_on else "Not recorded"
    key = activity_key(part)
    kind = words.activity_line(part.activity)
    return (
        (
            (Run(part.activity.id, SMALL_STRONG, key),),
            (Run(part.activity.title, SMALL),),
            *(((Run(kind, NOTE),),) if kind else ()),
        ),
        ((Run(words.span(period), SMALL),), (Run(phrases.count(period.days, "day"), NOTE),))
        if period
        else (Run("Not set", SMALL),),
        (Run(str(len(part.use_summary.dates)), SMALL),),
        (Run(str(len(part.exhibits)), SMALL),),
        (Run(attested, SMALL),),
        (Run("✓ Complete" if not left else f"⚠ {left} missing", SMALL_STRONG if left else SMALL),),
        (Run("", SMALL, key, page=True),),
    )


def _score(content: BinderContent) -> list[Block]:
    score = content.score
    unit = "Credit" if content.gauge.counts_activities else "Points"
    result = (
        f"{score.ia_points} of 40 points, {words.number(score.percent)} percent of the category. The category weighs "
        f"{score.category_weight} percent of the final score, so this adds {words.number(score.contribution)} "
        "points to it."
    )
    shown = content.gauge
    if shown.proven < shown.planned:
        result += (
            f" This counts what is planned; proof is complete for {_amount(shown.proven, shown.counts_activities)}."
        )
    rows: list[tuple[Cell, ...]] = []
    for line in score.trace:
        text: list[tuple[Run, ...]] = [(Run(line.text, SMALL),)]
        if line.uncertain:
            text.append((Run(f"Our reading: {line.uncertain}", NOTE),))
        points = "" if line.points is None else str(line.points).replace("-", "−")
        rows.append(
            (
                (Run(line.rule, SMALL),),
                tuple(text),
                (Run(line.activity, SMALL),),
                (Run(line.source, NOTE),),
                (Run(points, SMALL_STRONG),),
            )
        )
    total: tuple[Cell, ...] = (
        (),
        (Run("Score of the category", SMALL_STRONG),),
        (),
        (),
        (Run(str(score.ia_points), SMALL_STRONG),),
    )
    columns = (
        column("Rule", 8),
        column("What it says", 46),
        column("Activity", 14),
        column("Source", 24),
        column("Points", 8, "right"),
    )
    blocks: list[Block] = [
        subheading("How the score is calculated", "score"),
        Text((Run(result, BODY),), after=8, keep=True),
        Table(columns, (*rows, total), gutter=9),
    ]
    if score.not_credited:
        denied = tuple(
            ((Run(entry.rule, SMALL),), (Run(entry.activity, SMALL),), (Run(entry.reason, SMALL),))
            for entry in score.not_credited
        )
        blocks += [
            subheading(f"Activities without {unit.lower()}"),
            Table((column("Rule", 8), column("Activity", 14), column("Reason", 78)), denied, gutter=9),
        ]
    return blocks


def _amount(value: int, counts_activities: bool) -> str:
    return phrases.count(value, "activity", "activities") if counts_activities else phrases.count(value, "point")


def people(content: BinderContent) -> list[Block]:
    """Return the practice and its roster of the year.

    Args:
        content: the binder.
    """
    profile = content.profile
    eligible = "" if profile.eligible_clinicians is None else str(profile.eligible_clinicians)
    grid = [
        ("Practice", content.practice.name),
        ("Address", content.practice.address),
        ("TIN", mask_tin(content.practice.tin)),
        ("Reporting level", profile.level.label),
        ("Track", phrases.sentence(profile.track.label) + (f", {profile.mvp_id}" if profile.mvp_id else "")),
        ("Special statuses", words.statuses(profile.special_statuses)),
        ("Clinicians on the roster", str(len(content.clinicians))),
        ("NPIs billing under the TIN", "" if profile.npis_total is None else str(profile.npis_total)),
        ("Eligible clinicians in the TIN", eligible),
    ]
    blocks = [*heading("Practice and clinicians", "people"), facts(grid, 3, after=4)]
    blocks.append(subheading(f"Clinicians in {content.year}"))
    if not content.clinicians:
        return [*blocks, Text((Run("No clinician is on the roster.", BODY),))]
    rows = tuple(
        (
            (Run(clinician.shown_name, SMALL_STRONG),),
            (Run(clinician.npi or "Not entered", SMALL),),
            (Run(clinician.role, SMALL),),
            (Run(phrases.short_day(clinician.joined) if clinician.joined else "", SMALL),),
            (Run(phrases.short_day(clinician.left) if clinician.left else "", SMALL),),
        )
        for clinician in content.clinicians
    )
    columns = (column("Name", 32), column("NPI", 16), column("Role", 26), column("Joined", 13), column("Left", 13))
    return [*blocks, Table(columns, rows)]


METHOD = (
    (
        "Where the pictures come from",
        "Each exhibit was captured from a screen, pasted, or imported from a file at the practice. The original was "
        "stored unchanged, and its SHA-256 was taken at that moment. The exhibit sheet says when, by whom and on which "
        "computer.",
    ),
    (
        "What was added and covered",
        "Arrows, boxes and numbered steps were drawn by the practice to point at what matters. Areas that the "
        "practice found to identify a patient are covered with solid black; what is covered is not in this file. "
        "Nothing else was altered. The redaction log says who covered what kind of area and when.",
    ),
    (
        "Who looked at it",
        "Where a sheet says “Reviewed by”, that person looked at the picture as it is printed here after its last "
        "change. Exhibits that nobody looked at since are listed as missing.",
    ),
    (
        "Which clock was used",
        "All times are those of the practice’s computers, printed with their offset and in UTC. They are not certified "
        "by a third party. “Shows” is the date that the proof itself speaks of, as entered by the practice.",
    ),
    (
        "How changes are recorded",
        "Every act in the practice’s records is an entry in a journal in which each entry holds the hash of the one "
        "before. The fingerprint on the cover is the hash of the newest entry when this binder was made.",
    ),
    (
        "What this cannot show",
        "The unredacted originals stay with the practice. A picture shows a screen at one moment; dates of use were "
        "logged by the practice.",
    ),
)


def method(content: BinderContent) -> list[Block]:
    """Return how the evidence was made, to be signed by the person responsible.

    Args:
        content: the binder.
    """
    blocks = heading("How this evidence was made", "method")
    for title, text in METHOD:
        blocks += [Text((Run(title, STRONG),), keep=True, after=1), Text((Run(text, BODY),), after=11)]
    statement = f"This describes how the exhibits of {content.year} were made at {content.practice.name}."
    return [
        *blocks,
        Text((Run(statement, BODY),), before=14, keep=True, after=2),
        signature(("Signature of the person responsible", "Name and title", "Date")),
    ]
