"""The backup file: one plain ZIP that any tool can unpack, sealed so that every changed byte shows.

It holds `vault.db`, `keys.json` and `backup.json`, in this order, stored without compression, with fixed time stamps
and attributes. Its comment is "sha256:" and the SHA-256 (hex) over all bytes before the comment. Everything outside the
three contents follows from their names, sizes and CRC-32s, so the reader makes those bytes anew and compares: nothing
can be hidden in the frame, and two programs cannot read the file in two ways. The seal finds damage, not forgery: who
can replace the file can seal it anew; forged contents still fail the vault's own encryption and journal.

Layout of ZIP: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.14 to 4.3.16; the 64-bit fields (4.5.3) are used only
where a value needs them, as older tools do not know them.
"""

import contextlib
import hashlib
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec

from mips_desk.errors import BadInputError

from .disk import sync_folder
from .errors import BackupDamagedError, VaultTooNewError, translated_files
from .meter import Meter

SUFFIX = ".mipsbackup"
NAMES = ("vault.db", "keys.json", "backup.json")
_FORMAT = 1
_SEAL = b"sha256:"
_COMMENT = len(_SEAL) + 64
_AT_ONCE = 1 << 20
_LARGEST_TAIL = 4096
_LARGEST_LIST = 1 << 16
_LARGEST_KEYS = 1 << 20
_32 = 0xFFFFFFFF
_MIDNIGHT, _FIRST_DAY = 0, 0x21  # 1980-01-01 00:00, the zero of DOS time
_REGULAR_FILE = 0o100600 << 16
_UNIX = 3 << 8

Sha = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 62)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the contents.

    Attributes:
        name: of the file.
        size: bytes.
        sha256: hex.
    """

    name: str
    size: Count
    sha256: Sha


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `backup.json` says.

    Attributes:
        format: version of this layout.
        name: of the vault's folder, without its ending.
        vault: identifier of the vault.
        made_at: ISO 8601 moment with offset.
        app_version: which version made it.
        layout: layout of the database.
        journal_seq: number of the newest journal entry.
        journal_head: its hash.
        counts: rows of the main tables.
        parts: the other two contents.
    """

    format: int = _FORMAT
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    vault: str
    made_at: str
    app_version: str
    layout: int
    journal_seq: Count
    journal_head: Sha
    counts: dict[str, Count]
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """A backup file whose every byte was checked.

    Attributes:
        path: the file.
        size: bytes.
        sha256: of the whole file (hex), as any tool shows it.
        manifest: what it says of itself.
        starts: where each of the contents begins.
    """

    path: Path
    size: int
    sha256: str
    manifest: Manifest
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The bytes around the contents: a header before each, and the table of contents after all of them."""

    headers: tuple[bytes, ...]
    starts: tuple[int, ...]
    tail_at: int
    tail: bytes

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self.tail_at + len(self.tail) + _COMMENT


def pack(target: Path, database: Path, keys: bytes, manifest: Manifest, meter: Meter) -> str:
    """Write a backup file.

    Args:
        target: the file to be; must not exist.
        database: the snapshot; nobody may have it open.
        keys: the key file.
        manifest: without its parts, which are filled in here.
        meter: told of twice the size of the snapshot.

    Returns:
        SHA-256 (hex) of the whole file.
    """
    size, crc, sha256 = _measure(database, meter)
    parts = (Part(NAMES[0], size, sha256), Part(NAMES[1], len(keys), hashlib.sha256(keys).hexdigest()))
    said = encode_manifest(msgspec.structs.replace(manifest, parts=parts))
    frame = _frame((size, len(keys), len(said)), (crc, zlib.crc32(keys), zlib.crc32(said)))
    seal = hashlib.sha256()

    def put(data: bytes) -> None:
        seal.update(data)
        out.write(data)

    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as out:
        put(frame.headers[0])
        with database.open("rb") as source:
            for piece in _pieces(source, size):
                put(piece)
                meter.add(len(piece))
        for header, data in zip(frame.headers[1:], (keys, said), strict=True):
            put(header + data)
        put(frame.tail)
        comment = _SEAL + seal.hexdigest().encode()
        put(comment)
        out.flush()
        os.fsync(out.fileno())
        _forget(out.fileno())
    sync_folder(target.parent)
    return seal.hexdigest()


def look_into(path: Path, meter: Meter) -> Contents:
    """Check every byte of a backup file against its seal and say what it holds; needs no passphrase.

    Args:
        path: the file.
        meter: told of its size.

    Raises:
        BadInputError: it is no backup of MIPS Desk.
        VaultTooNewError: made by a newer version.
        BackupDamagedError: it is not byte for byte what was written; names the content that was changed.
        VaultDiskError: it cannot be read.
    """
    with translated_files(), path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if not _claims(file, size):
            raise BadInputError("This file is not a backup made by MIPS Desk. Choose a file that ends in .mipsbackup.")
        try:
            frame, sizes, crcs = _read_frame(file, size)
        except (ValueError, struct.error) as error:
            raise _damaged(path, "is cut short, or its table of contents was changed") from error
        file.seek(frame.starts[2])
        said = file.read(sizes[2])
        file.seek(0)
        seal, sums = hashlib.sha256(), []
        for header, each in zip(frame.headers, sizes, strict=True):
            seal.update(file.read(len(header)))
            crc, sha256 = 0, hashlib.sha256()
            for piece in _pieces(file, each):
                seal.update(piece)
                sha256.update(piece)
                crc = zlib.crc32(piece, crc)
                meter.add(len(piece))
            sums.append((crc, sha256.hexdigest()))
        seal.update(file.read(len(frame.tail)))
        comment = file.read(_COMMENT)
    sealed = comment == _SEAL + seal.hexdigest().encode()
    try:
        manifest = _read_manifest(said, sizes)
    except VaultTooNewError:
        if sealed:
            raise
        raise _damaged(path, f"was changed in its part {NAMES[2]}") from None
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise _damaged(path, f"was changed in its part {NAMES[2]}") from error
    hashes = [*(part.sha256 for part in manifest.parts), sums[2][1]]
    for name, crc, wanted, found in zip(NAMES, crcs, hashes, sums, strict=True):
        if (crc, wanted) != found:
            raise _damaged(path, f"was changed in its part {name}")
    if not sealed:
        raise _damaged(path, "was changed in its seal")
    seal.update(comment)
    return Contents(path, size, seal.hexdigest(), manifest, frame.starts)


def unpack(contents: Contents, folder: Path, meter: Meter) -> None:
    """Write `vault.db` and `keys.json` of a backup into an existing folder, checked once more and made durable.

    Args:
        contents: as `look_into` returned them.
        folder: where to; holds neither of them.
        meter: told of the size of the contents.

    Raises:
        BackupDamagedError: the file was changed meanwhile.
    """
    with translated_files(), contents.path.open("rb") as file:
        for part, start in zip(contents.manifest.parts, contents.starts, strict=False):
            file.seek(start)
            sha256 = hashlib.sha256()
            descriptor = os.open(
                folder / part.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
            )
            with os.fdopen(descriptor, "wb") as out:
                for piece in _pieces(file, part.size):
                    sha256.update(piece)
                    out.write(piece)
                    meter.add(len(piece))
                out.flush()
                os.fsync(out.fileno())
                _forget(out.fileno())
            if sha256.hexdigest() != part.sha256:
                raise _damaged(contents.path, f"was changed in its part {part.name}")
        sync_folder(folder)


def is_backup(path: Path) -> bool:
    """Tell whether a file is, or once was, a backup of MIPS Desk.

    Args:
        path: any file.
    """
    try:
        with path.open("rb") as file:
            return _claims(file, file.seek(0, os.SEEK_END))
    except OSError:
        return False


def encode_manifest(manifest: Manifest) -> bytes:
    """Return the bytes of `backup.json`."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=2) + b"\n"


def hash_file(path: Path, meter: Meter) -> str:
    """Return the SHA-256 (hex) of a file.

    Args:
        path: the file.
        meter: told of its size.
    """
    return _measure(path, meter)[2]


def _measure(path: Path, meter: Meter) -> tuple[int, int, str]:
    """Return size, CRC-32 and SHA-256 of a file."""
    size, crc, sha256 = 0, 0, hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_AT_ONCE):
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            sha256.update(piece)
            meter.add(len(piece))
    return size, crc, sha256.hexdigest()


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Read exactly so many bytes.

    Raises:
        BackupDamagedError: the file became shorter.
    """
    while size > 0:
        piece = file.read(min(_AT_ONCE, size))
        if not piece:
            raise _damaged(Path(file.name), "is cut short")
        size -= len(piece)
        yield piece


def _frame(sizes: Sequence[int], crcs: Sequence[int]) -> _Frame:
    """Return the bytes around contents of these sizes and check sums."""
    headers, starts, entries, at = [], [], b"", 0
    for name, size, crc in zip(map(str.encode, NAMES), sizes, crcs, strict=True):
        large = size >= _32
        extra = struct.pack("<HHQQ", 1, 16, size, size) if large else b""
        said = _32 if large else size
        stamps = (0, 0, _MIDNIGHT, _FIRST_DAY, crc, said, said, len(name))
        header = struct.pack("<4s5H3L2H", b"PK\3\4", 45 if large else 20, *stamps, len(extra)) + name + extra
        wide = [size, size] if large else []
        far = at >= _32
        wide += [at] if far else []
        more = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
        version = 45 if wide else 20
        entries += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", _UNIX | version, version, *stamps, len(more), 0, 0, 0, _REGULAR_FILE,
            _32 if far else at,
        ) + name + more  # fmt: skip
        headers.append(header)
        starts.append(at + len(header))
        at += len(header) + size
    tail = entries
    if at >= _32:
        count = len(NAMES)
        tail += struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, _UNIX | 45, 45, 0, 0, count, count, len(entries), at)
        tail += struct.pack("<4sLQL", b"PK\6\7", 0, at + len(entries), 1)
    tail += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(NAMES), len(NAMES), len(entries), min(at, _32), _COMMENT)
    return _Frame(tuple(headers), tuple(starts), at, tail)


_START = _frame((0, 0, 0), (0, 0, 0)).headers[0]


def _claims(file: BinaryIO, size: int) -> bool:
    """Tell whether beginning or end are those of a backup; one flipped byte leaves at least one of them whole."""
    file.seek(0)
    start = file.read(len(_START))
    file.seek(max(0, size - _COMMENT))
    end = file.read(len(_SEAL))
    return (start[:4] == _START[:4] and start[30:38] == _START[30:38]) or end == _SEAL


def _read_frame(file: BinaryIO, size: int) -> tuple[_Frame, tuple[int, ...], tuple[int, ...]]:
    """Return the frame of a file, and sizes and check sums of its contents; the frame is compared byte for byte.

    Raises:
        ValueError: it is not what we write.
    """
    length = min(size, _LARGEST_TAIL)
    file.seek(size - length)
    end = file.read(length)[:-_COMMENT]
    entries, at = [], _first_entry(end)
    for name in NAMES:
        fields = struct.unpack_from("<4s6H3L5H2L", end, at)
        crc, said, name_length, extra_length = fields[7], fields[9], fields[10], fields[11]
        if end[at + 46 : at + 46 + name_length] != name.encode():
            raise ValueError("not our names")
        if said == _32:
            said = struct.unpack_from("<Q", end, at + 46 + name_length + 4)[0]
        entries.append((said, crc))
        at += 46 + name_length + extra_length
    sizes, crcs = zip(*entries, strict=True)
    if sizes[1] > _LARGEST_KEYS or sizes[2] > _LARGEST_LIST:
        raise ValueError("larger than we write")
    frame = _frame(sizes, crcs)
    if frame.size != size or not end.endswith(frame.tail):
        raise ValueError("not our end")
    for header, start in zip(frame.headers, frame.starts, strict=True):
        file.seek(start - len(header))
        if file.read(len(header)) != header:
            raise ValueError("not our headers")
    return frame, sizes, crcs


def _first_entry(end: bytes) -> int:
    """Return where the first entry of the table of contents stands in the end of a file."""
    mark = len(end) - 22
    length = struct.unpack_from("<L", end, mark + 12)[0]
    if end[mark - 20 : mark - 16] == b"PK\6\7":
        mark -= 20 + 56
    if mark < length:
        raise ValueError("no table of contents")
    return int(mark - length)


def _read_manifest(said: bytes, sizes: Sequence[int]) -> Manifest:
    """Return what `backup.json` says.

    Raises:
        ValueError: it is not what we write, or does not fit the sizes.
        VaultTooNewError: its format is newer.
    """
    if msgspec.json.decode(said, type=_FormatOnly).format > _FORMAT:
        raise VaultTooNewError
    manifest = msgspec.json.decode(said, type=Manifest)
    if encode_manifest(manifest) != said:
        raise ValueError("not written by us")
    if [(part.name, part.size) for part in manifest.parts] != list(zip(NAMES[:2], sizes[:2], strict=True)):
        raise ValueError("does not fit the contents")
    if datetime.fromisoformat(manifest.made_at).tzinfo is None:
        raise ValueError("a moment without offset")
    bad = set('/\\:*?"<>|') | {chr(code) for code in range(32)}
    if bad & set(manifest.name) or manifest.name.strip(" .") != manifest.name:
        raise ValueError("no name for a folder")
    return manifest


class _FormatOnly(msgspec.Struct):
    format: int


def _damaged(path: Path, state: str) -> BackupDamagedError:
    return BackupDamagedError(path.name, state)


def _forget(descriptor: int) -> None:
    """Ask the system to read the file from the drive the next time, so that reading back proves something."""
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
