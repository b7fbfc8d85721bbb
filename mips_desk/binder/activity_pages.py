"""The pages of one activity before its exhibits: requirement, checklist, period, dates of use, story, attestation."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Final

from mips_desk.domain import phrases
from mips_desk.domain.evidence import UseEntry
from mips_desk.domain.period import LONG_GAP, Period, gaps
from mips_desk.domain.readiness import OptionState

from . import words
from .blocks import Block, Cell, Table, Text, column
from .content import ActivityPart, BinderContent, ExhibitSheet
from .figures import signature, year_strip
from .front import facts, subheading
from .outline import activity_key, exhibit_key
from .pen import BODY, EYEBROW, H1, NOTE, SMALL, SMALL_STRONG, STRONG, Run

#: From this many entries on, the dates are printed by week and by clinician and not one a row.
_COMPACT_FROM: Final = 30


def activity(part: ActivityPart, content: BinderContent) -> list[Block]:
    """Return the pages of one activity.

    Args:
        part: the activity.
        content: the binder it belongs to.
    """
    shown = part.activity
    kind = words.activity_line(shown)
    eyebrow = f"{shown.id} · {kind}" if kind else shown.id
    return [
        Text((Run(eyebrow, EYEBROW),), after=3, keep=True, anchor=activity_key(part)),
        Text((Run(shown.title, H1),), after=10, keep=True),
        _standing(part, content),
        *_requirement(part),
        *_checklist(part),
        *_dates(part, content),
        *_story(part),
        *(_sign_off(part, content) if content.sign_off else []),
    ]


def _standing(part: ActivityPart, content: BinderContent) -> Table:
    period = part.selection.period
    left = part.missing
    credited = part.activity.id in content.score.credited
    return facts(
        [
            ("Proof", "✓ Complete" if not left else f"⚠ {phrases.count(left, 'item')} missing"),
            (
                "Period claimed",
                f"{words.span(period)}\n{phrases.count(period.days, 'day')}" if period else "Not set",
            ),
            (
                "Attested",
                phrases.long_day(part.selection.attested_on) if part.selection.attested_on else "Not recorded",
            ),
            ("Counts toward the score", "Yes" if credited else "No"),
        ],
        4,
        after=2,
    )


def _requirement(part: ActivityPart) -> list[Block]:
    guidance = part.activity.guidance
    key = activity_key(part, "requirement")
    blocks: list[Block] = [subheading("What is required", key)]
    if part.official_text:
        source = part.official_source or f"CMS, improvement activities of {part.activity.year}"
        blocks += [
            Text((Run(f"Text of CMS ({source}):", NOTE),), keep=True, after=4),
            Text((Run(part.official_text, BODY),), bar=True, after=10),
        ]
    else:
        blocks.append(
            Text((Run("Summary in our own words; the text of CMS was not loaded:", NOTE),), keep=True, after=4)
        )
    blocks.append(
        Text((Run(guidance.summary, BODY),), bar=True, after=8)
        if not part.official_text
        else Text((Run("In our own words: ", STRONG), Run(guidance.summary, BODY)), after=8)
    )
    rule = words.period_rule(guidance.period)
    for label, text in (("How long: ", rule), ("How often: ", guidance.frequency)):
        if text:
            blocks.append(Text((Run(label, STRONG), Run(text, BODY)), after=3))
    return blocks


def _checklist(part: ActivityPart) -> list[Block]:
    guidance = part.activity.guidance
    basis = (
        "The list follows a published list of suggested documentation."
        if guidance.stated
        else "No list of suggested documentation was published; this one follows from the description."
    )
    rows = tuple(_option_row(state, part) for state in part.readiness.options)
    if not rows:
        return []
    columns = (column("Proof", 44), column("State", 12), column("Met by, inside the period, reviewed by", 44))
    return [
        subheading("Checklist", activity_key(part, "checklist")),
        Text((Run(f"{guidance.need_in_words} ", BODY), Run(basis, NOTE)), keep=True, after=6),
        Table(columns, rows),
    ]


def _option_row(state: OptionState, part: ActivityPart) -> tuple[Cell, ...]:
    option = state.option
    sheets = part.proofs(option.key)
    met = "✓ Met" if state.met else "⚠ Incomplete" if sheets else "Not used"
    return (
        ((Run(option.label, SMALL_STRONG),), (Run(option.detail, NOTE),)),
        (Run(met, SMALL_STRONG if state.met else SMALL),),
        tuple(_met_by(sheet, part) for sheet in sheets),
    )


def _met_by(sheet: ExhibitSheet, part: ActivityPart) -> tuple[Run, ...]:
    """Return which exhibit proves a line, where it stands, whether it is inside the period, and who reviewed it."""
    key = exhibit_key(sheet)
    inside = part.inside(sheet)
    when = "no date or period" if inside is None else "inside" if inside else "outside, with a reason"
    if inside is False and not sheet.item.outside_reason.strip():
        when = "outside"
    who = f"reviewed by {sheet.item.looked_at_by}" if sheet.item.looked_at_by else "not reviewed"
    return (
        Run(sheet.number, SMALL, key),
        Run(f": {when}, {who}, page ", NOTE, key),
        Run("", NOTE, key, page=True),
    )


def _dates(part: ActivityPart, content: BinderContent) -> list[Block]:
    summary = part.use_summary
    period = part.selection.period
    blocks: list[Block] = [subheading("Period and dates of use", activity_key(part, "dates"))]
    where = "inside the period claimed" if period else f"in {part.selection.year}"
    if summary.dates:
        first, last = phrases.short_day(summary.dates[0]), phrases.short_day(summary.dates[-1])
        reach = first if first == last else f"{first} to {last}"
        text = f"{phrases.count(len(summary.dates), 'date')} of use {where}: {reach}."
        if period:
            text += f" The longest run of days without one is {phrases.count(summary.longest_gap, 'day')}."
            text += _long_gaps(part, period)
    else:
        text = f"No date of use is logged {where}."
    blocks += [Text((Run(text, BODY),), keep=True, after=10), year_strip(part)]
    uses = sorted(part.uses, key=lambda use: (use.day, use.id))
    if len(uses) >= _COMPACT_FROM:
        outside = sorted({use.day for use in uses if period is not None and use.day not in period})
        if outside:
            text = f"Logged outside the period claimed, and not counted above: {_days(outside)}."
            blocks.append(Text((Run(text, SMALL),), after=10))
        return [*blocks, _by_week(uses), _by_clinician(uses, content), *_notes(uses, part)]
    return [*blocks, *(_use_table(uses, part, content) if uses else [])]


def _long_gaps(part: ActivityPart, period: Period) -> str:
    """Return the runs of days without a date that an auditor would ask about."""
    found = [gap for gap in gaps((use.day for use in part.uses), period) if gap.days > LONG_GAP]
    if not found:
        return ""
    named = phrases.listed(f"{words.span(gap)} ({phrases.count(gap.days, 'day')})" for gap in found)
    where = "What the practice says to this stands under “How it was done”." if part.selection.story.strip() else ""
    return f" Without a date for more than {LONG_GAP} days: {named}. {where}".rstrip()


def _by_week(uses: list[UseEntry]) -> Table:
    """Return the uses of each day, a week a row, the second half of the weeks beside the first; Sunday first, as in a
    US calendar."""
    weeks: defaultdict[date, Counter[int]] = defaultdict(Counter)
    for use in uses:
        place = use.day.isoweekday() % 7
        weeks[use.day - timedelta(days=place)][place] += use.count
    rows: list[tuple[Cell, ...]] = [
        (
            (Run(phrases.short_day(sunday), SMALL_STRONG),),
            *((Run(str(days[place]) if days[place] else "·", SMALL if days[place] else NOTE),) for place in range(7)),
            (Run(str(days.total()), SMALL_STRONG),),
        )
        for sunday, days in sorted(weeks.items())
    ]
    titles = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Uses")
    columns = (column("Week of", 26), *(column(title, 9, "right") for title in titles))
    half = -(-len(rows) // 2)
    if half < _SIDE_BY_SIDE:
        return Table(columns, tuple(rows), pad=2.2, gutter=8, after=16)
    rows += [((),) * len(columns)] * (len(rows) % 2)
    both = tuple((*left, (), *right) for left, right in zip(rows[:half], rows[half:], strict=True))
    return Table((*columns, column("", 5), *columns), both, pad=2.2, gutter=3, after=16)


#: From this many weeks in each half on, the halves stand side by side.
_SIDE_BY_SIDE: Final = 4


def _by_clinician(uses: list[UseEntry], content: BinderContent) -> Table:
    """Return who did it on which days."""
    own: defaultdict[str, list[UseEntry]] = defaultdict(list)
    for use in uses:
        own[use.clinician_id].append(use)
    order = {clinician.id: clinician for clinician in content.clinicians}
    rows: list[tuple[Cell, ...]] = []
    for who in sorted(own, key=lambda key: (key not in order, list(order).index(key) if key in order else 0)):
        days = sorted({use.day for use in own[who]})
        rows.append(
            (
                (Run(order[who].shown_name if who in order else "Practice", SMALL_STRONG),),
                (Run(str(len(days)), SMALL),),
                (Run(str(sum(use.count for use in own[who])), SMALL),),
                (Run(_days(days), SMALL),),
            )
        )
    columns = (column("Who", 24), column("Dates", 7, "right"), column("Uses", 7, "right"), column("Days", 62))
    return Table(columns, tuple(rows), pad=2.6, gutter=10)


def _days(days: list[date]) -> str:
    """Return days by month: "Mar 1, 4, 15; Apr 2"."""
    months: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for day in days:
        months[day.year, day.month].append(str(day.day))
    return "; ".join(f"{phrases.MONTHS[month - 1][:3]} {', '.join(own)}" for (_year, month), own in months.items())


def _notes(uses: list[UseEntry], part: ActivityPart) -> list[Block]:
    """Return the notes and the exhibits of the entries, each note said once with its days."""
    sheets = {sheet.item.id: sheet for sheet in part.exhibits}
    days: defaultdict[str, set[date]] = defaultdict(set)
    shown: defaultdict[str, set[date]] = defaultdict(set)
    for use in uses:
        if use.note:
            days[use.note].add(use.day)
        if use.evidence_id in sheets:
            shown[use.evidence_id].add(use.day)
    whole = {use.day for use in uses}
    rows: list[tuple[Cell, ...]] = [
        ((Run(note, SMALL),), (Run("all days" if own == whole else _days(sorted(own)), SMALL),))
        for note, own in days.items()
    ]
    rows += [
        ((Run(f"Exhibit {sheets[key].number}", SMALL, exhibit_key(sheets[key])),), (Run(_days(sorted(own)), SMALL),))
        for key, own in shown.items()
    ]
    return [Table((column("Note or exhibit", 38), column("Days", 62)), tuple(rows), pad=2.6)] if rows else []


def _use_table(uses: list[UseEntry], part: ActivityPart, content: BinderContent) -> list[Block]:
    names = {clinician.id: clinician.shown_name for clinician in content.clinicians}
    sheets = {sheet.item.id: sheet for sheet in part.exhibits}
    period = part.selection.period
    rows: list[tuple[Cell, ...]] = []
    for use in uses:
        sheet = sheets.get(use.evidence_id)
        outside = period is not None and use.day not in period
        rows.append(
            (
                (Run(phrases.short_day(use.day), SMALL_STRONG), *((Run(" outside", NOTE),) if outside else ())),
                (Run(str(use.count), SMALL),),
                (Run(names.get(use.clinician_id, "Practice"), SMALL),),
                (Run(use.note, SMALL),),
                (Run(sheet.number, SMALL, exhibit_key(sheet)),) if sheet else (),
            )
        )
    columns = (
        column("Date", 22),
        column("Uses", 6, "right"),
        column("Who", 22),
        column("Note", 32),
        column("Exhibit", 20),
    )
    return [Table(columns, tuple(rows), pad=3.5, gutter=10)]


def _story(part: ActivityPart) -> list[Block]:
    story = part.selection.story.strip()
    blocks: list[Block] = [subheading("How it was done", activity_key(part, "story"))]
    if not story:
        return [*blocks, Text((Run("The practice has not written this down.", NOTE),))]
    paragraphs = [paragraph.strip() for paragraph in story.split("\n") if paragraph.strip()]
    return [*blocks, *(Text((Run(paragraph, BODY),), after=7) for paragraph in paragraphs)]


def _sign_off(part: ActivityPart, content: BinderContent) -> list[Block]:
    who = words.participants(
        content.clinicians,
        [
            *(use.clinician_id for use in part.uses),
            *(clinician for sheet in part.exhibits for clinician in sheet.item.clinician_ids),
        ],
    )
    period = part.selection.period
    when = (
        f"from {phrases.long_day(period.start)} to {phrases.long_day(period.end)}" if period else f"in {content.year}"
    )
    statement = f"I confirm that {part.activity.id} was performed {when} as described here."
    blocks: list[Block] = [subheading("Attestation", activity_key(part, "sign-off"))]
    if who:
        text = f"Clinicians named in the dates of use and exhibits: {phrases.listed(who)}."
        blocks.append(Text((Run(text, BODY),), keep=True, after=4))
    return [
        *blocks,
        Text((Run(statement, BODY),), keep=True, after=2),
        signature(("Signature", "Name and role", "Date")),
    ]
