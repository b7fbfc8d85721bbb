"""Tells, without any vault, whether an audit package is what was written, and where it was changed."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from mips_desk.errors import BadInputError

from .package import BINDER, FORMAT, MANIFEST, SIGNATURE, SUMS, Manifest, decode, sums
from .package_zip import (
    HOW_TO_OPEN,
    PIECE,
    Entry,
    Structure,
    StructureError,
    claims,
    content,
    decrypted,
    read_structure,
)
from .signature import SignatureCheck
from .signature import check as check_signature
from .verify import verify_inside

#: Bytes at both ends of a file that tell what it is.
_ENDS: Final = 1024
#: What is read into memory; larger ones are never written.
_READ: Final = {MANIFEST: 32 << 20, SIGNATURE: 1 << 20, SUMS: 8 << 20}
#: A larger binder is not taken apart when it was changed: that is done in memory.
_LARGEST_BINDER: Final = 512 << 20
_CHANGED: Final = "It was changed."
_MISSING: Final = "It is missing."

Problems = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PackageCheck:
    """What a file says of itself and whether it is unchanged.

    Attributes:
        problems: where and what, each a few words; empty when it is sound.
        sha256: hash of the file's bytes (hex), to be looked up in the record of exports.
        part: which part it is, from 1.
        parts: how many there are.
        opened: its contents were looked at; not so when they are encrypted and no passphrase was given.
        encrypted: a passphrase opens them.
        package_id: identifier; empty when it cannot be read.
        year: performance year; 0 when it cannot be read.
        vault: identifier of the vault that wrote it; empty when it cannot be read.
        made_at: when, or None when it cannot be read.
        signature: what the signature of its list of files says, or None when there is none to read.
    """

    problems: tuple[tuple[str, str], ...]
    sha256: str
    part: int = 1
    parts: int = 1
    opened: bool = True
    package_id: str = ""
    year: int = 0
    vault: str = ""
    made_at: datetime | None = None
    signature: SignatureCheck | None = None
    encrypted: bool = False


def is_zip(path: Path) -> bool:
    """Tell whether a file is to be checked as a package: it is one, once was one, or is some other ZIP file.

    Args:
        path: any file.
    """
    try:
        with path.open("rb") as file:
            start, end = _ends(file)
    except OSError:
        return False
    return start.startswith(b"PK\3\4") or claims(start, end)


def verify_package(
    path: Path,
    passphrase: str = "",
    progress: Callable[[int, int], None] | None = None,
    check_cancel: Callable[[], None] | None = None,
) -> PackageCheck:
    """Check a package, or one part of one.

    Args:
        path: the ZIP file.
        passphrase: of a package that is encrypted; empty: then only its seal is checked.
        progress: called with bytes read and in all.
        check_cancel: called often; raises CancelledError to stop.

    Raises:
        BadInputError: it cannot be read, it is not a package of ours, or the passphrase does not open it.
        CancelledError: from check_cancel.
    """
    try:
        with path.open("rb") as file:
            if not claims(*_ends(file)):
                raise BadInputError(
                    f"“{path.name}” is not an audit package as MIPS Desk writes it. If another program packed it anew,"
                    " unpack it and open VERIFY.html."
                )
            return _check(file, passphrase, _Meter(file.seek(0, 2), progress, check_cancel))
    except OSError as error:
        raise BadInputError(f"“{path.name}” cannot be read. Nothing was checked.") from error


class _Meter:
    """Counts the bytes read; everything is read twice."""

    def __init__(
        self, size: int, progress: Callable[[int, int], None] | None, check: Callable[[], None] | None
    ) -> None:
        self.size, self._done = size, 0
        self._progress, self._check = progress or (lambda done, total: None), check or (lambda: None)

    def add(self, read: int) -> None:
        """So many bytes were read."""
        self._check()
        self._done = min(self._done + read, 2 * self.size)
        self._progress(self._done, 2 * self.size)


def _ends(file: BinaryIO) -> tuple[bytes, bytes]:
    size = file.seek(0, 2)
    file.seek(0)
    start = file.read(_ENDS)
    file.seek(max(0, size - _ENDS))
    return start, file.read(_ENDS)


def _check(file: BinaryIO, passphrase: str, meter: _Meter) -> PackageCheck:
    sha256, seal = _hashes(file, meter)
    try:
        found = read_structure(file)
    except StructureError as error:
        # What is built otherwise is not read any further: such a file could be made to do harm.
        return PackageCheck(((error.where, error.what),), sha256, opened=False)
    sealed = found.seal == seal
    if found.encrypted and not passphrase:
        problems = () if sealed else (("Seal", "It does not fit: the file was changed since it was written."),)
        return PackageCheck(problems, sha256, found.part, found.parts, opened=False, encrypted=True)
    digests, read = _contents(file, found, passphrase, meter)
    said: Problems = []
    manifest, signature = _manifest(found, digests, read, said)
    _look_into_binder(file, found, said)
    if not said and not sealed:
        said.append(("ZIP file", "It was changed around its contents; every file in it is as it was written."))
    return PackageCheck(
        problems=tuple(said),
        sha256=sha256,
        part=found.part,
        parts=found.parts,
        package_id=manifest.package if manifest else "",
        year=manifest.year if manifest else 0,
        vault=manifest.vault if manifest else "",
        made_at=datetime.fromisoformat(manifest.made_at) if manifest else None,
        signature=signature,
        encrypted=found.encrypted,
    )


def _look_into_binder(file: BinaryIO, found: Structure, said: Problems) -> None:
    """Say where the binder was changed, when it was and is not encrypted."""
    binder = next((each for each in found.entries if each.name == BINDER), None)
    if binder is None or binder.encrypted or binder.size > _LARGEST_BINDER or (BINDER, _CHANGED) not in said:
        return
    try:
        inside = verify_inside(file, binder.start, binder.length)
    except (BadInputError, ValueError):  # nothing of a binder is left, or it is empty
        return
    said.extend((f"{BINDER}, {where}", what) for where, what in inside.problems if where != "Seal")


def _hashes(file: BinaryIO, meter: _Meter) -> tuple[str, str]:
    """Return the hash of the whole file, and of all but the digits of the seal."""
    file.seek(0)
    whole, left = hashlib.sha256(), meter.size - 64
    while left > 0 and (piece := file.read(min(PIECE, left))):
        whole.update(piece)
        left -= len(piece)
        meter.add(len(piece))
    seal = whole.hexdigest()
    whole.update(file.read(64))
    return whole.hexdigest(), seal


def _contents(
    file: BinaryIO, found: Structure, passphrase: str, meter: _Meter
) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the hash of every content, empty for one that does not open, and the bytes of the lists."""
    give = decrypted(file, passphrase) if found.encrypted else None
    digests: dict[str, str] = {}
    read: dict[str, bytes] = {}
    for entry in found.entries:
        most = _READ.get(entry.name, -1)
        whole, kept = hashlib.sha256(), bytearray()
        try:
            for piece in _opened(file, entry, give):
                whole.update(piece)
                if entry.size <= most:
                    kept += piece
                meter.add(len(piece))
        except ValueError:
            digests[entry.name] = ""
            continue
        digests[entry.name] = whole.hexdigest()
        read[entry.name] = bytes(kept)
    if give and not any(digests[entry.name] for entry in found.entries if entry.encrypted):
        raise BadInputError("This passphrase does not open the package, so nothing was checked.")
    return digests, read


def _opened(file: BinaryIO, entry: Entry, give: Callable[[Entry], Iterator[bytes]] | None) -> Iterator[bytes]:
    return give(entry) if give is not None and entry.encrypted else content(file, entry)


def _manifest(
    found: Structure, digests: dict[str, str], read: dict[str, bytes], said: Problems
) -> tuple[Manifest | None, SignatureCheck | None]:
    """Compare the contents with the manifest, and the manifest with its signature; what is wrong is added to `said`."""
    plain = {entry.name for entry in found.entries if not entry.encrypted}
    if found.encrypted and plain != {HOW_TO_OPEN}:
        said.extend((name, "It is not encrypted as the others are.") for name in sorted(plain - {HOW_TO_OPEN}))
    try:
        manifest = decode(read.get(MANIFEST, b""))
        datetime.fromisoformat(manifest.made_at)
    except ValueError:
        _by_sums(digests, read, said)
        if not said:
            said.append((MANIFEST, _CHANGED if MANIFEST in digests else _MISSING))
        return None, None
    signature = check_signature(read.get(SIGNATURE, b""), bytes.fromhex(digests[MANIFEST]))
    if signature.problem:
        # Which of the two was changed, the third list tells.
        _by_sums(digests, read, said)
        if not said:
            said.append((SIGNATURE, signature.problem if SIGNATURE in digests else _MISSING))
        return manifest, signature
    if signature.fingerprint != manifest.signed_by:
        said.append((SIGNATURE, "It was made with another certificate than the list of files names."))
    expected = {entry.path: entry.sha256 for entry in manifest.files}
    expected |= {MANIFEST: digests[MANIFEST], SIGNATURE: digests[SIGNATURE]}
    expected[SUMS] = hashlib.sha256(sums(expected.items())).hexdigest()
    names = manifest.names(found.part)
    said.extend((name, _MISSING) for name in sorted(names - set(digests)))
    for name, sha256 in digests.items():
        if name not in names:
            said.append((name, "It is not part of the package."))
        elif sha256 != expected[name]:
            said.append((name, _CHANGED))
    if _contradicts(manifest):
        said.append((MANIFEST, "It contradicts itself, or a newer version of MIPS Desk wrote it."))
    if manifest.parts != found.parts:
        said.append(("Seal", "It names another number of parts."))
    return manifest, signature


def _contradicts(manifest: Manifest) -> bool:
    """Tell whether a list of files is not as any is written, whoever signed it."""
    listed = [each.path for each in manifest.files]
    return (
        manifest.format != FORMAT
        or manifest.complete != (not manifest.missing)
        or len(set(listed)) != len(listed)
        or not {MANIFEST, SIGNATURE, SUMS}.isdisjoint(listed)
        or any(each.part > manifest.parts for each in manifest.files)
    )


def _by_sums(digests: dict[str, str], read: dict[str, bytes], said: Problems) -> None:
    """Say which contents were changed where only SHA256SUMS can tell."""
    lines = read.get(SUMS, b"").decode("ascii", "replace").splitlines()
    expected = {path: sha256 for sha256, _, path in (line.partition("  ") for line in lines)}
    for name, sha256 in digests.items():
        if name != SUMS and sha256 != expected.get(name):
            said.append((name, _CHANGED))
