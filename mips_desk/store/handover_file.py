"""The bytes of a hand-over file: encrypted in chunks, signed, and refused when a single one is not as it was written.

    magic | length of header | header (JSON) | chunks | signature

The header names format, vault, key and a random file id; nothing else is readable. The chunks are AES-256-GCM under a
key of this file alone (HKDF over the hand-over key and the file id); the nonce of each is its number and whether it is
the last, and each is bound to the header, so that none can be changed, moved, left out or added. The signature
(Ed25519, of the desktop that wrote the file) covers everything before it. `docs/hand-over.md` has every field.
"""

import contextlib
import hashlib
import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .errors import HandoverError, translated_files

FORMAT = 1
_MAGIC = b"MIPSHO\r\n"
_CHUNK = 1 << 20
_TAG = 16
_SIGNATURE = 64
_FILE_ID = 16
_LARGEST_HEADER = 4096
#: Kinds of records in the plain text, and how large one may be.
HELLO, ENTRIES, BLOB, END = b"H", b"E", b"B", b"."
_LIMITS = {HELLO: 1 << 20, ENTRIES: 64 << 20, BLOB: (512 << 20) + 32, END: 1 << 10}
_RECORD = struct.Struct(">cQ")

Progress = Callable[[int, int], None]
Check = Callable[[], None]

_DAMAGED = "This hand-over file is damaged or incomplete. Nothing was changed; ask for it again."


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be read of a hand-over file without a key.

    Attributes:
        format: version of the layout.
        vault: identifier of the vault.
        key: which hand-over key it is encrypted under.
        file: random identifier of the file (hex).
    """

    format: int
    vault: str
    key: str
    file: str


class _FormatOnly(msgspec.Struct):
    format: int


def key_name(key: bytes) -> str:
    """Return the name of a hand-over key, which tells nothing about it."""
    return hashlib.sha256(b"mips-desk hand-over key\n" + key).hexdigest()[:16]


def _file_key(key: bytes, file_id: str) -> AESGCM:
    derived = HKDF(SHA256(), 32, salt=bytes.fromhex(file_id), info=b"mips-desk hand-over file 1").derive(key)
    return AESGCM(derived)


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Writer:
    """Writes a hand-over file beside its place; `finish` seals it and moves it there, anything else leaves nothing.

    Attributes:
        file_id: the random identifier.
        size: bytes written so far.
    """

    def __init__(self, path: Path, vault_id: str, key: bytes):
        self.file_id = os.urandom(_FILE_ID).hex()
        header = msgspec.json.encode(Header(FORMAT, vault_id, key_name(key), self.file_id))
        self._cipher = _file_key(key, self.file_id)
        self._bound = hashlib.sha256(_MAGIC + header).digest()
        self._path = path
        self._beside = path.with_name(f"{path.name}.{os.urandom(4).hex()}.new")
        self._waiting = bytearray()
        self._number = 0
        self._hash = hashlib.sha256()
        self.size = 0
        with translated_files():
            self._file = self._beside.open("xb")
        self._put(_MAGIC + struct.pack(">I", len(header)) + header)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What cannot be tidied up must not hide what went wrong before; what is at its place is there already.
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._beside.unlink(missing_ok=True)

    def add(self, kind: bytes, payload: bytes) -> None:
        """Append a record."""
        assert len(payload) <= _LIMITS[kind]
        self._waiting += _RECORD.pack(kind, len(payload))
        for start in range(0, max(1, len(payload)), _CHUNK):
            self._waiting += payload[start : start + _CHUNK]
            while len(self._waiting) > _CHUNK:
                self._seal(bytes(self._waiting[:_CHUNK]), last=False)
                del self._waiting[:_CHUNK]

    def seal(self, key: Ed25519PrivateKey) -> None:
        """Write the last chunk and the signature, and make all of it durable; the file is not at its place yet."""
        self._seal(bytes(self._waiting), last=True)
        self._put(key.sign(self._hash.digest()))
        with translated_files():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def finish(self) -> None:
        """Move the sealed file to its place."""
        from .disk import sync_folder

        with translated_files():
            self._beside.replace(self._path)
            sync_folder(self._path.parent)

    def _seal(self, plain: bytes, last: bool) -> None:
        self._put(self._cipher.encrypt(_nonce(self._number, last), plain, self._bound))
        self._number += 1

    def _put(self, data: bytes) -> None:
        self._hash.update(data)
        with translated_files():
            self._file.write(data)
        self.size += len(data)


class Reader:
    """Reads a hand-over file; every chunk is proven before a byte of it is handed out.

    Attributes:
        header: what it says of itself.
        size: bytes of the file.
        digest: after all records were read: what the signature covers.
    """

    def __init__(self, path: Path, vault_id: str, keys: list[bytes]):
        """Open a file.

        Args:
            path: the file.
            vault_id: of the practice that it must belong to.
            keys: hand-over keys of this vault.

        Raises:
            HandoverError: it is none, or not one for this vault.
            VaultDiskError: it cannot be read.
        """
        with translated_files():
            if not path.is_file():
                raise HandoverError("There is no such file. Nothing was changed.")
            self.size = path.stat().st_size
            self._file: BinaryIO = path.open("rb")
        try:
            self._open(vault_id, keys)
        except BaseException:
            self._file.close()
            raise

    def _open(self, vault_id: str, keys: list[bytes]) -> None:
        start = self._read(len(_MAGIC) + 4)
        if not start.startswith(_MAGIC) or len(start) < len(_MAGIC) + 4:
            raise HandoverError("This is no hand-over file of MIPS Desk, or its beginning is damaged.")
        (length,) = struct.unpack(">I", start[len(_MAGIC) :])
        data = self._read(length) if length <= _LARGEST_HEADER else b""
        try:
            if msgspec.json.decode(data, type=_FormatOnly).format > FORMAT:
                raise HandoverError("This file was written by a newer version of MIPS Desk. Install that version here.")
            self.header = msgspec.json.decode(data, type=Header)
            sound = len(bytes.fromhex(self.header.file)) == _FILE_ID
        except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
            raise HandoverError(_DAMAGED) from error
        if not sound or msgspec.json.encode(self.header) != data:
            raise HandoverError(_DAMAGED)
        if self.header.vault != vault_id:
            raise HandoverError("This hand-over file belongs to another practice. Nothing was changed.")
        key = next((each for each in keys if key_name(each) == self.header.key), None)
        if key is None:
            raise HandoverError(
                "This file was written after the practice was encrypted with a new key. Start this desktop anew from a"
                " backup of the other one; what was done here can still be handed over before."
            )
        self._cipher = _file_key(key, self.header.file)
        self._bound = hashlib.sha256(_MAGIC + data).digest()
        self._hash = hashlib.sha256(start + data)
        self._body = self.size - len(start) - len(data) - _SIGNATURE
        if self._body < _TAG:
            raise HandoverError(_DAMAGED)

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def records(self, progress: Progress | None = None, check: Check | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Give all records in order; ends only when the last one, and nothing after it, was there.

        Args:
            progress: called with bytes read and in all.
            check: called for each chunk; raises to stop.

        Raises:
            HandoverError: a byte is not as it was written.
        """
        waiting = bytearray()
        ended = False
        for chunk in self._chunks(progress, check):
            waiting += chunk
            start = 0
            while len(waiting) - start >= _RECORD.size:
                kind, length = _RECORD.unpack_from(waiting, start)
                if ended or length > _LIMITS.get(kind, -1):
                    raise HandoverError(_DAMAGED)
                if len(waiting) - start - _RECORD.size < length:
                    break
                begin = start + _RECORD.size
                start = begin + length
                ended = kind == END
                yield kind, bytes(waiting[begin:start])
            del waiting[:start]
        if waiting or not ended:
            raise HandoverError(_DAMAGED)

    def prove(self, public_key: bytes) -> None:
        """Prove after all records were read that a desktop wrote the file.

        Raises:
            HandoverError: it did not.
        """
        signature = self._read(_SIGNATURE + 1)
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, self._hash.digest())
        except (InvalidSignature, ValueError) as error:
            raise HandoverError(_DAMAGED) from error

    def _chunks(self, progress: Progress | None, check: Check | None) -> Iterator[bytes]:
        left, number = self._body, 0
        while left:
            data = self._read(min(left, _CHUNK + _TAG))
            left -= len(data)
            self._hash.update(data)
            try:
                yield self._cipher.decrypt(_nonce(number, last=not left), data, self._bound)
            except (InvalidTag, ValueError) as error:
                raise HandoverError(_DAMAGED) from error
            number += 1
            if check:
                check()
            if progress:
                progress(self.size - left - _SIGNATURE, self.size)

    def _read(self, length: int) -> bytes:
        with translated_files():
            return self._file.read(length)
