"""An open practice: the vault with the catalog and the clock, passed to every service."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from mips_desk.catalog.load import Catalog, load_catalog
from mips_desk.catalog.rules import load_rules
from mips_desk.domain.practice import Practice
from mips_desk.domain.rules import YearRules
from mips_desk.errors import BadInputError
from mips_desk.store import Vault, VaultError, keys
from mips_desk.store.errors import KeyFileNeededError as KeyFileNeededError
from mips_desk.store.errors import VaultBusyError, WrongPassphraseError

from . import pending

#: Raised by `open_practice` while somebody else works in the practice; it can still be opened to read only. Named here
#: because windows know nothing of the store.
PracticeInUseError = VaultBusyError
#: Raised when nothing of the vault opens with what a person gave; `KeyFileNeededError` is one of its kind.
NotOpenedError = WrongPassphraseError

#: What a guess at a passphrase costs at least; older ones are raised to it when they are typed.
KEY_COST = keys.KeyCost()

VAULT_SUFFIX = ".mipsvault"


def now() -> datetime:
    """Return the computer's clock with its UTC offset."""
    return datetime.now().astimezone()


#: Tells the time; aware of its UTC offset.
Clock = Callable[[], datetime]


def export_time(clock: Clock = now) -> datetime:
    """Return the time to stamp on an export: SOURCE_DATE_EPOCH when it is set, else the clock.

    Args:
        clock: tells the time.

    Raises:
        BadInputError: SOURCE_DATE_EPOCH is not a number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return clock().replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadInputError("SOURCE_DATE_EPOCH must be a whole number of seconds since 1970.") from error


@dataclass(frozen=True, slots=True)
class Session:
    """An open practice.

    Attributes:
        vault: the open vault; its `person` is who acts.
        catalog: the activities of all years.
        now: the clock; the computer's own outside of tests and the sample practice.
        rendered: hash (hex), width and height (pixels) of renditions made so far, by evidence id and state of
            its marks;
            a rendition never changes, so the binder's outline need not draw it again.
    """

    vault: Vault
    catalog: Catalog
    now: Clock = now
    rendered: dict[tuple[str, int], tuple[str, int, int]] = field(default_factory=dict, compare=False)

    @property
    def person(self) -> str:
        """Name of the person who opened the vault."""
        return self.vault.person.name

    def rules(self, year: int) -> YearRules:
        """Return the scoring rules of a year."""
        return load_rules(year)

    def close(self) -> None:
        """Close the vault."""
        self.vault.close()


def open_practice(
    folder: Path, passphrase: str, *, person_id: str = "", key_file: Path | None = None, read_only: bool = False
) -> Session:
    """Open the vault of a practice.

    Args:
        folder: the `.mipsvault` folder.
        passphrase: passphrase of one of its people.
        person_id: whose passphrase it is; empty: whoever it belongs to, which takes longer the more people there are.
        key_file: the person's key file, when the passphrase goes with one.
        read_only: never write to the vault; works while another program holds it. What the journal must know of it
            waits on this computer until the next opening for writing.

    Raises:
        PracticeInUseError: somebody else works in it; `read_only` still works.
        KeyFileNeededError: the person's passphrase goes with a key file, and none was given.
        BadInputError: the key file cannot be read.
        VaultError: it is no vault, the passphrase is wrong, or it is damaged.
    """
    with pending.noting_failures(folder, now, name_at_door(folder, person_id)):
        vault = Vault.open(
            folder,
            passphrase,
            now=now,
            person_id=person_id,
            key_file=key_file,
            read_only=read_only,
            raise_to=KEY_COST,
        )
    return opened(vault)


def opened(vault: Vault) -> Session:
    """Return the session of a vault that a person just opened."""
    pending.opened(vault, now)
    return Session(vault, load_catalog())


def name_at_door(folder: Path, person_id: str) -> str:
    """Return the name that a vault's key file gives a person; empty when there is none.

    Args:
        folder: the vault, or what was taken for one.
        person_id: identifier; may be empty.
    """
    try:
        slots = keys.read_keys(folder).slots
    except VaultError:
        return ""
    return next((slot.person_name for slot in slots if person_id and slot.person_id == person_id), "")


def create_practice(
    folder: Path, passphrase: str, practice: Practice, person_name: str, *, clock: Clock = now
) -> Session:
    """Make the vault of a new practice and open it.

    Args:
        folder: the vault's folder; must not exist yet.
        passphrase: the manager's passphrase.
        practice: the practice.
        person_name: the manager's name.
        clock: tells the time.

    Raises:
        BadInputError: a name is missing, or the folder exists.
        VaultError: it could not be written.
    """
    if not practice.name.strip():
        raise BadInputError("Enter the name of the practice.")
    if not person_name.strip():
        raise BadInputError("Enter your own name.")
    vault = Vault.create(
        folder, passphrase, practice=practice, person_name=person_name.strip(), now=clock, key_cost=KEY_COST
    )
    return opened(vault) if clock is now else Session(vault, load_catalog(), clock)


def vault_folder(parent: Path, practice_name: str) -> Path:
    """Return the folder for a new practice's vault, with a name that every file system takes.

    Args:
        parent: where to put it.
        practice_name: as typed.
    """
    kept = "".join(c if c.isalnum() or c in " -_&'." else " " for c in practice_name)
    return parent / (
        " ".join(kept.split()).strip(" .")[:80] + VAULT_SUFFIX if kept.strip() else "Practice" + VAULT_SUFFIX
    )
