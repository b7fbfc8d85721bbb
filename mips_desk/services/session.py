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
from mips_desk.store import Vault
from mips_desk.store.errors import VaultBusyError

from . import pending

#: Raised by `open_practice` while somebody else works in the practice; it can still be opened to read only. Named here
#: because windows know nothing of the store.
PracticeInUseError = VaultBusyError

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
        VaultError: it is no vault, the passphrase is wrong, or it is damaged.
    """
    with pending.noting_failures(folder, now):
        vault = Vault.open(folder, passphrase, now=now, read_only=read_only)
    pending.opened(vault, now)
    return Session(vault, load_catalog())


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
    vault = Vault.create(folder, passphrase, practice=practice, person_name=person_name.strip(), now=clock)
    return Session(vault, load_catalog(), clock)


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
