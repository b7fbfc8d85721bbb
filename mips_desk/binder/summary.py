"""The summary on one page, and the calculation of the score."""

from dataclasses import replace
from typing import Final

from mips_desk.domain import phrases
from mips_desk.domain.papers import PaperKind

from . import words
from .blocks import Block, Cell, Table, Text, column
from .checks import State
from .content import ActivityPart, BinderContent
from .figures import gauge
from .front import heading, subheading
from .outline import Outline, activity_key, exhibit_key
from .pen import BODY, NOTE, SMALL, SMALL_STRONG, Run

#: Weak points on the summary; more of them stand with the missing items only, so that the summary stays one page.
_WEAK_SHOWN: Final = 8
#: How some readings of the rules begin by themselves.
_OWN_READING: Final = "This is our reading"


def summary(content: BinderContent, tree: Outline) -> list[Block]:
    """Return the summary and, but for an answer to a request, the score.

    Args:
        content: the binder.
        tree: its outline.
    """
    blocks = [*heading("Summary", "summary"), gauge(replace(content.gauge, sentence=_standing(content), advice=""))]
    if content.parts:
        columns = (
            column("Activity", 35),
            column("Period claimed", 16),
            column("Dates", 7, "right"),
            column("Clinicians", 10, "right"),
            column("Exhibits", 9, "right"),
            column("Attested", 13),
            column("Proof", 13),
            column("Page", 6, "right"),
        )
        rows = tuple(_row(part, content) for part in content.parts)
        blocks.append(Table(columns, rows, pad=4, gutter=9, after=10))
    else:
        blocks.append(Text((Run(f"No activity was chosen for {content.year}.", BODY),)))
    return [*blocks, *_statuses(content), *_openly(tree), *([] if content.request else _score(content))]


def _standing(content: BinderContent) -> str:
    """Return the three numbers in a sentence that never mixes them."""
    shown = content.gauge
    target = _amount(shown.target, shown.counts_activities)
    text = (
        f"Full credit takes {target}. Proof is complete for {shown.proven}, {shown.attested} "
        f"{'was' if shown.attested == 1 else 'were'} reported to CMS, and {shown.planned} "
        f"{'is' if shown.planned == 1 else 'are'} planned."
    )
    if shown.attested > shown.proven:
        text += " More was reported than is proven so far."
    if not content.score.category_weight:
        text += f" The category has no weight in the final score of {content.year}."
    if content.left_out:
        chosen = len(content.parts) + len(content.left_out)
        text += (
            f" These are the numbers of the whole year; this file holds {len(content.parts)} of {chosen} activities."
        )
    return text


def _row(part: ActivityPart, content: BinderContent) -> tuple[Cell, ...]:
    period = part.selection.period
    left = part.missing
    attested = phrases.short_day(part.selection.attested_on) if part.selection.attested_on else "Not recorded"
    key = activity_key(part)
    kind = words.activity_line(part.activity)
    done = len(part.performing & {clinician.id for clinician in content.clinicians})
    clinicians = f"{done} of {part.needed} needed" if part.needed else str(done)
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
        (Run(clinicians, SMALL),),
        (Run(str(len(part.exhibits)), SMALL),),
        (Run(attested, SMALL),),
        (Run("✓ Complete" if not left else f"⚠ {left} missing", SMALL_STRONG if left else SMALL),),
        (Run("", SMALL, key, page=True),),
    )


def _statuses(content: BinderContent) -> list[Block]:
    """Return the special statuses with the exhibits that show them."""
    if not content.profile.special_statuses:
        return []
    runs = [Run(f"Special status: {words.statuses(content.profile.special_statuses)}. ", SMALL_STRONG)]
    papers = content.papers_of(PaperKind.SPECIAL_STATUS)
    if not papers:
        runs.append(Run("No exhibit shows it.", SMALL))
    for index, sheet in enumerate(papers):
        key = exhibit_key(sheet)
        runs += [Run("; " if index else "Shown by exhibit ", SMALL), Run(sheet.number, SMALL, key)]
        runs += [Run(", page ", SMALL), Run("", SMALL, key, page=True)]
    return [Text(tuple(runs), after=4)]


def _openly(tree: Outline) -> list[Block]:
    """Return what is missing and what is weak, so that nobody has to find it out."""
    blocks: list[Block] = []
    if tree.gaps:
        text = f"{phrases.count(len(tree.gaps), 'item is', 'items are')} missing or withheld: see page "
        blocks.append(Text((Run(text, BODY, "missing"), Run("", BODY, "missing", page=True)), before=4, after=4))
    weak = [check for check in tree.checks if check.state is State.WARNING]
    if not weak:
        return blocks
    blocks.append(Text((Run("Weak points, said openly", SMALL_STRONG),), before=6, after=2, keep=True))
    for check in weak[:_WEAK_SHOWN]:
        runs = (Run(f"{check.about}: ", SMALL), Run(check.reason, SMALL))
        blocks.append(Text(runs, after=1))
    if len(weak) > _WEAK_SHOWN:
        more = Run(f"{len(weak) - _WEAK_SHOWN} more on page ", SMALL, "missing")
        blocks.append(Text((more, Run("", SMALL, "missing", page=True)), after=4))
    return blocks


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
            own = line.uncertain.startswith(_OWN_READING)
            text.append((Run(line.uncertain if own else f"Our reading: {line.uncertain}", NOTE),))
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
