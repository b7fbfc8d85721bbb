"""The keys of a vault: one random vault key, and for each person a slot that wraps it under a passphrase.

`keys.json` is plain text and holds no secret: without a passphrase it tells who may open the vault, nothing else.
"""

import hashlib
import os
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mips_desk.domain.practice import Person, Role
from mips_desk.errors import BadInputError

from .disk import write_safely
from .errors import NotAVaultError, VaultDamagedError, VaultTooNewError, WrongPassphraseError, translated_files

KEYS_NAME = "keys.json"
KEY_BYTES = 32
_FORMAT = 1
_SALT_BYTES = 16
_NONCE_BYTES = 12
_LARGEST_FILE = 1 << 20


class KeyCost(msgspec.Struct, frozen=True):
    """What one guess at a passphrase costs (Argon2id, RFC 9106).

    The defaults are what the app uses: 128 MiB and 3 passes, about 0.3 s on a 2-core machine. Only tests make vaults
    with less. The upper bounds keep a forged key file from exhausting the computer's memory.

    Attributes:
        memory_kib: memory in KiB.
        passes: passes over the memory.
        lanes: threads.
    """

    memory_kib: Annotated[int, msgspec.Meta(ge=8, le=1 << 20)] = 128 * 1024
    passes: Annotated[int, msgspec.Meta(ge=1, le=64)] = 3
    lanes: Annotated[int, msgspec.Meta(ge=1, le=16)] = 4


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The vault key wrapped for one person.

    Name and role are those of the day the slot was made, bound to the wrapped key; the person's record in the vault
    is what counts today, so that a role can change without the person's passphrase.

    Attributes:
        id: identifier of the slot.
        kind: what opens it.
        made_at: ISO 8601 moment with offset.
        cost: Argon2id parameters.
        salt: 16 random bytes.
        nonce: 12 random bytes.
        wrapped_key: the vault key under AES-256-GCM, with its tag.
    """

    id: str
    kind: Literal["passphrase"]
    person_id: str
    person_name: str
    role: Role
    made_at: str
    cost: KeyCost
    salt: bytes
    nonce: bytes
    wrapped_key: bytes


class KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `keys.json`.

    Attributes:
        format: version of the layout.
        vault: identifier of the vault.
        slots: one or more.
        checksum: SHA-256 (hex) of the file with this field empty; tells damage from a wrong passphrase, proves nothing.
    """

    format: int
    vault: str
    slots: tuple[Slot, ...]
    checksum: str = ""


def new_vault_key() -> bytes:
    """Return a new random vault key."""
    return os.urandom(KEY_BYTES)


def make_slot(
    vault_id: str, slot_id: str, person: Person, key: bytes, passphrase: str, at: datetime, cost: KeyCost
) -> Slot:
    """Wrap the vault key for a person.

    Args:
        vault_id: identifier of the vault.
        slot_id: identifier of the new slot.
        person: whose slot it is.
        key: the vault key.
        passphrase: as typed.
        at: now.
        cost: Argon2id parameters.

    Raises:
        BadInputError: the passphrase is empty or nothing but spaces.
    """
    if not passphrase.strip():
        raise BadInputError("A vault needs a passphrase. Nothing was made; type one, the longer the better.")
    slot = Slot(
        id=slot_id,
        kind="passphrase",
        person_id=person.id,
        person_name=person.name,
        role=person.role,
        made_at=at.isoformat(),
        cost=cost,
        salt=os.urandom(_SALT_BYTES),
        nonce=os.urandom(_NONCE_BYTES),
        wrapped_key=b"",
    )
    wrapped = AESGCM(_passphrase_key(slot, passphrase)).encrypt(slot.nonce, key, _header(vault_id, slot))
    return msgspec.structs.replace(slot, wrapped_key=wrapped)


def unlock(keys: KeyFile, passphrase: str) -> tuple[bytes, Slot]:
    """Return the vault key and the slot that gave it.

    Args:
        keys: the key file.
        passphrase: as typed.

    Raises:
        WrongPassphraseError: no slot opens with it.
    """
    for slot in keys.slots:
        try:
            key = AESGCM(_passphrase_key(slot, passphrase)).decrypt(
                slot.nonce, slot.wrapped_key, _header(keys.vault, slot)
            )
        except (InvalidTag, ValueError, HashingError):
            continue
        if len(key) == KEY_BYTES:
            return key, slot
    raise WrongPassphraseError


def read_keys(folder: Path) -> KeyFile:
    """Read the key file of a vault.

    Args:
        folder: the vault.

    Raises:
        NotAVaultError: there is none.
        VaultTooNewError: its layout is newer than this version knows.
        VaultDamagedError: it is not byte for byte what was written.
    """
    path = folder / KEYS_NAME
    if not path.is_file():
        raise NotAVaultError
    with translated_files():
        if path.stat().st_size > _LARGEST_FILE:
            raise VaultDamagedError("The key file keys.json")
        data = path.read_bytes()
    try:
        if msgspec.json.decode(data, type=_FormatOnly).format > _FORMAT:
            raise VaultTooNewError
        keys = msgspec.json.decode(data, type=KeyFile)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise VaultDamagedError("The key file keys.json") from error
    # Comparing all bytes, not only the checksum, also reports a change that JSON would read over.
    if encode_keys(keys) != data:
        raise VaultDamagedError("The key file keys.json")
    return keys


def encode_keys(keys: KeyFile) -> bytes:
    """Return the bytes of a key file, its checksum made anew."""
    bare = msgspec.structs.replace(keys, checksum="")
    checksum = hashlib.sha256(msgspec.json.encode(bare)).hexdigest()
    return msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(bare, checksum=checksum)), indent=2) + b"\n"


def write_keys(folder: Path, vault_id: str, slots: tuple[Slot, ...]) -> None:
    """Write the key file of a vault in one step: before it the old slots count, after it the new ones.

    Args:
        folder: the vault.
        vault_id: identifier of the vault.
        slots: all slots.
    """
    with translated_files():
        write_safely(folder / KEYS_NAME, encode_keys(KeyFile(_FORMAT, vault_id, slots)))


class _FormatOnly(msgspec.Struct):
    format: int


def _passphrase_key(slot: Slot, passphrase: str) -> bytes:
    # The same passphrase typed on macOS and on Windows may reach us in different Unicode forms.
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        secret,
        slot.salt,
        time_cost=slot.cost.passes,
        memory_cost=slot.cost.memory_kib,
        parallelism=slot.cost.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _header(vault_id: str, slot: Slot) -> bytes:
    """Return the bytes that the wrapped key is bound to: everything about the slot but the key."""
    return msgspec.json.encode([_FORMAT, vault_id, msgspec.structs.replace(slot, nonce=b"", wrapped_key=b"")])
