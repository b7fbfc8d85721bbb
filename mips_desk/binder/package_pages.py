"""START-HERE.pdf: for somebody who gets an audit package and has never seen one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mips_desk.domain import phrases
from mips_desk.domain.practice import mask_tin

from . import fonts, words
from .blocks import Block, Cell, Figure, Table, Text, column
from .content import BinderContent, Edition
from .flow import flow
from .front import facts, heading, subheading
from .package import BINDER, CHECK_PAGE, GUIDES, MANIFEST, PARTIAL, SIGNATURE, START_HERE, PackagePlan
from .pen import BLACK, BODY, CODE, NOTE, PRACTICE, SMALL, SMALL_STRONG, STRONG, Pen, Run
from .small_pdf import Imprint, small_pdf

#: For PowerShell, which is a part of Windows.
WINDOWS: Final = (
    "Get-Content SHA256SUMS | ForEach-Object { $h, $f = $_ -split '  ', 2; "
    'if ((Get-FileHash -LiteralPath $f).Hash -eq $h) { "same     $f" } else { "CHANGED  $f" } }'
)
#: For the Terminal of macOS; Linux has it too.
MACOS: Final = "shasum -a 256 -c SHA256SUMS"
#: For OpenSSL, which is a part of macOS and Linux.
OPENSSL: Final = (
    "openssl cms -verify -binary -noverify -inform DER -in manifest.json.sig -content manifest.json -out /dev/null"
)

#: Missing things and parts listed on these pages; the rest is counted.
_LISTED: Final = 12


@dataclass(frozen=True, slots=True)
class Guide:
    """What these pages say besides the plan.

    Attributes:
        pages: of the binder.
        vault: identifier of the vault.
        signed_by: SHA-256 of the certificate (hex).
        parts: what each ZIP file holds, in a few words; one entry where it was not split.
        encrypted: the ZIP files are encrypted.
    """

    pages: int
    vault: str
    signed_by: str
    parts: Sequence[str]
    encrypted: bool


def start_here(plan: PackagePlan, guide: Guide) -> bytes:
    """Return START-HERE.pdf; the same plan and guide give the same bytes.

    Args:
        plan: the package.
        guide: what else to say.
    """
    content = plan.content
    fonts.register()
    running = f"Start here · {PARTIAL}" if plan.partial else "Start here"
    pages = flow(_blocks(plan, guide), content.paper, running)
    tin = mask_tin(content.practice.tin)
    head = " · ".join(filter(None, (content.practice.name, f"TIN {tin}" if tin else "", str(content.year))))
    imprint = Imprint(
        title=f"Start here: audit package {content.year}, {content.practice.name}",
        made_at=content.made_at,
        app_version=content.app_version,
        head=f"{head} · {content.edition.shown}",
        foot=phrases.short_day(content.made_at.date()),
        code=plan.package_id,
    )
    return small_pdf(pages, imprint)


def _blocks(plan: PackagePlan, guide: Guide) -> list[Block]:
    content = plan.content
    return [
        *heading("Audit package: start here", "start"),
        Text((Run(content.practice.name, PRACTICE),), after=2),
        Text((Run(f"MIPS improvement activities, performance year {content.year}", BODY),), after=12),
        _state(plan),
        *_for_whom(content),
        _facts(plan, guide),
        *_missing(plan),
        *_reading(plan),
        *_parts(guide),
        *_checking(content, guide),
    ]


def _state(plan: PackagePlan) -> Figure:
    missing = phrases.count(len(plan.missing), "item is missing", "items are missing")
    said = f"⚠  PARTIAL: {missing}, listed below" if plan.partial else "✓  COMPLETE: nothing is missing"

    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        del width
        label = Run(said, STRONG)
        pen.frame(x, top - 24, pen.width(label) + 24, 24, BLACK, 1)
        pen.text(x + 12, top - 15.4, label)

    return Figure(24, paint, after=14)


def _for_whom(content: BinderContent) -> list[Block]:
    request = content.request
    asked = ""
    if request is not None:
        named = f" ({request.reference})" if request.reference else ""
        due = f", due on {phrases.long_day(request.due)}" if request.due else ""
        asked = f" It answers request {request.number}{named}{due}."
    text = (
        f"For whoever examines the improvement activities of {content.practice.name} in {content.year}.{asked} It holds"
        " the proof from the practice’s own records and needs no special program: a PDF reader, a web browser"
        " and, if you like, a spreadsheet program."
    )
    blocks: list[Block] = [Text((Run(text, BODY),), after=8)]
    if content.edition is Edition.FULL:
        full = (
            "FULL edition: the pictures show patient identifiers. Keep it as protected health information."
            f" Reason given: {content.full_reason}"
        )
        blocks.append(Text((Run(full, STRONG),), after=8))
    return blocks


def _facts(plan: PackagePlan, guide: Guide) -> Table:
    content = plan.content
    return facts(
        [
            ("Package", plan.package_id),
            ("Edition", content.edition.shown),
            ("Made on", words.moment(content.made_at)),
            ("Made by", content.prepared_by),
            ("Activities", phrases.listed(part.activity.id for part in content.parts) or "none"),
            ("Exhibits in it", f"{len(plan.shown):,} of {len(content.exhibits):,}"),
            ("Binder", f"{content.binder_id}, {phrases.count(guide.pages, 'page')}"),
            ("Vault", guide.vault),
            ("Made with", f"MIPS Desk {content.app_version}, rules {content.rule_version}"),
        ],
        3,
        after=6,
    )


def _missing(plan: PackagePlan) -> list[Block]:
    if not plan.partial:
        return []
    shown = plan.missing[:_LISTED]
    rows: list[tuple[Cell, ...]] = [
        ((Run(entry.title, SMALL_STRONG),), (Run(phrases.shortened(entry.missing, 240), SMALL),)) for entry in shown
    ]
    blocks: list[Block] = [
        subheading("What is missing, and why"),
        Table((column("What", 28), column("Why", 72)), tuple(rows), pad=3.5),
    ]
    if more := len(plan.missing) - len(shown):
        counted = phrases.count(more, "more item is", "more items are")
        text = f"{counted} listed in {MANIFEST} and in the binder’s appendix."
        blocks.append(Text((Run(text, NOTE),)))
    return blocks


def _reading(plan: PackagePlan) -> list[Block]:
    rows: list[tuple[Cell, ...]] = [
        (
            (Run(BINDER, SMALL_STRONG),),
            (
                Run(
                    "Read this first. Every activity with its requirement, dates of use and exhibits, page by page.",
                    SMALL,
                ),
            ),
        ),
        (
            (Run("exhibits", SMALL_STRONG),),
            (Run("Every exhibit of the binder as a picture; its name is the exhibit’s number in the binder.", SMALL),),
        ),
    ]
    rows += [
        ((Run(name, SMALL_STRONG),), (Run(f"{title}.", SMALL),)) for name, title in GUIDES.items() if name != START_HERE
    ]
    if not plan.shown:
        del rows[1]
    return [
        subheading("What is in it, and how to read it"),
        Table((column("File or folder", 28), column("What it is", 72)), tuple(rows), pad=3.5),
    ]


def _parts(guide: Guide) -> list[Block]:
    if len(guide.parts) == 1:
        return []
    shown = guide.parts[:_LISTED]
    rows: list[tuple[Cell, ...]] = [
        ((Run(f"Part {number}", SMALL_STRONG),), (Run(held, SMALL),)) for number, held in enumerate(shown, 1)
    ]
    more = len(guide.parts) - len(shown)
    text = (
        f"The package comes in {len(guide.parts)} ZIP files. Unpack all of them into one folder; what is in several of"
        " them is the same file."
    )
    blocks: list[Block] = [
        subheading("Parts"),
        Text((Run(text, BODY),), after=6, keep=True),
        Table((column("ZIP file", 28), column("Holds", 72)), tuple(rows), pad=3.5),
    ]
    if more:
        blocks.append(Text((Run(f"{MANIFEST} says for every file in which part it is.", NOTE),)))
    return blocks


def _checking(content: BinderContent, guide: Guide) -> list[Block]:
    steps: list[tuple[str, str, str]] = [
        (
            "In a web browser",
            f"Unpack the ZIP file, open {CHECK_PAGE} and choose the unpacked folder. The page reads the files on your"
            " computer only, and names what was changed, what is missing and what is not part of the package.",
            "",
        ),
        (
            "On Windows",
            "Open PowerShell in the unpacked folder and enter this. Every line must begin with “same”.",
            WINDOWS,
        ),
        ("On macOS", "Open Terminal in the unpacked folder and enter this. Every line must end with “OK”.", MACOS),
        (
            "Who made it",
            f"{SIGNATURE} is a signature over {MANIFEST}, which holds the hash of every other file. It shows that"
            " this list is unchanged since it was signed with the certificate named below. Ask the practice for the"
            " first and last digits of it by telephone: somebody else’s package would show other ones.",
            OPENSSL,
        ),
        (
            "With MIPS Desk",
            "“mips-desk verify” names the changed places of a ZIP file, or says that it is unchanged. The practice’s"
            " own records tell when this package was made and by whom.",
            "",
        ),
    ]
    rows: list[tuple[Cell, ...]] = []
    for title, text, command in steps:
        said: tuple[tuple[Run, ...], ...] = ((Run(text, SMALL),),)
        if command:
            said += ((Run(command, CODE),),)
        rows.append(((Run(title, SMALL_STRONG),), said))
    limit = (
        f"Files made on {words.moment(content.made_at)} by the clock of the practice’s computer. Hashes are SHA-256. An"
        " unchanged file shows that nothing was altered since; whether it is true is for the practice to answer."
    )
    return [
        subheading(f"How to check that nothing was changed{' (after unpacking)' if guide.encrypted else ''}"),
        Table((column("", 18), column("", 82)), tuple(rows), head=False, pad=4, after=6),
        Text((Run("Certificate (SHA-256)  ", SMALL_STRONG), Run(guide.signed_by, CODE)), after=6),
        Text((Run(limit, NOTE),)),
    ]
