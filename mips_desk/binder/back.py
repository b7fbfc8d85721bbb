"""The pages after the activities: what is missing, how to verify, lists of hashes, journal, glossary, sources."""

from typing import Final

from mips_desk.domain import phrases

from . import words
from .blocks import Block, Cell, Table, Text, column
from .content import BinderContent, RedactedArea
from .figures import signature, signature_place
from .front import EDITION, heading, subheading
from .outline import Outline, exhibit_key
from .pen import BODY, CODE, NOTE, SMALL, SMALL_STRONG, STRONG, Run, Style

_COMMAND: Final = Style(CODE.font, 8.5, 13)


def missing(tree: Outline) -> list[Block]:
    """Return what is missing or withheld.

    Args:
        tree: the outline.
    """
    rows: list[tuple[Cell, ...]] = [
        ((Run(str(index), SMALL),), (Run(check.text, SMALL),)) for index, check in enumerate(tree.gaps, 1)
    ]
    intro = "This binder is partial. The practice still lacks what is listed here."
    columns = (column("No.", 6), column("What is missing", 94))
    return [*heading("Missing or withheld items", "missing", intro), Table(columns, tuple(rows))]


def verify(content: BinderContent) -> list[Block]:
    """Return how to check that the file is unchanged.

    Args:
        content: the binder.
    """
    steps = (
        (
            "With MIPS Desk",
            "Drop this file on the window, or run the command below. It recalculates the seal over every byte, "
            "names the page that was changed, and looks the file up in the practice’s record of exports.",
            "mips-desk verify binder.pdf",
        ),
        (
            "On Windows, without MIPS Desk",
            "Calculate the SHA-256 of the file and compare it with the one that the practice gives you from its record "
            "of exports. Every character must agree.",
            "certutil -hashfile binder.pdf SHA256",
        ),
        (
            "On macOS, without MIPS Desk",
            "The same, in the Terminal.",
            "shasum -a 256 binder.pdf",
        ),
    )
    blocks = heading("How to verify this binder", "verify")
    for title, text, command in steps:
        blocks += [
            Text((Run(title, STRONG),), keep=True, after=1),
            Text((Run(text, BODY),), keep=True, after=4),
            Text((Run(command, _COMMAND),), bar=True, after=14),
        ]
    seal = (
        "The seal is the SHA-256 of the whole file in which the 64 characters of the seal itself are read as zeros. It "
        "is stored in the metadata of the file under the name “seal”. It shows whether the file was changed since it "
        "was written. It is not a signature: to know that the practice wrote it, compare the hash with the practice’s "
        "record of exports or the fingerprint of its journal."
    )
    pictures = (
        "The hash of the shown picture on each exhibit sheet is that of the same picture as a PNG file, which the "
        "practice can make again. The hash of the original proves later which original it was made from."
    )
    return [
        *blocks,
        subheading("What the seal covers"),
        Text((Run(seal, BODY),), after=8),
        Text((Run(pictures, BODY),), after=14),
        Table(
            (column("This binder", 26), column("", 74)),
            (
                ((Run("Binder identifier", SMALL),), (Run(content.binder_id, CODE),)),
                ((Run("Newest journal entry", SMALL),), (Run(content.journal_head or "none", CODE),)),
                ((Run("Journal entries", SMALL),), (Run(f"{content.journal_length:,}", SMALL),)),
                ((Run("Edition", SMALL),), (Run(EDITION, SMALL),)),
            ),
        ),
    ]


def exhibit_list(content: BinderContent) -> list[Block]:
    """Return all exhibits with their hashes.

    Args:
        content: the binder.
    """
    rows: list[tuple[Cell, ...]] = []
    for sheet in content.exhibits:
        day = sheet.item.shows_date
        key = exhibit_key(sheet)
        rows.append(
            (
                ((Run(sheet.number, SMALL_STRONG, key),), (Run(phrases.short_day(day) if day else "No date", NOTE),)),
                (
                    (Run(sheet.item.caption or "No caption", SMALL),),
                    (Run("original  ", NOTE), Run(sheet.item.sha256, CODE)),
                    (Run("shown  ", NOTE), Run(sheet.shown, CODE)),
                ),
                (Run("", SMALL, key, page=True),),
            )
        )
    columns = (column("Exhibit", 25), column("Caption and SHA-256", 68), column("Page", 7, "right"))
    return [*heading("Exhibit list with hashes", "exhibits"), Table(columns, tuple(rows))]


def redactions(content: BinderContent) -> list[Block]:
    """Return which areas are covered, why, by whom and when. Where they lie and how large they are is not told: it
    would say more of what they cover than the pictures do.

    Args:
        content: the binder.
    """
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
    return [*heading("Redaction log", "redactions", intro), Table(columns, tuple(rows), pad=3.5)]


def _covered(area: RedactedArea) -> tuple[str, str, str]:
    return area.reason, area.by, f"{phrases.short_day(area.at.date())}, {area.at:%H:%M}" if area.at else ""


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
    return [*heading("Journal extract", "journal", intro), Table(columns, tuple(rows), pad=4)]


GLOSSARY: Final = (
    ("Activity", "An improvement activity of CMS, named by an identifier such as IA_BE_4."),
    ("Attestation", "The statement to CMS that an activity was performed."),
    ("Date of use", "A day on which the practice logged that the activity was done."),
    ("Exhibit", "One piece of proof. Its number is made of year, activity and a running number and never used again."),
    ("Journal", "The log of everything done in the practice’s records; each entry holds the hash of the one before."),
    ("NPI", "National Provider Identifier of a clinician."),
    ("Page identifier", "The number at the lower right of every page; it runs through the binder without a gap."),
    ("Performance period", "The days claimed for an activity, first and last day included."),
    ("Proven, planned, attested", "Proof complete; chosen for the year; reported to CMS. The three are never mixed."),
    ("REDACTED edition", "The edition in which patient identifiers are covered with solid black."),
    ("SHA-256", "A fingerprint of 64 characters. Two files with the same fingerprint are the same byte for byte."),
    ("Special status", "A status assigned by CMS that changes how activities count, such as small practice."),
    ("TIN", "Taxpayer Identification Number of the practice; only the last four digits are printed."),
    ("□", "Stands for a character that the fonts of this binder do not hold."),
)


def glossary() -> list[Block]:
    """Return the words of the binder."""
    rows = tuple(((Run(term, SMALL_STRONG),), (Run(meaning, SMALL),)) for term, meaning in GLOSSARY)
    return [*heading("Glossary", "glossary"), Table((column("Word", 26), column("Meaning", 74)), rows)]


def sources(content: BinderContent) -> list[Block]:
    """Return what the requirements and the score follow.

    Args:
        content: the binder.
    """
    cited = sorted({line.source for line in content.score.trace if line.source})
    rows: list[tuple[Cell, ...]] = [((Run("Score", SMALL_STRONG),), (Run(source, SMALL),)) for source in cited]
    for part in content.parts:
        found = [*([part.official_source] if part.official_source else []), *part.activity.guidance.sources]
        rows += [((Run(part.activity.id, SMALL_STRONG),), (Run(source, SMALL),)) for source in found]
    intro = f"Rule pack {content.rule_version}. The summaries in our own words do not replace the text of CMS."
    blocks = heading("Sources", "sources", intro)
    return [*blocks, Table((column("For", 20), column("Source", 80)), tuple(rows), pad=3.5)] if rows else blocks


def certification(content: BinderContent) -> list[Block]:
    """Return the statement that ends the binder, to be signed.

    Args:
        content: the binder.
    """
    statement = (
        f"I certify that the exhibits in this binder are true copies from the records of {content.practice.name} for "
        f"the performance year {content.year}, with patient identifiers covered, and that the dates and statements in "
        "it are correct to the best of my knowledge."
    )
    return [
        *heading("Certification", "certification"),
        Text((Run(statement, BODY),), after=18, keep=True),
        signature(("Signature", "Name and title", "Date")),
        Text((Run("Place of a digital signature; empty when it is signed by hand.", NOTE),), 18, 4, keep=True),
        signature_place(),
        Text((Run(f"Prepared by {content.prepared_by}, {words.moment(content.made_at)}.", NOTE),), before=10),
    ]
