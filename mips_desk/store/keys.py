"""The keys of a vault: one random vault key, and slots that give it to whoever knows a secret.

Each slot has a key pair (X25519). The vault key is sealed to its public half; the private half is wrapped under what
the person knows. So a new vault key can be given to everybody without anybody's passphrase.

`keys.json` is plain text and holds no secret: without one it tells who may open the vault, nothing else. Its `mac` can
be made by those alone who have the vault key, so that a file put together by somebody else shows.
"""

import hashlib
import hmac
import os
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mips_desk.domain.practice import Person, Role
from mips_desk.errors import BadInputError

from .disk import write_safely
from .errors import (
    KeyFileNeededError,
    NotAVaultError,
    VaultDamagedError,
    VaultTooNewError,
    WrongPassphraseError,
    WrongRecoveryKeyError,
    translated_files,
)

KEYS_NAME = "keys.json"
KEY_BYTES = 32
_FIRST_FORMAT = 1
_FORMAT = 2
_SALT_BYTES = 16
_NONCE_BYTES = 12
_PUBLIC_BYTES = 32
_LARGEST_FILE = 1 << 20
_LARGEST_KEY_FILE = 16 << 20
# The key that a sealed vault key is encrypted with is made for it alone, so its nonce need not vary.
_ONLY_NONCE = bytes(_NONCE_BYTES)

Kind = Literal["passphrase", "passphrase_and_file", "recovery", "computer"]
#: Kinds that a person types; the others are random.
TYPED: tuple[Kind, ...] = ("passphrase", "passphrase_and_file")


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

    def raised_to(self, least: "KeyCost | None") -> "KeyCost":
        """Return this cost with nothing in it below another one."""
        if least is None:
            return self
        return KeyCost(
            max(self.memory_kib, least.memory_kib), max(self.passes, least.passes), max(self.lanes, least.lanes)
        )


#: For secrets that are random already and need no stretching.
RANDOM_COST = KeyCost(memory_kib=8, passes=1, lanes=1)


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to the vault key.

    Who the person is today, and in which role, is what the vault says; the slot's name only helps before it is open.

    Attributes:
        id: identifier of the slot; a slot made anew for another secret has another one.
        kind: what opens it: a passphrase; a passphrase with a file; the key on the recovery sheet; a random secret in
            the key store of a computer.
        person_id: whose it is; empty for the recovery sheet.
        person_name: name of that person.
        label: name of the computer; empty for other kinds.
        made_at: ISO 8601 moment with offset.
        cost: Argon2id parameters.
        salt: 16 random bytes.
        nonce: 12 random bytes.
        public_key: X25519.
        private_key: X25519, under AES-256-GCM with a key from the secret, with its tag.
        vault_key: the vault key sealed to the public key: a public key made for it (32 bytes), then AES-256-GCM.
        next_key: the same for the key that the vault is being re-encrypted with; empty otherwise.
    """

    id: str
    kind: Kind
    person_id: str
    person_name: str
    label: str
    made_at: str
    cost: KeyCost
    salt: bytes
    nonce: bytes
    public_key: bytes
    private_key: bytes = b""
    vault_key: bytes = b""
    next_key: bytes = b""


class FirstSlot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The slot of the first format: the vault key itself is wrapped under the passphrase."""

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


class FirstKeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `keys.json` in the first format, whose vaults had one person."""

    format: int
    vault: str
    slots: Annotated[tuple[FirstSlot, ...], msgspec.Meta(min_length=1, max_length=1)]
    checksum: str = ""


class KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `keys.json`.

    Attributes:
        format: version of the layout.
        vault: identifier of the vault.
        serial: 1, 2, 3 ... with every change.
        command: the event of the journal that it was last written for.
        by: identifier of the person who did that.
        at: ISO 8601 moment of it with offset.
        slots: one or more.
        mac: HMAC-SHA256 of the file, with this field and the checksum empty, under a key that follows from the vault
            key.
        checksum: SHA-256 (hex) of the file with this field empty; tells damage from a wrong passphrase, proves nothing.
    """

    format: int
    vault: str
    serial: int
    command: str
    by: str
    at: str
    slots: tuple[Slot, ...]
    mac: bytes = b""
    checksum: str = ""


class Unlocked(msgspec.Struct, frozen=True):
    """What a secret gave.

    Attributes:
        slot: the slot that it opened.
        keys: the vault key, and behind it the next one when the vault was being re-encrypted.
        secret: the secret.
    """

    slot: Slot | FirstSlot
    keys: tuple[bytes, ...]
    secret: bytes


def new_vault_key() -> bytes:
    """Return a new random vault key."""
    return os.urandom(KEY_BYTES)


def passphrase_secret(passphrase: str, key_file: bytes = b"") -> bytes:
    """Return the secret that a passphrase stands for.

    Args:
        passphrase: as typed; the same text typed on macOS and on Windows may reach us in different Unicode forms.
        key_file: SHA-256 of the person's key file; empty without one.
    """
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return typed + b"\0" + key_file if key_file else typed


def new_secret(passphrase: str, key_file: bytes = b"") -> bytes:
    """Return the secret of a passphrase that is being set.

    Raises:
        BadInputError: it is empty, nothing but spaces, or holds the character that parts it from the key file.
    """
    if not passphrase.strip() or "\0" in passphrase:
        raise BadInputError("A vault needs a passphrase. Nothing was changed; type one, the longer the better.")
    return passphrase_secret(passphrase, key_file)


def hash_key_file(path: Path) -> bytes:
    """Return the SHA-256 of a key file.

    Raises:
        BadInputError: it is empty, too large for one, or cannot be read.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST_KEY_FILE + 1)
    except OSError as error:
        raise BadInputError("The key file cannot be read. Nothing was changed; is its USB stick plugged in?") from error
    if not 0 < len(data) <= _LARGEST_KEY_FILE:
        raise BadInputError("A key file must not be empty or larger than 16 MB. Nothing was changed.")
    return hashlib.sha256(data).digest()


def make_slot(
    vault_id: str,
    slot_id: str,
    person: Person | None,
    key: bytes,
    kind: Kind,
    secret: bytes,
    at: datetime,
    cost: KeyCost,
    label: str = "",
) -> Slot:
    """Make a new key pair for a secret and seal the vault key to it.

    Args:
        vault_id: identifier of the vault.
        slot_id: identifier of the new slot.
        person: whose slot it is; None for the recovery sheet.
        key: the vault key.
        kind: what the secret is.
        secret: see `new_secret`.
        at: now.
        cost: Argon2id parameters.
        label: name of the computer.
    """
    private = X25519PrivateKey.generate()
    slot = Slot(
        id=slot_id,
        kind=kind,
        person_id=person.id if person else "",
        person_name=person.name if person else "",
        label=label,
        made_at=at.isoformat(),
        cost=cost,
        salt=os.urandom(_SALT_BYTES),
        nonce=os.urandom(_NONCE_BYTES),
        public_key=private.public_key().public_bytes_raw(),
    )
    wrapped = AESGCM(_stretched(slot, secret)).encrypt(slot.nonce, private.private_bytes_raw(), _header(vault_id, slot))
    return msgspec.structs.replace(slot, private_key=wrapped, vault_key=seal_key(vault_id, slot, key))


def seal_key(vault_id: str, slot: Slot, key: bytes) -> bytes:
    """Return a vault key sealed to a slot; needs no secret.

    Args:
        vault_id: identifier of the vault.
        slot: one that is known to be genuine, or the key goes to whoever made it.
        key: the vault key.
    """
    once = X25519PrivateKey.generate()
    public = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(slot.public_key))
    key_for_it = _sealing_key(shared, public, slot.public_key)
    return public + AESGCM(key_for_it).encrypt(_ONLY_NONCE, key, _sealed_for(vault_id, slot))


def unlock(file: KeyFile | FirstKeyFile, secrets: Mapping[Kind, bytes], person_id: str = "") -> Unlocked:
    """Return what a secret gives.

    Args:
        file: the key file.
        secrets: the secret for each kind of slot that it may open.
        person_id: try only what belongs to this person or to nobody; empty: everything.

    Raises:
        WrongPassphraseError: no slot opens with it.
        KeyFileNeededError: the person has a passphrase that goes with a key file only, and none was given.
    """
    slots = [slot for slot in file.slots if not person_id or slot.person_id in ("", person_id)]
    for slot in slots:
        if slot.kind not in secrets:
            continue
        try:
            return Unlocked(slot, _open_slot(file.vault, slot, secrets[slot.kind]), secrets[slot.kind])
        except (InvalidTag, ValueError, HashingError):
            continue
    typed = {slot.kind for slot in slots if slot.kind in TYPED}
    if person_id and typed == {"passphrase_and_file"} and "passphrase" in secrets and not typed & secrets.keys():
        raise KeyFileNeededError
    raise WrongRecoveryKeyError if "recovery" in secrets else WrongPassphraseError


def read_keys(folder: Path) -> KeyFile | FirstKeyFile:
    """Read the key file of a vault.

    Args:
        folder: the vault.

    Raises:
        NotAVaultError: there is none.
        VaultTooNewError: its layout is newer than this version knows.
        VaultDamagedError: it is not byte for byte what was written.
    """
    return decode_keys(read_bytes(folder))


def read_bytes(folder: Path) -> bytes:
    """Return the key file of a vault as it is.

    Raises:
        NotAVaultError: there is none.
        VaultDamagedError: it is far too large.
    """
    path = folder / KEYS_NAME
    if not path.is_file():
        raise NotAVaultError
    with translated_files():
        if path.stat().st_size > _LARGEST_FILE:
            raise VaultDamagedError("The key file keys.json")
        return path.read_bytes()


def decode_keys(data: bytes) -> KeyFile | FirstKeyFile:
    """Return what the bytes of a key file say; `read_keys` tells what may go wrong."""
    file: KeyFile | FirstKeyFile
    try:
        number = msgspec.json.decode(data, type=_FormatOnly).format
        if number > _FORMAT:
            raise VaultTooNewError
        if number == _FIRST_FORMAT:
            file = msgspec.json.decode(data, type=FirstKeyFile)
        else:
            file = msgspec.json.decode(data, type=KeyFile)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise VaultDamagedError("The key file keys.json") from error
    # Comparing all bytes, not only the checksum, also reports a change that JSON would read over.
    if encode_keys(file) != data:
        raise VaultDamagedError("The key file keys.json")
    return file


def encode_keys(file: KeyFile | FirstKeyFile) -> bytes:
    """Return the bytes of a key file, its checksum made anew."""
    bare = msgspec.structs.replace(file, checksum="")
    checksum = hashlib.sha256(msgspec.json.encode(bare)).hexdigest()
    return msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(bare, checksum=checksum)), indent=2) + b"\n"


def make_file(
    key: bytes, vault_id: str, serial: int, command: str, by: str, at: datetime, slots: Iterable[Slot]
) -> bytes:
    """Return the bytes of a key file that shows to be made by somebody who has the vault key.

    Args:
        key: the vault key.
        vault_id: identifier of the vault.
        serial: one more than that of the file before.
        command: the event of the journal that it is written for.
        by: identifier of the person who does that.
        at: now.
        slots: all slots.
    """
    file = KeyFile(_FORMAT, vault_id, serial, command, by, at.isoformat(), tuple(slots))
    return encode_keys(msgspec.structs.replace(file, mac=_mac(key, file)))


def is_genuine(file: KeyFile | FirstKeyFile, key: bytes) -> bool:
    """Tell whether a key file was made by somebody who has the vault key; it may be an old one.

    Args:
        file: the key file.
        key: the vault key.
    """
    return isinstance(file, KeyFile) and hmac.compare_digest(file.mac, _mac(key, file))


def write_bytes(folder: Path, data: bytes) -> None:
    """Write the key file of a vault in one step: before it the old slots count, after it the new ones.

    Args:
        folder: the vault.
        data: from `make_file`.
    """
    with translated_files():
        write_safely(folder / KEYS_NAME, data)


class _FormatOnly(msgspec.Struct):
    format: int


def _open_slot(vault_id: str, slot: Slot | FirstSlot, secret: bytes) -> tuple[bytes, ...]:
    wrapping = AESGCM(_stretched(slot, secret))
    if isinstance(slot, FirstSlot):
        found = [wrapping.decrypt(slot.nonce, slot.wrapped_key, _first_header(vault_id, slot))]
    else:
        private = X25519PrivateKey.from_private_bytes(
            wrapping.decrypt(slot.nonce, slot.private_key, _header(vault_id, slot))
        )
        found = []
        for sealed in filter(None, (slot.vault_key, slot.next_key)):
            public = sealed[:_PUBLIC_BYTES]
            shared = private.exchange(X25519PublicKey.from_public_bytes(public))
            opening = AESGCM(_sealing_key(shared, public, slot.public_key))
            found.append(opening.decrypt(_ONLY_NONCE, sealed[_PUBLIC_BYTES:], _sealed_for(vault_id, slot)))
    if not found or any(len(key) != KEY_BYTES for key in found):
        raise ValueError("not a vault key")
    return tuple(found)


def _stretched(slot: Slot | FirstSlot, secret: bytes) -> bytes:
    return hash_secret_raw(
        secret,
        slot.salt,
        time_cost=slot.cost.passes,
        memory_cost=slot.cost.memory_kib,
        parallelism=slot.cost.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _sealing_key(shared: bytes, once: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"MIPS Desk sealed vault key" + once + public).derive(shared)


def _mac(key: bytes, file: KeyFile) -> bytes:
    mac_key = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"MIPS Desk key file").derive(key)
    return hmac.digest(mac_key, msgspec.json.encode(msgspec.structs.replace(file, mac=b"", checksum="")), "sha256")


def _header(vault_id: str, slot: Slot) -> bytes:
    """Return the bytes that the private key is bound to: all of the slot but keys, and the name, which may change."""
    bare = msgspec.structs.replace(slot, person_name="", nonce=b"", private_key=b"", vault_key=b"", next_key=b"")
    return msgspec.json.encode([_FORMAT, vault_id, bare])


def _sealed_for(vault_id: str, slot: Slot) -> bytes:
    return msgspec.json.encode([_FORMAT, vault_id, slot.id])


def _first_header(vault_id: str, slot: FirstSlot) -> bytes:
    return msgspec.json.encode([_FIRST_FORMAT, vault_id, msgspec.structs.replace(slot, nonce=b"", wrapped_key=b"")])
