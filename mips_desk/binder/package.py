"""The audit package as plain data: what belongs in it and what is missing, its list of files, its index."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Annotated, Final, Literal

import msgspec

from mips_desk import spreadsheet

from .content import BinderContent, Edition, ExhibitSheet
from .outline import Topic, outline

START_HERE: Final = "START-HERE.pdf"
BINDER: Final = "binder.pdf"
EXHIBIT_LIST: Final = "exhibits.sha256"
INDEX: Final = "index.csv"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.json.sig"
SCHEMA: Final = "manifest.schema.json"
SUMS: Final = "SHA256SUMS"
CHECK_PAGE: Final = "VERIFY.html"

#: What every package holds besides binder and exhibits, with what it is.
GUIDES: Final[Mapping[str, str]] = {
    START_HERE: "What this package is, how to read it, how to check it",
    EXHIBIT_LIST: "Hash of every exhibit; the cover of the binder names the hash of this list",
    INDEX: "Every exhibit with caption, dates and hash, for a spreadsheet program",
    CHECK_PAGE: "Checks the files in a web browser, without a network",
    SCHEMA: "What manifest.json means (JSON Schema)",
    MANIFEST: "Every file with size and hash, and what is missing",
    SIGNATURE: "Signature of manifest.json",
    SUMS: "Hash of every file, for programs that come with Windows and macOS",
}

PARTIAL: Final = "PARTIAL"
FORMAT: Final = 1
_KIND: Final = "MIPS Desk audit package"

Sha = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """One file that belongs in a package, or one thing that is missing from the proof.

    Attributes:
        path: its place in the package, for example "exhibits/2026-IA_BE_4-03.png"; empty for what is no file, such as
            a line of a checklist that nothing proves.
        title: what it is, in a few words.
        missing: why it is not in the package, in a sentence; empty when it is.
        target: evidence id or activity id that it is about, or "practice"; empty when none.
    """

    path: str
    title: str
    missing: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """A package to be.

    Attributes:
        content: the binder, whose exhibits are the exhibits of the package.
        package_id: identifier printed in it.
        entries: all that belongs in it: present or missing with the reason.
        split: largest size of one file in bytes; 0: never split.
    """

    content: BinderContent
    package_id: str
    entries: tuple[PlannedEntry, ...]
    split: int = 0

    @property
    def missing(self) -> tuple[PlannedEntry, ...]:
        """The entries that are missing."""
        return tuple(entry for entry in self.entries if entry.missing)

    @property
    def partial(self) -> bool:
        """Anything is missing; then the names of the files say PARTIAL."""
        return bool(self.missing)

    @property
    def shown(self) -> tuple[ExhibitSheet, ...]:
        """The exhibits whose pictures are in the package."""
        return tuple(sheet for sheet in self.content.exhibits if not sheet.withheld)

    def file_name(self, name: str, part: int = 1, parts: int = 1) -> str:
        """Return the name under which a part is written; ask for the place with it, so that it can be confirmed.

        Args:
            name: as chosen.
            part: which part, from 1.
            parts: how many there are.
        """
        chosen = PurePath(name)
        ending = chosen.suffix or ".zip"
        stem = chosen.stem if chosen.suffix else chosen.name
        if self.partial and not stem.upper().endswith(PARTIAL):
            stem += f"-{PARTIAL}"
        return stem + (f"-part-{part}-of-{parts}" if parts > 1 else "") + ending


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A package that was written.

    Attributes:
        package_id: identifier printed in it.
        files: the ZIP files in the order of the parts.
        sha256: hash of each (hex).
        exhibits: number of exhibits in it, those missing not counted.
        missing: number of things missing.
        pages: pages of the binder.
        binder_sha256: hash of the binder in it (hex).
        stamped: the signature of the binder holds a time stamp; one that was wanted may not have been had.
    """

    package_id: str
    files: tuple[Path, ...]
    sha256: tuple[str, ...]
    exhibits: int
    missing: int
    pages: int
    binder_sha256: str
    stamped: bool = False


class FileEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One file of a package.

    Attributes:
        path: in the package, with "/".
        size: bytes.
        sha256: hex.
        part: which part holds it, from 1; 0: every part.
        exhibit: number of the exhibit that it is.
        activity: identifier of the activity that the exhibit proves; empty for a practice paper.
        page: identifier of the page of the binder on which the exhibit begins.
    """

    path: str
    size: Count
    sha256: Sha
    part: Annotated[int, msgspec.Meta(ge=0, le=999)] = 0
    exhibit: str = ""
    activity: str = ""
    page: str = ""


class MissingEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One thing that belongs in a package and is not there.

    Attributes:
        what: an exhibit number, an activity, or what else is missing.
        reason: why, in a sentence.
        path: which file it would be; empty when it is no file.
    """

    what: str
    reason: str
    path: str = ""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `manifest.json` says; docs/package.md and resources/package/manifest.schema.json say the same.

    Attributes:
        format: version of this layout.
        kind: what this is.
        package: identifier of the package.
        practice: its name.
        year: performance year.
        edition: "redacted" or "full".
        edition_reason: why the full edition was made; empty for the redacted one.
        request: number of the audit request that it answers; 0 when it answers none.
        reference: the auditor's own number; empty when none.
        made_at: ISO 8601 moment with offset, by the clock of the computer.
        made_by: name of the person.
        made_with: app and version.
        rules: version of the rules.
        vault: identifier of the vault.
        journal_head: hash of the newest journal entry that the binder shows; empty in an empty journal.
        journal_length: its number.
        signed_by: SHA-256 of the certificate that signed this file.
        binder: identifier of the binder.
        binder_pages: number of its pages.
        complete: nothing is missing.
        parts: how many ZIP files make up the package.
        activities: identifiers.
        files: every file but this one, its signature and SHA256SUMS.
        missing: what belongs in the package and is not there.
    """

    format: int = FORMAT
    kind: Literal["MIPS Desk audit package"] = _KIND
    package: str
    practice: str
    year: int
    edition: Edition
    edition_reason: str
    request: Count
    reference: str
    made_at: str
    made_by: str
    made_with: str
    rules: str
    vault: str
    journal_head: str
    journal_length: Count
    signed_by: Sha
    binder: str
    binder_pages: Count
    complete: bool
    parts: Annotated[int, msgspec.Meta(ge=1, le=999)]
    activities: tuple[str, ...]
    files: tuple[FileEntry, ...]
    missing: tuple[MissingEntry, ...]

    def names(self, part: int) -> frozenset[str]:
        """Return the names of all files in a part.

        Args:
            part: from 1.
        """
        listed = (each.path for each in self.files if each.part in (0, part))
        return frozenset((*listed, MANIFEST, SIGNATURE, SUMS))


def planned(content: BinderContent, package_id: str, split: int = 0) -> PackagePlan:
    """Return a plan with every entry of a package.

    Args:
        content: the binder.
        package_id: identifier of the package.
        split: largest size of one file in bytes; 0: never split.
    """
    withheld = {sheet.item.id for sheet in content.exhibits if sheet.withheld}
    entries = [PlannedEntry(START_HERE, GUIDES[START_HERE]), PlannedEntry(BINDER, "The binder")]
    entries += [
        PlannedEntry(exhibit_path(sheet), f"Exhibit {sheet.number}", sheet.withheld, sheet.item.id)
        for sheet in content.exhibits
    ]
    for gap in outline(content).gaps:
        target = gap.targets[0] if gap.targets else ""
        if gap.topic is Topic.PICTURE and target in withheld:
            withheld.discard(target)  # the exhibit's own entry says so; what else it lacks is counted as in the binder
            continue
        entries.append(PlannedEntry("", gap.about, gap.reason, target))
    entries += [PlannedEntry(name, title) for name, title in GUIDES.items() if name != START_HERE]
    return PackagePlan(content, package_id, tuple(entries), split)


def exhibit_path(sheet: ExhibitSheet) -> str:
    """Return the place of an exhibit in a package: its number, never a caption or the name of a file."""
    return f"exhibits/{sheet.number}.png"


def exhibit_list(sheets: Iterable[ExhibitSheet]) -> bytes:
    """Return the list of the exhibits' hashes, in the form that `shasum -a 256 -c` reads; known before the binder.

    Args:
        sheets: exhibits that are shown.
    """
    return sums((exhibit_path(sheet), sheet.rendition_sha256) for sheet in sheets)


def sums(files: Iterable[tuple[str, str]]) -> bytes:
    """Return lines of hash and path.

    Args:
        files: path and hash (hex).
    """
    return "".join(f"{sha256}  {path}\n" for path, sha256 in files).encode()


#: Columns of index.csv; docs/package.md explains them.
COLUMNS: Final = (
    "exhibit", "activity", "option", "caption", "date shown", "captured", "captured by", "sha256", "file", "page id",
    "missing",
)  # fmt: skip


def index_csv(content: BinderContent, pages: Mapping[str, str]) -> bytes:
    """Return the list of the exhibits for a spreadsheet program; a missing one has its reason instead of a file.

    Args:
        content: the binder.
        pages: page identifier by exhibit number.
    """
    activities = activities_of(content)
    lines = [spreadsheet.START, spreadsheet.line(COLUMNS)]
    for sheet in content.exhibits:
        item = sheet.item
        lines.append(
            spreadsheet.line(
                (
                    sheet.number,
                    activities[sheet.number],
                    sheet.option_label,
                    item.caption,
                    item.shows_date.isoformat() if item.shows_date else "",
                    item.intake.at.isoformat(timespec="seconds"),
                    item.intake.person,
                    "" if sheet.withheld else sheet.rendition_sha256,
                    "" if sheet.withheld else exhibit_path(sheet),
                    pages.get(sheet.number, ""),
                    sheet.withheld,
                )
            )
        )
    return b"".join(lines)


def activities_of(content: BinderContent) -> dict[str, str]:
    """Return the activity that each exhibit proves, by exhibit number; empty for practice papers."""
    found = {sheet.number: "" for sheet in content.exhibits}
    for part in content.parts:
        found |= {sheet.number: part.activity.id for sheet in part.exhibits}
    return found


def manifest_of(
    plan: PackagePlan, files: Sequence[FileEntry], *, parts: int, pages: int, vault: str, signed_by: str
) -> Manifest:
    """Return the manifest of a package.

    Args:
        plan: the package.
        files: every file but the manifest, its signature and SHA256SUMS.
        parts: number of ZIP files.
        pages: of the binder.
        vault: identifier of the vault.
        signed_by: SHA-256 of the certificate that will sign it (hex).
    """
    content = plan.content
    request = content.request
    return Manifest(
        package=plan.package_id,
        practice=content.practice.name,
        year=content.year,
        edition=content.edition,
        edition_reason=content.full_reason,
        request=request.number if request else 0,
        reference=request.reference if request else "",
        made_at=content.made_at.isoformat(timespec="seconds"),
        made_by=content.prepared_by,
        made_with=f"MIPS Desk {content.app_version}",
        rules=content.rule_version,
        vault=vault,
        journal_head=content.journal_head,
        journal_length=content.journal_length,
        signed_by=signed_by,
        binder=content.binder_id,
        binder_pages=pages,
        complete=not plan.partial,
        parts=parts,
        activities=tuple(part.activity.id for part in content.parts),
        files=tuple(files),
        missing=tuple(MissingEntry(what=entry.title, reason=entry.missing, path=entry.path) for entry in plan.missing),
    )


def encode(manifest: Manifest) -> bytes:
    """Return the bytes of `manifest.json`."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def decode(data: bytes) -> Manifest:
    """Return what `manifest.json` says.

    Args:
        data: its bytes.

    Raises:
        ValueError: it is not one, or not as it is written.
    """
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError("not a manifest") from error
    if encode(manifest) != data:
        raise ValueError("not written by MIPS Desk")
    return manifest


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes (hex)."""
    return hashlib.sha256(data).hexdigest()
