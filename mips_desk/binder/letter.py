"""The cover letter of an answer to an audit request."""

from mips_desk.domain import phrases
from mips_desk.domain.practice import mask_tin

from . import words
from .blocks import Block, Text
from .content import BinderContent, RequestNote
from .figures import signature
from .front import facts
from .pen import BODY, H1, NOTE, STRONG, Run


def letter(content: BinderContent, request: RequestNote, pages: tuple[str, str]) -> list[Block]:
    """Return the letter: what was asked, until when, and what is enclosed.

    Args:
        content: the answer.
        request: what it answers.
        pages: identifiers of its first and last page.
    """
    made = content.made_at.date()
    sender = "\n".join(filter(None, (content.practice.name, content.practice.address)))
    title = f"Answer to audit request {request.number}"
    grid = [
        ("Request", str(request.number)),
        ("Your reference", request.reference),
        ("Date of your notice", phrases.long_day(request.notice_on) if request.notice_on else ""),
        ("Answer due", phrases.long_day(request.due) if request.due else "No day was given"),
        ("Answered on", phrases.long_day(made)),
        ("Practice", content.practice.name),
        ("TIN", mask_tin(content.practice.tin)),
        ("Performance year", str(content.year)),
    ]
    blocks: list[Block] = [
        Text((Run(sender, BODY),), after=16, anchor="letter"),
        *([Text((Run(request.addressee, BODY),), after=16)] if request.addressee.strip() else []),
        Text((Run(phrases.long_day(made), BODY),), after=20),
        Text((Run(title, H1),), after=10, keep=True),
        facts(grid, 4, after=12),
        Text((Run("You asked for:", STRONG),), after=4, keep=True),
        Text((Run(request.text.strip() or "No text was entered.", BODY),), bar=True, after=16),
        Text((Run("Enclosed:", STRONG),), after=4, keep=True),
    ]
    blocks += [Text((Run(f"•  {line}", BODY),), after=3) for line in _enclosed(content, request, pages)]
    if content.missing:
        count = phrases.count(content.missing, "item is", "items are")
        said = f"This answer is PARTIAL: {count} missing or withheld, and listed with the reason on page "
        blocks.append(Text((Run(said, BODY, "missing"), Run("", BODY, "missing", page=True)), before=8))
    else:
        blocks.append(
            Text(
                (Run("This answer is COMPLETE: nothing that was planned for it is missing or withheld.", BODY),),
                before=8,
            )
        )
    return [
        *blocks,
        signature(("Signature", "Name and title", "Date")),
        Text((Run(f"Prepared by {content.prepared_by}, {words.moment(content.made_at)}.", NOTE),), before=6),
    ]


def _enclosed(content: BinderContent, request: RequestNote, pages: tuple[str, str]) -> list[str]:
    first, last = pages
    found = [f"This answer, pages {first} to {last}, edition {content.edition.shown}."]
    found += [
        f"{part.activity.id}, {part.activity.title}: {phrases.count(len(part.exhibits), 'exhibit')}"
        f"{_numbers([sheet.number for sheet in part.exhibits])}."
        for part in content.parts
    ]
    if content.papers:
        numbers = _numbers([sheet.number for sheet in content.papers])
        found.append(f"{phrases.count(len(content.papers), 'practice paper')}{numbers}.")
    return [*found, *request.enclosed]


def _numbers(numbers: list[str]) -> str:
    if not numbers:
        return ""
    return f", {numbers[0]}" if len(numbers) == 1 else f", {numbers[0]} to {numbers[-1]}"
