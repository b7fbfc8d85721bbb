"""What was entered at the lock, and the way in that it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # brings the vault's libraries, which are loaded after the window is on the screen
    from mips_desk.services.session import Session


@dataclass(frozen=True, slots=True)
class Opening:
    """A wish to open a practice.

    Attributes:
        folder: the vault.
        passphrase: as typed; of the day after, when a recovery key is given.
        person_id: who; empty: whoever the passphrase belongs to.
        key_file: the person's key file; None where there is none.
        read_only: change nothing and let others write.
        this_computer: open with what this computer keeps for the person, without a passphrase.
        recovery_key: from the recovery sheet, as typed; the passphrase is then the person's new one.
    """

    folder: Path
    passphrase: str = field(default="", repr=False)
    person_id: str = ""
    key_file: Path | None = None
    read_only: bool = False
    this_computer: bool = False
    recovery_key: str = field(default="", repr=False)

    def open(self) -> Session:
        """Open the practice; belongs on another thread.

        Raises:
            MipsDeskError: it did not open; says why.
        """
        if self.recovery_key:
            from mips_desk.services.people import open_with_recovery

            return open_with_recovery(self.folder, self.recovery_key, self.person_id, self.passphrase)
        if self.this_computer:
            from mips_desk.services.key_store import open_from_key_store

            return open_from_key_store(self.folder, self.person_id, read_only=self.read_only)
        from mips_desk.services.session import open_practice

        return open_practice(
            self.folder,
            self.passphrase,
            person_id=self.person_id,
            key_file=self.key_file,
            read_only=self.read_only,
        )
