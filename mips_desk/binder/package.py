"""The audit package as plain data: what will be in it and what is missing, before anything is drawn or written."""

from dataclasses import dataclass
from pathlib import Path

from .content import BinderContent


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """One file that belongs in a package, or one thing that is missing from the proof.

    Attributes:
        path: its place in the package, for example "exhibits/2026-IA_BE_4-03.png"; empty for what is no file, such as
            a line of a checklist that nothing proves.
        title: what it is, in a few words.
        missing: why it is not in the package, in a sentence; empty when it is.
        target: evidence id or activity id that it is about; empty when none.
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

    def file_name(self, name: str) -> str:
        """Return the name under which it is written when it is not split, for a dialog that asks where to.

        Args:
            name: as chosen, with or without PARTIAL.
        """
        raise NotImplementedError


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
    """

    package_id: str
    files: tuple[Path, ...]
    sha256: tuple[str, ...]
    exhibits: int
    missing: int
    pages: int
