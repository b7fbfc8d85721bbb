"""The check of a vault that is not open."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from .checks import ALL, Problem, Scope
from .errors import VaultDamagedError
from .keys import KEYS_NAME
from .opening import DATABASE_NAME, unlock_vault
from .vault import Vault


def looks_like_vault(folder: Path) -> bool:
    """Tell whether a folder is, or once was, a vault: one of its two files is there."""
    return any((folder / name).is_file() for name in (KEYS_NAME, DATABASE_NAME))


def verify_vault(
    folder: Path,
    passphrase: str,
    now: Callable[[], datetime],
    *,
    key_file: Path | None = None,
    scope: Scope = ALL,
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
) -> list[Problem]:
    """Check a vault and change nothing; it may be open elsewhere meanwhile.

    Args:
        folder: the vault.
        passphrase: of any of its people.
        now: the clock.
        key_file: the person's key file, if there is one.
        scope: how much of it.
        progress: called with bytes read and in all.
        check: called often; raises CancelledError to stop.

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
        key, unlocked = unlock_vault(folder, passphrase, key_file=key_file)
        with Vault.open_with_key(folder, key, unlocked.slot.person_id, now, read_only=True) as vault:
            return vault.check(scope, progress, check)
    except VaultDamagedError as error:
        return [Problem(error.subject, error.state)]
