"""The audit package as ZIP files: written beside their places, read back, then put there.

The binder comes first, into a file that nobody else can read, because its size decides how the rest is split; from
there it is copied. One exhibit at a time is in memory, also when everything is read back.
"""

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final, cast

from PIL import Image

from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.paths import resources

from .content import ExhibitSheet
from .field import Signing
from .package import (
    BINDER,
    CHECK_PAGE,
    EXHIBIT_LIST,
    INDEX,
    MANIFEST,
    SCHEMA,
    SIGNATURE,
    START_HERE,
    SUMS,
    FileEntry,
    PackageFile,
    PackagePlan,
    activities_of,
    digest,
    encode,
    exhibit_list,
    exhibit_path,
    index_csv,
    manifest_of,
    sums,
)
from .package_pages import Guide, start_here
from .package_zip import (
    HOW_TO_OPEN,
    PIECE,
    StructureError,
    ZipOut,
    content,
    decrypted,
    read_structure,
    room,
)
from .proof import prove, prove_pixels
from .secret_file import SecretFile
from .signature import Identity, sign_data
from .write import BinderFile, not_written, refuse_read_only, stream_binder, sync_folder

#: Fewest characters of a passphrase: the ZIP format lets a guess be tried quickly.
LEAST_PASSPHRASE: Final = 12
#: More parts than this are not made.
_MOST_PARTS: Final = 999
#: START-HERE.pdf grows by less than this when it lists parts and real numbers.
_SLACK: Final = 20_000
_LONGEST_SIGNATURE: Final = 40_000


def write_package(
    plan: PackagePlan,
    out: Path,
    *,
    vault: str,
    identity: Identity,
    signing: Signing | None = None,
    passphrase: str = "",
    progress: Callable[[int, int], None] | None = None,
    check_cancel: Callable[[], None] | None = None,
) -> PackageFile:
    """Write a package; on any failure what was there before stays as it was.

    Args:
        plan: the package.
        out: the ZIP file; its name gets PARTIAL and the number of its part where `plan.file_name` says so.
        vault: identifier of the vault.
        identity: signs the manifest.
        signing: how the binder in it is signed; None: not at all.
        passphrase: encrypts the contents; empty: they are not encrypted.
        progress: called with steps done and in all: each exhibit three times, into the binder, into the package, and
            read back from there.
        check_cancel: called often; raises CancelledError to stop.

    Raises:
        BadInputError: an exhibit's picture is not what the plan says; something is larger than a part may be; parts
            of an earlier package are in the way.
        RedactionProofError: a picture in what was written is not covered where it should be.
        CancelledError: from check_cancel.
        MipsDeskError: it could not be written.
    """
    check = check_cancel or (lambda: None)
    steps = _Steps(3 * len(plan.shown) + 3, progress or (lambda done, total: None))
    parts = _Parts(plan, out, passphrase)
    try:
        _clear(out)
        if plan.split:
            _refuse_parts(plan, out)
        with parts, cast(BinaryIO, SecretFile(out.parent)) as staged:
            binder = stream_binder(plan.content, staged, steps.within(len(plan.shown) + 1), check, signing)
            prove(staged, plan.content, check)
            work = _Work(plan, vault, identity, binder, bool(passphrase))
            parts.room = work.room()
            if passphrase:
                parts.how_to_open = _resource(HOW_TO_OPEN)
            work.files.append(parts.add(BINDER, staged.seek(0, os.SEEK_END), _from_start(staged), binder.sha256))
            steps.add()
            activities, pages = activities_of(plan.content), dict(binder.first_pages)
            for sheet in plan.shown:
                check()
                picture = _reviewed(sheet)
                entry = parts.add(exhibit_path(sheet), len(picture), [picture], sheet.rendition_sha256)
                work.files.append(
                    FileEntry(
                        path=entry.path,
                        size=entry.size,
                        sha256=entry.sha256,
                        part=entry.part,
                        exhibit=sheet.number,
                        activity=activities[sheet.number],
                        page=pages.get(sheet.number, ""),
                    )
                )
                steps.add()
            check()
            expected = work.finish(parts)
            made = parts.finish()
            _read_back(parts, plan, expected, passphrase, check, steps)
            steps.add()
            check()
            files = parts.put_in_place()
    except StructureError as error:
        raise MipsDeskError(
            f"“{out.name}” could not be read back as it was written. Nothing was changed; choose another place."
        ) from error
    except OSError as error:
        raise not_written(out, error) from error
    return PackageFile(
        plan.package_id,
        files,
        made,
        len(plan.shown),
        len(plan.missing),
        binder.pages,
        binder.sha256,
        binder.stamped,
    )


class _Steps:
    """Counts what was done."""

    def __init__(self, total: int, report: Callable[[int, int], None]) -> None:
        self._total, self._report, self._done = total, report, 0
        report(0, total)

    def add(self) -> None:
        """One step was done."""
        self._done = min(self._done + 1, self._total)
        self._report(self._done, self._total)

    def within(self, steps: int) -> Callable[[int, int], None]:
        """Return what takes the reports of a piece of work that counts as so many steps."""
        start = self._done

        def report(done: int, total: int) -> None:
            self._done = start + steps * done // total
            self._report(self._done, self._total)

        return report


@dataclass(slots=True)
class _Work:
    """What the files that are the same in every part are made from."""

    plan: PackagePlan
    vault: str
    identity: Identity
    binder: BinderFile
    encrypted: bool
    files: list[FileEntry] = field(default_factory=list)

    def room(self) -> int:
        """Return how many bytes the shared files take in each part, at most."""
        largest = 1 << 44
        guess = [
            FileEntry(path=exhibit_path(sheet), size=largest, sha256="0" * 64, part=999, exhibit=sheet.number,
                      activity="X" * 20, page="X" * 20)
            for sheet in self.plan.shown
        ]  # fmt: skip
        guess.append(FileEntry(path=BINDER, size=largest, sha256="0" * 64, part=999))
        made = self._shared(guess, [""])
        return sum(room(name, len(data)) for name, data in made) + _SLACK + (_LONGEST_SIGNATURE - len(made[-2][1]))

    def finish(self, parts: "_Parts") -> dict[str, str]:
        """Add the shared files to every part; return the hash (hex) of every file of the package by its path."""
        shared = self._shared(self.files, parts.descriptions())
        for name, data in shared:
            parts.add_everywhere(name, data)
        found = {entry.path: entry.sha256 for entry in self.files}
        if parts.how_to_open:
            found[HOW_TO_OPEN] = digest(parts.how_to_open)
        return found | {name: digest(data) for name, data in shared}

    def _shared(self, contents: Sequence[FileEntry], parts: Sequence[str]) -> list[tuple[str, bytes]]:
        """Return names and bytes of what is in every part, in order."""
        plan, content = self.plan, self.plan.content
        guide = Guide(self.binder.pages, self.vault, self.identity.fingerprint, parts, self.encrypted)
        made = [
            (START_HERE, start_here(plan, guide)),
            (EXHIBIT_LIST, exhibit_list(plan.shown)),
            (INDEX, index_csv(content, dict(self.binder.first_pages))),
            (CHECK_PAGE, _resource(CHECK_PAGE)),
            (SCHEMA, _resource(SCHEMA)),
        ]
        always = [(HOW_TO_OPEN, _resource(HOW_TO_OPEN))] if self.encrypted else []
        files = [
            *contents,
            *(FileEntry(path=name, size=len(data), sha256=digest(data)) for name, data in (*always, *made)),
        ]
        manifest = encode(
            manifest_of(
                plan,
                files,
                parts=len(parts),
                pages=self.binder.pages,
                vault=self.vault,
                signed_by=self.identity.fingerprint,
            )
        )
        signed = sign_data(self.identity, manifest)
        listed = [(entry.path, entry.sha256) for entry in files]
        listed += [(MANIFEST, digest(manifest)), (SIGNATURE, digest(signed))]
        return [*made, (MANIFEST, manifest), (SIGNATURE, signed), (SUMS, sums(listed))]


@dataclass(slots=True)
class _Part:
    path: Path
    stream: BinaryIO
    zip: ZipOut
    held: list[str] = field(default_factory=list)


class _Parts:
    """The ZIP files that are being written; a new one is begun when the newest is full."""

    def __init__(self, plan: PackagePlan, out: Path, passphrase: str) -> None:
        self._plan, self._out, self._passphrase = plan, out, passphrase
        self._open: list[_Part] = []
        #: Bytes to keep free in each for what is the same in all of them.
        self.room = 0
        self.how_to_open = b""

    def __enter__(self) -> "_Parts":
        return self

    def __exit__(self, *error: object) -> None:
        for part in self._open:
            part.zip.abandon()
            with contextlib.suppress(OSError):  # a full disk fails once more here
                part.stream.close()
            with contextlib.suppress(OSError):
                part.path.unlink(missing_ok=True)

    def add(self, name: str, size: int, pieces: Iterable[bytes], sha256: str) -> FileEntry:
        """Add a file to the newest part, or to a new one."""
        split, needed = self._plan.split, room(name, size)
        if split:
            if needed + self._least() > split:
                raise BadInputError(self._too_large(name, needed + self._least()))
            if self._open and self._open[-1].zip.size + self.room + needed > split:
                self._begin()
        if not self._open:
            self._begin()
        part = self._open[-1]
        part.zip.add(name, size, pieces)
        part.held.append(name)
        return FileEntry(path=name, size=size, sha256=sha256, part=len(self._open))

    def add_everywhere(self, name: str, data: bytes) -> None:
        """Add the same file to all parts."""
        for part in self._open:
            part.zip.add(name, len(data), [data])

    def descriptions(self) -> list[str]:
        """Return what each part holds, in a few words."""
        return [_in_words(part.held) for part in self._open]

    def finish(self) -> tuple[str, ...]:
        """Close the table of contents of all parts and make them durable; return their hashes (hex)."""
        made = []
        for number, part in enumerate(self._open, 1):
            made.append(part.zip.finish(number, len(self._open)))
            part.stream.flush()
            os.fsync(part.stream.fileno())
        return tuple(made)

    def streams(self) -> Iterator[BinaryIO]:
        """Give the parts to be read."""
        for part in self._open:
            yield part.stream

    def put_in_place(self) -> tuple[Path, ...]:
        """Give the parts their names; all of them or, as far as the system lets us, none."""
        for part in self._open:
            part.stream.close()
        count = len(self._open)
        targets = [
            self._out.with_name(self._plan.file_name(self._out.name, number, count)) for number in range(1, count + 1)
        ]
        for target in targets:
            refuse_read_only(target)
        placed: list[Path] = []
        try:
            for part, target in zip(self._open, targets, strict=True):
                part.path.replace(target)
                placed.append(target)
        except OSError:
            if count > 1:  # then no file of these names was there before
                for target in placed:
                    target.unlink(missing_ok=True)
            raise
        sync_folder(self._out.parent)
        return tuple(targets)

    def _begin(self) -> None:
        if len(self._open) == _MOST_PARTS:
            raise BadInputError(
                f"That would be more than {_MOST_PARTS} parts. Nothing was written; choose a larger size."
            )
        path = self._out.with_name(f".{self._out.name}.{len(self._open) + 1}.part")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        stream = os.fdopen(descriptor, "w+b")
        part = _Part(path, stream, ZipOut(stream, self._passphrase))
        self._open.append(part)
        if self.how_to_open:
            part.zip.add(HOW_TO_OPEN, len(self.how_to_open), [self.how_to_open], plain=True)

    def _least(self) -> int:
        """Return the bytes of a part that holds nothing of its own."""
        opening = room(HOW_TO_OPEN, len(self.how_to_open)) if self.how_to_open else 0
        return self.room + opening + 300

    def _too_large(self, name: str, needed: int) -> str:
        what = "The binder" if name == BINDER else f"Exhibit {Path(name).stem}"
        cure = ", or package fewer activities at a time" if name == BINDER else ""
        size = f"{-(-needed // 1_000_000):,} MB"
        return f"{what} alone needs a part of {size}. Nothing was written; choose {size} or more{cure}."


def _reviewed(sheet: ExhibitSheet) -> bytes:
    """Return the picture of an exhibit, which must be the one that the binder shows."""
    picture = sheet.load()
    if digest(picture) != sheet.rendition_sha256:
        raise BadInputError(
            f"The picture of exhibit {sheet.number} is not the one that was reviewed. No package was written; open it"
            " again."
        )
    return picture


def _read_back(
    parts: _Parts,
    plan: PackagePlan,
    expected: dict[str, str],
    passphrase: str,
    check: Callable[[], None],
    steps: _Steps,
) -> None:
    """Read every file from what was written, compare its hash, and look at every covered pixel of the exhibits."""
    sheets = {exhibit_path(sheet): sheet for sheet in plan.shown}
    missing = set(expected)
    for stream in parts.streams():
        found = read_structure(stream)
        give = decrypted(stream, passphrase) if passphrase else None
        for entry in found.entries:
            check()
            sheet = sheets.get(entry.name)
            whole, kept = hashlib.sha256(), bytearray()
            for piece in give(entry) if give and entry.encrypted else content(stream, entry):
                whole.update(piece)
                if sheet is not None:
                    kept += piece
            if whole.hexdigest() != expected.get(entry.name) or entry.encrypted != (
                give is not None and entry.name != HOW_TO_OPEN
            ):
                raise StructureError(entry.name, "It is not what was written.")
            missing.discard(entry.name)
            if sheet is not None:
                with Image.open(BytesIO(kept), formats=["PNG"]) as picture:
                    prove_pixels(picture, sheet)
                steps.add()
    if missing:
        raise StructureError("Table of contents", "A file is missing.")


def _from_start(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def _resource(name: str) -> bytes:
    return (resources() / "package" / name).read_bytes()


def _in_words(names: Sequence[str]) -> str:
    exhibits = [Path(name).stem for name in names if name != BINDER]
    said = ["the binder"] if BINDER in names else []
    if exhibits:
        span = exhibits[0] if len(exhibits) == 1 else f"{exhibits[0]} to {exhibits[-1]}"
        said.append(f"exhibit{'s' if len(exhibits) > 1 else ''} {span}")
    return " and ".join(said)


def _clear(out: Path) -> None:
    """Delete what a package that was killed left beside its place."""
    left = re.compile(re.escape(f".{out.name}.") + r"\d+\.part")
    for path in out.parent.iterdir():
        if left.fullmatch(path.name):
            path.unlink()


def _refuse_parts(plan: PackagePlan, out: Path) -> None:
    """Refuse a place where parts of an earlier package are: two packages must not get mixed up."""
    named = plan.file_name(out.name, 1, 2)
    start, _, end = named.rpartition("-part-1-of-2")
    parts = re.compile(re.escape(start) + r"-part-\d+-of-\d+" + re.escape(end))
    found = next((path.name for path in sorted(out.parent.iterdir()) if parts.fullmatch(path.name)), "")
    if found:
        raise BadInputError(
            f"“{found}” of an earlier package is there already. Nothing was written; choose another name or delete the"
            " earlier parts first."
        )
