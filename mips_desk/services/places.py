"""Where a vault may lie, and moving it to a place where it is safe."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mips_desk.errors import BadInputError
from mips_desk.paths import data_folder
from mips_desk.store import moving
from mips_desk.store.errors import VaultPlaceError
from mips_desk.store.place import Place, place_of

from . import pending
from .session import now

__all__ = ["Moved", "Place", "VaultInBadPlaceError", "default_folder", "move_vault", "place_of"]

#: Raised when a practice is opened or made in a synced or network folder. Named here for the windows, which know
#: nothing of the store.
VaultInBadPlaceError = VaultPlaceError


@dataclass(frozen=True, slots=True)
class Moved:
    """A vault that was moved.

    Attributes:
        folder: the vault at its new place.
        sentence: where it is now, and what became of the old one.
    """

    folder: Path
    sentence: str


def default_folder() -> Path:
    """Return the folder for practices that is never synced: on this computer, in the person's own data folder."""
    return data_folder() / "Practices"


def move_vault(
    folder: Path,
    to_folder: Path,
    passphrase: str,
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
    *,
    key_file: Path | None = None,
) -> Moved:
    """Move a vault: a full copy that is read back and checked; then the old one is renamed, never deleted.

    Killed at any moment, the old vault or the new one is whole; doing it again finishes the work.

    Args:
        folder: the vault; nobody may have it open for writing.
        to_folder: where it is to lie; made when it does not exist.
        passphrase: of a manager.
        progress: called with bytes done and in all.
        check: called often; raises CancelledError to stop, which leaves all as it was.
        key_file: the person's key file, when the passphrase goes with one.

    Raises:
        VaultPlaceError: the new place is synced or on a network too.
        BadInputError: there is a vault of this name already, or too little room.
        NotAllowedError: the passphrase is not that of a manager.
        VaultError: it is no vault, the passphrase is wrong, it is damaged or in use.
    """
    try:
        to_folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(
            "The new folder could not be made. Nothing was moved; choose another one, or make it yourself."
        ) from error
    with pending.noting_failures(folder, now):
        new, old = moving.move(
            folder, to_folder, passphrase, now=now, key_file=key_file, progress=progress, check=check
        )
    if old == folder.absolute():
        kept = f"The old one could not be renamed: never open {old.name} in its old folder again."
    else:
        kept = f"The old one is kept as “{old.name}” in its old folder; do not open it."
    return Moved(new, f"The practice now lies in “{new.parent}”; every byte was read back. {kept}")
