"""The appendices and the certification: lists of exhibits, redactions, custody and hashes, what is missing, sources."""

from typing import Final

from mips_desk.domain import phrases
from mips_desk.domain.evidence import Export

from . import words
from .blocks import Block, Cell, Table, Text, column
from .checks import State
from .content import BinderContent, CustodyLine, Edition, RedactedArea
from .figures import signature, signature_place
from .front import heading, subheading
from .outline import Outline, appendix, exhibit_key
from .pen import BODY, CODE, NOTE, SMALL, SMALL_STRONG, STRONG, Run, Style

_COMMAND: Final = Style(CODE.font, 8.5, 13)
#: Digits of a hash in the list of exhibits; the whole hash stands in the list of hashes.
_SHORT_HASH: Final = 16


def exhibit_list(content: BinderContent, before: str) -> list[Block]:
    """Return all exhibits with the page and the file where each is found.

    Args:
        content: the binder.
        before: identifier before the first page.
    """
    intro = (
        "The file name is that of the picture in an audit package. “Hash” is the start of the SHA-256 of the picture "
        f"as it is shown; all of it stands in {appendix('D', 'Hashes').partition('  ')[0]}."
    )
    blocks = heading(appendix("A", "Exhibit list"), "exhibits", intro)
    if not content.exhibits:
        return [*blocks, Text((Run("There is no exhibit.", BODY),))]
    rows: list[tuple[Cell, ...]] = []
    for sheet in content.exhibits:
        day = sheet.item.shows_date
        key = exhibit_key(sheet)
        rows.append(
            (
                ((Run(sheet.number, SMALL_STRONG, key),), (Run(phrases.short_day(day) if day else "No date", NOTE),)),
                (
                    (Run(sheet.item.caption or "No caption", SMALL),),
                    (Run(sheet.file_name or "no file: " + sheet.shown, CODE),),
                ),
                (Run(sheet.shown[:_SHORT_HASH], CODE),),
                (Run(before, CODE, key, page=True),),
            )
        )
    columns = (
        column("Exhibit and day shown", 24),
        column("Caption and file", 41),
        column("Hash", 16),
        column("Page identifier", 19, "right"),
    )
    return [*blocks, Table(columns, tuple(rows), pad=4)]


def redactions(content: BinderContent) -> list[Block]:
    """Return which areas are covered, why, by whom and when. Where they lie and how large they are is not told: it
    would say more of what they cover than the pictures do.

    Args:
        content: the binder.
    """
    title = appendix("B", "Redaction log")
    if content.edition is Edition.FULL:
        shown = sum(sheet.uncovered for sheet in content.exhibits)
        intro = (
            f"This is the full edition: nothing is covered. The redacted edition covers {phrases.count(shown, 'area')} "
            "of these pictures."
        )
        return heading(title, "redactions", intro)
    if not content.redacted:
        return heading(title, "redactions", "No area of a picture in this file is covered.")
    rows: list[tuple[Cell, ...]] = []
    for sheet in content.redacted:
        key = exhibit_key(sheet)
        # What one person covered in the same minute for the same reason is one line.
        alike: dict[tuple[str, str, str], list[int]] = {}
        for number, area in enumerate(sheet.areas, 1):
            alike.setdefault(_covered(area), []).append(number)
        for (why, who, when), numbers in alike.items():
            rows.append(
                (
                    (Run(sheet.number, SMALL_STRONG, key),),
                    (Run(words.numbers(numbers), SMALL),),
                    (Run(phrases.sentence(words.reason(why)), SMALL),),
                    (Run(who or "Not known", SMALL),),
                    (Run(when, SMALL),),
                    (Run("", SMALL, key, page=True),),
                )
            )
    intro = (
        "Every area that is covered with solid black. The areas of a picture are counted from its top, from left to "
        "right. Before this file was put in its place, each of these pictures was read back from it, and every covered "
        "pixel was black."
    )
    columns = (
        column("Exhibit", 24),
        column("Areas", 16),
        column("Reason", 16),
        column("Covered by", 18),
        column("When", 19),
        column("Page", 7, "right"),
    )
    return [*heading(title, "redactions", intro), Table(columns, tuple(rows), pad=3.5)]


def _covered(area: RedactedArea) -> tuple[str, str, str]:
    return area.reason, area.by, f"{phrases.short_day(area.at.date())}, {area.at:%H:%M}" if area.at else ""


def custody(content: BinderContent) -> list[Block]:
    """Return what happened to each exhibit from its intake on, and which files were made of the year.

    Args:
        content: the binder.
    """
    intro = (
        "From the journal: who took each exhibit in, changed, viewed or approved it, and when, by the computer’s "
        "clock. Acts of one kind by one person on one day are one line with the time of the first."
    )
    blocks = heading(appendix("C", "Custody"), "custody", intro)
    rows = tuple(
        (
            (Run(sheet.number, SMALL_STRONG, exhibit_key(sheet)),),
            tuple((Run(_custody_line(line), SMALL),) for line in sheet.custody),
        )
        for sheet in content.exhibits
    )
    if rows:
        blocks.append(Table((column("Exhibit", 22), column("What happened, oldest first", 78)), rows, pad=3.5))
    else:
        blocks.append(Text((Run("There is no exhibit.", BODY),)))
    blocks.append(subheading(f"Files made of {content.year} before this one"))
    if not content.exports:
        return [*blocks, Text((Run("None is recorded.", BODY),))]
    columns = (column("When", 24), column("Who", 16), column("What and SHA-256", 46), column("Exhibits", 8, "right"))
    return [*blocks, Table(columns, tuple(map(_export_row, content.exports)), pad=3.5)]


def _custody_line(line: CustodyLine) -> str:
    when = f"{phrases.short_day(line.at.date())}, {line.at:%H:%M:%S} {words.offset(line.at)}"
    return f"{when}  ·  {line.what}{f', {line.times} times' if line.times > 1 else ''}  ·  {line.person}"


def _export_row(export: Export) -> tuple[Cell, ...]:
    kind = " ".join(filter(None, (export.kind, f"({export.edition} edition)" if export.edition else "")))
    return (
        (Run(f"{phrases.short_day(export.at.date())}, {export.at:%H:%M} {words.offset(export.at)}", SMALL),),
        (Run(export.person, SMALL),),
        # Not its name: somebody may have called an answer or a full edition after a patient.
        ((Run(phrases.sentence(kind), SMALL),), (Run(export.sha256, CODE),)),
        (Run(str(export.exhibits), SMALL),),
    )


_STEPS: Final = (
    (
        "On Windows, without MIPS Desk",
        "In the Command Prompt or in PowerShell, in the folder of the file. Compare what is printed with the SHA-256 "
        "that the practice gives you from its record of exports, or with the list below. Every character must agree.",
        ("certutil -hashfile binder.pdf SHA256", "Get-FileHash binder.pdf -Algorithm SHA256"),
    ),
    ("On macOS, without MIPS Desk", "The same, in the Terminal.", ("shasum -a 256 binder.pdf",)),
    (
        "With MIPS Desk",
        "Drop this file on the window, or run the command below. It recalculates the seal over every byte, names the "
        "page that was changed, and looks the file up in the practice’s record of exports.",
        ("mips-desk verify binder.pdf",),
    ),
)


def verify(content: BinderContent) -> list[Block]:
    """Return the hashes, and how to check with common tools that nothing was changed.

    Args:
        content: the binder.
    """
    intro = "A SHA-256 is a fingerprint of a file: change one byte, and another one comes out."
    blocks = heading(appendix("D", "Hashes and how to check them"), "verify", intro)
    for title, text, commands in _STEPS:
        blocks += [
            Text((Run(title, STRONG),), keep=True, after=1),
            Text((Run(text, BODY),), keep=True, after=4),
            Text((Run("\n".join(commands), _COMMAND),), bar=True, after=12),
        ]
    seal = (
        "The seal is the SHA-256 of the whole file in which the 64 characters of the seal itself, and a digital "
        "signature where there is one, are read as zeros. It is stored in the metadata of the file under the name "
        "“seal”. It shows whether the file was changed since it was written. It is not a signature: to know that the "
        "practice wrote it, compare the hash of the file with the practice’s record of exports."
    )
    rows: list[tuple[Cell, ...]] = [
        ((Run("Report identifier", SMALL),), (Run(content.binder_id, CODE),)),
        ((Run("Head of the journal", SMALL),), (Run(content.journal_head or "none", CODE),)),
        ((Run("Journal entries", SMALL),), (Run(f"{content.journal_length:,}", SMALL),)),
        ((Run("Edition", SMALL),), (Run(content.edition.shown, SMALL),)),
    ]
    if package := content.package:
        rows.append(((Run(f"SHA-256 of {package.name}", SMALL),), (Run(package.manifest_sha256, CODE),)))
    blocks += [
        subheading("What the seal covers"),
        Text((Run(seal, BODY),), after=14),
        Table((column("This file", 26), column("", 74)), tuple(rows), pad=4),
    ]
    return [*blocks, *_hashes(content)] if content.exhibits else blocks


def _hashes(content: BinderContent) -> list[Block]:
    text = (
        "“Shown” is the hash of the picture as a PNG file, as it lies in an audit package under the name in the list "
        "of exhibits. “Original” is the hash taken at intake; the original stays with the practice and proves later "
        "which picture this was made from."
    )
    rows = tuple(
        (
            (Run(sheet.number, SMALL_STRONG, exhibit_key(sheet)),),
            ((Run(sheet.shown, CODE),), (Run(sheet.item.sha256, CODE),)),
            ((Run("shown", NOTE),), (Run("original", NOTE),)),
        )
        for sheet in content.exhibits
    )
    columns = (column("Exhibit", 26), column("SHA-256", 62), column("Of", 12))
    return [
        subheading("Hashes of the exhibits"),
        Text((Run(text, BODY),), after=8, keep=True),
        Table(columns, rows, pad=3),
    ]


def missing(content: BinderContent, tree: Outline) -> list[Block]:
    """Return what is missing or withheld with reason and plan, what is weak, and what was left out on purpose.

    Args:
        content: the binder.
        tree: its outline.
    """
    title = appendix("E", "Missing or withheld items")
    if tree.gaps:
        intro = "This file is partial. What is listed here is missing or withheld; nothing else is."
        rows = tuple(
            (
                (Run(check.about, SMALL_STRONG),),
                (Run(check.reason, SMALL),),
                (Run(check.plan, SMALL),),
            )
            for check in tree.gaps
        )
        columns = (column("Where", 22), column("What is missing, and why", 40), column("What the practice will do", 38))
        blocks = [*heading(title, "missing", intro), Table(columns, rows, pad=4)]
    else:
        intro = "Nothing is missing or withheld: everything planned for this file is in it."
        blocks = heading(title, "missing", intro)
    weak = [check for check in tree.checks if check.state is State.WARNING]
    if weak:
        said = tuple(((Run(check.about, SMALL_STRONG),), (Run(check.reason, SMALL),)) for check in weak)
        table = Table((column("Where", 22), column("What is weak", 78)), said, pad=4)
        blocks += [subheading("Weak points, said openly"), table]
    if content.left_out:
        text = f"Chosen for {content.year} and left out of this file on purpose: {phrases.listed(content.left_out)}."
        blocks.append(Text((Run(text, BODY),), before=8))
    return blocks


def journal(content: BinderContent) -> list[Block]:
    """Return the extract of the journal.

    Args:
        content: the binder.
    """
    shown = len(content.journal_entries)
    intro = (
        f"{phrases.count(shown, 'entry', 'entries')} of {content.journal_length:,}, oldest first. Each entry holds the "
        "hash of the one before, so that none can be changed or left out unseen."
    )
    rows: list[tuple[Cell, ...]] = [
        (
            (Run(f"{entry.number:,}", SMALL),),
            (Run(words.moment(entry.at), SMALL),),
            (Run(entry.person, SMALL),),
            ((Run(entry.what, SMALL),), (Run(entry.sha256[:32] + "…", CODE),)),
        )
        for entry in content.journal_entries
    ]
    columns = (column("No.", 7), column("When", 28), column("Who", 18), column("What, and hash of the entry", 46))
    return [*heading(appendix("H", "Journal extract"), "journal", intro), Table(columns, tuple(rows), pad=4)]


GLOSSARY: Final = (
    ("Activity", "An improvement activity of CMS, named by an identifier such as IA_BE_4."),
    ("Attestation", "The statement to CMS that an activity was performed."),
    ("Custody", "Who handled an exhibit, from its intake on."),
    ("Date of use", "A day on which the practice logged that the activity was done."),
    ("Exhibit", "One piece of proof. Its number is made of year, activity and a running number and never used again."),
    ("FULL edition", "The edition in which nothing is covered; made only for a reason, which its cover names."),
    ("Journal", "The log of everything done in the practice’s records; each entry holds the hash of the one before."),
    ("Manifest", "The list of the files of an audit package with their hashes."),
    ("NPI", "National Provider Identifier of a clinician."),
    ("Page identifier", "The number at the lower right of every page; it runs through the binder without a gap."),
    ("Performance period", "The days claimed for an activity, first and last day included."),
    ("Practice paper", "Proof of the year that belongs to no activity, such as a participation status."),
    ("Proven, planned, attested", "Proof complete; chosen for the year; reported to CMS. The three are never mixed."),
    ("REDACTED edition", "The edition in which patient identifiers are covered with solid black."),
    ("SHA-256", "A fingerprint of 64 characters. Two files with the same fingerprint are the same byte for byte."),
    ("Special status", "A status assigned by CMS that changes how activities count, such as small practice."),
    ("TIN", "Taxpayer Identification Number of the practice; only the last four digits are printed."),
    ("[U+…]", "Names a character that no font of this binder holds by its number in Unicode."),
)


def glossary() -> list[Block]:
    """Return the words of the binder."""
    rows = tuple(((Run(term, SMALL_STRONG),), (Run(meaning, SMALL),)) for term, meaning in GLOSSARY)
    return [*heading(appendix("G", "Glossary"), "glossary"), Table((column("Word", 26), column("Meaning", 74)), rows)]


def sources(content: BinderContent) -> list[Block]:
    """Return what the requirements and the score follow: document names, years, versions.

    Args:
        content: the binder.
    """
    cited = [] if content.request else sorted({line.source for line in content.score.trace if line.source})
    rows: list[tuple[Cell, ...]] = [((Run("Score", SMALL_STRONG),), (Run(source, SMALL),)) for source in cited]
    for part in content.parts:
        found = [*([part.official_source] if part.official_source else []), *part.activity.guidance.sources]
        rows += [((Run(part.activity.id, SMALL_STRONG),), (Run(source, SMALL),)) for source in found]
    intro = (
        f"Rules and catalog: rule pack {content.rule_version}. The summaries in our own words do not replace the text "
        "of CMS."
    )
    blocks = heading(appendix("F", "Sources and rule pack"), "sources", intro)
    return [*blocks, Table((column("For", 20), column("Source", 80)), tuple(rows), pad=3.5)] if rows else blocks


def certification(content: BinderContent) -> list[Block]:
    """Return the statement that ends the binder, to be signed.

    Args:
        content: the binder.
    """
    covered = "with patient identifiers covered" if content.edition is Edition.REDACTED else "with nothing covered"
    statement = (
        f"I certify that the exhibits in this file are true copies from our records, those of {content.practice.name}, "
        f"for the performance year {content.year}, {covered}, and that the dates and statements in it are correct to "
        "the best of my knowledge."
    )
    return [
        *heading("Certification", "certification"),
        Text((Run(statement, BODY),), after=18, keep=True),
        signature(("Signature", "Name and title", "Date")),
        Text((Run("Place of a digital signature; empty when it is signed by hand.", NOTE),), 18, 4, keep=True),
        signature_place(),
        Text((Run(f"Prepared by {content.prepared_by}, {words.moment(content.made_at)}.", NOTE),), before=10),
    ]
