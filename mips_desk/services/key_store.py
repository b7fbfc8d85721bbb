"""Computers that open a vault without the passphrase, through the key store of their operating system.

Only a convenience: what the key store holds is worthless without the vault's key file, it ends when the computer is
forgotten in the vault, and passphrase and recovery sheet open the vault as before when the key store has lost it.
"""

from pathlib import Path

from .changes import Changes
from .session import Session


def trust_this_computer(session: Session) -> Changes:
    """Let this computer open the vault for the person who has it open, without the passphrase.

    Raises:
        KeyStoreError: this computer has no key store that can be used; nothing was changed.
        VaultReadOnlyError: the vault is open for reading only.
    """
    raise NotImplementedError


def forget_this_computer(session: Session) -> Changes:
    """Ask for the passphrase on this computer again; does nothing more when the key store cannot be reached."""
    raise NotImplementedError


def forget_computer(session: Session, computer_id: str) -> Changes:
    """Stop trusting any of one's own computers; a manager also those of others.

    Args:
        session: the open practice.
        computer_id: from `PersonView.computers`.

    Raises:
        NotInVaultError: it is unknown or forgotten already.
        NotAllowedError: it is somebody else's and the person is no manager.
    """
    raise NotImplementedError


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
    raise NotImplementedError
