"""A file on the disk that only the program which wrote it can read, for work that does not fit into memory."""

import io
import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

_BLOCK = 16


class SecretFile(io.RawIOBase):
    """A nameless file, encrypted with a key that is only in memory (AES-256-CTR), gone when it is closed.

    So what is prepared there can never be found again on the disk, also after the program was killed. Every byte is
    written once, for the key stream of a place must not be used twice.

    Args:
        folder: where there is room for it.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - closed in `close`
        self._key = AES256(os.urandom(32))
        self._at = 0
        self._size = 0

    def close(self) -> None:
        """Give the file back to the system."""
        if not self.closed:
            self._file.close()
        super().close()

    def readable(self) -> bool:
        """It can be read."""
        return True

    def writable(self) -> bool:
        """It can be written to, at its end."""
        return True

    def seekable(self) -> bool:
        """It can be rewound."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        self._at = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence] + offset
        return self._at

    def tell(self) -> int:
        """Return the place."""
        return self._at

    def write(self, data: object, /) -> int:
        """Add bytes at the end."""
        if self._at != self._size:
            raise io.UnsupportedOperation("only the end can be written")
        plain = bytes(memoryview(data))  # type: ignore[arg-type]  # whatever has bytes
        self._file.seek(self._at)
        left = memoryview(self._crypt(plain))
        while left:
            left = left[self._file.write(left) :]
        self._at = self._size = self._at + len(plain)
        return len(plain)

    def readinto(self, buffer: object, /) -> int:
        """Read bytes from the place on."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # whatever has room for bytes
        self._file.seek(self._at)
        found = self._file.read(len(view)) or b""
        view[: len(found)] = self._crypt(found)
        self._at += len(found)
        return len(found)

    def _crypt(self, data: bytes) -> bytes:
        """Encrypt or decrypt bytes that stand at the place."""
        block, skip = divmod(self._at, _BLOCK)
        stream = Cipher(self._key, CTR(block.to_bytes(_BLOCK, "big"))).encryptor()
        stream.update(bytes(skip))
        return stream.update(data)
