"""The ZIP file of an audit package: written in one fixed form, and read strictly in that form only.

Contents are stored, not compressed (pictures and PDFs are compressed already), one after the other without a gap, with
one time stamp for all. The comment at the end holds a seal: a SHA-256 over all bytes before its 64 digits. So every
changed byte shows, and nothing can hide between, before or behind the contents.

Sources: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3; AES encryption as WinZip publishes
it (AE-2), which pyzipper writes.
"""

import hashlib
import os
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

#: Bytes read at a time.
PIECE: Final = 1 << 20
#: More contents than this are never written, and never looked at.
MOST_ENTRIES: Final = 20_000
#: Bytes that a content takes in the file besides its own and twice its name, at most.
ENTRY_ROOM: Final = 240
#: Bytes at the end of the file, at most.
END_ROOM: Final = 300
#: The first content of a file that is encrypted says how to open it.
HOW_TO_OPEN: Final = "HOW-TO-OPEN.txt"

_COMMENT: Final = "MIPS Desk audit package, part {} of {}, seal "
_SEALED: Final = re.compile(rb"MIPS Desk audit package, part ([1-9]\d{0,2}) of ([1-9]\d{0,2}), seal ([0-9a-f]{64})")
_SEAL: Final = 64
#: 1980-01-01 00:00, the zero of DOS time.
_ZERO: Final = (1980, 1, 1, 0, 0, 0)
_FILE: Final = 0o100644 << 16
_NAME: Final = re.compile(r"(?:exhibits/)?[A-Za-z0-9][A-Za-z0-9._-]{0,120}")
_FIRST: Final = re.compile(rb"(?:binder\.pdf|HOW-TO-OPEN\.txt|exhibits/)")
_LARGEST_TABLE: Final = 8 << 20
_32: Final = 0xFFFFFFFF
_AES: Final = 0x9901
#: Version 2, vendor "AE", strength 3 (256 bits), stored.
_AES_256: Final = struct.pack("<HHH2sBH", _AES, 7, 2, b"AE", 3, 0)
#: Salt, check value and authentication code around contents that are encrypted.
_AES_ROOM: Final = 16 + 2 + 10


class StructureError(ValueError):
    """A ZIP file is not in the form that packages have.

    Attributes:
        where: the place, in words.
        what: what is wrong there, a sentence.
    """

    def __init__(self, where: str, what: str) -> None:
        super().__init__(what)
        self.where = where
        self.what = what


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the contents.

    Attributes:
        name: with "/" between folder and file.
        size: bytes of the content itself.
        start: where its bytes start in the file; encrypted ones start with their salt.
        length: bytes that it takes there.
        encrypted: its bytes are encrypted.
    """

    name: str
    size: int
    start: int
    length: int
    encrypted: bool


@dataclass(frozen=True, slots=True)
class Structure:
    """A file that has the form of a package.

    Attributes:
        entries: in the order of the file.
        size: bytes of the file.
        part: which part it is, from 1.
        parts: how many there are.
        seal: what its comment says (hex).
    """

    entries: tuple[Entry, ...]
    size: int
    part: int
    parts: int
    seal: str

    @property
    def encrypted(self) -> bool:
        """Its contents are encrypted."""
        return any(entry.encrypted for entry in self.entries)


class ZipOut:
    """A package that is being written to a file.

    Args:
        stream: empty; can be rewound.
        passphrase: encrypts what is added; empty: it is not encrypted.
    """

    def __init__(self, stream: BinaryIO, passphrase: str = "") -> None:
        self._stream = stream
        self._encryption: Any = None
        self._secret = passphrase.encode()
        if passphrase:
            import pyzipper

            self._encryption = pyzipper.WZ_AES
            self._zip: Any = pyzipper.AESZipFile(
                stream, "w", pyzipper.ZIP_STORED, encryption=self._encryption, encryption_kwargs={"nbits": 256}
            )
        else:
            self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED)
        self._info = self._zip.zipinfo_cls if passphrase else zipfile.ZipInfo
        self.size = END_ROOM

    def add(self, name: str, size: int, pieces: Iterable[bytes], *, plain: bool = False) -> None:
        """Add a content.

        Args:
            name: of the content.
            size: bytes of it.
            pieces: the bytes.
            plain: leave it as it is where the others are encrypted.
        """
        info = self._info(name, _ZERO)
        info.compress_type = zipfile.ZIP_STORED
        info.create_system, info.external_attr, info.file_size = 3, _FILE, size
        if self._encryption:
            self._zip.encryption, self._zip.pwd = (None, None) if plain else (self._encryption, self._secret)
        with self._zip.open(info, "w") as entry:
            for piece in pieces:
                entry.write(piece)
        self.size += room(name, size)

    def abandon(self) -> None:
        """Write nothing more, also not the table of contents; nothing happens to one that is finished."""
        self._zip.fp = None

    def finish(self, part: int, parts: int) -> str:
        """Write the table of contents and the seal; return the SHA-256 (hex) of the whole file.

        Args:
            part: which part this is, from 1.
            parts: how many there are.
        """
        self._zip.comment = _COMMENT.format(part, parts).encode() + b"0" * _SEAL
        self._zip.close()
        end = self._stream.seek(0, os.SEEK_END) - _SEAL
        self._stream.seek(0)
        whole = hashlib.sha256()
        for piece in _pieces(self._stream, end):
            whole.update(piece)
        seal = whole.hexdigest().encode()
        self._stream.seek(end)
        self._stream.write(seal)
        whole.update(seal)
        return whole.hexdigest()


def room(name: str, size: int) -> int:
    """Return how many bytes a content takes in a file, at most.

    Args:
        name: of the content.
        size: bytes of it.
    """
    return size + 2 * len(name) + ENTRY_ROOM


def claims(path_start: bytes, path_end: bytes) -> bool:
    """Tell whether a file is, or once was, a package; one changed byte leaves beginning or end as they were.

    Args:
        path_start: the first bytes of the file.
        path_end: its last bytes.
    """
    begun = path_start[:4] == b"PK\3\4" and _FIRST.match(path_start[30:60]) is not None
    return begun or b"MIPS Desk audit package, part " in path_end[-END_ROOM:]


def read_structure(file: BinaryIO) -> Structure:
    """Return what a package holds; none of its contents is read.

    Args:
        file: can be rewound.

    Raises:
        StructureError: it has another form.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - END_ROOM))
    tail = file.read(END_ROOM)
    try:
        at = _end_record(tail)
        (_, disk, disk2, count, count2, length, start, comment) = struct.unpack_from("<4s4H2LH", tail, at)
        said = _SEALED.fullmatch(tail[at + 22 :])
        if said is None or comment != len(said[0]) or disk or disk2 or count != count2:
            raise StructureError(
                "Seal", "It is missing or damaged: the file was changed, or packed anew by something else."
            )
        table_end = size - len(tail) + at
        if _32 in (length, start) or count == 0xFFFF:
            if at < 76:
                raise StructureError("Table of contents", "It is damaged.")
            count, length, start, table_end = _far_end(tail, at, table_end)
        if count > MOST_ENTRIES or length > _LARGEST_TABLE:
            raise StructureError("Table of contents", "It lists more than a package ever holds.")
        if start + length != table_end:
            raise StructureError("Table of contents", "It is damaged.")
        file.seek(start)
        entries = tuple(_entries(file, file.read(length), count, start))
    except struct.error as error:
        raise StructureError("Table of contents", "It is damaged.") from error
    part, parts = int(said[1]), int(said[2])
    if part > parts:
        raise StructureError("Seal", "It is damaged.")
    return Structure(entries, size, part, parts, said[3].decode())


def _end_record(tail: bytes) -> int:
    """Return where the end record stands in the last bytes of a file."""
    at = tail.rfind(b"PK\5\6")
    if at < 0 or at + 22 > len(tail):
        raise StructureError("End of the file", "The file is cut short, or its end was changed.")
    return at


def _far_end(tail: bytes, at: int, table_end: int) -> tuple[int, int, int, int]:
    """Return number, length and start of the table of contents, and its end, from the 64-bit records."""
    mark, disk, where, disks = struct.unpack_from("<4sLQL", tail, at - 20)
    wide = struct.unpack_from("<4sQ2H2L4Q", tail, at - 76)
    count, count2, length, start = wide[6:]
    fits = (mark, disk, disks) == (b"PK\6\7", 0, 1) and (wide[0], wide[1]) == (b"PK\6\6", 44)
    if not fits or where != table_end - 76 or count != count2 or wide[4] or wide[5]:
        raise StructureError("Table of contents", "It is damaged.")
    return count, length, start, table_end - 76


def _entries(file: BinaryIO, table: bytes, count: int, start: int) -> Iterator[Entry]:
    """Give the contents; each begins where the one before ends, so that none overlaps another or hides something."""
    at, expected = 0, 0
    seen: set[str] = set()
    for _ in range(count):
        entry, at, offset = _entry(table, at)
        name = entry.name
        if _NAME.fullmatch(name) is None or ".." in name:
            raise StructureError("Table of contents", "It names a file as MIPS Desk never names one.")
        if name.casefold() in seen:
            raise StructureError(name, "The name stands twice in the package.")
        seen.add(name.casefold())
        if offset != expected:
            raise StructureError(name, "The contents overlap, or something lies between them.")
        file.seek(offset)
        header = file.read(30 + len(name) + 64)
        found = _local(header, name)
        if found != (entry.size, entry.length, entry.encrypted, entry.start):
            raise StructureError(name, "Its header does not fit the table of contents.")
        data_at = offset + 30 + len(name) + struct.unpack_from("<H", header, 28)[0]
        expected = data_at + entry.length
        yield Entry(name, entry.size, data_at, entry.length, entry.encrypted)
    if at != len(table) or expected != start:
        raise StructureError("Table of contents", "Something lies between it and the contents.")


def _entry(table: bytes, at: int) -> tuple[Entry, int, int]:
    """Return an entry of the table of contents with its check sum as `start`, where the next begins, and its offset."""
    fields = struct.unpack_from("<4s6H3L5H2L", table, at)
    mark, _by, _needs, flags, method, time, day, crc, length, size = fields[:10]
    name_length, extra_length, comment, disk, _internal, outside, offset = fields[10:]
    name = table[at + 46 : at + 46 + name_length].decode("ascii", "replace")
    extra = table[at + 46 + name_length : at + 46 + name_length + extra_length]
    if mark != b"PK\1\2" or comment or disk or outside != _FILE or (time, day) != (0, 0x21):
        raise StructureError(name if _NAME.fullmatch(name) else "Table of contents", "Its entry was changed.")
    size, length, offset, encrypted = _meant(name, flags, method, size, length, offset, extra)
    return Entry(name, size, crc, length, encrypted), at + 46 + name_length + extra_length, offset


def _local(header: bytes, name: str) -> tuple[int, int, bool, int]:
    """Return size, length, whether it is encrypted, and check sum from the header before a content."""
    mark, _needs, flags, method, time, day, crc, length, size, name_length, extra_length = struct.unpack_from(
        "<4s5H3L2H", header
    )
    if mark != b"PK\3\4" or (time, day) != (0, 0x21) or header[30 : 30 + name_length] != name.encode():
        raise StructureError(name, "Its header was changed.")
    extra = header[30 + name_length : 30 + name_length + extra_length]
    if len(extra) != extra_length:
        raise StructureError(name, "Its header was changed.")
    size, length, _, encrypted = _meant(name, flags, method, size, length, 0, extra)
    return size, length, encrypted, crc


def _meant(
    name: str, flags: int, method: int, size: int, length: int, offset: int, extra: bytes
) -> tuple[int, int, int, bool]:
    """Return size, length and offset where 64-bit fields hold them, and whether it is encrypted."""
    encrypted = method == 99
    if (flags, method) not in ((0, 0), (1, 99)):
        raise StructureError(name, "It is compressed or marked as packages never are.")
    if extra[:2] == b"\1\0":
        (wide,) = struct.unpack_from("<H", extra, 2)
        values = list(struct.unpack(f"<{wide // 8}Q", extra[4 : 4 + wide]))
        extra = extra[4 + wide :]
        size = values.pop(0) if size == _32 and values else size
        length = values.pop(0) if length == _32 and values else length
        offset = values.pop(0) if offset == _32 and values else offset
        if values:
            raise StructureError(name, "Its header was changed.")
    if extra != (_AES_256 if encrypted else b"") or length != size + (_AES_ROOM if encrypted else 0):
        raise StructureError(name, "Its header was changed.")
    return size, length, offset, encrypted


def content(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Give the bytes of a content that is not encrypted.

    Args:
        file: the package.
        entry: the content.
    """
    file.seek(entry.start)
    return _pieces(file, entry.length)


def decrypted(file: BinaryIO, passphrase: str) -> Callable[[Entry], Iterator[bytes]]:
    """Return what gives the bytes of contents that are encrypted; each raises ValueError when it does not open.

    Args:
        file: the package.
        passphrase: it was encrypted with.
    """
    import pyzipper

    archive = pyzipper.AESZipFile(file)
    archive.setpassword(passphrase.encode("utf-8", "replace"))

    def give(entry: Entry) -> Iterator[bytes]:
        try:
            with archive.open(entry.name) as found:
                while piece := found.read(PIECE):
                    yield piece
        except (RuntimeError, pyzipper.BadZipFile, EOFError) as error:
            raise ValueError("does not open") from error

    return give


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0:
        piece = file.read(min(PIECE, size))
        if not piece:
            raise StructureError("End of the file", "The file is cut short.")
        size -= len(piece)
        yield piece
