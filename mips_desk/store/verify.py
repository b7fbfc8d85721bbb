"""The check of a vault that is not open."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from .checks import Problem
from .errors import VaultDamagedError
from .vault import Vault, unlock_vault


def verify_vault(folder: Path, passphrase: str, now: Callable[[], datetime]) -> list[Problem]:
    """Check a vault and change nothing; it may be open elsewhere meanwhile.

    Args:
        folder: the vault.
        passphrase: of any of its people.
        now: the clock.

    Returns:
        What is not sound; empty when all is.

    Raises:
        NotAVaultError: the folder holds no vault.
        WrongPassphraseError: nobody's passphrase.
        VaultTooNewError: made by a newer version.
        VaultReadOnlyError: made by an older version and not brought up to date yet.
        VaultDiskError: the files cannot be read.
    """
    try:
        key, slot = unlock_vault(folder, passphrase)
        with Vault.open_with_key(folder, key, slot.person_id, now, read_only=True) as vault:
            return vault.check()
    except VaultDamagedError as error:
        return [Problem(error.subject, error.state)]
