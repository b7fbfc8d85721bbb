"""Computers that open a vault without the passphrase, through the key store of their operating system.

Only a convenience: what the key store holds is worthless without the vault's key file, it ends when the computer is
forgotten in the vault, and passphrase and recovery sheet open the vault as before when the key store has lost it.
"""

import base64
import binascii
import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mips_desk.errors import MipsDeskError
from mips_desk.store import Vault, VaultReadOnlyError, WrongPassphraseError, keys
from mips_desk.store import people as store

from . import pending
from .changes import Changed, Changes
from .session import Session, name_at_door, now, opened

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "MIPS Desk"
_SECRET_BYTES = 32
# keyring's own mark for a backend that is fit for use without a person choosing it.
_FIT_PRIORITY = 1

T = TypeVar("T")


class KeyStoreError(MipsDeskError):
    """The key store of this computer cannot be used, or holds nothing for the person."""


def trust_this_computer(session: Session) -> Changes:
    """Let this computer open the vault for the person who has it open, without the passphrase.

    Raises:
        KeyStoreError: this computer has no key store that can be used; nothing was changed.
        VaultReadOnlyError: the vault is open for reading only.
    """
    vault = session.vault
    if vault.read_only:
        raise VaultReadOnlyError
    before = _here(vault)
    slot_id, secret = vault.new_id(), os.urandom(_SECRET_BYTES)
    account, kept = _account(vault, slot_id), base64.b64encode(secret).decode()
    _ask(lambda backend: backend.set_password(_SERVICE, account, kept))
    # There is a backend that takes everything and keeps nothing.
    if _read(account) != kept:
        raise KeyStoreError(_NO_STORE)
    try:
        store.add_computer(vault, slot_id, secret, platform.node())
    except BaseException:
        _drop(account)
        raise
    for slot in before:
        _drop(_account(vault, slot.id))
    return Changes(Changed.PEOPLE, "Trust this computer")


def forget_this_computer(session: Session) -> Changes:
    """Ask for the passphrase on this computer again; does nothing more when the key store cannot be reached."""
    for slot in _here(session.vault):
        store.remove_computer(session.vault, slot.id)
        _drop(_account(session.vault, slot.id))
    return Changes(Changed.PEOPLE, "Stop trusting this computer")


def forget_computer(session: Session, computer_id: str) -> Changes:
    """Stop trusting any of one's own computers; a manager also those of others.

    Args:
        session: the open practice.
        computer_id: from `PersonView.computers`.

    Raises:
        NotInVaultError: it is unknown or forgotten already.
        NotAllowedError: it is somebody else's and the person is no manager.
    """
    here = {slot.id for slot in _here(session.vault)}
    store.remove_computer(session.vault, computer_id)
    if computer_id in here:
        _drop(_account(session.vault, computer_id))
    return Changes(Changed.PEOPLE, "Stop trusting a computer")


def open_from_key_store(folder: Path, person_id: str, *, read_only: bool = False) -> Session:
    """Open a vault with what this computer keeps for a person.

    Args:
        folder: the vault.
        person_id: who; `PersonAtDoor.this_computer` tells whether it can work.
        read_only: as for `open_practice`.

    Raises:
        KeyStoreError: the key store cannot be used, or does not hold the entry any more; the passphrase still opens
            the vault.
        VaultError: as `open_practice`.
    """
    secret = _kept(folder, person_id)
    if secret is None:
        raise KeyStoreError(_NOTHING_KEPT)
    try:
        with pending.noting_failures(folder, now, name_at_door(folder, person_id)):
            vault = Vault.open_with(folder, {"computer": secret}, now=now, person_id=person_id, read_only=read_only)
    except WrongPassphraseError as error:
        raise KeyStoreError(_NOTHING_KEPT) from error
    return opened(vault)


def opens_here(folder: Path, person_id: str) -> bool:
    """Tell whether this computer keeps something that may open a vault for a person.

    Args:
        folder: the vault.
        person_id: who.

    Raises:
        VaultError: the key file cannot be read.
    """
    try:
        return _kept(folder, person_id) is not None
    except KeyStoreError:
        return False


_NO_STORE = "This computer has no key store that can be used. Nothing was changed; your passphrase opens the vault."
_NOTHING_KEPT = "This computer no longer keeps a key for you. Nothing was changed; open the vault with your passphrase."


def _kept(folder: Path, person_id: str) -> bytes | None:
    """Return what the key store holds for a person; it is asked only when the vault trusts a computer of this name."""
    file = keys.read_keys(folder)
    for slot in file.slots:
        if slot.kind == "computer" and slot.person_id == person_id and slot.label == platform.node():
            kept = _read(f"{file.vault}.{slot.id}")
            if kept:
                try:
                    return base64.b64decode(kept, validate=True)
                except (binascii.Error, ValueError):
                    return None
    return None


def _here(vault: Vault) -> list[keys.Slot]:
    me, host = vault.person.id, platform.node()
    return [slot for slot in store.slots(vault) if (slot.kind, slot.person_id, slot.label) == ("computer", me, host)]


def _account(vault: Vault, slot_id: str) -> str:
    return f"{store.vault_id(vault)}.{slot_id}"


def _read(account: str) -> str | None:
    return _ask(lambda backend: backend.get_password(_SERVICE, account))


def _drop(account: str) -> None:
    """Delete an entry; one that stays behind is worthless without its slot in the vault."""
    try:
        _ask(lambda backend: backend.delete_password(_SERVICE, account))
    except KeyStoreError:
        return


def _ask(what: "Callable[[KeyringBackend], T]") -> T:
    import keyring

    try:
        backend = keyring.get_keyring()
        if backend.priority < _FIT_PRIORITY:
            raise KeyStoreError(_NO_STORE)
        return what(backend)
    except KeyStoreError:
        raise
    except Exception as error:  # besides keyring's own, whatever the system behind it raises
        raise KeyStoreError(_NO_STORE) from error
