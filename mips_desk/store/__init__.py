"""The vault: encryption, migrations, the journal, checks. The only SQL of the app is in this package."""

from .checks import Problem
from .errors import (
    NotAllowedError,
    NotAVaultError,
    NotInVaultError,
    OriginalDestroyedError,
    VaultBusyError,
    VaultDamagedError,
    VaultDiskError,
    VaultError,
    VaultFullError,
    VaultGoneError,
    VaultReadOnlyError,
    VaultTooNewError,
    WrongPassphraseError,
    YearClosedError,
    YearUnderAuditError,
)
from .journal import Event, JournalEntry
from .keys import KeyCost
from .transaction import Tx
from .vault import Vault, inside_vault
from .verify import verify_vault

__all__ = [
    "Event",
    "JournalEntry",
    "KeyCost",
    "NotAVaultError",
    "NotAllowedError",
    "NotInVaultError",
    "OriginalDestroyedError",
    "Problem",
    "Tx",
    "Vault",
    "VaultBusyError",
    "VaultDamagedError",
    "VaultDiskError",
    "VaultError",
    "VaultFullError",
    "VaultGoneError",
    "VaultReadOnlyError",
    "VaultTooNewError",
    "WrongPassphraseError",
    "YearClosedError",
    "YearUnderAuditError",
    "inside_vault",
    "verify_vault",
]
