"""From what a person knows to the vault key that fits the data file."""

from collections.abc import Mapping
from pathlib import Path

from . import keys
from .connection import PAGE_SIZE, connect
from .errors import NotAVaultError, VaultDamagedError, translated_files

DATABASE_NAME = "vault.db"
#: The data file under a new key while it is being made.
REKEY_NAME = "vault.db.rekey"


def typed_secrets(passphrase: str, key_file: Path | None = None) -> dict[keys.Kind, bytes]:
    """Return what `unlock_vault` may try with what a person typed and chose.

    Args:
        passphrase: as typed.
        key_file: the person's key file, if one was chosen; also a person without one gets in then.

    Raises:
        BadInputError: the key file cannot be read or is none.
    """
    found: dict[keys.Kind, bytes] = {"passphrase": keys.passphrase_secret(passphrase)}
    if key_file is not None:
        found["passphrase_and_file"] = keys.passphrase_secret(passphrase, keys.hash_key_file(key_file))
    return found


def unlock_vault(
    folder: Path, passphrase: str, *, person_id: str = "", key_file: Path | None = None
) -> tuple[bytes, keys.Unlocked]:
    """Return the key that fits the data file, and how it was found, with a passphrase.

    Args:
        folder: the vault.
        passphrase: as typed.
        person_id: try only what belongs to this person; empty: everybody's.
        key_file: the person's key file, if one was chosen.

    Raises:
        BadInputError: the key file cannot be read or is none.
        VaultError: see `unlock_with`.
    """
    return unlock_with(folder, typed_secrets(passphrase, key_file), person_id)


def unlock_with(folder: Path, secrets: Mapping[keys.Kind, bytes], person_id: str = "") -> tuple[bytes, keys.Unlocked]:
    """Return the key that fits the data file, and how it was found, with any kind of secret.

    Args:
        folder: the vault.
        secrets: from `typed_secrets`, or the secret of a recovery sheet or of a computer.
        person_id: try only what belongs to this person; empty: everything.

    Raises:
        NotAVaultError: the folder holds no vault.
        WrongPassphraseError: nothing opens with it.
        VaultTooNewError: made by a newer version.
        VaultDamagedError: the key file is damaged, or the data file is cut short or does not fit it.
    """
    path = folder / DATABASE_NAME
    file = keys.read_keys(folder)
    if not path.is_file():
        raise NotAVaultError("The data file vault.db of this vault is missing. Restore the newest backup.")
    if path.stat().st_size < PAGE_SIZE:
        raise VaultDamagedError("The data file vault.db", "is cut short")
    unlocked = keys.unlock(file, secrets, person_id)
    # While a vault is being re-encrypted the data file has either key.
    for key in unlocked.keys:
        try:
            connect(path, key, "read").close()
        except VaultDamagedError:
            continue
        return key, unlocked
    raise VaultDamagedError("The data file vault.db", "is damaged, or keys.json is from an earlier time")


def remove_leftovers(folder: Path) -> None:
    """Remove what is left of a re-encryption that was cut off.

    Args:
        folder: a vault that the caller has open for writing.
    """
    with translated_files():
        # SQLite has looked at this one and found nothing to roll back: a vault that is open has a log instead. It is a
        # spent journal from the moments in which the vault was kept from everybody else.
        (folder / f"{DATABASE_NAME}-journal").unlink(missing_ok=True)
        for ending in ("", "-wal", "-shm", "-journal"):
            (folder / (REKEY_NAME + ending)).unlink(missing_ok=True)


def remove_old_copies(folder: Path) -> None:
    """Remove the copies of earlier layouts, which have the former vault key and originals that were destroyed since.

    Args:
        folder: a vault that has a new key, or whose originals are destroyed.
    """
    with translated_files():
        for copy in folder.glob("before-update-*.db"):
            copy.unlink(missing_ok=True)
